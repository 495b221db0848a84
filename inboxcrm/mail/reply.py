"""What a person wrote in this mail, apart from the past they quote. Signatures stay: they name people and phones.

Found, in any of the languages of `quote_marks`:
- an attribution ("On ... wrote:") over one to three lines, followed by ">" lines or by the unmarked past;
- lines that begin with ">": they go, what stands between and below them is an answer and stays;
- Outlook's "-----Original Message-----" and its block of header fields, and forwarded mails: everything below goes.

Candidates are found by plain substring search, so that an ordinary mail costs a few microseconds.
"""

from __future__ import annotations

import re
from functools import lru_cache

from inboxcrm.mail.broken_lines import made_whole
from inboxcrm.mail.html_text import html_to_text
from inboxcrm.mail.message import Message, Participant, Role
from inboxcrm.mail.quote_marks import (
    DATE_SIGN,
    FORWARDED,
    FROM_LABELS,
    GROUPWISE,
    NAME_AND_ADDRESS,
    NAME_FIRST,
    OPENING,
    ORIGINAL,
    SENT_LINE,
    WROTE,
)

__all__ = ["html_to_text", "snippet", "split_quoted"]

MAX_TEXT = 200_000
"""Beyond this nobody quotes by rule; the rest counts as visible."""

_RULED = (ORIGINAL, FORWARDED)
_SEPARATORS = (("--", _RULED), ("__", _RULED), ("==", _RULED), ("\n>>> ", (GROUPWISE,)))
"""What such a line has in it, and what it may be then."""
_MAX_LINE = 400
_COLON_ENDS = (":\n", "：\n")
_QUOTED_RUN = re.compile(r"\n>[^\n]*(?:\n>[^\n]*)*")
# Begins with a plain line break, so it is tried once a line and not once a character.
_FROM_LABEL = re.compile(r"\n(\*?)(?:" + "|".join(FROM_LABELS) + r")[ \u00a0]?[:：]")
_RULE = re.compile(r"[ \t]*[_-]{5,}[ \t]*")
_BLANKS = re.compile(r"\n{3,}")


def split_quoted(text: str) -> tuple[str, str]:
    """(visible, quoted). Nothing is lost: what is not visible is quoted."""
    if len(text) > MAX_TEXT:
        visible, quoted = _split(text[:MAX_TEXT])
        return (visible, quoted + text[MAX_TEXT:]) if quoted else (text, "")
    return _split(text)


@lru_cache(maxsize=4)
def _split(text: str) -> tuple[str, str]:
    # Remembered because page, search and snippet ask for the same text one after the other.
    head = f"\n{text}\n"
    cut = _find_cut(head)
    quoted: list[str] = []
    tail = ""
    if cut >= 0:
        tail = head[cut:].strip("\n")
        head = head[:cut]
    if "\n>" in head:
        head = _drop_quoted_runs(head, quoted)
    if tail:
        quoted.append(tail)
    if not quoted:
        return text.strip("\n").rstrip(), ""
    return _BLANKS.sub("\n\n", head).strip("\n").rstrip(), "\n".join(quoted)


def snippet(message: Message, limit: int = 160) -> str:
    """The first words a person wrote; of a bare forward, the first words forwarded."""
    text = message.text
    visible = split_quoted(text if len(text) <= MAX_TEXT else text[:MAX_TEXT])[0]
    shown = visible or text
    line = " ".join(shown[: limit * 3].split())
    if len(line) <= limit and len(shown) > limit * 3:
        line = " ".join(shown[: limit * 40].split())  # much white space
    if len(line) <= limit:
        return line
    short = line[: limit - 1]
    word, space, _ = short.rpartition(" ")
    return f"{word if space and len(word) > limit // 2 else short}…"


def own_text(message: Message) -> str:
    """What its writer wrote, lines whole; as much of it as tells who or what that is."""
    return made_whole(split_quoted(message.text[:3_000])[0])


def answers_its_reader(message: Message) -> bool:
    """It quotes what those wrote whom it is written to. Who mails on behalf of a shop quotes themselves."""
    if not message.in_reply_to:
        return False
    past = split_quoted(message.text)[1][:400].lower()

    def place(one: Participant) -> int:
        said = (past.find(word.lower()) for word in (one.key, one.shown, one.name) if word)
        return min((at for at in said if at >= 0), default=len(past))

    theirs = min(map(place, message.in_role(Role.TO)), default=len(past))
    return theirs < (place(message.author) if message.author else len(past))


