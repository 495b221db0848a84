from __future__ import annotations

from inboxcrm.store.database import Database
from inboxcrm.store.settings import get_setting, opaque_key, set_setting


def test_a_setting_is_kept_and_replaced(database):
    with database.write() as tx:
        assert get_setting(tx, "colour") is None
        set_setting(tx, "colour", "green")
        set_setting(tx, "colour", "blue")
    with database.read() as tx:
        assert get_setting(tx, "colour") == "blue"


def test_the_opaque_key_is_made_once_and_survives_a_restart(database, database_url):
    key = opaque_key(database)
    assert len(key) == 32
    with Database.open(database_url) as reopened:
        assert opaque_key(reopened) == key


def test_two_installations_have_two_keys(empty_url, database):
    with Database.open(empty_url) as other:
        assert opaque_key(other) != opaque_key(database)
