"""The steps of a cadence as a form: added, changed, moved, taken out; who would get what differently; and the way back.

The form is a draft that travels with every click and works without script. Nothing is written until the look was
seen: only the page that shows it has the button that does it, and that names the version it was made on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.cadence.edit_words import (
    change_in_words,
    counts_in_words,
    step_in_words,
    steps_changed_in_words,
)
from inboxcrm.cadence.steps import DelayUnit, StepKind
from inboxcrm.cadence.wanted_steps import MOST_STEPS, StepsError, WantedStep, read_steps
from inboxcrm.errors import FieldsError, ForbiddenError, InboxcrmError, RefusedError, UserError
from inboxcrm.services import adding, editing, step_versions
from inboxcrm.services.editing import EditLook
from inboxcrm.services.templates import templates
from inboxcrm.views.cadence_shapes import CadencePage
from inboxcrm.views.cadences import cadence_page
from inboxcrm.web.changes import Outcome, change_once, said, typed, whole_number
from inboxcrm.web.panel import Toast, keep_toast
from inboxcrm.web.room import Desk, new_key, this_room

cadence_steps = Blueprint("cadence_steps", __name__)

_SHOWN = 50
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """One step as the form holds it. `template` is "VERSION:NAME"; version 0 is the newest. `wrong` is all about it."""

    key: str = ""
    kind: str = "mail"
    template: str = ""
    title: str = ""
    delay: str = "3"
    unit: str = DelayUnit.BUSINESS_DAYS.value
    thread: str = "same"
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A look in words. `people` are (name, lead's path, what changes for them)."""

    look: EditLook
    steps: tuple[str, ...]
    counts: tuple[str, ...]
    people: tuple[tuple[str, str, str], ...]
    more: int


@cadence_steps.get("/cadences/<cadence_id>/steps")
def form(cadence_id: str) -> ResponseReturnValue:
    view = _cadence(cadence_id)
    room = this_room()
    version, steps = step_versions.steps_now(room.desk, room.viewer, view.line.name)
    return _show(view, [_row(one) for one in steps], version=version, whom="new")


@cadence_steps.post("/cadences/<cadence_id>/steps")
def change(cadence_id: str) -> ResponseReturnValue:
    """`do` is add, up-N, down-N, drop-N, look or save."""
    view = _cadence(cadence_id)
    rows, version, whom = (
        _rows(request.form),
        whole_number(request.form, "version"),
        request.form.get("for", "new"),
    )
    do, _, place = request.form.get("do", "look").partition("-")
    if do in {"add", "up", "down", "drop"}:
        return _show(view, _moved(rows, do, place), version=version, whom=whom)
    room = this_room()
    name, is_for_all = view.line.name, whom == "all"
    try:
        kinds = step_versions.kinds_of_steps(room.desk, room.viewer, name)
        wanted = read_steps(_document(rows), kinds=kinds)
        if do != "save":
            look = editing.look_at_edit(room.desk, room.viewer, name, wanted, for_all=is_for_all)
            return _show(view, rows, version=look.version, whom=whom, look=look)

        def act(desk: Desk) -> Outcome:
            editing.edit_cadence(
                desk, room.viewer, name, wanted, for_all=is_for_all, version=version
            )
            return {"text": "Saved. It holds for everybody in it too." if is_for_all else "Saved."}

        keep_toast(Toast(change_once(act)["text"]))
    except StepsError as error:
        return _show(view, _marked(rows, error), version=version, whom=whom, code=422)
    except UserError as error:
        return _show(view, rows, version=version, whom=whom, problem=said(error), code=422)
    except RefusedError as error:
        code = 403 if isinstance(error, ForbiddenError) else 409
        return _show(view, rows, version=version, whom=whom, problem=said(error), code=code)
    return redirect(url_for("cadences.page", cadence_id=cadence_id), 303)


