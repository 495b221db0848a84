"""What a conversation of the practice mailbox is, and what every letter of one carries."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inboxcrm.sandbox.letters import date_header
from inboxcrm.sandbox.people import Company, MailStyle, Person, owner
from inboxcrm.sandbox.texts_file import read_texts

Words = dict[str, str]


@dataclass(frozen=True, slots=True)
class SeededMail:
    """A letter with the labels it lies under and the time it was accepted (aware UTC)."""

    raw: bytes
    labels: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """The last letter of a conversation: what an answer refers to and quotes."""

    by: Person
    at: datetime
    message_id: str
    text: str


@dataclass(slots=True)
class Conversation:
    """One script in play. `pending` holds the turns that lie after now, with their time."""

    script: dict[str, Any]
    company: Company
    lead: Person
    second: Person
    dice: random.Random
    number: int
    subject: str = ""
    last: Said | None = None
    references: list[str] = field(default_factory=list)
    words: Words = field(default_factory=dict)
    pending: list[tuple[dict[str, Any], datetime]] = field(default_factory=list)
    is_over: bool = False

    @property
    def phrases(self) -> dict[str, Any]:
        found: dict[str, Any] = read_texts("phrases")[self.company.language]
        return found


def new_message_id(talk: Conversation, author: Person) -> str:
    token = f"{talk.dice.getrandbits(80):020x}"
    if author.style is MailStyle.OFFICE:
        return f"DB7PR{token[:16].upper()}@DB7PR{token[16:].upper()}.mail.{author.domain}"
    if author.style is MailStyle.PLAIN:
        return f"{token[:8]}-{token[8:12]}-{token[12:]}@{author.domain}"
    return f"CA{token}@mail.{author.domain}"


def arrival_headers(domain: str, at: datetime, number: int) -> list[tuple[str, str]]:
    own = owner()
    return [
        ("Delivered-To", own.address),
        (
            "Received",
            (
                f"from mail.{domain} (mail.{domain} [192.0.2.{number % 200 + 10}]) by mx.{own.domain} "
                f"with ESMTPS for <{own.address}>; {date_header(at)}"
            ),
        ),
    ]
