"""One mailbox through good and bad days: what is stuck, what is poison, what has vanished, who has to wait."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest

from inboxcrm.errors import Denied, Reauth, Throttled
from inboxcrm.ports import Fetched, MailSource, Outcome, Postponed, Unreadable, Wanted
from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.services import fetching, storing, syncing
from inboxcrm.services.sync_run import Progress
from tests.sync.practice import Practice


@dataclass
class Meddled:
    """A source some of whose messages turn out otherwise."""

    inner: MailSource
    instead: dict[str, Outcome]
    asked: list[Wanted]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def fetch(self, wanted: Sequence[Wanted]) -> list[Outcome]:
        self.asked += wanted
        return [self.instead.get(found.ref, found) for found in self.inner.fetch(wanted)]


@pytest.fixture
def better_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    version = fetching.PARSER_VERSION + 1
    for module in (fetching, storing, syncing):
        monkeypatch.setattr(module, "PARSER_VERSION", version)


def test_unreadable_mail_is_quarantined_with_its_reason_and_stops_no_other(
    practice: Practice, request: pytest.FixtureRequest
) -> None:
    refs = [practice.deliver(f"bob{number}@kitaura.example") for number in range(5)]
    poison = {refs[2]: Unreadable(refs[2], "Its parts contain themselves.")}
    report = practice.sync(wrap=lambda source: Meddled(source, poison, []))
    assert (report.stored, report.quarantined, report.state) == (4, 1, "live")
    assert practice.queued() == {refs[2]: ("poison", "Its parts contain themselves.")}
    practice.sandbox.reset_usage()
    practice.sync()
    assert practice.sandbox.usage().calls["messages.get"] == 0, "nothing has changed: do not ask"
    request.getfixturevalue("better_parser")
    report = practice.sync()
    assert (report.stored, report.quarantined) == (1, 0)
    assert practice.mail().keys() == set(refs)


def test_mail_that_breaks_the_store_is_found_and_quarantined_alone(practice: Practice) -> None:
    refs = [practice.deliver(f"bob{number}@kitaura.example") for number in range(5)]

    class Breaking(Meddled):
        def fetch(self, wanted: Sequence[Wanted]) -> list[Outcome]:
            return [
                replace(found, message=replace(found.message, subject=42))
                if isinstance(found, Fetched) and found.ref == refs[1]
                else found
                for found in self.inner.fetch(wanted)
            ]

    report = practice.sync(wrap=lambda source: Breaking(source, {}, []))
    assert (report.stored, report.quarantined) == (4, 1)
    assert practice.mail().keys() == set(refs) - {refs[1]}
    assert practice.mentioned(refs[1]) >= {"bob1@kitaura.example"}  # a cadence to him waits


def test_an_item_that_fails_again_and_again_is_given_up_after_five_times(
    practice: Practice,
) -> None:
    stuck, well = practice.deliver("bob@kitaura.example"), practice.deliver("erin@haas.example")
    later = {stuck: Postponed(stuck, "The server is tired.")}
    for _ in range(5):
        practice.sync(wrap=lambda source: Meddled(source, later, []))
        practice.later(minutes=15)
    assert practice.queued() == {stuck: ("poison", "It failed 5 times, last: The server is tired.")}
    assert practice.mail().keys() == {well}


def test_a_mailbox_told_to_slow_down_ten_times_quarantines_no_healthy_mail(
    practice: Practice,
) -> None:
    ref = practice.deliver("bob@kitaura.example")
    practice.sandbox.faults.fail_next_part(429, count=1000, path="/messages/")
    for _ in range(10):
        with suppress(Throttled):
            practice.sync()
        practice.later(minutes=16)
    assert practice.queued()[ref][0] == "todo"
    practice.sandbox.faults.clear()
    assert practice.sync().stored == 1


def test_a_postponed_item_waits_as_long_as_the_provider_said(practice: Practice) -> None:
    ref = practice.deliver("bob@kitaura.example")
    later = {ref: Postponed(ref, "In a quarter of an hour.", 900.0)}
    practice.sync(wrap=lambda source: Meddled(source, later, []))
    assert practice.sync().stored == 0
    practice.later(minutes=16)
    assert practice.sync().stored == 1


def test_mail_that_is_gone_before_it_is_read_is_never_asked_for_again(practice: Practice) -> None:
    ref = practice.deliver("bob@kitaura.example")
    source = practice.source()
    practice.declare()
    page = source.list_page(label=None, token=None)
    source.close()
    assert [item.ref for item in page.items] == [ref]

    class Late(Meddled):
        def fetch(self, wanted: Sequence[Wanted]) -> list[Outcome]:
            practice.box().delete(ref)
            return self.inner.fetch(wanted)

    report = practice.sync(wrap=lambda source: Late(source, {}, []))
    assert (report.stored, report.tombstoned) == (0, 1)
    assert practice.queued() == {}
    practice.sandbox.reset_usage()
    practice.sync(audit=True)
    assert practice.sandbox.usage().calls["messages.get"] == 0


def test_threads_we_wrote_in_come_first_then_the_newest(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inboxcrm.gmail.source.PAGE", 5)
    old = practice.deliver("erin@haas.example")
    answer = practice.deliver(
        "alice@lumenworks.example", "erin@haas.example", labels=["SENT"], reply_to=1
    )
    others = [practice.deliver(f"bob{number}@kitaura.example") for number in range(10)]
    asked: list[Wanted] = []
    practice.sync(wrap=lambda source: Meddled(source, {}, asked))
    order = [ref for group in asked for ref in group.refs]
    assert set(order[:2]) == {old, answer}
    assert order[2:] == others[::-1]


def test_new_mail_is_fetched_before_the_old_that_still_waits(practice: Practice) -> None:
    old = [practice.deliver(f"bob{number}@kitaura.example") for number in range(3)]
    waiting = {ref: Postponed(ref, "Later.", 900.0) for ref in old}
    practice.sync(wrap=lambda source: Meddled(source, waiting, []))
    practice.later(minutes=16)
    new = practice.deliver("erin@haas.example")
    asked: list[Wanted] = []
    practice.sync(wrap=lambda source: Meddled(source, {}, asked))
    assert asked[0].refs == (new,)


def test_an_audit_finds_what_history_lost(practice: Practice) -> None:
    practice.deliver("bob@kitaura.example")
    practice.sync()
    lost = practice.deliver("erin@haas.example")
    moved = practice.deliver("ines@mares.example")
    practice.sync()
    practice.box().modify(moved, add=["STARRED"])
    forgotten = practice.deliver("oskar@nordvik.example")
    practice.box().delete(lost)
    practice.box().history._records.clear()
    practice.sync()
    assert forgotten not in practice.mail(), "history was to lose it"
    practice.sync(audit=True)
    assert forgotten in practice.mail()
    assert lost in practice.tombstones()
    assert "STARRED" in practice.mail()[moved][1]
    assert practice.row().audited_at is not None


def test_if_a_fifth_of_the_mail_has_vanished_a_person_is_asked_first(practice: Practice) -> None:
    refs = [practice.deliver(f"bob{number}@kitaura.example") for number in range(60)]
    practice.sync()
    for ref in refs[:25]:
        practice.box().delete(ref)
    practice.box().expire_history()
    for _ in range(2):
        with pytest.raises(Denied, match="25 of 60 stored messages are no longer") as refused:
            practice.sync()
        assert "--accept-removals" in refused.value.remedy
    assert practice.mail().keys() == set(refs)
    assert "25 of 60" in practice.row().trouble
    report = practice.sync(accept_removals=True)
    assert (report.state, report.trouble) == ("live", "")
    assert practice.mail().keys() == set(refs[25:])
    assert practice.tombstones() == set(refs[:25])


def test_a_few_that_vanished_are_nobodys_question(practice: Practice) -> None:
    refs = [practice.deliver(f"bob{number}@kitaura.example") for number in range(12)]
    practice.sync()
    for ref in refs[:10]:
        practice.box().delete(ref)
    practice.box().expire_history()
    practice.sync()
    assert practice.mail().keys() == set(refs[10:])


def test_throttled_for_long_it_says_when_it_wakes_and_the_next_run_goes_on(
    practice: Practice,
) -> None:
    for number in range(25):
        practice.deliver(f"bob{number}@kitaura.example")
    seen = 0

    def hold_back(number: int, method: str, path: str) -> None:
        nonlocal seen
        seen += path.startswith("/batch")
        if seen == 2:
            practice.sandbox.faults.fail_next(429, "rateLimitExceeded", retry_after=600, count=9)

    practice.sandbox.on_request(hold_back)
    practice.sync()
    practice.sandbox.on_request(None)
    practice.sandbox.faults.clear()
    stored = len(practice.mail())
    assert 0 < stored < 25, "some were stored before Gmail said stop"
    practice.later(minutes=11)
    assert practice.sync().stored == 25 - stored
    practice.sandbox.faults.fail_next(429, "rateLimitExceeded", retry_after=600, count=9)
    with pytest.raises(Throttled):
        practice.sync()
    row = practice.row()
    wakes_in = row.wake_at / 1000 - practice.clock.at.timestamp()
    assert 590 < wakes_in <= 600
    assert row.auth == "ok"
    practice.sandbox.faults.clear()
    practice.later(minutes=11)
    practice.sync()
    assert (practice.row().wake_at, practice.row().trouble) == (None, "")


def test_revoked_access_marks_the_mailbox_until_it_works_again(practice: Practice) -> None:
    practice.deliver("bob@kitaura.example")
    practice.sync()
    practice.sandbox.tokens.revoke("alice@lumenworks.example")
    with pytest.raises(Reauth):
        practice.sync()
    assert practice.row().auth == "reauth"
    assert "connect" in practice.row().trouble
    assert practice.mail() != {}
    (practice.folder / "alice.json").unlink()
    practice.declare("alice")
    write_token_file(
        practice.folder / "alice.json",
        practice.sandbox.url,
        refresh_token=practice.sandbox.refresh_token("alice@lumenworks.example"),
    )
    practice.sync()
    assert (practice.row().auth, practice.row().trouble) == ("ok", "")


def test_progress_counts_what_is_listed_and_what_is_stored(practice: Practice) -> None:
    for number in range(90):
        practice.deliver(f"bob{number}@kitaura.example")
    told: list[Progress] = []
    practice.sync(on_progress=told.append)
    assert told[0].total == 90
    assert [one.listed for one in told] == sorted(one.listed for one in told)
    assert [one.stored for one in told] == sorted(one.stored for one in told)
    assert (told[0].listed, told[0].stored, told[-1].stored) == (90, 0, 90)
    assert len(told) > 2, "progress in one leap is none"
    practice.deliver("erin@haas.example")
    told.clear()
    practice.sync(on_progress=told.append)
    assert told[-1].stored == 91, "a second run goes on counting where the first ended"


def test_a_run_that_is_stopped_is_gone_on_with_and_fetches_nothing_twice(
    practice: Practice,
) -> None:
    for number in range(90):
        practice.deliver(f"bob{number}@kitaura.example")
    told: list[Progress] = []
    practice.sync(on_progress=told.append, should_stop=lambda: bool(told and told[-1].stored))
    assert 0 < len(practice.mail()) < 90
    assert practice.row().synced_at is None
    practice.sync()
    assert len(practice.mail()) == 90
    assert practice.sandbox.usage().calls["messages.get"] == 90
    assert practice.sandbox.usage().calls["messages.list"] == 1


def test_what_is_deleted_there_is_a_tombstone_here_and_its_writer_stays_a_lead(
    practice: Practice,
) -> None:
    ref = practice.deliver("bob@kitaura.example")
    practice.sync()
    practice.box().delete(ref)
    report = practice.sync()
    assert (report.tombstoned, practice.mail()) == (1, {})
    assert practice.leads() == {"bob@kitaura.example"}


def test_spam_takes_a_lead_away_and_coming_back_brings_it_back(practice: Practice) -> None:
    ref = practice.deliver("bob@kitaura.example")
    practice.sync()
    practice.box().modify(ref, add=["SPAM"], remove=["INBOX"])
    practice.sync()
    assert practice.leads() == set()
    assert practice.captured("bob@kitaura.example") == ("ignored", "nothing_left")
    practice.box().modify(ref, add=["INBOX"], remove=["SPAM"])
    practice.sync()
    assert practice.leads() == {"bob@kitaura.example"}


def test_strange_mail_is_no_poison(practice: Practice) -> None:
    practice.box().deliver(b"\r\n\r\n")
    practice.box().deliver(b"Subject: <script>alert(1)</script>\x00\r\nFrom: \xff\xfe\r\n\r\n\xff")
    report = practice.sync()
    assert (report.stored, report.quarantined) == (2, 0)