@cadence_steps.get("/cadences/<cadence_id>/versions")
def versions(cadence_id: str) -> ResponseReturnValue:
    """All of them; with `to` what going back to one would do."""
    return _show_versions(_cadence(cadence_id), to=whole_number(request.args, "to"))


@cadence_steps.post("/cadences/<cadence_id>/versions")
def go_back(cadence_id: str) -> ResponseReturnValue:
    view = _cadence(cadence_id)
    room, to, version = (
        this_room(),
        whole_number(request.form, "to"),
        whole_number(request.form, "version"),
    )
    is_for_all = request.form.get("for", "new") == "all"

    def act(desk: Desk) -> Outcome:
        editing.roll_back(
            desk, room.viewer, view.line.name, to, for_all=is_for_all, version=version
        )
        return {"text": f"It is as it was in version {to}."}

    try:
        keep_toast(Toast(change_once(act)["text"]))
    except InboxcrmError as error:
        code = 403 if isinstance(error, ForbiddenError) else 409
        return _show_versions(view, to=0, problem=said(error), code=code)
    return redirect(url_for("cadences.page", cadence_id=cadence_id), 303)


@cadence_steps.get("/cadences/<cadence_id>/questions")
def questions(cadence_id: str) -> ResponseReturnValue:
    return _show_questions(_cadence(cadence_id))


@cadence_steps.post("/cadences/<cadence_id>/questions/<question_id>")
def answer(cadence_id: str, question_id: str) -> ResponseReturnValue:
    """A colleague's word on whether the cadence may write to somebody."""
    view = _cadence(cadence_id)
    room = this_room()
    yes = {"yes": True, "no": False}.get(request.form.get("answer", ""))

    def act(desk: Desk) -> Outcome:
        if yes is None:
            raise FieldsError({"answer": "Say yes or no."})
        look = adding.answer_question(desk, room.viewer, question_id, yes=yes)
        if not yes:
            return {"text": f"Noted: it will not write to {look.name}."}
        against = "; ".join(look.against)
        added = f"{look.name} is added." if not against else f"{look.name} is not added: {against}."
        return {"text": f"Noted. {added}"}

    try:
        keep_toast(Toast(change_once(act)["text"]))
    except InboxcrmError as error:
        code = 403 if isinstance(error, ForbiddenError) else 409
        return _show_questions(view, problem=said(error), code=code)
    return redirect(url_for("cadences.page", cadence_id=cadence_id), 303)


# --- drawing ---------------------------------------------------------------------------


def _cadence(cadence_id: str) -> CadencePage:
    room = this_room()
    return cadence_page(room.desk, room.viewer, cadence_id)


