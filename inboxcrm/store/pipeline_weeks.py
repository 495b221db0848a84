"""Between two instants, of which both may be past: what changed, who stood too long in a stage, whom we owed an answer.

How leads stood comes from the ground every question to a pipeline stands on; what each change means from
leads/differences.py. Rows are read one after the other: only the first leads of each kind are held.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.sql import visitors

from inboxcrm.leads.differences import LIVELY_MS, Change, Days, changes_of
from inboxcrm.leads.history import LeadState
from inboxcrm.leads.number_shapes import DAY_MS
from inboxcrm.leads.owes import US
from inboxcrm.leads.pipeline import Pipeline
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.pipeline_ground import Instant, kind_lists, standing
from inboxcrm.store.tables import lead, lead_link
from inboxcrm.store.waits_since import waits_since

_AT_ONCE = 1000


class ChangedLead(NamedTuple):
    """Of one of the two instants, where the lead stood in the pipeline then."""

    lead_id: int
    then: LeadState | None
    now: LeadState | None


@dataclass(slots=True)
class Changed:
    """`amounts`: what they are worth at the later instant, hundredths by currency."""

    many: int = 0
    some: list[ChangedLead] = field(default_factory=list)
    amounts: dict[str, int] = field(default_factory=dict)


class Waiting(NamedTuple):
    """`since_at` in ms; `stage` as it was."""

    lead_id: int
    stage: str
    since_at: int


def changes_between(
    tx: Tx, pipeline: Pipeline, days: Days, *, until: int, most: int
) -> dict[Change, Changed]:
    """From `days.at` to `until` (ms); every kind, also those of no lead."""
    then = _stood(pipeline, "then")
    now = _stood(pipeline, "now")
    mail = (
        select(lead_link.c.lead_id, func.max(lead_link.c.at).label("at"))
        .where(
            lead_link.c.at > bindparam("lively_at", type_=BigInteger()),
            lead_link.c.at <= bindparam("until_at", type_=BigInteger()),
            lead_link.c.is_human.is_(True),
            lead_link.c.is_unlinked.is_(False),
        )
        .group_by(lead_link.c.lead_id)
        .cte("mail")
    )
    names = ("stage", "stage_since_at", "stage_reason", "value_cents", "value_currency", "close_on")
    asked = (
        select(
            lead.c.id,
            mail.c.at,
            then.c.lead_id,
            *(then.c[one] for one in names),
            now.c.lead_id,
            *(now.c[one] for one in names),
        )
        .select_from(
            lead.outerjoin(then, then.c.lead_id == lead.c.id)
            .outerjoin(now, now.c.lead_id == lead.c.id)
            .outerjoin(mail, mail.c.lead_id == lead.c.id)
        )
        .where(or_(then.c.lead_id.is_not(None), now.c.lead_id.is_not(None)))
        .order_by(lead.c.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    params = {
        "pipeline": pipeline.key,
        "lively_at": days.at - LIVELY_MS,
        "until_at": until,
        "at_then": days.at,
        "at_now": until,
    }
    found = {one: Changed() for one in Change}
    for lead_id, mailed_at, *states in tx.execute(asked, params):
        half = len(states) // 2
        before, after = (_state(pipeline, one) for one in (states[:half], states[half:]))
        for kind in changes_of(before, after, last_mail_at=mailed_at, days=days, pipeline=pipeline):
            _add(found[kind], ChangedLead(lead_id, before, after), most)
    return found


def stuck_at(tx: Tx, pipeline: Pipeline, at: int, *, most: int) -> tuple[int, list[Waiting]]:
    """How many leads had stood in an open stage for longer than it allows; the longest of them."""
    held = _stood(pipeline, "stood")
    late = [
        and_(
            held.c.stage == stage.key,
            held.c.stage_since_at <= at - (stage.stale_after_days + 1) * DAY_MS,
        )
        for stage in pipeline.open_stages
        if stage.stale_after_days is not None
    ]
    asked = (
        select(held.c.lead_id, held.c.stage, held.c.stage_since_at, func.count().over())
        .where(or_(*late) if late else literal(1) == 0)
        .order_by(held.c.stage_since_at, held.c.lead_id)
        .limit(at_most(most))
    )
    return _waiting(tx, asked, {"pipeline": pipeline.key, "at_stood": at})


def owed_now(tx: Tx, pipeline: Pipeline, at: int, *, most: int) -> tuple[int, list[Waiting]]:
    """Leads in open stages that wait for our answer; those who wait longest."""
    held = _stood(pipeline, "stood")
    asked = (
        select(held.c.lead_id, held.c.stage, lead.c.owes_since_at, func.count().over())
        .join(lead, lead.c.id == held.c.lead_id)
        .where(lead.c.owes == US, _is_open(held))
        .order_by(lead.c.owes_since_at, lead.c.id)
        .limit(at_most(most))
    )
    return _waiting(tx, asked, {"pipeline": pipeline.key, "at_stood": at, **kind_lists(pipeline)})


def owed_at(tx: Tx, pipeline: Pipeline, at: int, *, most: int) -> tuple[int, list[Waiting]]:
    """The same at a past instant, from the mail up to then: the last human mail of a conversation was theirs, and
    nobody has said since that it needs no answer.
    """
    held = _stood(pipeline, "stood")
    waits = waits_since("until_at")
    asked = (
        select(held.c.lead_id, held.c.stage, waits.c.since_at, func.count().over())
        .join(waits, waits.c.lead_id == held.c.lead_id)
        .where(_is_open(held))
        .order_by(waits.c.since_at, held.c.lead_id)
        .limit(at_most(most))
    )
    params = {"pipeline": pipeline.key, "at_stood": at, "until_at": at, **kind_lists(pipeline)}
    return _waiting(tx, asked, params)


def _stood(pipeline: Pipeline, name: str) -> CTE:
    """`standing` under a name of its own, at the instant the statement is given as `at_` and that name: so two of them
    go into one statement.
    """

    def renamed(element: Any, **_: Any) -> Any:
        is_at = isinstance(element, BindParameter) and element.key == "at"
        return bindparam(f"at_{name}", type_=BigInteger()) if is_at else None

    held: Any = visitors.replacement_traverse(
        standing(Instant(pipeline, 0)).element, {}, replace=renamed
    )
    found: CTE = held.cte(name)
    return found


def _is_open(held: CTE) -> ColumnElement[bool]:
    return ~within(held.c.stage, "closed_stages")


def _state(pipeline: Pipeline, row: list[Any]) -> LeadState | None:
    lead_id, stage, since_at, reason, cents, currency, close_on = row
    if lead_id is None:
        return None
    return LeadState(
        pipeline.key,
        stage,
        since_at,
        stage_reason=reason,
        value_cents=cents,
        currency=currency,
        close_on=close_on,
    )


def _add(held: Changed, one: ChangedLead, most: int) -> None:
    held.many += 1
    if len(held.some) < most:
        held.some.append(one)
    state = one.now or one.then
    if state is not None and state.value_cents is not None:
        cents = held.amounts.get(state.currency, 0) + state.value_cents
        held.amounts[state.currency] = cents


def _waiting(tx: Tx, asked: Any, params: dict[str, Any]) -> tuple[int, list[Waiting]]:
    rows = tx.execute(asked, params).all()
    return (rows[0][3] if rows else 0), [Waiting(*row[:3]) for row in rows]
