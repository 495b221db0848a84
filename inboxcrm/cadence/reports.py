"""What the figures of a report on cadences mean, of what each is a share, and in which week an opener went.

All of them speak of mails that left: what the provider took, and what nobody could confirm, which counts as sent and is
shown beside it. Opens and clicks are not counted. An answer and an opt-out count for the last mail that had left before
they came; a bounce for the mail that came back, a report of spam for the mail it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Figure(StrEnum):
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    BOUNCED = "bounced"
    NOT_BOUNCED = "not_bounced"
    REPLIED = "replied"
    POSITIVE = "positive"
    OPTED_OUT = "opted_out"
    COMPLAINED = "complained"


class Mark(StrEnum):
    """What a person says of an answer to a cadence."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class By(StrEnum):
    CADENCE = "cadence"
    STEP = "step"
    VERSION = "version"
    MAILBOX = "mailbox"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Counts:
    """`sent` and `unconfirmed` are mails, `recipients` distinct addresses they went to, `enrollments` distinct runs of
    a lead through a cadence; `bounced`, `opted_out` and `complained` are among the recipients, `replied` among the
    enrollments, and `positive` among those that replied.
    """

    sent: int = 0
    unconfirmed: int = 0
    recipients: int = 0
    enrollments: int = 0
    bounced: int = 0
    replied: int = 0
    positive: int = 0
    opted_out: int = 0
    complained: int = 0

    @property
    def not_bounced(self) -> int:
        return self.recipients - self.bounced


LABELS = {
    Figure.SENT: "Sent",
    Figure.UNCONFIRMED: "Unconfirmed",
    Figure.BOUNCED: "Bounced",
    Figure.NOT_BOUNCED: "Not bounced",
    Figure.REPLIED: "Replied",
    Figure.POSITIVE: "Positive",
    Figure.OPTED_OUT: "Opted out",
    Figure.COMPLAINED: "Complained",
}
DEFINITIONS = {
    Figure.SENT: "mails the provider took, with those that nobody could confirm",
    Figure.UNCONFIRMED: "mails of which nobody could tell whether they went; they count as sent",
    Figure.BOUNCED: "addresses from which a mail came back for good; mails that were only late do not count",
    Figure.NOT_BOUNCED: "addresses from which none came back; whether it reached the inbox nobody can tell",
    Figure.REPLIED: "leads who wrote themselves after their first mail and before the next cadence wrote to them; "
    "automatic answers do not count. It counts for the last mail they had before",
    Figure.POSITIVE: "leads who replied, and of whose answers the last one that somebody marked is marked as positive; "
    "it counts for the same mail as the reply",
    Figure.OPTED_OUT: "addresses whose owner asked for no more; it counts for the last mail they had before",
    Figure.COMPLAINED: "addresses whose mail program reported a mail as spam, for that mail; most providers tell the "
    "sender nothing, so there may be more",
}
NOT_COUNTED = ("opens and clicks: they are not tracked",)

_OF = {
    Figure.UNCONFIRMED: ("sent", "mails sent"),
    Figure.BOUNCED: ("recipients", "addresses written to"),
    Figure.NOT_BOUNCED: ("recipients", "addresses written to"),
    Figure.REPLIED: ("enrollments", "leads written to"),
    Figure.POSITIVE: ("replied", "leads who replied"),
    Figure.OPTED_OUT: ("recipients", "addresses written to"),
    Figure.COMPLAINED: ("recipients", "addresses written to"),
}
GROUPS = {
    By.CADENCE: "by cadence",
    By.STEP: "by step of the cadence",
    By.VERSION: "by the version of the template the mail was written from",
    By.MAILBOX: "by the mailbox it left from",
    By.WEEK: "by the week in which a lead's first mail of the cadence left; weeks begin on Monday",
}


def of_what(figure: Figure) -> str:
    """What its share is a share of, in words; empty for a figure that is none."""
    return _OF[figure][1] if figure in _OF else ""


def base_of(counts: Counts, figure: Figure) -> int | None:
    """The denominator; None for a figure that is no share."""
    return getattr(counts, _OF[figure][0]) if figure in _OF else None


def share_of(counts: Counts, figure: Figure) -> float | None:
    """From 0 to 1; None for a figure that is no share, and where nothing was sent."""
    base = base_of(counts, figure)
    found: int = getattr(counts, figure.value)
    return found / base if base else None


# --- weeks ------------------------------------------------------------------------

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
MONDAY_MS = 3 * DAY_MS
"""1970 began on a Thursday: so much earlier lay a Monday."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def monday_of(week: int) -> date:
    """Of a week counted from the one in which 1970 began."""
    return date(1970, 1, 1) + timedelta(days=7 * week - 3)


def week_from(monday: date) -> int:
    """The week that holds this day."""
    return ((monday - date(1970, 1, 1)).days + 3) // 7


def zone_offsets(zone: str, *, since: int, until: int) -> list[tuple[int, int]]:
    """How far the zone's clock is ahead of UTC: (until when this holds, offset), in ms and in order; the last one holds
    from then on. Changes inside `since` to `until` (ms) are told apart, to the minute.
    """
    found, at = [], since
    now = _offset(zone, since)
    while at < until:
        later = min(at + DAY_MS, until)
        then = _offset(zone, later)
        if then != now:
            found.append((_change(zone, at, later, now), now))
            now = then
        at = later
    return [*found, (until, now)]


def _change(zone: str, low: int, high: int, before: int) -> int:
    while high - low > 60_000:
        middle = (low + high) // 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high - high % 60_000


def _offset(zone: str, ms: int) -> int:
    offset = (_EPOCH + ms * _MS).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return offset // _MS
