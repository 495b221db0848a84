"""A cadence is played to its end in a copy of the database, against a practice mailbox, on a clock that leaps.

    1. The copy is set on the stage: its mailbox is level with the practice one, what cannot happen there is put aside.
    2. The cadence is started, or goes on where it stands; each of its people is told what to do.
    3. The clock leaps to whatever comes next: a mail that is due, or a letter. The mailbox is read and what is due is
       sent, by the code that does it every day. Again, until nothing is left to come or the days are over.
    4. What happened is read from the copy.

The clock stands between leaps and nothing is random: the same database, start and seed give the same rehearsal. Whoever
calls this hands in a copy, never the database people work with.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.windows import Windows, local_day
from inboxcrm.errors import RefusedError, UsageError
from inboxcrm.ports import MailSender, MailSource
from inboxcrm.services.cadences import CadenceView, cadence_named, resume, start
from inboxcrm.services.rehearsal_shapes import (
    FATES,
    Habit,
    LayBefore,
    Rehearsal,
    RehearsalDay,
    Shares,
    Stage,
)
from inboxcrm.services.sending import send_due
from inboxcrm.services.sync_run import Runner
from inboxcrm.services.syncing import sync_mailbox
from inboxcrm.store import ahead, enrollments, mailboxes
from inboxcrm.store import rehearsals as rows
from inboxcrm.store.cadences import steps_of
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import MailboxRow

READ_EVERY = timedelta(minutes=10)
MOST_LEAPS = 20_000
"""A rehearsal ends by itself, whatever it plays."""
_REST = timedelta(days=1)
_ENDLESS = ("too_late", "not_running", "unread")
"""What no time ends: the gate would be asked every five minutes for nothing."""


@dataclass
class LeapingClock:
    """Implements `ports.Clock`. Stands until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass
class _Play:
    """What the rounds need, and what they leave besides rows."""

    desk: Desk
    clock: LeapingClock
    box: MailboxRow
    view: CadenceView
    source: MailSource
    sender: MailSender
    stage: Stage
    runner: Runner
    start: datetime
    until: datetime
    letters: dict[date, Counter[str]] = field(default_factory=dict)
    full: set[date] = field(default_factory=set)
    paused: dict[date, str] = field(default_factory=dict)
    read_at: datetime | None = None

    @property
    def windows(self) -> Windows:
        return self.view.rules.windows

    def today(self) -> date:
        return local_day(self.windows, self.clock.at)


@dataclass(frozen=True, slots=True)
class SenderBox:
    """The mailbox a cadence goes from; `aliases` are the other addresses it sends as."""

    name: str
    address: str
    aliases: tuple[str, ...]


def to_rehearse(desk: Desk, viewer: Viewer, name: str, shares: Shares) -> SenderBox:
    """Asked before anything is copied. Raises NotFoundError, RefusedError for a cadence that is over and for a mailbox
    whose address is not known yet, UsageError for shares that are more than everybody.
    """
    row = cadence_named(desk, viewer, name).row
    if row.state in {"finished", "cancelled"}:
        raise RefusedError(
            f"The cadence is {row.state}: there is nothing to rehearse.",
            remedy="`inboxcrm cadence status` tells what was.",
        )
    if sum(getattr(shares, fate) for fate in FATES) > 1 + 1e-9:
        raise UsageError("The shares are more than everybody.", remedy="Name smaller ones.")
    with desk.database.read() as tx:
        box = mailboxes.mailbox_by_id(tx, row.mailbox_id)
    if box is None or not box.address:
        raise RefusedError(
            f"The address of {row.mailbox} is not known yet.", remedy="Run `inboxcrm sync` once."
        )
    also = {*box.aliases, row.from_address} - {"", box.address}
    return SenderBox(box.name, box.address, tuple(sorted(also)))


def habits_of(
    people: Mapping[str, int], shares: Shares, *, seed: int
) -> tuple[dict[str, Habit], dict[str, int]]:
    """Who does what, and how many that are. `people`: address -> how many mails they would get at most.

    As many as the shares say, to the nearest whole number; who it is, and about which mail, follows from the seed.
    """
    parts = {fate: getattr(shares, fate) for fate in FATES}
    drawn = sorted(people, key=lambda address: _draw(seed, address, "who"))
    habits: dict[str, Habit] = {}
    counts = {}
    for fate, share in parts.items():
        counts[fate] = min(int(len(people) * share + 0.5), len(drawn))
        for address in drawn[: counts[fate]]:
            habits[address] = Habit(fate, _at_mail(fate, people[address], seed, address))
        drawn = drawn[counts[fate] :]
    return habits, counts


