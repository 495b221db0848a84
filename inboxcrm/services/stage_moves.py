"""A lead is moved to a stage: the one place that says what is still missing for it, and does the whole of it at once.

What the stage asks for (leads/stage_asks.py) may come along with the move. Fields and stage are written by one
statement, with one line in the past and one token that takes both back; where anything is missing or wrong all of it
is named and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import FieldsError, UsageError
from inboxcrm.leads.pipeline import StageKind, StagePlace
from inboxcrm.leads.stage_asks import (
    REASON,
    WHY,
    asking_sentence,
    lacks_reason,
    missing_fields,
    place_in,
    read_reason,
)
from inboxcrm.services.lead_changes import (
    Done,
    lead_to_change,
    now_ms,
    refuse_stale,
    stale,
    undo_token,
)
from inboxcrm.services.lead_fields import (
    FieldsRead,
    as_columns,
    edit_lead,
    held_fields,
    read_fields,
    refuse_unknown,
)
from inboxcrm.store import leads as lead_rows
from inboxcrm.store.activities import add_activity
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.joined import JoinedDatabase
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.made_leads import index_names

_REMEDY = "Fill in what is missing, then it moves; nothing was changed."


class NeedsMoreError(UsageError, FieldsError):
    """A stage asks for more than the lead has, or for something else than what was given.

    `names` are the fields to ask for, as edits call them, `reason` among them; `problems` what is wrong with each.
    """

    def __init__(
        self, place: StagePlace, problems: Mapping[str, str], *, message: str, remedy: str
    ) -> None:
        UsageError.__init__(self, message, remedy=remedy)
        self.problems = dict(problems)
        self.pipeline = place.pipeline.key
        self.stage = place.stage.key

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.problems)


def move_stage(
    desk: Desk,
    viewer: Viewer,
    lead_id: str,
    stage: str,
    *,
    version: int,
    pipeline: str | None = None,
    reason: str | None = "",
    fields: Mapping[str, Any] | None = None,
) -> Done:
    """Moves a lead to a stage of its pipeline, or of the one named; "support/asked" names both in one.

    `reason` says why it was lost or disqualified; None means that nobody was asked yet. `fields` are changed with it,
    as `edit_lead` takes them. Raises NeedsMoreError with everything the stage still asks for, ConflictError for an old
    version, UsageError for an unknown stage.
    """
    given = fields or {}
    refuse_unknown(given)
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        refuse_stale(found, version)
        target = _target(desk, found, stage, pipeline)
        if (found.pipeline, found.stage) == (target.pipeline.key, target.stage.key):
            if not given:
                return Done(lead_id, found.version, f"Already in {target.stage.label}")
            inside = replace(desk, database=JoinedDatabase(desk.database, tx))
            return edit_lead(inside, viewer, lead_id, version=version, changes=given)
        read, wrong = read_fields(tx, desk, viewer, found, given)
        why = _asked(desk, found, target, read, wrong, reason)
        return _moved(tx, desk, viewer, found, target, read, why)


def lacking(desk: Desk, place: StagePlace, held: Mapping[str, Any], reason: str = "") -> str:
    """What a lead that is made in a stage lacks for it, as a sentence; empty where nothing.

    `held` has columns of a lead and `custom.KEY`. Raises no error: a table's row is told, not stopped at.
    """
    missing = list(missing_fields(place.stage, desk.lead_fields, held))
    try:
        said = read_reason(place.pipeline, place.stage, reason)
    except ValueError as error:
        return f"{place.stage.label} knows no such reason. {error}"
    if lacks_reason(place.pipeline, place.stage, said):
        missing.append(WHY)
    return asking_sentence(place.stage, missing) if missing else ""


def _target(desk: Desk, found: LeadRow, stage: str, pipeline: str | None) -> StagePlace:
    said, key = place_in(stage)
    wanted = pipeline or said or found.pipeline
    target = desk.pipelines.place(wanted, key)
    if target.is_known:
        return target
    known = desk.pipelines.pipeline(wanted)
    if known is None and (pipeline or said):
        raise UsageError(
            f'There is no pipeline "{wanted[:60]}".',
            remedy=f"Choose one of {', '.join(one.key for one in desk.pipelines.pipelines)}.",
        )
    if known is not None:
        choices = [one.key for one in known.stages]
    else:
        choices = [
            f"{one.key}/{each.key}" for one in desk.pipelines.pipelines for each in one.stages
        ]
    raise UsageError(
        f'There is no stage "{key[:60]}".', remedy=f"Choose one of {', '.join(choices)}."
    )


def _asked(
    desk: Desk,
    found: LeadRow,
    target: StagePlace,
    read: FieldsRead,
    wrong: Mapping[str, tuple[str, str]],
    reason: str | None,
) -> str:
    """The reason as it is kept. Raises NeedsMoreError with all that is wrong and all that is missing."""
    said = [f"{what} {cure}" for what, cure in wrong.values()]
    problems = {name: f"{what} {cure}" for name, (what, cure) in wrong.items()}
    held = held_fields(found) | read.values
    missing = [
        one
        for one in missing_fields(target.stage, desk.lead_fields, held)
        if one.name not in problems
    ]
    why = ""
    try:
        why = read_reason(target.pipeline, target.stage, reason or "")
    except ValueError as error:
        problems[REASON] = str(error)
        said.append(f"{target.stage.label} knows no such reason. {error}")
    else:
        if lacks_reason(target.pipeline, target.stage, None if reason is None else why):
            missing.append(WHY)
    if missing:
        said.append(asking_sentence(target.stage, missing))
        problems |= {one.name: f"{target.stage.label} asks for it." for one in missing}
    if problems:
        raise NeedsMoreError(target, problems, message=" ".join(said), remedy=_REMEDY)
    return why


def _moved(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    found: LeadRow,
    target: StagePlace,
    read: FieldsRead,
    why: str,
) -> Done:
    before = desk.pipelines.place(found.pipeline, found.stage)
    held = held_fields(found)
    changed = read.moved_from(held)
    at = now_ms(desk)
    values = as_columns(found, changed) | {
        "pipeline": target.pipeline.key,
        "stage": target.stage.key,
        "stage_since_at": at,
        "stage_reason": why,
    }
    if not lead_rows.change_lead(tx, found.lead_id, version=found.version, values=values, at=at):
        raise stale(found.version)
    if changed:
        index_names(tx, [found.lead_id])
    is_elsewhere = found.pipeline != target.pipeline.key
    text = f"{_name(before, whole=is_elsewhere)} → {_name(target, whole=is_elsewhere)}"
    text = f"{text}: {why}" if why else text
    data: dict[str, Any] = {
        "from": {"pipeline": found.pipeline, "stage": found.stage},
        "to": {"pipeline": target.pipeline.key, "stage": target.stage.key},
        "since": found.stage_since_at,
        "reason": why,
        "reason_before": found.stage_reason,
    }
    if changed:
        text = "; ".join((text, *(read.words[name] for name in changed)))
        data["changes"] = [
            {"field": name, "from": held.get(name, ""), "to": value}
            for name, value in changed.items()
        ]
    activity_id = add_activity(
        tx,
        found.lead_id,
        at=at,
        kind="stage_move",
        account_id=viewer.account_id,
        text=text,
        data=data,
    )
    word = "Closed as" if target.stage.kind is not StageKind.OPEN else "Moved to"
    return Done(
        desk.ids.seal("lead", found.lead_id),
        found.version + 1,
        f"{word} {_name(target, whole=is_elsewhere)}",
        undo_token(desk, activity_id),
    )


def _name(place: StagePlace, *, whole: bool) -> str:
    """With its pipeline where that is not the same before and after."""
    return f"{place.pipeline.label}: {place.stage.label}" if whole else place.stage.label
