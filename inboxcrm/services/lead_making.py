"""Leads made and removed by hand.

A lead made by hand stays a lead whatever the rules say. One removed by hand stays away: removing it
says "ignored" about each of its addresses, so that the next mail does not make it anew.
"""

from __future__ import annotations

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import UsageError
from inboxcrm.mail.addresses import match_key
from inboxcrm.services.lead_changes import (
    AlreadyLeadError,
    Done,
    lead_to_change,
    now_ms,
    one_line,
    refuse_stale,
    refuse_strangers,
    stale,
    undo_token,
)
from inboxcrm.services.lead_fields import held_fields
from inboxcrm.services.settling import own_set_of, refresh_leads, settle
from inboxcrm.services.stage_moves import lacking
from inboxcrm.store import leads as lead_rows
from inboxcrm.store import verdicts
from inboxcrm.store.activities import add_activity
from inboxcrm.store.addresses import (
    NameSeen,
    remember_addresses,
    remember_organizations,
)
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_past import keep_state
from inboxcrm.store.made_leads import index_names, lead_name
from inboxcrm.store.search import forget_leads
from inboxcrm.store.sessions import note_audit

_LONGEST = 300


def create_lead(
    desk: Desk,
    viewer: Viewer,
    address: str,
    name: str = "",
    *,
    stage: str | None = None,
    phone: str = "",
    source: str = "by hand",
) -> Done:
    """A lead with one address, in New unless `stage` says otherwise; stored mail of the address is
    linked to it.

    Raises AlreadyLeadError where the address belongs to a lead. A lead that was removed comes back
    instead, with its past.
    """
    refuse_strangers(viewer)
    called = one_line(name, "name", "The name", longest=_LONGEST)
    key = match_key(address)
    if not key:
        raise UsageError(
            f'"{address[:200]}" is no mail address.', remedy="Write it like bob@example.com."
        )
    pipeline = desk.pipelines.default
    place = desk.pipelines.place(pipeline.key, stage or pipeline.first.key)
    if not place.is_known:
        raise UsageError(
            f'There is no stage "{stage}".',
            remedy=f"Choose one of {', '.join(one.key for one in pipeline.stages)}.",
        )
    with desk.database.write() as tx:
        if own_set_of(tx, desk).holds(key):
            raise UsageError(
                f"{key} is one of our own addresses.", remedy="Leads are people outside."
            )
        _refuse_known(tx, desk, key)
        seen = NameSeen(address.strip(), called, at=now_ms(desk))
        known, renamed = remember_addresses(tx, {key: seen})
        person = known[key]
        gone = lead_rows.leads_by_address(tx, [key]).get(key)
        dropped = verdicts.drop_against(tx, [key], outcome="lead", at=now_ms(desk))
        values = {
            "name": called or lead_name(person),
            "pipeline": pipeline.key,
            "stage": place.stage.key,
            "stage_since_at": now_ms(desk),
            "phone": " ".join(phone.split())[:_LONGEST],
            "source": " ".join(source.split())[:_LONGEST],
            "made_by": "person",
        }
        organizations = remember_organizations(tx, [person.org_domain]) if gone is None else {}
        before = lead_rows.lead_by_id(tx, gone.lead_id) if gone is not None else None
        held = held_fields(before) if before is not None else {
            "owner_id": viewer.account_id,
            "organization_id": organizations.get(person.org_domain),
        }  # fmt: skip
        # A stage that asks for more than a new lead has is entered by a move, which asks for it.
        if lack := lacking(desk, place, held | values):
            raise UsageError(lack, remedy="Add the lead without a stage, then move it there.")
        if gone is None:
            lead_id = lead_rows.insert_lead(
                tx,
                {
                    **values,
                    "organization_id": organizations.get(person.org_domain),
                    "owner_id": viewer.account_id,
                    "is_touched": True,
                    "created_at": now_ms(desk),
                },
            )
            lead_rows.give_address(tx, lead_id, person.id, added_by="person")
        else:
            lead_id = gone.lead_id
            lead_rows.bring_back(tx, lead_id, values)
        activity_id = add_activity(
            tx,
            lead_id,
            at=now_ms(desk),
            kind="captured",
            account_id=viewer.account_id,
            text="Added by hand",
            data={"address_ids": [person.id], "by": "person", "rules": dropped},
        )
        name_keys = {one for names in renamed.values() for one in names}
        settled = settle(tx, desk, {person.id}, name_keys=name_keys)
        refresh_leads(tx, settled.lead_ids | {lead_id})
        index_names(tx, [lead_id])
        made = lead_rows.lead_by_id(tx, lead_id)
        assert made is not None
        return Done(
            desk.ids.seal("lead", lead_id),
            made.version,
            f"{made.name} is a lead now",
            undo_token(desk, activity_id),
        )


def _refuse_known(tx: Tx, desk: Desk, key: str) -> None:
    held = lead_rows.leads_by_address(tx, [key]).get(key)
    if held is None or held.is_withdrawn:
        return
    found = lead_rows.lead_by_id(tx, held.lead_id)
    assert found is not None
    raise AlreadyLeadError(
        f"{held.shown} is a lead already: {found.name}.",
        lead_id=desk.ids.seal("lead", found.lead_id),
        version=found.version,
    )


def delete_lead(desk: Desk, viewer: Viewer, lead_id: str, *, version: int) -> Done:
    """Takes a lead out of every list and keeps its addresses from becoming one again. Undo brings
    all of it back.
    """
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        refuse_stale(found, version)
        if not lead_rows.change_lead(
            tx, found.lead_id, version=version, values={}, at=now_ms(desk)
        ):
            raise stale(found.version)
        keep_state(tx, found.lead_id, at=now_ms(desk))
        held = lead_rows.addresses_of(tx, found.lead_id)
        keys = [one.key for one in held]
        replaced = verdicts.drop_against(tx, keys, outcome="ignored", at=now_ms(desk))
        rules = verdicts.insert_verdicts(
            tx, keys, outcome="ignored", account_id=viewer.account_id, at=now_ms(desk)
        )
        activity_id = add_activity(
            tx,
            found.lead_id,
            at=now_ms(desk),
            kind="removed",
            account_id=viewer.account_id,
            text="Removed by hand",
            data={
                "rules": rules,
                "replaced": replaced,
                "address_ids": [one.address_id for one in held],
            },
        )
        settle(tx, desk, {one.address_id for one in held})
        lead_rows.set_withdrawn(tx, found.lead_id, is_withdrawn=True)
        forget_leads(tx, [found.lead_id])
        note_audit(
            tx,
            at=now_ms(desk),
            account_id=viewer.account_id,
            kind="delete",
            about=f"the lead {found.name}",
        )
        return Done(lead_id, version + 1, f"{found.name} removed", undo_token(desk, activity_id))
