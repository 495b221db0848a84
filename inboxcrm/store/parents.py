"""The mail a follow-up answers: the sent copies of earlier steps, as sync brought them back."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_, bindparam, select

from inboxcrm.cadence.steps import goes_on_thread
from inboxcrm.store.database import Tx
from inboxcrm.store.outbox import HAS_COPY
from inboxcrm.store.straight import Straight
from inboxcrm.store.tables import enrollment, message, message_copy, outbox, step


class Parent(NamedTuple):
    """One earlier mail. `message_id` is the real one; None while the sent copy is not stored."""

    subject: str
    thread_ref: str
    message_id: str | None


_IN_THREAD = Straight(
    select(step.c.number, step.c.data)
    .join(
        enrollment,
        and_(enrollment.c.cadence_id == step.c.cadence_id, enrollment.c.version == step.c.version),
    )
    .where(enrollment.c.id == bindparam("enrollment_id"), step.c.key == bindparam("step_key"))
)
_EARLIER = (
    select(outbox.c.subject, outbox.c.thread_ref, message.c.message_id)
    .select_from(outbox)
    .outerjoin(
        message_copy,
        and_(
            message_copy.c.mailbox_id == outbox.c.mailbox_id,
            message_copy.c.ref == outbox.c.ref,
            HAS_COPY,
        ),
    )
    .outerjoin(message, message.c.id == message_copy.c.message_id)
    .where(
        outbox.c.enrollment_id == bindparam("enrollment_id"),
        outbox.c.state.in_(("sent", "unconfirmed")),
    )
    .order_by(outbox.c.id)
)


def parents_of(tx: Tx, enrollment_id: int, step_key: str) -> list[Parent]:
    """Earlier mails of the thread this step goes on, the opener first; none for a step that opens a thread."""
    row = _IN_THREAD.first(tx, enrollment_id=enrollment_id, step_key=step_key)
    if row is None or not goes_on_thread(*row):
        return []
    rows = tx.execute(_EARLIER, {"enrollment_id": enrollment_id})
    earlier = [Parent(one[0], one[1], one[2] or None) for one in rows]
    # A thread begins anew where a step asked for it: only what shares the last one's counts.
    return [one for one in earlier if one.thread_ref == earlier[-1].thread_ref]
