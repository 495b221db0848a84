"""Making a mail merge: what they get, who gets it, from where. A look at the people comes with every choice of them.

From a segment's page it takes three clicks: write to them, the template, make it. Nothing is sent by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from inboxcrm.cadence.rule_forms import rules_from_form
from inboxcrm.errors import FieldsError, InboxcrmError, RefusedError, UserError
from inboxcrm.leads.segments import SegmentError
from inboxcrm.services.cadences import make_merge
from inboxcrm.services.mailbox_limits import zone_of_mailbox
from inboxcrm.services.segment_shapes import SegmentLine, SegmentView
from inboxcrm.services.segments import look_at, segments
from inboxcrm.services.templates import templates
from inboxcrm.views.cadence_senders import SenderChoice, sender_choices
from inboxcrm.views.cadences import cadence_url
from inboxcrm.web.changes import Outcome, change_once, said, typed
from inboxcrm.web.places import is_partial
from inboxcrm.web.room import Desk, new_key, this_room

new_cadence = Blueprint("new_cadence", __name__)

WRITTEN = "written"
LIMITS = (
    "hours",
    "windows",
    "clock",
    "zone",
    "day_cap",
    "gap_seconds",
    "domain_cap",
    "max_late_days",
    "ramp",
    "country",
    "quiet_days",
    "needs_consent",
    "guard",
    "guard_days",
    "stops_organization",
)
_FIELDS = ("name", "template", "which", "segment", "mailbox", "from_address", *LIMITS)
_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it stands. `which` names a saved segment, or says that one is written in `segment`."""

    values: dict[str, str]
    problems: dict[str, str]
    look: SegmentView | None = None
    places: tuple[str, ...] = ()

    def value(self, name: str) -> str:
        return self.values.get(name, "")


@new_cadence.get("/cadences/new")
def form() -> ResponseReturnValue:
    asked = typed(request.args, "segment", longest=_LONGEST)
    values = {
        "segment": asked,
        "template": typed(request.args, "template", longest=_LONGEST),
        "mailbox": "",
        "name": "",
    }
    return _show(values, {}, wants_look=bool(asked))


@new_cadence.post("/cadences/new")
def make() -> ResponseReturnValue:
    """`do` is look or make; htmx asks for the look alone."""
    room = this_room()
    values = {name: typed(request.form, name, longest=_LONGEST) for name in _FIELDS}
    if request.form.get("do") != "make":
        return _show(values, {}, wants_look=True)
    segment = _segment(values)
    missing = {
        name: words
        for name, held, words in (
            ("template", values["template"], "Choose what they get."),
            ("segment", segment.strip(), "Choose a segment, or write who it is."),
            ("mailbox", values["mailbox"], "Choose the mailbox it goes from."),
        )
        if not held
    }
    if missing:
        return _show(values, missing, wants_look=bool(segment.strip()), code=422)
    try:
        limits = {name: values[name] for name in LIMITS}
        zone = zone_of_mailbox(room.desk, values["mailbox"])
        rules = rules_from_form(limits, zone=zone)
    except FieldsError as error:
        return _show(values, dict(error.problems), wants_look=True, code=422)
    name = values["name"].strip() or default_name(values["template"], room.now())

    def act(desk: Desk) -> Outcome:
        made = make_merge(
            desk,
            room.viewer,
            name=name,
            template=values["template"],
            segment=segment,
            mailbox=values["mailbox"],
            from_address=values["from_address"],
            rules=rules,
        )
        return {"id": desk.ids.seal("cadence", made.row.id)}

    try:
        outcome = change_once(act)
    except SegmentError:
        return _show(values, {}, wants_look=True, code=422)
    except FieldsError as error:
        return _show(values, dict(error.problems), wants_look=True, code=422)
    except (UserError, RefusedError) as error:
        return _show(
            values | {"name": name}, {_place(error): said(error)}, wants_look=True, code=422
        )
    return redirect(cadence_url(outcome["id"]), 303)


def default_name(template: str, now: datetime) -> str:
    """What a merge is called that nobody gave a name."""
    return f"{template[:60].strip()}, {now.day} {now:%B %Y}"


def _place(error: InboxcrmError) -> str:
    """Beside which field a service's refusal belongs."""
    for word, name in (
        ("no mailbox", "mailbox"),
        ("no template", "template"),
        ("no segment", "segment"),
        ("no mail address", "from_address"),
    ):
        if word in error.message:
            return name
    return "name"


def _segment(values: dict[str, str]) -> str:
    return values["segment"] if values.get("which", WRITTEN) in {"", WRITTEN} else values["which"]


def _show(
    values: dict[str, str], problems: dict[str, str], *, wants_look: bool, code: int = 200
) -> ResponseReturnValue:
    room = this_room()
    known: tuple[SegmentLine, ...] = segments(room.desk, room.viewer)
    boxes: tuple[SenderChoice, ...] = sender_choices(room.desk, room.viewer)
    texts = templates(room.desk, room.viewer)
    standing = dict(values)
    if "which" not in standing:
        # A link names a segment in one word; the form has a choice and a place to write.
        held = next((one.name for one in known if one.name == standing["segment"]), "")
        standing["which"] = held or (WRITTEN if standing["segment"] or not known else "")
        standing["segment"] = "" if held else standing["segment"]
    if not standing["mailbox"] and len(boxes) == 1:
        standing["mailbox"] = boxes[0].name
    if not standing["template"] and len(texts) == 1:
        standing["template"] = texts[0].name
    draft = _looked(standing, problems) if wants_look else Draft(standing, problems)
    page: dict[str, Any] = {
        "here": "cadences",
        "draft": draft,
        "segments": known,
        "templates": texts,
        "boxes": boxes,
        "written": WRITTEN,
        "suggested": default_name(standing["template"] or "Merge", room.now()),
        "new_key": new_key,
    }
    if is_partial() and request.method == "POST":
        return render_template("partials/segment_look.html", look=draft.look, draft=draft)
    return render_template("pages/cadence_new.html", **page), code


def _looked(values: dict[str, str], problems: dict[str, str]) -> Draft:
    room = this_room()
    asked = _segment(values)
    if not asked.strip():
        return Draft(values, problems)
    try:
        return Draft(values, problems, look_at(room.desk, room.viewer, asked))
    except SegmentError as error:
        places = tuple(str(one) for one in error.problems)
        return Draft(values, {"segment": "This cannot be read yet."} | problems, None, places)
    except InboxcrmError as error:
        return Draft(values, {"segment": said(error)} | problems)
