"""Signing in with address and password: as slow for nobody as for somebody, and only so often."""

from __future__ import annotations

from datetime import datetime, timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import FieldsError, RefusedError
from inboxcrm.mail.addresses import match_key
from inboxcrm.services.passwords import (
    check_password,
    hash_password,
    is_outdated,
    password_problem,
)
from inboxcrm.services.people import note
from inboxcrm.services.sessions import open_session
from inboxcrm.store import accounts, sessions
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.desk import Desk

FAILURES_PER_ADDRESS = 8
FAILURES_PER_ORIGIN = 40
FAILURES_WITHIN = timedelta(minutes=15)


class SignInError(RefusedError):
    """One message for a wrong address, a wrong password and a closed account: nobody learns which."""

    def __init__(self) -> None:
        super().__init__(
            "Address and password do not fit together.",
            remedy="Check both. Who forgot the password asks an admin for a new link.",
        )


class TooManyAttemptsError(RefusedError):
    def __init__(self) -> None:
        super().__init__(
            "There were too many attempts.", remedy="Wait a quarter of an hour, then try again."
        )


def sign_in(
    desk: Desk, *, address: str, password: str, origin: str, browser: str, now: datetime
) -> str:
    """The token of a new session. Raises SignInError, or TooManyAttemptsError before anything is looked at.

    1. too many failures of this address or from this origin within a quarter of an hour: no
    2. the password is checked outside of any transaction, as long for nobody as for somebody
    3. a failure is counted and written down; a success forgets the address's failures
    """
    key = match_key(address) or address.strip().casefold()[:200]
    buckets = {f"address:{key}": FAILURES_PER_ADDRESS, f"origin:{origin}": FAILURES_PER_ORIGIN}
    since = to_ms(now - FAILURES_WITHIN)
    with desk.database.read() as tx:
        for bucket, most in buckets.items():
            failures, first_at = accounts.failures_of(tx, bucket)
            if failures >= most and first_at >= since:
                raise TooManyAttemptsError
        found = accounts.account_by_address(tx, key)
    fits = check_password(found.password_hash if found else "", password)
    if found is None or not fits or found.is_closed:
        with desk.database.write() as tx:
            for bucket in buckets:
                accounts.note_failure(tx, bucket, now=to_ms(now), since=since)
            sessions.note_audit(
                tx,
                at=to_ms(now),
                account_id=found.id if found else None,
                kind="sign_in_failed",
                about=f"from {origin}",
            )
        raise SignInError
    with desk.database.write() as tx:
        accounts.forget_failures(tx, f"address:{key}")
        if is_outdated(found.password_hash):
            accounts.update_account(tx, found.id, password_hash=hash_password(password))
        return open_session(tx, found.id, browser=browser, now=now)


def enter_as(desk: Desk, account_id: int, *, browser: str, now: datetime) -> str:
    """For the one-time link of the demo: a session without a password."""
    with desk.database.write() as tx:
        return open_session(tx, account_id, browser=browser, now=now)


def change_password(
    desk: Desk, viewer: Viewer, *, old: str, new: str, session_id: str, now: datetime
) -> None:
    """Ends every other session of the account."""
    with desk.database.read() as tx:
        held = accounts.account_by_id(tx, viewer.account_id)
    problems = {}
    if held is None or not check_password(held.password_hash, old):
        problems["old"] = "This is not your password."
    if held and (problem := password_problem(new, address=held.address, name=held.name)):
        problems["new"] = problem
    if problems:
        raise FieldsError(problems)
    made = hash_password(new)
    with desk.database.write() as tx:
        accounts.update_account(tx, viewer.account_id, password_hash=made)
        this = desk.ids.open("session", session_id)
        sessions.drop_sessions_of(tx, viewer.account_id, but=this)
        note(tx, viewer, "password_changed", "", now)
