"""The planner against a plain one that looks at everybody again at every moment: no heaps, nothing remembered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.cadence.caps import DAY, day_cap, gap_before, habit_of, has_domain_cap
from inboxcrm.cadence.jitter import stable_share
from inboxcrm.cadence.plan import plan
from inboxcrm.cadence.plan_shapes import (
    MailboxState,
    PlanCadence,
    PlannedMail,
    PlanPerson,
    PlanStep,
)
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
    cadence: PlanCadence
    person: PlanPerson
    step: int
    due: datetime
    ready: datetime
    number: int
    windows: Windows
    key: str
    is_new: bool = False
    is_admitted: bool = True


class Plainly:
    def __init__(self, cadence, state, start, until):
        self.rules, self.state = cadence.rules, state
        self.start, self.until = start, until
        self.cadences = [cadence, *state.others]
        self.clocks = {cadence.rules.windows} | {
            self.windows(one, person) for one in self.cadences for person in one.people
        }
        self.left = list(state.left)
        self.sent_to = [(name, at) for name, times in state.left_to.items() for at in times]
        self.number = 1_000_000
        self.mails: list[Mail] = []
        for one in self.cadences:
            for person in one.people:
                self.take_in(one, person)
        self.queue = sorted(
            (one for one in self.mails if one.is_new), key=lambda one: (one.due, one.number)
        )
        for one in self.queue:
            one.due = max(one.due, self.start)
        self.held: dict[str, list[Mail]] = {}

    def windows(self, cadence, person) -> Windows:
        own = cadence.rules.windows
        return Windows(person.zone or own.zone, own.windows, own.holidays)

    def made(self, cadence, person, step, due) -> Mail:
        self.number += 1
        windows, key = self.windows(cadence, person), self.key(cadence, person, step)
        mail = Mail(cadence, person, step, due.astimezone(UTC), due, self.number, windows, key)
        self.put(mail, mail.due)
        return mail

    def put(self, mail: Mail, at: datetime) -> None:
        parked = mail.person.parked_until
        mail.ready = max(at, parked) if parked else at

    def take_in(self, cadence: PlanCadence, one: PlanPerson) -> None:
        late = timedelta(days=cadence.rules.max_late_days)
        if one.due_at is None:
            mail = self.follow(cadence, one, one.next_step, one.base, self.start)
        elif self.start - max(one.due_at, one.parked_until or one.due_at) > late:
            return
        else:
            mail = self.made(cadence, one, one.next_step, one.due_at)
        if mail is None:
            return
        mail.number = one.turn or mail.number
        self.mails.append(mail)
        if mail.step == 0 and (one.is_new or one.due_at is None):
            mail.is_new, mail.is_admitted = True, False
        else:
            self.put(mail, max(mail.due, self.start))

    def key(self, cadence, person, step) -> str:
        return f"{person.key}:{(person.steps or cadence.steps)[step].key}"

    def follow(self, cadence, person, step, base, now) -> Mail | None:
        steps = person.steps or cadence.steps
        for place in range(step, len(steps)):
            one = steps[place]
            base = due_at(
                one.delay, one.delay_unit, base=base, windows=self.windows(cadence, person),
                key=self.key(cadence, person, place), secret=SECRET, now=now,
            )  # fmt: skip
            if one.kind == "mail":
                return self.made(cadence, person, place, base)
        return None

    def anew(self, mail, now) -> datetime:
        return due_at(
            0, "days", base=now, windows=mail.windows, key=mail.key, secret=SECRET, now=now
        )

    def domain(self, mail) -> str:
        """Where its rules cap it."""
        domain = mail.person.domain
        return domain if mail.cadence.rules.domain_cap and has_domain_cap(domain) else ""

    def cap(self, cadence, now) -> int:
        """Everything that left is counted again, by the days of its clock."""
        rules = cadence.rules
        on = Counter(cadence.history)
        today = local_day(rules.windows, self.start)
        on[today] += sum(local_day(rules.windows, at) == today for at in self.state.left)
        on.update(local_day(rules.windows, at) for at in self.left[len(self.state.left) :])
        return day_cap(
            habit=habit_of(on, local_day(rules.windows, now)),
            user_cap=min(rules.day_cap, self.state.day_cap or rules.day_cap),
            provider_day_cap=self.state.provider_day_cap,
            ramp_percent=rules.ramp_percent,
        ).mails

    def run(self) -> list[PlannedMail]:
        found: list[PlannedMail] = []
        day, last = (
            local_day(self.rules.windows, self.start),
            local_day(self.rules.windows, self.until),
        )
        while day <= last:
            now = max(self.start, midnight_of(self.rules.windows, day))
            midnight = midnight_of(self.rules.windows, day + timedelta(days=1))
            self.admit(day, self.cap(self.cadences[0], now), now, midnight)
            found += self.go(now, midnight)
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
        to = Counter(one.person.domain for one in inside)

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

    def go(self, now, midnight) -> list[PlannedMail]:
        found: list[PlannedMail] = []
        while True:
            waiting = [one for one in self.mails if one.is_admitted and one.ready < midnight]
            if not waiting:
                return found
            ready = [one for one in waiting if one.ready <= now]
            if not ready:
                now = min(one.ready for one in waiting)
                continue
            mail = min(ready, key=lambda one: (one.due, one.step == 0, one.number))
            rules = mail.cadence.rules
            at = self.free_at(mail, now)
            at = max(now, min([at, *(one.ready for one in waiting if one.ready > now)]))
            if at >= min(midnight, self.until):
                return found
            if at > now:
                now = at
                continue
            late = timedelta(days=rules.max_late_days)
            opening = next_opening(mail.windows, now)
            if now - max(mail.due, mail.person.parked_until or mail.due) > late or opening is None:
                self.mails.remove(mail)
                continue
            domain = self.domain(mail)
            again = opening
            if domain:
                times = [at for one, at in self.sent_to if one == domain and at > now - DAY]
                if len(times) >= rules.domain_cap:
                    again = max(opening, times[-rules.domain_cap] + DAY)
            if again > now:
                self.put(mail, again)
                continue
            self.mails.remove(mail)
            self.left.append(now)
            self.sent_to.append((mail.person.domain, now))
            following = self.follow(mail.cadence, mail.person, mail.step + 1, now, now)
            if following is not None:
                self.mails.append(following)
            step = (mail.person.steps or mail.cadence.steps)[mail.step]
            found.append(PlannedMail(mail.person.key, step.key, now, mail.cadence.name))

    def free_at(self, mail, now) -> datetime:
        at = max(now, self.state.paused_until or now)
        if self.left:
            least = max(mail.cadence.rules.gap_seconds, self.state.gap_seconds or 0)
            at = max(at, self.left[-1] + gap_before(stable_share(mail.key, purpose="gap"), least))
        recent = [one for one in self.left if one > at - DAY]
        cap = self.cap(mail.cadence, now)
        return at if len(recent) < cap else max(at, recent[-cap] + DAY)


people_ = st.lists(
    st.builds(
        PlanPerson,
        key=st.just(""),
        base=st.timedeltas(timedelta(days=-3), timedelta(days=5)).map(lambda one: MONDAY + one),
        domain=st.sampled_from(["", "firm.example", "mill.example", "gmail.com"]),
        zone=st.sampled_from(["", "Asia/Tokyo", "America/Los_Angeles"]),
        due_at=st.none()
        | st.just(MONDAY + timedelta(hours=5))
        | st.timedeltas(timedelta(days=-6), timedelta(days=9)).map(lambda one: MONDAY + one),
        is_new=st.booleans(),
        parked_until=st.none() | st.just(MONDAY + timedelta(days=3, hours=5)),
    ),
    max_size=25,
).map(
    lambda found: [
        replace(one, key=f"p{at}", turn=10 * (50 - at) if one.due_at else 0)
        for at, one in enumerate(found)
    ]
)


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
    cadence = PlanCadence("autumn", who, steps, rules)
    found = plan(cadence, state, start=MONDAY, until=until, secret=SECRET)
    assert list(found) == Plainly(cadence, state, MONDAY, until).run()
