"""Alice's mailbox and Tom's: mail stored once, colleagues who are no leads, and an order that does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from inboxcrm.store.tables import message, message_copy
from tests.sync.killing import lead_differences
from tests.sync.practice import Practice

ALICE, TOM = "alice@lumenworks.example", "tom@lumenworks.example"
ALIAS = "a.whitford@consult.example"
BOB, ERIN = "bob@kitaura.example", "erin@haas.example"


def both(practice: Practice, sender: str, to: str, **how: Any) -> None:
    """The same mail in both mailboxes, sent from Alice's if `sent` says so."""
    sent = how.pop("sent", False)
    practice.deliver(sender, to, labels=["SENT"] if sent else ["INBOX"], **how)
    practice.count -= 1
    practice.deliver(sender, to, box="tom", **how)


def fill_both(practice: Practice) -> None:
    both(practice, f"Bob <{BOB}>", f"{ALICE}, {TOM}")
    both(practice, ALIAS, f"{ERIN}, {TOM}", sent=True, subject="From an alias nobody declared")
    both(practice, ALICE, TOM, sent=True, subject="Among ourselves")
    practice.deliver("ines@mares.example", ALICE, cc=BOB)
    practice.deliver("ines@mares.example", TOM, box="tom", labels=["SPAM"])
    practice.deliver("Bob <bob@home.example>", TOM, box="tom")
    practice.deliver(TOM, "oskar@nordvik.example", box="tom", labels=["SENT"])
    practice.deliver("Oskar <oskar@nordvik.example>", ALICE, reply_to=practice.count, subject="Re")


ORDERS = (("alice", "tom"), ("tom", "alice"))


def results(practice: Practice, order: Sequence[str]) -> dict[str, Any]:
    fill_both(practice)
    practice.declare("alice", "tom")
    for name in order:
        practice.sync(name)
    found = practice.concluded()
    found["directions"] = practice.directions()
    found["leads shown"] = dict.fromkeys(practice.leads(), True)
    return found


def test_the_order_in_which_mailboxes_are_read_changes_nothing(
    practice: Practice, request: pytest.FixtureRequest
) -> None:
    """Compared with what is written here, so that each order is held against the same answer."""
    found = {order: results(practice, order) for order in ORDERS[:1]}[ORDERS[0]]
    other = request.getfixturevalue("other_practice")
    assert lead_differences(found, results(other, ORDERS[1])) == []
    assert found["leads shown"].keys() == {
        BOB, "bob@home.example", ERIN, "ines@mares.example", "oskar@nordvik.example",
    }  # fmt: skip


def test_one_message_in_two_mailboxes_is_stored_once_with_two_copies(practice: Practice) -> None:
    both(practice, BOB, f"{ALICE}, {TOM}")
    for name in ("alice", "tom"):
        assert practice.sync(name).stored == 1
    with practice.database.read() as tx:
        counts = [
            tx.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (message, message_copy)
        ]
    assert counts == [1, 2]
    assert practice.concluded()["leads"][BOB][5:7] == (1, 0), "one mail in, counted once"


def test_mail_among_colleagues_makes_no_lead(practice: Practice) -> None:
    practice.deliver(TOM, ALICE)
    practice.deliver("priya@lumenworks.example", ALICE)
    practice.sync()
    assert practice.concluded()["captures"] == {}
    assert practice.leads() == set()


def test_an_alias_declared_later_is_no_lead_any_more_and_one_again_when_taken_away(
    practice: Practice,
) -> None:
    practice.deliver(f"Alice W <{ALIAS}>", BOB)
    practice.deliver(f"Alice W <{ALIAS}>", ALICE)
    practice.declare("alice")
    practice.sync()
    before = practice.concluded()
    assert practice.leads() == {ALIAS}
    practice.declare("alice", aliases=(ALIAS,))
    assert practice.leads() == {BOB}, "we wrote to Bob, then"
    assert practice.captured(ALIAS) is None
    practice.declare("alice", aliases=())
    assert practice.leads() == {ALIAS}
    assert lead_differences(before, practice.concluded()) == []


def test_what_gmail_says_of_aliases_stays_when_settings_change(practice: Practice) -> None:
    practice.box().aliases = (ALIAS,)
    practice.deliver(f"Alice W <{ALIAS}>", BOB, labels=["SENT"])
    practice.sync()
    assert practice.leads() == {BOB}
    practice.declare("alice", aliases=("sales@other.example",))
    practice.declare("alice", aliases=())
    practice.deliver(ALIAS, ERIN, labels=["SENT"])
    practice.sync()
    assert practice.leads() == {BOB, ERIN}
    practice.box().aliases = ()
    practice.sync(audit=True)
    practice.deliver(ALIAS, ALICE)
    practice.sync()
    assert ALIAS in practice.leads(), "Gmail says it is ours no longer"


def test_a_colleague_who_connects_a_mailbox_elsewhere_stops_being_a_lead(
    practice: Practice,
) -> None:
    practice.deliver("Tom <tom@consult.example>", ALICE)
    practice.deliver(f"Bob <{BOB}>", ALICE)
    practice.sync()
    assert practice.leads() == {"tom@consult.example", BOB}
    practice.declare("tom", address="tom@consult.example")
    assert practice.leads() == {BOB}


@pytest.mark.parametrize("order", ORDERS, ids="-then-".join)
def test_sent_mail_is_ours_whatever_its_from_line_says(
    practice: Practice, order: tuple[str, str]
) -> None:
    both(practice, f"Alice W <{ALIAS}>", f"{ERIN}, {TOM}", sent=True, subject="Offer")
    practice.declare("alice", "tom")
    for name in order:
        practice.sync(name)
    assert practice.directions() == {"Offer": "out"}
    assert practice.leads() == {ERIN}
    assert practice.captured(ERIN) == ("lead", "we_wrote")
    assert practice.concluded()["leads"][ERIN][5:7] == (0, 1)


def test_a_mailbox_that_makes_no_leads_adds_nothing_to_anothers(practice: Practice) -> None:
    practice.deliver(BOB, ALICE)
    practice.deliver(ERIN, TOM, box="tom")
    practice.declare("alice")
    practice.declare("tom", capture="none")
    for name in ("tom", "alice"):
        practice.sync(name)
    assert practice.leads() == {BOB}
    assert practice.captured(ERIN) == ("ignored", "mode_none")


def test_a_changed_capture_mode_decides_anew(practice: Practice) -> None:
    practice.deliver(BOB, ALICE)
    practice.declare("alice", capture="exchange")
    practice.sync()
    assert practice.captured(BOB) == ("candidate", "awaits_answer")
    practice.declare("alice", capture="enquiry")
    assert practice.captured(BOB) == ("lead", "they_wrote")
    assert practice.leads() == {BOB}
    practice.declare("alice", capture="ask")
    assert practice.leads() == set()
