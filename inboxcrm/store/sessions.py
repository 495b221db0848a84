"""Sessions that are open, and the audit log. Times are machine time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from inboxcrm.access.viewer import AccountRole
from inboxcrm.store.database import Tx
from inboxcrm.store.tables import account, audit, session


@dataclass(frozen=True, slots=True)
class SessionRow:
    id: int
    account_id: int
    browser: str
    made_at: int
    seen_at: int


@dataclass(frozen=True, slots=True)
class AuditRow:
    """`who` is empty for what nobody in particular did."""

    id: int
    at: int
    who: str
    kind: str
    about: str


_COLUMNS = tuple(session.c[name] for name in SessionRow.__dataclass_fields__)
_OPEN = (
    select(*_COLUMNS, account.c.name, account.c.role)
    .join(account, account.c.id == session.c.account_id)
    .where(session.c.token_hash == bindparam("token_hash"), account.c.is_closed.is_(False))
)
_OF = (
    select(*_COLUMNS)
    .where(session.c.account_id == bindparam("account_id"))
    .order_by(session.c.seen_at.desc(), session.c.id.desc())
)


def insert_session(tx: Tx, **values: Any) -> int:
    made: int = tx.execute(session.insert().values(**values).returning(session.c.id)).scalar_one()
    return made


def session_by_hash(tx: Tx, token_hash: str) -> tuple[SessionRow, str, AccountRole] | None:
    """The session with its account's name and role; None also where the account is closed."""
    row = tx.execute(_OPEN, {"token_hash": token_hash}).first()
    return (SessionRow(*row[:5]), row[5], AccountRole(row[6])) if row else None


def sessions_of(tx: Tx, account_id: int) -> list[SessionRow]:
    return [SessionRow(*row) for row in tx.execute(_OF, {"account_id": account_id})]


def session_by_id(tx: Tx, session_id: int) -> SessionRow | None:
    row = tx.execute(select(*_COLUMNS).where(session.c.id == session_id)).first()
    return SessionRow(*row) if row else None


def touch_session(tx: Tx, session_id: int, *, at: int) -> None:
    tx.execute(update(session).where(session.c.id == session_id).values(seen_at=at))


def drop_session(tx: Tx, session_id: int) -> None:
    tx.execute(delete(session).where(session.c.id == session_id))


def drop_sessions_of(tx: Tx, account_id: int, *, but: int | None = None) -> None:
    statement = delete(session).where(session.c.account_id == account_id)
    tx.execute(statement if but is None else statement.where(session.c.id != but))


def drop_old_sessions(tx: Tx, *, made_before: int, seen_before: int) -> None:
    tx.execute(
        delete(session).where((session.c.made_at < made_before) | (session.c.seen_at < seen_before))
    )


def note_audit(tx: Tx, *, at: int, account_id: int | None, kind: str, about: str = "") -> None:
    tx.execute(audit.insert().values(at=at, account_id=account_id, kind=kind, about=about[:500]))


def audit_page(tx: Tx, *, before: int | None, many: int) -> list[AuditRow]:
    """Newest first."""
    statement = (
        select(audit.c.id, audit.c.at, account.c.name, audit.c.kind, audit.c.about)
        .outerjoin(account, account.c.id == audit.c.account_id)
        .order_by(audit.c.id.desc())
        .limit(many)
    )
    if before is not None:
        statement = statement.where(audit.c.id < before)
    return [AuditRow(row[0], row[1], row[2] or "", row[3], row[4]) for row in tx.execute(statement)]
