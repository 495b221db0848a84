"""Snippets: the list, and one that is written or changed. What is saved holds for templates saved from then on."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.cadence.assembling import snippet_key
from inboxcrm.cadence.problems import TemplateProblemsError
from inboxcrm.errors import FieldsError, RefusedError, UserError
from inboxcrm.services.snippets import (
    SnippetView,
    remove_snippet,
    save_snippet,
    snippet_versions,
    snippets,
)
from inboxcrm.web.changes import Outcome, change_once, said, typed
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.room import Desk, new_key, this_room

snippet_pages = Blueprint("snippets", __name__)

_LONGEST = 100_000
_FIELDS = ("name", "text", "html")


@dataclass(frozen=True, slots=True)
class SnippetForm:
    """The form as it stands; `problems` by field."""

    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)


@snippet_pages.get("/snippets")
def everything() -> ResponseReturnValue:
    room = this_room()
    return render_template(
        "pages/snippets.html",
        here="cadences",
        rows=snippets(room.desk, room.viewer),
        toast=kept_toast(),
    )


@snippet_pages.get("/snippets/new")
def new() -> ResponseReturnValue:
    return _show(SnippetForm(dict.fromkeys(_FIELDS, "")), [])


@snippet_pages.post("/snippets/new")
def make() -> ResponseReturnValue:
    return _answer([])


@snippet_pages.get("/snippets/<snippet_id>")
def edit(snippet_id: str) -> ResponseReturnValue:
    versions = _versions(snippet_id)
    newest = versions[0]
    values = {"name": newest.name, "text": newest.text, "html": newest.html}
    return _show(SnippetForm(values), versions)


@snippet_pages.post("/snippets/<snippet_id>")
def save(snippet_id: str) -> ResponseReturnValue:
    return _answer(_versions(snippet_id))


@snippet_pages.post("/snippets/<snippet_id>/remove")
def remove(snippet_id: str) -> ResponseReturnValue:
    room = this_room()
    name = _versions(snippet_id)[0].name

    def act(desk: Desk) -> Outcome:
        remove_snippet(desk, room.viewer, name)
        return {"text": f"{name} is removed. Templates keep what they were saved with."}

    keep_toast(Toast(change_once(act)["text"]))
    return redirect(url_for("snippets.everything"), 303)


def _versions(snippet_id: str) -> list[SnippetView]:
    room = this_room()
    return snippet_versions(room.desk, room.viewer, snippet_id)


def _answer(versions: list[SnippetView]) -> ResponseReturnValue:
    room = this_room()
    values = {name: typed(request.form, name, longest=_LONGEST) for name in _FIELDS}
    if versions:
        values["name"] = versions[0].name
    elif any(
        snippet_key(one.name) == snippet_key(values["name"])
        for one in snippets(room.desk, room.viewer)
    ):
        taken = {"name": "There is a snippet of that name already. Choose another."}
        return _show(SnippetForm(values, taken), versions, code=422)

    def act(desk: Desk) -> Outcome:
        saved = save_snippet(desk, room.viewer, **values)
        return {"id": saved.id, "number": saved.number}

    try:
        outcome = change_once(act)
    except TemplateProblemsError as error:
        found: dict[str, str] = {}
        for one in error.problems:
            place = f"Line {one.line}: " if one.line else ""
            found[one.part] = f"{found.get(one.part, '')} {place}{one.text}".strip()
        return _show(SnippetForm(values, found), versions, code=422)
    except FieldsError as error:
        return _show(SnippetForm(values, dict(error.problems)), versions, code=422)
    except (UserError, RefusedError) as error:
        return _show(SnippetForm(values, {"name": said(error)}), versions, code=422)
    keep_toast(
        Toast(f"Saved as version {outcome['number']}. Templates take it when they are saved again.")
    )
    return redirect(url_for("snippets.edit", snippet_id=outcome["id"]), 303)


def _show(
    form: SnippetForm, versions: list[SnippetView], *, code: int = 200
) -> ResponseReturnValue:
    shown = render_template(
        "pages/snippet.html",
        here="cadences",
        form=form,
        versions=versions,
        toast=kept_toast() if request.method == "GET" else None,
        new_key=new_key,
    )
    return shown, code
