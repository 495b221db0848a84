"""Which copies of mail a viewer may see, said in SQL: the twin of `access.viewer.may_read_mailbox`.

A statement is built once for viewers who read every mailbox and once for those who read some; the
second names its mailboxes by the parameter `mailboxes`. A message may be read through any live copy
in a readable mailbox.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select, true

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import unindexed, within
from inboxcrm.store.tables import copy_participant, lead_address, message_copy, participant


def is_limited(viewer: Viewer) -> bool:
    return viewer.mailbox_ids is not None


def sight(viewer: Viewer) -> dict[str, list[int]]:
    """The parameters a limited statement needs besides its own."""
    return {} if viewer.mailbox_ids is None else {"mailboxes": sorted(viewer.mailbox_ids)}


def in_sight(mailbox_id: ColumnElement[Any], *, limited: bool) -> ColumnElement[bool]:
    if not limited:
        return true()
    return within(mailbox_id, "mailboxes")


def readable_thread(message_id: ColumnElement[Any], *, limited: bool) -> ScalarSelect[Any]:
    """The thread through which the viewer reads a message; null where no readable copy lives."""
    held = message_copy.alias("readable_copy")
    return (
        select(func.min(held.c.thread_id))
        .where(
            held.c.message_id == message_id,
            held.c.tombstoned_at.is_(None),
            in_sight(held.c.mailbox_id, limited=limited),
        )
        .scalar_subquery()
    )


_OPEN_SUBJECTS = (
    select(lead_address.c.lead_id, message_copy.c.message_id)
    .join(participant, participant.c.message_id == message_copy.c.message_id)
    .join(lead_address, lead_address.c.address_id == participant.c.address_id)
    .where(
        within(message_copy.c.message_id, "messages"),
        # From the few messages to their copies and people, not from all that a mailbox or a lead has.
        within(unindexed(message_copy.c.mailbox_id), "subjects"),
        within(unindexed(lead_address.c.lead_id), "leads"),
        message_copy.c.tombstoned_at.is_(None),
    )
    .distinct()
)


def open_subjects(
    tx: Tx, viewer: Viewer, lead_ids: Collection[int], message_ids: Collection[int]
) -> set[tuple[int, int]]:
    """(lead, message) where the viewer may know the subject though not read the mail, and the lead stands on it openly:
    who got a blind copy is told to nobody.
    """
    if not message_ids or not viewer.subject_ids:
        return set()
    asked = {
        "leads": sorted(set(lead_ids)),
        "messages": sorted(set(message_ids)),
        "subjects": sorted(viewer.subject_ids),
    }
    return {(row[0], row[1]) for row in tx.execute(_OPEN_SUBJECTS, asked)}


def stands_on(
    message_id: ColumnElement[Any], address_id: ColumnElement[Any], *, limited: bool
) -> ColumnElement[bool]:
    """Whether this viewer may know that the address stands on the message: openly, or as Bcc of a
    copy they may read.

    Who reads every mailbox may know all; the question is then not even asked.
    """
    if not limited:
        return true()
    held, blind = message_copy.alias("blind_copy"), copy_participant.alias("blind")
    openly = (
        select(participant.c.message_id)
        .where(participant.c.message_id == message_id, participant.c.address_id == address_id)
        .exists()
    )
    blindly = (
        select(blind.c.copy_id)
        .join(held, held.c.id == blind.c.copy_id)
        .where(
            held.c.message_id == message_id,
            blind.c.address_id == address_id,
            in_sight(held.c.mailbox_id, limited=limited),
        )
        .exists()
    )
    return or_(openly, blindly)
