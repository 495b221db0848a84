"""`cadence report` as people and scripts type it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from inboxcrm.store.database import Database
from inboxcrm.store.tables import outbox


@pytest.fixture
def autumn(terminal):
    """Two mails are sent, one of them came back."""
    (terminal.folder / "empty.mbox").write_text("")
    terminal.config(
        '[[mailbox]]\nname = "alice"\nprovider = "mbox"\npath = "empty.mbox"\naddress = "alice@seller.example"\n'
    )
    terminal.type("sync")
    for name in ("bob", "dave"):
        terminal.type("leads", "add", f"{name}@{name}s.example", "--name", f"{name.title()} Roe")
    (terminal.folder / "hello.txt").write_text("Subject: Hello\n\nGood day, stop writing?\n")
    terminal.type("template", "save", "hello", "--text", "hello.txt")
    made = terminal.type(
        "cadence", "merge", "autumn", "--template", "hello", "--segment", "stage is new",
        "--mailbox", "alice", "--any-hour",
    )  # fmt: skip
    assert made.code == 0, made.err
    assert terminal.type("cadence", "start", "autumn", "--yes").code == 0
    return terminal


def sent(terminal) -> None:
    with (
        Database.open(f"sqlite:///{terminal.folder / 'inboxcrm.db'}") as database,
        database.write() as tx,
    ):
        tx.execute(update(outbox).values(state="sent", handed_over_at=outbox.c.due_at))
        tx.execute(update(outbox).where(outbox.c.to_address.like("dave%")).values(fared="gone"))


def test_figures_come_with_what_they_mean_and_of_what_they_are_a_share(autumn):
    sent(autumn)
    said = autumn.type("cadence", "report", "autumn").out
    assert "Step 1: hello" in said
    assert "1 (50.0 %)" in said
    assert "The share is of addresses written to." in said
    assert "opens and clicks: they are not tracked" in said
    assert "The share is of leads written to." in said


def test_json_is_one_document_with_the_definitions(autumn):
    sent(autumn)
    for by in ("cadence", "step", "version", "mailbox", "week"):
        found = autumn.type("cadence", "report", "--by", by, "--json").document
        assert found["by"] == by
        cells = {one["key"]: one for one in found["total"]["figures"]}
        assert (cells["sent"]["count"], cells["bounced"]["count"]) == (2, 1)
        assert (cells["bounced"]["share"], cells["bounced"]["base"]) == (0.5, 2)
        assert {one["key"] for one in found["definitions"]} == set(cells)
        assert len(found["lines"]) == 1


def test_nothing_sent_is_said(autumn):
    said = autumn.type("cadence", "report")
    assert said.code == 0
    assert "nothing to count" in said.out
    assert "Not bounced" in said.out


def test_a_name_there_is_not_and_a_grouping_there_is_not(autumn):
    gone = autumn.type("cadence", "report", "nothing")
    assert (gone.code, gone.out) == (1, "")
    assert "no cadence" in gone.err
    assert autumn.type("cadence", "report", "--by", "moon").code == 2
