"""Resend: one step once more, because a person pressed for it; a mail of its own that goes by every rule or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.windows import Windows
from inboxcrm.errors import ForbiddenError, NotFoundError, RefusedError
from inboxcrm.ports import Handed, Prepared, Refused, RefusedFor
from inboxcrm.services import cadences, editing, resending, step_versions
from inboxcrm.services.explaining import mail_story, resolve
from inboxcrm.services.idempotency import run_once
from inboxcrm.services.lead_stops import stop_lead
from inboxcrm.services.leads import move_stage
from inboxcrm.services.planning_ahead import plan_ahead
from inboxcrm.services.suppressions import suppress
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.lead_cadence import cadence_of_lead
from inboxcrm.store.tables import activity, enrollment, outbox, outbox_line
from tests.sending.incoming import BOB, come, heed, letter, sent_copies, standing
from tests.sending.office import ALICE, MONDAY, QUICK, Office
from tests.sending.post import PostSender

NewOffice = Callable[..., Office]
REMINDER = {"after": "3 days", "template": "hello"}
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    """Bob and Erin got the one mail there is, and its sent copies are back: both are at the end."""
    made = new_office(people=("bob", "erin"))
    made.send()
    made.bench.clock.wait(3_600)
    made.read_mail()
    sent_copies(made)
    return made


def line(office: Office, step: str = "s1", who: str = BOB, resend: int = 0):
    return next(
        one
        for one in office.rows()
        if (one.to_address, one.step_key, one.resend) == (who, step, resend)
    )


def press(office: Office, **which) -> resending.Resend:
    return resending.resend(office.desk, ALICE, line(office, **which).key)


def look(office: Office, **which) -> resending.Resend:
    return resending.look_at_resend(office.desk, ALICE, line(office, **which).key)


def put(office: Office, state: str, *, stopped: str = "") -> None:
    """Bob's mail came to that end, and his enrollment with it."""
    with office.desk.database.write() as tx:
        own = line(office)
        copy = own.ref if state == "sent" else ""
        tx.execute(update(outbox).where(outbox.c.id == own.id).values(state=state, ref=copy))
        if stopped:
            tx.execute(
                update(enrollment)
                .where(enrollment.c.id == own.enrollment_id)
                .values(state="stopped", stop_reason=stopped, stop_words="The provider said no.")
            )


def everything(office: Office) -> list:
    with office.desk.database.read() as tx:
        return [
            tx.execute(select(one)).all() for one in (outbox, outbox_line, enrollment, activity)
        ]


# --- what a press does ---------------------------------------------------------------------


def test_one_step_goes_once_more_as_a_mail_of_its_own(office: Office) -> None:
    first = line(office)
    done = press(office)
    again = line(office, resend=1)
    assert (again.resent_by, again.repeats_id) == (ALICE.account_id, first.id)
    assert (done.key, done.repeats) == (again.key, first.key)
    assert again.key != first.key
    assert (again.state, standing(office)[BOB]) == ("planned", ("active", ""))
    office.to_the_end()
    assert office.post.deliveries() == {BOB: 2, "erin@erins-firm.example": 1}
    assert office.wrong() == []
    assert standing(office)[BOB] == ("finished", "")
    story = mail_story(office.desk, ALICE, again.key)
    said = "You asked to have it sent once more."
    assert story.lines[0].text == f"{said} It repeats the mail of 11 May."
    assert mail_story(office.desk, ALICE, first.key).lines[-1].text == said


def test_a_look_shows_the_mail_and_changes_nothing(office: Office) -> None:
    before = everything(office)
    found = look(office)
    assert everything(office) == before
    assert (found.subject, found.to, found.step) == ("A word, Bob", BOB, "s1")
    assert "Good day Bob" in found.text
    assert found.warnings == (
        "They got it on 11 May. They get it a second time, because you want it so.",
    )
    assert (found.may_double, found.goes_on, found.waits) == (False, False, ())


@on_sqlite
def test_of_an_unconfirmed_mail_it_says_that_it_may_double(office: Office) -> None:
    put(office, "unconfirmed")
    found = look(office)
    assert found.may_double
    assert found.warnings == (
        "Nobody could tell whether the mail of 11 May went. If it did, they get it twice.",
    )
    assert press(office).may_double
    office.to_the_end()
    assert office.post.deliveries()[BOB] == 2


class _Refusing(PostSender):
    def hand_over(self, prepared: Prepared) -> Handed:
        return Refused(RefusedFor.MAIL, "550 too large", 0.0)


