"""Every figure of the numbers says its definition and opens the leads behind it: as many, or worth as much, as it says."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import update

from inboxcrm.cli.pipeline_outlook import TABLES
from inboxcrm.leads.goals import Quota
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.store.tables import account
from inboxcrm.views.number_rows import PARTS
from inboxcrm.views.outlook_rows import PARTS as OUTLOOK_PARTS
from tests.web.figures import COLUMNS, Opener, drawn, hold
from tests.web.house import ALICE, NOW, YOU, House
from tests.web.merging import text_of
from tests.web.test_pipeline_outlook import aim, do

EVIL = "=cmd|' /C calc'!A0"
DAYS = ("", "?as_of=2026-05-08&days=365", "?days=20&filter=value+%3E+600")


def guest(
    house: House, name: str, days_ago: float, *deeds: tuple[float, str | dict[str, str]]
) -> None:
    """Came so many days ago; then what was done to it, each so many days ago: a stage, or fields."""
    house.clock.at = NOW - timedelta(days=days_ago)
    held = create_lead(house.desk, YOU, f"{name.lower()}@{name.lower()}.example", name)
    for ago, deed in deeds:
        house.clock.at = NOW - timedelta(days=ago)
        if isinstance(deed, dict):
            held = edit_lead(house.desk, YOU, held.lead_id, version=held.version, changes=deed)
        else:
            stage, _, reason = deed.partition(" because ")
            held = move_stage(
                house.desk, YOU, held.lead_id, stage, version=held.version, reason=reason
            )
    house.clock.at = NOW


@pytest.fixture
def house(house: House) -> House:
    """Something for every column: two currencies, dates put off twice, one taken away, stays that came twice, reasons."""
    euro, dollar = {"currency": "EUR"}, {"currency": "USD"}
    do(
        house,
        "Bob Tanaka",
        "sql",
        days_ago=40,
        value="12000",
        currency="EUR",
        close="2026-05-28",
        owner="me",
    )
    do(house, "Bob Tanaka", days_ago=5, close="2026-06-20")
    do(house, "Oskar Lind", days_ago=2, value="5000", currency="EUR", close="2026-05-12")
    do(house, "Oskar Lind", "won", days_ago=1)
    guest(
        house,
        "Alva",
        60,
        (58, {"value": "700", **euro, "source": "fair", "close": "2026-04-30"}),
        (50, "engaged"),
        (30, {"close": "2026-05-30"}),
        (20, {"close": "2026-07-01"}),
        (15, "mql"),
        (10, "engaged"),
        (5, "mql"),
    )
    guest(
        house,
        "Nils",
        45,
        (44, {"value": "900", **dollar, "owner": "me", "close": "2026-05-20"}),
        (30, "opportunity"),
        (7, {"close": ""}),
    )
    guest(
        house,
        "Edda",
        50,
        (44, {"value": "650", **euro, "source": EVIL}),
        (30, "engaged"),
        (25, f"lost because {EVIL}"),
    )
    guest(house, "Runa", 35, (33, "engaged"), (12, "disqualified because No fit"))
    guest(
        house,
        "Tove",
        70,
        (69, {"value": "2500", **dollar, "owner": "me", "source": "fair"}),
        (60, "sal"),
        (18, "won"),
    )
    guest(house, "Ylva", 30, (28, {"close": "2026-05-01", "value": "800", **euro}), (20, "engaged"))
    aim(house, Quota(10_000_00, "EUR", "quarter"), Quota(4_000_00, "USD", "month"), hours=1)
    return house  # fmt: skip


@pytest.mark.parametrize("query", DAYS)
def test_every_figure_says_its_definition_and_opens_as_many_leads_as_it_says(client, house, query):
    held = hold(text_of(client.get(f"/pipeline/numbers{query}")), Opener(client))
    assert {"stages", "forecast", "funnel", "by_source", "by_owner"} <= set(held)
    if not query:
        assert all(held[name] for name in COLUMNS), held


def test_a_quota_of_one_person_opens_that_persons_leads(client, house):
    aim(house, Quota(1_000_00, "USD", "quarter", ALICE))
    with house.database.write() as tx:
        tx.execute(update(account).where(account.c.id == YOU.account_id).values(address=ALICE))
    page = text_of(client.get("/pipeline/numbers"))
    assert hold(page, Opener(client))["coverage"] == 6


def test_every_table_and_the_figures_above_have_their_file(client, house):
    page = drawn(text_of(client.get("/pipeline/numbers")))
    assert page.files == {*PARTS, *OUTLOOK_PARTS} == set(TABLES)


def rows(client, part: str, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/pipeline/numbers/{part}.csv{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(text_of(answer))))


def test_the_files_say_what_the_tables_say(client, house):
    stages = {one["stage"]: one for one in rows(client, "stages")}
    assert (stages["Opportunity"]["leads"], stages["Opportunity"]["value USD"], stages["Opportunity"]["weighted USD"]) == (
        "1", "900.00", "630.00",
    )  # fmt: skip
    assert (stages["Won"]["value EUR"], stages["Won"]["probability"], stages["Won"]["weighted EUR"]) == ("5000.00", "", "")  # fmt: skip
    times = {one["stage"]: one for one in rows(client, "times")}
    assert (times["Engaged"]["stays"], times["Engaged"]["median days"]) == ("4", "13.0")
    assert {one["reason"]: one["leads"] for one in rows(client, "reasons")} == {"No fit": "1", f"'{EVIL}": "1"}  # fmt: skip
    sources = {one["source"]: one for one in rows(client, "sources")}
    assert (sources["fair"]["open value EUR"], sources["fair"]["won value USD"], sources["fair"]["win rate"]) == ("700.00", "2500.00", "1.0")  # fmt: skip
    assert f"'{EVIL}" in sources, "no spreadsheet runs it"
    assert {one["owner"] for one in rows(client, "owners")} == {"You", "Nobody"}
    assert rows(client, "figures")[0]["value"] == "EUR 13,500 · USD 900"


def test_the_files_of_a_past_day_are_those_of_that_day(client, house):
    query = "?as_of=2026-04-20&days=30"
    assert {one["stage"]: one["leads"] for one in rows(client, "stages", query)}["Won"] == "0"
    assert [one["reason"] for one in rows(client, "reasons", query)] == [f"'{EVIL}"]
    assert {one["source"]: one["won"] for one in rows(client, "sources", query)}["fair"] == "0"
    assert rows(client, "reasons", "?as_of=2026-01-01") == []


def test_what_a_long_table_leaves_out_is_in_its_file(client, house):
    for number in range(23):
        guest(
            house,
            f"Guest{number}",
            9,
            (8, {"source": f"fair {number}"}),
            (7, f"lost because Reason {number}"),
        )
    page = text_of(client.get("/pipeline/numbers"))
    assert len(drawn(page).tables["reasons"]) == len(drawn(page).tables["by_source"]) == 20
    assert len(rows(client, "reasons")) == 25
    assert "5 more are in the file" in page
    assert hold(page, Opener(client))["reasons"] == 40
