"""On whose clock the hours of a cadence are, lead by lead.

What the lead's own field says wins; else the country of the address that is written to; else the rules' own zone.
"""

from __future__ import annotations

from collections.abc import Mapping

from inboxcrm.cadence.rules import CadenceRules, Clock
from inboxcrm.leads.fields import zone_field
from inboxcrm.leads.time_zones import known_zone, zone_of_address
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_fields import field_values


def zone_of(tx: Tx, desk: Desk, rules: CadenceRules, lead_id: int, address: str) -> str:
    """As `zones_of`; empty where it is the rules' own."""
    return zones_of(tx, desk, rules, {lead_id: address}).get(lead_id, "")


def zones_of(
    tx: Tx, desk: Desk, rules: CadenceRules, addresses: Mapping[int, str]
) -> dict[int, str]:
    """Lead -> its zone, of those who are not on the rules' own clock. `addresses`: where each is written to.

    One statement for every 5,000 leads, and none where no field says it.
    """
    if rules.clock is not Clock.LEAD:
        return {}
    field = zone_field(desk.lead_fields)
    said = field_values(tx, addresses, field.key) if field else {}
    found = {
        # What another kind of the field once held is no zone.
        one: known_zone(said.get(one, "")) or zone_of_address(address)
        for one, address in addresses.items()
    }
    return {one: zone for one, zone in found.items() if zone and zone != rules.windows.zone}
