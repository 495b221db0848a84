from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.errors import ConflictError, ForbiddenError, NotFoundError, UsageError
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.services.capturing import give_verdict, take_back_verdict
from inboxcrm.services.leads import (
    AlreadyLeadError,
    add_note,
    create_lead,
    delete_lead,
    dismiss_wait,
    edit_lead,
    link_message,
    link_thread,
    move_stage,
    unlink_message,
    unlink_thread,
)
from inboxcrm.services.undo import undo
from inboxcrm.store.tables import activity, address, address_capture
from inboxcrm.views.leads import lead_list, lead_page, search_leads
from inboxcrm.views.shapes import Context, ContextPerson
from inboxcrm.views.sidebar import sidebar
from tests.views.correspondence import ALICE, Office, open_office

BOB = "Bob Baker <bob@bakery.example>"


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


@pytest.fixture
def bob(office):
    """The id of a lead made from Bob's mail."""
    office.mail(BOB, thread_ref="bobs")
    return card(office).id


def card(office, address="bob@bakery.example"):
    context = Context(people=(ContextPerson(address),))
    return sidebar(office.desk, office.viewer, context).lead


def page(office, lead_id):
    return lead_page(office.desk, office.viewer, lead_id)


def rule_of(office, key):
    with office.desk.database.read() as tx:
        return tx.execute(
            select(address_capture.c.rule)
            .join(address, address.c.id == address_capture.c.address_id)
            .where(address.c.key == key)
        ).scalar_one()


def deeds(office):
    with office.desk.database.read() as tx:
        return tx.execute(select(activity.c.kind).order_by(activity.c.id)).scalars().all()


# --- stages ----------------------------------------------------------------------


def test_a_stage_move_is_an_event_and_raises_the_version(office, bob):
    done = move_stage(office.desk, office.viewer, bob, "engaged", version=1)
    assert (done.version, done.text) == (2, "Moved to Engaged")
    found = page(office, bob)
    assert (found.lead.stage.key, found.lead.version, found.lead.stage.days) == ("engaged", 2, 0)
    assert [(item.kind, item.text, item.who) for item in found.timeline][:1] == [
        ("stage_move", "New → Engaged", "You")
    ]


def test_who_saw_an_old_version_changes_nothing_and_learns_the_current_one(office, bob):
    move_stage(office.desk, office.viewer, bob, "engaged", version=1)
    with pytest.raises(ConflictError) as refused:
        move_stage(office.desk, office.viewer, bob, "won", version=1)
    assert refused.value.version == 2
    assert refused.value.remedy
    assert page(office, bob).lead.stage.key == "engaged"
    assert deeds(office) == ["stage_move"]


def test_mail_never_raises_the_version(office, bob):
    office.mail(BOB, days_ago=0.5)
    assert page(office, bob).lead.version == 1


def test_losing_keeps_its_reason(office, bob):
    move_stage(office.desk, office.viewer, bob, "lost", version=1, reason="Too expensive")
    assert page(office, bob).timeline[0].text == "New → Lost: Too expensive"


def test_moving_to_where_it_stands_does_nothing(office, bob):
    done = move_stage(office.desk, office.viewer, bob, "new", version=1)
    assert (done.version, done.undo) == (1, None)
    assert deeds(office) == []


def test_an_unknown_stage_is_refused_with_the_known_ones(office, bob):
    with pytest.raises(UsageError) as refused:
        move_stage(office.desk, office.viewer, bob, "negotiation", version=1)
    assert "opportunity" in refused.value.remedy


def test_a_move_taken_back_restores_stage_and_day(office, bob):
    before = page(office, bob).lead.stage
    done = move_stage(office.desk, office.viewer, bob, "engaged", version=1)
    office.pass_time(minutes=1)
    after = undo(office.desk, office.viewer, done.undo)
    found = page(office, bob)
    assert found.lead.stage == before
    assert found.lead.version == after.version == 3
    assert [item.kind for item in found.timeline] == ["mail_in"]
    assert deeds(office) == ["stage_move", "undo"]


