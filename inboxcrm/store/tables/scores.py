"""What is worked out of leads and kept: their scores, and whose turn it is to get a new one."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from inboxcrm.store.tables.columns import Id, Ms, count, metadata, points_to, row_id

# What a lead's score was when it was worked out last (services/scoring.py); at `changes_at` it is another though
# nothing happens. Who changes what a score rests on puts the lead into score_due, in the same transaction: rows are
# only ever added there and taken out one by one, so that nobody waits for anybody.
lead_score = Table(
    "lead_score",
    metadata,
    Column("lead_id", Id, ForeignKey("lead.id", ondelete="CASCADE"), primary_key=True),
    count("fit"),
    count("engagement"),
    Column("computed_at", Ms, nullable=False),
    Column("changes_at", Ms),
    Index(
        "ix_lead_score_changes_at",
        "changes_at",
        "lead_id",
        sqlite_where=text("changes_at IS NOT NULL"),
        postgresql_where=text("changes_at IS NOT NULL"),
    ),
)
score_due = Table(
    "score_due",
    metadata,
    row_id(),
    points_to("lead_id", "lead.id", cascade=True),
    Index("ix_score_due_lead_id", "lead_id"),
)

assignment_turn = Table(  # whose turn it is among people who get new leads one after the other
    "assignment_turn",
    metadata,
    Column("ring", Text, primary_key=True),  # their addresses, in order
    count("next"),
)
