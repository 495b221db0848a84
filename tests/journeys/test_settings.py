"""Settings and words typed wrongly: exit code 2, every problem at once, the nearest valid name, nothing done."""

from __future__ import annotations

import json
import socket

import click
import pytest

from inboxcrm.cli.commands import inboxcrm as program
from tests.journeys.mails import ARCHIVE, IMPORT, mail, many

MANY_PROBLEMS = """\
[database]
urll = "sqlite:///x.db"

[[mailbox]]
name = "sales"
provider = "gmial"
capture = "enquiri"
since = "yesterday"

[[mailbox]]
name = "sales"
provider = "mbox"
address = "not an address"

[web]
port = 99999
host = "0.0.0.0"

[work]
zone = "Europe/Lisbin"

[[pipeline]]
key = "sales"
label = "Sales"
[[pipeline.stage]]
key = "won"
label = "Won"
kind = "wonn"
"""


def commands(group: click.Group = program, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path]
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        else:
            found.append((*path, name))
    return found


def test_all_problems_are_told_at_once_with_the_nearest_names(home):
    home.config(MANY_PROBLEMS)
    done = home.type("leads", "list", "--json")
    assert (done.code, done.out) == (2, "")
    for words in (
        'database.urll (line 2): no such key; did you mean "url"',
        'provider (line 6): "gmial" is not one of "gmail", "mbox"; did you mean "gmail"?',
        'capture (line 7): "enquiri"',
        "since (line 8)",
        'name (line 11): "sales" is already the name of another mailbox',
        "address (line 13)",
        "web.port (line 16)",
        "web.host (line 17)",
        'did you mean "Europe/Lisbon"?',
        'did you mean "won"?',
    ):
        assert words in done.err, words
    assert "10 problems in" in done.err
    assert "config.example.toml shows every key" in done.err
    assert [file.name for file in home.folder.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    "content",
    [
        "name = ",
        "\x00",
        "[web]\nport = 1\nport = 2\n",
        "a = " + "[" * 5_000,
        "[web\n",
        "web = 3",
        "[[web]]",
        'mailbox = "x"',
    ],
)
def test_settings_that_are_no_toml_are_said(home, content):
    home.config(content)
    done = home.type("leads", "list")
    assert done.code == 2
    assert "config.toml" in done.err


def test_settings_in_a_foreign_encoding_or_a_folder_are_said(home):
    home.file("config.toml", "[web]\n# Grüße\n".encode("latin-1"))
    done = home.type("leads", "list")
    assert (done.code, "line 2: this is not UTF-8 text" in done.err) == (2, True)
    (home.folder / "place").mkdir()
    assert home.type("--config", "place", "leads", "list").code == 2


def test_the_environment_names_the_settings_and_the_option_wins(home, monkeypatch):
    home.config('[database]\nurl = "sqlite:///one.db"\n', "one.toml")
    home.config('[database]\nurl = "sqlite:///two.db"\n', "two.toml")
    monkeypatch.setenv("INBOXCRM_CONFIG", str(home.folder / "one.toml"))
    home.type("leads", "add", "bob@firm.example")
    assert home.type("leads", "list", "--json").document["total"] == 1
    assert home.type("--config", "two.toml", "leads", "list", "--json").document["total"] == 0
    assert (home.folder / "one.db").exists()
    monkeypatch.setenv("INBOXCRM_CONFIG", "missing.toml")
    done = home.type("leads", "list")
    assert (done.code, "missing.toml" in done.err) == (2, True)


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_explains_itself(home, path):
    done = home.type(*path, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"Usage: inboxcrm {' '.join(path)}".strip() in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines())
    assert "Example: " in done.out or not path
    _, _, listed = done.out.partition("Commands:\n")
    assert "...\n" not in listed, "a command whose one line is cut explains nothing"
    assert list(home.folder.iterdir()) == []


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_wrong_words_end_with_2_and_do_nothing(home, path):
    done = home.type(*path, "--nosuch")
    assert (done.code, done.out) == (2, "")
    assert "--nosuch" in done.err
    assert list(home.folder.iterdir()) == []


