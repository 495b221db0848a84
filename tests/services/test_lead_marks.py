"""Tags, sleep, the entry on top, calls and meetings, follow-ups that end by themselves; each taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from inboxcrm.access.viewer import AccountRole
from inboxcrm.errors import ConflictError, FieldsError, ForbiddenError, NotFoundError, RefusedError
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.services.lead_marks import add_tag, pin, remove_tag, snooze
from inboxcrm.services.lead_talks import log_call, log_meeting
from inboxcrm.services.leads import add_note, edit_lead, unlink_message
from inboxcrm.services.organizations import rename_organization
from inboxcrm.services.tasks import add_task, finish_task, move_task
from inboxcrm.services.undo import undo
from inboxcrm.store.tables import task
from inboxcrm.views.cards import read_card
from inboxcrm.views.lead_page import lead_record
from inboxcrm.views.lead_page_shapes import Show
from inboxcrm.views.leads import lead_list, search_leads
from tests.views.correspondence import ALICE, Office, open_office

BOB = "Bob Baker <bob@bakery.example>"


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


@pytest.fixture
def bob(office) -> str:
    office.mail(BOB, thread_ref="bobs")
    return lead_list(office.desk, office.viewer).rows[0].id


def page(office, lead_id, **more):
    return lead_record(office.desk, office.viewer, lead_id, **more)


def take_back(office, done) -> None:
    undo(office.desk, office.viewer, done.undo)


# --- tags ------------------------------------------------------------------------


def test_a_tag_is_put_on_and_taken_off_and_both_are_taken_back(office, bob):
    done = add_tag(office.desk, office.viewer, bob, "  Key   account ")
    assert [tag.name for tag in page(office, bob).tags] == ["Key account"]
    take_back(office, done)
    assert page(office, bob).tags == ()
    add_tag(office.desk, office.viewer, bob, "key ACCOUNT")
    tag = page(office, bob).tags[0]
    assert tag.name == "Key account", "a tag is written as whoever wrote it first"
    off = remove_tag(office.desk, office.viewer, bob, tag.id)
    assert page(office, bob).tags == ()
    assert page(office, bob).known_tags == ("Key account",)
    take_back(office, off)
    assert page(office, bob).tags == (tag,)


def test_the_same_tag_twice_is_one_tag_and_no_event(office, bob):
    add_tag(office.desk, office.viewer, bob, "fair")
    assert add_tag(office.desk, office.viewer, bob, "Fair").undo is None
    assert len(page(office, bob).tags) == 1


@pytest.mark.parametrize("name", ["", "  \x00 ", "x" * 61])
def test_a_tag_needs_a_short_name(office, bob, name):
    with pytest.raises(FieldsError) as refused:
        add_tag(office.desk, office.viewer, bob, name)
    assert "tag" in refused.value.problems


def test_leads_are_listed_by_tag_and_owner(office, bob):
    office.mail("Carol <carol@flowers.example>")
    add_tag(office.desk, office.viewer, bob, "Fair")
    edit_lead(office.desk, office.viewer, bob, version=1, changes={"owner": "me"})

    def names(**more):
        return [row.name for row in lead_list(office.desk, office.viewer, **more).rows]

    assert names(tag="fair") == names(owner="me") == ["Bob Baker"]
    assert names(owner="nobody") == ["Carol"]
    assert names(owner="nobody", tag="fair") == names(tag="unheard") == names(owner="?") == []


# --- sleep -----------------------------------------------------------------------


def test_a_lead_sleeps_until_a_day_and_wakes(office, bob):
    done = snooze(office.desk, office.viewer, bob, date(2026, 5, 27))
    assert page(office, bob).snoozed_until == date(2026, 5, 27)
    take_back(office, done)
    assert page(office, bob).snoozed_until is None
    snooze(office.desk, office.viewer, bob, date(2026, 5, 27))
    snooze(office.desk, office.viewer, bob, None)
    assert page(office, bob).snoozed_until is None
    snooze(office.desk, office.viewer, bob, date(2026, 5, 27))
    office.pass_time(days=8)
    assert page(office, bob).snoozed_until is None, "its day has come"


@pytest.mark.parametrize("until", [date(2026, 5, 20), date(2020, 1, 1), date(2096, 1, 1)])
def test_a_lead_sleeps_only_until_a_day_to_come(office, bob, until):
    with pytest.raises(FieldsError) as refused:
        snooze(office.desk, office.viewer, bob, until)
    assert "until" in refused.value.problems


# --- the entry on top ------------------------------------------------------------


def test_one_entry_stands_on_top_and_only_once(office, bob):
    first = add_note(office.desk, office.viewer, bob, "Old gold")
    for number in range(3):
        office.pass_time(hours=1)
        add_note(office.desk, office.viewer, bob, f"note {number}")
    second = add_note(office.desk, office.viewer, bob, "Newer gold")
    pin(office.desk, office.viewer, bob, first.object_id)
    done = pin(office.desk, office.viewer, bob, second.object_id)
    seen = page(office, bob)
    assert seen.pinned.text == "Newer gold"
    assert [one.text for one in seen.entries].count("Newer gold") == 0
    assert [one.text for one in seen.entries].count("Old gold") == 1
    assert page(office, bob, show=Show.MAIL).pinned is None
    assert page(office, bob, show=Show.NOTES).pinned.text == "Newer gold"
    take_back(office, done)
    assert page(office, bob).pinned.text == "Old gold"
    down = pin(office.desk, office.viewer, bob, None)
    assert page(office, bob).pinned is None
    take_back(office, down)
    assert page(office, bob).pinned.text == "Old gold"


def test_a_mail_stands_on_top_as_any_other_entry(office, bob):
    note = add_note(office.desk, office.viewer, bob, "Gold")
    first = office.mail(BOB, subject="The order", days_ago=30)
    pin(office.desk, office.viewer, bob, note.object_id)
    done = pin(office.desk, office.viewer, bob, first)
    seen = page(office, bob)
    assert (seen.pinned.title, seen.pinned.pinned, seen.pinned.can_pin) == ("The order", True, True)
    assert "The order" not in [one.title for one in seen.entries]
    assert "Gold" in [one.text for one in seen.entries], "one entry is pinned, not two"
    assert page(office, bob, show=Show.MAIL).pinned.title == "The order"
    assert page(office, bob, show=Show.NOTES).pinned is None
    assert pin(office.desk, office.viewer, bob, first).undo is None
    take_back(office, done)
    assert page(office, bob).pinned.text == "Gold"
    pin(office.desk, office.viewer, bob, first)
    down = pin(office.desk, office.viewer, bob, None)
    assert page(office, bob).pinned is None
    take_back(office, down)
    assert page(office, bob).pinned.title == "The order"


def test_a_pin_that_was_replaced_is_not_taken_back(office, bob):
    first, second = office.mail(BOB), office.mail(BOB)
    done = pin(office.desk, office.viewer, bob, first)
    pin(office.desk, office.viewer, bob, second)
    with pytest.raises(ConflictError):
        take_back(office, done)


def test_a_pinned_mail_one_may_not_read_is_a_locked_line_without_a_word_of_it(office, bob):
    office.add_mailbox("erin@ourfirm.example")
    secret = office.mail(BOB, "erin@ourfirm.example", box="erin@ourfirm.example", subject="Secret")
    only_alices = replace(
        office.viewer, role=AccountRole.REP, mailbox_ids=frozenset({office.boxes[ALICE]})
    )
    with pytest.raises(RefusedError):
        pin(office.desk, only_alices, bob, secret)
    pin(office.desk, office.viewer, bob, secret)
    seen = lead_record(office.desk, only_alices, bob)
    assert (seen.pinned.locked, seen.pinned.title, seen.pinned.href) == (True, "", None)
    assert seen.pinned.can_pin, "it can be taken down"
    assert not [one for one in seen.entries if one.can_pin and one.locked]
    assert "Secret" not in repr(seen)
    with office.desk.database.read() as tx:
        card = read_card(tx, office.desk, only_alices, office.desk.ids.open("lead", bob))
    assert (card.timeline[0].locked, card.timeline[0].pinned) == (True, True)
    pin(office.desk, only_alices, bob, None)
    assert page(office, bob).pinned is None


def test_the_panel_shows_a_pinned_mail_first_and_once(office, bob):
    old = office.mail(BOB, text="The order", days_ago=300)
    for number in range(20):
        office.mail(BOB, days_ago=number + 1)
    pin(office.desk, office.viewer, bob, old)
    with office.desk.database.read() as tx:
        number = office.desk.ids.open("lead", bob)
        card = read_card(tx, office.desk, office.viewer, number)
    assert (card.timeline[0].text, card.timeline[0].pinned) == ("The order", True)
    assert [one.pinned for one in card.timeline[1:]] == [False] * 9
    pin(office.desk, office.viewer, bob, office.mail(BOB, text="Newest", days_ago=0))
    with office.desk.database.read() as tx:
        card = read_card(tx, office.desk, office.viewer, number)
    assert [one.text for one in card.timeline].count("Newest") == 1


def test_a_mail_taken_off_the_lead_is_on_top_no_more(office, bob):
    mail = office.mail(BOB, subject="The order")
    pin(office.desk, office.viewer, bob, mail)
    done = unlink_message(office.desk, office.viewer, mail, bob)
    assert page(office, bob).pinned is None
    take_back(office, done)
    assert page(office, bob).pinned.title == "The order"
    hers = office.mail("Carol <carol@flowers.example>")
    with pytest.raises(NotFoundError):
        pin(office.desk, office.viewer, bob, hers)


def test_only_what_stands_on_this_lead_is_pinned(office, bob):
    office.mail("Carol <carol@flowers.example>")
    carol = lead_list(office.desk, office.viewer).rows[0].id
    hers = add_note(office.desk, office.viewer, carol, "hers")
    with pytest.raises(NotFoundError):
        pin(office.desk, office.viewer, bob, hers.object_id)
    gone = add_note(office.desk, office.viewer, bob, "a slip")
    take_back(office, gone)
    with pytest.raises(RefusedError):
        pin(office.desk, office.viewer, bob, gone.object_id)


# --- talks -----------------------------------------------------------------------


def test_a_call_and_a_meeting_stand_where_they_were(office, bob):
    when = office.clock.now() - timedelta(days=3)
    held = log_meeting(
        office.desk, office.viewer, bob, at=when, minutes=45, text="Demo\nfor six people"
    )
    call = log_call(office.desk, office.viewer, bob, outcome="no_answer")
    seen = page(office, bob).entries
    assert [one.kind for one in seen] == ["call", "mail_in", "meeting"]
    assert (seen[0].title, seen[0].text) == ("No answer", "")
    assert (seen[2].title, seen[2].text) == ("Took place, 45 min", "Demo\nfor six people")
    assert [one.kind for one in page(office, bob, show=Show.CALLS).entries] == ["call"]
    take_back(office, held)
    take_back(office, call)
    assert [one.kind for one in page(office, bob).entries] == ["mail_in"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"at": None}, "at"),
        ({"days": 2}, "at"),
        ({"days": -5000}, "at"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 5000}, "minutes"),
        ({"outcome": "fine"}, "outcome"),
        ({"text": "x" * 10_001}, "text"),
    ],
)
def test_what_is_wrong_with_a_meeting_is_said_of_its_field(office, bob, more, field):
    given = {"at": office.clock.now()} | more
    if "days" in given:
        given["at"] = office.clock.now() + timedelta(days=given.pop("days"))
    with pytest.raises(FieldsError) as refused:
        log_meeting(office.desk, office.viewer, bob, **given)
    assert list(refused.value.problems) == [field]


# --- follow up if no answer --------------------------------------------------------


def open_titles(office, lead_id) -> list[str]:
    return [one.task.title for one in page(office, lead_id).tasks]


def follow_up(office, lead_id, title="Ask again"):
    return add_task(
        office.desk, office.viewer, lead_id, title, date(2026, 5, 27), unless_answered=True
    )


def test_a_follow_up_is_done_by_itself_when_they_write(office, bob):
    follow_up(office, bob)
    add_task(office.desk, office.viewer, bob, "Send the quote")
    office.pass_time(days=2)
    office.mail(ALICE, "bob@bakery.example", days_ago=1.5)
    assert open_titles(office, bob) == ["Ask again", "Send the quote"], "our own mail is no answer"
    office.mail(BOB, days_ago=1, headers=[("Auto-Submitted", "auto-replied")])
    assert "Ask again" in open_titles(office, bob), "a machine is no answer"
    office.mail(BOB, days_ago=0.5)
    assert open_titles(office, bob) == ["Send the quote"]


def test_mail_from_before_is_no_answer(office, bob):
    follow_up(office, bob)
    office.mail(BOB, days_ago=4)
    assert open_titles(office, bob) == ["Ask again"]


def ended(office) -> list[tuple[int | None, int | None]]:
    with office.desk.database.read() as tx:
        rows = tx.execute(select(task.c.done_at, task.c.answered_at).order_by(task.c.id))
        return [(row[0], row[1]) for row in rows]


def test_the_first_answer_counts_in_whatever_order_mail_is_stored(office, bob):
    follow_up(office, bob)
    office.pass_time(days=3)
    office.mail(BOB, days_ago=1, text="the second answer")
    late = ended(office)
    office.mail(BOB, days_ago=2, text="the first answer")
    early = ended(office)
    assert early[0] == (late[0][0] - 86_400_000,) * 2


def test_every_order_of_the_same_mail_ends_a_follow_up_alike(office):
    """Before it was set, a machine's, two answers: in each of their orders the first answer ends it."""
    letters = ((9, ""), (4, "auto"), (3, ""), (2, ""))
    people = {}
    for number, order in enumerate(permutations(letters)):
        address = f"guest{number}@firm{number}.example"
        office.mail(address, days_ago=3)
        people[address] = order
    leads = {row.address: row.id for row in lead_list(office.desk, office.viewer, limit=500).rows}
    for address in people:
        follow_up(office, leads[address])
    office.pass_time(days=5)
    for address, order in people.items():
        for days_ago, machine in order:
            headers = [("Auto-Submitted", "auto-replied")] if machine else []
            office.mail(address, days_ago=days_ago, headers=headers)
    assert len(people) == 24
    assert len(set(ended(office))) == 1
    assert ended(office)[0][0] == int((office.clock.now() - timedelta(days=3)).timestamp() * 1000)


