"""Segments: the list, and one as a form or as text with what it means, how many are in it, who they are and who is left
out.

Looking changes nothing; a segment's name stays, so that a cadence that names it keeps meaning it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import FieldsError, InboxcrmError, NotFoundError, RefusedError, UserError
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.leads.segment_form import Group, form_of, tree_of
from inboxcrm.leads.segment_text import parse_segment, segment_as_text
from inboxcrm.leads.segments import SegmentError
from inboxcrm.services.segment_choices import segment_choices
from inboxcrm.services.segment_shapes import SegmentLine, SegmentView
from inboxcrm.services.segments import look_at, remove_segment, save_segment, segments
from inboxcrm.web.changes import Outcome, change_once, said, typed
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.places import is_partial
from inboxcrm.web.room import Desk, new_key, this_room
from inboxcrm.web.segment_form import DrawnForm, drawn, edited, form_sent, is_edit, problem_lines

segment_pages = Blueprint("segments", __name__)

_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class SegmentForm:
    """The page as it stands, and who that is. `asked` is the form, None while it is text; `places` are a filter's
    problems with their columns or rows.
    """

    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    look: SegmentView | None = None
    asked: DrawnForm | None = None


@segment_pages.get("/segments")
def everything() -> ResponseReturnValue:
    room = this_room()
    rows = segments(room.desk, room.viewer)
    return render_template(
        "pages/segments.html", here="cadences", rows=rows, toast=kept_toast(), new_key=new_key
    )


@segment_pages.get("/segments/new")
def new() -> ResponseReturnValue:
    text = typed(request.args, "text", longest=_LONGEST)
    values = {"name": "", "text": text, "kind": "live"}
    return _show(_as_form(_looked(values) if text else SegmentForm(values)), None)


@segment_pages.post("/segments/new")
def make() -> ResponseReturnValue:
    return _answer(None)


@segment_pages.get("/segments/<segment_id>")
def page(segment_id: str) -> ResponseReturnValue:
    """Of a frozen one the leads it holds; of a live one those it finds now."""
    room = this_room()
    line = _line(segment_id)
    values = {"name": line.name, "text": line.text, "kind": line.kind}
    if line.problem:
        return _show(SegmentForm(values, {"text": line.problem}), line)
    found = SegmentForm(values, look=look_at(room.desk, room.viewer, line.name))
    return _show(_as_form(found), line)


@segment_pages.post("/segments/<segment_id>")
def save(segment_id: str) -> ResponseReturnValue:
    return _answer(_line(segment_id))


@segment_pages.post("/segments/<segment_id>/remove")
def remove(segment_id: str) -> ResponseReturnValue:
    room = this_room()
    line = _line(segment_id)

    def act(desk: Desk) -> Outcome:
        return {"text": f"{remove_segment(desk, room.viewer, line.name).name} is removed."}

    keep_toast(Toast(change_once(act)["text"]))
    return redirect(url_for("segments.everything"), 303)


# --- answering ------------------------------------------------------------------------


def _line(segment_id: str) -> SegmentLine:
    room = this_room()
    for one in segments(room.desk, room.viewer):
        if one.id == segment_id:
            return one
    raise NotFoundError("There is no such segment.", remedy="See the list of segments.")


def _answer(line: SegmentLine | None) -> ResponseReturnValue:
    """`do` is look or save; form or text to go on writing it so; or a button of the form. A new one never takes the
    place of another.
    """
    values = {
        name: typed(request.form, name, longest=_LONGEST) for name in ("name", "text", "kind")
    }
    values["text"] = values["text"].strip()
    if line is not None:
        values["name"] = line.name
    do = request.form.get("do", "look")
    if request.form.get("by") == "form":
        return _answer_form(values, do, line)
    if do == "form":
        return _show(_as_form(_looked(values) if values["text"] else SegmentForm(values)), line)
    return _save(values, line) if do == "save" else _show(_looked(values), line)


def _answer_form(values: dict[str, str], do: str, line: SegmentLine | None) -> ResponseReturnValue:
    room = this_room()
    choices, form = segment_choices(room.desk, room.viewer), form_sent(request.form)
    if is_edit(do):
        form, fresh = edited(form, do, request.form, choices)
        return _show(SegmentForm(values, asked=drawn(form, choices, fresh=fresh)), line)
    if do == "text" and not form.of:
        return _show(SegmentForm(values), line)
    try:
        values["text"] = segment_as_text(tree_of(form, choices.fields))
    except SegmentError as error:
        places = tuple(problem_lines(form, choices, error.problems))
        asked = drawn(form, choices, error.problems)
        return _show(
            SegmentForm(values, {}, places, asked=asked), line, code=422 if do == "save" else 200
        )
    if do == "save":
        return _save(values, line, asked=drawn(form, choices))
    found = _looked(values)
    return _show(found if do == "text" else replace(found, asked=drawn(form, choices)), line)


def _as_form(found: SegmentForm) -> SegmentForm:
    """As its text says; what cannot be read stays text."""
    room = this_room()
    choices = segment_choices(room.desk, room.viewer)
    text = found.look.text if found.look else found.values["text"]
    try:
        form = form_of(parse_segment(text, choices.fields)) if text.strip() else Group()
    except SegmentError:
        return found
    return replace(found, asked=drawn(form, choices))


def _save(
    values: dict[str, str], line: SegmentLine | None, *, asked: DrawnForm | None = None
) -> ResponseReturnValue:
    """`asked`: the form it was sent as."""
    room = this_room()

    def refused(problems: dict[str, str] | None = None) -> ResponseReturnValue:
        return _show(replace(_looked(values, problems), asked=asked), line, code=422)

    if line is None:
        wanted = folded_name(values["name"])
        known = segments(room.desk, room.viewer)
        if any(folded_name(one.name) == wanted for one in known):
            words = f'There is a segment "{values["name"][:80]}" already. Choose another name.'
            return refused({"name": words})

    def act(desk: Desk) -> Outcome:
        saved = save_segment(
            desk, room.viewer, name=values["name"], text=values["text"], kind=values["kind"]
        )
        return {"id": saved.id, "text": f"{saved.name} is saved."}

    try:
        outcome = change_once(act)
    except SegmentError:
        return refused()
    except FieldsError as error:
        return refused(dict(error.problems))
    except (UserError, RefusedError) as error:
        return refused({"name": said(error)})
    keep_toast(Toast(outcome["text"]))
    return redirect(url_for("segments.page", segment_id=outcome["id"]), 303)


def _looked(values: dict[str, str], problems: dict[str, str] | None = None) -> SegmentForm:
    room = this_room()
    found = dict(problems or {})
    if not values["text"].strip():
        return SegmentForm(values, found or {"text": "Write who it is."})
    try:
        return SegmentForm(values, found, look=look_at(room.desk, room.viewer, values["text"]))
    except SegmentError as error:
        places = tuple(str(one) for one in error.problems)
        return SegmentForm(values, {"text": "This cannot be read yet."} | found, places)
    except InboxcrmError as error:
        return SegmentForm(values, {"text": said(error)} | found)


def _show(form: SegmentForm, line: SegmentLine | None, *, code: int = 200) -> ResponseReturnValue:
    if is_partial() and request.method == "POST":
        if is_edit(request.form.get("do", "")):
            return render_template("partials/segment_form.html", asked=form.asked)
        return render_template("partials/segment_look.html", look=form.look, draft=form)
    shown = render_template(
        "pages/segment.html",
        here="cadences",
        form=form,
        line=line,
        toast=kept_toast() if request.method == "GET" else None,
        new_key=new_key,
    )
    return shown, code
