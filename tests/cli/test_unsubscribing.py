"""Settings, check and server of the unsubscribe page; lists of whom nothing is sent to, taken in and given out."""

from __future__ import annotations

import json

import pytest

from inboxcrm.config import load
from inboxcrm.errors import SettingsError
from tests.cli.test_serving import start as start  # noqa: PLC0414 - a fixture

# --- the page ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["", "https://mail.ourfirm.example", "https://ourfirm.example:8443/no/more/", "http://127.0.0.1:8026",
     "http://localhost", "http://[::1]:8026/a"],
)  # fmt: skip
def test_an_address_people_can_be_sent_to_is_taken(tmp_path, url):
    file = tmp_path / "config.toml"
    file.write_text(f'[cadence]\nunsubscribe_url = "{url}"\n')
    assert load(file, {}).cadence.unsubscribe_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    ["http://mail.ourfirm.example", "ourfirm.example", "ftp://x.example", "https://", "https://a b.example",
     "https://x.example/?a=b", "https://x.example/#a", "https://user:pw@x.example", "https://x.example/>, <mailto:a@b.example",
     "https://x.example/\\u202eb", "http://127.0.0.1.evil.example", "http://127.0.0.1@evil.example",
     f"https://x.example/{'a' * 300}"],
)  # fmt: skip
def test_another_is_refused_with_its_place(tmp_path, url):
    file = tmp_path / "config.toml"
    file.write_text(f'[cadence]\nunsubscribe_url = "{url}"\n')
    with pytest.raises(SettingsError) as refused:
        load(file, {})
    [problem] = refused.value.problems
    assert "unsubscribe_url" in str(problem)


def test_without_an_address_there_is_nothing_to_check(terminal):
    done = terminal.type("cadence", "check-unsubscribe")
    assert done.code == 1
    assert "unsubscribe_url under [cadence]" in done.err


def test_nobody_at_home_is_said_and_no_mail_names_the_page(terminal):
    terminal.config('[cadence]\nunsubscribe_url = "http://127.0.0.1:9"\n')
    done = terminal.type("cadence", "check-unsubscribe", "--json")
    assert done.code == 1
    assert done.document["passed"] is False
    assert done.document["problem"].startswith("Opened, it gave no answer: ")


def test_the_page_of_this_house_passes_and_ends_with_a_good_word(terminal, start):
    import signal

    server = start("serve-unsubscribe", "--port", "0")
    base = server.link().removesuffix("/u/...")
    assert base.startswith("http://127.0.0.1:")
    terminal.config(f'[cadence]\nunsubscribe_url = "{base}"\n')
    done = terminal.type("cadence", "check-unsubscribe")
    assert (done.code, done.out) == (0, f"{base} passed: mails name it from now on.\n")
    assert server.end(signal.SIGTERM) == (0, "Stopped.\n")


# --- lists ---------------------------------------------------------------------------------


def entries(terminal) -> dict[str, tuple[str, str]]:
    found = terminal.type("suppress", "list", "--json").document["suppressed"]
    return {one["subject"]: (one["scope"], one["reason"]) for one in found}


def take_in(terminal, text: str, *more: str, name: str = "list.csv"):
    (terminal.folder / name).write_bytes(text.encode())
    return terminal.type("suppress", "import", name, "--json", *more).document


def test_a_list_of_another_program_is_taken_in_twice_as_once(terminal):
    text = "Name,E-Mail,reason\nCarol,Carol@Firm.example,opt_out\nDave,dave@x.example,spam\nAll,firm2.example,\n"
    assert take_in(terminal, text) == {"new": 3, "known": 0, "rejected": 0, "problems": []}
    assert take_in(terminal, text) == {"new": 0, "known": 3, "rejected": 0, "problems": []}
    assert entries(terminal) == {
        "carol@firm.example": ("address", "opt_out"),
        "dave@x.example": ("address", "person"),
        "firm2.example": ("domain", "person"),
    }


@pytest.mark.parametrize("text", ["a@x.example\nb@x.example\n", "a@x.example\r\nb@x.example"])
def test_nothing_but_addresses_needs_no_heading(terminal, text):
    assert take_in(terminal, text, name="list.txt")["new"] == 2
    assert set(entries(terminal)) == {"a@x.example", "b@x.example"}


