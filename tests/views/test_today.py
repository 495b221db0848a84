"""What a rep owes today: in which order, whose, what is left out, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from inboxcrm.services.lead_marks import snooze
from inboxcrm.services.leads import create_lead, delete_lead, dismiss_wait, move_stage
from inboxcrm.services.looking import look_at_today
from inboxcrm.services.tasks import add_task, finish_task
from inboxcrm.store.tables import account, lead, mailbox
from inboxcrm.views.leads import lead_list
from inboxcrm.views.today import today_page, today_section
from tests.views.correspondence import ALICE, NOW, Office, counted_queries

ERIN = "erin@ourfirm.example"
DAVE = "dave@ourfirm.example"


def today(office: Office, viewer=None, *, hours: float = 24, **more):
    since = office.clock.moment - timedelta(hours=hours)
    return today_page(office.desk, viewer or office.viewer, since=since, **more)


def names(part) -> list[str]:
    return [getattr(row, "name", None) or row.task.title for row in part.rows]


def lead_of(office: Office, name: str):
    return next(row for row in lead_list(office.desk, office.viewer).rows if row.name == name)


def write(office: Office, sender: str, days_ago: float, to: str = ALICE, **more) -> None:
    """One conversation for each person: whoever writes answers the mail before."""
    who = (sender if to == ALICE else to).rpartition("<")[2].rstrip(">")
    office.mail(sender, to, days_ago=days_ago, reply_to_id=f"talk-{who}", **more)


def answer_to(office: Office, address: str, days_ago: float, **more) -> None:
    write(office, ALICE, days_ago, address, **more)


# --- answers owed ------------------------------------------------------------


def test_the_longest_wait_comes_first_with_its_mail_and_its_age(office):
    office.mail("Bob <bob@bakery.example>", subject="Bread", text="How much?", days_ago=1)
    office.mail("Carol <carol@harbour.example>", subject="Berths", days_ago=6)
    view = today(office)
    assert names(view.owed) == ["Carol", "Bob"]
    bob = view.owed.rows[1]
    assert (bob.subject, bob.snippet, bob.age) == ("Bread", "How much?", "one working day")
    assert bob.url.startswith("/threads/")
    assert view.heading == "2 people wait for an answer"


def test_an_age_counts_working_hours_only(office):
    office.clock.moment = datetime(2026, 5, 18, 11, tzinfo=UTC)  # a Monday
    office.mail("Bob <bob@bakery.example>", days_ago=2.8)  # Friday, 15:48
    assert today(office).owed.rows[0].age == "3 working hours"


def test_no_answer_needed_and_snoozed_leads_are_left_out(office):
    for name in ("Bob", "Carol", "Dave"):
        office.mail(f"{name} <{name.lower()}@firm.example>")
    dismiss_wait(office.desk, office.viewer, lead_of(office, "Bob").id)
    snooze(office.desk, office.viewer, lead_of(office, "Carol").id, date(2026, 5, 22))
    assert names(today(office).owed) == ["Dave"]
    office.pass_time(days=2)
    assert sorted(names(today(office).owed)) == ["Carol", "Dave"]


def test_removed_leads_are_left_out(office):
    office.mail("Bob <bob@bakery.example>")
    bob = lead_of(office, "Bob")
    delete_lead(office.desk, office.viewer, bob.id, version=bob.version)
    assert names(today(office).owed) == []


def test_at_most_eight_and_then_the_way_to_all(office):
    for number in range(9):
        office.mail(f"Guest {number} <g{number}@hotel{number}.example>", days_ago=10 - number)
    view = today(office)
    assert len(view.owed.rows) == 8
    assert view.owed.more
    full = today_section(office.desk, office.viewer, "owed", since=NOW)
    assert len(full.list.rows) == 9
    assert full.list.next is None


@pytest.mark.parametrize("section", ["owed", "tasks", "quiet", "replies"])
def test_all_of_a_list_comes_by_pages(office, section):
    for number in range(55):
        if section == "tasks":
            made = create_lead(office.desk, office.viewer, f"g{number}@hotel{number}.example")
            add_task(office.desk, office.viewer, made.lead_id, f"Call {number}", date(2026, 5, 1))
            continue
        address = f"g{number}@hotel{number}.example"
        write(office, address, 30)
        if section in {"quiet", "replies"}:
            answer_to(office, address, 20 - number / 10)
        if section == "replies":
            write(office, address, 0.5)
    seen, after = [], None
    for _ in range(2):
        view = today_section(
            office.desk, office.viewer, section, since=NOW - timedelta(days=1), after=after
        )
        seen += [getattr(row, "id", None) or row.task.id for row in view.list.rows]
        after = view.list.next
    assert len(seen) == len(set(seen)) == 55
    assert after is None


# --- whose -------------------------------------------------------------------


def give_to(office: Office, name: str, account_id: int) -> None:
    with office.desk.database.write() as tx:
        tx.execute(update(lead).where(lead.c.name == name).values(owner_id=account_id))


@pytest.fixture
def team(office: Office) -> Office:
    with office.desk.database.write() as tx:
        tx.execute(account.insert().values(id=7, name="Erin", role="rep", created_at=0))
    for name in ("Bob", "Carol", "Dave"):
        office.mail(f"{name} <{name.lower()}@firm.example>")
    give_to(office, "Bob", 1)
    give_to(office, "Carol", 7)
    return office


def test_mine_are_my_leads_and_those_nobody_owns(team):
    assert sorted(names(today(team).owed)) == ["Bob", "Dave"]
    assert sorted(names(today(team, is_team=True).owed)) == ["Bob", "Carol", "Dave"]
    erin = replace(team.viewer, account_id=7)
    assert sorted(names(today(team, erin).owed)) == ["Carol", "Dave"]
    assert today(team).heading == "2 people wait for an answer"
    assert today(team, is_team=True).heading == "3 people wait for an answer"


def test_tasks_are_mine_when_i_set_them_or_own_the_lead(team):
    erin = replace(team.viewer, account_id=7)
    add_task(team.desk, erin, lead_of(team, "Bob").id, "Erin's on Bob", date(2026, 5, 20))
    add_task(team.desk, erin, lead_of(team, "Carol").id, "Erin's on Carol", date(2026, 5, 20))
    assert names(today(team).tasks) == ["Erin's on Bob"]
    assert names(today(team, erin).tasks) == ["Erin's on Bob", "Erin's on Carol"]
    assert len(today(team, is_team=True).tasks.rows) == 2


# --- tasks -------------------------------------------------------------------


def test_overdue_tasks_come_first_and_later_ones_not_at_all(office):
    bob = create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob").lead_id
    for title, day in (("Today", 20), ("Tomorrow", 21), ("Last week", 13)):
        add_task(office.desk, office.viewer, bob, title, date(2026, 5, day))
    add_task(office.desk, office.viewer, bob, "Some day")
    view = today(office)
    assert [(row.task.title, row.task.state) for row in view.tasks.rows] == [
        ("Last week", "overdue"),
        ("Today", "today"),
    ]
    assert view.heading == "2 tasks are due"


def test_done_tasks_and_tasks_of_sleeping_leads_are_left_out(office):
    bob = create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob").lead_id
    done = add_task(office.desk, office.viewer, bob, "Done", date(2026, 5, 20))
    add_task(office.desk, office.viewer, bob, "Open", date(2026, 5, 20))
    finish_task(office.desk, office.viewer, done.object_id)
    assert names(today(office).tasks) == ["Open"]
    snooze(office.desk, office.viewer, bob, date(2026, 5, 25))
    assert names(today(office).tasks) == []


@pytest.mark.parametrize(
    ("owed", "due", "said"),
    [
        (0, 0, "Nobody waits for an answer, nothing is due"),
        (1, 0, "1 person waits for an answer"),
        (1, 1, "1 person waits for an answer, 1 task is due"),
        (2, 1, "2 people wait for an answer, 1 task is due"),
        (0, 2, "2 tasks are due"),
    ],
)
def test_the_heading_answers_what_is_owed(office, owed, due, said):
    for number in range(owed):
        office.mail(f"g{number}@hotel{number}.example")
    made = create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob")
    for number in range(due):
        add_task(office.desk, office.viewer, made.lead_id, f"Call {number}", date(2026, 5, 20))
    assert today(office).heading == said


# --- replies and quiet -------------------------------------------------------


def test_replies_are_answers_to_mail_of_ours_since_the_last_look(office):
    for name, days in (("bob", 0.5), ("carol", 3), ("dave", 0.2)):
        write(office, f"{name.title()} <{name}@{name}.example>", 9)
        if name != "dave":
            answer_to(office, f"{name}@{name}.example", 5)
        write(office, f"{name}@{name}.example", days, subject=f"Re {name}")
    view = today(office)
    assert [(row.name, row.subject) for row in view.replies.rows] == [("Bob", "Re bob")]
    assert names(today(office, hours=96).replies) == ["Bob", "Carol"]


def test_a_reply_we_answered_is_no_news(office):
    write(office, "Bob <bob@bakery.example>", 9)
    answer_to(office, "bob@bakery.example", 5)
    write(office, "bob@bakery.example", 0.5)
    answer_to(office, "bob@bakery.example", 0.1)
    assert names(today(office).replies) == []


def test_who_is_silent_for_five_working_days_has_gone_quiet(office):
    for name, days in (("bob", 6), ("carol", 8), ("dave", 9)):
        write(office, f"{name.title()} <{name}@{name}.example>", 20)
        answer_to(office, f"{name}@{name}.example", days, subject=f"Offer to {name}")
    view = today(office)
    # Six days ago was Thursday: only four working days.
    assert [(row.name, row.subject) for row in view.quiet.rows] == [
        ("Carol", "Offer to carol"),
        ("Dave", "Offer to dave"),
    ]


def test_cold_closed_and_never_heard_of_leads_do_not_go_quiet(office):
    for name in ("bob", "carol"):
        write(office, f"{name.title()} <{name}@{name}.example>", 20)
        answer_to(office, f"{name}@{name}.example", 9)
    write(office, "Dave <dave@dave.example>", 200)
    answer_to(office, "dave@dave.example", 130)
    answer_to(office, "Erin <erin@new.example>", 9)
    bob = lead_of(office, "Bob")
    move_stage(office.desk, office.viewer, bob.id, "lost", version=bob.version, reason="Too dear")
    assert names(today(office).quiet) == ["Carol"]


def test_looks_that_follow_each_other_closely_count_as_one(office):
    first = look_at_today(office.desk, office.viewer)
    assert first == NOW - timedelta(days=1)
    office.pass_time(days=3)
    assert look_at_today(office.desk, office.viewer) == NOW
    office.pass_time(minutes=30)
    assert look_at_today(office.desk, office.viewer) == NOW
    office.pass_time(minutes=30)
    assert look_at_today(office.desk, office.viewer) == NOW
    office.pass_time(days=60)
    assert look_at_today(office.desk, office.viewer) == office.clock.moment - timedelta(days=14)


# --- who may know ------------------------------------------------------------


def test_mail_one_may_not_read_shows_neither_subject_nor_words(office):
    office.add_mailbox(ERIN)
    office.mail("Bob <bob@bakery.example>", ERIN, box=ERIN, subject="Secret", text="Very secret")
    row = today(office, office.reader_of(ALICE)).owed.rows[0]
    assert (row.subject, row.snippet, row.url) == ("", "", None)
    assert today(office, office.reader_of(ERIN)).owed.rows[0].subject == "Secret"


def reader_of_subjects(office):
    return replace(office.reader_of(ALICE), subject_ids=frozenset({office.boxes[ERIN]}))


def test_of_a_mailbox_with_open_subjects_the_subject_is_shown_and_nothing_else(office):
    office.add_mailbox(ERIN)
    office.mail("Bob <bob@bakery.example>", ERIN, box=ERIN, subject="Rolls", text="Very secret")
    office.add_mailbox(DAVE)
    office.mail("Carol <carol@mill.example>", DAVE, box=DAVE, subject="Flour", text="Also secret")
    rows = {row.name: row for row in today(office, reader_of_subjects(office)).owed.rows}
    bob, carol = rows["Bob"], rows["Carol"]
    assert (bob.subject, bob.snippet, bob.url) == ("Rolls", "", None)
    assert (carol.subject, carol.snippet, carol.url) == ("", "", None)
    whole = today_section(office.desk, reader_of_subjects(office), "owed", since=NOW)
    assert {row.subject for row in whole.list.rows} == {"Rolls", ""}


def test_an_open_subject_does_not_tell_who_got_a_blind_copy(office):
    office.add_mailbox(ERIN)
    for name in ("Bob", "Carol"):
        office.mail(f"{name} <{name.lower()}@{name.lower()}.example>", ERIN, box=ERIN, days_ago=20)
        dismiss_wait(office.desk, office.viewer, lead_of(office, name).id)
    office.mail(ERIN, "bob@bob.example", bcc="carol@carol.example", box=ERIN, subject="Offer",
                labels=["SENT"], days_ago=9)  # fmt: skip
    quiet = {row.name: row.subject for row in today(office, reader_of_subjects(office)).quiet.rows}
    assert quiet == {"Bob": "Offer", "Carol": ""}


def test_open_subjects_cost_one_question_few_or_many(office):
    office.add_mailbox(ERIN)
    office.mail("Bob <bob@bakery.example>", ERIN, box=ERIN)
    with counted_queries(office) as few:
        today(office, reader_of_subjects(office))
    for number in range(30):
        office.mail(f"g{number}@hotel{number}.example", ERIN, box=ERIN, days_ago=10 - number / 10)
    with counted_queries(office) as many:
        assert len(today(office, reader_of_subjects(office)).owed.rows) == 8
    assert len(few) == len(many)


def test_review_items_and_troubles_of_other_mailboxes_are_not_told(office):
    office.add_mailbox(ERIN)
    office.mail("info@harbour.example", ERIN, box=ERIN)
    with office.desk.database.write() as tx:
        tx.execute(update(mailbox).where(mailbox.c.name == ERIN).values(trouble="It is full"))
        tx.execute(update(mailbox).where(mailbox.c.name == ALICE).values(auth="reauth"))
    erin, alice = today(office, office.reader_of(ERIN)), today(office, office.reader_of(ALICE))
    assert (len(erin.review), erin.review_count) == (1, "1")
    assert (len(alice.review), alice.review_count) == (0, "")
    assert [(one.address, one.trouble) for one in erin.troubles] == [(ERIN, "It is full")]
    assert [(one.address, one.needs_login) for one in alice.troubles] == [(ALICE, True)]
    assert today(office, office.reader_of()).troubles == ()


# --- what it costs -----------------------------------------------------------


def test_today_takes_the_same_queries_few_or_many(office):
    with counted_queries(office) as few:
        today(office)
    for number in range(30):
        office.mail(f"g{number}@hotel{number}.example", days_ago=10 - number / 10)
        office.mail(f"info@hotel{number}.example")
    with counted_queries(office) as many:
        assert len(today(office).owed.rows) == 8
    assert len(few) == len(many) == 12


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_team", [False, True])
def test_every_list_walks_along_its_index(office, is_team):
    with counted_queries(office) as asked:
        today(office, is_team=is_team)
    plans = {}
    with office.desk.database.read() as tx:
        for one in asked:
            values = tuple("[]" if "json_each" in one else 0 for _ in range(one.count("?")))
            rows = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values).all()
            plans[one] = " / ".join(row[-1] for row in rows)
    walks = [plan for plan in plans.values() if "lead USING INDEX" in plan or "task USING" in plan]
    sorting = [one for one, plan in plans.items() if "TEMP B-TREE FOR ORDER BY" in plan]
    # What stands beside a page of the review queue is sorted; it is no list.
    assert [one for one in sorting if "json_each" not in one] == []
    said = " ".join(walks)
    for index in ("ix_lead_owes_since_at", "ix_task_due_on", "ix_lead_moved_at"):
        assert index in said
    assert "SCAN lead" not in said.replace("SCAN lead USING INDEX ix_lead_moved_at", "")
