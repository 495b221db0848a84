"""What goes into an import and what comes out of it: how a table is to be read, what would happen, what did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inboxcrm.errors import Problem, UsageError
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.imports import COUNTED, BatchRow


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """How a table is to be read. `said`: column -> field, as `map_columns` takes it; the rest is found out.

    `update`: leads that are there take what the table says; else they stay as they are. `tag`: put on every lead of
    the table, those that stay as they are too.
    """

    said: Mapping[str, str] = field(default_factory=dict)
    update: bool = True
    tag: str = ""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    line: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """`says` is what would happen, in words."""

    line: int
    outcome: str
    name: str
    address: str
    says: str


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """`type` is what its cells hold; empty where they hold nothing. `sample` is the first of them."""

    name: str
    field: str
    is_guessed: bool
    type: str
    sample: str


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """`counts` are by RowOutcome, of `rows` rows; `is_whole` is false where the table has more than those."""

    name: str
    form: str
    encoding: str
    columns: tuple[ShownColumn, ...]
    counts: Mapping[str, int]
    rows: int
    is_whole: bool
    samples: tuple[PreviewRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A batch as lists show it. `ended_at` None: it was stopped, or runs yet."""

    id: str
    number: int
    name: str
    mode: str
    tag: str
    who: str
    made_at: datetime
    ended_at: datetime | None
    undone_at: datetime | None
    counts: Mapping[str, int]


class TableError(UsageError):
    """A table that cannot be taken, with everything that is wrong with its heading or its mapping."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(
            f"{name} cannot be imported as it is: {count}.\n{lines}", remedy="Nothing was imported."
        )
        self.problems = tuple(problems)


def import_line(desk: Desk, row: BatchRow) -> ImportLine:
    return ImportLine(
        id=desk.ids.seal("import", row.id),
        number=row.id,
        name=row.name,
        mode=row.mode,
        tag=row.tag,
        who=row.account or "",
        made_at=from_ms(row.made_at),
        ended_at=from_ms(row.ended_at) if row.ended_at is not None else None,
        undone_at=from_ms(row.undone_at) if row.undone_at is not None else None,
        counts={name: getattr(row, name) for name in COUNTED},
    )
