"""Many leads changed at once, last step: lead by lead by the functions that change one, some hundred a transaction.

Each lead is changed whole or not at all; one that refuses (its stage asks for more, somebody changed it meanwhile) is
written down with the reason, and the others go on.

    1. the change is marked as begun, or its taking back                       a crash: nothing of it is done
    2. a group of leads: each lead's change, and beside it what became of it   a crash: what was committed stands
    3. when none is left it is marked as ended

What became of a lead stands in the transaction that changed it, so no lead is changed twice however often a form is
sent. A call does a bounded number and says how much is left: a page calls again, and others write in between.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import ConflictError, RefusedError, UserError
from inboxcrm.services.bulk_edits import CHANGED_SINCE, GONE, changes_of, own_bulk
from inboxcrm.services.bulk_shapes import STAGE, TAG, UNTAG
from inboxcrm.services.lead_changes import Done
from inboxcrm.services.lead_marks import add_tag, remove_tag
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.services.undo import undo
from inboxcrm.store import bulk_edits as rows
from inboxcrm.store.activities import activity_by_id
from inboxcrm.store.bulk_edits import BulkRow, ChosenLead
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.import_leads import leads_to_change
from inboxcrm.store.joined import JoinedDatabase
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.tags import tag_by_key, tag_key

AT_ONCE = 100
"""Leads a transaction: a fifth of a second, in which nobody else writes on SQLite."""
STEP = 500
"""Leads a call: what a page waits for at most."""


def run_bulk(desk: Desk, viewer: Viewer, bulk_id: str, *, most: int | None = None) -> int:
    """Changes up to `most` (else STEP) of the leads nothing was done to yet; returns how many are left.

    Raises NotFoundError, RefusedError where nothing was said to be changed, or where it is being taken back.
    """
    return _on(desk, viewer, bulk_id, most, begins=("chosen", "running"), state="running")


def take_back_bulk(desk: Desk, viewer: Viewer, bulk_id: str, *, most: int | None = None) -> int:
    """Takes back up to `most` of the leads that were changed, each as far as nobody built on it since; returns how many
    are left. Raises NotFoundError, RefusedError where it was not begun, or is taken back already.
    """
    begins = ("running", "done", "undoing")
    return _on(desk, viewer, bulk_id, most, begins=begins, state="undoing")


def _on(
    desk: Desk, viewer: Viewer, bulk_id: str, most: int | None, *, begins: Sequence[str], state: str
) -> int:
    wanted = "changed" if state == "undoing" else ""
    ended = "undone" if state == "undoing" else "done"
    for many in _groups(most or STEP):
        with desk.database.write() as tx:
            row = own_bulk(tx, desk, viewer, bulk_id, locked=True)
            if row.state == ended:
                return 0
            _refuse(row, begins)
            group = rows.chosen_leads(tx, row.bulk_id, outcome=wanted, limit=many)
            inner = replace(desk, database=JoinedDatabase(desk.database, tx))
            if state == "undoing":
                outcomes = [_take_back(tx, inner, viewer, one) for one in group]
            else:
                outcomes = _change(tx, inner, viewer, row, group)
            rows.set_outcomes(tx, row.bulk_id, outcomes)
            left = rows.outcome_counts(tx, row.bulk_id).get(wanted, 0)
            rows.set_bulk(tx, row.bulk_id, state=state if left else ended)
        if not left:
            return 0
    return left


def _groups(most: int) -> list[int]:
    return [min(AT_ONCE, most - start) for start in range(0, max(most, 1), AT_ONCE)]


def _refuse(row: BulkRow, begins: Sequence[str]) -> None:
    if not row.what:
        raise RefusedError("Nothing was said to be changed.", remedy="Say what, and look at it.")
    if row.state not in begins:
        raise RefusedError(
            "This change was taken back."
            if row.state in {"undoing", "undone"}
            else "This change was not begun yet.",
            remedy="Look at it as it stands now.",
        )


# --- a lead ----------------------------------------------------------------------------


def _change(
    tx: Tx, inner: Desk, viewer: Viewer, row: BulkRow, group: Sequence[ChosenLead]
) -> list[dict[str, Any]]:
    given = json.loads(row.given)
    held = leads_to_change(tx, [one.lead_id for one in group], locked=True)
    tag_id = ""
    if row.what == UNTAG:
        named = tag_by_key(tx, tag_key(given["value"]))
        tag_id = inner.ids.seal("tag", named.tag_id) if named else ""
    found = []
    for one in group:
        if _is_gone(held, one.lead_id):
            found.append(_outcome(one, "refused", reason=GONE))
            continue
        try:
            done = _do(inner, viewer, row.what, {**given, "tag": tag_id}, one)
        except ConflictError:
            found.append(_outcome(one, "refused", reason=CHANGED_SINCE))
        except (UserError, RefusedError) as error:
            found.append(_outcome(one, "refused", reason=error.message))
        else:
            token = inner.ids.open("undo", done.undo) if done.undo else None
            found.append(_outcome(one, "same" if token is None else "changed", activity=token))
    return found


def _is_gone(held: Mapping[int, LeadRow], lead_id: int) -> bool:
    """A merged lead would hand its change on to the one it went into."""
    found = held.get(lead_id)
    return found is None or found.is_withdrawn or found.merged_into is not None


def _do(inner: Desk, viewer: Viewer, what: str, given: Mapping[str, str], one: ChosenLead) -> Done:
    lead_id = inner.ids.seal("lead", one.lead_id)
    if what == STAGE:
        return move_stage(
            inner, viewer, lead_id, given["value"], version=one.version, reason=given["reason"]
        )
    if what == TAG:
        return add_tag(inner, viewer, lead_id, given["value"])
    if what == UNTAG:
        return remove_tag(inner, viewer, lead_id, given["tag"])
    changes = changes_of(what, given["value"])
    return edit_lead(inner, viewer, lead_id, version=one.version, changes=changes)


def _take_back(tx: Tx, inner: Desk, viewer: Viewer, one: ChosenLead) -> dict[str, Any]:
    deed = activity_by_id(tx, one.activity_id or 0)
    if deed is None or deed.lead_id != one.lead_id:
        # Of a lead that was removed with its past; SQLite may give the number to a deed of somebody else.
        return _outcome(one, "kept", activity=one.activity_id, reason=GONE)
    token = inner.ids.seal("undo", deed.activity_id)
    try:
        undo(inner, viewer, token)
    except ConflictError:
        return _outcome(one, "kept", activity=one.activity_id, reason="was changed again since")
    except RefusedError as error:
        return _outcome(one, "kept", activity=one.activity_id, reason=error.message)
    return _outcome(one, "undone", activity=one.activity_id)


def _outcome(
    one: ChosenLead, outcome: str, *, activity: int | None = None, reason: str = ""
) -> dict[str, Any]:
    return {
        "lead_id": one.lead_id,
        "outcome": outcome,
        "activity_id": activity,
        "reason": reason[:500],
    }
