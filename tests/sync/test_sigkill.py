"""Real processes, really killed: SIGKILL at any moment while the mailbox goes on changing, on both databases.

A process that is killed runs no handler, closes no file and gives back no lease. What the next one finds must do.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from inboxcrm.sandbox.child import ChildSandbox, MailboxPlan, child_sandbox
from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.store.database import Database
from inboxcrm.store.tables import mailbox
from tests.sync.killing import lead_differences, stored_leads, stored_mail, stored_threads
from tests.sync.letters import START, Event, Story, moving_story
from tests.sync.victim import BUSY, LEVEL, TROUBLE

ROOT = Path(__file__).resolve().parents[2]
KILLS = 9
"""For each story and database: 36 in all. `make torture` takes more."""


@dataclass
class Victims:
    """Worker processes, one after the other."""

    process: subprocess.Popen[str]
    pid: int = 0
    complaints: Path = Path()

    def send(self, order: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        self.pid = self._told()["pid"]

    def kill(self) -> int:
        """SIGKILL; returns how it ended, for it may have come to its own end just before."""
        os.kill(self.pid, signal.SIGKILL)
        return self.ended()

    def ended(self) -> int:
        return int(self._told()["code"])

    def _told(self) -> dict[str, int]:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        assert ready, "the worker hangs"
        found: dict[str, int] = json.loads(self.process.stdout.readline())
        return found


@pytest.fixture
def new_victims(tmp_path: Path) -> Iterator[Callable[..., Victims]]:
    started: list[subprocess.Popen[str]] = []

    def start(module: str = "tests.sync.victim") -> Victims:
        complaints = tmp_path / f"complaints-{len(started)}.txt"
        with complaints.open("w") as errors:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", module],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    start_new_session=True,
                )
            )
        return Victims(started[-1], complaints=complaints)

    yield start
    for process in started:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


@dataclass
class Scene:
    """One mailbox of the practice server, its story, and a database that follows it."""

    sandbox: ChildSandbox
    address: str
    story: Story
    url: str
    token_file: Path
    refs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        write_token_file(self.token_file, self.sandbox.url, address=self.address)
        for event in self.story.first:
            self.happen(event)

    def happen(self, event: Event) -> None:
        found = self.sandbox.pull(event.lever, **event.body(self.address, self.refs))
        if event.lever == "deliver":
            self.refs.append(found["ref"])

    def order(self, *, forever: bool) -> dict[str, Any]:
        return {
            "url": self.url,
            "token_file": str(self.token_file),
            "endpoint": self.sandbox.url,
            "name": self.address,
            "forever": forever,
        }

    def until_level(self, victims: Victims) -> None:
        for _ in range(40):
            victims.send(self.order(forever=False))
            code = victims.ended()
            if code == LEVEL:
                return
            assert code == TROUBLE, victims.complaints.read_text()
        raise AssertionError("the sync never came to its end")

    def differences(self) -> list[str]:
        state = self.sandbox.pull("state", address=self.address)["messages"]
        held = {
            ref: (found["thread"], frozenset(found["labels"]))
            for ref, found in state.items()
            if "DRAFT" not in found["labels"]
        }
        with Database.open(self.url) as database, database.read() as tx:
            mail, threads = stored_mail(tx), stored_threads(tx)
        wrong = [
            f"{ref}: mailbox {held.get(ref)}, database {mail.get(ref)}"
            for ref in sorted(held.keys() | mail.keys())
            if held.get(ref) != mail.get(ref)
        ]
        counted: dict[str, int] = {}
        for thread, _ in held.values():
            counted[thread] = counted.get(thread, 0) + 1
        return wrong if counted == threads else [*wrong, f"threads: {counted} against {threads}"]

    def concluded(self) -> dict[str, Any]:
        with Database.open(self.url) as database, database.read() as tx:
            return stored_leads(tx)


def kill_again_and_again(scene: Scene, victims: Victims, *, kills: int, seed: int) -> int:
    """Lets the story happen while workers live and die; returns how many were killed at work."""
    dice = Random(seed)
    coming = list(scene.story.then)
    a_life = 0.4
    killed = 0
    while killed < kills:
        victims.send(scene.order(forever=True))
        end = time.monotonic() + dice.uniform(0.0, a_life)
        due = len(coming) // (kills - killed) if killed < kills else 0
        for event in coming[:due]:
            time.sleep(dice.uniform(0.0, 0.02))
            scene.happen(event)
        del coming[:due]
        time.sleep(max(0.0, end - time.monotonic()))
        code = victims.kill()
        assert code in (-signal.SIGKILL, TROUBLE), victims.complaints.read_text()
        killed += code == -signal.SIGKILL
    for event in coming:
        scene.happen(event)
    return killed


@pytest.fixture
def sandbox() -> Iterator[ChildSandbox]:
    plans = [MailboxPlan(f"{name}@lumenworks.example", START) for name in ("alice", "twin")]
    with child_sandbox(plans) as running:
        yield running


@pytest.fixture
def twin_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    path = tmp_path / "twin.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    return f"sqlite:///{path}"


def undisturbed(
    sandbox: ChildSandbox, story: Story, url: str, folder: Path, victims: Victims
) -> Any:
    """What a worker that is never killed concludes while the same happens to a twin of the mailbox."""
    twin = Scene(sandbox, "twin@lumenworks.example", story, url, folder / "twin.json")
    twin.until_level(victims)
    for event in story.then:
        twin.happen(event)
    twin.until_level(victims)
    assert twin.differences() == []
    return twin.concluded()


@pytest.mark.parametrize("expires", [False, True], ids=["history-holds", "history-expires"])
def test_killed_at_any_moment_the_database_ends_level_with_the_mailbox(
    *,
    expires: bool,
    sandbox: ChildSandbox,
    database_url: str,
    twin_url: str,
    tmp_path: Path,
    new_victims: Callable[[], Victims],
) -> None:
    story, victims = moving_story(expires=expires), new_victims()
    expected = undisturbed(sandbox, story, twin_url, tmp_path, victims)
    scene = Scene(sandbox, "alice@lumenworks.example", story, database_url, tmp_path / "alice.json")
    killed = kill_again_and_again(scene, victims, kills=KILLS, seed=11 + expires)
    scene.until_level(victims)
    assert killed >= KILLS
    assert scene.differences() == []
    assert lead_differences(expected, scene.concluded()) == []


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(5))
def test_two_hundred_kills_with_faults_and_expiry(
    seed: int,
    sandbox: ChildSandbox,
    database_url: str,
    twin_url: str,
    tmp_path: Path,
    new_victims: Callable[[], Victims],
) -> None:
    story, victims = moving_story(first=200, rounds=24, expires=True), new_victims()
    expected = undisturbed(sandbox, story, twin_url, tmp_path, victims)
    scene = Scene(sandbox, "alice@lumenworks.example", story, database_url, tmp_path / "alice.json")
    sandbox.pull("fault", plan="random", rate=0.05, seed=seed)
    killed = kill_again_and_again(scene, victims, kills=20, seed=seed)
    sandbox.pull("fault", plan="random", rate=0.0)
    happened = sandbox.pull("usage")["faults"]
    scene.until_level(victims)
    wrong = scene.differences() + lead_differences(expected, scene.concluded())
    print(f"{killed} kills, faults {happened}: {len(wrong)} differences")
    assert wrong == []


def test_a_live_worker_keeps_its_mailbox_and_a_dead_one_loses_it_at_once(
    sandbox: ChildSandbox,
    database_url: str,
    tmp_path: Path,
    new_victims: Callable[[], Victims],
) -> None:
    scene = Scene(
        sandbox,
        "alice@lumenworks.example",
        moving_story(first=12, rounds=0),
        database_url,
        tmp_path / "alice.json",
    )
    first, second = new_victims(), new_victims()
    sandbox.pull("fault", plan="stall_next", seconds=5, count=1, path="/messages")
    first.send(scene.order(forever=False))
    wait_for_lease(database_url)
    second.send(scene.order(forever=False))
    assert second.ended() == BUSY
    said = second.complaints.read_text()
    assert "Another worker is syncing this mailbox." in said
    assert "Wait for it to finish, or stop it" in said
    assert first.kill() == -signal.SIGKILL
    assert lease_owner(database_url) != ""
    second.send(scene.order(forever=False))
    assert second.ended() == LEVEL
    assert lease_owner(database_url) == ""
    assert scene.differences() == []


def lease_owner(url: str) -> str:
    with Database.open(url) as database, database.read() as tx:
        return str(tx.execute(mailbox.select()).one().lease_owner)


def wait_for_lease(url: str) -> None:
    for _ in range(500):
        with Database.open(url) as database, database.read() as tx:
            rows = tx.execute(mailbox.select()).all()
        if rows and rows[0].lease_owner:
            return
        time.sleep(0.01)
    raise AssertionError("no worker took the mailbox")
