"""Many rows at once say the same on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import BigInteger, delete, insert, select

from inboxcrm.store.tables import conversation, mailbox, message, metadata, outbox, suppression
from inboxcrm.store.upserts import insert_rows, is_given_once, update_rows

NAMED = {"message_id": message, "repeats_id": outbox}
STAYING = {"lead_id", "activity_id", "owner_id", "row_id"}
"""What names rows that never leave; row_id of what exports call by keys, suppressions among it."""


@pytest.fixture
def three(database) -> None:
    with database.write() as tx:
        rows = [{"id": id_, "last_human_direction": "in"} for id_ in (1, 2, 3)]
        insert_rows(tx, conversation, rows)


def directions(tx) -> dict[int, tuple]:
    columns = conversation.c.id, conversation.c.last_human_at, conversation.c.last_human_direction
    return {row[0]: (row[1], row[2]) for row in tx.execute(select(*columns)).all()}


def test_each_row_takes_its_own_values_and_the_others_keep_theirs(database, three):
    with database.write() as tx:
        changed = [
            {"id": 3, "last_human_at": 30, "last_human_direction": "out"},
            {"id": 1, "last_human_at": None, "last_human_direction": ""},
            {"id": 99, "last_human_at": 5, "last_human_direction": "out"},
        ]
        update_rows(tx, conversation, changed)
        assert directions(tx) == {1: (None, ""), 2: (None, "in"), 3: (30, "out")}


def test_no_rows_change_nothing(database, three):
    with database.write() as tx:
        update_rows(tx, conversation, [])
        assert directions(tx) == dict.fromkeys((1, 2, 3), (None, "in"))


def test_rows_are_found_by_any_columns_wherever_these_stand_in_the_row(database):
    with database.write() as tx:
        insert_rows(
            tx,
            mailbox,
            [
                {"id": 1, "name": "alice", "provider": "gmail", "address": "old"},
                {"id": 2, "name": "bob", "provider": "gmail", "address": "old"},
            ],
        )
        rows = [{"address": "new", "provider": "gmail", "name": "bob"}]
        update_rows(tx, mailbox, rows, by=("name", "provider"))
        found = tx.execute(select(mailbox.c.name, mailbox.c.address)).all()
        assert {tuple(row) for row in found} == {("alice", "old"), ("bob", "new")}


def test_what_is_named_without_a_foreign_key_never_comes_to_be_something_else():
    """A row that left must not leave its number to another, which would then be told in its place."""
    for table in metadata.sorted_tables:
        for column in table.c:
            is_number = isinstance(column.type, BigInteger) and column.name.endswith("_id")
            if not is_number or column.foreign_keys or column.name in STAYING:
                continue
            [target] = [one for end, one in NAMED.items() if column.name.endswith(end)]
            assert is_given_once(target), f"{table.name}.{column.name}"


def test_the_number_of_a_suppression_that_fell_with_its_mail_is_given_to_no_other(database):
    """An export knows it by that number: brought in again, it would hold the other for the one that is gone."""

    def added(who: str) -> int:
        row = {"scope": "address", "subject": who, "reason": "person"}
        with database.write() as tx:
            found = tx.execute(
                insert(suppression).values(**row, first_at=0).returning(suppression.c.id)
            )
            return found.scalar_one()

    carol = added("carol@other.example")
    with database.write() as tx:
        tx.execute(delete(suppression))
    assert added("dave@bounces.example") > carol