def test_undo_does_not_undo_what_came_later(office, bob):
    first = move_stage(office.desk, office.viewer, bob, "engaged", version=1)
    move_stage(office.desk, office.viewer, bob, "mql", version=2)
    with pytest.raises(ConflictError):
        undo(office.desk, office.viewer, first.undo)
    assert page(office, bob).lead.stage.key == "mql"
    assert deeds(office) == ["stage_move", "stage_move"]


def test_a_verdict_is_taken_back_by_the_same_door(office, bob):
    token = give_verdict(office.desk, office.viewer, outcome="ignored", domain="flowers.example")
    assert undo(office.desk, office.viewer, token).text == "Taken back"
    office.mail("Carol <carol@flowers.example>")
    assert card(office, "carol@flowers.example") is not None


def test_nothing_is_taken_back_twice(office, bob):
    done = add_note(office.desk, office.viewer, bob, "Hello")
    undo(office.desk, office.viewer, done.undo)
    with pytest.raises(Exception, match="taken back already"):
        undo(office.desk, office.viewer, done.undo)


def test_a_made_up_token_takes_nothing_back(office, bob):
    for token in ("", "aaaaaaaaaaaaa", bob):
        with pytest.raises(NotFoundError):
            undo(office.desk, office.viewer, token)


# --- fields ----------------------------------------------------------------------


def test_fields_are_edited_and_every_change_is_an_event(office, bob):
    field = LeadField("ovens", "Ovens", FieldKind.NUMBER, show_in_panel=True)
    office.desk = replace(office.desk, lead_fields=(field,))
    done = edit_lead(
        office.desk,
        office.viewer,
        bob,
        version=1,
        changes={
            "name": " Robert  Baker ",
            "phone": "+1 555 0100",
            "value": "1200.50",
            "currency": "eur",
            "custom": {"ovens": "3"},
            "owner": "me",
        },
    )
    found = page(office, bob).lead
    assert (found.name, found.phone, found.owner) == ("Robert Baker", "+1 555 0100", "You")
    assert (found.value.amount, found.value.currency) == ("1200.50", "EUR")
    assert ("Ovens", "3") in [(one.label, one.value) for one in found.details]
    text = page(office, bob).timeline[0].text
    assert "name is now Robert Baker" in text
    assert "value is now 1200.50" in text
    undo(office.desk, office.viewer, done.undo)
    found = page(office, bob).lead
    assert (found.name, found.phone, found.value, found.owner) == ("Bob Baker", None, None, None)


def test_a_new_name_is_found_by_search(office, bob):
    edit_lead(office.desk, office.viewer, bob, version=1, changes={"name": "Zebedee"})
    assert [row.id for row in search_leads(office.desk, office.viewer, "zebed")] == [bob]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "  "},
        {"name": "x" * 400},
        {"value": "a lot"},
        {"value": "-5"},
        {"value": "NaN"},
        {"value": "1.005"},
        {"currency": "euros"},
        {"owner": "carol"},
        {"custom": "none"},
        {"custom": {"ovens": "3"}},
        {"organization": "Nowhere Ltd"},
        {"owner": "aaaaaaaaaaaaa"},
        {"colour": "red"},
    ],
)
def test_a_wrong_field_is_refused_with_its_remedy(office, bob, changes):
    with pytest.raises(UsageError) as refused:
        edit_lead(office.desk, office.viewer, bob, version=1, changes=changes)
    assert refused.value.remedy
    assert page(office, bob).lead.version == 1


def test_an_edit_that_changes_nothing_is_no_event(office, bob):
    done = edit_lead(office.desk, office.viewer, bob, version=1, changes={"name": "Bob Baker"})
    assert (done.undo, done.version) == (None, 1)
    assert deeds(office) == []


def test_rules_leave_what_a_person_edited(office, bob):
    edit_lead(office.desk, office.viewer, bob, version=1, changes={"name": "The baker"})
    office.mail("Robert B. <bob@bakery.example>", days_ago=0.2)
    assert page(office, bob).lead.name == "The baker"


