"""What every MailSender promises, whoever stands behind it. A test class per provider inherits this one.

`world` gives a sender whose provider stands at a clock of ours, and the levers of that provider.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

import pytest

from inboxcrm.errors import ProviderError
from inboxcrm.ports import (
    Accepted,
    Ambiguous,
    Handed,
    MailSender,
    NotSeen,
    Prepared,
    Refused,
    SeenSent,
    StillWaiting,
)

BOB = "bob@client.example"
LOOK_EVERY_SECONDS = 60
TWO_LOOKS_APART_SECONDS = 120
MOST_LOOKS = 6
SLOW_SECONDS = 90  # shorter than two looks are apart, as the protocol wants it


def letter(key: str, *, to: str = BOB, subject: str = "An offer") -> bytes:
    return (
        f"From: Alice <alice@seller.example>\r\nTo: {to}\r\nSubject: {subject}\r\n"
        f"X-Inboxcrm-Key: {key}\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nGood day.\r\n"
    ).encode()


class World(Protocol):
    """The provider's levers. Seconds are those of its clock, which only `pass_` moves."""

    sender: MailSender
    own: str

    def delivered(self) -> list[tuple[str, str]]:
        """(recipient, key) of everything that reached somebody."""

    def behave(self, **habits: Any) -> None:
        """The fields of SendingHabits; what is not named is off."""

    def trouble(self, kind: str) -> None:
        """What befalls the next hand-over: refused, before, broken, server."""

    def pass_(self, seconds: float) -> None: ...

    def forget_history(self) -> None: ...

    def send_by_hand(self, raw: bytes) -> None: ...

    def edit(self, prepared: Prepared) -> None: ...


@dataclass
class Ending:
    """How a mail ended, in the eyes of whoever sent it: sent, unconfirmed, refused."""

    word: str
    looks: int = 0
    hand_overs: int = 0


def send_to_the_end(
    world: World, prepared: Prepared, *, key: str, to: str, forgets: bool = False
) -> Ending:
    """The protocol at its barest: after an ambiguous hand-over it is looked for; the same draft is handed over again
    only after two looks, two minutes apart, that found it waiting; after six looks in vain a person is asked.
    """
    ending = Ending("refused")
    for _ in range(4):
        handed: Handed = world.sender.hand_over(prepared)
        ending.hand_overs += 1
        if isinstance(handed, Accepted):
            ending.word = "sent"
            return ending
        if isinstance(handed, Refused):
            world.pass_(LOOK_EVERY_SECONDS)
            continue
        if forgets:
            world.forget_history()
        if not _is_free_to_go(world, prepared, key, to, ending):
            return ending
    return ending


def _is_free_to_go(world: World, prepared: Prepared, key: str, to: str, ending: Ending) -> bool:
    waited: int | None = None
    for _ in range(MOST_LOOKS):
        ending.looks += 1
        try:
            look = world.sender.settle(prepared, key=key, to=to)
        except ProviderError:
            look = NotSeen("no answer")
        if isinstance(look, SeenSent):
            ending.word = "sent"
            return False
        if isinstance(look, StillWaiting) and look.is_ours:
            if waited is not None and waited >= TWO_LOOKS_APART_SECONDS:
                ending.word = "refused"
                return True
            waited = (waited or 0) + LOOK_EVERY_SECONDS
        else:
            waited = None
        world.pass_(LOOK_EVERY_SECONDS)
    ending.word = "unconfirmed"
    return False


TROUBLES = ("none", "lost", "repeated", "lost and repeated", "before", "server", "broken")
SWITCHES = [
    dict(zip(("slow", "lingers", "again", "strips", "keeps_ref", "forgets"), one, strict=True))
    for one in product(((), ("history",), ("search",), ("history", "search")), *[(False, True)] * 5)
]


def habits_of(trouble: str, switches: dict[str, Any]) -> dict[str, Any]:
    slow = switches["slow"]
    return {
        "lost_sends": (1,) if "lost" in trouble else (),
        "repeated_sends": (1,) if "repeated" in trouble else (),
        "slow_history_seconds": SLOW_SECONDS if "history" in slow else 0,
        "slow_search_seconds": SLOW_SECONDS if "search" in slow else 0,
        "lingering_seconds": 10_000 if switches["lingers"] else 0,
        "accepts_consumed": switches["again"],
        "strips_key": switches["strips"],
        "keeps_ref": switches["keeps_ref"],
    }


