"""A column of the sheet asked by a small form: what it makes of the page, what it says of what cannot be asked."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

import pytest

from inboxcrm.leads.column_filters import FILTER_COLUMNS
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.services.tasks import add_task
from inboxcrm.views.pipeline_sheet import COLUMNS
from tests.statements import statements_seen
from tests.web.house import NOW, YOU, House
from tests.web.merging import seen, text_of
from tests.web.test_pipeline import do, names, row

EVIL = "<img src=x onerror=alert(1)>\u202e{{ 7*7 }}"


@pytest.fixture
def house(house: House) -> House:
    """Bob is an opportunity of EUR 12,000, closes in June and has a task; Ines is new and Alice's; Oskar is won."""
    do(house, "Bob Tanaka", "opportunity", days_ago=12)
    do(house, "Bob Tanaka", value="12000", currency="EUR", close="2026-06-10", source="fair")
    do(house, "Ines Duarte", owner="me")
    do(house, "Oskar Lind", "won", days_ago=2)
    add_task(house.desk, YOU, row(house, "Bob Tanaka").id, "Call", NOW.date().replace(day=20))
    return house


def ask(client, column: str, page: str = "sheet", *, follow: bool = True, **typed):
    """What a browser sends for the form of a column; returns the page it leads to."""
    fields = [("at", page), ("column", column), ("set", "1")]
    for name, value in typed.items():
        fields += [(name, one) for one in (value if isinstance(value, list) else [value])]
    return client.get(f"/pipeline/narrow?{urlencode(fields)}", follow_redirects=follow)


def found(client, column: str, **typed) -> set[str]:
    answer = ask(client, column, **typed)
    assert answer.status_code == 200, seen(answer)
    return set(names(text_of(answer)))


ALL = {"Bob Tanaka", "Ines Duarte", "Oskar Lind"}


ASKED = [
    ("name", {"text": "TANAKA"}, {"Bob Tanaka"}),
    ("name", {"text": "ines", "how": "starts with"}, {"Ines Duarte"}),
    ("organization", {"text": "Kitaura", "how": "is"}, {"Bob Tanaka"}),
    ("organization", {"picks": ["Kitaura", "Mares"]}, {"Bob Tanaka", "Ines Duarte"}),
    ("stage", {"picks": "new"}, {"Ines Duarte"}),
    ("stage", {"picks": ["new", "won"]}, {"Ines Duarte", "Oskar Lind"}),
    ("days", {"low": "10"}, {"Bob Tanaka"}),
    ("days", {"low": "1", "high": "5"}, {"Oskar Lind"}),
    ("days", {"low": "2", "high": "2"}, {"Oskar Lind"}),
    ("days", {"high": "1"}, {"Ines Duarte"}),
    ("owner", {"blank": "1"}, {"Bob Tanaka", "Oskar Lind"}),
    ("owner", {"picks": "account-1"}, {"Ines Duarte"}),
    ("owner", {"picks": "account-1", "blank": "1"}, ALL),
    ("value", {"low": "5000"}, {"Bob Tanaka"}),
    ("value", {"low": "5000", "high": "11999.99"}, set()),
    ("value", {"blank": "1"}, {"Ines Duarte", "Oskar Lind"}),
    ("value", {"low": "5000", "blank": "1"}, ALL),
    ("close", {"low": "2026-06-09", "high": "2026-06-11"}, {"Bob Tanaka"}),
    ("close", {"low": "2026-06-10"}, set()),
    ("owes", {"picks": "them"}, {"Oskar Lind"}),
    ("last_in", {"blank": "1"}, {"Oskar Lind"}),
    ("last_in", {"high": "0"}, {"Ines Duarte"}),
    ("last_out", {"low": "3"}, {"Bob Tanaka"}),
    ("task", {"low": "2026-05-19"}, {"Bob Tanaka"}),
    ("task", {"blank": "1"}, {"Ines Duarte", "Oskar Lind"}),
    ("source", {"picks": ["fair"]}, {"Bob Tanaka"}),
    ("mails", {"low": "2"}, {"Bob Tanaka"}),
    ("mails", {"high": "1"}, {"Ines Duarte", "Oskar Lind"}),
    ("age", {"low": "20"}, {"Bob Tanaka"}),
    ("temperature", {"picks": "cold"}, {"Oskar Lind"}),
    ("temperature", {}, ALL),
]


