"""A segment's tree as one condition over `lead`, every value bound.

Each condition is true or false and never null, so that NOT means the opposite on both databases. What lies in other
tables is asked for by EXISTS over an index of the lead: a count reads the leads once and looks up the rest beside them.
A tree is bounded before it gets here (leads/segments.py): at most a hundred conditions and two hundred values.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from inboxcrm.leads.pipeline import Pipelines, StageKind
from inboxcrm.leads.segment_bounds import amounts, days, moment
from inboxcrm.leads.segment_fields import CUSTOM, EVER, SCORES
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.leads.segments import AllOf, FieldType, Leaf, Node, Not, Op
from inboxcrm.leads.temperature import COLD, HOT
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.lead_scores import score_points
from inboxcrm.store.lists import within
from inboxcrm.store.segment_suppression import is_suppressed
from inboxcrm.store.segment_text import (
    day_between,
    declared,
    is_day,
    is_number,
    number_above,
    number_below,
    text_is,
)
from inboxcrm.store.tables import (
    address,
    cadence,
    enrollment,
    lead,
    lead_address,
    lead_consent,
    lead_tag,
    organization,
    segment_lead,
    tag,
    task,
)

Clause = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a tree is asked on, besides the leads: when and where, the house's stages, and whose key means which
    account. `hot` are the leads that count as hot (store/segment_heat.py), needed where a temperature is asked for.
    """

    now: datetime
    zone: str
    pipelines: Pipelines
    owner_ids: Mapping[str, int] = field(default_factory=dict)
    cold_after_days: int = 120
    hot: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A clause over `lead`, and the parameters it is executed with."""

    clause: Clause
    params: dict[str, Any] = field(default_factory=dict)


SHOWN: Clause = and_(lead.c.merged_into.is_(None), lead.c.is_withdrawn.is_(False))
"""Leads that stand in lists."""


def compile_segment(node: Node, ground: Ground, *, prefix: str = "segment") -> Condition:
    """Its lists are bound to names that begin with `prefix`: two conditions that are asked together need two."""
    compiling = _Compiling(ground, prefix)
    clause = compiling.node(node)
    return Condition(clause, compiling.params)


def both(one: Condition, other: Condition) -> Condition:
    """Of two that were compiled with different prefixes."""
    return Condition(and_(one.clause, other.clause), one.params | other.params)


def frozen(segment_id: int) -> Condition:
    """The leads a frozen segment was given; one that was merged counts as the one it went into."""
    was = lead.alias("was")
    held = (
        select(func.coalesce(was.c.merged_into, was.c.id))
        .select_from(segment_lead)
        .join(was, was.c.id == segment_lead.c.lead_id)
        .where(segment_lead.c.segment_id == bindparam("frozen_id"))
    )
    return Condition(lead.c.id.in_(held), {"frozen_id": segment_id})


class _Compiling:
    def __init__(self, ground: Ground, prefix: str) -> None:
        self._ground = ground
        self._prefix = prefix
        self.params: dict[str, Any] = {}

    def node(self, node: Node) -> Clause:
        if isinstance(node, Leaf):
            return self._leaf(node)
        if isinstance(node, Not):
            return not_(self.node(node.of))
        parts = [self.node(one) for one in node.of]
        if not parts:
            return true()
        return and_(*parts) if isinstance(node, AllOf) else or_(*parts)

    def _leaf(self, leaf: Leaf) -> Clause:
        if leaf.op is Op.IS_NOT:
            return not_(self._leaf(Leaf(leaf.field, Op.IS, leaf.values, leaf.type)))
        if leaf.op is Op.IS_UNSET:
            return not_(self._leaf(Leaf(leaf.field, Op.IS_SET, (), leaf.type)))
        if leaf.field in _BY_FIELD:
            return _BY_FIELD[leaf.field](self, leaf)
        return _BY_TYPE[leaf.type](self, leaf)

    def among(self, column: ColumnElement[Any], values: Collection[Any]) -> Clause:
        """Equal to one of them; a list is one parameter whatever its length. One alone lets an index serve."""
        if len(values) == 1:
            alone: Clause = column == next(iter(values))
            return alone
        name = f"{self._prefix}_{len(self.params)}"
        self.params[name] = list(values)
        return within(column, name)

    # --- what stands in the lead's own row -----------------------------------

    def text(self, leaf: Leaf) -> Clause:
        if leaf.field.startswith(CUSTOM):
            return self.words(declared(leaf.field.removeprefix(CUSTOM)), leaf)
        return self.words(lead.c[_COLUMNS[leaf.field]], leaf)

    def words(self, column: ColumnElement[Any], leaf: Leaf) -> Clause:
        if leaf.op is Op.IS_SET:
            return column != ""
        return or_(*(text_is(column, leaf.op, value) for value in leaf.values))

    def choice(self, leaf: Leaf) -> Clause:
        if leaf.field.startswith(CUSTOM):
            column = declared(leaf.field.removeprefix(CUSTOM))
            return column != "" if leaf.op is Op.IS_SET else self.among(column, leaf.values)
        return self.among(lead.c[_COLUMNS[leaf.field]], leaf.values)

    def owner(self, leaf: Leaf) -> Clause:
        held = lead.c.owner_id.is_not(None)
        if leaf.op is Op.IS_SET:
            return held
        ids = [self._ground.owner_ids[one] for one in leaf.values if one in self._ground.owner_ids]
        return and_(held, self.among(lead.c.owner_id, ids))

    def stage_kind(self, leaf: Leaf) -> Clause:
        """A stage the settings do not know counts as open."""
        kinds = {StageKind(value) for value in leaf.values}
        fits = or_(false(), *(self._in_stages(kind) for kind in kinds - {StageKind.OPEN}))
        if StageKind.OPEN not in kinds:
            return fits
        closed = or_(*(self._in_stages(kind) for kind in StageKind if kind is not StageKind.OPEN))
        return or_(fits, not_(closed))

    def _in_stages(self, kind: StageKind) -> Clause:
        return or_(
            false(),
            *(
                and_(lead.c.pipeline == one.key, self.among(lead.c.stage, keys))
                for one in self._ground.pipelines.pipelines
                if (keys := [stage.key for stage in one.stages if stage.kind is kind])
            ),
        )

    def temperature(self, leaf: Leaf) -> Clause:
        cold_until = self._ground.now - timedelta(days=self._ground.cold_after_days)
        lives = and_(lead.c.last_in_at.is_not(None), lead.c.last_in_at > to_ms(cold_until))
        hot = and_(lives, self.among(lead.c.id, self._ground.hot))
        known = {COLD: not_(lives), HOT: hot}
        return or_(*(known.get(value, and_(lives, not_(hot))) for value in leaf.values))

    def time(self, leaf: Leaf) -> Clause:
        column = lead.c[_COLUMNS[leaf.field]]
        held: Clause = column.is_not(None)
        if leaf.op is Op.IS_SET:
            return held
        line = to_ms(moment(leaf, self._ground.now, self._ground.zone))
        fits = {
            Op.BEFORE: column < line,
            Op.AFTER: column >= line,
            Op.OLDER: column <= line,
            Op.WITHIN: column > line,
        }[leaf.op]
        return and_(held, fits)

    def appeared(self, leaf: Leaf) -> Clause:
        """The first mail or the making of the lead, whichever came first: two comparisons need no least of two, which
        each database calls otherwise.
        """
        line = to_ms(moment(leaf, self._ground.now, self._ground.zone))
        both = (lead.c.created_at, func.coalesce(lead.c.first_at, lead.c.created_at))
        if leaf.op in {Op.BEFORE, Op.AFTER}:
            earlier = or_(*(one < line for one in both))
        else:
            earlier = or_(*(one <= line for one in both))
        return earlier if leaf.op in {Op.BEFORE, Op.OLDER} else not_(earlier)

    def mails(self, leaf: Leaf) -> Clause:
        """In hundredths, as amounts are compared."""
        low, high = amounts(leaf)
        many = (lead.c.in_count + lead.c.out_count) * 100
        return and_(many >= low, many <= high)

    def close(self, leaf: Leaf) -> Clause:
        held = lead.c.close_on.is_not(None)
        if leaf.op is Op.IS_SET:
            return held
        first, last = days(leaf, self._ground.now, self._ground.zone)
        return and_(held, lead.c.close_on >= first, lead.c.close_on <= last)

    def money(self, leaf: Leaf) -> Clause:
        held = lead.c.value_cents.is_not(None)
        if leaf.op is Op.IS_SET:
            return held
        low, high = amounts(leaf)
        return and_(held, lead.c.value_cents >= low, lead.c.value_cents <= high)

    def number(self, leaf: Leaf) -> Clause:
        text = declared(leaf.field.removeprefix(CUSTOM))
        match leaf.op:
            case Op.IS_SET:
                return is_number(text)
            case Op.MORE:
                return number_above(text, leaf.value)
            case Op.LESS:
                return number_below(text, leaf.value)
            case Op.AT_LEAST:
                return and_(is_number(text), not_(number_below(text, leaf.value)))
            case Op.AT_MOST:
                return and_(is_number(text), not_(number_above(text, leaf.value)))
            case _:
                # Both are written in the one plain form.
                return text == leaf.value

    def score(self, leaf: Leaf) -> Clause:
        low, high = amounts(leaf)
        points = score_points(leaf.field) * 100
        return and_(points >= low, points <= high)

    def day(self, leaf: Leaf) -> Clause:
        text = declared(leaf.field.removeprefix(CUSTOM))
        if leaf.op is Op.IS_SET:
            return is_day(text)
        first, last = days(leaf, self._ground.now, self._ground.zone)
        return and_(is_day(text), day_between(text, first, last))

    # --- what stands in other tables -------------------------------------------

    def organization(self, leaf: Leaf) -> Clause:
        column = organization.c.name if leaf.field == "organization" else organization.c.domain
        own = select(organization.c.id).where(organization.c.id == lead.c.organization_id)
        return own.where(self._exactly(column, leaf)).correlate(lead).exists()

    def address(self, leaf: Leaf) -> Clause:
        column = address.c.key if leaf.type is FieldType.ADDRESS else address.c.domain
        return _addresses().where(self._exactly(column, leaf)).exists()

    def _exactly(self, column: ColumnElement[Any], leaf: Leaf) -> Clause:
        """Addresses and domains are stored in one form, and whole ones are asked for in it."""
        is_key = leaf.type in {FieldType.ADDRESS, FieldType.DOMAIN}
        if is_key and leaf.op in {Op.IS, Op.ANY_OF}:
            return self.among(column, leaf.values)
        return self.words(column, leaf)

    def task(self, leaf: Leaf) -> Clause:
        """The open one that is due first; one without a day is there, and on no day."""
        own = (
            select(task.c.id)
            .where(
                task.c.lead_id == lead.c.id, task.c.done_at.is_(None), task.c.removed_at.is_(None)
            )
            .correlate(lead)
        )
        if leaf.op is Op.IS_SET:
            return own.exists()
        first, last = days(leaf, self._ground.now, self._ground.zone)
        due = func.coalesce(own.with_only_columns(func.min(task.c.due_on)).scalar_subquery(), "")
        return and_(due >= first, due <= last)

    def tag(self, leaf: Leaf) -> Clause:
        own = select(literal(1, Integer())).where(lead_tag.c.lead_id == lead.c.id)
        if leaf.op is not Op.IS_SET:
            keys = list(map(folded_name, leaf.values))
            known = select(tag.c.id).where(self.among(tag.c.key, keys))
            which = lead_tag.c.tag_id
            own = own.where(
                which == known.scalar_subquery() if len(keys) == 1 else which.in_(known)
            )
        return own.correlate(lead).exists()

    def cadence(self, leaf: Leaf) -> Clause:
        _, _, name = leaf.field.partition(":")
        own = select(enrollment.c.id).where(enrollment.c.lead_id == lead.c.id)
        if name:
            named = select(cadence.c.id).where(cadence.c.key == name).scalar_subquery()
            own = own.where(enrollment.c.cadence_id == named)
        if EVER not in leaf.values:
            own = own.where(self.among(enrollment.c.state, leaf.values))
        return own.correlate(lead).exists()

    def consent(self, leaf: Leaf) -> Clause:
        own = select(lead_consent.c.lead_id).where(lead_consent.c.lead_id == lead.c.id)
        if leaf.op is not Op.IS_SET:
            own = own.where(self.among(lead_consent.c.state, leaf.values))
        return own.correlate(lead).exists()

    def suppressed(self, leaf: Leaf) -> Clause:
        found = _addresses().where(is_suppressed()).exists()
        return found if leaf.value == "yes" else not_(found)


def _addresses() -> Select[Any]:
    return (
        select(address.c.id)
        .select_from(lead_address)
        .join(address, address.c.id == lead_address.c.address_id)
        .where(lead_address.c.lead_id == lead.c.id)
        .correlate(lead)
    )


_COLUMNS = {
    "name": "name",
    "source": "source",
    "currency": "value_currency",
    "phone": "phone",
    "pipeline": "pipeline",
    "stage": "stage",
    "owes": "owes",
    "last_in": "last_in_at",
    "last_out": "last_out_at",
    "created": "created_at",
    "stage_since": "stage_since_at",
}
_Written = Callable[[_Compiling, Leaf], Clause]
_BY_FIELD: dict[str, _Written] = {
    "close": _Compiling.close,
    "appeared": _Compiling.appeared,
    "mails": _Compiling.mails,
    "task": _Compiling.task,
    "organization": _Compiling.organization,
    "organization_domain": _Compiling.organization,
    "owner": _Compiling.owner,
    "stage_kind": _Compiling.stage_kind,
    "temperature": _Compiling.temperature,
    "consent": _Compiling.consent,
    "suppressed": _Compiling.suppressed,
    **dict.fromkeys(SCORES, _Compiling.score),
}
_BY_TYPE: dict[FieldType, _Written] = {
    FieldType.TEXT: _Compiling.text,
    FieldType.PRESENCE: _Compiling.text,
    FieldType.CHOICE: _Compiling.choice,
    FieldType.TAG: _Compiling.tag,
    FieldType.TIME: _Compiling.time,
    FieldType.DAY: _Compiling.day,
    FieldType.NUMBER: _Compiling.number,
    FieldType.MONEY: _Compiling.money,
    FieldType.ADDRESS: _Compiling.address,
    FieldType.DOMAIN: _Compiling.address,
    FieldType.CADENCE: _Compiling.cadence,
}
