"""What would go, and when: the plan of a cadence as a page, and what leaves today."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.rules import CadenceRules, rules_as_json
from inboxcrm.cadence.windows import Windows
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.services.cadences import add_step, cancel, make_merge, pause, start
from inboxcrm.services.lead_fields import edit_lead
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.planned_words import words_of
from inboxcrm.services.planning_ahead import plan_ahead
from inboxcrm.store.cadences import set_rules
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import cadence, lead, mailbox, outbox
from inboxcrm.views.leads import lead_list
from inboxcrm.web import cadence_plan
from tests.statements import statements_seen
from tests.web.house import YOU, House, walk_in
from tests.web.merging import (  # fmt: skip
    EVERYBODY,
    a_merge,
    a_running_merge,
    a_template,
    put,
    ready,
    seen,
    text_of,
)

LISBON = ZoneInfo("Europe/Lisbon")
BUSY = CadenceRules(windows=Windows.always("Europe/Lisbon"), gap_seconds=600, domain_cap=0)
ROW = re.compile(r'<li><div class="who"><time datetime="([^"]+)">([^<]+)</time>(.*?)</li>', re.DOTALL)  # fmt: skip
EVIL = "<script>alert(1)</script>"
MOST_STATEMENTS = 150
"""Five for each mail of a page, and those of the plan."""


@pytest.fixture
def house(house: House) -> House:
    return ready(house)


def a_plan(house: House, name: str = "Autumn", *, segment: str = EVERYBODY, rules=BUSY) -> str:
    """A draft of two mails, of ten minutes' gap; its path."""
    made = make_merge(
        house.desk, YOU, name=name, template="hello", segment=segment, mailbox="sales", rules=rules
    )
    a_template(
        house, f"again {name}", subject="Something else", text="Hello {{ name }}, once more."
    )
    add_step(house.desk, YOU, name, after="3 days", template=f"again {name}")
    return f"/cadences/{house.desk.ids.seal('cadence', made.row.id)}"


def more_people(house: House, count: int, *, begin: int = 0) -> None:
    for number in range(begin, begin + count):
        name = f"Kim L{'abcdefghij'[number % 10]}{chr(97 + number // 10)}"
        create_lead(house.desk, YOU, f"guest{number}@hotel{number}.example", name)


def rows(page: str) -> list[tuple[str, str, str]]:
    """(moment, minute, words) of each mail on a page."""
    return [
        (at, minute, " ".join(unescape(re.sub(r"<[^>]+>", " ", rest)).split()))
        for at, minute, rest in ROW.findall(page)
    ]


def moments(page: str) -> list[str]:
    return [at for at, _, _ in rows(page)]


# --- the plan of one ----------------------------------------------------------------------


def test_a_plan_tells_every_mail_with_its_minute_and_its_words(client, house):
    path = a_plan(house)
    page = text_of(client.get(f"{path}/plan"))
    told = rows(page)
    planned = plan_ahead(house.desk, YOU, "Autumn", days=30).mails
    assert len(planned) == 6
    assert [at for at, _, _ in told] == [one.at.isoformat(timespec="seconds") for one in planned]
    assert [minute for _, minute, _ in told] == [
        f"{one.at.astimezone(LISBON):%H:%M}" for one in planned
    ]
    for one, (_, _, words) in zip(planned, told, strict=True):
        assert f"Step {one.number} " in words
        assert one.to in words
        assert f'href="/leads/{one.lead_id}"' in page
    for name in ("Bob", "Ines", "Oskar"):
        own = [words for _, _, words in told if f"{name} " in words]
        assert len(own) == 2
        assert f"Good day {name}," in own[0]
        assert f"Hello {name} " in own[1]
    assert "Europe/Lisbon" in page


def test_of_whoever_lives_elsewhere_both_clocks_are_told(house):
    where = LeadField("where", "Time zone", FieldKind.TIME_ZONE)
    house.desk = replace(house.desk, lead_fields=(where,))
    client = walk_in(house.app().test_client())
    found = next(one for one in lead_list(house.desk, YOU).rows if one.name == "Bob Tanaka")
    changes = {"custom": {"where": "asia/tokyo"}}
    edit_lead(house.desk, YOU, found.id, version=found.version, changes=changes)
    told = rows(text_of(client.get(f"{a_plan(house)}/plan")))
    planned = plan_ahead(house.desk, YOU, "Autumn", days=30).mails
    for one, (_, minute, words) in zip(planned, told, strict=True):
        assert minute == f"{one.at.astimezone(LISBON):%H:%M}"
        tokyo = f"{one.at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M} there"
        assert (tokyo in words) == ("Bob" in words)


