"""Mails out of templates: the values of many leads in a fixed number of queries, and the frozen mail of one.

Preview, the matrix of missing fields and sending all come through here, so that what is shown is what goes.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from inboxcrm.cadence.freezing import Envelope, FrozenMail, freeze_mail
from inboxcrm.cadence.lead_values import LeadFacts, Sender, values_of
from inboxcrm.cadence.problems import TemplateProblemsError
from inboxcrm.cadence.templates import Compiled, Missing, compile_template
from inboxcrm.cadence.unsubscribe import INERT, way_out
from inboxcrm.cadence.variables import variables_with
from inboxcrm.errors import NotFoundError
from inboxcrm.leads.fields import LeadField
from inboxcrm.leads.naming import name_from_address
from inboxcrm.mail.addresses import match_key
from inboxcrm.services.public_page import public_page
from inboxcrm.services.template_files import NO_FILES, files_of
from inboxcrm.store import templates as rows
from inboxcrm.store.accounts import account_by_id
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lists import AT_ONCE
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.templates import NamedLead, TemplateVersion
from inboxcrm.store.upserts import chunks


@dataclass(frozen=True, slots=True)
class Answered:
    """The thread a follow-up goes on: its subject with one "Re:", the real message ids of its mails, oldest first."""

    subject: str
    message_ids: tuple[str, ...]
    thread_ref: str


_UNNAMED = "You"
"""What the account of this machine is called before anybody takes it over."""
_REMEMBERED = 64
STYLED = "styled"
"""Under which a version's `ready` holds its HTML with the styles inlined, where that differs."""


def freeze(
    tx: Tx,
    desk: Desk,
    *,
    version: TemplateVersion,
    lead_id: int,
    address: str,
    sender: Sender,
    key: str,
    date: datetime,
    message_id: str,
    answers: Answered | None = None,
    is_shown: bool = False,
    goes_to: str = "",
) -> FrozenMail | Missing:
    """The mail of one lead to one of its addresses, in one read of the running transaction; tags and files are one more
    each.

    `answers`: the mails it follows in their thread. `is_shown`: it goes to nobody but whoever wrote it, and its ways to
    say "no more" do nothing. `goes_to`: where it goes instead of to the lead, whose words it keeps.
    Missing too where the version names a field that has left the settings since it was saved.
    """
    values = values_for(tx, desk, [lead_id], sender=sender, at=date).get(lead_id)
    if values is None:
        return Missing((), "The lead is not there any more.")
    out = way_out(sender.address, INERT if is_shown else key, page=public_page(tx, desk))
    to = goes_to or address
    envelope = Envelope(sender, to, key, date, message_id, out.field, out.is_one_click)
    if version.files != NO_FILES:
        envelope = replace(envelope, files=files_of(tx, version))
    if answers is not None:
        envelope = replace(
            envelope,
            subject=answers.subject,
            in_reply_to=answers.message_ids[-1],
            references=answers.message_ids,
        )
    of_mail = {"address": address, "unsubscribe_url": out.link}
    try:
        ready = compiled(desk, version)
    except TemplateProblemsError as error:
        return Missing((), error.message)
    return freeze_mail(ready, values | of_mail, envelope)


def version_of(tx: Tx, version_id: int) -> TemplateVersion:
    """What it says never changes, so whoever writes many mails asks once. Raises NotFoundError."""
    version = rows.version_by_id(tx, version_id)
    if version is None:
        raise NotFoundError("There is no such template.", remedy="Choose another one.")
    return version


def compiled(desk: Desk, version: TemplateVersion) -> Compiled:
    """Compiled once for each version as long as it is in use. Raises TemplateProblemsError."""
    # Not by its name, which may change, nor by its number: another database gives that to another one.
    words = version._replace(
        version_id=0, template_id=0, name="", number=0, account_id=0, made_at=0
    )
    return _compiled(words, desk.lead_fields)


@lru_cache(maxsize=_REMEMBERED)
def _compiled(words: TemplateVersion, fields: tuple[LeadField, ...]) -> Compiled:
    ready = ready_parts(words)
    return compile_template(
        ready["subject"],
        ready["text"],
        json.loads(words.ready).get(STYLED, ready["html"]),
        fallbacks_of(words),
        variables=variables_with(fields),
    )


def ready_parts(version: TemplateVersion) -> dict[str, str]:
    """Subject, text and HTML with the snippets and signature they were saved with; the styles as written."""
    held: dict[str, str] = json.loads(version.ready)
    return {part: held.get(part, getattr(version, part)) for part in ("subject", "text", "html")}


def fallbacks_of(version: TemplateVersion) -> dict[str, str]:
    held: dict[str, str] = json.loads(version.fallbacks)
    return held


def values_for(
    tx: Tx, desk: Desk, lead_ids: Collection[int], *, sender: Sender, at: datetime
) -> dict[int, dict[str, str]]:
    """Lead -> variable -> value, in at most two queries for every 5,000 leads. `at`: when the mail is to go.

    Leads that are not there are left out.
    """
    today = at.astimezone(ZoneInfo(desk.working_hours.zone)).date()
    found: dict[int, dict[str, str]] = {}
    for some in chunks(list(lead_ids), AT_ONCE):
        named = rows.named_leads(tx, some)
        tagged = [row.lead_id for row in named if row.has_tags]
        tags = rows.tag_names(tx, tagged) if tagged else {}
        for row in named:
            lead = _facts(desk, row, tags.get(row.lead_id, ()))
            found[row.lead_id] = values_of(
                lead, sender=sender, today=today, fields=desk.lead_fields
            )
    return found


def sender_of(tx: Tx, mailbox: MailboxRow, *, from_address: str = "") -> Sender:
    """How this mailbox signs: the name its owner writes in mail, else the account's, else one made from the address."""
    address = from_address or mailbox.address
    name = rows.name_written_by(tx, match_key(address))
    owner = None if name or mailbox.owner_id is None else account_by_id(tx, mailbox.owner_id)
    if owner is not None and owner.name != _UNNAMED:
        name = owner.name
    return Sender(
        name or name_from_address(address), address, mailbox.signature, mailbox.signature_html
    )


def _facts(desk: Desk, row: NamedLead, tags: Collection[str]) -> LeadFacts:
    key, shown = row.address_key or "", row.address or ""
    return LeadFacts(
        name=row.name,
        # Typed by hand it may be "Bob <bob@bakery.example>".
        address=shown if "<" not in shown and match_key(shown) == key else key,
        organization=row.organization or "",
        phone=row.phone,
        stage=desk.pipelines.place(row.pipeline, row.stage).stage.label,
        source=row.source,
        value_cents=row.value_cents,
        value_currency=row.value_currency,
        tags=tuple(tags),
        custom=json.loads(row.custom),
    )