def test_what_cannot_be_read_is_told_with_its_line_and_given_back(terminal):
    text = (
        "email,note\na@x.example,good\nnonsense,bad\n,empty\n=cmd|' /C calc'!A0,formula\n"
        + "x" * 9_999
        + ",long\n"
    )
    done = take_in(terminal, text, "--rejected", "back.csv")
    assert (done["new"], done["rejected"]) == (1, 3)
    assert done["problems"][0] == {
        "line": 3,
        "problem": '"nonsense" is neither a mail address nor a domain.',
    }
    back = (terminal.folder / "back.csv").read_text()
    assert '3,"""nonsense""' in back
    assert ",'=cmd|' /C calc'!A0,formula" in back


def test_a_table_without_such_a_column_is_refused_and_one_can_be_named(terminal):
    text = "who,way\nCarol,carol@firm.example\n"
    (terminal.folder / "list.csv").write_text(text)
    done = terminal.type("suppress", "import", "list.csv")
    assert done.code == 2
    assert "Name it: one of who, way." in done.err
    assert take_in(terminal, text, "--column", "WAY")["new"] == 1


def test_what_was_given_out_comes_back_the_same(terminal):
    take_in(
        terminal,
        'address,reason,source\n+plus@x.example,bounce,"550, gone"\nfirm.example,opt_out,\n',
    )
    before = entries(terminal)
    assert terminal.type("suppress", "export", "--output", "out.csv").code == 0
    for one in before:
        terminal.type("suppress", "remove", one)
    assert entries(terminal) == {}
    done = terminal.type("suppress", "import", "out.csv", "--json").document
    assert (done["new"], entries(terminal)) == (2, before)
    found = json.loads(terminal.type("suppress", "export", "--format", "json").out)
    assert {one["subject"]: one["source"] for one in found} == {
        "+plus@x.example": "550, gone",
        "firm.example": "imported from list.csv",
    }


def test_somebody_taken_off_and_listed_again_is_suppressed_again(terminal):
    take_in(terminal, "carol@firm.example\n")
    terminal.type("suppress", "remove", "carol@firm.example")
    assert take_in(terminal, "carol@firm.example\n")["new"] == 1
    assert set(entries(terminal)) == {"carol@firm.example"}


# --- what a mail was taken for ----------------------------------------------------------------


MAIL = """From bob Mon Mar  2 10:00:00 2026
From: Bob Moss <bob@firm.example>
To: alice@ourshop.example
Subject: Ticket
Date: Mon, 2 Mar 2026 10:00:00 +0000
Message-ID: <1@firm.example>

Your ticket is 4711.

"""


@pytest.fixture
def message_id(terminal) -> str:
    terminal.config(
        '[[mailbox]]\nname = "archive"\nprovider = "mbox"\naddress = "alice@ourshop.example"\n'
    )
    (terminal.folder / "mail.mbox").write_text(MAIL)
    terminal.type("import", "mbox", "mail.mbox", "--mailbox", "archive")
    [one] = terminal.type("messages", "list", "--json").document["messages"]
    return str(one["id"])


def test_a_message_is_corrected_and_taken_back(terminal, message_id):
    done = terminal.type("messages", "verdict", message_id, "automatic", "--json").document
    assert (done["said"], done["kind"], done["changed"]) == ("automatic", "automatic", True)
    shown = terminal.type("messages", "show", message_id).out
    assert "said so on" in shown
    assert "rules found  a person's answer: From: Bob Moss <bob@firm.example>" in shown
    back = terminal.type("messages", "verdict", message_id, "found")
    assert (back.code, back.out) == (0, "Taken as the rules found it.\n")
    detail = terminal.type("messages", "show", message_id, "--json").document
    assert (detail["kind"], detail["kind_rule"]) == ("human", "person")
    assert [(one["said"], one["holds"]) for one in detail["verdict"]["history"]] == [
        ("automatic", False)
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nonsense", "automatic"), 1, "There is no such mail."),
        (("{id}", "spam"), 2, "'spam' is not one of"),
        (("{id}", "human", "--back-on", "2026-05-20"), 2, "belongs to an absence"),
        (("{id}", "absence", "--back-on", "soon"), 2, "soon"),
    ],
)
def test_what_cannot_be_said_of_a_message_is_refused(terminal, message_id, words, code, said):
    done = terminal.type("messages", "verdict", *(one.format(id=message_id) for one in words))
    assert (done.code, done.out) == (code, "")
    assert said in done.err
