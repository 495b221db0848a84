"""The measuring itself works: all figures come out at small sizes. Nobody times anything here."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench.figures import Cost, Figure, dearness_figure, rate_figure, table
from bench.pages import PAGES

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def outcome():
    # Not below pytest's own folders: as root, PostgreSQL runs as a user who has to reach it.
    with tempfile.TemporaryDirectory(prefix="inboxcrm-bench-") as named:
        folder = Path(named)
        folder.chmod(0o755)
        told = subprocess.run(
            [sys.executable, "-m", "bench", "--quick", "--json", str(folder / "figures.json"),
             "--data", str(folder / "data")],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        found = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    return told.stdout, found


def test_every_figure_comes_out_on_both_databases(outcome):
    found = [(one["figure"], one["what"].partition(":")[0]) for one in outcome[1]["figures"]]
    assert found == [
        ("a", "sqlite"), ("a", "postgresql"),
        ("b", "sqlite"), ("b", "sqlite"),
        ("c", "sqlite"), ("c", "sqlite"), ("c", "postgresql"), ("c", "postgresql"),
        ("d", "sqlite"),
        *[("e", dialect) for dialect in ("sqlite", "postgresql") for _ in PAGES],
        *[("f", "mails") for name in ("Jinja2", "mailmerge") if name == "Jinja2" or find_spec(name)],
        ("g", "sqlite"), ("g", "sqlite"),
        ("h", "mails"), ("h", "preview of everybody"), ("h", "plan of 3 steps over 60 days"), ("h", "why, for everybody"),
        *[("i", dialect) for dialect in ("sqlite", "postgresql") for _ in range(14)],
    ]  # fmt: skip
    assert all(one["ours"] > 0 and one["reference"] > 0 for one in outcome[1]["figures"])


def test_the_reference_code_is_printed_with_them(outcome):
    printed, found = outcome
    assert set(found["reference"]) == {
        "read_messages", "plain_import_sqlite", "plain_import_postgresql", "bare_client", "bare_route",
        "library_mails", "mailmerge_mails", "bare_executemany", "table_alone",
        "standing", "plain_board", "plain_since", "plain_numbers", "plain_outlook",
    }  # fmt: skip
    assert all(code in printed for code in found["reference"].values())


def test_a_figure_is_the_median_of_its_pairs():
    mine = [Cost(1.0, 1.0), Cost(2.0, 1.0), Cost(9.0, 1.0)]
    theirs = [Cost(3.0, 1.0), Cost(8.0, 1.0), Cost(9.0, 1.0)]
    assert rate_figure("a", "", 10, (mine, theirs), 3.0).ratio == 3.0
    assert dearness_figure("b", "", "s", [2.0, 1.0, 9.0], [1.0, 1.0, 1.0], 2.0).ratio == 2.0


@pytest.mark.parametrize(
    ("ratio", "at_least", "shown"),
    [(3.0, True, "yes"), (2.9, True, "NO"), (1.3, False, "yes"), (1.31, False, "NO")],
)
def test_what_does_not_hold_is_said_so(ratio, at_least, shown):
    target = 3.0 if at_least else 1.3
    one = Figure("a", "import", "s", 1.0, 1.0, ratio, target, at_least=at_least, pairs=(ratio,))
    assert f"  {shown}  " in table([one])
