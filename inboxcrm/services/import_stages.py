"""Whether a row of a table may become a lead in the stage it names.

A table is asked like a person: what the stage requires must stand in the row, the reason of a lost lead too. Nobody can
be asked while it is imported, so such a row is rejected with all that it lacks, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inboxcrm.services.stage_moves import lacking
from inboxcrm.store.desk import Desk

EntryRule = Callable[[Mapping[str, Any]], str]
"""What a new lead with these values lacks for its stage, as a sentence; empty where nothing."""


def entry_rule(desk: Desk, account_id: int, source: str) -> EntryRule:
    """`account_id` gets the leads of rows that name no owner, `source` is that of rows that name none."""
    pipeline = desk.pipelines.default

    def lack(values: Mapping[str, Any]) -> str:
        place = desk.pipelines.place(pipeline.key, values.get("stage") or pipeline.first.key)
        held = {"owner_id": account_id, "source": source, **values}
        return lacking(desk, place, held, str(values.get("stage_reason", "")))

    return lack
