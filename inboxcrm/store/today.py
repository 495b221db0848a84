"""Reading Today: tasks due, answers owed, replies, leads gone quiet. Each list is one walk along an index, cut short.

Snoozed, withdrawn and merged leads are left out. "Mine" are the leads one owns and those nobody owns, so that no lead
falls between two people; of tasks those one set, and those of one's own leads.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.sight import in_sight, is_limited, open_subjects, readable_thread, sight
from inboxcrm.store.tables import lead, lead_link, mailbox, message, organization, task

Cursor = tuple[int, int]
_END_OF_TIME = 1 << 62


class TodayLead(NamedTuple):
    """`at` is what its list is sorted by; `message_id` the mail that is shown with it."""

    lead_id: int
    name: str
    organization: str | None
    pipeline: str
    stage: str
    stage_since_at: int
    at: int
    message_id: int | None


class TodayTask(NamedTuple):
    task_id: int
    title: str
    due_on: str
    lead_id: int
    lead_name: str
    organization: str | None


class TodayMail(NamedTuple):
    """`thread_id` null: not for this viewer. Its words are then empty, and the subject where they may not know that."""

    message_id: int
    subject: str
    snippet: str
    sent_at: int
    thread_id: int | None


class TroubledMailbox(NamedTuple):
    name: str
    address: str
    trouble: str
    needs_login: bool


_awake = and_(
    lead.c.is_withdrawn.is_(False),
    lead.c.merged_into.is_(None),
    or_(lead.c.snoozed_until_at.is_(None), lead.c.snoozed_until_at <= bindparam("now")),
)
# One expression, so that no planner leaves the walk in order for two others by owner.
_mine = func.coalesce(lead.c.owner_id, bindparam("me")) == bindparam("me")
# As the index says it, word for word: SQLite compares the two as they are written.
_somebody_owes = lead.c.owes != literal_column("'nobody'")
_newest_in = (
    select(func.max(lead_link.c.message_id))
    .where(
        lead_link.c.lead_id == lead.c.id,
        lead_link.c.at == lead.c.last_in_at,
        lead_link.c.direction == "in",
        lead_link.c.is_unlinked.is_(False),
    )
    .scalar_subquery()
)


def _leads(sort: ColumnElement[Any], message_id: ColumnElement[Any]) -> Select[Any]:
    return (
        select(
            lead.c.id,
            lead.c.name,
            organization.c.name,
            lead.c.pipeline,
            lead.c.stage,
            lead.c.stage_since_at,
            sort,
            message_id,
        )
        .outerjoin(organization, organization.c.id == lead.c.organization_id)
        .where(_awake)
        .limit(at_most("many"))
    )


def _rising(rows: Select[Any], sort: ColumnElement[Any]) -> Select[Any]:
    at: Any = bindparam("at")
    return rows.where(sort >= at, or_(sort > at, lead.c.id > bindparam("after_id"))).order_by(
        sort, lead.c.id
    )


def _falling(rows: Select[Any], sort: ColumnElement[Any]) -> Select[Any]:
    at: Any = bindparam("at")
    return rows.where(sort <= at, or_(sort < at, lead.c.id < bindparam("after_id"))).order_by(
        sort.desc(), lead.c.id.desc()
    )


@cache
def _owed(*, mine: bool) -> Select[Any]:
    since = lead.c.owes_since_at
    rows = _leads(since, lead.c.owes_message_id).where(lead.c.owes == "us", _somebody_owes)
    return _rising(rows.where(_mine) if mine else rows, since)


@cache
def _replies(*, mine: bool) -> Select[Any]:
    moved = lead.c.moved_at
    rows = _leads(moved, _newest_in).where(
        moved >= bindparam("since"), lead.c.last_in_at > lead.c.last_out_at
    )
    return _falling(rows.where(_mine) if mine else rows, moved)


@cache
def _quiet(closed: tuple[tuple[str, str], ...], *, mine: bool) -> Select[Any]:
    """`closed` stages come from settings, so that the statement stays the same from page to page."""
    since = lead.c.owes_since_at
    rows = _leads(since, lead.c.owes_message_id).where(
        lead.c.owes == "them",
        _somebody_owes,
        since >= bindparam("warm"),
        lead.c.last_in_at >= bindparam("warm"),
    )
    for pipeline, stage in closed:
        rows = rows.where(~and_(lead.c.pipeline == pipeline, lead.c.stage == stage))
    return _falling(rows.where(_mine) if mine else rows, since)


def owed_leads(
    tx: Tx, viewer: Viewer, *, mine: bool, now: int, after: Cursor | None, limit: int
) -> list[TodayLead]:
    """Who waits for our answer, the longest wait first."""
    return _read(tx, viewer, _owed(mine=mine), after or (0, 0), limit, now=now)


def replied_leads(
    tx: Tx, viewer: Viewer, *, mine: bool, now: int, since: int, after: Cursor | None, limit: int
) -> list[TodayLead]:
    """Who answered mail of ours since then and has no answer of ours since, the newest first."""
    start = after or (_END_OF_TIME, _END_OF_TIME)
    return _read(tx, viewer, _replies(mine=mine), start, limit, now=now, since=since)


def quiet_leads(
    tx: Tx,
    viewer: Viewer,
    *,
    mine: bool,
    now: int,
    before: int,
    warm: int,
    closed: tuple[tuple[str, str], ...],
    after: Cursor | None,
    limit: int,
) -> list[TodayLead]:
    """Who wrote since `warm`, got our mail before `before` and is silent since; who fell silent last comes first."""
    start = after or (before, _END_OF_TIME)
    return _read(tx, viewer, _quiet(closed, mine=mine), start, limit, now=now, warm=warm)


def _read(
    tx: Tx, viewer: Viewer, statement: Select[Any], start: Cursor, limit: int, **params: int
) -> list[TodayLead]:
    at, after_id = start
    asked = {"me": viewer.account_id, "at": at, "after_id": after_id, "many": limit, **params}
    return [TodayLead._make(row) for row in tx.execute(statement, asked)]


# --- tasks -------------------------------------------------------------------


def _open_tasks(*, mine: bool) -> list[ColumnElement[bool]]:
    conditions = [
        task.c.done_at.is_(None),
        task.c.removed_at.is_(None),
        task.c.due_on <= bindparam("today"),
        _awake,
    ]
    if mine:
        is_own = or_(task.c.account_id == bindparam("me"), lead.c.owner_id == bindparam("me"))
        conditions.append(or_(is_own, task.c.account_id.is_(None)))
    return conditions


@cache
def _tasks(*, mine: bool) -> Select[Any]:
    after: Any = bindparam("after_on")
    return (
        select(task.c.id, task.c.title, task.c.due_on, lead.c.id, lead.c.name, organization.c.name)
        .join(lead, lead.c.id == task.c.lead_id)
        .outerjoin(organization, organization.c.id == lead.c.organization_id)
        .where(
            *_open_tasks(mine=mine),
            task.c.due_on >= after,
            or_(task.c.due_on > after, task.c.id > bindparam("after_id")),
        )
        .order_by(task.c.due_on, task.c.id)
        .limit(at_most("many"))
    )


def due_tasks(
    tx: Tx,
    viewer: Viewer,
    *,
    mine: bool,
    now: int,
    today: str,
    after: tuple[str, int] | None,
    limit: int,
) -> list[TodayTask]:
    """Those due today or before, the longest overdue first."""
    after_on, after_id = after or ("", 0)
    params = {
        "me": viewer.account_id,
        "now": now,
        "today": today,
        "after_on": after_on,
        "after_id": after_id,
        "many": limit,
    }
    return [TodayTask._make(row) for row in tx.execute(_tasks(mine=mine), params)]


# --- counts, no further than asked -------------------------------------------


@cache
def _counts(*, mine: bool) -> Select[Any]:
    owed = select(literal(1).label("one")).where(lead.c.owes == "us", _somebody_owes, _awake)
    due = (
        select(literal(1).label("one"))
        .select_from(task)
        .join(lead, lead.c.id == task.c.lead_id)
        .where(*_open_tasks(mine=mine))
    )
    if mine:
        owed = owed.where(_mine)
    return select(
        *(
            select(func.count())
            .select_from(some.limit(at_most("many")).subquery())
            .scalar_subquery()
            for some in (owed, due)
        )
    )


def count_owed_and_due(
    tx: Tx, viewer: Viewer, *, mine: bool, now: int, today: str, most: int
) -> tuple[int, int]:
    params = {"me": viewer.account_id, "now": now, "today": today, "many": most}
    row = tx.execute(_counts(mine=mine), params).one()
    return int(row[0]), int(row[1])


# --- beside the lists --------------------------------------------------------


@cache
def _mail(*, limited: bool) -> Select[Any]:
    return select(
        message.c.id,
        message.c.subject,
        message.c.snippet,
        message.c.sent_at,
        readable_thread(message.c.id, limited=limited),
    ).where(within(message.c.id, "messages"))


def mail_shown(
    tx: Tx, viewer: Viewer, wanted: Collection[tuple[int, int]]
) -> dict[tuple[int, int], TodayMail]:
    """By (lead, message): one mail may speak for two leads, and its subject be open on one of them alone."""
    asked = {"messages": sorted({message_id for _, message_id in wanted}), **sight(viewer)}
    rows = tx.execute(_mail(limited=is_limited(viewer)), asked)
    mails = {row[0]: TodayMail._make(row) for row in rows}
    subjects: set[tuple[int, int]] = set()
    if viewer.subject_ids:
        subjects = open_subjects(tx, viewer, [one[0] for one in wanted], list(mails))
    shown: dict[tuple[int, int], TodayMail] = {}
    for pair in wanted:
        mail = mails.get(pair[1])
        if mail is not None and mail.thread_id is None:
            mail = mail._replace(subject=mail.subject if pair in subjects else "", snippet="")
        if mail is not None:
            shown[pair] = mail
    return shown


@cache
def _troubled(*, limited: bool) -> Select[Any]:
    return (
        select(mailbox.c.name, mailbox.c.address, mailbox.c.trouble, mailbox.c.auth)
        .where(
            or_(mailbox.c.trouble != "", mailbox.c.auth == "reauth"),
            in_sight(mailbox.c.id, limited=limited),
        )
        .order_by(mailbox.c.id)
        .limit(at_most(_MOST_TROUBLES))
    )


_MOST_TROUBLES = 8


def troubled_mailboxes(tx: Tx, viewer: Viewer) -> list[TroubledMailbox]:
    """Mailboxes of this viewer's that are read no further until somebody does something, or that met a fault."""
    rows = tx.execute(_troubled(limited=is_limited(viewer)), sight(viewer))
    return [TroubledMailbox(row[0], row[1], row[2], row[3] == "reauth") for row in rows]
