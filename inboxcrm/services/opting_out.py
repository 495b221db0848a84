"""Somebody wants no more of it, by a button, a link, or a mail to the address a mail names: one effect for all ways.

The address the mail went to is suppressed for the whole house, and every enrollment of its lead, or that writes to this
address, stops. What is said about the same mail again changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from inboxcrm.cadence.gate import Effect, Reason
from inboxcrm.cadence.stops import StopReason
from inboxcrm.cadence.unsubscribe import INERT, decoy, is_token, marker, masked
from inboxcrm.errors import UsageError
from inboxcrm.services.lead_changes import now_ms
from inboxcrm.services.stopping import stop_for
from inboxcrm.store import heard_mail, suppressions
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.enrollments import enrollments_of_person
from inboxcrm.store.heard_mail import Heard
from inboxcrm.store.outbox import OutboxRow, mail_by_key
from inboxcrm.store.upserts import one_at_a_time

_BY_PAGE = "by the unsubscribe link of a mail"


@dataclass(frozen=True, slots=True)
class OptOut:
    """How many addresses were suppressed and enrollments stopped that were not before."""

    suppressed: int = 0
    stopped: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a link speaks of: `address` masked; `marker` proves that this installation wrote the page."""

    address: str
    marker: str


def ask_about(desk: Desk, token: str, *, secret: bytes) -> Asked:
    """What the page says of a token. Changes nothing. Raises UsageError for what cannot be a token."""
    _refuse_broken(token)
    with desk.database.read() as tx:
        return _asked(tx, token, secret)


def opt_out_by_link(desk: Desk, token: str, *, secret: bytes) -> Asked:
    """Done where somebody was sent that token, and the same answer where nobody was. Raises UsageError as `ask_about`.

    On the disk when it returns: a promise to a stranger has to outlive the machine.
    """
    _refuse_broken(token)
    with desk.database.write(durable=True) as tx:
        one_at_a_time(tx)
        mail = mail_by_key(tx, token)
        if mail is not None:
            at = now_ms(desk)
            opt_out(tx, mail, said=_BY_PAGE, asked_at=at, at=at)
        return _asked(tx, token, secret)


def opt_out(
    tx: Tx, mail: OutboxRow, *, said: str, asked_at: int, at: int, message: Heard | None = None
) -> OptOut:
    """Whoever got `mail` wants no more. `said`: how they told us; `message`: the mail that tells it, where one does.

    Times in ms. The caller's transaction runs one at a time with those that send.
    """
    found = heard_mail.concerned(
        tx, {mail.enrollment_id, *enrollments_of_person(tx, mail.enrollment_id)}, mailbox_id=None
    )
    key = found[mail.enrollment_id].address_key
    suppressed = suppress_asked(
        tx, {key}, reason=StopReason.OPT_OUT, source=said, asked_at=asked_at, at=at, message=message
    )
    day = from_ms(asked_at)
    reason = Reason(
        StopReason.OPT_OUT.value,
        Effect.STOP,
        f"{key} asked on {day.day} {day:%B %Y} not to be written to, {said}.",
        message_id=message.id if message else None,
    )
    written = (message.sent_at, message.key) if message else (0, "")
    stopped = sum(
        stop_for(tx, one.id, reason, written=written, at=at)
        for one in found.values()
        if one.id == mail.enrollment_id or one.enrolled_at <= asked_at
    )
    return OptOut(suppressed, stopped)


def suppress_asked(
    tx: Tx,
    keys: Collection[str],
    *,
    reason: StopReason,
    source: str,
    asked_at: int,
    at: int,
    message: Heard | None,
) -> int:
    """How many of these addresses were not suppressed before. Where a person took one off after what was asked at
    `asked_at`, knowing of it, it stays off.
    """
    count = 0
    for key in sorted(keys):
        released = suppressions.released_at(tx, scope="address", subject=key)
        if released is None or released < asked_at:
            count += suppressions.suppress(
                tx,
                scope="address",
                subject=key,
                reason=reason.value,
                source=source[:300],
                account_id=None,
                at=at,
                message_id=message.id if message else None,
            )
    return count


def _asked(tx: Tx, token: str, secret: bytes) -> Asked:
    if token == INERT:
        return Asked(masked(""), marker(secret, token))
    mail = mail_by_key(tx, token)
    shown = decoy(secret, token)
    if mail is not None:
        found = heard_mail.concerned(tx, {mail.enrollment_id}, mailbox_id=None)
        shown = masked(found[mail.enrollment_id].address_key)
    return Asked(shown, marker(secret, token))


def _refuse_broken(token: str) -> None:
    if not is_token(token):
        raise UsageError("This link is not complete.", remedy="Open it from the mail once more.")
