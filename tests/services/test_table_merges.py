"""A table becomes a cadence to its own people, or nothing happens at all."""

from __future__ import annotations

import pytest

from inboxcrm.errors import NotFoundError, RefusedError, UsageError
from inboxcrm.files.table_reading import table_from_bytes
from inboxcrm.services import table_merges
from inboxcrm.services.cadence_preview import previews
from inboxcrm.services.import_shapes import ImportOrder
from inboxcrm.services.import_undo import undo_import
from inboxcrm.services.lead_import import import_list
from inboxcrm.services.lead_marks import add_tag
from inboxcrm.services.leads import create_lead
from inboxcrm.services.segments import look_at
from inboxcrm.services.table_merges import merge_table
from inboxcrm.services.templates import save_template
from inboxcrm.views.leads import lead_list
from tests.views.correspondence import ALICE, open_office

FAIR = "first name,last name,mail\n{{ 7*7 }},,bob@kitaura.example\nErin,Walsh,erin@away.example\n"


@pytest.fixture
def office(database):
    made = open_office(database)
    save_template(
        made.desk,
        made.viewer,
        name="hello",
        subject="Our fair, {{ first_name }}",
        text="Hi {{ name }}",
    )
    return made


def merge(office, text=FAIR, name="autumn", template="hello", tag=""):
    return merge_table(
        office.desk,
        office.viewer,
        table_from_bytes("fair.csv", text.encode()),
        ImportOrder(tag=tag, update=False),
        name=name,
        template=template,
        mailbox=ALICE,
    )


def test_the_people_of_the_table_and_nobody_else_are_in_the_cadence(office):
    create_lead(office.desk, office.viewer, "zoe@else.example", "Zoe")
    create_lead(office.desk, office.viewer, "erin@away.example", "Erin Walsh")
    line, made = merge(office)
    assert (line.counts["created"], line.counts["skipped"]) == (1, 1)
    assert made.row.segment == "tag is autumn"
    view = look_at(office.desk, office.viewer, made.row.segment)
    assert {one.address for one in view.samples} == {"bob@kitaura.example", "erin@away.example"}


def test_a_name_that_looks_like_a_template_is_only_a_name(office):
    merge(office)
    found = previews(office.desk, office.viewer, "autumn")
    subjects = {one.address: one.subject or one.problem for one in found}
    assert subjects["erin@away.example"] == "Our fair, Erin"
    assert "49" not in "".join(subjects.values())


def test_where_the_cadence_cannot_be_made_no_lead_was(office):
    with pytest.raises(NotFoundError):
        merge(office, template="none")
    with pytest.raises(UsageError):
        merge(office, text="name\nBob\n")
    assert lead_list(office.desk, office.viewer).rows == ()
    assert import_list(office.desk, office.viewer) == ()


def test_a_tag_others_bear_already_would_reach_them_too(office):
    made = create_lead(office.desk, office.viewer, "zoe@else.example", "Zoe")
    add_tag(office.desk, office.viewer, made.lead_id, "Autumn")
    with pytest.raises(RefusedError, match="would get the mail too"):
        merge(office)
    assert merge(office, tag="fair 7")[1].row.segment == 'tag is "fair 7"'


def test_too_many_rows_for_one_merge_change_nothing(office, monkeypatch):
    monkeypatch.setattr(table_merges, "MOST_ROWS", 1)
    with pytest.raises(UsageError, match="more than 1 rows"):
        merge(office)
    assert lead_list(office.desk, office.viewer).rows == ()


def test_taken_back_the_import_leaves_nobody_to_write_to(office):
    line, made = merge(office)
    assert undo_import(office.desk, office.viewer, line.number).removed == 2
    assert look_at(office.desk, office.viewer, made.row.segment).count == 0
