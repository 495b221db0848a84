"""The matrix of missing fields: who would get no mail, where the template's words stand in, over a whole segment."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from inboxcrm.cadence.templates import Missing, render
from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.services.leads import create_lead
from inboxcrm.services.missing_fields import GapFilter, missing_fields, missing_in_cadence
from inboxcrm.services.rendering import compiled, values_for
from inboxcrm.services.suppressions import suppress
from inboxcrm.services.template_trying import sender_for
from inboxcrm.services.templates import save_template, template_named
from inboxcrm.store.tables import address, lead, lead_address
from tests.views.correspondence import Office, counted_queries, open_office

EVERYBODY = "stage is new"


@pytest.fixture
def office(database) -> Office:
    office = open_office(database)
    for name, phone in (("Bob Baker", "+351 21"), ("Carol Reyes", ""), ("Erin GmbH", "")):
        where = f"{name.split()[0].lower()}@{name.split()[1].lower()}.example"
        create_lead(office.desk, office.viewer, where, name, phone=phone)
    return office


def saved(office, text, **rest):
    return save_template(
        office.desk, office.viewer, name="Intro", subject="Hello", text=text, **rest
    )


def looked(office, segment=EVERYBODY, **wanted):
    return missing_fields(
        office.desk, office.viewer, template="intro", segment=segment, wanted=GapFilter(**wanted)
    )


def names(found) -> list[str]:
    return [one.name for one in found.rows]


def test_everybody_who_lacks_something_is_there_with_what_they_lack(office):
    saved(
        office,
        "{{ first_name }} {{ phone }} {{ name }} {{ tags|default('a friend') }}",
        fallbacks={"first_name": "there"},
    )
    found = looked(office)
    assert (found.people, found.whole, found.refused, found.left_out) == (3, 0, 2, 0)
    assert [(one.name, one.has_words, one.missing, one.fell_back) for one in found.fields] == [
        ("first_name", True, 0, 1),
        ("name", False, 0, 0),
        ("phone", False, 2, 0),
        ("tags", True, 0, 3),
    ]
    assert [(one.name, one.missing, one.fell_back) for one in found.rows] == [
        ("Bob Baker", (), ("tags",)),
        ("Carol Reyes", ("phone",), ("tags",)),
        ("Erin GmbH", ("phone",), ("first_name", "tags")),
    ]
    assert found.rows[0].problem == ""
    assert found.rows[1].problem == "phone is blank, and the template has no fallback."


def test_who_lacks_nothing_is_counted_and_not_shown(office):
    saved(office, "Hello {{ name }}{% if phone %}, {{ phone }}{% endif %}")
    found = looked(office)
    assert (found.whole, found.refused, found.rows) == (3, 0, ())


def test_people_are_filtered_by_variable_and_by_whether_they_get_a_mail(office):
    saved(office, "{{ first_name }} {{ phone }}", fallbacks={"first_name": "there"})
    assert names(looked(office)) == ["Carol Reyes", "Erin GmbH"]
    assert names(looked(office, variable="first_name")) == ["Erin GmbH"]
    assert names(looked(office, only_refused=True)) == ["Carol Reyes", "Erin GmbH"]
    with pytest.raises(UsageError) as refused:
        looked(office, variable="fisrt_name")
    assert "first_name, phone" in refused.value.remedy


def test_who_is_left_out_anyway_is_no_gap(office):
    saved(office, "{{ phone }}")
    suppress(office.desk, office.viewer, "carol@reyes.example", source="test")
    found = looked(office)
    assert (found.people, found.left_out, names(found)) == (2, 1, ["Erin GmbH"])


def test_the_rows_come_in_pages_and_the_counts_are_of_all(office):
    saved(office, "{{ tags }}")
    first = looked(office, limit=2)
    assert (names(first), first.refused) == (["Bob Baker", "Carol Reyes"], 3)
    rest = looked(office, limit=2, after=first.next)
    assert (names(rest), rest.refused, rest.next) == (["Erin GmbH"], 3, None)


def test_a_mail_that_cannot_be_made_for_another_reason_is_told_too(office):
    saved(office, "{{ name }}", fallbacks={})
    save_template(
        office.desk, office.viewer, name="intro", subject="{% if phone %}Hi{% endif %}", text="x"
    )
    found = looked(office)
    assert [one.problem for one in found.rows] == ["The subject would be empty."] * 2
    assert found.refused == 2


def test_it_says_just_what_rendering_says(office):
    version = saved(office, "{{ first_name }} {{ phone }}")
    with office.desk.database.read() as tx:
        ids = list(tx.execute(select(lead.c.id)).scalars())
        sender = sender_for(tx, office.viewer)
        values = values_for(tx, office.desk, ids, sender=sender, at=office.clock.now())
    made = {one: render(compiled(office.desk, version), of_one) for one, of_one in values.items()}
    said = {one: why for one, why in made.items() if isinstance(why, Missing)}
    assert {office.desk.ids.seal("lead", one): why for one, why in said.items()} == {
        one.lead_id: Missing(one.missing, one.problem) for one in looked(office).rows if one.problem
    }


def test_a_hostile_name_is_words(office):
    saved(office, "{{ phone }}")
    create_lead(office.desk, office.viewer, "eve@x.example", "{{ 7*7 }}</td><script>")
    assert "{{ 7*7 }}</td><script>" in names(looked(office))


def test_many_people_cost_as_many_questions_as_few(office):
    saved(office, "{{ phone }}")
    with counted_queries(office) as few:
        looked(office)
    with office.desk.database.write() as tx:
        rows = [{"name": f"Bob {n}", "pipeline": "sales", "stage": "new", "stage_since_at": 0, "created_at": 0}
                for n in range(300)]  # fmt: skip
        tx.execute(insert(lead), rows)
        made = list(tx.execute(select(lead.c.id).where(lead.c.stage_since_at == 0)).scalars())
        for n, one in enumerate(made):
            which = tx.execute(
                insert(address)
                .values(key=f"b{n}@x{n}.example", plain_key=f"b{n}@x{n}.example", domain=f"x{n}.example", shown=f"b{n}@x{n}.example")
                .returning(address.c.id)
            ).scalar_one()  # fmt: skip
            tx.execute(insert(lead_address).values(lead_id=one, address_id=which))
    with counted_queries(office) as many:
        found = looked(office, limit=10)
    assert (found.people, found.refused, len(found.rows)) == (303, 302, 10)
    assert len(many) == len(few)


def test_what_is_not_there_is_not_found(office):
    saved(office, "x")
    with pytest.raises(NotFoundError):
        missing_fields(office.desk, office.viewer, template="nothing", segment=EVERYBODY)
    with pytest.raises(NotFoundError):
        missing_in_cadence(office.desk, office.viewer, "nothing")
    with office.desk.database.read() as tx:
        assert template_named(tx, "intro").number == 1
