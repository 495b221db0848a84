"""A second process that reads the next page of a file while the first one stores the page before.

    python -m inboxcrm.mbox.reading_child PATH DEVICE INODE

is that process; it ends when its input does, however its parent died. One page is under way at a time. A child that
cannot start, dies, or finds another file under the path loses nothing: who asked reads the page itself.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, BinaryIO

from inboxcrm.mbox.pages import Asked, Page, read_page

_BROKEN = (OSError, EOFError, pickle.UnpicklingError)


class ReadingChild:
    """Reads ahead in the file that is open as `file` and lies at `path`."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._facts = os.fstat(file.fileno())
        self._process: subprocess.Popen[bytes] | None = None
        self._is_broken = False
        self._under_way: Asked | None = None

    def start(self) -> None:
        """It starts by itself when asked; started before, it is up by then."""
        if self._is_broken:
            return
        try:
            self._started()
        except _BROKEN:
            self._give_up()

    def ask(self, asked: Asked) -> None:
        """Starts reading that page; what was under way is dropped."""
        self.take(None)
        if self._is_broken:
            return
        try:
            process = self._started()
            assert process.stdin is not None
            pickle.dump(asked, process.stdin)
            process.stdin.flush()
        except _BROKEN:
            self._give_up()
        else:
            self._under_way = asked

    def take(self, asked: Asked | None) -> Page | None:
        """The page under way if it is that one; None if it is another, or the child is gone."""
        expected, self._under_way = self._under_way, None
        if expected is None or self._process is None:
            return None
        assert self._process.stdout is not None
        try:
            page: Page = pickle.load(self._process.stdout)  # noqa: S301 - our own child wrote it
        except _BROKEN:
            self._give_up()
            return None
        return page if expected == asked else None

    def close(self) -> None:
        self._under_way = None
        self._give_up()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            facts = [str(self._facts.st_dev), str(self._facts.st_ino)]
            self._process = subprocess.Popen(  # noqa: S603 - ourselves, on a file that is open already
                [sys.executable, "-m", "inboxcrm.mbox.reading_child", str(self._path), *facts],
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


class _Packer(pickle.Pickler):
    """Writes dataclasses as calls of their constructors, which read back in a fraction of the generated way's time."""

    def reducer_override(self, thing: Any) -> Any:
        if is_dataclass(thing) and not isinstance(thing, type):
            return type(thing), tuple(getattr(thing, name) for name in thing.__dataclass_fields__)
        return NotImplemented


def serve(file: BinaryIO, source: BinaryIO, answers: BinaryIO) -> None:
    """Reads pages until no more are asked for."""
    while True:
        try:
            asked: Asked = pickle.load(source)  # noqa: S301 - our own parent wrote it
        except EOFError:
            return
        packed = io.BytesIO()
        _Packer(packed, pickle.HIGHEST_PROTOCOL).dump(read_page(file, asked))
        answers.write(packed.getbuffer())
        answers.flush()


def main(path: str, device: str, inode: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    with suppress(BrokenPipeError), Path(path).open("rb") as file:
        facts = os.fstat(file.fileno())
        if (str(facts.st_dev), str(facts.st_ino)) == (device, inode):
            serve(file, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main(*sys.argv[1:])