@on_sqlite
def test_a_refused_mail_goes_once_more_and_the_cadence_with_it(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,))
    office.send(_Refusing(office.post))
    assert (line(office).state, standing(office)[BOB]) == ("failed", ("stopped", "refused"))
    assert press(office).goes_on
    office.to_the_end()
    assert [(one.step_key, one.resend, one.state) for one in office.rows()] == [
        ("s1", 0, "failed"), ("s1", 1, "sent"), ("s2", 0, "sent"),
    ]  # fmt: skip
    assert office.post.deliveries() == {BOB: 2}


@on_sqlite
def test_what_a_person_says_did_not_go_is_sent_once_more_and_the_cadence_goes_on(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,))
    put(office, "unconfirmed")
    resolve(office.desk, ALICE, line(office).key, went=False)
    assert (line(office).state, standing(office)[BOB][0]) == ("cancelled", "finished")
    assert (press(office).goes_on, look_fails(office)) == (True, "on its way")
    office.to_the_end()
    assert office.post.deliveries() == {BOB: 2}
    assert [(one.step_key, one.state) for one in office.rows()] == [
        ("s1", "cancelled"), ("s1", "sent"), ("s2", "sent"),
    ]  # fmt: skip


def look_fails(office: Office) -> str:
    with pytest.raises(RefusedError) as raised:
        look(office)
    return "on its way" if "on its way" in raised.value.message else raised.value.message


def test_a_resend_in_the_middle_changes_nothing_of_what_is_to_come(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER, REMINDER))
    office.send()
    office.bench.clock.wait(600)
    sent_copies(office)
    waits = line(office, "s2")
    press(office)
    assert line(office, "s2") == waits
    with office.desk.database.read() as tx:
        found = cadence_of_lead(tx, waits.lead_id, since=0)
    assert found is not None
    assert found.gone == 1
    office.to_the_end()
    assert [(one.step_key, one.resend) for one in office.rows()] == [
        ("s1", 0), ("s2", 0), ("s1", 1), ("s3", 0),
    ]  # fmt: skip
    assert office.post.deliveries() == {BOB: 4}
    with office.desk.database.read() as tx:
        found = cadence_of_lead(tx, waits.lead_id, since=0)
    assert found is not None
    assert (found.gone, found.steps) == (3, 3)


@on_sqlite
def test_a_follow_up_goes_once_more_on_its_thread(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,))
    office.to_the_end()
    office.bring_back()
    assert look(office, step="s2").subject == "Re: A word, Bob"
    press(office, step="s2")
    office.to_the_end()
    assert [one.thread_ref for one in office.post.sent] == [office.post.sent[0].thread_ref] * 3


@on_sqlite
def test_it_says_what_the_step_says_now(new_office: NewOffice) -> None:
    from inboxcrm.services.templates import save_template

    office = new_office(people=("bob",))
    office.send()
    sent_copies(office)
    save_template(office.desk, ALICE, name="hello", subject="Better, {{ first_name }}", text="Hi.")
    steps = [
        replace(one, version=0) for one in step_versions.steps_now(office.desk, ALICE, "Autumn")[1]
    ]
    editing.edit_cadence(office.desk, ALICE, "Autumn", steps, for_all=False)
    assert (look(office).subject, look(office).version) == ("Better, Bob", 2)


@on_sqlite
def test_a_step_that_was_taken_out_since_goes_with_the_words_it_had(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER, REMINDER))
    office.to_the_end()
    office.bring_back()
    first = step_versions.steps_now(office.desk, ALICE, "Autumn")[1][0]
    editing.edit_cadence(office.desk, ALICE, "Autumn", [first], for_all=True)
    found = press(office, step="s2")
    assert (found.template, found.goes_on) == ("", False)
    assert plan_ahead(office.desk, ALICE, "Autumn").mails[0].number == 0
    office.to_the_end()
    assert (office.post.deliveries(), office.wrong()) == ({BOB: 4}, [])


# --- what keeps it ---------------------------------------------------------------------------


def refused(office: Office, viewer: Viewer = ALICE, **which) -> str:
    before = everything(office)
    with pytest.raises(RefusedError) as raised:
        resending.resend(office.desk, viewer, line(office, **which).key)
    assert everything(office) == before, "what was refused left something behind"
    return f"{raised.value.message} {raised.value.remedy}"


@on_sqlite
def test_whoever_is_suppressed_gets_nothing_once_more(office: Office) -> None:
    suppress(office.desk, ALICE, BOB, source="test")
    assert "is suppressed" in refused(office)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (letter(), "wrote on 11 May 2026"),
        (letter("Content-Type: text/calendar; method=REPLY", text="BEGIN:VCALENDAR"), "11 May"),
        (letter(text="Please take me off your list."), "not to be written to"),
    ],
)
@on_sqlite
def test_whoever_answered_in_any_way_after_the_end_gets_nothing_once_more(
    office: Office, raw: str, said: str
) -> None:
    come(office, raw)
    office.bench.clock.wait(120)
    heed(office)
    assert standing(office)[BOB][0] == "finished"
    assert said in refused(office)


