"""The figures of a pipeline, each by an example that can be counted on fingers."""

from __future__ import annotations

from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads.differences import WORDS, Change, Days, changes_of
from inboxcrm.leads.history import Deed, LeadEvent, LeadState, spells_of, standing_at, stays_at
from inboxcrm.leads.number_shapes import (
    DAY_MS,
    Asked,
    StageSum,
    open_sum,
    quartiles,
    velocity,
    weighted,
)
from inboxcrm.leads.numbers import DEFINITIONS, behind, numbers
from inboxcrm.leads.pipeline import DEFAULT_PIPELINE

ALICE, BOB, CAROL, DAVE = 1, 2, 3, 4


def day(number: float) -> int:
    return int(number * DAY_MS)


def made(lead_id: int, on: float, **sets) -> LeadEvent:
    at = day(on)
    state = {"pipeline": "sales", "stage": "new", "stage_since_at": at, "source": "inbound mail"}
    return LeadEvent(at, lead_id, Deed.MADE, state | sets)


def moved(lead_id: int, on: float, stage: str, reason: str = "") -> LeadEvent:
    at = day(on)
    sets = {"stage": stage, "stage_since_at": at, "stage_reason": reason}
    return LeadEvent(at, lead_id, Deed.CHANGED, sets)


def set_to(lead_id: int, on: float, **sets) -> LeadEvent:
    return LeadEvent(day(on), lead_id, Deed.CHANGED, sets)


def taken_back(lead_id: int, on: float, stage: str, since: float) -> LeadEvent:
    return LeadEvent(
        day(on), lead_id, Deed.TAKEN_BACK, {"stage": stage, "stage_since_at": day(since)}
    )


def asked(on: float, days: float = 90) -> Asked:
    return Asked(DEFAULT_PIPELINE, day(on), day(on - days))


BOB_IS_WON = [
    made(BOB, 100, owner_id=1),
    moved(BOB, 102, "engaged"),
    set_to(BOB, 103, value_cents=10_000_00, currency="EUR"),
    moved(BOB, 106, "opportunity"),
    moved(BOB, 110, "won"),
]
CAROL_IS_LOST = [
    made(CAROL, 101),
    moved(CAROL, 104, "engaged"),
    moved(CAROL, 112, "lost", "Too dear"),
]


def test_a_lead_stands_from_its_first_contact_until_it_is_removed():
    events = [made(BOB, 100), LeadEvent(day(105), BOB, Deed.REMOVED)]
    spells = spells_of([*events, LeadEvent(day(107), BOB, Deed.RETURNED)])
    stood = [on for on in (99, 100, 104, 105, 106, 107, 200) if BOB in standing_at(spells, day(on))]
    assert stood == [100, 104, 107, 200]


def test_on_a_past_day_a_value_given_later_is_not_known():
    spells = spells_of(BOB_IS_WON)
    assert standing_at(spells, day(102.5))[BOB].value_cents is None
    assert standing_at(spells, day(103))[BOB].value_cents == 10_000_00


def test_open_and_weighted_value_count_open_stages_alone_each_currency_by_itself():
    events = [
        *BOB_IS_WON,
        made(ALICE, 100, stage="sql", value_cents=1_000_01, currency="EUR"),
        made(DAVE, 100, stage="sql", value_cents=500_00, currency="USD"),
        made(CAROL, 100, stage="left over", value_cents=7_00, currency="EUR"),
    ]
    stages = numbers(spells_of(events), asked(120)).stages
    assert open_sum(stages, DEFAULT_PIPELINE) == StageSum(3, {"EUR": 1_007_01, "USD": 500_00})
    assert weighted(stages, DEFAULT_PIPELINE) == {"EUR": 500_00, "USD": 250_00}


def test_the_funnel_counts_who_came_in_within_the_period_and_how_many_came_on():
    events = [*BOB_IS_WON, *CAROL_IS_LOST, made(DAVE, 50), made(ALICE, 111)]
    found = {one.stage: one for one in numbers(spells_of(events), asked(120, days=30)).funnel}
    assert (found["new"].entered, found["new"].reached) == (3, 2)
    assert found["new"].took.median == day(2.5)
    assert (found["engaged"].entered, found["engaged"].reached) == (2, 1)
    assert found["engaged"].share == 0.5
    # Bob came from Engaged to Opportunity: he never was in the stages between.
    assert found["sal"].entered == 0
    assert found["sal"].share is None
    assert (found["opportunity"].entered, found["opportunity"].reached) == (1, 1)


