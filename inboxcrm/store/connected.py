"""Mailboxes connected in the browser: their sealed consent, the questions not answered yet, and who may use them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.mailboxes import MailboxRow, mailbox_by_id
from inboxcrm.store.tables import account, consent, mailbox, mailbox_cursor, mailbox_member
from inboxcrm.store.upserts import insert_or_ignore, update_rows


def insert_connected(tx: Tx, values: Mapping[str, Any]) -> MailboxRow:
    mailbox_id = tx.execute(
        mailbox.insert().values(made_in="browser", **values).returning(mailbox.c.id)
    ).scalar_one()
    insert_or_ignore(tx, mailbox_cursor, [{"mailbox_id": mailbox_id}])
    made = mailbox_by_id(tx, mailbox_id)
    assert made is not None
    return made


def keep_token(tx: Tx, mailbox_id: int, *, token: str, scopes: Sequence[str] | None = None) -> None:
    """`token` is sealed already; an empty one takes the consent away."""
    values: dict[str, Any] = {"token": token}
    if scopes is not None:
        values["scopes"] = json.dumps(list(scopes))
    tx.execute(update(mailbox).where(mailbox.c.id == mailbox_id).values(**values))


def sealed_token(tx: Tx, mailbox_id: int) -> str:
    return tx.scalar(select(mailbox.c.token).where(mailbox.c.id == mailbox_id)) or ""


def sealed_tokens(tx: Tx) -> list[tuple[int, str, str]]:
    """(mailbox id, name, sealed token) of all that hold one."""
    rows = tx.execute(
        select(mailbox.c.id, mailbox.c.name, mailbox.c.token)
        .where(mailbox.c.token != "")
        .order_by(mailbox.c.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def reseal_tokens(tx: Tx, tokens: Mapping[int, str]) -> None:
    update_rows(tx, mailbox, [{"id": which, "token": token} for which, token in tokens.items()])


# --- questions not answered yet -----------------------------------------------


def insert_consent(tx: Tx, **values: Any) -> None:
    tx.execute(consent.insert().values(**values))


def take_consent(tx: Tx, state_hash: str) -> dict[str, Any] | None:
    """The question with that state, and with it gone: an answer counts once."""
    row = tx.execute(
        delete(consent).where(consent.c.state_hash == state_hash).returning(*consent.c)
    ).first()
    return dict(row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's own way to a mapping


def consent_of(tx: Tx, state_hash: str) -> dict[str, Any] | None:
    """The same, and it stays."""
    row = tx.execute(select(*consent.c).where(consent.c.state_hash == state_hash)).first()
    return dict(row._mapping) if row else None  # noqa: SLF001


def drop_old_consents(tx: Tx, *, before: int) -> None:
    tx.execute(delete(consent).where(consent.c.made_at < before))


# --- who besides the owner ----------------------------------------------------


def members_of(tx: Tx, mailbox_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = tx.execute(
        select(mailbox_member.c.mailbox_id, mailbox_member.c.account_id).where(
            mailbox_member.c.mailbox_id.in_(sorted(mailbox_ids))
        )
    )
    for mailbox_id, account_id in rows:
        found.setdefault(mailbox_id, set()).add(account_id)
    return found


def set_members(tx: Tx, mailbox_id: int, account_ids: Collection[int]) -> None:
    tx.execute(delete(mailbox_member).where(mailbox_member.c.mailbox_id == mailbox_id))
    insert_or_ignore(
        tx,
        mailbox_member,
        [{"mailbox_id": mailbox_id, "account_id": which} for which in sorted(set(account_ids))],
    )


def colleagues(tx: Tx) -> list[tuple[int, str]]:
    """(id, name) of everybody whose account is open."""
    rows = tx.execute(
        select(account.c.id, account.c.name)
        .where(account.c.is_closed.is_(False))
        .order_by(account.c.name, account.c.id)
    )
    return [(row[0], row[1]) for row in rows]