def test_an_answer_that_was_not_theirs_opens_it_again(office, bob):
    follow_up(office, bob)
    office.pass_time(days=2)
    answer = office.mail(BOB, days_ago=1)
    assert open_titles(office, bob) == []
    done = unlink_message(office.desk, office.viewer, answer, bob)
    assert open_titles(office, bob) == ["Ask again"]
    take_back(office, done)
    assert open_titles(office, bob) == []


def test_what_a_person_ended_stays_as_they_left_it(office, bob):
    made = follow_up(office, bob)
    finish_task(office.desk, office.viewer, made.object_id)
    before = ended(office)
    office.pass_time(days=2)
    office.mail(BOB, days_ago=1)
    assert ended(office) == before


def test_a_follow_up_needs_its_day(office, bob):
    with pytest.raises(FieldsError) as refused:
        add_task(office.desk, office.viewer, bob, "Ask", unless_answered=True)
    assert "due_on" in refused.value.problems
    made = follow_up(office, bob)
    with pytest.raises(FieldsError):
        move_task(office.desk, office.viewer, made.object_id, None)


def test_a_task_moves_to_a_day_and_back(office, bob):
    made = add_task(office.desk, office.viewer, bob, "Send", date(2026, 5, 21))
    done = move_task(office.desk, office.viewer, made.object_id, date(2026, 6, 3))
    assert done.text == "Now due 3 June"
    assert page(office, bob).tasks[0].task.due_on == date(2026, 6, 3)
    take_back(office, done)
    assert page(office, bob).tasks[0].task.due_on == date(2026, 5, 21)
    move_task(office.desk, office.viewer, made.object_id, None)
    assert page(office, bob).tasks[0].task.due_on is None
    with pytest.raises(FieldsError):
        move_task(office.desk, office.viewer, made.object_id, date(2096, 1, 1))


