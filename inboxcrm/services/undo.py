"""Taking back: whatever a person did to a lead, while nobody built on it since.

Nothing is erased. The activity is marked undone and an activity of kind undo is added; both stay.
What was changed is put back only if it still is as the change left it: undoing must never undo
somebody else's later work.

    kind          put back
    stage_move    the stage and the day it was entered, and the fields filled in for it
    field_change  the fields
    note, call,
    meeting       taken out of the timeline
    tag           on or off the lead as it was
    snooze        the day it slept to before
    consent       what was known before
    pin           the entry that stood on top before
    task          added: taken away; done: open again; postponed: its old day
    link, unlink  the ties as they were
    dismissed     the wait
    captured      a lead added by hand leaves again; what was said of its address before holds again
    removed       the lead comes back; its addresses may be leads again
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import ConflictError, NotFoundError, RefusedError
from inboxcrm.services.capturing import SEALED_AS, take_back_verdict
from inboxcrm.services.lead_changes import Done, now_ms, refuse_strangers
from inboxcrm.services.lead_consent import from_map
from inboxcrm.services.lead_fields import as_columns, value_now
from inboxcrm.services.linking import refresh_around
from inboxcrm.services.settling import refresh_leads, settle
from inboxcrm.store import activities, links, tags, verdicts
from inboxcrm.store import leads as lead_rows
from inboxcrm.store import tasks as task_rows
from inboxcrm.store.activities import ActivityRow
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_consents import consent_of, put_consent
from inboxcrm.store.lead_past import take_back_stay
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.made_leads import index_names
from inboxcrm.store.pins import Pin, pin_of, pin_only
from inboxcrm.store.search import forget_leads


def undo(desk: Desk, viewer: Viewer, token: str) -> Done:
    """Takes back the change that gave this token, be it of a lead or a verdict on a sender."""
    refuse_strangers(viewer)
    if desk.ids.open(SEALED_AS, token) is not None:
        take_back_verdict(desk, viewer, token)
        return Done("", 0, "Taken back")
    number = desk.ids.open("undo", token)
    with desk.database.write() as tx:
        deed = None if number is None else activities.activity_by_id(tx, number)
        put_back = None if deed is None else _PUT_BACK.get(deed.kind)
        found = None if deed is None else lead_rows.lead_by_id(tx, deed.lead_id)
        if deed is None or put_back is None or found is None:
            raise NotFoundError("There is nothing to take back here.", remedy="Open the lead anew.")
        if not activities.mark_undone(tx, deed.activity_id, at=now_ms(desk)):
            raise RefusedError("This was taken back already.", remedy="Open the lead anew.")
        put_back(tx, desk, deed, json.loads(deed.data), found)
        activities.add_activity(
            tx,
            deed.lead_id,
            at=now_ms(desk),
            kind="undo",
            account_id=viewer.account_id,
            text=f"Taken back: {deed.text}"[:500],
            data={"undoes": deed.activity_id},
        )
        after = lead_rows.lead_by_id(tx, deed.lead_id)
        assert after is not None
        return Done(desk.ids.seal("lead", after.lead_id), after.version, "Taken back")


def _overtaken(found: LeadRow) -> ConflictError:
    return ConflictError(
        "This was changed again since; taking it back would undo the later change too.",
        version=found.version,
        remedy="Look at the lead as it stands now, and change it by hand.",
    )


def _change(tx: Tx, desk: Desk, found: LeadRow, values: dict[str, Any]) -> None:
    if not lead_rows.change_lead(
        tx, found.lead_id, version=found.version, values=values, at=now_ms(desk)
    ):
        raise _overtaken(found)


def _stage_move(
    tx: Tx, desk: Desk, _deed: ActivityRow, data: dict[str, Any], found: LeadRow
) -> None:
    fields = data.get("changes", ())
    if {"pipeline": found.pipeline, "stage": found.stage} != data["to"] or any(
        value_now(found, one["field"]) != one["to"] for one in fields
    ):
        raise _overtaken(found)
    before = {"stage_since_at": data["since"], "stage_reason": data.get("reason_before", "")}
    filled = as_columns(found, {one["field"]: one["from"] for one in fields})
    _change(tx, desk, found, filled | data["from"] | before)
    if fields:
        index_names(tx, [found.lead_id])
    take_back_stay(
        tx, found.lead_id, (found.pipeline, found.stage, found.stage_since_at), at=now_ms(desk)
    )


def _field_change(
    tx: Tx, desk: Desk, _deed: ActivityRow, data: dict[str, Any], found: LeadRow
) -> None:
    if any(value_now(found, one["field"]) != one["to"] for one in data["changes"]):
        raise _overtaken(found)
    before = {one["field"]: one["from"] for one in data["changes"]}
    _change(tx, desk, found, as_columns(found, before))
    index_names(tx, [found.lead_id])


def _note(_tx: Tx, _desk: Desk, _deed: ActivityRow, _data: dict[str, Any], _found: LeadRow) -> None:
    """Marked undone, it is in no timeline any more."""


def _tag(tx: Tx, _desk: Desk, _deed: ActivityRow, data: dict[str, Any], found: LeadRow) -> None:
    on = any(one.tag_id == data["tag_id"] for one in tags.tags_of(tx, found.lead_id))
    if on != data["on"]:
        raise _overtaken(found)
    tags.set_tag(tx, found.lead_id, data["tag_id"], on=not on)


def _consent(tx: Tx, desk: Desk, deed: ActivityRow, data: dict[str, Any], found: LeadRow) -> None:
    if consent_of(tx, found.lead_id) != from_map(data["to"]):
        raise _overtaken(found)
    before = from_map(data["from"])
    put_consent(tx, found.lead_id, before, account_id=deed.account_id, at=now_ms(desk))


def _snooze(tx: Tx, _desk: Desk, _deed: ActivityRow, data: dict[str, Any], found: LeadRow) -> None:
    if found.snoozed_until_at != data["to"]:
        raise _overtaken(found)
    lead_rows.set_snoozed(tx, found.lead_id, until=data["from"])


def _pin(tx: Tx, _desk: Desk, _deed: ActivityRow, data: dict[str, Any], found: LeadRow) -> None:
    before, after = (Pin(*data[key]) if data[key] else None for key in ("from", "to"))
    if pin_of(tx, found.lead_id) != after:
        raise _overtaken(found)
    pin_only(tx, found.lead_id, before)


def _task(tx: Tx, desk: Desk, _deed: ActivityRow, data: dict[str, Any], found: LeadRow) -> None:
    task = task_rows.task_by_id(tx, data["task_id"])
    if task is None or task.removed_at is not None:
        raise _overtaken(found)
    if data["deed"] == "added":
        task_rows.set_removed(tx, task.task_id, at=now_ms(desk))
    elif data["deed"] == "done":
        task_rows.set_done(tx, task.task_id, at=None)
    elif task.due_on != data["to"] or not task_rows.set_due(tx, task.task_id, due_on=data["from"]):
        raise _overtaken(found)


def _ties(tx: Tx, _desk: Desk, _deed: ActivityRow, data: dict[str, Any], found: LeadRow) -> None:
    for message_id, address_id in data.get("made", ()):
        links.drop_link(tx, message_id, address_id)
    for message_id, address_id, reason, was_unlinked in data.get("changed", ()):
        links.set_link(tx, message_id, address_id, is_unlinked=was_unlinked, reason=reason)
    refresh_leads(tx, {found.lead_id})


def _dismissed(
    tx: Tx, _desk: Desk, _deed: ActivityRow, data: dict[str, Any], _found: LeadRow
) -> None:
    for conversation_id, message_id in data["conversations"]:
        links.set_dismissed(tx, conversation_id, message_id)
    refresh_around(tx, [pair[0] for pair in data["conversations"]])


def _captured(tx: Tx, desk: Desk, _deed: ActivityRow, data: dict[str, Any], found: LeadRow) -> None:
    if found.is_withdrawn:
        raise _overtaken(found)
    verdicts.restore_verdicts(tx, data["rules"])
    lead_rows.set_withdrawn(tx, found.lead_id, is_withdrawn=True)
    forget_leads(tx, [found.lead_id])
    settled = settle(tx, desk, set(data["address_ids"]))
    refresh_leads(tx, settled.lead_ids)


def _removed(tx: Tx, desk: Desk, _deed: ActivityRow, data: dict[str, Any], found: LeadRow) -> None:
    if not found.is_withdrawn:
        raise _overtaken(found)
    verdicts.remove_verdicts(tx, data["rules"], at=now_ms(desk))
    verdicts.restore_verdicts(tx, data["replaced"])
    _change(tx, desk, found, {"is_withdrawn": False})
    settled = settle(tx, desk, set(data["address_ids"]))
    refresh_leads(tx, settled.lead_ids | {found.lead_id})
    index_names(tx, [found.lead_id])


_PUT_BACK: dict[str, Callable[[Tx, Desk, ActivityRow, dict[str, Any], LeadRow], None]] = {
    "stage_move": _stage_move,
    "field_change": _field_change,
    "note": _note,
    "call": _note,
    "meeting": _note,
    "tag": _tag,
    "consent": _consent,
    "snooze": _snooze,
    "pin": _pin,
    "task": _task,
    "link": _ties,
    "unlink": _ties,
    "dismissed": _dismissed,
    "captured": _captured,
    "removed": _removed,
}
