"""Mails out of templates: the values of many leads in a fixed number of queries, and the frozen mail of one.

Preview, lint of a segment and sending all come through here, so that what is shown is what goes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from inboxcrm.cadence.freezing import Envelope, FrozenMail, freeze_mail
from inboxcrm.cadence.lead_values import LeadFacts, Sender, values_of
from inboxcrm.cadence.templates import Compiled, Missing, compile_template, render
from inboxcrm.cadence.unsubscribe import unsubscribe_field
from inboxcrm.cadence.variables import variables_with
from inboxcrm.errors import NotFoundError
from inboxcrm.leads.naming import name_from_address
from inboxcrm.mail.addresses import match_key
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


def freeze(
    tx: Tx,
    desk: Desk,
    *,
    version_id: int,
    lead_id: int,
    address: str,
    sender: Sender,
    key: str,
    date: datetime,
    message_id: str,
    list_unsubscribe: str = "",
    one_click: bool = False,
    answers: Answered | None = None,
) -> FrozenMail | Missing:
    """The mail of one lead to one of its addresses, in four reads of the running transaction.

    `answers`: the mails it follows in their thread. `list_unsubscribe` and `one_click` as in `compose.OutgoingMail`;
    without the former the mail names an address of the sender's own for those who want no more.
    Raises TemplateProblemsError where the version names a field that the settings no longer have.
    """
    version = rows.version_by_id(tx, version_id)
    if version is None:
        raise NotFoundError("There is no such template.", remedy="Choose another one.")
    values = values_for(tx, desk, [lead_id], sender=sender, at=date).get(lead_id)
    if values is None:
        return Missing((), "The lead is not there any more.")
    way_out = list_unsubscribe or unsubscribe_field(sender.address, key)
    envelope = Envelope(sender, address, key, date, message_id, way_out, one_click)
    if answers is not None:
        envelope = replace(
            envelope,
            subject=answers.subject,
            in_reply_to=answers.message_ids[-1],
            references=answers.message_ids,
        )
    return freeze_mail(compiled(desk, version), values | {"address": address}, envelope)


def compiled(desk: Desk, version: TemplateVersion) -> Compiled:
    """Compiled once for each version as long as it is in use. Raises TemplateProblemsError."""
    return compile_template(
        version.subject,
        version.text,
        version.html,
        fallbacks_of(version),
        variables=variables_with(desk.lead_fields),
    )


def fallbacks_of(version: TemplateVersion) -> dict[str, str]:
    held: dict[str, str] = json.loads(version.fallbacks)
    return held


def values_for(
    tx: Tx, desk: Desk, lead_ids: Collection[int], *, sender: Sender, at: datetime
) -> dict[int, dict[str, str]]:
    """Lead -> variable -> value, in three queries for every 5,000 leads. `at`: when the mail is to go.

    Leads that are not there are left out.
    """
    today = at.astimezone(ZoneInfo(desk.working_hours.zone)).date()
    found: dict[int, dict[str, str]] = {}
    for some in chunks(list(lead_ids), AT_ONCE):
        addresses = rows.first_addresses(tx, some)
        tags = rows.tag_names(tx, some)
        for row in rows.named_leads(tx, some):
            lead = _facts(desk, row, addresses.get(row.lead_id), tags.get(row.lead_id, ()))
            found[row.lead_id] = values_of(
                lead, sender=sender, today=today, fields=desk.lead_fields
            )
    return found


def unfilled(compiled: Compiled, values: Mapping[int, Mapping[str, str]]) -> dict[int, Missing]:
    """Those who would get no mail, and why: the matrix of missing fields over a segment."""
    made = ((lead_id, render(compiled, of_lead)) for lead_id, of_lead in values.items())
    return {lead_id: one for lead_id, one in made if isinstance(one, Missing)}


def sender_of(tx: Tx, mailbox: MailboxRow, *, from_address: str = "") -> Sender:
    """How this mailbox signs: the name its owner writes in mail, else the account's, else one made from the address."""
    address = from_address or mailbox.address
    name = rows.name_written_by(tx, match_key(address))
    owner = None if name or mailbox.owner_id is None else account_by_id(tx, mailbox.owner_id)
    if owner is not None and owner.name != _UNNAMED:
        name = owner.name
    return Sender(name or name_from_address(address), address)


def _facts(
    desk: Desk, row: NamedLead, address: tuple[str, str] | None, tags: Collection[str]
) -> LeadFacts:
    key, shown = address or ("", "")
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