# --- fields of one's own, organization, owner ---------------------------------------

SEATS = LeadField("seats", "Seats", FieldKind.NUMBER, show_in_panel=True)
SIZE = LeadField("size", "Size", FieldKind.CHOICE, ("small", "large"))


def declare(office, *fields) -> None:
    office.desk = replace(office.desk, lead_fields=fields)


def shown(office, lead_id) -> dict[str, str]:
    return {one.label: one.shown for one in page(office, lead_id).fields}


def test_fields_of_ones_own_are_typed_and_each_is_taken_back_alone(office, bob):
    declare(office, SEATS, SIZE)
    change = {"custom": {"seats": " 40.50 "}}
    first = edit_lead(office.desk, office.viewer, bob, version=1, changes=change)
    change = {"custom": {"size": "LARGE"}}
    edit_lead(office.desk, office.viewer, bob, version=2, changes=change)
    assert shown(office, bob) == {"Seats": "40.5", "Size": "large"}
    assert "Size is now large" in page(office, bob, show=Show.CHANGES).entries[0].text
    take_back(office, first)
    assert shown(office, bob) == {"Seats": "", "Size": "large"}


def test_everything_that_is_wrong_is_said_at_once(office, bob):
    declare(office, SEATS, SIZE)
    changes = {
        "name": " ",
        "value": "much",
        "owner": "carol",
        "organization": "Nowhere",
        "custom": {"seats": "many", "size": "huge", "colour": "red"},
    }
    with pytest.raises(FieldsError) as refused:
        edit_lead(office.desk, office.viewer, bob, version=1, changes=changes)
    assert set(refused.value.problems) == {
        "name",
        "value",
        "owner",
        "organization",
        "custom.seats",
        "custom.size",
        "custom.colour",
    }
    assert page(office, bob).card.version == 1


