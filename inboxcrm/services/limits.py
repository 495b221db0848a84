"""The limits of a cadence, changed after it was made: first a look at who would get what when, then the change.

Hours, holidays, caps, gaps, lateness, and who may be added. In the one transaction that changes them, which runs alone
with senders:

1. the limits its editor saw still stand, else nothing happens (ConflictError, 409);
2. the new ones are written; the gate goes by them from now on;
3. where they say when or how many, mails that wait are due anew (services/limit_plans.py);
4. those that waited for something are asked anew.

What is claimed, drafted or handed over is never touched. A crash leaves all of it undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.plan_changes import Change, count_changes, plan_changes
from inboxcrm.cadence.plan_shapes import PlannedMail
from inboxcrm.cadence.rules import CadenceRules, rules_as_json, rules_from_json
from inboxcrm.cadence.windows import next_opening
from inboxcrm.errors import ConflictError, RefusedError
from inboxcrm.services.cadence_events import note_for_all
from inboxcrm.services.cadences import STATE_REMEDIES, cadence_to_change
from inboxcrm.services.editing import EditedPerson
from inboxcrm.services.lead_changes import now_ms
from inboxcrm.services.limit_plans import BothPlans, plans_under
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.store import ahead, outbox_lines
from inboxcrm.store import cadences as rows
from inboxcrm.store.cadences import CadenceRow
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.upserts import one_at_a_time

_MARK_LETTERS = 16
_IN_HAND = (
    OutboxState.CLAIMED,
    OutboxState.DRAFTED,
    OutboxState.SENDING,
    OutboxState.UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is to come in a year: so many mails, the first and the last of them (aware)."""

    mails: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class LimitsLook:
    """What new limits would do, or did. `mark` tells the limits that stood: what a change names to say what it saw.

    Of the `people` to whom something is to come `moved` get something at another time, or no more; `counts` say how
    many are met by which change, `moved_mails` of how many mails the time is another. `not_agreed` would be stopped at
    their next mail, because consent is asked for now; `on_their_way` mails go as they are.
    """

    cadence: str
    mark: str
    before: CadenceRules
    after: CadenceRules
    people: int
    moved: tuple[EditedPerson, ...]
    moved_mails: int
    counts: Mapping[Change, int]
    ahead_before: Ahead
    ahead_after: Ahead
    on_their_way: int
    not_agreed: int

    @property
    def is_same(self) -> bool:
        return self.before == self.after


def limits_of(desk: Desk, viewer: Viewer, name: str) -> tuple[str, CadenceRules]:
    """The mark of the limits as they stand, and the limits. Raises NotFoundError, ForbiddenError for whoever may not
    send from its mailbox, and RefusedError for a cadence that is over.
    """
    with desk.database.read() as tx:
        found = _changeable(tx, viewer, name)
    return _mark_of(found), rules_from_json(found.rules)


def look_at_limits(desk: Desk, viewer: Viewer, name: str, rules: CadenceRules) -> LimitsLook:
    """Nothing is changed. Raises as `limits_of`, and RefusedError for windows that never open."""
    secret = outbox_secret(desk)
    with desk.database.read() as tx:
        found = _changeable(tx, viewer, name)
        return _worked_out(tx, desk, viewer, found, rules, secret=secret)[0]


def change_limits(
    desk: Desk, viewer: Viewer, name: str, rules: CadenceRules, *, mark: str | None = None
) -> LimitsLook:
    """`mark` is that of the limits its editor saw; None takes what stands. Raises as `look_at_limits`, RefusedError
    where nothing would change, and ConflictError where somebody changed them meanwhile.
    """
    secret = outbox_secret(desk)
    with desk.database.write() as tx:
        one_at_a_time(tx)
        found = _changeable(tx, viewer, name)
        if mark is not None and mark != _mark_of(found):
            raise ConflictError(
                "Somebody changed the limits meanwhile. Nothing was changed.",
                version=found.version,
                remedy="Look at them as they stand now, then change them again.",
            )
        look, plans = _worked_out(tx, desk, viewer, found, rules, secret=secret)
        if look.is_same:
            raise RefusedError("Nothing of it would change.", remedy="Say what is to be different.")
        rows.set_rules(tx, found.id, rules_as_json(rules))
        if found.state != "draft":
            _carry_out(tx, desk, viewer, found, look, plans)
        return look


def _changeable(tx: Tx, viewer: Viewer, name: str) -> CadenceRow:
    found = cadence_to_change(tx, viewer, name)
    if found.state in {"finished", "cancelled"}:
        raise RefusedError(f"The cadence is {found.state}.", remedy=STATE_REMEDIES[found.state])
    return found


def _mark_of(found: CadenceRow) -> str:
    return sha256(found.rules.encode()).hexdigest()[:_MARK_LETTERS]


def _worked_out(
    tx: Tx, desk: Desk, viewer: Viewer, found: CadenceRow, rules: CadenceRules, *, secret: bytes
) -> tuple[LimitsLook, BothPlans]:
    now = desk.clock.now()
    if next_opening(rules.windows, now) is None:
        raise RefusedError(
            "Its windows never open, so nothing could ever go.", remedy="Give other hours."
        )
    plans = plans_under(tx, desk, viewer, found, rules, now=now, secret=secret)
    changes = plan_changes(
        plans.addresses, plans.before, plans.after, text_before=_same_text, text_after=_same_text
    )
    moved = tuple(
        EditedPerson(
            desk.ids.seal("lead", int(one.person)),
            plans.names.get(one.person) or plans.addresses[one.person],
            plans.addresses[one.person],
            one,
        )
        for one in changes
        if one.mails
    )
    look = LimitsLook(
        cadence=found.name,
        mark=_mark_of(found),
        before=rules_from_json(found.rules),
        after=rules,
        people=len({one.person for one in (*plans.before, *plans.after)}),
        moved=moved,
        moved_mails=sum(Change.TIME in mail.changes for one in changes for mail in one.mails),
        counts=count_changes(changes),
        ahead_before=_ahead(plans.before),
        ahead_after=_ahead(plans.after),
        on_their_way=ahead.count_in(tx, found.id, _IN_HAND),
        not_agreed=plans.not_agreed,
    )
    return look, plans


def _carry_out(
    tx: Tx, desk: Desk, viewer: Viewer, found: CadenceRow, look: LimitsLook, plans: BothPlans
) -> None:
    """With a word in the lives of the mails and on the timelines of those to whom it makes a difference."""
    at = now_ms(desk)
    ahead.put_due(tx, plans.due_at)
    ahead.ask_anew(tx, found.id)
    leads = {int(one.changes.person) for one in look.moved}
    outbox_lines.add_lines(
        tx,
        [one.id for one in ahead.planned_of(tx, found.id) if one.lead_id in leads],
        at=at,
        state=OutboxState.PLANNED,
        text="Planned anew: the limits of the cadence were changed.",
        account_id=viewer.account_id,
    )
    note_for_all(
        tx,
        found.id,
        sorted(leads),
        f"{found.name}: its limits were changed, and with them when they get it",
        event="limits",
        at=at,
        account_id=viewer.account_id,
    )


def _ahead(mails: Sequence[PlannedMail]) -> Ahead:
    at = [one.at for one in mails]
    return Ahead(len(at), min(at, default=None), max(at, default=None))


def _same_text(person: str, step: str) -> object:
    """Limits change no text."""
    del person, step
    return None
