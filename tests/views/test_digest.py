"""A week in words says what the pages say, whenever it was; and names of strangers are only names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import ForbiddenError, NotFoundError, UsageError
from inboxcrm.leads.differences import Change, Days, by_change
from inboxcrm.leads.goals import Goals, Quota
from inboxcrm.leads.history import spells_of
from inboxcrm.leads.pipeline import DEFAULT_PIPELINE, Pipelines
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.services.linking import dismiss_wait
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.pipeline_changes import changes_since
from inboxcrm.store.pipeline_weeks import changes_between, owed_at, owed_now
from inboxcrm.store.tables import lead
from inboxcrm.views.as_json import as_json
from inboxcrm.views.digest import NAMED, digest
from inboxcrm.views.digest_mail import digest_as_html, digest_as_text
from inboxcrm.views.leads import lead_list
from inboxcrm.views.pipeline_numbers import numbers_page
from tests.store.test_pipeline_numbers import NOW as PLAYED_AT
from tests.store.test_pipeline_numbers import (  # noqa: F401
    SALES,
    SUPPORT,
    desk,
    pasts,
    play,
    standing_in,
    told,
    wipe,
)
from tests.views.correspondence import ALICE

TODAY = date(2026, 5, 20)  # a Wednesday
LAST_WEEK = date(2026, 5, 11)
URL = "https://crm.example.com"


class Seen(HTMLParser):
    """The words of a page, its addresses and everything it would fetch."""

    def __init__(self, text):
        super().__init__()
        self.words, self.links, self.tags, self.attributes = [], [], set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.words += data.split()


def part(view, key):
    return next(one for one in view.parts if one.key == key)


def names(view, key):
    return [one.name for one in part(view, key).leads]


def at(office, days_ago):
    office.clock.moment = datetime.fromisoformat("2026-05-20T12:00:00+00:00") - timedelta(
        days=days_ago
    )


def made(office, name, days_ago, **changes):
    at(office, days_ago)
    done = create_lead(office.desk, office.viewer, f"{name.lower()}@{name.lower()}.example", name)
    if changes:
        done = edit_lead(
            office.desk, office.viewer, done.lead_id, version=done.version, changes=changes
        )
    at(office, 0)
    return done


def edit(office, done, days_ago, **changes):
    at(office, days_ago)
    edit_lead(office.desk, office.viewer, done.lead_id, version=done.version, changes=changes)
    at(office, 0)


def move(office, done, stage, days_ago, reason=""):
    at(office, days_ago)
    moved = move_stage(
        office.desk, office.viewer, done.lead_id, stage, version=done.version, reason=reason
    )
    at(office, 0)
    return moved


@pytest.fixture
def week(office):
    """Last week from Monday the 11th to Sunday the 17th, three to nine days ago."""
    bob = made(office, "Bob", 30, value="1000", currency="EUR", close="2026-05-13")
    move(office, bob, "sql", 6)
    carol = made(office, "Carol", 30, value="500", currency="EUR")
    move(office, carol, "won", 5)
    dave = made(office, "Dave", 29)
    move(office, dave, "lost", 4, reason="Too dear")
    made(office, "Erin", 4, value="200", currency="USD")
    made(office, "Alice", 1)
    return office


# --- what happened --------------------------------------------------------------


def test_a_past_week_is_told_as_it_stood_at_its_end(week):
    view = digest(week.desk, week.viewer)
    assert (view.from_on, view.to_on, view.is_over) == (LAST_WEEK, date(2026, 5, 17), True)
    assert view.sentence == "1 new, 1 moved, 1 slipped, 1 won (EUR 500), 1 lost."
    assert {one.key: names(view, one.key) for one in view.parts if one.count} == {
        "new": ["Erin"],
        "moved": ["Bob"],
        "slipped": ["Bob"],
        "won": ["Carol"],
        "lost": ["Dave"],
    }
    assert part(view, "moved").leads[0].note == "New → Sales qualified"
    assert part(view, "slipped").leads[0].note == "should have closed on 2026-05-13"
    assert part(view, "lost").leads[0].note == "Lost, Too dear"
    sums = {one.label: (one.start, one.end, one.difference) for one in view.sums}
    assert sums["Open leads"] == ("3", "2", "-1")
    assert sums["Open value"] == ("EUR 1,500", "EUR 1,000 · USD 200", "-EUR 500 · +USD 200")
    assert sums["Weighted"] == ("EUR 75", "EUR 500 · USD 10", "+EUR 425 · +USD 10")


def test_what_happened_later_changes_nothing_about_a_past_week(week):
    before = digest(week.desk, week.viewer)
    with week.desk.database.read() as tx:
        bob = tx.execute(select(lead.c.id, lead.c.version).where(lead.c.name == "Bob")).one()
    week.pass_time(days=1)
    move_stage(
        week.desk, week.viewer, week.desk.ids.seal("lead", bob.id), "won", version=bob.version
    )
    assert digest(week.desk, week.viewer, week_of=LAST_WEEK) == before


def test_a_week_that_is_not_over_is_told_as_it_stands_now(week):
    view = digest(week.desk, week.viewer, week_of=date(2026, 5, 24))
    assert (view.from_on, view.to_on, view.is_over) == (date(2026, 5, 18), TODAY, False)
    assert names(view, "new") == ["Alice"]
    assert "not over" in view.reading


def test_who_stands_too_long_in_a_stage_by_its_own_limit_is_stuck(week):
    made(week, "Old", 40)
    made(week, "Just", 3)
    view = digest(week.desk, week.viewer)
    assert names(view, "stuck") == [
        "Old"
    ]  # Bob moved last week, Erin has been there for three days
    assert part(view, "stuck").leads[0].note == "37 days in New, where 3 are the limit"
    assert set(names(digest(week.desk, week.viewer, week_of=TODAY), "stuck")) == {"Old", "Erin"}


def test_answers_owed_are_those_of_that_week(office):
    office.mail("Bob Moss <bob@firm.example>", thread_ref="t1", message_id="m1@x", days_ago=8)
    office.mail("Carol <carol@other.example>", days_ago=5)
    office.mail(ALICE, "bob@firm.example", reply_to_id="m1@x", thread_ref="t1", days_ago=2)
    last = digest(office.desk, office.viewer)
    assert names(last, "owed") == ["Bob Moss", "Carol"]
    assert "waited" in part(last, "owed").leads[0].note
    assert names(digest(office.desk, office.viewer, week_of=TODAY), "owed") == ["Carol"]
    with office.desk.database.read() as tx:
        now = to_ms(office.clock.moment)
        assert owed_at(tx, DEFAULT_PIPELINE, now, most=9) == owed_now(tx, DEFAULT_PIPELINE, now, most=9)  # fmt: skip


def test_what_needs_no_answer_is_owed_in_no_week(office):
    office.mail("Bob Moss <bob@firm.example>", days_ago=8)
    [row] = lead_list(office.desk, office.viewer).rows
    dismiss_wait(office.desk, office.viewer, row.id)
    assert part(digest(office.desk, office.viewer), "owed").count == 0


def test_who_wrote_before_the_week_and_not_in_it_went_quiet(office):
    office.mail("Bob Moss <bob@firm.example>", days_ago=12)
    office.mail("Carol <carol@other.example>", days_ago=12)
    office.mail("Carol <carol@other.example>", days_ago=6)
    assert names(digest(office.desk, office.viewer), "quiet") == ["Bob Moss"]
    office.mail("Bob Moss <bob@firm.example>", days_ago=1)
    assert names(digest(office.desk, office.viewer), "quiet") == ["Bob Moss"]
    assert digest(office.desk, office.viewer, week_of=date(2026, 5, 4)).sentence == "2 new."


# --- the figures of the numbers ---------------------------------------------------


def told_of(view):
    return {one.key: f"{one.label}: {one.text} ({one.note})" for one in view.figures}


def aim(office, *quotas):
    pipelines = Pipelines(office.desk.pipelines.pipelines, Goals(quotas))
    return replace(office.desk, pipelines=pipelines)


def test_the_figures_of_a_week_are_those_of_the_page_of_numbers(week):
    bob = made(week, "Bo", 30, value="400", currency="EUR", close="2026-05-28")
    edit(week, bob, 5, close="2026-06-28")
    week.mail("Frida <frida@firm.example>", thread_ref="t1", message_id="m1@x", days_ago=8)
    week.mail(ALICE, "frida@firm.example", reply_to_id="m1@x", thread_ref="t1", days_ago=7.9)
    week.mail("Gerd <gerd@other.example>", days_ago=6.5)
    desk_ = aim(week, Quota(4_000_00, "EUR", "quarter"))
    view = digest(desk_, week.viewer)
    assert told_of(view) == {
        "forecast": "Forecast, May 2026: EUR 500 (won so far EUR 500)",
        "coverage": "Coverage: 0.3 times (Team, 2nd quarter of 2026; 12% won)",
        "slipped": "Put off: one lead (0 dates taken away)",
        "first_response": "First response, median: 2.4 h (50% within 8 h)",
    }
    assert [one.title for one in view.parts][-1] == "Waiting for our answer", "said once"
    for text in (digest_as_text(view), " ".join(Seen(digest_as_html(view)).words)):
        assert "Forecast, May 2026: EUR 500 (won so far EUR 500)" in text
        assert "Waiting for us" not in text
    page = numbers_page(desk_, week.viewer, as_of=date(2026, 5, 17), days=7)
    assert set(view.figures) <= set(page.figures)
    now = digest(desk_, week.viewer, week_of=TODAY)
    assert set(now.figures) <= set(numbers_page(desk_, week.viewer, days=3).figures)


def test_without_a_quota_or_mail_only_what_is_known_is_said(office):
    assert told_of(digest(office.desk, office.viewer)) == {
        "forecast": "Forecast, May 2026: no value yet (nothing won yet)"
    }


# --- the same as the pages ------------------------------------------------------


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.reuse, Phase.generate],
)
@given(past=pasts, places=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_between_any_two_instants_it_is_what_python_finds_and_up_to_now_what_the_pages_say(
    desk, past, places  # noqa: F811
):  # fmt: skip
    wipe(desk)
    instants = sorted(play(desk, past))
    now = to_ms(PLAYED_AT)
    with desk.database.read() as tx:
        spells = spells_of(told(tx))
        for until, pipeline in product(
            (instants[places[0] % len(instants)], now), (SALES, SUPPORT)
        ):
            then = min(instants[places[1] % len(instants)], until)
            days = Days(then, _day(then), _day(until))
            found = changes_between(tx, pipeline, days, until=until, most=100)
            before, after = (standing_in(spells, at, pipeline) for at in (then, until))
            wanted = by_change(before, after, {}, days=days, pipeline=pipeline)
            assert {
                kind: [one.lead_id for one in held.some] for kind, held in found.items()
            } == wanted
            if until == now:
                pages = changes_since(tx, pipeline, days, most=100)
                assert {kind: held.many for kind, held in found.items()} == {
                    kind: held.many for kind, held in pages.items()
                }
                for kind in (Change.WON, Change.LOST):
                    assert found[kind].amounts == pages[kind].amounts


def _day(ms):
    return datetime.fromtimestamp(ms / 1000, PLAYED_AT.tzinfo).date().isoformat()


# --- as a mail ------------------------------------------------------------------


def test_text_and_html_say_the_same_and_ask_nothing_of_the_network(week):
    view = digest(week.desk, week.viewer, public_url=URL)
    text, seen = digest_as_text(view), Seen(digest_as_html(view))
    for one in view.parts:
        for named in one.leads:
            assert f"- {named.name}: {named.note}\n  {named.url}\n" in text
    links = re.findall(r"https?://\S+", text)
    assert seen.links == links
    assert all(one.startswith(f"{URL}/") for one in links)
    assert len(links) == sum(len(one.leads) for one in view.parts) + 2
    for one in view.figures:
        note = f" ({one.note})" if one.note else ""
        assert f"\n{one.label}: {one.text}{note}\n{one.meaning}\n" in text
        assert " ".join(f"{one.label}: {one.text}{note} {one.meaning}".split()) in " ".join(
            seen.words
        )
    for link in links:
        text = text.replace(link, "")
    assert set(re.findall(r"\w+", text)) == set(re.findall(r"\w+", " ".join(seen.words)))
    assert not seen.tags & {"img", "script", "link", "style", "iframe"}
    assert not seen.attributes & {"src", "srcset", "background"}


def test_without_a_public_address_no_lead_has_one(week):
    view = digest(week.desk, week.viewer)
    assert "http" not in digest_as_text(view)
    assert Seen(digest_as_html(view)).links == []


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{ 7*7 }}", "A\n- Forged: line\n", "\u202eevil\x1b[31m", "x" * 10_000, '" onclick="y'],
)  # fmt: skip
def test_a_name_of_a_stranger_is_only_a_name(office, name):
    made(office, "Bob", 4)
    with office.desk.database.write() as tx:
        tx.execute(update(lead).values(name=name))
    view = digest(office.desk, office.viewer, public_url=URL)
    text, html = digest_as_text(view), digest_as_html(view)
    shown = names(view, "new")[0]
    assert len(shown) <= 120
    assert not any(one in text + html for one in "\u202e\x1b")
    assert [one for one in text.splitlines() if one.startswith("- ")] == [f"- {shown}: New"]
    seen = Seen(html)
    assert "script" not in seen.tags
    assert "onclick" not in seen.attributes
    assert shown in unescape(html)


def test_of_many_leads_the_first_are_named_and_the_rest_counted(office):
    with office.desk.database.write() as tx:
        since = to_ms(office.clock.moment - timedelta(days=5))
        row = {"pipeline": "sales", "stage": "new", "stage_since_at": since, "created_at": since}
        tx.execute(insert(lead), [{**row, "name": f"Lead {number}"} for number in range(NAMED + 4)])
    view = digest(office.desk, office.viewer)
    assert (part(view, "new").count, len(part(view, "new").leads), part(view, "new").more) == (
        NAMED + 4, NAMED, 4,
    )  # fmt: skip
    assert "  and 4 more\n" in digest_as_text(view)
    assert "and 4 more" in digest_as_html(view)


def test_the_house_may_bring_templates_of_its_own(week, tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "digest.txt").write_text("Hello: {{ view.sentence }}", encoding="utf-8")
    view = digest(week.desk, week.viewer)
    assert digest_as_text(view, override=tmp_path) == f"Hello: {view.sentence}"
    assert "<h1" in digest_as_html(view, override=tmp_path)


def test_a_quiet_week_says_so(office):
    view = digest(office.desk, office.viewer)
    assert view.sentence == "Nothing happened."
    assert as_json(view)["parts"][0]["count"] == 0
    assert "Open leads: 0 (before: 0)" in digest_as_text(view)


# --- what cannot be asked -------------------------------------------------------


def test_weeks_to_come_and_unknown_pipelines_are_refused(office):
    for day in (date(2026, 5, 25), date(9999, 12, 31), date(1, 1, 1), date(1980, 1, 1)):
        with pytest.raises(UsageError):
            digest(office.desk, office.viewer, week_of=day)
    with pytest.raises(NotFoundError):
        digest(office.desk, office.viewer, pipeline="nonsense")
    with pytest.raises(ForbiddenError):
        digest(office.desk, Viewer(0))


def test_a_week_begins_where_the_house_is(office):
    made(office, "Bob", 9.52)  # Sunday the 10th, 23:31 in UTC, and Monday in Berlin
    assert names(digest(office.desk, office.viewer, week_of=LAST_WEEK), "new") == []
    hours = replace(office.desk.working_hours, zone="Europe/Berlin")
    berlin = replace(office.desk, working_hours=hours)
    assert names(digest(berlin, office.viewer, week_of=LAST_WEEK), "new") == ["Bob"]
