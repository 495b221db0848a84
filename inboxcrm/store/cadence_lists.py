"""Cadences and their mails as pages list them: one statement a list, by the index (cadence, state, id)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import ScalarSelect

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.store.cadences import CADENCES, CadenceRow
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.outbox import HAS_COPY
from inboxcrm.store.tables import (
    account,
    cadence,
    enrollment,
    lead,
    mailbox,
    message_copy,
    outbox,
    outbox_line,
    thread,
)
from inboxcrm.store.tables.cadences import NEEDS_SOMEBODY

_END_OF_TIME = 1 << 62


class MailRow(NamedTuple):
    """A mail in a list, with the last line of its life and the mail that one rests on; `parked_message_id`: the note of
    absence for which its enrollment rests, or rested.
    """

    id: int
    cadence_id: int
    cadence: str
    mailbox_id: int
    mailbox: str
    lead_id: int
    lead_name: str
    step_key: str
    to_address: str
    subject: str
    state: str
    due_at: int
    not_before_at: int
    waits_for: str
    handed_over_at: int | None
    line_at: int | None
    line: str | None
    line_message_id: int | None
    parked_message_id: int | None


class OneMail(NamedTuple):
    """What its own page says of a mail besides its lines. `thread_id`: where its sent copy lies, once that was read."""

    key: str
    template_version_id: int | None
    handed_over_at: int | None
    enrollment_id: int
    thread_id: int | None


@cache
def _cadence_page() -> Select[Any]:
    return (
        CADENCES.where(cadence.c.id < bindparam("before"))
        .order_by(cadence.c.id.desc())
        .limit(at_most("many"))
    )


def cadence_page(tx: Tx, *, before: int | None, limit: int) -> list[CadenceRow]:
    """Newest first."""
    asked = {"before": before or _END_OF_TIME, "many": limit}
    return [CadenceRow._make(row) for row in tx.execute(_cadence_page(), asked)]


def cadence_by_id(tx: Tx, cadence_id: int) -> CadenceRow | None:
    row = tx.execute(CADENCES.where(cadence.c.id == bindparam("id")), {"id": cadence_id}).first()
    return CadenceRow._make(row) if row else None


def counts_of_cadences(tx: Tx, cadence_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Cadence -> state of the outbox -> how many mails."""
    rows = tx.execute(
        select(outbox.c.cadence_id, outbox.c.state, func.count())
        .where(within(outbox.c.cadence_id, "ids"))
        .group_by(outbox.c.cadence_id, outbox.c.state),
        {"ids": cadence_ids},
    )
    found: dict[int, dict[str, int]] = {}
    for cadence_id, state, many in rows:
        found.setdefault(cadence_id, {})[state] = many
    return found


# --- mails -----------------------------------------------------------------------


_last_line: ScalarSelect[Any] = (
    select(func.max(outbox_line.c.id))
    .where(outbox_line.c.outbox_id == outbox.c.id)
    .correlate(outbox)
    .scalar_subquery()
)
_MAILS: Select[Any] = (
    select(
        outbox.c.id,
        outbox.c.cadence_id,
        cadence.c.name,
        outbox.c.mailbox_id,
        mailbox.c.name,
        outbox.c.lead_id,
        lead.c.name,
        outbox.c.step_key,
        outbox.c.to_address,
        outbox.c.subject,
        outbox.c.state,
        outbox.c.due_at,
        outbox.c.not_before_at,
        outbox.c.waits_for,
        outbox.c.handed_over_at,
        outbox_line.c.at,
        outbox_line.c.text,
        outbox_line.c.message_id,
        enrollment.c.parked_message_id,
    )
    .join(cadence, cadence.c.id == outbox.c.cadence_id)
    .join(mailbox, mailbox.c.id == outbox.c.mailbox_id)
    .join(lead, lead.c.id == outbox.c.lead_id)
    .join(enrollment, enrollment.c.id == outbox.c.enrollment_id)
    .outerjoin(outbox_line, outbox_line.c.id == _last_line)
    .order_by(outbox.c.id.desc())
)