# --- made and removed by hand ----------------------------------------------------


def test_a_lead_made_by_hand_gets_its_stored_mail(office):
    office.mail("Bakery <info@bakery.example>", days_ago=3)
    done = create_lead(office.desk, office.viewer, "INFO@bakery.example", "The bakery")
    found = page(office, done.lead_id)
    assert found.lead.name == "The bakery"
    assert found.lead.organization == "Bakery"
    assert [item.kind for item in found.timeline] == ["captured", "mail_in"]
    assert found.lead.owes.who == "us"
    assert found.lead.reason.text == "Lead because it was added by hand on 20 May"
    assert found.lead.reason.undo_url == done.undo


def test_a_lead_made_by_hand_keeps_to_later_mail(office):
    done = create_lead(office.desk, office.viewer, "info@bakery.example")
    office.mail("Bakery <info@bakery.example>")
    assert card(office, "info@bakery.example").id == done.lead_id


def test_an_address_that_is_a_lead_is_told(office, bob):
    with pytest.raises(AlreadyLeadError) as refused:
        create_lead(office.desk, office.viewer, "bob@bakery.example")
    assert (refused.value.lead_id, refused.value.version) == (bob, 1)


@pytest.mark.parametrize("address", ["", "bob", "alice@ourfirm.example", "erin@ourfirm.example"])
def test_no_lead_without_an_address_of_somebody_outside(office, address):
    with pytest.raises(UsageError):
        create_lead(office.desk, office.viewer, address)


def test_making_a_lead_can_be_taken_back(office):
    office.mail("Bakery <info@bakery.example>")
    done = create_lead(office.desk, office.viewer, "info@bakery.example")
    undo(office.desk, office.viewer, done.undo)
    assert card(office, "info@bakery.example") is None
    assert lead_list(office.desk, office.viewer).rows == ()


def test_a_removed_lead_is_gone_and_stays_gone(office, bob):
    delete_lead(office.desk, office.viewer, bob, version=1)
    office.mail(BOB, days_ago=0.5)
    assert lead_list(office.desk, office.viewer).rows == ()
    assert card(office) is None
    assert search_leads(office.desk, office.viewer, "bob") == ()
    with pytest.raises(NotFoundError):
        page(office, bob)


def test_a_removed_lead_comes_back_with_its_past(office, bob):
    add_note(office.desk, office.viewer, bob, "Met at the fair")
    done = delete_lead(office.desk, office.viewer, bob, version=1)
    office.pass_time(minutes=1)
    undo(office.desk, office.viewer, done.undo)
    found = page(office, bob)
    assert [item.kind for item in found.timeline] == ["note", "mail_in"]
    assert card(office).id == bob
    assert [row.id for row in search_leads(office.desk, office.viewer, "bob")] == [bob]
    office.mail(BOB, days_ago=0.1)
    assert len(page(office, bob).timeline) == 3


def test_a_word_given_before_the_removal_holds_again_after_its_undo(office):
    office.mail(BOB, labels=["INBOX"])
    said = give_verdict(office.desk, office.viewer, outcome="lead", address="bob@bakery.example")
    lead_id = card(office).id
    done = delete_lead(office.desk, office.viewer, lead_id, version=card(office).version)
    undo(office.desk, office.viewer, done.undo)
    assert rule_of(office, "bob@bakery.example") == "person"
    take_back_verdict(office.desk, office.viewer, said)
    # Removing and restoring is work on a lead: without the word it is still somebody's lead.
    assert rule_of(office, "bob@bakery.example") == "known_lead"


def test_adding_a_removed_lead_brings_the_old_one_back(office, bob):
    delete_lead(office.desk, office.viewer, bob, version=1)
    done = create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob again")
    assert done.lead_id == bob
    assert page(office, bob).lead.name == "Bob again"
    undo(office.desk, office.viewer, done.undo)
    assert card(office) is None


