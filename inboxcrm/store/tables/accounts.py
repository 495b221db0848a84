"""Who signs in, what they hold open, who was asked to come, and what is written down of it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

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

account = Table(
    "account",
    metadata,
    row_id(),
    words("name", None),
    words("role", "admin"),  # rep | manager | admin
    words("address"),  # match key to sign in with; empty: nobody signs in as this account yet
    words("password_hash"),  # argon2; empty: no password
    words("identity"),  # "provider:subject" of a sign-in elsewhere; empty: none
    words("zone", "UTC"),
    words("working_hours"),  # "mon-fri 09:00-17:00"; empty: that default
    flag("is_closed"),
    Column("created_at", Ms, nullable=False),
    Index("ix_account_address", "address", unique=True, **of_rows("address <> ''")),
    Index("ix_account_identity", "identity", unique=True, **of_rows("identity <> ''")),
)

session = Table(  # machine time throughout
    "session",
    metadata,
    row_id(),
    Column("token_hash", Text, nullable=False, unique=True),
    points_to("account_id", "account.id", cascade=True),
    words("browser"),  # as the browser calls itself, cut short, for the list of sessions
    Column("made_at", Ms, nullable=False),
    Column("seen_at", Ms, nullable=False),
    Index("ix_session_account_id", "account_id"),
    sqlite_autoincrement=GIVEN_ONCE,
)

invitation = Table(  # machine time throughout
    "invitation",
    metadata,
    row_id(),
    Column("token_hash", Text, nullable=False, unique=True),
    words("role", None),
    words("address"),  # whom it is meant for; empty: whoever has the link
    points_to("made_by", "account.id", null=True),  # null: printed at the first start
    Column("made_at", Ms, nullable=False),
    Column("ends_at", Ms, nullable=False),
    Column("used_at", Ms),
    sqlite_autoincrement=GIVEN_ONCE,
)

attempt = Table(  # failed sign-ins, by address and by where they came from; machine time
    "attempt",
    metadata,
    Column("key", Text, primary_key=True),
    count("failures"),
    Column("first_at", Ms, nullable=False),
)

mailbox_member = Table(  # who besides the owner reads and uses a team's mailbox
    "mailbox_member",
    metadata,
    Column("mailbox_id", Id, ForeignKey("mailbox.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Id, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
)

audit = Table(
    "audit",
    metadata,
    row_id(),
    Column("at", Ms, nullable=False),
    points_to("account_id", "account.id", null=True),
    words(
        "kind", None
    ),  # sign_in | sign_in_failed | sign_out | private_read | export | delete | ...
    words("about"),  # what it was done to, in words
    Index("ix_audit_at", "at"),
)