def _find_cut(text: str) -> int:
    """Where the unmarked past begins, or -1. `text` starts and ends with a line break."""
    cuts = [_find_colon_line(text), _find_separator(text), _find_header_block(text)]
    return min((cut for cut in cuts if cut >= 0), default=-1)


def _line_at(text: str, place: int) -> tuple[int, int]:
    """Start and end of the line that holds `place`."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return start, end if end >= 0 else len(text)


def _find_colon_line(text: str) -> int:
    """The start of a line that ends in a colon and opens the past: an attribution, or "Begin forwarded message:".

    An attribution that is followed by ">" lines cuts nothing: it goes away together with them.
    """
    for ending in _COLON_ENDS:
        at = text.find(ending)
        while at >= 0:
            start, end = _line_at(text, at)
            if end - start < 80 and FORWARDED.match(text, start, end):
                return start
            begin = _attribution_start(text, start, end)
            if begin >= 0 and not text[end : end + 400].lstrip().startswith(">"):
                return begin
            at = text.find(ending, at + 2)
    return -1


def _attribution_start(text: str, start: int, end: int) -> int:
    """Where the attribution that ends with this line begins: it may be broken over three lines."""
    if end - start > _MAX_LINE or text[start] == ">":
        return -1
    if NAME_AND_ADDRESS.match(text, start, end):
        return start
    begin = start
    for _ in range(3):
        if OPENING.match(text, begin, end):
            block = text[begin:end]
            if DATE_SIGN.search(block) and WROTE.search(block):
                return begin
        if begin < 2 or text[begin - 2] == "\n":
            break
        begin = text.rfind("\n", 0, begin - 1) + 1
        if end - begin > _MAX_LINE or text[begin] == ">":
            break
    if (
        NAME_FIRST.match(text, start, end)
        and "@" in text[start:end]
        and WROTE.search(text, start, end)
    ):
        return start
    return -1


def _find_separator(text: str) -> int:
    """A line such as "-----Original Message-----", or one that opens a forwarded mail."""
    best = -1
    for sign, kinds in _SEPARATORS:
        at = text.find(sign)
        while at >= 0 and (best < 0 or at < best):
            start, end = _line_at(text, at + len(sign) - 1)
            is_words = end - start < 120 and text[start:end].strip("-_= \t") != ""
            if is_words and any(one.match(text, start, end) for one in kinds):
                best = start
            at = text.find(sign, end)
    return best


def _find_header_block(text: str) -> int:
    """Outlook's From / Sent / To / Subject, with the rule above it where there is one."""
    for found in _FROM_LABEL.finditer(text):
        start = found.start() + 1
        if not _is_header_block(text, start):
            continue
        above = text.rfind("\n", 0, max(0, len(text[:start].rstrip()))) + 1
        return above if _RULE.fullmatch(text[above:start].rstrip()) else start
    return -1


def _is_header_block(text: str, start: int) -> bool:
    """At least two more fields within the next five lines."""
    lines = text[start : start + 2_000].split("\n")[1:7]
    return sum(1 for line in lines if SENT_LINE.match(line)) >= 2


def _drop_quoted_runs(text: str, quoted: list[str]) -> str:
    """The text without its ">" lines and the attributions above them, which go into `quoted`."""
    kept: list[str] = []
    at = 0
    for run in _QUOTED_RUN.finditer(text):
        begin = _attribution_above(text, at, run.start())
        kept.append(text[at:begin])
        quoted.append(text[begin : run.end()].strip("\n"))
        at = run.end()
    kept.append(text[at:])
    return "".join(kept)


def _attribution_above(text: str, floor: int, place: int) -> int:
    """Where the attribution above `place` begins, at most two blank lines up; `place` if there is none."""
    above = text[max(floor, place - 3 * _MAX_LINE) : place]
    stripped = above.rstrip()
    if stripped[-1:] not in {":", "："} or above.count("\n", len(stripped)) > 2:
        return place
    end = place - len(above) + len(stripped)
    begin = _attribution_start(text, text.rfind("\n", floor, end) + 1, end)
    return begin if begin >= max(floor, 1) else place
