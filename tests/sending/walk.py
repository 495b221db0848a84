"""A random week of an office: senders that die, answers, absences, bounces, people who stop things, and what must hold
at every step of it.

Nothing here knows how the program keeps its promises: what was done is noted in plain Python, and each mail that crosses
to the provider is held against it at that very moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.utils import format_datetime
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from inboxcrm.cadence.caps import DAY
from inboxcrm.cadence.rests import UNTIL_RESUMED
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.windows import Windows
from inboxcrm.errors import BusyMailboxError, ConflictError, ProviderError, RefusedError
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.ports import Handed, Prepared
from inboxcrm.services import cadences
from inboxcrm.services.explaining import resolve
from inboxcrm.services.lead_fields import edit_lead
from inboxcrm.services.lead_pauses import pause_lead, resume_lead
from inboxcrm.services.lead_stops import stop_lead
from inboxcrm.services.leads import move_stage
from inboxcrm.services.suppressions import suppress as suppress_subject
from inboxcrm.views.leads import lead_list
from tests.sending.incoming import away, bounce, come, heed, letter
from tests.sending.office import ALICE, Office
from tests.sending.post import Habits, PostSender
from tests.sync.killing import Fuse
from tests.sync.world import Killed

PEOPLE = ("bob", "carol", "dave", "erin", "frank", "grete", "hans")
GAP_SECONDS = 120
DAY_CAP = 4
_NINE, _FIVE = datetime(2026, 1, 1, 9).time(), datetime(2026, 1, 1, 17).time()
HOURS = Windows.of_week(
    "Europe/Berlin", {day: [(_NINE, _FIVE)] for day in ("mon", "tue", "wed", "thu", "fri")}
)
RULES = CadenceRules(
    windows=HOURS, day_cap=DAY_CAP, gap_seconds=GAP_SECONDS, ramp_percent=0, domain_cap=0
)
STEPS = (
    {"after": "1 day", "template": "hello"},
    {"after": "1 day", "template": "hello", "opens_thread": True},
)
WHERE = LeadField("where", "Time zone", FieldKind.TIME_ZONE)
ZONES = ("", "", "Asia/Tokyo", "America/New_York", "Pacific/Auckland")
ENDS = frozenset({"sent", "failed", "cancelled"})
DONE = ENDS | {"unconfirmed", "skipped"}
AWAY_UNTIL = date(2026, 5, 20)


def habits_by(dice: Random) -> Habits:
    return Habits(
        late_seconds=dice.choice((0.0, 250.0)),
        lingers_seconds=dice.choice((0.0, 250.0)),
        takes_twice=dice.random() < 0.5,
        strips_key=dice.random() < 0.5,
        lost_done=dice.choice((0.0, 0.3)),
        lost_undone=dice.choice((0.0, 0.15)),
        refused=dice.choice((0.0, 0.1)),
        lost_drafts=dice.choice((0.0, 0.15)),
    )


class WatchedSender(PostSender):
    """Lets something happen behind a draft, and has each hand-over held against what was done before it."""

    def __init__(self, walk: Walk, fuse: Fuse) -> None:
        super().__init__(walk.office.post, fuse.spark, walk.dice)
        self._walk, self._fuse = walk, fuse

    def prepare(self, mime: bytes, *, thread_ref: str = "") -> Prepared:
        found = super().prepare(mime, thread_ref=thread_ref)
        if not self._walk.is_over and self._walk.dice.random() < 0.08:
            was, self._fuse.armed = self._fuse.armed, False  # others do not die with it
            self._walk.something(self._walk.meanwhile)
            self._fuse.armed = was
        return found

    def hand_over(self, prepared: Prepared) -> Handed:
        draft = self._walk.office.post.drafts[prepared.draft_ref]
        self._walk.crosses(draft.mime, draft.thread_ref)
        return super().hand_over(prepared)


class Walk:
    """`wrong` is what broke a promise, `log` what was done, for whoever has to find out why."""

    def __init__(self, office: Office, dice: Random) -> None:
        self.office, self.dice = office, dice
        self.log: list[str] = []
        self.wrong: list[str] = []
        self.by_hand: list[datetime] = []
        self.is_over = False
        self.stopped: dict[str, str] = {}
        self.heard_later: dict[str, str] = {}
        self.parked: set[str] = set()
        self.is_paused = False
        self.resting: dict[str, datetime] = {}
        self.zones = self._everybody_lives_somewhere()
        self.known_ids: dict[str, str] = {}
        self.raws: list[tuple[bytes | str, dict[str, Any]]] = []
        self.ended: dict[str, str] = {}
        self.meanwhile: tuple[Callable[[], object], ...] = (
            self.answer, self.answer_into_the_bin, self.pause, self.stop, self.suppress, self.win, self.resume,
            self.rest, self.go_on,
        )  # fmt: skip
        self.deeds = (
            *(self.send,) * 40, *(self.wait,) * 24, *(self.bring_back,) * 14, *self.meanwhile, *(self.resume,) * 4,
            self.be_away, self.bounce, self.opt_out, self.write_by_hand, self.come_again, self.say_it_went,
        )  # fmt: skip

    def _everybody_lives_somewhere(self) -> dict[str, str]:
        """Address -> zone, of those who are not on the clock of the rules. It is known once their mails are planned."""
        self.office.bench.lead_fields = (WHERE,)
        found = {}
        for name in self.office.people:
            if zone := self.dice.choice(ZONES):
                found[f"{name}@{name}s-firm.example"] = zone
                lead_id = self.office.sealed_lead(f"{name.title()} Tanaka")
                changes = {"custom": {WHERE.key: zone}}
                edit_lead(self.office.desk, ALICE, lead_id, version=1, changes=changes)
        return found

    @property
    def now(self) -> datetime:
        return self.office.bench.clock.at

    def go(self, moves: int) -> list[str]:
        for _ in range(moves):
            self.something(self.deeds)
            self.look()
        self.come_to_the_end()
        return self.wrong

    def something(self, deeds: tuple[Callable[[], object], ...]) -> None:
        deed = self.dice.choice(deeds)
        self.log.append(f"{self.now:%a %d %H:%M:%S} {deed.__name__}")
        with suppress(RefusedError, ConflictError):
            deed()

    # --- what is done ---

    def somebody(self) -> tuple[str, str]:
        name = self.dice.choice(self.office.people)
        self.log[-1] += f" {name}"
        return name, f"{name}@{name}s-firm.example"

    def send(self, *, may_die: bool = True) -> float:
        """One life of a sender; returns how many seconds it says it has to wait."""
        blow_at = self.dice.randrange(1, 40) if may_die and self.dice.random() < 0.5 else None
        if self.dice.random() < 0.9:
            self.office.read_mail()
        fuse = self.office.bench.database.fuse = Fuse(blow_at)
        wait = 0.0
        self._all_is_heard()
        try:
            report = self.office.send(WatchedSender(self, fuse))
            wait = max((report.next_at or 0) / 1000 - self.office.bench.clock.seconds(), 0.0)
        except Killed:
            self.log[-1] += f" dies at {blow_at}"
        except (BusyMailboxError, ProviderError) as error:
            self.log[-1] += f" {type(error).__name__}"
        self.office.bench.database.fuse = Fuse(armed=False)
        return wait

    def wait(self) -> None:
        self.office.bench.clock.wait(self.dice.choice((60, 300, 1_800, 7_200, 40_000, 86_400)))

    def bring_back(self) -> None:
        """Sync finds the sent copies, with the ids the provider gave them."""
        for sent in self.office.post.seen():
            if sent.ref in self.known_ids:
                continue
            real = f"real-{sent.ref}@mail.example"
            head, _, body = sent.mime.partition(b"\r\n\r\n")
            drop = (b"message-id",) + (
                (b"x-inboxcrm-key",) if self.office.post.habits.strips_key else ()
            )
            lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(drop)]
            raw = b"\r\n".join([*lines, f"Message-ID: <{real}>".encode()]) + b"\r\n\r\n" + body
            self._comes(
                raw, labels=("SENT",), ref=sent.ref, thread_ref=sent.thread_ref, later_seconds=0
            )
            self.known_ids[sent.ref] = real

    def answer(self, **how: Any) -> None:
        name, address = self.somebody()
        self._comes(letter(sender=f"{name.title()} Tanaka <{address}>"), later_seconds=1, **how)
        self.stopped.setdefault(address, "an answer")

    def answer_into_the_bin(self) -> None:
        self.answer(labels=("TRASH",))

    def opt_out(self) -> None:
        name, address = self.somebody()
        self._comes(
            letter(sender=f"{name} <{address}>", text="Please take me off your list."),
            later_seconds=1,
        )
        self.stopped.setdefault(address, "an opt-out")

    def be_away(self) -> None:
        _, address = self.somebody()
        # Whoever reads it parks those who stand in the cadence; until then nobody can know.
        self.heard_later[address] = "parked"
        self._comes(away(sender=address), later_seconds=1)

    def bounce(self) -> None:
        _, address = self.somebody()
        gone = [
            sent
            for sent in self.office.post.sent
            if sent.to == address and sent.ref in self.known_ids
        ]
        if gone:
            self.heard_later.setdefault(address, "a bounce")
            self._comes(bounce(address, returned=self.known_ids[gone[-1].ref]), later_seconds=1)

    def write_by_hand(self) -> None:
        name, address = self.somebody()
        raw = letter(sender="Alice <alice@seller.example>", subject=f"About us, {name}").replace(
            "To: alice@seller.example", f"To: {address}"
        )
        self.by_hand.append(self.now)
        self.heard_later.setdefault(address, "a mail by hand")
        self._comes(raw, labels=("SENT",), later_seconds=0)

    def come_again(self) -> None:
        """The same mail, stored and looked at once more."""
        if self.raws:
            raw, how = self.dice.choice(self.raws)
            come(self.office, raw, **how)

    def pause(self) -> None:
        cadences.pause(self.office.desk, ALICE, "Autumn")
        self.is_paused = True

    def resume(self) -> None:
        cadences.resume(self.office.desk, ALICE, "Autumn")
        self.is_paused = False

    def rest(self) -> None:
        """A person pauses it for one lead."""
        _, address = self.somebody()
        until = self.dice.choice((None, self.now.date() + timedelta(days=2)))
        pause_lead(self.office.desk, ALICE, self._lead(address), until=until)
        zone = ZoneInfo(self.office.desk.working_hours.zone)
        ends = datetime.combine(until, datetime.min.time(), zone) if until else UNTIL_RESUMED
        self.resting[address] = ends

    def go_on(self) -> None:
        """Which ends an absence too."""
        self._go_on(self.somebody()[1])

    def _go_on(self, address: str) -> None:
        resume_lead(self.office.desk, ALICE, self._lead(address))
        self.resting.pop(address, None)
        self.parked.discard(address)

    def stop(self) -> None:
        _, address = self.somebody()
        stop_lead(self.office.desk, ALICE, self._lead(address))
        self.stopped.setdefault(address, "a person")

    def suppress(self) -> None:
        _, address = self.somebody()
        subject = self.dice.choice((address, address.partition("@")[2]))
        suppress_subject(self.office.desk, ALICE, subject)
        self.stopped.setdefault(address, "a suppression")

    def win(self) -> None:
        _, address = self.somebody()
        lead_id = self._lead(address)
        rows = lead_list(self.office.desk, ALICE).rows
        version = next(one.version for one in rows if one.id == lead_id)
        move_stage(self.office.desk, ALICE, lead_id, "won", version=version)
        self.stopped.setdefault(address, "a deal that was won")

    def say_it_went(self) -> None:
        for row in self.office.rows():
            if row.state == "unconfirmed":
                resolve(self.office.desk, ALICE, row.key, went=True)
                return

    # --- what must hold ---

    def crosses(self, mime: bytes, thread_ref: str) -> None:
        """Invariants 3, 4, 5 and 8, at the moment at which a mail is handed over."""
        mail = message_from_bytes(mime)
        to, key = str(mail["To"]), str(mail["X-Inboxcrm-Key"])
        at, local = self.now, self.now.astimezone(ZoneInfo(self.zones.get(to, HOURS.zone)))
        row = next(row for row in self.office.rows() if row.key == key)
        who = f"{at:%a %d %H:%M:%S} {to} {row.step_key}"
        if to in self.stopped:
            self.wrong.append(f"{who} crosses behind {self.stopped[to]}")
        if to in self.parked and local.date() < AWAY_UNTIL:
            self.wrong.append(f"{who} crosses though they are away")
        if to in self.resting and at < self.resting[to]:
            self.wrong.append(f"{who} crosses though a person let it rest")
        if self.is_paused:
            self.wrong.append(f"{who} crosses though the cadence is paused")
        if local.weekday() > 4 or not _NINE <= local.time() < _FIVE:
            self.wrong.append(f"{who} crosses outside the hours")
        left = [
            *self.by_hand,
            *(datetime.fromtimestamp(one.at, UTC) for one in self.office.post.sent),
        ]
        if sum(one > at - DAY for one in left) >= DAY_CAP:
            self.wrong.append(f"{who} crosses over the cap")
        if left and (at - max(left)).total_seconds() < GAP_SECONDS:
            self.wrong.append(f"{who} crosses too soon behind {max(left):%H:%M:%S}")
        if row.step_key == "s2":
            self._goes_on(who, mail, thread_ref)

    def _goes_on(self, who: str, mail: Any, thread_ref: str) -> None:
        parent = next(
            row
            for row in self.office.rows()
            if row.step_key == "s1" and row.to_address == mail["To"]
        )
        last = str(mail["References"]).split()[-1:]
        if last != [f"<real-{parent.ref}@mail.example>"] or thread_ref != parent.thread_ref:
            self.wrong.append(f"{who} is not behind its parent: {last} {thread_ref}")
        if str(mail["Subject"]).removeprefix("Re: ") != parent.subject:
            self.wrong.append(f"{who} has another subject: {mail['Subject']}")

    def look(self) -> None:
        """Invariants 1, 2 and 12, after every step."""
        reached = Counter(one.key for one in self.office.post.sent)
        numbers: dict[int, list[tuple[str, str]]] = {}
        for row in self.office.rows():
            who = f"{self.now:%a %d %H:%M:%S} {row.to_address} {row.step_key}"
            if reached[row.key] > 1:
                self.wrong.append(f"{who} came {reached[row.key]} times")
            if reached[row.key] and row.state not in {"sending", "unknown", "sent", "unconfirmed"}:
                self.wrong.append(f"{who} came and is said to be {row.state}")
            if self.ended.get(row.key, row.state) != row.state:
                self.wrong.append(f"{who} was {self.ended[row.key]} and is {row.state}")
            if row.state in ENDS:
                self.ended[row.key] = row.state
            numbers.setdefault(row.enrollment_id, []).append((row.step_key, row.state))
        for steps in numbers.values():
            if len({key for key, _ in steps}) < len(steps):
                self.wrong.append(f"a step twice: {steps}")
            for (_, before), (key, after) in pairwise(sorted(steps)):
                if after in {"sending", "unknown", "sent"} and before not in {
                    "sent",
                    "unconfirmed",
                    "unknown",
                }:
                    self.wrong.append(f"{key} went before its turn: {steps}")

    def come_to_the_end(self) -> None:
        """Whoever may have mail gets it, and nothing stays open but what waits for a person."""
        self.log.append("the end")
        self.is_over = True
        with suppress(RefusedError, ConflictError):
            self.resume()
        for address in list(self.resting):
            with suppress(RefusedError, ConflictError):
                self._go_on(address)
        self.resting.clear()
        for _ in range(400):
            wait = self.send(may_die=False)
            self.look()
            still_open = [row for row in self.office.rows() if row.state not in DONE]
            if all("too_late" in row.waits_for for row in still_open):
                return
            self.office.bench.clock.wait(min(max(wait, 1_200.0), 86_400.0))
            self.bring_back()
        held = {row.to_address: (row.step_key, row.state, row.waits_for) for row in still_open}
        self.wrong.append(f"it never came to its end: {held}")

    # --- underneath ---

    def _comes(self, raw: bytes | str, **how: Any) -> None:
        number = len(self.raws)
        if isinstance(raw, str):
            head = f"Message-ID: <walk-{number}@mail.example>\r\nDate: {format_datetime(self.now)}"
            raw = f"{head}\r\n{raw}"
            how = {"ref": f"walk-{number}", **how}
        come(self.office, raw, **how)
        self.raws.append((raw, how))
        if self.dice.random() < 0.15:
            heed(self.office)
            self._all_is_heard()

    def _all_is_heard(self) -> None:
        """A sender looks at all stored mail first: from here on these count as known."""
        for address, why in self.heard_later.items():
            if why == "parked":
                self.parked.add(address)
            else:
                self.stopped.setdefault(address, why)
        self.heard_later.clear()

    def _lead(self, address: str) -> str:
        return self.office.sealed_lead(f"{address.partition('@')[0].title()} Tanaka")
