"""A dry run keeps every rule the sender keeps, says the same each time, and never lets follow-ups starve."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.cadence.caps import DAY
from inboxcrm.cadence.plan import plan
from inboxcrm.cadence.plan_shapes import (
    MailboxState,
    PlanCadence,
    PlannedMail,
    PlanPerson,
    PlanStep,
)
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.windows import Windows, is_open, local_day

MONDAY = datetime(2026, 5, 11, 6, tzinfo=UTC)
STEPS = (PlanStep("s1"), PlanStep("s2", 3, "business_days"), PlanStep("s3", 5, "days"))
OFFICE = Windows("Europe/Berlin")
NIGHTS = Windows.of_week("America/New_York", {day: [(time(21), time(3))] for day in ("mon", "thu")})
QUICK = CadenceRules(windows=OFFICE, day_cap=400, gap_seconds=0, ramp_percent=0, domain_cap=0)
DOMAINS = ("", "firm.example", "gmail.com")
ZONES = ("", "Asia/Tokyo", "America/Los_Angeles", "Australia/Lord_Howe")


def people(many: int, **how) -> list[PlanPerson]:
    return [PlanPerson(f"p{one}", MONDAY, **how) for one in range(many)]


def run(who, rules=QUICK, *, steps=STEPS, state=None, start=MONDAY, days=40) -> list[PlannedMail]:
    """Of the cadence itself."""
    cadence = PlanCadence("autumn", who, steps, rules)
    return [one for one in whole(cadence, state, start, days) if one.cadence == "autumn"]


def whole(cadence, state=None, start=MONDAY, days=40) -> list[PlannedMail]:
    state, until = state or MailboxState("alice"), start + timedelta(days=days)
    return list(plan(cadence, state, start=start, until=until, secret=b"s" * 32))


rules_ = st.builds(
    CadenceRules,
    windows=st.sampled_from(
        [
            OFFICE,
            NIGHTS,
            Windows.always("Pacific/Auckland"),
            Windows("Europe/Berlin", holidays=frozenset({date(2026, 5, 14), date(2026, 5, 25)})),
        ]
    ),
    day_cap=st.integers(1, 60),
    gap_seconds=st.sampled_from([0, 90, 1_800]),
    ramp_percent=st.sampled_from([0, 20]),
    domain_cap=st.sampled_from([0, 2, 30]),
    max_late_days=st.sampled_from([1, 4, 30]),
)
steps_ = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.sampled_from(["days", "business_days"]),
        st.sampled_from(["mail", "mail", "call"]),
    ),
    min_size=1,
    max_size=4,
).map(lambda found: tuple(PlanStep(f"s{at}", *one) for at, one in enumerate(found)))
persons = st.lists(
    st.tuples(
        st.timedeltas(timedelta(days=-3), timedelta(days=5)),
        st.sampled_from(DOMAINS),
        st.sampled_from(ZONES),
    ),
    max_size=80,
).map(
    lambda found: [
        PlanPerson(f"p{at}", MONDAY + base, domain=domain, zone=zone)
        for at, (base, domain, zone) in enumerate(found)
    ]
)
states = st.builds(
    MailboxState,
    name=st.just("alice"),
    left=st.lists(st.timedeltas(timedelta(0), DAY), max_size=30).map(
        lambda found: tuple(sorted(MONDAY - one for one in found))
    ),
    paused_until=st.sampled_from([None, MONDAY + timedelta(days=2)]),
    others=st.lists(
        st.builds(
            PlanCadence,
            name=st.just(""),
            people=st.lists(
                st.tuples(
                    st.integers(0, 1),
                    st.timedeltas(timedelta(days=-6), timedelta(days=9)),
                    st.sampled_from(DOMAINS),
                    st.sampled_from(ZONES),
                ),
                max_size=20,
            ).map(
                lambda found: [
                    PlanPerson(f"p{at}", MONDAY, step, domain, zone, MONDAY + due)
                    for at, (step, due, domain, zone) in enumerate(found)
                ]
            ),
            steps=st.just(STEPS),
            rules=rules_,
        ),
        max_size=2,
    ).map(
        lambda found: tuple(
            replace(
                one,
                name=f"beside{at}",
                people=[replace(who, turn=10 * i + at + 1) for i, who in enumerate(one.people)],
            )
            for at, one in enumerate(found)
        )
    ),
)


def broken(
    found: list[PlannedMail],
    cadences: list[PlanCadence],
    *,
    left: tuple[datetime, ...] = (),
    start: datetime = MONDAY,
) -> list[str]:
    """All that a mailbox sends, against what the sender keeps."""
    wrong = []
    by_name = {one.name: one for one in cadences}
    who = {(one.name, person.key): person for one in cadences for person in one.people}
    sent, to_domain = list(left), defaultdict(list)
    for mail in found:
        rules, person = by_name[mail.cadence].rules, who[mail.cadence, mail.person]
        zone = person.zone or rules.windows.zone
        windows = Windows(zone, rules.windows.windows, rules.windows.holidays)
        if not is_open(windows, mail.at) or local_day(windows, mail.at) in windows.holidays:
            wrong.append(f"outside its window: {mail}")
        if mail.at < start or (sent and mail.at < sent[-1]):
            wrong.append(f"back in time: {mail}")
        if sent and mail.at - sent[-1] < timedelta(seconds=rules.gap_seconds):
            wrong.append(f"too close: {mail}")
        if sum(at > mail.at - DAY for at in sent) >= rules.day_cap:
            wrong.append(f"above the cap: {mail}")
        sent.append(mail.at)
        if person.domain == "firm.example":
            there = sum(at > mail.at - DAY for at in to_domain[person.domain])
            if rules.domain_cap and there >= rules.domain_cap:
                wrong.append(f"too many to one company: {mail}")
            to_domain[person.domain].append(mail.at)
    return wrong


@settings(max_examples=150)
@given(persons, steps_, rules_, states)
def test_every_mail_keeps_window_gap_cap_and_order(who, steps, rules, state):
    autumn = PlanCadence("autumn", who, steps, rules)
    found = whole(autumn, state)
    assert broken(found, [autumn, *state.others], left=state.left) == []
    assert found == whole(autumn, state), "the same each time"
    if state.paused_until is not None:
        assert all(one.at >= state.paused_until for one in found)
    keys = {one.name: [step.key for step in one.steps] for one in (autumn, *state.others)}
    reached: dict[tuple[str, str], int] = {}
    for mail in found:
        place = keys[mail.cadence].index(mail.step)
        assert place > reached.get((mail.cadence, mail.person), -1), "no step twice, none back"
        reached[mail.cadence, mail.person] = place
        if mail.cadence == "autumn":
            assert next(one for one in steps if one.key == mail.step).kind == "mail"


@settings(max_examples=100)
@given(persons, rules_, states, st.integers(1, 12), st.integers(0, 10))
def test_planned_anew_after_a_pause_it_makes_no_burst(who, rules, state, day, pause):
    """What had gone has gone; the rest is planned from where it stood, days late."""
    state = replace(state, others=())
    first = run(who, rules, state=state)
    stop = MONDAY + timedelta(days=day)
    gone = [one for one in first if one.at < stop]
    done: dict[str, list[PlannedMail]] = defaultdict(list)
    for mail in gone:
        done[mail.person].append(mail)
    ahead = {(one.person, one.step): one.at for one in first if one.at >= stop}
    left_over = []
    for one in who:
        step = len(done[one.key])
        if step == len(STEPS):
            continue
        base = done[one.key][-1].at if step else one.base
        due = ahead.get((one.key, STEPS[step].key))
        left_over.append(PlanPerson(one.key, base, step, one.domain, one.zone, due))
    again = stop + timedelta(days=pause)
    sent = tuple(sorted([*state.left, *(one.at for one in gone)]))
    recent = tuple(at for at in sent if at > again - DAY)
    rest = PlanCadence("autumn", left_over, STEPS, rules)
    found = whole(rest, MailboxState("alice", left=recent), again)
    assert broken(found, [rest], left=recent, start=again) == []
    assert not {(one.person, one.step) for one in gone} & {(one.person, one.step) for one in found}


def test_what_is_too_late_waits_for_a_person():
    late = PlanPerson("bob", MONDAY, 1, due_at=MONDAY - timedelta(days=5))
    in_time = PlanPerson("erin", MONDAY, 1, due_at=MONDAY - timedelta(days=3))
    assert {one.person for one in run([late, in_time])} == {"erin"}


def test_all_of_a_short_list_get_every_step_on_the_days_they_are_due():
    found = run(people(50))
    assert Counter(one.step for one in found) == {"s1": 50, "s2": 50, "s3": 50}
    days = {
        step: {one.at.date() for one in found if one.step == step} for step in ("s1", "s2", "s3")
    }
    assert days == {
        "s1": {date(2026, 5, 11)},
        "s2": {date(2026, 5, 14)},
        "s3": {date(2026, 5, 19)},
    }, "Monday; three business days; five days later is a Tuesday"


def test_a_long_list_never_stands_in_the_way_of_follow_ups():
    rules = CadenceRules(windows=OFFICE, day_cap=40, gap_seconds=60, ramp_percent=0, domain_cap=0)
    found = run(people(1_000), rules, days=30)
    sent_on = {(one.person, one.step): one.at for one in found}
    late = [at - sent_on[who, "s1"] for (who, step), at in sent_on.items() if step == "s2"]
    assert len(late) > 100
    assert max(late) <= timedelta(days=7), "three business days, a weekend, and a day at most"
    per_day = Counter(one.at.date() for one in found)
    assert max(per_day.values()) <= 41
    full = [many for day, many in sorted(per_day.items())][:20]
    assert min(full) >= 35, "and no room is left unused"


def test_openers_keep_within_what_the_gaps_leave_room_for():
    rules = CadenceRules(windows=OFFICE, day_cap=1_000, gap_seconds=600, ramp_percent=0)
    found = run(people(300), rules, days=60)
    assert Counter(one.step for one in found)["s3"] > 200
    assert max(Counter(one.at.date() for one in found).values()) <= 49, "eight hours of ten minutes"


def test_one_company_waits_its_turn_and_the_others_do_not_wait_behind_it():
    rules = CadenceRules(windows=OFFICE, day_cap=30, gap_seconds=0, ramp_percent=0, domain_cap=2)
    big = [PlanPerson(f"big{one}", MONDAY, domain="big.example") for one in range(100)]
    small = [PlanPerson(f"small{one}", MONDAY, domain=f"s{one}.example") for one in range(40)]
    found = run([*big, *small], rules, steps=STEPS[:1], days=10)
    first_days = [one for one in found if one.at < MONDAY + timedelta(days=2)]
    assert sum(one.person.startswith("small") for one in first_days) == 40
    assert (
        max(Counter(one.at.date() for one in found if one.person.startswith("big")).values()) == 2
    )


def test_a_new_mailbox_grows_day_by_day():
    rules = CadenceRules(windows=OFFICE, day_cap=100, gap_seconds=0, domain_cap=0)
    found = run(people(400), rules, steps=STEPS[:1], days=7)
    per_day = Counter(one.at.date() for one in found)
    assert [per_day[date(2026, 5, day)] for day in range(11, 16)] == [20, 24, 29, 35, 42]


def test_a_follow_up_goes_before_an_opener_that_is_due_at_the_same_moment():
    at = MONDAY + timedelta(hours=4)
    opener = PlanPerson("new", MONDAY, 0, due_at=at)
    follow_up = PlanPerson("old", MONDAY, 1, due_at=at)
    found = run([opener, follow_up], steps=STEPS[:2])
    assert [one.person for one in found[:2]] == ["old", "new"]


def test_who_is_away_gets_nothing_before_the_return_and_nobody_waits_for_them():
    back = MONDAY + timedelta(days=9)
    away = PlanPerson("erin", MONDAY, parked_until=back)
    found = run([away, *people(3)], steps=STEPS[:1])
    assert {one.person for one in found if one.at < back} == {"p0", "p1", "p2"}
    assert [one.person for one in found if one.at >= back] == ["erin"]


def test_tasks_and_calls_take_time_and_no_room():
    steps = (PlanStep("s1"), PlanStep("call", 2, "days", "call"), PlanStep("s2", 2, "days"))
    found = run(people(1), steps=steps)
    assert [one.step for one in found] == ["s1", "s2"]
    assert found[1].at.date() == date(2026, 5, 15)


def test_the_key_of_the_mail_itself_decides_on_its_time():
    def at(prefix: str) -> datetime:
        def key_of(person: str, step: str) -> str:
            return f"{prefix}{person}{step}"

        return whole(PlanCadence("autumn", people(1), STEPS, QUICK, key_of))[0].at

    assert at("a") == at("a") != at("b")


def test_windows_that_never_open_plan_nothing():
    assert run(people(3), CadenceRules(windows=Windows("UTC", ()))) == []


# --- several of one mailbox -----------------------------------------------------------------


def waiting(many: int, *, due: timedelta = timedelta(hours=3), **how) -> list[PlanPerson]:
    """Planned already."""
    return [PlanPerson(f"p{one}", MONDAY, due_at=MONDAY + due, **how) for one in range(many)]


def test_whoever_asks_the_mailbox_is_the_same():
    """With no newcomers; the days of the two begin at different hours, and all are due at the same moment."""
    slow = CadenceRules(windows=NIGHTS, day_cap=40, gap_seconds=900, ramp_percent=0, domain_cap=0)
    autumn, winter = (
        [replace(one, turn=first + 2 * at) for at, one in enumerate(waiting(many))]
        for first, many in ((2, 30), (1, 20))
    )
    autumn = PlanCadence("autumn", autumn, STEPS, replace(QUICK, day_cap=15))
    winter = PlanCadence("winter", winter, STEPS, slow)
    found = whole(autumn, MailboxState("alice", others=(winter,)))
    assert found == whole(winter, MailboxState("alice", others=(autumn,)))
    assert {one.cadence for one in found} == {"autumn", "winter"}


def test_follow_ups_of_the_others_take_their_room():
    """Not only the mails of theirs that wait today."""
    rules = CadenceRules(windows=OFFICE, day_cap=20, gap_seconds=0, ramp_percent=0, domain_cap=0)
    beside = PlanCadence("beside", waiting(20), STEPS, rules)
    state = MailboxState("alice", others=(beside,))
    found = whole(PlanCadence("autumn", people(60), STEPS, rules), state)
    per_day = Counter(one.at.date() for one in found)
    assert max(per_day.values()) <= 21, "any 24 hours hold twenty"
    second = [one.at for one in found if one.cadence == "beside" and one.step == "s2"]
    own = Counter(one.at.date() for one in found if one.cadence == "autumn")
    assert len(second) == 20
    assert all(own[at.date()] <= 20 for at in second)


def test_each_mail_goes_by_the_rules_of_its_own_cadence():
    """One writes by day, the other by night, and only one of them keeps to two a day for a company."""
    day = CadenceRules(windows=OFFICE, day_cap=50, gap_seconds=0, ramp_percent=0, domain_cap=0)
    night = CadenceRules(windows=NIGHTS, day_cap=50, gap_seconds=0, ramp_percent=0, domain_cap=2)
    own = PlanCadence("day", waiting(5, domain="firm.example"), STEPS[:1], day)
    beside = PlanCadence("night", waiting(5, domain="firm.example"), STEPS[:1], night)
    found = whole(own, MailboxState("alice", others=(beside,)), days=60)
    by_cadence = {
        name: [one.at for one in found if one.cadence == name] for name in ("day", "night")
    }
    assert all(is_open(OFFICE, at) for at in by_cadence["day"])
    assert all(is_open(NIGHTS, at) for at in by_cadence["night"])
    assert len({at.date() for at in by_cadence["day"]}) == 1, "all five on one day"
    assert len(by_cadence["night"]) < 5, "what waits too long for its company waits for a person"
    first = by_cadence["night"][0] - by_cadence["day"][-1]
    assert first > timedelta(days=3), "it is open 16 hours later, and five had gone there that day"


def test_what_went_to_a_company_today_counts():
    rules = CadenceRules(windows=OFFICE, day_cap=50, gap_seconds=0, ramp_percent=0, domain_cap=2)
    earlier = (MONDAY - timedelta(hours=20), MONDAY - timedelta(hours=18))
    state = MailboxState("alice", left=earlier, left_to={"firm.example": earlier})
    found = run(waiting(2, domain="firm.example"), rules, steps=STEPS[:1], state=state)
    assert [one.at >= at + DAY for one, at in zip(found, earlier, strict=True)] == [True, True]


def test_a_mailbox_gets_used_to_what_all_of_them_send():
    late = {"ramp_percent": 20, "max_late_days": 30, "gap_seconds": 0, "domain_cap": 0}
    rules = CadenceRules(windows=OFFICE, day_cap=100, **late)
    afar = replace(rules, windows=Windows("America/New_York"))
    own = PlanCadence("own", waiting(60), STEPS[:1], rules)
    beside = PlanCadence("beside", waiting(60, due=timedelta(hours=8)), STEPS[:1], afar)
    found = whole(own, MailboxState("alice", others=(beside,)))
    per_day = Counter(one.at.date() for one in found)
    assert [per_day[date(2026, 5, day)] for day in range(11, 16)] == [20, 24, 29, 35, 12]
