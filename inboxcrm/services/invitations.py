"""The links that make accounts: of the first start, and those an admin makes for others.

The account numbered 1 is there from the beginning, for the command line and for work done before anybody signs in.
The first admin takes it over with a name, an address and a password, so that what was done before stays theirs.
A link for the address of somebody who has an account lets them choose a new password; their role stays as it is.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.errors import FieldsError, NotFoundError
from inboxcrm.mail.addresses import match_key
from inboxcrm.services.owning import own_addresses_changed
from inboxcrm.services.passwords import hash_password, password_problem
from inboxcrm.services.people import note, refuse_all_but_admins
from inboxcrm.services.sessions import hash_of, open_session
from inboxcrm.store import accounts, sessions
from inboxcrm.store.accounts import InvitationRow
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

LOCAL_ACCOUNT = 1
FIRST_LINK_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(days=7)
NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Invitation:
    """`is_first`: it makes the first admin."""

    role: AccountRole
    address: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class ListedInvitation:
    id: str
    role: AccountRole
    address: str
    ends_at: datetime


def first_link(desk: Desk, *, now: datetime) -> str | None:
    """The token that makes the first admin; None as soon as somebody can sign in. Earlier ones are void."""
    with desk.database.write() as tx:
        if accounts.somebody_signs_in(tx):
            return None
        accounts.drop_first_links(tx)
        return _invite(tx, AccountRole.ADMIN, "", made_by=None, now=now, lasts=FIRST_LINK_LASTS)


def invite(desk: Desk, viewer: Viewer, *, role: str, address: str, now: datetime) -> str:
    """Returns the token of the link; it is shown once and stored as a hash."""
    refuse_all_but_admins(viewer)
    key = match_key(address)
    problems = {}
    if role not in set(AccountRole):
        problems["role"] = "Choose one of the roles."
    if address.strip() and not key:
        problems["address"] = 'This is no mail address; write it as in "bob@example.com".'
    if problems:
        raise FieldsError(problems)
    with desk.database.write() as tx:
        token = _invite(
            tx,
            AccountRole(role),
            key,
            made_by=viewer.account_id,
            now=now,
            lasts=INVITATION_LASTS,
        )
        note(tx, viewer, "invite", f"{key or 'whoever has the link'} as {role}", now)
    return token


def _invite(
    tx: Tx,
    role: AccountRole,
    address: str,
    *,
    made_by: int | None,
    now: datetime,
    lasts: timedelta,
) -> str:
    token = secrets.token_urlsafe(24)
    accounts.insert_invitation(
        tx,
        token_hash=hash_of(token),
        role=role.value,
        address=address,
        made_by=made_by,
        made_at=to_ms(now),
        ends_at=to_ms(now + lasts),
    )
    return token


def look_at_invitation(desk: Desk, token: str, *, now: datetime) -> Invitation | None:
    """What the link is good for; None where it is spent, over, or was never one."""
    with desk.database.read() as tx:
        found = _good_invitation(tx, token, now)
    return Invitation(found.role, found.address, found.made_by is None) if found else None


def _good_invitation(tx: Tx, token: str, now: datetime) -> InvitationRow | None:
    found = accounts.invitation_by_hash(tx, hash_of(token)) if token else None
    if found is None or found.used_at is not None or found.ends_at < to_ms(now):
        return None
    # Whoever printed a first link may not use it once somebody signs in.
    if found.made_by is None and accounts.somebody_signs_in(tx):
        return None
    return found


def accept_invitation(
    desk: Desk,
    token: str,
    *,
    name: str,
    address: str,
    password: str,
    browser: str,
    now: datetime,
) -> str:
    """Makes the account and opens its first session; returns the session's token. Raises FieldsError, NotFoundError."""
    name, key = " ".join(name.split())[:NAME_LENGTH], match_key(address)
    problems = {}
    if not name:
        problems["name"] = "Say what colleagues call you."
    if not key:
        problems["address"] = 'This is no mail address; write it as in "bob@example.com".'
    if problem := password_problem(password, address=address.strip(), name=name):
        problems["password"] = problem
    if problems:
        raise FieldsError(problems)
    password_hash = hash_password(password)
    with desk.database.write() as tx:
        found = _good_invitation(tx, token, now)
        if found is None or not accounts.use_invitation(tx, found.id, at=to_ms(now)):
            raise NotFoundError(
                "This link is good no more.", remedy="Ask for a new one; each works once."
            )
        if found.address and found.address != key:
            raise FieldsError({"address": "The link was made for another address."})
        held = accounts.account_by_address(tx, key)
        if held is not None and found.address != key:
            raise FieldsError({"address": "Somebody with this address has an account already."})
        if held is not None:
            accounts.update_account(tx, held.id, name=name, password_hash=password_hash)
            sessions.drop_sessions_of(tx, held.id)
            return open_session(tx, held.id, browser=browser, now=now, how="password_renewed")
        values = {"name": name, "role": found.role.value}
        values |= {"address": key, "password_hash": password_hash}
        if found.made_by is None:
            account_id = LOCAL_ACCOUNT
            accounts.update_account(tx, account_id, **values)
        else:
            account_id = accounts.insert_account(tx, created_at=to_ms(now), **values)
        own_addresses_changed(tx, desk)
        return open_session(tx, account_id, browser=browser, now=now, how="join")


def list_invitations(desk: Desk, viewer: Viewer, *, now: datetime) -> tuple[ListedInvitation, ...]:
    refuse_all_but_admins(viewer)
    with desk.database.read() as tx:
        rows = accounts.open_invitations(tx, now=to_ms(now))
    return tuple(
        ListedInvitation(
            desk.ids.seal("invitation", row.id), row.role, row.address, from_ms(row.ends_at)
        )
        for row in rows
    )


def withdraw_invitation(desk: Desk, viewer: Viewer, invitation_id: str, *, now: datetime) -> None:
    refuse_all_but_admins(viewer)
    number = desk.ids.open("invitation", invitation_id)
    with desk.database.write() as tx:
        if number is not None:
            accounts.drop_invitation(tx, number)
            note(tx, viewer, "invitation_withdrawn", "", now)
