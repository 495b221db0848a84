"""Which leads are hot: told by the mail of the last month, by the code that tells it of one lead.

That is leads/temperature.py. What a mail asks for cannot be said in SQL. Only what was written within the month is
read, once a question, and only where a segment asks for a temperature. What this viewer may not read counts for how
often, never for what was said.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.temperature import HOT, MailFact, temperature
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.sight import is_limited, readable_thread, sight
from inboxcrm.store.tables import lead, lead_link, message

_MONTH = timedelta(days=30)


@cache
def _month(*, limited: bool) -> Select[Any]:
    readable: ColumnElement[Any] = lead_link.c.lead_id
    if limited:
        readable = readable_thread(lead_link.c.message_id, limited=True)
    return (
        select(
            lead_link.c.lead_id,
            lead_link.c.message_id,
            lead_link.c.at,
            lead_link.c.direction,
            message.c.subject,
            message.c.snippet,
            lead.c.last_in_at,
            lead.c.last_out_at,
            readable,
        )
        .join(lead, lead.c.id == lead_link.c.lead_id)
        .join(message, message.c.id == lead_link.c.message_id)
        .where(
            lead_link.c.at >= bindparam("since"),
            lead_link.c.is_human.is_(True),
            lead_link.c.is_unlinked.is_(False),
            lead.c.last_in_at.is_not(None),
            lead.c.merged_into.is_(None),
            lead.c.is_withdrawn.is_(False),
        )
        .order_by(lead_link.c.lead_id, lead_link.c.at.desc(), lead_link.c.message_id.desc())
    )


def hot_leads(
    tx: Tx, viewer: Viewer, *, now: datetime, cold_after_days: int, zone: str
) -> list[int]:
    """Their ids, ascending."""
    limited = is_limited(viewer)
    asked = {"since": to_ms(now - _MONTH), **sight(viewer)}
    rows = tx.execute(_month(limited=limited), asked)
    found = []
    for lead_id, group in groupby(rows, key=lambda row: row[0]):
        # A mail tied by two addresses of a lead is one mail.
        mails = {row[1]: row for row in group}
        first = next(iter(mails.values()))
        key, _ = temperature(
            now,
            last_in_at=from_ms(first[6]),
            last_out_at=from_ms(first[7]),
            mails=[_fact(row) for row in mails.values()],
            name="",
            cold_after_days=cold_after_days,
            zone=zone,
        )
        if key == HOT:
            found.append(lead_id)
    return found


def _fact(row: Any) -> MailFact:
    is_readable = row[8] is not None
    return MailFact(
        from_ms(row[2]),
        row[3] == "in",
        row[4] if is_readable else "",
        row[5] if is_readable else "",
    )
