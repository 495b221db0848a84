"""A table into leads, page by page: chosen, its columns named and 20 rows looked at, imported, taken back.

upload   the file is kept for a day; nothing else changes
look     what would happen, by the code that imports
bring    imports in one transaction, once for each form
"""

from __future__ import annotations

import io
from collections.abc import Mapping

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import NotFoundError, RefusedError, UsageError
from inboxcrm.files.table_reading import Table
from inboxcrm.files.table_rejected import write_rejected
from inboxcrm.leads.import_columns import known_columns
from inboxcrm.services.import_shapes import ImportOrder, ImportPreview
from inboxcrm.services.import_undo import undo_import
from inboxcrm.services.import_uploads import import_upload, keep_upload, uploaded_table
from inboxcrm.services.lead_import import (
    import_list,
    import_named,
    number_of,
    preview_import,
    rejected_of,
)
from inboxcrm.services.table_merges import segment_of
from inboxcrm.web.changes import Outcome, change_once, said
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.room import Desk, new_key, this_room

import_pages = Blueprint("lead_import", __name__)

_LOOKED_AT = 2_000
_SHOWN = 20


@import_pages.get("/leads/import")
def choose() -> ResponseReturnValue:
    return _choose()


@import_pages.post("/leads/import")
def upload() -> ResponseReturnValue:
    """Sent again it is kept again: the day after both are gone."""
    room, given = this_room(), request.files.get("file")
    if given is None or not given.filename:
        return _choose("Choose a file first."), 422
    try:
        kept = keep_upload(room.desk, room.viewer, given.filename, given.stream.read())
    except UsageError as error:
        return _choose(said(error)), 422
    return redirect(url_for("lead_import.look", file_id=kept), 303)


@import_pages.get("/leads/import/files/<file_id>")
def look(file_id: str) -> ResponseReturnValue:
    """As the columns are known by themselves."""
    return _look(file_id, _found(file_id), ImportOrder())


@import_pages.post("/leads/import/files/<file_id>")
def bring(file_id: str) -> ResponseReturnValue:
    """Looks again, or imports. A form that is sent twice finds what the first one did."""
    if request.form.get("do") != "import":
        table = _found(file_id)
        return _look(file_id, table, _order(table))

    def once(desk: Desk) -> Outcome:
        viewer = this_room().viewer
        table = uploaded_table(desk, viewer, file_id)
        return {"id": import_upload(desk, viewer, file_id, _order(table)).id}

    try:
        done = change_once(once)
    except NotFoundError as error:
        return _choose(said(error)), 404
    except UsageError:
        table = _found(file_id)
        return _look(file_id, table, _order(table))
    return redirect(url_for("lead_import.done", import_id=done["id"]), 303)


@import_pages.get("/leads/import/<import_id>")
def done(import_id: str) -> ResponseReturnValue:
    room = this_room()
    line = import_named(room.desk, room.viewer, number_of(room.desk, import_id))
    headings, rejected = rejected_of(room.desk, room.viewer, line.number)
    return render_template(
        "pages/import_done.html",
        here="leads",
        line=line,
        segment=segment_of(line.tag) if line.tag else "",
        headings=headings,
        rejected=[row for row, _ in zip(rejected, range(_SHOWN), strict=False)],
        toast=kept_toast(),
        new_key=new_key,
    )


@import_pages.get("/leads/import/<import_id>/rejected.csv")
def rejected_csv(import_id: str) -> ResponseReturnValue:
    room = this_room()
    number = number_of(room.desk, import_id)
    headings, rows = rejected_of(room.desk, room.viewer, number)
    target = io.StringIO(newline="")
    write_rejected(((one.line, one.reason, one.cells) for one in rows), headings, target)
    answer = Response(target.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="rejected-{number}.csv"'
    return answer


@import_pages.post("/leads/import/<import_id>/undo")
def undo(import_id: str) -> ResponseReturnValue:
    def once(desk: Desk) -> Outcome:
        back = undo_import(desk, this_room().viewer, number_of(desk, import_id))
        stays = "; ".join(f"{many} stay: {reason}" for reason, many in back.stayed.items())
        text = f"{back.removed} leads removed, {back.put_back} as they were before."
        return {"text": f"{text} {stays}".strip()}

    try:
        told = change_once(once)["text"]
    except RefusedError as error:
        told = said(error)
    keep_toast(Toast(told))
    return redirect(url_for("lead_import.done", import_id=import_id), 303)


def _found(file_id: str) -> Table:
    room = this_room()
    return uploaded_table(room.desk, room.viewer, file_id)


def _order(table: Table) -> ImportOrder:
    """Columns by their place in the form; what the form does not name is found out."""
    form = request.form
    said_of: Mapping[str, str] = {
        name: form[f"field.{number}"][:100]
        for number, name in enumerate(table.columns)
        if f"field.{number}" in form
    }
    return ImportOrder(
        said=said_of, update=form.get("mode") != "skip", tag=form.get("tag", "")[:200]
    )


def _choose(problem: str = "") -> str:
    room = this_room()
    return render_template(
        "pages/import.html",
        here="leads",
        lines=import_list(room.desk, room.viewer, limit=20),
        problem=problem,
        toast=kept_toast() if not problem else None,
        new_key=new_key,
    )


def _look(file_id: str, table: Table, order: ImportOrder) -> ResponseReturnValue:
    room = this_room()
    view: ImportPreview | None = None
    problems: list[str] = []
    try:
        view = preview_import(room.desk, room.viewer, table, order, most=_LOOKED_AT)
    except UsageError as error:
        problems = said(error).splitlines()
    columns = (
        [(one.name, one.field, one.sample) for one in view.columns]
        if view
        else [(name, order.said.get(name, ""), "") for name in table.columns]
    )
    page = render_template(
        "pages/import_table.html",
        here="leads",
        file_id=file_id,
        name=table.name,
        columns=columns,
        fields=known_columns(room.desk.lead_fields),
        order=order,
        view=view,
        problems=problems,
        new_key=new_key,
    )
    return page, 422 if problems else 200
