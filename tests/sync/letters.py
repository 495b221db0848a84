"""Letters as bytes, and a mailbox full of them that keeps changing: the same every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ALICE = "alice@lumenworks.example"

_PEOPLE = ("bob@kitaura", "erin@haas", "ines@mares", "oskar@nordvik", "maren@vogt", "tomas@sierra")


def letter(
    number: int,
    sender: str = "Bob <bob@kitaura.example>",
    to: str = ALICE,
    *,
    cc: str = "",
    reply_to: int | None = None,
    subject: str = "",
    text: str = "",
    headers: Sequence[tuple[str, str]] = (),
) -> bytes:
    """`reply_to` is the number of the letter it answers."""
    linked = "" if reply_to is None else f"<letter-{reply_to}@mail.example>"
    lines = [
        f"From: {sender}",
        f"To: {to}",
        *([f"Cc: {cc}"] if cc else []),
        f"Subject: {subject or f'Matter {number if reply_to is None else reply_to}'}",
        f"Message-ID: <letter-{number}@mail.example>",
        f"Date: {format_datetime(sent_at(number))}",
        *([f"In-Reply-To: {linked}", f"References: {linked}"] if linked else []),
        *(f"{name}: {value}" for name, value in headers),
        "Content-Type: text/plain; charset=utf-8",
        "",
        text or f"Dear colleague, this is letter {number}. Could you send me a quote?",
        "",
    ]
    return "\r\n".join(lines).encode()


def sent_at(number: int) -> datetime:
    return START + timedelta(minutes=30 * number)


@dataclass(frozen=True)
class Event:
    """One change of a mailbox. `which` is the place of the message among all that were ever delivered."""

    lever: str
    which: int = -1
    raw: bytes = b""
    number: int = 0
    labels: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def body(self, address: str, refs: Sequence[str]) -> dict[str, Any]:
        """What the lever of the practice server takes."""
        found: dict[str, Any] = {"address": address}
        if self.lever == "deliver":
            at_ms = int(sent_at(self.number).timestamp() * 1000)
            return found | {"raw": self.raw, "labels": list(self.labels), "at_ms": at_ms}
        if self.lever == "expire-history":
            return found
        found["ref"] = refs[self.which]
        if self.lever == "modify":
            found |= {"add": list(self.add), "remove": list(self.remove)}
        return found


@dataclass
class Story:
    """What lies in a mailbox first, and what happens to it then."""

    first: list[Event] = field(default_factory=list)
    then: list[Event] = field(default_factory=list)


def moving_story(*, first: int = 60, rounds: int = 6, expires: bool = False) -> Story:
    """Threads of one to four, half of them answered; then arrivals, answers, stars, spam and back, trash, drafts."""
    story = Story()
    place = 0

    def deliver(to: list[Event], raw: bytes, labels: Iterable[str]) -> int:
        nonlocal place
        place += 1
        to.append(Event("deliver", raw=raw, number=place, labels=tuple(labels)))
        return place - 1

    def talk(to: list[Event], who: str, many: int, *, labels: tuple[str, ...] = ("INBOX",)) -> int:
        root = deliver(to, letter(place + 1, f"{who.title()} <{who}.example>"), labels)
        for turn in range(1, many):
            number = place + 1
            if turn % 2:
                mail = letter(number, ALICE, f"{who}.example", reply_to=root + 1)
                deliver(to, mail, ["SENT"])
            else:
                mail = letter(number, f"{who}.example", reply_to=root + 1)
                deliver(to, mail, ["INBOX", "UNREAD"])
        return root

    count = 0
    while place < first:
        who = f"{_PEOPLE[count % 6]}{count // 6 or ''}"
        labels = ("SPAM",) if count % 7 == 6 else ("INBOX", "UNREAD")
        talk(story.first, who, 1 + count % 4, labels=labels)
        count += 1
    then = story.then
    for turn in range(rounds):
        old, spam = turn * 5, _first_spam(story.first, turn)
        root = talk(then, f"nora@haas{turn}", 1)
        then.append(Event("modify", which=old, add=("STARRED",), remove=("UNREAD",)))
        then.append(Event("modify", which=spam, add=("INBOX",), remove=("SPAM",)))
        then.append(Event("trash", which=old + 3))
        number = place + 1
        answer = letter(number, ALICE, f"nora@haas{turn}.example", reply_to=root + 1)
        deliver(then, answer, ["SENT"])
        then.append(Event("modify", which=root, add=("SPAM",), remove=("INBOX",)))
        deliver(then, letter(place + 1, ALICE, "lukas@alpen.example"), ["DRAFT"])
        if turn % 2:
            then.append(Event("untrash", which=old + 3))
            then.append(Event("modify", which=root, add=("INBOX",), remove=("SPAM",)))
        if expires and turn in (1, 4):
            then.append(Event("expire-history"))
        talk(then, f"awa@teranga{turn}", 2, labels=("SPAM",) if turn == 3 else ("INBOX",))
    return story


def _first_spam(events: Sequence[Event], after: int) -> int:
    found = [place for place, event in enumerate(events) if "SPAM" in event.labels]
    return found[after % len(found)]
