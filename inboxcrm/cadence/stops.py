"""What a mail that comes back does to an enrollment. Stops are sticky; being away never stops and never suppresses.

what came                                            what it does
their provider reports that they called it spam      STOP complaint, and the address is suppressed
a person asks not to be written to                   STOP opt_out, and the address is suppressed
the address does not exist (bounce, address_gone)    STOP bounce, and the address is suppressed
refused for good otherwise (policy, full, unnamed)   STOP bounce; the address may be good
given up, or delayed, after trying                   LATE: nothing, until three mails in a row fared so
a person wrote                                       STOP reply
we answered by hand                                  STOP answered_by_hand
an invitation, or the answer to one                  STOP meeting: a person dealt with it
a note of absence                                    PARK to a business day after the return, else for seven days
a receipt, a ticket number, a robot's thanks         nothing
an automatic answer that says anything else          STOP unclear, in our own thread: a help desk passes on what its
                                                     people write, a filter waits for us, an address has moved
an address nobody reads, in our own thread           STOP unclear: somebody may have answered from it
they left, or the address is given up, a machine says STOP unclear: nobody will be back
only its own words say that a machine wrote it       STOP unclear
a colleague at their organization wrote (an option)  STOP organization
a newsletter of theirs                               nothing; an answer in our own thread that calls itself bulk
                                                     is unclear
a report of spam that names no mail of ours          STOP unclear, where it comes from them or in our thread
anything else, a mail system nobody can read too     STOP unclear: taken for an answer, and shown to a person

Reports of spam (RFC 5965) count for the mail they name, whoever sends them: services/complaining.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from inboxcrm.cadence.windows import Windows, midnight_of
from inboxcrm.mail.classify import Kind

PARKED_WITHOUT_DATE = timedelta(days=7)
LATE_IN_A_ROW = 3
MOST_PARKED = timedelta(days=400)


class Does(StrEnum):
    NOTHING = "nothing"
    LATE = "late"
    PARK = "park"
    STOP = "stop"


class StopReason(StrEnum):
    """Those that rest on a mail, the weightiest first: what stands gives way to a weightier one found later, so that
    the order in which mail is read changes nothing.
    """

    COMPLAINT = "complaint"
    OPT_OUT = "opt_out"
    BOUNCE = "bounce"
    REPLY = "reply"
    ANSWERED_BY_HAND = "answered_by_hand"
    MEETING = "meeting"
    UNCLEAR = "unclear"
    ORGANIZATION = "organization"


WEIGHT = {reason.value: place for place, reason in enumerate(StopReason)}


@dataclass(frozen=True, slots=True)
class Heard:
    """One mail as its verdict has it. `is_absence`: it says that somebody is away; `back_on` where it says until when.
    `is_receipt`: it only says that ours came in. `is_ours`: we wrote it, by hand; `in_thread`: it answers a mail of the
    cadence.
    """

    kind: str
    rule: str
    opt_out: str = ""
    is_absence: bool = False
    back_on: date | None = None
    is_receipt: bool = False
    is_ours: bool = False
    in_thread: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    does: Does
    reason: StopReason | None = None
    suppresses: bool = False


_NOTHING = Deed(Does.NOTHING)
_LATE = Deed(Does.LATE)
_UNCLEAR = Deed(Does.STOP, StopReason.UNCLEAR)
_TABLE: dict[tuple[str, str], Deed] = {
    # (kind, rule); "" is every other rule of the kind
    (Kind.HUMAN, ""): Deed(Does.STOP, StopReason.REPLY),
    (Kind.BOUNCE_HARD, "address_gone"): Deed(Does.STOP, StopReason.BOUNCE, suppresses=True),
    (Kind.BOUNCE_HARD, ""): Deed(Does.STOP, StopReason.BOUNCE),
    (Kind.BOUNCE_SOFT, "delivery_gave_up"): _LATE,
    (Kind.BOUNCE_SOFT, ""): Deed(Does.STOP, StopReason.BOUNCE),
    (Kind.CALENDAR, ""): Deed(Does.STOP, StopReason.MEETING),
    (Kind.AUTOMATIC, "delivery_delayed"): _LATE,
    (Kind.AUTOMATIC, "empty_sender"): _UNCLEAR,
    (Kind.AUTOMATIC, "mail_system"): _UNCLEAR,
    (Kind.AUTOMATIC, "has_left"): _UNCLEAR,
    (Kind.AUTOMATIC, "complaint"): _UNCLEAR,
    (Kind.AUTOMATIC, "auto_reply_mark"): _UNCLEAR,
    (Kind.AUTOMATIC, "says_automatic"): _UNCLEAR,
    (Kind.AUTOMATIC, ""): _NOTHING,
    (Kind.BULK, ""): _NOTHING,
}

_ANSWERED_BY_A_MACHINE = frozenset(
    ("auto_submitted", "auto_precedence", "auto_reply_field", "away_subject", "away_words")
)


def deed_of(heard: Heard) -> Deed:
    if heard.is_ours:
        by_hand = heard.kind == Kind.HUMAN
        return Deed(Does.STOP, StopReason.ANSWERED_BY_HAND) if by_hand else _NOTHING
    if heard.kind == Kind.HUMAN and heard.opt_out:
        return Deed(Does.STOP, StopReason.OPT_OUT, suppresses=True)
    if heard.kind == Kind.AUTOMATIC and heard.is_absence:
        return Deed(Does.PARK)
    if heard.in_thread and (heard.kind == Kind.BULK or heard.rule == "no_reply"):
        return _UNCLEAR
    if heard.in_thread and heard.rule in _ANSWERED_BY_A_MACHINE and not heard.is_receipt:
        return _UNCLEAR
    return _TABLE.get((heard.kind, heard.rule)) or _TABLE.get((heard.kind, ""), _UNCLEAR)


_SPEAKS_FOR_ALL = frozenset({StopReason.REPLY, StopReason.OPT_OUT, StopReason.MEETING})


def deed_for_colleagues(heard: Heard) -> Deed:
    """What a mail does to those of its writer's organization who did not write it, where a cadence wants that."""
    if heard.is_ours or deed_of(heard).reason not in _SPEAKS_FOR_ALL:
        return _NOTHING
    return Deed(Does.STOP, StopReason.ORGANIZATION)


def colleague_in_words(author: str, at: datetime) -> str:
    return f"{author} of the same organization wrote on {at.day} {at:%B %Y}."


def is_failure(heard: Heard) -> bool:
    """It speaks of a mail of ours that did not arrive, or not yet: the address it names counts, not who wrote it."""
    return heard.kind in {Kind.BOUNCE_HARD, Kind.BOUNCE_SOFT} or heard.rule == "delivery_delayed"


def parked_until(written: datetime, back_on: date | None, windows: Windows) -> datetime:
    """The start of the business day after the one on which they are back; seven days where nobody knows. Aware.

    Monday to Friday are business days, but for the holidays of the windows.
    """
    if back_on is None or back_on - written.date() > MOST_PARKED:
        return written + PARKED_WITHOUT_DATE
    day = _business_day(back_on, windows)
    return midnight_of(windows, _business_day(day + timedelta(days=1), windows))


def _business_day(day: date, windows: Windows) -> date:
    """That day, or the first business day after it."""
    for _ in range(60):
        if day.weekday() < 5 and day not in windows.holidays:
            return day
        day += timedelta(days=1)
    return day


def late_in_a_row(mails: Iterable[bool]) -> int:
    """How many of the mails that went out last, in order, came late or were given up; one that fared well ends it."""
    row = 0
    for was_late in mails:
        row = row + 1 if was_late else 0
    return row
