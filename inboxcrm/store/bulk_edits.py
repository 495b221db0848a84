"""Changes of many leads at once: which leads, as which version they were seen, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, func, insert, literal, or_, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.segment_sql import SHOWN, Condition
from inboxcrm.store.tables import bulk_edit, bulk_edit_lead, lead
from inboxcrm.store.upserts import Rows, insert_or_ignore, update_rows


class BulkRow(NamedTuple):
    bulk_id: int
    account_id: int
    made_at: int
    asked: str
    what: str
    given: str
    state: str
    leads: int


class ChosenLead(NamedTuple):
    """`activity_id` takes back what was done to it."""

    lead_id: int
    version: int
    activity_id: int | None


class Refusal(NamedTuple):
    """`name` is today's; None where the lead's row is gone."""

    lead_id: int
    name: str | None
    reason: str


_ROWS = select(*(bulk_edit.c[name] for name in ("id", *BulkRow._fields[1:])))
_BY_ID = _ROWS.where(bulk_edit.c.id == bindparam("bulk_id"))
_CHOSEN = (
    select(bulk_edit_lead.c.lead_id, bulk_edit_lead.c.version, bulk_edit_lead.c.activity_id)
    .where(
        bulk_edit_lead.c.bulk_edit_id == bindparam("bulk_id"),
        bulk_edit_lead.c.outcome == bindparam("outcome"),
        bulk_edit_lead.c.lead_id > bindparam("behind"),
    )
    .order_by(bulk_edit_lead.c.lead_id)
    .limit(at_most("many"))
)
_COUNTS = (
    select(bulk_edit_lead.c.outcome, func.count())
    .where(bulk_edit_lead.c.bulk_edit_id == bindparam("bulk_id"))
    .group_by(bulk_edit_lead.c.outcome)
)
_OF_OUTCOME = (
    bulk_edit_lead.c.bulk_edit_id == bindparam("bulk_id"),
    bulk_edit_lead.c.outcome == bindparam("outcome"),
)
_REASONS = (
    select(bulk_edit_lead.c.reason, func.count())
    .where(*_OF_OUTCOME)
    .group_by(bulk_edit_lead.c.reason)
    .order_by(func.count().desc(), bulk_edit_lead.c.reason)
    .limit(at_most("many"))
)
_REFUSED = (
    select(bulk_edit_lead.c.lead_id, lead.c.name, bulk_edit_lead.c.reason)
    .outerjoin(lead, lead.c.id == bulk_edit_lead.c.lead_id)
    .where(*_OF_OUTCOME)
    .order_by(bulk_edit_lead.c.lead_id)
    .limit(at_most("many"))
)
_UNFINISHED = (
    select(bulk_edit.c.id)
    .where(
        bulk_edit.c.account_id == bindparam("account_id"),
        bulk_edit.c.state.in_(("running", "undoing")),
    )
    .order_by(bulk_edit.c.id.desc())
    .limit(at_most(1))
)


def insert_bulk(tx: Tx, values: dict[str, Any]) -> int:
    made = tx.execute(insert(bulk_edit), values)
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def choose_leads(tx: Tx, bulk_id: int, versions: Sequence[tuple[int, int]]) -> int:
    """(lead, version as it was seen); returns how many. One that stands in it already is not put in twice."""
    rows = [
        {"bulk_edit_id": bulk_id, "lead_id": one, "version": version} for one, version in versions
    ]
    insert_or_ignore(tx, bulk_edit_lead, rows)
    return _note_count(tx, bulk_id)


def choose_matching(
    tx: Tx, bulk_id: int, pipeline: str, narrowed: Condition | None, *, limit: int
) -> int:
    """All leads of the pipeline that a filter finds now, up to `limit` of them, in one statement."""
    found = select(literal(bulk_id), lead.c.id, lead.c.version).where(
        lead.c.pipeline == bindparam("pipeline"), SHOWN
    )
    if narrowed is not None:
        found = found.where(narrowed.clause)
    found = found.order_by(lead.c.id).limit(at_most("many"))
    tx.execute(
        insert(bulk_edit_lead).from_select(["bulk_edit_id", "lead_id", "version"], found),
        {"pipeline": pipeline, "many": limit, **(narrowed.params if narrowed else {})},
    )
    return _note_count(tx, bulk_id)


def _note_count(tx: Tx, bulk_id: int) -> int:
    many = sum(outcome_counts(tx, bulk_id).values())
    tx.execute(update(bulk_edit).where(bulk_edit.c.id == bulk_id).values(leads=many))
    return many


def bulk_by_id(tx: Tx, bulk_id: int, *, locked: bool = False) -> BulkRow | None:
    """`locked`: nobody else goes on with it until this transaction ends. SQLite has one writer anyway."""
    asked = _BY_ID.with_for_update() if locked else _BY_ID
    row = tx.execute(asked, {"bulk_id": bulk_id}).first()
    return BulkRow._make(row) if row else None


def set_bulk(tx: Tx, bulk_id: int, **values: Any) -> None:
    tx.execute(update(bulk_edit).where(bulk_edit.c.id == bulk_id).values(**values))


def chosen_leads(
    tx: Tx, bulk_id: int, *, outcome: str = "", behind: int = 0, limit: int
) -> list[ChosenLead]:
    """By lead id, those behind one; `outcome` empty: those nothing was done to yet."""
    asked = {"bulk_id": bulk_id, "outcome": outcome, "behind": behind, "many": limit}
    return [ChosenLead._make(row) for row in tx.execute(_CHOSEN, asked)]


def set_outcomes(tx: Tx, bulk_id: int, rows: Rows) -> None:
    """Each with lead_id, outcome, activity_id and reason."""
    update_rows(
        tx,
        bulk_edit_lead,
        [{"bulk_edit_id": bulk_id, **row} for row in rows],
        by=("bulk_edit_id", "lead_id"),
    )


def outcome_counts(tx: Tx, bulk_id: int) -> dict[str, int]:
    return {row[0]: row[1] for row in tx.execute(_COUNTS, {"bulk_id": bulk_id})}


def refusal_counts(tx: Tx, bulk_id: int, outcome: str, *, limit: int) -> list[tuple[str, int]]:
    """(reason, leads), the most frequent first."""
    asked = {"bulk_id": bulk_id, "outcome": outcome, "many": limit}
    return [(row[0] or "", row[1]) for row in tx.execute(_REASONS, asked)]


def refusals(tx: Tx, bulk_id: int, outcome: str, *, limit: int) -> list[Refusal]:
    asked = {"bulk_id": bulk_id, "outcome": outcome, "many": limit}
    return [Refusal(row[0], row[1], row[2] or "") for row in tx.execute(_REFUSED, asked)]


def unfinished_bulk(tx: Tx, account_id: int) -> int | None:
    """The newest of the account that was begun and has not ended."""
    found: int | None = tx.execute(_UNFINISHED, {"account_id": account_id}).scalar()
    return found


FORGOTTEN = "forgotten"


def forget_bulks(tx: Tx, *, chosen_before: int, made_before: int) -> None:
    """The leads of those that were only chosen, and of those nobody takes back any more. The rows stay: a number that
    is free again would lead an old page to another change.
    """
    old = or_(
        bulk_edit.c.made_at < made_before,
        and_(bulk_edit.c.state == "chosen", bulk_edit.c.made_at < chosen_before),
    )
    which = select(bulk_edit.c.id).where(old, bulk_edit.c.state != FORGOTTEN)
    tx.execute(delete(bulk_edit_lead).where(bulk_edit_lead.c.bulk_edit_id.in_(which)))
    tx.execute(update(bulk_edit).where(old).values(state=FORGOTTEN))
