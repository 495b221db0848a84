"""Mails people send to themselves to see them: one row each, claimed before anything leaves.

They stand apart from the outbox, so that nothing that counts mails of cadences can count one of these.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.tables import lead, mailbox, template_version, test_mail


class OwnTestRow(NamedTuple):
    """All of it but its bytes. `version` is the number of the template's version, `lead` whose words it has."""

    id: int
    mailbox_id: int
    mailbox: str
    template_version_id: int
    version: int
    lead_id: int
    lead: str
    account_id: int | None
    key: str
    state: str
    to_address: str
    subject: str
    fault: str
    made_at: int
    ended_at: int | None


_OWN = ("account_id", "key", "state", "to_address", "subject", "fault", "made_at", "ended_at")
_ALL = (
    select(
        test_mail.c.id,
        test_mail.c.mailbox_id,
        mailbox.c.name,
        test_mail.c.template_version_id,
        template_version.c.number,
        test_mail.c.lead_id,
        lead.c.name,
        *(test_mail.c[name] for name in _OWN),
    )
    .join(mailbox, mailbox.c.id == test_mail.c.mailbox_id)
    .join(template_version, template_version.c.id == test_mail.c.template_version_id)
    .join(lead, lead.c.id == test_mail.c.lead_id)
)
_BY_REQUEST = _ALL.where(test_mail.c.request == bindparam("request"))
_OF_TEMPLATE = (
    _ALL.where(template_version.c.template_id == bindparam("template_id"))
    .order_by(test_mail.c.id.desc())
    .limit(at_most(10))
)
_LEFT = select(test_mail.c.key, test_mail.c.state).where(
    test_mail.c.mailbox_id == bindparam("mailbox_id"),
    test_mail.c.state.in_(("claimed", "sending")),
)


def by_request(tx: Tx, request: str) -> OwnTestRow | None:
    row = tx.execute(_BY_REQUEST, {"request": request}).first()
    return OwnTestRow._make(row) if row else None


def insert_test(tx: Tx, values: dict[str, Any]) -> None:
    """`request` was not asked before: the caller has looked, in a transaction that runs alone."""
    tx.execute(insert(test_mail).values(**values))


def move_test(tx: Tx, key: str, state: str, *, come_from: Collection[str], **values: Any) -> bool:
    """False where it is in another state by now."""
    done = tx.execute(
        update(test_mail)
        .where(test_mail.c.key == key, test_mail.c.state.in_(list(come_from)))
        .values(state=state, **values)
    )
    return done.rowcount == 1


def left_behind(tx: Tx, mailbox_id: int) -> list[tuple[str, str]]:
    """(key, state) of those whose senders ended before they knew what came of them."""
    return [(row[0], row[1]) for row in tx.execute(_LEFT, {"mailbox_id": mailbox_id})]


def of_template(tx: Tx, template_id: int) -> list[OwnTestRow]:
    """The last ten of all its versions, the newest first."""
    return [OwnTestRow._make(row) for row in tx.execute(_OF_TEMPLATE, {"template_id": template_id})]
