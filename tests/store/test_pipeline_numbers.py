"""What the database counts is what leads/numbers.py says, for random pasts and every instant, on both databases.

A past is played through the services people use; what happened is then read back from the activities they wrote, and
folded in plain Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.errors import RefusedError, UsageError
from inboxcrm.leads.differences import Days, by_change
from inboxcrm.leads.history import Deed, LeadEvent, LeadState, Spell, spells_of, standing_at
from inboxcrm.leads.number_shapes import DAY_MS, Asked, Quartiles, StageSum, added
from inboxcrm.leads.numbers import behind, numbers
from inboxcrm.leads.pipeline import (
    DEFAULT_PIPELINE,
    Pipeline,
    Pipelines,
    ReasonRule,
    Stage,
    StageKind,
)
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.services.capturing import give_verdict, take_back_verdict
from inboxcrm.services.lead_making import create_lead, delete_lead
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.services.undo import undo
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Database, Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import lead_by_id
from inboxcrm.store.pipeline_behind import leads_behind, stays_behind
from inboxcrm.store.pipeline_board import past_cards, past_sums, stage_sums
from inboxcrm.store.pipeline_changes import changes_since
from inboxcrm.store.pipeline_ground import Instant
from inboxcrm.store.pipeline_numbers import pipeline_numbers
from inboxcrm.store.tables import account, activity, capture_rule, lead, lead_address, lead_past

NOW = datetime(2026, 5, 14, 15, 30, tzinfo=UTC)
YOU = Viewer(1, AccountRole.ADMIN)
SALES = replace(DEFAULT_PIPELINE, lost_reason=ReasonRule.OPTIONAL)
# The same keys mean other things here, and a lead may come back.
SUPPORT = Pipeline(
    "support",
    "Support",
    (
        Stage("engaged", "Asked", StageKind.OPEN, 0.4),
        Stage("new", "Waiting", StageKind.OPEN, 0.6),
        Stage("won", "Answered", StageKind.WON),
        Stage("mql", "Left alone", StageKind.LOST),
    ),
    ReasonRule.OPTIONAL,
)
STAGES = (
    "new", "engaged", "mql", "opportunity", "won", "lost", "disqualified",
    "sales/new", "sales/engaged", "support/engaged", "support/new", "support/won", "support/mql",
)  # fmt: skip
REASONS = ("", "Too dear", "'; DROP TABLE lead; --")
FIGURES = (
    "open", "won", "lost", "source:by hand", "source:fair", "owner:0", "owner:1", "owner:2", "owner:x", "nonsense",
    "closed", "all", "open:nonsense", "won:source:fair", "lost:source:by hand", "closed:source:by hand", "open:owner:0",
    "open:source:fair", "won:owner:1", "closed:owner:2", "all:owner:x", *(f"reason:{one}" for one in REASONS),
    *(f"{kind}:{stage}" for kind in ("stage", "entered", "reached", "left") for stage in ("new", "engaged", "opportunity")),
)  # fmt: skip


@dataclass
class Hands:
    """A clock that is set by hand."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.write() as tx:
        tx.execute(insert(account), {"id": 2, "name": "Bob", "role": "rep", "created_at": 0})
    return Desk(
        database=database,
        clock=Hands(),
        pipelines=Pipelines((SALES, SUPPORT)),
        ids=OpaqueIds(b"x" * 32),
        working_hours=WorkingHours(),
    )


moves = st.tuples(
    st.sampled_from(["move", "move", "filled"]), st.sampled_from(STAGES), st.sampled_from(REASONS)
)
# Mostly the last deed, so that many moves are taken back while they can be.
undone = st.tuples(st.just("undo"), st.sampled_from("00012"), st.just(""))
deeds = st.one_of(
    moves, moves, undone, undone,
    st.tuples(st.just("value"), st.sampled_from(["", "0", "10", "99.50"]), st.sampled_from(["EUR", "USD", ""])),
    st.tuples(st.just("owner"), st.sampled_from(["", "me", "2"]), st.just("")),
    st.tuples(st.just("source"), st.sampled_from(["fair", "by hand"]), st.just("")),
    st.tuples(st.just("close"), st.sampled_from(["", "2026-05-01", "2026-05-13", "2026-06-01"]), st.just("")),
    st.tuples(st.just("remove"), st.just(""), st.just("")),
)  # fmt: skip
# (how long after the one before, in quarters of a day; which lead; what): several may happen in one instant.
_FIRMS = count()  # no example meets the people of another
pasts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), deeds), min_size=4, max_size=26)


