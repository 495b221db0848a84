"""A lead's own page: one timeline of mail and deeds by pages and kinds, with as many questions at five as at five thousand."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from inboxcrm.errors import NotFoundError
from inboxcrm.services.lead_marks import add_tag, pin
from inboxcrm.services.leads import add_note, create_lead, edit_lead
from inboxcrm.services.tasks import add_task
from inboxcrm.store.tables import activity, lead, lead_address, lead_link, lead_tag, tag
from inboxcrm.views.lead_page import lead_record, phones_in
from inboxcrm.views.lead_page_shapes import Phone, Show
from inboxcrm.views.leads import lead_list
from inboxcrm.views.organizations import organization_page
from tests.views.correspondence import ALICE, counted_queries

BOB = "Bob Baker <bob@bakery.example>"
DAY = 86_400_000


@pytest.fixture
def bob(office) -> str:
    return create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob").lead_id


def page(office, lead_id, viewer=None, **more):
    return lead_record(office.desk, viewer or office.viewer, lead_id, **more)


def whole_past(office, lead_id, **more):
    seen, before, pages = [], None, 0
    while True:
        view = page(office, lead_id, before=before, **more)
        seen += view.entries
        before, pages = view.next, pages + 1
        assert pages < 200
        if before is None:
            return seen


def fill(office, lead_id, many, *, kinds=("note", "task", "field_change")) -> None:
    number = office.desk.ids.open("lead", lead_id)
    now = int(office.clock.now().timestamp() * 1000)
    rows = [
        {
            "lead_id": number,
            "at": now - one * 60_000,
            "kind": kinds[one % len(kinds)],
            "account_id": 1,
            "text": f"deed {one}",
            "data": "{}",
        }
        for one in range(many)
    ]
    with office.desk.database.write() as tx:
        tx.execute(insert(activity), rows)


def test_five_thousand_activities_cost_as_many_questions_as_five(office, bob):
    for number in range(3):
        office.mail(BOB, days_ago=number + 1)
    fill(office, bob, 5)
    note = add_note(office.desk, office.viewer, bob, "gold")
    pin(office.desk, office.viewer, bob, note.object_id)
    few = {}
    for show in Show:
        with counted_queries(office) as asked:
            page(office, bob, show=show)
        few[show] = len(asked)
    assert max(few.values()) <= 20
    fill(office, bob, 5_000)
    for number in range(60):
        office.mail(BOB, days_ago=5 + number / 10)
    for name in ("fair", "key account", "south"):
        add_tag(office.desk, office.viewer, bob, name)
    add_task(office.desk, office.viewer, bob, "Send")
    for show in Show:
        with counted_queries(office) as asked:
            first = page(office, bob, show=show)
        assert len(asked) == few[show], show
        if first.next:
            with counted_queries(office) as asked:
                page(office, bob, show=show, before=first.next)
            assert len(asked) == few[show], f"{show}, a later page"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_page_of_a_long_past_comes_from_an_index(office, bob):
    """However deep: no statement sorts or reads the whole past. SQLite tells its plan in words."""
    fill(office, bob, 400)
    for show in Show:
        cursor = page(office, bob, show=show).next
        with counted_queries(office) as asked:
            page(office, bob, show=show, before=cursor)
        with office.desk.database.read() as tx:
            for statement in asked:
                if "FROM activity" not in statement and "FROM lead_link" not in statement:
                    continue
                nothing = (None,) * statement.count("?")
                plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", nothing)
                told = " / ".join(row[3] for row in plan)
                assert "SCAN activity" not in told, told
                assert "SCAN lead_link" not in told, told
                assert "TEMP B-TREE" not in told, told


def test_mail_and_deeds_are_one_past_and_nothing_is_lost_between_pages(office, bob):
    for number in range(120):
        office.mail(BOB, days_ago=number / 3, text=f"mail {number}")
    fill(office, bob, 130)
    seen = whole_past(office, bob)
    # Besides: that Bob was made a lead.
    assert len(seen) == len({one.id for one in seen}) == 120 + 130 + 1
    assert [one.at for one in seen] == sorted((one.at for one in seen), reverse=True)


def test_a_mail_tied_by_two_addresses_is_one_entry_and_ends_no_page_early(office, bob):
    number = office.desk.ids.open("lead", bob)
    both = "Bob Baker <bob@bakery.example>, Bob <bob@oven.example>"
    for one in range(70):
        office.mail(ALICE, both, days_ago=one + 1)
    carol = next(
        row
        for row in lead_list(office.desk, office.viewer).rows
        if row.address == "bob@oven.example"
    )
    with office.desk.database.write() as tx:
        other = office.desk.ids.open("lead", carol.id)
        for table in (lead_link, lead_address):
            tx.execute(update(table).where(table.c.lead_id == other).values(lead_id=number))
    seen = whole_past(office, bob, show=Show.MAIL)
    assert len(seen) == len({one.id for one in seen}) == 70


def test_each_kind_by_itself(office, bob):
    office.mail(BOB)
    fill(office, bob, 9)
    assert {one.kind for one in whole_past(office, bob, show=Show.MAIL)} == {"mail_in"}
    assert {one.kind for one in whole_past(office, bob, show=Show.NOTES)} == {"note"}
    assert {one.kind for one in whole_past(office, bob, show=Show.TASKS)} == {"task"}
    changes = whole_past(office, bob, show=Show.CHANGES)
    assert {one.kind for one in changes} == {"field_change", "captured"}
    assert whole_past(office, bob, show=Show.MEETINGS) == []


def test_a_made_up_cursor_starts_at_the_top(office, bob):
    fill(office, bob, 3)
    for cursor in ("x", "ff-m-aaaaaaaaaaaaa", "--", "zz-d-" + "a" * 13, "\x00"):
        assert len(page(office, bob, before=cursor).entries) == 4


def test_mail_one_may_not_read_is_a_locked_line_and_says_no_more(office, bob):
    office.add_mailbox("private@ourfirm.example")
    office.mail(BOB, "private@ourfirm.example", box="private@ourfirm.example", subject="Secret")
    colleague = office.reader_of(ALICE)
    for show in (Show.ALL, Show.MAIL):
        entry = next(one for one in page(office, bob, colleague, show=show).entries if one.locked)
        assert entry.text == "A mail of 19 May"
        assert (entry.title, entry.who, entry.href) == ("", "", None)
    assert "Secret" not in repr(page(office, bob, colleague))
    assert "Secret" in repr(page(office, bob))


def test_a_lead_that_is_not_there_is_not_found(office):
    for made_up in ("", "x", "a" * 13):
        with pytest.raises(NotFoundError):
            page(office, made_up)


@pytest.mark.parametrize(
    ("written", "phones"),
    [
        ("+81 3 5550 0142", (Phone("+81 3 5550 0142", "+81355500142"),)),
        ("+44 (0)20 5550 1", (Phone("+44 (0)20 5550 1", "+442055501"),)),
        ("(030) 555 01", (Phone("(030) 555 01", "03055501"),)),
        ("030 55501 ext. 12", (Phone("030 55501 ext. 12", "03055501"),)),
        (
            "+1 555 0100, 0172/5550",
            (Phone("+1 555 0100", "+15550100"), Phone("0172", "0172"), Phone("5550", "5550")),
        ),
        ("ask at the desk", (Phone("ask at the desk", ""),)),
        ("javascript:alert(1)", (Phone("javascript:alert(1)", ""),)),
        ('"><script>12345</script>', None),
        ("٠١٢٣٤٥", (Phone("٠١٢٣٤٥", ""),)),
        ("", ()),
    ],
)
def test_phones_are_shown_as_written_and_dialled_by_their_digits(written, phones):
    found = phones_in(written)
    assert all(set(one.dial) <= set("+0123456789") for one in found)
    if phones is not None:
        assert found == phones


# --- the list -----------------------------------------------------------------------


def many_leads(office, count) -> None:
    with office.desk.database.write() as tx:
        start = tx.execute(
            insert(tag).values(name="bulk", key="bulk").returning(tag.c.id)
        ).scalar_one()
        for number in range(count):
            row = {
                "name": f"Lead {number}",
                "pipeline": "sales",
                "stage": "engaged",
                "stage_since_at": 0,
                "created_at": number * 1000,
                "owner_id": 1,
            }
            made = tx.execute(insert(lead).values(**row).returning(lead.c.id)).scalar_one()
            if number % 10 == 0:
                tx.execute(insert(lead_tag).values(lead_id=made, tag_id=start))


WAYS = (
    {},
    {"stage": "engaged"},
    {"owes": "us"},
    {"owner": "me"},
    {"owner": "nobody"},
    {"tag": "fair"},
)


def test_the_list_costs_the_same_however_it_is_narrowed_and_however_many_there_are(office, bob):
    add_tag(office.desk, office.viewer, bob, "fair")
    few = []
    for way in WAYS:
        with counted_queries(office) as asked:
            lead_list(office.desk, office.viewer, **way)
        few.append(len(asked))
    many_leads(office, 120)
    for way, before in zip(WAYS, few, strict=True):
        with counted_queries(office) as asked:
            lead_list(office.desk, office.viewer, **way)
        assert len(asked) == before, way


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_each_way_of_narrowing_is_served_by_an_index(office, bob):
    many_leads(office, 50)
    add_tag(office.desk, office.viewer, bob, "fair")
    for way in WAYS:
        with counted_queries(office) as asked:
            lead_list(office.desk, office.viewer, **way)
        statement = next(one for one in asked if "lead.moved_at" in one and "ORDER BY" in one)
        with office.desk.database.read() as tx:
            params = (None,) * statement.count("?")
            rows = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", params).all()
            plan = [row[3] for row in rows if row[1] == 0]
        assert any("USING INDEX ix_lead" in one or "lead_tag" in str(rows) for one in plan), plan
        if "tag" not in way:
            assert not any("TEMP B-TREE" in one for one in plan), (way, plan)


def test_more_than_a_thousand_are_not_counted(office):
    many_leads(office, 1_010)
    view = lead_list(office.desk, office.viewer)
    assert (view.total, view.is_capped) == (1_000, True)
    assert lead_list(office.desk, office.viewer, exact=True).total == 1_010


# --- the organization ----------------------------------------------------------------


def organization_of(office, lead_id) -> str:
    return page(office, lead_id).organization_url.rpartition("/")[2]


def test_an_organization_shows_its_people_their_worth_and_their_mail(office, bob):
    office.mail(BOB, subject="Ovens", thread_ref="ovens")
    office.mail("Erin <erin@bakery.example>", subject="Flour", days_ago=2)
    office.mail(ALICE, "info@bakery.example", subject="Hello", days_ago=3)
    changes = {"value": "1200", "currency": "EUR"}
    edit_lead(office.desk, office.viewer, bob, version=1, changes=changes)
    seen = organization_page(office.desk, office.viewer, organization_of(office, bob))
    assert (seen.name, seen.domain) == ("Bakery", "bakery.example")
    assert {row.name for row in seen.people} == {"Bob", "Erin"}
    assert seen.total == 2
    assert [(one.amount, one.currency) for one in seen.open_value] == [("1200.00", "EUR")]
    assert [(one.label, one.leads) for one in seen.stages] == [("New", 2)]
    assert [row.subject for row in seen.threads] == ["Ovens", "Flour"]
    assert [one.address for one in seen.candidates] == ["info@bakery.example"]
    assert seen.candidates[0].reason


def test_an_organization_shows_only_the_mail_one_may_read(office, bob):
    office.add_mailbox("private@ourfirm.example")
    office.mail(BOB, "private@ourfirm.example", box="private@ourfirm.example", subject="Secret")
    office.mail("private@ourfirm.example", "info@bakery.example", box="private@ourfirm.example")
    which = organization_of(office, bob)
    seen = organization_page(office.desk, office.reader_of(ALICE), which)
    assert seen.threads == ()
    assert seen.candidates == ()
    assert organization_page(office.desk, office.viewer, which).threads[0].subject == "Secret"


def test_an_organization_has_pages_of_people_and_of_mail(office, bob):
    for number in range(60):
        office.mail(
            f"Guest {number} <guest{number}@bakery.example>",
            subject=f"Mail {number}",
            days_ago=number + 1,
        )
    which = organization_of(office, bob)
    first = organization_page(office.desk, office.viewer, which)
    with counted_queries(office) as asked:
        second = organization_page(
            office.desk,
            office.viewer,
            which,
            people_before=first.next_people,
            threads_before=first.next_threads,
        )
    assert len(asked) <= 9
    assert len({row.id for row in (*first.people, *second.people)}) == 61
    assert len({row.id for row in (*first.threads, *second.threads)}) == 50
    with pytest.raises(NotFoundError):
        organization_page(office.desk, office.viewer, "nowhere")