def test_every_json_is_one_document_also_for_nothing(home):
    with_json = [
        path for path in commands() if any(one.name == "as_json" for one in _command(path).params)
    ]
    assert len(with_json) >= 14
    arguments = {"address": "bob@firm.example", "lead": "bob@firm.example", "token": "a" * 13, "words": "offer",
                 "message_id": "a" * 13, "path": "mail.mbox", "name": "autumn", "name_or_text": "everyone",
                 "text": "stage is new", "key": "a" * 24, "subject": "firm.example", "batch": "1", "version": "1",
                 "state": "given", "kind": "automatic", "folder": "nowhere", "target": "out",
                 "answer": "bob@firm.example", "mark_": "positive", "stage": "new", "to": "engaged"}  # fmt: skip
    options = {"name": "archive", "mailbox": "archive", "template": "hello", "segment": "everyone",
               "lead": "bob@firm.example", "text_file": "hello.txt", "text": "hello.txt", "after": "2 days",
               "mailbox_name": "archive", "source": "the fair"}  # fmt: skip
    home.config(ARCHIVE)
    home.file("mail.mbox", many(2))
    home.file("hello.txt", "Subject: Good day\n\nGood day.\n")
    for path in with_json:
        needed = [
            arguments[one.name] for one in _command(path).params if isinstance(one, click.Argument)
        ]
        more = [
            word
            for one in _command(path).params
            if isinstance(one, click.Option) and one.required
            for word in ((one.opts[0],) if one.is_flag else (one.opts[0], options[one.name]))
        ]
        done = home.type(*path, *needed, *more, "--json")
        assert done.code in (0, 1, 2), path
        if done.code == 0:
            json.loads(done.out)


def _command(path: tuple[str, ...]) -> click.Command:
    found: click.Command = program
    for name in path:
        found = found.commands[name]
    return found


def test_a_stage_in_use_is_not_removed_and_the_remedy_works(home):
    kept = '[[pipeline]]\nkey = "sales"\nlabel = "Sales"\n[[pipeline.stage]]\nkey = "new"\nlabel = "New"\n'
    met = '[[pipeline.stage]]\nkey = "met"\nlabel = "Met"\n'
    home.config(kept + met)
    home.type("leads", "add", "bob@firm.example", "--stage", "met")
    home.config(kept)
    for words in (("leads", "list"), ("serve", "--port", "0"), ("worker",)):
        done = home.type(*words)
        assert done.code == 2
        assert 'one lead stands in stage "met"' in done.err
        assert (
            "move the leads to another stage (inboxcrm pipeline move met STAGE --yes), then remove it"
            in done.err
        )
    assert home.type("db", "backup", "copy.db").code == 0, "upkeep works all the same"
    home.config(kept + met)
    moving = ("pipeline", "move", "met", "new")
    assert "One lead would move to New." in home.type(*moving).out
    home.config(kept)
    assert home.type("leads", "list").code == 2, "it was only looked at"
    home.config(kept + met)
    assert home.type(*moving, "--yes").out == "One lead moved to New.\n"
    home.config(kept)
    assert home.type("leads", "list", "--json").document["leads"][0]["stage"]["key"] == "new"


@pytest.mark.parametrize(
    ("mode", "leads", "candidates"),
    [("enquiry", 1, 0), ("exchange", 0, 1), ("ask", 0, 1), ("none", 0, 0)],
)
def test_the_capture_mode_of_the_settings_decides(home, mode, leads, candidates):
    home.config(f'{ARCHIVE}capture = "{mode}"\n')
    home.file("mail.mbox", mail(1))
    report = home.type(*IMPORT, "--json").report
    assert (report["leads_created"], report["candidates"]) == (leads, candidates)


def test_a_mode_that_is_changed_later_takes_effect(home):
    home.config(f'{ARCHIVE}path = "mail.mbox"\ncapture = "ask"\n')
    home.file("mail.mbox", mail(1))
    home.type("sync")
    assert home.type("leads", "list", "--json").document["total"] == 0
    told = home.type("capture", "rehearse", "--mode", "archive=enquiry")
    assert "they wrote to us" in told.out
    home.config(f'{ARCHIVE}path = "mail.mbox"\ncapture = "enquiry"\n')
    home.type("sync")
    assert home.type("leads", "list", "--json").document["total"] == 1


def test_since_and_labels_leave_mail_out(home):
    home.file(
        "mail.mbox",
        mail(1, headers="X-Gmail-Labels: Inbox\n").replace(
            "Mon Mar  2 09:00:00 2026", "Fri Jan  2 09:00:00 2026"
        )
        + mail(2, headers="X-Gmail-Labels: Inbox,Customers\n")
        + mail(3, headers="X-Gmail-Labels: Inbox\n"),
    )
    home.config(f"{ARCHIVE}since = 2026-02-01\n")
    assert home.type(*IMPORT, "--json").report["stored"] == 2
    home.config(f'[database]\nurl = "sqlite:///two.db"\n{ARCHIVE}labels = ["Customers"]\n')
    assert home.type(*IMPORT, "--json").report["stored"] == 1


@pytest.mark.parametrize("command", ["up", "serve", "demo"])
def test_a_taken_port_leaves_nothing_behind(home, command):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = home.type(command, "--port", str(port))
    assert (done.code, done.out) == (1, "")
    assert f"Port {port} on 127.0.0.1 is taken" in done.err
    assert f"--port {port + 1}" in done.err
    assert list(home.folder.iterdir()) == []
