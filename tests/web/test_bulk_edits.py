"""Many leads changed from the sheet, without script: ticked or all that match, looked at, changed, taken back."""

from __future__ import annotations

import re

import pytest

from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.pipeline import Pipeline, Pipelines, Stage, StageKind
from inboxcrm.services import bulk_running
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.leads import edit_lead
from tests.statements import statements_seen
from tests.web.house import YOU, House, hidden_fields, walk_in
from tests.web.merging import seen, text_of
from tests.web.test_pipeline import do, names, row

HTMX = {"HX-Request": "true"}
EVIL = "<img src=x onerror=alert(1)>\u202e{{ 7*7 }}"
ASKING = Pipeline(
    "sales",
    "Sales",
    (Stage("new", "New"), Stage("offer", "Offer", requires=("value",)), Stage("won", "Won", StageKind.WON)),
)  # fmt: skip


@pytest.fixture
def house(house: House) -> House:
    """Bob has a value; Ines and Oskar have none."""
    object.__setattr__(house.desk, "pipelines", Pipelines((ASKING,)))
    object.__setattr__(house.desk, "lead_fields", (LeadField("size", EVIL, FieldKind.TEXT),))
    do(house, "Bob Tanaka", value="300", currency="EUR")
    return house


@pytest.fixture
def client(house):
    return walk_in(house.app().test_client())


def picked(page: str, *wanted: str) -> list[str]:
    row = r'name="pick" value="([^"]+)"[^>]*>(?:(?!<bdi>).)*<bdi>([^<]+)'
    found = {name: value for value, name in re.findall(row, page)}
    return [found[one] for one in wanted]


def choose(client, *wanted: str, path="/pipeline/sheet", which="ticked") -> str:
    page = text_of(client.get(path))
    data = hidden_fields(page, "/pipeline/bulk") | {"which": which, "pick": picked(page, *wanted)}
    answer = client.post("/pipeline/bulk", data=data)
    assert answer.status_code == 303, seen(answer)
    return answer.location


def want(client, place: str, what: str, value: str = "", **more: str):
    fields = hidden_fields(text_of(client.get(place)), f"{place}/look")
    return client.post(f"{place}/look", data=fields | {"what": what, f"value.{what}": value} | more)


def press(client, place: str, deed: str, **more):
    fields = hidden_fields(text_of(client.get(place)), f"{place}/{deed}")
    return client.post(f"{place}/{deed}", data=fields, **more)


def test_ticked_leads_are_looked_at_changed_and_taken_back(client, house):
    place = choose(client, "Bob Tanaka", "Ines Duarte", path="/pipeline/sheet?sort=name")
    page = text_of(client.get(place))
    assert "2 leads chosen: what changes?" in page
    assert want(client, place, "stage", "offer").status_code == 303
    look = seen(client.get(place))
    assert "2 leads: 1 changes, 1 stays as it is" in look
    assert "1 Offer asks for value. Ines Duarte" in look
    assert row(house, "Bob Tanaka").stage.key == "new", "a look changes nothing"
    assert press(client, place, "apply").location == place
    done = text_of(client.get(place))
    assert "1 lead changed" in done
    assert "Ines Duarte" in done
    assert 'href="/pipeline/sheet?sort=name"' in done
    assert row(house, "Bob Tanaka").stage.key == "offer"
    assert press(client, place, "undo").status_code == 303
    assert "1 lead taken back" in text_of(client.get(place))
    assert row(house, "Bob Tanaka").stage.key == "new"


def test_all_that_match_are_chosen_by_the_filter_of_the_page(client, house):
    create_lead(house.desk, YOU, "evil@evil.example", EVIL)
    path = "/pipeline/sheet?filter=value+is+unset&where=owes+is+them"
    assert "Change all 1 lead that match" in text_of(client.get(path))
    place = choose(client, path=path, which="all")
    want(client, place, "custom.size", EVIL)
    press(client, place, "apply")
    page = text_of(client.get(place))
    assert "1 lead changed" in page
    assert "<img" not in page
    assert "\u202e" not in page
    assert names(text_of(client.get("/pipeline/sheet?filter=size+is+set"))) == ["Oskar Lind"]