@cache
def _numbers(states: tuple[str, ...]) -> Select[Any]:
    """The newest mails of each state, each by the index; together they hold the newest of all."""
    parts = []
    for state in states:
        part = (
            select(outbox.c.id)
            .where(
                outbox.c.cadence_id == bindparam("cadence_id"),
                outbox.c.state == state,
                outbox.c.id < bindparam("before"),
            )
            .order_by(outbox.c.id.desc())
            .limit(at_most("many"))
            .subquery()
        )
        parts.append(select(part.c.id))
    every = union_all(*parts).subquery()
    return select(every.c.id).order_by(every.c.id.desc()).limit(at_most("many"))


def mail_page(
    tx: Tx, cadence_id: int, states: Iterable[OutboxState], *, before: int | None, limit: int
) -> list[MailRow]:
    """Of one cadence in these states, newest first: two statements."""
    asked = {"cadence_id": cadence_id, "before": before or _END_OF_TIME, "many": limit}
    wanted = tuple(sorted(one.value for one in states))
    return _in_full(tx, list(tx.execute(_numbers(wanted), asked).scalars()))


def needing_somebody(
    tx: Tx, mailbox_ids: frozenset[int] | None, *, before: int | None, limit: int
) -> list[MailRow]:
    """Unconfirmed, unknown, failed and skipped ones of these mailboxes (None: of all), newest first."""
    numbers = _needing(mailbox_ids, before=before).order_by(outbox.c.id.desc())
    numbers = numbers.limit(at_most(limit))
    asked = {} if mailbox_ids is None else {"mailboxes": mailbox_ids}
    return _in_full(tx, list(tx.execute(numbers, asked).scalars()))


def count_needing(tx: Tx, mailbox_ids: frozenset[int] | None, *, most: int) -> int:
    """How many that are, no further than `most`: a read of the partial index."""
    some = _needing(mailbox_ids, before=None).limit(at_most(most)).subquery()
    asked = {} if mailbox_ids is None else {"mailboxes": mailbox_ids}
    found: int = tx.execute(select(func.count()).select_from(some), asked).scalar_one()
    return found


def _needing(mailbox_ids: frozenset[int] | None, *, before: int | None) -> Select[Any]:
    needs: ColumnElement[bool] = literal_column(NEEDS_SOMEBODY)
    found = select(outbox.c.id).where(needs, outbox.c.id < (before or _END_OF_TIME))
    return found if mailbox_ids is None else found.where(within(outbox.c.mailbox_id, "mailboxes"))


def _in_full(tx: Tx, ids: Collection[int]) -> list[MailRow]:
    rows = tx.execute(_MAILS.where(within(outbox.c.id, "ids")), {"ids": ids})
    return [MailRow._make(row) for row in rows]


def mails_in_full(tx: Tx, ids: Collection[int]) -> list[MailRow]:
    """Those with these ids, newest first."""
    return _in_full(tx, ids)


def mail_in_full(tx: Tx, outbox_id: int) -> MailRow | None:
    return next(iter(_in_full(tx, [outbox_id])), None)


_ONE: Select[Any] = (
    select(
        outbox.c.key,
        outbox.c.template_version_id,
        outbox.c.handed_over_at,
        outbox.c.enrollment_id,
        thread.c.id,
    )
    .select_from(outbox)
    .outerjoin(
        message_copy,
        and_(
            message_copy.c.mailbox_id == outbox.c.mailbox_id,
            message_copy.c.ref == outbox.c.ref,
            HAS_COPY,
        ),
    )
    .outerjoin(thread, thread.c.id == message_copy.c.thread_id)
    .where(outbox.c.id == bindparam("id"))
)


def rest_of_mail(tx: Tx, outbox_id: int) -> OneMail | None:
    row = tx.execute(_ONE, {"id": outbox_id}).first()
    return OneMail._make(row) if row else None


def name_of_account(tx: Tx, account_id: int) -> str:
    found: str | None = tx.execute(
        select(account.c.name).where(account.c.id == bindparam("id")), {"id": account_id}
    ).scalar()
    return found or ""