def test_it_says_in_a_sentence_how_many_and_from_when_to_when(client, house):
    path = a_plan(house)
    planned = plan_ahead(house.desk, YOU, "Autumn", days=30)
    first, last = (one.at.astimezone(LISBON) for one in (planned.mails[0], planned.mails[-1]))
    page = seen(client.get(f"{path}/plan"))
    assert "Started now, 3 people would get 6 mails in the next 30 days." in page
    assert f"The first goes on {first:%A} {first.day} May at {first:%H:%M}" in page
    assert f"the last on {last:%A} {last.day} May at {last:%H:%M}." in page
    assert "So it is if nobody answers. Looking at it changes nothing." in page
    assert "nothing in that time" not in page


def test_a_follow_up_bears_the_subject_of_its_thread(client, house):
    path = a_plan(house)
    a_template(house, "apart", subject="All anew", text="Another matter, {{ first_name }}.")
    add_step(house.desk, YOU, "Autumn", after="2 days", template="apart", opens_thread=True)
    page = text_of(client.get(f"{path}/plan"))
    of_bob = [words for _, _, words in rows(page) if "bob@" in words]
    assert len(of_bob) == 3
    assert "Re: A word, Bob" in of_bob[1]
    assert "Something else" not in page
    assert "All anew" in of_bob[2]
    assert "Re: All anew" not in page


def test_a_follow_up_to_a_mail_that_left_bears_its_subject(client, house):
    path = a_plan(house)
    start(house.desk, YOU, "Autumn")
    put(house, "Bob Tanaka", OutboxState.SENT)
    with house.database.write() as tx:
        bob = tx.execute(select(lead.c.id).where(lead.c.name == "Bob Tanaka")).scalar_one()
        sent = tx.execute(select(outbox).where(outbox.c.lead_id == bob)).one()
        tx.execute(update(outbox).where(outbox.c.id == sent.id).values(subject="As it left"))
        values = dict(sent._mapping) | {"step_key": "s2", "key": "k" * 24, "state": "planned"}
        del values["id"]
        tx.execute(outbox.insert().values(**values))
    told = [words for _, _, words in rows(text_of(client.get(f"{path}/plan"))) if "bob@" in words]
    assert len(told) == 1
    assert "Step 2 " in told[0]
    assert "Re: As it left" in told[0]


def test_a_mail_that_is_frozen_is_told_as_it_is_frozen(client, house):
    path = a_plan(house)
    start(house.desk, YOU, "Autumn")
    with house.database.write() as tx:
        bob = tx.execute(select(lead.c.id).where(lead.c.name == "Bob Tanaka")).scalar_one()
        mine = outbox.c.lead_id == bob
        tx.execute(
            update(outbox).where(mine).values(state="claimed", claimed_at=1, subject="In ice")
        )
    told = [words for _, _, words in rows(text_of(client.get(f"{path}/plan"))) if "bob@" in words]
    assert "In ice" in told[0]
    assert "Frozen: these words go." in told[0]
    assert "Re: In ice" in told[1]


def test_what_a_lead_lacks_is_told_instead_of_words(client, house):
    a_template(house, "calling", text="I call you at {{ phone }}.")
    path = a_merge(house, template="calling")
    page = text_of(client.get(f"{path}/plan"))
    assert [("phone" in words, "I call you" in words) for _, _, words in rows(page)] == [(True, False)] * 3  # fmt: skip


def test_the_load_is_told_day_by_day_against_the_cap(client, house):
    more_people(house, 4)
    rules = CadenceRules(windows=Windows.always("UTC"), day_cap=3, gap_seconds=60, domain_cap=0)
    path = a_plan(house, rules=rules)
    page = text_of(client.get(f"{path}/plan"))
    days = plan_ahead(house.desk, YOU, "Autumn", days=30).days
    bars = re.findall(r'<progress max="(\d+)" value="(\d+)"', page)
    sums = [one.openers + one.follow_ups + one.others for one in days]
    assert [(int(most), int(value)) for most, value in bars] == [(max(3, one), one) for one in sums]
    assert sum(sums) == 14
    assert f"Today, Thursday 14 May {sums[0]} {sums[0]} {days[0].openers} openers" in seen(
        client.get(f"{path}/plan")
    )
    assert "A full bar is 3 mails" in seen(client.get(f"{path}/plan"))


