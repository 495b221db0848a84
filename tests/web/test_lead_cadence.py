"""A cadence for one lead, by its page and the panel: paused, resumed, and added to, after what stands against it is said."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from inboxcrm.services.cadences import cancel, pause
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.suppressions import suppress
from inboxcrm.views.leads import lead_list
from tests.statements import statements_seen
from tests.web.house import YOU, House, hidden_fields, path_of
from tests.web.merging import a_merge, a_running_merge, ready, seen, text_of


@pytest.fixture
def running(house: House) -> str:
    return a_running_merge(ready(house))


def lead_path(house: House, name: str = "Bob Tanaka") -> str:
    return next(f"/leads/{row.id}" for row in lead_list(house.desk, YOU).rows if row.name == name)


def press(client, path: str, deed: str, **fields: str):
    action = f"{path}/{deed}"
    data = hidden_fields(text_of(client.get(path)), action)
    return client.post(action, data=data | fields)


def newcomer(house: House, address: str = "late@later.example", name: str = "Late Comer") -> str:
    create_lead(house.desk, YOU, address, name)
    return lead_path(house, name)


def test_a_lead_is_paused_for_a_week_and_goes_on_by_itself(client, house, running):
    path = lead_path(house)
    sent = press(client, path, "pause", **{"for": "7"})
    assert sent.status_code == 303
    page = seen(client.get(path))
    assert "Paused until 21 May: Autumn" in page
    assert "rests until 21 May" in page
    assert "A person paused it for them." in page
    assert f"{path}/pause" not in text_of(client.get(path))
    house.clock.at += timedelta(days=8)
    assert "rests" not in seen(client.get(path))


def test_a_pause_without_an_end_lasts_until_somebody_resumes_it(client, house, running):
    path = lead_path(house)
    press(client, path, "pause", **{"for": ""})
    page = seen(client.get(path))
    assert "rests: A person paused it for them." in page
    assert "2200" not in page
    press(client, path, "resume")
    page = seen(client.get(path))
    assert "Resumed: Autumn" in page
    assert "next mail today" in page


def test_the_panel_pauses_and_resumes_too(client, house, running):
    script = {"HX-Request": "true"}
    page = text_of(client.get(path_of(client, "Pricing")))
    action = re.search(r'action="(/sidebar/leads/[^"]+/pause)"', page)[1]
    sent = client.post(action, data=hidden_fields(page, action) | {"for": "30"}, headers=script)
    assert "rests until 13 Jun" in seen(sent)
    page = text_of(client.get(path_of(client, "Pricing")))
    action = re.search(r'action="(/sidebar/leads/[^"]+/resume)"', page)[1]
    sent = client.post(action, data=hidden_fields(page, action), headers=script)
    assert "next mail today" in seen(sent)
    context = {"people": [{"address": "bob@kitaura.example", "role": "from"}]}
    told = client.post("/api/v1/ext/context", json=context).get_json()
    assert {"pause_cadence", "stop_cadence"} <= set(told["actions"])


@pytest.mark.parametrize("days", ["-1", "0", "99999", "soon", "٣", "1e3", "7 "])
def test_a_number_of_days_that_is_none_is_refused(client, house, running, days):
    path = lead_path(house)
    sent = press(client, path, "pause", **{"for": days})
    assert sent.status_code == (303 if days == "7 " else 422)
    assert ("rests" in seen(client.get(path))) == (days == "7 ")


def test_a_lead_in_none_is_added_to_one_after_a_look(client, house, running):
    path = newcomer(house)
    assert f'href="{path}/cadence">Add to a cadence' in text_of(client.get(path))
    page = seen(client.get(f"{path}/cadence"))
    assert re.search(r"Autumn +1 step, the first today Add", page)
    action = f"{path}/cadence"
    data = hidden_fields(text_of(client.get(action)), action)
    sent = client.post(action, data=data)
    assert sent.status_code == 303
    page = seen(client.get(path))
    assert "Added to Autumn" in page
    assert "Autumn next mail today" in page


def test_what_stands_against_it_is_said_and_there_is_no_button(client, house, running):
    path = newcomer(house)
    suppress(house.desk, YOU, "late@later.example")
    page = text_of(client.get(f"{path}/cadence"))
    assert "Not possible: " in page
    assert 'name="cadence"' not in page
    data = hidden_fields(text_of(client.get(path)), f"{path}/notes") | {"cadence": "Autumn"}
    sent = client.post(f"{path}/cadence", data=data)
    assert sent.status_code == 409
    assert "cannot be added to Autumn" in seen(sent)


def test_who_is_in_it_already_is_not_added_twice(client, house, running):
    page = seen(client.get(f"{lead_path(house)}/cadence"))
    assert "Not possible: " in page
    assert "Add to a cadence" not in seen(client.get(lead_path(house)))


def test_only_what_runs_is_offered(client, house, running):
    path = newcomer(house)
    a_merge(house, "Draft", segment="name is nobody")
    pause(house.desk, YOU, "Autumn")
    page = seen(client.get(f"{path}/cadence"))
    assert "Autumn paused" in page
    assert "Draft" not in page
    cancel(house.desk, YOU, "Autumn")
    assert "No cadence of yours is running" in seen(client.get(f"{path}/cadence"))


@pytest.mark.parametrize("name", ["", "nothing", "Autumn\x00", "<script>alert(1)</script>"])
def test_a_cadence_that_is_not_there_is_said(client, house, running, name):
    path = newcomer(house)
    data = hidden_fields(text_of(client.get(path)), f"{path}/notes") | {"cadence": name}
    sent = client.post(f"{path}/cadence", data=data)
    assert sent.status_code in ({303} if name.startswith("Autumn") else {404, 409})
    assert "<script>alert" not in text_of(sent)


def test_a_hostile_name_is_a_name(client, house, running):
    path = newcomer(house, name="<script>alert(1)</script>")
    page = text_of(client.get(f"{path}/cadence"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_lead_that_is_not_there_has_no_such_page(client, house):
    assert client.get("/leads/nothing/cadence").status_code == 404


def test_the_lead_page_asks_no_more_than_before_for_it(client, house, running):
    """The cadences a lead could be added to are asked for on a page of their own."""

    def questions(path: str) -> int:
        with statements_seen() as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    path = newcomer(house)
    few = questions(path)
    for number in range(5):
        a_merge(house, f"More {number}")
    assert questions(path) == few
