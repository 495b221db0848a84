"""Resend: a person has one step sent once more to somebody who had it, or whose mail was lost, refused or taken back.

It is the one exception to "nobody gets a step twice", and nothing but a person's press makes it: no plan, no edit, no
replay of a verdict. What is made is a mail of its own, with its own key, number and life, that says who wanted it and
which mail it repeats. Everything that keeps a mail from going keeps it too: it waits its turn behind all others.

In one transaction that runs alone with senders:

1. no other mail of that step to that person is on its way, or is being looked into;
2. whoever had come to the cadence's end is in it again. All mail of theirs is heeded anew: who answered, by whatever
   way, stays stopped. Only the refusal of the very mail that is repeated stops nobody from having it again;
3. the mail is planned, rendered to see that it can be, and asked through the gate: what stops it refuses the whole,
   what makes it wait is told.

A crash leaves all of it undone. A look is the same deed, taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from inboxcrm.access.viewer import Viewer, may_send_from
from inboxcrm.cadence.freezing import FrozenMail
from inboxcrm.cadence.gate import stops_among
from inboxcrm.cadence.keys import message_id, outbox_key
from inboxcrm.cadence.outbox import MAY_REPEAT, OVER, OutboxState
from inboxcrm.cadence.steps import StepKind, steps_after
from inboxcrm.cadence.templates import Missing
from inboxcrm.errors import ForbiddenError, NotFoundError, RefusedError
from inboxcrm.services.cadences import STATE_REMEDIES, find_cadence
from inboxcrm.services.dry_runs import resend_due
from inboxcrm.services.follow_ups import thread_of
from inboxcrm.services.gating import verdict_on
from inboxcrm.services.heeding import heed_again
from inboxcrm.services.lead_changes import no_such_lead
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.rendering import freeze, sender_of, version_of
from inboxcrm.services.resend_telling import Resend, note_called_off, note_resent, warnings_of
from inboxcrm.services.stopping import finish_enrollment
from inboxcrm.store import cadence_lists, cadences, editing, mailboxes, outbox, reopening
from inboxcrm.store import resending as rows
from inboxcrm.store.cadences import CadenceRow, StepRow
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.resending import StepLine
from inboxcrm.store.stop_causes import Causes
from inboxcrm.store.upserts import one_at_a_time

__all__ = ["Resend", "call_off", "look_at_resend", "mail_to_repeat", "resend"]

_REFUSED = "refused"
"""Why an enrollment was stopped whose mail the provider would not take (services/outcomes.py)."""


def look_at_resend(desk: Desk, viewer: Viewer, key: str) -> Resend:
    """What resending the mail with that key would do; nothing is changed. Raises what `resend` raises."""
    secret = outbox_secret(desk)
    due = _due(desk, viewer, key, secret=secret)
    with desk.database.write() as tx:
        taken_back = tx.begin_nested()
        found = _resent(tx, desk, viewer, key, due=due, secret=secret)
        taken_back.rollback()
        return found


def resend(desk: Desk, viewer: Viewer, key: str) -> Resend:
    """Plans the step of the mail with that key once more. Raises NotFoundError, ForbiddenError for whoever may not send
    from its mailbox, and RefusedError with all that stands against it.
    """
    secret = outbox_secret(desk)
    due = _due(desk, viewer, key, secret=secret)
    with desk.database.write() as tx:
        return _resent(tx, desk, viewer, key, due=due, secret=secret)


def call_off(desk: Desk, viewer: Viewer, key: str) -> None:
    """Takes a press back: the mail it planned does not go. Raises NotFoundError, ForbiddenError, and RefusedError for a
    mail that was not resent, or is in hand already.
    """
    with desk.database.write() as tx:
        one_at_a_time(tx)
        mail, _ = _asked(tx, viewer, key)
        lines = rows.lines_of_step(tx, mail.cadence_id, mail.lead_id, mail.step_key)
        at = to_ms(desk.clock.now())
        is_resent = any(one.resend for one in lines if one.id == mail.id)
        if not is_resent or not outbox.move_mail(
            tx, mail.id, OutboxState.CANCELLED, come_from=(OutboxState.PLANNED,), ended_at=at
        ):
            raise RefusedError(
                "It cannot be taken back: only what was resent and still waits can.",
                remedy="Stop the cadence for them, if nothing more is to go.",
            )
        note_called_off(tx, viewer, mail, at=at)
        finish_enrollment(tx, mail.enrollment_id, at=at)


def mail_to_repeat(desk: Desk, viewer: Viewer, name: str, lead_id: str, step: str) -> str:
    """The key of the last mail of that step of the cadence to that lead. An empty `step` means the only one they had.

    Raises NotFoundError that names the steps they had.
    """
    del viewer  # everybody of the house sees who is being written to
    number = desk.ids.open("lead", lead_id)
    if number is None:
        raise no_such_lead()
    with desk.database.read() as tx:
        found = find_cadence(tx, name)
        had = rows.steps_had(tx, found.id, number)
        wanted = had[0] if not step and len(had) == 1 else step
        lines = rows.lines_of_step(tx, found.id, number, wanted)
    if not lines:
        known = f"Those they had: {', '.join(had)}." if had else "They are not in it."
        asked = f'There is no mail of step "{step[:40]}" to them.' if step else "Say which step."
        raise NotFoundError(asked, remedy=known)
    return lines[-1].key


# --- the deed ----------------------------------------------------------------------------


def _asked(tx: Tx, viewer: Viewer, key: str) -> tuple[OutboxRow, CadenceRow]:
    mail = outbox.mail_by_key(tx, key)
    if mail is None:
        raise NotFoundError(
            f'No mail of a cadence has the key "{key[:60]}".',
            remedy="`inboxcrm cadence why` shows those of a lead.",
        )
    if not may_send_from(viewer, mail.mailbox_id):
        raise ForbiddenError("You may not send from its mailbox.", remedy="Ask its owner.")
    found = cadence_lists.cadence_by_id(tx, mail.cadence_id)
    assert found is not None, "a mail's cadence stays"
    if found.state in {"finished", "cancelled"}:
        raise RefusedError(f"The cadence is {found.state}.", remedy=STATE_REMEDIES[found.state])
    return mail, found


def _due(desk: Desk, viewer: Viewer, key: str, *, secret: bytes) -> datetime:
    """Its turn behind all that waits. Worked out before the transaction that holds up everybody else."""
    with desk.database.read() as tx:
        mail, found = _asked(tx, viewer, key)
        steps = cadences.steps_of(tx, found.id, found.version)
        return resend_due(
            tx,
            desk,
            found,
            steps,
            mail.lead_id,
            mail.to_address,
            mail.step_key,
            now=desk.clock.now(),
            secret=secret,
        )


def _resent(
    tx: Tx, desk: Desk, viewer: Viewer, key: str, *, due: datetime, secret: bytes
) -> Resend:
    one_at_a_time(tx)
    mail, found = _asked(tx, viewer, key)
    lines = rows.lines_of_step(tx, mail.cadence_id, mail.lead_id, mail.step_key)
    _refuse_unfit(mail, lines)
    is_reopened = _come_back(tx, desk, viewer, mail)
    now = desk.clock.now()
    newest = cadences.steps_of(tx, found.id, found.version)
    step = next((one for one in newest if one.key == mail.step_key), None)
    number = lines[-1].resend + 1
    made = _planned(tx, viewer, mail, step, number, due=due, secret=secret)
    frozen = _rendered(tx, desk, made, now)
    reasons = verdict_on(tx, desk, made, now).reasons
    stops = stops_among(reasons)
    if stops:
        causes = Causes.read(tx, desk, viewer, (one.message_id for one in stops))
        said = " ".join(causes.told(one.text, one.message_id).text for one in stops)
        raise RefusedError(f"It may not go to them: {said}", remedy="Write to them by hand.")
    note_resent(tx, desk, viewer, found, mail, made, now=now)
    member = rows.member_of(tx, mail.enrollment_id)
    had = rows.steps_had(tx, mail.cadence_id, mail.lead_id)
    own = cadences.steps_of(tx, found.id, member.version)
    before = editing.keys_of_newest_with(tx, found.id, mail.step_key)
    rest = steps_after(own, mail.step_key, before=before, had=had)
    return Resend(
        cadence=found.name,
        lead=desk.ids.seal("lead", mail.lead_id),
        to=mail.to_address,
        step=mail.step_key,
        template=(step.template if step else "") or "",
        version=(step.template_number if step else 0) or 0,
        key=made.key,
        mail_id=desk.ids.seal("outbox", made.id),
        repeats=mail.key,
        due_at=from_ms(made.due_at),
        may_double=any(one.state == OutboxState.UNCONFIRMED for one in lines),
        goes_on=(is_reopened or mail.state == OutboxState.UNCONFIRMED)
        and any(one.kind == StepKind.MAIL.value for one in rest),
        warnings=tuple(warnings_of(tx, desk, mail, lines)),
        waits=tuple(one.text for one in reasons),
        subject=frozen.subject,
        text=frozen.text,
        html=frozen.html,
    )


def _refuse_unfit(mail: OutboxRow, lines: Sequence[StepLine]) -> None:
    if any(one.state == OutboxState.SKIPPED for one in lines):
        raise RefusedError(
            "It could not be written for them, and is tried anew by itself.",
            remedy="Fill in what was missing, then start the cadence again.",
        )
    open_one = next((one for one in lines if OutboxState(one.state) not in OVER), None)
    if open_one is not None:
        asks = open_one.state in {OutboxState.SENDING, OutboxState.UNKNOWN}
        raise RefusedError(
            "It is not known yet whether this step went to them; it is being looked into."
            if asks
            else "This step is on its way to them already.",
            remedy="Wait until that is settled." if asks else "See what it waits for.",
        )
    assert OutboxState(mail.state) in MAY_REPEAT, "what is over and was not skipped may be repeated"


def _come_back(tx: Tx, desk: Desk, viewer: Viewer, mail: OutboxRow) -> bool:
    """Whether the enrollment had ended and goes on. Raises RefusedError where it was stopped."""
    member = rows.member_of(tx, mail.enrollment_id)
    if member.state == "active":
        return False
    failed = mail.state == OutboxState.FAILED and member.stop_reason == _REFUSED
    if member.state == "finished" or failed:
        reopening.make_active(tx, [mail.enrollment_id])
        heed_again(tx, desk, [mail.enrollment_id])
        member = rows.member_of(tx, mail.enrollment_id)
        if member.state == "active":
            return True
    causes = Causes.read(tx, desk, viewer, [member.stop_message_id])
    said = causes.told(member.stop_words or "Nobody knows why.", member.stop_message_id).text
    raise RefusedError(
        f"The cadence was stopped for them, and stays so: {said}",
        remedy="Where a mail was misread, correct it there; else write to them by hand.",
    )


def _planned(
    tx: Tx,
    viewer: Viewer,
    mail: OutboxRow,
    step: StepRow | None,
    number: int,
    *,
    due: datetime,
    secret: bytes,
) -> OutboxRow:
    """With the text the step has now; that of the old mail, where the step was taken out meanwhile."""
    key = outbox_key(
        secret,
        cadence_id=mail.cadence_id,
        lead_id=mail.lead_id,
        step_key=mail.step_key,
        resend=number,
    )
    rows.insert_resend(
        tx,
        mail,
        key=key,
        resend=number,
        account_id=viewer.account_id,
        due_at=to_ms(due),
        template_version_id=step.template_version_id if step else mail.template_version_id,
    )
    made = outbox.mail_by_key(tx, key)
    assert made is not None, "it was made on the line above"
    return made


def _rendered(tx: Tx, desk: Desk, made: OutboxRow, now: datetime) -> FrozenMail:
    """As it would go now, and to nobody. Raises RefusedError where it cannot be written."""
    box = mailboxes.mailbox_by_id(tx, made.mailbox_id)
    assert box is not None, "a cadence's mailbox stays"
    assert made.template_version_id is not None, "a mail step has a template"
    sender = sender_of(tx, box, from_address=made.from_address)
    frozen = freeze(
        tx,
        desk,
        version=version_of(tx, made.template_version_id),
        lead_id=made.lead_id,
        address=made.to_address,
        sender=sender,
        key=made.key,
        date=now,
        message_id=message_id(made.key, sender.address),
        answers=thread_of(tx, made.enrollment_id, made.step_key),
        is_shown=True,
    )
    if isinstance(frozen, Missing):
        raise RefusedError(
            f"It cannot be written: {frozen.text}", remedy="Fill in what is missing."
        )
    return frozen
