"""`digest`, `export` and `import export` as people and scripts type them."""

from __future__ import annotations

import csv
from datetime import date, timedelta

BOB, CAROL = "bob@firm.example", "carol@other.example"


def furnish(terminal) -> None:
    terminal.type("leads", "add", BOB, "--name", "=Bob\x1b[31m Moss")
    terminal.type("leads", "add", CAROL, "--name", "Carol Reyes")
    terminal.type("leads", "edit", BOB, "--value", "1200.50", "--currency", "eur", "--stage", "sql")


def test_a_week_is_told_in_words_and_written_as_html(terminal):
    terminal.config('[web]\npublic_url = "https://crm.example.com"\n')
    furnish(terminal)
    today = date.today().isoformat()
    shown = terminal.type("digest", "--week-of", today, "--html", "week.html")
    assert shown.code == 0
    assert "2 new." in shown.out
    assert "Open value: EUR 1,200 (before: none, +EUR 1,200)" in shown.out
    assert "- Carol Reyes: New\n  https://crm.example.com/leads/" in shown.out
    assert "\x1b" not in shown.out
    html = (terminal.folder / "week.html").read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert "Carol Reyes" in html


def test_scripts_get_one_document_of_the_week(terminal):
    furnish(terminal)
    document = terminal.type("digest", "--week-of", date.today().isoformat(), "--json").document
    assert document["is_over"] is False
    assert {one["key"]: one["count"] for one in document["parts"]}["new"] == 2
    assert terminal.type("digest", "--json").document["is_over"] is True


def test_weeks_that_cannot_be_told_are_wrong_use(terminal):
    later = (date.today() + timedelta(days=8)).isoformat()
    done = terminal.type("digest", "--week-of", later)
    assert (done.code, done.out) == (2, "")
    assert "still to come" in done.err
    assert terminal.type("digest", "--week-of", "soon").code == 2
    assert terminal.type("digest", "--html", "no/such/folder.html").code == 2
    assert terminal.type("digest", "--pipeline", "nonsense").code == 1


def test_an_export_goes_into_a_new_house_only_with_yes(terminal, monkeypatch):
    furnish(terminal)
    document = terminal.type("export", "out", "--json").document
    assert document["rows"]["leads"] == 2
    monkeypatch.setenv("INBOXCRM_DATABASE_URL", f"sqlite:///{terminal.folder / 'new.db'}")
    shown = terminal.type("import", "export", "out")
    assert shown.code == 0
    assert "Nothing was changed" in shown.out
    assert terminal.type("leads", "list", "--json").document["leads"] == []
    done = terminal.type("import", "export", "out", "--yes", "--json").document
    assert (done["imported"], done["tables"]["leads"]) == (
        True, {"added": 2, "unchanged": 0, "differing": 0},
    )  # fmt: skip
    again = terminal.type("import", "export", "out", "--yes", "--json").document
    assert again["tables"]["leads"] == {"added": 0, "unchanged": 2, "differing": 0}
    terminal.type("export", "again")
    for one in (terminal.folder / "out").iterdir():
        assert (terminal.folder / "again" / one.name).read_bytes() == one.read_bytes()


def test_one_file_holds_one_table_and_no_formula(terminal):
    furnish(terminal)
    assert terminal.type("export", "leads.csv", "--what", "leads").code == 0
    with (terminal.folder / "leads.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["name"].startswith("'")
    assert "\x1b" not in rows[0]["name"]
    assert terminal.type("export", "deeds.jsonl", "--what", "activities").code == 0
    assert len((terminal.folder / "deeds.jsonl").read_text().splitlines()) >= 3


def test_exports_that_make_no_sense_are_wrong_use(terminal):
    furnish(terminal)
    assert "many tables" in terminal.type("export", "all.csv").err
    assert terminal.type("export", "x.csv", "--what", "leads", "--format", "jsonl").code == 2
    assert terminal.type("export", "out").code == 0
    assert "not empty" in terminal.type("export", "out").err
    (terminal.folder / "none").mkdir()
    assert terminal.type("import", "export", "none").code == 2
    assert terminal.type("import", "export", "missing").code == 2


def test_rows_that_cannot_be_taken_are_told_with_their_place(terminal):
    furnish(terminal)
    terminal.type("export", "out")
    path = terminal.folder / "out" / "leads.csv"
    path.write_text(path.read_text().replace(",person,", ",somebody,"))
    done = terminal.type("import", "export", "out", "--yes")
    assert done.code == 2
    assert "leads.csv, line 2: made_by is none of rule, person" in done.err
    assert "Nothing was changed" in done.err
