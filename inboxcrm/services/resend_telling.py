"""What is told of a mail that is sent once more: to whoever is about to press, and afterwards to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.leads.wording import day_in_words
from inboxcrm.services.cadence_events import note_for_all
from inboxcrm.store import enrollments, outbox_lines
from inboxcrm.store.accounts import account_by_id
from inboxcrm.store.cadences import CadenceRow
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.resending import StepLine


@dataclass(frozen=True, slots=True)
class Resend:
    """What a press would do, or did. `key` is the new mail's, `mail_id` its opaque id, `repeats` the old one's key.

    `may_double`: nobody knows whether the old one went; `warnings` say so, and what else speaks against it. `waits` is
    why it does not go at once; `goes_on`: what follows it in the cadence follows after it.
    """

    cadence: str
    lead: str
    to: str
    step: str
    template: str
    version: int
    key: str
    mail_id: str
    repeats: str
    due_at: datetime
    may_double: bool
    goes_on: bool
    warnings: tuple[str, ...]
    waits: tuple[str, ...]
    subject: str
    text: str
    html: str


def note_resent(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    found: CadenceRow,
    mail: OutboxRow,
    made: OutboxRow,
    *,
    now: datetime,
) -> None:
    """In the lives of both mails and on the lead's timeline: who wanted it, and which one it repeats."""
    account = account_by_id(tx, viewer.account_id)
    name, at = account.name if account else "Somebody", to_ms(now)
    for one, state, text in (
        (
            made,
            OutboxState.PLANNED,
            f"{name} asked to have it sent once more. {_of_day(desk, mail)}",
        ),
        (mail, OutboxState(mail.state), f"{name} asked to have it sent once more."),
    ):
        outbox_lines.add_lines(
            tx, [one.id], at=at, state=state, text=text, account_id=viewer.account_id
        )
    note_for_all(
        tx,
        found.id,
        [mail.lead_id],
        f"{found.name}: a mail is sent to them once more",
        event="resent",
        at=at,
        account_id=viewer.account_id,
    )


def note_called_off(tx: Tx, viewer: Viewer, mail: OutboxRow, *, at: int) -> None:
    account = account_by_id(tx, viewer.account_id)
    text = f"{account.name if account else 'Somebody'} took it back before it went."
    state, account_id = OutboxState.CANCELLED, viewer.account_id
    outbox_lines.add_lines(tx, [mail.id], at=at, state=state, text=text, account_id=account_id)


def _of_day(desk: Desk, mail: OutboxRow) -> str:
    day = _day(desk, mail.handed_over_at or mail.ended_at or mail.due_at)
    return f"It repeats the mail of {day}."


def warnings_of(tx: Tx, desk: Desk, mail: OutboxRow, lines: Sequence[StepLine]) -> list[str]:
    """What speaks against it and stops nothing: a person decides. `lines` are the mails there were."""
    found = []
    for one in lines:
        day = _day(desk, one.left_at or one.ended_at or mail.due_at)
        if one.state == OutboxState.UNCONFIRMED:
            found.append(
                f"Nobody could tell whether the mail of {day} went. If it did, they get it twice."
            )
        elif one.state == OutboxState.SENT:
            came_back = one.fared in {"refused", "gone"}
            found.append(
                f"The mail of {day} came back: this one may come back, too."
                if came_back
                else f"They got it on {day}. They get it a second time, because you want it so."
            )
    elsewhere = {
        one.cadence_name
        for one in enrollments.enrollments_of_lead(tx, mail.lead_id)
        if one.state == "active" and one.cadence_id != mail.cadence_id
    }
    if elsewhere:
        found.append(f"{', '.join(sorted(elsewhere))} is writing to them, too.")
    return found


def _day(desk: Desk, at_ms: int) -> str:
    return day_in_words(from_ms(at_ms), now=desk.clock.now(), zone=desk.working_hours.zone)
