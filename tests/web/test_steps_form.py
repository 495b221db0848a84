"""Steps on the pages: a form that works without script, a look before anything is written, and the way back."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from inboxcrm.cadence.adding import AddingRules, Guard
from inboxcrm.cadence.rules import rules_as_json
from inboxcrm.services.step_versions import steps_now
from inboxcrm.store.tables import (
    account,
    adding_question,
    cadence,
    enrollment,
    lead,
    lead_consent,
    outbox,
    step,
    task,
)
from tests.web.forms import form_fields
from tests.web.house import YOU, House, hidden_fields
from tests.web.merging import RULES, a_merge, a_running_merge, a_template, ready, seen, text_of


@pytest.fixture
def house(house: House) -> House:
    a_template(house, "more", subject="More, {{ first_name }}")
    return ready(house)


@pytest.fixture
def running(house: House) -> str:
    return a_running_merge(house)


def fields(page: str) -> dict[str, str]:
    return form_fields(page, "step-form")


def press(client, path: str, sent: dict[str, str], do: str, **more: str):
    return client.post(f"{path}/steps", data=sent | more | {"do": do})


def keys(house: House) -> list[str]:
    return [one.key for one in steps_now(house.desk, YOU, "Autumn")[1]]


def all_rows(house: House) -> list:
    with house.database.read() as tx:
        return [tx.execute(select(one)).all() for one in (outbox, enrollment, step, cadence)]


def test_a_step_is_added_looked_at_and_saved_without_script(client, house, running):
    before = all_rows(house)
    sent = fields(text_of(client.get(f"{running}/steps")))
    sent = fields(text_of(press(client, running, sent, "add-mail")))
    assert sent["rows"] == "2"
    sent |= {"template-2": "0:more", "delay-2": "2", "unit-2": "days", "thread-2": "new"}
    looked = press(client, running, sent, "look", **{"for": "all"})
    assert "people get a mail they were not to get" in seen(looked)
    assert "Step 2: new" in seen(looked)
    assert "Save these steps" in text_of(looked)
    assert all_rows(house) == before, "a look writes nothing"
    done = press(client, running, fields(text_of(looked)), "save")
    assert (done.status_code, done.headers["Location"]) == (303, running)
    assert keys(house) == ["s1", "s2"]
    page = seen(client.get(running))
    assert "Saved. It holds for everybody in it too." in page
    assert "2 days later" in page


def test_saving_twice_makes_one_version(client, house, running):
    sent = fields(text_of(client.get(f"{running}/steps")))
    sent |= {"template-1": "0:more"}
    assert press(client, running, sent, "save").status_code == 303
    assert press(client, running, sent, "save").status_code == 303
    assert steps_now(house.desk, YOU, "Autumn")[0] == 2


def test_steps_are_moved_and_taken_out_under_their_keys(client, house, running):
    page = press(client, running, fields(text_of(client.get(f"{running}/steps"))), "add-call")
    sent = fields(text_of(page)) | {"title-2": 'Ring "them" <b>{{ x }}</b>', "delay-2": "1"}
    assert press(client, running, sent, "save").status_code == 303
    page = press(client, running, fields(text_of(client.get(f"{running}/steps"))), "add-mail")
    sent = fields(text_of(page)) | {"template-3": "0:more"}
    moved = fields(text_of(press(client, running, sent, "up-3")))
    assert [moved[f"key-{at}"] for at in (1, 2, 3)] == ["s1", "", "s2"]
    assert press(client, running, moved, "save").status_code == 303
    assert keys(house) == ["s1", "s3", "s2"]
    sent = fields(text_of(client.get(f"{running}/steps")))
    assert press(client, running, fields(text_of(press(client, running, sent, "drop-2"))), "save")
    assert keys(house) == ["s1", "s2"]
    assert "&lt;b&gt;{{ x }}&lt;/b&gt;" in text_of(client.get(running))


def test_what_is_wrong_is_said_beside_its_step_and_stays_typed(client, house, running):
    sent = fields(text_of(client.get(f"{running}/steps")))
    sent = fields(text_of(press(client, running, sent, "add-task")))
    answer = press(client, running, sent | {"delay-2": "900"}, "look")
    assert answer.status_code == 422
    assert "the longest wait is 365 days" in seen(answer)
    assert fields(text_of(answer))["delay-2"] == "900"
    up = fields(text_of(press(client, running, sent | {"title-2": "Ring"}, "up-2")))
    assert "a cadence begins with a mail" in seen(press(client, running, up, "look"))
    for hostile in ({"rows": "9999"}, {"rows": "x"}, {"kind-1": "robot"}, {"template-1": "x" * 10_000},
                    {"key-1": "s77"}, {"delay-2": "\x00"}, {"unit-2": "years"}, {"version": "-1"}):  # fmt: skip
        assert press(client, running, sent | hostile, "look").status_code in {200, 422}
    bare = {"csrf_token": sent["csrf_token"]}
    for do in ("drop-99", "up-x", "add-robot", "look", "nonsense"):
        assert press(client, running, bare, do).status_code in {200, 422}
    assert keys(house) == ["s1"]


def test_whoever_comes_second_is_told_with_409_and_nothing_is_written(client, house, running):
    sent = fields(text_of(client.get(f"{running}/steps"))) | {"template-1": "0:more"}
    other = fields(text_of(client.get(f"{running}/steps")))
    assert press(client, running, sent, "save").status_code == 303
    before = all_rows(house)
    late = press(client, running, other | {"template-1": "0:hello", "delay-1": "0"}, "save")
    assert late.status_code == 409
    assert "Somebody edited the cadence meanwhile" in seen(late)
    assert all_rows(house) == before


def test_the_way_back_is_looked_at_and_taken(client, house, running):
    sent = fields(text_of(client.get(f"{running}/steps"))) | {"template-1": "0:more", "for": "all"}
    press(client, running, sent, "save")
    page = client.get(f"{running}/versions?to=1&for=all")
    assert "people get another text" in seen(page)
    path = f"{running}/versions"
    done = client.post(path, data=hidden_fields(text_of(page), path))
    assert done.status_code == 303
    assert "Back to version 1" in seen(client.get(path))
    with house.database.read() as tx:
        texts = set(tx.execute(select(outbox.c.template_version_id)).scalars())
    assert len(texts) == 1
    assert client.get(f"{path}?to=99").status_code == 404
    stale = client.post(
        path, data=hidden_fields(text_of(page), path) | {"idempotency_key": "other"}
    )
    assert stale.status_code == 409


def test_a_merge_is_made_with_limits_of_its_own_and_all_that_is_wrong_is_said(client, house):
    page = text_of(client.get("/cadences/new"))
    sent = hidden_fields(page, "/cadences/new") | {
        "do": "make", "name": "Fair", "template": "hello", "which": "written", "segment": "stage_kind is open",
        "mailbox": "sales", "hours": "own", "windows": "mon-thu 09:00-12:00\nfri 22:00-02:00",
        "country": "DE-BY", "domain_cap": "2", "ramp": "no", "quiet_days": "7", "guard": "ask",
    }  # fmt: skip
    wrong = {
        "windows": "daily",
        "country": "Atlantis",
        "day_cap": "0",
        "zone": "Mars/City",
        "guard": "x",
    }
    answer = client.post("/cadences/new", data=sent | wrong | {"from_address": "a\nb@c.example"})
    assert answer.status_code == 422
    for said in (
        "is not like",
        "are not known",
        "Write a number from 1 to 2000",
        "is no time zone",
    ):
        assert said in seen(answer)
    nobody = client.post("/cadences/new", data=sent | {"from_address": "Sales <a@b.example>"})
    assert "is no mail address" in seen(nobody)
    made = client.post("/cadences/new", data=sent)
    assert made.status_code == 303
    said = seen(client.get(made.headers["Location"]))
    assert "Monday to Thursday between 09:00 and 12:00" in said
    assert "never on a holiday (DE-BY)" in said
    assert "At most 2 of them go to one company." in said
    assert "whom any of us touched, within 7 days is left out." in said
    assert "the colleague is asked" in said


def test_the_look_before_the_start_says_which_colleague_talks_to_whom(client, house):
    path = a_merge(house)
    with house.database.write() as tx:
        rules = replace(RULES, adding=AddingRules(needs_consent=True, guard=Guard.BLOCK))
        tx.execute(update(cadence).values(rules=rules_as_json(rules)))
    page = seen(client.get(path))
    assert "left out: has not agreed to be written to" in page
    assert "Only those get it who have agreed to be written to." in page
    assert "they are left out" in page


def test_a_colleague_answers_on_the_page(client, house, running):
    with house.database.write() as tx:
        one, box = tx.execute(select(lead.c.id).limit(1)).scalar_one(), 1
        tx.execute(enrollment.delete())
        asker = tx.execute(
            insert(account).values(name="Carla", role="rep", created_at=1).returning(account.c.id)
        ).scalar_one()
        todo = tx.execute(
            insert(task).values(lead_id=one, title="May it?", created_at=1).returning(task.c.id)
        ).scalar_one()
        tx.execute(
            insert(adding_question).values(
                cadence_id=1, lead_id=one, asked_of=1, account_id=asker, task_id=todo,
                text="Carla was in touch <i>", asked_at=1,
            )
        )  # fmt: skip
        assert box == 1
    page = text_of(client.get(f"{running}/questions"))
    assert "Carla was in touch &lt;i&gt;" in page
    (path,) = re.findall(r'action="([^"]+/questions/[^"]+)"', page)
    assert client.post(path, data=hidden_fields(page, path)).status_code == 409
    page = text_of(client.get(f"{running}/questions"))
    assert client.post(path, data=hidden_fields(page, path) | {"answer": "yes"}).status_code == 303
    with house.database.read() as tx:
        assert tx.execute(select(adding_question.c.answer)).scalar_one() == "yes"
        assert list(tx.execute(select(enrollment.c.lead_id)).scalars()) == [one]


def test_consent_is_noted_on_the_leads_page_and_taken_back(client, house):
    with house.database.read() as tx:
        one = house.desk.ids.seal("lead", tx.execute(select(lead.c.id).limit(1)).scalar_one())
    path = f"/leads/{one}"
    page = text_of(client.get(path))
    assert "Not known" in seen(client.get(path))
    sent = hidden_fields(page, f"{path}/consent") | {
        "state": "given",
        "source": "Form <b>",
        "on": "2026-05-02",
    }
    assert client.post(f"{path}/consent", data=sent).status_code in {200, 303}
    page = text_of(client.get(path))
    assert "Agreed on 2 May 2026: Form &lt;b&gt;" in page
    wrong = hidden_fields(page, f"{path}/consent") | {"state": "given", "source": " ", "on": ""}
    answer = client.post(f"{path}/consent", data=wrong)
    assert answer.status_code == 422
    assert "Write where they said so" in seen(answer)
    with house.database.read() as tx:
        assert len(tx.execute(select(lead_consent)).all()) == 1
