"""Marks people put on a lead: tags, the day until which it sleeps, the one entry pinned on top.

None of them is a field that two people edit beside each other, so none asks for the version; what was there before is
written down, and taking back puts it there again.
"""

from __future__ import annotations

from datetime import date

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError, RefusedError
from inboxcrm.leads.wording import date_in_words
from inboxcrm.services.lead_changes import (
    Done,
    lead_to_change,
    morning_of,
    now_ms,
    one_line,
    undo_token,
    wrong,
)
from inboxcrm.store import activities, tags
from inboxcrm.store import leads as lead_rows
from inboxcrm.store.activities import add_activity
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_card import one_mail
from inboxcrm.store.pins import DEED, MAIL, Pin, pin_of, pin_only

LONGEST_TAG = 60
MOST_TAGS = 30


def add_tag(desk: Desk, viewer: Viewer, lead_id: str, name: str) -> Done:
    said = one_line(name, "tag", "The tag", longest=LONGEST_TAG)
    if not said:
        raise wrong("tag", "The tag has no name.", "Write a word or two.")
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        held = tags.tags_of(tx, found.lead_id)
        if any(one.key == tags.tag_key(said) for one in held):
            return Done(lead_id, found.version, f"Tagged {said} already")
        if len(held) >= MOST_TAGS:
            raise wrong("tag", f"A lead has at most {MOST_TAGS} tags.", "Take one off first.")
        made = tags.remember_tag(tx, said)
        undo = _set_tag(tx, desk, viewer, found.lead_id, made, on=True)
        return Done(lead_id, found.version, f"Tagged {made.name}", undo)


def remove_tag(desk: Desk, viewer: Viewer, lead_id: str, tag_id: str) -> Done:
    number = desk.ids.open("tag", tag_id)
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        held = {one.tag_id: one for one in tags.tags_of(tx, found.lead_id)}
        if number is None or number not in held:
            return Done(lead_id, found.version, "Not tagged so")
        undo = _set_tag(tx, desk, viewer, found.lead_id, held[number], on=False)
        return Done(lead_id, found.version, f"Tag {held[number].name} taken off", undo)


def _set_tag(
    tx: Tx, desk: Desk, viewer: Viewer, lead_id: int, tag: tags.TagRow, *, on: bool
) -> str:
    """Puts it on or takes it off, with a line on the timeline; returns what takes that back."""
    tags.set_tag(tx, lead_id, tag.tag_id, on=on)
    activity_id = add_activity(
        tx,
        lead_id,
        at=now_ms(desk),
        kind="tag",
        account_id=viewer.account_id,
        text=f"Tagged {tag.name}" if on else f"Tag {tag.name} taken off",
        data={"tag_id": tag.tag_id, "on": on},
    )
    return undo_token(desk, activity_id)


def snooze(desk: Desk, viewer: Viewer, lead_id: str, until: date | None) -> Done:
    """Out of Today and of "waiting on us" until the morning of that day; None wakes it now."""
    ends = None if until is None else morning_of(desk, until)
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        if found.snoozed_until_at == ends:
            return Done(lead_id, found.version, "Nothing to change")
        lead_rows.set_snoozed(tx, found.lead_id, until=ends)
        text = f"Snoozed until {date_in_words(until, today=desk.today())}" if until else "Woken up"
        activity_id = add_activity(
            tx,
            found.lead_id,
            at=now_ms(desk),
            kind="snooze",
            account_id=viewer.account_id,
            text=text,
            data={"from": found.snoozed_until_at, "to": ends},
        )
        return Done(lead_id, found.version, text, undo_token(desk, activity_id))


def pin(desk: Desk, viewer: Viewer, lead_id: str, entry_id: str | None) -> Done:
    """That entry stands on top, alone, be it a deed or a mail; None takes down whatever stands there."""
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        wanted = None if entry_id is None else _entry(tx, desk, viewer, found.lead_id, entry_id)
        was = pin_of(tx, found.lead_id)
        if was == wanted:
            return Done(lead_id, found.version, "Nothing to change")
        pin_only(tx, found.lead_id, wanted)
        text = "Pinned on top" if wanted is not None else "No longer pinned"
        made = add_activity(
            tx,
            found.lead_id,
            at=now_ms(desk),
            kind="pin",
            account_id=viewer.account_id,
            text=text,
            data={"from": was, "to": wanted},
        )
        return Done(lead_id, found.version, text, undo_token(desk, made))


def _entry(tx: Tx, desk: Desk, viewer: Viewer, lead_id: int, entry_id: str) -> Pin:
    """A deed or a mail of this lead that the viewer can read."""
    number = desk.ids.open(MAIL, entry_id)
    if number is not None:
        mail = one_mail(tx, viewer, lead_id, number)
        if mail is not None and mail.thread_id is None:
            raise RefusedError(
                "This mail lies in a mailbox you cannot read.",
                remedy="Whoever can read it may pin it.",
            )
        if mail is not None:
            return Pin(MAIL, number)
    number = desk.ids.open(DEED, entry_id)
    deed = None if number is None else activities.activity_by_id(tx, number)
    if deed is None or deed.lead_id != lead_id:
        raise NotFoundError("There is no such entry on this lead.", remedy="Open it anew.")
    if deed.undone_at is not None:
        raise RefusedError("This entry was taken back.", remedy="Pin another one.")
    return Pin(DEED, deed.activity_id)
