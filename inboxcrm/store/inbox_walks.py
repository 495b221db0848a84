"""What each filter of the inbox walks: one index, newest first, and a few questions asked of what it meets.

leads          lead_link by time            the newest mail of a lead in its thread
unknown        address_capture in review    nobody in the thread is a lead
waiting        conversations by last human  not dismissed, somebody we do not ignore, no snoozed lead
waiting-them   the same, the last word ours
mine           threads by time              a mailbox of the viewer's own, or a lead they own
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    ScalarSelect,
    bindparam,
    func,
    or_,
    select,
)

from inboxcrm.store.inbox import is_met, stands_in_inbox
from inboxcrm.store.lists import at_most, unindexed
from inboxcrm.store.sight import in_sight, stands_on
from inboxcrm.store.tables import (
    address_capture,
    conversation,
    lead,
    lead_decision,
    lead_link,
    mailbox,
    message,
    message_copy,
    thread,
)


class Show(StrEnum):
    """ALL and TEAM are the same list: everything the viewer may read."""

    ALL = "all"
    WAITING = "waiting"
    WAITING_THEM = "waiting-them"
    LEADS = "leads"
    UNKNOWN = "unknown"
    MINE = "mine"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Walk:
    """`source` is sorted by (`at`, `number`); `served` are the conditions its index answers, `asked` all others."""

    source: FromClause
    at: ColumnElement[int]
    number: ColumnElement[int]
    served: tuple[ColumnElement[bool], ...]
    thread_id: ColumnElement[int]
    asked: tuple[ColumnElement[bool], ...]


def _home(message_id: ColumnElement[Any], *, limited: bool) -> ScalarSelect[Any]:
    """The thread a message is shown in: the oldest the viewer may read that holds it, outside spam and trash."""
    held = message_copy.alias("home_copy")
    return (
        select(func.min(held.c.thread_id))
        .where(
            held.c.message_id == message_id,
            held.c.tombstoned_at.is_(None),
            held.c.is_withdrawn.is_(False),
            in_sight(unindexed(held.c.mailbox_id), limited=limited),
        )
        .scalar_subquery()
    )


def _is_there(held: Any) -> tuple[ColumnElement[bool], ...]:
    return held.c.is_withdrawn.is_(False), held.c.merged_into.is_(None)


def _ties(link: Any, *, limited: bool) -> tuple[ColumnElement[bool], ...]:
    """The link holds, and the viewer may know of it."""
    return (
        link.c.is_unlinked.is_(False),
        or_(
            link.c.reason == "person",
            stands_on(link.c.message_id, link.c.address_id, limited=limited),
        ),
    )


def _has_lead(*, limited: bool, more: tuple[ColumnElement[bool], ...] = ()) -> ColumnElement[bool]:
    """A lead's mail lies in the thread."""
    return is_met(
        select(lead.c.id)
        .join(lead_link, lead_link.c.lead_id == lead.c.id)
        .join(message_copy, message_copy.c.message_id == lead_link.c.message_id)
        .where(
            message_copy.c.thread_id == thread.c.id,
            message_copy.c.tombstoned_at.is_(None),
            *_ties(lead_link, limited=limited),
            *_is_there(lead),
            *more,
        )
        .correlate(thread)
    )


def _leads(*, limited: bool) -> Walk:
    walked, held = lead_link.alias("walked"), lead.alias("walked_lead")
    newer, newer_lead = lead_link.alias("newer"), lead.alias("newer_lead")
    copy = message_copy.alias("newer_copy")
    is_newest = ~is_met(
        select(newer.c.message_id)
        .join(copy, copy.c.message_id == newer.c.message_id)
        .join(newer_lead, newer_lead.c.id == newer.c.lead_id)
        .where(
            copy.c.thread_id == thread.c.id,
            copy.c.tombstoned_at.is_(None),
            copy.c.is_withdrawn.is_(False),
            *_ties(newer, limited=limited),
            *_is_there(newer_lead),
            or_(
                newer.c.at > walked.c.at,
                (newer.c.at == walked.c.at)
                & or_(
                    newer.c.message_id > walked.c.message_id,
                    (newer.c.message_id == walked.c.message_id)
                    & (newer.c.address_id > walked.c.address_id),
                ),
            ),
        )
        .correlate(thread, walked)
    )
    has_lead = is_met(
        select(held.c.id).where(held.c.id == walked.c.lead_id, *_is_there(held)).correlate(walked)
    )
    return Walk(
        walked,
        walked.c.at,
        walked.c.message_id,
        (),
        _home(walked.c.message_id, limited=limited),
        (*_ties(walked, limited=limited), has_lead, is_newest),
    )


