"""The leads behind a figure, whatever found them: a page of ids, how many stand where, what they are worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import CTE, Select, func, select

from inboxcrm.leads.number_shapes import StageSum, added
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most


class OpenedLeads(NamedTuple):
    """`ids` of one page, ascending; `stages` hold all of them, as they stood."""

    ids: list[int]
    stages: Mapping[str, StageSum]

    @property
    def total(self) -> int:
        return added(self.stages.values()).leads


NONE = OpenedLeads([], {})


def opened_leads(
    tx: Tx, held: CTE, found: Select[Any], params: Mapping[str, Any], *, offset: int, limit: int
) -> OpenedLeads:
    """`found` selects `lead_id`, each once, of leads in `held` (`standing`)."""
    which = found.subquery("found")
    sums = (
        select(
            held.c.stage,
            held.c.value_currency,
            func.count(),
            func.count(held.c.value_cents),
            func.sum(held.c.value_cents),
        )
        .join(which, which.c.lead_id == held.c.lead_id)
        .group_by(held.c.stage, held.c.value_currency)
    )
    stages: dict[str, list[StageSum]] = defaultdict(list)
    for stage, currency, leads, valued, cents in tx.execute(sums, dict(params)):
        stages[stage].append(StageSum(leads, {currency: int(cents)} if valued else {}))
    page = found.order_by("lead_id").limit(at_most("many")).offset(at_most("behind"))
    ids = tx.execute(page, {**params, "many": limit, "behind": offset}).scalars()
    return OpenedLeads(list(ids), {key: added(sums) for key, sums in stages.items()})
