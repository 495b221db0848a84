"""The panel as it stands on some page: what it is about, whom of several people it shows, where a change returns to.

All of it travels in hidden fields of the panel's forms, so that any of them works without script and after a restart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask import request, session

from inboxcrm.errors import UsageError
from inboxcrm.views.leads import search_leads
from inboxcrm.views.shapes import Context, SidebarState, SidebarView
from inboxcrm.views.sidebar import sidebar
from inboxcrm.web.changes import Attempt
from inboxcrm.web.context import context_as_text, context_from_text
from inboxcrm.web.room import this_room

LONGEST_SEARCH = 100


class Place(StrEnum):
    THREAD = "thread"
    SIDEBAR = "sidebar"


@dataclass(frozen=True, slots=True)
class OpenPanel:
    """`place_id` is the thread of the page around it; `person` the address chosen among several."""

    context: Context
    place: Place = Place.SIDEBAR
    place_id: str = ""
    person: str = ""
    find: str = ""

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        # A page of our own needs only its id to be drawn again; a panel beside other people's pages needs it all.
        told = context_as_text(self.context) if self.place is Place.SIDEBAR else ""
        pairs = (
            ("context", told),
            ("place", self.place.value),
            ("place_id", self.place_id),
            ("person", self.person),
            ("find", self.find),
        )
        return tuple(pair for pair in pairs if pair[1])

    def without_person(self) -> OpenPanel:
        return replace(self, person="", find="")

    def without_find(self) -> OpenPanel:
        return replace(self, find="")

    def shown_address(self, view: SidebarView) -> str:
        """Which of the choices the panel shows."""
        if self.person:
            return self.person
        if view.candidate:
            return "" if view.state is SidebarState.CHOICE else view.candidate.address
        if view.lead is None:
            return ""
        for choice in view.choices:
            if choice.lead_id == view.lead.id:
                return choice.address
        return view.lead.address


@dataclass(frozen=True, slots=True)
class Toast:
    text: str
    undo: str | None = None
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change that came too late: what was wanted, and the form that would make it all the same."""

    message: str
    wanted: tuple[tuple[str, str], ...] = ()
    again: str = ""
    values: tuple[tuple[str, str], ...] = ()


def panel_from_form() -> OpenPanel:
    form = request.form
    try:
        place = Place(form.get("place", Place.SIDEBAR.value))
    except ValueError:
        raise UsageError(
            "This panel belongs to no page we know.", remedy="Reload the page."
        ) from None
    place_id = form.get("place_id", "")[:100]
    context = context_from_text(form.get("context", "{}"))
    return OpenPanel(
        Context(thread=place_id) if place is Place.THREAD else context,
        place,
        place_id,
        form.get("person", "")[:500],
        form.get("find", "").strip()[:LONGEST_SEARCH],
    )


def view_of(open_panel: OpenPanel) -> SidebarView:
    room = this_room()
    return sidebar(room.desk, room.viewer, open_panel.context, person=open_panel.person)


def panel_values(open_panel: OpenPanel, **more: Any) -> dict[str, Any]:
    """What the partials of the panel are rendered with."""
    room = this_room()
    found = (
        search_leads(room.desk, room.viewer, open_panel.find, limit=6) if open_panel.find else ()
    )
    standing = {"open": open_panel, "view": view_of(open_panel), "found": found}
    empty = {"conflict": None, "attempt": Attempt(), "asked": None, "toast": None}
    return standing | empty | more


def keep_toast(toast: Toast) -> None:
    """For the page that a browser without script is sent to."""
    session["toast"] = [toast.text[:200], toast.undo]


def kept_toast() -> Toast | None:
    kept = session.pop("toast", None)
    return Toast(str(kept[0]), kept[1]) if kept else None
