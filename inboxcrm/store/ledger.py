"""The ledger of decisions, one line for each outside address of each message, and the links of mail to leads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, exists, select

from inboxcrm.leads.capture import RULE_VERSION, Outcome, Rule
from inboxcrm.store.captures import Current
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import address_capture, lead_decision, lead_link, message
from inboxcrm.store.upserts import Rows, chunks, insert_or_ignore, update_rows

_LINK = "link"
_KNOWN = Rule.KNOWN_LEAD.value
_LINES = {
    Outcome.LEAD.value: _LINK,
    Outcome.CANDIDATE.value: "candidate",
    Outcome.IGNORED.value: "ignore",
}


def ledger_line(message_id: int, address_id: int, current: Current) -> dict[str, Any]:
    """The decision about one address on one message that follows from the answer for the address."""
    rests_on = current.rests_on
    outcome, rule = _LINES[current.outcome], current.rule
    if outcome == _LINK and rests_on == message_id:
        outcome = "create"
    elif outcome == _LINK:
        rule = _KNOWN
    return {
        "message_id": message_id,
        "address_id": address_id,
        "outcome": outcome,
        "rule": rule,
        "rests_on": rests_on,
        "rule_version": RULE_VERSION,
    }


def insert_ledger(tx: Tx, rows: Rows) -> None:
    insert_or_ignore(tx, lead_decision, rows)


def rewrite_ledger(tx: Tx, answers: Mapping[int, Current]) -> None:
    """All lines of these addresses anew, after their answer changed; the one it rests on says something else."""
    others = [_elsewhere(address_id, current) for address_id, current in answers.items()]
    update_rows(tx, lead_decision, others, by="address_id")
    resting = [
        ledger_line(current.rests_on, address_id, current)
        for address_id, current in answers.items()
        if current.rests_on is not None
    ]
    update_rows(tx, lead_decision, resting, by=("message_id", "address_id"))


def _elsewhere(address_id: int, current: Current) -> dict[str, Any]:
    line = ledger_line(-1, address_id, current)
    del line["message_id"]
    return line


def drop_ledger(tx: Tx, address_ids: Collection[int]) -> None:
    """For addresses that turned out to be our own: no outsiders, no decisions."""
    for some in chunks(sorted(address_ids)):
        for table in (lead_decision, address_capture):
            tx.execute(delete(table).where(table.c.address_id.in_(some)))


# --- links --------------------------------------------------------------------


_UNLINKED = (
    select(
        lead_decision.c.message_id,
        lead_decision.c.address_id,
        message.c.sent_at,
        message.c.direction,
        message.c.kind,
    )
    .join(message, message.c.id == lead_decision.c.message_id)
    .where(
        within(lead_decision.c.address_id, "ids"),
        ~exists().where(
            lead_link.c.message_id == lead_decision.c.message_id,
            lead_link.c.address_id == lead_decision.c.address_id,
        ),
    )
)


def link_all(tx: Tx, lead_by_address: Mapping[int, int]) -> None:
    """Every message of these addresses is linked to its lead; what is linked already stays as it is."""
    for some in chunks(sorted(lead_by_address), AT_ONCE):
        rows = tx.execute(_UNLINKED, {"ids": some}).all()
        insert_links(
            tx, [link_row(row[0], row[1], lead_by_address[row[1]], *row[2:]) for row in rows]
        )


def link_row(
    message_id: int, address_id: int, lead_id: int, sent_at: int, direction: str, kind: str
) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "address_id": address_id,
        "lead_id": lead_id,
        "at": sent_at,
        "direction": direction,
        "is_human": kind == "human",
        "reason": "rule",
    }


def insert_links(tx: Tx, rows: Rows) -> None:
    insert_or_ignore(tx, lead_link, rows)


def unlink_all(tx: Tx, address_ids: Collection[int]) -> None:
    """Takes the links made by rule off; those a person made stay."""
    for some in chunks(sorted(address_ids)):
        tx.execute(
            delete(lead_link).where(
                lead_link.c.address_id.in_(some),
                lead_link.c.reason == "rule",
                lead_link.c.is_unlinked.is_(False),
            )
        )
