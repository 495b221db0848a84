"""Is this lead in the segment? The plain answer, against which the databases' answers are tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from inboxcrm.leads.countries import country_of
from inboxcrm.leads.segment_bounds import DAY, NUMBER, amounts, days, moment
from inboxcrm.leads.segment_fields import CUSTOM, EVER
from inboxcrm.leads.segment_folding import folded, folded_name
from inboxcrm.leads.segments import AllOf, FieldType, Leaf, Node, Not, Op
from inboxcrm.mail.addresses import domain_of, is_free_mail


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """What is known of a lead, blank where it is not.

    `owner` is a key of the house's owners, `addresses` are match keys, `cadences` (folded name, state) of every
    enrollment there ever was, `custom` declared fields as they are stored. `first_at` is the first mail, whoever wrote
    it; `tasks` are the days of the open ones, empty for a task without a day. `fit` and `engagement`: the score as it
    was worked out last (leads/scoring.py).
    """

    created_at: datetime
    stage_since_at: datetime
    name: str = ""
    organization: str = ""
    organization_domain: str = ""
    pipeline: str = ""
    stage: str = ""
    stage_kind: str = "open"
    owner: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    temperature: str = "cold"
    value_cents: int | None = None
    currency: str = ""
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    owes: str = "nobody"
    addresses: tuple[str, ...] = ()
    phone: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    cadences: tuple[tuple[str, str], ...] = ()
    is_suppressed: bool = False
    consent: str = ""
    fit: int = 0
    engagement: int = 0
    close_on: str | None = None
    first_at: datetime | None = None
    mails: int = 0
    tasks: tuple[str, ...] = ()


def matches(node: Node, facts: LeadFacts, now: datetime, *, zone: str = "UTC") -> bool:
    """`zone` is where days begin and end. `now` is aware."""
    if isinstance(node, Leaf):
        return _fits(node, facts, now, zone)
    if isinstance(node, Not):
        return not matches(node.of, facts, now, zone=zone)
    every = (matches(one, facts, now, zone=zone) for one in node.of)
    return all(every) if isinstance(node, AllOf) else any(every)


def _fits(leaf: Leaf, facts: LeadFacts, now: datetime, zone: str) -> bool:
    if leaf.op is Op.IS_NOT:
        return not _fits(Leaf(leaf.field, Op.IS, leaf.values, leaf.type), facts, now, zone)
    if leaf.op is Op.IS_UNSET:
        return not _fits(Leaf(leaf.field, Op.IS_SET, (), leaf.type), facts, now, zone)
    match leaf.type:
        case FieldType.TIME:
            return _time(leaf, _MOMENTS[leaf.field](facts), now, zone)
        case FieldType.MONEY:
            return _money(leaf, facts.value_cents)
        case FieldType.NUMBER if leaf.field == "mails":
            # A count is compared as amounts are: in hundredths, without fractions.
            return _money(leaf, facts.mails * 100)
        case FieldType.NUMBER:
            held = (
                str(_SCORES[leaf.field](facts)) if leaf.field in _SCORES else _custom(leaf, facts)
            )
            return _number(leaf, held)
        case FieldType.DAY if leaf.field == "task" and leaf.op is Op.IS_SET:
            return bool(facts.tasks)
        case FieldType.DAY:
            held = _DAYS[leaf.field](facts) if leaf.field in _DAYS else _custom(leaf, facts)
            return _day(leaf, held, now, zone)
        case FieldType.CADENCE:
            return _cadence(leaf, facts)
        case FieldType.TAG:
            return _any_equal(leaf, tuple(map(folded_name, facts.tags)), folded_name)
        case FieldType.ADDRESS | FieldType.DOMAIN if leaf.op in {Op.IS, Op.ANY_OF}:
            return _any_equal(leaf, _texts(leaf, facts), str)
        case FieldType.CHOICE | FieldType.FLAG:
            return _any_equal(leaf, _texts(leaf, facts), str)
        case _:
            return _text(leaf, _texts(leaf, facts))


_MOMENTS: dict[str, Callable[[LeadFacts], datetime | None]] = {
    "last_in": lambda facts: facts.last_in_at,
    "last_out": lambda facts: facts.last_out_at,
    "created": lambda facts: facts.created_at,
    "stage_since": lambda facts: facts.stage_since_at,
    "appeared": lambda facts: min(facts.first_at or facts.created_at, facts.created_at),
}
_DAYS: dict[str, Callable[[LeadFacts], str]] = {
    "close": lambda facts: facts.close_on or "",
    "task": lambda facts: min(filter(None, facts.tasks), default=""),
}
_TEXTS: dict[str, Callable[[LeadFacts], tuple[str, ...]]] = {
    "name": lambda facts: (facts.name,),
    "organization": lambda facts: (facts.organization,),
    "organization_domain": lambda facts: (facts.organization_domain,),
    "pipeline": lambda facts: (facts.pipeline,),
    "stage": lambda facts: (facts.stage,),
    "stage_kind": lambda facts: (facts.stage_kind,),
    "owner": lambda facts: (facts.owner,),
    "source": lambda facts: (facts.source,),
    "temperature": lambda facts: (facts.temperature,),
    "currency": lambda facts: (facts.currency,),
    "owes": lambda facts: (facts.owes,),
    "address": lambda facts: facts.addresses,
    "address_domain": lambda facts: tuple(map(domain_of, facts.addresses)),
    "phone": lambda facts: (facts.phone,),
    "consent": lambda facts: (facts.consent,),
    "suppressed": lambda facts: ("yes" if facts.is_suppressed else "no",),
    # Of rules alone (leads/condition_fields.py).
    "country": lambda facts: tuple(country_of(domain_of(one)) for one in facts.addresses),
    "free_mail": lambda facts: ("yes" if _is_all_free_mail(facts.addresses) else "no",),
}
_SCORES: dict[str, Callable[[LeadFacts], int]] = {
    "score": lambda facts: facts.fit + facts.engagement,
    "fit": lambda facts: facts.fit,
    "engagement": lambda facts: facts.engagement,
}


def _is_all_free_mail(addresses: tuple[str, ...]) -> bool:
    return bool(addresses) and all(is_free_mail(domain_of(one)) for one in addresses)


def _texts(leaf: Leaf, facts: LeadFacts) -> tuple[str, ...]:
    """What the lead has of that field, nothing blank."""
    if leaf.field.startswith(CUSTOM):
        found: tuple[str, ...] = (_custom(leaf, facts),)
    else:
        found = _TEXTS[leaf.field](facts)
    return tuple(one for one in found if one)


def _custom(leaf: Leaf, facts: LeadFacts) -> str:
    return facts.custom.get(leaf.field.removeprefix(CUSTOM), "")


def _any_equal(leaf: Leaf, held: tuple[str, ...], form: Callable[[str], str]) -> bool:
    if leaf.op is Op.IS_SET:
        return bool(held)
    return any(one in held for one in map(form, leaf.values))


def _text(leaf: Leaf, held: tuple[str, ...]) -> bool:
    if leaf.op is Op.IS_SET:
        return bool(held)
    wanted = tuple(map(folded, leaf.values))
    texts = tuple(map(folded, held))
    if leaf.op is Op.CONTAINS:
        return any(wanted[0] in text for text in texts)
    if leaf.op is Op.STARTS:
        return any(text.startswith(wanted[0]) for text in texts)
    return any(one in texts for one in wanted)


def _time(leaf: Leaf, at: datetime | None, now: datetime, zone: str) -> bool:
    if at is None or leaf.op is Op.IS_SET:
        return at is not None
    line = moment(leaf, now, zone)
    match leaf.op:
        case Op.BEFORE:
            return at < line
        case Op.AFTER:
            return at >= line
        case Op.OLDER:
            return at <= line
        case _:
            return at > line


def _money(leaf: Leaf, held: int | None) -> bool:
    if held is None or leaf.op is Op.IS_SET:
        return held is not None
    low, high = amounts(leaf)
    return low <= held <= high


def _number(leaf: Leaf, held: str) -> bool:
    if not NUMBER.fullmatch(held) or leaf.op is Op.IS_SET:
        return NUMBER.fullmatch(held) is not None
    number, wanted = Decimal(held), Decimal(leaf.value)
    match leaf.op:
        case Op.MORE:
            return number > wanted
        case Op.AT_LEAST:
            return number >= wanted
        case Op.LESS:
            return number < wanted
        case Op.AT_MOST:
            return number <= wanted
        case _:
            return number == wanted


def _day(leaf: Leaf, held: str, now: datetime, zone: str) -> bool:
    if not DAY.fullmatch(held) or leaf.op is Op.IS_SET:
        return DAY.fullmatch(held) is not None
    first, last = days(leaf, now.astimezone(ZoneInfo(zone)), zone)
    return first <= held <= last


def _cadence(leaf: Leaf, facts: LeadFacts) -> bool:
    _, _, name = leaf.field.partition(":")
    states = {state for key, state in facts.cadences if not name or key == name}
    return any(bool(states) if wanted == EVER else wanted in states for wanted in leaf.values)
