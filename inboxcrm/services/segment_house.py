"""What a segment is read and asked with in this house: its fields, and the ground its conditions stand on."""

from __future__ import annotations

from inboxcrm.access.viewer import Viewer, may_change_leads
from inboxcrm.errors import ForbiddenError
from inboxcrm.leads.segment_fields import Choice, SegmentFields, segment_fields
from inboxcrm.leads.segments import Node, leaves
from inboxcrm.store.accounts import AccountRow, all_accounts
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.segment_heat import hot_leads
from inboxcrm.store.segment_sql import Ground
from inboxcrm.store.segments import known_cadences


def house_fields(tx: Tx, desk: Desk, viewer: Viewer) -> SegmentFields:
    """Two small reads: who has an account, which cadences there are."""
    accounts = all_accounts(tx)
    me = next((one for one in accounts if one.id == viewer.account_id), None)
    return segment_fields(
        pipelines=desk.pipelines,
        lead_fields=desk.lead_fields,
        owners=tuple(Choice(owner_key(one), one.name) for one in accounts),
        cadences=known_cadences(tx),
        me=owner_key(me) if me else "",
    )


def house_ground(tx: Tx, desk: Desk, viewer: Viewer, node: Node) -> Ground:
    """Accounts are only read where the tree asks whose a lead is, and mail where it asks how warm one is."""
    now, zone = desk.clock.now(), desk.working_hours.zone
    asked = {leaf.field for leaf in leaves(node)}
    return Ground(
        now=now,
        zone=zone,
        pipelines=desk.pipelines,
        owner_ids={owner_key(one): one.id for one in all_accounts(tx)} if "owner" in asked else {},
        cold_after_days=desk.cold_after_days,
        hot=hot_leads(tx, viewer, now=now, cold_after_days=desk.cold_after_days, zone=zone)
        if "temperature" in asked
        else (),
    )


def owner_key(one: AccountRow) -> str:
    """By which a segment names an account: the address it signs in with, which no other has; before there is one, its
    number.
    """
    return one.address or f"account-{one.id}"


def refuse_strangers(viewer: Viewer) -> None:
    """A segment belongs to everybody with an account. Raises ForbiddenError."""
    if not may_change_leads(viewer):
        raise ForbiddenError("You may not see leads.", remedy="Ask an admin for an account.")
