"""Tasks of leads. Nothing is deleted: a task is done, or taken back, at a time."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, case, func, insert, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import lead_link, task
from inboxcrm.store.upserts import chunks, update_rows


class TaskRow(NamedTuple):
    task_id: int
    lead_id: int
    title: str
    due_on: str | None
    account_id: int | None
    done_at: int | None
    removed_at: int | None
    unless_answered: bool


_COLUMNS = (
    task.c.id,
    task.c.lead_id,
    task.c.title,
    task.c.due_on,
    task.c.account_id,
    task.c.done_at,
    task.c.removed_at,
    task.c.unless_answered,
)
_BY_ID = select(*_COLUMNS).where(task.c.id == bindparam("task_id"))
# Those with a day first, in the order of days; then those for some day.
_OPEN = (
    select(*_COLUMNS)
    .where(
        task.c.lead_id == bindparam("lead_id"),
        task.c.done_at.is_(None),
        task.c.removed_at.is_(None),
    )
    .order_by(case((task.c.due_on.is_(None), 1), else_=0), task.c.due_on, task.c.id)
)


def insert_task(
    tx: Tx,
    lead_id: int,
    *,
    title: str,
    due_on: str | None,
    account_id: int,
    at: int,
    unless_answered: bool = False,
) -> int:
    made = tx.execute(
        insert(task),
        {
            "lead_id": lead_id,
            "title": title,
            "due_on": due_on,
            "account_id": account_id,
            "created_at": at,
            "unless_answered": unless_answered,
        },
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def task_by_id(tx: Tx, task_id: int) -> TaskRow | None:
    row = tx.execute(_BY_ID, {"task_id": task_id}).first()
    return TaskRow._make(row) if row else None


def open_tasks(tx: Tx, lead_id: int) -> list[TaskRow]:
    return [TaskRow._make(row) for row in tx.execute(_OPEN, {"lead_id": lead_id})]


def set_done(tx: Tx, task_id: int, *, at: int | None) -> bool:
    """Done at that time, or open again with None. False when it stood so already, or is taken
    back.
    """
    stands = task.c.done_at.is_not(None) if at is None else task.c.done_at.is_(None)
    changed = tx.execute(
        update(task)
        .where(task.c.id == task_id, task.c.removed_at.is_(None), stands)
        .values(done_at=at)
    )
    return changed.rowcount == 1


def set_removed(tx: Tx, task_id: int, *, at: int) -> bool:
    changed = tx.execute(
        update(task).where(task.c.id == task_id, task.c.removed_at.is_(None)).values(removed_at=at)
    )
    return changed.rowcount == 1


def set_due(tx: Tx, task_id: int, *, due_on: str | None) -> bool:
    changed = tx.execute(
        update(task)
        .where(task.c.id == task_id, task.c.removed_at.is_(None), task.c.done_at.is_(None))
        .values(due_on=due_on)
    )
    return changed.rowcount == 1


# --- done by themselves ------------------------------------------------------


def _first_answer() -> Any:
    """When they first wrote after the task was set."""
    return (
        select(func.min(lead_link.c.at))
        .where(
            lead_link.c.lead_id == task.c.lead_id,
            lead_link.c.at > task.c.created_at,
            lead_link.c.direction == "in",
            lead_link.c.is_human.is_(True),
            lead_link.c.is_unlinked.is_(False),
        )
        .scalar_subquery()
    )


# Those a person ended stay as they are: their done_at is not the answer's.
_WAITING: Select[Any] = select(task.c.id, task.c.answered_at, _first_answer()).where(
    within(task.c.lead_id, "ids"),
    task.c.unless_answered.is_(True),
    task.c.removed_at.is_(None),
    (task.c.done_at.is_(None) & task.c.answered_at.is_(None))
    | (task.c.done_at == task.c.answered_at),
)


def finish_answered(tx: Tx, lead_ids: Collection[int]) -> None:
    """What "follow up if no answer" says of these leads, from their mail as it stands now.

    Written from the links alone, so that it comes out alike in whatever order mail is stored, and a task opens again
    when the answer turns out not to be theirs.
    """
    for some in chunks(sorted(lead_ids), AT_ONCE):
        moved = [
            {"id": task_id, "answered_at": answer, "done_at": answer}
            for task_id, before, answer in tx.execute(_WAITING, {"ids": some})
            if before != answer
        ]
        update_rows(tx, task, moved)
