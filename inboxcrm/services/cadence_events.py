"""What cadences did, on the timelines of their leads: added, paused, goes on, waits, stopped and why.

Each line is written in the transaction that did it, so there is none without the deed and none twice. What a rule did
bears no account.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from inboxcrm.store import enrollments
from inboxcrm.store.activities import add_activities
from inboxcrm.store.database import Tx

KIND = "cadence"
_LONGEST = 500


def note_for_all(
    tx: Tx,
    cadence_id: int,
    lead_ids: Collection[int],
    text: str,
    *,
    event: str,
    at: int,
    account_id: int | None,
) -> None:
    """The same line for many. `event` is for programs: enrolled, paused, resumed, cancelled."""
    _add(tx, lead_ids, text, at=at, account_id=account_id, event=event, cadence_id=cadence_id)


def note_stopped(
    tx: Tx, enrollment_id: int, words: str, *, reason: str, at: int, message_id: int | None = None
) -> None:
    """`words` say what the stop rests on, `message_id` which mail, `reason` is its key."""
    found = enrollments.lead_and_cadence(tx, enrollment_id)
    text = f"{found.cadence} stopped: {words}" if words else f"{found.cadence} stopped"
    _add(
        tx,
        [found.lead_id],
        text,
        at=at,
        account_id=None,
        event="stopped",
        cadence_id=found.cadence_id,
        reason=reason,
        **_resting_on(message_id),
    )


def note_parked(
    tx: Tx, enrollment_id: int, until: date, *, at: int, message_id: int | None = None
) -> None:
    """They are out of office, says that mail; `until` is the first day on which they may be written to."""
    found = enrollments.lead_and_cadence(tx, enrollment_id)
    text = f"{found.cadence} waits until {until.day} {until:%B %Y}: they are out of office"
    _add(
        tx,
        [found.lead_id],
        text,
        at=at,
        account_id=None,
        event="parked",
        cadence_id=found.cadence_id,
        **_resting_on(message_id),
    )


def _resting_on(message_id: int | None) -> dict[str, int]:
    return {} if message_id is None else {"message_id": message_id}


def _add(
    tx: Tx,
    lead_ids: Collection[int],
    text: str,
    *,
    at: int,
    account_id: int | None,
    **data: str | int,
) -> None:
    add_activities(
        tx, lead_ids, at=at, kind=KIND, account_id=account_id, text=text[:_LONGEST], data=data
    )
