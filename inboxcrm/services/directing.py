"""Copies of one mail may disagree on who sent it: only the sender's own copy bears the label that says so.

A mail from an address nobody declared as ours looks inbound in a colleague's mailbox and outbound in the sender's. All
copies count, in whatever order they come: one that says we sent it is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from inboxcrm.services.owning import redirect
from inboxcrm.services.preparing import Prepared, redirected
from inboxcrm.services.settling import own_set_of
from inboxcrm.store import owned
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.evidence import addresses_on, rebuild_evidence


def agree_on_direction(
    tx: Tx,
    desk: Desk,
    mails: Sequence[Prepared],
    message_ids: Mapping[str, int],
    *,
    made: Collection[str],
) -> tuple[list[Prepared], set[str], set[int]]:
    """After the copies are stored: gives mails of which there are more copies the direction all of them agree on.

    `made` are the keys of messages that are new. Returns the mails so mended; the keys of those whose evidence was
    built anew, older copies and all; and the addresses it was built for.
    """
    times = Counter(mail.key for mail in mails)
    shared = {mail.key for mail in mails if times[mail.key] > 1 or mail.key not in made}
    if not shared:
        return list(mails), set(), set()
    own = own_set_of(tx, desk)
    ids = {message_ids[key] for key in shared}
    before = owned.facts_of(tx, ids)
    redirect(tx, own, ids)
    after = {which: facts[1] for which, facts in owned.facts_of(tx, ids).items()}
    mended = [
        redirected(mail, after[message_ids[mail.key]], own=own, policy=desk.capture)
        if mail.key in shared
        else mail
        for mail in mails
    ]
    turned = {key for key in shared if before[message_ids[key]][1] != after[message_ids[key]]}
    touched = addresses_on(tx, {message_ids[key] for key in turned})
    rebuild_evidence(tx, touched, is_own=own.holds, max_recipients=desk.capture.max_recipients)
    return mended, turned, touched
