"""May this mail go now, and if not, why: every reason, not the first. One function for the claim, the last look before
the hand-over, the preview, sending by hand and "why not".

Reasons are of two kinds. WAIT passes by itself or when somebody mends something; the mail stays planned. STOP ends the
enrollment for good: stops are sticky. Some waits are the whole mailbox's: the next mail would
hear the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from inboxcrm.cadence.caps import DAY, ORGANIZATION_DAY_CAP, Cap, day_cap, gap_before, room_at
from inboxcrm.cadence.rests import rest_in_words
from inboxcrm.cadence.rules import FRESH_SECONDS, CadenceRules
from inboxcrm.cadence.stops import colleague_in_words
from inboxcrm.cadence.windows import is_open, next_opening

OF_MAILBOX = frozenset(
    {"login", "right", "mailbox_paused", "sending_paused", "stale", "unread_mailbox", "cap", "gap"}
)


class Effect(StrEnum):
    WAIT = "wait"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Reason:
    """`key` is for programs, `text` for people. `until`: when it may have passed, where that can be told."""

    key: str
    effect: Effect
    text: str
    until: datetime | None = None
    message_id: int | None = None
    """The mail a stop or a rest is owed to."""
    is_of_mailbox: bool = False
    """It holds for every mail of the mailbox."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A human mail of the lead, or of a colleague there, that came after it was enrolled."""

    message_id: int
    at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one planned mail, its people and its mailbox, read in one transaction.

    `went_over`: the lead has another owner than when it was added; `lacks_consent`: the cadence wants it, and there is
    none (any more); `unproven_from`: the address it is to come from, where the mailbox may not write as that.
    `left` are the times at which mail left the mailbox in the last 24 hours, oldest first, by us or by hand, and
    `left_to_domain` those of our mails to the lead's company, where the rules cap them; where they are too few to fill
    any cap, the last one of `left` is enough; `unread` counts mails in the lead's threads, or bearing
    its address, that are queued or could not be read. `habit`: the busiest of the mailbox's last days (caps.habit_of);
    `gap_share` (0 to 1) is the mail's own. What the mailbox itself is told (`mailbox_day_cap`, `mailbox_gap_seconds`)
    tightens the rules. `colleague`: the answer of somebody else there, where that stops it for all; `zone`: on whose
    clock the hours are for this lead, where not on the rules' own.
    """

    cadence_state: str
    enrollment_state: str
    due_at: datetime
    rules: CadenceRules
    parked_until: datetime | None = None
    parked_by: int | None = None
    """The note of absence; None where a person paused it."""
    zone: str = ""
    lead_is_gone: bool = False
    went_over: bool = False
    stage_kind: str = "open"
    suppressed_by: str = ""
    lacks_consent: bool = False
    unproven_from: str = ""
    reply: Inbound | None = None
    colleague: Inbound | None = None
    mailbox_auth: str = "ok"
    mailbox_paused: bool = False
    may_send: bool = True
    sending_paused_until: datetime | None = None
    sending_paused_for: str = ""
    read_at: datetime | None = None
    mailbox_is_behind: bool = False
    unread: int = 0
    waits_for_parent: bool = False
    left: tuple[datetime, ...] = ()
    left_to_domain: tuple[datetime, ...] = ()
    to_domain: str = ""
    habit: int = 0
    gap_share: float = 0.0
    provider_day_cap: int = ORGANIZATION_DAY_CAP
    mailbox_day_cap: int | None = None
    mailbox_gap_seconds: int | None = None


def reasons_against(facts: Facts, now: datetime) -> tuple[Reason, ...]:
    """Empty: it may go. `now` is aware."""
    return (*_stops(facts), *_waits(facts, now))


def stops_among(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(one for one in reasons if one.effect is Effect.STOP)


def earliest(reasons: tuple[Reason, ...], now: datetime, *, look_again: timedelta) -> datetime:
    """When to ask again: not before every reason that names its end has passed."""
    return max([one.until for one in reasons if one.until is not None], default=now + look_again)


def _stops(facts: Facts) -> list[Reason]:
    found = []

    def stop(key: str, text: str, message_id: int | None = None) -> None:
        found.append(Reason(key, Effect.STOP, text, message_id=message_id))

    if facts.enrollment_state != "active":
        stop("not_active", f"The enrollment is {facts.enrollment_state}.")
    if facts.lead_is_gone:
        stop("lead_gone", "The lead was removed or merged into another.")
    if facts.cadence_state == "cancelled":
        stop("cancelled", "The cadence was cancelled.")
    if facts.suppressed_by:
        stop("suppressed", f"{facts.suppressed_by} is suppressed: nothing is sent there.")
    if facts.lacks_consent:
        stop("consent", "They have not agreed to be written to, or have taken it back.")
    if facts.reply is not None:
        day = facts.reply.at.astimezone(UTC)
        text = f"{facts.reply.address} wrote on {day.day} {day:%B %Y}."
        stop("reply", text, facts.reply.message_id)
    if facts.colleague is not None:
        one = facts.colleague
        text = colleague_in_words(one.address, one.at.astimezone(UTC))
        stop("organization", text, one.message_id)
    if facts.went_over:
        stop("owner", "The lead went over to somebody else after it was added.")
    if facts.stage_kind != "open":
        stop("stage", f"The lead stands in a stage that is {facts.stage_kind}.")
    return found


def _waits(facts: Facts, now: datetime) -> list[Reason]:
    found = []

    def wait(
        key: str, text: str, until: datetime | None = None, message_id: int | None = None
    ) -> None:
        is_of_mailbox = key in OF_MAILBOX
        found.append(Reason(key, Effect.WAIT, text, until, message_id, is_of_mailbox))

    if facts.cadence_state not in {"running", "cancelled"}:
        wait("not_running", f"The cadence is {facts.cadence_state}.")
    if facts.mailbox_auth != "ok":
        wait("login", "The mailbox has to be connected again.")
    elif not facts.may_send:
        wait("right", "The mailbox may be read, not sent from: allow sending on its page.")
    if facts.unproven_from:
        text = f"The mailbox may not write as {facts.unproven_from}: its mail service has to prove that address."
        wait("from", text)
    if facts.mailbox_paused:
        wait("mailbox_paused", "The mailbox is paused.")
    if facts.sending_paused_until is not None and facts.sending_paused_until > now:
        text = facts.sending_paused_for or "Sending from this mailbox is paused."
        wait("sending_paused", text, facts.sending_paused_until)
    if facts.read_at is None or now - facts.read_at > timedelta(seconds=FRESH_SECONDS):
        wait("stale", "The mailbox was not read in the last 15 minutes: an answer may be there.")
    if facts.mailbox_is_behind:
        wait("unread_mailbox", "Mail of the mailbox waits to be stored: an answer may be among it.")
    if facts.unread:
        wait("unread", "Mail in a thread of the lead could not be read yet.")
    if facts.waits_for_parent:
        wait(
            "parent",
            "The mail before it is not back from the mailbox yet, so its thread is not known.",
        )
    if facts.parked_until is not None and facts.parked_until > now:
        text = rest_in_words(rests_on_mail=facts.parked_by is not None)
        wait("parked", text, facts.parked_until, facts.parked_by)
    if facts.due_at > now:
        wait("not_due", "It is not due yet.", facts.due_at)
    elif facts.rules.is_too_late(facts.due_at, facts.parked_until, now):
        wait(
            "too_late",
            f"It is more than {facts.rules.max_late_days} days late; a person has to say.",
        )
    windows = facts.rules.windows.on_clock_of(facts.zone)
    if not is_open(windows, now):
        clock = f", on their clock ({facts.zone})" if facts.zone else ""
        text = f"Outside the hours in which it may go{clock}."
        wait("window", text, next_opening(windows, now))
    found += _caps(facts, now)
    return found


def cap_of(facts: Facts) -> Cap:
    """How many mails may leave the mailbox in any 24 hours."""
    return day_cap(
        habit=facts.habit,
        user_cap=min(facts.rules.day_cap, facts.mailbox_day_cap or facts.rules.day_cap),
        provider_day_cap=facts.provider_day_cap,
        ramp_percent=facts.rules.ramp_percent,
    )


def _caps(facts: Facts, now: datetime) -> list[Reason]:
    """Any rolling 24 hours hold at most the cap; between two mails lies at least the gap."""
    found = []
    cap = cap_of(facts)
    room = room_at(facts.left, cap.mails, now)
    if room is not None:
        left = sum(at > now - DAY for at in facts.left)
        because = f" {cap.because}" if cap.because else ""
        text = f"{left} mails left the mailbox in 24 hours; {cap.mails} may{because}."
        found.append(Reason("cap", Effect.WAIT, text, room, is_of_mailbox=True))
    least = max(facts.rules.gap_seconds, facts.mailbox_gap_seconds or 0)
    gap = gap_before(facts.gap_share, least)
    if facts.left and now - facts.left[-1] < gap:
        text = f"The last mail left less than {int(gap.total_seconds())} seconds ago."
        found.append(Reason("gap", Effect.WAIT, text, facts.left[-1] + gap, is_of_mailbox=True))
    if facts.rules.domain_cap:
        room = room_at(facts.left_to_domain, facts.rules.domain_cap, now)
        if room is not None:
            many = facts.rules.domain_cap
            text = f"{many} mails went to {facts.to_domain} in 24 hours; more would be too many."
            found.append(Reason("domain_cap", Effect.WAIT, text, room))
    return found
