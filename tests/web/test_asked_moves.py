"""What a stage asks for, on every page a lead is moved on: a small form, what was typed kept, one change, one undo."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import update

from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.pipeline import Pipeline, Pipelines, ReasonRule, Stage, StageKind
from inboxcrm.store.tables import lead
from tests.web.house import House, hidden_fields, path_of, walk_in
from tests.web.merging import seen, text_of
from tests.web.test_pipeline import column, row

HTMX = {"HX-Request": "true"}
EVIL = "<img src=x onerror=alert(1)>\u202e{{ 7*7 }}"
FIELDS = (
    LeadField("seats", "Seats", FieldKind.NUMBER),
    LeadField("size", "Size <b>", FieldKind.CHOICE, ("small", "large")),
)
SALES = Pipeline(
    "sales",
    "Sales",
    (
        Stage("new", "New"),
        Stage("offer", "Offer", requires=("value", "close_on", "size", "owner")),
        Stage("lost", "Lost", StageKind.LOST),
    ),
    ReasonRule.REQUIRED,
    ("Too dear", "No <answer>"),
)
SUPPORT = Pipeline(
    "support",
    "Support",
    (Stage("asked", "Asked"), Stage("left", "Left alone", StageKind.LOST)),
    ReasonRule.OPTIONAL,
    ("Solved itself",),
    takes_other_reason=False,
)
GIVEN = {"asked.value": "1200", "asked.currency": "EUR", "asked.close": "2026-06-30"}
WHOLE = GIVEN | {"asked.custom.size": "large", "asked.owner": "me"}


@pytest.fixture
def house(house: House) -> House:
    house.desk = replace(house.desk, pipelines=Pipelines((SALES, SUPPORT)), lead_fields=FIELDS)
    return house


class Surface:
    """A page a lead is moved on: where it stands, where its move goes, and the form that asks."""

    def __init__(self, name: str, client, house: House) -> None:
        self.name, self.client, self.house = name, client, house
        found = row(house, "Ines Duarte")
        self.page = {
            "board": "/pipeline?filter=source+contains+mail",
            "sheet": f"/pipeline/sheet?sort=name&edit={found.id}.stage",
            "lead": f"/leads/{found.id}",
            "panel": path_of(client, "Demo next week?"),
        }[name]
        self.asks = {
            "board": f"/pipeline/leads/{found.id}/stage",
            "sheet": f"/pipeline/leads/{found.id}/stage",
            "lead": f"/leads/{found.id}/stage",
            "panel": f"/sidebar/leads/{found.id}/stage",
        }[name]
        self.first = self.asks.replace("/stage", "/set") if name == "sheet" else self.asks

    def start(self, stage: str, headers=HTMX, **more: str):
        """The first press: a stage and nothing else, as this page sends it."""
        page = text_of(self.client.get(self.page))
        fields = hidden_fields(page, "" if self.name == "board" else self.first)
        fields |= {"version": str(row(self.house, "Ines Duarte").version)}
        fields |= {"value": stage, "field": "stage"} if self.name == "sheet" else {"stage": stage}
        return self.client.post(self.first, data=fields | more, headers=headers)

    def again(self, asked, headers=HTMX, **given: str):
        """The form that asked, filled in and sent."""
        fields = hidden_fields(asked_part(text_of(asked)), self.asks)
        return self.client.post(self.asks, data=fields | given, headers=headers)

    def undo(self, answer):
        page = text_of(answer)
        action = re.search(r'<form[^>]*action="(/[a-z]+/undo)"', page)[1]
        return self.client.post(action, data=hidden_fields(page, action), headers=HTMX)


@pytest.fixture(params=["board", "sheet", "lead", "panel"])
def surface(request, client, house) -> Surface:
    return Surface(request.param, client, house)


def asked_part(page: str) -> str:
    found = re.search(r'<(dialog|div)[^>]*id="asked".*?</form>', page, re.DOTALL)
    assert found, "nothing is asked"
    return found[0]


def asked_names(page: str) -> list[str]:
    found = re.findall(r'<(?:input|select)[^>]*name="((?:asked\.|reason)[^"]*)"', asked_part(page))
    return [one.removeprefix("asked.") for one in found]


def test_exactly_what_is_missing_is_asked_for_and_then_it_moves(surface, house):
    first = surface.start("offer")
    assert first.status_code == 422
    page = text_of(first)
    assert asked_names(page) == ["value", "currency", "close", "custom.size", "owner"]
    assert "Offer asks for this" in seen(first)
    assert "Size &lt;b&gt;" in asked_part(page)
    assert 'span class="wrong"' not in asked_part(page), "nothing was typed yet"
    second = surface.again(first, **{**GIVEN, "asked.value": "a lot", "asked.custom.size": "x"})
    assert second.status_code == 422
    kept = asked_part(text_of(second))
    assert 'value="a lot"' in kept
    assert 'value="2026-06-30"' in kept
    assert "is no amount" in kept
    assert "Choose one of small, large" in kept
    assert row(house, "Ines Duarte").stage.key == "new"
    third = surface.again(second, **WHOLE)
    assert third.status_code == 200, seen(third)
    assert 'id="asked"' not in text_of(third)
    moved = row(house, "Ines Duarte")
    assert (moved.stage.key, moved.value.amount, moved.value.currency) == (
        "offer",
        "1200.00",
        "EUR",
    )
    assert moved.version == 2
    surface.undo(third)
    back = row(house, "Ines Duarte")
    assert (back.stage.key, back.value) == ("new", None)


def test_without_script_the_page_itself_asks_and_leads_back(surface, house):
    first = surface.start("offer", headers={})
    assert first.status_code == 422
    assert "<html" in text_of(first)
    done = surface.again(first, headers={}, **WHOLE)
    assert done.status_code in {200, 303}
    assert row(house, "Ines Duarte").stage.key == "offer"
    if surface.name == "board":
        assert done.location == "/pipeline?filter=source+contains+mail"


def test_a_reason_is_asked_where_a_lead_is_lost(surface, house):
    first = surface.start("lost")
    assert first.status_code == 422
    assert asked_names(text_of(first)) == ["reason"]
    assert '<option value="No &lt;answer&gt;">' in asked_part(text_of(first))
    empty = surface.again(first, reason=" ")
    assert "Lost asks for it" in asked_part(text_of(empty))
    assert surface.again(empty, reason="too DEAR").status_code == 200
    numbers = seen(surface.client.get("/pipeline/numbers"))
    assert "Too dear 1 100%" in numbers


def test_where_asking_is_enough_an_empty_answer_will_do_and_others_are_refused(surface, house):
    first = surface.start("support/left")
    assert asked_names(text_of(first)) == ["reason"]
    assert "<select" in asked_part(text_of(first))
    other = surface.again(first, reason="Because")
    assert "Choose one of Solved itself" in asked_part(text_of(other))
    assert surface.again(other, reason="").status_code == 200
    assert row(house, "Ines Duarte").stage.label == "Left alone"


def test_two_people_move_one_lead_and_the_second_press_works(surface, house):
    first = surface.start("offer")
    other = row(house, "Ines Duarte")
    Surface("lead", surface.client, house).start("support/asked")
    late = surface.again(first, **WHOLE)
    assert late.status_code == 409
    said = seen(late)
    assert "Somebody changed this lead since you opened it" in said
    assert "It stands in Asked now" in said
    kept = asked_part(text_of(late))
    assert 'value="1200"' in kept, "what was typed is not lost"
    assert row(house, "Ines Duarte").stage.key == "asked"
    assert row(house, "Ines Duarte").version == other.version + 1
    assert surface.again(late, **WHOLE).status_code == 200
    moved = row(house, "Ines Duarte")
    assert (moved.stage.key, moved.value.amount) == ("offer", "1200.00")


def test_hostile_words_are_kept_as_they_were_typed_and_do_nothing(surface, house):
    first = surface.start("offer")
    again = surface.again(first, **{"asked.value": EVIL, "asked.close": EVIL, "asked.owner": EVIL})
    page = text_of(again)
    assert again.status_code == 422
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    odd = surface.again(first, **{f"asked.{EVIL}": "x", "asked.version": "9", **WHOLE})
    assert odd.status_code == 422
    assert "A lead has no field" in seen(odd)
    huge = surface.again(first, **{**WHOLE, "asked.value": "9" * 10_000})
    assert huge.status_code == 422
    assert row(house, "Ines Duarte").version == 1


def test_the_same_answer_sent_twice_moves_once(surface, house):
    first = surface.start("offer")
    fields = hidden_fields(asked_part(text_of(first)), surface.asks) | WHOLE
    codes = [surface.client.post(surface.asks, data=fields, headers=HTMX).status_code for _ in "12"]
    assert codes == [200, 200]
    assert row(house, "Ines Duarte").version == 2


def test_what_the_lead_has_is_not_asked_for_again(client, house):
    surface = Surface("board", client, house)
    first = surface.start("offer")
    surface.again(first, **WHOLE)
    surface.start("new")
    done = surface.start("offer")
    assert done.status_code == 200
    assert "Ines Duarte" in column(text_of(done), "offer")


def test_a_card_dropped_on_the_stage_of_a_stale_board_is_not_asked_twice(client, house):
    """Both wanted the same: there is nothing left to ask."""
    surface = Surface("board", client, house)
    Surface("lead", surface.client, house).start("support/asked")
    late = surface.start("support/asked", version="1")
    assert late.status_code == 409
    assert 'id="asked"' not in text_of(late)


def test_every_kind_of_field_is_asked_for_in_its_own_way(client, house):
    kinds = tuple(LeadField(kind.value, kind.value, kind, ("a", "b") if kind is FieldKind.CHOICE else ()) for kind in FieldKind)  # fmt: skip
    names = ("organization", "phone", "source", "value", "currency", "close_on", "owner")
    whole = replace(
        SALES,
        stages=(
            Stage("new", "New"),
            Stage("all", "All", requires=(*names, *(one.key for one in kinds))),
        ),
    )
    house.desk = replace(house.desk, pipelines=Pipelines((whole,)), lead_fields=kinds)
    with house.database.write() as tx:
        tx.execute(update(lead).values(organization_id=None, source=""))
    surface = Surface("board", walk_in(house.app().test_client()), house)
    first = surface.start("all")
    part = asked_part(text_of(first))
    given = {
        "organization": "mares.example", "phone": "+351 1", "source": "fair", "value": "5", "currency": "EUR",
        "close": "2026-06-30", "owner": "me", "custom.text": "x", "custom.number": "4", "custom.date": "2026-01-02",
        "custom.choice": "b", "custom.yes_no": "yes", "custom.url": "https://mares.example/",
        "custom.time_zone": "Europe/Lisbon",
    }  # fmt: skip
    assert sorted(asked_names(text_of(first))) == sorted(given)
    assert len(re.findall('type="date"', part)) == 2
    assert len(re.findall("<select", part)) == 3
    done = surface.again(first, **{f"asked.{name}": value for name, value in given.items()})
    assert done.status_code == 200, seen(done)
    assert row(house, "Ines Duarte").stage.key == "all"


def test_where_nobody_is_asked_why_no_form_has_a_field_for_it(client, house):
    silent = replace(SALES, lost_reason=ReasonRule.NEVER, lost_reasons=())
    house.desk = replace(house.desk, pipelines=Pipelines((silent,)))
    surface = Surface("board", walk_in(house.app().test_client()), house)
    assert 'name="reason"' not in text_of(surface.client.get(surface.page))
    assert surface.start("lost").status_code == 200
    assert "No reason was given 1 100%" in seen(surface.client.get("/pipeline/numbers"))


def test_a_reason_that_was_given_stands_beside_what_is_still_missing(client, house):
    lost = replace(SALES.stages[2], requires=("phone",))
    asking = replace(SALES, stages=(*SALES.stages[:2], lost))
    house.desk = replace(house.desk, pipelines=Pipelines((asking,)))
    surface = Surface("board", walk_in(house.app().test_client()), house)
    first = surface.start("lost", reason="too dear")
    assert asked_names(text_of(first)) == ["phone", "reason"]
    assert 'value="too dear"' in asked_part(text_of(first))
    assert surface.again(first, **{"asked.phone": "1", "reason": "too dear"}).status_code == 200
    assert row(house, "Ines Duarte").stage.key == "lost"


def test_a_late_move_that_asks_nothing_is_offered_once_more(client, house):
    Surface("lead", client, house).start("support/asked")
    surface = Surface("board", client, house)
    late = surface.start("sales/new", version="1")
    assert late.status_code == 409
    assert "Move it all the same" in seen(late)
    assert asked_names(text_of(late)) == []
    assert surface.again(late).status_code == 200
    assert row(house, "Ines Duarte").stage.label == "New"
