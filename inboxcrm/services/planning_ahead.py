"""What a cadence would send on the coming days: who gets which step when, and how full its mailbox is on each day.

For a cadence that is not started it takes the people of its segment as they are now; for one that was, those who are in
it and the mails that wait. All that run from the mailbox are played together, each with what is to follow. Nothing is
changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.plan import plan
from inboxcrm.cadence.plan_shapes import MailboxState, PlannedMail
from inboxcrm.cadence.windows import local_day
from inboxcrm.errors import RefusedError
from inboxcrm.services.cadences import CadenceView, cadence_named
from inboxcrm.services.crowds import Crowd, in_outbox, in_segment
from inboxcrm.services.dry_runs import cadence_ahead, mailbox_state
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.store.desk import Desk

LOOKS_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class MailAhead:
    """`step` is a step's key, `number` its place from 1; 0 where it was taken out and is resent."""

    at: datetime
    lead_id: str
    to: str
    step: str
    number: int
    zone: str = ""


@dataclass(frozen=True, slots=True)
class DayAhead:
    """Mails on a day of the rules' zone: `others` are of the mailbox's other cadences."""

    day: date
    openers: int
    follow_ups: int
    others: int


@dataclass(frozen=True, slots=True)
class PlanAhead:
    """Of the `people` so many are `unplanned`: they get nothing before `until`. `day_cap`: what a person lets leave the
    mailbox for it in 24 hours.
    """

    cadence: str
    state: str
    mailbox: str
    day_cap: int
    zone: str
    start: datetime
    until: datetime
    people: int
    unplanned: int
    days: tuple[DayAhead, ...]
    mails: tuple[MailAhead, ...]

    @property
    def first_at(self) -> datetime | None:
        return self.mails[0].at if self.mails else None

    @property
    def last_at(self) -> datetime | None:
        return self.mails[-1].at if self.mails else None


def plan_ahead(desk: Desk, viewer: Viewer, name: str, *, days: int = LOOKS_AHEAD_DAYS) -> PlanAhead:
    """The next `days` days, were nobody to answer. Raises NotFoundError, and RefusedError for one that is over."""
    view, secret = cadence_named(desk, viewer, name), outbox_secret(desk)
    if view.row.state in {"finished", "cancelled"}:
        raise RefusedError(
            f"The cadence is {view.row.state}: nothing of it will be sent.",
            remedy="`inboxcrm cadence status` tells what was.",
        )
    start = desk.clock.now()
    until = start + timedelta(days=days)
    with desk.database.read() as tx:
        crowd = (
            in_segment(tx, desk, viewer, view.row, now=start)
            if view.row.state == "draft"
            else in_outbox(tx, desk, view.row, view.steps)
        )
        state = mailbox_state(tx, desk, view.row, now=start, secret=secret)
        own = cadence_ahead(tx, crowd, view.row, view.steps, now=start, secret=secret)
    mails = list(plan(own, state, start=start, until=until, secret=secret))
    return _told(desk, view, crowd, state, mails, start=start, until=until)


def plans_ahead(
    desk: Desk, viewer: Viewer, names: Sequence[str], *, days: int = LOOKS_AHEAD_DAYS
) -> list[PlanAhead]:
    """As `plan_ahead`, of cadences of one mailbox, worked out in one go; of those among them that run.

    Raises NotFoundError.
    """
    secret, start = outbox_secret(desk), desk.clock.now()
    until = start + timedelta(days=days)
    views = [cadence_named(desk, viewer, name) for name in names]
    views = [one for one in views if one.row.state == "running"]
    if not views:
        return []
    first = views[0]
    with desk.database.read() as tx:
        crowds = [in_outbox(tx, desk, one.row, one.steps) for one in views]
        state = mailbox_state(tx, desk, first.row, now=start, secret=secret)
        own = cadence_ahead(tx, crowds[0], first.row, first.steps, now=start, secret=secret)
    mails = list(plan(own, state, start=start, until=until, secret=secret))
    return [
        _told(desk, view, crowd, state, mails, start=start, until=until)
        for view, crowd in zip(views, crowds, strict=True)
    ]


def _told(
    desk: Desk,
    view: CadenceView,
    crowd: Crowd,
    state: MailboxState,
    of_mailbox: list[PlannedMail],
    *,
    start: datetime,
    until: datetime,
) -> PlanAhead:
    numbers = {one.key: one.number for one in view.steps}
    own = {
        (one.key, step.key): place
        for one in crowd.people
        for place, step in enumerate(one.steps, start=1)
        if (one.key, step.key) not in crowd.keys
    }
    mails = [one for one in of_mailbox if one.cadence == view.row.name]
    windows, first = view.rules.windows, view.steps[0].key
    openers: Counter[date] = Counter()
    follow_ups: Counter[date] = Counter()
    for mail in mails:
        (openers if mail.step == first else follow_ups)[local_day(windows, mail.at)] += 1
    others = Counter(
        local_day(windows, one.at) for one in of_mailbox if one.cadence != view.row.name
    )
    ids = {one.key: desk.ids.seal("lead", int(one.key)) for one in crowd.people}
    zones = {one.key: one.zone for one in crowd.people}
    return PlanAhead(
        view.row.name,
        view.row.state,
        state.name,
        min(view.rules.day_cap, state.day_cap or view.rules.day_cap),
        windows.zone,
        start,
        until,
        len(crowd.addresses),
        len(crowd.addresses) - len({one.person for one in mails}),
        tuple(
            DayAhead(day, openers[day], follow_ups[day], others[day])
            for day in sorted({*openers, *follow_ups, *others})
        ),
        tuple(
            MailAhead(
                one.at,
                ids[one.person],
                crowd.addresses[one.person],
                one.step,
                own.get((one.person, one.step)) or numbers.get(one.step, 0),
                zones[one.person],
            )
            for one in mails
        ),
    )
