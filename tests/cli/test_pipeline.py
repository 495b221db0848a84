"""`pipeline` as people and scripts type it."""

from __future__ import annotations

from datetime import date, timedelta

BOB, CAROL = "bob@firm.example", "carol@other.example"


def furnish(terminal) -> None:
    terminal.type("leads", "add", BOB, "--name", "Bob\x1b[31m Moss")
    terminal.type("leads", "add", CAROL, "--name", "Carol Reyes")
    terminal.type(
        "leads", "edit", BOB, "--value", "1200.50", "--currency", "eur", "--close", "2026-12-24", "--stage", "sql",
    )  # fmt: skip


def test_the_stages_are_shown_with_what_they_are_worth(terminal):
    furnish(terminal)
    shown = terminal.type("pipeline", "show")
    assert shown.code == 0
    assert "Sales qualified" in shown.out
    assert "600.25 EUR" in shown.out
    assert "Carol Reyes" in shown.out
    assert "\x1b" not in shown.out


def test_scripts_get_one_document(terminal):
    furnish(terminal)
    document = terminal.type("pipeline", "show", "--json").document
    columns = {one["stage"]["key"]: one for one in document["columns"]}
    assert columns["sql"]["count"] == 1
    assert columns["sql"]["sums"] == [{"amount": "1200.50", "currency": "EUR"}]
    assert document["head"]["open_count"] == 2
    narrowed = terminal.type("pipeline", "show", "--filter", "value > 5", "--json").document
    assert narrowed["head"]["open_count"] == 1


def test_on_a_past_day_nothing_stood_there_and_what_came_since_is_said(terminal):
    furnish(terminal)
    day = (date.today() - timedelta(days=3)).isoformat()
    shown = terminal.type("pipeline", "show", "--as-of", day)
    assert f"Since the end of {day}: 2 new." in shown.out
    document = terminal.type("pipeline", "show", "--as-of", day, "--json").document
    assert document["head"]["open_count"] == 0
    assert document["head"]["since"]["lines"][0]["count"] == 2


def test_numbers_say_what_they_mean(terminal):
    furnish(terminal)
    terminal.type("leads", "edit", BOB, "--stage", "won")
    shown = terminal.type("pipeline", "numbers", "--days", "30")
    assert shown.code == 0
    assert "Win rate: 100% (1 won, 0 lost)" in shown.out
    assert "Won over won and lost" in shown.out
    document = terminal.type("pipeline", "numbers", "--json").document
    assert {one["key"] for one in document["figures"]} >= {"open", "win_rate", "cycle", "velocity"}
    assert document["funnel"][0]["entered"] == 2


def test_a_stage_is_emptied_into_another_and_who_cannot_go_is_named(terminal):
    furnish(terminal)
    terminal.config(
        '[[pipeline]]\nkey = "sales"\nlabel = "Sales"\n'
        + "".join(
            f'[[pipeline.stage]]\nkey = "{key}"\nlabel = "{key.upper()}"\n'
            for key in ("new", "sql")
        )
        + 'requires = ["value"]\n[[pipeline]]\nkey = "other"\nlabel = "Other"\n'
        '[[pipeline.stage]]\nkey = "new"\nlabel = "Waiting"\n'
    )
    refused = terminal.type("pipeline", "move", "new", "sql", "--yes")
    assert refused.code == 0
    assert "0 leads moved to SQL." in refused.out
    assert "Carol Reyes" in refused.out
    told = terminal.type("pipeline", "move", "sql", "new", "--yes", "--json").document
    assert told == {"moved": 1, "would_move": 1, "staying": []}
    document = terminal.type("pipeline", "move", "new", "other/new", "--json").document
    assert document == {"moved": 0, "would_move": 2, "staying": []}
    assert terminal.type("pipeline", "move", "new", "other/new", "--yes").code == 0
    back = terminal.type("pipeline", "move", "new", "sales/new", "--pipeline", "other", "--json")
    assert back.document["would_move"] == 2
    for words in (
        ("nonsense", "new"),
        ("new", "nonsense"),
        ("new or stage is sql", "sql"),
        ("new",),
    ):
        refused = terminal.type("pipeline", "move", *words, "--yes")
        assert refused.code == 2, words
    nobody = terminal.type("pipeline", "move", "sql", "new", "--yes")
    assert (nobody.code, nobody.out) == (2, "")
    assert "No lead is like that." in nobody.err


def test_what_cannot_be_asked_is_wrong_use(terminal):
    tomorrow = (date.today() + timedelta(days=2)).isoformat()
    done = terminal.type("pipeline", "show", "--as-of", tomorrow)
    assert done.code == 2
    assert "still to come" in done.err
    assert terminal.type("pipeline", "show", "--as-of", "soon").code == 2
    assert terminal.type("pipeline", "show", "--filter", "stge is new").code == 2
    assert terminal.type("pipeline", "numbers", "--days", "0").code == 2
    done = terminal.type("pipeline", "numbers", "--pipeline", "nonsense")
    assert done.code == 1
    assert "Choose one of sales" in done.err
    assert done.out == ""
