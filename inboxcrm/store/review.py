"""Reading the review queue: doubtful senders by how long they wait, those who left it by age or were set aside.

Every list is one walk along an index of candidates, and everything shown beside a page of them is one more query for
the whole page. Who reads only some mailboxes meets the candidates of those: by human mail, or by a person's word.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
)

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.captures import HUMAN_SIGNS
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import EMPTY, at_most, within
from inboxcrm.store.sight import in_sight, is_limited, readable_thread, sight
from inboxcrm.store.tables import (
    address,
    address_capture,
    evidence,
    lead,
    lead_address,
    message,
    organization,
    review_later,
)


class Part(StrEnum):
    """Where a candidate stands."""

    QUEUE = "queue"
    EXPIRED = "expired"
    LATER = "later"


class CandidateRow(NamedTuple):
    """`sort_at` is what its list is sorted by: since when it waits, or until when it is set aside."""

    address_id: int
    key: str
    shown: str
    name: str
    org_domain: str
    organization: str | None
    outcome: str
    rule: str
    detail: str
    decided_by: str
    rests_on: int | None
    waiting_at: int | None
    sort_at: int


class MetRow(NamedTuple):
    """How a candidate was met in a mailbox of the viewer's; `thread_id` null where no copy lives any more."""

    address_id: int
    sign: str
    last_at: int
    message_id: int
    subject: str
    snippet: str
    sent_at: int
    direction: str
    thread_id: int | None


class MatchedLead(NamedTuple):
    address_id: int
    lead_id: int
    why: str


class LeadName(NamedTuple):
    lead_id: int
    name: str
    organization: str | None


def may_know(*, limited: bool) -> ColumnElement[bool]:
    """Whether the viewer may know of the address of this row of `address_capture`."""
    if not limited:
        return true()
    return (
        select(evidence.c.address_id)
        .where(
            evidence.c.address_id == address_capture.c.address_id,
            in_sight(evidence.c.mailbox_id, limited=True),
            or_(
                address_capture.c.outcome != "candidate",
                address_capture.c.decided_by == "person",
                evidence.c.sign.in_(HUMAN_SIGNS),
            ),
        )
        .exists()
    )


def named_by(*, limited: bool) -> ColumnElement[Any]:
    """What the reason names; empty where that is an address the viewer may not know of."""
    detail = address_capture.c.detail
    if not limited:
        return detail
    other = address.alias("named_address")
    known = (
        select(other.c.id)
        .join(evidence, evidence.c.address_id == other.c.id)
        .where(other.c.key == detail, in_sight(evidence.c.mailbox_id, limited=True))
        .exists()
    )
    return case((or_(known, ~detail.like("%@%")), detail), else_=literal(""))


_is_set_aside = (
    select(review_later.c.address_id)
    .where(
        review_later.c.address_id == address_capture.c.address_id,
        review_later.c.until_at > bindparam("now"),
        review_later.c.set_at >= address_capture.c.waiting_at,
    )
    .exists()
)
_waiting = address_capture.c.waiting_at


def _where(part: Part, *, limited: bool, of_domain: bool) -> list[ColumnElement[bool]]:
    # Only candidates wait; naming their outcome too would lead the walk along another index.
    conditions = [may_know(limited=limited)]
    if part is Part.QUEUE:
        conditions += [_waiting >= bindparam("cutoff"), ~_is_set_aside]
    elif part is Part.EXPIRED:
        conditions += [_waiting < bindparam("cutoff"), ~_is_set_aside]
    else:
        conditions += [
            review_later.c.until_at > bindparam("now"),
            review_later.c.set_at >= _waiting,
        ]
    if of_domain:
        domain: BindParameter[str] = bindparam("domain")
        conditions.append(or_(address.c.org_domain == domain, address.c.domain == domain))
    return conditions


