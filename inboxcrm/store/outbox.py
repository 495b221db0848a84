"""The mails cadences send, one row for each.

Every change names the states it may come from and, where a sender makes it, the fence of that sender's claim: a sender
that lost its mailbox meanwhile changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from inboxcrm.cadence.attachments import filled_in, marks_in
from inboxcrm.cadence.outbox import OVER, OutboxState
from inboxcrm.store.database import Tx
from inboxcrm.store.kept_files import contents_of
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.outbox_lines import add_lines
from inboxcrm.store.straight import Straight
from inboxcrm.store.tables import enrollment, frozen_mail, outbox
from inboxcrm.store.upserts import Rows, insert_or_ignore


class OutboxRow(NamedTuple):
    """All of a mail but its bytes."""

    id: int
    enrollment_id: int
    cadence_id: int
    lead_id: int
    mailbox_id: int
    step_key: str
    key: str
    state: str
    due_at: int
    not_before_at: int
    fence: int
    template_version_id: int | None
    from_address: str
    to_address: str
    subject: str
    draft_ref: str
    draft_message_ref: str
    history: str
    attempts: int
    looks: int
    looked_at: int | None
    unseen_since_at: int | None
    ref: str
    thread_ref: str
    fault: str
    waits_for: str
    claimed_at: int | None
    handed_over_at: int | None
    ended_at: int | None


# Written out as in the partial indexes, which serve no question that has the empty text as a parameter.
_NOTHING: ColumnElement[str] = literal_column("''")
HAS_NO_COPY = outbox.c.ref == _NOTHING
"""What waits, is in hand, or ended without a copy among the sent mail."""
HAS_COPY = outbox.c.ref != _NOTHING
HAS_THREAD = outbox.c.thread_ref != _NOTHING

PUT_OFF = outbox.c.state.in_([OutboxState.PLANNED.value, OutboxState.DRAFTED.value]) & (
    outbox.c.waits_for != "[]"
)
"""The gate said something against it, and is asked again later. Its draft may be made already."""

COLUMNS = tuple(outbox.c[name] for name in OutboxRow._fields)
_ALL = select(*COLUMNS)
_DUE = (
    _ALL.where(
        outbox.c.mailbox_id == bindparam("mailbox_id"),
        HAS_NO_COPY,
        outbox.c.due_at <= bindparam("now"),
        outbox.c.not_before_at <= bindparam("now"),
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(at_most(1))
)
_NEXT = _DUE.where(outbox.c.state == bindparam("state"))
_IN_TURN = Straight(
    _ALL.where(
        outbox.c.id
        == func.coalesce(
            *(
                _DUE.where(outbox.c.state == state.value)
                .with_only_columns(outbox.c.id)
                .correlate(None)
                .scalar_subquery()
                for state in (OutboxState.DRAFTED, OutboxState.PLANNED)
            )
        )
    )
)
_OF_ENROLLMENT = Straight(
    _ALL.where(outbox.c.enrollment_id == bindparam("enrollment_id")).order_by(outbox.c.id)
)
_UNFREEZE = Straight(delete(frozen_mail).where(frozen_mail.c.outbox_id == bindparam("outbox_id")))
_FREEZE = Straight(
    insert(frozen_mail).values(outbox_id=bindparam("outbox_id"), mime=bindparam("mime"))
)


def plan_mails(tx: Tx, rows: Rows) -> None:
    """Rows whose (cadence, lead, step, resend) stands already are left as they are."""
    insert_or_ignore(tx, outbox, rows)


def plan_skipped_anew(tx: Tx, cadence_id: int, *, at: int) -> int:
    """What was missing may have been filled in; how many are asked again."""
    wanted = select(outbox.c.id).where(
        outbox.c.cadence_id == cadence_id, outbox.c.state == OutboxState.SKIPPED.value
    )
    ids = list(tx.execute(wanted).scalars())
    if ids:
        tx.execute(
            update(outbox)
            .where(within(outbox.c.id, "ids"))
            .values(state=OutboxState.PLANNED.value, ended_at=None, fault="", not_before_at=at),
            {"ids": ids},
        )
        add_lines(tx, ids, at=at, state=OutboxState.PLANNED, text="Tried again.")
    return len(ids)


def next_due(tx: Tx, mailbox_id: int, state: OutboxState, *, now: int) -> OutboxRow | None:
    """The one that waits longest."""
    row = tx.execute(_NEXT, {"mailbox_id": mailbox_id, "state": state.value, "now": now}).first()
    return OutboxRow(*row) if row else None


def next_in_turn(tx: Tx, mailbox_id: int, *, now: int) -> OutboxRow | None:
    """A draft that waits to be tried again, before a mail that is planned; of either the one that waits longest."""
    row = _IN_TURN.first(tx, mailbox_id=mailbox_id, now=now)
    return OutboxRow(*row) if row else None


def mail_by_key(tx: Tx, key: str) -> OutboxRow | None:
    row = tx.execute(_ALL.where(outbox.c.key == bindparam("key")), {"key": key}).first()
    return OutboxRow(*row) if row else None


def mails_of_enrollment(tx: Tx, enrollment_id: int) -> list[OutboxRow]:
    return [OutboxRow(*row) for row in _OF_ENROLLMENT.all(tx, enrollment_id=enrollment_id)]


def keep_bytes(tx: Tx, mail: OutboxRow, lean: bytes) -> None:
    """Freezes a mail at its claim; what an earlier claim froze was never sent. `mail` as it stood before the claim."""
    if mail.claimed_at is not None:
        _UNFREEZE.change(tx, outbox_id=mail.id)
    _FREEZE.change(tx, outbox_id=mail.id, mime=lean)


def bytes_of(tx: Tx, outbox_id: int) -> bytes:
    """What was frozen at the claim, its files filled in; empty before it."""
    found = tx.execute(
        select(frozen_mail.c.mime).where(frozen_mail.c.outbox_id == bindparam("id")),
        {"id": outbox_id},
    ).scalar()
    lean = bytes(found or b"")
    marks = marks_in(lean)
    return filled_in(lean, contents_of(tx, marks)) if marks else lean


def left_behind(tx: Tx, mailbox_id: int, *, fence: int) -> list[OutboxRow]:
    """Mails an earlier sender had in hand when it ended."""
    rows = tx.execute(
        _ALL.where(
            outbox.c.mailbox_id == mailbox_id,
            HAS_NO_COPY,
            outbox.c.state.in_((OutboxState.CLAIMED.value, OutboxState.SENDING.value)),
            outbox.c.fence < fence,
        ).order_by(outbox.c.id)
    )
    return [OutboxRow(*row) for row in rows]


def in_states(
    tx: Tx, states: Collection[OutboxState], *, mailbox_id: int | None = None, most: int = 500
) -> list[OutboxRow]:
    """Oldest first."""
    wanted = _ALL.where(outbox.c.state.in_([one.value for one in states]))
    if mailbox_id is not None:
        wanted = wanted.where(outbox.c.mailbox_id == mailbox_id)
    return [OutboxRow(*row) for row in tx.execute(wanted.order_by(outbox.c.id).limit(most))]


def stopped_drafts(tx: Tx, mailbox_id: int) -> list[OutboxRow]:
    """Drafts of enrollments that have ended: to be taken back."""
    rows = tx.execute(
        _ALL.join(enrollment, enrollment.c.id == outbox.c.enrollment_id).where(
            outbox.c.mailbox_id == mailbox_id,
            HAS_NO_COPY,
            outbox.c.state == OutboxState.DRAFTED.value,
            enrollment.c.state != "active",
        )
    )
    return [OutboxRow(*row) for row in rows]


def next_due_at(tx: Tx, mailbox_id: int) -> int | None:
    """When this mailbox has next to send or to look, in ms."""
    found: int | None = tx.execute(
        select(
            func.min(
                func.max(outbox.c.due_at, outbox.c.not_before_at)
                if tx.dialect.name == "sqlite"
                else func.greatest(outbox.c.due_at, outbox.c.not_before_at)
            )
        ).where(
            outbox.c.mailbox_id == mailbox_id,
            HAS_NO_COPY,
            outbox.c.state.in_(
                (
                    OutboxState.PLANNED.value,
                    OutboxState.DRAFTED.value,
                    OutboxState.UNKNOWN.value,
                )
            ),
        )
    ).scalar()
    return found


def move_mail(
    tx: Tx,
    outbox_id: int,
    state: OutboxState,
    *,
    come_from: Iterable[OutboxState],
    held_by: int | None = None,
    **values: Any,
) -> bool:
    """False where the mail is in another state by now, or not in the hand of the claim with the fence `held_by`."""
    befores = tuple(sorted(one.value for one in come_from))
    moving = _moving(befores, tuple(values), held_by is not None)
    held = {} if held_by is None else {"held_by": held_by}
    given = {f"new_{name}": value for name, value in values.items()}
    return moving.change(tx, mail=outbox_id, new_state=state.value, **held, **given) == 1


@lru_cache(maxsize=64)
def _moving(befores: tuple[str, ...], names: tuple[str, ...], is_held: bool) -> Straight:  # noqa: FBT001 - part of a key
    wanted = update(outbox).where(
        outbox.c.id == bindparam("mail"), or_(*(outbox.c.state == one for one in befores))
    )
    if is_held:
        wanted = wanted.where(outbox.c.fence == bindparam("held_by"))
    return Straight(
        wanted.values({outbox.c[one]: bindparam(f"new_{one}") for one in ("state", *names)})
    )


def put_off(
    tx: Tx, outbox_id: int, *, not_before_at: int, waits_for: Sequence[Mapping[str, Any]]
) -> None:
    """What the gate said, for people; and when to ask again."""
    tx.execute(
        update(outbox)
        .where(outbox.c.id == outbox_id)
        .values(not_before_at=not_before_at, waits_for=json.dumps(list(waits_for)))
    )


def cancel_planned(
    tx: Tx,
    enrollment_ids: Collection[int],
    *,
    at: int,
    text: str,
    message_id: int | None = None,
) -> int:
    """Mails nobody has in hand; the others are seen to by their sender. `text` says why, and rests on that message."""
    wanted = select(outbox.c.id).where(
        within(outbox.c.enrollment_id, "ids"),
        or_(
            outbox.c.state == OutboxState.PLANNED.value,
            outbox.c.state == OutboxState.SKIPPED.value,
        ),
    )
    ids = list(tx.execute(wanted, {"ids": enrollment_ids}).scalars())
    if ids:
        tx.execute(
            update(outbox)
            .where(within(outbox.c.id, "ids"))
            .values(state=OutboxState.CANCELLED.value, ended_at=at),
            {"ids": ids},
        )
        add_lines(tx, ids, at=at, state=OutboxState.CANCELLED, text=text, message_id=message_id)
    return len(ids)


def has_open_mail(tx: Tx, enrollment_id: int) -> bool:
    """Whether something of it may still go."""
    found = tx.execute(
        select(outbox.c.id)
        .where(
            outbox.c.enrollment_id == enrollment_id,
            outbox.c.state.not_in([one.value for one in OVER]),
        )
        .limit(at_most(1))
    ).first()
    return found is not None


def note_look(
    tx: Tx,
    outbox_id: int,
    *,
    at: int,
    unseen_since_at: int | None,
    not_before_at: int,
    text: str,
) -> None:
    """A look that proved nothing yet."""
    tx.execute(
        update(outbox)
        .where(outbox.c.id == outbox_id, outbox.c.state == OutboxState.UNKNOWN.value)
        .values(
            looks=outbox.c.looks + 1,
            looked_at=at,
            unseen_since_at=unseen_since_at,
            not_before_at=not_before_at,
        )
    )
    add_lines(tx, [outbox_id], at=at, state=OutboxState.UNKNOWN, text=text)
