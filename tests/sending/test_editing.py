"""Editing a cadence that runs: nobody gets a step twice, nobody's mail on its way is touched, and there is a way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import delete, select, update

from inboxcrm.cadence.plan_changes import Change
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.steps import DelayUnit, StepKind
from inboxcrm.cadence.wanted_steps import StepsError, WantedStep
from inboxcrm.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from inboxcrm.services import cadences, editing, step_versions
from inboxcrm.services.explaining import why_lead
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.planning_ahead import plan_ahead
from inboxcrm.services.templates import save_template
from inboxcrm.store.tables import enrollment, outbox, step, task
from tests.sending.office import ALICE, ALWAYS, Office
from tests.sending.test_stops import answer_from

NewOffice = Callable[..., Office]
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
REMINDER = {"after": "3 days", "template": "hello"}
DAY = 86_400


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    """Two steps to three people, all of whom wait for the second; Bob's opener left first."""
    made = new_office(steps=(REMINDER,))
    write(made, "more", "Something else, {{ first_name }}")
    return made


def write(office: Office, name: str, subject: str) -> None:
    save_template(office.desk, ALICE, name=name, subject=subject, text="More, {{ first_name }}.")


def send_openers(office: Office) -> None:
    office.send()
    office.bring_back()


def now(office: Office) -> list[WantedStep]:
    return list(step_versions.steps_now(office.desk, ALICE, "Autumn")[1])


def edit(
    office: Office, steps: list[WantedStep], *, for_all: bool = True, **how
) -> editing.EditLook:
    return editing.edit_cadence(office.desk, ALICE, "Autumn", steps, for_all=for_all, **how)


def look(office: Office, steps: list[WantedStep], *, for_all: bool = True) -> editing.EditLook:
    return editing.look_at_edit(office.desk, ALICE, "Autumn", steps, for_all=for_all)


def waiting(office: Office) -> dict[str, str]:
    """Recipient -> the step that waits."""
    return {row.to_address: row.step_key for row in office.rows() if row.state == "planned"}


def got(office: Office) -> Counter:
    """Recipient -> how many mails."""
    return Counter(office.post.deliveries())


def all_rows(office: Office) -> list:
    with office.desk.database.read() as tx:
        return [tx.execute(select(one)).all() for one in (outbox, enrollment, step, task)]


def more(**how) -> WantedStep:
    return WantedStep(template="more", delay=2, **how)


# --- the look ----------------------------------------------------------------------------


@on_sqlite
def test_a_look_changes_nothing_and_says_who_gets_what(office: Office) -> None:
    send_openers(office)
    before = all_rows(office)
    found = look(office, [*now(office), more()])
    assert all_rows(office) == before
    assert (found.people, len(found.edited), dict(found.counts)) == (3, 3, {Change.ADDED: 3})
    (added,) = found.edited[0].changes.mails
    assert (added.step, added.before) == ("s3", None)
    assert [one.name for one in found.edited] == ["Bob Tanaka", "Erin Tanaka", "Frank Tanaka"]


def test_what_the_look_says_is_what_happens(office: Office) -> None:
    """Every time and text it names, to the second a sender looks at its clock."""
    send_openers(office)
    first, second = now(office)
    steps = [first, replace(second, delay=5, template="more", version=0), more(opens_thread=True)]
    seen = look(office, steps)
    assert edit(office, steps) == seen
    office.to_the_end()
    for one in seen.edited:
        went = [mail.at for mail in office.post.sent if mail.to == one.address][1:]
        said = [mail.after.timestamp() for mail in one.changes.mails]
        assert [abs(a - b) <= 301 for a, b in zip(went, said, strict=True)] == [True, True]
    assert set(got(office).values()) == {3}
    assert all(b"More" in mail.mime for mail in office.post.sent[3:])


@on_sqlite
def test_for_new_people_nothing_changes_for_those_who_are_in_it(office: Office) -> None:
    send_openers(office)
    before = [row[:15] for row in office.rows()]
    found = edit(office, [now(office)[0]], for_all=False)
    assert (found.edited, dict(found.counts), found.for_all) == ((), {}, False)
    assert [row[:15] for row in office.rows()] == before
    create_lead(office.desk, ALICE, "dave@daves-firm.example", "Dave Tanaka")
    cadences.start(office.desk, ALICE, "Autumn")
    office.to_the_end()
    assert got(office)["dave@daves-firm.example"] == 1
    assert got(office)["bob@bobs-firm.example"] == 2


