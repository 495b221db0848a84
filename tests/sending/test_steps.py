"""Several steps: waits, threads, tasks between mails, and stops that reach every step that has not left."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from inboxcrm.errors import RefusedError, UsageError
from inboxcrm.services import cadences
from inboxcrm.services.explaining import mail_story
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.templates import save_template
from inboxcrm.store.tables import task
from tests.sending.office import ALICE, Office
from tests.sending.test_stops import answer_from

NewOffice = Callable[..., Office]
REMINDER = {"after": "3 days", "template": "hello"}
DAY = 86_400


def mails(office: Office) -> list:
    return [message_from_bytes(one.mime, policy=policy.default) for one in office.post.sent]


def test_a_follow_up_goes_on_the_thread_days_later(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,))
    office.to_the_end()
    opener, follow_up = office.post.sent
    assert follow_up.at - opener.at >= 2 * DAY
    assert follow_up.thread_ref == opener.thread_ref
    first, second = mails(office)
    assert second["Subject"] == f"Re: {first['Subject']}"
    assert second["In-Reply-To"] == f"<real-{opener.ref}@mail.example>"
    assert second["References"] == f"<real-{opener.ref}@mail.example>"


def test_the_third_names_both_before_it_and_says_re_once(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER, REMINDER))
    office.to_the_end()
    third = mails(office)[2]
    ids = [f"<real-{one.ref}@mail.example>" for one in office.post.sent[:2]]
    assert third["References"].split() == ids
    assert third["In-Reply-To"] == ids[1]
    assert third["Subject"] == "Re: A word, Bob"


def test_a_step_may_open_a_thread_of_its_own(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=({**REMINDER, "opens_thread": True},))
    office.to_the_end()
    opener, second = office.post.sent
    assert second.thread_ref != opener.thread_ref
    assert mails(office)[1]["References"] is None


def test_no_follow_up_goes_before_the_one_it_answers_is_back(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=({"after": "0 days", "template": "hello"},))
    office.send()
    office.bench.clock.wait(DAY)
    office.read_mail()
    office.send()
    assert len(office.post.sent) == 1
    key = office.rows()[1].key
    assert [one.key for one in mail_story(office.desk, ALICE, key).against] == ["parent"]
    office.to_the_end()
    assert len(office.post.sent) == 2


def test_an_answer_between_two_steps_stops_the_second(new_office: NewOffice) -> None:
    office = new_office(people=("bob", "erin"), steps=(REMINDER,))
    office.send()
    office.bench.clock.wait(3_600)
    answer_from(office, "bob")
    office.to_the_end()
    assert sorted(row.state for row in office.rows()) == ["cancelled", "sent", "sent", "sent"]
    assert office.post.deliveries()["bob@bobs-firm.example"] == 1


def test_a_task_between_two_mails_is_set_and_the_wait_goes_on_from_it(
    new_office: NewOffice,
) -> None:
    call = {"after": "2 days", "kind": cadences.StepKind.CALL, "task": "Call them"}
    office = new_office(people=("bob",), steps=(call, REMINDER))
    office.to_the_end()
    with office.desk.database.read() as tx:
        [row] = tx.execute(select(task)).all()
    assert (row.title, row.due_on) == ("Call them", "2026-05-13")
    opener, second = office.post.sent
    assert second.at - opener.at >= 4 * DAY


def test_a_new_step_holds_for_who_comes_later(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    office.to_the_end()
    cadences.add_step(office.desk, ALICE, "Autumn", **REMINDER)
    create_lead(office.desk, ALICE, "dave@daves-firm.example", "Dave Tanaka")
    cadences.start(office.desk, ALICE, "Autumn")
    office.to_the_end()
    assert office.post.deliveries() == {"bob@bobs-firm.example": 1, "dave@daves-firm.example": 2}
    view = cadences.cadence_named(office.desk, ALICE, "Autumn")
    assert (view.row.version, [one.key for one in view.steps]) == (2, ["s1", "s2"])


def test_an_unconfirmed_mail_holds_the_next_step_until_a_person_spoke(
    new_office: NewOffice,
) -> None:
    from inboxcrm.services.explaining import resolve
    from tests.sending.post import Habits

    office = new_office(Habits(strips_key=True, lost_done=1.0), people=("bob",), steps=(REMINDER,))
    office.to_the_end()
    assert [row.state for row in office.rows()] == ["unconfirmed"]
    resolve(office.desk, ALICE, office.rows()[0].key, went=True)
    assert [row.state for row in office.rows()] == ["sent", "planned"]


@pytest.mark.parametrize(
    "how",
    [
        {"after": "soon", "template": "hello"},
        {"after": "2 business weeks", "template": "hello"},
        {"after": "900 days", "template": "hello"},
        {"after": "2 days", "kind": cadences.StepKind.TASK, "task": " "},
    ],
)
def test_a_step_that_cannot_be_read_is_refused(new_office: NewOffice, how) -> None:
    office = new_office(people=("bob",))
    with pytest.raises(UsageError):
        cadences.add_step(office.desk, ALICE, "Autumn", **how)


def test_a_cancelled_cadence_takes_no_more_steps(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    save_template(office.desk, ALICE, name="more", subject="More", text="More, {{ first_name }}")
    cadences.cancel(office.desk, ALICE, "Autumn")
    with pytest.raises(RefusedError):
        cadences.add_step(office.desk, ALICE, "Autumn", after="1 day", template="more")