def test_mails_of_other_cadences_stand_in_the_load(client, house):
    a_running_merge(house)
    path = a_plan(house, "Winter", segment="source is unset")
    others = sum(one.others for one in plan_ahead(house.desk, YOU, "Winter", days=30).days)
    assert others == 3
    page = seen(client.get(f"{path}/plan"))
    assert "3 of other cadences" in page
    assert "No mail would go: nobody is in its segment now." in page


def test_whoever_gets_nothing_in_that_time_is_counted(client, house):
    more_people(house, 17)
    rules = CadenceRules(windows=Windows.always("UTC"), day_cap=1, gap_seconds=0, domain_cap=0)
    path = a_merge(house)
    with house.database.write() as tx:
        set_rules(tx, 1, rules_as_json(rules))
    unplanned = plan_ahead(house.desk, YOU, "Autumn", days=14).unplanned
    assert 0 < unplanned < 20
    assert f"{unplanned} people get nothing in that time." in seen(
        client.get(f"{path}/plan?days=14")
    )
    assert "nothing in that time" not in seen(client.get(f"{path}/plan?days=60"))


def test_later_mails_are_paged_without_gap_or_repeat(client, house):
    more_people(house, 27)
    path = a_plan(house)
    planned = plan_ahead(house.desk, YOU, "Autumn", days=60).mails
    assert len(planned) == 60
    found, following = [], f"{path}/plan?days=60"
    pages = []
    while following:
        pages.append(following)
        page = text_of(client.get(following))
        assert len(rows(page)) <= cadence_plan.MAILS_ON_A_PAGE
        found += rows(page)
        next_one = re.search(r'href="([^"#]+)#mails">Later mails', page)
        following = unescape(next_one[1]) if next_one else ""
    assert len(pages) == 3
    assert [at for at, _, _ in found] == [one.at.isoformat(timespec="seconds") for one in planned]
    for one, (_, _, words) in zip(planned, found, strict=True):
        assert one.to in words
    back = re.search(r'href="([^"#]+)#mails">Earlier mails', text_of(client.get(pages[2])))
    assert unescape(back[1]) == pages[1]
    behind = text_of(client.get(f"{path}/plan?days=60&after=999"))
    assert "That was the last one." in behind
    assert rows(behind) == []


@pytest.mark.parametrize("days", ["", "31", "-1", "x", "9" * 30, "٣٠"])
def test_days_nobody_offers_are_thirty(client, house, days):
    path = a_plan(house)
    page = text_of(client.get(f"{path}/plan", query_string={"days": days, "after": days}))
    assert 'href="' + path + '/plan?days=30" aria-current="true"' in page


@pytest.mark.parametrize("days", [14, 60])
def test_it_looks_as_far_as_is_asked(client, house, days):
    path = a_plan(house)
    a_template(house, "late")
    add_step(house.desk, YOU, "Autumn", after="20 days", template="late")
    page = text_of(client.get(f"{path}/plan?days={days}"))
    assert f"in the next {days} days" in page
    assert len(rows(page)) == (6 if days == 14 else 9)


def test_of_a_cadence_that_is_over_nothing_will_be_sent(client, house):
    path = a_running_merge(house)
    cancel(house.desk, YOU, "Autumn")
    answer = client.get(f"{path}/plan")
    assert answer.status_code == 200
    assert "The cadence is cancelled: nothing of it will be sent." in seen(answer)
    assert rows(text_of(answer)) == []
    assert "<progress" not in text_of(answer)
    assert "/plan" not in text_of(client.get(path))


def test_a_paused_one_is_told_as_if_it_were_resumed(client, house):
    path = a_plan(house)
    start(house.desk, YOU, "Autumn")
    running = text_of(client.get(f"{path}/plan"))
    pause(house.desk, YOU, "Autumn")
    paused = text_of(client.get(f"{path}/plan"))
    assert "Resumed now," not in running
    assert "Resumed now," in paused
    assert moments(paused) == moments(running) != []


def test_a_segment_that_can_be_read_no_more_is_said(client, house):
    path = a_plan(house)
    with house.database.write() as tx:
        tx.execute(update(cadence).values(segment="stge is new"))
    answer = client.get(f"{path}/plan")
    assert answer.status_code == 200
    assert 'class="notice late"' in text_of(answer)


def test_what_stands_in_the_way_is_said_above_the_plan(client, house):
    path = a_plan(house)
    with house.database.write() as tx:
        tx.execute(update(mailbox).values(paused=True))
    assert "is paused: answers would not be seen, so nothing goes." in seen(
        client.get(f"{path}/plan")
    )


