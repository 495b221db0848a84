"""What is asked for, in which batches, and what each answer comes to."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from inboxcrm.errors import Denied, Reauth, Throttled
from inboxcrm.gmail.batch import PartAnswer
from inboxcrm.gmail.fetching import Ask, asks_for, judge, next_batch
from inboxcrm.mail.message import Message
from inboxcrm.ports import Fetched, Missing, Postponed, Unreadable, Wanted


def read(payload: dict, *, size_bytes: int) -> Message:
    return Message(subject=payload["subject"], size_bytes=size_bytes)


def judged(ask: Ask, status: int = 200, body: object = None):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return judge(ask, PartAnswer(status, b"", content), read=read, mailbox="alice")


def member(ref: str, **more: object) -> dict:
    return {"id": ref, "threadId": "t", "payload": {"subject": ref}, **more}


def test_a_message_is_fetched_with_its_labels_and_arrival():
    body = member("a", labelIds=["INBOX"], internalDate="1772442000000", sizeEstimate=812)
    (outcome,) = judged(Ask(("a",)), body=body).outcomes
    assert outcome == Fetched(
        "a",
        "t",
        frozenset({"INBOX"}),
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        Message(subject="a", size_bytes=812),
    )


@pytest.mark.parametrize("date", [None, "", "soon", "9" * 30, {}])
def test_an_absurd_arrival_is_none(date):
    (outcome,) = judged(Ask(("a",)), body=member("a", internalDate=date)).outcomes
    assert outcome.received_at is None


def test_a_mail_that_breaks_the_parser_is_unreadable_and_spares_its_thread():
    thread = {"messages": [member("a"), {"id": "b", "payload": {}}]}
    kinds = {o.ref: type(o) for o in judged(Ask(("a", "b"), "t"), body=thread).outcomes}
    assert kinds == {"a": Fetched, "b": Unreadable}


def test_an_unreadable_mail_still_says_who_wrote_it():
    written = {"name": "from", "value": "Bob <Bob@firm.example>"}
    for payload, senders in (
        (
            {"headers": [written, {"name": "To", "value": "alice@house.example"}]},
            ("bob@firm.example",),
        ),
        ({"headers": [None, {"name": "From", "value": 7}]}, ()),
        ({"headers": "no list"}, ()),
    ):
        (outcome,) = judged(Ask(("b",)), body={"id": "b", "payload": payload}).outcomes
        assert isinstance(outcome, Unreadable)
        assert outcome.mentions == senders


@pytest.mark.parametrize("body", [b'{"id": "a', b"[]", b"null", b'{"id": "other"}', b"{}"])
def test_an_answer_that_is_not_this_message_is_postponed(body):
    (outcome,) = judged(Ask(("a",)), body=body).outcomes
    assert isinstance(outcome, Postponed)


def test_a_missing_answer_is_postponed_for_every_ref_of_the_call():
    verdict = judge(Ask(("a", "b"), "t"), None, read=read, mailbox="alice")
    assert [type(outcome) for outcome in verdict.outcomes] == [Postponed, Postponed]


def test_members_a_thread_does_not_bring_are_asked_for_alone():
    verdict = judged(Ask(("a", "b"), "t"), body={"messages": [member("a"), member("stranger")]})
    assert [outcome.ref for outcome in verdict.outcomes] == ["a"]
    assert verdict.again == (Ask(("b",)),)


@pytest.mark.parametrize("status", [404, 413])
def test_a_thread_that_cannot_be_had_says_nothing_about_its_members(status):
    verdict = judged(Ask(("a", "b"), "t"), status, b"")
    assert verdict.outcomes == ()
    assert verdict.again == (Ask(("a",)), Ask(("b",)))


def test_each_refusal_of_one_message_has_its_outcome():
    kinds = {
        status: type(judged(Ask(("a",)), status, b"").outcomes[0])
        for status in (404, 413, 500, 429)
    }
    assert kinds == {404: Missing, 413: Unreadable, 500: Postponed, 429: Postponed}


def test_what_concerns_the_whole_mailbox_comes_out_as_a_fault():
    assert isinstance(judged(Ask(("a",)), 401, b"").fault, Reauth)
    assert isinstance(judged(Ask(("a",)), 429, b"").fault, Throttled)
    policy = {"error": {"errors": [{"reason": "domainPolicy"}]}}
    assert isinstance(judged(Ask(("a",)), 403, policy).fault, Denied)


def test_each_ref_is_asked_for_once():
    wanted = [Wanted(("a", "a", "b")), Wanted(("b", "c"), "t", whole_thread=True), Wanted(("c",))]
    assert list(asks_for(wanted)) == [Ask(("a",)), Ask(("b",)), Ask(("c",), "t")]


def batches(asks, *, size=10, message_bytes=1.0, budget_units=1e9) -> list[int]:
    found = []
    while asks:
        found.append(
            len(
                next_batch(
                    asks,
                    size=size,
                    message_bytes=message_bytes,
                    budget_units=budget_units,
                    units_of=lambda ask: 40 if ask.thread_ref else 20,
                )
            )
        )
    return found


def test_a_batch_is_bounded_by_count_bytes_and_units():
    def singles():
        return asks_for([Wanted((f"m{n}",)) for n in range(25)])

    assert batches(singles()) == [10, 10, 5]
    assert batches(singles(), message_bytes=2_000_000) == [4, 4, 4, 4, 4, 4, 1]
    assert batches(singles(), budget_units=100) == [5, 5, 5, 5, 5]


def test_a_call_too_big_for_any_batch_goes_alone():
    whole = [Wanted(tuple(f"m{n}" for n in range(200)), "t", whole_thread=True), Wanted(("x",))]
    assert batches(asks_for(whole), message_bytes=75_000) == [1, 1]
