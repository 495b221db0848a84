"""What Alice has done about her leads so far, so that the demo shows a desk in use and not an empty one.

It goes through the same services as a page does, under a clock that stands where each thing happened.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from inboxcrm.services.lead_marks import add_tag
from inboxcrm.services.leads import add_note, edit_lead, move_stage
from inboxcrm.services.tasks import add_task
from inboxcrm.views.leads import LeadRow, lead_list

if TYPE_CHECKING:
    from inboxcrm.access.viewer import Viewer
    from inboxcrm.store.desk import Desk

# How far leads that answered have come, the newest first and round again.
WAYS = (
    ("engaged",),
    ("engaged", "mql"),
    ("engaged", "mql", "sal"),
    ("engaged",),
    ("engaged", "mql", "sal", "sql"),
    ("engaged", "sal", "sql", "opportunity"),
    (),
    ("engaged", "mql", "sal", "opportunity", "won"),
    ("engaged", "mql"),
    ("engaged", "sal", "lost"),
    ("engaged", "mql", "sal", "sql", "opportunity"),
)
VALUES = ("4800", "12500", "21000", "7400", "33000", "9600", "18200")
NOTES = (
    "Decides together with the facility manager; send both the same papers.",
    "Budget is set for the first quarter. Asked for references of a similar size.",
    "Prefers a call to long mails, best before ten.",
)
REASONS = ("They chose an offer without installation.", "Too dear", "The building is sold")
# Days from now on which leads that came far are expected to be won; one that has passed looks like life.
CLOSES = (12, 30, -2, 45, 75, 21)
AREAS = ("1200", "480", "3600", "950", "2100")
BUILDINGS = ("Office", "Warehouse", "School", "Shop")
ZONES = ("", "America/New_York", "", "Asia/Tokyo", "")
TAGS = ("Trade fair", "Wants a visit", "Framework contract")
TASKS = (
    ("Send the quote with separate positions", 0),
    ("Call about the installation date", 1),
    ("Ask whether the board has decided", -1),
    ("Send two references", 3),
)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A clock that stands."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def play_past(desk: Desk, viewer: Viewer, manager: int) -> None:
    """Moves, values, owners, tags, notes and tasks for the leads there are; nothing happens later than now.

    Leads that came far have an owner, Alice or the account `manager`, and what is known of their building.
    """
    answered = [
        row for row in lead_list(desk, viewer, limit=200).rows if row.last_in_at and row.last_out_at
    ]
    for place, row in enumerate(answered):
        _play(desk, viewer, row, place, desk.ids.seal("account", manager))


def _play(desk: Desk, viewer: Viewer, row: LeadRow, place: int, manager: str) -> None:
    now = desk.clock.now()
    way = WAYS[place % len(WAYS)]
    began = now - timedelta(days=row.stage.days)
    version, last = row.version, began
    for step, stage in enumerate(way, start=1):
        at = began + (row.at - began) * step / (len(way) + 1)
        if step == len(way) and place % 4 == 3:
            # Some moved this very week.
            at = max(at, now - timedelta(days=1 + place % 5))
        last = min(max(at, began), now)
        then = replace(desk, clock=_Standing(last))
        reason = REASONS[place // len(WAYS) % len(REASONS)] if stage == "lost" else ""
        done = move_stage(then, viewer, row.id, stage, version=version, reason=reason)
        version = done.version
    if len(way) >= 3:
        known: dict[str, Any] = {
            "value": VALUES[place % len(VALUES)],
            "currency": "EUR",
            "close": (now.date() + timedelta(days=CLOSES[place % len(CLOSES)])).isoformat(),
            "owner": manager if place % 3 == 1 else "me",
            "custom": {
                "area": AREAS[place % len(AREAS)],
                "building": BUILDINGS[place % len(BUILDINGS)],
                "time_zone": ZONES[place % len(ZONES)],
            },
        }
        earlier = replace(desk, clock=_Standing(max(row.at, last)))
        done = edit_lead(earlier, viewer, row.id, version=version, changes=known)
        if place % 5 == 1 and way[-1] not in {"won", "lost"}:
            lately = replace(desk, clock=_Standing(max(row.at, last, now - timedelta(days=2))))
            later = now.date() + timedelta(days=CLOSES[place % len(CLOSES)] + 30)
            put_off = {"close": later.isoformat()}
            edit_lead(lately, viewer, row.id, version=done.version, changes=put_off)
        if place % 2 == 0:
            add_tag(earlier, viewer, row.id, TAGS[place // 2 % len(TAGS)])
        add_note(earlier, viewer, row.id, NOTES[place % len(NOTES)])
    if place % 3 == 0 and way[-1:] not in (("won",), ("lost",)):
        title, days = TASKS[place // 3 % len(TASKS)]
        add_task(desk, viewer, row.id, title, now.date() + timedelta(days=days))
