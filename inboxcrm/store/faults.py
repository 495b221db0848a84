"""What a driver's error means for a person, and what to do about it.

Bugs (wrong SQL, broken keys) are not translated.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from inboxcrm.errors import DatabaseBusyError, StorageError

DRIVER_ERRORS = (DBAPIError, PoolTimeoutError, sqlite3.Error)

_BUSY = (
    "The database {where} is busy: another process has held its lock for too long.",
    "Let the other inboxcrm process finish (or stop it), then try again. Nothing was changed.",
)
_FULL = (
    "The disk of the database {where} is full. Nothing of this step was stored.",
    "Free some space, then run the same command again: it goes on where it stopped.",
)
_READONLY = (
    "The database {where} may not be written by this user.",
    "Give this user the right to write the file and its folder.",
)
_UNOPENED = (
    "The database {where} cannot be opened.",
    "Check that its folder exists and that this user may read and write it.",
)
_NOT_A_DATABASE = (
    "The file {where} is not a SQLite database.",
    "Mend [database] url, or move the file away to start with an empty database.",
)
_DAMAGED = (
    "The database {where} is damaged.",
    "Move the file away, then bring the last backup back: inboxcrm db restore PATH.",
)
_DISK = (
    "The disk of the database {where} failed while reading or writing.",
    "Check the disk, then try again. Nothing of this step was stored.",
)
_SQLITE = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READONLY,
    sqlite3.SQLITE_PERM: _READONLY,
    sqlite3.SQLITE_CANTOPEN: _UNOPENED,
    sqlite3.SQLITE_NOTADB: _NOT_A_DATABASE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_IOERR: _DISK,
}

_UNREACHED = (
    "The database server of {where} does not let us in: {said}",
    "Check that PostgreSQL runs there and that database, user and password are right.",
)
_LOST = (
    "The connection to the database {where} was lost: {said}",
    "Check that PostgreSQL runs, then try again. Nothing of this step was stored.",
)
_DENIED = (
    "The database user of {where} lacks a right: {said}",
    "Let the user of [database] url own the database.",
)
# By SQLSTATE, whole or by its class (the first two characters).
_POSTGRESQL = {
    "55P03": _BUSY,
    "57014": _BUSY,
    "40P01": _BUSY,
    "40001": _BUSY,
    "53300": _UNREACHED,
    "53100": _FULL,
    "42501": _DENIED,
    "28": _UNREACHED,
    "3D": _UNREACHED,
    "08": _LOST,
    "57": _LOST,
    "58": _DISK,
    "XX": _DAMAGED,
}


@contextmanager
def plainly(where: str) -> Iterator[None]:
    """What a driver raises inside leaves as a StorageError, if it is one."""
    try:
        yield
    except DRIVER_ERRORS as error:
        meant = storage_error(error, where=where)
        if meant is None:
            raise
        raise meant from error


def storage_error(error: BaseException, *, where: str) -> StorageError | None:
    """The error to raise instead; None where the program is wrong and a traceback is right."""
    if isinstance(error, PoolTimeoutError):
        return _made(_BUSY, where, "")
    cause = error.orig if isinstance(error, DBAPIError) else error
    said = _first_line(cause)
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        found = None if code is None else _SQLITE.get(code & 0xFF)
        return None if found is None else _made(found, where, said)
    state = getattr(cause, "sqlstate", None) or ""
    found = _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    if found is None and not state and isinstance(error, OperationalError):
        # Without a code no server answered: none is there, or it went away in the middle.
        found = _LOST if error.connection_invalidated else _UNREACHED
    return None if found is None else _made(found, where, said)


def _made(texts: tuple[str, str], where: str, said: str) -> StorageError:
    message, remedy = texts
    kind = DatabaseBusyError if texts is _BUSY else StorageError
    return kind(message.format(where=where, said=said), remedy=remedy)


def _first_line(cause: BaseException | None) -> str:
    return (str(cause).strip().splitlines() or [""])[0][:300]
