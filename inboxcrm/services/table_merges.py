"""A table becomes a cadence in one go: its people are leads, tagged alike, and the cadence is for who bears the tag.

All of it is one transaction: where the cadence cannot be made, no lead was.
"""

from __future__ import annotations

from dataclasses import replace

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.errors import RefusedError, UsageError
from inboxcrm.files.table_reading import Table
from inboxcrm.leads.import_cells import LONGEST_TAG
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.leads.segment_text import segment_as_text
from inboxcrm.leads.segments import FieldType, Leaf, Op
from inboxcrm.services.cadences import CadenceView, make_merge
from inboxcrm.services.import_shapes import ImportLine, ImportOrder
from inboxcrm.services.lead_import import run_import
from inboxcrm.store import import_marks
from inboxcrm.store.desk import Desk
from inboxcrm.store.joined import JoinedDatabase

MOST_ROWS = 20_000
"""Of one merge: a mailbox sends two thousand a day at most, and the transaction keeps others from writing."""


def segment_of(tag: str) -> str:
    """Whoever bears the tag, as a segment's text."""
    return segment_as_text(Leaf("tag", Op.IS, (tag,), FieldType.TAG))


def merge_table(
    desk: Desk,
    viewer: Viewer,
    table: Table,
    order: ImportOrder,
    *,
    name: str,
    template: str,
    mailbox: str,
    from_address: str = "",
    rules: CadenceRules | None = None,
) -> tuple[ImportLine, CadenceView]:
    """Imports it and makes a cadence of one mail to its people, not started. They are tagged with the order's tag,
    else with the cadence's name, which nobody may bear yet.

    Raises what `run_import` and `make_merge` raise, and RefusedError where the tag is in use.
    """
    tag = " ".join((order.tag or name).split())[:LONGEST_TAG]

    def stop_at_many(rows: int) -> None:
        if rows > MOST_ROWS:
            raise UsageError(
                f"{table.name} has more than {MOST_ROWS:,} rows.",
                remedy="Nothing was imported. Import it with `inboxcrm import table --tag`, then merge to the tag.",
            )

    with desk.database.write() as tx:
        if import_marks.is_tag_used(tx, folded_name(tag)):
            raise RefusedError(
                f'There are leads tagged "{tag}" already; they would get the mail too.',
                remedy="Nothing was imported. Name the cadence otherwise, or merge to that tag as a segment.",
            )
        inside = replace(desk, database=JoinedDatabase(desk.database, tx))
        line = run_import(inside, viewer, table, replace(order, tag=tag), on_rows=stop_at_many)
        made = make_merge(
            inside,
            viewer,
            name=name,
            template=template,
            segment=segment_of(tag),
            mailbox=mailbox,
            from_address=from_address,
            rules=rules,
        )
        return line, made
