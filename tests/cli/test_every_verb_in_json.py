"""Every verb around cadences has --json, the README says so, and the document says what was done."""

from __future__ import annotations

import json
import re

import click
import pytest

from tests.cli.test_cadence_resending import BOB, autumn, went
from tests.test_docs import COMMANDS, README

__all__ = ["autumn"]

GROUPS = ("segment", "template", "snippet", "cadence", "outbox", "suppress")
VERBS = [path for path in COMMANDS if path.split()[0] in GROUPS]


def has_json(path: str) -> bool:
    return any(
        isinstance(option, click.Option) and "--json" in option.opts
        for option in COMMANDS[path].params
    )


def done(terminal, *words: str):
    """What a verb that worked says in JSON; anything beside the one document fails."""
    typed = terminal.type(*words, "--json")
    assert (typed.code, typed.err) == (0, "")
    return typed.document


def states(document) -> dict[str, str]:
    return {one["cadence"]: one["state"] for one in document["cadences"]}


def lead_id(terminal, address: str) -> str:
    rows = terminal.type("leads", "list", "--json").document["leads"]
    return next(one["id"] for one in rows if one["address"] == address)


def keys(terminal, state: str) -> dict[str, str]:
    mails = terminal.type("outbox", "list", "--state", state, "--json").document["mails"]
    return {one["to"]: one["key"] for one in mails}


# --- every one ---------------------------------------------------------------------------


def test_the_groups_are_walked():
    assert {path.split()[0] for path in VERBS} == set(GROUPS)
    assert {"cadence mark", "template test", "suppress export"} <= set(VERBS)


@pytest.mark.parametrize("path", VERBS)
def test_every_verb_has_json(path):
    assert has_json(path)


@pytest.mark.parametrize("path", COMMANDS)
def test_the_readme_names_json_where_there_is_one(path):
    rows = re.findall(rf"(?m)^\| `inboxcrm {path}(?= |`)([^`]*)` \|", README)
    assert [row.endswith(" [--json]") for row in rows] == [has_json(path)]


# --- cadences ----------------------------------------------------------------------------


def test_a_whole_cadence_is_paused_resumed_and_cancelled(autumn):
    assert done(autumn, "cadence", "pause", "AUTUMN") == {
        "done": True,
        "cadence": "autumn",
        "state": "paused",
    }
    unsure = autumn.type("cadence", "resume", "autumn", "--json")
    assert (unsure.code, unsure.out, "Add --yes" in unsure.err) == (2, "", True)
    assert done(autumn, "cadence", "resume", "autumn", "--yes") == {
        "done": True,
        "cadence": "autumn",
        "state": "running",
    }
    assert done(autumn, "cadence", "cancel", "autumn") == {
        "done": True,
        "cadence": "autumn",
        "state": "cancelled",
        "mails_cancelled": 2,
    }
    again = autumn.type("cadence", "cancel", "autumn", "--json")
    assert (again.code, again.out, "is cancelled" in again.err) == (1, "", True)


def test_one_lead_is_paused_resumed_and_stopped(autumn):
    bob = lead_id(autumn, BOB)
    paused = done(autumn, "cadence", "pause", "--lead", BOB)
    assert (paused["done"], paused["lead"]) == (True, bob)
    assert paused["text"] == "Paused until somebody resumes it: autumn"
    assert paused["cadences"] == [
        {
            "cadence": "autumn",
            "state": "active",
            "reason": "A person paused it for them.",
            "rests_until": None,
        }
    ]
    resumed = done(autumn, "cadence", "resume", "--lead", BOB, "--yes")
    assert (resumed["done"], resumed["lead"], resumed["text"]) == (True, bob, "Resumed: autumn")
    assert [one["reason"] for one in resumed["cadences"]] == [""]
    dated = done(autumn, "cadence", "pause", "--lead", BOB, "--until", "2030-01-07")
    [rest] = dated["cadences"]
    assert rest["rests_until"].startswith("2030-01-0")
    stopped = done(autumn, "cadence", "stop", BOB)
    assert (stopped["done"], stopped["lead"]) == (True, bob)
    assert states(stopped) == {"autumn": "stopped"}
    assert stopped["text"] == "Stopped: nothing more goes to them from autumn"
    again = autumn.type("cadence", "stop", BOB, "--json")
    assert (again.code, again.out, "in no cadence" in again.err) == (1, "", True)


