"""The dry run says what the sender then does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.windows import Windows
from inboxcrm.errors import RefusedError
from inboxcrm.services import cadences
from inboxcrm.services.dry_runs import openers_due
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.planning_ahead import plan_ahead, plans_ahead
from inboxcrm.services.suppressions import suppress
from inboxcrm.store import senders
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import lead, outbox, sending
from tests.sending.office import ALICE, ALWAYS, Office

NewOffice = Callable[..., Office]
PEOPLE = ("ada", "bea", "cleo", "dora", "elsa", "fay", "gwen", "hope")
RULES = CadenceRules(windows=Windows("Europe/Berlin"), day_cap=3, gap_seconds=600, domain_cap=0)


def second_cadence(office: Office, **rules) -> None:
    """Not started, to the same people: they are active in the first one, which is cancelled."""
    cadences.cancel(office.desk, ALICE, "Autumn")
    office.merge("Spring", CadenceRules(windows=ALWAYS, domain_cap=0, **rules))


def test_a_cadence_that_is_not_started_is_planned_for_its_segment(new_office: NewOffice) -> None:
    office = new_office(people=PEOPLE)
    second_cadence(office, day_cap=3, gap_seconds=60)
    suppress(office.desk, ALICE, "ada@adas-firm.example")
    found = plan_ahead(office.desk, ALICE, "Spring", days=10)
    assert (found.state, found.people, found.unplanned) == ("draft", 7, 0)
    assert [one.openers for one in found.days] == [3, 3, 1]
    assert sum(one.follow_ups + one.others for one in found.days) == 0
    assert "ada@adas-firm.example" not in {one.to for one in found.mails}
    assert found == plan_ahead(office.desk, ALICE, "Spring", days=10)
    assert plan_ahead(office.desk, ALICE, "Spring", days=1).unplanned == 4
    assert len(office.rows()) == 8, "nothing was planned for real"


def test_what_is_planned_is_what_the_sender_does(new_office: NewOffice) -> None:
    """Openers due as the plan has them leave at the very minutes of the plan, day after day."""
    office = new_office(people=PEOPLE, rules=RULES)
    with office.desk.database.write() as tx:
        tx.execute(outbox.update().values(due_at=to_ms(office.bench.clock.at)))
        rows = {row.lead_id: row for row in tx.execute(select(outbox)).all()}
    planned = plan_ahead(office.desk, ALICE, "Autumn", days=30)
    assert len(planned.mails) == len(PEOPLE)
    numbers = {office.desk.ids.seal("lead", one): one for one in rows}
    with office.desk.database.write() as tx:
        for mail in planned.mails:
            wanted = outbox.c.lead_id == numbers[mail.lead_id]
            tx.execute(update(outbox).where(wanted).values(due_at=to_ms(mail.at)))
    again = plan_ahead(office.desk, ALICE, "Autumn", days=30)
    assert again.mails == planned.mails, "planned anew from what was planned it is the same"
    office.goes_to_the_end_as(planned.mails)
    assert {one.to for one in planned.mails} == {one.to for one in office.post.sent}


def test_from_start_to_end_follow_ups_included_it_goes_as_planned(new_office: NewOffice) -> None:
    office = new_office(
        people=PEOPLE,
        rules=RULES,
        steps=({"after": "2 business days", "template": "hello"},),
    )
    planned = plan_ahead(office.desk, ALICE, "Autumn", days=60)
    assert len(planned.mails) == 2 * len(PEOPLE)
    office.goes_to_the_end_as(planned.mails)


def test_what_is_due_already_is_planned_for_now_and_in_its_turn(new_office: NewOffice) -> None:
    """Whoever looks while a mailbox sends is told the order in which it goes on."""
    rules = CadenceRules(windows=ALWAYS, day_cap=1_000, gap_seconds=600, ramp_percent=0)
    office = new_office(people=PEOPLE, rules=rules)
    turns = [row.to_address for row in sorted(office.rows(), key=lambda row: row.due_at)]
    office.bench.clock.wait(3_600)
    planned = plan_ahead(office.desk, ALICE, "Autumn", days=30).mails
    assert [one.to for one in planned] == turns
    assert planned[0].at == office.bench.clock.at
    office.read_mail()
    office.goes_to_the_end_as(planned)


def test_a_long_list_is_never_late_for_its_length(new_office: NewOffice) -> None:
    """One a day for eight days, where four days late is too late."""
    office = new_office(people=PEOPLE, rules=CadenceRules(windows=ALWAYS, day_cap=1))
    office.to_the_end()
    assert set(office.states().values()) == {"sent"}


def test_after_a_pause_what_waits_is_planned_anew_and_nothing_is_late_for_it(
    new_office: NewOffice,
) -> None:
    rules = CadenceRules(windows=ALWAYS, day_cap=1, max_late_days=4)
    office = new_office(people=PEOPLE, rules=rules)
    before = {row.key: row.due_at for row in office.rows()}
    cadences.pause(office.desk, ALICE, "Autumn")
    office.bench.clock.wait(3.5 * 86_400)
    cadences.resume(office.desk, ALICE, "Autumn")
    after = {row.key: row.due_at for row in office.rows()}
    now = to_ms(office.bench.clock.at)
    assert all(after[key] >= before[key] for key in before)
    assert min(after.values()) >= now
    apart = sorted(after.values())
    assert all(b - a >= 86_400_000 for a, b in pairwise(apart))
    office.read_mail()
    office.to_the_end()
    assert set(office.states().values()) == {"sent"}


def test_openers_are_due_on_the_days_that_have_room_for_them(new_office: NewOffice) -> None:
    office = new_office(people=PEOPLE)
    second_cadence(office, day_cap=2, gap_seconds=60)
    view = cadences.cadence_named(office.desk, ALICE, "Spring")
    now = office.bench.clock.at
    with office.desk.database.read() as tx:
        found = openers_due(tx, office.desk, ALICE, view.row, view.steps, now=now, secret=b"s" * 32)
        assert set(found) == set(tx.execute(select(lead.c.id)).scalars())
    days = sorted((at - to_ms(now)) // 86_400_000 for at in found.values())
    assert days[-1] >= 2
    assert all(min(days) <= day <= 4 for day in days)


def test_mails_of_other_cadences_take_their_room_and_are_shown(new_office: NewOffice) -> None:
    office = new_office(people=PEOPLE)
    office.merge("Spring", CadenceRules(windows=ALWAYS, day_cap=4, gap_seconds=0, domain_cap=0))
    found = plan_ahead(office.desk, ALICE, "Spring", days=5)
    assert (found.people, sum(one.others for one in found.days)) == (0, 8), "all are in the first"


def test_a_pause_of_the_mailbox_and_an_absence_put_it_off(new_office: NewOffice) -> None:
    from inboxcrm.store import senders
    from inboxcrm.store.tables import enrollment

    office = new_office(people=("bob", "erin"))
    now = office.bench.clock.at
    with office.desk.database.write() as tx:
        senders.pause_sending(tx, 1, until_at=to_ms(now + timedelta(hours=5)), reason="x")
        wanted = enrollment.c.id == 1
        back = to_ms(now + timedelta(days=2))
        tx.execute(update(enrollment).where(wanted).values(parked_until_at=back))
    found = plan_ahead(office.desk, ALICE, "Autumn")
    ahead = {one.to.partition("@")[0]: one.at - now for one in found.mails}
    assert timedelta(hours=5) <= ahead["erin"] < timedelta(days=1)
    assert ahead["bob"] >= timedelta(days=2)


def test_a_cadence_that_is_over_has_no_plan(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    cadences.cancel(office.desk, ALICE, "Autumn")
    with pytest.raises(RefusedError, match="cancelled"):
        plan_ahead(office.desk, ALICE, "Autumn")


def test_what_finds_no_room_goes_in_its_turn_when_there_is_some(new_office: NewOffice) -> None:
    """Mails that are planned keep their time, whatever a day holds: the mailbox got less room after they were."""
    steps = ({"after": "2 business days", "template": "hello"},)
    office = new_office(people=PEOPLE, rules=RULES, steps=steps)
    with office.desk.database.write() as tx:
        senders.pause_sending(tx, 1, until_at=None, reason="")
        tx.execute(update(sending).values(day_cap=2))
    planned = plan_ahead(office.desk, ALICE, "Autumn", days=60)
    assert len(planned.mails) == 2 * len(PEOPLE)
    office.goes_to_the_end_as(planned.mails)


def beside_it(office: Office, people: tuple[str, ...], rules: CadenceRules, **step: str) -> None:
    """A second cadence, "Spring", that runs from the same mailbox."""
    for name in people:
        create_lead(office.desk, ALICE, f"{name}@{name}s-firm.example", f"{name.title()} Tanaka")
    office.merge("Spring", rules)
    if step:
        cadences.add_step(office.desk, ALICE, "Spring", **step)
    cadences.start(office.desk, ALICE, "Spring", expected=len(people))


def test_two_cadences_of_a_mailbox_go_as_the_plan_of_each_says(new_office: NewOffice) -> None:
    """What follows in the one takes room from what follows in the other."""
    step = {"after": "2 business days", "template": "hello"}
    office = new_office(people=PEOPLE, rules=RULES, steps=(step,))
    beside_it(office, ("ines", "jane", "kim", "lou", "mia"), RULES, **step)
    autumn, spring = (plan_ahead(office.desk, ALICE, name) for name in ("Autumn", "Spring"))
    assert (len(autumn.mails), len(spring.mails)) == (16, 10)
    autumn_load, spring_load = (
        {day.day: day.openers + day.follow_ups + day.others for day in plan.days}
        for plan in (autumn, spring)
    )
    assert autumn_load == spring_load, "one mailbox, whichever is asked"
    assert sum(day.others for day in autumn.days) == len(spring.mails)
    assert [autumn, spring] == plans_ahead(office.desk, ALICE, ["Autumn", "Spring"])
    office.goes_to_the_end_as([*autumn.mails, *spring.mails])


def test_a_paused_cadence_takes_no_room_from_the_others(new_office: NewOffice) -> None:
    office = new_office(people=PEOPLE, rules=RULES)
    beside_it(office, ("ines",), RULES)
    before = plan_ahead(office.desk, ALICE, "Spring")
    cadences.pause(office.desk, ALICE, "Autumn")
    after = plan_ahead(office.desk, ALICE, "Spring")
    assert sum(one.others for one in before.days) == len(PEOPLE)
    assert sum(one.others for one in after.days) == 0
    assert plans_ahead(office.desk, ALICE, ["Autumn"]) == []
    cadences.resume(office.desk, ALICE, "Autumn")
    office.read_mail()
    both = plans_ahead(office.desk, ALICE, ["Autumn", "Spring"])
    office.goes_to_the_end_as([mail for one in both for mail in one.mails])