def test_a_move_that_was_undone_took_place_only_until_then():
    events = [made(BOB, 100), moved(BOB, 102, "engaged"), taken_back(BOB, 105, "new", 100)]
    spells = spells_of(events)
    assert behind(spells, asked(104), "entered:engaged") == [BOB]
    assert behind(spells, asked(104), "left:new") == [BOB]
    assert behind(spells, asked(110), "entered:engaged") == []
    assert behind(spells, asked(110), "left:new") == []
    [stay] = stays_at(spells, day(110), pipeline="sales")
    assert (stay.stage, stay.entered_at, stay.left_at) == ("new", day(100), None)


def test_time_in_a_stage_is_told_of_stays_that_ended():
    found = numbers(spells_of([*BOB_IS_WON, *CAROL_IS_LOST]), asked(120)).times
    assert (found["new"].count, found["new"].median) == (2, day(2.5))
    assert (found["engaged"].first, found["engaged"].third) == (day(5), day(7))
    assert "won" not in found


def test_the_sales_cycle_goes_from_the_first_contact_to_won():
    events = [*BOB_IS_WON, made(DAVE, 100), moved(DAVE, 114, "won"), moved(CAROL, 90, "won")]
    events[-1:] = [made(CAROL, 20), moved(CAROL, 25, "won")]
    found = numbers(spells_of(events), asked(120, days=20)).cycle
    assert (found.mean, found.quartiles.median, found.quartiles.count) == (day(12), day(12), 2)


def test_the_win_rate_is_of_those_closed_within_the_period_and_still_so():
    events = [*BOB_IS_WON, *CAROL_IS_LOST, made(DAVE, 100), moved(DAVE, 105, "lost")]
    found = numbers(spells_of([*events, moved(DAVE, 108, "engaged")]), asked(120))
    assert (found.won.leads, found.lost.leads) == (1, 1)
    assert found.reasons == {"Too dear": 1}
    assert found.by_owner[1].win_rate == 1.0
    assert found.by_owner[None].win_rate == 0.0


def test_velocity_is_worth_a_day():
    events = [*BOB_IS_WON, *CAROL_IS_LOST, made(DAVE, 100), made(ALICE, 100)]
    found = numbers(spells_of(events), asked(120))
    # 2 open x 1/2 x EUR 10,000 / 10 days
    assert velocity(found, DEFAULT_PIPELINE) == {"EUR": 1_000_00}
    assert velocity(numbers(spells_of([made(DAVE, 100)]), asked(120)), DEFAULT_PIPELINE) == {}


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=40))
def test_quartiles_are_those_of_statistics_books(durations):
    found = quartiles(durations)
    wanted = quantiles(durations, n=4, method="inclusive")
    assert [found.first, found.median, found.third] == pytest.approx(wanted, abs=1)
    assert quartiles(durations[:1]).median == durations[0]


def test_every_figure_says_what_it_means():
    assert all(words.endswith(".") and len(words) > 40 for words in DEFINITIONS.values())
    assert set(WORDS) == set(Change)


DAYS = Days(at=day(100), then="2026-05-01", today="2026-05-14")
NEW = LeadState("sales", "new", day(90))


def since(then, now, *, last_mail=None):
    return changes_of(then, now, last_mail_at=last_mail, days=DAYS, pipeline=DEFAULT_PIPELINE)


def state(stage: str = "new", close_on: str | None = None) -> LeadState:
    return LeadState("sales", stage, day(90), close_on=close_on)


@pytest.mark.parametrize(
    ("then", "now", "found"),
    [
        (None, state(), {Change.NEW}),
        (None, state("won"), {Change.WON}),
        (state(), state("won"), {Change.WON}),
        (state("won"), state("won"), set()),
        (state(), state("disqualified"), {Change.LOST}),
        (state("lost"), state("disqualified"), set()),
        (state(), None, {Change.GONE}),
        (state(), state("mql"), {Change.MOVED}),
        (state("lost"), state("mql"), {Change.MOVED}),
        (state(), state(), set()),
        (state(close_on="2026-05-20"), state("mql", "2026-06-20"), {Change.MOVED, Change.SLIPPED}),
        (state(close_on="2026-05-20"), state("mql"), {Change.MOVED, Change.SLIPPED}),
        (state(close_on="2026-05-10"), state("mql", "2026-05-10"), {Change.MOVED, Change.SLIPPED}),
        (state(close_on="2026-04-10"), state("mql", "2026-04-10"), {Change.MOVED}),
        (state(close_on="2026-05-20"), state("mql", "2026-05-16"), {Change.MOVED}),
    ],
)
def test_what_happened_since(then, now, found):
    assert since(then, now) == found


def test_who_wrote_since_did_not_go_quiet():
    assert since(NEW, NEW, last_mail=day(100)) == {Change.QUIET}
    assert since(NEW, NEW, last_mail=day(101)) == set()
    assert since(NEW, NEW, last_mail=day(60)) == set(), "it had been quiet already"
