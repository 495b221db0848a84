"""Forecast, coverage, slips and answers on the page of numbers: each opened to its leads, kept as a table, on any day."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest

from inboxcrm.cli.demo_past import play_past
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.goals import Goals, Quota
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.views.leads import lead_list
from tests.statements import statements_seen
from tests.web.figures import Opener, hold
from tests.web.house import ALICE, NOW, YOU, House, walk_in
from tests.web.merging import seen, text_of

EVIL = "<img src=x onerror=alert(1)>\u202e{{ 7*7 }}"
PARTS = (
    "figures",
    "stages",
    "times",
    "sources",
    "owners",
    "funnel",
    "forecast",
    "coverage",
    "slips",
    "responses",
    "bands",
    "owed",
)


def aim(house: House, *quotas: Quota, hours: int = 8) -> None:
    pipelines = Pipelines(house.desk.pipelines.pipelines, Goals(quotas, hours))
    object.__setattr__(house.desk, "pipelines", pipelines)


def do(house: House, name: str, stage: str = "", *, days_ago: float = 0, **changes) -> None:
    found = next(one for one in lead_list(house.desk, YOU, limit=500).rows if one.name == name)
    house.clock.at = NOW - timedelta(days=days_ago)
    if changes:
        edit_lead(house.desk, YOU, found.id, version=found.version, changes=changes)
    if stage:
        version = found.version + bool(changes)
        move_stage(house.desk, YOU, found.id, stage, version=version)
    house.clock.at = NOW


@pytest.fixture
def house(house: House) -> House:
    """In April EUR 12,000 were forecast of Bob, who was put off to June; Oskar brought EUR 5,000."""
    do(house, "Bob Tanaka", "sql", days_ago=22, value="12000", currency="EUR", close="2026-05-28", owner="me")  # fmt: skip
    do(house, "Bob Tanaka", days_ago=5, close="2026-06-20")
    do(house, "Oskar Lind", days_ago=2, value="5000", currency="EUR", close="2026-05-12")
    do(house, "Oskar Lind", "won", days_ago=1)
    return house


def links(page: str) -> list[str]:
    return sorted({unescape(one) for one in re.findall(r'href="(/pipeline/numbers/leads[^"]+)"', page)})  # fmt: skip


def opened(client, page: str) -> dict[str, int]:
    """Every figure of a page, and how many leads it opens."""
    found = {}
    for link in links(page):
        shown = text_of(client.get(link))
        said = re.search(r"<h1>.*: (\d+) leads?</h1>", shown)
        assert said, link
        assert int(said[1]) == len(re.findall(r'<th scope="row">', shown)), link
        figure = re.search(r"figure=([^&]+)", link)[1].replace("%3A", ":")
        found[figure] = int(said[1])
    return found


def section(page: str, key: str) -> str:
    return re.search(rf'<section aria-labelledby="h-{key}">.*?</section>', page, re.DOTALL)[0]


def words(page: str, key: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", unescape(section(page, key))).split())


def table(client, part: str, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/pipeline/numbers/{part}.csv{query}")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(text_of(answer))))


def test_the_forecast_stands_beside_what_came(client, house):
    page = text_of(client.get("/pipeline/numbers"))
    told = {one["month"]: one for one in table(client, "forecast")}
    assert list(told)[:13] == [f"{2025 + (10 + n) // 12}-{(10 + n) % 12 + 1:02}" for n in range(13)]
    may = told["2026-05"]
    assert (may["forecast leads"], may["forecast EUR"], may["forecast weighted EUR"]) == ("1", "12000.00", "6000.00")  # fmt: skip
    assert (may["won leads"], may["won EUR"], may["won of forecast EUR"]) == ("1", "5000.00", "0.8333")  # fmt: skip
    assert told["2026-06"]["expected weighted EUR"] == "6000.00"
    assert told["2026-06"]["forecast leads"] == ""
    assert told["none"]["expected leads"] == "1"
    assert "May 2026 so far 1 forecast EUR 6,000 1 won EUR 5,000 83%" in words(page, "forecast")
    assert "6,000 forecast" in section(page, "forecast")
    assert "5,000 won" in section(page, "forecast")


def test_what_slipped_says_how_often_and_by_how_much(client, house):
    [everybody, you, nobody] = table(client, "slips")
    assert (everybody["put off"], everybody["times"], everybody["median days"]) == ("1", "1", "23")
    assert (you["owner"], you["put off"], nobody["put off"]) == ("You", "1", "0")
    assert table(client, "slips", "?as_of=2026-05-08")[0]["put off"] == "0"


def test_coverage_says_how_to_set_a_quota_where_there_is_none(client, house):
    assert "[[quota]]" in words(text_of(client.get("/pipeline/numbers")), "coverage")
    assert table(client, "coverage") == []


def test_quotas_are_covered_by_what_is_open_in_their_currency(client, house):
    aim(house, Quota(10_000_00, "EUR", "quarter"), Quota(4_000_00, "EUR", "2026-05", "gone@x.example"), Quota(1_00, "USD", "month"))  # fmt: skip
    page = text_of(client.get("/pipeline/numbers"))
    [quarter, gone, dollars] = table(client, "coverage")
    assert (quarter["whose"], quarter["open"], quarter["coverage"], quarter["won"], quarter["reached"]) == ("Team", "12000.00", "1.2", "5000.00", "0.5")  # fmt: skip
    assert (gone["whose"], gone["open"], dollars["coverage"]) == ("gone@x.example", "0.00", "0.0")
    assert "nobody signs in so" in words(page, "coverage")
    assert "1.2 times" in seen(client.get("/pipeline/numbers"))
    assert opened(client, page)["due:any:EUR"] == 1


def test_first_answers_are_told_in_working_hours(client, house):
    # Bob was answered after 13.5 working days, Ines waits for less than a day, the shared address waits in Review.
    rows = {one["owner"]: one for one in table(client, "responses")}
    assert (rows["Everybody"]["answered"], rows["Everybody"]["waiting"]) == ("1", "1")
    assert rows["You"]["late"] == "1"
    aim(house, hours=1)
    assert table(client, "responses")[0]["waiting too long"] == "1"
    assert "The target is 1 working hour." in words(text_of(client.get("/pipeline/numbers")), "responses")  # fmt: skip


def test_who_waits_is_told_by_owner_now_and_on_a_past_day(client, house):
    now = {one["owner"]: one["waiting"] for one in table(client, "owed")}
    assert now == {"Everybody": "2", "You": "1", "Nobody": "1"}
    past = {one["owner"]: one["waiting"] for one in table(client, "owed", "?as_of=2026-05-08")}
    assert past == {"Everybody": "1", "You": "1"}, "Bob had not been answered yet"
    assert table(client, "owed", "?as_of=2026-05-11") == []


def test_every_figure_of_the_demo_opens_its_leads(empty_house):
    house = empty_house
    for number in range(22):
        guest = f"Guest {number} guest{number}@firm{number}.example"
        house.deliver(guest, "A question", hours_ago=24 * (20 - number / 2), thread=f"t{number}")
        house.deliver(f"Alice Berg {ALICE}", "Re: A question", to=[guest], hours_ago=24 * (19 - number / 2), thread=f"t{number}")  # fmt: skip
    house.sync()
    fields = (
        LeadField("area", "Area", FieldKind.NUMBER),
        LeadField("building", "Building"),
        LeadField("time_zone", "Time zone", FieldKind.TIME_ZONE),
    )
    object.__setattr__(house.desk, "lead_fields", fields)
    play_past(house.desk, YOU, 1)
    client = walk_in(house.app().test_client())
    aim(house, Quota(90_000_00, "EUR", "quarter"))
    for query in ("", "?as_of=2026-05-07"):
        held = hold(text_of(client.get(f"/pipeline/numbers{query}")), Opener(client))
        assert set(held) >= {"stages", "forecast", "coverage", "responses", "funnel", "by_owner"}
        assert sum(held.values()) > 100
    assert hold(text_of(client.get("/pipeline/numbers")), Opener(client))["slips"]


@pytest.mark.parametrize("part", PARTS)
def test_every_table_is_a_file_on_any_day(client, house, part):
    aim(house, Quota(10_000_00, "EUR", "month"))
    for query in ("", "?as_of=2026-01-01", "?pipeline=sales&days=3"):
        answer = client.get(f"/pipeline/numbers/{part}.csv{query}")
        assert answer.status_code == 200
        assert f'filename="{part}-' in answer.headers["Content-Disposition"]
    page = text_of(client.get("/pipeline/numbers?days=30"))
    assert f'href="/pipeline/numbers/{part}.csv?days=30"' in page


def test_what_is_no_table_or_figure_is_not_found(client):
    for path in ("nonsense.csv", "forecast.csv.csv"):
        assert client.get(f"/pipeline/numbers/{path}").status_code == 404
    for figure in ("due:soon", "forecast:2026-Q2", "first:nobody", "first:band", "owed", "owed:all:x", "slipped:x", "came:2026-05:EUR:9999999999999999999", "due:0000-01"):  # fmt: skip
        assert client.get(f"/pipeline/numbers/leads?figure={figure}").status_code == 404, figure


def test_hostile_names_and_currencies_stay_text(client, house):
    made = create_lead(house.desk, YOU, "evil@evil.example", EVIL)
    changes = {"value": "7", "currency": "EUR", "close": "2026-05-01", "owner": "me"}
    edit_lead(house.desk, YOU, made.lead_id, version=made.version, changes=changes)
    aim(house, Quota(10_00, "EUR", "month", EVIL))
    page = text_of(client.get("/pipeline/numbers"))
    assert "<img" not in page
    assert "\u202e" not in section(page, "coverage")
    assert opened(client, page)["due:passed"] == 1


def test_charts_have_no_style_of_their_own_and_name_their_tables(client, house):
    page = text_of(client.get("/pipeline/numbers"))
    assert " style=" not in page
    tables = set(re.findall(r'id="([a-z]+-table)"', page))
    assert {f"{one}-table" for one in ("forecast", "slips", "bands", "owed", "responses")} <= tables
    assert set(re.findall(r'aria-describedby="([a-z]+-table)"', page)) <= tables
    headings = set(re.findall(r'id="(h-[a-z_]+)"', page))
    assert set(re.findall(r'aria-labelledby="(h-[a-z_]+)"', page)) <= headings
    assert len(re.findall(r'id="([^"]+)"', page)) == len(set(re.findall(r'id="([^"]+)"', page)))


@pytest.mark.parametrize("path", ["/pipeline/numbers", "/pipeline/numbers?as_of=2026-05-08"])
def test_the_numbers_cost_the_same_few_questions_however_many_leads_there_are(client, house, path):
    aim(house, Quota(10_000_00, "EUR", "month"))

    def questions() -> int:
        with statements_seen() as asked:
            client.get(path)
        return len([one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))])

    before = questions()
    for number in range(40):
        made = create_lead(house.desk, YOU, f"guest{number}@hotel.example", f"Guest {number}")
        edit_lead(house.desk, YOU, made.lead_id, version=made.version, changes={"close": "2026-06-01"})  # fmt: skip
        house.deliver(f"Guest guest{number}@hotel.example", f"Room {number}", hours_ago=300 + number)  # fmt: skip
    house.sync()
    assert questions() == before
    assert before <= 20


def test_an_empty_house_has_an_empty_outlook(empty_house):
    client = walk_in(empty_house.app().test_client())
    page = text_of(client.get("/pipeline/numbers"))
    for said in ("No quota holds here", "No lead has a close date", "Nobody wrote for the first time", "Nobody waits for an answer"):  # fmt: skip
        assert said in page
