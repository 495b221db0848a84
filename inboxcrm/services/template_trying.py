"""A template that is being written, tried before it is saved: what is wrong with it, and the mail of one lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer, may_send_from
from inboxcrm.cadence.freezing import Envelope, FrozenMail, freeze_mail
from inboxcrm.cadence.lead_values import Sender
from inboxcrm.cadence.lint import warnings_of
from inboxcrm.cadence.problems import TemplateProblem, problem_in
from inboxcrm.cadence.templates import compile_template
from inboxcrm.cadence.unsubscribe import INERT, way_out
from inboxcrm.cadence.variables import variables_with
from inboxcrm.services.lead_changes import no_such_lead
from inboxcrm.services.public_page import public_page
from inboxcrm.services.rendering import sender_of, values_for
from inboxcrm.services.snippets import made_whole
from inboxcrm.services.template_styles import styled
from inboxcrm.services.templates import problems_in
from inboxcrm.store import mailboxes
from inboxcrm.store import templates as rows
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

_KEY = "preview"
_NOBODY = Sender("Your name", "you@example.invalid")


@dataclass(frozen=True, slots=True)
class Tried:
    """With `problems` there is no mail; `missing` says why this one lead would get none."""

    problems: tuple[TemplateProblem, ...] = ()
    warnings: tuple[TemplateProblem, ...] = ()
    address: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    missing: str = ""


def try_template(
    desk: Desk,
    viewer: Viewer,
    *,
    subject: str,
    text: str,
    html: str,
    fallbacks: Mapping[str, str],
    signs: bool = False,
    lead_id: str = "",
) -> Tried:
    """Saves nothing. Without a lead it is only checked. Raises NotFoundError for a lead that is not there."""
    with desk.database.read() as tx:
        whole = made_whole(tx, subject=subject, text=text, html=html, signs=signs)
    problems = problems_in(desk, whole, fallbacks)
    if problems:
        return Tried(tuple(problems))
    variables = variables_with(desk.lead_fields)
    in_mails = styled(desk, whole.parts, fallbacks)
    parts = {**whole.parts, "html": in_mails.html}
    ready = compile_template(**parts, fallbacks=fallbacks, variables=variables)
    warnings = tuple(map(whole.as_written, warnings_of(**whole.parts, compiled=ready)))
    if in_mails.notice:
        warnings += (problem_in("html", 0, 0, in_mails.notice),)
    if not lead_id:
        return Tried(warnings=warnings)
    number = desk.ids.open("lead", lead_id)
    now = desk.clock.now()
    with desk.database.read() as tx:
        sender = sender_for(tx, viewer)
        out = way_out(sender.address, INERT, page=public_page(tx, desk))
        values = values_for(tx, desk, [number], sender=sender, at=now) if number else {}
        if number is None or number not in values:
            raise no_such_lead()
        address = rows.first_address(tx, number)
    if not address:
        return Tried(warnings=warnings, missing="The lead has no mail address.")
    made = freeze_mail(
        ready,
        values[number] | {"address": address, "unsubscribe_url": out.link},
        Envelope(sender, address, _KEY, now, f"<{_KEY}@localhost>", out.field, out.is_one_click),
    )
    if not isinstance(made, FrozenMail):
        return Tried(warnings=warnings, address=address, missing=made.text)
    return Tried((), warnings, address, made.subject, made.text, made.html)


def sender_for(tx: Tx, viewer: Viewer) -> Sender:
    """As the first mailbox signs that this person sends from."""
    for box in mailboxes.all_mailboxes(tx):
        if may_send_from(viewer, box.id):
            return sender_of(tx, box)
    return _NOBODY
