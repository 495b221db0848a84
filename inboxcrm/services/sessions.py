"""Sessions: opened at sign-in, looked up at every request, ended by time, by the person or by an admin.

The browser holds a random token, the database its hash. A session ends after 7 days without use and after 30 days in
any case (OWASP Session Management: idle and absolute timeout). Time here is machine time: a demo's fast clock ends
nobody's session.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxcrm.access.viewer import Viewer, may_end_session
from inboxcrm.errors import NotFoundError
from inboxcrm.store import sessions
from inboxcrm.store.accounts import viewer_of
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.settings import stored_secret

IDLE = timedelta(days=7)
ABSOLUTE = timedelta(days=30)
TOUCH_EVERY = timedelta(minutes=5)
BROWSER_LENGTH = 200


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Who is signed in, as what, and which of their sessions this is (an opaque id)."""

    id: str
    viewer: Viewer
    name: str


@dataclass(frozen=True, slots=True)
class ListedSession:
    id: str
    browser: str
    made_at: datetime
    seen_at: datetime
    is_this: bool


def cookie_key(desk: Desk) -> bytes:
    """Signs cookies; the same after a restart and in every process."""
    return stored_secret(desk.database, "cookie_key")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def open_session(
    tx: Tx, account_id: int, *, browser: str, now: datetime, how: str = "sign_in"
) -> str:
    """Returns the token for the browser. The moment to throw away what has ended."""
    token = secrets.token_urlsafe(32)
    at = to_ms(now)
    sessions.drop_old_sessions(tx, made_before=to_ms(now - ABSOLUTE), seen_before=to_ms(now - IDLE))
    sessions.insert_session(
        tx,
        token_hash=hash_of(token),
        account_id=account_id,
        browser=browser[:BROWSER_LENGTH],
        made_at=at,
        seen_at=at,
    )
    sessions.note_audit(tx, at=at, account_id=account_id, kind=how)
    return token


def find_session(desk: Desk, token: str, *, now: datetime) -> OpenSession | None:
    """Two reads. The time of last use is written at most every five minutes."""
    if not token:
        return None
    with desk.database.read() as tx:
        found = sessions.session_by_hash(tx, hash_of(token))
        if found is None:
            return None
        row, name, role = found
        viewer = viewer_of(tx, row.account_id, role)
    if _is_over(row, now):
        return None
    if to_ms(now - TOUCH_EVERY) > row.seen_at:
        with desk.database.write() as tx:
            sessions.touch_session(tx, row.id, at=to_ms(now))
    return OpenSession(desk.ids.seal("session", row.id), viewer, name)


def _is_over(row: sessions.SessionRow, now: datetime) -> bool:
    return row.made_at < to_ms(now - ABSOLUTE) or row.seen_at < to_ms(now - IDLE)


def end_session(desk: Desk, viewer: Viewer, session_id: str, *, now: datetime) -> None:
    """Signing out, or ending a session elsewhere."""
    number = desk.ids.open("session", session_id)
    with desk.database.write() as tx:
        row = sessions.session_by_id(tx, number) if number is not None else None
        if row is None or not may_end_session(viewer, row.account_id):
            raise NotFoundError("There is no such session.", remedy="It may have ended already.")
        sessions.drop_session(tx, row.id)
        sessions.note_audit(tx, at=to_ms(now), account_id=viewer.account_id, kind="sign_out")


def end_other_sessions(desk: Desk, viewer: Viewer, session_id: str, *, now: datetime) -> None:
    with desk.database.write() as tx:
        sessions.drop_sessions_of(tx, viewer.account_id, but=desk.ids.open("session", session_id))
        sessions.note_audit(
            tx, at=to_ms(now), account_id=viewer.account_id, kind="sign_out", about="elsewhere"
        )


def list_sessions(
    desk: Desk, viewer: Viewer, *, this: str, now: datetime
) -> tuple[ListedSession, ...]:
    """One's own that are still good, the one last used first."""
    with desk.database.read() as tx:
        rows = sessions.sessions_of(tx, viewer.account_id)
    listed = []
    for row in rows:
        if not _is_over(row, now):
            sealed = desk.ids.seal("session", row.id)
            made, seen = from_ms(row.made_at), from_ms(row.seen_at)
            listed.append(ListedSession(sealed, row.browser, made, seen, is_this=sealed == this))
    return tuple(listed)
