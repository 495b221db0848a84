"""`sync` and `import`: mail comes in by command, and the report is what scripts read."""

from __future__ import annotations

import pytest

FIELDS = {
    "name", "state", "listed", "stored", "quarantined", "tombstoned", "units", "requests", "leads_created",
    "candidates", "seconds",
}  # fmt: skip

MAIL = """From bob@firm.example Mon Mar  2 09:00:00 2026
From: Bob Moss <bob@firm.example>
To: Alice <alice@ourshop.example>
Subject: Forty chairs
Date: Mon, 2 Mar 2026 09:00:00 +0000
Message-ID: <chairs-1@firm.example>

Could you send me an offer for forty chairs?

From list@news.example Mon Mar  2 10:00:00 2026
From: The List <list@news.example>
To: alice@ourshop.example
Subject: News of the week
Date: Mon, 2 Mar 2026 10:00:00 +0000
Message-ID: <news-1@news.example>
List-Id: <list.news.example>
List-Unsubscribe: <https://news.example/leave>
Precedence: bulk

This week in chairs.

"""

ARCHIVE = '[[mailbox]]\nname = "archive"\nprovider = "mbox"\naddress = "alice@ourshop.example"\n'


@pytest.fixture
def mbox(terminal):
    file = terminal.folder / "mail.mbox"
    file.write_text(MAIL)
    return file


def test_a_file_is_imported_once_however_often_it_is_asked_for(terminal, mbox):
    terminal.config(ARCHIVE)
    first = terminal.type("import", "mbox", str(mbox), "--mailbox", "archive", "--json")
    assert first.code == 0, first.err
    [report] = first.document["mailboxes"]
    assert set(report) == FIELDS
    assert (report["name"], report["stored"], report["leads_created"]) == ("archive", 2, 1)
    again = terminal.type("import", "mbox", str(mbox), "--mailbox", "archive", "--json")
    assert again.document["mailboxes"][0]["stored"] == 0
    [lead] = terminal.type("leads", "list", "--json").document["leads"]
    assert (lead["name"], lead["address"]) == ("Bob Moss", "bob@firm.example")


def test_people_get_a_table(terminal, mbox):
    terminal.config(ARCHIVE)
    done = terminal.type("import", "mbox", str(mbox), "--mailbox", "archive")
    assert "leads created" in done.out
    assert "archive" in done.out


def test_a_mailbox_with_a_path_is_read_by_sync(terminal, mbox):
    terminal.config(f'{ARCHIVE}path = "mail.mbox"\n')
    [report] = terminal.type("sync", "--json").document["mailboxes"]
    assert report["stored"] == 2


def test_an_import_makes_a_mailbox_that_settings_do_not_declare(terminal, mbox):
    done = terminal.type(
        "import", "mbox", str(mbox), "--mailbox", "old", "--address", "alice@ourshop.example", "--json"
    )  # fmt: skip
    assert done.document["mailboxes"][0]["name"] == "old"
    assert done.document["mailboxes"][0]["stored"] == 2


@pytest.mark.parametrize("name", ["archive", "old"])
def test_an_import_takes_no_address_that_settings_would_not_take(terminal, mbox, name):
    terminal.config(ARCHIVE)
    done = terminal.type("import", "mbox", str(mbox), "--mailbox", name, "--address", "alice")
    assert (done.code, done.out) == (2, "")
    assert 'address: "alice" is not a mail address' in done.err
    assert terminal.type("import", "mbox", str(mbox), "--mailbox", "n" * 101).code == 2


def test_a_slip_of_the_finger_makes_no_mailbox(terminal, mbox):
    terminal.config(ARCHIVE)
    done = terminal.type("import", "mbox", str(mbox), "--mailbox", "archiv")
    assert done.code == 2
    assert 'did you mean "archive"?' in done.err


def test_a_file_is_not_mixed_into_a_gmail_mailbox(terminal, mbox):
    terminal.config('[[mailbox]]\nname = "sales"\nprovider = "gmail"\ntoken_file = "t.json"\n')
    done = terminal.type("import", "mbox", str(mbox), "--mailbox", "sales")
    assert (done.code, "would mix" in done.err) == (2, True)


def test_a_missing_file_is_wrong_use(terminal):
    assert terminal.type("import", "mbox", "missing.mbox", "--mailbox", "old").code == 2


def test_without_a_mailbox_there_is_nothing_to_sync(terminal):
    done = terminal.type("sync", "--json")
    assert (done.code, done.out) == (2, "")
    assert "No mailbox is declared" in done.err


def test_an_unknown_mailbox_is_told_with_the_known_ones(terminal):
    terminal.config(ARCHIVE)
    done = terminal.type("sync", "--mailbox", "archve")
    assert done.code == 2
    assert 'did you mean "archive"?' in done.err


def test_one_failing_mailbox_does_not_stop_the_other(terminal, mbox):
    terminal.config(
        '[[mailbox]]\nname = "sales"\nprovider = "gmail"\ntoken_file = "missing.json"\n'
        f'{ARCHIVE}path = "mail.mbox"\n'
    )
    done = terminal.type("sync", "--json")
    assert done.code == 1
    sales, archive = done.document["mailboxes"]
    assert (sales["state"], archive["stored"]) == ("failed", 2)
    assert "connect gmail" in done.err
    assert "Traceback" not in done.err


def test_watching_has_no_one_document(terminal):
    terminal.config(f'{ARCHIVE}path = "mail.mbox"\n')
    assert terminal.type("sync", "--watch", "--json").code == 2


def test_search_why_and_messages_read_what_was_imported(terminal, mbox):
    terminal.config(ARCHIVE)
    terminal.type("import", "mbox", str(mbox), "--mailbox", "archive")
    found = terminal.type("search", "forty", "chai", "--json").document
    assert [one["subject"] for one in found["threads"]] == ["Forty chairs"]
    listed = terminal.type("messages", "list", "--json").document["messages"]
    assert {(one["subject"], one["decisions"][0]["words"]) for one in listed} == {
        ("Forty chairs", "lead"),
        ("News of the week", "ignored: newsletter"),
    }
    [chairs] = [one for one in listed if one["subject"] == "Forty chairs"]
    assert chairs["thread"] == found["threads"][0]["id"]
    for which in (chairs["id"], chairs["thread"]):
        shown = terminal.type("messages", "show", which)
        assert "offer for forty chairs" in shown.out
    as_json = terminal.type("messages", "show", chairs["id"], "--json").document
    assert as_json["decisions"] == chairs["decisions"]
    unknown = terminal.type("messages", "show", "k2v5w7x3ab4cd")
    assert (unknown.code, unknown.out) == (1, "")
    assert "There is no such message." in unknown.err
    why = terminal.type("why", "bob@firm.example", "--json")
    assert why.code == 0, why.err
    assert "lead" in str(why.document)
    ignored = terminal.type("why", "list@news.example", "--json").document
    assert "ignored" in str(ignored)
