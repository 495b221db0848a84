"""Fields that a house declares for itself, of many leads at once."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import select

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE
from inboxcrm.store.tables import lead
from inboxcrm.store.upserts import chunks


def field_values(tx: Tx, lead_ids: Collection[int], key: str) -> dict[int, str]:
    """Lead -> what that field holds, of those for whom it holds something."""
    found: dict[int, str] = {}
    for some in chunks(list(lead_ids), AT_ONCE):
        rows = tx.execute(select(lead.c.id, lead.c.custom).where(lead.c.id.in_(some)))
        for lead_id, custom in rows:
            if value := json.loads(custom).get(key):
                found[lead_id] = str(value)
    return found
