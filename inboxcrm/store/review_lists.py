"""Beside the queue: who is ignored and by which rule, and what people have said that still holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.review import may_know, named_by
from inboxcrm.store.sight import in_sight, is_limited, sight
from inboxcrm.store.tables import account, address, address_capture, capture_rule, evidence, lead

_END_OF_TIME = 1 << 62
_MOST_DECIDED = 1000


class IgnoredRow(NamedTuple):
    address_id: int
    key: str
    shown: str
    name: str
    rule: str
    detail: str
    decided_at: int
    rests_on: int | None


class RuleRow(NamedTuple):
    """`decides` counts the addresses it decides now, no further than a thousand."""

    rule_id: int
    scope: str
    subject: str
    outcome: str
    lead_id: int | None
    lead_name: str | None
    account_id: int | None
    account_name: str | None
    made_at: int
    decides: int


# --- the ignored -------------------------------------------------------------


def _ignored(*, limited: bool) -> Select[Any]:
    return (
        select(
            address.c.id,
            address.c.key,
            address.c.shown,
            address.c.name,
            address_capture.c.rule,
            named_by(limited=limited),
            address_capture.c.decided_at,
            address_capture.c.rests_on,
        )
        .select_from(address_capture)
        .join(address, address.c.id == address_capture.c.address_id)
        .where(address_capture.c.outcome == "ignored", may_know(limited=limited))
        .limit(at_most("many"))
    )


@cache
def _ignored_page(*, limited: bool, by_rule: bool) -> Select[Any]:
    at: BindParameter[int] = bindparam("at")
    before_id: BindParameter[int] = bindparam("before_id")
    sort, number = address_capture.c.decided_at, address_capture.c.address_id
    rows = _ignored(limited=limited).where(sort <= at, or_(sort < at, number < before_id))
    if by_rule:
        rows = rows.where(address_capture.c.rule == bindparam("rule"))
    return rows.order_by(sort.desc(), number.desc())


@cache
def _ignored_found(dialect: str, *, limited: bool, by_domain: bool) -> Select[Any]:
    """By the beginning of the address, in the order of addresses; or everybody at a domain."""
    rows = _ignored(limited=limited).where(address.c.key > bindparam("after_key"))
    if by_domain:
        domain: BindParameter[str] = bindparam("prefix")
        rows = rows.where(or_(address.c.domain == domain, address.c.org_domain == domain))
    elif dialect == "sqlite":
        # Ranges of text are those of bytes here, and the unique index serves them.
        rows = rows.where(
            address.c.key >= bindparam("prefix"), address.c.key < bindparam("prefix_end")
        )
    else:
        rows = rows.where(address.c.key.startswith(bindparam("prefix"), escape="\\"))
    return rows.order_by(address.c.key)


def ignored(
    tx: Tx, viewer: Viewer, *, before: tuple[int, int] | None, limit: int, rule: str = ""
) -> list[IgnoredRow]:
    """The latest first; of one rule if named."""
    at, before_id = before or (_END_OF_TIME, _END_OF_TIME)
    statement = _ignored_page(limited=is_limited(viewer), by_rule=bool(rule))
    params = {"at": at, "before_id": before_id, "many": limit, "rule": rule}
    return [IgnoredRow._make(row) for row in tx.execute(statement, params | sight(viewer))]


def find_ignored(
    tx: Tx, viewer: Viewer, prefix: str, *, after_key: str, limit: int
) -> list[IgnoredRow]:
    """`prefix` in the form of match keys; one that begins with @ is a domain."""
    by_domain = prefix.startswith("@")
    dialect = tx.dialect.name
    asked = prefix[1:] if by_domain else prefix if dialect == "sqlite" else _escaped(prefix)
    params = {
        "prefix": asked,
        "prefix_end": prefix + "\U0010ffff",
        "after_key": after_key,
        "many": limit,
    }
    statement = _ignored_found(dialect, limited=is_limited(viewer), by_domain=by_domain)
    return [IgnoredRow._make(row) for row in tx.execute(statement, params | sight(viewer))]


def _escaped(prefix: str) -> str:
    for mark in ("\\", "%", "_"):
        prefix = prefix.replace(mark, f"\\{mark}")
    return prefix


@cache
def _counted(rules: tuple[str, ...], *, limited: bool) -> CompoundSelect[Any]:
    def of(rule: str) -> Any:
        some = (
            select(literal(1).label("one"))
            .select_from(address_capture)
            .where(
                address_capture.c.outcome == "ignored",
                address_capture.c.rule == rule,
                may_know(limited=limited),
            )
            .limit(at_most("many"))
        )
        return select(literal(rule), func.count()).select_from(some.subquery())

    return union_all(*(of(rule) for rule in rules))


def count_ignored(tx: Tx, viewer: Viewer, rules: Sequence[str], *, most: int) -> dict[str, int]:
    """How many each rule ignores, none further than `most`; rules are names in the program, never a person's text."""
    statement = _counted(tuple(rules), limited=is_limited(viewer))
    rows = tx.execute(statement, {"many": most, **sight(viewer)})
    return {row[0]: row[1] for row in rows}


