"""What people keep of the pipeline's pages: views they saved, and changes of many leads at once."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, text

from inboxcrm.store.tables.columns import Id, Ms, count, flag, metadata, points_to, row_id, words

saved_view = (
    Table(  # a page of the pipeline with what it is asked; removed ones stay, to be taken back
        "saved_view",
        metadata,
        row_id(),
        points_to("account_id", "account.id"),  # whose it is
        words("name", None),
        words("key", None),  # the name, folded
        words("page", None),  # board | sheet | numbers
        words("pipeline"),  # empty: the first one
        words("filter_text"),  # a segment's name or a filter, as typed
        words("conditions"),  # what the columns were asked, in the words of segments
        words("columns"),  # with commas between; empty: the usual ones
        words("sort"),
        flag("is_descending"),
        words("grouping"),
        Column("days", Integer, nullable=False, server_default=text("0")),  # 0: the usual period
        flag("is_shared"),
        Column("version", Integer, nullable=False, server_default=text("1")),
        Column("made_at", Ms, nullable=False),
        Column("removed_at", Ms),
        Index("ix_saved_view_account_id", "account_id", "key", unique=True),
        Index(
            "ix_saved_view_shared",
            "key",
            "id",
            sqlite_where=text("is_shared IS 1 AND removed_at IS NULL"),
            postgresql_where=text("is_shared IS true AND removed_at IS NULL"),
        ),
    )
)

bulk_edit = (
    Table(  # one change of many leads; its leads are chosen before what is to be done with them
        "bulk_edit",
        metadata,
        row_id(),
        points_to("account_id", "account.id"),
        Column("made_at", Ms, nullable=False),
        words("asked", "{}"),  # JSON: which leads they were, and the page they were chosen on
        words("what"),  # services/bulk_shapes.py; empty: not said yet
        words("given", "{}"),  # JSON: the value, and its words
        words("state", "chosen"),  # chosen | running | done | undoing | undone | forgotten
        count("leads"),
    )
)

bulk_edit_lead = Table(  # lead and activity are no foreign keys, as in tables/leads.py
    "bulk_edit_lead",
    metadata,
    Column("bulk_edit_id", Id, ForeignKey("bulk_edit.id", ondelete="CASCADE"), primary_key=True),
    Column("lead_id", Id, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),  # as it was seen
    words("outcome"),  # empty: still to come | changed | same | refused | undone | kept
    Column("activity_id", BigInteger),  # what takes it back
    Column("reason", Text),  # why not
    Index("ix_bulk_edit_lead_outcome", "bulk_edit_id", "outcome", "lead_id"),
)
