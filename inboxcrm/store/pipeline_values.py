"""The values a column of text has among the leads of a pipeline, the most frequent first."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.segment_sql import SHOWN
from inboxcrm.store.tables import lead, organization

_SOURCES = (
    select(lead.c.source)
    .where(lead.c.pipeline == bindparam("pipeline"), SHOWN, lead.c.source != "")
    .group_by(lead.c.source)
    .order_by(func.count().desc(), lead.c.source)
    .limit(at_most("many"))
)
_ORGANIZATIONS = (
    select(organization.c.name)
    .join(lead, lead.c.organization_id == organization.c.id)
    .where(lead.c.pipeline == bindparam("pipeline"), SHOWN, organization.c.name != "")
    .group_by(organization.c.name)
    .order_by(func.count().desc(), organization.c.name)
    .limit(at_most("many"))
)
_ASKED = {"source": _SOURCES, "organization": _ORGANIZATIONS}


def frequent_values(tx: Tx, pipeline: str, column: str, *, limit: int) -> list[str]:
    """Of a column that has few; of others none."""
    if column not in _ASKED:
        return []
    return list(tx.execute(_ASKED[column], {"pipeline": pipeline, "many": limit}).scalars())
