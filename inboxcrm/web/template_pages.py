"""Templates: the list, the editor, older versions. Whatever is wrong is said beside its field, with the line it is in.

Saving makes a new version; mails that are planned keep theirs, and what was sent can always be read again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.cadence.problems import TemplateProblem, TemplateProblemsError
from inboxcrm.errors import FieldsError, RefusedError, UserError
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.services.own_tests import own_tests
from inboxcrm.services.snippets import snippets
from inboxcrm.services.template_trying import Tried, try_template
from inboxcrm.services.templates import save_template
from inboxcrm.views.cadence_senders import sender_choices
from inboxcrm.views.leads import lead_list, search_leads
from inboxcrm.views.templates import (
    TemplatePage,
    template_list,
    template_page,
    template_version,
    variables_of,
)
from inboxcrm.web.changes import Outcome, change_once, said, typed
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.room import Desk, new_key, this_room

template_pages = Blueprint("templates", __name__)

PARTS = ("subject", "text", "html")
_LONGEST = 200_000
_FALLBACK = "fallback."


@dataclass(frozen=True, slots=True)
class Flaw:
    """A problem or a warning, with the line it is in as it was written; `line` 0 where the whole part is meant."""

    text: str
    line: int = 0
    column: int = 0
    written: str = ""


@dataclass(frozen=True, slots=True)
class Editor:
    """The form as it stands. `flaws` and `warnings` by part: subject, text, html, fallback; `problems` by field."""

    values: dict[str, str]
    fallbacks: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    flaws: dict[str, list[Flaw]] = field(default_factory=dict)
    warnings: dict[str, list[Flaw]] = field(default_factory=dict)
    tried: Tried | None = None
    lead_name: str = ""
    message: str = ""

    def names(self, variable: str) -> bool:
        """Whether it is written anywhere, as a whole word."""
        return any(re.search(rf"\b{variable}\b", self.values.get(part, "")) for part in PARTS)

    def count(self) -> int:
        return sum(map(len, self.flaws.values()))


@template_pages.get("/templates")
def everything() -> ResponseReturnValue:
    room = this_room()
    return render_template(
        "pages/templates.html",
        here="cadences",
        rows=template_list(room.desk, room.viewer),
        toast=kept_toast(),
    )


@template_pages.get("/templates/new")
def new() -> ResponseReturnValue:
    return _show(Editor(dict.fromkeys(("name", *PARTS), ""), {}), None)


@template_pages.post("/templates/new")
def make() -> ResponseReturnValue:
    return _answer(None)


@template_pages.get("/templates/<template_id>")
def edit(template_id: str) -> ResponseReturnValue:
    page = _page(template_id)
    shown = page.shown
    values = {"name": shown.line.name, "subject": shown.subject, "text": shown.text}
    values |= {"html": shown.html, "base": str(shown.newest), "signs": "1" if shown.signs else ""}
    editor = Editor(values, shown.fallbacks)
    return _show(editor, page)


@template_pages.post("/templates/<template_id>")
def save(template_id: str) -> ResponseReturnValue:
    return _answer(_page(template_id))


@template_pages.get("/templates/versions/<version_id>")
def version(version_id: str) -> ResponseReturnValue:
    room = this_room()
    shown = template_version(room.desk, room.viewer, version_id)
    return render_template("pages/template_version.html", here="cadences", shown=shown)


# --- answering ----------------------------------------------------------------------


def _page(template_id: str) -> TemplatePage:
    room = this_room()
    return template_page(room.desk, room.viewer, template_id)


def _answer(page: TemplatePage | None) -> ResponseReturnValue:
    """`do` is try or save. Saved is only what has no problem, and what nobody saved over meanwhile."""
    room = this_room()
    editor = _from_form(page)
    if request.form.get("do") != "save":
        return _show(_tried(editor), page)
    if page is not None and editor.values["base"] != str(page.shown.newest):
        by = page.shown.line.saved_by
        text = (
            f"{by or 'Somebody'} saved version {page.shown.newest} while you wrote. "
            "Save again to make yours the newest; theirs stays among the versions."
        )
        values = editor.values | {"base": str(page.shown.newest)}
        return _show(_with(editor, values=values, message=text), page, code=409)
    if page is None:
        taken = _same_name(editor.values["name"])
        if taken:
            problems = {"name": f'There is a template "{taken}" already. Choose another name.'}
            return _show(_with(editor, problems=problems), page, code=422)

    def act(desk: Desk) -> Outcome:
        saved = save_template(
            desk,
            room.viewer,
            name=editor.values["name"],
            subject=editor.values["subject"],
            text=editor.values["text"],
            html=editor.values["html"],
            fallbacks=editor.fallbacks,
            signs=bool(editor.values["signs"]),
        )
        return {"id": desk.ids.seal("template", saved.template_id), "number": saved.number}

    try:
        outcome = change_once(act)
    except TemplateProblemsError as error:
        return _show(_with(editor, flaws=_flaws(editor, error.problems)), page, code=422)
    except FieldsError as error:
        return _show(_with(editor, problems=dict(error.problems)), page, code=422)
    except (UserError, RefusedError) as error:
        return _show(_with(editor, problems={"name": said(error)}), page, code=422)
    keep_toast(Toast(f"Saved as version {outcome['number']}."))
    return redirect(url_for("templates.edit", template_id=outcome["id"]), 303)


def _from_form(page: TemplatePage | None) -> Editor:
    form = request.form
    values = {name: typed(form, name, longest=_LONGEST) for name in ("name", *PARTS)}
    values |= {"base": form.get("base", "")[:20], "lead": form.get("lead", "")[:100]}
    values["signs"] = form.get("signs", "")[:1]
    if page is not None:
        values["name"] = page.shown.line.name
    fallbacks = {
        name.removeprefix(_FALLBACK): words[:2_000].replace("\x00", "")
        for name, words in form.items()
        if name.startswith(_FALLBACK) and words.strip()
    }
    return Editor(values, fallbacks)


def _same_name(name: str) -> str:
    room = this_room()
    wanted = folded_name(name)
    known = template_list(room.desk, room.viewer)
    return next((one.name for one in known if folded_name(one.name) == wanted), "")


def _tried(editor: Editor) -> Editor:
    """For the lead that was looked for, else for the one that moved last."""
    room = this_room()
    words = " ".join(editor.values.get("lead", "").split())
    lead_id = name = ""
    if words:
        hits = search_leads(room.desk, room.viewer, words, limit=1)
        lead_id, name = (hits[0].id, hits[0].name) if hits else ("", "")
    else:
        rows = lead_list(room.desk, room.viewer).rows
        lead_id, name = (rows[0].id, rows[0].name) if rows else ("", "")
    problems = {"lead": "No lead is called that."} if words and not lead_id else {}
    done = try_template(
        room.desk,
        room.viewer,
        subject=editor.values["subject"],
        text=editor.values["text"],
        html=editor.values["html"],
        fallbacks=editor.fallbacks,
        signs=bool(editor.values["signs"]),
        lead_id=lead_id,
    )
    return _with(
        editor,
        problems=problems,
        flaws=_flaws(editor, done.problems),
        warnings=_flaws(editor, done.warnings),
        tried=done,
        lead_name=name,
    )


def _flaws(editor: Editor, problems: Any) -> dict[str, list[Flaw]]:
    found: dict[str, list[Flaw]] = {}
    one: TemplateProblem
    for one in problems:
        lines = editor.values.get(one.part, "").split("\n")
        written = lines[one.line - 1] if 0 < one.line <= len(lines) else ""
        found.setdefault(one.part, []).append(Flaw(one.text, one.line, one.column, written))
    return found


def _with(editor: Editor, **changed: Any) -> Editor:
    names = Editor.__dataclass_fields__
    return Editor(**{name: changed.get(name, getattr(editor, name)) for name in names})


def _show(editor: Editor, page: TemplatePage | None, *, code: int = 200) -> ResponseReturnValue:
    room = this_room()
    shown = render_template(
        "pages/template.html",
        here="cadences",
        editor=editor,
        page=page,
        variables=variables_of(room.desk),
        snippets=snippets(room.desk, room.viewer),
        tests=own_tests(room.desk, room.viewer, page.shown.line.id) if page else (),
        boxes=sender_choices(room.desk, room.viewer) if page else (),
        toast=kept_toast() if request.method == "GET" else None,
        new_key=new_key,
    )
    return shown, code