def test_the_page_of_a_cadence_leads_to_its_plan(client, house):
    path = a_plan(house)
    for _ in range(2):
        assert f'href="{path}/plan">See the whole plan' in text_of(client.get(path))
        start(house.desk, YOU, "Autumn")
    assert client.get("/cadences/nowhere/plan").status_code == 404


def test_looking_changes_nothing(client, house):
    path = a_plan(house)
    with statements_seen() as asked:
        client.get(f"{path}/plan")
        client.get("/cadences/today")
    # The session notes when it was last used; no table of mails is written to.
    changed = [one for one in asked if re.match(r"\s*(INSERT|UPDATE|DELETE)", one)]
    assert [one for one in changed if "outbox" in one or "cadence" in one] == []
    with house.database.read() as tx:
        assert tx.execute(select(outbox.c.id)).all() == []


# --- who may, and what strangers wrote ------------------------------------------------------


def test_who_may_not_send_from_it_sees_people_and_no_words(client, house, alice, bea):
    with house.database.write() as tx:
        tx.execute(update(mailbox).values(visibility="private", owner_id=1))
    path = a_plan(house)
    hers, mine = text_of(bea.get(f"{path}/plan")), text_of(alice.get(f"{path}/plan"))
    assert moments(hers) == moments(mine) != []
    assert "Good day Bob" in mine
    assert "Bob Tanaka" in hers
    assert "bob@kitaura.example" in hers
    for word in ("Good day", "A word", "once more", '<details class="fold words"'):
        assert word not in hers, word
    assert "What they say is for those who may send from" in hers


def test_the_service_keeps_the_words_itself(house):
    a_plan(house)
    mails = plan_ahead(house.desk, YOU, "Autumn").mails
    other = Viewer(7, AccountRole.REP, mailbox_ids=frozenset())
    told = words_of(house.desk, other, "Autumn", mails)
    assert {(one.subject, one.text) for one in told} == {("", "")}
    assert all(one.problem for one in told)
    assert all(one.text for one in words_of(house.desk, YOU, "Autumn", mails))


def test_hostile_names_and_templates_are_words(client, house):
    create_lead(house.desk, YOU, "evil@evil.example", EVIL)
    a_template(house, "evil", subject=EVIL, text=f"{EVIL} {{{{ name }}}}")
    made = make_merge(
        house.desk, YOU, name=EVIL, template="evil", segment=EVERYBODY, mailbox="sales", rules=BUSY
    )
    path = f"/cadences/{house.desk.ids.seal('cadence', made.row.id)}"
    start(house.desk, YOU, EVIL)
    for page in (f"{path}/plan", "/cadences/today"):
        said = text_of(client.get(page))
        assert "&lt;script&gt;alert(1)" in said
        assert "<script>alert" not in said
        assert "style=" not in said


# --- what leaves today ------------------------------------------------------------------------


def test_today_holds_the_mails_of_all_cadences_by_time_and_not_those_of_tomorrow(client, house):
    more_people(house, 2)
    slow = CadenceRules(windows=Windows.always("Europe/Lisbon"), gap_seconds=1200, domain_cap=0)
    first = a_plan(house, "Autumn", rules=slow)
    start(house.desk, YOU, "Autumn")
    for name in ("Eve Sand", "Kay Moor"):
        create_lead(house.desk, YOU, f"{name[:3].lower()}@late.example", name)
    second = a_plan(house, "Winter", rules=slow)
    start(house.desk, YOU, "Winter")
    with house.database.write() as tx:
        now = to_ms(house.clock.now())
        of = {row.name: row.id for row in tx.execute(select(lead.c.name, lead.c.id)).all()}
        tx.execute(update(outbox).values(due_at=now + 3_600_000))
        later = outbox.c.lead_id == of["Eve Sand"]
        tx.execute(update(outbox).where(later).values(due_at=now + 20 * 3_600_000))
    planned = {
        name: plan_ahead(house.desk, YOU, name, days=1).mails for name in ("Autumn", "Winter")
    }
    today = house.clock.now().astimezone(LISBON).date()
    wanted = sorted(
        one.at.isoformat(timespec="seconds")
        for some in planned.values()
        for one in some
        if one.at.astimezone(LISBON).date() == today
    )
    assert {name for name, some in planned.items() if some} == {"Autumn", "Winter"}
    assert len(wanted) < sum(map(len, planned.values())), "somebody's turn is tomorrow"
    page = text_of(client.get("/cadences/today"))
    assert moments(page) == wanted
    assert len(wanted) > 3
    said = " ".join(words for _, _, words in rows(page))
    assert "Autumn" in said
    assert "Winter" in said
    assert "Eve Sand" not in said
    assert "Kay Moor" in said
    for path in (first, second):
        assert f'href="{path}">' in page
    assert f"{len(wanted)} mails go today, the next at {rows(page)[0][1]} (Europe/Lisbon)." in seen(
        client.get("/cadences/today")
    )
    assert "Good day" not in page


