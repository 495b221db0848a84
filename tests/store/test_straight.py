"""A statement that goes straight to the driver says what SQLAlchemy's own execution says, on both databases."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from inboxcrm.errors import StorageError
from inboxcrm.store.database import Database
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.straight import Straight
from inboxcrm.store.tables import setting
from tests.statements import statements_seen

NAMES = ["alice", "bob", "carol; DROP TABLE setting", "d%s?:x\u202e", ""]
_BY_KEY = select(setting.c.key, setting.c.value).order_by(setting.c.key)
ADD = Straight(
    insert(setting)
    .values({setting.c.key: bindparam("key"), setting.c.value: bindparam("value")})
    .inline()
)
ONE = Straight(_BY_KEY.where(setting.c.key == bindparam("wanted")).with_for_update())
ONE_READ = Straight(_BY_KEY.where(setting.c.key == bindparam("wanted")))
SOME = Straight(_BY_KEY.where(within(setting.c.key, "keys"), setting.c.value != "gone"))
FIRST = Straight(_BY_KEY.where(setting.c.key > bindparam("after")).limit(at_most(1)))
CHANGE = Straight(
    update(setting)
    .where(or_(setting.c.key == "alice", setting.c.key == bindparam("wanted")))
    .values({setting.c.value: bindparam("new_value")})
)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as tx:
        for name in NAMES:
            assert ADD.change(tx, key=f"x{name}", value=name.upper()) == 1
        ADD.change(tx, key="alice", value="1")
    return database


def test_values_come_back_as_they_went_in(filled: Database) -> None:
    with filled.write() as tx:
        for name in NAMES:
            found = ONE.first(tx, wanted=f"x{name}")
            assert found is not None
            assert tuple(found) == (f"x{name}", name.upper())
        assert ONE.first(tx, wanted="nobody") is None
        plain = tx.execute(_BY_KEY.where(setting.c.key.like("x%"))).all()
        found_all = SOME.all(tx, keys=[f"x{one}" for one in NAMES])
    assert [tuple(one) for one in found_all] == [tuple(one) for one in plain]


def test_it_counts_what_it_changed_and_is_undone_with_its_transaction(filled: Database) -> None:
    changed = 0
    with suppress(ZeroDivisionError), filled.write() as tx:
        changed = CHANGE.change(tx, wanted="xbob", new_value="2")
        raise ZeroDivisionError
    assert changed == 2
    with filled.read() as tx:
        assert tuple(ONE_READ.first(tx, wanted="xbob") or ()) == ("xbob", "BOB")
        assert [one[0] for one in FIRST.all(tx, after="xb")] == ["xbob"]


def test_whoever_counts_statements_sees_it(filled: Database) -> None:
    with filled.read() as tx, statements_seen(tx) as seen:
        assert tuple(ONE_READ.first(tx, wanted="xbob") or ()) == ("xbob", "BOB")
    assert len(seen) == 1


def test_a_reader_writes_nothing_by_it(filled: Database) -> None:
    with pytest.raises((StorageError, DBAPIError)), filled.read() as tx:
        CHANGE.change(tx, wanted="xbob", new_value="2")
    with filled.read() as tx:
        assert tuple(ONE_READ.first(tx, wanted="xbob") or ()) == ("xbob", "BOB")
