"""Cadences as people run them: made, looked at, started, paused, resumed, cancelled.

A mail merge is a cadence of one step. Starting enrolls everybody of the segment as it is then, and plans their mails;
sending is the sender's affair (services/sending.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer, may_send_from
from inboxcrm.cadence.rules import CadenceRules, rules_as_json, rules_from_json
from inboxcrm.cadence.steps import StepKind, next_key, parse_delay
from inboxcrm.cadence.wanted_steps import MOST_STEPS
from inboxcrm.cadence.windows import next_opening
from inboxcrm.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError, UsageError
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.services.cadence_events import note_for_all
from inboxcrm.services.dry_runs import openers_due, plan_anew
from inboxcrm.services.enrolling import Enrolled, enroll_segment
from inboxcrm.services.lead_changes import now_ms, one_line
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.segments import segment_meant
from inboxcrm.services.sender_addresses import refuse_no_address, refuse_unproven
from inboxcrm.services.templates import template_named
from inboxcrm.store import cadences as rows
from inboxcrm.store import editing, enrollments, mailboxes, outbox
from inboxcrm.store.cadences import CadenceRow, StepRow
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.upserts import one_at_a_time

_ONLY_STEP = "s1"
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class CadenceView:
    """`counts` are mails by state of the outbox."""

    row: CadenceRow
    steps: tuple[StepRow, ...]
    rules: CadenceRules
    counts: dict[str, int]


def make_merge(
    desk: Desk,
    viewer: Viewer,
    *,
    name: str,
    template: str,
    segment: str,
    mailbox: str,
    from_address: str = "",
    rules: CadenceRules | None = None,
) -> CadenceView:
    """A cadence of one mail, not started. `segment` is a saved one's name or a filter as text.

    Raises NotFoundError for what is not there, UsageError and SegmentError for what cannot be read.
    """
    called = one_line(name, "name", "The name of the cadence", longest=_LONGEST_NAME)
    if not called:
        raise UsageError("The cadence has no name.", remedy="Give it one, like Autumn fair.")
    from_address = refuse_no_address(from_address)
    with desk.database.write() as tx:
        box = mailboxes.mailbox_named(tx, mailbox)
        if box is None or not may_send_from(viewer, box.id):
            known = [
                one.name for one in mailboxes.all_mailboxes(tx) if may_send_from(viewer, one.id)
            ]
            raise NotFoundError(
                f'There is no mailbox "{mailbox[:100]}" you may send from.',
                remedy=f"Choose one of {', '.join(known)}." if known else "Connect one first.",
            )
        if rows.cadence_by_key(tx, folded_name(called)) is not None:
            raise RefusedError(
                f'There is a cadence "{called}" already.', remedy="Choose another name."
            )
        version = template_named(tx, template)
        segment_meant(tx, desk, viewer, segment)
        cadence_id = rows.insert_cadence(
            tx,
            name=called,
            key=folded_name(called),
            mailbox_id=box.id,
            from_address=from_address,
            segment=segment,
            rules=rules_as_json(rules or CadenceRules()),
            account_id=viewer.account_id,
            made_at=now_ms(desk),
        )
        note_version(tx, viewer, cadence_id, 1, "Made", at=now_ms(desk))
        rows.insert_step(
            tx,
            cadence_id=cadence_id,
            version=1,
            number=1,
            key=_ONLY_STEP,
            kind="mail",
            template_version_id=version.version_id,
        )
        return _view(tx, find_cadence(tx, called))


def add_step(
    desk: Desk,
    viewer: Viewer,
    name: str,
    *,
    after: str,
    template: str = "",
    task: str = "",
    kind: StepKind = StepKind.MAIL,
    opens_thread: bool = False,
) -> CadenceView:
    """One more at the end. `after` is like "3 business days", counted from the step before.

    A mail step names a `template` and goes on the thread of the mails before it unless it `opens_thread`; a task or a
    call has the words of `task`. A cadence that was started gets a new version, which holds for people added from then
    on: nobody who is in it gets anything else than they were to get. Raises UsageError, NotFoundError.
    """
    try:
        delay, unit = parse_delay(after)
    except ValueError as error:
        raise UsageError(f"The wait cannot be read: {error}.", remedy="Mend it.") from None
    title = one_line(task, "task", "What is to be done", longest=300)
    if kind is not StepKind.MAIL and not title:
        raise UsageError("The task has no title.", remedy="Say in a few words what is to be done.")
    with desk.database.write() as tx:
        one_at_a_time(tx)
        found = cadence_to_change(tx, viewer, name)
        if found.state in {"finished", "cancelled"}:
            raise RefusedError(f"The cadence is {found.state}.", remedy=STATE_REMEDIES[found.state])
        version_id = template_named(tx, template).version_id if kind is StepKind.MAIL else None
        steps = rows.steps_of(tx, found.id, found.version)
        if len(steps) >= MOST_STEPS:
            raise RefusedError(
                f"A cadence has at most {MOST_STEPS} steps.",
                remedy="Whoever is silent so long is not waiting.",
            )
        version = found.version
        if found.state != "draft":
            version = rows.copy_steps(tx, found.id, version)
            note_version(tx, viewer, found.id, version, "A step added", at=now_ms(desk))
        rows.insert_step(
            tx,
            cadence_id=found.id,
            version=version,
            number=len(steps) + 1,
            key=next_key(rows.used_keys(tx, found.id)),
            kind=kind.value,
            template_version_id=version_id,
            delay=delay,
            delay_unit=unit.value,
            data=json.dumps({"thread": "new" if opens_thread else "same", "title": title}),
        )
        return _view(tx, find_cadence(tx, name))


def start(desk: Desk, viewer: Viewer, name: str, *, expected: int | None = None) -> Enrolled:
    """Enrolls the segment's people and plans their mails. `expected`: refused where another number would get mail.

    A cadence that was started before takes in whoever came into its segment since; nobody twice.
    """
    secret = outbox_secret(desk)
    with desk.database.write() as tx:
        one_at_a_time(tx)
        found = cadence_to_change(tx, viewer, name)
        if found.state not in {"draft", "running"}:
            raise RefusedError(f"The cadence is {found.state}.", remedy=STATE_REMEDIES[found.state])
        refuse_unproven(tx, found.mailbox_id, found.from_address)
        now = desk.clock.now()
        rules = rules_from_json(found.rules)
        if next_opening(rules.windows, now) is None:
            raise RefusedError(
                "Its windows never open, so nothing could ever go.", remedy="Change its windows."
            )
        steps = rows.steps_of(tx, found.id, found.version)
        outbox.plan_skipped_anew(tx, found.id, at=to_ms(now))
        due_at = openers_due(tx, desk, viewer, found, steps, now=now, secret=secret)
        enrolled = enroll_segment(
            tx, desk, viewer, found, steps[0], secret=secret, at=to_ms(now), due_at=due_at
        )
        if expected is not None and enrolled.count != expected:
            raise ConflictError(
                f"{enrolled.count} people would get mail, not {expected}. Nothing was started.",
                version=found.version,
                remedy="Look at the segment again.",
            )
        rows.set_state(
            tx,
            found.id,
            "running",
            come_from=("draft", "running"),
            started_at=found.started_at or to_ms(now),
        )
        return enrolled


def pause(desk: Desk, viewer: Viewer, name: str) -> None:
    """Nothing of it goes from the commit on; what is handed over already does."""
    with desk.database.write() as tx:
        found = _change_state(tx, viewer, name, "paused", come_from=("running",))
        _tell_all(tx, desk, viewer, found, f"{found.name} paused", event="paused")


def resume(desk: Desk, viewer: Viewer, name: str) -> None:
    """What fell due meanwhile is planned anew under the caps and gaps, and never goes at once."""
    secret = outbox_secret(desk)
    with desk.database.write() as tx:
        found = _change_state(tx, viewer, name, "running", come_from=("paused",))
        steps = rows.steps_of(tx, found.id, found.version)
        plan_anew(tx, desk, found, steps, now=desk.clock.now(), secret=secret)
        _tell_all(tx, desk, viewer, found, f"{found.name} resumed", event="resumed")


def cancel(desk: Desk, viewer: Viewer, name: str) -> int:
    """Ends it for good, every future mail of it included; how many mails will not go."""
    with desk.database.write() as tx:
        one_at_a_time(tx)
        found = cadence_to_change(tx, viewer, name)
        at = now_ms(desk)
        if not rows.set_state(
            tx, found.id, "cancelled", come_from=("draft", "running", "paused"), ended_at=at
        ):
            raise RefusedError(f"The cadence is {found.state}.", remedy=STATE_REMEDIES[found.state])
        text = "The cadence was cancelled."
        _tell_all(tx, desk, viewer, found, f"{found.name} cancelled", event="cancelled")
        active = enrollments.active_of_cadence(tx, found.id)
        for one in active:
            enrollments.end_enrollment(
                tx, one, state="stopped", at=at, reason="cancelled", words=text
            )
        return outbox.cancel_planned(tx, active, at=at, text=text)


def cadences(desk: Desk, viewer: Viewer) -> list[CadenceView]:
    """All of the house, newest first: everybody sees who is being written to."""
    del viewer
    with desk.database.read() as tx:
        return [_view(tx, one) for one in rows.all_cadences(tx)]


def cadence_named(desk: Desk, viewer: Viewer, name: str) -> CadenceView:
    """Raises NotFoundError."""
    del viewer
    with desk.database.read() as tx:
        return _view(tx, find_cadence(tx, name))


STATE_REMEDIES = {
    "paused": "Resume it first.",
    "finished": "Make a new one.",
    "cancelled": "Make a new one: a cancelled cadence stays so.",
    "draft": "Start it first.",
    "running": "Pause or cancel it first.",
}


def note_version(
    tx: Tx,
    viewer: Viewer,
    cadence_id: int,
    number: int,
    text: str,
    *,
    at: int,
    for_all: bool = False,
) -> None:
    """Who made that version of the steps, and how; `at` in ms."""
    editing.note_version(
        tx,
        cadence_id=cadence_id,
        number=number,
        text=text,
        for_all=for_all,
        account_id=viewer.account_id,
        made_at=at,
    )


def _change_state(
    tx: Tx, viewer: Viewer, name: str, state: str, *, come_from: tuple[str, ...]
) -> CadenceRow:
    one_at_a_time(tx)
    found = cadence_to_change(tx, viewer, name)
    if not rows.set_state(tx, found.id, state, come_from=come_from):
        raise RefusedError(f"The cadence is {found.state}.", remedy=STATE_REMEDIES[found.state])
    return found


def _tell_all(
    tx: Tx, desk: Desk, viewer: Viewer, found: CadenceRow, text: str, *, event: str
) -> None:
    """On the timelines of those who are in it now."""
    leads = enrollments.leads_active_in(tx, found.id)
    at, account_id = now_ms(desk), viewer.account_id
    note_for_all(tx, found.id, leads, text, event=event, at=at, account_id=account_id)


def cadence_to_change(tx: Tx, viewer: Viewer, name: str) -> CadenceRow:
    """Raises NotFoundError, and ForbiddenError for whoever may not send from its mailbox."""
    found = find_cadence(tx, name)
    if not may_send_from(viewer, found.mailbox_id):
        raise ForbiddenError(
            "You may not send from the mailbox of this cadence.",
            remedy="Ask its owner, or an admin.",
        )
    return found


def find_cadence(tx: Tx, name: str) -> CadenceRow:
    """Raises NotFoundError."""
    found = rows.cadence_by_key(tx, folded_name(name))
    if found is None:
        raise NotFoundError(
            f'There is no cadence "{name[:100]}".', remedy="`inboxcrm cadence list` names them."
        )
    return found


def _view(tx: Tx, found: CadenceRow) -> CadenceView:
    return CadenceView(
        found,
        tuple(rows.steps_of(tx, found.id, found.version)),
        rules_from_json(found.rules),
        enrollments.counts_of_cadence(tx, found.id),
    )