# A move that was taken back, with a change of the value in between, and a lead that was removed and came back.
UNDONE = [
    (0, 0, ("move", "new", "")), (0, 1, ("move", "new", "")),
    (4, 0, ("move", "engaged", "")), (4, 0, ("value", "10", "EUR")), (4, 0, ("undo", "1", "")),
    (4, 1, ("move", "won", "")), (4, 1, ("remove", "", "")), (4, 1, ("undo", "0", "")), (4, 0, ("move", "lost", "")),
    (4, 1, ("move", "support/engaged", "")), (4, 1, ("filled", "sales/won", "")), (4, 1, ("undo", "0", "")),
    (0, 1, ("move", "support/new", "")), (4, 0, ("move", "support/mql", "Too dear")),
]  # fmt: skip


def play(desk: Desk, past: list[tuple[int, int, tuple[str, str, str]]]) -> list[int]:
    """Returns the instants at which something happened."""
    clock = desk.clock
    clock.at = NOW - timedelta(days=60)
    ids: dict[int, str] = {}
    tokens: list[str] = []
    instants = []
    firm = f"firm{next(_FIRMS)}.example"
    for wait, which, (deed, first, second) in past:
        clock.at += timedelta(hours=6 * wait)
        instants.append(to_ms(clock.at))
        if which not in ids:
            ids[which] = create_lead(desk, YOU, f"lead{which}@{firm}").lead_id
            continue
        done = _do(desk, ids[which], deed, first, second, tokens)
        if done is not None and done.undo:
            tokens.append(done.undo)
    clock.at = NOW
    return instants


def _do(desk: Desk, lead_id: str, deed: str, first: str, second: str, tokens: list[str]) -> Any:
    try:
        if deed == "undo":
            return undo(desk, YOU, tokens[-1 - int(first)]) if len(tokens) > int(first) else None
        version = version_of(desk, lead_id)
        if deed in {"move", "filled"}:
            filled = {"value": "70", "currency": "EUR", "owner": ""} if deed == "filled" else {}
            return move_stage(
                desk, YOU, lead_id, first, version=version, reason=second, fields=filled
            )
        if deed == "remove":
            return delete_lead(desk, YOU, lead_id, version=version)
        changes = {deed: desk.ids.seal("account", 2) if first == "2" else first}
        if deed == "value":
            changes["currency"] = second
        return edit_lead(desk, YOU, lead_id, version=version, changes=changes)
    except (RefusedError, UsageError):
        # It was removed, somebody built on it, or its pipeline has no such stage: nothing happened.
        return None


def version_of(desk: Desk, lead_id: str) -> int:
    with desk.database.read() as tx:
        found = lead_by_id(tx, desk.ids.open("lead", lead_id))
    return found.version if found else 0


NAMES = {"value_currency": "currency"}
KNOWN = {"owner_id", "source", "value_cents", "value_currency", "close_on"}


def told(tx: Tx) -> list[LeadEvent]:
    """The event list, from the activities alone."""
    deeds = {
        row.id: (row.kind, json.loads(row.data), row.at, row.lead_id)
        for row in tx.execute(select(activity).order_by(activity.c.id))
    }
    found = []
    for done, said, at, lead_id in deeds.values():
        sign = Deed.TAKEN_BACK if done == "undo" else Deed.CHANGED
        kind, data = deeds[said["undoes"]][:2] if done == "undo" else (done, said)
        if kind == "captured":
            sets = {
                "pipeline": "sales", "stage": "new", "stage_since_at": at, "owner_id": 1, "source": "by hand",
            }  # fmt: skip
            found.append(LeadEvent(at, lead_id, Deed.MADE, sets))
        elif kind == "stage_move" and sign is Deed.TAKEN_BACK:
            sets = data["from"] | filled(data, "from") | {
                "stage_since_at": data["since"], "stage_reason": data["reason_before"],
            }  # fmt: skip
            found.append(LeadEvent(at, lead_id, sign, sets))
        elif kind == "stage_move":
            sets = data["to"] | filled(data, "to")
            sets |= {"stage_since_at": at, "stage_reason": data["reason"]}
            found.append(LeadEvent(at, lead_id, sign, sets))
        elif kind == "field_change":
            end = "from" if sign is Deed.TAKEN_BACK else "to"
            found.append(LeadEvent(at, lead_id, Deed.CHANGED, filled(data, end)))
        elif kind == "removed":
            back = sign is Deed.TAKEN_BACK
            found.append(LeadEvent(at, lead_id, Deed.RETURNED if back else Deed.REMOVED))
    return found


def filled(data: dict[str, Any], end: str) -> dict[str, Any]:
    """The fields a deed changed, as they were after it ("to") or before ("from")."""
    return {
        NAMES.get(one["field"], one["field"]): one[end]
        for one in data.get("changes", ())
        if one["field"] in KNOWN
    }


