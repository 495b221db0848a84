"""New leads find their owner once, in turn and exactly, wherever the process dies and however many work at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.files.table_reading import table_from_bytes
from inboxcrm.leads.assigning import AssignRule
from inboxcrm.leads.condition_fields import condition_fields, parse_condition
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.services.capturing import give_verdict, take_back_verdict
from inboxcrm.services.import_shapes import ImportOrder
from inboxcrm.services.import_undo import undo_import
from inboxcrm.services.lead_import import number_of, run_import
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.leads import edit_lead
from inboxcrm.store.assignments import lock_places, set_places
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_lists import Narrowed, newest_leads
from inboxcrm.store.tables import account, activity, assignment_turn, lead, lead_past
from inboxcrm.views.assigning import assign_lines
from tests.store.test_pipeline_numbers import Hands

YOU = Viewer(1, AccountRole.ADMIN)
PEOPLE = {"ann@ourfirm.example": 11, "bea@ourfirm.example": 12, "cy@ourfirm.example": 13}
ANN, BEA, CY = PEOPLE
RING = AssignRule(tuple(PEOPLE))
GERMAN = AssignRule((BEA,), parse_condition("country is de", condition_fields()), words="country is de")  # fmt: skip


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.write() as tx:
        for key, number in PEOPLE.items():
            name = key.partition("@")[0].title()
            tx.execute(
                insert(account),
                {"id": number, "name": name, "role": "rep", "address": key, "created_at": 0},
            )
    return Desk(
        database=database,
        clock=Hands(),
        pipelines=Pipelines(),
        ids=OpaqueIds(b"x" * 32),
        working_hours=WorkingHours(),
        assigning=(RING,),
    )


def capture(desk: Desk, key: str) -> str:
    """As somebody's answer in review makes a lead: by the same settling that follows every mail."""
    return give_verdict(desk, YOU, outcome="lead", address=key)


def owners(desk: Desk) -> list[int | None]:
    """In the order in which the leads were made."""
    with desk.database.read() as tx:
        return list(tx.execute(select(lead.c.owner_id).order_by(lead.c.id)).scalars())


def reasons(desk: Desk) -> list[str]:
    with desk.database.read() as tx:
        told = select(activity.c.text).where(activity.c.kind == "assigned").order_by(activity.c.id)
        return list(tx.execute(told).scalars())


def bring(desk: Desk, *rows: str, heading: str = "Name,E-Mail"):
    table = table_from_bytes("fair.csv", "\n".join((heading, *rows)).encode())
    return run_import(desk, YOU, table, ImportOrder())


def test_without_rules_a_captured_lead_is_nobodys(desk):
    capture(replace(desk, assigning=()), "bob@kitaura.example")
    assert owners(desk) == [None]
    assert reasons(desk) == []


def test_in_turn_each_gets_one(desk):
    for number in range(5):
        capture(desk, f"bob{number}@kitaura.example")
    assert owners(desk) == [11, 12, 13, 11, 12]
    assert reasons(desk)[0] == "Given to Ann, whose turn it was, by the rule for all leads"
    assert [one.next for one in assign_lines(desk, YOU)] == [CY]


def test_the_first_rule_that_speaks_of_it_decides_and_says_why(desk):
    desk = replace(desk, assigning=(GERMAN, RING))
    for key in ("bob@firma.de", "bob@kitaura.example", "dave@firma.de"):
        capture(desk, key)
    assert owners(desk) == [12, 11, 12]
    assert reasons(desk)[0] == "Given to Bea, by the rule for leads where country is de"


def test_who_has_no_open_account_is_passed_over(desk):
    with desk.database.write() as tx:
        tx.execute(update(account).where(account.c.id == 12).values(is_closed=True))
    gone = AssignRule(("nobody@ourfirm.example",), GERMAN.when)
    desk = replace(desk, assigning=(gone, RING))
    for key in (
        "bob@kitaura.example",
        "carol@kitaura.example",
        "erin@away.example",
        "dave@firma.de",
    ):
        capture(desk, key)
    assert owners(desk) == [11, 13, 11, None]
    assert [one.problem for one in assign_lines(desk, YOU)] == [
        "no open account: nobody@ourfirm.example", f"no open account: {BEA}",
    ]  # fmt: skip


