"""Leads that capture makes, keeps current while nobody has touched them, withdraws and revives."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import and_, bindparam, exists, select, update

from inboxcrm.leads.capture import Decision, Rule
from inboxcrm.leads.naming import name_from_address
from inboxcrm.mail.terms import searchable
from inboxcrm.store.addresses import StoredAddress, remember_organizations
from inboxcrm.store.database import Tx
from inboxcrm.store.lead_past import keep_states, stands_again
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.search import index_leads
from inboxcrm.store.tables import address, address_capture, lead, lead_address, organization
from inboxcrm.store.upserts import chunks, insert_or_ignore, insert_rows, next_ids

Made = Mapping[int, tuple[StoredAddress, Decision]]

_SOURCES = {
    Rule.THEY_WROTE: "inbound mail",
    Rule.FORM: "web form",
    Rule.WE_WROTE: "outbound mail",
}
"""A lead keeps its first source (FIELD): that of the message its making rests on."""

_KEEP = (
    update(lead)
    .where(lead.c.id == bindparam("which"), lead.c.is_touched.is_(False), lead.c.made_by == "rule")
    .values(
        name=bindparam("new_name"),
        source=bindparam("new_source"),
        stage_since_at=bindparam("new_since"),
    )
)


_NAMES = (
    select(lead.c.id, lead.c.name, organization.c.name, address.c.shown)
    .join(lead_address, lead_address.c.lead_id == lead.c.id)
    .join(address, address.c.id == lead_address.c.address_id)
    .outerjoin(organization, organization.c.id == lead.c.organization_id)
    .where(within(lead.c.id, "ids"))
)


def make_leads(tx: Tx, made: Made, *, pipeline: str, stage: str, now: int) -> dict[int, int]:
    """One lead for each address; returns lead ids by address id. The first contact is when it entered its stage."""
    if not made:
        return {}
    order = sorted(made, key=lambda which: made[which][0].key)
    organizations = remember_organizations(tx, (made[which][0].org_domain for which in order))
    rows = []
    for which in order:
        person, decision = made[which]
        # A word about a whole domain makes nobody's own lead: it goes when the word is taken back.
        by_person = decision.rule is Rule.PERSON
        rows.append(
            {
                "name": lead_name(person),
                "organization_id": organizations.get(person.org_domain),
                "pipeline": pipeline,
                "stage": stage,
                "stage_since_at": decision.rests_on.at if decision.rests_on else now,
                "source": _SOURCES.get(decision.rule, "by hand"),
                "made_by": "person" if by_person else "rule",
                "is_touched": by_person,
                "created_at": now,
                "moved_at": now,
            }
        )
    ids = next_ids(tx, lead, len(rows))
    insert_rows(tx, lead, [{"id": id_, **row} for id_, row in zip(ids, rows, strict=True)])
    made_ids = dict(zip(order, ids, strict=True))
    attach_addresses(tx, made_ids, added_by="rule")
    return made_ids


def attach_addresses(
    tx: Tx, lead_by_address: Mapping[int, int], *, added_by: str = "person"
) -> None:
    insert_or_ignore(
        tx,
        lead_address,
        [
            {"address_id": address_id, "lead_id": lead_id, "added_by": added_by}
            for address_id, lead_id in lead_by_address.items()
        ],
    )


def keep_current(tx: Tx, made: Mapping[int, tuple[StoredAddress, Decision]]) -> None:
    """While nobody has touched a lead, its name, source and first day follow the evidence. Keyed by lead id."""
    rows = [
        {
            "which": lead_id,
            "new_name": lead_name(person),
            "new_source": _SOURCES.get(decision.rule, "by hand"),
            "new_since": decision.rests_on.at,
        }
        for lead_id, (person, decision) in made.items()
        if decision.rests_on
    ]
    if rows:
        tx.execute(_KEEP, rows)


def revive(tx: Tx, lead_ids: Collection[int], *, at: int) -> None:
    """They stand again, from `at` (ms) on."""
    for some in chunks(sorted(lead_ids)):
        values = {"is_withdrawn": False, "state_since_at": stands_again(at)}
        tx.execute(update(lead).where(lead.c.id.in_(some)).values(values))


def withdraw_without_address(
    tx: Tx, lead_by_address: Mapping[int, int], *, at: int | None = None
) -> None:
    """Withdraws leads none of whose addresses is a lead's any more: kept, shown nowhere, revived when proof returns.

    With `at` (ms) those that people worked on stood until then; without it, as those of rules alone, they never did.
    """
    for some in chunks(sorted(set(lead_by_address.values()))):
        homeless = and_(
            lead.c.id.in_(some),
            ~exists(
                select(lead_address.c.address_id)
                .join(address_capture, address_capture.c.address_id == lead_address.c.address_id)
                .where(lead_address.c.lead_id == lead.c.id, address_capture.c.outcome == "lead")
            ),
        )
        if at is not None:
            keep_states(tx, and_(homeless, lead.c.is_touched.is_(True)), at=at)
        tx.execute(update(lead).where(homeless).values(is_withdrawn=True))


def index_names(tx: Tx, lead_ids: Collection[int]) -> None:
    """Makes these leads findable by name, address and organization."""
    texts: dict[int, list[str]] = {}
    for some in chunks(sorted(lead_ids), AT_ONCE):
        for lead_id, name, company, shown in tx.execute(_NAMES, {"ids": some}):
            texts.setdefault(lead_id, [name, company or ""]).append(shown)
    index_leads(tx, [(lead_id, searchable(" ".join(parts))) for lead_id, parts in texts.items()])


def lead_name(person: StoredAddress) -> str:
    """The display name, else what the address says."""
    return person.name or name_from_address(person.key) or person.shown
