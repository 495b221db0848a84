"""Why a mail has gone, or has not: its life in lines, and what the gate says against it now.

What rests on a mail of theirs leads to that mail, for whoever may read it; others are told its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer, may_read_mailbox, may_send_from
from inboxcrm.cadence.gate import Reason
from inboxcrm.cadence.outbox import OutboxState, may_move
from inboxcrm.cadence.rests import has_end, rest_in_words
from inboxcrm.errors import ForbiddenError, NotFoundError, RefusedError
from inboxcrm.services.advancing import plan_next
from inboxcrm.services.gating import verdict_on
from inboxcrm.services.lead_changes import no_such_lead, now_ms
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.stopping import finish_enrollment
from inboxcrm.store import departures, enrollments, outbox, outbox_lines
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.enrollments import EnrollmentRow
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.outbox_lines import LineRow
from inboxcrm.store.stop_causes import Causes
from inboxcrm.store.upserts import one_at_a_time

NEEDS_SOMEBODY = (
    OutboxState.UNCONFIRMED,
    OutboxState.UNKNOWN,
    OutboxState.FAILED,
    OutboxState.SKIPPED,
)
_ASKS_THE_GATE = frozenset({OutboxState.PLANNED, OutboxState.DRAFTED})


@dataclass(frozen=True, slots=True)
class Line:
    """`message_id` and `thread_id` lead to the mail it rests on."""

    at: datetime
    state: str
    text: str
    message_id: str | None = None
    thread_id: str | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """A reason of the gate, as this viewer may be told it; the ids as in `Line`."""

    key: str
    effect: str
    text: str
    until: datetime | None = None
    is_of_mailbox: bool = False
    message_id: str | None = None
    thread_id: str | None = None


@dataclass(frozen=True, slots=True)
class MailStory:
    """One mail of a cadence. `against`: what the gate says against it now; only of mails that wait."""

    key: str
    cadence: str
    lead_id: str
    step: str
    to: str
    subject: str
    state: str
    due_at: datetime
    lines: tuple[Line, ...]
    against: tuple[Against, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadStory:
    """A lead in one cadence: how it stands there, and its mails. `reason`: why it was stopped, or rests until
    `rests_until`; the ids as in `Line`.
    """

    cadence: str
    state: str
    reason: str
    since: datetime
    mails: tuple[MailStory, ...]
    rests_until: datetime | None = None
    message_id: str | None = None
    thread_id: str | None = None


def why_lead(desk: Desk, viewer: Viewer, lead_id: str) -> list[LeadStory]:
    """Every cadence the lead is or was in, newest first. Raises NotFoundError."""
    number = desk.ids.open("lead", lead_id)
    if number is None:
        raise no_such_lead()
    with desk.database.read() as tx:
        return [
            _lead_story(tx, desk, viewer, one)
            for one in enrollments.enrollments_of_lead(tx, number)
        ]


def outbox_list(
    desk: Desk, viewer: Viewer, *, states: tuple[OutboxState, ...] = (), most: int = 200
) -> list[MailStory]:
    """Mails in these states, oldest first; without any: those a person has to look at."""
    with desk.database.read() as tx:
        names = enrollments.cadence_names(tx)
        return [
            _story(tx, desk, viewer, one, names.get(one.cadence_id, ""))
            for one in outbox.in_states(tx, states or NEEDS_SOMEBODY, most=most)
        ]


def mail_story(desk: Desk, viewer: Viewer, key: str) -> MailStory:
    """Raises NotFoundError."""
    with desk.database.read() as tx:
        mail = _mail(tx, key)
        return _story(
            tx, desk, viewer, mail, enrollments.cadence_names(tx).get(mail.cadence_id, "")
        )


def resolve(desk: Desk, viewer: Viewer, key: str, *, went: bool) -> None:
    """A person's word on a mail whose fate nobody could tell. It is never sent again on this ground.

    Raises RefusedError where its fate is known.
    """
    secret = outbox_secret(desk)
    with desk.database.write() as tx:
        one_at_a_time(tx)
        mail = _mail(tx, key)
        if not may_send_from(viewer, mail.mailbox_id):
            raise ForbiddenError("You may not speak for this mailbox.", remedy="Ask its owner.")
        state, after = OutboxState(mail.state), OutboxState.SENT if went else OutboxState.CANCELLED
        if state is not OutboxState.UNCONFIRMED or not may_move(state, after):
            raise RefusedError(
                f"This mail is {mail.state}: there is nothing to resolve.",
                remedy="`inboxcrm outbox list` names those that wait for a person.",
            )
        at = now_ms(desk)
        outbox.move_mail(tx, mail.id, after, come_from=(state,), ended_at=at)
        if went:
            now = desk.clock.now()
            left = from_ms(mail.handed_over_at) if mail.handed_over_at else now
            plan_next(tx, desk, mail, secret=secret, base=left, now=now)
        else:
            departures.note_stayed(tx, mail.id)
            finish_enrollment(tx, mail.enrollment_id, at=at)
        said = "It went" if went else "It did not go"
        outbox_lines.add_lines(
            tx,
            [mail.id],
            at=at,
            state=after,
            text=f"{said}, a person says.",
            account_id=viewer.account_id,
        )


def _mail(tx: Tx, key: str) -> OutboxRow:
    mail = outbox.mail_by_key(tx, key)
    if mail is None:
        raise NotFoundError(
            f'No mail of a cadence has the key "{key[:60]}".',
            remedy="`inboxcrm outbox list` shows them.",
        )
    return mail


def _lead_story(tx: Tx, desk: Desk, viewer: Viewer, one: EnrollmentRow) -> LeadStory:
    until = from_ms(one.parked_until_at)
    rests = one.state == "active" and until is not None and until > desk.clock.now()
    words, message_id = one.stop_words, one.stop_message_id
    if rests:
        message_id = one.parked_message_id
        words = rest_in_words(rests_on_mail=message_id is not None)
    told = Causes.read(tx, desk, viewer, [message_id]).told(words, message_id)
    return LeadStory(
        one.cadence_name,
        one.state,
        told.text,
        from_ms(one.enrolled_at),
        tuple(
            _story(tx, desk, viewer, mail, one.cadence_name)
            for mail in outbox.mails_of_enrollment(tx, one.id)
        ),
        until if rests and until is not None and has_end(until) else None,
        told.message_id,
        told.thread_id,
    )


def _story(tx: Tx, desk: Desk, viewer: Viewer, mail: OutboxRow, cadence: str) -> MailStory:
    state = OutboxState(mail.state)
    against: tuple[Reason, ...] = ()
    if state in _ASKS_THE_GATE:
        against = verdict_on(tx, desk, mail, desk.clock.now()).reasons
    lines = outbox_lines.lines_of(tx, mail.id)
    resting = [*(one.message_id for one in lines), *(one.message_id for one in against)]
    causes = Causes.read(tx, desk, viewer, resting)
    reads = may_read_mailbox(viewer, mail.mailbox_id)
    return MailStory(
        mail.key,
        cadence,
        desk.ids.seal("lead", mail.lead_id),
        mail.step_key,
        mail.to_address,
        mail.subject if reads else "",
        mail.state,
        from_ms(mail.due_at),
        tuple(_line(causes, one) for one in lines),
        tuple(_against(causes, one) for one in against),
    )


def _line(causes: Causes, one: LineRow) -> Line:
    told = causes.told(one.text, one.message_id)
    return Line(from_ms(one.at), one.state, told.text, told.message_id, told.thread_id)


def _against(causes: Causes, one: Reason) -> Against:
    told = causes.told(one.text, one.message_id)
    return Against(
        one.key,
        one.effect.value,
        told.text,
        one.until,
        one.is_of_mailbox,
        told.message_id,
        told.thread_id,
    )
