"""What stands at the top of every page: where one can go, with what waits there, and who one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g

from inboxcrm.views.cadence_mails import outbox_badge
from inboxcrm.views.review import review_badge
from inboxcrm.web.room import this_room


@dataclass(frozen=True, slots=True)
class PagePlace:
    """`badge` says how much waits there, in few characters; empty for nothing."""

    key: str
    label: str
    path: str
    badge: str = ""


def teach_header(app: Flask) -> None:
    app.context_processor(_values)


def _values() -> dict[str, Any]:
    """Nothing is read for it unless a template asks: a part of a page that is drawn anew has no header."""
    me = g.get("opened")
    return {
        "me": me,
        "demo_people": this_room().demo_people if me else (),
        "places": _places,
    }


def _places() -> tuple[PagePlace, ...]:
    room = this_room()
    return (
        PagePlace("today", "Today", "/today"),
        PagePlace("inbox", "Inbox", "/"),
        PagePlace("leads", "Leads", "/leads"),
        PagePlace("pipeline", "Pipeline", "/pipeline"),
        PagePlace("review", "Review", "/review", review_badge(room.desk, room.viewer)),
        PagePlace("cadences", "Cadences", "/cadences", outbox_badge(room.desk, room.viewer)),
    )
