"""What stands for a variable in one mail: a cleaned value, or a blank that remembers it was used.

Values come from mail, from people and from tables of strangers. They are never read as a template, hold no control
character, turn no writing direction, and are blank where a reader would see nothing.
"""

from __future__ import annotations

import re
from datetime import date

from markupsafe import Markup, escape

from inboxcrm.cadence.variables import Variable

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_COMMANDS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_HALVES = re.compile("[\ud800-\udfff]")
# What takes room in a text and none on a page, or only white room.
_UNSEEN = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0]+"
)
_WRITTEN_BY_PROGRAMS = frozenset(
    {"None", "null", "NULL", "nan", "NaN", "undefined", "N/A", "n/a", "#N/A"}
)
"""How programs write that there is nothing. "Null" is a name people have."""

_URL = re.compile(r"https?://[^\s/?#@\\]+", re.IGNORECASE)


class Blank(str):
    """Empty, false, equal to "", and put down by name as soon as it would be written into a mail."""

    __slots__ = ("name", "unmet")
    name: str
    unmet: list[str]

    def __str__(self) -> str:
        self.unmet.append(self.name)
        return ""

    def __html__(self) -> str:
        self.unmet.append(self.name)
        return ""


class Lines(str):
    """Text of several lines: in HTML its breaks are breaks."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(escape(str.__str__(self)).replace("\n", Markup("<br>\n")))


class Signed(str):
    """A signature: text, and in HTML the markup its owner wrote, which was made harmless when it was saved."""

    __slots__ = ("markup",)
    markup: str

    def __html__(self) -> str:
        return self.markup


def signed(text: str, markup: str) -> Signed:
    made = Signed(text)
    made.markup = markup
    return made


def blank(name: str, unmet: list[str]) -> Blank:
    """One for a variable of one mail; `unmet` gets the name when the blank is used."""
    made = Blank("")
    made.name, made.unmet = name, unmet
    return made


def cleaned(variable: Variable, value: str) -> str:
    """The value as a mail may hold it; empty where it is blank, too long, or no link though it has to be one."""
    if value.isascii() and value.isprintable():
        text = value.strip()
        if len(text) > variable.longest:
            return ""
    else:
        text = _cleaned(value[: variable.longest * 4], keeps_lines=variable.keeps_lines)
        if len(text) > variable.longest or len(value) > variable.longest * 4:
            return ""
        if "\n" in text:
            text = Lines(text)
    if not text[:1].isalnum() and not any(map(str.isalnum, text)):
        return ""
    if text in _WRITTEN_BY_PROGRAMS or (variable.is_url and not _URL.match(text)):
        return ""
    return signed(text, value.markup) if type(value) is Signed else text


def _cleaned(value: str, *, keeps_lines: bool) -> str:
    text = _LINE_ENDS.sub("\n", value)
    text = _HALVES.sub("\ufffd", _COMMANDS.sub("", text))
    if not _UNSEEN.sub("", text):
        return ""
    if keeps_lines:
        return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n ")
    return " ".join(text.split())


def day_as_written(day: date) -> str:
    """Like "20 May 2026": read alike everywhere."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
