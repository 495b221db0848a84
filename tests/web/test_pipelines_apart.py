"""Several pipelines on every page, and what bad input comes to: a clear sentence, the page as it is, nothing half-done."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import update

from inboxcrm.leads.pipeline import DEFAULT_PIPELINE, Pipeline, Pipelines, Stage, StageKind
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.services.segments import count_leads
from inboxcrm.store.tables import lead
from tests.web.house import YOU, House, hidden_fields, walk_in
from tests.web.merging import seen, text_of
from tests.web.test_pipeline import column, move, row

PAGES = ("/pipeline", "/pipeline/sheet", "/pipeline/numbers")
SUPPORT = Pipeline(
    "support",
    "Support <i>",
    (Stage("new", "Asked"), Stage("won", "Answered", StageKind.WON)),
)


@pytest.fixture
def house(house: House) -> House:
    house.desk = replace(house.desk, pipelines=Pipelines((DEFAULT_PIPELINE, SUPPORT)))
    found = row(house, "Ines Duarte")
    move_stage(house.desk, YOU, found.id, "support/new", version=found.version)
    return house


def set_row(house: House, name: str, **values) -> None:
    with house.database.write() as tx:
        tx.execute(update(lead).where(lead.c.name == name).values(**values))


# --- several pipelines -------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_the_pipeline_is_chosen_and_stays_chosen(client, page):
    first = text_of(client.get(f"{page}?filter=source+contains+mail"))
    link = re.search(r'href="([^"]*pipeline=support[^"]*)"', first)[1].replace("&amp;", "&")
    assert link.startswith(page)
    assert "filter=source+contains+mail" in link
    second = text_of(client.get(link))
    assert "Support &lt;i&gt;" in second
    assert re.search(r'pipeline=support[^"]*" aria-current="true"', second)
    for other in PAGES:
        assert re.search(rf'href="{other}\?[^"]*pipeline=support', second), other
    assert '<input type="hidden" name="pipeline" value="support">' in second


def test_numbers_of_a_pipeline_are_of_its_leads_and_their_csv_too(client):
    page = text_of(client.get("/pipeline/numbers?pipeline=support"))
    links = {one.replace("&amp;", "&") for one in re.findall(r'href="(/pipeline/numbers/[^"]+)"', page)}  # fmt: skip
    assert links
    assert all("pipeline=support" in one for one in links)
    opened = seen(client.get("/pipeline/numbers/leads?figure=open&pipeline=support"))
    assert "Ines Duarte" in opened
    assert "Bob Tanaka" not in opened
    csv = text_of(client.get("/pipeline/numbers/funnel.csv?pipeline=support"))
    assert csv.splitlines()[1].startswith("Asked,1,")


def test_a_lead_is_moved_to_another_pipeline_on_every_page(client, house):
    found = row(house, "Bob Tanaka")
    board = text_of(client.get(f"/pipeline?move={found.id}"))
    assert '<optgroup label="Support &lt;i&gt;"><option value="support/new">' in board
    assert "Bob Tanaka" not in text_of(move(client, house, "Bob Tanaka", "support/won"))
    assert "Bob Tanaka" in column(text_of(client.get("/pipeline?pipeline=support")), "won")
    sheet = text_of(client.get(f"/pipeline/sheet?pipeline=support&edit={found.id}.stage"))
    action = f"/pipeline/leads/{found.id}/set"
    data = hidden_fields(sheet, action) | {"value": "sales/mql"}
    assert client.post(action, data=data).location == "/pipeline/sheet?pipeline=support"
    assert row(house, "Bob Tanaka").stage.label == "Marketing qualified"
    page = text_of(client.get(f"/leads/{found.id}"))
    assert "To <bdi>Support &lt;i&gt;</bdi>" in page
    action = f"/leads/{found.id}/stage"
    client.post(action, data=hidden_fields(page, action) | {"stage": "support/new"})
    assert row(house, "Bob Tanaka").stage.label == "Asked"


def test_a_lead_that_went_to_another_pipeline_meanwhile_is_moved_by_the_second_press(client, house):
    """Both pipelines have a stage of that key."""
    found = row(house, "Bob Tanaka")
    page = text_of(client.get(f"/leads/{found.id}"))
    assert 'name="stage" value="sales/won"' in page
    action = f"/leads/{found.id}/stage"
    data = hidden_fields(page, action)
    move_stage(house.desk, YOU, found.id, "support/new", version=found.version)
    late = client.post(action, data=data | {"stage": "sales/won"})
    assert late.status_code == 409
    assert "Sales: Won" in seen(late)
    again = hidden_fields(text_of(late), action) | {"stage": "sales/won"}
    assert client.post(action, data=again).status_code == 303
    assert row(house, "Bob Tanaka").stage.label == "Won"


def test_where_there_is_one_pipeline_no_page_speaks_of_pipelines(house):
    house.desk = replace(house.desk, pipelines=Pipelines())
    client = walk_in(house.app().test_client())
    found = row(house, "Bob Tanaka")
    assert "<optgroup" not in text_of(client.get(f"/pipeline?move={found.id}"))
    assert "menu-word" not in text_of(client.get(f"/leads/{found.id}"))


def test_segments_and_filters_know_the_pipeline(client, house):
    assert count_leads(house.desk, YOU, "pipeline is support") == 1
    assert count_leads(house.desk, YOU, "pipeline is not support and stage is new") == 2
    page = text_of(client.get("/pipeline?pipeline=support&filter=pipeline+is+sales"))
    assert "0 open leads</h1>" in page


def test_a_filter_that_asks_for_a_pipeline_nobody_has_says_so(client):
    answer = client.get("/pipeline?filter=pipeline+is+suport")
    assert answer.status_code == 422
    assert "support" in seen(answer)


# --- a stage or a pipeline that vanished ---------------------------------------------------


def test_a_stage_that_vanished_is_a_column_with_the_way_out(client, house):
    set_row(house, "Bob Tanaka", stage="talks<b>")
    page = text_of(client.get("/pipeline"))
    held = re.search(r"<section[^>]*data-unknown.*?</section>", page, re.DOTALL)[0]
    assert "not in the settings any more" in held
    assert "put <code>talks&lt;b&gt;</code> back into config.toml" in held
    found = row(house, "Bob Tanaka")
    for path in (
        f"/pipeline?move={found.id}", f"/pipeline/sheet?edit={found.id}.stage&group=stage",
        "/pipeline/numbers", "/pipeline/numbers/leads?figure=stage:talks<b>", "/pipeline?as_of=2026-05-13",
        f"/leads/{found.id}", "/leads", "/today",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "talks<b>" not in text_of(answer), path
    assert "Bob Tanaka" in column(text_of(move(client, house, "Bob Tanaka", "engaged")), "engaged")


def test_a_cell_of_a_vanished_stage_moves_nobody_by_itself(client, house):
    set_row(house, "Bob Tanaka", stage="talks")
    found = row(house, "Bob Tanaka")
    sheet = text_of(client.get(f"/pipeline/sheet?edit={found.id}.stage"))
    assert '<option value="" selected disabled>talks, not in the settings</option>' in sheet
    action = f"/pipeline/leads/{found.id}/set"
    answer = client.post(action, data=hidden_fields(sheet, action))
    assert answer.status_code == 422
    assert "There is no stage" in seen(answer)
    assert row(house, "Bob Tanaka").stage.key == "talks"


@pytest.mark.parametrize("way", ["board", "lead"])
def test_a_pipeline_that_vanished_can_be_looked_at_and_left(client, house, way):
    set_row(house, "Bob Tanaka", pipeline="old", stage="talks")
    for page in PAGES:
        assert client.get(f"{page}?pipeline=old").status_code == 200, page
        assert client.get(f"{page}?pipeline=old&as_of=2026-05-13").status_code == 200, page
        assert "old" in seen(client.get(page)), "beside the others, to be found"
    found = row(house, "Bob Tanaka")
    if way == "board":
        path = f"/pipeline?pipeline=old&move={found.id}"
        action = f"/pipeline/leads/{found.id}/stage"
    else:
        path, action = f"/leads/{found.id}", f"/leads/{found.id}/stage"
    page = text_of(client.get(path))
    assert "sales/engaged" in page
    data = hidden_fields(page, action)
    refused = client.post(action, data=data | {"stage": "engaged"})
    assert refused.status_code == 422
    assert "Choose one of sales/new" in seen(refused)
    assert client.post(action, data=data | {"stage": "sales/engaged"}).status_code == 303
    assert row(house, "Bob Tanaka").stage.label == "Engaged"


# --- currencies and days ---------------------------------------------------------------------


def test_currencies_stand_beside_each_other_and_are_never_added_up(client, house):
    for name, value, currency in (("Bob Tanaka", "100", "EUR"), ("Oskar Lind", "70", "JPY")):
        found = row(house, name)
        changes = {"value": value, "currency": currency}
        edit_lead(house.desk, YOU, found.id, version=found.version, changes=changes)
    set_row(house, "Info Desk", value_cents=500, value_currency="")
    for page in PAGES:
        said = seen(client.get(page))
        assert "EUR 100" in said, page
        assert "JPY 70" in said, page
        assert "170" not in said, page


def cell(client, house: House, field: str, **given: str):
    """Bob's cell of the sheet, filled in and sent."""
    found = row(house, "Bob Tanaka")
    action = f"/pipeline/leads/{found.id}/set"
    page = text_of(client.get(f"/pipeline/sheet?edit={found.id}.{field}"))
    return client.post(action, data=hidden_fields(page, action) | given)


