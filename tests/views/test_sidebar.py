from __future__ import annotations

import pytest
from sqlalchemy import insert

from inboxcrm.services import leads as lead_services
from inboxcrm.store.tables import address, lead, lead_address
from inboxcrm.views.shapes import Context, ContextPerson, SidebarState
from inboxcrm.views.sidebar import sidebar
from tests.views.correspondence import ALICE, counted_queries

BOB = "Bob Baker <bob@bakery.example>"


def people(*addresses: str, role: str = "from") -> tuple[ContextPerson, ...]:
    return tuple(ContextPerson(address, "", role) for address in addresses)


def look(office, *addresses: str, viewer=None, **more):
    return sidebar(office.desk, viewer or office.viewer, Context(people=people(*addresses), **more))


def test_bob_wrote_and_the_panel_says_who_he_is(office):
    office.mail(BOB, text="We need a quote for 40 people.", days_ago=2)
    view = look(office, "bob@bakery.example")
    assert view.state is SidebarState.LEAD
    card = view.lead
    assert (card.name, card.address, card.version) == ("Bob Baker", "bob@bakery.example", 1)
    assert card.organization == "Bakery"
    assert (card.stage.key, card.stage.index, card.stage.days, card.stage.of) == ("new", 0, 2, 6)
    assert card.temperature.key == "hot"
    assert card.temperature.reason == "Bob Baker asked for a price on 18 May"
    assert card.owes.who == "us"
    assert card.owes.text == "Bob Baker has waited 2 working days for an answer"
    assert card.owes.late
    assert card.reason.text == "Lead because Bob Baker wrote to alice@ on 18 May"
    assert card.reason.rule == "they_wrote"
    assert [item.kind for item in card.timeline] == ["mail_in"]
    assert ("won", "Won") in card.stages
    assert "move_stage" in view.actions
    assert "dismiss_wait" in view.actions


def test_bob_is_found_however_his_address_is_written(office):
    office.mail(BOB)
    assert look(office, "BOB@Bakery.Example").lead.name == "Bob Baker"


def test_an_open_thread_is_found_by_the_providers_ref(office):
    office.mail(BOB, thread_ref="18f3")
    context = Context(mailbox_address=ALICE, thread="18f3")
    view = sidebar(office.desk, office.viewer, context)
    assert view.lead.name == "Bob Baker"
    assert view.thread.lead_id == view.lead.id
    assert "unlink_thread" in view.actions


def test_an_open_message_is_found_by_the_providers_ref(office):
    office.mail(BOB)
    view = sidebar(office.desk, office.viewer, Context(mailbox_address=ALICE, message="ref-1"))
    assert view.lead.name == "Bob Baker"


def test_our_own_ids_open_thread_and_message(office):
    message_id = office.mail(BOB, thread_ref="18f3")
    for context in (Context(thread=office.thread_id("18f3")), Context(message=message_id)):
        assert sidebar(office.desk, office.viewer, context).lead.name == "Bob Baker"


def test_a_ref_of_another_mailbox_is_not_mistaken_for_ours(office):
    office.add_mailbox("erin@ourfirm.example")
    office.mail(BOB, thread_ref="18f3")
    context = Context(mailbox_address="erin@ourfirm.example", thread="18f3")
    assert sidebar(office.desk, office.viewer, context).state is SidebarState.IDLE


def test_nothing_open_is_idle(office):
    view = sidebar(office.desk, office.viewer, Context())
    assert (view.state, view.lead, view.candidate) == (SidebarState.IDLE, None, None)


def test_somebody_never_met_can_be_added(office):
    view = look(office, "carol@flowers.example")
    assert view.state is SidebarState.UNKNOWN
    assert view.candidate.address == "carol@flowers.example"
    assert view.candidate.reason == "No mail with this address is stored yet."
    assert view.candidate.organization == "flowers.example"
    assert "add_lead" in view.actions


def test_a_candidate_comes_with_the_reason(office):
    office.mail("Sales <info@flowers.example>")
    view = look(office, "info@flowers.example")
    assert view.state is SidebarState.UNKNOWN
    assert view.candidate.reason == (
        "In review because several people may stand behind a shared address like this."
    )


