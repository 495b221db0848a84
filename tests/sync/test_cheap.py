"""What a sync costs in the provider's own money, counted by the server and not by us."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from math import ceil

import pytest

from inboxcrm.sandbox.seed import fill, seed_sales_mailbox
from tests.statements import statements_seen
from tests.sync.practice import Practice

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)

PRICES = "gmail-2026-05"
ANCHOR = 1 + 1 + 1  # getProfile, labels, sendAs
HISTORY_PAGE = 2


def a_listing(many: int) -> int:
    return 5 * max(1, ceil(many / 500))


def threads_of(practice: Practice) -> int:
    """What reading every thread costs at best: message by message, or whole."""
    sizes = Counter(mail.thread_ref for mail in practice.box().newest_first())
    return sum(min(20 * many, 40) for many in sizes.values())


def test_a_first_sync_costs_no_more_than_the_mailbox_is_worth(practice: Practice) -> None:
    fill(practice.box(), seed_sales_mailbox(datetime(2026, 6, 1, 9, tzinfo=UTC)))
    total = practice.box().message_total()
    sent = sum("SENT" in mail.labels for mail in practice.box().newest_first())
    assert total > 500, "one page would prove nothing about pages"
    report = practice.sync(prices=PRICES)
    usage = practice.sandbox.usage()
    bound = ANCHOR + a_listing(total) + a_listing(sent) + threads_of(practice)
    assert usage.units <= bound + usage.calls["history.list"] * HISTORY_PAGE
    assert usage.calls["history.list"] <= 6
    assert usage.calls["messages.get"] * 20 + usage.calls["threads.get"] * 40 <= threads_of(
        practice
    )
    assert report.units == usage.units
    assert report.requests == usage.requests + 1, "all it was asked, and one for the access token"
    assert practice.waits, "the bucket never held us back: the price table was not obeyed"


def test_without_a_second_page_sent_mail_is_not_listed_apart(practice: Practice) -> None:
    for number in range(4):
        practice.deliver(f"bob{number}@kitaura.example")
    practice.sync(prices=PRICES)
    calls = practice.sandbox.usage().calls
    assert calls["messages.list"] == 1
    assert practice.sandbox.usage().units == ANCHOR + 5 + 4 * 20 + HISTORY_PAGE


def test_an_idle_poll_costs_two(practice: Practice) -> None:
    practice.deliver("bob@kitaura.example")
    practice.sync()
    practice.sandbox.reset_usage()
    report = practice.sync(prices=PRICES)
    assert (practice.sandbox.usage().units, report.units) == (2, 2)


def test_moving_labels_about_costs_history_pages_and_no_mail(practice: Practice) -> None:
    refs = [practice.deliver(f"bob{number}@kitaura.example") for number in range(5)]
    practice.sync()
    practice.sandbox.reset_usage()
    for ref in refs:
        practice.box().modify(ref, add=["STARRED"], remove=["UNREAD"])
        practice.box().trash(ref)
    practice.sync(prices=PRICES)
    calls = practice.sandbox.usage().calls
    assert set(calls) == {"history.list"}
    assert {held[1] for held in practice.mail().values()} == {frozenset({"STARRED", "TRASH"})}


def test_an_audit_of_a_level_mailbox_fetches_no_mail(practice: Practice) -> None:
    for number in range(5):
        practice.deliver(f"bob{number}@kitaura.example")
    practice.sync()
    practice.sandbox.reset_usage()
    practice.sync(prices=PRICES, audit=True)
    calls = practice.sandbox.usage().calls
    labels = len(practice.box().label_ids()) - 2  # not drafts, not chats
    assert calls["messages.get"] == calls["threads.get"] == 0
    assert practice.sandbox.usage().units == ANCHOR + 5 * (1 + labels) + HISTORY_PAGE


def test_a_thread_of_three_is_asked_for_once_and_a_pair_mail_by_mail(practice: Practice) -> None:
    for root, size in ((1, 3), (4, 2)):
        practice.deliver("bob@kitaura.example")
        for _ in range(size - 1):
            practice.deliver("bob@kitaura.example", reply_to=root)
    practice.sync()
    calls = practice.sandbox.usage().calls
    assert (calls["threads.get"], calls["messages.get"]) == (1, 2)


def test_a_long_sync_asks_the_database_the_same_few_questions_again_and_again(
    practice: Practice,
) -> None:
    """A statement a list length fills the connection's memory with prepared statements and their texts."""
    shapes: dict[str, set[str]] = defaultdict(set)

    fill(practice.box(), seed_sales_mailbox(datetime(2026, 6, 1, 9, tzinfo=UTC)))
    with statements_seen() as seen:
        practice.sync()
    for text in seen:
        shapes[re.sub(r"\?(, \?)+", "?", text)].add(text)
    assert len(shapes) > 30, "nothing was noted"
    assert {shape: len(texts) for shape, texts in shapes.items() if len(texts) > 2} == {}
