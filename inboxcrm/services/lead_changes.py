"""What every change of a lead has in common: who may, which row, which version, and what is written
down of it.

Ids come in and go out opaque. Every change is an activity; its undo token names that activity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from inboxcrm.access.viewer import Viewer, may_change_leads
from inboxcrm.errors import ConflictError, FieldsError, ForbiddenError, NotFoundError, UsageError
from inboxcrm.store import leads as lead_rows
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import LeadRow

_FURTHEST_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class Done:
    """A change as its caller sees it: the lead, its version now, the token that takes it back, and
    the toast's words.

    `undo` is None where there is nothing to take back. `object_id` is what was made: a task, a
    note.
    """

    lead_id: str
    version: int
    text: str
    undo: str | None = None
    object_id: str | None = None


class WrongFieldsError(UsageError, FieldsError):
    """What is wrong, field by field, and how to mend it; a command line reads the first of them."""

    def __init__(self, wrong: Mapping[str, tuple[str, str]]) -> None:
        message, remedy = next(iter(wrong.values()))
        UsageError.__init__(self, message, remedy=remedy)
        self.problems = {name: f"{said} {cure}".strip() for name, (said, cure) in wrong.items()}


def wrong(field: str, message: str, remedy: str) -> WrongFieldsError:
    return WrongFieldsError({field: (message, remedy)})


def one_line(given: object, field: str, what: str, *, longest: int = 300) -> str:
    text = " ".join(str(given).replace("\x00", "").split())
    if len(text) > longest:
        raise wrong(field, f"{what} is too long.", f"Use at most {longest} characters.")
    return text


def morning_of(desk: Desk, until: date) -> int:
    """When that day begins in the house's zone, in ms. Raises WrongFieldsError for "until" where it is not to come."""
    today = desk.today()
    if until <= today:
        raise wrong("until", "That day is not to come.", "Choose a day from tomorrow on.")
    if (until - today).days > _FURTHEST_DAYS:
        raise wrong("until", "That is more than ten years ahead.", "Check the year.")
    return to_ms(datetime.combine(until, time.min, ZoneInfo(desk.working_hours.zone)))


def prose(given: str, field: str, what: str, *, longest: int = 10_000) -> str:
    """Text as written, line breaks kept."""
    text = given.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > longest:
        raise wrong(
            field,
            f"{what} has {len(text)} characters; {longest} are allowed.",
            "Shorten it or write it in two.",
        )
    return text


class AlreadyLeadError(ConflictError):
    """The address belongs to a lead; `lead_id` is that one, opaque."""

    def __init__(self, message: str, *, lead_id: str, version: int) -> None:
        super().__init__(message, version=version, remedy="Open that lead instead.")
        self.lead_id = lead_id


def undo_token(desk: Desk, activity_id: int) -> str:
    return desk.ids.seal("undo", activity_id)


def now_ms(desk: Desk) -> int:
    return to_ms(desk.clock.now())


def refuse_strangers(viewer: Viewer) -> None:
    if not may_change_leads(viewer):
        raise ForbiddenError("You may not change leads.", remedy="Ask an admin for an account.")


def no_such_lead() -> NotFoundError:
    return NotFoundError(
        "There is no such lead.",
        remedy="It may have been removed; look for it in the list of leads.",
    )


def lead_to_change(tx: Tx, desk: Desk, viewer: Viewer, lead_id: str) -> LeadRow:
    """The standing lead of that opaque id, for somebody who may change it."""
    refuse_strangers(viewer)
    number = desk.ids.open("lead", lead_id)
    found = None if number is None else lead_rows.lead_by_id(tx, number)
    if found is None or found.is_withdrawn:
        raise no_such_lead()
    return found


def refuse_stale(found: LeadRow, version: int) -> None:
    """Before anything is written; `change_lead` asks once more, in the same statement that writes."""
    if found.version != version:
        raise stale(found.version)


def stale(version: int) -> ConflictError:
    return ConflictError(
        "Somebody changed this lead since you opened it; your change was not made.",
        version=version,
        remedy="Look at it as it stands now, then change it again.",
    )