def test_a_newsletter_says_why_it_is_no_lead(office):
    office.mail("News <news@shop.example>", headers=[("List-Id", "<news.shop.example>")])
    assert look(office, "news@shop.example").candidate.reason == (
        "Not a lead because only newsletters and lists came from there."
    )


def test_colleagues_of_a_lead_are_offered_the_same_organization(office):
    office.mail(BOB)
    view = look(office, "dave@bakery.example")
    assert [(match.name, match.why) for match in view.candidate.matches] == [
        ("Bob Baker", "same organization")
    ]


def test_free_mail_makes_no_organization(office):
    office.mail("Bob Baker <bob.baker@gmail.com>")
    view = look(office, "dave@gmail.com")
    assert view.candidate.matches == ()
    assert view.candidate.organization is None


def test_a_namesake_is_offered_first(office):
    office.mail(BOB)
    context = Context(people=(ContextPerson("bob@home.example", "Bob Baker", "from"),))
    view = sidebar(office.desk, office.viewer, context)
    assert [(match.name, match.why) for match in view.candidate.matches] == [
        ("Bob Baker", "same name")
    ]


def test_our_own_people_are_nobody_to_add(office):
    office.add_mailbox("erin@ourfirm.example")
    assert look(office, "erin@ourfirm.example").state is SidebarState.IDLE
    assert look(office, "frank@ourfirm.example").state is SidebarState.IDLE


# --- which lead is meant -------------------------------------------------------


@pytest.fixture
def three(office):
    """Bob, Carol and Dave are leads; Dave is lost."""
    for name in ("Bob", "Carol", "Dave"):
        office.mail(f"{name} <{name.lower()}@{name.lower()}s.example>", thread_ref=f"t-{name}")
    dave = look(office, "dave@daves.example").lead
    lead_services.move_stage(
        office.desk, office.viewer, dave.id, "lost", version=dave.version, reason="Too dear"
    )
    return office


def test_the_sender_is_meant_before_the_others(three):
    view = sidebar(
        three.desk,
        three.viewer,
        Context(people=(*people("bob@bobs.example", role="to"), *people("carol@carols.example"))),
    )
    assert view.lead.name == "Carol"
    assert [choice.name for choice in view.choices] == ["Carol", "Bob"]
    assert all(choice.stage == "New" for choice in view.choices)


def test_an_open_lead_is_meant_before_a_closed_sender(three):
    context = Context(
        people=(*people("dave@daves.example"), *people("bob@bobs.example", role="cc"))
    )
    assert sidebar(three.desk, three.viewer, context).lead.name == "Bob"


def test_a_closed_lead_is_better_than_nobody(three):
    view = look(three, "unknown@elsewhere.example", "dave@daves.example")
    assert view.lead.name == "Dave"
    assert view.lead.stage.kind == "lost"


def test_a_thread_tied_by_hand_is_meant_before_all(three):
    carol = look(three, "carol@carols.example").lead
    thread_id = three.thread_id("t-Bob")
    lead_services.link_thread(three.desk, three.viewer, thread_id, carol.id)
    view = look(three, "bob@bobs.example", thread=thread_id)
    assert view.lead.name == "Carol"
    assert view.thread.lead_id == carol.id


def test_one_of_several_people_can_be_chosen(three):
    context = Context(
        thread=three.thread_id("t-Bob"),
        people=people("bob@bobs.example", "carol@carols.example", "new@elsewhere.example"),
    )
    chosen = sidebar(three.desk, three.viewer, context, person="carol@carols.example")
    assert chosen.lead.name == "Carol"
    assert len(chosen.choices) == 3
    stranger = sidebar(three.desk, three.viewer, context, person="new@elsewhere.example")
    assert stranger.state is SidebarState.UNKNOWN
    assert stranger.candidate.address == "new@elsewhere.example"


def test_several_strangers_are_a_choice(three):
    view = look(three, "one@elsewhere.example", "two@elsewhere.example")
    assert view.state is SidebarState.CHOICE
    assert view.candidate.address == "one@elsewhere.example"
    assert len(view.choices) == 2


# --- what a viewer may see -----------------------------------------------------


