"""How leads stood in their pipeline before: one row for each time a person changed it, written by the change itself.

Together with the lead's own row this answers how everything stood at any instant. A lead that only mail has touched
needs no such row: it stands as it does since its first contact. What rules make and take away again leaves none either:
such a lead never was one.

The states of a lead follow each other whatever the machine's clock does: where it was set back, a change ends a state
not before that state began, and the next one begins there.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func, insert, literal, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import lead, lead_past

HELD = (
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
"""Columns of a lead that stand in `lead_past` as they were."""
KEPT = frozenset({*HELD, "is_withdrawn"})
"""Columns of a lead whose change ends the state it was in."""


def keep_state(tx: Tx, lead_id: int, *, at: int) -> None:
    """Called before the change it is called for, at `at` (ms). A lead that is removed leaves no state behind."""
    keep_states(tx, lead.c.id == lead_id, at=at)


def keep_states(tx: Tx, which: ColumnElement[bool], *, at: int, **values: object) -> None:
    """The same for every lead of that condition; `values` are those of its bound names."""
    standing = select(
        lead.c.id,
        func.coalesce(lead.c.state_since_at, _first_since(at)),
        stands_from(at),
        *(lead.c[name] for name in HELD),
    ).where(which, lead.c.is_withdrawn.is_(False))
    columns = ["lead_id", "from_at", "until_at", *HELD]
    tx.execute(insert(lead_past).from_select(columns, standing), values)
    tx.execute(update(lead).where(which).values(state_since_at=stands_from(at)), values)


def stands_from(at: int) -> ColumnElement[int]:
    """For `state_since_at` of leads whose state begins at `at` (ms): never before the state that just ended."""
    return case((lead.c.state_since_at > at, lead.c.state_since_at), else_=literal(at))


def stands_again(at: int) -> ColumnElement[int]:
    """For `state_since_at` of leads that come back: what people worked on stands from now on, others as if they had
    never been away.
    """
    return case((lead.c.state_since_at.is_not(None), stands_from(at)))


def _first_since(at: int) -> ColumnElement[int]:
    """When a lead came into its first stage, by the date of a mail, which may be of tomorrow."""
    return case((lead.c.stage_since_at > at, literal(at)), else_=lead.c.stage_since_at)


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
