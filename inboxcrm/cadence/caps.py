"""How many mails may leave a mailbox, how far apart, and when sending has to stop: counted from what left it.

Any rolling 24 hours hold at most the cap, which is the least of three: what a person allowed, four fifths of what the
provider allows (its count and ours may differ, and people write by hand), and the ramp. The ramp starts at 20 mails a
day, or at what is usual for the mailbox, and lets a day exceed the busiest of the last two weeks by a part: whoever
sends a little more each day looks like a person, whoever starts with hundreds does not.
Mail to one company is capped apart; at providers of free mail every address is a house of its own.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from inboxcrm.mail.addresses import is_free_mail

CAP_HOURS = 24
DAY = timedelta(hours=CAP_HOURS)
RAMP_START = 20
RAMP_PERCENT = 20
HABIT_DAYS = 14
PROVIDER_SHARE = 0.8
PERSONAL_DAY_CAP = 500
ORGANIZATION_DAY_CAP = 2_000
"""What Google allows a personal account and one of an organization (Gmail and Workspace help); others allow no less."""

GAP_JITTER = 0.5
"""A gap is up to half longer than the least one."""

BOUNCES_LOOKED_AT = 50
MOST_BOUNCED = 0.05


@dataclass(frozen=True, slots=True)
class Cap:
    """`because`: which of the limits it is, as words that go behind "may"; empty where a person chose it."""

    mails: int
    because: str = ""


def provider_cap(address: str) -> int:
    """Mails a day the provider lets this mailbox send."""
    is_personal = is_free_mail(address.rpartition("@")[2])
    return PERSONAL_DAY_CAP if is_personal else ORGANIZATION_DAY_CAP


def habit_of(history: Mapping[date, int], today: date) -> int:
    """The most mails that left on one of the last two weeks' days; today, which is not over, does not count."""
    return max((history.get(today - timedelta(days=one), 0) for one in _BACK), default=0)


@lru_cache(maxsize=256)  # asked four times for each mail that goes
def day_cap(
    *, habit: int, user_cap: int, provider_day_cap: int, ramp_percent: int = RAMP_PERCENT
) -> Cap:
    """Mails in any 24 hours, at least one. `ramp_percent` 0: no ramp."""
    limits = [Cap(user_cap), Cap(math.floor(provider_day_cap * PROVIDER_SHARE), _OF_PROVIDER)]
    if ramp_percent:
        grown = math.ceil(habit * (100 + ramp_percent) / 100)
        limits.append(Cap(max(RAMP_START, grown), _OF_RAMP))
    least = min(limits, key=lambda one: one.mails)
    return Cap(max(least.mails, 1), least.because)


def room_at(left: Sequence[datetime], cap: int, now: datetime) -> datetime | None:
    """None where one more may go now; else when there is room: when the one that fills the cap is a day old.

    `left` are the times at which mail left, ascending; older ones than a day do no harm.
    """
    if len(left) - bisect_right(left, now - DAY) < cap:
        return None
    return left[len(left) - cap] + DAY


def gap_before(share: float, gap_seconds: int) -> timedelta:
    """Between the mail before and this one. `share` (0 to 1) is stable for the mail: jitter.stable_share."""
    return timedelta(seconds=int(gap_seconds * (1 + GAP_JITTER * share)))


def has_domain_cap(domain: str) -> bool:
    return bool(domain) and not is_free_mail(domain)


def pause_reason(last: Iterable[bool]) -> str | None:
    """Of the last 50 mails, newest first, whether each bounced. More than one in twenty of 50 is too much, also where
    fewer were sent: a list that begins with three dead addresses is a bad one.
    """
    looked_at = list(last)[:BOUNCES_LOOKED_AT]
    bounced = sum(looked_at)
    if bounced <= MOST_BOUNCED * BOUNCES_LOOKED_AT:
        return None
    return f"{bounced} of the last {len(looked_at)} mails bounced: the addresses need a look."


def complaint_reason(last: Iterable[bool]) -> str | None:
    """Of the last 50 mails, whether each was reported as spam. One is too much: Gmail and Yahoo ask senders to stay
    under one in a thousand (Google's guidelines for senders, "Spam rate").
    """
    looked_at = list(last)[:BOUNCES_LOOKED_AT]
    reported = sum(looked_at)
    if not reported:
        return None
    return f"{reported} of the last {len(looked_at)} mails reported as spam: look at who gets them, and what."


_BACK = range(1, HABIT_DAYS + 1)
_OF_PROVIDER = "go by what the provider allows"
_OF_RAMP = "go while the mailbox gets used to more"
