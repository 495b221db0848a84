from __future__ import annotations

from datetime import date

import pytest

from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.services.leads import create_lead
from inboxcrm.services.tasks import add_task, finish_task, postpone_task
from inboxcrm.services.undo import undo
from inboxcrm.views.leads import lead_page
from tests.views.correspondence import Office, open_office

TODAY = date(2026, 5, 20)


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


@pytest.fixture
def bob(office):
    return create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob").lead_id


def next_task(office, lead_id):
    return lead_page(office.desk, office.viewer, lead_id).lead.next_task


def test_a_task_is_next_until_done(office, bob):
    made = add_task(office.desk, office.viewer, bob, "Call Bob", date(2026, 5, 20))
    assert (next_task(office, bob).title, next_task(office, bob).state) == ("Call Bob", "today")
    assert next_task(office, bob).id == made.object_id
    done = finish_task(office.desk, office.viewer, made.object_id)
    assert next_task(office, bob) is None
    undo(office.desk, office.viewer, done.undo)
    assert next_task(office, bob).title == "Call Bob"


def test_the_earliest_task_comes_first_and_those_without_a_day_last(office, bob):
    add_task(office.desk, office.viewer, bob, "Some day")
    add_task(office.desk, office.viewer, bob, "Later", date(2026, 6, 1))
    add_task(office.desk, office.viewer, bob, "Late already", date(2026, 5, 1))
    tasks = lead_page(office.desk, office.viewer, bob).tasks
    assert [(one.title, one.state) for one in tasks] == [
        ("Late already", "overdue"),
        ("Later", "later"),
        ("Some day", "someday"),
    ]


def test_a_task_taken_back_is_gone(office, bob):
    made = add_task(office.desk, office.viewer, bob, "Call Bob")
    undo(office.desk, office.viewer, made.undo)
    assert next_task(office, bob) is None
    with pytest.raises(NotFoundError):
        finish_task(office.desk, office.viewer, made.object_id)


def test_a_late_task_is_postponed_from_today(office, bob):
    made = add_task(office.desk, office.viewer, bob, "Call Bob", date(2026, 5, 1))
    moved = postpone_task(office.desk, office.viewer, made.object_id, 7)
    assert next_task(office, bob).due_on == date(2026, 5, 27)
    undo(office.desk, office.viewer, moved.undo)
    assert next_task(office, bob).due_on == date(2026, 5, 1)


def test_a_task_to_come_is_postponed_from_its_day(office, bob):
    made = add_task(office.desk, office.viewer, bob, "Call Bob", date(2026, 6, 1))
    postpone_task(office.desk, office.viewer, made.object_id, 1)
    assert next_task(office, bob).due_on == date(2026, 6, 2)


def test_done_twice_is_done_once(office, bob):
    made = add_task(office.desk, office.viewer, bob, "Call Bob")
    assert finish_task(office.desk, office.viewer, made.object_id).undo
    assert finish_task(office.desk, office.viewer, made.object_id).undo is None


@pytest.mark.parametrize("title", ["", "  ", "x" * 301])
def test_a_task_says_what_is_to_be_done(office, bob, title):
    with pytest.raises(UsageError):
        add_task(office.desk, office.viewer, bob, title)


def test_a_made_up_task_is_not_found(office, bob):
    with pytest.raises(NotFoundError):
        finish_task(office.desk, office.viewer, bob)
