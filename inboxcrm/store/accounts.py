"""Accounts, the links that make them, and failed sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.tables import account, attempt, invitation, mailbox, mailbox_member
from inboxcrm.store.upserts import insert_or_ignore


@dataclass(frozen=True, slots=True)
class AccountRow:
    """`address` is empty where nobody signs in as this account yet."""

    id: int
    name: str
    role: AccountRole
    address: str
    password_hash: str
    identity: str
    zone: str
    is_closed: bool
    created_at: int

    def __repr__(self) -> str:
        return f"AccountRow(id={self.id}, name={self.name!r}, role={self.role})"


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """`made_by` is None for the link of the first start."""

    id: int
    role: AccountRole
    address: str
    made_by: int | None
    ends_at: int
    used_at: int | None


_COLUMNS = tuple(account.c[name] for name in AccountRow.__dataclass_fields__)
_ACCOUNTS = select(*_COLUMNS).order_by(account.c.id)
_ADDRESSES = select(account.c.address).where(account.c.address != "")
_INVITATION = select(*(invitation.c[name] for name in InvitationRow.__dataclass_fields__))
_BOXES = (
    select(mailbox.c.id, mailbox.c.owner_id, mailbox.c.visibility, mailbox_member.c.account_id)
    .outerjoin(
        mailbox_member,
        (mailbox_member.c.mailbox_id == mailbox.c.id)
        & (mailbox_member.c.account_id == bindparam("account_id")),
    )
    .order_by(mailbox.c.id)
)


def _row(values: Any) -> AccountRow:
    held = list(values)
    held[2] = AccountRole(held[2])
    return AccountRow(*held)


def all_accounts(tx: Tx) -> list[AccountRow]:
    return [_row(row) for row in tx.execute(_ACCOUNTS)]


def account_by_id(tx: Tx, account_id: int) -> AccountRow | None:
    row = tx.execute(_ACCOUNTS.where(account.c.id == account_id)).first()
    return _row(row) if row else None


def account_by_address(tx: Tx, address: str) -> AccountRow | None:
    """By match key; an empty one belongs to nobody."""
    row = tx.execute(_ACCOUNTS.where(account.c.address == address)).first() if address else None
    return _row(row) if row else None


def account_by_identity(tx: Tx, identity: str) -> AccountRow | None:
    row = tx.execute(_ACCOUNTS.where(account.c.identity == identity)).first() if identity else None
    return _row(row) if row else None


def sign_in_addresses(tx: Tx) -> list[str]:
    """Of everybody who signs in, closed accounts included: who left was still one of us when they wrote."""
    return list(tx.execute(_ADDRESSES).scalars())


def somebody_signs_in(tx: Tx) -> bool:
    signs_in = select(account.c.id).where(account.c.address != "").limit(1)
    return tx.execute(signs_in).first() is not None


def count_open_admins(tx: Tx) -> int:
    return tx.execute(
        select(func.count())
        .select_from(account)
        .where(
            account.c.role == AccountRole.ADMIN.value,
            account.c.address != "",
            account.c.is_closed.is_(False),
        )
    ).scalar_one()


def insert_account(tx: Tx, **values: Any) -> int:
    made: int = tx.execute(account.insert().values(**values).returning(account.c.id)).scalar_one()
    return made


def update_account(tx: Tx, account_id: int, **values: Any) -> None:
    tx.execute(update(account).where(account.c.id == account_id).values(**values))


def viewer_of(tx: Tx, account_id: int, role: AccountRole) -> Viewer:
    """Reads by mailbox: one's own, those one is a member of, those shared with all; of some only the subjects."""
    readable: set[int] = set()
    subjects: set[int] = set()
    boxes = tx.execute(_BOXES, {"account_id": account_id}).all()
    for mailbox_id, owner_id, visibility, member in boxes:
        if visibility == "shared" or owner_id == account_id or member is not None:
            readable.add(mailbox_id)
        elif visibility == "subjects":
            subjects.add(mailbox_id)
    all_of_it = len(readable) == len(boxes)
    return Viewer(account_id, role, None if all_of_it else frozenset(readable), frozenset(subjects))


# --- links --------------------------------------------------------------------


def insert_invitation(tx: Tx, **values: Any) -> None:
    tx.execute(invitation.insert().values(**values))


def invitation_by_hash(tx: Tx, token_hash: str) -> InvitationRow | None:
    row = tx.execute(_INVITATION.where(invitation.c.token_hash == token_hash)).first()
    return _as_invitation(row) if row else None


def open_invitations(tx: Tx, *, now: int) -> list[InvitationRow]:
    rows = tx.execute(
        _INVITATION.where(invitation.c.used_at.is_(None), invitation.c.ends_at > now).order_by(
            invitation.c.id
        )
    )
    return [_as_invitation(row) for row in rows]


def _as_invitation(row: Any) -> InvitationRow:
    return InvitationRow(row[0], AccountRole(row[1]), *row[2:])


def use_invitation(tx: Tx, invitation_id: int, *, at: int) -> bool:
    """False when somebody else used it first."""
    done = tx.execute(
        update(invitation)
        .where(invitation.c.id == invitation_id, invitation.c.used_at.is_(None))
        .values(used_at=at)
    )
    return done.rowcount == 1


def drop_invitation(tx: Tx, invitation_id: int) -> None:
    tx.execute(delete(invitation).where(invitation.c.id == invitation_id))


def drop_first_links(tx: Tx) -> None:
    """Links of earlier starts: only the last one printed is good."""
    tx.execute(
        delete(invitation).where(invitation.c.made_by.is_(None), invitation.c.used_at.is_(None))
    )


# --- failed sign-ins ----------------------------------------------------------


def failures_of(tx: Tx, key: str) -> tuple[int, int]:
    """(failures, when the first of them was); (0, 0) for none."""
    row = tx.execute(
        select(attempt.c.failures, attempt.c.first_at).where(attempt.c.key == key)
    ).first()
    return (row[0], row[1]) if row else (0, 0)


def note_failure(tx: Tx, key: str, *, now: int, since: int) -> None:
    """One more; what began before `since` is forgotten."""
    tx.execute(delete(attempt).where(attempt.c.first_at < since))
    insert_or_ignore(tx, attempt, [{"key": key, "failures": 0, "first_at": now}])
    tx.execute(update(attempt).where(attempt.c.key == key).values(failures=attempt.c.failures + 1))


def forget_failures(tx: Tx, key: str) -> None:
    tx.execute(delete(attempt).where(attempt.c.key == key))
