"""A second process reads mails of large files. With it, without it, or with it dead, the mails are the same."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from inboxcrm.mbox import source
from inboxcrm.mbox.pages import Asked, Page
from inboxcrm.mbox.reading_child import ReadingChild
from inboxcrm.mbox.source import MboxSource
from inboxcrm.ports import Outcome, Wanted


def letter(number: int) -> bytes:
    return (
        b"From bob@kitaura.example Mon May  4 09:00:00 2026\n"
        b"From: Bob Tanaka <bob@kitaura.example>\nTo: alice@lumenworks.example\n"
        b"Subject: Mail %d\nMessage-ID: <%d@kitaura.example>\n\nHello %d\n\n"
        % (number, number, number)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "mail.mbox"
    found.write_bytes(b"".join(letter(number) for number in range(57)))
    return found


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "FIRST_ITEMS", 4)
    monkeypatch.setattr(source, "CHILD_PAYS_FROM", 0)


def read(box: MboxSource, *, kill_after: int | None = None) -> list[Outcome]:
    found: list[Outcome] = []
    token: str | None = None
    for page_number in range(100):
        if page_number == kill_after:
            assert box._ahead is not None
            assert box._ahead._process is not None
            os.kill(box._ahead._process.pid, signal.SIGKILL)
        page = box.list_page(label=None, token=token)
        found += box.fetch([Wanted((item.ref,)) for item in page.items])
        token = page.next_token
        if token is None:
            return found
    raise AssertionError("the listing never ended")


def test_what_the_child_reads_is_what_we_would_read(
    path: Path, small_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Page | None] = []
    take = ReadingChild.take
    monkeypatch.setattr(
        ReadingChild, "take", lambda *asked: taken.append(take(*asked)) or taken[-1]
    )
    box = MboxSource(path, address="alice@lumenworks.example")
    with_child = read(box)
    assert [page and len(page.letters) for page in taken] == [None, 8, 16, 29]
    box.close()
    monkeypatch.setattr(source, "CHILD_PAYS_FROM", 1 << 40)
    alone = MboxSource(path, address="alice@lumenworks.example")
    assert alone._ahead is None
    assert with_child == read(alone)
    assert len(with_child) == 57
    alone.close()


def test_a_child_that_dies_takes_no_mail_with_it(path: Path, small_pages: None) -> None:
    box = MboxSource(path, address="alice@lumenworks.example")
    assert len(read(box, kill_after=3)) == 57
    box.close()


def test_a_listing_begun_again_starts_from_the_first_mail(path: Path, small_pages: None) -> None:
    box = MboxSource(path, address="alice@lumenworks.example")
    first = box.list_page(label=None, token=None)
    box.fetch([Wanted((item.ref,)) for item in first.items])
    assert read(box) == read(box)
    box.close()


def test_the_child_ends_with_its_source(path: Path, small_pages: None) -> None:
    box = MboxSource(path, address="alice@lumenworks.example")
    box.list_page(label=None, token=None)
    assert box._ahead is not None
    process = box._ahead._process
    assert process is not None
    box.close()
    assert process.returncode is not None


def test_the_child_ends_when_nobody_takes_its_pages(tmp_path: Path) -> None:
    path = tmp_path / "large.mbox"
    path.write_bytes(b"".join(letter(number) for number in range(2_000)))
    with path.open("rb") as file:
        child = ReadingChild(path, file)
    child.begin(Asked(0, items=500))
    process = child._started()
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=30) == 0
    child.close()


def test_the_child_ends_when_its_input_does(path: Path) -> None:
    with path.open("rb") as file:
        child = ReadingChild(path, file)
    process = child._started()
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    child.close()


def test_another_file_under_the_same_path_is_not_read(path: Path, small_pages: None) -> None:
    box = MboxSource(path, address="alice@lumenworks.example")
    other = path.with_suffix(".other")
    other.write_bytes(b"".join(letter(number) for number in range(100, 190)))
    other.replace(path)
    assert [found.message.subject for found in read(box)] == [f"Mail {n}" for n in range(57)]  # type: ignore[union-attr]
    box.close()