def _at_mail(fate: str, mails: int, seed: int, address: str) -> int:
    """Machines speak up at once; people after any of the mails, one as likely as the other."""
    if fate in {"bounces", "away"}:
        return 1
    return 1 + int(_draw(seed, address, "when") * mails)


def _draw(seed: int, address: str, purpose: str) -> float:
    digest = sha256(f"{seed} {purpose} {address.lower()}".encode()).digest()
    return int.from_bytes(digest[:6]) / (1 << 48)


def rehearse(
    desk: Desk,
    viewer: Viewer,
    name: str,
    *,
    clock: LeapingClock,
    stage: Stage,
    source: MailSource,
    sender: MailSender,
    runner: Runner,
    shares: Shares,
    seed: int,
    days: int,
    on_day: Callable[[int], None] = lambda _: None,
) -> Rehearsal:
    """`desk` stands on a copy; `clock` is its clock, and stands where the rehearsal begins. `on_day` is told how many
    days have been played.

    Of the cadence's being there and not over `to_rehearse` has made sure. Raises what starting it would raise.
    """
    view = cadence_named(desk, viewer, name)
    box, notes = _set_stage(desk, view, source, stage, at=clock.at)
    if view.row.state == "draft":
        start(desk, viewer, name)
    elif view.row.state == "paused":
        resume(desk, viewer, name)
    view = cadence_named(desk, viewer, name)
    with desk.database.write() as tx:
        rows.hold_what_is_not_running(tx, box.id)
        people = _mails_ahead(view, ahead.waiting_mails(tx, view.row.id))
        before = rows.sent_before(tx, box.id)
    habits, counts = habits_of(people, shares, seed=seed)
    stage.furnish(
        [
            LayBefore(one.ref, one.thread_ref, one.message_id, one.mime, from_ms(one.left_at))
            for one in before
        ],
        habits,
        seed=seed,
    )
    play = _Play(
        desk, clock, box, view, source, sender, stage, runner, clock.at, clock.at + timedelta(days=days)
    )  # fmt: skip
    is_cut = _leap(play, on_day)
    return _told(play, counts, len(people), seed=seed, notes=notes, is_cut=is_cut)


def _set_stage(
    desk: Desk, view: CadenceView, source: MailSource, stage: Stage, *, at: datetime
) -> tuple[MailboxRow, tuple[str, ...]]:
    """The mailbox as the practice one has it, and in words what is not so in earnest."""
    stage.pass_time(at)
    anchor = source.anchor()
    with desk.database.write() as tx:
        box = mailboxes.mailbox_by_id(tx, view.row.mailbox_id)
        assert box is not None, "a cadence's mailbox stays"
        forgotten = rows.set_stage(
            tx, box.id, cursor=anchor.cursor, scopes=stage.scopes, at=to_ms(at)
        )
    said = []
    if box.auth != "ok":
        said.append(f"{box.name} has to be connected again before anything of this can happen.")
    elif not box.may_send:
        said.append(f"{box.name} may not send yet; here it is played as if it could.")
    if box.paused:
        said.append(f"{box.name} is paused; here it is played as if it were not.")
    if forgotten:
        mails = "1 mail" if forgotten == 1 else f"{forgotten} mails"
        said.append(f"{mails} of {box.name} are not read yet and play no part.")
    return box, tuple(said)


def _mails_ahead(view: CadenceView, waiting: Iterable[ahead.WaitingMail]) -> dict[str, int]:
    """Address -> how many mails somebody would get if they were silent."""
    mails = [one.key for one in view.steps if one.kind == "mail"]
    return {
        one.to_address: len(mails) - mails.index(one.step_key) if one.step_key in mails else 1
        for one in waiting
    }


# --- the rounds ---------------------------------------------------------------------


def _leap(play: _Play, on_day: Callable[[int], None]) -> bool:
    """Until nothing comes any more, or the days are over. True where it was broken off before."""
    for _ in range(MOST_LEAPS):
        next_at = _round(play)
        on_day((play.clock.at - play.start).days)
        if next_at is None or next_at >= play.until:
            return False
        play.clock.at = max(next_at, play.clock.at + timedelta(milliseconds=1))
    return True


