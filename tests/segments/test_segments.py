"""Segments saved, frozen, looked at and handed on: who is in them, where their mail would go, who is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import ForbiddenError, NotFoundError, UsageError
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.pipeline import Pipeline, Pipelines, Stage
from inboxcrm.leads.segment_left_out import LeftOut
from inboxcrm.leads.segments import EVERYONE, SegmentError
from inboxcrm.services.lead_marks import add_tag
from inboxcrm.services.leads import create_lead, delete_lead, edit_lead
from inboxcrm.services.segments import (
    count_leads,
    freeze,
    look_at,
    members,
    remove_segment,
    save_segment,
    segment_meant,
    segments,
)
from inboxcrm.store.tables import (
    address,
    cadence,
    enrollment,
    lead,
    lead_address,
    lead_link,
    segment,
    segment_lead,
    suppression,
)
from inboxcrm.views.leads import lead_page
from tests.views.correspondence import ALICE, Office, counted_queries, open_office

BOB = "Bob Baker <bob@bakery.example>"
CAROL = "Carol <carol@flowers.example>"


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


def look(office, text):
    return look_at(office.desk, office.viewer, text)


def names(office, text) -> list[str]:
    return sorted(one.name for one in look(office, text).samples)


def number_of(office, name: str) -> int:
    with office.desk.database.read() as tx:
        return tx.execute(select(lead.c.id).where(lead.c.name == name)).scalar_one()


def pages(office, given, **more):
    with office.desk.database.read() as tx:
        return members(office.desk, tx, given, **more)


# --- looking ---------------------------------------------------------------------


def test_a_filter_is_looked_at_without_being_saved(office):
    office.mail(BOB)
    office.mail(CAROL)
    view = look(office, "organization is bakery")
    assert (view.count, view.reachable, view.name, view.id) == (1, 1, "", None)
    assert view.words == "Leads whose organization is “bakery”."
    [bob] = view.samples
    assert (bob.name, bob.address, bob.organization, bob.stage) == (
        "Bob Baker",
        "bob@bakery.example",
        "Bakery",
        "New",
    )
    assert lead_page(office.desk, office.viewer, bob.id).lead.name == "Bob Baker"


def test_of_many_leads_twenty_are_shown_and_all_counted(office):
    for number in range(23):
        create_lead(office.desk, office.viewer, f"lead{number}@firm.example")
    view = look(office, "everyone")
    assert (view.count, view.reachable, len(view.samples)) == (23, 23, 20)


def test_looking_asks_a_few_questions_however_many_leads_there_are(office):
    asked = []
    for many in (2, 30):
        for number in range(many):
            create_lead(office.desk, office.viewer, f"lead{many}-{number}@firm.example")
        with counted_queries(office) as seen:
            look(office, "tag is fair or organization is firm or last_in within 3 days")
        asked.append(len(seen))
        with counted_queries(office) as seen:
            count_leads(office.desk, office.viewer, "organization is firm")
        assert sum("count(*)" in one for one in seen) == 1
    assert asked[0] == asked[1]


def test_everything_in_the_house_can_be_asked_for(office):
    office.mail(BOB, days_ago=2)
    office.mail(CAROL, days_ago=40)
    office = replace(
        office,
        desk=replace(office.desk, lead_fields=(LeadField("budget", "Budget", FieldKind.NUMBER),)),
    )
    bob = office.desk.ids.seal("lead", number_of(office, "Bob Baker"))
    add_tag(office.desk, office.viewer, bob, "Fair")
    edit_lead(
        office.desk, office.viewer, bob, version=1,
        changes={"owner": "me", "value": "1200.50", "currency": "EUR", "phone": "1", "custom": {"budget": "40"}},
    )  # fmt: skip
    for text in (
        "tag is FAIR", "owner is me", "owner is You", "value > 1200", "currency is eur", "phone is set", "budget < 41",
        "last_in within 7 days", "address_domain is bakery.example", "temperature is warm and name contains bob",
    ):  # fmt: skip
        assert names(office, text) == ["Bob Baker"], text
    for text in (
        "tag is unset",
        "owner is nobody",
        "last_in more than 2 weeks ago",
        "budget is unset",
    ):
        assert names(office, text) == ["Carol"], text


def test_a_tag_nobody_has_is_no_mistake_but_is_pointed_out(office):
    office.mail(BOB)
    add_tag(
        office.desk,
        office.viewer,
        office.desk.ids.seal("lead", number_of(office, "Bob Baker")),
        "Fair",
    )
    assert look(office, "tag is fair").notes == ()
    view = look(office, "tag is fiar")
    assert view.count == 0
    assert view.notes == ('No lead was ever tagged "fiar". Did you mean "Fair"?',)


def test_only_who_has_an_account_sees_leads(office):
    for act in (
        lambda who: look_at(office.desk, who, "everyone"),
        lambda who: count_leads(office.desk, who, "everyone"),
        lambda who: segments(office.desk, who),
        lambda who: save_segment(office.desk, who, name="x", text="everyone"),
    ):
        with pytest.raises(ForbiddenError):
            act(Viewer(0))


# --- temperature -----------------------------------------------------------------


@pytest.mark.parametrize("heat", ["cold", "warm", "hot"])
def test_a_segment_finds_as_warm_whom_their_card_calls_warm(office, heat):
    office.mail(BOB, text="What is the price?", subject="Price", days_ago=3)
    office.mail(CAROL, days_ago=3)
    office.mail("Dave <dave@slow.example>", days_ago=121)
    office.mail("Dora <dora@slow.example>", text="A quote please", days_ago=31)
    create_lead(office.desk, office.viewer, "erin@away.example", "Erin")
    for days in (2, 3, 4, 5):
        sender, to = (
            ("Fay <fay@chat.example>", ALICE) if days % 2 else (ALICE, "Fay <fay@chat.example>")
        )
        office.mail(sender, to, days_ago=days, thread_ref="chat")
    expected = []
    with office.desk.database.read() as tx:
        for lead_id, name in tx.execute(select(lead.c.id, lead.c.name)).all():
            card = lead_page(office.desk, office.viewer, office.desk.ids.seal("lead", lead_id)).lead
            if card.temperature.key == heat:
                expected.append(name)
    assert expected
    assert names(office, f"temperature is {heat}") == sorted(expected)


def test_what_was_said_in_mail_one_may_not_read_makes_nobody_hot(office):
    office.add_mailbox("bea@ourfirm.example")
    office.mail(BOB, "bea@ourfirm.example", text="What is the price?", box="bea@ourfirm.example")
    assert names(office, "temperature is hot") == ["Bob Baker"]
    alice = replace(office.reader_of(ALICE), account_id=1)
    assert look_at(office.desk, alice, "temperature is hot").count == 0


# --- where mail goes, and who is left out ------------------------------------------


def give(office, name: str, *keys: str) -> None:
    """More addresses for that lead."""
    with office.desk.database.write() as tx:
        lead_id = tx.execute(select(lead.c.id).where(lead.c.name == name)).scalar_one()
        for key in keys:
            found = tx.execute(select(address.c.id).where(address.c.key == key)).scalar()
            if found is None:
                row = {
                    "key": key,
                    "shown": key,
                    "domain": key.partition("@")[2],
                    "org_domain": key.partition("@")[2],
                }
                found = tx.execute(insert(address).returning(address.c.id), row).scalar_one()
            tx.execute(lead_address.delete().where(lead_address.c.address_id == found))
            tx.execute(insert(lead_address).values(address_id=found, lead_id=lead_id))


def chosen(office) -> dict[str, str]:
    with office.desk.database.read() as tx:
        names_ = dict(tx.execute(select(lead.c.id, lead.c.name)).all())
        return {names_[one.lead_id]: one.address for one in members(office.desk, tx, EVERYONE)}


def test_mail_goes_to_the_address_they_wrote_from_last(office):
    office.mail(BOB, days_ago=5)
    office.mail("Bob <bob@home.example>", days_ago=9)
    give(office, "Bob Baker", "bob@home.example")
    assert chosen(office)["Bob Baker"] == "bob@bakery.example"
    with office.desk.database.write() as tx:
        # From here on his mail from home is his lead's too.
        home = tx.execute(
            select(address.c.id).where(address.c.key == "bob@home.example")
        ).scalar_one()
        bob = tx.execute(select(lead.c.id).where(lead.c.name == "Bob Baker")).scalar_one()
        tx.execute(update(lead_link).where(lead_link.c.address_id == home).values(lead_id=bob))
    office.mail("Bob <bob@home.example>", days_ago=1)
    assert chosen(office)["Bob Baker"] == "bob@home.example"
    # An absence note is not writing.
    office.mail(
        BOB, days_ago=0.5, headers=[("Auto-Submitted", "auto-replied")], subject="Out of office"
    )
    assert chosen(office)["Bob Baker"] == "bob@home.example"


def test_who_never_wrote_is_written_to_at_the_first_address(office):
    create_lead(office.desk, office.viewer, "dave@firm.example", "Dave")
    give(office, "Dave", "a-dave@firm.example")
    assert chosen(office) == {"Dave": "dave@firm.example"}


def test_being_copied_is_not_writing(office):
    office.mail(BOB, days_ago=5)
    create_lead(office.desk, office.viewer, "bob@home.example", "Home")
    give(office, "Bob Baker", "bob@home.example")
    office.mail(BOB, [ALICE, "bob@home.example"], days_ago=1)
    assert chosen(office)["Bob Baker"] == "bob@bakery.example"


def suppress(office, scope: str, subject: str, removed_at: int | None = None) -> None:
    with office.desk.database.write() as tx:
        tx.execute(
            insert(suppression).values(
                scope=scope, subject=subject, reason="opt_out", first_at=1, removed_at=removed_at
            )
        )


def enroll(office, name: str, state: str = "active", cadence_name: str = "Spring fair") -> int:
    with office.desk.database.write() as tx:
        found = tx.execute(select(cadence.c.id).where(cadence.c.name == cadence_name)).scalar()
        if found is None:
            row = {"name": cadence_name, "key": cadence_name.lower(), "mailbox_id": 1, "made_at": 1}
            found = tx.execute(insert(cadence).returning(cadence.c.id), row).scalar_one()
        lead_id, address_id = tx.execute(
            select(lead.c.id, lead_address.c.address_id)
            .join(lead_address)
            .where(lead.c.name == name)
        ).first()
        tx.execute(
            insert(enrollment).values(
                cadence_id=found,
                lead_id=lead_id,
                address_id=address_id,
                state=state,
                version=1,
                enrolled_at=1,
            )
        )
        return found


def test_who_is_left_out_is_told_with_the_reason(office):
    for name, key in (
        ("Bob", "bob@bakery.example"), ("Carol", "carol@flowers.example"), ("Dora", "dora@mail.gone.example"),
        ("Info", "info@firm.example"), ("Robot", "no-reply@firm.example"), ("Erin", "erin@away.example"),
        ("Fay", "fay@again.example"), ("Gil", "gil@done.example"),
    ):  # fmt: skip
        create_lead(office.desk, office.viewer, key, name)
    with office.desk.database.write() as tx:
        tx.execute(
            insert(lead).values(
                name="Nameless", pipeline="sales", stage="new", stage_since_at=1, created_at=1
            )
        )
    suppress(office, "address", "carol@flowers.example")
    suppress(office, "domain", "gone.example")
    suppress(office, "address", "fay@again.example", removed_at=5)
    first = enroll(office, "Erin")
    enroll(office, "Gil", "finished")
    view = look(office, "everyone")
    assert (view.count, view.reachable) == (9, 3)
    assert {one.reason: one.count for one in view.left_out} == {
        "no_address": 1, "suppressed_address": 1, "suppressed_domain": 1, "no_reply_address": 1, "role_address": 1,
        "active_elsewhere": 1,
    }  # fmt: skip
    shown = {one.name: one.left_out for one in view.samples}
    assert shown["Carol"] == ("the address is suppressed",)
    assert shown["Bob"] == shown["Fay"] == shown["Gil"] == ()
    reasons = {
        one.lead_id: one.reasons_left_out for one in pages(office, EVERYONE, cadence_id=first)
    }
    assert reasons[number_of(office, "Erin")] == ()
    assert reasons[number_of(office, "Dora")] == (LeftOut.SUPPRESSED_DOMAIN,)
    assert names(office, "suppressed is yes") == ["Carol", "Dora"]
    assert names(office, 'cadence:"spring fair" is active') == ["Erin"]


def test_members_come_page_by_page_and_nobody_twice(office):
    for number in range(7):
        create_lead(office.desk, office.viewer, f"lead{number}@firm.example")
    with office.desk.database.read() as tx:
        asked = segment_meant(tx, office.desk, office.viewer, "organization is firm")
    seen, after = [], 0
    while page := pages(office, asked, after=after, limit=3):
        assert len(page) <= 3
        seen += [one.lead_id for one in page]
        after = page[-1].lead_id
    assert seen == sorted(set(seen))
    assert len(seen) == 7
    with pytest.raises(NotFoundError):
        pages(office, 99)


# --- saved -----------------------------------------------------------------------


def save(office, name, text, **more):
    return save_segment(office.desk, office.viewer, name=name, text=text, **more)


def test_a_live_segment_follows_the_leads_and_a_frozen_one_does_not(office):
    create_lead(office.desk, office.viewer, "bob@firm.example", "Bob")
    made = create_lead(office.desk, office.viewer, "carol@firm.example", "Carol")
    save(office, "Live", "organization is firm")
    held = save(office, "Frozen", "organization is firm", kind="frozen")
    assert held.count == 2
    create_lead(office.desk, office.viewer, "dave@firm.example", "Dave")
    assert names(office, "live") == ["Bob", "Carol", "Dave"]
    assert names(office, "frozen") == ["Bob", "Carol"]
    delete_lead(office.desk, office.viewer, made.lead_id, version=made.version)
    assert names(office, "frozen") == ["Bob"]
    lines = segments(office.desk, office.viewer, with_counts=True)
    assert [(one.name, one.kind, one.count) for one in lines] == [
        ("Frozen", "frozen", 1),
        ("Live", "live", 2),
    ]


def test_freezing_keeps_what_is_found_now_and_a_second_time_changes_nothing(office):
    create_lead(office.desk, office.viewer, "bob@firm.example", "Bob")
    save(office, "Firm", "organization is firm")
    assert freeze(office.desk, office.viewer, "firm").count == 1
    create_lead(office.desk, office.viewer, "carol@firm.example", "Carol")
    again = freeze(office.desk, office.viewer, "FIRM")
    assert (again.kind, again.count) == ("frozen", 1)
    assert look(office, "firm").kind == "frozen"


def test_a_lead_that_was_merged_counts_in_a_frozen_segment_as_the_one_it_went_into(office):
    create_lead(office.desk, office.viewer, "bob@firm.example", "Bob")
    create_lead(office.desk, office.viewer, "bob@home.example", "Robert")
    save(office, "Firm", "organization is firm", kind="frozen")
    with office.desk.database.write() as tx:
        into = number_of(office, "Robert")
        tx.execute(update(lead).where(lead.c.name == "Bob").values(merged_into=into))
    assert names(office, "Firm") == ["Robert"]


def test_saving_under_a_name_replaces_what_was_there_removed_or_not(office):
    create_lead(office.desk, office.viewer, "bob@firm.example", "Bob")
    first = save(office, "Spring  Fair", "everyone", kind="frozen")
    second = save(office, "spring fair", "stage is won")
    assert second.id == first.id
    assert [one.name for one in segments(office.desk, office.viewer)] == ["spring fair"]
    assert look(office, "Spring fair").count == 0
    with office.desk.database.read() as tx:
        assert tx.execute(select(segment_lead)).all() == []
    remove_segment(office.desk, office.viewer, "spring fair")
    assert segments(office.desk, office.viewer) == ()
    with pytest.raises(NotFoundError):
        remove_segment(office.desk, office.viewer, "spring fair")
    assert save(office, "Spring fair", "everyone").id == first.id
    assert look(office, "spring fair").count == 1


def test_a_segment_may_be_saved_as_json_and_is_kept_as_text(office):
    saved = save(office, "New", '{"field": "stage", "op": "is", "value": "New"}')
    assert saved.text == "stage is new"
    assert saved.words == "Leads whose stage is New."


@pytest.mark.parametrize(
    ("name", "text", "kind", "said"),
    [
        ("", "everyone", "live", "has no name"),
        ("x" * 81, "everyone", "live", "too long"),
        ("everyone", "stage is new", "live", "reads as a filter"),
        ("stage is new", "everyone", "live", "reads as a filter"),
        ("Fair", "everyone", "icy", "live or frozen"),
        ("Fair", "stage is nw", "live", "no stage"),
    ],
)
def test_what_cannot_be_saved_is_told_and_nothing_is(office, name, text, kind, said):
    with pytest.raises(UsageError) as caught:
        save(office, name, text, kind=kind)
    assert said in str(caught.value)
    assert segments(office.desk, office.viewer) == ()


def test_what_is_neither_name_nor_filter_is_answered_with_the_nearest_name(office):
    save(office, "Spring fair", "everyone")
    with pytest.raises(NotFoundError) as caught:
        look(office, "Sprngfair")
    assert "Spring fair" in caught.value.remedy
    with pytest.raises(SegmentError):
        look(office, "stage iz new")


def test_a_segment_whose_stage_is_gone_is_refused_and_not_widened(office):
    create_lead(office.desk, office.viewer, "bob@firm.example", "Bob")
    save(office, "Kept", "not stage is won")
    other = Pipelines((Pipeline("sales", "Sales", (Stage("new", "New"),)),))
    later = replace(office, desk=replace(office.desk, pipelines=other))
    [line] = segments(later.desk, later.viewer, with_counts=True)
    assert "won" in line.problem
    assert line.count is None
    with pytest.raises(SegmentError):
        look(later, "Kept")
    with later.desk.database.read() as tx:
        number = tx.execute(select(segment.c.id)).scalar_one()
        with pytest.raises(SegmentError):
            members(later.desk, tx, number)