def test_what_a_person_gave_away_no_rule_takes_back(desk):
    token = capture(desk, "bob@kitaura.example")
    with desk.database.read() as tx:
        [line] = newest_leads(tx, Narrowed(), before=None, limit=5)
    sealed = desk.ids.seal("lead", line.lead_id)
    edit_lead(desk, YOU, sealed, version=line.version, changes={"owner": desk.ids.seal("account", 13)})  # fmt: skip
    take_back_verdict(desk, YOU, token)
    capture(desk, "bob@kitaura.example")
    assert owners(desk) == [13]
    create_lead(desk, YOU, "carol@kitaura.example")
    assert owners(desk) == [13, 1], "made by hand it is theirs who made it"
    assert len(reasons(desk)) == 1


def test_a_lead_that_comes_back_takes_no_turn(desk):
    token = capture(desk, "bob@kitaura.example")
    take_back_verdict(desk, YOU, token)
    capture(desk, "bob@kitaura.example")
    capture(desk, "carol@kitaura.example")
    assert owners(desk) == [11, 12]
    with desk.database.read() as tx:
        assert tx.execute(select(lead_past)).all() == [], "it never stood without its owner"


def test_an_import_gives_away_what_the_table_gives_to_nobody(desk):
    bring(
        desk, "Bob,bob@kitaura.example,", f"Carol,carol@kitaura.example,{CY}", "Dave,dave@x.example,",
        heading="Name,E-Mail,Owner",
    )  # fmt: skip
    assert owners(desk) == [11, 13, 12]
    bring(desk, "Bob,bob@kitaura.example", "Erin,erin@away.example")
    assert owners(desk) == [11, 13, 12, 13], "who stood already keeps whom he has"


def test_an_import_that_is_taken_back_takes_its_leads_whatever_a_rule_did(desk):
    line = bring(desk, "Bob,bob@kitaura.example", "Carol,carol@kitaura.example")
    assert owners(desk) == [11, 12]
    assert undo_import(desk, YOU, number_of(desk, line.id)).removed == 2


# --- crashes and company -----------------------------------------------------------------


class Killed(BaseException):
    """The process dies here."""


@settings(
    max_examples=12, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(st.sampled_from(["", "before", "after"]), min_size=3, max_size=9))
def test_wherever_it_dies_no_turn_is_lost_or_taken_twice(desk, deaths):
    """Before and after every commit; what is not done is done again, what is done is not."""
    original = desk.database._commit
    with desk.database.write() as tx:
        tx.execute(assignment_turn.delete())
        before = len(tx.execute(select(lead.c.id)).all())

    def commit_dying(tx):
        how = pending.pop() if pending else ""
        if how == "before":
            raise Killed
        original(tx)
        if how == "after":
            raise Killed

    desk.database._commit = commit_dying
    try:
        for number, how in enumerate(deaths):
            key = f"bob{before + number}@kitaura.example"
            pending = [how]
            try:
                capture(desk, key)
            except Killed:
                capture(desk, key)
    finally:
        desk.database._commit = original
    made = owners(desk)[before:]
    assert made == [[11, 12, 13][place % 3] for place in range(len(deaths))]


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_who_comes_second_waits_for_the_turn_of_the_first(desk):
    """The first has taken its turn and not committed yet. SQLite has one writer anyway."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")

    def take(_: int) -> int:
        with desk.database.write() as tx:
            place = lock_places(tx, [RING.ring])[RING.ring]
            set_places(tx, {RING.ring: place + 1})
            return place

    assert take(0) == 0
    with ThreadPoolExecutor(1) as other, desk.database.write() as tx:
        assert lock_places(tx, [RING.ring]) == {RING.ring: 1}
        second = other.submit(take, 1)
        with desk.database.read() as watching:
            while not second.done() and not watching.execute(waiting).scalar_one():
                watching.execute(text("SELECT pg_stat_clear_snapshot()"))
        set_places(tx, {RING.ring: 2})
        tx.commit()
        assert second.result() == 2


def test_two_who_make_leads_at_once_share_the_turns(desk):
    def some(which: int) -> None:
        for group in range(4):
            rows = [
                f"P{which}{group}{n},p{which}{group}{n}@firm{which}{group}{n}.example"
                for n in range(3)
            ]
            bring(desk, *rows)

    with ThreadPoolExecutor(2) as both:
        list(both.map(some, (1, 2)))
    assert Counter(owners(desk)) == {11: 8, 12: 8, 13: 8}
    with desk.database.read() as tx:
        assert tx.execute(select(assignment_turn.c.next)).scalar_one() == 0
