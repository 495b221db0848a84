"""Progress of long work, on standard error, and only where a person watches: counts, never states."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inboxcrm.services.sync_run import Progress


@contextmanager
def progress(title: str, *, is_wanted: bool = True) -> Iterator[Callable[[Progress], None]]:
    if not is_wanted or not sys.stderr.isatty():
        yield _say_nothing
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def report(seen: Progress) -> None:
            # The provider's own count is an estimate; what is listed and waiting is known.
            total = max(seen.total, seen.listed)
            bar.update(task, completed=seen.stored, total=total or None)

        yield report


def _say_nothing(_seen: Progress) -> None:
    """Nobody watches."""
