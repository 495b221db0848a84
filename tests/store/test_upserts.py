"""Many rows at once say the same on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from inboxcrm.store.tables import conversation, mailbox
from inboxcrm.store.upserts import insert_rows, update_rows


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