def standing_in(spells: list[Spell], at: int, pipeline: Pipeline) -> dict[int, LeadState]:
    held = standing_at(spells, at)
    return {one: state for one, state in held.items() if state.pipeline == pipeline.key}


def worth(stood: Mapping[int, LeadState], lead_ids: Iterable[int]) -> dict[str, StageSum]:
    """What these leads are worth, by the stage they stood in."""
    found: dict[str, StageSum] = {}
    for one in (stood[lead_id] for lead_id in lead_ids):
        amounts = {} if one.value_cents is None else {one.currency: one.value_cents}
        found[one.stage] = added([found.get(one.stage, StageSum()), StageSum(1, amounts)])
    return found


def same(tx: Tx, spells: list[Spell], asked: Asked, *, figures: tuple[str, ...]) -> None:
    assert pipeline_numbers(tx, asked) == numbers(spells, asked)
    stood = standing_in(spells, asked.at, asked.pipeline)
    for which in figures:
        wanted = behind(spells, asked, which)
        assert leads_behind(tx, asked, which) == (wanted, worth(stood, wanted)), which
    for stage in asked.pipeline.open_stages if figures else ():
        stays = numbers(spells, asked).times.get(stage.key, Quartiles()).count
        assert stays_behind(tx, asked, stage.key) == stays, stage.key
    instant = Instant(asked.pipeline, asked.at)
    assert past_sums(tx, instant) == numbers(spells, asked).stages
    shown = {one.lead_id: (one.stage, one.value_cents, one.close_on) for one in past_cards(tx, instant, limit=50)}  # fmt: skip
    assert shown == {
        one: (state.stage, state.value_cents, state.close_on) for one, state in stood.items()
    }


def since(tx: Tx, spells: list[Spell], at: int, wrote: dict[int, int], pipeline: Pipeline) -> None:
    days = Days(at, datetime.fromtimestamp(at / 1000, UTC).date().isoformat(), "2026-05-14")
    then, now = (standing_in(spells, one, pipeline) for one in (at, to_ms(NOW)))
    wanted = by_change(then, now, wrote, days=days, pipeline=pipeline)
    found = changes_since(tx, pipeline, days, most=100)
    assert {kind: one.some for kind, one in found.items()} == wanted
    assert {kind: one.many for kind, one in found.items()} == {
        kind: len(ids) for kind, ids in wanted.items()
    }


def wipe(desk: Desk) -> None:
    with desk.database.write() as tx:
        for table in (capture_rule, lead_address, activity, lead):
            tx.execute(delete(table))


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # A past of twenty deeds says enough; looking for the shortest takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@example(past=UNDONE, days=90, mails=[], which_instants=0)
@given(
    past=pasts,
    days=st.sampled_from([3, 20, 90]),
    mails=st.lists(
        st.integers(0, 80).map(lambda ago: to_ms(NOW) - ago * DAY_MS), min_size=4, max_size=4
    ),
    which_instants=st.integers(0, 3),
)
def test_the_database_counts_what_python_counts(desk, past, days, mails, which_instants):
    wipe(desk)
    instants = play(desk, past)
    with desk.database.write() as tx:
        wrote = dict(
            zip(tx.execute(select(lead.c.id).order_by(lead.c.id)).scalars(), mails, strict=False)
        )
        for which, (lead_id, at) in enumerate(wrote.items()):
            column = "last_in_at" if which % 2 else "last_out_at"
            tx.execute(update(lead).where(lead.c.id == lead_id).values({column: at}))
    with desk.database.read() as tx:
        spells = spells_of(told(tx))
        # Every instant at which something happened comes up, over the examples; the leads behind figures at two.
        moments = sorted({*instants, *(one - 1 for one in instants)})[which_instants::4]
        for place, at in enumerate([*moments, to_ms(NOW)]):
            for pipeline in (SALES, SUPPORT):
                asked = Asked(pipeline, at, at - days * DAY_MS)
                same(tx, spells, asked, figures=FIGURES if place in {1, len(moments)} else ())
                since(tx, spells, at, wrote, pipeline)
        for pipeline in (SALES, SUPPORT):
            assert (
                stage_sums(tx, pipeline.key)
                == numbers(spells, Asked(pipeline, to_ms(NOW), 0)).stages
            )


def test_a_lead_that_only_mail_made_stands_since_its_first_contact(desk):
    first, read = to_ms(NOW - timedelta(days=30)), to_ms(NOW - timedelta(days=1))
    with desk.database.write() as tx:
        tx.execute(
            insert(lead),
            {"name": "Bob", "pipeline": "sales", "stage": "new", "stage_since_at": first, "created_at": read, "moved_at": read},
        )  # fmt: skip
    with desk.database.read() as tx:
        stood = [
            past_sums(tx, Instant(DEFAULT_PIPELINE, at)).get("new") is not None
            for at in (first - 1, first, read, to_ms(NOW))
        ]
    assert stood == [False, True, True, True]


