"""Scores where people meet them: a lead's page, the panel, board and sheet, and the list of whom to call."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.assigning import AssignRule
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.lead_marks import snooze
from inboxcrm.services.lead_talks import log_meeting
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.services.scoring import keep_scores
from inboxcrm.services.suppressions import suppress
from inboxcrm.store.tables import account, lead, mailbox
from inboxcrm.views.calls import ON_A_PAGE, calls
from inboxcrm.views.leads import lead_list
from inboxcrm.views.scores import lead_score
from tests.statements import statements_seen
from tests.web.house import NOW, YOU, House, walk_in
from tests.web.merging import text_of
from tests.web.test_sidebar import csrf

EVIL = "<img src=x onerror=alert(1)>\u202e{{ 7*7 }}\nsecond line"


def row(house: House, name: str):
    return next(one for one in lead_list(house.desk, YOU, limit=500).rows if one.name == name)


@pytest.fixture
def house(house: House) -> House:
    """Bob asked for a price and met us; Ines asked for a demo; nobody did anything else that counts for much."""
    bob = row(house, "Bob Tanaka")
    log_meeting(house.desk, YOU, bob.id, at=NOW - timedelta(days=3), text=EVIL)
    edit_lead(house.desk, YOU, bob.id, version=bob.version, changes={"phone": "+49 30 123"})
    keep_scores(house.desk)
    return house


def section(page: str) -> str:
    return re.search(r'<section class="card score".*?</section>', page, re.DOTALL)[0]


# --- a lead's page and the panel ------------------------------------------------------


def test_the_page_of_a_lead_says_what_its_score_is_made_of(client, house):
    bob = row(house, "Bob Tanaka")
    found = section(text_of(client.get(f"/leads/{bob.id}")))
    # An organization and a phone; two mails, a price asked for twice, one meeting.
    assert "Fit 15, engagement" in found
    for words in (
        "An organization of their own", "A phone number is known", "They wrote, 13 May", "They asked for a price, 21 April",
        "A meeting took place, 11 May",
    ):  # fmt: skip
        assert words in found, words
    links = dict(re.findall(r'<a href="([^"]+)">(.*?)</a>', found))
    assert any(link.startswith("/threads/") and "#m-" in link for link in links)
    [talk] = [link for link, words in links.items() if "meeting" in words]
    assert f'id="{talk.partition("#")[2]}"' in text_of(client.get(f"/leads/{bob.id}"))
    for link in links:
        assert client.get(link).status_code == 200


def test_who_may_not_read_the_mail_gets_its_day_and_no_link(client, house):
    with house.database.write() as tx:
        tx.execute(update(mailbox).values(visibility="private", owner_id=1))
    bob = row(house, "Bob Tanaka")
    stranger = Viewer(2, mailbox_ids=frozenset())
    told = lead_score(house.desk, stranger, bob.id)
    assert {one.text for one in told.engagement if one.locked} == {
        "They wrote, 13 May",
        "They wrote, 21 April",
    }
    assert all(one.href is None for one in told.engagement if one.source == "message")
    mine = section(text_of(client.get(f"/leads/{bob.id}")))
    assert "asked for" not in mine, (
        "a score is everybody's: words of a private mailbox count for nobody"
    )
    assert "/threads/" in mine


def test_the_panel_has_one_line_of_it_and_so_has_the_api(client, house):
    context = {"people": [{"address": "bob@kitaura.example", "role": "from"}]}
    panel = text_of(client.post("/sidebar/context", json=context, headers=csrf(client)))
    assert re.search(r"Score <b[^>]*>\d+</b>: fit 15, engagement \d+", panel)
    told = client.post("/api/v1/ext/context", json=context).get_json()["lead"]["score"]
    assert told["total"] == told["fit"] + told["engagement"] > 40


# --- the pipeline ------------------------------------------------------------------------


def test_board_and_sheet_show_it_and_the_sheet_is_sorted_by_it(client, house):
    page = text_of(client.get("/pipeline"))
    assert re.search(r"score \d+</span>", page)
    sheet = text_of(client.get("/pipeline/sheet?sort=score&down=1"))
    assert "Score" in re.search(r"<thead>.*?</thead>", sheet, re.DOTALL)[0]
    named = re.findall(r'scope="row" class="c-name"><a href="[^"]+">(?:<bdi>)?([^<]+)', sheet)
    assert named[0] == "Bob Tanaka"
    assert named.index("Ines Duarte") < named.index("Oskar Lind")
    only = text_of(client.get("/pipeline/sheet?filter=score+%3E%3D+30"))
    assert "Bob Tanaka" in only
    assert "Oskar Lind" not in only
    past = text_of(client.get("/pipeline/sheet?sort=score&as_of=2026-05-13"))
    assert 'class="c-score' not in past, "a past sheet has no scores"


# --- whom to call first -------------------------------------------------------------------


def names(house: House, **asked) -> list[str]:
    keep_scores(house.desk)
    return [one.name for one in calls(house.desk, YOU, is_team=True, **asked).lines]


def test_the_list_says_whom_to_call_and_why(client, house):
    page = text_of(client.get("/pipeline/calls"))
    assert page.index("Bob Tanaka") < page.index("Ines Duarte")
    first = re.search(
        r'<li class="line call-line".*?</li>\s*(?=<li class="line|</ol>)', page, re.DOTALL
    )[0]
    assert 'href="tel:+4930123"' in first
    assert "A meeting took place, 11 May" in first
    assert "for an answer (+15)" in first
    assert "A phone number is known (+10)" in first
    assert "No phone number is known" in page
    assert 'href="/pipeline/calls' in text_of(client.get("/today"))


def test_scores_nobody_worked_out_anew_say_of_when_they_are(client, house):
    """With the pages alone running, nobody does."""
    assert "Scores were last worked out" not in text_of(client.get("/pipeline/calls"))
    bob = row(house, "Bob Tanaka")
    edit_lead(house.desk, YOU, bob.id, version=bob.version, changes={"phone": ""})
    assert "Scores were last worked out" not in text_of(client.get("/pipeline/calls")), (
        "a worker may be at it"
    )
    house.clock.at += timedelta(hours=1)
    for path in (
        "/pipeline/calls",
        "/pipeline/sheet?columns=score",
        "/pipeline/sheet?columns=age&sort=score",
    ):
        page = text_of(client.get(path))
        assert "Scores were last worked out" in page, path
        assert "inboxcrm score refresh" in page
    for path in ("/pipeline/sheet?columns=age", "/pipeline/sheet?columns=score&as_of=2026-05-10"):
        assert "Scores were last worked out" not in text_of(client.get(path)), path
    keep_scores(house.desk)
    for path in ("/pipeline/calls", "/pipeline/sheet?columns=score"):
        assert "Scores were last worked out" not in text_of(client.get(path))
    house.clock.at += timedelta(days=90)
    assert "Scores were last worked out" in text_of(client.get("/pipeline/calls")), "points run out"


def test_who_sleeps_wants_no_mail_or_is_won_or_lost_is_not_called(house):
    assert {"Bob Tanaka", "Ines Duarte"} <= set(names(house))
    suppress(house.desk, YOU, "kitaura.example")
    assert "Bob Tanaka" not in names(house)
    ines = row(house, "Ines Duarte")
    done = snooze(house.desk, YOU, ines.id, (NOW + timedelta(days=2)).date())
    assert "Ines Duarte" not in names(house)
    house.clock.at = NOW + timedelta(days=3)
    assert "Ines Duarte" in names(house)
    version = row(house, "Ines Duarte").version
    move_stage(house.desk, YOU, done.lead_id, "lost", version=version, reason="Too dear")
    assert "Ines Duarte" not in names(house)


def test_mine_are_my_leads_and_nobodys(client, house):
    with house.database.write() as tx:
        tx.execute(account.insert().values(id=9, name="Bea", role="rep", created_at=0))
        tx.execute(update(lead).where(lead.c.name == "Bob Tanaka").values(owner_id=9))
    assert "Bob Tanaka" not in text_of(client.get("/pipeline/calls"))
    assert "Bob Tanaka" in text_of(client.get("/pipeline/calls?team=1"))


def test_a_hostile_lead_is_text_and_a_made_up_page_is_the_first(client, house):
    made = create_lead(house.desk, YOU, "evil@firm.example", "x", phone="<b>1</b> javascript:2")
    with house.database.write() as tx:
        number = house.desk.ids.open("lead", made.lead_id)
        tx.execute(update(lead).where(lead.c.id == number).values(name=EVIL, phone=EVIL * 200))
    keep_scores(house.desk)
    for path in (
        "/pipeline/calls?page=0",
        "/pipeline/calls?page=x",
        f"/leads/{made.lead_id}",
        "/pipeline/sheet?sort=score",
    ):
        page = text_of(client.get(path))
        assert "<img src=x" not in page
        # The edit form of a lead's page holds its texts as they are.
        assert "\u202e" not in (section(page) if path.startswith("/leads") else page)
    assert client.get("/pipeline/calls?page=9999").status_code == 200


def test_more_leads_and_more_mail_mean_no_more_questions(house):
    def asked() -> dict[str, int]:
        keep_scores(house.desk)
        client = walk_in(house.app().test_client())
        bob = row(house, "Bob Tanaka")
        found = {}
        for path in (
            "/pipeline/calls?team=1",
            f"/leads/{bob.id}",
            "/pipeline",
            "/pipeline/sheet?sort=score",
        ):
            client.get(path)
            with statements_seen() as questions:
                assert client.get(path).status_code == 200
            found[path] = len(questions)
        return found

    few = asked()
    for number in range(ON_A_PAGE + 5):
        house.deliver(f"Guest {number} guest{number}@hotel{number}.example", "Could we see a demo?")
        house.deliver("Bob Tanaka bob@kitaura.example", f"More {number}", hours_ago=number + 1)
    house.sync()
    assert asked() == few
    assert few["/pipeline/calls?team=1"] <= 11


def test_there_is_a_second_page(client, house):
    for number in range(ON_A_PAGE):
        create_lead(house.desk, YOU, f"p{number}@firm{number}.example", f"P {number}")
    keep_scores(house.desk)
    first = text_of(client.get("/pipeline/calls?team=1"))
    assert first.count('class="line call-line"') == ON_A_PAGE
    assert "/pipeline/calls?team=1&amp;page=2" in first
    assert "call-line" in text_of(client.get("/pipeline/calls?team=1&page=2"))


# --- who got a lead ------------------------------------------------------------------------


def test_the_page_of_a_lead_says_by_which_rule_it_was_given_away(client, house):
    with house.database.write() as tx:
        tx.execute(
            account.insert().values(
                id=9, name=EVIL, role="rep", address="bea@ourfirm.example", created_at=0
            )
        )
    rule = AssignRule(("bea@ourfirm.example",), mailbox="sales")
    house.desk = replace(house.desk, assigning=(rule,))
    house.deliver("Nina Falk nina@falk.example", "Hello there")
    house.sync()
    page = text_of(client.get(f"/leads/{row(house, 'Nina Falk').id}?kind=change"))
    assert "by the rule for leads from mailbox sales" in page
    assert "<img src=x" not in page