def test_a_field_no_longer_declared_keeps_what_it_held(office, bob):
    declare(office, SEATS)
    edit_lead(office.desk, office.viewer, bob, version=1, changes={"custom": {"seats": "40"}})
    declare(office, SIZE)
    assert shown(office, bob) == {"Size": ""}
    assert not any(one.label == "Seats" for one in page(office, bob).card.details)
    edit_lead(office.desk, office.viewer, bob, version=2, changes={"custom": {"size": "small"}})
    declare(office, SEATS)
    assert shown(office, bob) == {"Seats": "40"}


def test_a_lead_moves_to_an_organization_by_name_or_domain(office, bob):
    office.mail("Carol <carol@flowers.example>")

    def now() -> str | None:
        return page(office, bob).card.organization

    version = 1
    for written, named in (("Flowers", "Flowers"), ("mill.example", "Mill"), ("", None)):
        changes = {"organization": written}
        done = edit_lead(office.desk, office.viewer, bob, version=version, changes=changes)
        version = done.version
        assert now() == named
    take_back(office, done)
    assert now() == "Mill"
    assert [row.id for row in search_leads(office.desk, office.viewer, "mill")] == [bob]


def test_an_organization_is_renamed_only_from_the_name_one_saw(office, bob):
    url = page(office, bob).organization_url
    done = rename_organization(
        office.desk, office.viewer, url.rpartition("/")[2], "The Mill", was="Bakery"
    )
    assert (done.name, done.was) == ("The Mill", "Bakery")
    assert [row.name for row in search_leads(office.desk, office.viewer, "mill")] == ["Bob Baker"]
    with pytest.raises(RefusedError):
        rename_organization(
            office.desk, office.viewer, url.rpartition("/")[2], "Third", was="Bakery"
        )


def test_nobody_without_an_account_marks_anything(office, bob):
    nobody = replace(office.viewer, account_id=0)
    for act in (
        lambda: add_tag(office.desk, nobody, bob, "fair"),
        lambda: snooze(office.desk, nobody, bob, None),
        lambda: pin(office.desk, nobody, bob, None),
        lambda: log_call(office.desk, nobody, bob),
        lambda: rename_organization(office.desk, nobody, "x", "y", was="z"),
    ):
        with pytest.raises(ForbiddenError):
            act()
