"""Days with the command line: mail comes in, people overrule and undo, tables go out, backups move house."""

from __future__ import annotations

import csv
import io

import pytest

from tests.journeys.home import ALICE
from tests.journeys.mails import ARCHIVE, IMPORT, mail

BOB = "bob@firm.example"
LIST = "From list@news.example Mon Mar  2 10:00:00 2026\n"


@pytest.fixture
def shop(home):
    """Bob asked and was answered, Carol asked, a list sent news."""
    home.config(f'{ARCHIVE}path = "mail.mbox"\n')
    home.file(
        "mail.mbox",
        mail(1, subject="Forty chairs")
        + mail(2, sender=f"Alice <{ALICE}>", to=BOB, subject="Re: Forty chairs",
               headers="In-Reply-To: <1@firm.example>\nReferences: <1@firm.example>\n")
        + mail(3, sender="Carol Reyes <carol@shop.example>", subject="A table")
        + mail(4, sender="The List <list@news.example>", subject="News",
               headers="List-Id: <list.news.example>\nPrecedence: bulk\n"),
    )  # fmt: skip
    home.type("sync")
    return home


def addresses(home) -> set[str]:
    return {row["address"] for row in home.type("leads", "list", "--json").document["leads"]}


def test_mail_becomes_leads_with_reasons(shop):
    assert addresses(shop) == {BOB, "carol@shop.example"}
    told = shop.type("why", BOB).out
    assert "Lead because they wrote to us." in told
    assert "Forty chairs" in told
    news = shop.type("why", "list@news.example").out
    assert "Ignored because only newsletters and lists came from there." in news
    own = shop.type("why", ALICE)
    assert (own.code, "one of our own addresses" in own.out) == (0, True)
    unknown = shop.type("why", "dave@nowhere.example")
    assert (unknown.code, "No mail with dave@nowhere.example" in unknown.err) == (1, True)
    assert shop.type("why", "no address").code == 2


def test_an_address_is_ignored_and_taken_back(shop):
    done = shop.type("capture", "ignore", "Carol@Shop.example", "--json").document
    assert addresses(shop) == {BOB}
    assert "somebody of the team decided it" in shop.type("why", "carol@shop.example").out
    taken = shop.type("capture", "undo", done["undo"])
    assert (taken.code, "the rules decide again" in taken.out) == (0, True)
    assert addresses(shop) == {BOB, "carol@shop.example"}


def test_a_domain_is_ignored_and_a_list_accepted(shop):
    done = shop.type("capture", "ignore", "--domain", "shop.example")
    assert "inboxcrm capture undo" in done.out
    assert addresses(shop) == {BOB}
    assert shop.type("capture", "accept", "list@news.example").code == 0
    assert addresses(shop) == {BOB, "list@news.example"}
    for words in ((), (BOB, "--domain", "firm.example"), ("--domain", "gmail.com"), (ALICE,)):
        done = shop.type("capture", "ignore", *words)
        assert done.code == 2, words
    assert shop.type("capture", "undo", "aaaaaaaaaaaaa").code == 1


def test_rehearsing_says_what_would_change_and_changes_nothing(shop):
    assert shop.type("capture", "rehearse").out == "Nothing would change.\n"
    told = shop.type("capture", "rehearse", "--mode", "archive=exchange")
    assert "carol@shop" in told.out
    assert "they wrote to us and nobody" in told.out
    assert BOB not in told.out
    [change] = shop.type("capture", "rehearse", "--mode", "archive=exchange", "--json").document[
        "changes"
    ]
    assert (change["before"], change["after"]) == ("lead", "candidate")
    assert addresses(shop) == {BOB, "carol@shop.example"}
    for wrong in ("archive=exchnge", "nobody=ask", "ask"):
        assert shop.type("capture", "rehearse", "--mode", wrong).code == 2


