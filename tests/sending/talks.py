"""Colleagues with mailboxes of their own, and mail of leads as sync stores it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import count

from sqlalchemy import insert, select, update

from inboxcrm.cadence.adding import AddingRules
from inboxcrm.services import cadences
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import (
    account,
    conversation,
    lead_address,
    lead_link,
    mailbox,
    message,
    message_copy,
    participant,
)
from tests.sending.office import ALICE, QUICK, Office

_numbers = count(1)


def colleague(office: Office, name: str, visibility: str = "shared") -> int:
    """An account with a mailbox of its own; the account's id."""
    with office.desk.database.write() as tx:
        made = tx.execute(
            insert(account).values(name=name, role="rep", created_at=1).returning(account.c.id)
        ).scalar_one()
        tx.execute(
            insert(mailbox).values(
                name=name.lower(),
                provider="gmail",
                address=f"{name.lower()}@seller.example",
                owner_id=made,
                visibility=visibility,
            )
        )
    return int(made)


def wrote(
    tx,
    lead_id: int,
    at: datetime,
    *boxes: int,
    direction: str = "in",
    is_human: bool = True,
    is_unlinked: bool = False,
    is_open: bool = True,
) -> None:
    """A mail with that lead, as sync stores it, with a copy in each of these mailboxes."""
    number = next(_numbers)
    place = tx.execute(
        select(lead_address.c.address_id).where(lead_address.c.lead_id == lead_id)
    ).scalar_one()
    talk = tx.execute(insert(conversation).returning(conversation.c.id)).scalar_one()
    mail = tx.execute(
        insert(message)
        .values(key=f"m{number}", conversation_id=talk, sent_at=to_ms(at), direction=direction)
        .returning(message.c.id)
    ).scalar_one()
    for box in boxes:
        tx.execute(insert(message_copy).values(mailbox_id=box, ref=f"m{number}", message_id=mail))
    if is_open:
        tx.execute(
            insert(participant).values(message_id=mail, position=0, role="to", address_id=place)
        )
    tx.execute(
        insert(lead_link).values(
            message_id=mail,
            address_id=place,
            lead_id=lead_id,
            at=to_ms(at),
            direction=direction,
            is_human=is_human,
            is_unlinked=is_unlinked,
        )
    )


def box_of(tx, name: str) -> int:
    return int(tx.execute(select(mailbox.c.id).where(mailbox.c.name == name)).scalar_one())


def spring(office: Office, **rules) -> None:
    """A cadence to the same people, not started."""
    office.merge("Spring", replace(QUICK, adding=AddingRules(**rules)))


def at_rest(office: Office) -> Office:
    """Its people were in Autumn, which is cancelled: nobody is active, nothing was sent. The mailbox is Alice's."""
    cadences.cancel(office.desk, ALICE, "Autumn")
    with office.desk.database.write() as tx:
        tx.execute(update(mailbox).values(owner_id=1))
    return office