@on_sqlite
def test_the_plan_of_a_cadence_goes_by_each_persons_own_version(office: Office) -> None:
    send_openers(office)
    edit(office, [now(office)[0]], for_all=False)
    create_lead(office.desk, ALICE, "dave@daves-firm.example", "Dave Tanaka")
    cadences.start(office.desk, ALICE, "Autumn")
    planned = Counter(one.to for one in plan_ahead(office.desk, ALICE, "Autumn").mails)
    assert planned == Counter([*waiting(office)])
    assert len(planned) == 4


# --- the edit ------------------------------------------------------------------------------


def test_a_step_taken_out_is_lost_by_those_who_wait_for_it_and_comes_back(office: Office) -> None:
    send_openers(office)
    assert set(waiting(office).values()) == {"s2"}
    found = edit(office, [now(office)[0]])
    assert (dict(found.counts), found.ended) == ({Change.LOST: 3}, 3)
    assert waiting(office) == {}
    seen = editing.look_at_roll_back(office.desk, ALICE, "Autumn", 1, for_all=True)
    assert dict(seen.counts) == {Change.ADDED: 3}
    assert waiting(office) == {}
    editing.roll_back(office.desk, ALICE, "Autumn", 1, for_all=True)
    assert len(waiting(office)) == 3
    office.to_the_end()
    assert set(got(office).values()) == {2}
    assert office.wrong() == []


@on_sqlite
def test_whoever_answered_meanwhile_does_not_come_back(office: Office) -> None:
    send_openers(office)
    edit(office, [now(office)[0]])
    answer_from(office, "bob")
    editing.roll_back(office.desk, ALICE, "Autumn", 1, for_all=True)
    office.to_the_end()
    assert got(office)["bob@bobs-firm.example"] == 1
    assert got(office)["erin@erins-firm.example"] == 2


@on_sqlite
def test_another_text_and_another_wait_reach_the_mail_that_waits(office: Office) -> None:
    send_openers(office)
    before = {row.id: row.due_at for row in office.rows() if row.state == "planned"}
    first, second = now(office)
    edit(office, [first, replace(second, delay=6, template="more", version=0)])
    for row in office.rows():
        if row.id in before:
            assert 2 * DAY <= (row.due_at - before[row.id]) / 1000 <= 4 * DAY
    office.to_the_end()
    assert sum(b"More" in mail.mime for mail in office.post.sent) == 3


@on_sqlite
def test_whoever_is_past_a_new_step_does_not_get_it(office: Office) -> None:
    send_openers(office)
    first, second = now(office)
    edit(office, [first, second, more()])
    office.bench.clock.wait(4 * DAY)
    office.read_mail()
    office.send()
    office.bring_back()
    assert set(waiting(office).values()) == {"s3"}
    third = now(office)[2]
    edit(office, [first, replace(more(), title=""), second, third])
    office.to_the_end()
    assert set(got(office).values()) == {3}
    assert {row.step_key for row in office.rows()} == {"s1", "s2", "s3"}


@on_sqlite
@pytest.mark.parametrize("state", ["claimed", "drafted", "sending", "unknown", "sent"])
def test_a_mail_that_is_on_its_way_or_sent_is_never_touched(office: Office, state: str) -> None:
    with office.desk.database.write() as tx:
        bob = outbox.c.to_address == "bob@bobs-firm.example"
        tx.execute(update(outbox).where(bob).values(state=state, handed_over_at=1))
    before = next(row for row in office.rows() if row.to_address.startswith("bob"))
    edit(office, [more(), WantedStep("s2", template="more", delay=1)])
    after = next(row for row in office.rows() if row.id == before.id)
    assert after == before


