"""Editing a cadence that runs: first a look at who would get what differently, then the edit, then a way back.

Steps are never changed: an edit makes a new version of all of them, for people who come from now on, or for those who
are in it too. In the one transaction that makes it:

1. the version the editor saw is still the newest, else nothing happens (ConflictError, 409);
2. the new version is written, its steps under the keys they had;
3. where it is for all, everybody in it holds to it, and mails that wait are planned anew (services/replanning.py).

A crash leaves all of it undone. Senders ask one at a time with this: a mail is claimed either before it, and then goes
as it was, or after it, with what it has become. Going back is such an edit, with the steps of an earlier version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.going_on import Timing
from inboxcrm.cadence.plan_changes import (
    Change,
    PersonChanges,
    StepChange,
    count_changes,
    plan_changes,
    step_changes,
)
from inboxcrm.cadence.plan_shapes import PlanCadence, PlannedMail, PlanPerson
from inboxcrm.cadence.rules import CadenceRules, rules_from_json
from inboxcrm.cadence.wanted_steps import WantedStep
from inboxcrm.errors import ConflictError, RefusedError
from inboxcrm.services.advancing import timing_of
from inboxcrm.services.cadence_events import note_for_all
from inboxcrm.services.cadences import STATE_REMEDIES, cadence_to_change, note_version
from inboxcrm.services.dry_runs import SPREAD_DAYS, mailbox_state, run_dry
from inboxcrm.services.gating import history
from inboxcrm.services.lead_zones import zones_of
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.replanning import Members, Person, carry_out, deeds_for, people_under
from inboxcrm.services.step_versions import (
    as_wanted,
    compared_steps,
    content_of,
    resolved_steps,
    step_rows,
    steps_of_version,
)
from inboxcrm.store import cadences as rows
from inboxcrm.store import editing
from inboxcrm.store.cadences import CadenceRow, StepRow
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.upserts import one_at_a_time


@dataclass(frozen=True, slots=True)
class EditedPerson:
    """Who gets something else; `id` is the lead's, opaque."""

    id: str
    name: str
    address: str
    changes: PersonChanges


@dataclass(frozen=True, slots=True)
class EditLook:
    """What an edit would do, or did. `version` is the newest there is: what an edit names to say what it was made on.

    `steps` are as they would be; `changes` say what becomes of which. Of the `people` in it `counts` say how many are
    met by which change; `on_their_way` have a mail in hand now, which goes as it is; `finished` came to the end before
    and get nothing more; `ended` would be finished by it.
    """

    cadence: str
    version: int
    for_all: bool
    steps: tuple[WantedStep, ...]
    changes: tuple[tuple[str, StepChange], ...]
    people: int
    edited: tuple[EditedPerson, ...]
    counts: Mapping[Change, int]
    on_their_way: int
    finished: int
    ended: int


