"""Tasks of leads: set, done, postponed. Each is an activity of its lead and can be taken back."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.services.lead_changes import Done, lead_to_change, no_such_lead, now_ms, undo_token
from inboxcrm.store import tasks as task_rows
from inboxcrm.store.activities import add_activity
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.tasks import TaskRow

_LONGEST = 300
_FURTHEST_DAYS = 3660


def add_task(
    desk: Desk, viewer: Viewer, lead_id: str, title: str, due_on: date | None = None
) -> Done:
    said = " ".join(title.replace("\x00", "").split())
    if not said:
        raise UsageError("The task has no title.", remedy="Say in a few words what is to be done.")
    if len(said) > _LONGEST:
        raise UsageError(
            "The title of the task is too long.", remedy=f"Use at most {_LONGEST} characters."
        )
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        task_id = task_rows.insert_task(
            tx,
            found.lead_id,
            title=said,
            due_on=due_on.isoformat() if due_on else None,
            account_id=viewer.account_id,
            at=now_ms(desk),
        )
        text = f"Task: {said}" + (f", due {due_on.isoformat()}" if due_on else "")
        data = {"task_id": task_id, "deed": "added"}
        return _recorded(tx, desk, viewer, found, task_id, text, "Task added", data)


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
        today = desk.clock.now().astimezone(ZoneInfo(desk.working_hours.zone)).date()
        start = max(today, date.fromisoformat(task.due_on)) if task.due_on else today
        due_on = (start + timedelta(days=days)).isoformat()
        if not task_rows.set_due(tx, task.task_id, due_on=due_on):
            raise UsageError("This task is done.", remedy="Add a new one instead.")
        data = {"task_id": task.task_id, "deed": "postponed", "from": task.due_on, "to": due_on}
        return _recorded(
            tx,
            desk,
            viewer,
            found,
            task.task_id,
            f"{task.title}: now due {due_on}",
            f"Now due {due_on}",
            data,
        )


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
