"""What editing a running cadence reads and writes: its versions, where everybody in it stands, mails that wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.store.cadences import insert_step
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import (
    account,
    address,
    cadence,
    cadence_version,
    enrollment,
    lead,
    outbox,
    step,
    task,
)
from inboxcrm.store.upserts import Rows, insert_or_ignore, update_rows

EDITED = "edited"
"""Why an enrollment is finished that an edit left without a step; another edit may bring it back."""

_UNTOUCHED = (OutboxState.PLANNED.value, OutboxState.SKIPPED.value)
# A mail that was resent by hand says nothing of where a person stands before it went.
_COUNTS = or_(outbox.c.resend == 0, outbox.c.state == OutboxState.SENT.value)


class VersionRow(NamedTuple):
    """`people` hold to it now. `by` is null where nobody of the house made it."""

    number: int
    text: str
    for_all: bool
    made_at: int
    account_id: int | None
    by: str | None
    people: int


class MemberRow(NamedTuple):
    """Somebody an edit may concern: active, or finished by an edit."""

    enrollment_id: int
    lead_id: int
    name: str
    address: str
    version: int
    is_active: bool
    parked_until_at: int | None
    enrolled_at: int
    account_id: int | None


class HeldMail(NamedTuple):
    """A mail of somebody in it. `left_at` in ms, where it left."""

    id: int
    enrollment_id: int
    step_key: str
    state: str
    due_at: int
    attempts: int
    template_version_id: int | None
    left_at: int | None
    to_address: str


# --- versions ---------------------------------------------------------------------


def note_version(tx: Tx, **values: Any) -> None:
    """`cadence_id`, `number`, `text`, `for_all`, `account_id`, `made_at`."""
    tx.execute(cadence_version.insert().values(**values))


def add_version(tx: Tx, cadence_id: int, *, expected: int, steps: Rows) -> int | None:
    """The next version with these steps; None where somebody made another one than `expected` the newest."""
    done = tx.execute(
        update(cadence)
        .where(cadence.c.id == cadence_id, cadence.c.version == expected)
        .values(version=expected + 1)
    )
    if done.rowcount != 1:
        return None
    for number, one in enumerate(steps, start=1):
        insert_step(tx, cadence_id=cadence_id, version=expected + 1, number=number, **one)
    return expected + 1


def versions_of(tx: Tx, cadence_id: int) -> list[VersionRow]:
    """Newest first."""
    held = (
        select(func.count())
        .select_from(enrollment)
        .where(
            enrollment.c.cadence_id == cadence_version.c.cadence_id,
            enrollment.c.version == cadence_version.c.number,
            enrollment.c.state == "active",
        )
        .correlate(cadence_version)
        .scalar_subquery()
    )
    rows = tx.execute(
        select(
            cadence_version.c.number,
            cadence_version.c.text,
            cadence_version.c.for_all,
            cadence_version.c.made_at,
            cadence_version.c.account_id,
            account.c.name,
            held,
        )
        .outerjoin(account, account.c.id == cadence_version.c.account_id)
        .where(cadence_version.c.cadence_id == bindparam("cadence_id"))
        .order_by(cadence_version.c.number.desc()),
        {"cadence_id": cadence_id},
    )
    return [VersionRow._make(row) for row in rows]


def kinds_by_key(tx: Tx, cadence_id: int) -> dict[str, str]:
    """Of every step the cadence ever had."""
    rows = tx.execute(
        select(step.c.key, step.c.kind).where(step.c.cadence_id == bindparam("cadence_id")),
        {"cadence_id": cadence_id},
    )
    return {row[0]: row[1] for row in rows}


def keys_of_newest_with(tx: Tx, cadence_id: int, key: str) -> list[str]:
    """The keys, in order, of the newest version that has a step `key`; empty where none has."""
    newest = (
        select(func.max(step.c.version))
        .where(step.c.cadence_id == bindparam("cadence_id"), step.c.key == bindparam("key"))
        .scalar_subquery()
    )
    rows = tx.execute(
        select(step.c.key)
        .where(step.c.cadence_id == bindparam("cadence_id"), step.c.version == newest)
        .order_by(step.c.number),
        {"cadence_id": cadence_id, "key": key},
    )
    return list(rows.scalars())


# --- who is in it ------------------------------------------------------------------


def members_of(tx: Tx, cadence_id: int) -> list[MemberRow]:
    rows = tx.execute(
        select(
            enrollment.c.id,
            enrollment.c.lead_id,
            lead.c.name,
            address.c.shown,
            enrollment.c.version,
            enrollment.c.state == "active",
            enrollment.c.parked_until_at,
            enrollment.c.enrolled_at,
            enrollment.c.account_id,
        )
        .join(lead, lead.c.id == enrollment.c.lead_id)
        .join(address, address.c.id == enrollment.c.address_id)
        .where(
            enrollment.c.cadence_id == bindparam("cadence_id"),
            or_(
                enrollment.c.state == "active",
                and_(enrollment.c.state == "finished", enrollment.c.stop_reason == EDITED),
            ),
        )
        .order_by(enrollment.c.id),
        {"cadence_id": cadence_id},
    )
    return [MemberRow._make(row) for row in rows]


def count_finished(tx: Tx, cadence_id: int) -> int:
    """Those who came to its end, an edit's own doing apart."""
    found: int = tx.execute(
        select(func.count())
        .select_from(enrollment)
        .where(
            enrollment.c.cadence_id == bindparam("cadence_id"),
            enrollment.c.state == "finished",
            enrollment.c.stop_reason != EDITED,
        ),
        {"cadence_id": cadence_id},
    ).scalar_one()
    return found


