"""The limits of a cadence as a form: filled with what stands, looked at, and only then changed.

It works without script. The button that changes them stands on the page that shows the look, and names the limits it
was made on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.cadence.limit_forms import form_of
from inboxcrm.cadence.limit_words import PEOPLE_MET, days_in_words, mail_moved_in_words
from inboxcrm.cadence.rule_forms import rules_from_form
from inboxcrm.errors import FieldsError, ForbiddenError, RefusedError
from inboxcrm.services import limits
from inboxcrm.services.limits import LimitsLook
from inboxcrm.views.cadence_shapes import CadencePage
from inboxcrm.views.cadence_words import rules_in_words
from inboxcrm.views.cadences import cadence_page
from inboxcrm.web.changes import Outcome, change_once, said, typed
from inboxcrm.web.new_cadence import LIMITS
from inboxcrm.web.panel import Toast, keep_toast
from inboxcrm.web.room import Desk, new_key, this_room

cadence_limits = Blueprint("cadence_limits", __name__)

_SHOWN = 50
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it stands."""

    values: dict[str, str]

    def value(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class Told:
    """A look in words. `gone` and `new` are sentences; `people` are (name, lead's path, what changes for them)."""

    look: LimitsLook
    gone: tuple[str, ...]
    new: tuple[str, ...]
    so_far: str
    then: str
    counts: tuple[str, ...]
    people: tuple[tuple[str, str, str], ...]
    more: int


@cadence_limits.get("/cadences/<cadence_id>/limits")
def form(cadence_id: str) -> ResponseReturnValue:
    view, room = _cadence(cadence_id), this_room()
    try:
        mark, rules = limits.limits_of(room.desk, room.viewer, view.line.name)
    except ForbiddenError as error:
        return _show(view, {}, mark="", problem=said(error), code=403)
    except RefusedError as error:
        return _show(view, {}, mark="", problem=said(error), code=409)
    return _show(view, form_of(rules), mark=mark)


@cadence_limits.post("/cadences/<cadence_id>/limits")
def change(cadence_id: str) -> ResponseReturnValue:
    """`do` is look or save."""
    view, room = _cadence(cadence_id), this_room()
    values = {name: typed(request.form, name, longest=_LONGEST) for name in LIMITS}
    mark, name = request.form.get("mark", "")[:40], view.line.name
    try:
        rules = rules_from_form(values, zone=str(room.zone))
        if request.form.get("do") != "save":
            look = limits.look_at_limits(room.desk, room.viewer, name, rules)
            return _show(view, values, mark=mark, look=look)

        def act(desk: Desk) -> Outcome:
            look = limits.change_limits(desk, room.viewer, name, rules, mark=mark)
            many = len(look.moved)
            met = "1 person gets" if many == 1 else f"{many} people get"
            return {"text": f"Changed. {met} something at another time." if many else "Changed."}

        keep_toast(Toast(change_once(act)["text"]))
    except FieldsError as error:
        return _show(view, values, mark=mark, wrong=dict(error.problems), code=422)
    except RefusedError as error:
        code = 403 if isinstance(error, ForbiddenError) else 409
        return _show(view, values, mark=mark, problem=said(error), code=code)
    return redirect(url_for("cadences.page", cadence_id=cadence_id), 303)


def _cadence(cadence_id: str) -> CadencePage:
    room = this_room()
    return cadence_page(room.desk, room.viewer, cadence_id)


def _show(
    view: CadencePage,
    values: dict[str, str],
    *,
    mark: str,
    look: LimitsLook | None = None,
    wrong: Mapping[str, str] | None = None,
    problem: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "pages/cadence_limits.html",
        here="cadences",
        view=view,
        line=view.line,
        draft=Draft(values),
        mark=mark,
        wrong=wrong or {},
        problem=problem,
        told=_told(look) if look else None,
        new_key=new_key,
    )
    return page, code


def _told(look: LimitsLook) -> Told:
    zone = str(this_room().zone)
    before, after = rules_in_words(look.before), rules_in_words(look.after)
    spans = [
        days_in_words(one.mails, one.first_at, one.last_at, zone=zone)
        for one in (look.ahead_before, look.ahead_after)
    ]
    return Told(
        look,
        tuple(one for one in before if one not in after),
        tuple(one for one in after if one not in before),
        spans[0],
        spans[1],
        tuple(
            f"1 person {PEOPLE_MET[kind][0]}"
            if many == 1
            else f"{many} people {PEOPLE_MET[kind][1]}"
            for kind, many in look.counts.items()
        ),
        tuple(
            (
                one.name or one.address,
                f"/leads/{one.id}",
                "; ".join(mail_moved_in_words(each, zone=zone) for each in one.changes.mails),
            )
            for one in look.moved[:_SHOWN]
        ),
        max(len(look.moved) - _SHOWN, 0),
    )
