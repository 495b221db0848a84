"""No path but a person's press makes a mail that repeats another one; and a press makes one, wherever the process dies."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

import inboxcrm
from inboxcrm.cadence.wanted_steps import WantedStep
from inboxcrm.errors import InboxcrmError, ProviderError, RefusedError
from inboxcrm.mail.said import Said
from inboxcrm.services import cadences, editing, limits, resending, step_versions
from inboxcrm.services.explaining import resolve
from inboxcrm.services.idempotency import run_once
from inboxcrm.services.verdicts import correct_verdict, take_back_word
from inboxcrm.store.tables import message, outbox
from tests.sending.incoming import BOB, away, bounce, come, heed, letter, sent_copies
from tests.sending.office import ALICE, QUICK, Office
from tests.sending.post import Habits, PostSender
from tests.sync.killing import Fuse
from tests.sync.world import Killed

NewOffice = Callable[..., Office]
REMINDER = {"after": "2 days", "template": "hello"}
LOSSY = Habits(lost_done=0.25, lost_undone=0.2, refused=0.1, strips_key=True)
PACKAGE = Path(inboxcrm.__file__).parent


def resent(office: Office) -> int:
    with office.desk.database.read() as tx:
        return tx.execute(select(func.count()).where(outbox.c.resend > 0)).scalar_one()


class Life:
    """Whatever people, machines and the clock may do to a cadence, one thing at a time."""

    def __init__(self, office: Office, dice: Random) -> None:
        self.office = office
        self.dice = dice
        self.presses = 0

    def deeds(self) -> list[Callable[[], object]]:
        return [
            self.send, self.send, self.send, self.pass_days, self.pass_days, self.come_back, self.come_back, self.press, self.edit, self.roll_back,
            self.pause, self.start, self.hear, self.overrule, self.limit, self.settle, self.press,
        ]  # fmt: skip

    def send(self) -> None:
        with suppress(ProviderError):
            self.office.send(PostSender(self.office.post, dice=self.dice))

    def pass_days(self) -> None:
        self.office.bench.clock.wait(self.dice.choice((600, 90_000, 300_000)))
        self.office.read_mail()

    def come_back(self) -> None:
        sent_copies(self.office)

    def edit(self) -> None:
        steps = list(step_versions.steps_now(self.office.desk, ALICE, "Autumn")[1])
        added = WantedStep(template="hello", delay=1)
        wanted = [*steps, added] if self.dice.random() < 0.6 or len(steps) < 2 else steps[:-1]
        editing.edit_cadence(self.office.desk, ALICE, "Autumn", wanted, for_all=True)

    def roll_back(self) -> None:
        editing.roll_back(self.office.desk, ALICE, "Autumn", 1, for_all=self.dice.random() < 0.5)

    def pause(self) -> None:
        cadences.pause(self.office.desk, ALICE, "Autumn")
        self.pass_days()
        cadences.resume(self.office.desk, ALICE, "Autumn")

    def limit(self) -> None:
        rules = replace(
            QUICK, day_cap=self.dice.choice((1, 5, 99)), gap_seconds=self.dice.choice((0, 900))
        )
        limits.change_limits(self.office.desk, ALICE, "Autumn", rules)

    def start(self) -> None:
        cadences.start(self.office.desk, ALICE, "Autumn")

    def hear(self) -> None:
        come(self.office, self.dice.choice((letter(), away(), away(), bounce())), later_seconds=1)
        self.office.bench.clock.wait(5)
        heed(self.office)

    def overrule(self) -> None:
        with self.office.desk.database.read() as tx:
            found = tx.execute(
                select(message.c.id).where(message.c.direction == "in").order_by(message.c.id)
            )
            mails = list(found.scalars())
        if mails:
            sealed = self.office.desk.ids.seal("message", self.dice.choice(mails))
            if self.dice.random() < 0.7:
                correct_verdict(self.office.desk, ALICE, sealed, self.dice.choice(list(Said)))
            else:
                take_back_word(self.office.desk, ALICE, sealed)

    def settle(self) -> None:
        for row in self.office.rows():
            if row.state == "unconfirmed":
                resolve(self.office.desk, ALICE, row.key, went=self.dice.random() < 0.5)

    def press(self) -> None:
        """Of some mail that may be had once more, if there is any."""
        rows = self.office.rows()
        for row in self.dice.sample(rows, len(rows)):
            with suppress(RefusedError):
                resending.look_at_resend(self.office.desk, ALICE, row.key)
                resending.resend(self.office.desk, ALICE, row.key)
                self.presses += 1
                return


@pytest.mark.parametrize(
    ("dialect", "seed"),
    [*(("sqlite", seed) for seed in range(5)), ("postgresql", 5)],
    indirect=["dialect"],
)
def test_nothing_but_a_press_makes_a_mail_once_more(
    new_office: NewOffice, seed: int, dialect: str
) -> None:
    dice = Random(seed)
    office = new_office(people=("bob", "erin"), steps=(REMINDER,))
    life, done = Life(office, dice), set()
    office.send()
    office.bench.clock.wait(60)
    sent_copies(office)
    life.press()
    office.post.habits = LOSSY
    deeds = life.deeds()
    dice.shuffle(deeds)
    for deed in [*deeds, *dice.choices(deeds, k=26 if dialect == "sqlite" else 6)]:
        before = resent(office)
        with suppress(InboxcrmError):
            deed()
            done.add(deed.__name__)
        assert resent(office) - before == (life.presses - before), deed.__name__
    keys = [(row.lead_id, row.step_key) for row in office.rows() if not row.resend]
    assert len(keys) == len(set(keys))
    assert all(row.resent_by == 1 for row in office.rows() if row.resend)
    assert life.presses
    assert set(Counter(one.key for one in office.post.sent).values()) == {1}
    assert done >= {"send", "pass_days", "press"}


def test_one_module_writes_such_a_mail() -> None:
    """Whoever sets the column, or gives it to the function that makes keys, is found by name."""
    names, found = {"resend", "resent_by", "repeats_id"}, set()
    for file in PACKAGE.rglob("*.py"):
        source = file.read_text("utf-8")
        if not any(name in source for name in names):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.keyword) and node.arg in names:
                found.add(str(file.relative_to(PACKAGE)))
            if isinstance(node, ast.Constant) and node.value in names - {"resend"}:
                found.add(str(file.relative_to(PACKAGE)))
    assert found == {
        "services/resending.py", "store/resending.py", "store/tables/cadences.py",
    }  # fmt: skip


# --- wherever it dies --------------------------------------------------------------------------------


def pressed(office: Office, *, blow_at: int | None) -> int:
    """Bob's mail once more: pressed, if need be anew with the same key, and sent to the end; the sparks of it all."""
    fuse = Fuse(blow_at)
    office.bench.database.fuse = fuse
    mail = next(row.key for row in office.rows() if row.to_address == BOB)

    def act(desk) -> tuple[int, bytes]:
        return 200, resending.resend(desk, ALICE, mail).key.encode()

    for _ in range(2):
        with suppress(Killed):
            run_once(office.desk, ALICE, "one-form", "print", act)
            break
    sparks = fuse.count
    armed, fuse.armed = fuse.armed, False
    office.bench.clock.wait(60)
    office.read_mail()
    left = None if blow_at is None or not armed else blow_at - sparks
    return sparks + office.to_the_end(blow_at=left)


def test_killed_anywhere_between_the_press_and_the_end_it_goes_exactly_once_more(
    new_office: NewOffice, dialect: str
) -> None:
    def one_life(blow_at: int | None) -> tuple[Office, int]:
        office = new_office(people=("bob",))
        office.send()
        office.bring_back()
        return office, pressed(office, blow_at=blow_at)

    office, positions = one_life(None)
    assert positions > 10
    for position in range(1, positions + 1, 1 if dialect == "sqlite" else 9):
        office, _ = one_life(position)
        assert office.wrong() == [], position
        assert [(row.resend, row.state) for row in office.rows()] == [(0, "sent"), (1, "sent")]
        assert office.post.deliveries() == {BOB: 2}, position


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_lost_answers_never_make_a_third_one(new_office: NewOffice) -> None:
    for seed in range(2):
        office = new_office(people=("bob",))
        office.send()
        office.bring_back()
        office.post.habits = replace(LOSSY, strips_key=False, takes_twice=True)
        with suppress(RefusedError):
            resending.resend(office.desk, ALICE, office.rows()[0].key)
        office.to_the_end(seed=seed)
        assert office.wrong() == []
        assert office.post.deliveries()[BOB] <= 2
