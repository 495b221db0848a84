"""Leads, why they are here, what was done with them; and what the web remembers."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from inboxcrm.store.tables.columns import (
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

# What names a message without leading from it (rests_on, first_message_id, pinned_message_id) is no foreign key: such a
# key without an index makes the removal of one message read the whole table, and an index would cost every sync. What
# it names may be gone; it never is another, because such numbers are given once (columns.GIVEN_ONCE).

# --- leads -------------------------------------------------------------------

lead = Table(
    "lead",
    metadata,
    row_id(),
    words("name"),
    Column("organization_id", Id, ForeignKey("organization.id")),
    words("pipeline", None),
    words("stage", None),
    Column("stage_since_at", Ms, nullable=False),
    Column("owner_id", Id, ForeignKey("account.id")),
    words("source"),
    words("phone"),
    Column("snoozed_until_at", Ms),  # out of Today and of "waiting on us" until then
    Column(
        "pinned_message_id", Id
    ),  # the mail on top of its past; a deed there bears the mark itself
    Column("value_cents", BigInteger),
    words("value_currency"),
    Column("close_on", Text),  # when people expect it to be won
    words("stage_reason"),  # why it came into this stage; asked for where it is lost
    # Since when the pipeline's fields (lead_past) stand as they do; null: since it came into its first stage.
    Column("state_since_at", Ms),
    words("custom", "{}"),
    Column("merged_into", Id, ForeignKey("lead.id")),
    Column(
        "version", Integer, nullable=False, server_default=text("1")
    ),  # of the fields people edit
    words("made_by", "rule"),  # rule | person
    flag("is_touched"),  # a person changed it: from then on rules only add links
    flag("is_withdrawn"),  # made by rule, untouched, and its evidence went away
    Column("created_at", Ms, nullable=False),
    # what the mail says, kept by sync so that a panel is one read
    Column("first_at", Ms),
    Column("last_in_at", Ms),
    Column("last_out_at", Ms),
    count("in_count"),
    count("out_count"),
    words("owes", "nobody"),  # us | them | nobody
    Column("owes_since_at", Ms),
    Column("owes_message_id", Id),
    # the newest sign of life: last in, else last out, else when it was made; first in every list
    Column("moved_at", Ms, nullable=False, server_default=text("0")),
)
Index("ix_lead_moved_at", lead.c.moved_at, lead.c.id)
Index(
    "ix_lead_stage_moved_at",
    lead.c.pipeline,
    lead.c.stage,
    lead.c.moved_at,
    lead.c.id,
    # So that a stage is counted from the index alone.
    lead.c.merged_into,
    lead.c.is_withdrawn,
)
# The sums of a stage, from the index alone.
Index(
    "ix_lead_sums",
    lead.c.pipeline,
    lead.c.stage,
    lead.c.value_currency,
    lead.c.value_cents,
    sqlite_where=text("merged_into IS NULL AND is_withdrawn IS 0"),
    postgresql_where=text("merged_into IS NULL AND is_withdrawn IS false"),
)
Index("ix_lead_owner_moved_at", lead.c.owner_id, lead.c.moved_at, lead.c.id)
Index("ix_lead_owes_moved_at", lead.c.owes, lead.c.moved_at, lead.c.id)
# Today: the longest wait first, those who went quiet last.
Index(
    "ix_lead_owes_since_at",
    lead.c.owes,
    lead.c.owes_since_at,
    lead.c.id,
    lead.c.owner_id,
    **of_rows("owes <> 'nobody'"),
)
Index(
    "ix_lead_pinned_message_id",
    lead.c.pinned_message_id,
    **of_rows("pinned_message_id IS NOT NULL"),
)
Index("ix_lead_organization_moved_at", lead.c.organization_id, lead.c.moved_at, lead.c.id)

# How a lead stood in its pipeline before it was changed: from `from_at` on, and at `until_at` no more. What it is now
# stands in its own row; a lead nobody ever changed has none of these. Written by store/lead_past.py.
lead_past = Table(
    "lead_past",
    metadata,
    row_id(),
    points_to("lead_id", "lead.id", cascade=True),
    Column("from_at", Ms, nullable=False),
    Column("until_at", Ms, nullable=False),
    words("pipeline", None),
    words("stage", None),
    Column("stage_since_at", Ms, nullable=False),
    words("stage_reason"),
    Column("owner_id", Id),
    words("source"),
    Column("value_cents", BigInteger),
    words("value_currency"),
    Column("close_on", Text),
    # When the move into this stage was undone: from then on it never took place.
    Column("taken_back_at", Ms),
    # When each lead came into each stage and left it, from the index alone and lead by lead.
    Index(
        "ix_lead_past_lead_id",
        "lead_id",
        "pipeline",
        "stage",
        "stage_since_at",
        "from_at",
        "taken_back_at",
        "until_at",
    ),
    Index("ix_lead_past_until_at", "until_at", "from_at"),
)

lead_address = Table(
    "lead_address",
    metadata,
    Column("address_id", Id, ForeignKey("address.id"), primary_key=True),
    points_to("lead_id", "lead.id", cascade=True),
    words("added_by", "rule"),
    Index("ix_lead_address_lead_id", "lead_id"),
)

lead_link = Table(
    "lead_link",
    metadata,
    Column("message_id", Id, ForeignKey("message.id"), primary_key=True),
    Column("address_id", Id, ForeignKey("address.id"), primary_key=True),
    points_to("lead_id", "lead.id", cascade=True),
    Column("at", Ms, nullable=False),
    words("direction"),
    flag("is_human"),
    words("reason"),  # rule | person
    flag(
        "is_unlinked"
    ),  # a person took the mail off this lead; the row stays so that sync does not put it back
    Index("ix_lead_link_timeline", "lead_id", "at", "message_id"),
    Index("ix_lead_link_at", "at", "message_id"),
)

lead_decision = Table(
    "lead_decision",
    metadata,
    Column("message_id", Id, ForeignKey("message.id"), primary_key=True),
    Column("address_id", Id, ForeignKey("address.id"), primary_key=True),
    words("outcome", None),  # create | link | candidate | ignore
    words("rule", None),  # leads.capture.Rule
    Column("rests_on", Id),  # the message that decided, where one did
    Column("rule_version", Integer, nullable=False),
    Index("ix_lead_decision_address_id", "address_id"),
)

# The one current answer for an address, from which its decisions are written.
address_capture = Table(
    "address_capture",
    metadata,
    Column("address_id", Id, ForeignKey("address.id"), primary_key=True),
    words("outcome", None),  # lead | candidate | ignored
    words("rule", None),
    words("detail"),  # what the rule names: a domain, another address, a header line
    points_to("mailbox_id", "mailbox.id", null=True),
    Column("rests_on", Id),
    Column("decided_at", Ms, nullable=False),
    words("decided_by", "rule"),  # rule | person
    # Of candidates: when their last human mail came, or when a person put them there; else null. The review queue is
    # sorted by it.
    Column("waiting_at", Ms),
    Index("ix_address_capture_outcome", "outcome", "decided_at", "address_id"),
    Index("ix_address_capture_rule", "outcome", "rule", "decided_at", "address_id"),
    Index(
        "ix_address_capture_waiting",
        "waiting_at",
        "address_id",
        **of_rows("waiting_at IS NOT NULL"),
    ),
)

review_later = (
    Table(  # candidates set aside: out of the queue until then, or until they write again
        "review_later",
        metadata,
        Column("address_id", Id, ForeignKey("address.id", ondelete="CASCADE"), primary_key=True),
        Column("until_at", Ms, nullable=False),
        Column("set_at", Ms, nullable=False),
        Column("account_id", Id, ForeignKey("account.id")),
        Index("ix_review_later_until_at", "until_at"),
    )
)

review_answer = Table(  # one answer to one or many: what undo needs
    "review_answer",
    metadata,
    row_id(),
    Column("account_id", Id, ForeignKey("account.id")),
    Column("at", Ms, nullable=False),
    words("text"),
    words("data", "[]"),  # JSON: what was done, in its order
    Column("undone_at", Ms),
)

evidence = Table(  # how often an address was met in which way; what capture decides from
    "evidence",
    metadata,
    Column("address_id", Id, ForeignKey("address.id"), primary_key=True),
    Column("mailbox_id", Id, ForeignKey("mailbox.id", ondelete="CASCADE"), primary_key=True),
    Column("sign", Text, primary_key=True),  # leads.capture.Sign
    count("messages"),
    Column("first_at", Ms, nullable=False),
    Column("last_at", Ms, nullable=False, server_default=text("0")),
    words("first_key", None),  # message.key of the first: breaks ties alike in every order
    Column("first_message_id", Id, nullable=False),
)

capture_rule = Table(  # what people have said: verdicts on addresses and domains; undone ones stay, with removed_at
    "capture_rule",
    metadata,
    row_id(),
    words("scope", None),  # address | domain
    words("subject", None),  # match key or domain
    words("outcome", None),  # lead | candidate | ignored
    Column("lead_id", Id, ForeignKey("lead.id")),  # "add to existing"
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    Column("removed_at", Ms),
    Index("ix_capture_rule_subject", "scope", "subject"),
    Index("ix_capture_rule_standing", "scope", "made_at", "id", **of_rows("removed_at IS NULL")),
)

tag = Table(
    "tag",
    metadata,
    row_id(),
    words("name", None),
    Column("key", Text, nullable=False, unique=True),  # the name, folded
)

lead_tag = Table(
    "lead_tag",
    metadata,
    Column("lead_id", Id, ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", Id, ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_lead_tag_tag_id", "tag_id"),
)

lead_consent = Table(  # whether they want to be written to; its past is told by activities
    "lead_consent",
    metadata,
    Column("lead_id", Id, ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True),
    words("state", None),  # leads.consent.ConsentState
    words("source", None),  # where they said so, in words
    words("given_on", None),
    Column("account_id", Id, ForeignKey("account.id")),
    Column("noted_at", Ms, nullable=False),
)

activity = Table(  # append-only; mail is not copied here, a timeline joins it from lead_link
    "activity",
    metadata,
    row_id(),
    points_to("lead_id", "lead.id", cascade=True),
    Column("at", Ms, nullable=False),
    words(
        "kind", None
    ),  # note | call | meeting | task | stage_move | field_change | tag | snooze | pin | captured | consent | undo
    Column("account_id", Id, ForeignKey("account.id")),
    words("text"),
    words("data", "{}"),  # JSON: from, to, field, task_id, undoes
    flag("is_pinned"),
    Column("undone_at", Ms),
    Index("ix_activity_timeline", "lead_id", "at", "id"),
    Index("ix_activity_kind", "lead_id", "kind", "at", "id"),
    Index(
        "ix_activity_pinned",
        "lead_id",
        sqlite_where=text("is_pinned IS 1"),
        postgresql_where=text("is_pinned IS true"),
    ),
)

task = Table(
    "task",
    metadata,
    row_id(),
    points_to("lead_id", "lead.id", cascade=True),
    words("title", None),
    Column("due_on", Text),
    Column("account_id", Id, ForeignKey("account.id")),
    Column("created_at", Ms, nullable=False),
    Column("done_at", Ms),
    Column("removed_at", Ms),
    flag("unless_answered"),  # "follow up if no answer by": done by itself when they write
    Column("answered_at", Ms),  # their first human mail since; then done_at is the same
    points_to("cadence_id", "cadence.id", null=True),  # of which it is a step, once for each lead
    words("step_key"),
    Index("ix_task_open", "lead_id", "due_on", **of_rows("done_at IS NULL AND removed_at IS NULL")),
    Index("ix_task_due_on", "due_on", "id", **of_rows("done_at IS NULL AND removed_at IS NULL")),
    Index(
        "ix_task_step",
        "cadence_id",
        "lead_id",
        "step_key",
        unique=True,
        **of_rows("cadence_id IS NOT NULL"),
    ),
    Index(
        "ix_task_unless_answered",
        "lead_id",
        sqlite_where=text("unless_answered IS 1"),
        postgresql_where=text("unless_answered IS true"),
    ),
)

# --- the web -----------------------------------------------------------------

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("key", Text, primary_key=True),
    Column("account_id", Id, ForeignKey("account.id")),
    words("fingerprint", None),  # of route and body: the same key with another body is refused
    Column("http_code", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("made_at", Ms, nullable=False),
    Index("ix_idempotency_key_made_at", "made_at"),
)
