"""Many leads changed at once: looked at, changed lead by lead, and taken back; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.errors import FieldsError, ForbiddenError, NotFoundError, RefusedError, UsageError
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.pipeline import Pipeline, Pipelines, Stage, StageKind
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.services import bulk_edits, bulk_running
from inboxcrm.services.bulk_edits import bulk_view, choose_matching, choose_ticked, unfinished, want
from inboxcrm.services.bulk_running import run_bulk, take_back_bulk
from inboxcrm.services.bulk_shapes import Wanted
from inboxcrm.services.lead_making import create_lead, delete_lead
from inboxcrm.services.lead_marks import add_tag
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.tables import account, activity, bulk_edit_lead, lead, lead_tag
from tests.statements import statements_seen
from tests.store.test_pipeline_numbers import NOW, Hands

ALICE, BEA = Viewer(1, AccountRole.REP), Viewer(2, AccountRole.REP)
ASKING = Pipelines(
    (
        Pipeline(
            "sales",
            "Sales",
            (
                Stage("new", "New"),
                Stage("offer", "Offer", requires=("value",)),
                Stage("won", "Won", StageKind.WON),
                Stage("lost", "Lost", StageKind.LOST),
            ),
        ),
    )
)


@pytest.fixture
def desk(database: Database) -> Desk:
    """Bob has a value; Carol, Dave and Erin have none."""
    with database.write() as tx:
        tx.execute(insert(account), {"id": 2, "name": "Bea", "role": "rep", "created_at": 0})
    desk = Desk(
        database=database,
        clock=Hands(NOW),
        pipelines=ASKING,
        ids=OpaqueIds(b"x" * 32),
        working_hours=WorkingHours(),
        lead_fields=(LeadField("size", "Size", FieldKind.CHOICE, ("small", "large")),),
    )
    for name in ("Bob", "Carol", "Dave", "Erin"):
        create_lead(desk, ALICE, f"{name.lower()}@firm.example", name)
    edit(desk, "Bob", value="300", currency="EUR")
    return desk


def held(desk: Desk, name: str):
    with desk.database.read() as tx:
        return tx.execute(select(lead).where(lead.c.name == name)).one()


def sealed(desk: Desk, name: str) -> str:
    return desk.ids.seal("lead", held(desk, name).id)


def edit(desk: Desk, name: str, **changes) -> None:
    edit_lead(desk, ALICE, sealed(desk, name), version=held(desk, name).version, changes=changes)


def pick(desk: Desk, *names: str, viewer: Viewer = ALICE) -> str:
    picks = [f"{sealed(desk, one)}.{held(desk, one).version}" for one in names]
    return choose_ticked(desk, viewer, picks, pipeline="", back="/pipeline/sheet")


def everybody(desk: Desk, text: str = "") -> str:
    return choose_matching(
        desk, ALICE, pipeline="", filter_text=text, conditions="", back="/pipeline/sheet"
    )


def rows(desk: Desk) -> list:
    """All that a change of leads may touch, but the versions."""
    with desk.database.read() as tx:
        columns = [
            one for one in lead.c if one.name not in {"version", "state_since_at", "is_touched"}
        ]
        return sorted(map(repr, [*tx.execute(select(*columns)), *tx.execute(select(lead_tag))]))


def told(refused) -> dict[str, list[str]]:
    return {one.reason: [name for _, name in one.some] for one in refused}


# --- looking ---------------------------------------------------------------------------


def test_a_look_says_what_would_happen_and_changes_nothing(desk):
    chosen = pick(desk, "Bob", "Carol", "Dave", "Erin")
    edit(desk, "Dave", source="fair")
    delete_lead(desk, ALICE, sealed(desk, "Erin"), version=held(desk, "Erin").version)
    before = rows(desk)
    want(desk, ALICE, chosen, Wanted("stage", "offer"))
    look = bulk_view(desk, ALICE, chosen).look
    assert (look.changes, look.same, look.refused_count) == (1, 0, 3)
    assert told(look.refused) == {
        "Offer asks for value.": ["Carol"],
        "was changed by somebody since it was chosen": ["Dave"],
        "was removed or merged since": ["Erin"],
    }
    assert rows(desk) == before


WAYS = [
    (Wanted("stage", "won"), "stage", "won"),
    (Wanted("stage", "lost", "Too dear"), "stage_reason", "Too dear"),
    (Wanted("owner", ""), "owner_id", None),
    (Wanted("owner", "me"), "owner_id", 1),
    (Wanted("close", "2026-09-01"), "close_on", "2026-09-01"),
    (Wanted("source", "Fair \u202e{{ x }}"), "source", "Fair \u202e{{ x }}"),
    (Wanted("custom.size", "large"), "custom", '{"size": "large"}'),
]


@pytest.mark.parametrize(("wanted", "column", "value"), WAYS, ids=lambda value: "")
def test_a_field_is_set_and_all_of_it_taken_back(desk, wanted, column, value):
    edit(desk, "Bob", owner="")
    edit(desk, "Carol", owner="me" if wanted.value == "" else "")
    before = rows(desk)
    chosen = everybody(desk)
    want(desk, ALICE, chosen, wanted)
    look = bulk_view(desk, ALICE, chosen).look
    assert run_bulk(desk, ALICE, chosen) == 0
    view = bulk_view(desk, ALICE, chosen)
    assert (view.count("changed"), view.count("same")) == (look.changes, look.same)
    assert {getattr(held(desk, one), column) for one in ("Bob", "Carol", "Dave")} == {value}
    assert take_back_bulk(desk, ALICE, chosen) == 0
    assert rows(desk) == before
    assert bulk_view(desk, ALICE, chosen).count("undone") == look.changes


def test_a_tag_is_put_on_and_taken_off_whatever_the_version(desk):
    add_tag(desk, ALICE, sealed(desk, "Bob"), "Fair")
    chosen = pick(desk, "Bob", "Carol")
    edit(desk, "Carol", source="web")
    want(desk, ALICE, chosen, Wanted("tag", " FAIR "))
    look = bulk_view(desk, ALICE, chosen).look
    assert (look.changes, look.same) == (1, 1)
    run_bulk(desk, ALICE, chosen)
    off = pick(desk, "Bob", "Carol", "Dave")
    want(desk, ALICE, off, Wanted("untag", "fair"))
    run_bulk(desk, ALICE, off)
    view = bulk_view(desk, ALICE, off)
    assert (view.count("changed"), view.count("same")) == (2, 1)
    take_back_bulk(desk, ALICE, off)
    with desk.database.read() as tx:
        assert len(tx.execute(select(lead_tag)).all()) == 2


# --- refusals --------------------------------------------------------------------------


def test_one_lead_that_refuses_is_named_and_the_others_are_changed(desk):
    chosen = pick(desk, "Bob", "Carol", "Dave")
    want(desk, ALICE, chosen, Wanted("stage", "offer"))
    edit(desk, "Bob", source="meanwhile")
    edit(desk, "Dave", value="5", currency="EUR")
    other = pick(desk, "Dave")
    want(desk, ALICE, other, Wanted("stage", "offer"))
    for each in (chosen, other):
        run_bulk(desk, ALICE, each)
    assert told(bulk_view(desk, ALICE, chosen).refused) == {
        "Offer asks for value.": ["Carol"],
        "was changed by somebody since it was chosen": ["Bob", "Dave"],
    }
    assert [held(desk, one).stage for one in ("Bob", "Carol", "Dave")] == ["new", "new", "offer"]


def test_what_somebody_built_on_stays_when_it_is_taken_back(desk):
    chosen = everybody(desk)
    want(desk, ALICE, chosen, Wanted("stage", "won"))
    run_bulk(desk, ALICE, chosen)
    move_stage(
        desk, BEA, sealed(desk, "Bob"), "lost", version=held(desk, "Bob").version, reason="x"
    )
    take_back_bulk(desk, ALICE, chosen)
    view = bulk_view(desk, ALICE, chosen)
    assert view.state == "undone"
    assert told(view.refused) == {"was changed again since": ["Bob"]}
    assert [held(desk, one).stage for one in ("Bob", "Carol")] == ["lost", "new"]
    with pytest.raises(RefusedError, match="taken back"):
        run_bulk(desk, ALICE, chosen)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted("stage", "nonsense"), "stage"),
        (Wanted("stage", ""), "stage"),
        (Wanted("owner", "somebody"), "owner"),
        (Wanted("close", "someday"), "close"),
        (Wanted("source", "x" * 10_000), "source"),
        (Wanted("tag", " \n "), "tag"),
        (Wanted("tag", "x" * 61), "tag"),
        (Wanted("untag", "never seen"), "untag"),
        (Wanted("custom.size", "huge"), "custom.size"),
        (Wanted("custom.nonsense", "x"), "custom.nonsense"),
        (Wanted("name", "x"), "what"),
        (Wanted("", ""), "what"),
    ],
)
def test_a_value_that_cannot_be_taken_is_said_once_beside_its_field(desk, wanted, field):
    chosen = pick(desk, "Bob", "Carol")
    with pytest.raises(FieldsError) as caught:
        want(desk, ALICE, chosen, wanted)
    assert list(caught.value.problems) == [field]
    with pytest.raises(RefusedError, match="Nothing was said"):
        run_bulk(desk, ALICE, chosen)


def test_only_who_chose_them_sees_and_changes_them(desk):
    chosen = pick(desk, "Bob")
    for act in (bulk_view, run_bulk, take_back_bulk):
        with pytest.raises(NotFoundError):
            act(desk, BEA, chosen)
        with pytest.raises(ForbiddenError):
            act(desk, Viewer(0), chosen)
    with pytest.raises(NotFoundError):
        bulk_view(desk, ALICE, desk.ids.seal("lead", 1))


def test_ticks_that_name_nobody_are_refused(desk, monkeypatch):
    monkeypatch.setattr(bulk_edits, "MOST_TICKED", 1)
    good = f"{sealed(desk, 'Bob')}.1"
    for picks in ([], ["nonsense"], [f"{sealed(desk, 'Bob')}.x"], ["x" * 10_000], [good, f"{sealed(desk, 'Dave')}.1"]):  # fmt: skip
        with pytest.raises(UsageError):
            choose_ticked(desk, ALICE, picks, pipeline="", back="/")
    with pytest.raises(UsageError, match="No lead is like that"):
        everybody(desk, "name is Nobody")


# --- going on ----------------------------------------------------------------------------


def test_it_goes_on_where_it_stopped_and_changes_no_lead_twice(desk, monkeypatch):
    monkeypatch.setattr(bulk_running, "AT_ONCE", 1)
    chosen = everybody(desk)
    want(desk, ALICE, chosen, Wanted("stage", "won"))
    assert run_bulk(desk, ALICE, chosen, most=2) == 2
    assert unfinished(desk, ALICE) == chosen
    assert unfinished(desk, BEA) == ""
    assert bulk_view(desk, ALICE, chosen).is_going_on
    assert run_bulk(desk, ALICE, chosen, most=2) == 0
    assert run_bulk(desk, ALICE, chosen) == 0
    assert unfinished(desk, ALICE) == ""
    with desk.database.read() as tx:
        moves = tx.execute(select(activity.c.lead_id).where(activity.c.kind == "stage_move")).all()
    assert len(moves) == len(set(moves)) == 4
    with pytest.raises(RefusedError, match="begun already"):
        want(desk, ALICE, chosen, Wanted("stage", "lost"))
    assert take_back_bulk(desk, ALICE, chosen, most=3) == 1
    assert unfinished(desk, ALICE) == chosen
    assert take_back_bulk(desk, ALICE, chosen, most=3) == 0
    assert {held(desk, one).stage for one in ("Bob", "Carol", "Dave", "Erin")} == {"new"}


def test_a_group_that_breaks_leaves_no_lead_half_changed(desk, monkeypatch):
    monkeypatch.setattr(bulk_running, "AT_ONCE", 2)
    chosen = everybody(desk)
    want(desk, ALICE, chosen, Wanted("stage", "won"))
    real, calls = bulk_running.move_stage, []

    def dying(*args, **more):
        calls.append(args)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*args, **more)

    monkeypatch.setattr(bulk_running, "move_stage", dying)
    with pytest.raises(KeyboardInterrupt):
        run_bulk(desk, ALICE, chosen)
    assert bulk_view(desk, ALICE, chosen).counts == {"": 2, "changed": 2}
    assert [held(desk, one).stage for one in ("Bob", "Carol", "Dave", "Erin")] == [
        "won",
        "won",
        "new",
        "new",
    ]
    run_bulk(desk, ALICE, chosen)
    assert bulk_view(desk, ALICE, chosen).counts == {"changed": 4}


def test_thousands_are_looked_at_in_a_few_questions(desk):
    """Statements rise with pages of two thousand, not with leads."""
    with desk.database.write() as tx:
        standing = {"pipeline": "sales", "stage": "new", "stage_since_at": 0, "created_at": 0}
        tx.execute(insert(lead), [{"name": f"Guest {one}", **standing} for one in range(4_500)])
        tx.execute(
            update(lead)
            .where(lead.c.name.like("Guest 1%"))
            .values(value_cents=5, value_currency="EUR")
        )
    chosen = everybody(desk)
    want(desk, ALICE, chosen, Wanted("stage", "offer"))
    with statements_seen(desk.database._reader) as asked:
        view = bulk_view(desk, ALICE, chosen)
    assert view.total == 4_504
    assert (view.look.changes, view.look.refused_count) == (1_112, 3_392)
    assert len(asked) < 20


def test_choices_that_led_to_nothing_are_forgotten(desk):
    old = pick(desk, "Bob")
    desk.clock.at = NOW + timedelta(days=2)
    pick(desk, "Carol")
    with pytest.raises(NotFoundError):
        bulk_view(desk, ALICE, old)
    with desk.database.read() as tx:
        assert len(tx.execute(select(bulk_edit_lead)).all()) == 1


def test_a_deed_that_went_with_its_lead_takes_nothing_else_back(desk):
    """SQLite gives a number that is free again to the next row."""
    chosen = pick(desk, "Erin")
    want(desk, ALICE, chosen, Wanted("source", "Fair"))
    run_bulk(desk, ALICE, chosen)
    with desk.database.write() as tx:
        [number] = tx.execute(select(bulk_edit_lead.c.activity_id)).scalars()
        tx.execute(delete(activity).where(activity.c.id == number))
        other = held(desk, "Bob").id
        row = {
            "id": number,
            "lead_id": other,
            "at": 1,
            "kind": "note",
            "account_id": 1,
            "text": "Mine",
        }
        tx.execute(insert(activity), row)
    take_back_bulk(desk, ALICE, chosen)
    assert bulk_view(desk, ALICE, chosen).counts == {"kept": 1}
    with desk.database.read() as tx:
        assert tx.scalar(select(activity.c.undone_at).where(activity.c.id == number)) is None


def test_leads_go_to_a_stage_of_another_pipeline(desk):
    support = Pipeline("support", "Support", (Stage("asked", "Asked"),))
    desk = replace(desk, pipelines=Pipelines((*ASKING.pipelines, support)))
    chosen = pick(desk, "Bob", "Carol")
    want(desk, ALICE, chosen, Wanted("stage", "support/asked"))
    assert bulk_view(desk, ALICE, chosen).look.changes == 2
    run_bulk(desk, ALICE, chosen)
    assert {held(desk, one).pipeline for one in ("Bob", "Carol")} == {"support"}
    take_back_bulk(desk, ALICE, chosen)
    assert {held(desk, one).pipeline for one in ("Bob", "Carol")} == {"sales"}
