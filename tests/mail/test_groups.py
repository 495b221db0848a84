"""Mail that a group of ours handed on is its writer's; what somebody sends to a group as a mailing stays one."""

from __future__ import annotations

import pytest

from inboxcrm.leads.own import OwnSet
from inboxcrm.mail.classify import Kind, classify
from inboxcrm.mail.groups import as_written
from inboxcrm.mail.message import Message
from inboxcrm.mail.mime import parse

OURS = OwnSet(frozenset({"alice@own.example"}), frozenset({"own.example"}))
GOOGLE = (
    "Precedence: list",
    "Mailing-list: list sales@own.example; contact sales+owners@own.example",
    "List-ID: <sales.own.example>",
    "List-Post: <https://groups.google.example/a/own.example/group/sales/post>, <mailto:sales@own.example>",
    "List-Unsubscribe: <mailto:googlegroups-manage+77+unsubscribe@googlegroups.example>",
)
MAILMAN = (
    "X-BeenThere: sales@own.example",
    "X-Mailman-Version: 3.3.10",
    "Precedence: list",
    "List-Id: Enquiries <sales.own.example>",
    "List-Unsubscribe: <mailto:sales-leave@own.example>",
)
FIONA = "From: Fiona Abara <fiona@stone.example>"
VIA = "From: \"'Fiona Abara' via Sales\" <sales@own.example>"


def mail(*headers: str, text: str = "What would 40 seats cost?") -> Message:
    head = "\r\n".join((*headers, "To: sales@own.example", "Subject: Re: Seats"))
    return parse(f"{head}\r\n\r\n{text}\r\n".encode())


def written(message: Message) -> Message | None:
    return as_written(message, is_own=OURS.holds)


WITHIN = tuple(
    one.replace("@own.", "@lists.own.").replace("sales.own", "sales.lists.own") for one in MAILMAN
)


@pytest.mark.parametrize("fields", [GOOGLE, MAILMAN, WITHIN], ids=["google", "mailman", "within"])
def test_who_writes_to_a_group_of_ours_is_a_person(fields: tuple[str, ...]):
    message = mail(FIONA, *fields)
    assert classify(message).kind is Kind.BULK
    found = written(message)
    assert found is not None
    assert found.author == message.author
    assert classify(found).kind is Kind.HUMAN


@pytest.mark.parametrize(
    "told",
    [
        "X-Original-From: Fiona Abara <fiona@stone.example>",
        "Reply-To: Fiona Abara <fiona@stone.example>",
        "Reply-To: sales@own.example, fiona@stone.example",
    ],
)
def test_where_the_group_writes_in_its_own_name_it_is_told_who_wrote(told: str):
    found = written(mail(VIA, told, *GOOGLE))
    assert found is not None
    assert found.author is not None
    assert (found.author.shown, found.author.name) == ("fiona@stone.example", "Fiona Abara")


def test_a_colleague_who_writes_through_the_group_stays_the_writer():
    found = written(
        mail("From: Carol <carol@own.example>", "Reply-To: fiona@stone.example", *GOOGLE)
    )
    assert found is not None
    assert found.author is not None
    assert found.author.key == "carol@own.example"


@pytest.mark.parametrize(
    "mark",
    [
        "List-Unsubscribe: <https://news.shop.example/leave?u=1>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "List-Id: Shop news <news.shop.example>",
        "Feedback-ID: 1:2:3:shop",
        "X-Campaign-Id: spring",
    ],
)
def test_a_mailing_that_is_sent_to_the_group_stays_one(mark: str):
    assert written(mail("From: Shop <news@shop.example>", *GOOGLE, mark)) is None
    assert written(mail("From: Shop <news@shop.example>", mark, *GOOGLE)) is None


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ("Reply-To: eve@evil.example",),
        ("List-Id: Talk <talk.lists.example>", "List-Post: <mailto:talk@lists.example>"),
        ("List-Unsubscribe: <mailto:leave@own.example>",),
    ],
)
def test_what_came_through_no_group_of_ours_is_left_alone(fields: tuple[str, ...]):
    assert written(mail(FIONA, *fields)) is None


def test_a_note_of_absence_through_a_group_is_one_and_of_whoever_is_away():
    message = mail(
        VIA, "X-Original-From: fiona@stone.example", "Auto-Submitted: auto-replied", *GOOGLE
    )
    found = written(message)
    assert found is not None
    assert classify(found).kind is Kind.AUTOMATIC
    assert found.author is not None
    assert found.author.key == "fiona@stone.example"


@pytest.mark.parametrize(
    "bad", ["List-Id: " + "<" * 400, "List-Post: " + "a@" * 200, 'X-Original-From: "\\']
)
def test_broken_fields_are_no_group(bad: str):
    message = mail(VIA, bad, "List-Id: <sales.own.example>")
    found = written(message)
    assert found is None or found.author == message.author


def test_a_mailing_that_only_calls_itself_bulk_stays_one_too():
    found = written(mail("From: Shop <news@shop.example>", "Precedence: bulk", *GOOGLE))
    assert found is not None
    assert classify(found).kind is Kind.BULK
