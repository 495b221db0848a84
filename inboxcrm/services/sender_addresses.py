"""What a mailbox may write as: its own address, and others its provider knows to be its owner's.

Gmail writes its own address over a From it does not know, so a mail would come from somebody else than its text says.
A cadence names its From; it is proven before it starts, and again by the sender while it runs: an address may be taken
away at any time, and then its mails wait.
"""

from __future__ import annotations

import json
from datetime import timedelta

from inboxcrm.errors import RefusedError, UsageError
from inboxcrm.mail.addresses import match_key
from inboxcrm.services.leaving import Leaving
from inboxcrm.store import mailboxes, senders
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.settings import get_setting

ASK_AGAIN = timedelta(minutes=10)


def refuse_no_address(text: str) -> str:
    """The address as it may stand in From, or empty for the mailbox's own. Raises UsageError."""
    said = text.strip()
    if said and (not match_key(said) or any(one in said for one in ' <>"\r\n\t')):
        raise UsageError(
            f'"{" ".join(said.split())[:100]}" is no mail address.',
            remedy="Write it bare, like sales@ourfirm.example.",
        )
    return said


def refuse_unproven(tx: Tx, mailbox_id: int, from_address: str) -> None:
    """Raises RefusedError with the way out."""
    box = mailboxes.mailbox_by_id(tx, mailbox_id)
    assert box is not None, "a cadence's mailbox stays"
    if is_proven(tx, box, from_address):
        return
    raise RefusedError(
        f"Mail from {box.address} may not say that it is from {from_address}.",
        remedy=f"Let your mail service prove that {from_address} is yours (Gmail: Settings, Accounts, Send mail as), "
        "and read the mailbox again with `inboxcrm sync`. Until then it may say "
        f"{' or '.join(proven_addresses(tx, box))}.",
    )


def is_proven(tx: Tx, box: MailboxRow, from_address: str) -> bool:
    """Empty stands for the mailbox's own."""
    wanted = from_address.lower()
    return not wanted or wanted in {one.lower() for one in proven_addresses(tx, box)}


def proven_addresses(tx: Tx, box: MailboxRow) -> tuple[str, ...]:
    """The mailbox's own first. What its provider told the sender last; before that, what it told the sync."""
    told = senders.addresses_of(tx, box.id)
    others = told.addresses if told.at is not None else _told_sync(tx, box)
    return tuple(dict.fromkeys((box.address, *others)))


def ask_addresses(leaving: Leaving) -> None:
    """Asks the provider, where a cadence names another From than the mailbox's own and it was not asked lately.

    Raises the ProviderError family.
    """
    with leaving.desk.database.read() as tx:
        if not senders.names_a_from(tx, leaving.box.id):
            return
        at = from_ms(senders.addresses_of(tx, leaving.box.id).at)
    now = leaving.desk.clock.now()
    if at is not None and timedelta() <= now - at < ASK_AGAIN:
        return
    addresses = leaving.sender.addresses()
    with leaving.transaction() as tx:
        senders.note_addresses(tx, leaving.box.id, addresses, at=to_ms(now))


def _told_sync(tx: Tx, box: MailboxRow) -> tuple[str, ...]:
    """The verified aliases of the last anchor; not those that the settings declare, which prove nothing."""
    held = json.loads(get_setting(tx, f"aliases of {box.name}") or "{}")
    return tuple(held.get("told", ()))