def test_times_of_several_zones_name_theirs(client, house):
    a_running_merge(house)
    create_lead(house.desk, YOU, "kay@late.example", "Kay Moor")
    a_plan(house, "Winter")
    start(house.desk, YOU, "Winter")
    told = [words for _, _, words in rows(text_of(client.get("/cadences/today")))]
    assert sorted(words.rpartition(" ")[2] for words in told) == ["Europe/Lisbon"] + ["UTC"] * 3


def test_a_mailbox_that_sends_nothing_says_why_and_its_mails_are_not_promised(client, house):
    a_running_merge(house)
    with house.database.write() as tx:
        tx.execute(update(mailbox).values(auth="reauth"))
    page = text_of(client.get("/cadences/today"))
    assert "has to be connected again." in page
    assert "Nothing goes. 3 mails wait that would go today." in seen(client.get("/cadences/today"))
    assert rows(page) == []
    assert "Nothing more goes today" in page


def test_more_than_fit_are_counted(client, house, monkeypatch):
    a_running_merge(house)
    monkeypatch.setattr(cadence_plan, "MOST_TODAY", 2)
    answer = client.get("/cadences/today")
    assert len(rows(text_of(answer))) == 2
    assert "And 1 more mail goes after them today." in seen(answer)


def test_more_cadences_than_are_planned_are_said(client, house, monkeypatch):
    a_running_merge(house)
    create_lead(house.desk, YOU, "kay@late.example", "Kay Moor")
    a_merge(house, "Winter")
    start(house.desk, YOU, "Winter")
    assert "cadences are running" not in seen(client.get("/cadences/today"))
    monkeypatch.setattr(cadence_plan, "MOST_RUNNING", 1)
    answer = client.get("/cadences/today")
    assert "More than 1 cadences are running." in seen(answer)
    assert [words for _, _, words in rows(text_of(answer)) if "Autumn" in words] == []
    assert len(rows(text_of(answer))) == 1


def test_without_running_cadences_it_leads_to_the_list(client, house):
    a_merge(house)
    page = text_of(client.get("/cadences/today"))
    assert "Nobody is being written to" in page
    assert 'href="/cadences">See the cadences' in page
    assert 'aria-current="page">Today&#39;s plan' in page


def test_where_all_has_left_it_says_so(client, house):
    a_running_merge(house)
    house.clock.at += timedelta(days=30)
    assert "No mail is left for today." in seen(walk_in(house.app().test_client()).get("/cadences/today"))  # fmt: skip


def test_it_is_a_tab_beside_the_cadences(client):
    tabs = re.search(r'aria-label="Parts of cadences">(.*?)</nav>', text_of(client.get("/cadences")))[1]  # fmt: skip
    assert re.findall(r'href="([^"]+)"', tabs)[:2] == ["/cadences", "/cadences/today"]


# --- cost --------------------------------------------------------------------------------------


def questions(client, paths: list[str]) -> list[int]:
    found = []
    for path in paths:
        with statements_seen() as asked:
            assert client.get(path).status_code == 200
        found.append(len([one for one in asked if re.match(r"\s*(SELECT|WITH)", one)]))
    return found


def test_pages_ask_a_bounded_number_of_questions(client, house):
    """Words cost a few statements each, and only those of one page are written."""
    running = a_plan(house)
    draft = a_plan(house, "Winter", segment="source is unset or stage_kind is open")
    paths = [f"{draft}/plan", f"{running}/plan", "/cadences/today"]
    counts = []
    for begin, count in ((0, 3), (3, 30), (33, 90)):
        more_people(house, count, begin=begin)
        start(house.desk, YOU, "Autumn")
        more_people(house, count, begin=begin + 200)
        counts.append(questions(client, paths))
    assert max(map(max, counts)) < MOST_STATEMENTS, counts
    assert [one[2] for one in counts] == [counts[0][2]] * 3, counts
