"""Files that go with a template: added and taken off on its page. Each change is a new version, as any other is."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.cadence.attachments import OutgoingFile
from inboxcrm.errors import FieldsError, InboxcrmError, NotFoundError, RefusedError
from inboxcrm.services.templates import save_template
from inboxcrm.views.templates import template_page
from inboxcrm.web.changes import Outcome, change_once, said
from inboxcrm.web.panel import Toast, keep_toast
from inboxcrm.web.room import Desk, this_room

template_file_pages = Blueprint("template_files", __name__)


@template_file_pages.post("/templates/<template_id>/files")
def add(template_id: str) -> ResponseReturnValue:
    given = [one for one in request.files.getlist("file") if one.filename]
    files = [OutgoingFile(one.filename or "", one.stream.read()) for one in given]
    named = ", ".join(one.filename or "" for one in given)[:200]
    return _change(template_id, f"{named} goes with it from version {{}} on.", files=files)


@template_file_pages.post("/templates/<template_id>/files/remove")
def remove(template_id: str) -> ResponseReturnValue:
    name = request.form.get("name", "")[:500]
    return _change(template_id, f"{name} does not go with version {{}}.", without=name)


def _change(
    template_id: str, words: str, *, files: list[OutgoingFile] | None = None, without: str = ""
) -> ResponseReturnValue:
    room = this_room()

    def act(desk: Desk) -> Outcome:
        # Read where it is saved: nobody's newer words are lost by a file.
        shown = template_page(desk, room.viewer, template_id).shown
        saved = save_template(
            desk,
            room.viewer,
            name=shown.line.name,
            subject=shown.subject,
            text=shown.text,
            html=shown.html,
            fallbacks=shown.fallbacks,
            files=files or (),
            without=(without,) if without else (),
        )
        return {"text": words.replace("{}", str(saved.number))}

    try:
        if not files and not without:
            raise RefusedError("No file was chosen.", remedy="Choose one, then add it.")
        told = change_once(act)["text"]
    except NotFoundError:
        raise
    except FieldsError as error:
        told = " ".join(error.problems.values())
    except InboxcrmError as error:
        told = said(error)
    keep_toast(Toast(told[:600]))
    return redirect(url_for("templates.edit", template_id=template_id) + "#files", 303)
