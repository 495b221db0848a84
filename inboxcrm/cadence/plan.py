"""What a mailbox would send on the coming days, were nobody to answer: the dry run of a cadence and of all that run
beside it.

It is made with the functions the sender and the gate use (due_at, windows, caps, gaps), so that the dates are those of
the mails themselves. A mailbox has one queue, oldest due first, follow-ups before openers at a tie:

1. A day admits as many new openers as its cap and its open hours leave room for once all else due on it is counted.
   Those that find no room are due anew on a later day, so that a long list never stands in the way of follow-ups. What
   is planned already keeps its time and its turn.
2. Through the day the oldest mail that is due goes as soon as the cap, the gap and its window let it. What waits for
   its window or for its company's cap steps aside for the others.
3. A mail that went makes the next step of its person due.

Each mail goes by the rules of its own cadence; all of them fill the one mailbox. What is later than the rules allow is
left out: it waits for a person to say.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush

from inboxcrm.cadence.caps import (
    GAP_JITTER,
    day_cap,
    gap_before,
    habit_of,
    has_domain_cap,
    room_at,
)
from inboxcrm.cadence.jitter import stable_share
from inboxcrm.cadence.plan_shapes import (
    MailboxState,
    PlanCadence,
    PlannedMail,
    PlanPerson,
    PlanStep,
)
from inboxcrm.cadence.schedule import due_at
from inboxcrm.cadence.steps import StepKind
from inboxcrm.cadence.windows import Windows, local_day, midnight_of, next_opening, openings_of

_FOLLOW_UP, _OPENER = 0, 1
_ONE_DAY = timedelta(days=1)
_NO_GAP = timedelta()
_BEHIND_ALL = 1 << 62


@dataclass(slots=True)
class _Line:
    """A cadence while its mailbox is played: `least_gap` in seconds; `sent_on` by the days of its clock, of which `day`
    lasts until `midnight` and has the cap `cap`.
    """

    cadence: PlanCadence
    least_gap: int
    sent_on: Counter[date]
    day: date
    midnight: datetime
    cap: int = 0


@dataclass(slots=True)
class _Mail:
    """`gap`: what lies before it at least."""

    due: datetime
    rank: int
    number: int
    line: _Line
    person: PlanPerson
    step: int
    key: str
    gap: timedelta
    windows: Windows


def plan(
    cadence: PlanCadence,
    mailbox: MailboxState,
    *,
    start: datetime,
    until: datetime,
    secret: bytes,
) -> Iterator[PlannedMail]:
    """What the mailbox sends, of this cadence and of those beside it, in the order in which it goes, from `start` up
    to, not including, `until` (both aware). Days begin by the clock of this cadence, and its rules say how many new
    openers a day admits.
    """
    return _Dry(cadence, mailbox, start, until, secret).run()


class _Dry:
    """The mailbox in a dry run. `_today` and `_later` are heaps by when a mail may be asked for (today: before the
    midnight to come), `_ready` by who goes first.
    """

    def __init__(
        self,
        cadence: PlanCadence,
        mailbox: MailboxState,
        start: datetime,
        until: datetime,
        secret: bytes,
    ) -> None:
        self._mailbox = mailbox
        self._start = start.astimezone(UTC)
        self._until = until.astimezone(UTC)
        self._secret = secret
        self._lines = [self._line(one) for one in (cadence, *mailbox.others)]
        self._own = self._lines[0]
        self._rules = cadence.rules
        self._windows = {cadence.rules.windows}
        self._has_domain_caps = any(one.cadence.rules.domain_cap for one in self._lines)
        self._companies: dict[str, bool] = {}
        self._left = list(mailbox.left)
        self._left_to = {company: list(times) for company, times in mailbox.left_to.items()}
        self._openers: deque[_Mail] = deque()
        self._held: dict[str, deque[_Mail]] = {}
        self._later: list[tuple[datetime, int, _Mail]] = []
        self._today: list[tuple[datetime, int, _Mail]] = []
        self._ready: list[tuple[datetime, int, int, _Mail]] = []
        self._midnight = self._start
        self._numbers = _BEHIND_ALL

    def _line(self, cadence: PlanCadence) -> _Line:
        rules, sent_on = cadence.rules, Counter(cadence.history)
        today = local_day(rules.windows, self._start)
        sent_on[today] += sum(local_day(rules.windows, at) == today for at in self._mailbox.left)
        least_gap = max(rules.gap_seconds, self._mailbox.gap_seconds or 0)
        return _Line(cadence, least_gap, sent_on, today, midnight=self._start)

    def run(self) -> Iterator[PlannedMail]:
        openers = [mail for line in self._lines for mail in self._taken_in(line)]
        openers.sort(key=lambda mail: (mail.due, mail.number))
        for mail in openers:
            mail.due = max(mail.due, self._start)
        self._openers.extend(openers)
        day, last = (local_day(self._rules.windows, at) for at in (self._start, self._until))
        while day <= last and self._is_anything_left():
            self._begin(day)
            yield from self._send_through(day)
            day += _ONE_DAY

    def _is_anything_left(self) -> bool:
        return bool(self._openers or self._held or self._later or self._today or self._ready)

    # --- who is in ------------------------------------------------------------------

    def _taken_in(self, line: _Line) -> list[_Mail]:
        """What is planned is put where it waits; new openers are given back."""
        openers = []
        rules = line.cadence.rules
        self._windows.update(rules.windows.on_clock_of(one.zone) for one in line.cadence.people)
        for one in line.cadence.people:
            due, step = one.due_at, one.next_step
            if due is None:
                found = self._next_mail(line, one, one.next_step, one.base, self._start)
                if found is None:
                    continue
                due, step, key = found
            elif rules.is_too_late(due, one.parked_until, self._start):
                continue
            else:
                key = _key(line, one, step)
            rank = _FOLLOW_UP if step else _OPENER
            mail = self._mail(line, due, rank, one, step, key, turn=one.turn)
            if step == 0 and (one.is_new or one.due_at is None):
                openers.append(mail)
            else:
                self._put(mail, max(due, self._start))
        return openers

    def _mail(
        self,
        line: _Line,
        due: datetime,
        rank: int,
        person: PlanPerson,
        step: int,
        key: str,
        *,
        turn: int = 0,
    ) -> _Mail:
        """`turn` 0: behind all that have one."""
        self._numbers += 1
        gap = _NO_GAP
        if line.least_gap:
            gap = gap_before(stable_share(key, purpose="gap"), line.least_gap)
        windows = line.cadence.rules.windows.on_clock_of(person.zone)
        due, number = due.astimezone(UTC), turn or self._numbers
        return _Mail(due, rank, number, line, person, step, key, gap, windows)

    def _next_mail(
        self, line: _Line, person: PlanPerson, step: int, base: datetime, now: datetime
    ) -> tuple[datetime, int, str] | None:
        """When the first mail from `step` on is due, its place, its key. Tasks and calls are done when they are due."""
        windows = line.cadence.rules.windows.on_clock_of(person.zone)
        steps = _steps_of(line, person)
        for place in range(step, len(steps)):
            one, key = steps[place], _key(line, person, place)
            due = due_at(
                one.delay,
                one.delay_unit,
                base=base,
                windows=windows,
                key=key,
                secret=self._secret,
                now=now,
            )
            if one.kind == StepKind.MAIL.value:
                return due, place, key
            base = due
        return None

    def _anew(self, mail: _Mail, now: datetime) -> datetime:
        """When a new opener is due that is moved to the day of `now`."""
        return due_at(
            0, "days", base=now, windows=mail.windows, key=mail.key, secret=self._secret, now=now
        )

    def _put(self, mail: _Mail, ready_at: datetime) -> None:
        if mail.person.parked_until is not None:
            ready_at = max(ready_at, mail.person.parked_until.astimezone(UTC))
        heap = self._today if ready_at < self._midnight else self._later
        heappush(heap, (ready_at, mail.number, mail))

    # --- a day ----------------------------------------------------------------------

    def _begin(self, day: date) -> None:
        """Fetches what is due today and admits new openers."""
        windows = self._rules.windows
        self._midnight = midnight_of(windows, day + _ONE_DAY)
        while self._later and self._later[0][0] < self._midnight:
            heappush(self._today, heappop(self._later))
        now = max(self._start, midnight_of(windows, day))
        cap = self._on_its_day(self._own, now).cap
        self._admit(now, min(cap, self._room_of(day, now, cap)))

    def _on_its_day(self, line: _Line, now: datetime) -> _Line:
        """With the day that `now` is on, and the cap of that day. Time never goes back."""
        if now >= line.midnight:
            rules = line.cadence.rules
            line.day = local_day(rules.windows, now)
            line.midnight = midnight_of(rules.windows, line.day + _ONE_DAY)
            line.cap = day_cap(
                habit=habit_of(line.sent_on, line.day),
                user_cap=min(rules.day_cap, self._mailbox.day_cap or rules.day_cap),
                provider_day_cap=self._mailbox.provider_day_cap,
                ramp_percent=rules.ramp_percent,
            ).mails
        return line

    def _room_of(self, day: date, now: datetime, cap: int) -> int:
        """How many mails the hours that are open for anybody hold with the gaps between them."""
        width = _width_of(self._windows, day, now, self._midnight).total_seconds()
        if not width or not self._own.least_gap:
            return cap if width else 0
        return 1 + int(width / (self._own.least_gap * (1 + GAP_JITTER / 2)))

    def _admit(self, now: datetime, room: int) -> None:
        waiting = [mail for *_, mail in self._today] + [mail for *_, mail in self._ready]
        room -= len(waiting)
        to_domain = Counter(one.person.domain for one in waiting)

        def admit(mail: _Mail) -> None:
            nonlocal room
            room -= 1
            to_domain[mail.person.domain] += 1
            if mail.due < now:
                mail.due = self._anew(mail, now)
            self._put(mail, mail.due)

        for domain, held in list(self._held.items()):
            while held and room > 0 and to_domain[domain] < _domain_cap(held[0]):
                admit(held.popleft())
            if not held:
                del self._held[domain]
        while self._openers and room > 0 and self._openers[0].due < self._midnight:
            mail = self._openers.popleft()
            domain = mail.person.domain
            if self._is_capped(mail) and to_domain[domain] >= _domain_cap(mail):
                self._held.setdefault(domain, deque()).append(mail)
            else:
                admit(mail)

    def _is_capped(self, mail: _Mail) -> bool:
        return bool(_domain_cap(mail)) and self._is_company(mail.person.domain)

    def _is_company(self, domain: str) -> bool:
        """To whom mails are counted, where any of the rules has a cap for it."""
        found = self._companies.get(domain)
        if found is None:
            found = self._companies[domain] = self._has_domain_caps and has_domain_cap(domain)
        return found

    def _send_through(self, day: date) -> Iterator[PlannedMail]:
        now = max(self._start, midnight_of(self._rules.windows, day))
        while True:
            while self._today and self._today[0][0] <= now:
                mail = heappop(self._today)[-1]
                heappush(self._ready, (mail.due, mail.rank, mail.number, mail))
            if not self._ready:
                if not self._today:
                    return
                now = self._today[0][0]
                continue
            mail = self._ready[0][-1]
            at = self._mailbox_free_at(mail, now)
            if self._today:
                # Whatever is ready before may be older, or go by wider rules.
                at = max(min(at, self._today[0][0]), now)
            if at >= min(self._midnight, self._until):
                return
            if at > now:
                now = at
                continue
            heappop(self._ready)
            if mail.line.cadence.rules.is_too_late(mail.due, mail.person.parked_until, now):
                continue
            again = self._may_go_at(mail, now)
            if again is None:
                continue
            if again > now:
                self._put(mail, again)
                continue
            yield self._sent(mail, now)

    def _mailbox_free_at(self, mail: _Mail, now: datetime) -> datetime:
        at = now
        if self._mailbox.paused_until is not None:
            at = max(at, self._mailbox.paused_until.astimezone(UTC))
        if self._left:
            at = max(at, self._left[-1] + mail.gap)
        room = room_at(self._left, self._on_its_day(mail.line, now).cap, at)
        return at if room is None else max(at, room)

    def _may_go_at(self, mail: _Mail, now: datetime) -> datetime | None:
        """When its window is open and its company has room, each by itself. None: never."""
        opening = next_opening(mail.windows, now)
        if opening is None or not self._is_capped(mail):
            return opening
        left = self._left_to.get(mail.person.domain, [])
        return max(opening, room_at(left, _domain_cap(mail), now) or now)

    def _sent(self, mail: _Mail, now: datetime) -> PlannedMail:
        self._left.append(now)
        for line in self._lines:
            line.sent_on[self._on_its_day(line, now).day] += 1
        line, person = mail.line, mail.person
        if self._is_company(person.domain):
            self._left_to.setdefault(person.domain, []).append(now)
        found = self._next_mail(line, person, mail.step + 1, now, now)
        if found is not None:
            due, step, key = found
            self._put(self._mail(line, due, _FOLLOW_UP, person, step, key), due)
        done = _steps_of(line, person)[mail.step]
        return PlannedMail(person.key, done.key, now, line.cadence.name)


def _steps_of(line: _Line, person: PlanPerson) -> Sequence[PlanStep]:
    return person.steps or line.cadence.steps


def _key(line: _Line, person: PlanPerson, step: int) -> str:
    return line.cadence.key_of(person.key, _steps_of(line, person)[step].key)


def _domain_cap(mail: _Mail) -> int:
    return mail.line.cadence.rules.domain_cap


def _width_of(zones: Iterable[Windows], day: date, start: datetime, end: datetime) -> timedelta:
    """How much of the time from `start` to `end`, which is on that day in some zone, is open in any of them."""
    near = (day - _ONE_DAY, day, day + _ONE_DAY)
    open_hours = sorted(
        (max(opens, start), min(closes, end))
        for windows in zones
        for one in near
        for opens, closes in openings_of(windows, one)
        if opens < end and closes > start
    )
    width, upto = timedelta(), start
    for opens, closes in open_hours:
        if closes > upto:
            width += closes - max(opens, upto)
            upto = closes
    return width