def test_a_colleagues_mail_is_a_locked_line(office):
    office.add_mailbox("erin@ourfirm.example")
    office.mail(BOB, days_ago=2, text="Secret price request")
    office.mail(BOB, "erin@ourfirm.example", box="erin@ourfirm.example", text="Hello Erin")
    erin = office.reader_of("erin@ourfirm.example")
    lines = look(office, "bob@bakery.example", viewer=erin).lead.timeline
    assert [(line.locked, line.text) for line in lines] == [
        (False, "Hello Erin"),
        (True, "A mail of 18 May"),
    ]
    assert lines[1].who == ""
    assert lines[1].href is None


def test_what_a_colleague_read_does_not_speak_through_the_temperature(office):
    office.add_mailbox("erin@ourfirm.example")
    office.mail(BOB, text="Please send a price.")
    erin = office.reader_of("erin@ourfirm.example")
    assert look(office, "bob@bakery.example", viewer=erin).lead.temperature.key == "warm"


def test_a_thread_of_a_mailbox_we_may_not_read_tells_nothing(office):
    office.add_mailbox("erin@ourfirm.example")
    office.mail(BOB, thread_ref="18f3")
    erin = office.reader_of("erin@ourfirm.example")
    for context in (
        Context(mailbox_address=ALICE, thread="18f3"),
        Context(thread=office.thread_id("18f3")),
    ):
        assert sidebar(office.desk, erin, context).state is SidebarState.IDLE


def test_a_blind_copy_stays_blind_for_colleagues(office):
    office.add_mailbox("erin@ourfirm.example")
    mail = {"text": "Both of you", "days_ago": 1, "message_id": "same@ourfirm.example"}
    to = ["erin@ourfirm.example", "bob@bakery.example"]
    office.mail(ALICE, to, bcc="carol@flowers.example", labels=["SENT"], **mail)
    office.mail(ALICE, to, box="erin@ourfirm.example", thread_ref="copy", **mail)
    context = Context(thread=office.thread_id("copy"))
    erin = sidebar(office.desk, office.reader_of("erin@ourfirm.example"), context)
    assert erin.lead.address == "bob@bakery.example"
    assert erin.choices == ()
    alice = sidebar(
        office.desk, office.reader_of(ALICE), Context(thread=office.thread_id("thread-1"))
    )
    assert {choice.address for choice in alice.choices} == {
        "bob@bakery.example",
        "carol@flowers.example",
    }


# --- cost ------------------------------------------------------------------------


def add_many_leads(office, many):
    """Straight into the tables: a thousand leads by hand take too long."""
    keys = [f"lead{number}@firm.example" for number in range(many)]
    with office.desk.database.write() as tx:
        rows = [{"key": key, "shown": key, "org_domain": "firm.example"} for key in keys]
        addresses = tx.execute(insert(address).returning(address.c.id), rows).scalars().all()
        row = {"name": "One of many", "pipeline": "sales", "stage": "new"}
        leads = tx.execute(
            insert(lead).returning(lead.c.id),
            [{**row, "stage_since_at": 0, "created_at": 0} for _ in keys],
        ).scalars()
        pairs = zip(addresses, leads, strict=True)
        tx.execute(insert(lead_address), [{"address_id": a, "lead_id": b} for a, b in pairs])


@pytest.mark.parametrize("many", [10, 1000])
def test_the_number_of_queries_does_not_grow_with_the_leads(office, many):
    bob = lead_services.create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob Baker")
    lead_services.add_note(office.desk, office.viewer, bob.lead_id, "Met at the fair")
    office.mail(BOB, thread_ref="18f3")
    add_many_leads(office, many)
    known = Context(
        mailbox_address=ALICE, thread="18f3", people=people("bob@bakery.example", "x@firm.example")
    )
    with counted_queries(office) as seen:
        assert sidebar(office.desk, office.viewer, known).lead.name == "Bob Baker"
    assert len(seen) == 6
    unknown = Context(mailbox_address=ALICE, thread="18f3", people=people("x@firm.example"))
    with counted_queries(office) as seen:
        assert len(sidebar(office.desk, office.viewer, unknown).candidate.matches) == 5
    assert len(seen) == 4
