"""What goes out: segments, templates, cadences, who is in them, and the life of every mail they send.

The outbox is the one place a mail of a cadence lives in. It is unique for (cadence, lead, step, resend), so that
nobody gets a step twice even when they enter the cadence a second time.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

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

# --- whom ---------------------------------------------------------------------

segment = Table(
    "segment",
    metadata,
    row_id(),
    words("name", None),
    Column("key", Text, nullable=False, unique=True),  # the name, folded
    words("kind", "live"),  # live | frozen: then its leads are segment_lead
    words("text"),  # as a person wrote it
    words("tree", "{}"),  # JSON: leads.segments.Node
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    Column("removed_at", Ms),
)

segment_lead = Table(
    "segment_lead",
    metadata,
    Column("segment_id", Id, ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True),
    Column("lead_id", Id, ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_segment_lead_lead_id", "lead_id"),
)

# --- what ---------------------------------------------------------------------

template = Table(
    "template",
    metadata,
    row_id(),
    words("name", None),
    Column("key", Text, nullable=False, unique=True),  # the name, folded
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    Column("removed_at", Ms),
)

template_version = Table(  # never changed: what was sent can always be read again
    "template_version",
    metadata,
    row_id(),
    points_to("template_id", "template.id", cascade=True),
    Column("number", Integer, nullable=False),
    words("subject"),
    words("text"),
    words("html"),  # as written; empty: a mail of plain text
    words(
        "fallbacks", "{}"
    ),  # JSON: variable -> what stands where it is blank; the others are required
    words("ready", "{}"),  # JSON: parts that differ from what was written, and the snippets put in
    flag("signs"),  # the signature stands at the end of a part that does not place it
    words("files", "[]"),  # JSON: name, size, sha256 of each file that goes with it, in order
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    UniqueConstraint("template_id", "number"),
)

kept_file = Table(  # the bytes of files that go with mail, each once, whatever bears it
    "kept_file",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made_at", Ms, nullable=False),
)

snippet = Table(  # a named piece of a template's text
    "snippet",
    metadata,
    row_id(),
    words("name", None),
    Column("key", Text, nullable=False, unique=True),  # the name, folded
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    Column("removed_at", Ms),
)

snippet_version = Table(  # never changed
    "snippet_version",
    metadata,
    row_id(),
    points_to("snippet_id", "snippet.id", cascade=True),
    Column("number", Integer, nullable=False),
    words("text"),
    words("html"),  # empty: the text serves there, too
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    UniqueConstraint("snippet_id", "number"),
)

cadence = Table(
    "cadence",
    metadata,
    row_id(),
    words("name", None),
    Column("key", Text, nullable=False, unique=True),  # the name, folded
    words("state", "draft"),  # draft | running | paused | finished | cancelled
    points_to("mailbox_id", "mailbox.id"),
    words("from_address"),  # a verified send-as address; empty: the mailbox's own
    words("segment"),  # whom it is for: a segment's name, or a filter as text
    words("rules", "{}"),  # JSON: cadence.rules.CadenceRules
    Column("version", Integer, nullable=False, server_default=text("1")),  # of its steps
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    Column("started_at", Ms),
    Column("ended_at", Ms),
    Index("ix_cadence_mailbox_id", "mailbox_id"),
)

step = (
    Table(  # the steps of one version; a key survives versions and is never used for another step
        "step",
        metadata,
        row_id(),
        points_to("cadence_id", "cadence.id", cascade=True),
        Column("version", Integer, nullable=False),
        Column("number", Integer, nullable=False),
        words("key", None),
        words("kind", "mail"),  # mail | task | call
        points_to("template_version_id", "template_version.id", null=True),
        count("delay"),
        words("delay_unit", "days"),  # days | business_days
        words("data", "{}"),  # JSON: what only this kind of step has
        UniqueConstraint("cadence_id", "version", "number"),
        UniqueConstraint("cadence_id", "version", "key"),
        Index("ix_step_template_version_id", "template_version_id"),
    )
)

cadence_version = Table(  # who made which version of the steps, and why it is there
    "cadence_version",
    metadata,
    points_to("cadence_id", "cadence.id", cascade=True),
    Column("number", Integer, nullable=False),
    words("text"),
    flag("for_all"),  # also for those who were in it
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    UniqueConstraint("cadence_id", "number"),
)

enrollment = Table(
    "enrollment",
    metadata,
    row_id(),
    points_to("cadence_id", "cadence.id", cascade=True),
    points_to("lead_id", "lead.id", cascade=True),
    points_to("address_id", "address.id"),  # where its mail goes
    Column("generation", Integer, nullable=False, server_default=text("1")),
    words("state", "active"),  # active | finished | stopped
    words("stop_reason"),  # cadence.stops.StopReason
    words("stop_words"),  # what it rests on, in words
    Column("stop_message_id", Id),  # the mail it rests on; no foreign key, as in tables/leads.py
    Column("parked_until_at", Ms),  # out of office: nothing goes before
    Column("parked_message_id", Id),  # the mail that says so; no foreign key, as in tables/leads.py
    Column("version", Integer, nullable=False),  # of the cadence's steps that hold for it
    Column("account_id", Id, ForeignKey("account.id")),
    Column("enrolled_at", Ms, nullable=False),
    Column("ended_at", Ms),
    UniqueConstraint("cadence_id", "lead_id", "generation"),
    Index("ix_enrollment_lead_id", "lead_id"),
    Index("ix_enrollment_address_id", "address_id"),
    Index("ix_enrollment_stop_message_id", "stop_message_id"),
    Index(
        "ix_enrollment_active", "cadence_id", "lead_id", unique=True, **of_rows("state = 'active'")
    ),
)

adding_question = Table(  # may they be added? asked of whoever talks to them
    "adding_question",
    metadata,
    row_id(),
    points_to("cadence_id", "cadence.id", cascade=True),
    points_to("lead_id", "lead.id", cascade=True),
    Column("asked_of", Id, ForeignKey("account.id"), nullable=False),
    Column("account_id", Id, ForeignKey("account.id")),  # who asks
    points_to("task_id", "task.id", cascade=True),
    words("text"),
    words("answer"),  # yes | no; empty: it waits
    Column("answered_by", Id, ForeignKey("account.id")),
    Column("asked_at", Ms, nullable=False),
    Column("answered_at", Ms),
    UniqueConstraint("cadence_id", "lead_id"),
    Index("ix_adding_question_lead_id", "lead_id"),
    Index("ix_adding_question_task_id", "task_id"),
)

# --- the life of a mail ---------------------------------------------------------

# Neither IN nor OR: of a list SQLite makes a table whenever a mail changes its state, and for a choice of equals it
# plans every question anew that has a state as a parameter.
NEEDS_SOMEBODY = (
    "CASE state WHEN 'unconfirmed' THEN 1 WHEN 'unknown' THEN 1"
    " WHEN 'failed' THEN 1 WHEN 'skipped' THEN 1 END = 1"
)

outbox = Table(
    "outbox",
    metadata,
    row_id(),
    points_to("enrollment_id", "enrollment.id", cascade=True),
    points_to("cadence_id", "cadence.id", cascade=True),
    points_to("lead_id", "lead.id", cascade=True),
    points_to("mailbox_id", "mailbox.id"),
    words("step_key", None),
    Column("resend", Integer, nullable=False, server_default=text("0")),  # raised by a person only
    Column("resent_by", Id, ForeignKey("account.id")),  # who pressed resend
    Column("repeats_id", Id),  # the mail it repeats; no foreign key, as in tables/leads.py
    Column("key", Text, nullable=False, unique=True),  # cadence.keys: in the mail's own header
    words("state", "planned"),  # cadence.outbox.OutboxState
    Column("due_at", Ms, nullable=False),
    Column(
        "not_before_at", Ms, nullable=False, server_default=text("0")
    ),  # after a refusal or a look
    words("waits_for", "[]"),  # JSON: the gate's reasons when it was last asked
    Column(
        "fence", BigInteger, nullable=False, server_default=text("0")
    ),  # of the claim that holds it
    points_to("template_version_id", "template_version.id", null=True),
    words("from_address"),
    words("to_address"),
    words("subject"),
    words("mime_sha256"),  # of the bytes that are handed over
    words("draft_ref"),
    words("draft_message_ref"),
    words("history"),  # where the mailbox's history stood before the hand-over
    count("attempts"),
    count("looks"),
    Column("looked_at", Ms),
    Column(
        "unseen_since_at", Ms
    ),  # the first of the looks in a row that found the draft and no sent mail
    words("ref"),  # the sent mail, in the provider's words
    words("thread_ref"),
    words("fared"),  # what came back of it: "" | late | refused | gone | complained
    Column("fared_message_id", Id),  # the mail that says so; no foreign key, as in tables/leads.py
    words("fault"),
    Column("claimed_at", Ms),
    Column("handed_over_at", Ms),  # T2: from here on it may have gone
    Column("ended_at", Ms),
    UniqueConstraint("enrollment_id", "step_key", "resend"),
    UniqueConstraint("cadence_id", "lead_id", "step_key", "resend"),
    CheckConstraint("(resend = 0) = (resent_by IS NULL)", name="ck_outbox_resent_by_a_person"),
    CheckConstraint("ref = '' OR state = 'sent'", name="ck_outbox_ref_of_what_was_sent"),
    Index("ix_outbox_lead_id", "lead_id"),
    # Before it is sent a mail stands in the first, then in the other two: each step of a sender writes fewer pages.
    Index("ix_outbox_due", "mailbox_id", "state", "due_at", "id", **of_rows("ref = ''")),
    Index("ix_outbox_ref", "mailbox_id", "ref", **of_rows("ref <> ''")),
    Index("ix_outbox_thread_ref", "mailbox_id", "thread_ref", **of_rows("thread_ref <> ''")),
    Index("ix_outbox_template_version_id", "template_version_id"),
    Index("ix_outbox_cadence", "cadence_id", "state", "id"),
    Index("ix_outbox_needs_somebody", "id", **of_rows(NEEDS_SOMEBODY)),
    sqlite_autoincrement=GIVEN_ONCE,
)

# Frozen at the claim. Apart from its row, which changes at every step of a life and would be written whole each time.
frozen_mail = Table(
    "frozen_mail",
    metadata,
    Column(
        "outbox_id",
        Id,
        ForeignKey("outbox.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("mime", LargeBinary, nullable=False),
)

outbox_line = Table(  # append-only: what happened to a mail, in words people read
    "outbox_line",
    metadata,
    row_id(),
    points_to("outbox_id", "outbox.id", cascade=True),
    Column("at", Ms, nullable=False),
    words("state", None),
    words("text"),
    Column("account_id", Id, ForeignKey("account.id")),
    Column("message_id", Id),  # the mail it rests on; no foreign key, as in tables/leads.py
    Index("ix_outbox_line_outbox_id", "outbox_id", "id"),
)

send_ledger = Table(  # what left a mailbox or may have: what caps and gaps are counted from
    "send_ledger",
    metadata,
    row_id(),
    points_to("mailbox_id", "mailbox.id", cascade=True),
    points_to("outbox_id", "outbox.id", null=True, cascade=True),
    Column("at", Ms, nullable=False),
    words("to_domain"),
    Index("ix_send_ledger_at", "mailbox_id", "at", "to_domain"),
    Index("ix_send_ledger_outbox_id", "outbox_id"),
)

test_mail = Table(  # a mail somebody sent to themselves to see it: no touch, in no report, counted by nothing
    "test_mail",
    metadata,
    row_id(),
    points_to("mailbox_id", "mailbox.id", cascade=True),
    points_to("template_version_id", "template_version.id", cascade=True),
    points_to("lead_id", "lead.id", cascade=True),  # whose words it has; it never goes to them
    Column("account_id", Id, ForeignKey("account.id")),
    Column("request", Text, nullable=False, unique=True),  # what was asked once is done once
    Column("key", Text, nullable=False, unique=True),  # cadence.keys.key_of_test
    words("state", "claimed"),  # claimed | sending | sent | unknown | failed | lost
    words("to_address"),
    words("subject"),
    words("mime_sha256"),
    words("ref"),  # the sent mail, in the provider's words
    words("fault"),
    Column("made_at", Ms, nullable=False),
    Column("handed_over_at", Ms),  # from here on it may have gone
    Column("ended_at", Ms),
    Index("ix_test_mail_mailbox_id", "mailbox_id", "state"),
    Index("ix_test_mail_template_version_id", "template_version_id", "id"),
    Index("ix_test_mail_lead_id", "lead_id"),
)

sending = Table(  # one sender a mailbox: its claim, its pause, its caps
    "sending",
    metadata,
    Column("mailbox_id", Id, ForeignKey("mailbox.id", ondelete="CASCADE"), primary_key=True),
    words("lease_owner"),
    Column("lease_until", Ms),  # machine time
    count("fence"),  # raised at every change of hands
    Column("paused_until_at", Ms),
    words("paused_for"),
    Column("day_cap", Integer),  # its own, whatever cadences say; null: none
    Column("gap_seconds", Integer),
    words("zone"),  # of the hours of its cadences, where a cadence names none; empty: the house's
    words("addresses", "[]"),  # JSON: what it may send as, in the provider's word
    Column("addresses_at", Ms),  # when the provider said so; null: it was never asked
)

suppression = Table(  # whom nothing may be sent; survives the lead
    "suppression",
    metadata,
    row_id(),
    words("scope", None),  # address | domain
    words("subject", None),  # match key or domain
    words("reason", None),  # opt_out | bounce | complaint | person
    words("source"),
    Column(
        "message_id", Id
    ),  # the mail it rests on and falls with; no foreign key, as in tables/leads.py
    Column("account_id", Id, ForeignKey("account.id")),
    Column("first_at", Ms, nullable=False),
    Column("removed_at", Ms),
    UniqueConstraint("scope", "subject"),
    sqlite_autoincrement=GIVEN_ONCE,
)
