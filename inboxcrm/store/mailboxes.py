"""Mailboxes, where their sync stands, and the lease that keeps two workers off one mailbox."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import (
    address_capture,
    fetch_item,
    label,
    mailbox,
    mailbox_cursor,
    message_copy,
)
from inboxcrm.store.upserts import insert_or_ignore

IN_USE = ("ok", "reauth")
"""`auth` of mailboxes that are connected, well or not; the others were disconnected."""

SENDING = ("gmail.compose", "gmail.modify", "mail.google.com/")
"""How granted scopes end that allow sending."""


@dataclass(frozen=True, slots=True)
class MailboxRow:
    id: int
    name: str
    provider: str
    address: str
    aliases: tuple[str, ...]
    capture: str
    since_at: int | None
    labels: tuple[str, ...]
    auth: str
    paused: bool
    wake_at: int | None
    trouble: str
    synced_at: int | None
    audited_at: int | None
    made_in: str = "settings"
    owner_id: int | None = None
    visibility: str = "shared"
    scopes: tuple[str, ...] = ()
    signature: str = ""
    signature_html: str = ""

    @property
    def may_send(self) -> bool:
        return may_send(self.scopes)

    @property
    def is_read(self) -> bool:
        """Whether there is a provider to read it from: not after it was disconnected."""
        return self.auth in IN_USE


def may_send(scopes: Sequence[str]) -> bool:
    """Whether its owner has allowed us to send from it."""
    return any(scope.endswith(SENDING) for scope in scopes)


@dataclass(frozen=True, slots=True)
class CursorRow:
    """`state` is new, listing, live or reconcile."""

    state: str = "new"
    generation: int = 0
    cursor: str = ""
    walk_cursor: str = ""
    page_token: str = ""
    scope: str = ""
    message_total: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    stored: int
    tombstoned: int
    waiting: int
    quarantined: int


_COLUMNS = tuple(
    mailbox.c[name]
    for name in (
        "id", "name", "provider", "address", "aliases", "capture", "since_at", "labels", "auth", "paused",
        "wake_at", "trouble", "synced_at", "audited_at", "made_in", "owner_id", "visibility", "scopes",
        "signature", "signature_html",
    )
)  # fmt: skip
_ALL = select(*_COLUMNS).order_by(mailbox.c.id)
_CURSOR = select(*(mailbox_cursor.c[name] for name in CursorRow.__dataclass_fields__)).where(
    mailbox_cursor.c.mailbox_id == bindparam("mailbox_id")
)


def _row(values: Sequence[Any]) -> MailboxRow:
    held = list(values)
    held[4] = tuple(json.loads(held[4]))
    held[7] = tuple(json.loads(held[7]))
    held[17] = tuple(json.loads(held[17]))
    return MailboxRow(*held)


def all_mailboxes(tx: Tx) -> list[MailboxRow]:
    return [_row(row) for row in tx.execute(_ALL)]


def mailbox_named(tx: Tx, name: str) -> MailboxRow | None:
    row = tx.execute(_ALL.where(mailbox.c.name == name)).first()
    return _row(row) if row else None


def mailbox_by_id(tx: Tx, mailbox_id: int) -> MailboxRow | None:
    row = tx.execute(_ALL.where(mailbox.c.id == mailbox_id)).first()
    return _row(row) if row else None


def declare_mailbox(tx: Tx, name: str, values: dict[str, Any]) -> None:
    """Makes the mailbox or brings what the settings say of it up to date; never touches its sync state."""
    insert_or_ignore(tx, mailbox, [{"name": name, **values}])
    tx.execute(update(mailbox).where(mailbox.c.name == name).values(**values))
    mailbox_id = tx.execute(select(mailbox.c.id).where(mailbox.c.name == name)).scalar_one()
    insert_or_ignore(tx, mailbox_cursor, [{"mailbox_id": mailbox_id}])


def update_mailbox(tx: Tx, mailbox_id: int, **values: Any) -> None:
    tx.execute(update(mailbox).where(mailbox.c.id == mailbox_id).values(**values))


def note_state(tx: Tx, mailbox_id: int, **values: Any) -> None:
    """What a run leaves behind. A mailbox that was disconnected meanwhile keeps what that left."""
    tx.execute(
        update(mailbox)
        .where(mailbox.c.id == mailbox_id, mailbox.c.auth.in_(IN_USE))
        .values(**values)
    )


def cursor_of(tx: Tx, mailbox_id: int) -> CursorRow:
    row = tx.execute(_CURSOR, {"mailbox_id": mailbox_id}).first()
    return CursorRow(*row) if row else CursorRow()


def move_cursor(
    tx: Tx, mailbox_id: int, *, generation: int, generation_new: int | None = None, **values: Any
) -> bool:
    """Changes the sync state of a generation; False when another worker has begun a newer one."""
    if generation_new is not None:
        values["generation"] = generation_new
    done = tx.execute(
        update(mailbox_cursor)
        .where(mailbox_cursor.c.mailbox_id == mailbox_id, mailbox_cursor.c.generation == generation)
        .values(**values)
    )
    return done.rowcount == 1


def take_lease(tx: Tx, mailbox_id: int, owner: str, *, now: int, until: int) -> bool:
    """True when the mailbox is ours until then: it was free, ours already, or its holder let the time run out."""
    done = tx.execute(
        update(mailbox)
        .where(
            mailbox.c.id == mailbox_id,
            (mailbox.c.lease_owner == "")
            | (mailbox.c.lease_owner == owner)
            | (mailbox.c.lease_until < now),
        )
        .values(lease_owner=owner, lease_until=until)
    )
    return done.rowcount == 1


def lease_owner(tx: Tx, mailbox_id: int) -> str:
    """Empty where nobody holds it, or there is no such mailbox any more."""
    owner: str | None = tx.scalar(select(mailbox.c.lease_owner).where(mailbox.c.id == mailbox_id))
    return owner or ""


def drop_lease(tx: Tx, mailbox_id: int, owner: str) -> None:
    tx.execute(
        update(mailbox)
        .where(mailbox.c.id == mailbox_id, mailbox.c.lease_owner == owner)
        .values(lease_owner="", lease_until=None)
    )


def remember_labels(tx: Tx, mailbox_id: int, pairs: Sequence[tuple[str, str]]) -> None:
    tx.execute(label.delete().where(label.c.mailbox_id == mailbox_id))
    if pairs:
        tx.execute(
            label.insert(),
            [
                {"mailbox_id": mailbox_id, "ref": ref, "name": name}
                for ref, name in dict(pairs).items()
            ],
        )


def set_identity(tx: Tx, mailbox_id: int, *, address: str, aliases: Sequence[str]) -> None:
    """Whose mailbox it is, as the provider says; the settings' own word about the address stands."""
    update_mailbox(tx, mailbox_id, address=address, aliases=json.dumps(list(aliases)))


