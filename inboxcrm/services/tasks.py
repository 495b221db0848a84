"""Tasks of leads: set, done, postponed. Each is an activity of its lead and can be taken back."""

from __future__ import annotations

from datetime import date, timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.leads.wording import date_in_words
from inboxcrm.services.lead_changes import (
    Done,
    lead_to_change,
    no_such_lead,
    now_ms,
    one_line,
    undo_token,
    wrong,
)
from inboxcrm.store import tasks as task_rows
from inboxcrm.store.activities import add_activity
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.tasks import TaskRow

_LONGEST = 300
_FURTHEST_DAYS = 3660


def add_task(
    desk: Desk,
    viewer: Viewer,
    lead_id: str,
    title: str,
    due_on: date | None = None,
    *,
    unless_answered: bool = False,
) -> Done:
    """`unless_answered`: done by itself when a human mail of theirs comes in."""
    said = one_line(title, "title", "The title of the task", longest=_LONGEST)
    if not said:
        raise wrong("title", "The task has no title.", "Say in a few words what is to be done.")
    if unless_answered and due_on is None:
        raise wrong("due_on", "By when should they have answered?", "Choose a day.")
    _refuse_far(desk, due_on)
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        task_id = task_rows.insert_task(
            tx,
            found.lead_id,
            title=said,
            due_on=due_on.isoformat() if due_on else None,
            account_id=viewer.account_id,
            at=now_ms(desk),
            unless_answered=unless_answered,
        )
        if unless_answered:
            text = f"If no answer by {_day(desk, due_on)}: {said}"
        else:
            text = f"Task: {said}" + (f", due {_day(desk, due_on)}" if due_on else "")
        data = {"task_id": task_id, "deed": "added"}
        toast = "Follow-up set" if unless_answered else "Task added"
        return _recorded(tx, desk, viewer, found, task_id, text, toast, data)


def finish_task(desk: Desk, viewer: Viewer, task_id: str) -> Done:
    """A task that is done already stays so, and there is nothing to take back."""
    with desk.database.write() as tx:
        task, found = _task_to_change(tx, desk, viewer, task_id)
        if not task_rows.set_done(tx, task.task_id, at=now_ms(desk)):
            lead_id = desk.ids.seal("lead", found.lead_id)
            return Done(lead_id, found.version, "Done already", None, task_id)
        data = {"task_id": task.task_id, "deed": "done"}
        return _recorded(
            tx, desk, viewer, found, task.task_id, f"Done: {task.title}", "Task done", data
        )


def postpone_task(desk: Desk, viewer: Viewer, task_id: str, days: int) -> Done:
    """By so many days from its day, or from today where that is past or there was none."""
    if not 1 <= days <= _FURTHEST_DAYS:
        raise UsageError("A task can be postponed by 1 day to 10 years.", remedy="Name the days.")
    with desk.database.write() as tx:
        task, found = _task_to_change(tx, desk, viewer, task_id)
        today = desk.today()
        start = max(today, date.fromisoformat(task.due_on)) if task.due_on else today
        due_on = (start + timedelta(days=days)).isoformat()
        said = f"now due {_day(desk, date.fromisoformat(due_on))}"
        if not task_rows.set_due(tx, task.task_id, due_on=due_on):
            raise UsageError("This task is done.", remedy="Add a new one instead.")
        data = {"task_id": task.task_id, "deed": "postponed", "from": task.due_on, "to": due_on}
        return _recorded(
            tx,
            desk,
            viewer,
            found,
            task.task_id,
            f"{task.title}: {said}",
            f"N{said[1:]}",
            data,
        )


def move_task(desk: Desk, viewer: Viewer, task_id: str, due_on: date | None) -> Done:
    """To a day, or to some day with None."""
    _refuse_far(desk, due_on)
    with desk.database.write() as tx:
        task, found = _task_to_change(tx, desk, viewer, task_id)
        if task.unless_answered and due_on is None:
            raise wrong("due_on", "By when should they have answered?", "Choose a day.")
        new = due_on.isoformat() if due_on else None
        if not task_rows.set_due(tx, task.task_id, due_on=new):
            raise UsageError("This task is done.", remedy="Add a new one instead.")
        data = {"task_id": task.task_id, "deed": "postponed", "from": task.due_on, "to": new}
        said = f"now due {_day(desk, due_on) if due_on else 'some day'}"
        text = f"{task.title}: {said}"
        return _recorded(tx, desk, viewer, found, task.task_id, text, f"N{said[1:]}", data)


def _day(desk: Desk, day: date | None) -> str:
    today = desk.today()
    return date_in_words(day, today=today) if day else ""


def _refuse_far(desk: Desk, due_on: date | None) -> None:
    if due_on is not None and abs((due_on - desk.clock.now().date()).days) > _FURTHEST_DAYS:
        raise wrong("due_on", "That day is more than ten years away.", "Check the year.")


def _task_to_change(tx: Tx, desk: Desk, viewer: Viewer, task_id: str) -> tuple[TaskRow, LeadRow]:
    number = desk.ids.open("task", task_id)
    task = None if number is None else task_rows.task_by_id(tx, number)
    if task is None or task.removed_at is not None:
        raise NotFoundError("There is no such task.", remedy="It may have been taken back.")
    try:
        return task, lead_to_change(tx, desk, viewer, desk.ids.seal("lead", task.lead_id))
    except NotFoundError:
        raise no_such_lead() from None


def _recorded(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    found: LeadRow,
    task_id: int,
    text: str,
    toast: str,
    data: dict[str, object],
) -> Done:
    activity_id = add_activity(
        tx,
        found.lead_id,
        at=now_ms(desk),
        kind="task",
        account_id=viewer.account_id,
        text=text,
        data=data,
    )
    return Done(
        desk.ids.seal("lead", found.lead_id),
        found.version,
        toast,
        undo_token(desk, activity_id),
        desk.ids.seal("task", task_id),
    )
