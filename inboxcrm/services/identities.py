"""Signing in with an account elsewhere: whom it opens which account to, and who may make one by it.

First match wins:
1. the account that has signed in with this very identity before (by the provider's subject, never by address)
2. the account with that address, if the provider vouches for it: from then on the two belong together
3. somebody of an allowed domain or address: a new account, as a rep
Anybody else is refused. The first admin is made by the printed link alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import AccountRole
from inboxcrm.errors import RefusedError
from inboxcrm.mail.addresses import domain_to_ascii, match_key
from inboxcrm.ports import Identified
from inboxcrm.services.owning import own_addresses_changed
from inboxcrm.services.sessions import open_session
from inboxcrm.store import accounts, sessions
from inboxcrm.store.accounts import AccountRow
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """Who may make an account by signing in elsewhere: domains (as the provider's directory names them), match keys."""

    domains: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


class StrangerError(RefusedError):
    """`address` is who they are elsewhere; here it says nothing to anybody."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"{address} has no account here.",
            remedy="Ask an admin for a link, or sign in with another account.",
        )


def sign_in_elsewhere(
    desk: Desk, who: Identified, policy: SignInPolicy, *, browser: str, now: datetime
) -> str:
    """The token of a new session. Raises StrangerError, which is all a closed account is told too."""
    identity = f"{who.provider}:{who.subject}"
    key = match_key(who.address)
    with desk.database.write() as tx:
        held = _account(tx, identity, key, who)
        if held is not None and not held.is_closed:
            return open_session(tx, held.id, browser=browser, now=now)
        if held is None and _may_join(tx, who, key, policy):
            made = accounts.insert_account(
                tx,
                name=" ".join(who.name.split())[:100] or key,
                role=AccountRole.REP.value,
                address=key,
                identity=identity,
                created_at=to_ms(now),
            )
            own_addresses_changed(tx, desk)
            return open_session(tx, made, browser=browser, now=now, how="join")
        sessions.note_audit(
            tx,
            at=to_ms(now),
            account_id=held.id if held else None,
            kind="sign_in_failed",
            about=f"as {key} of {who.provider}",
        )
    raise StrangerError(who.address)


def _account(tx: Tx, identity: str, key: str, who: Identified) -> AccountRow | None:
    held = accounts.account_by_identity(tx, identity)
    if held is not None or not who.vouches:
        return held
    held = accounts.account_by_address(tx, key)
    if held is None or held.identity:
        return None
    if not held.is_closed:
        accounts.update_account(tx, held.id, identity=identity)
    return held


def _may_join(tx: Tx, who: Identified, key: str, policy: SignInPolicy) -> bool:
    if not key or accounts.account_by_address(tx, key) or not accounts.somebody_signs_in(tx):
        return False
    is_colleague = bool(who.domain) and domain_to_ascii(who.domain) in policy.domains
    return is_colleague or (who.vouches and key in policy.addresses)
