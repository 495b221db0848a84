"""The clock of a demo's folder: a demo may run fast, and commands that look into its database go by the same clock.

The demo writes into the mark of its folder when it began and how fast its time passes; when it ends, what its clock
showed, from where time goes on as everywhere. A database without such a mark beside it has the machine's clock.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from inboxcrm.store.engines import parse_url, sqlite_path
from inboxcrm.worker.clock import RealClock, clock_since, machine_now

MARK = ".inboxcrm-demo"


def keep_clock(folder: Path, began: datetime, *, speed: int) -> None:
    """From `began` (machine time) on, so many seconds pass in one."""
    _write(folder, began=began, shown=began, speed=speed)


def end_clock(folder: Path, shown: datetime) -> None:
    """The demo ended when its clock showed this."""
    _write(folder, began=machine_now(), shown=shown, speed=1)


def clock_beside(database_url: str) -> RealClock:
    """The clock by which the times in this database were written. Raises StorageError where the address is none."""
    path = sqlite_path(parse_url(database_url))
    try:
        said = json.loads((path.parent / MARK).read_text("utf-8")) if path else {}
        began, shown = (datetime.fromisoformat(said[name]) for name in ("began", "shown"))
        return clock_since(began, rate=float(said["speed"]), shown=shown)
    except (OSError, ValueError, TypeError, LookupError):
        return RealClock()


def _write(folder: Path, *, began: datetime, shown: datetime, speed: int) -> None:
    said = {"began": began.isoformat(), "shown": shown.isoformat(), "speed": speed}
    (folder / MARK).write_text(json.dumps(said), encoding="utf-8")
