"""Scores as they were worked out last, and which of them are to be worked out anew.

A score rests on mail, deeds, fields, tags, addresses and the organization's name. Whoever changes one of these puts the
lead into `score_due` in the same transaction, however often; a row is taken out only by who has read it, so that what
changes while a score is worked out is worked out again.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, at_most, within
from inboxcrm.store.tables import address, lead, lead_address, lead_score, score_due
from inboxcrm.store.upserts import Rows, chunks, insert_or_replace, insert_rows

_LOCK = 7_110_412
"""As that of store/upserts.py, for those who write scores."""


class Due(NamedTuple):
    """The leads to work out now, ascending, and the rows of `score_due` that this settles."""

    lead_ids: list[int]
    rows: list[int]


def score_points(axis: str) -> ColumnElement[int]:
    """Of the lead of the row: fit, engagement, else both together; 0 where it was never worked out."""
    columns = {"fit": lead_score.c.fit, "engagement": lead_score.c.engagement}
    held = columns.get(axis, lead_score.c.fit + lead_score.c.engagement)
    own = select(held).where(lead_score.c.lead_id == lead.c.id).correlate(lead)
    return func.coalesce(own.scalar_subquery(), 0, type_=BigInteger())


# --- what is to be done anew --------------------------------------------------------


def note_score_due(tx: Tx, lead_ids: Collection[int]) -> None:
    insert_rows(tx, score_due, [{"lead_id": one} for one in sorted(set(lead_ids))])


def note_scores_due_of(tx: Tx, keys: Collection[str]) -> None:
    """Of the leads that have one of these addresses, by match key."""
    owners = (
        select(lead_address.c.lead_id)
        .join(address, address.c.id == lead_address.c.address_id)
        .where(within(address.c.key, "keys"))
        .distinct()
    )
    for some in chunks(sorted(set(keys)), AT_ONCE):
        tx.execute(insert(score_due).from_select(["lead_id"], owners), {"keys": some})


def note_every_score_due(tx: Tx) -> None:
    """After what concerns every lead: other rules, a whole house brought in, a mailbox more or less people may read."""
    tx.execute(insert(score_due).from_select(["lead_id"], select(lead.c.id)))


_NOTED = select(score_due.c.id, score_due.c.lead_id).order_by(score_due.c.id)
_RUN_OUT = (
    select(lead_score.c.lead_id)
    .where(lead_score.c.changes_at.is_not(None), lead_score.c.changes_at <= bindparam("now"))
    .order_by(lead_score.c.changes_at, lead_score.c.lead_id)
    .limit(at_most("many"))
)


def scores_due(tx: Tx, *, now: int, limit: int) -> Due:
    """Up to `limit` leads: those something happened to, the longest waiting first, then those whose time has come."""
    noted = tx.execute(_NOTED.limit(at_most("many")), {"many": limit}).all()
    found = {row[1] for row in noted}
    if len(found) < limit:
        rest = tx.execute(_RUN_OUT, {"now": now, "many": limit - len(found)})
        found |= set(rest.scalars())
    return Due(sorted(found), [row[0] for row in noted])


def alone_with_scores(tx: Tx) -> None:
    """Waits until nobody else writes scores: an older reading must not be written over a newer one."""
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def put_scores(tx: Tx, rows: Rows, *, settled: Due) -> None:
    """`rows` of all of `settled` that still stand as leads; the others lose their score."""
    insert_or_replace(tx, lead_score, rows, "fit", "engagement", "computed_at", "changes_at")
    gone = set(settled.lead_ids) - {row["lead_id"] for row in rows}
    if gone:
        tx.execute(
            delete(lead_score).where(within(lead_score.c.lead_id, "gone")), {"gone": sorted(gone)}
        )
    tx.execute(delete(score_due).where(within(score_due.c.id, "rows")), {"rows": settled.rows})


# --- reading ---------------------------------------------------------------------------


class Points(NamedTuple):
    fit: int
    engagement: int


_POINTS = select(lead_score.c.lead_id, lead_score.c.fit, lead_score.c.engagement).where(
    within(lead_score.c.lead_id, "ids")
)


def points_of(tx: Tx, lead_ids: Collection[int]) -> dict[int, Points]:
    """Those that were worked out, as they were last."""
    rows = tx.execute(_POINTS, {"ids": list(lead_ids)})
    return {row[0]: Points(row[1], row[2]) for row in rows}


def count_scores(tx: Tx) -> tuple[int, int]:
    """How many leads have one, and how many rows wait to be worked out."""
    held = select(func.count()).select_from(lead_score).scalar_subquery()
    waiting = select(func.count()).select_from(score_due).scalar_subquery()
    row = tx.execute(select(held, waiting)).one()
    return row[0], row[1]


_BEHIND = select(
    case(
        (
            or_(
                exists().where(score_due.c.id.is_not(None)),
                exists().where(lead_score.c.changes_at <= bindparam("before")),
            ),
            func.coalesce(select(func.max(lead_score.c.computed_at)).scalar_subquery(), 0),
        )
    )
)


def behind_since(tx: Tx, *, before: int) -> int | None:
    """When a score was worked out last (ms; 0: none ever was), where something is not counted yet that happened, or
    whose time had come `before` (ms); None where all are level. One read; the last time is looked for only then.
    """
    found = tx.execute(_BEHIND, {"before": before}).scalar_one()
    return None if found is None else int(found)
