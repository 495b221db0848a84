"""`cadence merge --from-table`: the table's people become leads first; what became of its rows is told beside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inboxcrm.cli.house import House
from inboxcrm.cli.imports import mapping_of
from inboxcrm.cli.output import tell
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.cadence.rules import CadenceRules
    from inboxcrm.services.cadences import CadenceView

_LOOKED_AT = 200


def merged_from_table(
    house: House,
    path: Path,
    mapping: tuple[str, ...],
    *,
    name: str,
    template: str,
    mailbox: str,
    from_address: str,
    rules: CadenceRules,
) -> CadenceView:
    """What is told goes to standard error, so that --json stays one document."""
    from inboxcrm.files.table_reading import open_table
    from inboxcrm.services.import_shapes import ImportOrder
    from inboxcrm.services.lead_import import preview_import
    from inboxcrm.services.table_merges import merge_table

    order = ImportOrder(said=mapping_of(mapping))
    table = open_table(path)
    view = preview_import(house.desk, house.viewer, table, order, most=_LOOKED_AT)
    line, made = merge_table(
        house.desk,
        house.viewer,
        table,
        order,
        name=name,
        template=template,
        mailbox=mailbox,
        from_address=from_address,
        rules=rules,
    )
    for note in view.notes:
        tell(note)
    counts = ", ".join(f"{many} {outcome}" for outcome, many in line.counts.items() if many)
    tell(
        f"{line.name}: {counts}; tagged {line.tag}.",
        f"To take the leads back: inboxcrm import undo {line.number} --yes",
    )
    return made


def one_of_both(segment: str, path: Path | None, mapping: tuple[str, ...]) -> None:
    """Raises UsageError unless it is said once who gets the mail."""
    if bool(segment) == (path is not None):
        raise UsageError(
            "Who gets it is said by a segment or by a table.",
            remedy="Give one of --segment and --from-table.",
        )
    if mapping and path is None:
        raise UsageError(
            "--map belongs to --from-table.", remedy="Name the table, or leave it out."
        )
