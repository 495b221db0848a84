"""What an import of an export answers with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inboxcrm.errors import Problem, UserError

MOST_TOLD = 100


@dataclass(slots=True)
class TableCounts:
    added: int = 0
    unchanged: int = 0
    differing: int = 0


@dataclass(slots=True)
class BroughtIn:
    """`conflicts` are the first of the rows that stand here and differ: they stay as they are here."""

    tables: dict[str, TableCounts] = field(default_factory=dict)
    conflicts: list[Problem] = field(default_factory=list)
    conflict_count: int = 0

    def tell(self, conflict: Problem) -> None:
        self.conflict_count += 1
        if len(self.conflicts) < MOST_TOLD:
            self.conflicts.append(conflict)


class ExportError(UserError):
    """Rows that cannot be taken, all at once and each with its place; nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        shown = "\n".join(f"  {one}" for one in problems[:MOST_TOLD])
        more = len(problems) - MOST_TOLD
        rest = f"\n  and {more} more" if more > 0 else ""
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(
            f"The export cannot be imported: {count}.\n{shown}{rest}",
            remedy="Nothing was changed. Mend these rows, or export again where they came from.",
        )
        self.problems = tuple(problems)
