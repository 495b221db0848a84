"""The installation, its mailboxes, and where their sync stands."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from inboxcrm.store.tables.columns import Id, Ms, count, flag, metadata, points_to, row_id, words

# --- the installation --------------------------------------------------------

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    words("value", None),
)

# --- mailboxes and their sync ------------------------------------------------

mailbox = Table(
    "mailbox",
    metadata,
    row_id(),
    Column("name", Text, nullable=False, unique=True),
    words("provider", None),
    words("address"),  # as shown; empty until the first anchor
    words("aliases", "[]"),  # JSON list: from settings and from the provider's send-as list
    words("capture", "enquiry"),
    Column("since_at", Ms),  # mail received earlier is not wanted
    words("labels", "[]"),  # JSON list of label names; empty: every label is wanted
    words("auth", "ok"),  # ok | reauth | ended (the mail stays) | removing | removed
    words("made_in", "settings"),  # settings | browser: only the latter is changed by the pages
    Column("owner_id", Id, ForeignKey("account.id")),  # null: the house's own
    words("visibility", "shared"),  # shared | subjects | private, for all but owner and members
    words("token"),  # sealed by store/sealed.py; empty where a token file holds it
    words("scopes", "[]"),  # JSON list of what the person granted
    flag("paused"),
    Column("wake_at", Ms),
    words("trouble"),  # the last fault in plain words; empty when all is well
    Column("synced_at", Ms),  # the last time a walk ended
    Column("audited_at", Ms),
    words("lease_owner"),
    Column("lease_until", Ms),  # machine time
    words("signature"),  # what stands under its mail
    words("signature_html"),  # the same in markup, made harmless; empty: the text serves
)

consent = Table(  # asked of a person and not answered yet: used once, in the session that asked; machine time
    "consent",
    metadata,
    Column("state_hash", Text, primary_key=True),
    points_to("account_id", "account.id", cascade=True),
    words("session", None),
    points_to("mailbox_id", "mailbox.id", null=True, cascade=True),  # to be reconnected; null: new
    words("verifier"),  # sealed
    words("redirect_uri", None),
    Column("made_at", Ms, nullable=False),
)

mailbox_cursor = Table(
    "mailbox_cursor",
    metadata,
    Column("mailbox_id", Id, ForeignKey("mailbox.id", ondelete="CASCADE"), primary_key=True),
    words("state", "new"),  # new | listing | live | reconcile
    count("generation"),  # raised at each relisting
    words("cursor"),  # where the next walk starts; fixed while one is under way
    words("walk_cursor"),  # the provider's position on the first page of the walk under way
    words("page_token"),
    words("scope"),  # which label the listing or the reconcile is in; empty: the whole mailbox
    count("message_total"),  # the provider's own count, for progress
)

label = Table(
    "label",
    metadata,
    points_to("mailbox_id", "mailbox.id", cascade=True),
    Column("ref", Text, nullable=False),
    words("name", None),
    UniqueConstraint("mailbox_id", "ref"),
)

fetch_item = Table(
    "fetch_item",
    metadata,
    row_id(),
    points_to("mailbox_id", "mailbox.id", cascade=True),
    Column("ref", Text, nullable=False),
    words("thread_ref"),
    count("priority"),  # lower goes first: 0 changes, 1 threads with sent mail, 2 the rest
    count("rank"),  # within a priority, lower first: the place in the listing (newest first)
    count("attempts"),
    Column("not_before", Ms, nullable=False, server_default=text("0")),
    words("state", "todo"),  # todo | poison
    words("reason"),
    count("parser_version"),
    Column(
        "mentions", Text, nullable=False, server_default=text("''")
    ),  # match keys readable in a quarantined mail
    UniqueConstraint("mailbox_id", "ref"),
    Index("ix_fetch_item_next", "mailbox_id", "state", "priority", "rank"),
    Index("ix_fetch_item_thread", "mailbox_id", "thread_ref"),
)

seen_ref = Table(  # ids met by the relisting under way; what is stored but not here may be gone
    "seen_ref",
    metadata,
    Column("mailbox_id", Id, ForeignKey("mailbox.id", ondelete="CASCADE"), primary_key=True),
    Column("generation", BigInteger, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
)

quota_bucket = Table(
    "quota_bucket",
    metadata,
    Column("name", Text, primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("updated_at", Ms, nullable=False),  # machine time
)
