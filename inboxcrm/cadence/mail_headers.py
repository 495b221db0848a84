"""Header fields of a mail we write: folded at 78, encoded words of at most 75 characters, and nothing smuggled in.

A value never becomes a line of its own: whatever holds CR, LF or NUL is refused before a byte is written. Text that is
not plain goes into encoded words as a whole, names among them; so no reader sees a name where there is an address.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterable
from functools import lru_cache

from inboxcrm.errors import RefusedError
from inboxcrm.mail.addresses import domain_to_ascii

LINE = 78
"""RFC 5322 section 2.1.1: a line should have at most so many characters, its end apart."""

LONGEST_LINE = 998
_WORD_LINE = 76
"""RFC 2047 section 2: a line with an encoded word has at most so many."""

_LONGEST_WORD = 75
_HEAD, _TAIL = "=?utf-8?", "?="
_ROOM = _LONGEST_WORD - len(_HEAD) - 2 - len(_TAIL)
_MAX_ADDRESS = 320

_FORBIDDEN = re.compile("[\r\n\x00]")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PHRASE = re.compile(rf"{_ATOM}(?: {_ATOM})*")
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*|\"(?:[ !#-\[\]-~]|\\[ -~])+\"")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_PLAIN = re.compile(r"[ -~]*")
# RFC 2047 section 5 (3): what may stand as itself in an encoded word inside a phrase.
_AS_ITSELF = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_Q = tuple(
    "_" if one == 32 else chr(one) if one in _AS_ITSELF else f"={one:02X}" for one in range(256)
)


class UnfitHeaderError(RefusedError):
    """A value that cannot stand in a header field; `header` is the field's name."""

    def __init__(self, header: str, reason: str) -> None:
        super().__init__(
            f"The {header} of this mail cannot be written: {reason}.",
            remedy="Mend the value it comes from; nothing was sent.",
        )
        self.header = header


@lru_cache(maxsize=256)
def address_field(header: str, name: str, address: str) -> str:
    """`From: Name <address>`, folded. Exactly one address; raises UnfitHeaderError."""
    _refuse_lines(header, name)
    spec = address_spec(header, address)
    shown = " ".join(name.split())
    if not shown:
        return f"{header}: {spec}"
    if len(shown) <= 60 and "=?" not in shown and _PLAIN.fullmatch(shown):
        if not _PHRASE.fullmatch(shown):
            escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
            shown = f'"{escaped}"'
        line = f"{header}: {shown}"
    else:
        line = f"{header}: {_encoded(shown, len(header) + 2)}"
    last = len(line) - line.rfind("\n") - 1
    return f"{line} <{spec}>" if last + len(spec) + 3 <= LINE else f"{line}\r\n <{spec}>"


def address_spec(header: str, address: str) -> str:
    """The address as it goes over the wire: IDN as A-labels, the local part as it is. Raises UnfitHeaderError."""
    _refuse_lines(header, address)
    local, at, domain = address.strip().rpartition("@")
    ascii_domain = domain_to_ascii(domain) if at else ""
    spec = f"{local}@{ascii_domain}"
    if not ascii_domain or not _LOCAL.fullmatch(local) or len(spec) > _MAX_ADDRESS:
        raise UnfitHeaderError(header, f'"{address[:80]}" is no address mail can go to')
    return spec


def text_field(header: str, text: str) -> str:
    """Unstructured text, white space folded. Text that is not plain is encoded as a whole."""
    _refuse_lines(header, text)
    shown = " ".join(text.split())
    if shown.isascii() and "=?" not in shown and _PLAIN.fullmatch(shown):
        line = f"{header}: {shown}"
        if len(line) <= LINE:
            return line
        if max(map(len, shown.split(" "))) <= LINE - len(header) - 2:
            return folded(header, shown.split(" "))
    return f"{header}: {_encoded(shown, len(header) + 2)}"


def ids_field(header: str, message_ids: Iterable[str]) -> str:
    """Message ids, one or more, each in its brackets."""
    given = list(message_ids)
    for one in given:
        if not _MESSAGE_ID.fullmatch(one):
            raise UnfitHeaderError(header, f'"{one[:80]}" is no message id')
    return folded(header, given)


def plain_field(header: str, value: str) -> str:
    """A value of our own making: plain ASCII, folded where it has spaces."""
    _refuse_lines(header, value)
    if not value.strip() or not _PLAIN.fullmatch(value):
        raise UnfitHeaderError(header, "it is not plain text")
    words = value.split()
    if max(map(len, words)) + len(header) + 2 > LONGEST_LINE:
        raise UnfitHeaderError(header, f"it needs a line of more than {LONGEST_LINE} characters")
    return folded(header, words)


def folded(header: str, words: Iterable[str]) -> str:
    """Words with one space between them; a line ends before a word that has no room on it."""
    line = f"{header}:"
    room = LINE - len(line)
    for number, word in enumerate(words):
        if number and len(word) + 1 > room:
            line += "\r\n"
            room = LINE
        line += f" {word}"
        room -= len(word) + 1
    return line


def subject_octets(subject: str) -> int:
    """How much the subject takes in the mail, folding and encoding apart from line ends."""
    return len(text_field("Subject", subject).replace("\r\n", "")) - len("Subject: ")


def _refuse_lines(header: str, value: str) -> None:
    if _FORBIDDEN.search(value):
        raise UnfitHeaderError(header, "it holds a line break or a NUL character")


def _encoded(text: str, start: int) -> str:
    """Encoded words joined by folds; the first has `start` characters before it on its line."""
    data = text.encode("utf-8", "replace")
    quoted = "".join([_Q[one] for one in data])
    room = min(_ROOM, _WORD_LINE - start - len(_HEAD) - 2 - len(_TAIL))
    # Latin text stays readable in the source; where most letters would be three signs, base64 is shorter.
    as_base64 = len(quoted) > len(data) * 2
    if not as_base64 and len(quoted) <= room:
        return f"{_HEAD}q?{quoted}{_TAIL}"
    words = []
    at = 0
    while at < len(data):
        end = _end_of_word(data, at, room, as_base64=as_base64)
        words.append(_word(data[at:end], as_base64=as_base64))
        at, room = end, _ROOM
    return "\r\n ".join(words)


def _end_of_word(data: bytes, at: int, room: int, *, as_base64: bool) -> int:
    """How far an encoded word with that much room goes, in whole characters and at least one."""
    if as_base64:
        end = min(at + room // 4 * 3, len(data))
    else:
        end, used = at, 0
        while end < len(data) and used + len(_Q[data[end]]) <= room:
            used += len(_Q[data[end]])
            end += 1
    # RFC 2047 section 5: a character is not split between two words. 0b10...... continues one.
    while end < len(data) and end > at and data[end] & 0xC0 == 0x80:
        end -= 1
    if end > at:
        return end
    end = at + 1
    while end < len(data) and data[end] & 0xC0 == 0x80:
        end += 1
    return end


def _word(data: bytes, *, as_base64: bool) -> str:
    if as_base64:
        return f"{_HEAD}b?{b2a_base64(data, newline=False).decode('ascii')}{_TAIL}"
    return f"{_HEAD}q?{''.join([_Q[one] for one in data])}{_TAIL}"