# --- notes -----------------------------------------------------------------------


def test_a_note_stands_in_the_timeline_until_taken_back(office, bob):
    done = add_note(office.desk, office.viewer, bob, " First line\r\nsecond \x00")
    assert page(office, bob).timeline[0].text == "First line\nsecond"
    undo(office.desk, office.viewer, done.undo)
    assert [item.kind for item in page(office, bob).timeline] == ["mail_in"]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 10_001])
def test_an_empty_or_endless_note_is_refused(office, bob, text):
    with pytest.raises(UsageError):
        add_note(office.desk, office.viewer, bob, text)


def test_strangers_change_nothing(office, bob):
    stranger = Viewer(0, AccountRole.REP)
    with pytest.raises(ForbiddenError):
        add_note(office.desk, stranger, bob, "Hello")


# --- links -----------------------------------------------------------------------


@pytest.fixture
def carols_mail(office):
    return office.mail("Carol <carol@flowers.example>", thread_ref="carols", days_ago=4)


def test_mail_tied_by_hand_is_in_the_timeline(office, bob, carols_mail):
    done = link_message(office.desk, office.viewer, carols_mail, bob)
    assert [item.id for item in page(office, bob).timeline if item.kind == "mail_in"][1] == (
        carols_mail
    )
    assert len(page(office, card(office, "carol@flowers.example").id).timeline) == 1
    undo(office.desk, office.viewer, done.undo)
    assert len(page(office, bob).timeline) == 1


def test_mail_taken_off_is_not_put_back_by_sync(office, bob):
    mail_id = page(office, bob).timeline[0].id
    done = unlink_message(office.desk, office.viewer, mail_id, bob)
    assert page(office, bob).lead.owes.who == "nobody"
    office.mail(BOB, thread_ref="bobs", days_ago=0.5)
    assert [item.kind for item in page(office, bob).timeline] == ["unlink", "mail_in"]
    undo(office.desk, office.viewer, done.undo)
    assert [item.kind for item in page(office, bob).timeline] == ["mail_in", "mail_in"]


def test_a_whole_thread_is_tied_and_untied(office, bob, carols_mail):
    office.mail("Carol <carol@flowers.example>", thread_ref="carols", days_ago=3)
    thread_id = office.thread_id("carols")
    done = link_thread(office.desk, office.viewer, thread_id, bob)
    assert done.text == "Linked to Bob Baker"
    assert page(office, bob).timeline[0].text == "2 mails linked by hand"
    again = link_thread(office.desk, office.viewer, thread_id, bob)
    assert again.undo is None
    unlink_thread(office.desk, office.viewer, thread_id, bob)
    assert sum(item.kind == "mail_in" for item in page(office, bob).timeline) == 1
    tied_again = link_thread(office.desk, office.viewer, thread_id, bob)
    assert sum(item.kind == "mail_in" for item in page(office, bob).timeline) == 3
    undo(office.desk, office.viewer, tied_again.undo)
    assert sum(item.kind == "mail_in" for item in page(office, bob).timeline) == 1


def test_mail_of_others_cannot_be_tied(office, bob, carols_mail):
    office.add_mailbox("erin@ourfirm.example")
    erin = office.reader_of("erin@ourfirm.example")
    with pytest.raises(NotFoundError):
        link_message(office.desk, erin, carols_mail, bob)
    with pytest.raises(NotFoundError):
        link_thread(office.desk, erin, office.thread_id("carols"), bob)


def test_no_answer_needed_ends_the_wait_until_the_next_mail(office, bob):
    done = dismiss_wait(office.desk, office.viewer, bob)
    assert page(office, bob).lead.owes.who == "nobody"
    undo(office.desk, office.viewer, done.undo)
    assert page(office, bob).lead.owes.who == "us"
    dismiss_wait(office.desk, office.viewer, bob)
    office.mail(BOB, thread_ref="bobs", days_ago=0.1)
    assert page(office, bob).lead.owes.who == "us"
    assert ALICE in office.boxes
