"""Tables for people, as wide as the terminal: a row is a line, numbers, times and ids are never cut.

In a narrow terminal times are shown as days, then the columns named for it are dropped, then long text is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import click

from inboxcrm.cli.output import safe, terminal_width

_GAP = 2
_READABLE = 14
"""Of long text at least so much is shown, while there are columns that can be dropped."""
_LONGEST = 300
"""No column shows more, and a subject may be a megabyte long."""


def print_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    empty: str,
    whole: Sequence[str] = ("id",),
    spare: Sequence[str] = (),
) -> None:
    """`empty` is the sentence for no rows: what it means and what to do next.

    `whole` names columns that are never cut, `spare` those that a narrow terminal drops, the first one first.
    """
    if not rows:
        click.echo(empty)
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    columns = _fitting(headings, rows, whole=whole, spare=spare)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for column, width in zip(columns, _widths(columns), strict=True):
        table.add_column(
            column.heading,
            justify="right" if column.is_number else "left",
            no_wrap=True,
            overflow="ellipsis",
            header_style="bold",
            width=width,
        )
    for texts in zip(*(column.texts for column in columns), strict=True):
        table.add_row(*map(Text, texts))
    Console(width=terminal_width(), highlight=False).print(table)


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    texts: tuple[str, ...]
    is_number: bool
    is_whole: bool
    width: int

    @property
    def least(self) -> int:
        return self.width if self.is_whole else min(self.width, _READABLE)


def _fitting(
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    whole: Sequence[str],
    spare: Sequence[str],
) -> list[_Column]:
    """The columns that can be read side by side in this terminal."""
    cells = {heading: [row[place] for row in rows] for place, heading in enumerate(headings)}
    columns = [_column(heading, held, whole=whole) for heading, held in cells.items()]
    if _least(columns) > terminal_width():
        columns = [
            _column(heading, held, whole=whole, shown=_as_day) for heading, held in cells.items()
        ]
    for heading in spare:
        if _least(columns) > terminal_width():
            columns = [column for column in columns if column.heading != heading]
    return columns


def _column(
    heading: str,
    cells: Sequence[object],
    *,
    whole: Sequence[str],
    shown: Callable[[object], object] = lambda cell: cell,
) -> _Column:
    from rich.cells import cell_len

    texts = tuple(_cut(safe(shown(cell))) for cell in cells)
    is_number = all(isinstance(cell, int | float) for cell in cells)
    is_time = any(isinstance(cell, date) for cell in cells)
    return _Column(
        heading,
        texts,
        is_number=is_number,
        is_whole=is_number or is_time or heading in whole,
        width=max(map(cell_len, (heading, *texts))),
    )


def _as_day(cell: object) -> object:
    return cell.astimezone().date() if isinstance(cell, datetime) else cell


def _least(columns: Sequence[_Column]) -> int:
    return sum(column.least for column in columns) + _GAP * len(columns)


def _widths(columns: Sequence[_Column]) -> list[int]:
    """Whole columns first; long text shares what is left, so that a row is a line."""
    room = terminal_width() - _GAP * len(columns)
    room -= sum(column.width for column in columns if column.is_whole)
    long = sorted(column.width for column in columns if not column.is_whole)
    share = 0
    for place, width in enumerate(long):
        # What a column of middling length does not need, the longer ones get.
        share = max(room // (len(long) - place), 1)
        room -= min(width, share)
    return [column.width if column.is_whole else min(column.width, share) for column in columns]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
