"""A command line to type at: an own folder, an own database, and what came out of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inboxcrm.cli.ending import exit_code


@dataclass(frozen=True)
class Typed:
    """What one command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document; anything else on standard output fails here."""
        return json.loads(self.out)


class Terminal:
    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capfd = capfd

    def type(self, *words: str) -> Typed:
        self._capfd.readouterr()
        code = exit_code(words)
        captured = self._capfd.readouterr()
        return Typed(code, captured.out, captured.err)

    def config(self, text: str) -> None:
        (self.folder / "config.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def terminal(tmp_path, monkeypatch, capfd) -> Terminal:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    for name in ("INBOXCRM_CONFIG", "INBOXCRM_DATABASE_URL", "INBOXCRM_DATABASE_URL_FILE"):
        monkeypatch.delenv(name, raising=False)
    return Terminal(tmp_path, capfd)
