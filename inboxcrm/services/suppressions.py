"""Suppression: said once, it holds for every cadence, every mailbox and everybody in the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer, may_change_leads
from inboxcrm.errors import ForbiddenError, UsageError
from inboxcrm.mail.addresses import domain_to_ascii, match_key
from inboxcrm.services.lead_changes import now_ms
from inboxcrm.store import suppressions as rows
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.upserts import one_at_a_time

BY_PERSON = "person"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """`scope` is address or domain."""

    scope: str
    subject: str
    reason: str
    source: str
    since: datetime


def suppress(
    desk: Desk, viewer: Viewer, subject: str, *, reason: str = BY_PERSON, source: str = ""
) -> bool:
    """False where it stood already. Whoever is about to send sees it from its commit on."""
    refuse_strangers_to_it(viewer)
    scope, key = read_subject(subject)
    with desk.database.write() as tx:
        one_at_a_time(tx)
        return rows.suppress(
            tx,
            scope=scope,
            subject=key,
            reason=reason,
            source=source,
            account_id=viewer.account_id,
            at=now_ms(desk),
        )


def release(desk: Desk, viewer: Viewer, subject: str) -> bool:
    """False where nothing stood."""
    refuse_strangers_to_it(viewer)
    scope, key = read_subject(subject)
    with desk.database.write() as tx:
        return rows.release(tx, scope=scope, subject=key, at=now_ms(desk))


def suppressed(desk: Desk, viewer: Viewer) -> list[Suppressed]:
    del viewer  # the list is everybody's: nobody may write to whom it names
    with desk.database.read() as tx:
        found = rows.all_suppressed(tx)
    return [
        Suppressed(one.scope, one.subject, one.reason, one.source, from_ms(one.first_at))
        for one in found
    ]


def read_subject(subject: str) -> tuple[str, str]:
    """(address or domain, its key). Raises UsageError."""
    said = subject.strip()
    if "@" in said.lstrip("@"):
        key = match_key(said)
        if key:
            return "address", key
    elif "." in said:
        domain = domain_to_ascii(said.lstrip("@").lower())
        if domain:
            return "domain", domain
    raise UsageError(
        f'"{said[:200]}" is neither a mail address nor a domain.',
        remedy="Write it like bob@firm.example or firm.example.",
    )


def refuse_strangers_to_it(viewer: Viewer) -> None:
    if not may_change_leads(viewer):
        raise ForbiddenError("You may not change who is suppressed.", remedy="Ask an admin.")
