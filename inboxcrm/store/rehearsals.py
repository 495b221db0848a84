"""What a rehearsal does to its copy of the database before it begins, and what it reads from it when it has ended.

Nothing here is called on a database that is in use.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, or_, select, update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.store.database import Tx
from inboxcrm.store.outbox import HAS_COPY, HAS_NO_COPY, HAS_THREAD
from inboxcrm.store.tables import (
    activity,
    cadence,
    enrollment,
    fetch_item,
    frozen_mail,
    mailbox,
    mailbox_cursor,
    message,
    message_copy,
    outbox,
    send_ledger,
    sending,
    task,
)
from inboxcrm.store.upserts import insert_or_ignore

_NEVER = 1 << 62


class SentBefore(NamedTuple):
    """A mail that left before, of somebody who is still in its cadence. `message_id` is the real one."""

    ref: str
    thread_ref: str
    message_id: str
    mime: bytes
    left_at: int


def set_stage(tx: Tx, mailbox_id: int, *, cursor: str, scopes: Sequence[str], at: int) -> int:
    """The mailbox is level with a provider whose history stands at `cursor`, was just read, and may send; how many
    mails that waited to be fetched are forgotten.
    """
    values = {"state": "live", "cursor": cursor, "walk_cursor": "", "page_token": "", "scope": ""}
    insert_or_ignore(tx, mailbox_cursor, [{"mailbox_id": mailbox_id}])
    tx.execute(
        update(mailbox_cursor).where(mailbox_cursor.c.mailbox_id == mailbox_id).values(**values)
    )
    tx.execute(
        update(mailbox)
        .where(mailbox.c.id == mailbox_id)
        .values(
            auth="ok",
            paused=False,
            trouble="",
            wake_at=None,
            since_at=None,
            labels="[]",
            scopes=json.dumps(list(scopes)),
            synced_at=at,
            lease_owner="",
            lease_until=None,
        )
    )
    tx.execute(
        update(sending)
        .where(sending.c.mailbox_id == mailbox_id)
        .values(lease_owner="", lease_until=None)
    )
    waiting = delete(fetch_item).where(
        fetch_item.c.mailbox_id == mailbox_id, fetch_item.c.state == "todo"
    )
    return tx.execute(waiting).rowcount


def hold_what_is_not_running(tx: Tx, mailbox_id: int) -> None:
    """Mails of cadences that are paused wait for a person, and nobody will come; no drafts lie at the provider."""
    idle = select(cadence.c.id).where(cadence.c.state != "running")
    tx.execute(
        update(outbox)
        .where(
            outbox.c.mailbox_id == mailbox_id,
            HAS_NO_COPY,
            outbox.c.state == OutboxState.PLANNED.value,
            outbox.c.cadence_id.in_(idle),
        )
        .values(not_before_at=_NEVER)
    )
    in_hand = (OutboxState.CLAIMED.value, OutboxState.DRAFTED.value)
    tx.execute(
        update(outbox)
        .where(outbox.c.mailbox_id == mailbox_id, HAS_NO_COPY, outbox.c.state.in_(in_hand))
        .values(state=OutboxState.PLANNED.value, draft_ref="", draft_message_ref="")
    )


def let_rest(tx: Tx, mailbox_id: int, keys: Collection[str], *, until_at: int) -> None:
    """Mails that wait for one of these reasons, which no time ends, are not asked for again before then."""
    told = or_(*(outbox.c.waits_for.contains(f'"key": "{key}"') for key in keys))
    tx.execute(
        update(outbox)
        .where(
            outbox.c.mailbox_id == mailbox_id,
            HAS_NO_COPY,
            outbox.c.state == OutboxState.PLANNED.value,
            outbox.c.not_before_at < until_at,
            told,
        )
        .values(not_before_at=until_at)
    )


def sent_before(tx: Tx, mailbox_id: int) -> list[SentBefore]:
    """Oldest first."""
    rows = tx.execute(
        select(
            outbox.c.ref,
            outbox.c.thread_ref,
            message.c.message_id,
            frozen_mail.c.mime,
            func.coalesce(outbox.c.handed_over_at, outbox.c.ended_at, outbox.c.due_at),
        )
        .join(frozen_mail, frozen_mail.c.outbox_id == outbox.c.id)
        .join(enrollment, enrollment.c.id == outbox.c.enrollment_id)
        .join(
            message_copy,
            (message_copy.c.mailbox_id == outbox.c.mailbox_id)
            & (message_copy.c.ref == outbox.c.ref),
        )
        .join(message, message.c.id == message_copy.c.message_id)
        .where(
            outbox.c.mailbox_id == bindparam("mailbox_id"),
            HAS_COPY,
            HAS_THREAD,
            enrollment.c.state == "active",
        )
        .order_by(outbox.c.id),
        {"mailbox_id": mailbox_id},
    )
    return [SentBefore(row[0], row[1], row[2], bytes(row[3] or b""), row[4]) for row in rows]


# --- what came of it -----------------------------------------------------------------


class LeftMail(NamedTuple):
    """A mail that was handed over. `at` in ms."""

    at: int
    cadence_id: int
    step_key: str
    state: str


class Ended(NamedTuple):
    at: int
    state: str
    reason: str


def left_since(tx: Tx, mailbox_id: int, since: int) -> list[LeftMail]:
    """In the order in which they left; whatever the cadence."""
    rows = tx.execute(
        select(outbox.c.handed_over_at, outbox.c.cadence_id, outbox.c.step_key, outbox.c.state)
        .join(send_ledger, send_ledger.c.outbox_id == outbox.c.id)
        .where(
            send_ledger.c.mailbox_id == mailbox_id,
            send_ledger.c.at >= since,
            outbox.c.handed_over_at >= since,
            outbox.c.state.in_(("sent", "unconfirmed", "unknown", "sending")),
        )
        .order_by(outbox.c.handed_over_at, outbox.c.id)
    )
    return [LeftMail._make(row) for row in rows]


def ended_since(tx: Tx, cadence_id: int, since: int) -> list[Ended]:
    rows = tx.execute(
        select(enrollment.c.ended_at, enrollment.c.state, enrollment.c.stop_reason)
        .where(enrollment.c.cadence_id == cadence_id, enrollment.c.ended_at >= since)
        .order_by(enrollment.c.ended_at, enrollment.c.id)
    )
    return [Ended._make(row) for row in rows]


def parked_since(tx: Tx, cadence_id: int, since: int) -> list[int]:
    """When somebody was found to be out of office, in ms."""
    rows = tx.execute(
        select(activity.c.at)
        .where(
            activity.c.kind == "cadence",
            activity.c.at >= since,
            activity.c.data.contains('"event": "parked"'),
            activity.c.data.contains(f'"cadence_id": {cadence_id},'),
        )
        .order_by(activity.c.at)
    )
    return list(rows.scalars())


def tasks_since(tx: Tx, cadence_id: int, since: int) -> list[str]:
    """Days on which tasks of its people are due that were made since."""
    inside = select(enrollment.c.lead_id).where(enrollment.c.cadence_id == cadence_id)
    rows = tx.execute(
        select(task.c.due_on)
        .where(task.c.lead_id.in_(inside), task.c.created_at >= since)
        .order_by(task.c.due_on)
    )
    return [one for one in rows.scalars() if one]


def people_by_state(tx: Tx, cadence_id: int) -> Counter[str]:
    """Enrollments by state."""
    rows = tx.execute(
        select(enrollment.c.state, func.count())
        .where(enrollment.c.cadence_id == cadence_id)
        .group_by(enrollment.c.state)
    )
    return Counter({row[0]: row[1] for row in rows})


def faults_of(tx: Tx, cadence_id: int) -> Counter[str]:
    """Why mails were skipped or refused for good, with how many."""
    rows = tx.execute(
        select(outbox.c.fault, func.count())
        .where(
            outbox.c.cadence_id == cadence_id,
            outbox.c.state.in_((OutboxState.SKIPPED.value, OutboxState.FAILED.value)),
        )
        .group_by(outbox.c.fault)
    )
    return Counter({row[0]: row[1] for row in rows})


def waiting_for(tx: Tx, cadence_id: int) -> list[str]:
    """What mails that have not gone wait for, as the gate said (JSON), one entry a mail."""
    rows = tx.execute(
        select(outbox.c.waits_for).where(
            outbox.c.cadence_id == cadence_id, outbox.c.state == OutboxState.PLANNED.value
        )
    )
    return list(rows.scalars())
