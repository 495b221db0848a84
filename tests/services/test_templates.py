"""Templates as people keep them, and mails made from them for leads in the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select, update

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.freezing import FrozenMail
from inboxcrm.cadence.lead_values import Sender
from inboxcrm.cadence.problems import TemplateProblemsError
from inboxcrm.cadence.templates import Missing
from inboxcrm.cadence.unsubscribe import INERT
from inboxcrm.errors import ForbiddenError, NotFoundError, UsageError
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.mail.mime import parse
from inboxcrm.services.lead_marks import add_tag
from inboxcrm.services.leads import create_lead, delete_lead, edit_lead
from inboxcrm.services.rendering import freeze, sender_of, values_for, version_of
from inboxcrm.services.templates import lint, preview, save_template, template_named, templates
from inboxcrm.store.mailboxes import mailbox_by_id
from inboxcrm.store.tables import lead, template_version
from inboxcrm.store.templates import version_by_id
from tests.views.correspondence import ALICE, Office, counted_queries, open_office

SENDER = Sender("Alice Berg", ALICE, "Alice Berg\nOurfirm")
FIELDS = (LeadField("budget", "Budget"), LeadField("met-on", "Met on", FieldKind.DATE))


@pytest.fixture
def office(database) -> Office:
    office = open_office(database)
    office.desk = replace(office.desk, lead_fields=FIELDS)
    return office


@pytest.fixture
def bob(office):
    made = create_lead(
        office.desk, office.viewer, "Bob@bakery.example", "Bob Baker", phone="+351 21"
    )
    return made.lead_id


def saved(office, text="Hi {{ first_name }},\n", subject="Hello", name="Intro", **rest):
    return save_template(office.desk, office.viewer, name=name, subject=subject, text=text, **rest)


def row_of(office, lead_id):
    return office.desk.ids.open("lead", lead_id)


def values(office, lead_ids):
    with office.desk.database.read() as tx:
        return values_for(tx, office.desk, lead_ids, sender=SENDER, at=office.clock.now())


def frozen(office, version, lead_id, **rest):
    given = {
        "address": "bob@bakery.example", "sender": SENDER, "key": "KEY", "date": office.clock.now(),
        "message_id": "<key@ourfirm.example>", **rest,
    }  # fmt: skip
    with office.desk.database.write() as tx:
        return freeze(tx, office.desk, version=version, lead_id=lead_id, **given)


# --- saving ---------------------------------------------------------------------------


def test_what_differs_is_a_new_version_and_the_old_one_stays(office):
    first = saved(office)
    second = saved(office, "Dear {{ first_name }},\n")
    assert (first.number, second.number) == (1, 2)
    assert second.template_id == first.template_id
    with office.desk.database.read() as tx:
        assert version_by_id(tx, first.version_id) == first
        assert template_named(tx, " INTRO ") == second
    assert templates(office.desk, office.viewer) == [second]


@pytest.mark.parametrize("again", [{}, {"text": "Hi {{ first_name }},\r\n"}, {"name": "Intro "}])
def test_what_does_not_differ_is_the_same_version(office, again):
    first = saved(office, fallbacks={"first_name": "there", "name": "you"})
    assert saved(office, fallbacks={"name": "you", "first_name": "there"}, **again) == first
    with office.desk.database.read() as tx:
        assert tx.scalar(select(func.count()).select_from(template_version)) == 1


@pytest.mark.parametrize(
    "change", [{"subject": "Other"}, {"html": "<p>x</p>"}, {"fallbacks": {"first_name": "you"}}]
)
def test_each_part_counts(office, change):
    first = saved(office)
    assert saved(office, **change).number == first.number + 1


def test_a_template_with_problems_is_not_saved(office):
    with pytest.raises(TemplateProblemsError) as refused:
        saved(office, "{{ frist_name }} {{ ''.__class__ }}")
    assert len(refused.value.problems) == 2
    assert templates(office.desk, office.viewer) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_template_has_a_name(office, name):
    with pytest.raises(UsageError):
        saved(office, name=name)


def test_who_has_no_account_writes_no_templates(office):
    with pytest.raises(ForbiddenError):
        save_template(office.desk, Viewer(0), name="x", subject="x", text="x")


def test_an_unknown_template_is_not_found(office):
    with office.desk.database.read() as tx, pytest.raises(NotFoundError):
        template_named(tx, "nothing")


def test_templates_are_listed_by_name(office):
    for name in ("zebra", "Apple", "mango"):
        saved(office, name=name)
    assert [one.name for one in templates(office.desk, office.viewer)] == [
        "Apple",
        "mango",
        "zebra",
    ]


# --- values ---------------------------------------------------------------------------


def test_every_variable_has_its_value(office, bob):
    changes = {
        "value": "1200.50",
        "currency": "eur",
        "source": "fair",
        "custom": {"budget": "big", "met-on": "2026-05-01"},
    }
    edit_lead(office.desk, office.viewer, bob, version=1, changes=changes)
    for tag in ("Warm", "Fair 26"):
        add_tag(office.desk, office.viewer, bob, tag)
    assert values(office, [row_of(office, bob)])[row_of(office, bob)] == {
        "first_name": "Bob", "last_name": "Baker", "name": "Bob Baker", "organization": "Bakery",
        "address": "Bob@bakery.example", "phone": "+351 21", "stage": "New", "source": "fair",
        "value": "1,200.50 EUR", "tags": "Fair 26, Warm", "sender_name": "Alice Berg",
        "sender_first_name": "Alice", "sender_address": ALICE, "signature": "Alice Berg\nOurfirm",
        "today": "20 May 2026", "custom_budget": "big", "custom_met_on": "2026-05-01",
    }  # fmt: skip


def test_many_leads_cost_as_many_questions_as_one(office, bob):
    with office.desk.database.write() as tx:
        rows = [{"name": f"Bob {n}", "pipeline": "sales", "stage": "new", "stage_since_at": 0, "created_at": 0}
                for n in range(300)]  # fmt: skip
        tx.execute(insert(lead), rows)
        every = list(tx.execute(select(lead.c.id)).scalars())
    with counted_queries(office) as of_one:
        values(office, every[:1])
    with counted_queries(office) as of_all:
        found = values(office, every)
    assert len(of_one) == len(of_all) == 1
    assert set(found) == set(every)
    add_tag(office.desk, office.viewer, bob, "Warm")
    with counted_queries(office) as with_tags:
        found = values(office, every)
    assert len(with_tags) == 2
    assert [one for one in every if found[one]["tags"]] == [row_of(office, bob)]


def test_a_lead_that_is_not_there_has_no_values(office):
    assert values(office, [999]) == {}


# --- the mail -----------------------------------------------------------------------------


def test_a_mail_is_frozen_with_its_hash(office, bob):
    version = saved(
        office, "Hi {{ first_name }} at {{ address }}\n{{ signature }}", html="<p>{{ name }}</p>"
    )
    one = frozen(office, version, row_of(office, bob))
    assert isinstance(one, FrozenMail)
    assert one == frozen(office, version, row_of(office, bob))
    read = parse(one.mime)
    assert (read.subject, read.text.splitlines()[0]) == ("Hello", "Hi Bob at bob@bakery.example")
    assert [(p.role, p.key, p.name) for p in read.participants] == [
        ("from", ALICE, "Alice Berg"), ("to", "bob@bakery.example", ""),
    ]  # fmt: skip
    assert b"\r\nX-Inboxcrm-Key: KEY\r\n" in one.mime
    assert len(one.sha256) == 64


def test_what_is_missing_is_told_by_name(office, bob):
    version = saved(office, "{{ first_name }} {{ custom_budget }} {{ tags }}")
    assert frozen(office, version, row_of(office, bob)).names == ("custom_budget", "tags")


@pytest.mark.parametrize(
    "name",
    [
        "Eve\r\nBcc: eve@x.example",
        "{{ 7*7 }}",
        "</p><script>",
        "x" * 10_000,
        "Bob\u202e",
        "Bob\x1b",
    ],
)
def test_hostile_names_change_no_header_and_run_nothing(office, bob, name):
    with office.desk.database.write() as tx:
        tx.execute(update(lead).values(name=name))
    version = saved(
        office,
        "Hi {{ name }}",
        "For {{ name }}",
        html="<p>{{ name }}</p>",
        fallbacks={"name": "you"},
    )
    read = parse(frozen(office, version, row_of(office, bob)).mime)
    assert [p.key for p in read.participants] == [ALICE, "bob@bakery.example"]
    assert "49" not in read.text
    assert "<script" not in read.html


def test_an_address_that_cannot_be_written_to_is_a_reason_not_to_send(office, bob):
    found = frozen(
        office, saved(office), row_of(office, bob), address="bob@bakery.example\nBcc: x@y.example"
    )
    assert isinstance(found, Missing)
    assert "To" in found.text


def test_a_lead_or_version_that_is_not_there(office, bob):
    version = saved(office)
    assert isinstance(frozen(office, version, 999), Missing)
    with office.desk.database.read() as tx, pytest.raises(NotFoundError):
        version_of(tx, 999)


def test_a_field_that_left_the_settings_is_told(office, bob):
    version = saved(office, "{{ custom_budget }}")
    office.desk = replace(office.desk, lead_fields=())
    found = frozen(office, version, row_of(office, bob))
    assert isinstance(found, Missing)
    assert "custom_budget" in found.text
    with pytest.raises(TemplateProblemsError):
        lint(office.desk, version)


def test_the_preview_is_the_mail_that_goes(office, bob):
    version = saved(office, "Hi {{ first_name }},\n{{ signature }}", html="<p>Hi {{ name }}</p>")
    shown = preview(office.desk, office.viewer, "intro", bob, sender=SENDER)
    sent = frozen(
        office, version, row_of(office, bob), address=shown.address, key="preview", message_id="<preview@localhost>"
    )  # fmt: skip
    # Its ways to say "no more" lead nowhere.
    assert shown.mime == sent.mime.replace(b"+unsub-preview@", f"+unsub-{INERT}@".encode())
    assert (shown.subject, shown.text, shown.html) == (sent.subject, sent.text, sent.html)
    assert shown.problems == ()


def test_a_preview_says_what_is_missing(office, bob):
    saved(office, "{{ tags }}")
    shown = preview(office.desk, office.viewer, "Intro", bob, sender=SENDER)
    assert (shown.mime, shown.problems) == (
        b"",
        ("tags is blank, and the template has no fallback.",),
    )


def test_a_removed_lead_has_no_preview(office, bob):
    saved(office)
    delete_lead(office.desk, office.viewer, bob, version=1)
    for lead_id in (bob, "aaaaaaaaaaaaa"):
        with pytest.raises(NotFoundError):
            preview(office.desk, office.viewer, "Intro", lead_id, sender=SENDER)


# --- who sends ----------------------------------------------------------------------------


def test_a_mailbox_signs_with_the_name_its_owner_writes(office):
    with office.desk.database.read() as tx:
        box = mailbox_by_id(tx, office.boxes[ALICE])
        assert sender_of(tx, box) == Sender("Alice", ALICE)
    office.mail("bob@bakery.example", f"Dear Supplier <{ALICE}>")
    with office.desk.database.read() as tx:
        assert sender_of(tx, box).name == "Alice"  # what others call her is not her name
    office.mail(f"Alice Berg <{ALICE}>", "bob@bakery.example")
    with office.desk.database.read() as tx:
        assert sender_of(tx, box) == Sender("Alice Berg", ALICE)
        assert sender_of(tx, box, from_address="sales.team@ourfirm.example").name == "Sales Team"
