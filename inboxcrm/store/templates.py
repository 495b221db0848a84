"""Templates and their versions, and what is known of many leads that a template may name.

A version is never changed: what was sent can always be read again. A template is its newest version.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, insert, select

from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.named_texts import next_number, remember_name
from inboxcrm.store.straight import Straight
from inboxcrm.store.tables import (
    address,
    lead,
    lead_address,
    lead_tag,
    organization,
    tag,
    template,
    template_version,
)


class TemplateVersion(NamedTuple):
    """`fallbacks`, `ready`, `files` are JSON (tables/cadences.py). `name` is the template's, as it is written now."""

    version_id: int
    template_id: int
    name: str
    number: int
    subject: str
    text: str
    html: str
    fallbacks: str
    account_id: int | None
    made_at: int
    ready: str = "{}"
    signs: bool = False
    files: str = "[]"

    @property
    def id(self) -> int:
        return self.version_id


_VERSIONS = select(
    template_version.c.id,
    template_version.c.template_id,
    template.c.name,
    template_version.c.number,
    template_version.c.subject,
    template_version.c.text,
    template_version.c.html,
    template_version.c.fallbacks,
    template_version.c.account_id,
    template_version.c.made_at,
    template_version.c.ready,
    template_version.c.signs,
    template_version.c.files,
).join(template, template.c.id == template_version.c.template_id)
_newest = (
    select(func.max(template_version.c.number))
    .where(template_version.c.template_id == template.c.id)
    .correlate(template)
    .scalar_subquery()
)
_STANDING = _VERSIONS.where(template.c.removed_at.is_(None), template_version.c.number == _newest)
_BY_KEY = _STANDING.where(template.c.key == bindparam("key"))
_ALL = _STANDING.order_by(template.c.key)
_BY_ID = Straight(_VERSIONS.where(template_version.c.id == bindparam("version_id")))
_OLDER = _VERSIONS.where(template_version.c.template_id == bindparam("template_id")).order_by(
    template_version.c.number.desc()
)


def template_key(name: str) -> str:
    """Two names with the same key are the same template."""
    return folded_name(name)


def newest_version(tx: Tx, name: str) -> TemplateVersion | None:
    row = tx.execute(_BY_KEY, {"key": template_key(name)}).first()
    return TemplateVersion._make(row) if row else None


def newest_versions(tx: Tx) -> list[TemplateVersion]:
    """Of every template, by name."""
    return [TemplateVersion._make(row) for row in tx.execute(_ALL)]


def version_by_id(tx: Tx, version_id: int) -> TemplateVersion | None:
    """Also one that is old, or whose template was removed."""
    row = _BY_ID.first(tx, version_id=version_id)
    return TemplateVersion._make(row) if row else None


def versions_of(tx: Tx, template_id: int) -> list[TemplateVersion]:
    """The newest first."""
    return [TemplateVersion._make(row) for row in tx.execute(_OLDER, {"template_id": template_id})]


def remember_template(tx: Tx, name: str, *, account_id: int, at: int) -> int:
    """As `named_texts.remember_name`."""
    return remember_name(tx, template, name, template_key(name), account_id=account_id, at=at)


def add_version(tx: Tx, template_id: int, values: dict[str, Any]) -> int:
    """The next number of that template; `remember_template` has it locked."""
    number = next_number(tx, template_version, template_version.c.template_id, template_id)
    made = tx.execute(
        insert(template_version), {"template_id": template_id, "number": number, **values}
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


# --- what templates may name ----------------------------------------------------


class NamedLead(NamedTuple):
    """`address_key` (match key) and `address` (shown form) are those it was first known by; None where it has none."""

    lead_id: int
    name: str
    organization: str | None
    phone: str
    pipeline: str
    stage: str
    source: str
    value_cents: int | None
    value_currency: str
    custom: str
    address_key: str | None
    address: str | None
    has_tags: bool


_FIRST_ADDRESS = (
    select(func.min(lead_address.c.address_id))
    .where(lead_address.c.lead_id == lead.c.id)
    .correlate(lead)
    .scalar_subquery()
)
_NAMED = (
    select(
        lead.c.id,
        lead.c.name,
        organization.c.name,
        lead.c.phone,
        lead.c.pipeline,
        lead.c.stage,
        lead.c.source,
        lead.c.value_cents,
        lead.c.value_currency,
        lead.c.custom,
        address.c.key,
        address.c.shown,
        exists().where(lead_tag.c.lead_id == lead.c.id),
    )
    .outerjoin(organization, organization.c.id == lead.c.organization_id)
    .outerjoin(address, address.c.id == _FIRST_ADDRESS)
)
_LEADS = Straight(_NAMED.where(within(lead.c.id, "ids")))
_LEAD = Straight(_NAMED.where(lead.c.id == bindparam("id")))
_SHOWN = select(address.c.shown).where(
    address.c.id
    == select(func.min(lead_address.c.address_id))
    .where(lead_address.c.lead_id == bindparam("lead_id"))
    .scalar_subquery()
)
_TAGS = Straight(
    select(lead_tag.c.lead_id, tag.c.name)
    .join(tag, tag.c.id == lead_tag.c.tag_id)
    .where(within(lead_tag.c.lead_id, "ids"))
    .order_by(lead_tag.c.lead_id, tag.c.key)
)


def named_leads(tx: Tx, lead_ids: Sequence[int]) -> list[NamedLead]:
    # A list costs more to take apart than the one lead to find that a mail is made for.
    rows = _LEAD.all(tx, id=lead_ids[0]) if len(lead_ids) == 1 else _LEADS.all(tx, ids=lead_ids)
    return [NamedLead._make(row) for row in rows]


def first_address(tx: Tx, lead_id: int) -> str:
    """The address it was first known by, as shown; empty where it has none."""
    return tx.execute(_SHOWN, {"lead_id": lead_id}).scalar() or ""


def tag_names(tx: Tx, lead_ids: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for lead_id, name in _TAGS.all(tx, ids=lead_ids):
        found.setdefault(lead_id, []).append(name)
    return found


_OWN_NAME = select(address.c.name).where(
    address.c.key == bindparam("key"), address.c.name_is_own.is_(True)
)


def name_written_by(tx: Tx, key: str) -> str:
    """How the owner of that address signs mail; empty where none was seen."""
    return tx.execute(_OWN_NAME, {"key": key}).scalar() or ""