_Aim = Sequence[WantedStep] | int
"""Steps as an editor wants them, or the number of the version whose steps they are to be again."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """Worked out and not written yet. `goes_at` (person, step) is when the dry run lets a mail go."""

    look: EditLook
    after: tuple[StepRow, ...]
    rules: CadenceRules
    timing: Timing
    people: list[Person]
    goes_at: dict[tuple[str, str], datetime]


def look_at_edit(
    desk: Desk, viewer: Viewer, name: str, wanted: Sequence[WantedStep], *, for_all: bool
) -> EditLook:
    """Nothing is changed. Raises NotFoundError, ForbiddenError, RefusedError, StepsError."""
    return _looked_at(desk, viewer, name, wanted, for_all=for_all)


def edit_cadence(
    desk: Desk,
    viewer: Viewer,
    name: str,
    wanted: Sequence[WantedStep],
    *,
    for_all: bool,
    version: int | None = None,
) -> EditLook:
    """`version` is the newest one its editor saw; None takes what stands. Raises what `look_at_edit` raises, and
    ConflictError where somebody edited it meanwhile.
    """
    return _changed(desk, viewer, name, wanted, "Edited", for_all=for_all, version=version)


def look_at_roll_back(
    desk: Desk, viewer: Viewer, name: str, number: int, *, for_all: bool
) -> EditLook:
    """What going back to that version would do. Raises as `look_at_edit`, and NotFoundError where there is none."""
    return _looked_at(desk, viewer, name, number, for_all=for_all)


def roll_back(
    desk: Desk,
    viewer: Viewer,
    name: str,
    number: int,
    *,
    for_all: bool,
    version: int | None = None,
) -> EditLook:
    """Makes a new version with the very steps of an earlier one, texts and all. Raises as `edit_cadence`."""
    text = f"Back to version {number}"
    return _changed(desk, viewer, name, number, text, for_all=for_all, version=version)


def _looked_at(desk: Desk, viewer: Viewer, name: str, aim: _Aim, *, for_all: bool) -> EditLook:
    secret = outbox_secret(desk)
    with desk.database.read() as tx:
        found = _editable(tx, viewer, name)
        after = _steps_after(tx, found, aim)
        return _worked_out(tx, desk, found, after, for_all=for_all, secret=secret).look


def _changed(
    desk: Desk,
    viewer: Viewer,
    name: str,
    aim: _Aim,
    text: str,
    *,
    for_all: bool,
    version: int | None,
) -> EditLook:
    secret = outbox_secret(desk)
    with desk.database.write() as tx:
        one_at_a_time(tx)
        found = _editable(tx, viewer, name)
        _refuse_stale(found, version)
        after = _steps_after(tx, found, aim)
        return _written(tx, desk, viewer, found, after, text, for_all=for_all, secret=secret)


# --- what it is to become -----------------------------------------------------------


def _steps_after(tx: Tx, found: CadenceRow, aim: _Aim) -> tuple[StepRow, ...]:
    if isinstance(aim, int):
        return steps_of_version(tx, found, aim)
    return resolved_steps(tx, found, aim)


def _editable(tx: Tx, viewer: Viewer, name: str) -> CadenceRow:
    found = cadence_to_change(tx, viewer, name)
    if found.state in {"finished", "cancelled"}:
        raise RefusedError(f"The cadence is {found.state}.", remedy=STATE_REMEDIES[found.state])
    return found


def _refuse_stale(found: CadenceRow, version: int | None) -> None:
    if version is not None and version != found.version:
        raise ConflictError(
            f"Somebody edited the cadence meanwhile: it is at version {found.version}, not {version}. Nothing was "
            "changed.",
            version=found.version,
            remedy="Look at it as it stands now, then edit it again.",
        )


# --- what it does ----------------------------------------------------------------------


def _worked_out(
    tx: Tx,
    desk: Desk,
    found: CadenceRow,
    after: tuple[StepRow, ...],
    *,
    for_all: bool,
    secret: bytes,
) -> _Edit:
    now = desk.clock.now()
    rules = rules_from_json(found.rules)
    members = Members.read(tx, found.id)
    in_use = {found.version, *(one.version for one in members.rows)}
    steps_of = {one: rows.steps_of(tx, found.id, one) for one in in_use}
    people: list[Person] = []
    changes: list[PersonChanges] = []
    goes_at: dict[tuple[str, str], datetime] = {}
    zones = zones_of(tx, desk, rules, {one.lead_id: one.address for one in members.rows})
    timing = timing_of(found.id, rules, zones, secret=secret, now=now)
    if for_all:
        people = people_under(members, steps_of, after, timing)
        changes, goes_at = _compared(tx, desk, found, people, steps_of, after, timing)
    by_lead = {str(one.lead_id): one for one in members.rows}
    look = EditLook(
        cadence=found.name,
        version=found.version,
        for_all=for_all,
        steps=as_wanted(after),
        changes=tuple(step_changes(compared_steps(steps_of[found.version]), compared_steps(after))),
        people=sum(one.is_active for one in members.rows),
        edited=tuple(
            EditedPerson(
                desk.ids.seal("lead", int(one.person)),
                by_lead[one.person].name,
                by_lead[one.person].address,
                one,
            )
            for one in changes
            if one.mails
        ),
        counts=count_changes(changes),
        on_their_way=sum(bool(one.in_hand) for one in people),
        finished=editing.count_finished(tx, found.id),
        ended=sum(
            one.row.is_active and one.next is not None and not one.next.mail for one in people
        ),
    )
    return _Edit(look, after, rules, timing, people, goes_at)


def _compared(
    tx: Tx,
    desk: Desk,
    found: CadenceRow,
    people: Sequence[Person],
    steps_of: Mapping[int, Sequence[StepRow]],
    after: Sequence[StepRow],
    timing: Timing,
) -> tuple[list[PersonChanges], dict[tuple[str, str], datetime]]:
    """The two dry runs beside each other. In both nothing is too late: what is planned anew is due when it can go."""
    now = timing.now
    until = now + timedelta(days=SPREAD_DAYS)
    state = mailbox_state(tx, desk, found, now=now, secret=timing.secret)
    rules = replace(rules_from_json(found.rules), max_late_days=2 * SPREAD_DAYS)
    past = history(tx, found.mailbox_id, rules, now)

    def dry(crowd: Sequence[PlanPerson | None]) -> list[PlannedMail]:
        people = [one for one in crowd if one is not None]
        cadence = PlanCadence(found.name, people, (), rules, timing.key_of, past)
        return run_dry(cadence, state, start=now, until=until, secret=timing.secret)

    old = dry([one.before for one in people])
    new = dry([one.after for one in people])
    texts = {
        version: {one.key: content_of(one) for one in steps} for version, steps in steps_of.items()
    }
    later = {one.key: content_of(one) for one in after}
    of_person = {str(one.row.lead_id): one for one in people}

    def text_before(person: str, step: str) -> object:
        return texts[of_person[person].row.version].get(step)

    def text_after(person: str, step: str) -> object:
        on_its_way = of_person[person].in_hand == step
        return text_before(person, step) if on_its_way else later.get(step)

    changes = plan_changes(of_person, old, new, text_before=text_before, text_after=text_after)
    return changes, {(one.person, one.step): one.at for one in new}


def _written(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    found: CadenceRow,
    after: tuple[StepRow, ...],
    text: str,
    *,
    for_all: bool,
    secret: bytes,
) -> EditLook:
    edit = _worked_out(tx, desk, found, after, for_all=for_all, secret=secret)
    now = desk.clock.now()
    at, version = to_ms(now), found.version
    behind = [one for one in edit.people if one.row.version != found.version]
    if not edit.look.changes and not behind:
        raise RefusedError(
            "Nothing of it would change.", remedy="Change a step, or say for whom it is to hold."
        )
    if edit.look.changes:
        made = editing.add_version(tx, found.id, expected=found.version, steps=step_rows(after))
        assert made is not None, "nobody edits it in the same moment: this transaction is alone"
        version = made
        note_version(tx, viewer, found.id, version, text, at=at, for_all=for_all)
    deeds = deeds_for(edit.people, after, found, edit.rules, edit.timing, edit.goes_at)
    carry_out(tx, deeds, version=version, at=at)
    note_for_all(
        tx,
        found.id,
        [int(one.changes.person) for one in edit.look.edited],
        f"{found.name} was edited: what they get has changed",
        event="edited",
        at=at,
        account_id=viewer.account_id,
    )
    return edit.look