@cache
def _page(part: Part, *, limited: bool, of_domain: bool) -> Select[Any]:
    sort = review_later.c.until_at if part is Part.LATER else _waiting
    at: BindParameter[int] = bindparam("at")
    after_id: BindParameter[int] = bindparam("after_id")
    number = address_capture.c.address_id
    rows = (
        select(
            address.c.id,
            address.c.key,
            address.c.shown,
            address.c.name,
            address.c.org_domain,
            organization.c.name,
            address_capture.c.outcome,
            address_capture.c.rule,
            named_by(limited=limited),
            address_capture.c.decided_by,
            address_capture.c.rests_on,
            _waiting,
            sort,
        )
        .select_from(address_capture)
        .join(address, address.c.id == address_capture.c.address_id)
        .outerjoin(
            organization,
            and_(organization.c.domain == address.c.org_domain, address.c.org_domain != ""),
        )
        .where(*_where(part, limited=limited, of_domain=of_domain))
        .limit(at_most("many"))
    )
    if part is Part.LATER:
        rows = rows.join(review_later, review_later.c.address_id == number)
    if part is Part.EXPIRED:  # the newest first: they are the likeliest to be wanted back
        return rows.where(sort <= at, or_(sort < at, number < after_id)).order_by(
            sort.desc(), number.desc()
        )
    return rows.where(sort >= at, or_(sort > at, number > after_id)).order_by(sort, number)


_END_OF_TIME = 1 << 62


def candidates(
    tx: Tx,
    viewer: Viewer,
    part: Part,
    *,
    now: int,
    cutoff: int,
    after: tuple[int, int] | None,
    limit: int,
    domain: str = "",
) -> list[CandidateRow]:
    start = (_END_OF_TIME, _END_OF_TIME) if part is Part.EXPIRED else (0, 0)
    at, after_id = after or start
    params = {
        "now": now,
        "cutoff": cutoff,
        "at": at,
        "after_id": after_id,
        "many": limit,
        "domain": domain,
    }
    statement = _page(part, limited=is_limited(viewer), of_domain=bool(domain))
    rows = tx.execute(statement, params | sight(viewer))
    return [CandidateRow._make(row) for row in rows]


@cache
def _counted(part: Part, *, limited: bool) -> Select[Any]:
    some = select(literal(1).label("one")).select_from(address_capture)
    if part is Part.LATER:
        some = some.join(review_later, review_later.c.address_id == address_capture.c.address_id)
    some = some.where(*_where(part, limited=limited, of_domain=False)).limit(at_most("many"))
    return select(func.count()).select_from(some.subquery())


def count_candidates(
    tx: Tx, viewer: Viewer, part: Part, *, now: int, cutoff: int, most: int
) -> int:
    """No further than `most`."""
    statement = _counted(part, limited=is_limited(viewer))
    params = {"now": now, "cutoff": cutoff, "many": most}
    return int(tx.execute(statement, params | sight(viewer)).scalar_one())


# --- beside a page of them ---------------------------------------------------


@cache
def _met(*, limited: bool) -> Select[Any]:
    return (
        select(
            evidence.c.address_id,
            evidence.c.sign,
            evidence.c.last_at,
            message.c.id,
            message.c.subject,
            message.c.snippet,
            message.c.sent_at,
            message.c.direction,
            readable_thread(message.c.id, limited=limited),
        )
        .join(message, message.c.id == evidence.c.first_message_id)
        .where(
            within(evidence.c.address_id, "ids"), in_sight(evidence.c.mailbox_id, limited=limited)
        )
        .order_by(message.c.sent_at, message.c.id)
    )


