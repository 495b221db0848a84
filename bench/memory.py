"""(d) Peak memory of an import of 100,000 messages, against that of 10,000.

Each import is a process of its own, which tells its own high-water mark. Bodies are cut short: it
is the number of messages that must not be held in memory.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.databases import DATA, Databases
from bench.figures import Figure, dearness_figure
from bench.importing import import_mbox
from bench.mail import sample, write_mbox

TARGET = 1.3
_BODY_BYTES = 1_500


def measure(databases: Databases, tell: Callable[[str], None], *, quick: bool) -> list[Figure]:
    few, many = (20, 60) if quick else (10_000, 100_000)
    name, mails = sample()
    peaks: dict[int, float] = {}
    with tempfile.TemporaryDirectory(dir=databases.folder) as folder:
        path = Path(folder) / "mail.mbox"
        for count in (few, many):
            write_mbox(path, mails, count, body_bytes=_BODY_BYTES)
            tell(f"importing {count:,} messages and watching memory")
            with databases.passing("sqlite") as url:
                peaks[count] = _peak_of(url, path, count)
    what = f"sqlite: import of {many:,} against {few:,} ({name})"
    return [dearness_figure("d", what, "MB at most", [peaks[many]], [peaks[few]], TARGET)]


def _peak_of(url: str, path: Path, count: int) -> float:
    child = subprocess.run(
        [sys.executable, "-m", "bench.memory", url, str(path), str(count)],
        cwd=DATA.parents[1],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(child.stdout)


def _child(url: str, path: str, count: str) -> None:
    import_mbox(url, Path(path), int(count))
    print(_high_water_megabytes())


def _high_water_megabytes() -> float:
    """Of this program alone: what getrusage tells also counts what the process was before it became this program."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("/proc/self/status tells no VmHWM; this figure can be measured on Linux only.")


if __name__ == "__main__":
    _child(*sys.argv[1:])
