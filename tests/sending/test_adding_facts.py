"""What the database tells of touches and talks is what a person reads in the same history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.adding import (
    SOMEBODY,
    AddingFacts,
    AddingRules,
    Guard,
    Talk,
    against_adding,
    newest_talk,
)
from inboxcrm.cadence.rules import rules_as_json
from inboxcrm.services.adding_rules import adding_of
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import (
    account,
    activity,
    address,
    cadence,
    lead,
    lead_address,
    mailbox,
    organization,
)
from tests.sending.office import MONDAY, QUICK, Office
from tests.sending.talks import at_rest, box_of, wrote

NewOffice = Callable[..., Office]
DAY = timedelta(days=1)
NOW = MONDAY


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    return at_rest(new_office())


BOXES = ("alice", "carla", "dora", "house")
OWNERS = {"alice": "Alice", "carla": "Carla", "dora": "Dora", "house": ""}
events = st.one_of(
    st.fixed_dictionaries(
        {
            "what": st.just("mail"),
            "who": st.integers(0, 3),
            "days": st.sampled_from([-1.0, 0.0, 2.0, 6.99, 7.0, 10.0, 29.99, 30.0, 40.0]),
            "boxes": st.sets(st.sampled_from(BOXES), max_size=3),
            "direction": st.sampled_from(["in", "out"]),
            "is_human": st.sampled_from([True, True, False]),
            "is_unlinked": st.sampled_from([False, False, True]),
            "is_open": st.sampled_from([True, True, False]),
        }
    ),
    st.fixed_dictionaries(
        {
            "what": st.sampled_from(["call", "meeting", "note"]),
            "who": st.integers(0, 3),
            "days": st.sampled_from([0.0, 3.0, 6.99, 7.0, 31.0]),
            "by": st.sampled_from(["Alice", "Carla"]),
            "undone": st.sampled_from([False, False, True]),
        }
    ),
)
histories = st.tuples(st.lists(events, max_size=8), st.lists(st.sampled_from([0, 0, 1, -1]), min_size=4, max_size=4),
                      st.booleans())  # fmt: skip


def letter(boxes: set[str], **how) -> dict:
    plain = {"what": "mail", "who": 0, "days": 2.0, "boxes": boxes, "direction": "in"}
    return plain | {"is_human": True, "is_unlinked": False, "is_open": True} | how


def plainly(history, firms, *, sees_dora: bool, asked: int) -> AddingFacts:
    """What the rules are told of lead number `asked`, read from the history as a person would."""

    def is_touch(one) -> bool:
        if one["what"] == "mail":
            return one["is_human"] and not one["is_unlinked"]
        return one["what"] in {"call", "meeting"} and not one["undone"]

    touches = [one for one in history if is_touch(one)]
    mine = [NOW - one["days"] * DAY for one in touches if one["who"] == asked]
    talks = []
    for one in touches:
        is_theirs = one["who"] == asked
        if not is_theirs and (firms[asked] < 0 or firms[one["who"]] != firms[asked]):
            continue
        at = NOW - one["days"] * DAY
        if one["days"] >= 30:
            continue
        if one["what"] != "mail":
            if one["by"] != "Alice":
                talks.append((at, one["by"], is_theirs))
            continue
        if "alice" in one["boxes"] or not one["is_open"]:
            continue
        for box in one["boxes"]:
            who = OWNERS[box] or box
            talks.append((at, SOMEBODY if box == "dora" and not sees_dora else who, is_theirs))
    newest = newest_talk(Talk(*one) for one in talks)
    return AddingFacts(max(mine, default=None), "", newest)


@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(histories)
@example(([letter({"dora"})], [0, 0, 1, -1], False))
@example(([letter({"dora"}), letter({"carla", "alice"})], [0, 0, 1, -1], True))
@example(([letter({"house"}, who=1), letter({"carla"}, is_open=False)], [0, 0, 1, -1], True))
def test_what_the_database_tells_is_what_a_person_reads(office: Office, drawn) -> None:
    history, firms, sees_dora = drawn
    with office.desk.database._writer.connect() as tx:
        tx.begin()
        try:
            _agree(office, tx, history, firms, sees_dora=sees_dora)
        finally:
            tx.rollback()


def _agree(office: Office, tx, history, firms, *, sees_dora: bool) -> None:
    ids = {"Alice": 1, "": None}
    boxes = {"alice": box_of(tx, "alice")}
    for name in ("Carla", "Dora"):
        ids[name] = tx.execute(
            insert(account).values(name=name, role="rep", created_at=1).returning(account.c.id)
        ).scalar_one()
    for name, visibility in (("carla", "shared"), ("dora", "private"), ("house", "shared")):
        boxes[name] = tx.execute(
            insert(mailbox)
            .values(name=name, provider="gmail", owner_id=ids[OWNERS[name]], visibility=visibility)
            .returning(mailbox.c.id)
        ).scalar_one()
    houses = [
        tx.execute(
            insert(organization)
            .values(domain=f"firm{one}.example", name="Firm")
            .returning(organization.c.id)
        ).scalar_one()
        for one in range(2)
    ]
    people = []
    for number, firm in enumerate(firms):
        made = tx.execute(
            insert(lead)
            .values(
                name=f"Lead {number}",
                pipeline="sales",
                stage="new",
                stage_since_at=1,
                created_at=1,
                organization_id=houses[firm] if firm >= 0 else None,
            )
            .returning(lead.c.id)
        ).scalar_one()
        place = tx.execute(
            insert(address).values(key=f"l{number}@x.example", shown="x").returning(address.c.id)
        ).scalar_one()
        tx.execute(insert(lead_address).values(lead_id=made, address_id=place))
        people.append(made)
    for one in history:
        at = NOW - one["days"] * DAY
        if one["what"] == "mail":
            how = {name: one[name] for name in ("direction", "is_human", "is_unlinked", "is_open")}
            wrote(tx, people[one["who"]], at, *(boxes[name] for name in one["boxes"]), **how)
        else:
            tx.execute(
                insert(activity).values(
                    lead_id=people[one["who"]],
                    at=to_ms(at),
                    kind=one["what"],
                    account_id=ids[one["by"]],
                    undone_at=1 if one["undone"] else None,
                )
            )
    rules = replace(QUICK, adding=AddingRules(quiet_days=7, guard=Guard.ASK))
    tx.execute(update(cadence).values(rules=rules_as_json(rules)))
    own = tx.execute(select(cadence.c.id)).scalar_one()
    seen = set(boxes.values()) - (set() if sees_dora else {boxes["dora"]})
    viewer = Viewer(1, mailbox_ids=frozenset(seen))
    office.bench.clock.at = NOW
    asking = adding_of(tx, office.desk, viewer, own)
    found = asking.facts(tx, people)
    against = asking.against(tx, people)
    for number, lead_id in enumerate(people):
        plain = plainly(history, firms, sees_dora=sees_dora, asked=number)
        told = found[lead_id]
        assert told.touched_at == plain.touched_at
        assert (told.talk is None) == (plain.talk is None)
        if plain.talk is not None:
            assert replace(told.talk, asks=None) == plain.talk
        # Nobody owns these leads, so the colleague who talks has the say; a mailbox of the house has none to ask.
        asks = told.talk.asks if told.talk else None
        plain = replace(plain, talk=plain.talk and replace(plain.talk, asks=asks))
        assert against[lead_id] == against_adding(plain, rules.adding, NOW)
