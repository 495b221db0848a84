"""The fictional people of the practice mailbox: who they are, where they work, how their mail
looks.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from inboxcrm.sandbox.texts_file import read_texts

_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)


class MailStyle(StrEnum):
    """What a person's mail program makes of their words."""

    WEB = "web"
    """Text and HTML, quoting below with "On ... wrote:"."""
    PLAIN = "plain"
    """Text only."""
    OFFICE = "office"
    """HTML only, with the head of the quoted mail as a block."""


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    domain: str
    city: str
    sector: str
    language: str


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str
    address: str
    title: str = ""
    phone: str = ""
    company: str = ""
    language: str = "en"
    style: MailStyle = MailStyle.WEB
    shown: str = ""
    """The display name of the From header, where it is not "First Last"."""

    @property
    def name(self) -> str:
        return f"{self.last} {self.first}" if self.language == "ja" else f"{self.first} {self.last}"

    @property
    def display(self) -> str:
        return self.shown or self.name

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def at(self, address: str) -> Person:
        return replace(self, address=address)


def companies(language: str) -> list[Company]:
    lines: list[str] = read_texts("world")["companies"][language]
    found = []
    for line in lines:
        name, domain, city, sector = (piece.strip() for piece in line.split("|"))
        found.append(Company(name, domain, city, sector, language))
    return found


def owner() -> Person:
    own: dict[str, Any] = read_texts("world")["own"]
    first, _, last = own["name"].partition(" ")
    return Person(first, last, own["address"], own["title"], own["phone"], own["company"])


def colleagues() -> list[Person]:
    found = []
    for row in read_texts("world")["own"]["colleague"]:
        first, _, last = row["name"].partition(" ")
        found.append(Person(first, last, row["address"], row["title"], company="Lumenworks"))
    return found


def invent_person(dice: random.Random, company: Company, *, number: int) -> Person:
    """Somebody at that company; `number` keeps names from coming back before all were used."""
    names = read_texts("world")["names"][company.language]
    phrases = read_texts("phrases")[company.language]
    firsts, lasts = names["first"], names["last"]
    first = firsts[number % len(firsts)]
    last = lasts[(number * 7 + number // len(firsts)) % len(lasts)]
    latin = names["latin"][number % len(names["latin"])] if "latin" in names else ""
    if latin:
        last = lasts[number % len(lasts)]
        local = latin
    else:
        plain_first, plain_last = in_ascii(first), in_ascii(last)
        local = dice.choice(
            [
                f"{plain_first}.{plain_last}",
                f"{plain_first[0]}.{plain_last}",
                plain_first,
                f"{plain_first}{plain_last[0]}",
            ]
        )
    digits = f"{dice.randrange(10, 99)}", f"{dice.randrange(100, 999)}"
    return Person(
        first=first,
        last=last,
        address=f"{local}@{company.domain}",
        title=dice.choice(read_texts("world")["titles"][company.language]),
        phone=phrases["phone"].format(a=digits[0], b=digits[1]),
        company=company.name,
        language=company.language,
        style=dice.choice([MailStyle.WEB, MailStyle.WEB, MailStyle.PLAIN, MailStyle.OFFICE]),
        shown=f"{last}, {first}" if dice.random() < 0.12 and not latin else "",
    )


def in_ascii(text: str) -> str:
    """A name as it stands in an address."""
    folded = unicodedata.normalize("NFKD", text.translate(_GERMAN))
    return "".join(char for char in folded if char.isascii() and char.isalpha()).lower()
