"""How leads stood in their pipeline before: one row for each time a person changed it, written by the change itself.

Together with the lead's own row this answers how everything stood at any instant. A lead that only mail has touched
needs no such row: it stands as it does since its first contact. What rules make and take away again leaves none either:
such a lead never was one.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func, insert, literal, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import lead, lead_past

_HELD = (
    "pipeline",
    "stage",
    "stage_since_at",
    "stage_reason",
    "owner_id",
    "source",
    "value_cents",
    "value_currency",
    "close_on",
)
KEPT = frozenset({*_HELD, "is_withdrawn"})
"""Columns of a lead whose change ends the state it was in."""


def keep_state(tx: Tx, lead_id: int, *, at: int) -> None:
    """Called before the change it is called for, at `at` (ms). A lead that is removed leaves no state behind."""
    keep_states(tx, lead.c.id == lead_id, at=at)


def keep_states(tx: Tx, which: ColumnElement[bool], *, at: int, **values: object) -> None:
    """The same for every lead of that condition; `values` are those of its bound names."""
    standing = select(
        lead.c.id,
        func.coalesce(lead.c.state_since_at, lead.c.stage_since_at),
        literal(at),
        *(lead.c[name] for name in _HELD),
    ).where(which, lead.c.is_withdrawn.is_(False))
    columns = ["lead_id", "from_at", "until_at", *_HELD]
    tx.execute(insert(lead_past).from_select(columns, standing), values)
    tx.execute(update(lead).where(which).values(state_since_at=at), values)


def stands_again(at: int) -> ColumnElement[int]:
    """For `state_since_at` of leads that come back: what people worked on stands from now on, others as if they had
    never been away.
    """
    return case((lead.c.state_since_at.is_not(None), literal(at)))


def take_back_stay(tx: Tx, lead_id: int, stay: tuple[str, str, int], *, at: int) -> None:
    """`stay` is pipeline, stage and since when: the move into it was undone at `at`, and from then on never was."""
    pipeline, stage, since = stay
    tx.execute(
        update(lead_past)
        .where(
            lead_past.c.lead_id == lead_id,
            lead_past.c.pipeline == pipeline,
            lead_past.c.stage == stage,
            lead_past.c.stage_since_at == since,
        )
        .values(taken_back_at=at)
    )
