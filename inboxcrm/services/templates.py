"""Templates as people keep them: saved as versions, listed, looked through, previewed for a lead."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from inboxcrm.access.viewer import Viewer, may_change_leads
from inboxcrm.cadence.freezing import FrozenMail
from inboxcrm.cadence.lead_values import Sender
from inboxcrm.cadence.lint import warnings_of
from inboxcrm.cadence.problems import TemplateProblem
from inboxcrm.cadence.templates import compile_template
from inboxcrm.cadence.variables import variables_with
from inboxcrm.errors import ForbiddenError, NotFoundError, UsageError
from inboxcrm.services.lead_changes import no_such_lead, now_ms, one_line
from inboxcrm.services.rendering import compiled, freeze
from inboxcrm.store import leads as lead_rows
from inboxcrm.store import templates as rows
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.templates import TemplateVersion

_LONGEST_NAME = 100
_PREVIEW_KEY = "preview"


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent to one lead now, made as it would be sent. With `problems` there is no mail."""

    version: TemplateVersion
    address: str
    subject: str = ""
    text: str = ""
    html: str = ""
    mime: bytes = field(default=b"", repr=False)
    problems: tuple[str, ...] = ()


def save_template(
    desk: Desk,
    viewer: Viewer,
    *,
    name: str,
    subject: str,
    text: str,
    html: str = "",
    fallbacks: Mapping[str, str] | None = None,
) -> TemplateVersion:
    """The version that holds just this: a new one, or the newest where nothing differs from it.

    Raises TemplateProblemsError with all problems, and then nothing is saved.
    """
    if not may_change_leads(viewer):
        raise ForbiddenError("You may not write templates.", remedy="Ask an admin for an account.")
    called = one_line(name, "name", "The name of the template", longest=_LONGEST_NAME)
    if not called:
        raise UsageError("The template has no name.", remedy="Give it one, like First touch.")
    given = dict(sorted((fallbacks or {}).items()))
    text, html = _lines(text), _lines(html)
    subject = _lines(subject).strip()
    compile_template(subject, text, html, given, variables=variables_with(desk.lead_fields))
    values = {
        "subject": subject,
        "text": text,
        "html": html,
        "fallbacks": json.dumps(given, ensure_ascii=False),
    }
    with desk.database.write() as tx:
        at = now_ms(desk)
        template_id = rows.remember_template(tx, called, account_id=viewer.account_id, at=at)
        newest = next(iter(rows.versions_of(tx, template_id)), None)
        if newest is not None and all(getattr(newest, key) == values[key] for key in values):
            return newest
        made = {**values, "account_id": viewer.account_id, "made_at": at}
        saved = rows.version_by_id(tx, rows.add_version(tx, template_id, made))
        assert saved is not None
        return saved


def template_named(tx: Tx, name: str) -> TemplateVersion:
    """Its newest version. Raises NotFoundError."""
    found = rows.newest_version(tx, name)
    if found is None:
        raise NotFoundError(
            f'There is no template "{name[:100]}".', remedy="`inboxcrm template list` names them."
        )
    return found


def templates(desk: Desk, viewer: Viewer) -> list[TemplateVersion]:
    """The newest version of each, by name. Templates are the whole team's."""
    del viewer
    with desk.database.read() as tx:
        return rows.newest_versions(tx)


def lint(desk: Desk, version: TemplateVersion) -> list[TemplateProblem]:
    """Warnings. Raises TemplateProblemsError where it could not be sent any more: a field left the settings."""
    ready = compiled(desk, version)
    return warnings_of(version.subject, version.text, version.html, ready)


def preview(desk: Desk, viewer: Viewer, template: str, lead_id: str, *, sender: Sender) -> Preview:
    """Of the newest version of the template of that name, for the lead of that opaque id, to its first address."""
    del viewer  # who may see a lead may see what is written to it
    number = desk.ids.open("lead", lead_id)
    now = desk.clock.now()
    with desk.database.read() as tx:
        version = template_named(tx, template)
        found = None if number is None else lead_rows.lead_by_id(tx, number)
        if found is None or found.is_withdrawn:
            raise no_such_lead()
        _, address = rows.first_addresses(tx, [found.lead_id]).get(found.lead_id, ("", ""))
        made = freeze(
            tx,
            desk,
            version_id=version.version_id,
            lead_id=found.lead_id,
            address=address,
            sender=sender,
            key=_PREVIEW_KEY,
            date=now,
            message_id=f"<{_PREVIEW_KEY}@localhost>",
        )
    if not isinstance(made, FrozenMail):
        return Preview(version, address, problems=(made.text,))
    return Preview(version, address, made.subject, made.text, made.html, made.mime)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