def test_a_lead_is_added_changed_shown_deleted_and_brought_back(shop):
    assert shop.type("leads", "add", "dave@mill.example", "--name", "Dave Mill").code == 0
    again = shop.type("leads", "add", "DAVE@mill.example")
    assert (again.code, "is a lead already" in again.err) == (1, True)
    for words in (
        ("--stage", "engaged"),
        ("--value", "1200.50", "--currency", "EUR"),
        ("--note", "Met in Lisbon"),
    ):
        assert shop.type("leads", "edit", "dave@mill.example", *words).code == 0
    shown = shop.type("leads", "show", "dave@mill.example").out
    for words in ("Dave Mill", "Engaged, 0 days", "1200.50 EUR", "Met in Lisbon", "stage move"):
        assert words in shown
    for words in (("--value", "lots"), ("--stage", "nosuch"), ("--currency", "EURO"), ()):
        assert shop.type("leads", "edit", "dave@mill.example", *words).code == 2, words
    gone = shop.type("leads", "delete", "dave@mill.example")
    assert "dave@mill.example" not in addresses(shop)
    token = gone.out.split()[-1]
    assert shop.type("leads", "undo", token).code == 0
    assert "dave@mill.example" in addresses(shop)
    assert shop.type("leads", "undo", token).code in (0, 1)


def test_a_filter_that_fits_nobody_does_not_say_there_is_no_lead(shop):
    done = shop.type("leads", "list", "--stage", "won")
    assert (done.code, "shows all" in done.out) == (0, True)
    wrong = shop.type("leads", "list", "--stage", "wonn")
    assert (wrong.code, 'There is no stage "wonn"' in wrong.err, "won" in wrong.err) == (
        2,
        True,
        True,
    )


def test_the_export_is_what_the_list_is(shop):
    listed = shop.type("leads", "list", "--json").document["leads"]
    rows = list(csv.DictReader(io.StringIO(shop.type("leads", "export").out)))
    assert [row["id"] for row in rows] == [row["id"] for row in listed]
    as_json = shop.type("leads", "export", "--json").document
    assert [row["address"] for row in as_json] == [row["address"] for row in rows]


def test_takeout_brings_labels_and_threads(home):
    home.config(ARCHIVE)
    thread = "X-GM-THRID: 1741234567890123456\n"
    home.file(
        "mail.mbox",
        mail(1, subject="Chairs", headers=f"{thread}X-Gmail-Labels: Inbox,Important,Customers\n")
        + mail(2, subject="Something else", headers=f"{thread}X-Gmail-Labels: Inbox\n")
        + mail(3, subject="Not sent yet", headers="X-GM-THRID: 99\nX-Gmail-Labels: Draft\n"),
    )
    assert home.type(*IMPORT, "--json").report["stored"] == 2, "drafts are nobody's mail yet"
    rows = home.type("messages", "list", "--json").document["messages"]
    assert len(rows) == 2
    [thread] = {row["thread"] for row in rows}
    labels = home.type("messages", "show", rows[1]["id"], "--json").document["copies"][0]["labels"]
    assert set(labels) == {"Customers", "IMPORTANT", "INBOX"}
    shown = home.type("messages", "show", thread, "--json")
    assert len(shown.document["messages"]) == 2


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)
def test_a_backup_moves_everything_to_another_house(shop, empty_url, dialect):
    shop.type("leads", "add", "dave@mill.example", "--name", "Dave Mill")
    shop.type("leads", "edit", BOB, "--stage", "engaged", "--note", "Met in Lisbon")
    said = shop.type("db", "backup", "copy.db")
    assert "inboxcrm db restore copy.db" in said.out
    refused = shop.type("db", "backup", "copy.db")
    assert (refused.code, "exists already" in refused.err) == (1, True)
    questions = (
        ("leads", "list", "--json"), ("leads", "show", BOB, "--json"), ("messages", "list", "--json"),
        ("search", "chairs", "--json"), ("why", BOB, "--json"), ("leads", "export"),
    )  # fmt: skip
    before = [shop.type(*words).out for words in questions]
    shop.config(f'[database]\nurl = "{empty_url}"\n{ARCHIVE}path = "mail.mbox"\n')
    assert shop.type("db", "restore", "copy.db").code == 0
    after = [shop.type(*words).out for words in questions]
    assert _timeless(after) == _timeless(before)
    assert shop.type("sync", "--json").report["stored"] == 0, f"goes on where it was, on {dialect}"


def _timeless(answers: list[str]) -> list[list[str]]:
    """Waiting goes on while we look."""
    return [
        [line for line in answer.splitlines() if "hours" not in line and "days" not in line]
        for answer in answers
    ]
