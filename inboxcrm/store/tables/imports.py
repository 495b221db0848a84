"""Tables of people that were imported: one batch an import, one line a row, so that all of it can be taken back."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from inboxcrm.store.tables.columns import Id, Ms, count, flag, metadata, points_to, row_id, words

import_batch = Table(
    "import_batch",
    metadata,
    row_id(),
    words("name", None),  # of the file
    words("columns", "[]"),  # JSON: its headings
    words("mapping", "[]"),  # JSON: the field of each column; empty for one left out
    words("mode", "update"),  # update | skip: what happened to leads that were there
    words("tag"),  # what all its leads were tagged; empty for nothing
    Column("account_id", Id, ForeignKey("account.id")),
    Column("made_at", Ms, nullable=False),
    Column("ended_at", Ms),  # null: it runs, or it was stopped and what it did until then stands
    Column("undone_at", Ms),
    count("created"),
    count("updated"),
    count("unchanged"),
    count("skipped"),
    count("rejected"),
)

import_row = Table(  # what a row did; lead and activity are no foreign keys, as in tables/leads.py
    "import_row",
    metadata,
    Column("batch_id", Id, ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    words("outcome", None),  # leads.import_rows.RowOutcome
    Column("lead_id", BigInteger),
    Column("activity_id", BigInteger),  # on the lead's timeline
    # JSON. created, updated: version, changes {field: [was, is]}, added [addresses], tags [ids];
    # rejected: reason, cells
    words("data", "{}"),
    Column("undone_at", Ms),
)

import_file = (
    Table(  # what somebody uploaded and has not imported yet; emptied after that, or after a day
        "import_file",
        metadata,
        row_id(),
        points_to("account_id", "account.id"),
        words("name", None),
        Column("content", LargeBinary, nullable=False),
        Column("made_at", Ms, nullable=False),
    )
)

# Rows an export of another database brought, by the key it calls them: the same export brings them once. No foreign
# keys, as in tables/leads.py: `kind` is the table.
export_key = Table(
    "export_key",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("row_id", BigInteger, nullable=False),
    flag("made_row"),  # the row was not here before: our own exports call it so, too
    Index("ix_export_key_row_id", "kind", "row_id"),
)
