"""A rehearsal plays a whole cadence and touches nothing: the database stays as it is, nothing leaves this machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from inboxcrm.cli.house import House
from inboxcrm.cli.rehearsal_stage import open_loopback, require_loopback
from inboxcrm.cli.rehearsing import _play
from inboxcrm.config import GmailSettings, MailboxSettings
from inboxcrm.errors import RefusedError
from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.sandbox.tokens import COMPOSE, READONLY
from inboxcrm.services.rehearsal_shapes import Rehearsal, Shares
from inboxcrm.services.rehearsing import LeapingClock, habits_of
from inboxcrm.store.database import Database
from inboxcrm.store.tables import metadata
from inboxcrm.worker.clock import RealClock
from tests.journeys.home import until

MONDAY = datetime(2026, 5, 11, 7, 0, tzinfo=UTC)
PEOPLE = 10
SILENT = Shares(answers=0, away=0, bounces=0, opts_out=0)


MBOX = """[[mailbox]]
name = "alice"
provider = "mbox"
path = "empty.mbox"
address = "alice@seller.example"
"""
GMAIL = """[[mailbox]]
name = "alice"
provider = "gmail"
token_file = "token.json"
address = "alice@seller.example"
[gmail]
api_endpoint = "{url}"
price_table = "generous"
"""


def furnish(terminal, *, database: str = "", mailbox: str = MBOX, people: int = PEOPLE) -> None:
    """Ten people and a cadence of two mails and a call, not started."""
    (terminal.folder / "empty.mbox").write_text("")
    terminal.config((f'[database]\nurl = "{database}"\n' if database else "") + mailbox)
    assert terminal.type("sync").code == 0
    for number in range(people):
        terminal.type("leads", "add", f"p{number}@firm{number}.example", "--name", "Pia Roe")
    (terminal.folder / "hello.txt").write_text(
        "Subject: Hello {{ first_name }}\n\nGood day, stop writing?\n"
    )
    terminal.type("template", "save", "hello", "--text", "hello.txt")
    made = terminal.type(
        "cadence", "merge", "autumn", "--template", "hello", "--segment", "stage is new",
        "--mailbox", "alice", "--day-cap", "4", "--any-hour", "--gap", "0",
    )  # fmt: skip
    assert made.code == 0, made.err
    terminal.type("cadence", "step", "autumn", "--template", "hello", "--after", "3 days")
    terminal.type("cadence", "step", "autumn", "--call", "Call them", "--after", "1 day")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory) -> Path:
    """The folder as the first test found it: sixteen commands for each test are more than it needs."""
    return tmp_path_factory.mktemp("autumn")


@pytest.fixture
def autumn(terminal, furnished):
    if any(furnished.iterdir()):
        shutil.copytree(furnished, terminal.folder, dirs_exist_ok=True)
    else:
        furnish(terminal)
        shutil.copytree(terminal.folder, furnished, dirs_exist_ok=True)
    return terminal


def everything(url: str) -> dict[str, list[tuple]]:
    """All rows of all tables."""
    with Database.open(url) as database, database.read() as tx:
        return {
            table.name: sorted(map(repr, tx.execute(select(table)).all()))
            for table in metadata.sorted_tables
        }


def played(*, shares: Shares, seed: int = 1, days: int = 30) -> Rehearsal:
    """By a clock that stands on a Monday."""
    house = House("config.toml")
    house._desk = replace(house.desk, clock=LeapingClock(MONDAY))
    try:
        return _play(house, "autumn", days=days, shares=shares, seed=seed)
    finally:
        house.close()


def files(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir() if not one.name.startswith("inboxcrm.db-")}


def test_it_tells_day_by_day_what_would_happen_and_changes_nothing(autumn, monkeypatch):
    temporary = autumn.folder / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    url = f"sqlite:///{autumn.folder / 'inboxcrm.db'}"
    before, names = everything(url), files(autumn.folder)
    shares = ("--answers", "20%", "--absences", "10", "--bounces", "10%", "--opt-outs", "10%")
    done = autumn.type("cadence", "rehearse", "autumn", *shares, "--json")
    assert done.code == 0, done.err
    found = done.document
    assert found["habits"] == {"bounces": 1, "away": 1, "opts_out": 1, "answers": 2}
    assert (found["people"], found["unconfirmed"], found["is_cut"]) == (PEOPLE, 0, False)
    assert found["letters"] == {"answers": 2, "away": 1, "bounces": 1, "opts_out": 1}
    assert (found["stopped"]["bounce"], found["parked"]) == (1, 1)
    assert sum(found["enrollments"].values()) == PEOPLE
    assert found["mails"]["sent"] == found["sent"] == sum(one["openers"] + one["follow_ups"] for one in found["days"])  # fmt: skip
    assert max(one["openers"] for one in found["days"]) <= 4
    assert [one["day"] for one in found["days"]] == sorted(one["day"] for one in found["days"])
    assert found["notes"] == ["alice may not send yet; here it is played as if it could."]
    assert everything(url) == before
    assert files(autumn.folder) == names
    assert list(temporary.iterdir()) == []
    assert autumn.type("cadence", "status", "autumn", "--json").document["state"] == "draft"


def test_the_same_seed_plays_the_same_and_another_one_does_not(autumn):
    shares = Shares(answers=0.3, away=0.2, bounces=0, opts_out=0.1)
    first, second = (played(shares=shares, seed=7) for _ in range(2))
    assert first == second
    assert played(shares=shares, seed=8).days != first.days
    assert first.start == MONDAY


def test_everybody_silent_gets_everything_and_the_cap_holds(autumn):
    found = played(shares=SILENT)
    assert (found.sent, found.stopped, found.letters) == (2 * PEOPLE, {}, {})
    assert found.enrollments == {"finished": PEOPLE}
    assert found.tasks == PEOPLE == sum(one.tasks for one in found.days)
    assert {one.sent for one in found.days if one.sent} <= {1, 2, 3, 4}
    short = played(shares=SILENT, days=1)
    assert short.sent == 4
    assert short.waits


def test_who_answers_the_very_last_mail_is_heard(autumn):
    found = played(shares=replace(SILENT, answers=1))
    assert found.letters == {"answers": PEOPLE}


def test_too_many_dead_addresses_pause_the_mailbox_and_the_day_says_so(autumn):
    found = played(shares=Shares(answers=0, away=0, bounces=0.8, opts_out=0), days=6)
    assert found.stopped["bounce"] >= 3
    assert any("bounced" in one.paused for one in found.days)


def test_for_people_it_is_a_table_and_an_end(autumn):
    said = autumn.type("cadence", "rehearse", "autumn", "--days", "2", "--bounces", "0")
    assert said.code == 0, said.err
    assert "Nothing was sent, and nothing of yours was changed." in said.out
    assert "opt-outs" in said.out
    assert "told to" in said.out


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_house_on_postgresql_rehearses_in_a_copy_of_its_own(terminal, database_url):
    furnish(terminal, database=database_url)
    before = everything(database_url)
    found = terminal.type("cadence", "rehearse", "autumn", "--days", "3", "--json")
    assert found.code == 0, found.err
    assert found.document["sent"] > 0
    assert everything(database_url) == before


def test_a_running_cadence_goes_on_in_its_threads_and_its_own_mailbox_hears_nothing(terminal):
    box = SandboxMailbox("alice@seller.example", clock=RealClock())
    with running_sandbox(box) as gmail:
        token = gmail.refresh_token(scopes=(READONLY, COMPOSE))
        write_token_file(
            terminal.folder / "token.json",
            gmail.url,
            refresh_token=token,
            scopes=(READONLY, COMPOSE),
        )
        furnish(terminal, mailbox=GMAIL.format(url=gmail.url), people=3)
        for _ in range(2):  # the second time the sent copies are read
            terminal.type("cadence", "start", "autumn", "--yes")
            assert terminal.type("cadence", "run", "--mailbox", "alice", "--yes").code == 0
        before = (gmail.request_number, len(gmail.office.outbound))
        assert before[1] == 3
        found = terminal.type(
            "cadence", "rehearse", "autumn", "--json", "--answers", "100%",
            "--absences", "0", "--bounces", "0", "--opt-outs", "0",
        ).document  # fmt: skip
        assert (gmail.request_number, len(gmail.office.outbound)) == before
    assert (found["people"], found["sent"], found["mails"]) == (3, 3, {"sent": 6})
    assert sum(one["follow_ups"] for one in found["days"]) == 3
    assert found["letters"] == {"answers": 3}
    assert found["notes"] == []


def test_told_to_end_it_leaves_no_copy_behind(autumn):
    temporary = autumn.folder / "tmp"
    temporary.mkdir()
    program = subprocess.Popen(
        [sys.executable, "-m", "inboxcrm", "cadence", "rehearse", "autumn"],
        cwd=autumn.folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: list(temporary.glob("*/copy.db")))
    program.send_signal(signal.SIGTERM)
    out, err = program.communicate(timeout=60)
    assert (program.returncode, out, err.strip()) == (130, "", "Stopped.")
    assert list(temporary.iterdir()) == []


# --- what it refuses ---------------------------------------------------------------------


NO_SENSE = [
    (("nothing",), 1, "no cadence"),
    (("autumn", "--answers", "60%", "--absences", "50%"), 2, "more than everybody"),
    (("autumn", "--bounces", "many"), 2, "no share like"),
    (("autumn", "--bounces", "101%"), 2, "no share like"),
    (("autumn", "--days", "0"), 2, "--days"),
]


def test_what_makes_no_sense_is_refused_in_a_sentence(autumn):
    for words, code, said in NO_SENSE:
        done = autumn.type("cadence", "rehearse", *words)
        assert (done.code, done.out) == (code, ""), words
        assert said in done.err
        assert "Traceback" not in done.err


def test_a_cadence_that_is_over_is_not_rehearsed(autumn):
    autumn.type("cadence", "cancel", "autumn")
    done = autumn.type("cadence", "rehearse", "autumn")
    assert (done.code, done.out) == (1, "")
    assert "nothing to rehearse" in done.err


@pytest.mark.parametrize(
    "url",
    [
        "https://gmail.googleapis.com",
        "http://localhost:9",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.2:80",
        "http://0.0.0.0:80",
        "http://[::ffff:10.0.0.1]/",
        "https://127.0.0.1/",
        "//127.0.0.1",
        "",
    ],
)
def test_no_sender_is_opened_that_could_reach_beyond_this_machine(url, tmp_path):
    with pytest.raises(RefusedError):
        require_loopback(url)
    token = tmp_path / "token.json"
    write_token_file(token, "http://127.0.0.1:9", refresh_token="t")
    box = MailboxSettings.model_construct(name="alice", provider="gmail", token_file=token)
    house = House(None)
    gmail = GmailSettings.model_construct(api_endpoint=url)
    with pytest.raises(RefusedError):
        open_loopback(house.settings.model_copy(update={"gmail": gmail}), box, None)
    token.write_text(json.dumps({"token_uri": f"{url}/token"}))
    here = GmailSettings.model_construct(api_endpoint="http://127.0.0.1:9")
    with pytest.raises(RefusedError):
        open_loopback(house.settings.model_copy(update={"gmail": here}), box, None)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8025", "http://[::1]:8025/gmail"])
def test_this_machine_by_its_number_is_allowed(url):
    require_loopback(url)


# --- who does what ------------------------------------------------------------------------


def test_shares_are_met_to_the_nearest_person_and_nobody_does_two_things():
    people = {f"p{n}@x.example": 3 for n in range(200)}
    habits, counts = habits_of(people, Shares(0.1, 0.05, 0.03, 0.01), seed=4)
    assert counts == {"bounces": 6, "away": 10, "opts_out": 2, "answers": 20}
    assert len(habits) == 38
    assert {one.at_mail for one in habits.values() if one.fate in {"bounces", "away"}} == {1}
    assert {one.at_mail for one in habits.values() if one.fate == "answers"} == {1, 2, 3}
    assert habits_of(dict(reversed(people.items())), Shares(0.1, 0.05, 0.03, 0.01), seed=4)[0] == habits  # fmt: skip


def test_everybody_may_be_told_and_nobody_may_be_there():
    everybody = habits_of({"a@x.example": 1, "b@x.example": 1}, Shares(0.5, 0.5, 0, 0), seed=1)
    assert sorted(one.fate for one in everybody[0].values()) == ["answers", "away"]
    assert habits_of({}, Shares(), seed=1)[0] == {}
