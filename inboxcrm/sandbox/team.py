"""Two more mailboxes of the practice firm, modestly filled: Tom's own, and one the team shares.

Their letters are those of Alice's world, addressed to somebody else: other talks with other people, told in English,
where a name and an address can be exchanged in the letter as it stands.
"""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta

from inboxcrm.ports import Clock
from inboxcrm.sandbox.conversations import play
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.people import Person, colleagues, owner
from inboxcrm.sandbox.seed import new_talk
from inboxcrm.sandbox.talks import SeededMail
from inboxcrm.sandbox.texts_file import read_texts

_FIRST_NUMBER = 40_000
"""Talks of these numbers are neither Alice's nor those that trickle in."""
_NUMBERS_EACH = 1_000
_SPAN_DAYS = 60


def team_mailboxes(clock: Clock) -> list[SandboxMailbox]:
    """Empty; `team_mail` fills them."""
    return [SandboxMailbox(person.address, name=person.name, clock=clock) for person in _team()]


def team_mail(now: datetime, *, talks: int = 9) -> dict[str, list[SeededMail]]:
    """Address -> letters, oldest first."""
    return {
        person.address: _mail_of(person, place, now, talks) for place, person in enumerate(_team())
    }


def _team() -> list[Person]:
    tom = next(person for person in colleagues() if person.first == "Tom")
    domain = read_texts("world")["own"]["domain"]
    return [tom, Person("Robin", "Hale", f"hello@{domain}", company=tom.company)]


def _mail_of(person: Person, place: int, now: datetime, talks: int) -> list[SeededMail]:
    dice = random.Random(f"team/{place}")  # noqa: S311 - a story, not a secret
    found: list[SeededMail] = []
    number = _FIRST_NUMBER + place * _NUMBERS_EACH
    while talks:
        number += 1
        talk = new_talk(number, seed=7)
        if talk.lead.language != "en":
            continue
        start = now - timedelta(days=dice.uniform(0.2, _SPAN_DAYS))
        letters = [_readdressed(mail, person) for mail in play(talk, start=start, now=now)]
        if not letters or any(mail is None for mail in letters):
            continue
        found += [mail for mail in letters if mail is not None]
        talks -= 1
    return sorted(found, key=lambda mail: mail.at)


def _readdressed(mail: SeededMail, person: Person) -> SeededMail | None:
    """None where the letter is packed so that its words cannot be exchanged."""
    own = owner()
    raw = mail.raw
    if b"base64" in raw.split(b"\r\n\r\n", 1)[0].lower() or own.address.encode() not in raw:
        return None
    for before, after in (
        (own.address, person.address),
        (own.name, person.name),
        (own.first, person.first),
        (own.title, person.title or "The team"),
    ):
        # A line of quoted-printable may be broken in the middle of a name.
        broken = b"(?:=\r\n)?".join(re.escape(char.encode()) for char in before)
        raw = re.sub(broken, after.encode(), raw)
    return SeededMail(raw, mail.labels, mail.at)
