"""Mails that a person sends once more: the mails of one step to one lead, and the only place that writes another."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, insert, or_, select

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.tables import account, enrollment, outbox


class StepLine(NamedTuple):
    """One mail of a step to a lead. `left_at` in ms: when it left, or may have; `fared` as in the outbox."""

    id: int
    key: str
    state: str
    resend: int
    left_at: int | None
    ended_at: int | None
    fared: str


class Member(NamedTuple):
    """The enrollment a mail belongs to."""

    state: str
    version: int
    stop_reason: str
    stop_words: str
    stop_message_id: int | None


class Repeat(NamedTuple):
    """A mail that was resent, or the one it repeats. `by` is who pressed for the one that was resent."""

    id: int
    resend: int
    state: str
    at: int
    by: str


def lines_of_step(tx: Tx, cadence_id: int, lead_id: int, step_key: str) -> list[StepLine]:
    """All mails of that step to that lead, oldest first."""
    rows = tx.execute(
        select(
            outbox.c.id,
            outbox.c.key,
            outbox.c.state,
            outbox.c.resend,
            outbox.c.handed_over_at,
            outbox.c.ended_at,
            outbox.c.fared,
        )
        .where(
            outbox.c.cadence_id == bindparam("cadence_id"),
            outbox.c.lead_id == bindparam("lead_id"),
            outbox.c.step_key == bindparam("step_key"),
        )
        .order_by(outbox.c.resend),
        {"cadence_id": cadence_id, "lead_id": lead_id, "step_key": step_key},
    )
    return [StepLine._make(row) for row in rows]


def steps_had(tx: Tx, cadence_id: int, lead_id: int) -> list[str]:
    """Keys of the steps of which there is a mail to that lead, in the order in which they were planned."""
    rows = tx.execute(
        select(outbox.c.step_key)
        .where(
            outbox.c.cadence_id == bindparam("cadence_id"), outbox.c.lead_id == bindparam("lead_id")
        )
        .order_by(outbox.c.id),
        {"cadence_id": cadence_id, "lead_id": lead_id},
    )
    return list(dict.fromkeys(rows.scalars()))


def member_of(tx: Tx, enrollment_id: int) -> Member:
    row = tx.execute(
        select(
            enrollment.c.state,
            enrollment.c.version,
            enrollment.c.stop_reason,
            enrollment.c.stop_words,
            enrollment.c.stop_message_id,
        ).where(enrollment.c.id == bindparam("id")),
        {"id": enrollment_id},
    ).one()
    return Member._make(row)


def insert_resend(
    tx: Tx,
    mail: OutboxRow,
    *,
    key: str,
    resend: int,
    account_id: int,
    due_at: int,
    template_version_id: int | None,
) -> None:
    """One mail more of the step of `mail`, by the will of that account. A number that stands already is an error."""
    tx.execute(
        insert(outbox).values(
            enrollment_id=mail.enrollment_id,
            cadence_id=mail.cadence_id,
            lead_id=mail.lead_id,
            mailbox_id=mail.mailbox_id,
            step_key=mail.step_key,
            resend=resend,
            resent_by=account_id,
            repeats_id=mail.id,
            key=key,
            due_at=due_at,
            template_version_id=template_version_id,
            from_address=mail.from_address,
            to_address=mail.to_address,
        )
    )


def repeats_around(tx: Tx, outbox_id: int) -> list[Repeat]:
    """The mail that this one repeats, and those that repeat it, oldest first."""
    this = outbox.alias("this")
    repeated, lead_id = (
        select(one).where(this.c.id == bindparam("id")).scalar_subquery()
        for one in (this.c.repeats_id, this.c.lead_id)
    )
    rows = tx.execute(
        select(outbox.c.id, outbox.c.resend, outbox.c.state, outbox.c.due_at, account.c.name)
        .outerjoin(account, account.c.id == outbox.c.resent_by)
        .where(
            or_(
                outbox.c.id == repeated,
                # By the lead's few mails: nothing else leads from a mail to those that repeat it.
                (outbox.c.repeats_id == bindparam("id")) & (outbox.c.lead_id == lead_id),
            )
        )
        .order_by(outbox.c.id)
        .limit(at_most(50)),
        {"id": outbox_id},
    )
    return [Repeat(row[0], row[1], row[2], row[3], row[4] or "") for row in rows]
