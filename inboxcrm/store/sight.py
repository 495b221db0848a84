"""Which copies of mail a viewer may see, said in SQL: the twin of `access.viewer.may_read_mailbox`.

A statement is built once for viewers who read every mailbox and once for those who read some; the
second names its mailboxes by the parameter `mailboxes`. A message may be read through any live copy
in a readable mailbox.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select, true

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.lists import within
from inboxcrm.store.tables import copy_participant, message_copy, participant


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
