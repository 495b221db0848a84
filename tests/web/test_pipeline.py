"""The pipeline by its pages: board, sheet and numbers; moved, edited, undone, refused; now and on a past day."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from inboxcrm.leads.pipeline import Pipeline, Pipelines, Stage, StageKind
from inboxcrm.services.lead_making import create_lead, delete_lead
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.store.tables import lead
from inboxcrm.views.leads import LeadRow, lead_list
from inboxcrm.views.pipeline import CARDS
from tests.statements import statements_seen
from tests.web.house import NOW, YOU, House, hidden_fields, walk_in
from tests.web.merging import seen, text_of

HTMX = {"HX-Request": "true"}
EVIL = "<img src=x onerror=alert(1)>\u202e{{ 7*7 }}"


def row(house: House, name: str) -> LeadRow:
    return next(one for one in lead_list(house.desk, YOU, limit=500).rows if one.name == name)


def do(
    house: House, name: str, stage: str = "", *, days_ago: float = 0, reason: str = "", **changes
):
    """What somebody did about a lead, so many days ago."""
    found = row(house, name)
    house.clock.at = NOW - timedelta(days=days_ago)
    if changes:
        edit_lead(house.desk, YOU, found.id, version=found.version, changes=changes)
    else:
        move_stage(house.desk, YOU, found.id, stage, version=found.version, reason=reason)
    house.clock.at = NOW


@pytest.fixture
def house(house: House) -> House:
    """Bob is an opportunity of EUR 12,000, Oskar is won, Ines is new."""
    do(house, "Bob Tanaka", "engaged", days_ago=15)
    do(house, "Bob Tanaka", days_ago=12, value="12000", currency="EUR", close="2026-05-10")
    do(house, "Bob Tanaka", "opportunity", days_ago=1)
    do(house, "Oskar Lind", "won", days_ago=0.5)
    return house


def column(page: str, stage: str) -> str:
    return re.search(
        rf'<section class="column[^>]*data-stage="{stage}".*?</section>', page, re.DOTALL
    )[0]


def move(client, house: House, name: str, stage: str, *, path="/pipeline", headers=HTMX, **more):
    found = row(house, name)
    fields = hidden_fields(text_of(client.get(path)), "")
    data = fields | {"version": str(found.version), "stage": stage, "reason": ""} | more
    return client.post(f"/pipeline/leads/{found.id}/stage", data=data, headers=headers)


# --- the board ------------------------------------------------------------------------


def test_a_stage_shows_its_leads_their_sum_and_what_it_weighs(client, house):
    page = text_of(client.get("/pipeline"))
    held = column(page, "opportunity")
    assert "Bob Tanaka" in held
    assert "EUR 12,000" in held
    assert "EUR 8,400" in held, "seven tenths of it"
    assert "Oskar Lind" in column(page, "won")
    assert "2 open leads</h1>" in page
    assert 'href="/pipeline" aria-current="page">Pipeline' in page


def test_a_card_that_stands_too_long_is_marked_by_the_limit_of_its_stage(client, house):
    house.clock.at = NOW + timedelta(days=10)
    page = text_of(walk_in(house.app().test_client()).get("/pipeline"))
    assert re.search(
        r'<li class="bcard is-stale"(?:(?!</li>).)*Ines', column(page, "new"), re.DOTALL
    )
    assert "here, limit 3" in column(page, "new")
    assert "is-stale" not in column(page, "opportunity")


def test_a_card_is_moved_and_taken_back(client, house):
    page = text_of(move(client, house, "Ines Duarte", "engaged"))
    assert "Ines Duarte" in column(page, "engaged")
    assert "Moved to Engaged" in page
    undo = client.post("/pipeline/undo", data=hidden_fields(page, "/pipeline/undo"), headers=HTMX)
    assert "Ines Duarte" in column(text_of(undo), "new")


def test_without_script_a_card_has_a_form_and_leads_back_to_the_same_board(client, house):
    found = row(house, "Ines Duarte")
    page = text_of(client.get(f"/pipeline?filter=stage+is+new&move={found.id}"))
    action = f"/pipeline/leads/{found.id}/stage"
    answer = client.post(action, data=hidden_fields(page, action) | {"stage": "mql"})
    assert answer.status_code == 303
    assert answer.location == "/pipeline?filter=stage+is+new"
    assert "Moved to Marketing qualified" in text_of(client.get(answer.location))


def test_two_people_moving_one_card_hear_of_each_other(client, house):
    answer = move(client, house, "Ines Duarte", "mql", version="1")
    assert answer.status_code == 200
    late = move(client, house, "Ines Duarte", "engaged", version="1")
    assert late.status_code == 409
    assert "Somebody changed this lead since you opened it" in seen(late)
    assert "Ines Duarte" in column(text_of(late), "mql")


def test_the_same_move_sent_twice_is_made_once(client, house):
    found = row(house, "Ines Duarte")
    fields = hidden_fields(text_of(client.get("/pipeline")), "")
    data = fields | {"version": str(found.version), "stage": "mql"}
    path = f"/pipeline/leads/{found.id}/stage"
    assert [client.post(path, data=data, headers=HTMX).status_code for _ in range(2)] == [200, 200]
    assert row(house, "Ines Duarte").version == found.version + 1


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ({"stage": "nonsense"}, 422, "There is no stage"),
        ({"stage": ""}, 422, "There is no stage"),
        ({"version": ""}, 422, "version of the lead is missing"),
        ({"version": "999"}, 409, "Somebody changed this lead"),
    ],
)
def test_a_move_that_cannot_be_made_says_why_and_changes_nothing(client, house, more, code, said):
    answer = move(client, house, "Ines Duarte", **({"stage": "mql"} | more))
    assert answer.status_code == code
    assert said in seen(answer)
    assert row(house, "Ines Duarte").stage.key == "new"


def test_a_long_column_shows_its_first_cards_and_goes_on(client, house):
    for number in range(CARDS * 2 + 1):
        create_lead(house.desk, YOU, f"guest{number}@hotel.example", f"Guest {number}")
    page = text_of(client.get("/pipeline"))
    shown = re.findall(r"<bdi>(Guest \d+|Ines Duarte)</bdi>", column(page, "new"))
    assert len(shown) == CARDS
    while following := re.search(r'hx-get="([^"]+)"', column(page, "new") if "<section" in page else page):  # fmt: skip
        page = text_of(client.get(following[1].replace("&amp;", "&"), headers=HTMX))
        shown += re.findall(r"<bdi>(Guest \d+|Ines Duarte)</bdi>", page)
    assert len(shown) == len(set(shown)) == CARDS * 2 + 2


def test_a_stage_that_vanished_from_the_settings_is_shown_and_can_be_left(client, house):
    with house.database.write() as tx:
        tx.execute(update(lead).where(lead.c.name == "Ines Duarte").values(stage="gone & lost"))
    page = text_of(client.get("/pipeline"))
    held = re.search(r"<section[^>]*data-unknown.*?</section>", page, re.DOTALL)[0]
    assert "not in the settings" in held
    assert "Ines Duarte" in held
    assert "Ines Duarte" in column(text_of(move(client, house, "Ines Duarte", "new")), "new")


def test_values_in_other_currencies_stand_beside_each_other(client, house):
    do(house, "Ines Duarte", "opportunity")
    do(house, "Ines Duarte", value="99.50", currency="USD")
    held = seen(client.get("/pipeline"))
    assert "EUR 12,000 · USD 99.50" in held


def test_a_second_pipeline_has_a_board_of_its_own(house):
    support = Pipeline(
        "support", "Support", (Stage("asked", "Asked"), Stage("done", "Done", StageKind.WON))
    )
    object.__setattr__(
        house.desk, "pipelines", Pipelines((*house.desk.pipelines.pipelines, support))
    )
    found = row(house, "Ines Duarte")
    move_stage(house.desk, YOU, found.id, "asked", version=found.version, pipeline="support")
    client = walk_in(house.app().test_client())
    page = text_of(client.get("/pipeline?pipeline=support"))
    assert "Ines Duarte" in column(page, "asked")
    assert "Ines Duarte" not in text_of(client.get("/pipeline"))
    assert client.get("/pipeline?pipeline=nonsense").status_code == 422


# --- asking ---------------------------------------------------------------------------


def test_the_board_is_narrowed_by_the_words_of_segments(client, house):
    page = text_of(client.get("/pipeline?filter=value+%3E+5000"))
    assert "Bob Tanaka" in page
    assert "Oskar Lind" not in page
    assert "1 open lead</h1>" in page


@pytest.mark.parametrize("page", ["/pipeline", "/pipeline/sheet", "/pipeline/numbers"])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("filter=stge+is+new", "stge"),
        ("as_of=2026-05-15", "still to come"),
        ("as_of=soon", "is no day"),
        ("as_of=0001-01-01", "before there was mail"),
        ("filter=%00%27%3B+DROP+TABLE+lead", ""),
    ],
)
def test_what_cannot_be_asked_is_said_with_everything_else_as_it_is(client, page, asked, said):
    answer = client.get(f"{page}?{asked}")
    assert answer.status_code == 422
    assert said in seen(answer)
    assert "Bob Tanaka" in text_of(answer) or "numbers" in page


def test_hostile_names_and_values_stay_text(client, house):
    create_lead(house.desk, YOU, "evil@evil.example", EVIL)
    do(house, "Ines Duarte", source=EVIL[:200])
    do(house, "Ines Duarte", "lost", reason=EVIL * 40)
    for path in ("/pipeline", "/pipeline/sheet?columns=source&group=source", "/pipeline/numbers"):
        page = text_of(client.get(path))
        assert "&lt;img" in page, path
        assert "<img" not in page, path
        assert "\u202e" not in page, path
        assert "{{ 7*7 }}" in page, path


def test_ten_kilobytes_are_no_filter(client):
    assert client.get("/pipeline?filter=" + "x" * 10_000).status_code == 422


# --- past days --------------------------------------------------------------------------


def test_on_a_past_day_the_board_is_as_it_was_and_cannot_be_changed(client, house):
    page = text_of(client.get("/pipeline?as_of=2026-05-08"))
    assert "Bob Tanaka" in column(page, "engaged")
    assert "EUR 12,000" in column(page, "engaged")
    assert "Ines Duarte" not in page.split('class="board"')[1]
    assert "data-version" not in page
    assert "/stage" not in page
    earlier = text_of(client.get("/pipeline?as_of=2026-05-01"))
    assert "EUR 12,000" not in column(earlier, "engaged")


def test_what_happened_since_is_said_in_words(client, house):
    house.clock.at = NOW
    page = seen(client.get("/pipeline?as_of=2026-05-08"))
    assert "1 new, 1 moved, 1 slipped, 1 won." in page
    gone = row(house, "Bob Tanaka")
    delete_lead(house.desk, YOU, gone.id, version=gone.version)
    page = seen(client.get("/pipeline?as_of=2026-05-08"))
    assert "1 gone" in page
    assert "Bob Tanaka" in page, "it stood there then"


def test_today_as_a_day_is_now(client):
    assert "data-version" in text_of(client.get("/pipeline?as_of=2026-05-14"))


# --- the sheet --------------------------------------------------------------------------


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="c-name"><a[^>]*><bdi>([^<]+)', page)


def test_the_sheet_sorts_both_ways_and_puts_what_is_empty_last(client, house):
    do(house, "Ines Duarte", value="5", currency="EUR")
    up = names(text_of(client.get("/pipeline/sheet?sort=value")))
    down = names(text_of(client.get("/pipeline/sheet?sort=value&down=1")))
    assert up[:2] == ["Ines Duarte", "Bob Tanaka"]
    assert down[:2] == ["Bob Tanaka", "Ines Duarte"]
    assert set(up[2:]) == set(down[2:]) == {"Oskar Lind"}
    for key in ("name", "organization", "stage", "days", "owner", "close", "source", "last_in", "last_out", "owes", "task", "mails", "age", "nonsense"):  # fmt: skip
        assert len(names(text_of(client.get(f"/pipeline/sheet?sort={key}")))) == 3, key


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("stage", "New 1 lead"),
        ("owner", "Nobody 3 leads"),
        ("source", "inbound mail 2 leads"),
        ("temperature", "Cold 1 lead"),
    ],
)
def test_the_sheet_is_grouped_with_the_sum_of_each(client, house, group, said):
    assert said in seen(client.get(f"/pipeline/sheet?group={group}"))


def test_columns_are_chosen(client, house):
    page = text_of(client.get("/pipeline/sheet?columns=mails&columns=close"))
    assert ">Mails" in page.split("<thead>")[1]
    assert "10 May" in page
    assert 'class="c-owner"' not in page


def test_what_nobody_typed_stands_in_its_column(client, house):
    page = seen(client.get("/pipeline/sheet?columns=days,owes,last_in,last_out,age,mails"))
    line = page[page.index("Bob Tanaka") :][:200]
    assert "late" in line or "we owe" in line


def cell(client, house: House, name: str, which: str, path="/pipeline/sheet", **given):
    found = row(house, name)
    sep = "&" if "?" in path else "?"
    page = text_of(client.get(f"{path}{sep}edit={found.id}.{which}"))
    action = f"/pipeline/leads/{found.id}/set"
    return client.post(action, data=hidden_fields(page, action) | given)


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("stage", {"value": "mql"}, "Moved to Marketing qualified"),
        ("value", {"value": "7500", "currency": "usd"}, "USD 7,500"),
        ("close", {"value": "2026-06-30"}, "30 Jun"),
    ],
)
def test_a_cell_is_changed_where_it_stands(client, house, field, given, said):
    path = "/pipeline/sheet?sort=name&columns=value%2Cclose%2Cstage"
    answer = cell(client, house, "Ines Duarte", field, path, **given)
    assert answer.location == path
    page = text_of(client.get(path))
    assert said in page
    assert 'action="/pipeline/undo"' in page


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("value", {"value": "a lot", "currency": "EUR"}),
        ("value", {"value": "5", "currency": "\u202eEURO" * 30}),
        ("close", {"value": "someday"}),
        ("close", {"value": "0001-01-01"}),
        ("owner", {"value": "somebody"}),
    ],
)
def test_a_cell_that_cannot_be_taken_says_why(client, house, field, given):
    path = "/pipeline/sheet?columns=value%2Cclose%2Cowner"
    answer = cell(client, house, "Ines Duarte", field, path, **given)
    assert answer.status_code == 422
    assert 'class="toast bad"' in text_of(answer)
    assert row(house, "Ines Duarte").value is None


def test_a_field_that_is_no_cell_is_refused(client, house):
    answer = cell(client, house, "Ines Duarte", "value", field="name", value="x")
    assert answer.status_code == 422
    assert "cannot be changed here" in seen(answer)


# --- the numbers --------------------------------------------------------------------------


def test_every_figure_says_what_it_means_and_opens_its_leads(client, house):
    do(house, "Ines Duarte", "lost", reason="=cmd|' /C calc'!A0")
    page = text_of(client.get("/pipeline/numbers"))
    assert "the share that has come to a later open stage" in page
    links = {one.replace("&amp;", "&") for one in re.findall(r'href="(/pipeline/numbers/leads[^"]+)"', page)}  # fmt: skip
    assert len(links) > 10
    for link in links:
        opened = seen(client.get(link))
        found = re.search(r": (\d+) leads?", opened)
        assert found, link
        assert int(found[1]) == len(re.findall(r'<th scope="row">', text_of(client.get(link)))), (
            link
        )


def test_a_figure_nobody_knows_is_not_found(client):
    assert client.get("/pipeline/numbers/leads?figure=nonsense").status_code == 404
    assert client.get("/pipeline/numbers/leads").status_code == 404


def test_the_chart_has_its_data_as_a_table_and_as_csv(client, house):
    page = text_of(client.get("/pipeline/numbers?days=30"))
    assert "<svg" in page.split("Funnel")[1]
    answer = client.get("/pipeline/numbers/funnel.csv?days=30")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(text_of(answer))))
    assert [one["stage"] for one in rows] == ["New", "Engaged", "Marketing qualified", "Sales accepted", "Sales qualified", "Opportunity"]  # fmt: skip
    assert (rows[0]["entered"], rows[0]["came on"]) == ("3", "2")


def test_numbers_of_a_past_day(client, house):
    assert "EUR 8,400" in seen(client.get("/pipeline/numbers"))
    assert "EUR 1,200" in seen(client.get("/pipeline/numbers?as_of=2026-05-08"))
    assert client.get("/pipeline/numbers?days=0").status_code == 422


def test_an_empty_house_says_what_to_do(empty_house):
    client = walk_in(empty_house.app().test_client())
    for path in ("/pipeline", "/pipeline/sheet", "/pipeline/numbers", "/pipeline?as_of=2026-01-01"):
        assert client.get(path).status_code == 200


# --- who, and at what cost ------------------------------------------------------------------


def test_nobody_looks_without_being_signed_in(stranger):
    for path in (
        "/pipeline",
        "/pipeline/sheet",
        "/pipeline/numbers",
        "/pipeline/numbers/funnel.csv",
    ):
        assert stranger.get(path).status_code in {303, 403}


def test_a_board_asks_the_same_few_questions_however_many_leads_there_are(client, house):
    def questions(path: str) -> int:
        with statements_seen() as asked:
            client.get(path)
        return len(asked)

    paths = (
        "/pipeline",
        "/pipeline/sheet?group=owner",
        "/pipeline/numbers",
        "/pipeline?as_of=2026-05-08",
    )
    before = [questions(path) for path in paths]
    for number in range(60):
        create_lead(house.desk, YOU, f"guest{number}@hotel.example", f"Guest {number}")
    assert [questions(path) for path in paths] == before
    assert max(before) < 40


def test_a_day_ends_where_the_house_is(house):
    from inboxcrm.views.pipeline_when import when

    at = when(house.desk, datetime(2026, 5, 8, tzinfo=UTC).date()).at
    assert datetime.fromtimestamp(at / 1000, UTC) == datetime(2026, 5, 8, 23, 59, 59, 999_000, UTC)
