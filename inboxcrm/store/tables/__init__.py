"""Every table, once. Migrations make them; these are what queries are written against.

Keys that hold without luck are unique constraints; who inserts says "on conflict do nothing".
"""

from inboxcrm.store.tables.columns import metadata
from inboxcrm.store.tables.leads import (
    activity,
    address_capture,
    capture_rule,
    evidence,
    idempotency_key,
    lead,
    lead_address,
    lead_decision,
    lead_link,
    task,
)
from inboxcrm.store.tables.mail import (
    address,
    attachment,
    conversation,
    conversation_ref,
    copy_participant,
    message,
    message_body,
    message_copy,
    organization,
    participant,
    thread,
)
from inboxcrm.store.tables.mailboxes import (
    account,
    fetch_item,
    label,
    mailbox,
    mailbox_cursor,
    quota_bucket,
    seen_ref,
    setting,
)

__all__ = [
    "account",
    "activity",
    "address",
    "address_capture",
    "attachment",
    "capture_rule",
    "conversation",
    "conversation_ref",
    "copy_participant",
    "evidence",
    "fetch_item",
    "idempotency_key",
    "label",
    "lead",
    "lead_address",
    "lead_decision",
    "lead_link",
    "mailbox",
    "mailbox_cursor",
    "message",
    "message_body",
    "message_copy",
    "metadata",
    "organization",
    "participant",
    "quota_bucket",
    "seen_ref",
    "setting",
    "task",
    "thread",
]
