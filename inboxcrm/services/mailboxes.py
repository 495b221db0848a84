"""Mailboxes as the settings declare them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.services.owning import note_aliases, own_addresses_changed
from inboxcrm.services.settling import refresh_leads, settle
from inboxcrm.store import mailboxes
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.evidence import addresses_met_in
from inboxcrm.store.upserts import chunks


@dataclass(frozen=True, slots=True)
class Declared:
    """A [[mailbox]] of the settings, less what only its provider needs."""

    name: str
    provider: str
    address: str = ""
    aliases: tuple[str, ...] = ()
    capture: str = "enquiry"
    since: datetime | None = None
    labels: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    """What was granted, as far as the provider keeps a consent and says so."""


def declare_mailboxes(desk: Desk, declared: Sequence[Declared]) -> None:
    """Makes rows for mailboxes that are new and brings the others up to what the settings say.

    A mailbox that vanished from the settings keeps its mail and is no longer synced. Where our own set of addresses
    or a capture mode changed by it, decisions that rest on it are worked out anew.
    """
    with desk.database.write() as tx:
        stored = {box.name: box for box in mailboxes.all_mailboxes(tx)}
        other_mode: list[int] = []
        for box in declared:
            held = stored.get(box.name)
            aliases = note_aliases(tx, held, box.name, declared=box.aliases)
            mailboxes.declare_mailbox(
                tx,
                box.name,
                {
                    "provider": box.provider,
                    "address": box.address or (held.address if held else ""),
                    "aliases": json.dumps(list(aliases)),
                    "capture": box.capture,
                    "since_at": to_ms(box.since) if box.since else None,
                    "labels": json.dumps(list(box.labels)),
                    "scopes": json.dumps(list(box.scopes)),
                    # What the settings name is theirs, also where somebody connected it in the browser before.
                    "made_in": "settings",
                    **(
                        {}
                        if held is None or held.is_read
                        else {"auth": "ok", "lease_owner": "", "lease_until": None}
                    ),
                },
            )
            if held and held.capture != box.capture:
                other_mode.append(held.id)
        own_addresses_changed(tx, desk)
        for mailbox_id in other_mode:
            for some in chunks(sorted(addresses_met_in(tx, mailbox_id))):
                refresh_leads(tx, settle(tx, desk, some).lead_ids)
