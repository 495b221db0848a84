"""The versions of a cadence's steps: as an edit wants them, as rows, and as people are told of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.plan_changes import ComparedStep
from inboxcrm.cadence.steps import DelayUnit, StepKind, next_key
from inboxcrm.cadence.wanted_steps import StepsError, WantedStep
from inboxcrm.errors import NotFoundError, Problem
from inboxcrm.services.cadences import find_cadence
from inboxcrm.store import cadences as rows
from inboxcrm.store import editing, templates
from inboxcrm.store.cadences import CadenceRow, StepRow
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of the steps. `people` are in it now by that version."""

    number: int
    text: str
    by: str
    at: datetime
    for_all: bool
    people: int
    is_newest: bool
    steps: tuple[WantedStep, ...]


def steps_now(desk: Desk, viewer: Viewer, name: str) -> tuple[int, tuple[WantedStep, ...]]:
    """The newest version's number and its steps, as an edit takes them. Raises NotFoundError."""
    del viewer
    with desk.database.read() as tx:
        found = find_cadence(tx, name)
        return found.version, as_wanted(rows.steps_of(tx, found.id, found.version))


def kinds_of_steps(desk: Desk, viewer: Viewer, name: str) -> dict[str, str]:
    """Key -> kind of every step it ever had, for `read_steps`. Raises NotFoundError."""
    del viewer
    with desk.database.read() as tx:
        return editing.kinds_by_key(tx, find_cadence(tx, name).id)


def versions(desk: Desk, viewer: Viewer, name: str) -> list[VersionLine]:
    """Newest first. Raises NotFoundError."""
    del viewer
    with desk.database.read() as tx:
        found = find_cadence(tx, name)
        return [
            VersionLine(
                one.number,
                one.text,
                one.by or "",
                from_ms(one.made_at),
                one.for_all,
                one.people,
                one.number == found.version,
                as_wanted(rows.steps_of(tx, found.id, one.number)),
            )
            for one in editing.versions_of(tx, found.id)
        ]


def steps_of_version(tx: Tx, found: CadenceRow, number: int) -> tuple[StepRow, ...]:
    """Raises NotFoundError."""
    steps = tuple(rows.steps_of(tx, found.id, number)) if 0 < number < 10**9 else ()
    if not steps:
        raise NotFoundError(
            f"{found.name} has no version {number}.",
            remedy="`inboxcrm cadence versions` names them.",
        )
    return steps


def resolved_steps(tx: Tx, found: CadenceRow, wanted: Sequence[WantedStep]) -> tuple[StepRow, ...]:
    """With keys for the new ones and the versions of their templates.

    Raises StepsError with all templates that are not there.
    """
    used = rows.used_keys(tx, found.id)
    steps, problems = [], []
    for number, one in enumerate(wanted, start=1):
        key = one.key or next_key(used)
        used.add(key)
        version = None
        if one.kind is StepKind.MAIL:
            version = _template_version(tx, one)
            if version is None:
                what = f", version {one.version}" if one.version else ""
                text = f'there is no template "{one.template[:60]}"{what}'
                problems.append(Problem(f"step {number}, template", text))
        data = {"thread": "new" if one.opens_thread else "same", "title": one.title}
        steps.append(
            StepRow(
                number,
                key,
                one.kind.value,
                version.version_id if version else None,
                one.delay if number > 1 else 0,
                one.unit.value,
                json.dumps(data),
                version.name if version else None,
                version.number if version else None,
            )
        )
    if problems:
        raise StepsError(problems)
    return tuple(steps)


def _template_version(tx: Tx, one: WantedStep) -> templates.TemplateVersion | None:
    newest = templates.newest_version(tx, one.template)
    if newest is None or not one.version or newest.number == one.version:
        return newest
    older = templates.versions_of(tx, newest.template_id)
    return next((held for held in older if held.number == one.version), None)


def as_wanted(steps: Sequence[StepRow]) -> tuple[WantedStep, ...]:
    found = []
    for one in steps:
        data = json.loads(one.data)
        found.append(
            WantedStep(
                one.key,
                StepKind(one.kind),
                one.template or "",
                one.template_number or 0,
                str(data.get("title", "")),
                one.delay,
                DelayUnit(one.delay_unit),
                data.get("thread") == "new",
            )
        )
    return tuple(found)


def content_of(one: StepRow) -> tuple[int | None, str, bool]:
    """What tells its mail or task from others: the text, a task's title, whether it opens a thread."""
    data = json.loads(one.data)
    opens = data.get("thread") == "new" and one.number > 1
    return one.template_version_id, str(data.get("title", "")), opens


def compared_steps(steps: Sequence[StepRow]) -> list[ComparedStep]:
    return [
        ComparedStep(
            one.key, content_of(one), (one.delay, one.delay_unit) if one.number > 1 else ()
        )
        for one in steps
    ]


def step_rows(steps: Sequence[StepRow]) -> list[dict[str, object]]:
    return [
        {
            "key": one.key,
            "kind": one.kind,
            "template_version_id": one.template_version_id,
            "delay": one.delay,
            "delay_unit": one.delay_unit,
            "data": one.data,
        }
        for one in steps
    ]
