"""Where a cadence is rehearsed: a copy of the database in a folder, a practice server in a process, both its own.

Nothing that is opened here can reach beyond this machine: an endpoint, or an address where tokens are renewed, that is
not a literal loopback address is refused before anything is opened. Both are gone when the rehearsal ends.
"""

from __future__ import annotations

import json
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inboxcrm.bootstrap.desk import open_desk
from inboxcrm.bootstrap.providers import open_sender, open_source
from inboxcrm.config import MailboxSettings
from inboxcrm.errors import RefusedError
from inboxcrm.sandbox.child import ChildSandbox, MailboxPlan, child_sandbox
from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.sandbox.outgoing import without
from inboxcrm.sandbox.tokens import COMPOSE, READONLY
from inboxcrm.services.rehearsal_shapes import Habit, LayBefore, Passed
from inboxcrm.services.rehearsing import LeapingClock
from inboxcrm.store import upkeep

if TYPE_CHECKING:
    from inboxcrm.config import Settings
    from inboxcrm.ports import MailSender, MailSource
    from inboxcrm.store.database import Database
    from inboxcrm.store.desk import Desk

SCOPES = (READONLY, COMPOSE)
HERE = ("127.0.0.1", "::1")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Opened:
    """All a rehearsal is handed."""

    desk: Desk
    clock: LeapingClock
    stage: PracticeStage
    source: MailSource
    sender: MailSender


class PracticeStage:
    """Implements `rehearsal_shapes.Stage` on a practice server in another process."""

    scopes: Sequence[str] = SCOPES

    def __init__(self, server: ChildSandbox) -> None:
        self._server = server

    def furnish(
        self, mails: Sequence[LayBefore], habits: Mapping[str, Habit], *, seed: int
    ) -> None:
        for mail in mails:
            real = f"Message-ID: <{mail.message_id}>\r\n".encode()
            self._server.pull(
                "restore",
                raw=real + without(mail.mime, "message-id"),
                ref=mail.ref,
                thread_ref=mail.thread_ref,
                labels=["SENT"],
                at_ms=_ms(mail.at),
            )
        told = {address: [habit.fate, habit.at_mail] for address, habit in habits.items()}
        self._server.pull("people", habits=told, seed=seed)

    def pass_time(self, at: datetime) -> Passed:
        said = self._server.pull("pass-time", at_ms=_ms(at))
        next_ms = said["next_at_ms"]
        return Passed(said["arrived"], _EPOCH + next_ms * _MS if next_ms is not None else None)


def require_loopback(url: str) -> None:
    """Raises RefusedError for what is not this very machine by number: a name may be made to mean another one."""
    if urlsplit(url).scheme != "http" or urlsplit(url).hostname not in HERE:
        raise RefusedError(
            f"A rehearsal talks to this machine alone, not to {url[:100]}.",
            remedy="Nothing was sent. This is a fault of the program: please report it.",
        )


@contextmanager
def opened_stage(
    settings: Settings,
    database: Database,
    *,
    mailbox: str,
    address: str,
    aliases: Sequence[str],
    start: datetime,
) -> Iterator[Opened]:
    """`database` is read once, for the copy, and not touched again. `mailbox` is the name of the one that sends."""
    with ExitStack() as stack:
        stack.enter_context(_ending_alike())
        # It holds people's mail: nobody else may look into it (mkdtemp makes it so), and it goes with the rehearsal.
        made = tempfile.TemporaryDirectory(prefix="inboxcrm-rehearsal-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(made))
        upkeep.backup(database, folder / "copy.db")
        server = stack.enter_context(child_sandbox([MailboxPlan(address, start)]))
        stage = PracticeStage(server)
        stage.pass_time(start)
        server.pull("aliases", verified=list(aliases))
        token_file = folder / "token.json"
        grant = server.pull("grant", scopes=list(SCOPES))
        write_token_file(
            token_file, server.url, refresh_token=grant["refresh_token"], scopes=SCOPES
        )
        here = _settings(settings, folder / "copy.db", server.url)
        box = MailboxSettings.model_construct(
            name=mailbox, provider="gmail", address=address, token_file=token_file
        )
        clock = LeapingClock(start)
        desk = open_desk(here, clock)
        stack.callback(desk.database.close)
        source, sender = open_loopback(here, box, desk)
        stack.enter_context(closing(source))
        stack.enter_context(closing(sender))
        yield Opened(desk, clock, stage, source, sender)


@contextmanager
def _ending_alike() -> Iterator[None]:
    """SIGTERM ends it as Ctrl-C does: the copy of people's mail does not stay behind."""
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def open_loopback(
    settings: Settings, box: MailboxSettings, desk: Desk
) -> tuple[MailSource, MailSender]:
    """Both ways to a mailbox, where neither leads off this machine. Raises RefusedError."""
    require_loopback(settings.gmail.api_endpoint)
    assert box.token_file is not None, "a rehearsal has a token of its own"
    require_loopback(json.loads(box.token_file.read_text(encoding="utf-8")).get("token_uri", ""))
    return open_source(settings, box, desk), open_sender(settings, box, desk)


def _settings(settings: Settings, copy: Path, url: str) -> Settings:
    """The house's rules, on the copy and the practice server."""
    gmail = settings.gmail.model_copy(
        update={"api_endpoint": url, "price_table": "generous", "units_per_minute": None}
    )
    database = settings.database.model_copy(update={"url": f"sqlite:///{copy}"})
    return settings.model_copy(update={"gmail": gmail, "database": database})


def _ms(at: datetime) -> int:
    return -((_EPOCH - at) // _MS)