def test_a_lead_that_somebody_called_no_lead_stood_until_then(desk):
    desk.clock.at = NOW - timedelta(days=30)
    made = create_lead(desk, YOU, "bob@firm.example")
    desk.clock.at = NOW - timedelta(days=20)
    move_stage(desk, YOU, made.lead_id, "mql", version=made.version)
    desk.clock.at = NOW - timedelta(days=10)
    said = give_verdict(desk, YOU, outcome="ignored", address="bob@firm.example")
    desk.clock.at = NOW - timedelta(days=5)
    take_back_verdict(desk, YOU, said)
    with desk.database.read() as tx:
        stood = [
            sorted(past_sums(tx, Instant(DEFAULT_PIPELINE, to_ms(NOW - timedelta(days=ago)))))
            for ago in (31, 25, 15, 7, 0)
        ]
    assert stood == [[], ["new"], ["mql"], [], ["mql"]]


def test_a_clock_that_is_set_back_lets_no_lead_stand_in_two_places(desk):
    def at(days_ago: int) -> datetime:
        desk.clock.at = NOW - timedelta(days=days_ago)
        return desk.clock.at

    at(40)
    made = create_lead(desk, YOU, "bob@firm.example")
    at(20)
    version = move_stage(desk, YOU, made.lead_id, "mql", version=made.version).version
    at(30)
    version = move_stage(desk, YOU, made.lead_id, "opportunity", version=version).version
    at(25)
    said = give_verdict(desk, YOU, outcome="ignored", address="bob@firm.example")
    at(28)
    take_back_verdict(desk, YOU, said)
    at(10)
    move_stage(desk, YOU, made.lead_id, "won", version=version)
    with desk.database.read() as tx:
        rows = tx.execute(
            select(lead_past.c.from_at, lead_past.c.until_at).order_by(lead_past.c.id)
        )
        moments = [moment for row in rows for moment in row]
        stood = {
            ago: sorted(past_sums(tx, Instant(DEFAULT_PIPELINE, to_ms(NOW - timedelta(days=ago)))))
            for ago in (41, 35, 29, 27, 21, 19, 11, 9)
        }
    assert moments == sorted(moments)
    assert stood == {
        41: [], 35: ["new"], 29: ["new"], 27: ["new"], 21: ["new"],
        19: ["opportunity"], 11: ["opportunity"], 9: ["won"],
    }  # fmt: skip


def test_a_first_contact_dated_tomorrow_ends_no_state_before_it_began(desk):
    tomorrow = to_ms(NOW + timedelta(days=1))
    with desk.database.write() as tx:
        row = {
            "id": 9,
            "name": "Bob",
            "pipeline": "sales",
            "stage": "new",
            "stage_since_at": tomorrow,
            "created_at": 0,
        }
        tx.execute(insert(lead), row)
    move_stage(desk, YOU, desk.ids.seal("lead", 9), "mql", version=1)
    with desk.database.read() as tx:
        assert tx.execute(select(lead_past.c.from_at, lead_past.c.until_at)).all() == [
            (to_ms(NOW), to_ms(NOW))
        ]
        assert list(past_sums(tx, Instant(DEFAULT_PIPELINE, to_ms(NOW)))) == ["mql"]


def test_a_stage_that_the_settings_do_not_know_counts_as_open(desk):
    with desk.database.write() as tx:
        tx.execute(
            insert(lead),
            {"name": "Bob", "pipeline": "sales", "stage": "vanished", "stage_since_at": 5, "created_at": 5, "value_cents": 700, "value_currency": "EUR"},
        )  # fmt: skip
    asked = Asked(DEFAULT_PIPELINE, to_ms(NOW), 0)
    with desk.database.read() as tx:
        found = pipeline_numbers(tx, asked)
        assert found.stages["vanished"].amounts == {"EUR": 700}
        assert found.by_source[""].open.leads == 1
        assert leads_behind(tx, asked, "open").total == 1


def test_a_page_of_the_leads_behind_a_figure_goes_on_where_the_one_before_ended(desk):
    for number in range(5):
        create_lead(desk, YOU, f"lead{number}@firm.example")
    asked = Asked(replace(DEFAULT_PIPELINE), to_ms(NOW), 0)
    with desk.database.read() as tx:
        pages = [leads_behind(tx, asked, "open", offset=at, limit=2) for at in (0, 2, 4, 6)]
    assert [len(one.ids) for one in pages] == [2, 2, 1, 0]
    assert {one.total for one in pages} == {5}
    assert len({lead_id for one in pages for lead_id in one.ids}) == 5
