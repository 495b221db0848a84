"""`leads` as people and scripts type it."""

from __future__ import annotations

import csv
import io
import json

BOB = "bob@firm.example"


def test_bob_is_added_listed_and_shown(terminal):
    made = terminal.type("leads", "add", BOB, "--name", "Bob Moss", "--json").document
    listed = terminal.type("leads", "list", "--json").document
    assert listed["total"] == 1
    [row] = listed["leads"]
    assert (row["id"], row["name"], row["address"]) == (made["lead"]["id"], "Bob Moss", BOB)
    assert row["owner"] == "You"
    shown = terminal.type("leads", "show", BOB, "--json").document
    assert shown["lead"]["id"] == row["id"]
    assert shown["lead"]["stage"]["key"] == "new"


def test_people_get_tables(terminal):
    terminal.type("leads", "add", BOB, "--name", "Bob Moss")
    listed = terminal.type("leads", "list")
    assert "Bob Moss" in listed.out
    assert "New" in listed.out
    assert listed.out.split().index("owner") < listed.out.split().index("owes")
    assert "You" in listed.out.split(), "whoever adds a lead looks after it"
    shown = terminal.type("leads", "show", BOB)
    assert "Added by hand" in shown.out
    terminal.type("leads", "edit", BOB, "--owner", "nobody")
    assert "You" not in terminal.type("leads", "list").out.split()
    assert "owner" not in terminal.type("leads", "list", "--json").document["leads"][0]


def test_an_empty_list_says_what_to_do_next(terminal):
    assert "inboxcrm sync" in terminal.type("leads", "list").out
    assert terminal.type("leads", "list", "--json").document == {"leads": [], "total": 0}


def test_several_changes_are_made_together(terminal):
    terminal.config('[[lead_field]]\nkey = "budget"\nlabel = "Budget"\nshow_in_panel = true\n')
    terminal.type("leads", "add", BOB)
    done = terminal.type(
        "leads", "edit", BOB, "--name", "Robert Moss", "--value", "1200.50", "--currency", "eur",
        "--stage", "engaged", "--note", "Met in Lisbon", "--field", "budget=approved", "--json",
    )  # fmt: skip
    assert done.code == 0
    assert done.document["lead"]["version"] == 2, "fields and stage are one move"
    shown = terminal.type("leads", "show", BOB, "--json").document
    assert shown["lead"]["name"] == "Robert Moss"
    assert shown["lead"]["value"] == {"amount": "1200.50", "currency": "EUR"}
    assert shown["lead"]["stage"]["key"] == "engaged"
    assert "Met in Lisbon" in json.dumps(shown["timeline"])
    assert {"label": "Budget", "value": "approved"} in shown["lead"]["details"]


def test_a_field_nobody_declared_is_refused_with_where_to_declare_it(terminal):
    terminal.type("leads", "add", BOB)
    done = terminal.type("leads", "edit", BOB, "--field", "budget=approved")
    assert done.code == 2
    assert "[[lead_field]] in config.toml" in done.err


def test_where_one_change_is_refused_none_is_made(terminal):
    terminal.type("leads", "add", BOB, "--name", "Bob")
    before = terminal.type("leads", "show", BOB, "--json").document
    done = terminal.type("leads", "edit", BOB, "--name", "Robert", "--stage", "nosuch")
    assert done.code == 2
    assert 'no stage "nosuch"' in done.err
    after = terminal.type("leads", "show", BOB, "--json").document
    assert after["lead"]["name"] == "Bob"
    assert after["lead"]["version"] == before["lead"]["version"]
    assert len(after["timeline"]) == len(before["timeline"])


def test_an_old_version_is_refused(terminal):
    terminal.type("leads", "add", BOB)
    terminal.type("leads", "edit", BOB, "--name", "Robert")
    done = terminal.type("leads", "edit", BOB, "--name", "Bobby", "--version", "1")
    assert done.code == 1
    assert "Somebody changed this lead" in done.err


def test_nothing_to_change_is_wrong_use(terminal):
    terminal.type("leads", "add", BOB)
    assert terminal.type("leads", "edit", BOB).code == 2
    assert terminal.type("leads", "edit", BOB, "--field", "budget").code == 2


def test_a_deleted_lead_is_gone_and_comes_back_by_its_token(terminal):
    terminal.type("leads", "add", BOB)
    token = terminal.type("leads", "delete", BOB, "--json").document["undo"]
    assert terminal.type("leads", "list", "--json").document["total"] == 0
    gone = terminal.type("leads", "show", BOB)
    assert (gone.code, "is no lead" in gone.err) == (1, True)
    assert terminal.type("leads", "undo", token).code == 0
    assert terminal.type("leads", "list", "--json").document["total"] == 1


def test_a_made_up_id_and_token_are_refused(terminal):
    assert terminal.type("leads", "show", "aaaaaaaaaaaaa").code == 1
    assert terminal.type("leads", "undo", "aaaaaaaaaaaaa").code == 1


def test_bob_cannot_be_added_twice(terminal):
    terminal.type("leads", "add", BOB)
    done = terminal.type("leads", "add", BOB.upper())
    assert done.code == 1
    assert "is a lead already" in done.err


def test_leads_are_exported_as_csv_and_json(terminal):
    terminal.type("leads", "add", BOB, "--name", "=Bob()")
    terminal.type("leads", "add", "carol@shop.example", "--name", "Carol Reyes")
    [carol, bob] = csv.DictReader(io.StringIO(terminal.type("leads", "export").out))
    assert (bob["address"], bob["name"]) == (BOB, "'=Bob()")
    assert (carol["name"], carol["stage"]) == ("Carol Reyes", "new")
    found = terminal.type("leads", "export", "--json").document
    assert [one["name"] for one in found] == ["Carol Reyes", "=Bob()"]


def test_an_export_to_a_file_says_how_many(terminal):
    terminal.type("leads", "add", BOB)
    done = terminal.type("leads", "export", "--format", "json", "--output", "leads.json")
    assert done.out == ""
    assert "Wrote 1 lead to leads.json" in done.err
    assert len(json.loads((terminal.folder / "leads.json").read_text())) == 1
    refused = terminal.type("leads", "export", "--output", "missing/leads.csv")
    assert refused.code == 2
    assert "Cannot write to" in refused.err


def test_a_hostile_name_cannot_command_the_terminal(terminal):
    terminal.type("leads", "add", BOB, "--name", "Bob\x1b[2J\u202eevil")
    shown = terminal.type("leads", "list").out
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_stage_in_use_cannot_be_taken_out_of_the_settings(terminal):
    terminal.type("leads", "add", BOB)
    terminal.config(
        '[[pipeline]]\nkey="sales"\nlabel="Sales"\n[[pipeline.stage]]\nkey="met"\nlabel="Met"\n'
    )
    done = terminal.type("leads", "list")
    assert done.code == 2
    assert 'one lead stands in stage "new"' in done.err
