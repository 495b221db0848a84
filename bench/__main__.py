"""`make bench`: measures, prints the reference code and one table, and exits 1 where a figure does not hold."""

from __future__ import annotations

import argparse
import inspect
import json
import os
import platform
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bench import (
    cadences,
    importing,
    importing_tables,
    mailing,
    memory,
    pages,
    panel,
    pipeline,
    pipeline_reference,
    reference,
    syncing,
)
from bench.databases import DATA, Databases
from bench.figures import Figure, table

MEASURES: dict[str, tuple[Callable[..., list[Figure]], tuple[Callable, ...]]] = {
    "a": (
        importing.measure,
        (
            reference.read_messages,
            reference.plain_import_sqlite,
            reference.plain_import_postgresql,
        ),
    ),
    "b": (syncing.measure, (reference.bare_client,)),
    "c": (panel.measure, (reference.bare_route,)),
    "d": (memory.measure, ()),
    "e": (pages.measure, ()),
    "f": (mailing.measure, (reference.library_mails, reference.mailmerge_mails)),
    "g": (
        importing_tables.measure,
        (importing_tables.bare_executemany, importing_tables.table_alone),
    ),
    "h": (cadences.measure, (reference.library_mails,)),
    "i": (
        pipeline.measure,
        (
            pipeline_reference.standing,
            pipeline_reference.plain_board,
            pipeline_reference.plain_numbers,
            pipeline_reference.plain_outlook,
            pipeline_reference.plain_since,
        ),
    ),
}


def main(arguments: list[str] | None = None) -> int:
    asked = _asked(arguments)
    # Whoever ends us early does not want our databases left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures: list[Figure] = []
    with closing(Databases(asked.data)) as databases:
        for letter in asked.only:
            figures += MEASURES[letter][0](databases, _tell, quick=asked.quick)
    code = {
        function.__name__: inspect.getsource(function)
        for letter in asked.only
        for function in MEASURES[letter][1]
    }
    for text in code.values():
        print(text, end="\n\n")
    print(table(figures))
    if asked.quick:
        print("\n--quick proves that the measuring works; its figures mean nothing.")
    if asked.json:
        found = {
            "machine": {"python": platform.python_version(), "cores": os.cpu_count()},
            "quick": asked.quick,
            "figures": [figure.as_json() for figure in figures],
            "reference": code,
        }
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0 if asked.quick or all(figure.holds for figure in figures) else 1


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    reader = argparse.ArgumentParser(
        prog="python -m bench",
        description="(a) mbox import, (b) Gmail sync, (c) panel, (d) memory, (e) pages, (f) mails,"
        " (g) tables, (h) cadences, (i) pipeline; ratios of one run.",
    )
    reader.add_argument(
        "--only", type=_letters, default="".join(MEASURES), help="as in a,c; default: all"
    )
    reader.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    reader.add_argument("--quick", action="store_true", help="small sizes, to try the measuring")
    reader.add_argument(
        "--data", type=Path, default=DATA, metavar="FOLDER", help="where big databases are kept"
    )
    return reader.parse_args(arguments)


def _letters(text: str) -> str:
    found = "".join(sorted(set(text.replace(",", "").replace(" ", ""))))
    if not found or set(found) - set(MEASURES):
        raise argparse.ArgumentTypeError(f"name figures out of {','.join(MEASURES)}")
    return found


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
