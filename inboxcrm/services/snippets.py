"""Snippets as people keep them, and templates made whole with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer, may_change_leads
from inboxcrm.cadence.assembling import Assembled, Snippet, assemble, snippet_key, snippets_named
from inboxcrm.cadence.problems import TemplateProblemsError
from inboxcrm.cadence.templates import problems_of
from inboxcrm.cadence.variables import variables_with
from inboxcrm.errors import ForbiddenError, NotFoundError
from inboxcrm.services.lead_changes import now_ms, one_line, wrong
from inboxcrm.store import snippets as rows
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.snippets import SnippetRow

_LONGEST_NAME = 60
_NOT_IN_A_NAME = frozenset("\"'{}\\")


@dataclass(frozen=True, slots=True)
class SnippetView:
    """A snippet as it is now, and how a template names it."""

    id: str
    name: str
    number: int
    text: str
    html: str
    saved_at: datetime
    call: str


def save_snippet(
    desk: Desk, viewer: Viewer, *, name: str, text: str, html: str = ""
) -> SnippetView:
    """The version that holds just this: a new one, or the newest where nothing differs from it.

    Raises WrongFieldsError, and TemplateProblemsError with all problems: a snippet is a template by itself, so that
    none can hold half of a tag. It brings in no other snippet.
    """
    _refuse_strangers(viewer)
    called = one_line(name, "name", "The name of the snippet", longest=_LONGEST_NAME)
    if not called:
        raise wrong("name", "The snippet has no name.", "Give it one, like Opening hours.")
    if _NOT_IN_A_NAME & set(called):
        raise wrong("name", "A name has no quotes and no braces.", "Take them out.")
    values = {"text": _ended(text), "html": _ended(html)}
    if not values["text"].strip():
        raise wrong("text", "The snippet says nothing.", "Write its text.")
    problems = problems_of("x", **values, fallbacks={}, variables=variables_with(desk.lead_fields))
    if problems:
        raise TemplateProblemsError(problems)
    with desk.database.write() as tx:
        at = now_ms(desk)
        which = rows.remember_snippet(
            tx, called, snippet_key(called), account_id=viewer.account_id, at=at
        )
        newest = next(iter(rows.versions_of(tx, which)), None)
        if newest is None or any(getattr(newest, key) != held for key, held in values.items()):
            made = {**values, "account_id": viewer.account_id, "made_at": at}
            rows.add_version(tx, which, made)
        return _view(desk, rows.versions_of(tx, which)[0])


def remove_snippet(desk: Desk, viewer: Viewer, name: str) -> None:
    """Versions of templates keep what they were saved with. Raises NotFoundError."""
    _refuse_strangers(viewer)
    with desk.database.write() as tx:
        if not rows.remove_snippet(tx, snippet_key(name), at=now_ms(desk)):
            raise _no_such(name)


def snippets(desk: Desk, viewer: Viewer) -> list[SnippetView]:
    """By name. Snippets are the whole team's."""
    del viewer
    with desk.database.read() as tx:
        return [_view(desk, row) for row in rows.all_snippets(tx)]


def snippet_named(desk: Desk, viewer: Viewer, name: str) -> SnippetView:
    """Raises NotFoundError."""
    del viewer
    with desk.database.read() as tx:
        found = rows.snippets_by_key(tx, [snippet_key(name)])
    if not found:
        raise _no_such(name)
    return _view(desk, next(iter(found.values())))


def snippet_versions(desk: Desk, viewer: Viewer, snippet_id: str) -> list[SnippetView]:
    """The newest first. Raises NotFoundError."""
    del viewer
    number = desk.ids.open("snippet", snippet_id)
    with desk.database.read() as tx:
        found = rows.versions_of(tx, number) if number is not None else []
    if not found:
        raise _no_such("")
    return [_view(desk, row) for row in found]


def made_whole(tx: Tx, *, subject: str, text: str, html: str, signs: bool) -> Assembled:
    """A template with the snippets it names as they are now; what is wrong with that is in its `problems`."""
    named = snippets_named(subject, text, html)
    held: dict[str, Snippet] = {}
    if named:
        # All of them, so that a slip of the pen finds the one that was meant.
        held = {
            row.key: Snippet(row.name, row.number, row.text, row.html)
            for row in rows.all_snippets(tx)
        }
    return assemble(subject, text, html, snippets=held, signs=signs)


def _ended(text: str) -> str:
    """Lines by LF, without the empty ones at the end: a snippet may stand inside a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def _view(desk: Desk, row: SnippetRow) -> SnippetView:
    return SnippetView(
        desk.ids.seal("snippet", row.snippet_id),
        row.name,
        row.number,
        row.text,
        row.html,
        from_ms(row.made_at),
        f'{{{{ snippet("{row.name}") }}}}',
    )


def _refuse_strangers(viewer: Viewer) -> None:
    if not may_change_leads(viewer):
        raise ForbiddenError("You may not write snippets.", remedy="Ask an admin for an account.")


def _no_such(name: str) -> NotFoundError:
    said = f' "{name[:100]}"' if name else ""
    return NotFoundError(
        f"There is no snippet{said}.", remedy="`inboxcrm snippet list` names them."
    )
