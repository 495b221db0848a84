"""A second process that reads a file page after page while the first one stores what it has read.

    python -m inboxcrm.mbox.reading_child PATH DEVICE INODE

is that process. It is told where to begin, and is never more than two pages ahead of who takes them; it ends when
nobody can, however its parent died. A child that cannot start, dies, or finds another file under the path loses
nothing: who asked reads the page itself.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import is_dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
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
        self._following: int | None = None

    def start(self) -> bool:
        """Whether there is a child that can begin. Started before its first page is known, it is up by then."""
        if not self._is_broken:
            try:
                self._started()
            except _BROKEN:
                self._give_up()
        return not self._is_broken

    def begin(self, asked: Asked) -> None:
        """Reads that page and those after it; what it read before is dropped."""
        if self._following is not None:
            self._end()
        if not self.start():
            return
        try:
            process = self._started()
            assert process.stdin is not None
            pickle.dump(asked, process.stdin)
            process.stdin.flush()
        except _BROKEN:
            self._give_up()
        else:
            self._following = asked.offset

    def take(self, offset: int) -> Page | None:
        """The page that begins there, if it is the next one; None if it is another, or the child is gone."""
        if self._process is None or offset != self._following:
            return None
        assert self._process.stdout is not None
        try:
            page: Page = pickle.load(self._process.stdout)  # noqa: S301 - our own child wrote it
        except _BROKEN:
            self._give_up()
            return None
        self._following = page.following
        if page.following is None:
            self._end()
        return page

    def close(self) -> None:
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
        self._end()
        self._is_broken = True

    def _end(self) -> None:
        process, self._process, self._following = self._process, None, None
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
    """Answers one question: that page and all that follow. While one waits to be taken, the next is being read."""
    try:
        asked: Asked = pickle.load(source)  # noqa: S301 - our own parent wrote it
    except EOFError:
        return
    read: Queue[memoryview | None] = Queue(maxsize=1)
    giving = Thread(target=_give, args=(read, answers))
    giving.start()
    for packed in _packed_pages(file, asked):
        read.put(packed)
    read.put(None)
    giving.join()


def _packed_pages(file: BinaryIO, asked: Asked) -> Iterator[memoryview]:
    following: Asked | None = asked
    while following is not None:
        page, packed = read_page(file, following), io.BytesIO()
        _Packer(packed, pickle.HIGHEST_PROTOCOL).dump(page)
        yield packed.getbuffer()
        following = following.after(page)


def _give(read: Queue[memoryview | None], answers: BinaryIO) -> None:
    try:
        while (packed := read.get()) is not None:
            answers.write(packed)
            answers.flush()
    except OSError:
        os._exit(
            0
        )  # nobody is left to read for; the other thread may be waiting to hand over a page


def main(path: str, device: str, inode: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    with suppress(BrokenPipeError), Path(path).open("rb") as file:
        facts = os.fstat(file.fileno())
        if (str(facts.st_dev), str(facts.st_ino)) == (device, inode):
            serve(file, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main(*sys.argv[1:])
