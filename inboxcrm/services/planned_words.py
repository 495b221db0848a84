"""The words of mails that a plan holds: each as it would go now, by the function that sends it.

A mail that is claimed already is told as it was frozen. A follow-up bears the subject of the thread it goes on, also
where the mail that opens the thread has not left yet. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inboxcrm.access.viewer import Viewer, may_send_from
from inboxcrm.cadence.freezing import FrozenMail
from inboxcrm.cadence.keys import message_id, outbox_key
from inboxcrm.cadence.lead_values import Sender
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.steps import StepKind, goes_on_thread
from inboxcrm.cadence.templates import Missing
from inboxcrm.services.cadence_preview import MailPreview, preview_of, preview_of_frozen
from inboxcrm.services.cadences import CadenceView, cadence_named
from inboxcrm.services.follow_ups import subject_behind
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.planning_ahead import MailAhead
from inboxcrm.services.rendering import Answered, freeze, sender_of, version_of
from inboxcrm.store import ahead, mailboxes, outbox
from inboxcrm.store.ahead import WaitingMail
from inboxcrm.store.cadences import StepRow, steps_of
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.parents import parents_of
from inboxcrm.store.templates import TemplateVersion, named_leads


def names_of(desk: Desk, viewer: Viewer, lead_ids: Sequence[str]) -> dict[str, str]:
    """Lead -> its name, in one statement: everybody of the house sees who is being written to."""
    del viewer
    numbers = {desk.ids.open("lead", one): one for one in dict.fromkeys(lead_ids)}
    wanted = [one for one in numbers if one is not None]
    if not wanted:
        return {}
    with desk.database.read() as tx:
        return {numbers[row.lead_id]: row.name for row in named_leads(tx, wanted)}


def words_of(
    desk: Desk, viewer: Viewer, name: str, mails: Sequence[MailAhead]
) -> list[MailPreview]:
    """Of each of these mails of the cadence, in their order; without words for whoever may not send from its mailbox.

    A few statements for each mail. Raises NotFoundError.
    """
    view, secret = cadence_named(desk, viewer, name), outbox_secret(desk)
    if not may_send_from(viewer, view.row.mailbox_id):
        hidden = "Its words are for those who may send from its mailbox."
        return [MailPreview(one.lead_id, one.to, problem=hidden) for one in mails]
    with desk.database.read() as tx:
        writer = _Writer(tx, desk, view, secret)
        return [writer.written(one) for one in mails]


@dataclass(slots=True)
class _Writer:
    """What mails of one cadence have in common is asked for once."""

    tx: Tx
    desk: Desk
    view: CadenceView
    secret: bytes
    box: MailboxRow = field(init=False)
    waiting: dict[int, list[WaitingMail]] = field(init=False, default_factory=dict)
    steps: dict[int, tuple[StepRow, ...]] = field(init=False)
    senders: dict[str, Sender] = field(init=False, default_factory=dict)
    texts: dict[int, TemplateVersion] = field(init=False, default_factory=dict)
    rows: dict[str, OutboxRow | None] = field(init=False, default_factory=dict)
    subjects: dict[tuple[int, str], str | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        row = self.view.row
        box = mailboxes.mailbox_by_id(self.tx, row.mailbox_id)
        assert box is not None, "a cadence's mailbox stays"
        self.box = box
        self.steps = {row.version: self.view.steps}
        if row.state != "draft":
            for one in ahead.waiting_mails(self.tx, row.id):
                self.waiting.setdefault(one.lead_id, []).append(one)

    def written(self, mail: MailAhead) -> MailPreview:
        lead_id = self.desk.ids.open("lead", mail.lead_id) or 0
        of_lead = self.waiting.get(lead_id, [])
        held = next((one for one in of_lead if one.step_key == mail.step), None)
        row = self._row(held.key) if held else None
        if row is not None and row.state != OutboxState.PLANNED.value:
            return preview_of_frozen(self.tx, row, mail.lead_id)
        step = next((one for one in self._steps_of(lead_id) if one.key == mail.step), None)
        version_id = row.template_version_id if row else step and step.template_version_id
        if version_id is None:
            return MailPreview(mail.lead_id, mail.to, problem="Its step was taken out meanwhile.")
        opener, problem = self._thread(lead_id, mail, held)
        if problem:
            return MailPreview(mail.lead_id, mail.to, problem=problem)
        made = self._made(version_id, lead_id, mail.to, mail.step, row, opener)
        return preview_of(made, mail.lead_id, mail.to)

    # --- the thread it goes on ----------------------------------------------------------

    def _thread(
        self, lead_id: int, mail: MailAhead, held: WaitingMail | None
    ) -> tuple[str | None, str]:
        """The subject of the mail that opens its thread, None where it opens one; and why that cannot be written."""
        if held is not None and held.resend:
            return self._subject_sent(held, mail.step), ""
        steps = self._steps_of(lead_id)
        mails = [one for one in steps if one.kind == StepKind.MAIL.value]
        place = next((at for at, one in enumerate(mails) if one.key == mail.step), 0)
        first = place
        while first and goes_on_thread(mails[first].number, mails[first].data):
            first -= 1
        if first == place:
            return None, ""
        next_one = self._next_of(lead_id)
        at = {one.key: number for number, one in enumerate(mails)}
        if next_one is not None and first < at.get(next_one.step_key, 0):
            return self._subject_sent(next_one, mails[place].key), ""
        opener = mails[first]
        subject = self._subject_to_come(lead_id, mail.to, opener)
        if subject is None:
            return None, f"The mail that it follows, of step {opener.number}, cannot be written."
        return subject, ""

    def _subject_sent(self, held: WaitingMail, step_key: str) -> str | None:
        """Of the first mail of the thread as it left; None where none did."""
        row = self._row(held.key)
        if row is None:
            return None
        parents = parents_of(self.tx, row.enrollment_id, step_key)
        return parents[0].subject if parents else None

    def _subject_to_come(self, lead_id: int, address: str, opener: StepRow) -> str | None:
        """Of a mail that has not left; None where it cannot be written."""
        wanted = (lead_id, opener.key)
        if wanted not in self.subjects:
            next_one = self._next_of(lead_id)
            is_next = next_one is not None and next_one.step_key == opener.key
            row = self._row(next_one.key) if next_one and is_next else None
            if row is not None and row.state != OutboxState.PLANNED.value:
                return row.subject
            version_id = row.template_version_id if row else opener.template_version_id
            assert version_id is not None, "a mail step has a template"
            made = self._made(version_id, lead_id, address, opener.key, row, None)
            self.subjects[wanted] = None if isinstance(made, Missing) else made.subject
        return self.subjects[wanted]

    # --- what is asked for once -----------------------------------------------------------

    def _made(
        self,
        version_id: int,
        lead_id: int,
        address: str,
        step_key: str,
        row: OutboxRow | None,
        opener: str | None,
    ) -> FrozenMail | Missing:
        key = (
            row.key
            if row
            else outbox_key(
                self.secret, cadence_id=self.view.row.id, lead_id=lead_id, step_key=step_key
            )
        )
        sender = self._sender(row.from_address if row else self.view.row.from_address)
        called = message_id(key, sender.address)
        answers = None
        if opener is not None:
            # Only its subject is shown; the real ids of the thread are asked for when it goes.
            answers = Answered(subject_behind(opener), (called,), "")
        return freeze(
            self.tx,
            self.desk,
            version=self._text(version_id),
            lead_id=lead_id,
            address=address,
            sender=sender,
            key=key,
            date=self.desk.clock.now(),
            message_id=called,
            answers=answers,
            is_shown=True,
        )

    def _next_of(self, lead_id: int) -> WaitingMail | None:
        """What they get next in their turn, not by somebody's will once more."""
        return next((one for one in self.waiting.get(lead_id, ()) if not one.resend), None)

    def _steps_of(self, lead_id: int) -> tuple[StepRow, ...]:
        of_lead = self.waiting.get(lead_id)
        version = of_lead[0].version if of_lead else self.view.row.version
        if version not in self.steps:
            self.steps[version] = tuple(steps_of(self.tx, self.view.row.id, version))
        return self.steps[version]

    def _row(self, key: str) -> OutboxRow | None:
        if key not in self.rows:
            self.rows[key] = outbox.mail_by_key(self.tx, key)
        return self.rows[key]

    def _text(self, version_id: int) -> TemplateVersion:
        if version_id not in self.texts:
            self.texts[version_id] = version_of(self.tx, version_id)
        return self.texts[version_id]

    def _sender(self, from_address: str) -> Sender:
        if from_address not in self.senders:
            self.senders[from_address] = sender_of(self.tx, self.box, from_address=from_address)
        return self.senders[from_address]
