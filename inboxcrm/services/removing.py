"""The mail of a disconnected mailbox leaves, piece by piece; what rested on it is worked out anew.

Each piece is one transaction:

1. a few copies are deleted; messages no other mailbox holds lose their decisions, links and full text
2. messages other mailboxes hold may have turned (only the sender's own copy says that we sent it)
3. the evidence of everybody on these messages is built from what is left, and they are decided anew; who stands on no
   message any more has no evidence and no decision, and a lead nobody worked on is withdrawn
4. the messages go, then threads and conversations that are empty; leads say what their mail says now

Then the queue goes, and last the mailbox is as if it had never been read. A crash after any piece leaves a smaller
mailbox and the word "removing": whoever runs next goes on. What a person made of it stays: leads they worked on, notes.
"""

from __future__ import annotations

from collections.abc import Callable

from inboxcrm.services.owning import redirect
from inboxcrm.services.settling import own_set_of, refresh_leads, settle
from inboxcrm.store import connected, lead_mail, ledger, made_leads, mailboxes, messages, removing
from inboxcrm.store.captures import leads_of
from inboxcrm.store.conversations import refresh_last_human
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.evidence import addresses_on, drop_evidence, rebuild_evidence
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.upserts import one_at_a_time

AT_A_TIME = 200
QUEUE_AT_A_TIME = 5_000


def remove_mail(desk: Desk, name: str, *, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """True when nothing is left. Does nothing to a mailbox that is not being removed."""
    while not should_stop():
        with desk.database.write() as tx:
            one_at_a_time(tx)
            box = mailboxes.mailbox_named(tx, name)
            if box is None or box.auth != "removing":
                return True
            removing.take_from_workers(tx, box.id)
            if _remove_some(tx, desk, box) or removing.delete_queue(
                tx, box.id, many=QUEUE_AT_A_TIME
            ):
                continue
            connected.set_members(tx, box.id, ())
            removing.begin_anew(tx, box.id, box.name)
            return True
    return False


def _remove_some(tx: Tx, desk: Desk, box: MailboxRow) -> bool:
    copies = removing.some_copies(tx, box.id, many=AT_A_TIME)
    if not copies:
        return False
    message_ids = {copy[1] for copy in copies if copy[1] is not None}
    people = addresses_on(tx, message_ids)
    conversations = messages.conversations_of(tx, message_ids)
    lead_ids = removing.leads_of_messages(tx, message_ids)
    removing.delete_copies(tx, [copy[0] for copy in copies])
    gone = removing.without_copies(tx, message_ids)
    removing.delete_traces(tx, gone)
    removing.keep_worked_on(tx, lead_ids)
    own = own_set_of(tx, desk)
    redirect(tx, own, message_ids - gone)
    rebuild_evidence(tx, people, is_own=own.holds, max_recipients=desk.capture.max_recipients)
    lead_ids |= settle(tx, desk, people).lead_ids
    removing.delete_messages(tx, gone)
    lead_ids |= _forget(tx, removing.unstood(tx, people))
    kept_threads = removing.delete_empty_threads(tx, {copy[2] for copy in copies if copy[2]})
    messages.refresh_threads(tx, kept_threads)
    kept = removing.delete_empty_conversations(tx, conversations)
    refresh_last_human(tx, kept)
    refresh_leads(tx, lead_ids | lead_mail.leads_in_conversations(tx, kept))
    return True


def _forget(tx: Tx, address_ids: set[int]) -> set[int]:
    """These stand on no mail any more; only what people said of them stays. Returns their leads, to be counted anew."""
    leads = {which: lead.lead_id for which, lead in leads_of(tx, address_ids).items()}
    drop_evidence(tx, address_ids)
    made_leads.withdraw_without_address(tx, leads)
    emptied = removing.empty_leads(tx, set(leads.values()), without=address_ids)
    ledger.drop_ledger(
        tx, {which for which in address_ids if which not in leads or leads[which] in emptied}
    )
    return set(leads.values()) - emptied
