"""Forecast, slips, quotas and first answers, each by an example that can be counted on fingers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads import answers
from inboxcrm.leads.answers import Mail, first_mails, judged, owed, responses, responses_behind
from inboxcrm.leads.forecast import WORDS, Ahead, CameKey, forecast, leads_picked, pick_of
from inboxcrm.leads.goals import Goals, Quota, is_period, quotas_on
from inboxcrm.leads.history import Deed, LeadEvent, spells_of
from inboxcrm.leads.number_shapes import Asked, StageSum, weighted
from inboxcrm.leads.pipeline import DEFAULT_PIPELINE
from inboxcrm.leads.slips import WORDS as SLIP_WORDS
from inboxcrm.leads.slips import slips, slips_behind
from inboxcrm.leads.spans import Span, month_of, moved, quarter_of, span_of
from inboxcrm.leads.worked_time import HOUR_MS, WorkedTime
from inboxcrm.leads.working_time import WorkingHours, hours_between

ALICE, BOB, CAROL, DAVE = 1, 2, 3, 4
OFFICE = WorkingHours("Europe/Lisbon")


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def made(lead_id: int, on: str, **sets) -> LeadEvent:
    state = {"pipeline": "sales", "stage": "sql", "stage_since_at": ms(on), "source": "fair"}
    return LeadEvent(ms(on), lead_id, Deed.MADE, state | sets)


def set_to(lead_id: int, on: str, **sets) -> LeadEvent:
    return LeadEvent(ms(on), lead_id, Deed.CHANGED, sets)


def moved_to(lead_id: int, on: str, stage: str) -> LeadEvent:
    return set_to(lead_id, on, stage=stage, stage_since_at=ms(on))


def ahead(on: str, zone: str = "UTC") -> Ahead:
    return Ahead(DEFAULT_PIPELINE, ms(on), date.fromisoformat(on[:10]), zone)


def asked(on: str, since: str) -> Asked:
    return Asked(DEFAULT_PIPELINE, ms(on), ms(since))


def euros(amount: int) -> dict[str, object]:
    return {"value_cents": amount * 100, "currency": "EUR"}


# --- months and quotas ------------------------------------------------------------------


def test_months_and_quarters_are_written_and_read():
    assert [span_of(one).key for one in ("2026-05", "2026-Q4", "0999-12")] == ["2026-05", "2026-Q4", "0999-12"]  # fmt: skip
    assert {span_of(one) for one in ("", "2026-13", "2026-5", "2026-Q5", "0000-01", "２０２６-05", "2026-05\n")} == {None}  # fmt: skip
    assert (span_of("2026-Q1").first, span_of("2026-Q1").last) == (date(2026, 1, 1), date(2026, 3, 31))  # fmt: skip
    assert (month_of(date(2026, 2, 9)).last, quarter_of(date(2026, 12, 9)).label) == (date(2026, 2, 28), "4th quarter of 2026")  # fmt: skip
    assert moved(Span(date(2026, 11, 1)), 3).key == "2027-02"
    assert moved(Span(date(2026, 2, 1)), -2).key == "2025-12"


def test_a_month_begins_where_the_house_is():
    assert span_of("2026-05").begins_at("Asia/Tokyo") == ms("2026-04-30T15:00")
    assert span_of("2026-05").begins_at("America/New_York") == ms("2026-05-01T04:00")


def test_a_quota_for_one_month_comes_before_one_for_each():
    each = Quota(100, "EUR", "month")
    may, quarter, dollars = Quota(200, "EUR", "2026-05"), Quota(9, "EUR", "quarter"), Quota(5, "USD", "month")  # fmt: skip
    goals = Goals((each, may, quarter, dollars, Quota(7, "EUR", "month", "bea@ourfirm.example"), Quota(1, "EUR", "month", pipeline="support")))  # fmt: skip

    def on(day: date, **where):
        found = quotas_on(goals, day, **({"pipeline": "sales", "is_first": True} | where))
        return [(one.span.key, one.quota.amount_cents) for one in found]

    assert on(date(2026, 5, 9)) == [("2026-05", 200), ("2026-Q2", 9), ("2026-05", 5), ("2026-05", 7)]  # fmt: skip
    assert on(date(2026, 6, 9))[0] == ("2026-06", 100)
    assert on(date(2026, 6, 9), pipeline="support", is_first=False) == [("2026-06", 1)]
    assert [is_period(one) for one in ("month", "quarter", "2026-05", "year", "")] == [True, True, True, False, False]  # fmt: skip


# --- forecast ---------------------------------------------------------------------------

HISTORY = [
    made(BOB, "2026-03-10", close_on="2026-04-20", owner_id=1, **euros(1000)),
    made(CAROL, "2026-03-10", close_on="2026-04-25", **euros(500)),
    made(DAVE, "2026-04-02", close_on="2026-04-30", **euros(40)),  # came when April had begun
    made(ALICE, "2026-03-01", close_on="2026-04-10", value_cents=300_00, currency="USD"),
    moved_to(BOB, "2026-04-22", "won"),
    set_to(CAROL, "2026-04-24", close_on="2026-06-25"),
]


def test_a_forecast_is_what_was_expected_when_the_month_began():
    found = forecast(spells_of(HISTORY), ahead("2026-05-14"))
    assert found.then == {("2026-04", "sql"): StageSum(3, {"EUR": 1_500_00, "USD": 300_00})}
    stages = {"sql": found.then["2026-04", "sql"]}
    assert weighted(stages, DEFAULT_PIPELINE) == {"EUR": 750_00, "USD": 150_00}
    assert found.came == {CameKey("2026-04", 1, "EUR"): StageSum(1, {"EUR": 1_000_00})}


def test_what_is_expected_stands_in_its_month_and_overdue_says_so():
    found = forecast(spells_of(HISTORY), ahead("2026-05-14"))
    held = {(key.bucket, key.is_passed, key.currency): one.leads for key, one in found.due.items()}
    assert held == {
        ("2026-04", True, "EUR"): 1,
        ("2026-04", True, "USD"): 1,
        ("2026-06", False, "EUR"): 1,
    }
    picked = {
        which: leads_picked(spells_of(HISTORY), ahead("2026-05-14"), pick_of(which))
        for which in ("forecast:2026-04", "came:2026-Q2:EUR:1", "came:2026-04:USD", "due:passed",
                      "due:any:EUR:0", "due:2026-Q2", "due:none", "due:later")
    }  # fmt: skip
    assert picked == {
        "forecast:2026-04": [ALICE, BOB, CAROL], "came:2026-Q2:EUR:1": [BOB], "came:2026-04:USD": [],
        "due:passed": [ALICE, DAVE], "due:any:EUR:0": [CAROL, DAVE], "due:2026-Q2": [ALICE, CAROL, DAVE],
        "due:none": [], "due:later": [],
    }  # fmt: skip


def test_on_a_past_day_nothing_is_known_of_what_came_later():
    found = forecast(spells_of(HISTORY), ahead("2026-04-15"))
    assert found.came == {}
    assert sum(one.leads for one in found.due.values()) == 4
    assert found.then["2026-04", "sql"].leads == 3


@pytest.mark.parametrize(
    "which",
    ["", "forecast", "forecast:2026-Q2", "forecast:2026-05:EUR", "due:soon", "came:any", "due:any:EUR:x", "due:any:EUR:1:1", "due:any:EUR:٣", "won:2026-05"],
)  # fmt: skip
def test_what_is_no_figure_is_none(which):
    assert pick_of(which) is None


# --- slips ------------------------------------------------------------------------------


def test_a_slip_is_told_from_the_first_date_to_the_last():
    events = [
        made(BOB, "2026-01-05", close_on="2026-04-20", owner_id=1),
        set_to(BOB, "2026-04-18", close_on="2026-04-28"),
        set_to(BOB, "2026-04-27", close_on="2026-05-30"),
        set_to(BOB, "2026-05-02", close_on="2026-05-20"),
        made(CAROL, "2026-01-05", close_on="2026-04-20"),
        set_to(CAROL, "2026-04-27", close_on=None),
        made(DAVE, "2026-01-05"),
        set_to(DAVE, "2026-04-27", close_on="2026-05-30"),
    ]
    found = slips(spells_of(events), asked("2026-05-14", "2026-03-01"))
    assert [tuple(one) for one in found.some] == [
        (BOB, 1, "2026-04-20", "2026-05-20", 2),
        (CAROL, None, "2026-04-20", None, 0),
    ]
    assert found.some[0].days == 30
    assert found.dated == {1: 1, None: 1}
    assert slips_behind(found.some, "slipped") == slips_behind(found.some, "slipped", "1") == [BOB]
    assert slips_behind(found.some, "dropped", "0") == [CAROL]


def test_a_date_that_was_put_right_again_did_not_slip():
    events = [
        made(BOB, "2026-01-05", close_on="2026-04-20"),
        set_to(BOB, "2026-04-02T10:00", close_on="2062-04-20"),
        set_to(BOB, "2026-04-02T10:01", close_on="2026-04-20"),
    ]
    assert slips(spells_of(events), asked("2026-04-14", "2026-03-01")).some == ()
    at_once = [*events, set_to(BOB, "2026-04-03", close_on="2030-01-01"), set_to(BOB, "2026-04-03", close_on="2026-04-21")]  # fmt: skip
    assert slips(spells_of(at_once), asked("2026-04-14", "2026-03-01")).some == ()


def test_what_was_closed_before_the_period_did_not_slip_in_it():
    events = [made(BOB, "2026-01-05", close_on="2026-04-20"), moved_to(BOB, "2026-02-01", "lost"),
              set_to(BOB, "2026-04-02", close_on="2026-09-20")]  # fmt: skip
    assert slips(spells_of(events), asked("2026-04-14", "2026-03-01")).some == ()


# --- answers ----------------------------------------------------------------------------


def mail(at: str, lead_id: int, direction: str = "in", message_id: int = 1, **more) -> Mail:
    return Mail(ms(at), lead_id, direction, message_id, more.pop("conversation", lead_id), **more)


def test_the_first_answer_is_ours_and_a_persons():
    spells = spells_of([made(one, "2026-01-01") for one in (ALICE, BOB, CAROL, DAVE)])
    mails = [
        mail("2026-05-04T09:00", BOB),
        mail("2026-05-04T10:00", BOB, "out", 2, is_cadence=True),
        mail("2026-05-05T09:00", BOB, "out", 3),
        mail("2026-05-06T09:00", BOB, "out", 4),
        mail("2026-04-01T09:00", CAROL, "in", 5),  # before the period
        mail("2026-05-04T09:00", CAROL, "in", 6),
        mail("2026-05-04T09:00", DAVE, "in", 7),  # needs no answer
        mail("2026-05-03T09:00", ALICE, "out", 8),  # we wrote first
        mail("2026-05-11T09:00", ALICE, "in", 9),
    ]
    period = asked("2026-05-14", "2026-05-01")
    found = first_mails(spells, mails, period, {7})
    assert [(one.lead_id, one.answered_at) for one in found] == [
        (ALICE, None),
        (BOB, ms("2026-05-05T09:00")),
    ]
    early = first_mails(spells, mails, asked("2026-05-04T12:00", "2026-05-01"), set())
    assert [(one.lead_id, one.answered_at) for one in early] == [(BOB, None), (DAVE, None)]


def test_answers_are_judged_in_working_hours():
    spells = spells_of([made(one, "2026-01-01", owner_id=one % 2) for one in (ALICE, BOB, CAROL, DAVE)])  # fmt: skip
    mails = [
        mail("2026-05-08T15:30", BOB),  # a Friday; the office closes at 16:00 UTC
        mail("2026-05-11T08:30", BOB, "out", 2),
        mail("2026-05-11T08:00", CAROL, "in", 3),
        mail("2026-05-12T09:00", CAROL, "out", 4),
        mail("2026-05-13T15:00", DAVE, "in", 5),
        mail("2026-05-05T08:00", ALICE, "in", 6),
    ]
    period = asked("2026-05-14T08:00", "2026-05-01")
    worked = WorkedTime(OFFICE, period.since, period.at)
    found = judged(first_mails(spells, mails, period, ()), worked, at=period.at, target=8 * HOUR_MS)
    assert {one.mail.lead_id: (one.worked // HOUR_MS, one.verdict) for one in found} == {
        ALICE: (56, "waited"), BOB: (1, "within"), CAROL: (9, "late"), DAVE: (1, "waiting"),
    }  # fmt: skip
    sums = responses(found)
    assert (sums.took.count, sums.took.median, sums.share) == (2, 5 * HOUR_MS, 1 / 3)
    assert (sums.waiting, sums.waited, sums.bands) == (2, 1, (1, 0, 0, 0, 1, 0, 0))
    assert answers.by_owner(found)[1].late == 1
    assert responses_behind(found, "band", "0") == [BOB]
    assert responses_behind(found, "waiting") == [ALICE, DAVE]
    assert responses_behind(found, "late", "1") == [CAROL]
    assert responses_behind(found, "late", "0") == []


def test_we_owe_who_wrote_last_in_any_conversation():
    spells = spells_of([made(BOB, "2026-01-01"), made(CAROL, "2026-01-01"), moved_to(CAROL, "2026-05-02", "lost")])  # fmt: skip
    mails = [
        mail("2026-05-04T09:00", BOB, "in", 1, conversation=1),
        mail("2026-05-05T09:00", BOB, "out", 2, conversation=1),
        mail("2026-05-06T09:00", BOB, "in", 3, conversation=2),
        mail("2026-05-07T09:00", BOB, "in", 4, conversation=3),
        mail("2026-05-07T09:00", CAROL, "in", 5, conversation=4),
    ]
    period = asked("2026-05-14", "2026-05-01")
    assert owed(spells, mails, period, ()) == [(BOB, None, ms("2026-05-06T09:00"))]
    assert owed(spells, mails, period, {3}) == [(BOB, None, ms("2026-05-07T09:00"))]
    assert owed(spells, mails, period, {3, 4}) == []
    assert owed(spells, mails, asked("2026-05-04T12:00", "2026-05-01"), ()) == [
        (BOB, None, ms("2026-05-04T09:00"))
    ]


moments = st.integers(ms("2026-01-01"), ms("2026-12-31"))
weeks = st.builds(
    lambda zone, text: WorkingHours.parse(text, zone),
    st.sampled_from(["UTC", "Europe/Lisbon", "America/Sao_Paulo", "Asia/Tokyo", "Pacific/Auckland"]),
    st.sampled_from(["", "mon-fri 09:00-17:00", "sun-thu 08:00-00:00", "sat 01:30-03:30", "mon-sun 00:00-24:00"]),
)  # fmt: skip


@given(weeks, moments, moments)
def test_worked_time_is_that_of_working_hours(hours, a, b):
    since, until = min(a, b), max(a, b)
    clock = WorkedTime(hours, since, until)
    at_a, at_b = (datetime.fromtimestamp(one / 1000, UTC) for one in (a, b))
    wanted = hours_between(hours, at_a, at_b) * HOUR_MS
    assert clock.between(a, b) == pytest.approx(wanted, abs=2)


@given(weeks, moments, st.integers(1, 8))
def test_the_moment_before_so_much_work_is_the_last_such_one(hours, at, worked):
    clock = WorkedTime(hours, at - 120 * 86_400_000, at)
    found = clock.before(at, worked * HOUR_MS)
    assert clock.between(found, at) == worked * HOUR_MS
    assert clock.between(found + 1, at) < worked * HOUR_MS


def test_every_figure_says_what_it_means():
    said = [*WORDS.values(), SLIP_WORDS, *answers.WORDS.values()]
    assert all(words.endswith(".") and len(words) > 40 for words in said)
