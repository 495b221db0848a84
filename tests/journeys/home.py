"""A newcomer's folder: commands are typed in it, in this process or in one of their own, and everything they say is kept.

Whatever a journey is about, this holds in all of them (checked when it ends): nobody is shown a traceback, no secret is
told, nothing that commands a terminal comes out, and --json prints one document and nothing else.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inboxcrm.cli.ending import exit_code
from inboxcrm.sandbox.demo import CLIENT_SECRET, write_token_file

ROOT = Path(__file__).parents[2]
ALICE = "alice@ourshop.example"
PATIENCE_SECONDS = 60.0

# Escape, bell, the one-byte introducers of terminals, marks that turn the direction of writing, half letters.
_COMMANDS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True)
class Said:
    """What one command printed and how it ended."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def report(self) -> dict[str, Any]:
        """Of `sync` and `import`, where one mailbox was read."""
        [found] = self.document["mailboxes"]
        return found


@dataclass
class Program:
    """A command in a process of its own."""

    home: Home
    words: tuple[str, ...]
    process: subprocess.Popen[str]

    def first_line(self, wanted: str, *, stream: str = "stdout") -> str:
        """Reads until a line says that; everything read is kept."""
        pipe = getattr(self.process, stream)
        seen = []
        for line in pipe:
            seen.append(line)
            if re.search(wanted, line):
                self.home.overheard.append("".join(seen))
                return line
        raise AssertionError(f"{wanted!r} never came: {seen} {self.process.communicate()}")

    def wait(self) -> Said:
        out, err = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.home.keep(Said(self.words, self.process.returncode, out, err))

    def end(self, number: int = signal.SIGTERM) -> Said:
        self.process.send_signal(number)
        return self.wait()

    def children(self) -> list[int]:
        """The processes it has started, theirs included."""
        found, waiting = [], [self.process.pid]
        while waiting:
            path = Path(f"/proc/{waiting.pop()}/task")
            for task in path.glob("*/children"):
                started = [int(one) for one in task.read_text().split()]
                found += started
                waiting += started
        return found


@dataclass
class Home:
    folder: Path
    capfd: pytest.CaptureFixture[str]
    secrets: list[str] = field(default_factory=lambda: [CLIENT_SECRET])
    said: list[Said] = field(default_factory=list)
    overheard: list[str] = field(default_factory=list)
    running: list[Program] = field(default_factory=list)

    def config(self, text: str, name: str = "config.toml") -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def file(self, name: str, content: bytes | str) -> str:
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return name

    def gmail(self, url: str, *, refresh_token: str, more: str = "") -> None:
        """Settings for one mailbox `sales` on that server, and its token."""
        self.secrets.append(refresh_token)
        write_token_file(self.folder / "token.json", url, refresh_token=refresh_token)
        self.config(
            f'[[mailbox]]\nname = "sales"\nprovider = "gmail"\naddress = "{ALICE}"\n'
            f'token_file = "token.json"\n[gmail]\napi_endpoint = "{url}"\nprice_table = "generous"\n{more}'
        )

    def type(self, *words: str) -> Said:
        """One command in this process."""
        self.capfd.readouterr()
        code = exit_code(words)
        printed = self.capfd.readouterr()
        return self.keep(Said(words, code, printed.out, printed.err))

    def start(self, *words: str, before: str = "") -> Program:
        """One command in a process of its own. `before` is Python that runs in it first."""
        program = ["-c", f"{before}\nfrom inboxcrm.cli import run\nrun()"]
        process = subprocess.Popen(
            [sys.executable, "-u", *(program if before else ["-m", "inboxcrm"]), *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.running.append(Program(self, words, process))
        return self.running[-1]

    def run(self, *words: str, before: str = "") -> Said:
        return self.start(*words, before=before).wait()

    def keep(self, said: Said) -> Said:
        self.said.append(said)
        return said

    def close(self) -> None:
        for program in self.running:
            if program.process.poll() is None:
                program.process.kill()
            program.process.communicate()

    def check_manners(self) -> None:
        for said in self.said:
            for text in (said.out.replace("\r\n", "\n"), said.err):
                assert "Traceback" not in text, said
                assert "Something went wrong inside" not in text, said
                assert not _COMMANDS.search(text), said
                assert not [one for one in self.secrets if one in text], said
            if "--json" in said.words and said.out:
                json.loads(said.out)
            if said.code:
                assert said.err.strip() or said.words[0] == "doctor", (
                    f"failed without a word: {said}"
                )
        for text in self.overheard:
            assert not [one for one in self.secrets if one in text]


def until(holds: Callable[[], Any], *, seconds: float = PATIENCE_SECONDS) -> Any:
    """Looks again until it holds; fails after a while."""
    ends = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)
    return found
