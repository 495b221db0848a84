"""The lines that tell people of a mail's life: each thing that happened to it, when, and what it rests on."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.store.database import Tx
from inboxcrm.store.straight import Straight
from inboxcrm.store.tables import outbox_line
from inboxcrm.store.upserts import insert_rows


class LineRow(NamedTuple):
    """What happened to a mail. `message_id`: the mail it rests on."""

    at: int
    state: str
    text: str
    message_id: int | None


_LINES = Straight(
    select(outbox_line.c.at, outbox_line.c.state, outbox_line.c.text, outbox_line.c.message_id)
    .where(outbox_line.c.outbox_id == bindparam("outbox_id"))
    .order_by(outbox_line.c.id)
)
_LINE = Straight(
    insert(outbox_line)
    .values(
        {
            one: bindparam(one.name)
            for one in outbox_line.c
            if one.name in {"outbox_id", "at", "state", "text"}
        }
    )
    .inline()
)


def add_line(tx: Tx, outbox_id: int, *, at: int, state: OutboxState, text: str) -> None:
    """Of what no person did."""
    _LINE.change(tx, outbox_id=outbox_id, at=at, state=state.value, text=text)


def add_lines(
    tx: Tx,
    outbox_ids: Collection[int],
    *,
    at: int,
    state: OutboxState,
    text: str,
    account_id: int | None = None,
    message_id: int | None = None,
) -> None:
    insert_rows(
        tx,
        outbox_line,
        [
            {
                "outbox_id": one,
                "at": at,
                "state": state.value,
                "text": text,
                "account_id": account_id,
                "message_id": message_id,
            }
            for one in outbox_ids
        ],
    )


def lines_of(tx: Tx, outbox_id: int) -> list[LineRow]:
    """Oldest first."""
    return [LineRow(*row) for row in _LINES.all(tx, outbox_id=outbox_id)]
