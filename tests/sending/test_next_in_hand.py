"""The transaction that notes a mail as sent takes the next one in hand, and never leaves either worse off for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inboxcrm.ports import Handed, Prepared
from inboxcrm.services import sending
from inboxcrm.services.leaving import CLAIM_SECONDS
from inboxcrm.services.sending import send_due
from inboxcrm.store import senders
from inboxcrm.store.upserts import one_at_a_time
from tests.sending.office import Office
from tests.sending.post import PostSender
from tests.sync.killing import Fuse

NewOffice = Callable[..., Office]


def commits_of(office: Office, **how: Any) -> int:
    office.bench.database.fuse = fuse = Fuse()
    office.send(**how)
    fuse.armed = False
    return fuse.count // 2


def test_a_mail_costs_two_commits(new_office: NewOffice) -> None:
    few = commits_of(new_office(people=("bob", "erin")))
    many = commits_of(new_office(people=("bob", "erin", "frank", "grace", "heidi")))
    assert many - few == 2 * 3


def test_what_was_sent_is_noted_though_the_next_mail_cannot_even_be_made(
    new_office: NewOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, real = new_office(people=("bob", "erin")), sending.freeze

    def freeze(*args: Any, **how: Any) -> Any:
        if how["address"].startswith("erin"):
            raise ZeroDivisionError
        return real(*args, **how)

    monkeypatch.setattr(sending, "freeze", freeze)
    with pytest.raises(ZeroDivisionError):
        office.send()
    assert office.states() == {
        "bob@bobs-firm.example": "sent",
        "erin@erins-firm.example": "planned",
    }
    monkeypatch.undo()
    office.to_the_end()
    assert set(office.post.deliveries().values()) == {1}


def test_whoever_is_told_to_stop_takes_nothing_more_in_hand(new_office: NewOffice) -> None:
    office = new_office()
    assert office.send(should_stop=lambda: bool(office.post.sent)).sent == 1
    assert sorted(office.states().values()) == ["planned", "planned", "sent"]


def test_told_to_stop_with_a_mail_in_hand_it_is_seen_through(new_office: NewOffice) -> None:
    office, asked = new_office(), []

    def should_stop() -> bool:
        asked.append(len(office.post.sent))
        return len(asked) > 2

    office.send(should_stop=should_stop)
    assert set(office.states().values()) <= {"sent", "planned"}
    assert len(office.post.drafts) == len(office.post.sent)


def test_where_others_are_at_work_a_sent_mail_is_noted_without_waiting_for_them(
    new_office: NewOffice, dialect: str
) -> None:
    """On SQLite nobody can be: it has one writer."""
    office = new_office(people=("bob", "erin"))
    open_ones: list[Any] = []

    class Held(PostSender):
        def hand_over(self, prepared: Prepared) -> Handed:
            found = super().hand_over(prepared)
            if dialect == "postgresql" and not open_ones:
                open_ones.append(office.desk.database.write())
                one_at_a_time(open_ones[0].__enter__())
            return found

        def settle_down(self) -> None:
            if open_ones:
                open_ones.pop().__exit__(None, None, None)

    held, seen = Held(office.post), []
    real = sending.keep_outcome

    def keep_outcome(leaving: Any, mail: Any, handed: Any) -> None:
        real(leaving, mail, handed)
        seen.append((office.rows()[mail.id - 1].state, leaving.in_hand is not None))
        held.settle_down()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "keep_outcome", keep_outcome)
        office.send(held)
    assert seen[0] == ("sent", dialect == "sqlite")
    assert set(office.states().values()) == {"sent"}


def test_a_claim_is_extended_when_a_third_of_it_is_over(new_office: NewOffice) -> None:
    office = new_office(people=("bob", "erin", "frank"))
    clock = office.bench.clock

    def left_of_claim() -> float:
        with office.desk.database.read() as tx:
            until = senders.holder_of(tx, 1).until
        return (until or 0) / 1000 - clock.seconds()

    found: list[float] = []

    class Slow(PostSender):
        def prepare(self, mime: bytes, *, thread_ref: str = "") -> Prepared:
            clock.wait(59.0)
            return super().prepare(mime, thread_ref=thread_ref)

        def hand_over(self, prepared: Prepared) -> Handed:
            found.append(left_of_claim())
            clock.wait(20.0)
            return super().hand_over(prepared)

    send_due(office.desk, Slow(office.post), "alice", runner=office.runner())
    assert len(found) == 3
    assert CLAIM_SECONDS * 2 / 3 <= min(found) < CLAIM_SECONDS
