"""A believable sales mailbox of half a year up to now: the same for the same (now, count, seed).

Sales talks come first and take about two thirds; what is missing to `count` is filled up with what
fills a mailbox.
"""

from __future__ import annotations

import mailbox as mailbox_files
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from inboxcrm.sandbox import seed_bulk
from inboxcrm.sandbox.conversations import begin, play
from inboxcrm.sandbox.hours import latest_working_moment, working_moment
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.messages import header_pairs
from inboxcrm.sandbox.people import companies
from inboxcrm.sandbox.talks import Conversation, SeededMail
from inboxcrm.sandbox.texts_file import read_texts

SPAN_DAYS = 182
_MAILS_PER_TALK = 4.1
_TALK_SHARE = 0.6
_ROTATION = (
    "en",
    "en",
    "de",
    "en",
    "fr",
    "en",
    "en",
    "es",
    "en",
    "ja",
    "en",
    "pt",
    "en",
    "de",
    "en",
    "ar",
)
"""Languages in turn: English most, every other now and then."""


def seed_sales_mailbox(now: datetime, *, count: int = 600, seed: int = 7) -> list[SeededMail]:
    """About `count` letters, oldest first."""
    mails, _ = seed_with_talks(now, count=count, seed=seed)
    return mails


def seed_with_talks(
    now: datetime, *, count: int = 600, seed: int = 7
) -> tuple[list[SeededMail], list[Conversation]]:
    """The letters, and the conversations with what is still to come in them."""
    dice = random.Random(f"{seed}/mailbox")  # noqa: S311 - a story, not a secret
    talks: list[Conversation] = []
    mails: list[SeededMail] = []
    for number in range(max(1, round(count * _TALK_SHARE / _MAILS_PER_TALK))):
        talk = new_talk(number, seed=seed)
        start = _start(talk, now, dice)
        letters = list(play(talk, start=start, now=now))
        mails += _filed(talk, letters, now, dice)
        talks.append(talk)
    mails += _around(now, max(0, count - len(mails)), dice)
    mails.sort(key=lambda mail: mail.at)
    return mails, talks


def new_talk(number: int, *, seed: int) -> Conversation:
    """The conversation of that number: language, company and script follow from it."""
    language = _ROTATION[number % len(_ROTATION)]
    scripts = _weighted(language)
    places = companies(language)
    turn = number if language == "en" else number // len(_ROTATION) + number % 2
    script = scripts[(turn * 5 + turn // len(scripts)) % len(scripts)]
    company = places[(turn * 3 + turn // len(places)) % len(places)]
    if script.get("sector"):
        company = next(
            place for place in places[turn % 2 - 5 :] + places if place.sector == script["sector"]
        )
    elif company.sector == "installer":
        company = places[(turn * 3 + 7) % 30]
    return begin(script, company, number=number, seed=seed)


def from_mbox(path: Path) -> list[SeededMail]:
    """The letters of an mbox file with the dates of their Date headers, clamped to sane ones."""
    mails = []
    fallback = datetime(2001, 1, 1, tzinfo=UTC)
    box = mailbox_files.mbox(path, create=False)
    try:
        for number, key in enumerate(box.keys()):
            raw = box.get_bytes(key)
            at = _date_of(raw) or fallback + timedelta(minutes=number)
            mails.append(SeededMail(raw, frozenset({"INBOX"}), at))
    finally:
        box.close()
    return mails


def fill(mailbox: SandboxMailbox, mails: list[SeededMail]) -> list[str]:
    """Delivers them all; the ids in the same order."""
    return [mailbox.deliver(mail.raw, labels=sorted(mail.labels), at=mail.at) for mail in mails]


def own_mailbox(**options: Any) -> SandboxMailbox:
    """Alice's mailbox, empty, with her aliases."""
    own = read_texts("world")["own"]
    return SandboxMailbox(own["address"], name=own["name"], aliases=own["aliases"], **options)


# --- pieces -------------------------------------------------------------------


def _weighted(language: str) -> list[dict[str, Any]]:
    """Each script as often as its weight says, well mixed."""
    source = read_texts("en_scripts") if language == "en" else read_texts("other_scripts")[language]
    scripts: list[dict[str, Any]] = source["script"]
    rounds = max(script["weight"] for script in scripts)
    return [script for turn in range(rounds) for script in scripts if script["weight"] > turn]


def _start(talk: Conversation, now: datetime, dice: random.Random) -> datetime:
    if "age_days" in talk.script:
        newest, oldest = talk.script["age_days"]
        hours = dice.uniform(newest * 7 + 0.4, oldest * 7)
        return latest_working_moment(now, hours, dice)
    # Growing business: more of the recent past than of the distant one.
    days = SPAN_DAYS * (1 - dice.random() ** 0.7) + 1
    return min(working_moment(now - timedelta(days=days), dice), now - timedelta(minutes=20))


def _filed(
    talk: Conversation, letters: list[SeededMail], now: datetime, dice: random.Random
) -> Iterator[SeededMail]:
    """What a tidy person does with a talk: archive the old, label quotes and customers, leave the
    new unread.
    """
    if not letters:
        return
    newest = letters[-1].at
    extra = {"Customers"} if talk.script["key"] == "customer-extension" else set()
    if any("attach" in turn for turn in talk.script["turn"]) and len(letters) > 3:
        extra.add("Quotes")
    for mail in letters:
        labels = set(mail.labels) | extra
        if "INBOX" in labels and now - newest > timedelta(days=45):
            labels.discard("INBOX")
        if "INBOX" in labels and now - mail.at < timedelta(days=2) and dice.random() < 0.6:
            labels.add("UNREAD")
        if "INBOX" in labels and dice.random() < 0.04:
            labels.add("STARRED")
        yield replace(mail, labels=frozenset(labels))


def _around(now: datetime, room: int, dice: random.Random) -> Iterator[SeededMail]:
    """Newsletters, notices, colleagues and spam, `room` letters in all."""
    letters = list(seed_bulk.newsletters(now, SPAN_DAYS, dice))
    if len(letters) > room * 0.45:
        letters = dice.sample(letters, k=int(room * 0.45))
    number = 0
    spam_wanted = room // 12
    while len(letters) < room:
        at = min(working_moment(now - timedelta(days=dice.uniform(0.2, SPAN_DAYS)), dice), now)
        if number < spam_wanted:
            letters.append(seed_bulk.spam(number, at, dice))
        elif number % 3 == 0:
            letters += seed_bulk.colleague_thread(number // 3, at, now, dice)
        else:
            letters.append(seed_bulk.notice(number, at, dice))
        number += 1
    for mail in letters[:room]:
        yield _tidied(mail, now, dice)


def _tidied(mail: SeededMail, now: datetime, dice: random.Random) -> SeededMail:
    if "INBOX" not in mail.labels:
        return mail
    chance = dice.random()
    if now - mail.at > timedelta(days=20) and chance < 0.12:
        return replace(mail, labels=mail.labels - {"INBOX"} | {"TRASH"})
    if now - mail.at > timedelta(days=30) and chance < 0.7:
        return replace(mail, labels=mail.labels - {"INBOX"})
    if now - mail.at < timedelta(days=4) and chance < 0.7:
        return replace(mail, labels=mail.labels | {"UNREAD"})
    return mail


def _date_of(raw: bytes) -> datetime | None:
    head = raw[:65536].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    text = next((value for name, value in header_pairs(head) if name.lower() == "date"), "")
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    if not 1980 < found.year < 2100:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
