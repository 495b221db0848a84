"""Addresses and mail: each message once, and the copies mailboxes hold of it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from inboxcrm.store.tables.columns import (
    GIVEN_ONCE,
    Id,
    Ms,
    count,
    flag,
    metadata,
    of_rows,
    points_to,
    row_id,
    words,
)

# --- people ------------------------------------------------------------------

organization = Table(
    "organization",
    metadata,
    row_id(),
    Column("domain", Text, nullable=False, unique=True),
    words("name", None),
    Index("ix_organization_name", "name"),
)

address = Table(
    "address",
    metadata,
    row_id(),
    Column("key", Text, nullable=False, unique=True),
    words("shown", None),
    words("name"),  # the display name its owner used last; else the last one others used
    flag("name_is_own"),  # the owner of the address wrote it so
    count("name_at"),
    words("domain"),
    words("org_domain"),  # registrable domain; empty for free-mail
    words("plain_key"),  # the key without its plus tag
    words("name_key"),  # folded display name, for "same name at another address"
    Index("ix_address_plain_key", "plain_key"),
    Index("ix_address_name_key", "name_key", **of_rows("name_key <> ''")),
    Index("ix_address_org_domain", "org_domain"),
    Index("ix_address_domain", "domain"),
)

# --- mail --------------------------------------------------------------------

# Word for word as the list of waiting threads asks for it: only then does SQLite use the index.
NOT_DISMISSED = "dismissed_message_id IS NULL OR dismissed_message_id <> last_human_message_id"
conversation = Table(
    "conversation",
    metadata,
    row_id(),
    Column("last_human_at", Ms),
    words("last_human_direction"),  # in | out | ""
    Column("last_human_message_id", Id),
    Column("dismissed_message_id", Id),  # "no answer needed" to that message
    Index(
        "ix_conversation_waiting",
        "last_human_direction",
        "last_human_at",
        "id",
        sqlite_where=text(NOT_DISMISSED),
        postgresql_where=text(NOT_DISMISSED),
    ),
)

conversation_ref = Table(
    "conversation_ref",
    metadata,
    Column("message_id", Text, primary_key=True),  # an RFC 5322 message id, hashed when long
    points_to("conversation_id", "conversation.id"),
    Index("ix_conversation_ref_conversation_id", "conversation_id"),
)

message = Table(
    "message",
    metadata,
    row_id(),
    Column("key", Text, nullable=False, unique=True),  # mail.identity.message_key
    words("message_id"),
    points_to("conversation_id", "conversation.id"),
    Column("sent_at", Ms, nullable=False),
    words("date_source"),
    words("direction"),  # in | out | internal
    words("kind"),  # mail.classify.Kind
    words("kind_rule"),
    words("kind_evidence"),  # the header line or sentence the verdict rests on
    words("subject"),
    words("snippet"),
    Column("author_id", Id, ForeignKey("address.id")),
    count("participant_count"),
    count("recipient_count"),  # To, Cc and Bcc, also those beyond the stored 500
    count("attachment_count"),
    count("size_bytes"),
    words("defects", "[]"),
    count("parser_version"),
    Index("ix_message_conversation_id_sent_at", "conversation_id", "sent_at"),
    Index("ix_message_author_id", "author_id"),
    sqlite_autoincrement=GIVEN_ONCE,
)

# What people said a mail is, against the rules; the newest holds until it is taken back.
message_verdict = Table(
    "message_verdict",
    metadata,
    row_id(),
    points_to("message_id", "message.id", cascade=True),
    words("said", None),  # mail.said.Said
    words("back_on"),  # of an absence: the day of the return; empty: nobody knows
    words("rule_kind", None),  # what the rules had found, to which taking it back leads
    words("rule"),
    words("rule_evidence"),
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    Column("replaced_at", Ms),
    Index(
        "ix_message_verdict_current", "message_id", unique=True, **of_rows("replaced_at IS NULL")
    ),
    Index("ix_message_verdict_message_id", "message_id"),
)

# What people say of answers to cadences; the newest holds until it is taken back.
answer_mark = Table(
    "answer_mark",
    metadata,
    row_id(),
    points_to("message_id", "message.id", cascade=True),
    words("mark", None),  # cadence.reports.Mark
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    Column("replaced_at", Ms),
    Index("ix_answer_mark_current", "message_id", unique=True, **of_rows("replaced_at IS NULL")),
    Index("ix_answer_mark_message_id", "message_id"),
)

message_body = Table(
    "message_body",
    metadata,
    Column("message_id", Id, ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    words("text"),
    words("html"),
    words("headers", "[]"),
    words("report"),  # what a delivery report says in fields: mail.message.Message.report_text
)

attachment = Table(
    "attachment",
    metadata,
    row_id(),
    points_to("message_id", "message.id", cascade=True),
    words("part", None),
    words("filename"),
    words("content_type"),
    count("size_bytes"),
    words("content_id"),
    flag("is_inline"),
    Index("ix_attachment_message_id", "message_id"),
    sqlite_autoincrement=GIVEN_ONCE,
)

thread = Table(
    "thread",
    metadata,
    row_id(),
    points_to("mailbox_id", "mailbox.id", cascade=True),
    Column("ref", Text, nullable=False),
    words("subject"),
    Column("last_at", Ms, nullable=False, server_default=text("0")),
    count("message_count"),  # live copies, drafts and chats never stored
    Column("last_message_id", Id),
    UniqueConstraint("mailbox_id", "ref"),
    Index("ix_thread_last_at", "last_at"),
    Index("ix_thread_mailbox_id_last_at", "mailbox_id", "last_at"),
    sqlite_autoincrement=GIVEN_ONCE,
)

message_copy = Table(
    "message_copy",
    metadata,
    row_id(),
    points_to("mailbox_id", "mailbox.id", cascade=True),
    Column("ref", Text, nullable=False),
    Column("message_id", Id, ForeignKey("message.id")),  # null: a tombstone of a mail never read
    Column("thread_id", Id, ForeignKey("thread.id")),
    words("labels"),  # sorted, each between newlines
    Column("received_at", Ms),
    flag("is_withdrawn"),  # in spam or trash: kept and shown there, but no evidence for capture
    words("delivered_to"),  # for this mailbox's eyes, like copy_participant
    Column("tombstoned_at", Ms),
    UniqueConstraint("mailbox_id", "ref"),
    Index("ix_message_copy_message_id", "message_id"),
    Index("ix_message_copy_thread_id", "thread_id"),
)

participant = Table(
    "participant",
    metadata,
    Column("message_id", Id, ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    words("role", None),
    points_to("address_id", "address.id"),
    words("name"),
    Index("ix_participant_address_id_message_id", "address_id", "message_id"),
)

copy_participant = Table(  # Bcc: known to the mailbox that holds this copy, hidden from colleagues
    "copy_participant",
    metadata,
    Column("copy_id", Id, ForeignKey("message_copy.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    words("role", None),
    points_to("address_id", "address.id"),
    words("name"),
    Index("ix_copy_participant_address_id_copy_id", "address_id", "copy_id"),
)
