"""A person says of an answer to a cadence whether it is a good one: that is what "positive" counts in reports.

A mark belongs to a mail, and holds as long as that mail is taken for a person's answer: a verdict that says otherwise
sets it aside, and taking that word back brings it back. Who said it and when stays, also of what was replaced.
"""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.reports import Mark
from inboxcrm.errors import NotFoundError, RefusedError
from inboxcrm.services.cadence_events import note_for_all
from inboxcrm.services.lead_changes import no_such_lead, now_ms, refuse_strangers
from inboxcrm.store import answer_marks as rows
from inboxcrm.store.answer_marks import Answered
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.open_mail import may_read_message
from inboxcrm.store.upserts import one_at_a_time

_MOST_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Marked:
    """`mark` is empty where none holds; `changed` False: it stood so. `text` is for people."""

    message_id: str
    mark: str
    changed: bool
    text: str


def mark_answer(desk: Desk, viewer: Viewer, message_id: str, mark: Mark) -> Marked:
    """Raises NotFoundError for mail the viewer may not read, RefusedError for mail that is no answer to a cadence."""
    with desk.database.write() as tx:
        one_at_a_time(tx)
        number = _readable(tx, desk, viewer, message_id)
        held = rows.answers_among(tx, [number]).get(number)
        if held is None:
            raise RefusedError(
                "This is no answer to a cadence.",
                remedy="What a person wrote after a mail of a cadence is marked; a misread mail is corrected first.",
            )
        if held.mark == mark.value:
            return Marked(message_id, mark.value, False, "It stood so already.")
        at = now_ms(desk)
        rows.replace_mark(tx, number, at=at)
        rows.add_mark(tx, number, mark.value, account_id=viewer.account_id, at=at)
        for one in rows.answered_by(tx, number):
            _note(tx, viewer, one, f"is marked as {mark.value}", at=at)
    return Marked(message_id, mark.value, True, f"Marked as {mark.value}.")


def take_back_mark(desk: Desk, viewer: Viewer, message_id: str) -> Marked:
    """As if nobody had marked it. Raises NotFoundError."""
    with desk.database.write() as tx:
        one_at_a_time(tx)
        number = _readable(tx, desk, viewer, message_id)
        at = now_ms(desk)
        if not rows.replace_mark(tx, number, at=at):
            return Marked(message_id, "", False, "Nobody had marked it.")
        for one in rows.answered_by(tx, number):
            _note(tx, viewer, one, "is marked no longer", at=at)
    return Marked(message_id, "", True, "It is marked no longer.")


def latest_answer(desk: Desk, viewer: Viewer, lead_id: str) -> str:
    """The opaque id of the lead's newest answer to a cadence that the viewer may read. Raises NotFoundError."""
    refuse_strangers(viewer)
    number = desk.ids.open("lead", lead_id)
    if number is None:
        raise no_such_lead()
    with desk.database.read() as tx:
        for one in rows.answers_of_lead(tx, number, many=_MOST_LOOKED_AT):
            if may_read_message(tx, viewer, one):
                return desk.ids.seal("message", one)
    raise NotFoundError(
        "They have answered no cadence in a mailbox you may read.",
        remedy="Name the mail itself: `inboxcrm messages list`.",
    )


def _readable(tx: Tx, desk: Desk, viewer: Viewer, message_id: str) -> int:
    refuse_strangers(viewer)
    number = desk.ids.open("message", message_id)
    if number is None or not may_read_message(tx, viewer, number):
        raise NotFoundError("There is no such mail.", remedy="It may have been deleted.")
    return number


def _note(tx: Tx, viewer: Viewer, one: Answered, said: str, *, at: int) -> None:
    day = from_ms(one.at)
    note_for_all(
        tx,
        one.cadence_id,
        [one.lead_id],
        f"{one.cadence}: their answer of {day.day} {day:%B %Y} {said}",
        event="marked",
        at=at,
        account_id=viewer.account_id,
    )
