"""One lead's cadences rest until a day or until they are resumed: nothing goes meanwhile, and nothing bursts afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.errors import FieldsError, ForbiddenError, RefusedError
from inboxcrm.services.explaining import LeadStory, why_lead
from inboxcrm.services.lead_pauses import pause_lead, resume_lead
from inboxcrm.services.lead_stops import stop_lead
from inboxcrm.services.planning_ahead import plan_ahead
from inboxcrm.store.tables import activity
from tests.sending.incoming import BOB, away, come, heed, parked, sent_copies
from tests.sending.office import ALICE, MONDAY, QUICK, Office
from tests.sending.post import Habits
from tests.sending.test_stops import at_the_hand_over

NewOffice = Callable[..., Office]
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
STRANGER = Viewer(2, AccountRole.REP, frozenset())
REMINDER = {"after": "3 days", "template": "hello"}
THURSDAY = date(2026, 5, 14)


def lead_of(office: Office, name: str = "Bob Tanaka") -> str:
    with office.desk.database.read() as tx:
        return office.desk.ids.seal("lead", office.lead_id(tx, name))


def pause(office: Office, until: date | None = None, name: str = "Bob Tanaka") -> str:
    return pause_lead(office.desk, ALICE, lead_of(office, name), until=until).text


def resume(office: Office, name: str = "Bob Tanaka") -> str:
    return resume_lead(office.desk, ALICE, lead_of(office, name)).text


def wait(office: Office, days: float) -> None:
    office.bench.clock.wait(days * 86_400)
    office.read_mail()


def story(office: Office) -> LeadStory:
    (found,) = why_lead(office.desk, ALICE, lead_of(office))
    return found


def past(office: Office) -> list[str]:
    with office.desk.database.read() as tx:
        rows = tx.execute(select(activity.c.text).where(activity.c.kind == "cadence"))
        return [text for text in rows.scalars() if "paused" in text or "resumed" in text]


def test_nothing_goes_to_who_is_paused_and_to_all_others_it_does(new_office: NewOffice) -> None:
    office = new_office(people=("bob", "erin"))
    assert pause(office) == "Paused until somebody resumes it: Autumn"
    assert office.send().sent == 1
    wait(office, 400)
    assert office.send().sent == 0
    assert office.states() == {BOB: "planned", "erin@erins-firm.example": "sent"}


def test_a_pause_committed_before_the_hand_over_wins(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    report = office.send(at_the_hand_over(office, lambda: pause(office)))
    assert (report.sent, office.post.sent, office.post.drafts) == (0, [], {})
    assert office.states() == {BOB: "planned"}
    resume(office)
    assert office.send().sent == 1


def test_it_goes_on_by_itself_on_its_day_however_late_that_is(new_office: NewOffice) -> None:
    """Four days late a mail waits for a person; the days of a pause make nothing late."""
    office = new_office(people=("bob",))
    until = date(2026, 6, 1)
    assert pause(office, until) == "Paused until 1 June: Autumn"
    office.send()
    wait(office, 20.5)
    assert office.send().sent == 0
    wait(office, 0.2)
    assert office.bench.clock.at.date() == until
    assert office.send().sent == 1


def test_resumed_it_goes_at_once_though_it_fell_due_long_ago(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    pause(office)
    office.send()
    wait(office, 60)
    assert resume(office) == "Resumed: Autumn"
    assert office.send().sent == 1


def test_many_who_are_resumed_make_no_burst(new_office: NewOffice) -> None:
    names = ("bob", "erin", "frank")
    office = new_office(people=names, rules=replace(QUICK, gap_seconds=600))
    for name in names:
        pause(office, name=f"{name.title()} Tanaka")
    office.send()
    wait(office, 30)
    for name in names:
        resume(office, f"{name.title()} Tanaka")
    left = []
    for _ in range(60):
        if office.send().sent:
            left.append(office.bench.clock.at)
        office.bench.clock.wait(120)
        office.read_mail()
    assert len(left) == 3
    assert all(later - sooner >= timedelta(seconds=600) for sooner, later in pairwise(left))


def test_a_follow_up_waits_too_and_stays_in_its_thread(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,))
    office.send()
    sent_copies(office)
    pause(office)
    wait(office, 10)
    assert office.send().sent == 0
    resume(office)
    assert office.send().sent == 1
    first, second = office.post.sent
    assert first.thread_ref == second.thread_ref


def test_a_mail_that_lies_ready_goes_on_too(new_office: NewOffice) -> None:
    """Its draft was made and the provider took none for the moment; then a person paused it."""
    office = new_office(Habits(refused=1.0), people=("bob",))
    office.send()
    assert [row.state for row in office.rows()] == ["drafted"]
    pause(office)
    office.post.habits = Habits()
    wait(office, 1)
    assert office.send().sent == 0
    resume(office)
    assert office.send().sent == 1


@on_sqlite
def test_a_pause_never_shortens_an_absence_and_resuming_ends_either(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,))
    office.send()
    sent_copies(office)
    come(office, away())
    office.bench.clock.wait(120)
    heed(office)
    back = parked(office)
    assert back is not None
    with pytest.raises(RefusedError, match="rests that long already"):
        pause(office, (MONDAY + timedelta(days=1)).date())
    assert (parked(office), story(office).reason) == (back, "They are out of office.")
    assert resume(office) == "Resumed: Autumn"
    assert (parked(office), story(office).reason) == (office.bench.clock.at, "")
    with pytest.raises(RefusedError, match="No cadence of the lead rests"):
        resume(office)


@on_sqlite
def test_an_absence_never_ends_a_pause(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,))
    office.send()
    sent_copies(office)
    pause(office)
    until = parked(office)
    come(office, away())
    office.bench.clock.wait(120)
    heed(office)
    assert parked(office) == until
    assert (story(office).reason, story(office).rests_until) == (
        "A person paused it for them.",
        None,
    )


@on_sqlite
def test_it_is_told_who_did_it_and_until_when(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    pause(office, THURSDAY)
    pause(office)
    resume(office)
    assert past(office) == [
        "Autumn paused until 14 May",
        "Autumn paused until somebody resumes it",
        "Autumn resumed",
    ]
    pause(office, THURSDAY)
    found = story(office)
    assert (found.reason, found.rests_until) == (
        "A person paused it for them.",
        datetime(2026, 5, 14, tzinfo=UTC),
    )
    assert "A person paused it for them." in [one.text for one in found.mails[0].against]


@on_sqlite
def test_the_plan_knows_it(new_office: NewOffice) -> None:
    office = new_office(people=("bob", "erin"))
    pause(office)
    ahead = plan_ahead(office.desk, ALICE, "Autumn")
    assert (len(ahead.mails), ahead.unplanned) == (1, 1)
    resume(office)
    assert plan_ahead(office.desk, ALICE, "Autumn").unplanned == 0


@on_sqlite
def test_a_stop_is_a_stop_also_of_what_rests(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    pause(office)
    stop_lead(office.desk, ALICE, lead_of(office))
    with pytest.raises(RefusedError, match="in no cadence"):
        resume(office)
    office.send()
    assert office.states() == {BOB: "cancelled"}


@on_sqlite
def test_only_who_may_send_may_pause(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    for act in (pause_lead, resume_lead):
        with pytest.raises(ForbiddenError, match="a mailbox you may not send from"):
            act(office.desk, STRANGER, lead_of(office))
    assert parked(office) is None


@on_sqlite
@pytest.mark.parametrize("until", [date(2026, 5, 11), date(2020, 1, 1), date(2040, 1, 1)])
def test_a_day_that_is_none_is_refused(new_office: NewOffice, until: date) -> None:
    office = new_office(people=("bob",))
    with pytest.raises(FieldsError):
        pause(office, until)
    assert parked(office) is None