@on_sqlite
def test_a_mail_on_its_way_whose_step_is_taken_out_is_followed_by_what_follows(
    office: Office,
) -> None:
    """A claim before the edit goes as it was; the step behind it is the new version's."""
    first, second = now(office)
    seen = []

    def while_it_is_handed_over() -> None:
        if not seen:
            seen.append(edit(office, [more(), replace(second, delay=1)]))

    office.to_the_end(before_hand_over=while_it_is_handed_over)
    assert seen[0].on_their_way == 1
    steps = Counter((row.to_address, row.step_key) for row in office.rows() if row.state == "sent")
    assert set(steps.values()) == {1}
    assert set(got(office).values()) == {2}
    who = {one for one, key in steps if key == first.key}
    assert len(who) == 1, "only the one that was claimed got the opener of before"
    assert office.wrong() == []


@on_sqlite
def test_a_key_is_never_given_away_again(office: Office) -> None:
    edit(office, [*now(office), more()])
    assert [one.key for one in now(office)] == ["s1", "s2", "s3"]
    edit(office, now(office)[:2])
    edit(office, [*now(office), more()])
    assert [one.key for one in now(office)] == ["s1", "s2", "s4"]
    cadences.add_step(office.desk, ALICE, "Autumn", **REMINDER)
    assert [one.key for one in now(office)] == ["s1", "s2", "s4", "s5"]


def test_a_call_put_in_is_set_for_those_on_the_way_and_only_once(office: Office) -> None:
    send_openers(office)
    first, second = now(office)
    call = WantedStep(kind=StepKind.CALL, title="Ring them", delay=1, unit=DelayUnit.BUSINESS_DAYS)
    edit(office, [first, call, second])
    edit(office, [now(office)[0], now(office)[1], replace(second, delay=4)])
    editing.roll_back(office.desk, ALICE, "Autumn", 2, for_all=True)
    editing.roll_back(office.desk, ALICE, "Autumn", 1, for_all=True)
    with office.desk.database.read() as tx:
        assert list(tx.execute(select(task.c.title)).scalars()) == ["Ring them"] * 3
    office.to_the_end()
    with office.desk.database.read() as tx:
        assert len(tx.execute(select(task)).all()) == 3
    assert set(got(office).values()) == {2}


