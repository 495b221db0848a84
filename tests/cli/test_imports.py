"""Tables from the command line: looked at, imported, listed, taken back, merged."""

from __future__ import annotations

import pytest

FAIR = "name;Mail;Booth\nBob Tanaka;bob@kitaura.example;B7\n=1+1;nobody;\n"


@pytest.fixture
def fair(terminal):
    (terminal.folder / "fair.csv").write_text(FAIR, encoding="utf-8")
    return terminal


def test_without_yes_a_table_is_only_looked_at(fair):
    shown = fair.type("import", "table", "fair.csv")
    assert shown.code == 0
    assert "Nothing was changed." in shown.out
    assert "becomes a lead" in shown.out
    assert "Left out: Booth." in shown.out
    view = fair.type("import", "table", "fair.csv", "--dry-run", "--yes", "--json").document
    assert (view["created"], view["rejected"], view["form"]) == (1, 1, "CSV with ;")
    assert fair.type("leads", "list", "--json").document["leads"] == []


def test_imported_listed_and_taken_back(fair):
    done = fair.type(
        "import", "table", "fair.csv", "--yes", "--tag", "fair", "--rejected", "r.csv", "--json"
    )
    assert (done.document["import"], done.document["created"], done.document["rejected"]) == (
        1,
        1,
        1,
    )
    assert (fair.folder / "r.csv").read_text("utf-8").splitlines()[1:] == [
        '3,"Mail: ""nobody"" is no mail address",\'=1+1,nobody,'
    ]
    assert fair.type("import", "list", "--json").document["imports"][0]["tag"] == "fair"
    asked = fair.type("import", "undo", "1")
    assert (asked.code, "made 1 leads" in asked.err) == (2, True)
    assert fair.type("import", "undo", "1", "--yes", "--json").document["removed"] == 1
    assert fair.type("import", "undo", "1", "--yes").code == 1


def test_wrong_mappings_are_all_told_and_nothing_is_imported(fair):
    said = fair.type(
        "import", "table", "fair.csv", "--yes", "--map", "Bth=name", "--map", "Mail=mood"
    )
    assert said.code == 2
    assert "2 problems" in said.err
    assert "Traceback" not in said.err
    assert fair.type("import", "table", "fair.csv", "--map", "Mail").code == 2
    assert fair.type("import", "list", "--json").document["imports"] == []


def test_a_merge_says_once_who_gets_the_mail(fair):
    merge = ("cadence", "merge", "autumn", "--template", "hello", "--mailbox", "sales")
    assert fair.type(*merge).code == 2
    assert fair.type(*merge, "--segment", "everyone", "--from-table", "fair.csv").code == 2
    assert fair.type(*merge, "--segment", "everyone", "--map", "a=b").code == 2
    assert fair.type(*merge, "--from-table", "fair.csv").code == 1
    assert fair.type("leads", "list", "--json").document["leads"] == []
