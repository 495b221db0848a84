"""The hours of a cadence are those of the people it writes to, where it is known where they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from inboxcrm.cadence.limit_forms import rules_with
from inboxcrm.cadence.rules import CadenceRules, Clock, rules_from_json
from inboxcrm.cadence.steps import DelayUnit
from inboxcrm.cadence.windows import Windows, is_open
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.services.adding import add_lead
from inboxcrm.services.cadences import add_step, cancel, pause, resume, start
from inboxcrm.services.editing import edit_cadence
from inboxcrm.services.explaining import why_lead
from inboxcrm.services.lead_fields import edit_lead
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.limits import change_limits, limits_of, look_at_limits
from inboxcrm.services.planning_ahead import plan_ahead
from inboxcrm.services.resending import resend
from inboxcrm.services.step_versions import steps_now
from inboxcrm.store import cadences
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.tables import lead, outbox
from inboxcrm.views.leads import lead_list
from tests.sending.incoming import away, come, heed, sent_copies
from tests.sending.office import ALICE, MONDAY, Office

NewOffice = Callable[..., Office]
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
WHERE = LeadField("where", "Time zone", FieldKind.TIME_ZONE)
ZONES = {"Bob Tanaka": "Asia/Tokyo", "Frank Tanaka": "America/New_York", "Erin Tanaka": ""}
RULES = CadenceRules(windows=Windows("UTC"), gap_seconds=0, ramp_percent=0, domain_cap=0)


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    """Monday, 09:00 UTC: in Tokyo the day is over, in New York it has not begun."""
    made = new_office()
    cancel(made.desk, ALICE, "Autumn")
    made.bench.lead_fields = (WHERE,)
    for name, zone in ZONES.items():
        live_in(made, name, zone)
    return made


def live_in(office: Office, name: str, zone: str) -> None:
    found = next(one for one in lead_list(office.desk, ALICE).rows if one.name == name)
    changes = {"custom": {"where": zone}}
    edit_lead(office.desk, ALICE, found.id, version=found.version, changes=changes)


def begin(office: Office, rules: CadenceRules = RULES, *steps: str) -> None:
    office.merge("Spring", rules)
    for wait in steps:
        add_step(office.desk, ALICE, "Spring", after=wait, template="hello")
    start(office.desk, ALICE, "Spring")


def named(address: str) -> str:
    return f"{address.partition('@')[0].title()} Tanaka"


def went(office: Office) -> list[tuple[str, datetime]]:
    """Who got one when, by their own clock."""
    found = []
    for one in office.post.sent:
        name = named(one.to)
        zone = ZoneInfo(ZONES[name] or "UTC")
        found.append((name, datetime.fromtimestamp(one.at, zone)))
    return found


def everyone_went_in_their_hours(office: Office, *, mails: int) -> None:
    office.to_the_end()
    found = went(office)
    assert len(found) == mails
    for name, at in found:
        assert is_open(replace(RULES.windows, zone=ZONES[name] or "UTC"), at), f"{name}: {at}"


def test_everybody_gets_it_in_their_own_hours(office: Office) -> None:
    begin(office, RULES, "2 days", "1 business day")
    everyone_went_in_their_hours(office, mails=9)
    first = dict(reversed(went(office)))
    assert first["Erin Tanaka"].astimezone(UTC).hour == 9
    assert (first["Bob Tanaka"].day, first["Bob Tanaka"].hour) == (MONDAY.day + 1, 9)
    assert (first["Frank Tanaka"].day, first["Frank Tanaka"].hour) == (MONDAY.day, 9)


def test_what_is_planned_by_their_clocks_is_what_the_sender_does(office: Office) -> None:
    begin(office, replace(RULES, gap_seconds=600), "3 days")
    planned = plan_ahead(office.desk, ALICE, "Spring", days=30)
    assert {one.to: one.zone for one in planned.mails} == {
        f"{name.partition(' ')[0].lower()}@{name.partition(' ')[0].lower()}s-firm.example": zone
        for name, zone in ZONES.items()
    }
    office.goes_to_the_end_as(planned.mails)


@on_sqlite
def test_by_a_fixed_clock_all_get_it_at_once(office: Office) -> None:
    begin(office, replace(RULES, clock=Clock.FIXED))
    assert office.send().sent == 3


@on_sqlite
def test_whoever_moves_is_waited_for_and_it_is_said(office: Office) -> None:
    """The gate asks when it is about to go, wherever they were when it was planned."""
    begin(office)
    live_in(office, "Erin Tanaka", "Pacific/Auckland")
    assert office.send().sent == 0
    story = why_lead(office.desk, ALICE, office.sealed_lead("Erin Tanaka"))[0]
    (reason,) = [one for mail in story.mails for one in mail.against]
    assert reason.text == "Outside the hours in which it may go, on their clock (Pacific/Auckland)."
    assert reason.until == datetime(2026, 5, 11, 21, tzinfo=UTC)


@on_sqlite
def test_what_is_said_of_a_lead_wins_over_its_address(office: Office) -> None:
    live_in(office, "Bob Tanaka", "UTC")
    begin(office)
    assert office.send().sent == 2


def test_other_limits_move_those_whom_they_concern(office: Office) -> None:
    begin(
        office,
        replace(RULES, clock=Clock.FIXED, windows=Windows("UTC", (RULES.windows.windows[1],))),
    )
    rules = limits_of(office.desk, ALICE, "Spring")[1]
    assert rules.clock is Clock.FIXED
    by_theirs = rules_with(rules, {"clock": "lead"})
    look = look_at_limits(office.desk, ALICE, "Spring", by_theirs)
    assert sorted(one.name for one in look.moved) == ["Bob Tanaka", "Frank Tanaka"]
    change_limits(office.desk, ALICE, "Spring", by_theirs)
    office.to_the_end()
    for name, at in went(office):
        assert (at.day, time(9) <= at.time() < time(17)) == (MONDAY.day + 1, True), name
    with office.desk.database.read() as tx:
        row = cadences.cadence_by_key(tx, "spring")
        assert row is not None
        assert rules_from_json(row.rules) == by_theirs


@on_sqlite
def test_who_is_away_is_back_when_their_day_begins(office: Office) -> None:
    begin(office, replace(RULES, windows=Windows.always("UTC")), "3 days")
    office.send()
    office.bench.clock.wait(600)
    sent_copies(office)
    come(office, away())
    office.bench.clock.wait(120)
    heed(office)
    story = why_lead(office.desk, ALICE, office.sealed_lead("Bob Tanaka"))[0]
    until = story.rests_until
    assert until is not None
    assert until.astimezone(ZoneInfo("Asia/Tokyo")).time() == time(0)


@on_sqlite
def test_what_another_kind_of_the_field_once_held_is_no_zone(office: Office) -> None:
    with office.desk.database.write() as tx:
        tx.execute(update(lead).values(custom='{"where": "../etc/passwd"}'))
    begin(office)
    assert office.send().sent == 3


@on_sqlite
def test_what_a_field_held_that_is_no_longer_declared_counts_no_more(office: Office) -> None:
    office.bench.lead_fields = ()
    begin(office)
    assert office.send().sent == 3


# --- every other way in which a time is made --------------------------------------------


def test_edited_under_them_they_go_on_in_their_hours(office: Office) -> None:
    begin(office, RULES, "3 days")
    office.bench.clock.wait(20 * 3_600)
    office.read_mail()
    office.send()
    office.bring_back()
    steps = list(steps_now(office.desk, ALICE, "Spring")[1])
    later = [steps[0], replace(steps[1], delay=4, unit=DelayUnit.BUSINESS_DAYS)]
    look = edit_cadence(office.desk, ALICE, "Spring", later, for_all=True)
    assert look.edited
    everyone_went_in_their_hours(office, mails=6)


def test_whoever_is_added_later_is_told_their_own_time(office: Office) -> None:
    begin(office)
    create_lead(office.desk, ALICE, "hana@hanas-firm.example", "Hana Tanaka")
    live_in(office, "Hana Tanaka", "Asia/Tokyo")
    look = add_lead(office.desk, ALICE, "Spring", office.sealed_lead("Hana Tanaka"))
    assert look.first_at is not None
    assert look.first_at.astimezone(ZoneInfo("Asia/Tokyo")).hour == 9


@on_sqlite
def test_sent_once_more_it_comes_in_their_hours(office: Office) -> None:
    begin(office)
    office.to_the_end()
    key = next(
        row.key
        for row in office.rows()
        if row.to_address.startswith("bob@") and row.state == "sent"
    )
    resend(office.desk, ALICE, key)
    everyone_went_in_their_hours(office, mails=4)


@on_sqlite
def test_after_a_pause_of_all_they_are_due_in_their_hours(office: Office) -> None:
    begin(office)
    pause(office.desk, ALICE, "Spring")
    office.bench.clock.wait(30 * 3_600)
    office.read_mail()
    resume(office.desk, ALICE, "Spring")
    for row in office.rows():
        if row.state == "planned":
            zone = ZONES[named(row.to_address)] or "UTC"
            assert is_open(replace(RULES.windows, zone=zone), from_ms(row.due_at))
    everyone_went_in_their_hours(office, mails=3)


@on_sqlite
def test_whose_night_it_is_does_not_hold_up_the_others(office: Office) -> None:
    """The gap has not passed when the turn of one who sleeps comes: the mailbox waits for the gap, not for the morning."""
    live_in(office, "Frank Tanaka", "")
    begin(office, replace(RULES, gap_seconds=600))
    turns = ("Erin Tanaka", "Bob Tanaka", "Frank Tanaka")
    with office.desk.database.write() as tx:
        for place, name in enumerate(turns):
            of = (outbox.c.lead_id == office.lead_id(tx, name)) & (outbox.c.state == "planned")
            tx.execute(update(outbox).where(of).values(due_at=to_ms(MONDAY) + place))
    office.bench.clock.wait(1)
    report = office.send()
    assert (report.sent, "window" in report.held_by, "gap" in report.held_by) == (1, True, True)
    for _ in range(2):  # each of the two has a gap of its own
        waits = report.next_at / 1000 - office.bench.clock.seconds()
        assert 0 < waits <= 900
        office.bench.clock.wait(waits)
        office.read_mail()
        report = office.send()
    assert [named(one.to) for one in office.post.sent] == ["Erin Tanaka", "Frank Tanaka"]
