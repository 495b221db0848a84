"""Cadences and their steps."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import cadence, mailbox, step, template, template_version


class CadenceRow(NamedTuple):
    id: int
    name: str
    state: str
    mailbox_id: int
    mailbox: str
    from_address: str
    segment: str
    rules: str
    version: int
    account_id: int | None
    made_at: int
    started_at: int | None
    ended_at: int | None


class StepRow(NamedTuple):
    """`template` and its `template_number`: what a mail step says."""

    number: int
    key: str
    kind: str
    template_version_id: int | None
    delay: int
    delay_unit: str
    data: str
    template: str | None
    template_number: int | None


CADENCES: Select[Any] = select(
    cadence.c.id,
    cadence.c.name,
    cadence.c.state,
    cadence.c.mailbox_id,
    mailbox.c.name,
    cadence.c.from_address,
    cadence.c.segment,
    cadence.c.rules,
    cadence.c.version,
    cadence.c.account_id,
    cadence.c.made_at,
    cadence.c.started_at,
    cadence.c.ended_at,
).join(mailbox, mailbox.c.id == cadence.c.mailbox_id)
"""The columns of `CadenceRow`."""

_STEPS: Select[Any] = (
    select(
        step.c.number,
        step.c.key,
        step.c.kind,
        step.c.template_version_id,
        step.c.delay,
        step.c.delay_unit,
        step.c.data,
        template.c.name,
        template_version.c.number,
    )
    .outerjoin(template_version, template_version.c.id == step.c.template_version_id)
    .outerjoin(template, template.c.id == template_version.c.template_id)
    .where(step.c.cadence_id == bindparam("cadence_id"), step.c.version == bindparam("version"))
    .order_by(step.c.number)
)


_WHOLE = select(*(one for one in step.c if one.name not in {"id", "version"})).where(
    step.c.cadence_id == bindparam("cadence_id"), step.c.version == bindparam("version")
)


def all_cadences(tx: Tx) -> list[CadenceRow]:
    """Newest first."""
    return [CadenceRow._make(row) for row in tx.execute(CADENCES.order_by(cadence.c.id.desc()))]


def running_from(tx: Tx, mailbox_id: int) -> list[CadenceRow]:
    """Oldest first."""
    running = CADENCES.where(cadence.c.mailbox_id == mailbox_id, cadence.c.state == "running")
    return [CadenceRow._make(row) for row in tx.execute(running.order_by(cadence.c.id))]


def cadence_by_key(tx: Tx, key: str) -> CadenceRow | None:
    row = tx.execute(CADENCES.where(cadence.c.key == key)).first()
    return CadenceRow._make(row) if row else None


def insert_cadence(tx: Tx, **values: Any) -> int:
    made: int = tx.execute(cadence.insert().values(**values).returning(cadence.c.id)).scalar_one()
    return made


def set_state(
    tx: Tx, cadence_id: int, state: str, *, come_from: tuple[str, ...], **values: Any
) -> bool:
    """False where it is in another state by now."""
    done = tx.execute(
        update(cadence)
        .where(cadence.c.id == cadence_id, cadence.c.state.in_(come_from))
        .values(state=state, **values)
    )
    return done.rowcount == 1


def set_rules(tx: Tx, cadence_id: int, rules: str) -> None:
    """`rules` as `cadence.rules.rules_as_json` writes them."""
    tx.execute(update(cadence).where(cadence.c.id == cadence_id).values(rules=rules))


def copy_steps(tx: Tx, cadence_id: int, version: int) -> int:
    """A new version with the steps of the one before, under their keys; its number."""
    made = version + 1
    for one in tx.execute(_WHOLE, {"cadence_id": cadence_id, "version": version}).mappings():
        tx.execute(step.insert().values(**one, version=made))
    tx.execute(update(cadence).where(cadence.c.id == cadence_id).values(version=made))
    return made


def used_keys(tx: Tx, cadence_id: int) -> set[str]:
    """Of all its versions."""
    return set(tx.execute(select(step.c.key).where(step.c.cadence_id == cadence_id)).scalars())


def insert_step(tx: Tx, **values: Any) -> None:
    tx.execute(step.insert().values(**values))


def steps_of(tx: Tx, cadence_id: int, version: int) -> list[StepRow]:
    rows = tx.execute(_STEPS, {"cadence_id": cadence_id, "version": version})
    return [StepRow._make(row) for row in rows]