@on_sqlite
def test_a_mail_that_could_not_be_written_is_planned_anew_with_its_mended_text(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob",))
    with office.desk.database.write() as tx:
        tx.execute(update(outbox).values(state="skipped", fault="no phone"))
    assert look(office, [replace(now(office)[0])]).edited == ()
    write(office, "more", "Something else")
    edit(office, [replace(now(office)[0], template="more", version=0)])
    office.to_the_end()
    assert got(office) == {"bob@bobs-firm.example": 1}


@on_sqlite
def test_a_long_cadence_moved_to_one_day_is_spread_and_never_too_late(
    new_office: NewOffice,
) -> None:
    people = ("ada", "bea", "cleo", "dora", "elsa", "fay", "gwen", "hope")
    rules = CadenceRules(windows=ALWAYS, day_cap=1, max_late_days=2)
    office = new_office(
        people=people, rules=rules, steps=({"after": "200 days", "template": "hello"},)
    )
    while Counter(office.states().values())["planned"] < 8 or len(office.post.sent) < 8:
        office.bench.clock.wait(DAY)
        office.read_mail()
        office.send()
        office.bring_back()
    first, second = now(office)
    edit(office, [first, replace(second, delay=1)])
    office.to_the_end()
    assert set(got(office).values()) == {2}


# --- refusals ---------------------------------------------------------------------------------


def test_of_two_who_edit_at_once_the_later_is_told_and_nothing_is_half_done(office: Office) -> None:
    version, steps = step_versions.steps_now(office.desk, ALICE, "Autumn")
    edit(office, [*steps, more()], version=version)
    before = all_rows(office)
    with pytest.raises(ConflictError) as caught:
        edit(office, [steps[0]], version=version)
    assert caught.value.version == version + 1
    with pytest.raises(ConflictError):
        editing.roll_back(office.desk, ALICE, "Autumn", 1, for_all=True, version=version)
    assert all_rows(office) == before


@on_sqlite
def test_what_cannot_be_edited_says_so(office: Office) -> None:
    with pytest.raises(RefusedError, match="Nothing of it would change"):
        edit(office, now(office))
    with pytest.raises(StepsError, match='no template "nothing"'):
        look(office, [WantedStep("s1", template="nothing")])
    with pytest.raises(StepsError, match='"more", version 9'):
        look(office, [WantedStep("s1", template="more", version=9)])
    with pytest.raises(NotFoundError, match="no version 9"):
        editing.look_at_roll_back(office.desk, ALICE, "Autumn", 9, for_all=True)
    stranger = replace(ALICE, account_id=7, mailbox_ids=frozenset())
    with pytest.raises(ForbiddenError):
        editing.look_at_edit(office.desk, stranger, "Autumn", now(office)[:1], for_all=True)
    cadences.cancel(office.desk, ALICE, "Autumn")
    with pytest.raises(RefusedError, match="cancelled"):
        edit(office, now(office)[:1])


@on_sqlite
def test_every_version_is_told_with_who_made_it_and_who_holds_to_it(office: Office) -> None:
    edit(office, now(office)[:1], for_all=False)
    editing.roll_back(office.desk, ALICE, "Autumn", 1, for_all=True)
    found = step_versions.versions(office.desk, ALICE, "Autumn")
    assert [(one.number, one.text, one.people, one.is_newest) for one in found] == [
        (3, "Back to version 1", 3, True),
        (2, "Edited", 0, False),
        (1, "Made", 0, False),
    ]
    assert [one.key for one in found[0].steps] == [one.key for one in found[2].steps]


@on_sqlite
def test_the_life_of_a_mail_says_that_it_was_planned_anew(office: Office) -> None:
    send_openers(office)
    first, second = now(office)
    edit(office, [first, replace(second, delay=9)])
    with office.desk.database.read() as tx:
        bob = office.desk.ids.seal("lead", office.lead_id(tx, "Bob Tanaka"))
    (story,) = why_lead(office.desk, ALICE, bob)
    assert story.mails[1].lines[-1].text == "Planned anew: the cadence was edited."


# --- whatever is done, in whatever order --------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_nobody_gets_a_step_twice_through_any_edits_and_crashes(
    new_office: NewOffice, seed: int
) -> None:
    dice = Random(seed)
    office = new_office(steps=(REMINDER, REMINDER))
    write(office, "more", "Something else, {{ first_name }}")

    def anything() -> None:
        if dice.random() > 0.4:
            return
        steps = now(office)
        version = step_versions.steps_now(office.desk, ALICE, "Autumn")[0]
        what = dice.randrange(4)
        if what == 0 and len(steps) < 6:
            steps.insert(dice.randrange(len(steps) + 1), more())
        elif what == 1 and len(steps) > 1:
            steps.pop(dice.randrange(len(steps)))
        elif what == 2:
            dice.shuffle(steps)
        else:
            editing.roll_back(
                office.desk, ALICE, "Autumn", dice.randint(1, version - 1), for_all=True
            ) if version > 1 else None
            return
        with suppress(RefusedError):  # where nothing of it would change
            edit(office, steps, for_all=dice.random() < 0.8)

    office.to_the_end(blow_at=dice.randint(5, 60), seed=seed, before_hand_over=anything)
    assert office.wrong() == []
    with office.desk.database.read() as tx:
        mails = Counter(tx.execute(select(outbox.c.lead_id, outbox.c.step_key)).all())
        assert set(mails.values()) == {1}
        stuck = tx.execute(select(enrollment.c.id).where(enrollment.c.state == "active")).all()
    assert stuck == [], "everybody comes to an end"


@on_sqlite
def test_a_sender_that_claims_beside_an_edit_loses_no_mail(office: Office) -> None:
    """The rows an edit drops are those no sender ever had; a row that was tried keeps its place and is cancelled."""
    with office.desk.database.write() as tx:
        tx.execute(delete(outbox).where(outbox.c.to_address != "bob@bobs-firm.example"))
        tx.execute(update(outbox).values(attempts=1))
    edit(office, [more(), now(office)[1]])
    assert sorted((row.step_key, row.state) for row in office.rows()) == [
        ("s1", "cancelled"),
        ("s3", "planned"),
    ]
