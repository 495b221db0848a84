"""What the questions to a pipeline read: steps from key to key, entries of an index; and what aggregates make of it."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Text, insert, literal, select, union_all

from inboxcrm.leads.number_shapes import DAY_MS, Quartiles, quartiles
from inboxcrm.store.database import Database
from inboxcrm.store.pipeline_board import pipelines_in_use
from inboxcrm.store.quartiles import quartiles_of
from inboxcrm.store.tables import lead


def add(database: Database, pipeline: str, **more) -> None:
    row = {
        "name": "Bob",
        "pipeline": pipeline,
        "stage": "new",
        "stage_since_at": 5,
        "created_at": 5,
    }
    with database.write() as tx:
        tx.execute(insert(lead), row | more)


def test_every_pipeline_that_leads_stand_in_is_found_once(database):
    with database.read() as tx:
        assert pipelines_in_use(tx) == []
    for key in ("sales", "partners", "sales", "älter", "'; DROP TABLE lead; --"):
        add(database, key)
    add(database, "gone", is_withdrawn=True)
    with database.read() as tx:
        found = pipelines_in_use(tx)
    assert sorted(found) == sorted({"sales", "partners", "älter", "'; DROP TABLE lead; --"})
    assert len(found) == 4


durations = st.lists(
    st.one_of(st.none(), st.integers(0, 5), st.integers(0, 100 * 365 * DAY_MS)), max_size=12
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=durations, second=durations)
def test_the_database_spreads_durations_as_python_does(database, first, second):
    rows = [*(("first", one) for one in first), *(("second", one) for one in second)]
    if not rows:
        return
    parts = [
        select(literal(key, Text).label("key"), literal(ms, BigInteger).label("ms"))
        for key, ms in rows
    ]
    took = union_all(*parts).cte("took")
    with database.read() as tx:
        found = dict(
            tuple(row)
            for row in tx.execute(select(took.c.key, quartiles_of(took.c.ms)).group_by(took.c.key))
        )
    wanted = {
        key: quartiles(one for one in held if one is not None)
        for key, held in (("first", first), ("second", second))
        if held
    }
    assert found == wanted


def test_nothing_is_spread_like_nothing():
    assert quartiles([]) == Quartiles()
