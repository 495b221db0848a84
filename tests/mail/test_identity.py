"""When two copies are one mail, and which conversation a mail belongs to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inboxcrm.mail.conversations import MAX_REF, conversation_refs
from inboxcrm.mail.identity import message_key
from inboxcrm.mail.message import Message
from inboxcrm.mail.mime import parse

RAW = b"Message-ID: <1@acme.example>\nFrom: Bob <bob@acme.example>\nDate: Thu, 22 Aug 2002 09:15:25 -0400\nSubject: Prices\n\nHello  Alice\n"


def test_copies_that_took_other_ways_are_one_mail():
    other = (
        b"Received: from x; Thu, 22 Aug 2002 13:16:00 +0000\nDelivered-To: erin@own.example\n"
        + RAW.replace(b"\n", b"\r\n").replace(b"  ", b" ")
    )

    assert message_key(parse(RAW)) == message_key(parse(other.replace(b"-0400", b"-0400 (EDT)")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<1@", b"<2@"),
        (b"bob@", b"dave@"),
        (b":25", b":26"),
        (b"Prices", b"Offer"),
        (b"Hello", b"Bye"),
        (b"Message-ID: <1@acme.example>\n", b""),
    ],
)
def test_a_mail_that_differs_in_what_it_says_is_another(old, new):
    assert message_key(parse(RAW)) != message_key(parse(RAW.replace(old, new)))


def test_without_an_id_the_content_decides_and_always_alike():
    bare = RAW.replace(b"Message-ID: <1@acme.example>\n", b"")

    assert message_key(parse(bare)) == message_key(parse(bare))
    assert len(message_key(parse(bare))) == 40


def test_own_id_first_then_what_it_answers():
    message = Message(message_id="3", in_reply_to=("2",), references=("1", "2"))

    assert conversation_refs(message) == ("3", "2", "1")
    assert conversation_refs(replace(message, message_id="")) == ("2", "1")
    assert conversation_refs(Message()) == ()


def test_long_ids_are_hashed_and_stay_apart():
    first, second = (conversation_refs(Message(message_id="a" * MAX_REF + end))[0] for end in "xy")

    assert first != second
    assert max(len(first), len(second)) <= MAX_REF


def test_ids_of_absurd_length_stay_apart_in_the_message_too():
    first, second = (
        parse(b"Message-ID: <" + b"a" * 50_000 + end + b"@x>\n\n").message_id
        for end in (b"x", b"y")
    )

    assert first != second
    assert len(first) <= 2_000