class SenderContract:
    @pytest.fixture
    def world(self) -> Any:
        raise AssertionError("each provider has its own")

    def prepare(self, world: World, key: str = "K1", to: str = BOB) -> Prepared:
        return world.sender.prepare(letter(key, to=to))

    def test_what_is_prepared_has_reached_nobody(self, world: World) -> None:
        self.prepare(world)
        assert world.delivered() == []

    def test_what_is_handed_over_is_accepted_and_reaches_one_person_once(
        self, world: World
    ) -> None:
        handed = world.sender.hand_over(self.prepare(world))
        assert isinstance(handed, Accepted)
        assert handed.ref
        assert world.delivered() == [(BOB, "K1")]

    def test_a_second_hand_over_reaches_nobody_and_does_not_say_that_it_was_not_sent(
        self, world: World
    ) -> None:
        prepared = self.prepare(world)
        world.sender.hand_over(prepared)
        assert isinstance(world.sender.hand_over(prepared), Ambiguous)
        assert len(world.delivered()) == 1

    def test_a_waiting_mail_is_seen_waiting_and_a_sent_one_sent(self, world: World) -> None:
        prepared = self.prepare(world)
        assert world.sender.settle(prepared, key="K1", to=BOB) == StillWaiting(is_ours=True)
        handed = world.sender.hand_over(prepared)
        look = world.sender.settle(prepared, key="K1", to=BOB)
        assert isinstance(handed, Accepted)
        assert look == SeenSent(handed.ref, handed.thread_ref)

    def test_an_edited_mail_is_theirs_who_edited_it(self, world: World) -> None:
        prepared = self.prepare(world)
        world.edit(prepared)
        assert world.sender.settle(prepared, key="K1", to=BOB) == StillWaiting(is_ours=False)
        assert world.sender.discard(prepared) is False
        assert world.sender.settle(prepared, key="K1", to=BOB) == StillWaiting(is_ours=False)

    def test_what_is_discarded_is_gone_and_cannot_be_handed_over(self, world: World) -> None:
        prepared = self.prepare(world)
        assert world.sender.discard(prepared) is True
        assert world.sender.discard(prepared) is False
        assert isinstance(world.sender.settle(prepared, key="K1", to=BOB), NotSeen)
        assert not isinstance(world.sender.hand_over(prepared), Accepted)
        assert world.delivered() == []

    def test_a_sweep_takes_what_bears_the_keys_and_nothing_else(self, world: World) -> None:
        for key in ("K1", "K2", "K2", "K3"):
            self.prepare(world, key)
        kept = self.prepare(world, "K4")
        assert world.sender.sweep(["K1", "K2", "K9", ""]) == 3
        assert world.sender.sweep(["K1", "K2"]) == 0
        assert world.sender.sweep([]) == 0
        assert isinstance(world.sender.hand_over(kept), Accepted)

    def test_the_mailboxs_own_address_comes_first(self, world: World) -> None:
        assert world.sender.addresses()[0] == world.own

    def test_a_refusal_says_that_nothing_was_sent(self, world: World) -> None:
        prepared = self.prepare(world)
        world.trouble("refused")
        assert isinstance(world.sender.hand_over(prepared), Refused)
        assert world.delivered() == []
        assert isinstance(world.sender.hand_over(prepared), Accepted)

    @pytest.mark.parametrize("key", ["", "K2"])
    def test_a_mail_sent_by_hand_forbids_only_what_it_could_be(
        self, world: World, key: str
    ) -> None:
        """Without a key it could be ours with its key taken off; under another key it is another one."""
        prepared = self.prepare(world)
        raw = letter(key) if key else letter("X").replace(b"X-Inboxcrm-Key: X\r\n", b"")
        world.send_by_hand(raw)
        look = world.sender.settle(prepared, key="K1", to=BOB)
        assert isinstance(look, StillWaiting if key else NotSeen)
        assert isinstance(
            world.sender.settle(prepared, key="K1", to="erin@client.example"), StillWaiting
        )

    @pytest.mark.parametrize("trouble", TROUBLES)
    def test_no_mail_is_doubled_and_none_is_lost_silently(self, world: World, trouble: str) -> None:
        words = set()
        for number, switches in enumerate(SWITCHES):
            if switches["again"] and "repeated" in trouble:
                continue  # see test_one_combination_is_beyond_every_sender
            key, to = f"K{number}", f"p{number}@client.example"
            world.behave(**habits_of(trouble, switches))
            prepared = self.prepare(world, key, to)
            if trouble in {"before", "server", "broken"}:
                world.trouble(trouble)
            ending = send_to_the_end(
                world, prepared, key=key, to=to, forgets=bool(switches["forgets"])
            )
            count = world.delivered().count((to, key))
            said = f"{trouble} {switches}: {ending}, delivered {count}"
            assert count <= 1, said
            assert ending.word != "refused", said
            assert count == 1 or ending.word == "unconfirmed", said
            if trouble in {"before", "server"}:  # nothing had happened: it went out in the end
                assert (ending.word, ending.hand_overs) == ("sent", 2), said
            if not switches["strips"]:
                assert ending.word == "sent", said
            words.add(ending.word)
        assert words == ({"sent"} if trouble in {"none", "before", "server"} else {"sent", "unconfirmed"})  # fmt: skip

    def test_one_combination_is_beyond_every_sender(self, world: World) -> None:
        """One request performed twice, by a provider that sends a consumed draft again: nothing of ours is asked in
        between. A live account has to prove that it cannot be.
        """
        world.behave(repeated_sends=(1,), accepts_consumed=True)
        world.sender.hand_over(self.prepare(world))
        assert len(world.delivered()) == 2