def test_a_lead_changed_meanwhile_is_named_and_the_others_are_changed(client, house):
    place = choose(client, "Bob Tanaka", "Ines Duarte")
    want(client, place, "source", "Fair")
    found = row(house, "Ines Duarte")
    edit_lead(house.desk, YOU, found.id, version=found.version, changes={"phone": "1"})
    press(client, place, "apply")
    page = seen(client.get(place))
    assert "1 lead changed" in page
    assert "1 was changed by somebody since it was chosen Ines Duarte" in page


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("stage", "nonsense", "Choose a stage"),
        ("owner", "nobody we know", "Choose one of the people"),
        ("close", "someday", "is no day it can be won on"),
        ("tag", "", "Write the tag"),
        ("untag", "never", "No lead was ever tagged"),
        ("source", "x" * 1_500, "Use at most 300"),
        ("nonsense", "x", "Choose what to change"),
    ],
)
def test_what_cannot_be_written_is_said_beside_it_and_stays_typed(client, house, what, value, said):
    place = choose(client, "Bob Tanaka")
    answer = want(client, place, what, value)
    page = text_of(answer)
    assert answer.status_code == 422
    assert said in seen(answer)
    if what in {"close", "source", "untag"}:
        assert f'value="{value}"' in page
        assert f'value="{what}" checked' in page
    assert f'action="{place}/apply"' not in page


def test_nobody_ticked_and_past_days_are_refused_on_the_sheet(client, house):
    data = hidden_fields(text_of(client.get("/pipeline/sheet")), "/pipeline/bulk")
    for more, said in (
        ({"which": "ticked"}, "Nobody is ticked"),
        ({"which": "ticked", "pick": "x" * 10_000}, "Reload the page"),
        ({"which": "all", "as_of": "2026-05-08"}, "A past day cannot be changed"),
        ({"which": "all", "filter": "name is Nobody"}, "No lead is like that"),
        ({"which": "all", "filter": "stge is new"}, "stge"),
    ):
        answer = client.post("/pipeline/bulk", data=data | more | {"idempotency_key": said})
        assert answer.status_code == 422, more
        assert said in seen(answer), more
    assert 'name="pick"' not in text_of(client.get("/pipeline/sheet?as_of=2026-05-08"))


def test_many_go_on_page_by_page_and_are_found_again(client, house, monkeypatch):
    """What a request does is bounded; with script the form sends itself, without a person presses."""
    monkeypatch.setattr(bulk_running, "AT_ONCE", 1)
    monkeypatch.setattr(bulk_running, "STEP", 2)
    place = choose(client, which="all")
    want(client, place, "stage", "won")
    answer = press(client, place, "apply", headers=HTMX)
    part = text_of(answer)
    assert "<html" not in part
    assert "2 of 3 done." in part
    assert 'hx-trigger="load, submit"' in part
    assert f'href="{place}">A change of many leads stopped half way' in text_of(
        client.get("/pipeline/sheet")
    )
    assert press(client, place, "apply").location == place
    assert "3 leads changed" in text_of(client.get(place))
    assert "stopped half way" not in text_of(client.get("/pipeline/sheet"))


def test_the_change_of_somebody_else_is_not_there(house, alice, bea):
    place = choose(alice, "Bob Tanaka")
    fields = hidden_fields(text_of(bea.get("/pipeline/sheet")), "/pipeline/bulk")
    assert bea.get(place).status_code == 404
    for deed in ("look", "apply", "undo"):
        assert bea.post(f"{place}/{deed}", data=fields).status_code == 404


def test_a_look_costs_the_same_for_three_and_for_a_hundred(client, house):
    def cost() -> int:
        place = choose(client, which="all")
        want(client, place, "stage", "offer")
        with statements_seen() as asked:
            assert client.get(place).status_code == 200
        return len([one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))])

    few = cost()
    for number in range(100):
        create_lead(house.desk, YOU, f"guest{number}@hotel.example", f"Guest {number}")
    assert cost() == few


def test_what_cannot_go_on_says_so_on_the_page_as_it_stands(client, house):
    place = choose(client, "Bob Tanaka")
    early = hidden_fields(text_of(client.get(place)), f"{place}/look")
    answer = client.post(f"{place}/apply", data=early)
    assert answer.status_code == 409
    assert "Nothing was said to be changed" in seen(answer)
    want(client, place, "stage", "won")
    press(client, place, "apply")
    late = client.post(f"{place}/look", data=early | {"what": "tag", "value.tag": "x"})
    assert late.status_code == 409
    assert "begun already" in seen(late)
    press(client, place, "undo")
    again = client.post(f"{place}/apply", data=early, headers=HTMX)
    assert again.status_code == 409
    assert "This change was taken back" in seen(again)
    assert "1 lead taken back" in text_of(again)
    assert client.post(f"{place}x/apply", data=early).status_code == 404