def _show(
    view: CadencePage,
    rows: list[Row],
    *,
    version: int,
    whom: str,
    look: EditLook | None = None,
    problem: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    room = this_room()
    page = render_template(
        "pages/cadence_steps.html",
        here="cadences",
        view=view,
        line=view.line,
        rows=rows,
        templates=templates(room.desk, room.viewer),
        units=[
            (one.value, "business days" if "business" in one.value else "days") for one in DelayUnit
        ],
        version=version,
        whom="all" if whom == "all" else "new",
        told=_told(look) if look else None,
        problem=problem,
        is_full=len(rows) >= MOST_STEPS,
        new_key=new_key,
    )
    return page, code


def _show_versions(
    view: CadencePage, *, to: int, problem: str = "", code: int = 200
) -> ResponseReturnValue:
    room = this_room()
    whom = "all" if request.args.get("for") == "all" else "new"
    look = None
    if to:
        try:
            look = editing.look_at_roll_back(
                room.desk, room.viewer, view.line.name, to, for_all=whom == "all"
            )
        except ForbiddenError as error:
            problem, code = said(error), 403
    found = step_versions.versions(room.desk, room.viewer, view.line.name)
    page = render_template(
        "pages/cadence_versions.html",
        here="cadences",
        view=view,
        line=view.line,
        versions=[
            (one, [step_in_words(step, at) for at, step in enumerate(one.steps, start=1)])
            for one in found
        ],
        to=to,
        whom=whom,
        told=_told(look) if look else None,
        problem=problem,
        new_key=new_key,
    )
    return page, code


def _show_questions(
    view: CadencePage, *, problem: str = "", code: int = 200
) -> ResponseReturnValue:
    room = this_room()
    page = render_template(
        "pages/cadence_questions.html",
        here="cadences",
        line=view.line,
        questions=adding.waiting_questions(room.desk, room.viewer, view.line.name),
        problem=problem,
        new_key=new_key,
    )
    return page, code


def _told(look: EditLook) -> Told:
    zone = str(this_room().zone)
    return Told(
        look,
        tuple(steps_changed_in_words(look.changes, look.steps)),
        tuple(counts_in_words(look.counts)),
        tuple(
            (
                one.name or one.address,
                f"/leads/{one.id}",
                "; ".join(
                    change_in_words(each, look.steps, zone=zone) for each in one.changes.mails
                ),
            )
            for one in look.edited[:_SHOWN]
        ),
        max(len(look.edited) - _SHOWN, 0),
    )


# --- the form ---------------------------------------------------------------------------


def _row(one: WantedStep) -> Row:
    return Row(
        one.key,
        one.kind.value,
        f"{one.version}:{one.template}" if one.template else "",
        one.title,
        str(one.delay),
        one.unit.value,
        "new" if one.opens_thread else "same",
    )


def _rows(given: Mapping[str, str]) -> list[Row]:
    """As many as the form says it has, and no more than there may be."""
    many = min(whole_number(request.form, "rows"), MOST_STEPS)
    names = ("key", "kind", "template", "title", "delay", "unit", "thread")
    return [
        Row(**{name: typed(given, f"{name}-{at}", longest=_LONGEST) for name in names})
        for at in range(1, many + 1)
    ]


def _moved(rows: list[Row], do: str, place: str) -> list[Row]:
    at = int(place) - 1 if place.isascii() and place.isdigit() and len(place) < 3 else -1
    found = list(rows)
    if do == "add" and len(found) < MOST_STEPS:
        kind = place if place in set(StepKind) else StepKind.MAIL.value
        return [*found, Row(kind=kind)]
    if not 0 <= at < len(found):
        return found
    if do == "drop" and len(found) > 1:
        found.pop(at)
    elif do == "up" and at > 0:
        found[at - 1], found[at] = found[at], found[at - 1]
    elif do == "down" and at + 1 < len(found):
        found[at + 1], found[at] = found[at], found[at + 1]
    return found


def _document(rows: list[Row]) -> list[dict[str, Any]]:
    """As a file would hold it, so that both are read alike."""
    found = []
    for one in rows:
        step: dict[str, Any] = {"key": one.key} if one.key else {}
        business = "business " if one.unit == DelayUnit.BUSINESS_DAYS.value else ""
        step["after"] = f"{one.delay} {business}days"
        if one.kind in {StepKind.TASK.value, StepKind.CALL.value}:
            step[one.kind] = one.title
        else:
            version, _, name = one.template.partition(":")
            number = (
                int(version) if version.isascii() and version.isdigit() and len(version) < 7 else 0
            )
            step |= {"template": name, "version": number, "thread": one.thread}
        found.append(step)
    return found


def _marked(rows: list[Row], error: StepsError) -> list[Row]:
    """Each problem beside its step; what belongs to none, beside the first."""
    wrong: dict[int, list[str]] = {}
    for one in error.problems:
        place, _, what = one.place.partition(", ")
        number = place.removeprefix("step ")
        at = int(number) if number.isdigit() else 1
        wrong.setdefault(at, []).append(f"{what}: {one.text}" if what else one.text)
    return [
        replace(row, wrong="; ".join(wrong.get(at, ()))) for at, row in enumerate(rows, start=1)
    ]
