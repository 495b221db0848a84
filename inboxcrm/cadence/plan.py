"""What a mailbox would send on the coming days, were nobody to answer: the dry run of a cadence.

It is made with the functions the sender and the gate use (due_at, windows, caps, gaps), so that the dates are those of
the mails themselves. A mailbox has one queue, oldest due first, follow-ups before openers at a tie:

1. A day admits as many new openers as its cap and its open hours leave room for once all else due on it is counted.
   Those that find no room are due anew on a later day, so that a long list never stands in the way of follow-ups. What
   is planned already keeps its time and its turn.
2. Through the day the oldest mail that is due goes as soon as the cap, the gap and its window let it. What waits for
   its window or for its company's cap steps aside for the others.
3. A mail that went makes the next step of its person due.

What is later than the rules allow is left out: it waits for a person to say.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from inboxcrm.cadence.plan_shapes import MailboxState, PlannedMail, PlanPerson, PlanStep
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.schedule import due_at
from inboxcrm.cadence.steps import StepKind
from inboxcrm.cadence.windows import Windows, local_day, midnight_of, next_opening, openings_of

_FOLLOW_UP, _OPENER = 0, 1
_ONE_DAY = timedelta(days=1)
_NO_GAP = timedelta()


@dataclass(slots=True)
class _Mail:
    """`person` None: of another cadence. `gap`: what lies before it at least."""

    due: datetime
    rank: int
    number: int
    person: PlanPerson | None
    step: int
    key: str
    gap: timedelta
    windows: Windows


def plan(
    people: Iterable[PlanPerson],
    steps: Sequence[PlanStep],
    rules: CadenceRules,
    mailbox_state: MailboxState,
    *,
    start: datetime,
    until: datetime,
    secret: bytes,
    key_of: Callable[[str, str], str] = lambda person, step: f"{person}:{step}",
) -> list[PlannedMail]:
    """In the order in which they go, from `start` up to, not including, `until` (both aware).

    `key_of(person, step)` is the key of the mail itself, so that its jitter is the one it will have.
    """
    return list(_Dry(steps, rules, mailbox_state, start, until, secret, key_of).run(people))


class _Dry:
    """The mailbox in a dry run. `_today` and `_later` are heaps by when a mail may be asked for (today: before the
    midnight to come), `_ready` by who goes first.
    """

    def __init__(
        self,
        steps: Sequence[PlanStep],
        rules: CadenceRules,
        mailbox: MailboxState,
        start: datetime,
        until: datetime,
        secret: bytes,
        key_of: Callable[[str, str], str],
    ) -> None:
        self._steps = steps
        self._rules = rules
        self._mailbox = mailbox
        self._start = start.astimezone(UTC)
        self._until = until.astimezone(UTC)
        self._secret = secret
        self._key_of = key_of
        self._windows = {rules.windows}
        self._capped: dict[str, bool] = {}
        self._least_gap = max(rules.gap_seconds, mailbox.gap_seconds or 0)
        self._left = list(mailbox.left)
        self._left_to: dict[str, list[datetime]] = {}
        self._sent_on: Counter[date] = Counter(mailbox.history)
        for at in self._left:
            if local_day(rules.windows, at) == local_day(rules.windows, start):
                self._sent_on[local_day(rules.windows, at)] += 1
        self._openers: deque[_Mail] = deque()
        self._held: dict[str, deque[_Mail]] = {}
        self._later: list[tuple[datetime, int, _Mail]] = []
        self._today: list[tuple[datetime, int, _Mail]] = []
        self._ready: list[tuple[datetime, int, int, _Mail]] = []
        self._midnight = self._start
        self._numbers = 0

    def run(self, people: Iterable[PlanPerson]) -> Iterator[PlannedMail]:
        self._take_in(people)
        day, last = (local_day(self._rules.windows, at) for at in (self._start, self._until))
        while day <= last and self._is_anything_left():
            cap = self._begin(day)
            yield from self._send_through(day, cap)
            day += _ONE_DAY

    def _is_anything_left(self) -> bool:
        return bool(self._openers or self._held or self._later or self._today or self._ready)

    # --- who is in ------------------------------------------------------------------

    def _take_in(self, people: Iterable[PlanPerson]) -> None:
        for at in self._mailbox.booked:
            mail = self._mail(max(at, self._start), _FOLLOW_UP, None, 0, f"{at}")
            self._put(mail, mail.due)
        openers = []
        people = list(people)
        self._windows.update(self._rules.windows.on_clock_of(one.zone) for one in people)
        for one in people:
            due, step = one.due_at, one.next_step
            if due is None:
                found = self._next_mail(one, one.next_step, one.base, self._start)
                if found is None:
                    continue
                due, step, key = found
            elif self._rules.is_too_late(due, one.parked_until, self._start):
                continue
            else:
                key = self._key(one, step)
            mail = self._mail(due, _FOLLOW_UP if step else _OPENER, one, step, key)
            if step == 0 and (one.is_new or one.due_at is None):
                openers.append(mail)
            else:
                self._put(mail, max(due, self._start))
        openers.sort(key=lambda mail: (mail.due, mail.number))
        for mail in openers:
            mail.due = max(mail.due, self._start)
        self._openers.extend(openers)

    def _mail(
        self,
        due: datetime,
        rank: int,
        person: PlanPerson | None,
        step: int,
        key: str,
    ) -> _Mail:
        self._numbers += 1
        gap = _NO_GAP
        if self._least_gap:
            gap = gap_before(stable_share(key, purpose="gap"), self._least_gap)
        windows = self._rules.windows.on_clock_of(person.zone if person else "")
        return _Mail(due.astimezone(UTC), rank, self._numbers, person, step, key, gap, windows)

    def _key(self, person: PlanPerson, step: int) -> str:
        return self._key_of(person.key, self._steps_of(person)[step].key)

    def _steps_of(self, person: PlanPerson) -> Sequence[PlanStep]:
        return person.steps or self._steps

    def _next_mail(
        self, person: PlanPerson, step: int, base: datetime, now: datetime
    ) -> tuple[datetime, int, str] | None:
        """When the first mail from `step` on is due, its place, its key. Tasks and calls are done when they are due."""
        windows, steps = self._rules.windows.on_clock_of(person.zone), self._steps_of(person)
        for place in range(step, len(steps)):
            one, key = steps[place], self._key(person, place)
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
        if mail.person is not None and mail.person.parked_until is not None:
            ready_at = max(ready_at, mail.person.parked_until.astimezone(UTC))
        heap = self._today if ready_at < self._midnight else self._later
        heappush(heap, (ready_at, mail.number, mail))

    # --- a day ----------------------------------------------------------------------

    def _begin(self, day: date) -> int:
        """Fetches what is due today and admits new openers; the cap of the day."""
        windows = self._rules.windows
        self._midnight = midnight_of(windows, day + _ONE_DAY)
        while self._later and self._later[0][0] < self._midnight:
            heappush(self._today, heappop(self._later))
        cap = day_cap(
            habit=habit_of(self._sent_on, day),
            user_cap=min(self._rules.day_cap, self._mailbox.day_cap or self._rules.day_cap),
            provider_day_cap=self._mailbox.provider_day_cap,
            ramp_percent=self._rules.ramp_percent,
        ).mails
        self._admit(day, min(cap, self._room_of(day, cap)))
        return cap

    def _room_of(self, day: date, cap: int) -> int:
        """How many mails the hours that are open for anybody hold with the gaps between them."""
        now = max(self._start, midnight_of(self._rules.windows, day))
        width = _width_of(self._windows, day, now, self._midnight).total_seconds()
        if not width or not self._least_gap:
            return cap if width else 0
        return 1 + int(width / (self._least_gap * (1 + GAP_JITTER / 2)))

    def _admit(self, day: date, room: int) -> None:
        waiting = [one[2] for one in self._today] + [one[3] for one in self._ready]
        room -= len(waiting)
        to_domain = Counter(one.person.domain for one in waiting if one.person is not None)
        now = max(self._start, midnight_of(self._rules.windows, day))

        def admit(mail: _Mail) -> None:
            nonlocal room
            room -= 1
            if mail.person is not None:
                to_domain[mail.person.domain] += 1
            if mail.due < now:
                mail.due = self._anew(mail, now)
            self._put(mail, mail.due)

        for domain, held in list(self._held.items()):
            while held and room > 0 and to_domain[domain] < self._rules.domain_cap:
                admit(held.popleft())
            if not held:
                del self._held[domain]
        while self._openers and room > 0 and self._openers[0].due < self._midnight:
            mail = self._openers.popleft()
            domain = mail.person.domain if mail.person is not None else ""
            if self._is_capped(domain) and to_domain[domain] >= self._rules.domain_cap:
                self._held.setdefault(domain, deque()).append(mail)
            else:
                admit(mail)

    def _is_capped(self, domain: str) -> bool:
        found = self._capped.get(domain)
        if found is None:
            found = bool(self._rules.domain_cap) and has_domain_cap(domain)
            self._capped[domain] = found
        return found

    def _send_through(self, day: date, cap: int) -> Iterator[PlannedMail]:
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
            at = self._mailbox_free_at(mail, cap, now)
            if at >= min(self._midnight, self._until):
                return
            if at > now:
                now = at
                continue
            heappop(self._ready)
            parked = mail.person.parked_until if mail.person else None
            if self._rules.is_too_late(mail.due, parked, now):
                continue
            again = self._may_go_at(mail, now)
            if again is None:
                continue
            if again > now:
                self._put(mail, again)
                continue
            self._left.append(now)
            self._sent_on[day] += 1
            if mail.person is not None:
                yield self._sent(mail, mail.person, now)

    def _mailbox_free_at(self, mail: _Mail, cap: int, now: datetime) -> datetime:
        at = now
        if self._mailbox.paused_until is not None:
            at = max(at, self._mailbox.paused_until.astimezone(UTC))
        if self._left:
            at = max(at, self._left[-1] + mail.gap)
        return max(at, room_at(self._left, cap, at) or at)

    def _may_go_at(self, mail: _Mail, now: datetime) -> datetime | None:
        """When its window is open and its company has room, each by itself. None: never."""
        opening = next_opening(mail.windows, now)
        if opening is None or mail.person is None or not self._is_capped(mail.person.domain):
            return opening
        left = self._left_to.get(mail.person.domain, [])
        return max(opening, room_at(left, self._rules.domain_cap, now) or now)

    def _sent(self, mail: _Mail, person: PlanPerson, now: datetime) -> PlannedMail:
        if self._is_capped(person.domain):
            self._left_to.setdefault(person.domain, []).append(now)
        found = self._next_mail(person, mail.step + 1, now, now)
        if found is not None:
            due, step, key = found
            self._put(self._mail(due, _FOLLOW_UP, person, step, key), due)
        done = self._steps_of(person)[mail.step]
        return PlannedMail(person.key, done.key, now, self._mailbox.name)


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
