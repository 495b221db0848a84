from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.queries import parse_query
from tests.sandbox.gmail_client import NOON, letter


class StandingClock:
    def now(self):
        return NOON + timedelta(days=10)


@pytest.fixture(scope="module")
def filled():
    box = SandboxMailbox("alice@own.example", clock=StandingClock())
    bob = letter("Price for sensors", body="How much are they?", Message_ID="<p@client.example>")
    names = {
        "bob": box.deliver(bob, at=NOON),
        "ours": box.deliver(
            letter("Offer", sender="alice@own.example", to="Carol <carol@other.example>"),
            labels=["SENT"],
            at=NOON + timedelta(days=5),
        ),
        "spam": box.deliver(
            letter("Win", sender="x@spam.example"), labels=["SPAM"], at=NOON + timedelta(days=6)
        ),
        "chat": box.deliver(letter("hey"), labels=["CHAT"], at=NOON + timedelta(days=7)),
        "new": box.deliver(
            letter("Grüße", sender="Erin <erin@away.example>"),
            labels=["INBOX", "Big Deals"],
            at=NOON + timedelta(days=9),
        ),
    }
    return box, names


CASES = {
    "": "bob ours spam chat new",
    "-in:chats": "bob ours spam new",
    "in:sent": "ours",
    "in:inbox": "bob new",
    "in:spam": "spam",
    "label:big-deals": "new",
    "is:unread": "bob",
    "from:bob@client.example": "bob chat",
    "from:me": "ours",
    "to:carol": "ours",
    "subject:price": "bob",
    'subject:"price for"': "bob",
    "rfc822msgid:p@client.example": "bob",
    "after:2026/03/09 before:2026/03/13": "ours spam chat",
    f"after:{int((NOON + timedelta(days=6)).timestamp())}": "spam chat new",
    "newer_than:2d": "new",
    "older_than:8d": "bob",
    "from:bob OR from:erin": "bob chat new",
    "{from:carol to:carol from:erin}": "ours new",
    "-{in:chats in:spam} -from:me": "bob new",
    "(in:inbox OR in:sent) -subject:offer": "bob new",
    "grüße": "new",
    '"how much are they"': "bob",
    "has:attachment": "",
    "larger:1m": "",
    "noperator:5": "",
}


@pytest.mark.parametrize("text", CASES)
def test_a_search_finds_what_a_person_means(filled, text):
    box, names = filled
    query = parse_query(text, box)
    found = [name for name, ref in names.items() if query.matches(box.get(ref))]
    assert found == CASES[text].split()


@pytest.mark.parametrize(
    "text", [")", "(", "-", "OR", '"', "{", "a OR", "((((", "in:", ":x", "after:2026/99/99"]
)
def test_a_broken_search_is_no_accident(filled, text):
    box, names = filled
    parse_query(text, box).matches(box.get(names["bob"]))


def test_dates_are_utc_days(filled):
    box, names = filled
    midnight = datetime(2026, 3, 4, tzinfo=UTC)
    assert parse_query("after:2026/3/4", box).matches(box.get(names["bob"]))
    assert not parse_query(f"before:{int(midnight.timestamp())}", box).matches(
        box.get(names["bob"])
    )
