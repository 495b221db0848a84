"""Whole lists of whom nothing is sent to: taken in from other programs, and given out again.

A row is an address or a domain, with a reason where the list tells one we know. What stands already keeps the reason
and the day it has; what cannot be read is told with its line. Taking a list in twice is taking it in once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import UsageError
from inboxcrm.files.table_reading import Table
from inboxcrm.services.lead_changes import now_ms
from inboxcrm.services.suppressions import BY_PERSON, read_subject, refuse_strangers_to_it
from inboxcrm.store import suppressions as rows
from inboxcrm.store.desk import Desk
from inboxcrm.store.upserts import one_at_a_time

SUBJECTS = ("subject", "address", "email", "e-mail", "email address", "mail", "domain")
"""What other programs call the column, the likeliest first."""

REASONS = frozenset({"opt_out", "bounce", "complaint", BY_PERSON})
_AT_ONCE = 1_000
_LONGEST_SOURCE = 300


@dataclass(frozen=True, slots=True)
class ListedRow:
    """`line` is where it stands in the list, `cells` the whole row; `reason` and `source` may be empty."""

    line: int
    subject: str
    reason: str = ""
    source: str = ""
    cells: tuple[str, ...] = ()


@dataclass(slots=True)
class TakenIn:
    """`new` entries, and those that stood already."""

    new: int = 0
    known: int = 0


def rows_of(table: Table, column: str = "") -> Iterator[ListedRow]:
    """The rows of somebody's table; `column` is the one of addresses and domains, else it is found by its name, or by
    what stands in it: a file of nothing but addresses needs no heading. Raises UsageError.
    """
    names = [one.strip().lower() for one in table.columns]
    place, is_headless = _subject_column(table, names, column)
    return _rows(table, names, place, is_headless=is_headless)


def take_in(
    desk: Desk, viewer: Viewer, listed: Iterable[ListedRow], *, source: str
) -> Iterator[tuple[ListedRow, str] | TakenIn]:
    """Every row that cannot be read, with why; and last what came of the others.

    A thousand rows at a time: what was taken in before an error stands. `source` stands where a row tells none. Raises
    ForbiddenError.
    """
    refuse_strangers_to_it(viewer)
    done = TakenIn()
    waiting = iter(listed)
    while some := list(islice(waiting, _AT_ONCE)):
        wanted: dict[tuple[str, str], dict[str, object]] = {}
        at = now_ms(desk)
        for one in some:
            try:
                scope, key = read_subject(one.subject)
            except UsageError as error:
                yield one, error.message
                continue
            reason = one.reason.strip().lower()
            wanted.setdefault(
                (scope, key),
                {
                    "scope": scope,
                    "subject": key,
                    "reason": reason if reason in REASONS else BY_PERSON,
                    "source": _plain(one.source or source),
                    "account_id": viewer.account_id,
                    "first_at": at,
                    "message_id": None,
                },
            )
        with desk.database.write() as tx:
            one_at_a_time(tx)
            new = rows.suppress_many(tx, list(wanted.values()))
        done.new += new
        done.known += len(wanted) - new
    yield done


def _plain(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:_LONGEST_SOURCE]


def _subject_column(table: Table, names: list[str], asked: str) -> tuple[int, bool]:
    """Where addresses stand, and whether the heading is one itself."""
    if asked:
        if asked.strip().lower() in names:
            return names.index(asked.strip().lower()), False
        said = f'{table.name} has no column "{asked[:60]}".'
    else:
        known = [names.index(one) for one in SUBJECTS if one in names]
        if known:
            return known[0], False
        headless = [place for place, name in enumerate(names) if _is_subject(name)]
        if headless:
            return headless[0], True
        if len(names) == 1:
            return 0, False
        said = f"Nobody can tell which column of {table.name} holds the addresses."
    shown = ", ".join(table.columns[:20])
    raise UsageError(said, remedy=f"Name it: one of {shown}.")


def _is_subject(text: str) -> bool:
    try:
        read_subject(text)
    except UsageError:
        return False
    return True


def _rows(table: Table, names: list[str], place: int, *, is_headless: bool) -> Iterator[ListedRow]:
    if is_headless:
        yield ListedRow(1, _bare(table.columns[place]), cells=table.columns)
    for row in table.rows():
        held = dict(zip(names, row.cells, strict=False))
        subject = row.cells[place] if place < len(row.cells) else ""
        if subject.strip():
            told = held.get("reason", ""), held.get("source", "")
            yield ListedRow(row.line, _bare(subject), *told, cells=tuple(row.cells))


def _bare(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running the cell."""
    said = text.strip()
    return said[1:] if said[:1] == "'" and said[1:2] in tuple("=+-@") else said