@on_sqlite
def test_whom_we_answered_by_hand_after_the_end_gets_nothing_once_more(office: Office) -> None:
    come(office, letter("From: alice@seller.example", f"To: {BOB}"), labels=("SENT",))
    office.bench.clock.wait(120)
    assert "by hand" in refused(office)


@on_sqlite
def test_stops_stay(office: Office, new_office: NewOffice) -> None:
    with office.desk.database.read() as tx:
        bob = office.desk.ids.seal("lead", office.lead_id(tx, "Bob Tanaka"))
    move_stage(office.desk, ALICE, bob, "won", version=1)
    assert "stage" in refused(office)
    other = new_office(people=("bob",), steps=(REMINDER,))
    other.send()
    with other.desk.database.read() as tx:
        bob = other.desk.ids.seal("lead", other.lead_id(tx, "Bob Tanaka"))
    stop_lead(other.desk, ALICE, bob)
    assert "stopped it by hand" in refused(other)


@on_sqlite
def test_of_a_cadence_that_was_cancelled_nothing_goes_once_more(office: Office) -> None:
    cadences.cancel(office.desk, ALICE, "Autumn")
    assert "The cadence is cancelled." in refused(office)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("planned", "on its way"),
        ("drafted", "on its way"),
        ("sending", "looked into"),
        ("unknown", "looked into"),
        ("skipped", "tried anew by itself"),
    ],
)
@on_sqlite
def test_what_is_on_its_way_is_not_sent_beside_itself(
    office: Office, state: str, said: str
) -> None:
    put(office, state)
    assert said in refused(office)


@on_sqlite
def test_only_whoever_sends_from_the_mailbox_may_press(office: Office) -> None:
    stranger = Viewer(2, mailbox_ids=frozenset())
    before = everything(office)
    with pytest.raises(ForbiddenError):
        resending.look_at_resend(office.desk, stranger, line(office).key)
    with pytest.raises(NotFoundError):
        resending.resend(office.desk, ALICE, "x" * 10_000)
    assert everything(office) == before


@on_sqlite
def test_it_waits_for_its_window_and_its_place_behind_all_others(new_office: NewOffice) -> None:
    narrow = Windows.of_week("UTC", {"mon": [(time(9), time(10))], "thu": [(time(9), time(10))]})
    rules = replace(QUICK, windows=narrow, gap_seconds=60)
    office = new_office(people=("bob", "erin"), rules=rules)
    office.send()
    office.bench.clock.wait(600)
    office.send()
    sent_copies(office)
    office.bench.clock.wait(7_200)
    found = look(office)
    thursday = MONDAY + timedelta(days=3)
    assert found.due_at == thursday
    assert "Outside the hours in which it may go." in found.waits
    press(office)
    assert look_of_plan(office) == [(BOB, thursday)]
    press(office, who="erin@erins-firm.example")
    assert (
        timedelta(seconds=60)
        <= from_ms(line(office, who="erin@erins-firm.example", resend=1).due_at) - thursday
    )
    office.to_the_end()
    went = [from_ms(int(one.at * 1000)) for one in office.post.sent[2:]]
    assert all(thursday <= at < thursday + timedelta(hours=1) for at in went)


def look_of_plan(office: Office) -> list:
    planned = plan_ahead(office.desk, ALICE, "Autumn")
    assert (planned.people, planned.unplanned) == (len(planned.mails), 0)
    return [(one.to, one.at) for one in planned.mails]


@on_sqlite
def test_an_edit_a_pause_and_the_plan_know_it_for_what_it_is(new_office: NewOffice) -> None:
    """It waits beside what is to come anyway: an edit takes neither out, a plan tells each once, a pause moves both."""
    office = new_office(people=("bob",), steps=(REMINDER, REMINDER))
    office.send()
    office.bench.clock.wait(600)
    sent_copies(office)
    press(office)
    told = sorted(one.step for one in plan_ahead(office.desk, ALICE, "Autumn").mails)
    assert told == ["s1", "s2", "s3"]
    assert [one.number for one in plan_ahead(office.desk, ALICE, "Autumn").mails] == [1, 2, 3]
    first, second, _ = step_versions.steps_now(office.desk, ALICE, "Autumn")[1]
    found = editing.edit_cadence(
        office.desk, ALICE, "Autumn", [first, replace(second, delay=5)], for_all=True
    )
    assert [mail.step for one in found.edited for mail in one.changes.mails] == ["s2", "s3"]
    assert line(office, resend=1).state == "planned"
    cadences.pause(office.desk, ALICE, "Autumn")
    office.bench.clock.wait(2 * 86_400)
    office.read_mail()
    cadences.resume(office.desk, ALICE, "Autumn")
    assert from_ms(line(office, resend=1).due_at) >= office.bench.clock.at - timedelta(seconds=1)
    office.to_the_end()
    assert [(one.step_key, one.resend, one.state) for one in office.rows()] == [
        ("s1", 0, "sent"), ("s2", 0, "sent"), ("s1", 1, "sent"),
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["sent", "unconfirmed"])
@on_sqlite
def test_where_only_it_waits_an_edit_leaves_it_alone(office: Office, state: str) -> None:
    """It is no step of theirs that an edit may take."""
    put(office, state)
    press(office)
    (first,) = step_versions.steps_now(office.desk, ALICE, "Autumn")[1]
    steps = [replace(first, key="", version=0), replace(first, delay=2)]
    editing.edit_cadence(office.desk, ALICE, "Autumn", steps, for_all=True)
    assert line(office, resend=1).state == "planned"
    office.to_the_end()
    assert office.post.deliveries()[BOB] == 2


