"""How PostgreSQL plans. SQLite plans once for all values and walks the index a statement was written for."""

from __future__ import annotations

from inboxcrm.store.database import Tx


def plan_for_values(tx: Tx) -> None:
    """The statements of this transaction are planned for what they are asked with.

    PostgreSQL soon plans a statement once for all values, and takes a range it knows nothing of for a two-hundredth of
    the table. For lists that stop after a few of very many rows, planning each time costs a hundredth of that mistake.
    """
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")
