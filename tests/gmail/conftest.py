"""Alice's practice mailbox, her Gmail source, and a clock that only sleeping moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from inboxcrm.gmail.rights import READONLY
from inboxcrm.gmail.source import GmailSource
from inboxcrm.gmail.token_file import load_credentials
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import Sandbox, running_sandbox


@dataclass
class Book:
    """Where the bucket is kept; survives the source."""

    kept: tuple[float, float] | None = None

    def load(self) -> tuple[float, float] | None:
        return self.kept

    def save(self, tokens: float, at: float) -> None:
        self.kept = (tokens, at)


@dataclass
class Time:
    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass(frozen=True)
class Gmail:
    api_endpoint: str
    price_table: str = "generous"
    units_per_minute: int | None = None


def mail(
    number: int, *, subject: str = "", references: str = "", body: str = "Hello Alice"
) -> bytes:
    name = subject or f"Offer {number}"
    linked = f"References: {references}\r\nIn-Reply-To: {references}\r\n" if references else ""
    return (
        f"From: Bob <bob@customer.example>\r\nTo: Alice <alice@seller.example>\r\n"
        f"Subject: {name}\r\nMessage-ID: <m{number}@customer.example>\r\n{linked}"
        f"Date: Mon, 2 Mar 2026 09:{number % 60:02d}:00 +0000\r\n\r\n{body} {number}\r\n"
    ).encode()


@pytest.fixture
def mailbox() -> SandboxMailbox:
    return SandboxMailbox("alice@seller.example")


@pytest.fixture
def sandbox(mailbox: SandboxMailbox) -> Iterator[Sandbox]:
    with running_sandbox(mailbox) as running:
        yield running


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def open_source(
    sandbox: Sandbox, tmp_path: Path, time: Time, book: Book
) -> Iterator[Callable[..., GmailSource]]:
    opened: list[GmailSource] = []

    def open_(
        *, price_table: str = "generous", scopes: Iterable[str] = (READONLY,), **options: object
    ) -> GmailSource:
        token_file = tmp_path / "alice.json"
        refresh_token = sandbox.refresh_token(scopes=scopes)
        write_token_file(token_file, sandbox.url, refresh_token=refresh_token)
        source = GmailSource(
            Traffic(
                load_credentials(token_file, mailbox="alice"),
                gmail=Gmail(sandbox.url, price_table, options.pop("units_per_minute", None)),
                bucket=book,
                sleep=time.sleep,
                monotonic=time.read,
                mailbox="alice",
                chance=lambda: 0.5,
                **options,
            )
        )
        opened.append(source)
        return source

    yield open_
    for source in opened:
        source.close()


@pytest.fixture
def source(open_source: Callable[..., GmailSource]) -> GmailSource:
    return open_source()