def test_going_back_says_whether_it_was_done(autumn):
    (autumn.folder / "steps.toml").write_text(
        autumn.type("cadence", "edit", "autumn").out + '\n[[step]]\nafter = "2 days"\ncall = "Ring"\n'
    )  # fmt: skip
    done(autumn, "cadence", "edit", "autumn", "--file", "steps.toml", "--yes")
    back = ("cadence", "rollback", "autumn", "1")
    assert done(autumn, *back)["done"] is False
    found = done(autumn, *back, "--yes")
    assert (found["done"], found["changes"]) == (True, [{"step": "s2", "change": "removed"}])


# --- mails -------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "state"), [("--went", "sent"), ("--did-not-go", "cancelled")])
def test_the_fate_of_a_mail_is_noted(autumn, word, state):
    went(autumn, "unconfirmed")
    key = keys(autumn, "unconfirmed")[BOB]
    assert done(autumn, "outbox", "resolve", key, word) == {
        "done": True,
        "key": key,
        "went": word == "--went",
        "state": state,
        "cadence": "autumn",
        "to": BOB,
    }
    again = autumn.type("outbox", "resolve", key, word, "--json")
    assert (again.code, again.out, "nothing to resolve" in again.err) == (1, "", True)


# --- suppression -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "scope", "subject"),
    [("Carol@Firm.example", "address", "carol@firm.example"), ("@Firm.Example", "domain", "firm.example")],
)  # fmt: skip
def test_an_entry_is_put_on_the_list_and_taken_off(terminal, said, scope, subject):
    entry = {"done": True, "scope": scope, "subject": subject}
    for deed, listed in (("add", True), ("remove", False)):
        for changed in (True, False):
            found = done(terminal, "suppress", deed, said)
            assert found == {**entry, "listed": listed, "changed": changed}
        rows = terminal.type("suppress", "list", "--json").document["suppressed"]
        assert [one["subject"] for one in rows] == [subject] * listed


@pytest.mark.parametrize("deed", ["add", "remove"])
def test_what_is_no_address_is_refused_as_ever(terminal, deed):
    refused = terminal.type("suppress", deed, "nonsense", "--json")
    assert (refused.code, refused.out, "neither a mail address" in refused.err) == (2, "", True)


def test_the_whole_list_is_one_document(terminal):
    assert done(terminal, "suppress", "export") == {"suppressed": []}
    terminal.type("suppress", "add", "carol@firm.example")
    terminal.type("suppress", "add", "other.example")
    found = done(terminal, "suppress", "export")["suppressed"]
    assert [(one["scope"], one["subject"], one["reason"], one["source"]) for one in found] == [
        ("address", "carol@firm.example", "person", "command line"),
        ("domain", "other.example", "person", "command line"),
    ]
    table = terminal.type("suppress", "export", "--format", "json")
    assert json.loads(table.out) == found


@pytest.mark.parametrize("form", ["csv", "json"])
def test_with_a_file_the_table_goes_there_and_the_document_counts_it(terminal, form):
    terminal.type("suppress", "add", "carol@firm.example")
    plain = terminal.type("suppress", "export", "--format", form).out
    found = done(terminal, "suppress", "export", "--format", form, "--output", "out")
    assert found == {"done": True, "output": "out", "format": form, "count": 1}
    written = (terminal.folder / "out").read_text("utf-8")
    assert written.splitlines() == plain.splitlines()


# --- what cadences say, and to whom ------------------------------------------------------


def test_a_snippet_that_goes_is_told_as_it_was(terminal):
    (terminal.folder / "hours.txt").write_text("9 to 5\n")
    saved = done(terminal, "snippet", "save", "Opening hours", "--text", "hours.txt")
    gone = done(terminal, "snippet", "remove", "opening HOURS")
    assert gone == {"done": True, **saved}
    assert (gone["name"], gone["text"]) == ("Opening hours", "9 to 5")
    assert done(terminal, "snippet", "list") == {"snippets": []}
    again = terminal.type("snippet", "remove", "Opening hours", "--json")
    assert (again.code, again.out) == (1, "")


def test_a_segment_is_saved_and_goes(terminal):
    saved = done(terminal, "segment", "save", "Fair", "tag is fair")["segment"]
    gone = done(terminal, "segment", "remove", "fair")["segment"]
    assert (saved["name"], gone["name"], gone["text"]) == ("Fair", "Fair", "tag is fair")
    assert done(terminal, "segment", "list") == {"segments": []}
