"""Desks to ask for pages: one with its pages and a browser that came in by the door, and two of different size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from flask.testing import FlaskClient

from bench.databases import Databases
from bench.full_desk import NOW_MS, Size, full_desk
from inboxcrm.bootstrap.desk import open_desk
from inboxcrm.config import DatabaseSettings, Settings, WebSettings
from inboxcrm.store.desk import Desk
from inboxcrm.web import create_app
from inboxcrm.worker.clock import machine_now

_TOKEN = "measured"


@dataclass(frozen=True, slots=True)
class StandingClock:
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=NOW_MS)

    def now(self) -> datetime:
        return self.at


class Asked:
    """One desk with its pages, and a browser that came in by the door."""

    def __init__(self, url: str, size: Size) -> None:
        self.size = size
        pages = WebSettings(requests_per_minute=0)
        self.settings = Settings(database=DatabaseSettings(url=url), web=pages)
        self.desk: Desk
        self.client: FlaskClient

    def __enter__(self) -> Self:
        self.desk = open_desk(self.settings, StandingClock())
        app = create_app(
            self.desk, web=self.settings.web, machine_now=machine_now, entry_token=_TOKEN
        )
        self.client = app.test_client()
        assert self.client.get(f"/enter?token={_TOKEN}").status_code == 303
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.database.close()


@contextmanager
def small_and_big(
    databases: Databases, dialect: str, leads: int, tell: Callable[[str], None]
) -> Iterator[tuple[Asked, Asked]]:
    """A desk with a hundredth of the leads, and one with all."""
    small, big = Size(leads // 100), Size(leads)
    with (
        Asked(full_desk(databases, dialect, small, tell), small) as ours_small,
        Asked(full_desk(databases, dialect, big, tell), big) as ours_big,
    ):
        databases.read_through()
        yield ours_small, ours_big


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
