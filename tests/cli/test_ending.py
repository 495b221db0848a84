"""How commands end: codes, two plain lines, never a traceback."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import click
import pytest

from inboxcrm.cli import commands
from inboxcrm.errors import ConflictError, Offline, Reauth, SchemaError, UsageError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def failing(monkeypatch):
    """A command that raises what it is told to."""

    def make(error: BaseException) -> None:
        @click.command()
        def fail() -> None:
            raise error

        monkeypatch.setitem(commands.inboxcrm.commands, "fail", fail)

    return make


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("Wrong word.", remedy="Say another."), 2),
        (SchemaError("Older.", remedy="Say another."), 1),
        (Reauth("Gone.", remedy="Say another."), 1),
        (Offline("Away.", remedy="Say another."), 1),
        (ConflictError("Changed.", version=3, remedy="Say another."), 1),
        (click.UsageError("Bad option."), 2),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
    ],
)
def test_each_kind_of_failure_has_its_code_and_no_traceback(terminal, failing, error, code):
    failing(error)
    done = terminal.type("fail")
    assert done.code == code
    assert done.out == ""
    assert "Traceback" not in done.err
    if hasattr(error, "remedy"):
        assert done.err == f"{error}\nSay another.\n"


def test_words_that_are_no_utf_8_are_wrong_use(terminal):
    done = terminal.type("search", os.fsdecode("Zoë".encode("latin-1")))
    assert (done.code, done.out) == (2, "")
    assert (
        done.err
        == '"Zo?" is not written in UTF-8.\nWrite it again in a terminal that is set to UTF-8.\n'
    )


def test_a_fault_of_ours_is_written_to_a_private_file_and_named(terminal, failing, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(terminal.folder))
    failing(ZeroDivisionError("7 / 0"))
    done = terminal.type("fail")
    assert done.code == 1
    assert "Traceback" not in done.err
    log = Path(re.search(r"(\S+\.log)", done.err)[1])
    assert "ZeroDivisionError: 7 / 0" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_settings_that_are_wrong_end_every_command_with_2(terminal):
    terminal.config("[web]\nprot = 1\n")
    for words in (["leads", "list", "--json"], ["sync"], ["doctor"], ["db", "upgrade"], ["up"]):
        done = terminal.type(*words)
        assert done.code == 2
        assert done.out == ""
        assert 'web.prot (line 2): no such key; did you mean "port"?' in done.err


def test_a_config_file_that_does_not_exist_ends_with_2(terminal):
    done = terminal.type("--config", "missing.toml", "leads", "list")
    assert done.code == 2
    assert "no such file" in done.err


@pytest.mark.parametrize(
    "words", [["nosuch"], ["leads", "list", "--limit", "many"], ["leads", "show"], ["--bad"]]
)
def test_wrong_use_ends_with_2(terminal, words):
    assert terminal.type(*words).code == 2


def test_a_database_in_a_missing_folder_is_said_with_what_to_do(terminal):
    terminal.config('[database]\nurl = "sqlite:///missing/leads.db"\n')
    done = terminal.type("leads", "list")
    assert done.code == 1
    assert "missing does not exist" in done.err
    assert "mkdir" in done.err


def test_a_reader_that_has_seen_enough_is_no_failure_of_ours(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "inboxcrm", "leads", "export", "--help"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(30)


def test_help_imports_nothing_heavy(tmp_path):
    script = (
        "import sys\n"
        "from inboxcrm.cli.ending import exit_code\n"
        "code = exit_code(['--help'])\n"
        "heavy = {'sqlalchemy', 'flask', 'googleapiclient', 'pydantic', 'rich', 'waitress', 'alembic'}\n"
        "sys.exit(code or ', '.join(sorted(heavy & sys.modules.keys())) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
