"""Reports of spam among stored mail, and the mails of ours they name."""

from __future__ import annotations

from sqlalchemy import BigInteger, bindparam, exists, or_, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.heeded import mail_with_id
from inboxcrm.store.outbox import COLUMNS, OutboxRow, mail_by_key
from inboxcrm.store.tables import message, message_copy, outbox

COMPLAINED = "complained"
"""What came back of a mail that was reported as spam (`outbox.fared`)."""

_REPORTS = select(message.c.id).where(
    message.c.direction == "in", message.c.kind_rule == "complaint"
)
_NEW = _REPORTS.where(
    message.c.id.between(
        bindparam("since", type_=BigInteger) + 1, bindparam("upto", type_=BigInteger)
    )
).order_by(message.c.id)
_came = message_copy.c.received_at >= bindparam("at", type_=BigInteger)
_FROM = _REPORTS.where(
    or_(
        message.c.sent_at >= bindparam("at", type_=BigInteger),
        exists().where(message_copy.c.message_id == message.c.id, _came),
    )
).order_by(message.c.id)


def reports_in(tx: Tx, *, since: int, upto: int) -> list[int]:
    """Ids of those stored after `since` up to `upto`."""
    return list(tx.execute(_NEW, {"since": since, "upto": upto}).scalars())


def reports_from(tx: Tx, *, at: int) -> list[int]:
    """Ids of those written or come since then, in ms."""
    return list(tx.execute(_FROM, {"at": at}).scalars())


def mail_named(tx: Tx, report_id: int, *, key: str, message_id: str) -> OutboxRow | None:
    """The mail of a cadence that left and is so named, where the report lies in the mailbox it left from.

    A key decides alone: who forges one that is not theirs gets nothing by adding a message id.
    """
    found = mail_by_key(tx, key) if key else _by_message_id(tx, message_id)
    if found is None or (found.handed_over_at is None and not found.ref):
        return None
    lies_there = select(message_copy.c.id).where(
        message_copy.c.message_id == report_id, message_copy.c.mailbox_id == found.mailbox_id
    )
    return found if tx.execute(lies_there).first() else None


def note_complained(tx: Tx, outbox_id: int, *, message_id: int) -> bool:
    """False where it is noted already; of whatever else came back of the mail it is the gravest."""
    done = tx.execute(
        update(outbox)
        .where(outbox.c.id == outbox_id, outbox.c.fared != COMPLAINED)
        .values(fared=COMPLAINED, fared_message_id=message_id)
    )
    return done.rowcount == 1


def _by_message_id(tx: Tx, message_id: str) -> OutboxRow | None:
    number = mail_with_id(tx, message_id)
    if number is None:
        return None
    row = tx.execute(select(*COLUMNS).where(outbox.c.id == number)).first()
    return OutboxRow(*row) if row else None