def _round(play: _Play) -> datetime | None:
    """What happens at this moment; when the next thing does."""
    now, clock = play.clock.at, play.clock
    passed = play.stage.pass_time(now)
    if passed.arrived:
        play.letters.setdefault(play.today(), Counter()).update(passed.arrived)
    if passed.arrived or play.read_at is None or now - play.read_at >= READ_EVERY:
        sync_mailbox(play.desk, play.source, play.box.name, runner=play.runner)
        play.read_at = clock.at
    report = send_due(play.desk, play.sender, play.box.name, runner=play.runner)
    if "cap" in report.held_by:
        play.full.add(play.today())
    if "sending_paused" in report.held_by:
        play.paused[play.today()] = " ".join(report.waits)
    with play.desk.database.write() as tx:
        rows.let_rest(tx, play.box.id, _ENDLESS, until_at=to_ms(now + _REST))
        rows.let_rest(tx, play.box.id, ("parent",), until_at=to_ms(now + READ_EVERY))
    due = [from_ms(report.next_at)] if report.next_at is not None else []
    # Asked again: what has just gone may be answered too, and nothing else may be left to come.
    letter_at = play.stage.pass_time(now).next_at
    if letter_at is not None:
        due.append(letter_at)
    return min(due, default=None)


# --- what came of it -------------------------------------------------------------------


def _told(
    play: _Play,
    habits: dict[str, int],
    people: int,
    *,
    seed: int,
    notes: tuple[str, ...],
    is_cut: bool,
) -> Rehearsal:
    since, cadence_id = to_ms(play.start), play.view.row.id
    with play.desk.database.read() as tx:
        left = rows.left_since(tx, play.box.id, since)
        ended = rows.ended_since(tx, cadence_id, since)
        parked = rows.parked_since(tx, cadence_id, since)
        tasks = rows.tasks_since(tx, cadence_id, since)
        standing = rows.people_by_state(tx, cadence_id)
        mails = enrollments.counts_of_cadence(tx, cadence_id)
        waits, faults = rows.waiting_for(tx, cadence_id), rows.faults_of(tx, cadence_id)
        steps = steps_of(tx, cadence_id, play.view.row.version)
    days: dict[date, RehearsalDay] = {}

    def on(day: date) -> RehearsalDay:
        return days.setdefault(day, RehearsalDay(day))

    def at(ms: int) -> RehearsalDay:
        return on(local_day(play.windows, from_ms(ms)))

    for mail in left:
        line = at(mail.at)
        if mail.cadence_id != cadence_id:
            line.others += 1
        elif mail.step_key == steps[0].key:
            line.openers += 1
        else:
            line.follow_ups += 1
        line.unconfirmed += mail.cadence_id == cadence_id and mail.state != "sent"
    for day, came in play.letters.items():
        for fate, many in came.items():
            setattr(on(day), fate, many)
    for end in ended:
        line = at(end.at)
        if end.state == "finished":
            line.finished += 1
        else:
            line.stopped[end.reason] = line.stopped.get(end.reason, 0) + 1
    for ms in parked:
        at(ms).parked += 1
    for due_on in tasks:
        on(date.fromisoformat(due_on)).tasks += 1
    for day in play.full:
        on(day).cap_reached = True
    for day, why in play.paused.items():
        on(day).paused = why
    own = [mail for mail in left if mail.cadence_id == cadence_id]
    return Rehearsal(
        cadence=play.view.row.name,
        mailbox=play.box.name,
        zone=play.windows.zone,
        seed=seed,
        start=play.start,
        end=play.clock.at,
        people=people,
        habits=habits,
        sent=len(own),
        others=len(left) - len(own),
        unconfirmed=sum(mail.state != "sent" for mail in own),
        letters=dict(sum(play.letters.values(), Counter())),
        enrollments=dict(standing),
        stopped=dict(Counter(one.reason for one in ended if one.state == "stopped")),
        mails=mails,
        tasks=len(tasks),
        parked=len(parked),
        waits=_reasons(waits),
        faults=dict(faults),
        days=tuple(days[day] for day in sorted(days)),
        notes=notes,
        is_cut=is_cut,
    )


def _reasons(waits: Iterable[str]) -> dict[str, int]:
    """What the mails wait for that have not gone, in words."""
    found: Counter[str] = Counter()
    for one in waits:
        said = " ".join(str(reason["text"]) for reason in json.loads(one))
        found[said or "Their turn had not come."] += 1
    return dict(found)
