"""What the variables stand for, for one lead and one sender: the one place that fills the table of `variables`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from inboxcrm.cadence.names import first_name, last_name
from inboxcrm.cadence.values import day_as_written, signed
from inboxcrm.cadence.variables import custom_variable
from inboxcrm.leads.fields import LeadField


@dataclass(frozen=True, slots=True)
class Sender:
    """Whoever's name stands under the mail. Without a signature the name is one. `signature_html` is harmless."""

    name: str
    address: str
    signature: str = ""
    signature_html: str = ""


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """A lead as templates know it. `stage` is the label; `value_cents` None: unknown; `custom`: stored forms by key."""

    name: str
    address: str
    organization: str = ""
    phone: str = ""
    stage: str = ""
    source: str = ""
    value_cents: int | None = None
    value_currency: str = ""
    tags: tuple[str, ...] = ()
    custom: Mapping[str, object] | None = None


def values_of(
    lead: LeadFacts, *, sender: Sender, today: date, fields: tuple[LeadField, ...] = ()
) -> dict[str, str]:
    """Every variable there is, by name; blank ones as empty text. Cleaned only when rendered."""
    values = {
        "first_name": first_name(lead.name, lead.address),
        "last_name": last_name(lead.name, lead.address),
        "name": lead.name,
        "organization": lead.organization,
        "address": lead.address,
        "phone": lead.phone,
        "stage": lead.stage,
        "source": lead.source,
        "value": _money(lead.value_cents, lead.value_currency),
        "tags": ", ".join(lead.tags),
        "sender_name": sender.name,
        "sender_first_name": first_name(sender.name),
        "sender_address": sender.address,
        "signature": _signature(sender),
        "today": day_as_written(today),
    }
    custom = lead.custom or {}
    for field in fields:
        held = custom.get(field.key)
        values.setdefault(custom_variable(field.key), field.shown(str(held)) if held else "")
    return values


def _signature(sender: Sender) -> str:
    text = sender.signature.strip() or sender.name
    return signed(text, sender.signature_html) if sender.signature_html else text


def _money(cents: int | None, currency: str) -> str:
    if cents is None:
        return ""
    whole, rest = divmod(cents, 100)
    return f"{whole:,}{f'.{rest:02d}' if rest else ''} {currency}".strip()
