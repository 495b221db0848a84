"""How values become words on a page: ages, dates, sizes, and texts that strangers wrote.

A stranger's text is escaped by Jinja; what is left to fear is length and direction: it is cut, freed of the characters
that reorder what stands around it, and isolated in <bdi>.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from flask import Flask
from markupsafe import Markup, escape

from inboxcrm.views.shapes import Money, StageChip
from inboxcrm.web.assets import asset, icon
from inboxcrm.web.forms import change
from inboxcrm.web.room import this_room

# Embeddings, overrides and isolates of direction, and control characters except tab and line feed.
_UNRULY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_LINK = re.compile(r"\bhttps?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]", re.IGNORECASE)
_STAGE_STEPS = 6
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def plain(text: str | None, limit: int = 200) -> str:
    """One line, cut, for attributes and titles."""
    # Cut before cleaning: a subject may be a megabyte long.
    head = (text or "")[: limit * 2]
    line = " ".join(_UNRULY.sub("", head).split())
    if len(line) > limit:
        return line[: limit - 1].rstrip() + "…"
    return line + ("…" if len(text or "") > limit * 2 else "")


def told(text: str | None, limit: int = 200) -> Markup:
    """The same for the page itself."""
    return Markup(f"<bdi>{escape(plain(text, limit))}</bdi>")  # noqa: S704 - escaped


def prose(text: str, limit: int = 200_000) -> Markup:
    """A mail's or a note's own text: lines kept, web addresses made into links."""
    body = _UNRULY.sub("", text[:limit])
    parts: list[Markup] = []
    end = 0
    for match in _LINK.finditer(body):
        parts.append(escape(body[end : match.start()]))
        parts.append(_link(match[0]))
        end = match.end()
    parts.append(escape(body[end:]))
    if len(text) > limit:
        parts.append(Markup("<em> … the rest is too long to show here</em>"))
    return Markup("").join(parts)


def _link(address: str) -> Markup:
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>').format(
        address, address if len(address) <= 80 else address[:79] + "…"
    )


def age(moment: datetime, now: datetime) -> str:
    """How long ago, in one unit: "now", "5 min", "3 h", "2 d", "3 w", "5 mo", "2 y"."""
    seconds = (now - moment).total_seconds()
    if seconds < _MINUTE:
        return "now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h"
    days = int(seconds // _DAY)
    if days < 14:
        return f"{days} d"
    if days < 60:
        return f"{days // 7} w"
    return f"{days // 30} mo" if days < 730 else f"{days // 365} y"


def full_date(moment: datetime) -> str:
    local = moment.astimezone(this_room().zone)
    return f"{local:%a} {local.day} {local:%b} {local.year}, {local:%H:%M}"


def ago(moment: datetime, *, bare: bool = False) -> Markup:
    """As in "3 h ago", with the full date on it; `bare` leaves out "ago" where a column says it. What is still to come
    is "in 3 h".
    """
    now = this_room().now()
    text = age(moment, now)
    said = text if bare or text == "now" else f"{text} ago"
    if text == "now" and (to_come := age(now, moment)) != "now":
        said = f"in {to_come}"
    return Markup(  # noqa: S704 - dates and words of ours
        f'<time datetime="{moment.isoformat(timespec="seconds")}" title="{full_date(moment)}">{said}</time>'
    )


def day(value: date) -> Markup:
    today = this_room().now().astimezone(this_room().zone).date()
    difference = (value - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    text = near.get(difference) or f"{value.day} {value:%b}" + (
        "" if value.year == today.year else f" {value.year}"
    )
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        value.isoformat(), f"{value:%A} {value.day} {value:%B} {value.year}", text
    )


def size(count: int) -> str:
    for unit, step in (("MB", 1_000_000), ("kB", 1_000)):
        if count >= step:
            number = count / step
            return f"{number:.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"
    return "1 byte" if count == 1 else f"{count} bytes"


def money(value: Money) -> str:
    """Whole amounts without their cents: "EUR 21,000", "EUR 99.50"."""
    whole, _, cents = value.amount.partition(".")
    grouped = f"{int(whole):,}" if whole.lstrip("-").isdecimal() else whole
    return f"{value.currency} {grouped}{f'.{cents}' if cents.strip('0') else ''}".strip()


def initials(name: str) -> str:
    """Up to two letters for the round mark beside a mail; an address gives one."""
    words = [
        word
        for word in re.split(r"[\s.\-_]+", plain(name.partition("@")[0], 60))
        if word[:1].isalpha()
    ]
    letters = [word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)]
    return "".join(letters).upper() or "?"


def stage_step(index: int, of: int) -> int:
    """Which of the six depths of the one hue: the first stage the lightest, the last open one the deepest."""
    return 1 + round(index * (_STAGE_STEPS - 1) / max(of - 1, 1))


def stage_class(stage: StageChip) -> str:
    return (
        f"stage-{stage_step(stage.index, stage.of)}"
        if stage.kind == "open"
        else f"stage-{stage.kind}"
    )


def days(count: int) -> str:
    return "today" if count == 0 else f"{count} d"


def counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


FILTERS = (plain, told, prose, ago, day, size, money, initials, stage_class, days, full_date)


def teach(app: Flask) -> None:
    """Makes the words known to every template."""
    for function in FILTERS:
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals.update(
        asset=asset, icon=icon, change=change, counted=counted, stage_step=stage_step
    )
