"""What the columns of a table hold, as sqlite-utils detects it from the first rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils.utils import TypeTracker

from inboxcrm.files.table_reading import TableRow

_LOOKED_AT = 500


def detected_types(columns: Sequence[str], rows: Sequence[TableRow]) -> dict[str, str]:
    """Column -> integer, float or text, by the cells that hold something; empty for a column without any."""
    tracker = TypeTracker()
    filled = (
        {name: cell for name, cell in zip(columns, row.cells, strict=False) if cell.strip()}
        for row in rows[:_LOOKED_AT]
    )
    for _ in tracker.wrap(filled):
        pass
    found = tracker.types
    return {name: found.get(name, "") for name in columns}