def known_labels(tx: Tx, mailbox_id: int) -> list[str]:
    return list(tx.execute(select(label.c.ref).where(label.c.mailbox_id == mailbox_id)).scalars())


def label_refs(tx: Tx, mailbox_id: int, names: Sequence[str]) -> dict[str, str]:
    """Name or ref as people write it, folded -> the provider's ref."""
    rows = tx.execute(
        select(label.c.ref, label.c.name).where(label.c.mailbox_id == mailbox_id)
    ).all()
    known = {row[1].casefold(): row[0] for row in rows} | {
        row[0].casefold(): row[0] for row in rows
    }
    return {name: known.get(name.casefold(), name) for name in names}


def candidates_of(tx: Tx, mailbox_id: int) -> int:
    """How many senders of this mailbox wait in the review queue."""
    return tx.execute(
        select(func.count())
        .select_from(address_capture)
        .where(address_capture.c.mailbox_id == mailbox_id, address_capture.c.outcome == "candidate")
    ).scalar_one()


def counts_of(tx: Tx, mailbox_id: int, *, while_reading: bool = False) -> Counts:
    """Progress comes from these, never from the state's name. `while_reading`: what is stored is counted only while
    something waits to be fetched; it is every row of the mailbox, too much for each page.
    """
    queue: dict[str, int] = dict(
        tx.execute(
            select(fetch_item.c.state, func.count())
            .where(fetch_item.c.mailbox_id == mailbox_id)
            .group_by(fetch_item.c.state)
        ).all()
    )
    waiting, poison = queue.get("todo", 0), queue.get("poison", 0)
    if while_reading and not waiting:
        return Counts(0, 0, 0, poison)
    copies = tx.execute(
        select(
            func.count(message_copy.c.message_id),
            func.count(message_copy.c.tombstoned_at),
        ).where(message_copy.c.mailbox_id == mailbox_id)
    ).one()
    return Counts(copies[0], copies[1], waiting, poison)
