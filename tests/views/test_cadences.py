"""Cadences, their mails and suppression as pages read them, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import delete, insert, literal, select, update

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.rules import CadenceRules, Clock
from inboxcrm.cadence.windows import Windows
from inboxcrm.errors import ForbiddenError, NotFoundError
from inboxcrm.services.cadences import make_merge, pause, start
from inboxcrm.services.explaining import NEEDS_SOMEBODY
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.lead_stops import stop_lead
from inboxcrm.services.segment_saying import segments_in_words
from inboxcrm.services.segments import save_segment
from inboxcrm.services.suppressions import suppress
from inboxcrm.services.template_trying import try_template
from inboxcrm.services.templates import save_template
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.lead_cadence import cadence_of_lead
from inboxcrm.store.tables import frozen_mail, lead, mailbox, outbox
from inboxcrm.views.cadence_mails import (
    ON_A_PAGE,
    cadence_mail,
    cadence_mails,
    needs_somebody,
    outbox_badge,
)
from inboxcrm.views.cadence_words import rules_in_words
from inboxcrm.views.cadences import cadence_list, cadence_page
from inboxcrm.views.lead_page import lead_record
from inboxcrm.views.suppression import suppression_list
from inboxcrm.views.templates import template_list, template_page
from tests.views.correspondence import ALICE, Office
from tests.views.test_sidebar import counted_queries

ALWAYS = CadenceRules(windows=Windows.always("UTC"))
STRANGER = Viewer(2, mailbox_ids=frozenset())


@pytest.fixture
def merge(office: Office) -> str:
    """A merge to three people that is running; its id."""
    desk, viewer = office.desk, office.viewer
    for name in ("Bob", "Erin", "Frank"):
        create_lead(desk, viewer, f"{name.lower()}@{name.lower()}s.example", name)
    save_template(desk, viewer, name="hello", subject="Hello {{ first_name }}", text="Yours, Alice")
    with desk.database.write() as tx:
        box = tx.execute(select(mailbox.c.name).where(mailbox.c.address == ALICE)).scalar_one()
    made = make_merge(
        desk, viewer, name="Autumn", template="hello", segment="stage_kind is open", mailbox=box, rules=ALWAYS
    )  # fmt: skip
    start(desk, viewer, "Autumn", expected=3)
    return desk.ids.seal("cadence", made.row.id)


def put(office: Office, name: str, state: OutboxState) -> None:
    with office.desk.database.write() as tx:
        lead_id = tx.execute(select(lead.c.id).where(lead.c.name == name)).scalar_one()
        tx.execute(
            update(outbox).where(outbox.c.lead_id == lead_id).values(state=state.value, ref="")
        )


def lead_id(office: Office, name: str) -> str:
    with office.desk.database.read() as tx:
        number = tx.execute(select(lead.c.id).where(lead.c.name == name)).scalar_one()
    return office.desk.ids.seal("lead", number)


def test_numbers_are_those_of_the_four_groups(office, merge):
    put(office, "Bob", OutboxState.SENT)
    put(office, "Erin", OutboxState.FAILED)
    [line] = cadence_list(office.desk, office.viewer).rows
    assert (line.numbers.waiting, line.numbers.sent, line.numbers.somebody) == (1, 1, 1)
    page = cadence_page(office.desk, office.viewer, merge)
    assert [one.count for one in page.funnel] == [1, 1, 1, 0]
    assert page.actions == ("pause", "cancel")


@pytest.mark.parametrize(
    ("group", "names"), [("", {"Bob", "Erin", "Frank"}), ("sent", {"Bob"}), ("waiting", {"Frank"}), ("stopped", set())]
)  # fmt: skip
def test_mails_of_a_group(office, merge, group, names):
    put(office, "Bob", OutboxState.SENT)
    put(office, "Erin", OutboxState.FAILED)
    found = cadence_mails(office.desk, office.viewer, merge, group=group)
    assert {one.lead for one in found.rows} == names


def test_mails_are_paged_without_gap_or_repeat(office, merge):
    for number in range(ON_A_PAGE):
        create_lead(office.desk, office.viewer, f"g{number}@g{number}.example", f"Guest {number}")
    start(office.desk, office.viewer, "Autumn")
    first = cadence_mails(office.desk, office.viewer, merge)
    second = cadence_mails(office.desk, office.viewer, merge, after=first.next)
    assert (len(first.rows), len(second.rows), second.next) == (ON_A_PAGE, 3, None)
    assert len({one.id for one in (*first.rows, *second.rows)}) == ON_A_PAGE + 3


def test_what_needs_somebody_is_counted_and_listed_for_whoever_sends_from_there(office, merge):
    assert outbox_badge(office.desk, office.viewer) == ""
    put(office, "Bob", OutboxState.UNCONFIRMED)
    put(office, "Erin", OutboxState.SKIPPED)
    assert outbox_badge(office.desk, office.viewer) == "2"
    assert outbox_badge(office.desk, STRANGER) == ""
    assert [one.lead for one in needs_somebody(office.desk, office.viewer).rows] == ["Erin", "Bob"]
    assert needs_somebody(office.desk, STRANGER).rows == ()


def test_the_count_and_the_list_mean_the_same_states(office, merge):
    for state in OutboxState:
        put(office, "Bob", state)
        needs = state in NEEDS_SOMEBODY
        assert outbox_badge(office.desk, office.viewer) == ("1" if needs else ""), state
        assert len(needs_somebody(office.desk, office.viewer).rows) == needs


def test_who_does_not_read_the_mailbox_sees_that_a_mail_goes_and_not_what_it_says(office, merge):
    with office.desk.database.write() as tx:
        tx.execute(update(outbox).values(subject="Hello Bob"))
        tx.execute(delete(frozen_mail))
        every = select(outbox.c.id, literal(b"Subject: x\r\n\r\nsecret"))
        tx.execute(insert(frozen_mail).from_select(["outbox_id", "mime"], every))
    mine = cadence_mails(office.desk, office.viewer, merge).rows[0]
    theirs = cadence_mails(office.desk, STRANGER, merge).rows[0]
    assert (mine.subject, theirs.subject) == ("Hello Bob", "")
    assert cadence_mail(office.desk, office.viewer, mine.id).mime
    assert cadence_mail(office.desk, STRANGER, mine.id).mime == b""
    assert cadence_page(office.desk, STRANGER, merge).actions == ()


@pytest.mark.parametrize("made_up", ["", "x", "aaaaaaaaaaaaa"])
def test_made_up_ids_are_nothing(office, merge, made_up):
    for ask in (cadence_page, cadence_mails, cadence_mail, template_page):
        with pytest.raises(NotFoundError):
            ask(office.desk, office.viewer, made_up)


def test_a_lead_tells_its_cadence_until_it_is_stopped_and_a_month_longer(office, merge):
    bob = lead_id(office, "Bob")
    held = lead_record(office.desk, office.viewer, bob).card.cadence
    assert (held.name, held.state, held.step, held.steps, held.may_stop) == (
        "Autumn",
        "active",
        1,
        1,
        True,
    )
    assert not lead_record(office.desk, STRANGER, bob).card.cadence.may_stop
    pause(office.desk, office.viewer, "Autumn")
    assert lead_record(office.desk, office.viewer, bob).card.cadence.state == "paused"
    with pytest.raises(ForbiddenError):
        stop_lead(office.desk, STRANGER, bob)
    stop_lead(office.desk, office.viewer, bob)
    held = lead_record(office.desk, office.viewer, bob).card.cadence
    assert (held.state, held.next_at) == ("stopped", None)
    assert "stopped it by hand" in held.reason
    number, now = office.desk.ids.open("lead", bob), to_ms(office.desk.clock.now())
    with office.desk.database.read() as tx:
        assert cadence_of_lead(tx, number, since=now) is None
        assert cadence_of_lead(tx, number, since=now - 1) is not None


def test_segments_in_words_many_at_once(office, merge):
    save_segment(office.desk, office.viewer, name="Fair", text="tag is fair", kind="frozen")
    asked = ["fair", "stage is new", "stge is new", "stage is new"]
    with counted_queries(office) as seen:
        said = segments_in_words(office.desk, office.viewer, asked)
    assert len(seen) == 3
    assert (said["fair"].name, said["fair"].is_frozen) == ("Fair", True)
    assert said["stage is new"].words == "Leads whose stage is New."
    assert said["stge is new"].problem


def test_a_template_is_tried_before_it_is_saved(office, merge):
    parts = {"subject": "Hello", "html": "", "fallbacks": {}}
    done = try_template(office.desk, office.viewer, text="{{ frist_name }}", **parts)
    assert [one.line for one in done.problems] == [1]
    done = try_template(office.desk, office.viewer, text="Dear {{ name }}", lead_id=lead_id(office, "Bob"), **parts)  # fmt: skip
    assert (done.text, done.address) == ("Dear Bob", "bob@bobs.example")
    assert len(template_list(office.desk, office.viewer)) == 1


@pytest.mark.parametrize(("words", "found"), [("", 3), ("bob", 1), ("b%", 0), ("a_b", 1), ("_", 0)])
def test_suppressed_people_are_found_by_how_they_begin(office, words, found):
    for subject in ("bob@firm.example", "a_b@firm.example", "hotel.example"):
        suppress(office.desk, office.viewer, subject)
    assert len(suppression_list(office.desk, office.viewer, words=words).rows) == found


def test_lists_cost_the_same_whatever_their_length(office, merge):
    def questions() -> list[int]:
        found = []
        for ask in (
            lambda: cadence_list(office.desk, office.viewer),
            lambda: cadence_page(office.desk, office.viewer, merge),
            lambda: cadence_mails(office.desk, office.viewer, merge),
            lambda: needs_somebody(office.desk, office.viewer),
        ):
            with counted_queries(office) as seen:
                ask()
            found.append(len(seen))
        return found

    few = questions()
    for number in range(30):
        create_lead(office.desk, office.viewer, f"g{number}@g{number}.example", f"Guest {number}")
    start(office.desk, office.viewer, "Autumn")
    put(office, "Guest 7", OutboxState.UNCONFIRMED)
    assert questions() == few == [2, 6, 2, 2]


OFFICE = Windows.of_week("Europe/Lisbon", {"mon": [(time(9), time(12)), (time(13), time(17))], "tue": [(time(9), time(17))], "sat": [(time(22), time(0))]})  # fmt: skip


@pytest.mark.parametrize(
    ("windows", "said"),
    [
        (Windows.always("UTC"), "Mails go at any hour of any day."),
        (Windows("UTC"), "Mails go Monday to Friday between 09:00 and 17:00 (UTC)."),
        (Windows("UTC", windows=()), "No hours are set in which mails may go, so none goes."),
        (OFFICE, ("Mails go Monday between 09:00 and 12:00 and between 13:00 and 17:00; Tuesday between 09:00 and 17:00; "
                 "Saturday between 22:00 and 24:00 (Europe/Lisbon).")),
    ],
)  # fmt: skip
def test_rules_in_words(windows, said):
    rules = CadenceRules(windows=windows, day_cap=40, gap_seconds=120, clock=Clock.FIXED)
    sentences = rules_in_words(rules)
    assert sentences[0] == said
    by_theirs = f": by their own clock where it is known, else by that of {windows.zone}."
    theirs = rules_in_words(replace(rules, clock=Clock.LEAD))[0]
    assert theirs == said.replace(f" ({windows.zone}).", by_theirs)
    assert any("At most 40 mails" in one for one in sentences)
    assert "At least 2 minutes lie between two of them." in sentences
