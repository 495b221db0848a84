"""The people who sign in, their roles, and whether their account is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import AccountRole, Viewer, may_rule_people
from inboxcrm.errors import FieldsError, ForbiddenError, NotFoundError, RefusedError
from inboxcrm.store import accounts, sessions
from inboxcrm.store.accounts import AccountRow
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk


@dataclass(frozen=True, slots=True)
class Person:
    """`address` is empty for an account that nobody signs in to."""

    id: str
    name: str
    address: str
    role: AccountRole
    is_closed: bool
    is_viewer: bool


def list_people(desk: Desk, viewer: Viewer) -> tuple[Person, ...]:
    """Everybody, by name; colleagues may know each other."""
    with desk.database.read() as tx:
        rows = accounts.all_accounts(tx)
    people = [_person(desk, viewer, row) for row in rows]
    return tuple(sorted(people, key=lambda one: (one.is_closed, one.name.casefold())))


def _person(desk: Desk, viewer: Viewer, row: AccountRow) -> Person:
    return Person(
        desk.ids.seal("account", row.id),
        row.name,
        row.address,
        row.role,
        row.is_closed,
        row.id == viewer.account_id,
    )


def change_person(
    desk: Desk,
    viewer: Viewer,
    person_id: str,
    *,
    role: str | None = None,
    close: bool | None = None,
    now: datetime,
) -> str:
    """Another role, or closed, or opened again; returns the person's name. The last admin stays one."""
    refuse_all_but_admins(viewer)
    number = desk.ids.open("account", person_id)
    with desk.database.write() as tx:
        held = accounts.account_by_id(tx, number) if number is not None else None
        if held is None or not held.address:
            raise NotFoundError("There is no such account.", remedy="Reload the list of people.")
        if role is not None and role not in set(AccountRole):
            raise FieldsError({"role": "Choose one of the roles."})
        leaves = close or role not in {None, AccountRole.ADMIN.value}
        is_admin = held.role is AccountRole.ADMIN and not held.is_closed
        if leaves and is_admin and accounts.count_open_admins(tx) == 1:
            raise RefusedError(
                f"{held.name} is the only admin.", remedy="Make somebody else an admin first."
            )
        if role is not None:
            accounts.update_account(tx, held.id, role=AccountRole(role).value)
            note(tx, viewer, "role", f"{held.name}: {role}", now)
        if close is not None:
            accounts.update_account(tx, held.id, is_closed=close)
            note(tx, viewer, "account_closed" if close else "account_opened", held.name, now)
            if close:
                sessions.drop_sessions_of(tx, held.id)
    return held.name


def play_account(
    desk: Desk, *, name: str, role: AccountRole, now: datetime, account_id: int | None = None
) -> int:
    """An account nobody signs in to, for the demo: a new one, or the one named given name and role. Returns its id."""
    values = {"name": name, "role": role.value}
    with desk.database.write() as tx:
        if account_id is None:
            return accounts.insert_account(tx, created_at=to_ms(now), **values)
        accounts.update_account(tx, account_id, **values)
        return account_id


def refuse_all_but_admins(viewer: Viewer) -> None:
    if not may_rule_people(viewer):
        raise ForbiddenError(
            "Only an admin may do that.", remedy="Ask one; the list of people names them."
        )


def note_export(desk: Desk, viewer: Viewer, what: str) -> None:
    with desk.database.write() as tx:
        note(tx, viewer, "export", what, desk.clock.now())


def note(tx: Tx, viewer: Viewer, kind: str, about: str, now: datetime) -> None:
    sessions.note_audit(tx, at=to_ms(now), account_id=viewer.account_id, kind=kind, about=about)
