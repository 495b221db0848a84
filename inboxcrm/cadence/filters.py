"""What a template may do to a value: a dozen harmless things. A blank stays a blank, so that it is still missed.

None takes a format, a number or another value; no result is longer than a few times what came in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from jinja2.utils import url_quote

from inboxcrm.cadence.values import Blank, day_as_written

_WORD = re.compile(r"[^\s-]+")


def _kept_blank(change: Callable[[str], str]) -> Callable[[str], str]:
    def changed(value: str) -> str:
        return value if isinstance(value, Blank) else change(value)

    return changed


def _default(value: str, words: str) -> str:
    """`words` where the value is blank or missing; Jinja's own covers only missing ones."""
    return words if isinstance(value, Blank) else value


def _title(value: str) -> str:
    """Every word with a capital, and the rest small: BOB O'NEIL is Bob O'Neil, not Bob O'neil."""
    return _WORD.sub(lambda word: _capital(word[0]), value)


def _capital(word: str) -> str:
    head, mark, tail = word.partition("'")
    if mark and len(head) == 1 and len(tail) > 1:
        return f"{head.upper()}'{tail[:1].upper()}{tail[1:].lower()}"
    return word[:1].upper() + word[1:].lower()


def _first_word(value: str) -> str:
    return value.split(None, 1)[0]


def _date(value: str) -> str:
    """A day as people write it; what is no day stays as it is."""
    try:
        return day_as_written(date.fromisoformat(value[:10]))
    except ValueError:
        return value


def _urlencode(value: str) -> str:
    """For a value inside a link."""
    return url_quote(value)


FILTERS: dict[str, Callable[..., str]] = {
    "default": _default,
    "lower": _kept_blank(lambda value: value.lower()),
    "upper": _kept_blank(lambda value: value.upper()),
    "title": _kept_blank(_title),
    "trim": _kept_blank(lambda value: value.strip()),
    "first_word": _kept_blank(_first_word),
    "date": _kept_blank(_date),
    "urlencode": _kept_blank(_urlencode),
}