def mails_of_cadence(tx: Tx, cadence_id: int) -> dict[int, list[HeldMail]]:
    """Enrollment -> its mails, in the order in which they were planned.

    What was resent by hand is no affair of an edit: it counts once it went, where the mail it repeats did not.
    """
    rows = tx.execute(
        select(
            outbox.c.id,
            outbox.c.enrollment_id,
            outbox.c.step_key,
            outbox.c.state,
            outbox.c.due_at,
            outbox.c.attempts,
            outbox.c.template_version_id,
            func.coalesce(outbox.c.handed_over_at, outbox.c.ended_at),
            outbox.c.to_address,
        )
        .where(outbox.c.cadence_id == bindparam("cadence_id"), _COUNTS)
        .order_by(outbox.c.id),
        {"cadence_id": cadence_id},
    )
    found: dict[int, list[HeldMail]] = defaultdict(list)
    for row in rows:
        mail, mine = HeldMail._make(row), found[row[1]]
        same = [one for one in mine if one.step_key == mail.step_key]
        if any(one.state == OutboxState.SENT for one in same):
            continue
        found[row[1]] = [*(one for one in mine if one not in same), mail]
    return dict(found)


def mail_states(tx: Tx, cadence_id: int, lead_id: int) -> dict[str, str]:
    """Step -> state of the outbox, of one lead."""
    rows = tx.execute(
        select(outbox.c.step_key, outbox.c.state)
        .where(
            outbox.c.cadence_id == bindparam("cadence_id"),
            outbox.c.lead_id == bindparam("lead_id"),
            _COUNTS,
        )
        .order_by(outbox.c.id),
        {"cadence_id": cadence_id, "lead_id": lead_id},
    )
    return {row[0]: row[1] for row in rows}


def tasks_set(tx: Tx, cadence_id: int, lead_id: int | None = None) -> dict[int, frozenset[str]]:
    """Lead -> the keys of its tasks and calls that were set; of one lead, or of all."""
    wanted = select(task.c.lead_id, task.c.step_key).where(
        task.c.cadence_id == bindparam("cadence_id")
    )
    asked = {"cadence_id": cadence_id}
    if lead_id is not None:
        wanted = wanted.where(task.c.lead_id == bindparam("lead_id"))
        asked["lead_id"] = lead_id
    found: dict[int, set[str]] = defaultdict(set)
    for lead_number, key in tx.execute(wanted, asked):
        found[lead_number].add(key)
    return {one: frozenset(keys) for one, keys in found.items()}


def active_anywhere(tx: Tx, lead_ids: Collection[int]) -> set[int]:
    """Those who are active in some cadence."""
    rows = tx.execute(
        select(enrollment.c.lead_id)
        .where(enrollment.c.state == "active", within(enrollment.c.lead_id, "leads"))
        .distinct(),
        {"leads": list(lead_ids)},
    )
    return set(rows.scalars())


# --- what an edit writes --------------------------------------------------------------


def hold_to_version(tx: Tx, enrollment_ids: Collection[int], version: int) -> None:
    tx.execute(
        update(enrollment).where(within(enrollment.c.id, "ids")).values(version=version),
        {"ids": list(enrollment_ids)},
    )


def bring_back(tx: Tx, enrollment_ids: Collection[int]) -> None:
    """Those an edit had finished are active again."""
    tx.execute(
        update(enrollment)
        .where(
            within(enrollment.c.id, "ids"),
            enrollment.c.state == "finished",
            enrollment.c.stop_reason == EDITED,
        )
        .values(state="active", stop_reason="", ended_at=None),
        {"ids": list(enrollment_ids)},
    )


def finish_by_edit(tx: Tx, enrollment_ids: Collection[int], *, at: int) -> None:
    tx.execute(
        update(enrollment)
        .where(within(enrollment.c.id, "ids"), enrollment.c.state == "active")
        .values(state="finished", stop_reason=EDITED, ended_at=at),
        {"ids": list(enrollment_ids)},
    )


def change_waiting(tx: Tx, rows: Rows) -> None:
    """`id`, `due_at`, `template_version_id`, `state`, `fault`, `not_before_at` of mails nobody has in hand."""
    update_rows(tx, outbox, rows)


def drop_waiting(tx: Tx, outbox_ids: Collection[int]) -> None:
    """Mails that exist nowhere but here: planned or skipped, never claimed."""
    tx.execute(
        delete(outbox).where(
            within(outbox.c.id, "ids"), outbox.c.state.in_(_UNTOUCHED), outbox.c.attempts == 0
        ),
        {"ids": list(outbox_ids)},
    )


def set_step_tasks(tx: Tx, rows: Rows) -> None:
    """Of steps whose task a lead has already, none is set again."""
    insert_or_ignore(tx, task, rows)
