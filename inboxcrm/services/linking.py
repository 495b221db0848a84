"""Which mail belongs to which lead, when people say so. What a person tied or untied, no rule
changes.

Only mail the viewer may read can be tied, one message or a whole thread at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.leads.wording import counted
from inboxcrm.services.lead_changes import Done, lead_to_change, now_ms, undo_token
from inboxcrm.services.settling import refresh_leads
from inboxcrm.store import leads as lead_rows
from inboxcrm.store import links
from inboxcrm.store.activities import add_activity
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_mail import leads_in_conversations
from inboxcrm.store.open_mail import may_read_message


def link_message(desk: Desk, viewer: Viewer, message_id: str, lead_id: str) -> Done:
    with desk.database.write() as tx:
        return _link(tx, desk, viewer, [_message(tx, desk, viewer, message_id)], lead_id)


def link_thread(desk: Desk, viewer: Viewer, thread_id: str, lead_id: str) -> Done:
    with desk.database.write() as tx:
        return _link(tx, desk, viewer, _thread(tx, desk, viewer, thread_id), lead_id)


def unlink_message(desk: Desk, viewer: Viewer, message_id: str, lead_id: str) -> Done:
    with desk.database.write() as tx:
        return _unlink(tx, desk, viewer, [_message(tx, desk, viewer, message_id)], lead_id)


def unlink_thread(desk: Desk, viewer: Viewer, thread_id: str, lead_id: str) -> Done:
    with desk.database.write() as tx:
        return _unlink(tx, desk, viewer, _thread(tx, desk, viewer, thread_id), lead_id)


def dismiss_wait(desk: Desk, viewer: Viewer, lead_id: str) -> Done:
    """No answer needed: what waits for us in this lead's mail waits no more, until the next mail
    comes.
    """
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        waiting = links.waiting_conversations(tx, found.lead_id)
        if not waiting:
            return Done(lead_id, found.version, "Nobody waits for an answer")
        before = {one.conversation_id: one.dismissed_message_id for one in waiting}
        for one in waiting:
            links.set_dismissed(tx, one.conversation_id, one.last_human_message_id)
        activity_id = add_activity(
            tx,
            found.lead_id,
            at=now_ms(desk),
            kind="dismissed",
            account_id=viewer.account_id,
            text="No answer needed",
            data={"conversations": [list(pair) for pair in before.items()]},
        )
        refresh_around(tx, before)
        return Done(lead_id, found.version, "No answer needed", undo_token(desk, activity_id))


def refresh_around(tx: Tx, conversation_ids: Collection[int]) -> None:
    """What the mail says, anew, for every lead with mail in these conversations."""
    refresh_leads(tx, leads_in_conversations(tx, conversation_ids))


def _message(tx: Tx, desk: Desk, viewer: Viewer, message_id: str) -> int:
    number = desk.ids.open("message", message_id)
    if number is None or not may_read_message(tx, viewer, number):
        raise NotFoundError("There is no such mail.", remedy="It may have been deleted.")
    return number


def _thread(tx: Tx, desk: Desk, viewer: Viewer, thread_id: str) -> list[int]:
    number = desk.ids.open("thread", thread_id)
    found = [] if number is None else links.messages_of_thread(tx, viewer, number)
    if not found:
        raise NotFoundError("There is no such thread.", remedy="It may have been deleted.")
    return found


def _link(tx: Tx, desk: Desk, viewer: Viewer, message_ids: Sequence[int], lead_id: str) -> Done:
    found = lead_to_change(tx, desk, viewer, lead_id)
    held = lead_rows.addresses_of(tx, found.lead_id)
    if not held:
        raise UsageError("This lead has no mail address.", remedy="Add an address to it first.")
    before = links.links_of(tx, message_ids, found.lead_id)
    tied = {row.message_id for row in before if not row.is_unlinked}
    missing = [message_id for message_id in message_ids if message_id not in tied]
    if not missing:
        return Done(lead_id, found.version, f"Linked to {found.name} already")
    back = [row for row in before if row.message_id in missing]
    for row in back:
        links.set_link(tx, row.message_id, row.address_id, is_unlinked=False, reason="person")
    fresh = sorted(set(missing) - {row.message_id for row in back})
    links.link_by_hand(tx, links.mail_facts(tx, fresh), held[0].address_id, found.lead_id)
    activity_id = add_activity(
        tx,
        found.lead_id,
        at=now_ms(desk),
        kind="link",
        account_id=viewer.account_id,
        text=f"{counted(len(missing), 'mail')} linked by hand",
        data={
            "made": [[message_id, held[0].address_id] for message_id in fresh],
            "changed": [[row.message_id, row.address_id, row.reason, True] for row in back],
        },
    )
    refresh_leads(tx, {found.lead_id})
    return Done(lead_id, found.version, f"Linked to {found.name}", undo_token(desk, activity_id))


def _unlink(tx: Tx, desk: Desk, viewer: Viewer, message_ids: Sequence[int], lead_id: str) -> Done:
    found = lead_to_change(tx, desk, viewer, lead_id)
    tied = [row for row in links.links_of(tx, message_ids, found.lead_id) if not row.is_unlinked]
    if not tied:
        return Done(lead_id, found.version, f"Not linked to {found.name}")
    for row in tied:
        links.set_link(tx, row.message_id, row.address_id, is_unlinked=True, reason="person")
    activity_id = add_activity(
        tx,
        found.lead_id,
        at=now_ms(desk),
        kind="unlink",
        account_id=viewer.account_id,
        text=f"{counted(len({row.message_id for row in tied}), 'mail')} taken off by hand",
        data={"changed": [[row.message_id, row.address_id, row.reason, False] for row in tied]},
    )
    refresh_leads(tx, {found.lead_id})
    return Done(
        lead_id, found.version, f"No longer linked to {found.name}", undo_token(desk, activity_id)
    )
