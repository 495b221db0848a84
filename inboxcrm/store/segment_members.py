"""The leads of a segment with the address mail would go to, and what stands against sending there: page by page.

Mail goes to the address the lead wrote from last, as far as a person sat down to it; else to the lead's first one.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, case, func, literal_column, select

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.segment_sql import Condition
from inboxcrm.store.segment_suppression import is_address_suppressed, is_domain_suppressed
from inboxcrm.store.segments import leads_of
from inboxcrm.store.tables import address, enrollment, lead, lead_address, lead_link, message


class MemberRow(NamedTuple):
    """`address_id`, `key` and `shown` are null for a lead without an address."""

    lead_id: int
    address_id: int | None
    key: str | None
    shown: str | None
    is_suppressed: bool
    is_domain_suppressed: bool
    is_active_elsewhere: bool


_own = select(lead_address.c.address_id).where(lead_address.c.lead_id == lead.c.id)
# A sum, so that PostgreSQL does not walk all addresses in their order until it meets one of this lead.
_number = lead_address.c.address_id + literal_column("0", Integer())
_first = _own.with_only_columns(func.min(_number)).correlate(lead)
_last = _own.with_only_columns(func.max(_number)).correlate(lead)
_wrote_last = (
    select(lead_link.c.address_id)
    .join(message, message.c.id == lead_link.c.message_id)
    .join(lead_address, lead_address.c.address_id == lead_link.c.address_id)
    .where(
        lead_link.c.lead_id == lead.c.id,
        lead_link.c.direction == "in",
        lead_link.c.is_human.is_(True),
        lead_link.c.is_unlinked.is_(False),
        # Somebody in copy wrote nothing, and an address may have gone to another lead since.
        message.c.author_id == lead_link.c.address_id,
        lead_address.c.lead_id == lead.c.id,
    )
    .order_by(lead_link.c.at.desc(), lead_link.c.message_id.desc())
    .limit(at_most(1))
    .correlate(lead)
)
# Nearly every lead has one address, and then nobody need look through its mail.
_chosen = case(
    (
        _first.scalar_subquery() != _last.scalar_subquery(),
        func.coalesce(_wrote_last.scalar_subquery(), _first.scalar_subquery()),
    ),
    else_=_first.scalar_subquery(),
)


@cache
def _members() -> Select[Any]:
    active = (
        select(enrollment.c.id)
        .where(
            enrollment.c.lead_id == lead.c.id,
            enrollment.c.state == "active",
            enrollment.c.cadence_id != bindparam("cadence_id"),
        )
        .correlate(lead)
        .exists()
    )
    return (
        select(
            lead.c.id,
            address.c.id,
            address.c.key,
            address.c.shown,
            is_address_suppressed(),
            is_domain_suppressed(),
            active,
        )
        .select_from(lead)
        .outerjoin(address, address.c.id == _chosen)
        .where(within(lead.c.id, "ids"))
        .order_by(lead.c.id)
    )


def member_rows(
    tx: Tx, condition: Condition, *, after: int, limit: int, cadence_id: int = 0
) -> list[MemberRow]:
    """By lead id, those behind `after`. Active in the cadence `cadence_id` itself is not active elsewhere.

    Two statements: the leads of the page first, so that addresses are looked up for these alone.
    """
    page = leads_of(tx, condition, after=after, limit=limit)
    return list(members_by_id(tx, page, cadence_id=cadence_id).values())


def members_by_id(tx: Tx, lead_ids: list[int], *, cadence_id: int = 0) -> dict[int, MemberRow]:
    """The same of these leads, ascending, whether or not they are in a segment."""
    rows = tx.execute(_members(), {"ids": lead_ids, "cadence_id": cadence_id})
    return {row[0]: MemberRow._make(row) for row in rows}