@on_sqlite
def test_a_press_is_taken_back_while_its_mail_waits(office: Office) -> None:
    key = press(office).key
    resending.call_off(office.desk, ALICE, key)
    assert (line(office, resend=1).state, standing(office)[BOB]) == ("cancelled", ("finished", ""))
    story = mail_story(office.desk, ALICE, key)
    assert story.lines[-1].text == "You took it back before it went."
    before = everything(office)
    for other in (key, line(office).key):
        with pytest.raises(RefusedError, match="cannot be taken back"):
            resending.call_off(office.desk, ALICE, other)
    assert everything(office) == before
    press(office, resend=1)
    office.to_the_end()
    assert office.post.deliveries()[BOB] == 2
    assert office.wrong() == []


@on_sqlite
def test_a_mail_in_hand_or_planned_by_the_cadence_is_not_taken_back(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    with pytest.raises(RefusedError):
        resending.call_off(office.desk, ALICE, line(office).key)
    office.send()
    sent_copies(office)
    key = press(office).key
    with office.desk.database.write() as tx:
        tx.execute(update(outbox).where(outbox.c.resend == 1).values(state="claimed", ref=""))
    with pytest.raises(RefusedError):
        resending.call_off(office.desk, ALICE, key)
    assert line(office, resend=1).state == "claimed"


# --- once ----------------------------------------------------------------------------------------


@on_sqlite
def test_pressing_twice_sends_it_once_and_pressing_for_a_third_one_is_another_mail(
    office: Office,
) -> None:
    press(office)
    assert "on its way" in refused(office)
    office.to_the_end()
    office.bring_back()
    press(office, resend=1)
    assert (line(office, resend=2).repeats_id, line(office, resend=2).resent_by) == (
        line(office, resend=1).id, 1,
    )  # fmt: skip
    office.to_the_end()
    assert (office.post.deliveries()[BOB], office.wrong()) == (3, [])


@on_sqlite
def test_the_same_request_does_it_once(office: Office) -> None:
    key = line(office).key

    def act(desk) -> tuple[int, bytes]:
        return 200, resending.resend(desk, ALICE, key).key.encode()

    answers = {run_once(office.desk, ALICE, "one", "print", act) for _ in range(3)}
    assert len(answers) == 1
    assert [one.resend for one in office.rows()] == [0, 0, 1]


@on_sqlite
def test_the_step_is_named_or_is_the_only_one(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,))
    with office.desk.database.read() as tx:
        bob = office.desk.ids.seal("lead", office.lead_id(tx, "Bob Tanaka"))
    named = resending.mail_to_repeat(office.desk, ALICE, "autumn", bob, "")
    assert named == line(office).key
    office.to_the_end()
    for step in ("", "s9", "s1' OR 1=1", "\u202e\n" * 5_000):
        with pytest.raises(NotFoundError) as raised:
            resending.mail_to_repeat(office.desk, ALICE, "autumn", bob, step)
        assert raised.value.remedy == "Those they had: s1, s2."
        assert len(raised.value.message) < 200
    assert (
        resending.mail_to_repeat(office.desk, ALICE, "autumn", bob, "s2") == line(office, "s2").key
    )


def test_the_database_takes_no_such_mail_without_a_person(office: Office) -> None:
    own = line(office)
    values = {
        name: getattr(own, name)
        for name in ("enrollment_id", "cadence_id", "lead_id", "mailbox_id", "step_key", "due_at")
    }
    for wrong in ({"resend": 1}, {"resend": 0, "resent_by": 1, "step_key": "s7"}):
        with pytest.raises(IntegrityError), office.desk.database.write() as tx:
            tx.execute(insert(outbox).values(**values | {"key": "made-up"} | wrong))