def _unknown(*, limited: bool) -> Walk:
    walked = address_capture.alias("walked")
    copy = message_copy.alias("met_copy")
    newest = (
        select(copy.c.thread_id)
        .join(message, message.c.id == copy.c.message_id)
        .join(lead_decision, lead_decision.c.message_id == message.c.id)
        .where(
            lead_decision.c.address_id == walked.c.address_id,
            copy.c.tombstoned_at.is_(None),
            copy.c.is_withdrawn.is_(False),
            in_sight(unindexed(copy.c.mailbox_id), limited=limited),
            stands_on(lead_decision.c.message_id, lead_decision.c.address_id, limited=limited),
        )
        .order_by(message.c.sent_at.desc(), message.c.id.desc(), copy.c.thread_id)
        .limit(at_most(1))
        .correlate(walked)
        .scalar_subquery()
    )
    return Walk(
        walked,
        walked.c.decided_at,
        walked.c.address_id,
        (walked.c.outcome == "candidate",),
        newest,
        (~_has_lead(limited=limited),),
    )


def _conversations(direction: str, *, limited: bool, awake: bool) -> Walk:
    walked = conversation.alias("walked")
    link, held = lead_link.alias("waiting_link"), lead.alias("waiting_lead")
    concerns = or_(
        is_met(
            select(lead_decision.c.message_id)
            .join(address_capture, address_capture.c.address_id == lead_decision.c.address_id)
            .where(
                lead_decision.c.message_id == walked.c.last_human_message_id,
                address_capture.c.outcome != "ignored",
                stands_on(lead_decision.c.message_id, lead_decision.c.address_id, limited=limited),
            )
            .correlate(walked)
        ),
        is_met(
            select(link.c.message_id)
            .where(
                link.c.message_id == walked.c.last_human_message_id,
                link.c.reason == "person",
                link.c.is_unlinked.is_(False),
            )
            .correlate(walked)
        ),
    )
    snoozed = is_met(
        select(held.c.id)
        .join(link, link.c.lead_id == held.c.id)
        .where(
            link.c.message_id == walked.c.last_human_message_id,
            held.c.snoozed_until_at > bindparam("now"),
            *_ties(link, limited=limited),
            *_is_there(held),
        )
        .correlate(walked)
    )
    return Walk(
        walked,
        walked.c.last_human_at,
        walked.c.id,
        (
            walked.c.last_human_direction == direction,
            # As NOT_DISMISSED of the table says it, or its index is not used.
            or_(
                walked.c.dismissed_message_id.is_(None),
                walked.c.dismissed_message_id != walked.c.last_human_message_id,
            ),
        ),
        _home(walked.c.last_human_message_id, limited=limited),
        (concerns, ~snoozed) if awake else (concerns,),
    )


def _waiting(*, limited: bool) -> Walk:
    return _conversations("in", limited=limited, awake=True)


def _waiting_them(*, limited: bool) -> Walk:
    return _conversations("out", limited=limited, awake=False)


def _mine(*, limited: bool) -> Walk:
    walked = thread.alias("walked")
    me: BindParameter[int] = bindparam("me")
    own = select(mailbox.c.id).where(mailbox.c.owner_id == me)
    return Walk(
        walked,
        walked.c.last_at,
        walked.c.id,
        (),
        walked.c.id,
        (
            or_(
                thread.c.mailbox_id.in_(own),
                _has_lead(limited=limited, more=(lead.c.owner_id == me,)),
            ),
            in_sight(unindexed(thread.c.mailbox_id), limited=limited),
            *stands_in_inbox(limited=limited),
        ),
    )


WALKS = {
    Show.LEADS: _leads,
    Show.UNKNOWN: _unknown,
    Show.WAITING: _waiting,
    Show.WAITING_THEM: _waiting_them,
    Show.MINE: _mine,
}