def how_met(tx: Tx, viewer: Viewer, address_ids: Collection[int]) -> dict[int, list[MetRow]]:
    """How these addresses were met in the mailboxes this viewer reads, the first time first."""
    rows = tx.execute(_met(limited=is_limited(viewer)), {"ids": list(address_ids), **sight(viewer)})
    found: dict[int, list[MetRow]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(MetRow._make(row))
    return found


_alive = lead.c.is_withdrawn.is_(False) & lead.c.merged_into.is_(None)
# In the order of an index each, so that the first two of many cost as much as two.
_OF_A_NAME, _OF_AN_ORGANIZATION = 2, 2


def _by_address(condition: ColumnElement[bool], other: Any, place: int) -> Any:
    return (
        select(lead.c.id)
        .join(lead_address, lead_address.c.lead_id == lead.c.id)
        .join(other, other.c.id == lead_address.c.address_id)
        .where(condition, other.c.id != address.c.id, _alive)
        .order_by(other.c.id)
        .limit(at_most(1))
        .offset(at_most(place))
        .correlate(address)
        .scalar_subquery()
    )


def _by_organization(place: int) -> Any:
    return (
        select(lead.c.id)
        .where(
            lead.c.organization_id
            == select(organization.c.id)
            .where(organization.c.domain == address.c.org_domain, organization.c.domain != "")
            .correlate(address)
            .scalar_subquery(),
            _alive,
        )
        .order_by(lead.c.moved_at.desc(), lead.c.id.desc())
        .limit(at_most(1))
        .offset(at_most(place))
        .correlate(address)
        .scalar_subquery()
    )


@cache
def _matches() -> tuple[Select[Any], tuple[str, ...]]:
    """The next best leads of each address, each found along an index however many there are."""
    plain, named = address.alias("plain_address"), address.alias("namesake")
    is_plain = and_(plain.c.key == address.c.plain_key, address.c.plain_key != address.c.key)
    is_namesake = and_(named.c.name_key == address.c.name_key, named.c.name_key != EMPTY)
    columns = [
        ("plus", _by_address(is_plain, plain, 0)),
        *(("name", _by_address(is_namesake, named, place)) for place in range(_OF_A_NAME)),
        *(("organization", _by_organization(place)) for place in range(_OF_AN_ORGANIZATION)),
    ]
    statement = select(address.c.id, *(column for _, column in columns)).where(
        within(address.c.id, "ids")
    )
    return statement, tuple(why for why, _ in columns)


def matched_leads(tx: Tx, address_ids: Collection[int]) -> list[MatchedLead]:
    """Leads that may be meant by these addresses, the likeliest first, each once for an address.

    Free-mail addresses have no organization, so strangers who share one never match by it.
    """
    statement, ways = _matches()
    found: dict[tuple[int, int], MatchedLead] = {}
    for which, *lead_ids in tx.execute(statement, {"ids": list(address_ids)}):
        for why, lead_id in zip(ways, lead_ids, strict=True):
            if lead_id is not None:
                found.setdefault((which, lead_id), MatchedLead(which, lead_id, why))
    return list(found.values())


_NAMES = (
    select(lead.c.id, lead.c.name, organization.c.name)
    .outerjoin(organization, organization.c.id == lead.c.organization_id)
    .where(within(lead.c.id, "ids"), _alive)
)


def lead_names(tx: Tx, lead_ids: Collection[int]) -> dict[int, LeadName]:
    rows = tx.execute(_NAMES, {"ids": sorted(set(lead_ids))})
    return {row[0]: LeadName._make(row) for row in rows}


# --- some of them, by name ---------------------------------------------------


@cache
def _known(*, limited: bool) -> Select[Any]:
    return (
        select(address.c.id, address.c.key, address.c.shown, address.c.name, address.c.org_domain)
        .add_columns(address_capture.c.outcome, address_capture.c.waiting_at)
        .join(address_capture, address_capture.c.address_id == address.c.id)
        .where(within(address.c.id, "ids"), may_know(limited=limited))
    )


class KnownAddress(NamedTuple):
    address_id: int
    key: str
    shown: str
    name: str
    org_domain: str
    outcome: str
    waiting_at: int | None


def known_addresses(
    tx: Tx, viewer: Viewer, address_ids: Collection[int]
) -> dict[int, KnownAddress]:
    """Those of these addresses that the viewer may know of, with the answer they have now."""
    rows = tx.execute(
        _known(limited=is_limited(viewer)), {"ids": list(address_ids), **sight(viewer)}
    )
    return {row[0]: KnownAddress._make(row) for row in rows}