def test_what_is_no_currency_is_said_and_changes_nothing(client, house):
    for currency in ("EURO", "E1R", "€€€", "<b>", "\u202eEUR", "eu"):
        answer = cell(client, house, "value", value="5", currency=currency)
        assert answer.status_code == 422, currency
        assert "is no currency" in seen(answer), currency
    assert row(house, "Bob Tanaka").value is None


ABSURD = ("0001-01-01", "9999-12-31", "1989-12-31", "2026-02-30", "10000-01-01", "-0001-01-01")


@pytest.mark.parametrize("page", PAGES)
def test_a_day_nothing_can_be_known_of_is_said_with_everything_as_it_is(client, page):
    for day in ABSURD:
        answer = client.get(f"{page}?as_of={day}&days=3660")
        assert answer.status_code == 422, day
        assert re.search("still to come|before there was mail|is no day", seen(answer)), day
        assert "Bob Tanaka" in text_of(answer) or "numbers" in page
    for days in ("1", "3660"):
        answer = client.get(f"{page}?as_of=1990-01-01&days={days}")
        assert answer.status_code == 200
        assert "Bob Tanaka" not in text_of(answer).split('class="since', 1)[0]


def test_a_close_date_nobody_can_win_on_is_said_and_changes_nothing(client, house):
    for day in (*ABSURD, "2101-01-01"):
        answer = cell(client, house, "close", value=day)
        assert answer.status_code == 422, day
        assert "is no day it can be won on" in seen(answer), day
    assert row(house, "Bob Tanaka").version == 1


def test_absurd_days_that_came_in_another_way_break_no_page(client, house):
    """By an import of long ago, or by a hand in the database."""
    found = row(house, "Bob Tanaka")
    for day in ("0001-01-01", "9999-12-31"):
        set_row(house, "Bob Tanaka", close_on=day)
        for path in (*PAGES, "/pipeline?as_of=2026-05-13", f"/leads/{found.id}", "/today"):
            assert client.get(path).status_code == 200, path


def test_filters_of_absurd_days_and_periods_answer_in_a_sentence(client):
    for words in ("created before {}", "last_in after {}", "last_in before {}"):
        for day in ("0001-01-01", "9999-12-31"):
            answer = client.get("/pipeline", query_string={"filter": words.format(day)})
            assert answer.status_code == 422, (words, day)
            assert "is no day" in seen(answer)
    for days, code in (("0", 422), ("99999", 422), ("999999999999", 200), ("-1", 200), ("x", 200)):
        answer = client.get("/pipeline/numbers", query_string={"days": days})
        assert answer.status_code == code, days
        assert "cannot be counted" in seen(answer) or code == 200, "the usual period is taken"
