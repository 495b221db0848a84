"""Suppression: whom nothing is sent to, said once for the whole house; added and taken off with one field."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import RefusedError, UserError
from inboxcrm.files.lead_export import write_csv
from inboxcrm.files.table_reading import table_from_bytes
from inboxcrm.services.people import note_export
from inboxcrm.services.suppression_lists import TakenIn, rows_of, take_in
from inboxcrm.services.suppressions import release as take_off
from inboxcrm.services.suppressions import suppress
from inboxcrm.views.suppression import COLUMNS, suppression_list, suppression_table
from inboxcrm.web.changes import Outcome, change_once, said, typed
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.room import Desk, new_key, this_room

suppression_pages = Blueprint("suppression", __name__)

_LONGEST = 500


@suppression_pages.get("/suppression")
def page() -> ResponseReturnValue:
    return _show()


@suppression_pages.post("/suppression")
def add() -> ResponseReturnValue:
    """An address or a domain."""
    subject = _typed()

    def act(desk: Desk) -> str:
        is_new = suppress(desk, this_room().viewer, subject)
        return (
            f"Nothing is sent to {subject} any more."
            if is_new
            else f"{subject} stood there already."
        )

    return _change(act, subject)


@suppression_pages.post("/suppression/release")
def release() -> ResponseReturnValue:
    subject = _typed()

    def act(desk: Desk) -> str:
        stood = take_off(desk, this_room().viewer, subject)
        return f"{subject} may be written to again." if stood else f"{subject} was not suppressed."

    return _change(act, "")


@suppression_pages.post("/suppression/import")
def bring() -> ResponseReturnValue:
    """A list of another program: CSV, TSV or JSON."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return _show(problem="Choose a file first.", code=422)
    name, content = given.filename[:100], given.read()

    def act(desk: Desk) -> str:
        viewer = this_room().viewer
        rows = rows_of(table_from_bytes(name, content), request.form.get("column", "")[:100])
        wrong, done = [], TakenIn()
        for found in take_in(desk, viewer, rows, source=f"imported from {name}"):
            if isinstance(found, TakenIn):
                done = found
            else:
                wrong.append(found)
        said = f"{done.new} new, {done.known} stood already."
        if wrong:
            first, why = wrong[0]
            said += f" {len(wrong)} could not be read, the first in line {first.line}: {why}"
        return said

    return _change(act, "")


@suppression_pages.get("/suppression/export.csv")
def give_out() -> ResponseReturnValue:
    room = this_room()
    target = io.StringIO(newline="")
    count = write_csv(suppression_table(room.desk, room.viewer), COLUMNS, target)
    note_export(room.desk, room.viewer, f"{count} suppressions")
    answer = make_response(target.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = "attachment; filename=suppressed.csv"
    return answer


def _typed() -> str:
    return typed(request.form, "subject", longest=_LONGEST).strip()


def _change(act: Callable[[Desk], str], typed: str) -> ResponseReturnValue:
    def once(desk: Desk) -> Outcome:
        return {"text": act(desk)}

    try:
        keep_toast(Toast(change_once(once)["text"]))
    except (UserError, RefusedError) as error:
        return _show(typed=typed, problem=said(error), code=422)
    return redirect(url_for("suppression.page"), 303)


def _show(*, typed: str = "", problem: str = "", code: int = 200) -> ResponseReturnValue:
    room = this_room()
    find = request.args.get("find", "")[:200]
    after = request.args.get("after", "")[:_LONGEST] or None
    shown = render_template(
        "pages/suppression.html",
        here="cadences",
        view=suppression_list(room.desk, room.viewer, words=find, after=after),
        find=find,
        is_first=after is None,
        typed=typed,
        problem=problem,
        toast=kept_toast() if not problem else None,
        new_key=new_key,
    )
    return shown, code
