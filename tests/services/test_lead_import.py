"""Tables become leads once, whoever sends them how often; and every import can be taken back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy import select

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import ForbiddenError, NotFoundError, RefusedError, UsageError
from inboxcrm.files.table_reading import table_from_bytes
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.services import lead_import
from inboxcrm.services.import_shapes import ImportOrder, TableError
from inboxcrm.services.import_undo import undo_import
from inboxcrm.services.lead_import import import_list, preview_import, rejected_of, run_import
from inboxcrm.services.leads import add_note, create_lead, delete_lead, edit_lead
from inboxcrm.services.segments import count_leads
from inboxcrm.services.settling import settle
from inboxcrm.services.undo import undo
from inboxcrm.store.tables import (
    address,
    address_capture,
    lead,
    lead_address,
    lead_past,
    lead_tag,
    organization,
)
from inboxcrm.views.leads import lead_list, lead_page, search_leads
from tests.views.correspondence import Office, open_office

FIELDS = (
    LeadField("seats", "Seats", FieldKind.NUMBER),
    LeadField("since", "Since", FieldKind.DATE),
)
HEADINGS = "Name,E-Mail,Company,Phone,Seats"
BOB = "Bob Tanaka,bob@kitaura.example,Kitaura Freight,+49 30 1,4"
ERIN = "Erin Walsh,erin@away.example,,,"
FAIR = f"{HEADINGS}\n{BOB}\n{ERIN}"
SKIP = ImportOrder(update=False)


@pytest.fixture
def office(database) -> Office:
    made = open_office(database)
    return replace(made, desk=replace(made.desk, lead_fields=FIELDS))


def table(text, name="fair.csv"):
    return table_from_bytes(name, text.encode() if isinstance(text, str) else text)


def bring(office, text, order=None, **said):
    line = run_import(office.desk, office.viewer, table(text), order or ImportOrder(), **said)
    return {name: many for name, many in line.counts.items() if many}


def look(office, text, order=None, **said):
    return preview_import(office.desk, office.viewer, table(text), order or ImportOrder(), **said)


def rows(office, *columns):
    with office.desk.database.read() as tx:
        return [tuple(row) for row in tx.execute(select(*columns).order_by(*columns))]


def everything(office):
    """What an import may change, without the times and the past."""
    fields = (
        "name",
        "organization_id",
        "stage",
        "owner_id",
        "source",
        "phone",
        "value_cents",
        "custom",
    )
    return (
        rows(office, *(lead.c[name] for name in fields), lead.c.is_withdrawn, lead.c.version),
        rows(office, address.c.key, address.c.shown, address.c.name),
        rows(office, lead_address.c.address_id, lead_address.c.lead_id),
        rows(office, organization.c.domain, organization.c.name),
        rows(
            office, address_capture.c.address_id, address_capture.c.outcome, address_capture.c.rule
        ),
        rows(office, lead_tag.c.lead_id, lead_tag.c.tag_id),
    )


def names(office):
    return sorted(row.name for row in lead_list(office.desk, office.viewer).rows)


def page(office, words):
    [found] = search_leads(office.desk, office.viewer, words)
    return lead_page(office.desk, office.viewer, found.id)


def edit(office, words, **changes):
    found = page(office, words).lead
    return edit_lead(office.desk, office.viewer, found.id, version=found.version, changes=changes)


# --- importing ------------------------------------------------------------------


def test_rows_become_leads_that_are_found_and_belong_to_who_imported_them(office):
    assert bring(office, FAIR) == {"created": 2}
    found = page(office, "kitaura freight").lead
    assert (found.name, found.address, found.phone) == (
        "Bob Tanaka", "bob@kitaura.example", "+49 30 1",
    )  # fmt: skip
    assert found.organization == "Kitaura Freight"
    assert (found.source, found.stage.key) == ("fair.csv", "new")
    assert page(office, "bob").timeline[0].text == "Imported from fair.csv"
    assert rows(office, lead.c.custom, lead.c.owner_id) == [('{"seats": "4"}', 1), ("{}", 1)]


def test_an_import_answers_for_new_addresses_as_settling_would(office):
    bring(office, FAIR)
    before = everything(office)
    with office.desk.database.write() as tx:
        settle(tx, office.desk, [row[0] for row in rows(office, address.c.id)])
    assert everything(office) == before


def test_importing_twice_is_importing_once(office):
    bring(office, FAIR, ImportOrder(tag="fair"))
    once = everything(office)
    office.pass_time(hours=1)
    assert bring(office, FAIR, ImportOrder(tag="fair")) == {"unchanged": 2}
    assert everything(office) == once


def test_groups_of_any_size_do_the_same(office, monkeypatch):
    text = "\n".join(
        [HEADINGS, BOB, "Twice," + BOB.partition(",")[2], ERIN, "Last,last@x.example,,,"]
    )
    monkeypatch.setattr(lead_import, "GROUP", 1)
    assert bring(office, text) == {"created": 3, "rejected": 1}
    once = everything(office)
    monkeypatch.setattr(lead_import, "GROUP", 2)
    assert bring(office, text) == {"unchanged": 3, "rejected": 1}
    assert everything(office) == once


def test_a_person_is_found_by_every_address_and_gains_the_others(office):
    made = create_lead(office.desk, office.viewer, "bob@old.example", "Bob")
    text = "E-Mail,E-Mail 2,Phone\nbob@kitaura.example,Bob@OLD.example,1\n"
    assert bring(office, text) == {"updated": 1}
    [(lead_id, _)] = rows(office, lead_address.c.lead_id, lead_address.c.address_id)[:1]
    assert {row[1] for row in rows(office, lead_address.c.address_id, lead_address.c.lead_id)} == {
        lead_id
    }
    assert bring(office, "mail\nbob@kitaura.example\n") == {"unchanged": 1}
    assert lead_page(office.desk, office.viewer, made.lead_id).lead.phone == "1"


def test_mail_that_lay_there_already_is_linked(office):
    office.mail("Away House <info@away.example>")
    assert names(office) == []
    bring(office, "name,mail\nErin Walsh,info@away.example\n")
    assert rows(office, lead.c.name, lead.c.in_count) == [("Erin Walsh", 1)]


def test_empty_cells_take_nothing_away_and_skip_leaves_all_as_it_is(office):
    bring(office, FAIR)
    text = f"{HEADINGS}\nRobert,bob@kitaura.example,,,9\n"
    assert bring(office, text, SKIP) == {"skipped": 1}
    assert page(office, "bob").lead.name == "Bob Tanaka"
    assert bring(office, text) == {"updated": 1}
    found = page(office, "robert")
    assert (found.lead.phone, found.lead.version) == ("+49 30 1", 2)
    assert found.timeline[0].text == "name, Seats imported from fair.csv"


def test_a_change_of_value_keeps_how_the_lead_stood_before(office):
    bring(office, "mail,value\nbob@kitaura.example,100\n")
    office.pass_time(days=1)
    bring(office, "mail,value,source\nbob@kitaura.example,250 €,Fair\n")
    assert rows(office, lead_past.c.value_cents, lead_past.c.source) == [(10_000, "fair.csv")]
    assert rows(office, lead.c.value_cents, lead.c.value_currency) == [(25_000, "EUR")]


def test_a_stage_counts_for_new_leads_only_and_owners_go_by_name(office):
    text = "mail,stage,owner\nbob@kitaura.example,Engaged,You\n"
    assert bring(office, text) == {"created": 1}
    assert page(office, "bob").lead.stage.key == "engaged"
    assert bring(office, text.replace("Engaged", "won")) == {"unchanged": 1}
    assert page(office, "bob").lead.stage.key == "engaged"


def test_an_organization_goes_by_its_domain_then_its_name_then_the_address(office):
    text = (
        "mail,company,website\nbob@gmail.com,Kitaura,https://www.kitaura.example\n"
        "erin@gmail.com,Kitaura,\ndave@kitaura.example,,\nnew@gmail.com,Nowhere,\n"
    )
    view = look(office, text)
    bring(office, text.partition("\nerin")[0])
    bring(office, text)
    found = dict(rows(office, lead.c.name, lead.c.organization_id))
    assert found["Bob"] == found["Erin"] == found["Dave"] is not None
    assert found["New"] is None
    assert any("an organization nobody knows yet" in note for note in view.notes)


def test_a_table_does_not_rename_whom_we_know_from_mail(office):
    office.mail(
        "Zoe <zoe@else.example>", to=["alice@ourfirm.example", "B. T. <bob@kitaura.example>"]
    )
    bring(office, FAIR)
    assert ("bob@kitaura.example", "B. T.") in rows(office, address.c.key, address.c.name)
    assert page(office, "tanaka").lead.name == "Bob Tanaka"


# --- what is rejected -----------------------------------------------------------


def test_rejected_rows_come_back_with_line_and_reason(office):
    create_lead(office.desk, office.viewer, "one@x.example", "One")
    create_lead(office.desk, office.viewer, "two@x.example", "Two")
    gone = create_lead(office.desk, office.viewer, "carol@optout.example", "Carol")
    delete_lead(office.desk, office.viewer, gone.lead_id, version=gone.version)
    text = f"""{HEADINGS}
{BOB}
No address,,,,
Mine,alice@ourfirm.example,,,
Gone,carol@optout.example,,,
Both,one@x.example two@x.example,,,
Again,BOB@kitaura.example,,,
Wrong,x@x.example,,,many
Ragged,y@y.example,,,,,extra
Sam,one@x.example,,,"""
    heard = []
    assert bring(office, text, on_rejected=heard.append) == {
        "created": 1, "updated": 1, "rejected": 7,
    }  # fmt: skip
    reasons = {one.line: one.reason for one in heard}
    assert list(reasons) == [3, 4, 5, 6, 7, 8, 9]
    for line, words in (
        (3, "no mail address"), (4, "our own"), (5, "is no lead; add it by hand"),
        (6, "several leads: One, Two"), (7, "stands in line 2"), (8, "Seats"), (9, "7 cells"),
    ):  # fmt: skip
        assert words in reasons[line]
    headings, kept = rejected_of(office.desk, office.viewer, 1)
    assert headings == tuple(HEADINGS.split(","))
    assert list(kept) == heard
    assert heard[5].cells == ("Wrong", "x@x.example", "", "", "many")


def test_two_addresses_of_one_lead_in_two_rows_are_one_row_too_many(office):
    bring(office, "E-Mail,E-Mail 2\nbob@kitaura.example,bob@old.example\n")
    heard = []
    text = "mail,phone\nbob@kitaura.example,1\nbob@old.example,2\n"
    assert bring(office, text, on_rejected=heard.append) == {"updated": 1, "rejected": 1}
    assert heard[0].reason == "it is Bob, as line 2 is"


def test_hostile_cells_stay_text_and_change_no_address(office):
    hostile = [
        "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{{ 7*7 }}{% raw %}", "\u202eevil",
        "Bob\r\nBcc: eve@evil.example", "Robert'); DROP TABLE lead;--",
    ]  # fmt: skip
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(["name", "mail", "company"])
    for number, name in enumerate(hostile):
        writer.writerow([name, f"h{number}@x{number}.example", name])
    writer.writerow(["x" * 10_240, "long@x.example", ""])
    writer.writerow(["Eve", "h9@x.example\nBcc: eve@evil.example", ""])
    assert bring(office, target.getvalue()) == {"created": 6, "rejected": 2}
    assert names(office) == sorted([
        "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{{ 7*7 }}{% raw %}", "evil",
        "Bob Bcc: eve@evil.example", "Robert'); DROP TABLE lead;--",
    ])  # fmt: skip
    assert rows(office, address.c.key) == [(f"h{number}@x{number}.example",) for number in range(6)]


def test_a_table_that_cannot_be_taken_changes_nothing(office):
    with pytest.raises(TableError, match="no column holds mail addresses"):
        bring(office, "name\nBob\n")
    with pytest.raises(TableError, match="2 problems"):
        bring(office, FAIR, ImportOrder(said={"Nme": "name", "Phone": "mood"}))
    assert import_list(office.desk, office.viewer) == ()


def test_what_breaks_far_down_keeps_what_came_before_and_says_so(office, monkeypatch):
    monkeypatch.setattr(lead_import, "GROUP", 1)
    monkeypatch.setattr(lead_import, "SAMPLES", 1)
    with pytest.raises(UsageError, match="does not end"):
        bring(office, FAIR + '\n"never,closed' + "x" * 200_000)
    [line] = import_list(office.desk, office.viewer)
    assert (line.ended_at, line.counts["created"]) == (None, 2)
    assert undo_import(office.desk, office.viewer, 1).removed == 2


def test_who_has_no_account_imports_nothing(office):
    with pytest.raises(ForbiddenError):
        run_import(office.desk, Viewer(0), table(FAIR), ImportOrder())


# --- looking --------------------------------------------------------------------


def test_a_preview_says_what_the_import_then_does_and_changes_nothing(office):
    create_lead(office.desk, office.viewer, "erin@away.example", "E")
    before = everything(office)
    view = look(office, FAIR + "\n,,,,\nNobody,x,,,\n", most=None)
    assert everything(office) == before
    assert view.counts == {"created": 1, "updated": 1, "unchanged": 0, "skipped": 0, "rejected": 1}
    assert [(one.line, one.outcome, one.says) for one in view.samples] == [
        (2, "created", "becomes a lead"),
        (3, "updated", "gets name"),
        (5, "rejected", 'E-Mail: "x" is no mail address'),
    ]
    assert [(one.field, one.type) for one in view.columns] == [
        ("name", "text"), ("address", "text"), ("organization", "text"), ("phone", "text"),
        ("custom.seats", "integer"),
    ]  # fmt: skip
    assert look(office, FAIR, most=1).is_whole is False
    assert look(office, FAIR, most=2).is_whole is True


# --- taking back ----------------------------------------------------------------


def test_an_import_is_taken_back_as_if_it_had_not_been_and_can_be_made_again(office):
    create_lead(office.desk, office.viewer, "erin@away.example", "E")
    before = rows(office, lead.c.name, lead.c.phone, lead.c.is_withdrawn)
    bring(
        office,
        f"{HEADINGS}\n{BOB}\nErin,erin@away.example erin@home.example,,5,",
        ImportOrder(tag="fair"),
    )
    assert count_leads(office.desk, office.viewer, "tag is fair") == 2
    done = undo_import(office.desk, office.viewer, 1)
    assert (done.removed, done.put_back, done.stayed) == (1, 1, {})
    assert names(office) == ["E"]
    assert search_leads(office.desk, office.viewer, "bob") == ()
    assert rows(office, lead.c.name, lead.c.phone, lead.c.is_withdrawn)[-1:] == before
    assert rows(office, lead_tag.c.lead_id) == []
    assert len(rows(office, lead_address.c.address_id)) == 2
    with pytest.raises(RefusedError, match="taken back already"):
        undo_import(office.desk, office.viewer, 1)
    assert bring(office, FAIR) == {"created": 1, "updated": 1}
    assert names(office) == ["Bob Tanaka", "Erin Walsh"]
    assert undo_import(office.desk, office.viewer, 2).removed == 1
    assert names(office) == ["E"]


def test_what_people_did_since_stays_with_the_reason(office):
    text = "\n".join(
        (
            "name,mail,phone",
            *(f"{name},{name}@x.example,1" for name in ("bob", "carol", "dave", "erin")),
        )
    )
    create_lead(office.desk, office.viewer, "zoe@x.example", "Zoe")
    bring(office, text + "\nZoe Z,zoe@x.example,7")
    edit(office, "bob", phone="2")
    add_note(office.desk, office.viewer, page(office, "carol").lead.id, "Called her.")
    office.mail("dave <dave@x.example>", days_ago=-1)
    edit(office, "zoe", phone="8")
    done = undo_import(office.desk, office.viewer, 1)
    assert (done.removed, done.put_back) == (1, 1)
    assert done.stayed == {"changed since": 2, "somebody worked on it": 1, "mail passed since": 1}
    assert [(one.line, one.name) for one in done.examples] == [
        (6, "Zoe Z"), (2, "bob"), (3, "carol"), (4, "dave"),
    ] or len(done.examples) == 4  # fmt: skip
    assert names(office) == ["Zoe", "bob", "carol", "dave"]
    assert page(office, "zoe").lead.phone == "8"


def test_a_lead_the_rules_made_is_theirs_again(office):
    office.mail("Bob of Kitaura <bob@kitaura.example>")
    before = rows(office, lead.c.name, lead.c.is_touched, lead.c.made_by)
    bring(office, FAIR)
    assert rows(office, lead.c.name, lead.c.is_touched)[0] == ("Bob Tanaka", True)
    undo_import(office.desk, office.viewer, 1)
    assert rows(office, lead.c.name, lead.c.is_touched, lead.c.made_by)[:1] == before


def test_taking_back_goes_in_groups_and_goes_on_after_a_crash(office, monkeypatch):
    from inboxcrm.services import import_undo

    bring(office, FAIR)
    monkeypatch.setattr(import_undo, "_GROUP", 1)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(import_undo, "_end", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            undo_import(office.desk, office.viewer, 1)
    assert names(office) == []
    assert undo_import(office.desk, office.viewer, 1).removed == 0
    assert import_list(office.desk, office.viewer)[0].undone_at is not None


def test_one_lead_of_an_import_can_be_taken_back_alone(office):
    bring(office, FAIR)
    reason = page(office, "bob").lead.reason
    undo(office.desk, office.viewer, reason.undo_url.rpartition("/")[2] if reason.undo_url else "")
    assert names(office) == ["Erin Walsh"]
    assert undo_import(office.desk, office.viewer, 1).removed == 1


def test_an_import_nobody_made_cannot_be_taken_back(office):
    with pytest.raises(NotFoundError, match="no import 7"):
        undo_import(office.desk, office.viewer, 7)


def test_objects_of_one_line_are_rows_of_their_own(office):
    text = '[{"mail": "bob@kitaura.example"}, {"mail": "x"}, {"mail": "erin@away.example"}]'
    heard = []
    assert bring(office, text, on_rejected=heard.append) == {"created": 2, "rejected": 1}
    assert [one.line for one in heard] == [2]
