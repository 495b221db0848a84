"""A mail sent to oneself to see it arrive: made by the code that sends, by the same road, to the mailbox's own address.

It is no touch and stands in no report: it has a table of its own, and its ways to say "no more" do nothing.

1. T1: the request is written down with the hash of its frozen mail. Asked again, by an impatient browser, it is found.
2. The draft is made.
3. T2: it is about to be handed over. From here on it may have gone.
4. It is handed over once.
5. T3: what came of it.

A crash after 1 or 2 loses it. After 3 it may have gone, and is never sent again: nobody is harmed by a test that does
not come. A draft that was left, which nobody but its owner sees, is swept before the next test.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer, may_read_mailbox, may_send_from
from inboxcrm.cadence.freezing import FrozenMail
from inboxcrm.cadence.keys import key_of_test, message_id
from inboxcrm.errors import ForbiddenError, ProviderError, RefusedError, UsageError
from inboxcrm.ports import Accepted, Ambiguous, Handed, MailSender, Prepared, Refused
from inboxcrm.services.lead_changes import no_such_lead, now_ms
from inboxcrm.services.leaving import SenderClaim
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.rendering import freeze, sender_of
from inboxcrm.services.sending import HAND_OVER_WITHIN_SECONDS
from inboxcrm.services.sync_run import Runner
from inboxcrm.services.templates import template_named
from inboxcrm.store import mailboxes
from inboxcrm.store import own_tests as rows
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.own_tests import OwnTestRow
from inboxcrm.store.templates import first_address
from inboxcrm.store.upserts import one_at_a_time

_LONGEST_REQUEST = 200
_WORDS = {
    "claimed": "It is on its way.",
    "sending": "It was handed over, and what came of it is not known; look into the mailbox.",
    "sent": "It was sent.",
    "unknown": "The answer was lost: it may have gone; look into the mailbox.",
    "failed": "It was not sent.",
    "lost": "Its sender ended before it was handed over; it was not sent.",
}


@dataclass(frozen=True, slots=True)
class Post:
    """How a mail leaves this process: `open` a mailbox to send from by its name, and who sends."""

    open: Callable[[str], MailSender]
    runner: Callable[[], Runner]


@dataclass(frozen=True, slots=True)
class OwnTest:
    """`said` tells what came of it; `version` is of the template, `lead` whose words it has. `went` is None where
    nobody knows.
    """

    mailbox: str
    to: str
    subject: str
    version: int
    lead: str
    state: str
    said: str
    went: bool | None
    at: datetime


def send_test(
    desk: Desk,
    viewer: Viewer,
    post: Post,
    *,
    template: str,
    lead_id: str,
    mailbox: str,
    request: str,
) -> OwnTest:
    """What a lead of that opaque id would get now, to the mailbox itself. The same `request` is carried out once.

    Raises NotFoundError, ForbiddenError, UsageError, RefusedError where the lead would get no mail or the mailbox may
    not send, BusyMailboxError, and the provider's faults.
    """
    if not request or len(request) > _LONGEST_REQUEST:
        raise UsageError("The request has no key.", remedy="Reload the page, then send it again.")
    asked = f"{viewer.account_id}:{request}"
    secret = outbox_secret(desk)
    with desk.database.read() as tx:
        before = rows.by_request(tx, asked)
        box = mailboxes.mailbox_named(tx, mailbox)
    if before is not None:
        return _told(before)
    if box is None or not may_send_from(viewer, box.id):
        raise ForbiddenError(
            f'There is no mailbox "{mailbox[:100]}" you may send from.', remedy="Choose another."
        )
    refuse_unsending(box)
    with closing(post.open(box.name)) as sender:
        own = next(iter(sender.addresses()), "")
        if not own:
            raise RefusedError(
                "The provider does not say whose mailbox this is.", remedy="Try again later."
            )
        runner = post.runner()
        with desk.database.write() as tx:
            claim = SenderClaim.take(tx, desk, runner, box.id)
        trial = _Trial(desk, sender, box, runner, claim, key_of_test(secret, asked), own)
        try:
            trial.sweep()
            held = trial.claim_it(viewer, asked, template, lead_id)
            if held is None:
                trial.leave()
        finally:
            claim.drop()
    with desk.database.read() as tx:
        found = rows.by_request(tx, asked)
    assert found is not None, "it was claimed above"
    return _told(found)


def refuse_unsending(box: MailboxRow) -> None:
    """Raises RefusedError that says how the right to send is granted."""
    if box.may_send and box.auth == "ok":
        return
    if box.auth != "ok":
        raise RefusedError(
            f"{box.name} has to be connected again before anything is sent from it.",
            remedy="The Mailboxes page does that.",
        )
    command = f"`inboxcrm connect gmail --mailbox {box.name} --sending`"
    raise RefusedError(
        f"inboxcrm may read {box.name} and send nothing from it.",
        remedy=f"Allow it with {command}."
        if box.made_in != "browser"
        else "Press Allow sending on the Mailboxes page.",
    )


def own_tests(desk: Desk, viewer: Viewer, template_id: str) -> tuple[OwnTest, ...]:
    """The last ones of this template that went, or were to go, to mailboxes this viewer reads; the newest first."""
    number = desk.ids.open("template", template_id)
    with desk.database.read() as tx:
        found = rows.of_template(tx, number) if number is not None else []
    return tuple(_told(one) for one in found if may_read_mailbox(viewer, one.mailbox_id))


@dataclass(slots=True)
class _Trial:
    """One test in hand. `own` is the mailbox's address in its provider's words."""

    desk: Desk
    sender: MailSender
    box: MailboxRow
    runner: Runner
    claim: SenderClaim
    key: str
    own: str
    mime: bytes = b""

    def sweep(self) -> None:
        """Drafts of tests whose senders ended: not handed over, or maybe; they are not sent again either way."""
        with self.desk.database.read() as tx:
            left = rows.left_behind(tx, self.box.id)
        if not left:
            return
        self.sender.sweep([key for key, _ in left])
        with self.desk.database.write() as tx:
            self.claim.keep(tx)
            for key, state in left:
                after = "lost" if state == "claimed" else "unknown"
                rows.move_test(tx, key, after, come_from=(state,), ended_at=now_ms(self.desk))

    def claim_it(
        self, viewer: Viewer, asked: str, template: str, lead_id: str
    ) -> OwnTestRow | None:
        """T1. What is there already, where somebody asked the same meanwhile; else None."""
        desk, number = self.desk, self.desk.ids.open("lead", lead_id)
        if number is None:
            raise no_such_lead()
        with desk.database.write(durable=True) as tx:
            one_at_a_time(tx)
            self.claim.keep(tx)
            before = rows.by_request(tx, asked)
            if before is not None:
                return before
            version = template_named(tx, template)
            address = first_address(tx, number)
            if not address:
                raise RefusedError("The lead has no mail address.", remedy="Choose another lead.")
            made = freeze(
                tx,
                desk,
                version=version,
                lead_id=number,
                address=address,
                sender=sender_of(tx, self.box, from_address=self.own),
                key=self.key,
                date=desk.clock.now(),
                message_id=message_id(self.key, self.own),
                is_shown=True,
                goes_to=self.own,
            )
            if not isinstance(made, FrozenMail):
                raise RefusedError(
                    f"There is no mail to send: {made.text}",
                    remedy="Choose another lead, or give the template words for it.",
                )
            self.mime = made.mime
            rows.insert_test(
                tx,
                {
                    "mailbox_id": self.box.id,
                    "template_version_id": version.version_id,
                    "lead_id": number,
                    "account_id": viewer.account_id,
                    "request": asked,
                    "key": self.key,
                    "to_address": self.own,
                    "subject": made.subject,
                    "mime_sha256": made.sha256,
                    "made_at": now_ms(desk),
                },
            )
        return None

    def leave(self) -> None:
        """Steps 2 to 5."""
        try:
            prepared = self.sender.prepare(self.mime)
        except ProviderError as fault:
            self._end("failed", f"No draft could be made: {fault.message}", come_from="claimed")
            raise
        with self.desk.database.write(durable=True) as tx:
            self.claim.keep(tx)
            crossed_at = self.runner.machine_now()
            if not rows.move_test(
                tx, self.key, "sending", come_from=("claimed",), handed_over_at=now_ms(self.desk)
            ):
                return
        handed: Handed | None = None
        if self.runner.machine_now() - crossed_at <= HAND_OVER_WITHIN_SECONDS:
            handed = self.sender.hand_over(prepared)
        self._keep(prepared, handed)

    def _keep(self, prepared: Prepared, handed: Handed | None) -> None:
        match handed:
            case Accepted():
                self._end("sent", "", ref=handed.ref)
            case Ambiguous():
                self._end("unknown", handed.text)
            case Refused():
                self._end("failed", handed.text)
                self.sender.discard(prepared)
            case None:
                self._end("failed", "The machine was held up.")
                self.sender.discard(prepared)

    def _end(self, state: str, fault: str, *, come_from: str = "sending", ref: str = "") -> None:
        with self.desk.database.write(durable=True) as tx:
            rows.move_test(
                tx,
                self.key,
                state,
                come_from=(come_from,),
                fault=fault,
                ref=ref,
                ended_at=now_ms(self.desk),
            )


def _told(row: OwnTestRow) -> OwnTest:
    went = {"sent": True, "failed": False, "lost": False}.get(row.state)
    said = _WORDS[row.state]
    if row.fault:
        said = f"{said} {row.fault}"
    return OwnTest(
        row.mailbox,
        row.to_address,
        row.subject,
        row.version,
        row.lead,
        row.state,
        said,
        went,
        from_ms(row.made_at),
    )
