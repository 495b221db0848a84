"""`cadence mark` as people and scripts type it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from inboxcrm.store.database import Database
from inboxcrm.store.tables import outbox
from tests.cli.test_cadence_reporting import autumn as autumn  # noqa: PLC0414 - a fixture

BOB = "bob@bobs.example"


@pytest.fixture
def answered(autumn):
    """Bob got his mail and wrote back."""
    with (
        Database.open(f"sqlite:///{autumn.folder / 'inboxcrm.db'}") as database,
        database.write() as tx,
    ):
        tx.execute(update(outbox).values(state="sent", handed_over_at=outbox.c.enrollment_id))
    (autumn.folder / "empty.mbox").write_text(
        f"From {BOB} Mon May 11 09:00:00 2026\nFrom: Bob Roe <{BOB}>\nTo: alice@seller.example\n"
        "Subject: Re: Hello\nDate: Mon, 11 May 2026 09:00:00 +0000\nMessage-ID: <a@bobs.example>\n\nYes, gladly.\n"
    )
    assert autumn.type("sync").code == 0
    return autumn


def positive(terminal) -> int:
    found = terminal.type("cadence", "report", "autumn", "--json").document
    return next(one["count"] for one in found["total"]["figures"] if one["key"] == "positive")


def test_an_answer_is_marked_and_the_mark_taken_back(answered):
    done = answered.type("cadence", "mark", BOB, "positive", "--json").document
    assert (done["mark"], done["changed"]) == ("positive", True)
    assert positive(answered) == 1
    assert answered.type("cadence", "mark", BOB, "positive").out == "It stood so already.\n"
    assert (
        answered.type("cadence", "mark", done["message_id"], "negative").out
        == "Marked as negative.\n"
    )
    assert positive(answered) == 0
    assert (
        answered.type("cadence", "mark", done["message_id"], "none").out
        == "It is marked no longer.\n"
    )


def test_who_did_not_answer_or_is_not_there(answered):
    gone = answered.type("cadence", "mark", "dave@daves.example", "positive")
    assert (gone.code, gone.out) == (1, "")
    assert "answered no cadence" in gone.err
    assert answered.type("cadence", "mark", "nobody@x.example", "positive").code == 1
    assert answered.type("cadence", "mark", "made-up", "positive").code == 1
    assert answered.type("cadence", "mark", BOB, "good").code == 2
