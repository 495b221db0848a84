"""What the databases find is what the plain evaluation finds, for any question about any leads."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, update

from inboxcrm.leads.segment_facts import LeadFacts, matches
from inboxcrm.leads.segment_text import parse_segment
from inboxcrm.leads.segments import (
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_VALUES,
    AllOf,
    AnyOf,
    FieldType,
    Leaf,
    Not,
    Op,
    depth,
)
from inboxcrm.store.segment_members import member_rows
from inboxcrm.store.segment_sql import compile_segment
from inboxcrm.store.segments import count_segment, leads_of, sample
from inboxcrm.store.tables import lead
from tests.segments.house import (
    NOW,
    SEGMENT_FIELDS,
    ZONE,
    furnish,
    ground,
    leaf_of,
    put_leads,
    some_leads,
    trees,
)


@contextmanager
def thrown_away(database):
    """A transaction that leaves nothing behind."""
    with database._writer.connect() as tx:
        tx.begin()
        try:
            yield tx
        finally:
            tx.rollback()


@pytest.fixture
def furnished(database):
    with database.write() as tx:
        rows = furnish(tx)
    return database, rows


def text(field: str, op: Op, *values: str) -> Leaf:
    return Leaf(field, op, values, FieldType.TEXT)


def someone(**facts) -> LeadFacts:
    return LeadFacts(created_at=NOW, stage_since_at=NOW, pipeline="sales", stage="new", **facts)


def agree(database, rows, drawn, asked) -> None:
    with thrown_away(database) as tx:
        found = put_leads(tx, rows, drawn)
        stands = ground(rows, found)
        for tree in asked:
            plain = sorted(
                lead_id for lead_id, facts in found.items() if matches(tree, facts, NOW, zone=ZONE)
            )
            condition = compile_segment(tree, stands)
            assert leads_of(tx, condition, limit=100) == plain, tree
        assert count_segment(tx, condition) == len(plain), tree
        assert sorted(sample(tx, condition)) == plain, tree


# Each was once, or could be, where two of the three part ways.
PARTINGS = [
    (someone(name="MÜLLER"), text("name", Op.IS, "müller")),
    (someone(name="İ"), text("name", Op.CONTAINS, "i")),
    (someone(name="K"), text("name", Op.IS, "k")),
    (someone(name="a]b[c"), text("name", Op.STARTS, "A]B[")),
    (someone(name="axb"), text("name", Op.IS, "a?b")),
    (someone(name="a\nb"), text("name", Op.CONTAINS, "\n")),
    (someone(custom={"budget": "9"}), Leaf("custom.budget", Op.LESS, ("10",), FieldType.NUMBER)),
    (someone(custom={"budget": "-10"}), Leaf("custom.budget", Op.LESS, ("-9",), FieldType.NUMBER)),
    (
        someone(custom={"budget": "high"}),
        Leaf("custom.budget", Op.AT_MOST, ("10",), FieldType.NUMBER),
    ),
    (
        someone(custom={"budget": "0.1"}),
        Leaf("custom.budget", Op.MORE, ("0.0999999999999999999",), FieldType.NUMBER),
    ),
]


@pytest.mark.parametrize(("facts", "leaf"), PARTINGS, ids=lambda value: "")
def test_where_databases_differ_segments_do_not(furnished, facts, leaf):
    database, rows = furnished
    agree(database, rows, [facts, someone()], [leaf, Not(leaf)])


NUMBERS = [
    "-100",
    "-10.5",
    "-10",
    "-9.75",
    "-9",
    "-0.5",
    "0",
    "0.05",
    "0.5",
    "9",
    "9.75",
    "10",
    "10.5",
    "100",
]
NO_NUMBERS = [
    "",
    "high",
    "007",
    "1.50",
    "-0",
    "1.",
    ".5",
    "--1",
    "1-2",
    "1.2.3",
    "1e5",
    " 1",
    "1 ",
    "１",
]


def test_numbers_are_numbers_and_nothing_else_is(furnished):
    database, rows = furnished
    drawn = [someone(custom={"budget": held}) for held in (*NUMBERS, *NO_NUMBERS)]
    asked = [Leaf("custom.budget", Op.IS_SET, (), FieldType.NUMBER)]
    for op in (Op.IS, Op.MORE, Op.LESS, Op.AT_LEAST, Op.AT_MOST):
        asked += [Leaf("custom.budget", op, (value,), FieldType.NUMBER) for value in NUMBERS]
    agree(database, rows, drawn, asked)


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(drawn=some_leads(), asked=st.lists(trees, min_size=1, max_size=4))
@example(
    drawn=[someone()],
    asked=[Not(text("organization", Op.IS, "x")), text("source", Op.IS_NOT, "web")],
)
def test_sql_finds_what_plain_python_finds(furnished, drawn, asked):
    database, rows = furnished
    agree(database, rows, drawn, asked)


EVERY = [
    (name, op)
    for name in (*SEGMENT_FIELDS.fields, "cadence:spring fair")
    for op in SEGMENT_FIELDS.find(name).ops
]


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(drawn=some_leads(), data=st.data())
def test_every_operator_of_every_field_agrees(furnished, drawn, data):
    """Random questions may miss one; here each is asked."""
    database, rows = furnished
    asked = [data.draw(leaf_of(name, op)) for name, op in EVERY]
    agree(database, rows, drawn, [*asked, *map(Not, asked)])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_leads_are_read_once_and_all_else_is_looked_up(furnished):
    """Whatever is asked: one walk along the leads, and an index for the rest."""
    database, rows = furnished
    asked = AllOf(
        tuple(
            parse_segment(one, SEGMENT_FIELDS)
            for one in (
                "organization contains x", "tag is fair", "tag any of (a, b)", "address contains b",
                "address_domain is x.example", "cadence is active", 'cadence:"spring fair" is ever',
                "suppressed is no", "stage_kind is open", "owner is me", "temperature is hot", "budget > 3",
            )
        )
    )  # fmt: skip
    condition = compile_segment(asked, ground(rows, {}))
    seen: list[tuple[str, tuple]] = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        seen.append((statement, parameters))

    with database.read() as tx:
        event.listen(tx, "before_cursor_execute", note)
        count_segment(tx, condition)
        member_rows(tx, condition, after=0, limit=10)
        event.remove(tx, "before_cursor_execute", note)
        for statement, parameters in seen:
            plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            walks = [
                row[3] for row in plan if row[3].startswith("SCAN") and "json_each" not in row[3]
            ]
            assert len(walks) <= 1, walks
            assert all(walk.startswith("SCAN lead") for walk in walks)
    assert len(seen) == 3


def test_merged_and_withdrawn_leads_are_in_no_segment(furnished):
    database, rows = furnished
    with thrown_away(database) as tx:
        found = put_leads(tx, rows, [someone(name=name) for name in ("Bob", "Carol", "Dave")])
        bob, carol, dave = found
        tx.execute(update(lead).where(lead.c.id == carol).values(merged_into=bob))
        tx.execute(update(lead).where(lead.c.id == dave).values(is_withdrawn=True))
        condition = compile_segment(AllOf(()), ground(rows, found))
        assert leads_of(tx, condition, limit=10) == [bob]
        assert count_segment(tx, condition) == 1
        assert sample(tx, condition) == [bob]


def test_pages_lose_nobody(furnished):
    database, rows = furnished
    with thrown_away(database) as tx:
        found = put_leads(tx, rows, [someone(name=f"Lead {number}") for number in range(7)])
        condition = compile_segment(AllOf(()), ground(rows, found))
        seen, after = [], 0
        while page := leads_of(tx, condition, after=after, limit=3):
            seen += page
            after = page[-1]
        assert seen == sorted(found)


def heaviest() -> list:
    """As many conditions of the costliest kinds as are taken, and as deep as is taken."""
    long = "ü" * 500
    wide = AnyOf(
        tuple(
            Leaf("custom.budget", Op.MORE, ("-1.5",), FieldType.NUMBER)
            if number % 2
            else text("organization", Op.CONTAINS, long)
            for number in range(MAX_LEAVES)
        )
    )
    values = tuple(f"ü{number}" for number in range(MAX_VALUES))
    deep = text("name", Op.ANY_OF, *values)
    while depth(deep) < MAX_DEPTH:
        deep = (
            AllOf((deep, text("source", Op.IS_SET)))
            if depth(deep) % 2
            else AnyOf((Not(deep), text("name", Op.IS_SET)))
        )
        if depth(deep) > MAX_DEPTH:
            break
    return [wide, deep]


@pytest.mark.parametrize("number", [0, 1])
def test_the_heaviest_segment_that_is_taken_meets_no_limit_of_a_database(furnished, number):
    database, rows = furnished
    agree(database, rows, [someone(name="Ü3", custom={"budget": "7"})], [heaviest()[number]])


HOSTILE = [
    "'); DROP TABLE lead; --",
    '" OR "1"="1',
    "%",
    "_",
    "*",
    "\\",
    "x' OR 'x'='x",
    ":after",
    "%(after)s",
    "?",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_values_are_only_ever_values(furnished, value):
    database, rows = furnished
    with thrown_away(database) as tx:
        found = put_leads(
            tx, rows, [someone(name=value), someone(name="Bob"), someone(source=value)]
        )
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        for field, number in (("name", 0), ("source", 2)):
            tree = parse_segment(f'{field} is "{escaped}"', SEGMENT_FIELDS)
            condition = compile_segment(tree, ground(rows, found))
            assert leads_of(tx, condition, limit=9) == [list(found)[number]]


def test_the_local_account_may_own_leads_before_anybody_signs_in(furnished):
    database, rows = furnished
    with thrown_away(database) as tx:
        found = put_leads(tx, rows, [someone(owner="account-2"), someone()])
        tree = parse_segment("owner is bea", SEGMENT_FIELDS)
        assert leads_of(tx, compile_segment(tree, ground(rows, found)), limit=9) == [
            next(iter(found))
        ]
