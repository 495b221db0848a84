"""Templates as people keep them: saved as versions, listed, looked through, previewed for a lead."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inboxcrm.access.viewer import Viewer, may_change_leads
from inboxcrm.cadence.assembling import Assembled
from inboxcrm.cadence.attachments import OutgoingFile
from inboxcrm.cadence.freezing import FrozenFile, FrozenMail
from inboxcrm.cadence.lead_values import Sender
from inboxcrm.cadence.lint import warnings_of
from inboxcrm.cadence.problems import TemplateProblem, TemplateProblemsError
from inboxcrm.cadence.templates import problems_of
from inboxcrm.cadence.variables import variables_with
from inboxcrm.errors import ForbiddenError, NotFoundError, UsageError
from inboxcrm.services.lead_changes import no_such_lead, now_ms, one_line
from inboxcrm.services.rendering import STYLED, compiled, freeze, ready_parts
from inboxcrm.services.snippets import made_whole
from inboxcrm.services.template_files import files_held, keep_files
from inboxcrm.services.template_styles import style_notices, styled
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
    files: tuple[FrozenFile, ...] = ()


def save_template(
    desk: Desk,
    viewer: Viewer,
    *,
    name: str,
    subject: str,
    text: str,
    html: str = "",
    fallbacks: Mapping[str, str] | None = None,
    signs: bool | None = None,
    files: Sequence[OutgoingFile] = (),
    without: Collection[str] | None = (),
) -> TemplateVersion:
    """The version that holds just this: a new one, or the newest where nothing differs from it.

    Snippets are put in as they are now. `signs`: the signature stands at the end; None leaves that as it was. `files`
    go with it, beside those of the newest version but the ones named in `without` (None: all of them). Raises
    TemplateProblemsError with all problems, FieldsError for files that cannot go, and then nothing is saved.
    """
    if not may_change_leads(viewer):
        raise ForbiddenError("You may not write templates.", remedy="Ask an admin for an account.")
    called = one_line(name, "name", "The name of the template", longest=_LONGEST_NAME)
    if not called:
        raise UsageError("The template has no name.", remedy="Give it one, like First touch.")
    given = dict(sorted((fallbacks or {}).items()))
    text, html = _lines(text), _lines(html)
    subject = _lines(subject).strip()
    with desk.database.write() as tx:
        at = now_ms(desk)
        template_id = rows.remember_template(tx, called, account_id=viewer.account_id, at=at)
        newest = next(iter(rows.versions_of(tx, template_id)), None)
        is_signed = signs if signs is not None else newest is not None and newest.signs
        whole = made_whole(tx, subject=subject, text=text, html=html, signs=is_signed)
        refuse_problems(desk, whole, given)
        in_mails = styled(desk, whole.parts, given).html
        old = () if newest is None or without is None else files_held(newest)
        dropped = {one.casefold() for one in without or ()}
        values = {
            "subject": subject,
            "text": text,
            "html": html,
            "fallbacks": json.dumps(given, ensure_ascii=False),
            "ready": ready_as_json(
                whole, {"subject": subject, "text": text, "html": html}, in_mails
            ),
            "signs": is_signed,
            "files": keep_files(
                tx,
                [one for one in old if one.name.casefold() not in dropped],
                files,
                words_bytes=sum(
                    len(part.encode()) for part in (whole.subject, whole.text, in_mails)
                ),
                at=at,
            ),
        }
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
    parts = ready_parts(version)
    found = warnings_of(parts["subject"], parts["text"], parts["html"], ready)
    return [*found, *style_notices(desk, version)]


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
        address = rows.first_address(tx, found.lead_id)
        made = freeze(
            tx,
            desk,
            version=version,
            lead_id=found.lead_id,
            address=address,
            sender=sender,
            key=_PREVIEW_KEY,
            date=now,
            message_id=f"<{_PREVIEW_KEY}@localhost>",
            is_shown=True,
        )
    if not isinstance(made, FrozenMail):
        return Preview(version, address, problems=(made.text,))
    return Preview(
        version, address, made.subject, made.text, made.html, made.mime, files=made.files
    )


def refuse_problems(desk: Desk, whole: Assembled, fallbacks: Mapping[str, str]) -> None:
    """Raises TemplateProblemsError, each problem with its place in what was written."""
    problems = problems_in(desk, whole, fallbacks)
    if problems:
        raise TemplateProblemsError(problems)


def problems_in(
    desk: Desk, whole: Assembled, fallbacks: Mapping[str, str]
) -> list[TemplateProblem]:
    """Of the whole, what its snippets bring included."""
    variables = variables_with(desk.lead_fields)
    found = problems_of(**whole.parts, fallbacks=fallbacks, variables=variables)
    return [*whole.problems, *map(whole.as_written, found)]


def ready_as_json(whole: Assembled, written: Mapping[str, str], in_mails: str) -> str:
    """The parts that differ from what was written, which snippets were put in, and the HTML with its styles inlined."""
    parts: dict[str, Any] = {
        part: made for part, made in whole.parts.items() if made != written[part]
    }
    if whole.snippets:
        parts["snippets"] = whole.snippets
    if in_mails != whole.html:
        parts[STYLED] = in_mails
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
