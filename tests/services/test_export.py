"""An export brought into an empty house is the same house, and into its own it changes nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.errors import ForbiddenError, RefusedError, UsageError
from inboxcrm.files.export_places import FILES, whole_folder
from inboxcrm.leads.export_data import data_with
from inboxcrm.services import whole_import
from inboxcrm.services.capturing import give_verdict
from inboxcrm.services.lead_consent import note_consent
from inboxcrm.services.lead_making import create_lead, delete_lead
from inboxcrm.services.lead_marks import add_tag, pin
from inboxcrm.services.leads import add_note, edit_lead, move_stage
from inboxcrm.services.tasks import add_task
from inboxcrm.services.undo import undo
from inboxcrm.services.whole_export import export_whole
from inboxcrm.services.whole_import import import_whole
from inboxcrm.services.whole_import_shapes import ExportError
from inboxcrm.store import whole_export
from inboxcrm.store.export_keys import ids_of
from inboxcrm.store.kept_files import keep_file
from inboxcrm.store.leads import lead_by_id
from inboxcrm.store.moving import remove_everything
from inboxcrm.store.tables import (
    account,
    activity,
    audit,
    export_key,
    lead,
    lead_past,
    lead_tag,
    metadata,
    saved_view,
    segment,
    segment_lead,
    snippet,
    snippet_version,
    suppression,
    tag,
    task,
    template,
    template_version,
)
from inboxcrm.views.leads import lead_list, lead_page, search_leads
from tests.views.correspondence import open_office

REP = Viewer(1, AccountRole.REP)
BOB = "bob@kitaura.example"
HOSTILE = [
    "=1+1", "'", "' x", "a\nb", "\u202egnp", "\\u202e", "'\\", "x" * 10_000, '"', "{{ x }}", "<b>", "",
]  # fmt: skip
_FOLDERS = count()


@pytest.fixture
def office(database):
    return open_office(database)


def out(office, tmp_path, form="csv", what="everything") -> Path:
    folder = tmp_path / f"out{next(_FOLDERS)}"
    with whole_folder(folder, form=form) as target:
        export_whole(office.desk, office.viewer, target, what=what)
    return folder


def into(office, folder, **said):
    done = import_whole(office.desk, office.viewer, folder, **said)
    return {name: (one.added, one.differing) for name, one in done.tables.items()}, done


def added(office, folder, **said):
    return sum(one[0] for one in into(office, folder, **said)[0].values())


def files(folder):
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}  # fmt: skip


def whole(office):
    """All rows but what the log notes of exports and imports."""
    with office.desk.database.read() as tx:
        return {
            one.name: sorted(map(repr, tx.execute(select(one))))
            for one in metadata.sorted_tables
            if one is not audit
        }


def emptied(office, key=b"another house"):
    """The same database as new; `key` seals its numbers."""
    with office.desk.database.write() as tx:
        remove_everything(tx)
        tx.execute(insert(account), {"id": 1, "name": "You", "role": "admin", "created_at": 0})
    return replace(office, desk=replace(office.desk, ids=OpaqueIds(key)))


def lead_named(office, address):
    with office.desk.database.read() as tx:
        row = next(
            one for one in lead_list(office.desk, office.viewer).rows if one.address == address
        )
        return lead_by_id(tx, office.desk.ids.open("lead", row.id))


def furnish(office):
    """One of everything an export knows."""
    desk, you = office.desk, office.viewer
    content = b"%PDF offer"
    sha256 = hashlib.sha256(content).hexdigest()
    with desk.database.write() as tx:
        tx.execute(
            insert(account),
            {"name": "Alice", "role": "rep", "address": "alice@ourfirm.example", "created_at": 7},
        )
        tx.execute(insert(account), {"name": "Dave", "role": "manager", "created_at": 8})
        keep_file(tx, sha256, content, at=3)
        made = {"account_id": 1, "made_at": 5}
        for table in (template, snippet, segment):
            tx.execute(insert(table), {"name": "=Hello\n", "key": "=hello", **made})
        tx.execute(update(segment).values(kind="frozen", text="tag is fair", tree='{"all":[]}'))
        tx.execute(
            insert(template_version),
            {
                "template_id": tx.scalar(select(template.c.id)), "number": 1, "subject": "Hi \u202e",
                "text": "{{ name }}\n", "html": "<p>'</p>", "files": json.dumps([{"sha256": sha256, "name": "a"}]),
                **made,
            },
        )  # fmt: skip
        kept = {"filter_text": "owner is me", "days": 30, "version": 3, "is_shared": True}
        tx.execute(
            insert(saved_view), {"name": "=Mine", "key": "=mine", "page": "sheet", **kept, **made}
        )
        gone = {"name": "Gone", "key": " 2", "removed_at": 9, "conditions": "value >= 5"}
        tx.execute(insert(saved_view), {"page": "board", **gone, **made})
        tx.execute(
            insert(snippet_version),
            {"snippet_id": tx.scalar(select(snippet.c.id)), "number": 1, "text": "@x", **made},
        )  # fmt: skip
        tx.execute(
            insert(suppression),
            [
                {"scope": "address", "subject": "carol@optout.example", "reason": "opt_out", "first_at": 5},
                {"scope": "domain", "subject": "optout.example", "reason": "person", "first_at": 6},
            ],
        )  # fmt: skip
    made = create_lead(desk, you, BOB, "Bob =Tanaka")
    edit_lead(
        desk, you, made.lead_id, version=made.version,
        changes={"value": "1200.50", "currency": "EUR", "close": "2026-07-01", "source": "'fair"},
    )  # fmt: skip
    add_tag(desk, you, made.lead_id, "Fair")
    noted = add_note(desk, you, made.lead_id, "A note\nof two lines")
    pin(desk, you, made.lead_id, noted.object_id)
    undo(desk, you, add_task(desk, you, made.lead_id, "Call back").undo)
    add_task(desk, you, made.lead_id, "Write", office.clock.moment.date())
    note_consent(
        desk, you, made.lead_id, state="given", source="fair", on=office.clock.moment.date()
    )
    moved = move_stage(desk, you, made.lead_id, "engaged", version=lead_named(office, BOB).version)
    undo(desk, you, moved.undo)
    other = create_lead(desk, you, "erin@away.example", "Erin")
    delete_lead(desk, you, other.lead_id, version=other.version)
    third = create_lead(desk, you, "erin@firm.example", "Erin again")
    with desk.database.write() as tx:
        tx.execute(
            insert(segment_lead),
            {"segment_id": tx.scalar(select(segment.c.id)), "lead_id": desk.ids.open("lead", made.lead_id)},
        )  # fmt: skip
        tx.execute(
            update(lead)
            .where(lead.c.id == desk.ids.open("lead", made.lead_id))
            .values(merged_into=desk.ids.open("lead", third.lead_id))
        )


# --- the same house -------------------------------------------------------------


@pytest.mark.parametrize(("form", "at_once"), [("csv", 500), ("jsonl", 2)])
def test_everything_comes_again_in_an_empty_house(office, tmp_path, monkeypatch, form, at_once):
    monkeypatch.setattr(whole_import, "_AT_ONCE", at_once)
    monkeypatch.setattr(whole_export, "_AT_ONCE", at_once)
    furnish(office)
    first = out(office, tmp_path, form)
    assert (first / FILES).is_dir()
    assert all(one.stat().st_size for one in first.iterdir())
    there = emptied(office)
    counts, done = into(there, first)
    assert done.conflict_count == 0
    assert all(many for many, _ in counts.values())
    assert files(out(there, tmp_path, form)) == files(first)
    before = whole(there)
    assert added(there, first) == 0
    assert whole(there) == before


def test_into_the_house_it_came_from_it_changes_nothing(office, tmp_path):
    furnish(office)
    before = whole(office)
    counts, done = into(office, out(office, tmp_path))
    assert {one for one, _ in counts.values()} == {0}
    assert done.conflict_count == 0
    assert whole(office) == before


def test_a_key_that_means_another_row_here_is_told_and_nothing_is_mixed(office, tmp_path):
    create_lead(office.desk, office.viewer, BOB, "Bob")
    number = lead_named(office, BOB).lead_id
    first = out(office, tmp_path)
    there = emptied(office, b"the office")
    with there.desk.database.write() as tx:
        row = {"pipeline": "sales", "stage": "new", "stage_since_at": 5, "created_at": 5}
        tx.execute(insert(lead), {"id": number, "name": "Somebody new", **row})
    before = whole(there)
    with pytest.raises(ExportError, match="means another row"):
        into(there, first)
    assert whole(there) == before


def test_a_row_that_was_brought_is_never_called_by_its_number_here(office, tmp_path):
    create_lead(office.desk, office.viewer, BOB, "Bob")
    first = out(office, tmp_path)
    there = emptied(office)
    into(there, first)
    [row] = lead_list(there.desk, there.viewer).rows
    with there.desk.database.read() as tx:
        assert ids_of(tx, there.desk.ids, "leads", [row.id]) == {}


deeds = st.one_of(
    st.tuples(st.just("stage"), st.sampled_from(["new", "engaged", "won", "lost"])),
    st.tuples(st.just("note"), st.sampled_from(HOSTILE)),
    st.tuples(st.just("tag"), st.sampled_from(["fair", "=x", "'y"])),
    st.tuples(st.just("task"), st.sampled_from(["call", "=1+1"])),
    st.tuples(st.just("source"), st.sampled_from(HOSTILE)),
    st.tuples(st.just("value"), st.sampled_from(["", "0", "10.50"])),
    st.tuples(st.just("close"), st.sampled_from(["", "2026-09-01"])),
    st.tuples(st.just("owner"), st.sampled_from(["", "me"])),
    st.tuples(st.just("undo"), st.just("")),
    st.tuples(st.just("remove"), st.just("")),
)
pasts = st.lists(st.tuples(st.integers(0, 2), deeds), min_size=3, max_size=14)


def do(office, lead_id, deed, said, tokens):
    desk, you = office.desk, office.viewer
    try:
        with desk.database.read() as tx:
            version = lead_by_id(tx, desk.ids.open("lead", lead_id)).version
        match deed:
            case "stage":
                return move_stage(desk, you, lead_id, said, version=version, reason=said)
            case "note":
                return add_note(desk, you, lead_id, said)
            case "tag":
                return add_tag(desk, you, lead_id, said)
            case "task":
                return add_task(desk, you, lead_id, said)
            case "undo":
                return undo(desk, you, tokens[-1]) if tokens else None
            case "remove":
                return delete_lead(desk, you, lead_id, version=version)
            case _:
                return edit_lead(desk, you, lead_id, version=version, changes={deed: said})
    except RefusedError:
        return None
    except Exception as error:
        if getattr(error, "exit_code", 0) == 2:
            return None  # a note that is empty, a source that is too long
        raise


@settings(
    max_examples=12,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(past=pasts, form=st.sampled_from(["csv", "jsonl"]))
def test_whatever_people_did_comes_out_and_in_again_to_the_byte(office, tmp_path, past, form):
    here = emptied(office, b"first")
    ids, tokens = {}, []
    for which, (deed, said) in past:
        here.pass_time(hours=5)
        if which not in ids:
            ids[which] = create_lead(
                here.desk, here.viewer, f"lead{which}@firm{which}.example"
            ).lead_id
        done = do(here, ids[which], deed, said, tokens)
        if done is not None and done.undo:
            tokens.append(done.undo)
    before = whole(here)
    first = out(here, tmp_path, form)
    assert added(here, first) == 0
    assert whole(here) == before
    there = emptied(here, b"second")
    into(there, first)
    assert files(out(there, tmp_path, form)) == files(first)
    once = whole(there)
    assert added(there, first) == 0
    assert whole(there) == once


# --- what stands here already ---------------------------------------------------


def test_what_stands_here_and_differs_is_told_with_its_place_and_stays(office, tmp_path):
    furnish(office)
    first = out(office, tmp_path)
    found = lead_named(office, "erin@firm.example")
    edit_lead(
        office.desk, office.viewer, office.desk.ids.seal("lead", found.lead_id), version=found.version,
        changes={"name": "Erin Walsh"},
    )  # fmt: skip
    before = whole(office)
    counts, done = into(office, first)
    assert counts["leads"] == (0, 1)
    [conflict] = done.conflicts
    assert conflict.place == "leads.csv, line 4"
    assert "name" in conflict.text
    assert whole(office) == before


def test_a_colleague_both_houses_know_is_one_account(office, tmp_path):
    row = {"name": "Alice", "role": "rep", "address": "alice@ourfirm.example"}
    with office.desk.database.write() as tx:
        tx.execute(insert(account), {**row, "created_at": 7})
    first = out(office, tmp_path)
    there = emptied(office)
    with there.desk.database.write() as tx:
        tx.execute(insert(account), {**row, "role": "admin", "created_at": 9})
    counts, done = into(there, first)
    assert counts["accounts"] == (0, 1)
    assert "role" in done.conflicts[0].text


def test_a_person_both_houses_know_is_one_lead_and_gains_what_was_done_there(office, tmp_path):
    create = create_lead(office.desk, office.viewer, BOB, "Bob there")
    add_note(office.desk, office.viewer, create.lead_id, "From the first house")
    first = out(office, tmp_path)
    there = emptied(office)
    made = create_lead(there.desk, there.viewer, BOB, "Bob here")
    counts, _ = into(there, first)
    assert counts["leads"] == (0, 1)
    page = lead_page(there.desk, there.viewer, made.lead_id)
    assert page.lead.name == "Bob here"
    assert "From the first house" in [one.text for one in page.timeline]
    assert added(there, first) == 0


def test_imported_leads_are_found_and_known_when_they_write(office, tmp_path):
    create_lead(office.desk, office.viewer, BOB, "Bob Tanaka")
    first = out(office, tmp_path)
    there = emptied(office)
    into(there, first)
    [found] = search_leads(there.desk, there.viewer, "tanaka")
    assert found.address == BOB
    there.add_mailbox("alice@ourfirm.example")
    there.mail(BOB, text="I write again")
    page = lead_page(there.desk, there.viewer, found.id)
    assert page.lead.owes.who == "us"
    assert len(lead_list(there.desk, there.viewer).rows) == 1


def test_mail_that_came_before_the_import_is_theirs(office, tmp_path):
    create_lead(office.desk, office.viewer, BOB, "Bob Tanaka")
    first = out(office, tmp_path)
    there = emptied(office)
    there.add_mailbox("alice@ourfirm.example", capture="none")
    there.mail(BOB, text="Before anybody knew me")
    assert lead_list(there.desk, there.viewer).rows == ()
    into(there, first)
    [row] = lead_list(there.desk, there.viewer).rows
    assert (row.name, row.owes.who) == ("Bob Tanaka", "us")


def test_who_was_called_no_lead_there_is_none_here_unless_we_have_said_otherwise(office, tmp_path):
    for address in ("dave@bounces.example", "carol@optout.example"):
        give_verdict(office.desk, office.viewer, outcome="ignored", address=address)
    first = out(office, tmp_path)
    there = emptied(office)
    there.add_mailbox("alice@ourfirm.example")
    for address in ("dave@bounces.example", "carol@optout.example"):
        there.mail(address)
    give_verdict(there.desk, there.viewer, outcome="lead", address="carol@optout.example")
    _, done = into(there, first)
    assert [one.place for one in done.conflicts] == ["verdicts.csv, line 3"]
    assert [one.address for one in lead_list(there.desk, there.viewer).rows] == [
        "carol@optout.example"
    ]
    assert added(there, first) == 0


def test_undo_of_an_imported_deed_works_on_the_rows_here(office, tmp_path):
    made = create_lead(office.desk, office.viewer, BOB, "Bob")
    add_tag(office.desk, office.viewer, made.lead_id, "fair")
    first = out(office, tmp_path)
    there = emptied(office)
    with there.desk.database.write() as tx:
        tx.execute(insert(tag), {"name": "other", "key": "other"})
    into(there, first)
    with there.desk.database.read() as tx:
        which = tx.scalar(select(activity.c.id).where(activity.c.kind == "tag"))
    undo(there.desk, there.viewer, there.desk.ids.seal("undo", which))
    with there.desk.database.read() as tx:
        assert tx.execute(select(lead_tag)).all() == []


def test_a_dry_run_says_the_same_and_changes_nothing(office, tmp_path):
    furnish(office)
    first = out(office, tmp_path)
    there = emptied(office)
    before = whole(there)
    said = into(there, first, dry_run=True)[0]
    assert whole(there) == before
    assert into(there, first)[0] == said


# --- what cannot be taken -------------------------------------------------------


def test_rows_that_point_nowhere_are_told_and_nothing_is_changed(office, tmp_path):
    furnish(office)
    first = out(office, tmp_path)
    (first / "tags.csv").unlink()
    there = emptied(office)
    before = whole(there)
    with pytest.raises(ExportError) as found:
        into(there, first)
    assert [one.place for one in found.value.problems] == ["lead_tags.csv, line 2"]
    assert whole(there) == before


def test_all_that_is_wrong_is_told_at_once(office, tmp_path):
    furnish(office)
    first = out(office, tmp_path)
    for name, old, new in (
        ("accounts.csv", "UTC", "Nowhere/Else"),
        ("addresses.csv", BOB, "no address"),
        ("accounts.csv", "manager", "emperor"),
        ("suppression.csv", "opt_out", "whim"),
        ("template_versions.csv", "sha256", "sha"),
    ):
        path = first / name
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    there = emptied(office)
    with pytest.raises(ExportError) as found:
        into(there, first)
    files_named = {one.place.partition(",")[0] for one in found.value.problems}
    assert files_named == {
        "accounts.csv", "addresses.csv", "suppression.csv", "template_versions.csv",
    }  # fmt: skip
    assert "Nothing was changed" in found.value.remedy


def test_a_file_of_a_template_that_is_another_one_is_refused(office, tmp_path):
    furnish(office)
    first = out(office, tmp_path)
    [file] = (first / FILES).iterdir()
    file.write_bytes(b"something else")
    there = emptied(office)
    with pytest.raises(ExportError, match="is another one"):
        into(there, first)


def test_a_row_that_stands_twice_is_taken_once(office, tmp_path):
    create_lead(office.desk, office.viewer, BOB, "Bob")
    first = out(office, tmp_path, "jsonl")
    path = first / "leads.jsonl"
    path.write_text(path.read_text() * 2)
    there = emptied(office)
    assert into(there, first)[0]["leads"] == (1, 1)  # the second says where Bob's address is


def test_an_empty_folder_is_no_export(office, tmp_path):
    with pytest.raises(UsageError, match="holds no export"):
        into(office, tmp_path)


def test_only_an_admin_takes_everything_out_or_in(office, tmp_path):
    with pytest.raises(ForbiddenError), whole_folder(tmp_path / "x", form="csv") as target:
        export_whole(office.desk, REP, target)
    with pytest.raises(ForbiddenError):
        import_whole(office.desk, REP, tmp_path)


def test_what_is_asked_for_is_what_comes_and_it_can_be_imported(office, tmp_path):
    furnish(office)
    leads = out(office, tmp_path, what="leads")
    assert {one.name for one in leads.iterdir()} == {
        "accounts.csv", "organizations.csv", "tags.csv", "leads.csv", "addresses.csv", "lead_tags.csv", "consents.csv",
    }  # fmt: skip
    deeds = out(office, tmp_path, what="activities")
    there = emptied(office)
    assert added(there, leads) > 0
    assert added(there, deeds) > 0
    with there.desk.database.read() as tx:
        for table in (lead_past, task, activity, export_key):
            assert tx.execute(select(table)).first()


def test_numbers_in_a_hostile_file_are_never_taken_for_rows():
    found = data_with(
        "pin",
        json.dumps({"undoes": 5, "rules": [1, "x"], "task_id": [1], "batch": 3, "from": ["activity", 7], "to": [1]}),
        lambda _name, value: value if isinstance(value, str) else None,
    )  # fmt: skip
    assert json.loads(found) == {
        "undoes": None,
        "rules": ["x"],
        "task_id": None,
        "from": None,
        "to": None,
    }