def test_a_column_finds_the_leads_whose_cells_say_so(client, house):
    for column, typed, wanted in ASKED:
        assert found(client, column, **typed) == wanted, (column, typed)


def test_every_column_of_the_sheet_can_be_asked_from_its_head(client, house):
    everything = ",".join(key for key, _ in COLUMNS)
    head = (
        text_of(client.get(f"/pipeline/sheet?columns={everything}"))
        .split("<thead>")[1]
        .split("</thead>")[0]
    )
    links = [html.unescape(one) for one in re.findall(r'href="(/pipeline/narrow[^"]+)"', head)]
    assert [re.search(r"column=(\w+)$", one)[1] for one in links] == [
        "name",
        *(key for key, _ in COLUMNS),
    ]
    for link in links:
        page = client.get(link)
        assert page.status_code == 200, link
        assert 'id="narrow"' in text_of(page), link


def test_columns_hold_together_each_as_a_word_that_is_taken_away(client, house):
    first = ask(client, "stage", picks=["new", "opportunity"], follow=False).location
    assert set(names(text_of(client.get(first)))) == {"Bob Tanaka", "Ines Duarte"}
    where = re.search(r"where=([^&]+)", first)[1].replace("+", " ")
    both = ask(
        client, "value", where="stage any of (new, opportunity)", low="1", filter="owner is unset"
    )
    page = text_of(both)
    assert names(page) == ["Bob Tanaka"]
    assert "whose stage is one of New or Opportunity" in page
    assert "whose value is at least 1" in page
    assert "any of" in html.unescape(where) or "any" in where
    links = [html.unescape(one) for one in re.findall(r'href="([^"]+)" title="Take it away"', page)]
    assert len(links) == 2
    without_stage, without_value = (text_of(client.get(one)) for one in links)
    assert "whose stage is" not in without_stage.split("<thead>")[0]
    assert 'name="filter" value="owner is unset"' in without_value
    assert "whose value is" not in without_value.split("<thead>")[0]


def test_a_column_asked_again_is_asked_anew_and_its_form_remembers(client, house):
    where = "stage is new and value >= 5 and value <= 9 and name contains x"
    form = text_of(
        client.get(
            f"/pipeline/narrow?{urlencode({'at': 'sheet', 'column': 'value', 'where': where})}"
        )
    )
    assert 'name="low" value="5"' in form
    assert 'name="high" value="9"' in form
    asked = ask(client, "value", where=where, blank="1", follow=False).location
    assert urlencode({"where": "stage is new and name contains x and value is unset"}) in asked
    cleared = ask(client, "value", where="value >= 5", follow=False).location
    assert cleared == "/pipeline/sheet"
    days = text_of(
        client.get("/pipeline/narrow?at=sheet&column=days&where=stage_since+within+8+days")
    )
    assert 'name="high" value="7"' in days


REFUSED = [
    ("value", {"low": "a lot"}, "no number"),
    ("value", {"low": "9", "high": "5"}, "The second is below the first"),
    ("days", {"low": "-3"}, "no number of days"),
    ("days", {"low": "٣"}, "no number of days"),
    ("days", {"high": "99999"}, "36500"),
    ("days", {"low": "0"}, "every lead"),
    ("days", {"low": "9", "high": "5"}, "The second is below the first"),
    ("close", {"low": "soon"}, "no day"),
    ("close", {"low": "2026-06-10", "high": "2026-06-10"}, "The second is below the first"),
    ("stage", {"picks": "nonsense"}, "is no stage"),
    ("owner", {"picks": EVIL}, "is no owner"),
    ("name", {"text": "x" * 600}, "at most 500"),
    ("mails", {"low": "1e999"}, "no number"),
]


