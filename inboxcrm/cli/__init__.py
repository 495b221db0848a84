"""The commands. Each parses its words, calls one service or view, and prints; what it prints is decided in `output`."""

from __future__ import annotations

from inboxcrm.cli.ending import run

__all__ = ["run"]
