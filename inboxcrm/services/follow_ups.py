"""Which thread a follow-up goes on. It goes only when the real ids of the mails before it are known: closed otherwise.

A follow-up joins its thread in the sender's mailbox by the thread's id, its subject and its references, and in the
recipient's by the references alone (Gmail API, threads guide; RFC 5322 section 3.6.4).
"""

from __future__ import annotations

from inboxcrm.mail.subjects import bare_subject
from inboxcrm.services.rendering import Answered
from inboxcrm.store.database import Tx
from inboxcrm.store.parents import parents_of


def thread_of(tx: Tx, enrollment_id: int, step_key: str) -> Answered | None:
    """None for a mail that opens a thread, and for one whose thread is not known yet (`waits_for_parent`)."""
    parents = parents_of(tx, enrollment_id, step_key)
    ids = tuple(f"<{one.message_id}>" for one in parents if one.message_id)
    if not parents or len(ids) < len(parents):
        return None
    return Answered(subject_behind(parents[0].subject), ids, parents[-1].thread_ref)


def subject_behind(opener: str) -> str:
    """What a mail is called that goes on the thread which a mail of that subject opened."""
    return f"Re: {bare_subject(opener)}"


def waits_for_parent(tx: Tx, enrollment_id: int, step_key: str) -> bool:
    """Whether the sent copy of a mail before it has not come back through sync."""
    return any(one.message_id is None for one in parents_of(tx, enrollment_id, step_key))
