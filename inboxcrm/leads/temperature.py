"""How warm a lead is: another axis than its stage, told by the mail alone, with the reason in
words.

The first that holds:
1. they never wrote, or have been silent for long (120 days unless settings say otherwise): cold
2. they asked for a demo or a price within a month: hot
3. several exchanges in two weeks, that is two mails of theirs and two of ours at least: hot
4. else they take part: warm
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxcrm.leads.asking import asked_for
from inboxcrm.leads.wording import counted, day_in_words

COLD = "cold"
WARM = "warm"
HOT = "hot"

RECENT = timedelta(days=14)
_ASKED_COUNTS_FOR = timedelta(days=30)
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class MailFact:
    """One human mail of the lead's past, as a temperature needs it."""

    at: datetime
    is_inbound: bool
    subject: str = ""
    snippet: str = ""


def temperature(
    now: datetime,
    *,
    last_in_at: datetime | None,
    last_out_at: datetime | None,
    mails: Sequence[MailFact],
    name: str,
    cold_after_days: int = 120,
    zone: str = "UTC",
) -> tuple[str, str]:
    """(key, reason). `mails` are human mails, newest first; those of the last month are enough."""
    if last_in_at is None:
        return COLD, f"{name} has not answered yet" if last_out_at else "No mail yet"
    silent = now - last_in_at
    if silent >= timedelta(days=cold_after_days):
        return COLD, f"{name} has been silent for {silent.days} days"
    for mail in mails:
        if mail.is_inbound and now - mail.at <= _ASKED_COUNTS_FOR:
            what = asked_for(mail.subject, mail.snippet)
            if what:
                day = day_in_words(mail.at, now=now, zone=zone)
                return HOT, f"{name} asked for {what} on {day}"
    recent = [mail for mail in mails if now - mail.at <= RECENT]
    theirs = sum(mail.is_inbound for mail in recent)
    ours = len(recent) - theirs
    if theirs >= _SEVERAL and ours >= _SEVERAL:
        return HOT, f"{counted(theirs, 'mail')} from {name} and {ours} of ours in two weeks"
    if silent < timedelta(days=1):
        return WARM, f"{name} wrote within the last day"
    return WARM, f"{name} last wrote {counted(silent.days, 'day')} ago"
