"""What people said a mail is, against the rules: written down, held by the mail itself, taken back."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import account, lead_link, message, message_verdict


class RuledRow(NamedTuple):
    """A mail and its verdict as it stands."""

    direction: str
    kind: str
    rule: str
    evidence: str


class SaidRow(NamedTuple):
    """A person's word, and what the rules had found. `replaced_at` None: it holds."""

    said: str
    back_on: str
    rule_kind: str
    rule: str
    rule_evidence: str
    account: str
    made_at: int
    replaced_at: int | None


_SAID = (
    select(
        message_verdict.c.message_id,
        message_verdict.c.said,
        message_verdict.c.back_on,
        message_verdict.c.rule_kind,
        message_verdict.c.rule,
        message_verdict.c.rule_evidence,
        account.c.name,
        message_verdict.c.made_at,
        message_verdict.c.replaced_at,
    )
    .outerjoin(account, account.c.id == message_verdict.c.account_id)
    .where(within(message_verdict.c.message_id, "ids"))
    .order_by(message_verdict.c.id.desc())
)


def verdict_on_mail(tx: Tx, message_id: int) -> RuledRow:
    row = tx.execute(
        select(
            message.c.direction, message.c.kind, message.c.kind_rule, message.c.kind_evidence
        ).where(message.c.id == bindparam("id")),
        {"id": message_id},
    ).one()
    return RuledRow._make(row)


def words_on_mails(tx: Tx, message_ids: Collection[int]) -> dict[int, list[SaidRow]]:
    """Everything people said of these mails, the latest first; what was taken back or replaced included."""
    found: dict[int, list[SaidRow]] = {}
    for row in tx.execute(_SAID, {"ids": message_ids}):
        found.setdefault(row[0], []).append(SaidRow._make((*row[1:6], row[6] or "", *row[7:])))
    return found


def words_on(tx: Tx, message_id: int) -> list[SaidRow]:
    return words_on_mails(tx, [message_id]).get(message_id, [])


def word_that_holds(tx: Tx, message_id: int) -> SaidRow | None:
    return next((one for one in words_on(tx, message_id) if one.replaced_at is None), None)


def replace_word(tx: Tx, message_id: int, *, at: int) -> None:
    """Whatever holds does so no longer."""
    tx.execute(
        update(message_verdict)
        .where(message_verdict.c.message_id == message_id, message_verdict.c.replaced_at.is_(None))
        .values(replaced_at=at)
    )


def add_word(
    tx: Tx,
    message_id: int,
    *,
    said: str,
    back_on: str,
    found: RuledRow,
    account_id: int,
    at: int,
) -> None:
    """`found` is what the rules say, whatever people said before."""
    tx.execute(
        message_verdict.insert().values(
            message_id=message_id,
            said=said,
            back_on=back_on,
            rule_kind=found.kind,
            rule=found.rule,
            rule_evidence=found.evidence,
            account_id=account_id,
            made_at=at,
        )
    )


def set_verdict(tx: Tx, message_id: int, *, kind: str, rule: str, evidence: str) -> None:
    """On the mail, and on its place in the pasts of leads."""
    tx.execute(
        update(message)
        .where(message.c.id == message_id)
        .values(kind=kind, kind_rule=rule, kind_evidence=evidence)
    )
    tx.execute(
        update(lead_link)
        .where(lead_link.c.message_id == message_id)
        .values(is_human=kind == "human")
    )
