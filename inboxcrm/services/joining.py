"""A person says that an address belongs to a lead there is already: the address moves, its mail with it.

A lead that capture made for the address alone, and on which nobody has worked, dissolves. One with somebody's work on
it stays, and the person is told where it is.
"""

from __future__ import annotations

from inboxcrm.errors import NotFoundError
from inboxcrm.services.lead_changes import AlreadyLeadError
from inboxcrm.services.settling import refresh_leads
from inboxcrm.store import leads as lead_rows
from inboxcrm.store import ledger, made_leads, verdict_leads
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.search import forget_leads


def join_lead(tx: Tx, desk: Desk, key: str, lead_id: int) -> bool:
    """Makes room for the address at that lead. False when it stands there already.

    Raises NotFoundError for a lead there is not, AlreadyLeadError where the address has a lead somebody works on.
    """
    home = lead_rows.lead_by_id(tx, lead_id)
    if home is None or home.is_withdrawn:
        raise NotFoundError(
            "There is no such lead any more.", remedy="Look for it in the list of leads."
        )
    held = lead_rows.leads_by_address(tx, [key]).get(key)
    if held is None:
        return True
    if held.lead_id == lead_id:
        return False
    former = lead_rows.lead_by_id(tx, held.lead_id)
    assert former is not None
    if not former.is_withdrawn and verdict_leads.is_worked_on(tx, former.lead_id):
        raise AlreadyLeadError(
            f"{held.shown} is a lead already: {former.name}.",
            lead_id=desk.ids.seal("lead", former.lead_id),
            version=former.version,
        )
    ledger.unlink_all(tx, [held.address_id])
    verdict_leads.take_address(tx, held.address_id)
    made_leads.withdraw_without_address(tx, {held.address_id: former.lead_id})
    forget_leads(tx, [former.lead_id])
    made_leads.index_names(tx, [former.lead_id])
    refresh_leads(tx, [former.lead_id])
    return True
