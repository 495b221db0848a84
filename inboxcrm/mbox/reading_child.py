"""A second process that reads mails while the first one stores them.

    python -m inboxcrm.mbox.reading_child      is that process; it ends when its input does, however its parent died

One batch is under way at a time: given, then taken. A child that cannot start or dies loses nothing: its batch is read
here instead, and so is everything after it.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from typing import BinaryIO

from inboxcrm.mbox.letter import read_letter
from inboxcrm.mbox.scan import Located
from inboxcrm.ports import Fetched

_BROKEN = (OSError, EOFError, pickle.UnpicklingError)


class ReadingChild:
    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_broken = False
        self._given: list[Located] | None = None

    def give(self, letters: list[Located]) -> None:
        """Starts reading these. The batch before must have been taken or dropped."""
        self._given = letters
        if not letters or self._is_broken:
            return
        try:
            process = self._started()
            assert process.stdin is not None
            pickle.dump(letters, process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
        except _BROKEN:
            self._give_up()

    def take(self) -> list[Fetched]:
        """The batch under way, read."""
        letters, self._given = self._given or [], None
        if letters and self._process is not None:
            assert self._process.stdout is not None
            try:
                read: list[Fetched] = pickle.load(self._process.stdout)  # noqa: S301 - our own child wrote it
            except _BROKEN:
                self._give_up()
            else:
                return read
        return [read_letter(letter) for letter in letters]

    def drop(self) -> None:
        """Forgets the batch under way."""
        if self._given is not None:
            self.take()

    def close(self) -> None:
        self._given = None
        self._give_up()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "inboxcrm.mbox.reading_child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _give_up(self) -> None:
        process, self._process = self._process, None
        self._is_broken = True
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
            process.wait()


def serve(source: BinaryIO, answers: BinaryIO) -> None:
    """Reads batches until there are no more."""
    while True:
        try:
            letters: list[Located] = pickle.load(source)  # noqa: S301 - our own parent wrote it
        except EOFError:
            return
        pickle.dump([read_letter(letter) for letter in letters], answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, sys.stdout.buffer)
