"""Today by its forms: tasks, answers, sleep, undo; in place with htmx, by a way back without."""

from __future__ import annotations

import re
from datetime import date

import pytest

from inboxcrm.services.tasks import add_task
from inboxcrm.views.leads import lead_list
from tests.web.house import YOU, House, hidden_fields, walk_in

HTMX = {"HX-Request": "true"}


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def lead_id(house: House, name: str) -> str:
    return next(row.id for row in lead_list(house.desk, YOU).rows if row.name == name)


@pytest.fixture
def house(house: House) -> House:
    add_task(house.desk, YOU, lead_id(house, "Bob Tanaka"), "Send the quote", date(2026, 5, 12))
    return house


def act(client, ending: str, headers=HTMX, path: str = "/today", **more):
    page = text_of(client.get(path))
    action = re.search(rf'action="(/today/[^"]*{ending})"', page)[1]
    return client.post(action, data=hidden_fields(page, action) | more, headers=headers)


def undo(client, page: str) -> str:
    data = hidden_fields(page, "/today/undo")
    return text_of(client.post("/today/undo", data=data, headers=HTMX))


def test_one_sentence_says_what_is_owed(client):
    page = text_of(client.get("/today"))
    assert "2 people wait for an answer, 1 task is due</h1>" in page
    assert "overdue" in page
    assert page.index("Bob Tanaka") < page.index("Ines Duarte")
    assert "Could you send the quote by Friday?" in page
    assert "Info Desk" in page


def test_a_task_is_done_in_place_and_taken_back(client):
    page = text_of(act(client, "/done"))
    assert "2 people wait for an answer</h1>" in page
    assert "Task done" in page
    assert "1 task is due" in undo(client, page)


@pytest.mark.parametrize(("days", "said"), [("1", "15 May"), ("7", "21 May")])
def test_a_task_is_put_off(client, days, said):
    page = text_of(act(client, "/postpone", days=days))
    assert said in page
    assert "1 task is due" not in page
    assert "1 task is due" in undo(client, page)


def test_a_task_is_put_off_by_nothing_else(client):
    sent = act(client, "/postpone", days="5000")
    assert sent.status_code == 422
    assert "1 task is due" in text_of(sent)


def test_no_answer_needed(client):
    page = text_of(act(client, "/dismiss"))
    assert "1 person waits for an answer" in page
    assert "2 people wait" in undo(client, page)


def test_a_lead_sleeps_and_is_woken_by_undo(client):
    page = text_of(act(client, "/snooze", days="7"))
    assert "Snoozed until" in page
    assert "1 person waits for an answer" in page
    assert "2 people wait" in undo(client, page)


def test_without_script_a_change_leads_back_to_the_same_list(client):
    sent = act(client, "/dismiss", headers={}, path="/today/owed?team=1")
    assert (sent.status_code, sent.location) == (303, "/today/owed?team=1")
    assert "No answer needed" in text_of(client.get("/today/owed?team=1"))


def test_every_list_has_a_page_of_its_own(client):
    for section in ("owed", "tasks", "replies", "quiet"):
        assert client.get(f"/today/{section}").status_code == 200
    assert client.get("/today/nonsense").status_code == 404
    assert client.get("/today/tasks?after=ffffffffffffffff-x").status_code == 200


def test_an_empty_desk_says_what_comes(empty_house):
    page = text_of(walk_in(empty_house.app().test_client()).get("/today"))
    assert "Nobody waits for an answer, nothing is due" in page
    assert "Nobody waits for your word" in page


def test_what_is_gone_is_said_and_the_page_stays(client):
    page = text_of(client.get("/today"))
    action = re.search(r'action="(/today/tasks/[^"]*/done)"', page)[1]
    data = hidden_fields(page, action)
    sent = client.post("/today/tasks/made-up/done", data=data, headers=HTMX)
    assert sent.status_code == 409
    assert "There is no such task" in text_of(sent)
    assert client.post(action, data={}).status_code == 403
