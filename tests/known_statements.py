"""Equal statements are compiled once a test process, not once a test; and no file of a test waits for the disk.

A program has one engine and compiles a statement once. Tests open a database each, so more time went into compiling than
into running what was compiled.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable
from typing import Any

import sqlalchemy
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from inboxcrm.store import engines

_MANY = 4000


class KnownStatements(dict[Hashable, Any]):
    """What SQLAlchemy compiled, by statement; its keys begin with the engine's dialect, of which there is one an engine."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        if len(self) > _MANY:
            self.clear()
        super().__setitem__((key[0].name, *key[1:]), compiled)


_known = KnownStatements()


def _create_engine(*words: Any, **options: Any) -> Engine:
    return sqlalchemy.create_engine(*words, **options, execution_options={"compiled_cache": _known})


def _let_go(connection: Any, _record: object) -> None:
    """The last connection to a file of SQLite writes its log back; that the disk has it matters to no test."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


engines.create_engine = _create_engine
event.listen(Pool, "close", _let_go)