# --- what people said --------------------------------------------------------


def _about(scope: str) -> ColumnElement[bool]:
    """Whether the word of this rule is about this address. Each scope has its own indexes."""
    subject = capture_rule.c.subject
    if scope == "address":
        return address.c.key == subject
    return or_(address.c.domain == subject, address.c.org_domain == subject)


@cache
def _rules(scope: str, *, limited: bool) -> Select[Any]:
    decided = (
        select(literal(1).label("one"))
        .select_from(address)
        .join(address_capture, address_capture.c.address_id == address.c.id)
        .where(
            _about(scope),
            address_capture.c.decided_by == "person",
            address_capture.c.detail == capture_rule.c.subject,
            may_know(limited=limited),
        )
        .limit(literal(_MOST_DECIDED))
        .correlate(capture_rule)
        .subquery()
    )
    at: BindParameter[int] = bindparam("at")
    before_id: BindParameter[int] = bindparam("before_id")
    rows = (
        select(
            capture_rule.c.id,
            capture_rule.c.scope,
            capture_rule.c.subject,
            capture_rule.c.outcome,
            lead.c.id,
            lead.c.name,
            capture_rule.c.account_id,
            account.c.name,
            capture_rule.c.made_at,
            select(func.count()).select_from(decided).scalar_subquery(),
        )
        .select_from(capture_rule)
        .outerjoin(account, account.c.id == capture_rule.c.account_id)
        .outerjoin(lead, lead.c.id == capture_rule.c.lead_id)
        .where(
            capture_rule.c.removed_at.is_(None),
            capture_rule.c.scope == bindparam("scope"),
            capture_rule.c.made_at <= at,
            or_(capture_rule.c.made_at < at, capture_rule.c.id < before_id),
        )
        .order_by(capture_rule.c.made_at.desc(), capture_rule.c.id.desc())
        .limit(at_most("many"))
    )
    return rows.where(_may_know_rule(scope)) if limited else rows


def _may_know_rule(scope: str) -> ColumnElement[bool]:
    """One's own, and those about somebody who stands in a mailbox one reads."""
    met = (
        select(address.c.id)
        .join(evidence, evidence.c.address_id == address.c.id)
        .where(_about(scope), in_sight(evidence.c.mailbox_id, limited=True))
        .correlate(capture_rule)
        .exists()
    )
    return or_(capture_rule.c.account_id == bindparam("me"), met)


def standing_rules(
    tx: Tx, viewer: Viewer, *, scope: str, before: tuple[int, int] | None, limit: int
) -> list[RuleRow]:
    """What people said of addresses or of domains, the latest first."""
    at, before_id = before or (_END_OF_TIME, _END_OF_TIME)
    params = {
        "scope": scope,
        "at": at,
        "before_id": before_id,
        "many": limit,
        "me": viewer.account_id,
    }
    rows = tx.execute(_rules(scope, limited=is_limited(viewer)), params | sight(viewer))
    return [RuleRow._make(row) for row in rows]