def test_what_cannot_be_asked_is_said_beside_the_field_and_what_was_typed_stays(client, house):
    for column, typed, said in REFUSED:
        refused(client, column, typed, said)


def refused(client, column, typed, said):
    answer = ask(client, column, **typed)
    page = text_of(answer)
    assert answer.status_code == 422
    beside = re.findall(r'class="owes late" id="ask-\w+" role="alert">([^<]*)', page)
    assert any(said in html.unescape(one) for one in beside), (column, typed, beside)
    for name, value in typed.items():
        if name in {"low", "high", "text"}:
            assert f'name="{name}" value="{html.escape(value)}"' in page
    assert "Bob Tanaka" in page, "everything else is as it was"
    assert "<img" not in page


def test_a_column_nobody_knows_is_not_there(client, house):
    answer = client.get("/pipeline/narrow?column=nonsense")
    assert answer.status_code == 404
    assert "There is no column" in seen(answer)


@pytest.mark.parametrize("where", ["stge is new", "(((", EVIL, "x" * 3000])
def test_conditions_that_cannot_be_read_are_said_and_can_be_taken_away(client, house, where):
    answer = client.get(f"/pipeline/sheet?{urlencode({'where': where})}")
    page = text_of(answer)
    assert answer.status_code in {200, 422}
    assert "<img" not in page
    if answer.status_code == 422:
        assert "Take away what the columns were asked" in page
        assert "Bob Tanaka" in page
    assert ask(client, "stage", where=where, picks="new").status_code in {200, 422}


def test_too_much_for_an_address_is_refused_before_it_is_one(client, house):
    picks = [f"source {'x' * 400} {number}" for number in range(8)]
    answer = ask(client, "source", picks=picks)
    assert answer.status_code == 422
    assert "too much at once" in seen(answer)


@pytest.mark.parametrize("page", ["board", "numbers"])
def test_board_and_numbers_are_narrowed_by_the_same_words(client, house, page):
    answer = ask(client, "stage", page, picks="opportunity")
    assert answer.status_code == 200
    text = text_of(answer)
    assert "whose stage is one of Opportunity" in text
    assert "Ines Duarte" not in text
    if page == "board":
        assert "Bob Tanaka" in text
    for link in re.findall(r'href="(/pipeline[^"]*)" title="Take it away"', text):
        assert client.get(html.unescape(link)).status_code == 200


def test_values_of_leads_are_offered_and_stay_text(client, house):
    made = create_lead(house.desk, YOU, "evil@evil.example", EVIL)
    edit_lead(house.desk, YOU, made.lead_id, version=made.version, changes={"source": EVIL})
    form = text_of(client.get("/pipeline/narrow?at=sheet&column=source"))
    assert "fair" in form.split('id="narrow"')[1]
    assert "&lt;img" in form
    assert "<img" not in form
    page = ask(client, "source", picks=EVIL)
    assert len(names(text_of(page))) == 1
    assert "<img" not in text_of(page)
    assert "\u202e" not in text_of(page).split("<main")[1].split('value="')[0]


def test_asking_costs_a_fixed_number_of_questions(client, house):
    def cost(path: str) -> int:
        with statements_seen() as asked:
            assert client.get(path).status_code == 200
        return len([one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))])

    bare = cost("/pipeline/sheet")
    where = urlencode(
        {"where": "stage is new and value >= 1 and owner is unset and source is fair"}
    )
    few = cost(f"/pipeline/sheet?{where}")
    assert few <= bare + 3
    for number in range(40):
        made = create_lead(house.desk, YOU, f"guest{number}@hotel.example", f"Guest {number}")
        move_stage(house.desk, YOU, made.lead_id, "engaged", version=made.version)
    assert cost("/pipeline/sheet") == bare
    assert cost(f"/pipeline/sheet?{where}") == few


def test_all_that_a_column_asks_is_known_to_segments():
    from inboxcrm.leads.pipeline import Pipelines
    from inboxcrm.leads.segment_fields import segment_fields

    known = segment_fields(pipelines=Pipelines()).fields
    assert {one.field for one in FILTER_COLUMNS.values()} <= set(known)
