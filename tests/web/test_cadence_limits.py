"""Limits of a running cadence as a form: filled with what stands, a look, the change; without script, and never twice."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from inboxcrm.cadence.limit_forms import form_of
from inboxcrm.cadence.rules import rules_from_json
from inboxcrm.store.tables import cadence, outbox
from tests.web.forms import form_fields
from tests.web.house import House
from tests.web.merging import RULES, a_running_merge, ready, seen, text_of


@pytest.fixture
def house(house: House) -> House:
    return ready(house)


@pytest.fixture
def running(house: House) -> str:
    return a_running_merge(house)


def fields(page: str) -> dict[str, str]:
    return form_fields(page, "limits-form")


def press(client, path: str, sent: dict[str, str], do: str, **more: str):
    return client.post(f"{path}/limits", data=sent | more | {"do": do})


def stands(house: House) -> dict[str, str]:
    with house.database.read() as tx:
        return form_of(rules_from_json(tx.execute(select(cadence.c.rules)).scalar_one()))


def dues(house: House) -> list[int]:
    with house.database.read() as tx:
        return list(tx.execute(select(outbox.c.due_at).order_by(outbox.c.id)).scalars())


def test_limits_are_looked_at_and_changed_without_script(client, house, running):
    assert f'href="{running}/limits"' in text_of(client.get(running))
    sent = fields(text_of(client.get(f"{running}/limits")))
    assert {name: sent[name] for name in stands(house)} == stands(house)
    assert "from_address" not in sent
    before, rules = dues(house), stands(house)
    looked = press(
        client, running, sent, "look", hours="own", windows="fri 09:00-10:00", day_cap="1"
    )
    page = seen(looked)
    assert "Mails go at any hour of any day." in page
    by_theirs = ": by their own clock where it is known, else by that of UTC."
    assert f"Mails go Friday between 09:00 and 10:00{by_theirs}" in page
    assert "people get a mail at another time" in page
    assert re.search(
        r"So far: 3 mails, on 14 May 2026\. Then: 3 mails, from 15 May 2026 to \d+", page
    )
    assert (dues(house), stands(house)) == (before, rules), "a look writes nothing"
    done = press(client, running, fields(text_of(looked)), "save", clock="fixed")
    assert (done.status_code, done.headers["Location"]) == (303, running)
    assert (stands(house)["windows"], stands(house)["day_cap"]) == ("fri 09:00-10:00", "1")
    assert dues(house) != before
    page = seen(client.get(running))
    assert "Changed. 3 people get something at another time." in page
    assert "Mails go Friday between 09:00 and 10:00 (UTC)." in page


def test_saved_twice_it_is_changed_once_and_whoever_comes_second_is_told(client, house, running):
    sent = fields(text_of(client.get(f"{running}/limits")))
    other = fields(text_of(client.get(f"{running}/limits")))
    codes = [press(client, running, sent, "save", day_cap="7").status_code for _ in range(2)]
    assert codes == [303, 303]
    late = press(client, running, other, "save", day_cap="9")
    assert late.status_code == 409
    assert "Somebody changed the limits meanwhile." in seen(late)
    assert stands(house)["day_cap"] == "7"
    again = press(client, running, fields(text_of(client.get(f"{running}/limits"))), "save")
    assert (again.status_code, "Nothing of it would change." in seen(again)) == (409, True)


def test_what_is_wrong_is_said_beside_its_field_and_stays_typed(client, house, running):
    sent = fields(text_of(client.get(f"{running}/limits")))
    wrong = {"hours": "own", "windows": "daily </textarea><script>", "zone": "Mars/\u202eCity", "day_cap": "0",
             "country": "{{ 7 * 7 }}", "guard": "x" * 10_000}  # fmt: skip
    answer = press(client, running, sent, "save", **wrong)
    assert answer.status_code == 422
    page = seen(answer)
    for said in (
        "is not like",
        "is no time zone",
        "Write a number from 1 to 2000",
        "are not known",
    ):
        assert said in page
    assert "<script>" not in text_of(answer).partition("limits-form")[2]
    assert stands(house) == form_of(RULES)


def test_whoever_may_not_send_from_it_changes_nothing(house, running, bea):
    from sqlalchemy import update

    from inboxcrm.store.tables import mailbox

    with house.database.write() as tx:
        tx.execute(update(mailbox).values(owner_id=1, visibility="private"))
    assert bea.get(f"{running}/limits").status_code == 403
    assert f'href="{running}/limits"' not in text_of(bea.get(running))
    token = re.search(r'name="csrf_token" value="([^"]+)"', text_of(bea.get("/cadences/new")))[1]
    assert (
        bea.post(f"{running}/limits", data={"csrf_token": token, "do": "save"}).status_code == 403
    )
    assert stands(house) == form_of(RULES)
