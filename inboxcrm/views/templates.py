"""Templates as pages show them: the list, one with its versions, and one version as it was written.

Templates are the whole team's. Each page takes one or two statements.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.variables import Variable, variables_with
from inboxcrm.errors import NotFoundError
from inboxcrm.store import templates as rows
from inboxcrm.store.accounts import all_accounts
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.templates import TemplateVersion


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """`id` is the template's, `version_id` that of this version of it."""

    id: str
    version_id: str
    name: str
    number: int
    subject: str
    saved_at: datetime
    saved_by: str
    has_html: bool


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that goes with a version; `size` in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class TemplateText:
    """One version, as it was written. `newest` is the number of the newest one. `snippets`: name -> the version of it
    that was put in.
    """

    line: TemplateLine
    subject: str
    text: str
    html: str
    fallbacks: dict[str, str]
    newest: int
    signs: bool = False
    files: tuple[KeptFile, ...] = ()
    snippets: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """The newest version, and all of them, the newest first."""

    shown: TemplateText
    versions: tuple[TemplateLine, ...]


def template_list(desk: Desk, viewer: Viewer) -> tuple[TemplateLine, ...]:
    """The newest version of each, by name."""
    with desk.database.read() as tx:
        found = rows.newest_versions(tx)
        names = {one.id: one.name for one in all_accounts(tx)}
    return tuple(_line(desk, viewer, one, names) for one in found)


def template_page(desk: Desk, viewer: Viewer, template_id: str) -> TemplatePage:
    """Raises NotFoundError."""
    number = desk.ids.open("template", template_id)
    with desk.database.read() as tx:
        found = rows.versions_of(tx, number) if number is not None else []
        names = {one.id: one.name for one in all_accounts(tx)}
    if not found:
        raise _no_such_template()
    lines = tuple(_line(desk, viewer, one, names) for one in found)
    return TemplatePage(_text(lines[0], found[0], found[0].number), lines)


def template_version(desk: Desk, viewer: Viewer, version_id: str) -> TemplateText:
    """Also one that is old. Raises NotFoundError."""
    number = desk.ids.open("template_version", version_id)
    with desk.database.read() as tx:
        found = rows.version_by_id(tx, number) if number is not None else None
        if found is None:
            raise _no_such_template()
        newest = rows.versions_of(tx, found.template_id)[0].number
        names = {one.id: one.name for one in all_accounts(tx)}
    return _text(_line(desk, viewer, found, names), found, newest)


def variables_of(desk: Desk) -> tuple[Variable, ...]:
    """What a template of this house may name, each with its sentence."""
    return tuple(variables_with(desk.lead_fields).values())


def _line(desk: Desk, viewer: Viewer, row: TemplateVersion, names: dict[int, str]) -> TemplateLine:
    by = "You" if row.account_id == viewer.account_id else names.get(row.account_id or 0, "")
    return TemplateLine(
        desk.ids.seal("template", row.template_id),
        desk.ids.seal("template_version", row.version_id),
        row.name,
        row.number,
        row.subject,
        from_ms(row.made_at),
        by,
        bool(row.html),
    )


def _text(line: TemplateLine, row: TemplateVersion, newest: int) -> TemplateText:
    return TemplateText(
        line,
        row.subject,
        row.text,
        row.html,
        json.loads(row.fallbacks),
        newest,
        row.signs,
        tuple(KeptFile(one["name"], one["size"]) for one in json.loads(row.files)),
        json.loads(row.ready).get("snippets", {}),
    )


def _no_such_template() -> NotFoundError:
    return NotFoundError("There is no such template.", remedy="See the list of templates.")
