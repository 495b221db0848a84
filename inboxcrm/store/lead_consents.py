"""Consent of leads, one row each where any is known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select

from inboxcrm.leads.consent import Consent, ConsentState
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import lead_consent
from inboxcrm.store.upserts import insert_or_replace

_OF_LEADS = select(lead_consent.c.lead_id, lead_consent.c.state).where(
    within(lead_consent.c.lead_id, "leads")
)
_OF_ONE = select(lead_consent.c.state, lead_consent.c.source, lead_consent.c.given_on).where(
    lead_consent.c.lead_id == bindparam("lead_id")
)


def consent_of(tx: Tx, lead_id: int) -> Consent | None:
    row = tx.execute(_OF_ONE, {"lead_id": lead_id}).first()
    return Consent(ConsentState(row[0]), row[1], date.fromisoformat(row[2])) if row else None


def is_given(tx: Tx, lead_id: int) -> bool:
    found = consent_of(tx, lead_id)
    return found is not None and found.state is ConsentState.GIVEN


def states_of(tx: Tx, lead_ids: Collection[int]) -> dict[int, str]:
    """Of those of whom any is known."""
    return {row[0]: row[1] for row in tx.execute(_OF_LEADS, {"leads": list(lead_ids)})}


def put_consent(
    tx: Tx, lead_id: int, consent: Consent | None, *, account_id: int | None, at: int
) -> None:
    """None: nothing is known any more."""
    if consent is None:
        tx.execute(delete(lead_consent).where(lead_consent.c.lead_id == lead_id))
        return
    row: dict[str, Any] = {
        "lead_id": lead_id,
        "state": consent.state.value,
        "source": consent.source,
        "given_on": consent.on.isoformat(),
        "account_id": account_id,
        "noted_at": at,
    }
    insert_or_replace(tx, lead_consent, [row], *(name for name in row if name != "lead_id"))
