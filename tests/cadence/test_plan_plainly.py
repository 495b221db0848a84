"""The planner against a plain one that looks at everybody again at every moment: no heaps, nothing remembered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.cadence.caps import DAY, day_cap, gap_before, habit_of, has_domain_cap
from inboxcrm.cadence.jitter import stable_share
from inboxcrm.cadence.plan import plan
from inboxcrm.cadence.plan_shapes import MailboxState, PlannedMail, PlanPerson, PlanStep
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.schedule import due_at
from inboxcrm.cadence.windows import (
    Windows,
    local_day,
    midnight_of,
    next_opening,
    openings_of,
)
from tests.cadence.test_plan import MONDAY, rules_, states, steps_

SECRET = b"s" * 32
DAYS = 25


@dataclass
class Mail:
    person: PlanPerson | None
    step: int
    due: datetime
    ready: datetime
    number: int
    windows: Windows
    key: str
    is_new: bool = False
    is_admitted: bool = True

    @property
    def is_first(self) -> bool:
        return self.person is not None and self.step == 0


class Plainly:
    def __init__(self, who, steps, rules, state, start, until):
        self.steps, self.rules, self.state = steps, rules, state
        self.start, self.until = start, until
        windows = rules.windows
        self.clocks = {windows} | {
            Windows(one.zone, windows.windows, windows.holidays) for one in who if one.zone
        }
        self.left = list(state.left)
        self.sent_to: list[tuple[str, datetime]] = []
        self.on: Counter[date] = Counter(state.history)
        today = local_day(rules.windows, start)
        self.on[today] += sum(local_day(rules.windows, at) == today for at in state.left)
        self.number = 0
        self.mails: list[Mail] = [
            self.made(None, 0, max(at, start), f"{at}") for at in state.booked
        ]
        for one in who:
            self.take_in(one)
        self.queue = sorted(
            (one for one in self.mails if one.is_new), key=lambda one: (one.due, one.number)
        )
        for one in self.queue:
            one.due = max(one.due, self.start)
        self.held: dict[str, list[Mail]] = {}

    def made(self, person, step, due, key) -> Mail:
        self.number += 1
        windows = self.rules.windows
        if person is not None and person.zone:
            windows = Windows(person.zone, windows.windows, windows.holidays)
        mail = Mail(person, step, due.astimezone(UTC), due, self.number, windows, key)
        self.put(mail, mail.due)
        return mail

    def put(self, mail: Mail, at: datetime) -> None:
        parked = mail.person.parked_until if mail.person else None
        mail.ready = max(at, parked) if parked else at

    def take_in(self, one: PlanPerson) -> None:
        late = timedelta(days=self.rules.max_late_days)
        if one.due_at is None:
            mail = self.follow(one, one.next_step, one.base, self.start)
        elif self.start - max(one.due_at, one.parked_until or one.due_at) > late:
            return
        else:
            mail = self.made(one, one.next_step, one.due_at, self.key(one, one.next_step))
        if mail is None:
            return
        self.mails.append(mail)
        if mail.step == 0 and (one.is_new or one.due_at is None):
            mail.is_new, mail.is_admitted = True, False
        else:
            self.put(mail, max(mail.due, self.start))

    def key(self, person, step) -> str:
        return f"{person.key}:{(person.steps or self.steps)[step].key}"

    def follow(self, person, step, base, now) -> Mail | None:
        steps = person.steps or self.steps
        windows = Windows(
            person.zone or self.rules.windows.zone,
            self.rules.windows.windows,
            self.rules.windows.holidays,
        )
        for place in range(step, len(steps)):
            one = steps[place]
            base = due_at(
                one.delay, one.delay_unit, base=base, windows=windows,
                key=self.key(person, place), secret=SECRET, now=now,
            )  # fmt: skip
            if one.kind == "mail":
                return self.made(person, place, base, self.key(person, place))
        return None

    def anew(self, mail, now) -> datetime:
        return due_at(
            0, "days", base=now, windows=mail.windows, key=mail.key, secret=SECRET, now=now
        )

    def domain(self, mail) -> str:
        domain = mail.person.domain if mail.person else ""
        return domain if self.rules.domain_cap and has_domain_cap(domain) else ""

    def run(self) -> list[PlannedMail]:
        found: list[PlannedMail] = []
        day, last = (
            local_day(self.rules.windows, self.start),
            local_day(self.rules.windows, self.until),
        )
        while day <= last:
            now = max(self.start, midnight_of(self.rules.windows, day))
            midnight = midnight_of(self.rules.windows, day + timedelta(days=1))
            cap = day_cap(
                habit=habit_of(self.on, day),
                user_cap=min(self.rules.day_cap, self.state.day_cap or self.rules.day_cap),
                provider_day_cap=self.state.provider_day_cap,
                ramp_percent=self.rules.ramp_percent,
            ).mails
            self.admit(day, cap, now, midnight)
            found += self.go(day, cap, now, midnight)
            day += timedelta(days=1)
        return found

    def width(self, day, now, midnight) -> float:
        """Piece by piece between the moments at which it opens or closes anywhere: how much is open for anybody."""
        openings = [
            one
            for windows in self.clocks
            for ago in (-1, 0, 1)
            for one in openings_of(windows, day + timedelta(days=ago))
        ]
        at = sorted({now, midnight, *(x for one in openings for x in one if now < x < midnight)})
        return sum(
            (after - before).total_seconds()
            for before, after in pairwise(at)
            if any(opens <= before < closes for opens, closes in openings)
        )

    def admit(self, day, cap, now, midnight) -> None:
        width = self.width(day, now, midnight)
        gap = max(self.rules.gap_seconds, self.state.gap_seconds or 0)
        room = cap if width else 0
        if width and gap:
            room = min(cap, 1 + int(width / (gap * 1.25)))
        inside = [one for one in self.mails if one.is_admitted and one.ready < midnight]
        room -= len(inside)
        to = Counter(one.person.domain for one in inside if one.person)

        def enter(mail: Mail) -> None:
            nonlocal room
            room -= 1
            to[mail.person.domain] += 1
            mail.due = self.anew(mail, now) if mail.due < now else mail.due
            mail.is_admitted = True
            self.put(mail, mail.due)

        for domain in list(self.held):
            held = self.held[domain]
            while held and room > 0 and to[domain] < self.rules.domain_cap:
                enter(held.pop(0))
            if not held:
                del self.held[domain]
        while self.queue and room > 0 and self.queue[0].due < midnight:
            mail = self.queue.pop(0)
            domain = self.domain(mail)
            if domain and to[domain] >= self.rules.domain_cap:
                self.held.setdefault(domain, []).append(mail)
            else:
                enter(mail)

    def go(self, day, cap, now, midnight) -> list[PlannedMail]:
        found: list[PlannedMail] = []
        late = timedelta(days=self.rules.max_late_days)
        while True:
            waiting = [one for one in self.mails if one.is_admitted and one.ready < midnight]
            if not waiting:
                return found
            ready = [one for one in waiting if one.ready <= now]
            if not ready:
                now = min(one.ready for one in waiting)
                continue
            mail = min(ready, key=lambda one: (one.due, one.is_first, one.number))
            at = self.free_at(mail, cap, now)
            if at >= min(midnight, self.until):
                return found
            if at > now:
                now = at
                continue
            parked = mail.person.parked_until if mail.person else None
            opening = next_opening(mail.windows, now)
            if now - max(mail.due, parked or mail.due) > late or opening is None:
                self.mails.remove(mail)
                continue
            domain = self.domain(mail)
            again = opening
            if domain:
                times = [at for one, at in self.sent_to if one == domain and at > now - DAY]
                if len(times) >= self.rules.domain_cap:
                    again = max(opening, times[-self.rules.domain_cap] + DAY)
            if again > now:
                self.put(mail, again)
                continue
            self.mails.remove(mail)
            self.left.append(now)
            self.on[day] += 1
            if mail.person is not None:
                if domain:
                    self.sent_to.append((domain, now))
                following = self.follow(mail.person, mail.step + 1, now, now)
                if following is not None:
                    self.mails.append(following)
                step = (mail.person.steps or self.steps)[mail.step]
                found.append(PlannedMail(mail.person.key, step.key, now, self.state.name))

    def free_at(self, mail, cap, now) -> datetime:
        at = max(now, self.state.paused_until or now)
        if self.left:
            least = max(self.rules.gap_seconds, self.state.gap_seconds or 0)
            at = max(at, self.left[-1] + gap_before(stable_share(mail.key, purpose="gap"), least))
        recent = [one for one in self.left if one > at - DAY]
        return at if len(recent) < cap else max(at, recent[-cap] + DAY)


people_ = st.lists(
    st.builds(
        PlanPerson,
        key=st.just(""),
        base=st.timedeltas(timedelta(days=-3), timedelta(days=5)).map(lambda one: MONDAY + one),
        domain=st.sampled_from(["", "firm.example", "mill.example", "gmail.com"]),
        zone=st.sampled_from(["", "Asia/Tokyo", "America/Los_Angeles"]),
        due_at=st.none()
        | st.timedeltas(timedelta(days=-6), timedelta(days=9)).map(lambda one: MONDAY + one),
        is_new=st.booleans(),
        parked_until=st.none() | st.just(MONDAY + timedelta(days=3, hours=5)),
    ),
    max_size=25,
).map(lambda found: [replace(one, key=f"p{at}") for at, one in enumerate(found)])


@settings(max_examples=120, deadline=None)
@given(people_, steps_, rules_, states)
def test_it_plans_what_a_plain_one_plans(
    who: list[PlanPerson],
    steps: tuple[PlanStep, ...],
    rules: CadenceRules,
    state: MailboxState,
) -> None:
    until = MONDAY + timedelta(days=DAYS)
    if steps[0].kind != "mail":
        who = [one for one in who if one.due_at is None]  # only a mail can be due
    found = plan(who, steps, rules, state, start=MONDAY, until=until, secret=SECRET)
    assert found == Plainly(who, steps, rules, state, MONDAY, until).run()
