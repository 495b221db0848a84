"""A small house to walk through: Alice's mailbox read into a database, the pages on top, a browser's session at the door."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.config import WebSettings
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.mail.addresses import match_key
from inboxcrm.mail.message import Attachment, Message, Participant, Role
from inboxcrm.ports import Anchor, Capabilities, Fetched, Listed, ListPage, Missing, Spending
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.services.syncing import sync_mailbox
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.settings import opaque_key
from inboxcrm.web import create_app
from inboxcrm.worker.runner import this_runner

ALICE = "alice@ourfirm.example"
NOW = datetime(2026, 5, 14, 15, 30, tzinfo=UTC)
TOKEN = "the-one-time-link"
YOU = Viewer(1, AccountRole.ADMIN)


@dataclass
class StandingClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class Letters:
    """A mailbox that only grows; every sync lists it anew."""

    held: dict[str, Fetched] = field(default_factory=dict)
    capabilities = Capabilities(
        has_labels=True, has_changes=False, thread_pays_from=None, batch_size=50
    )

    def anchor(self) -> Anchor:
        return Anchor(address=ALICE, aliases=(), cursor="1", message_total=len(self.held))

    def list_page(self, *, label=None, token=None, since=None) -> ListPage:
        return ListPage(
            tuple(
                Listed(one.ref, one.thread_ref, one.labels) for one in reversed(self.held.values())
            ),
            None,
        )

    def fetch(self, wanted):
        return [self.held.get(ref) or Missing(ref) for group in wanted for ref in group.refs]

    def spending(self) -> Spending:
        return Spending()

    def close(self) -> None:
        pass


def _person(role: Role, written: str) -> Participant:
    name, _, address = written.rpartition(" ")
    return Participant(role, match_key(address), address, name)


def lay_down(database: Database, content: Path) -> None:
    """Puts that content under an open database. It stays open so that what SQLAlchemy compiled is kept.

    Whoever still read would be left with half of each, and so would all who come after: SQLite calls that a failing disk.
    """
    for engine in (database._reader, database._writer):
        assert not engine.pool.checkedout(), "somebody still reads or writes: end it first"
    database.close()
    path = database.path
    assert path is not None
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.copyfile(content, path)


class House:
    """Over a file of its own in `folder`, or over `database`, whose content it takes as it finds it."""

    def __init__(self, folder: Path, migrated: Path, database: Database | None = None) -> None:
        if database is None:
            shutil.copy(migrated, folder / "house.db")
            database = Database.open(f"sqlite:///{folder / 'house.db'}")
        self.database = database
        self.clock = StandingClock()
        self.machine = StandingClock()
        self.desk = Desk(
            database=self.database,
            clock=self.clock,
            pipelines=Pipelines(),
            ids=OpaqueIds(opaque_key(self.database)),
            working_hours=WorkingHours(),
        )
        self.letters = Letters()
        declare_mailboxes(self.desk, [Declared("sales", "gmail", ALICE)])

    def deliver(
        self,
        writer: str,
        subject: str,
        text: str = "Could you send me a quote?",
        *,
        to: Sequence[str] = (f"Alice Berg {ALICE}",),
        cc: Sequence[str] = (),
        hours_ago: float = 3,
        thread: str = "",
        html: str = "",
        headers: tuple[tuple[str, str], ...] = (),
        attachments: tuple[Attachment, ...] = (),
    ) -> str:
        """A mail arrives (or leaves, when Alice writes); returns its ref. People are written "Bob Tanaka bob@x.example"."""
        ref = f"m{len(self.letters.held) + 1:04}"
        people = [_person(Role.FROM, writer)]
        people += [_person(Role.TO, one) for one in to] + [_person(Role.CC, one) for one in cc]
        at = self.clock.at - timedelta(hours=hours_ago)
        message = Message(
            message_id=f"{ref}@mail.example",
            references=(f"{thread}@mail.example",) if thread else (),
            date=at,
            subject=subject,
            participants=tuple(people),
            participant_count=len(people),
            text=text,
            html=html,
            headers=headers,
            attachments=attachments,
            size_bytes=len(text),
        )
        labels = frozenset({"SENT"} if writer.endswith(ALICE) else {"INBOX"})
        self.letters.held[ref] = Fetched(ref, thread or ref, labels, at, message)
        return ref

    def sync(self) -> None:
        sync_mailbox(self.desk, self.letters, "sales", runner=this_runner())

    def app(self, *, open_mailbox=None, **settings):
        return create_app(
            self.desk,
            web=WebSettings(**settings),
            machine_now=self.machine.now,
            entry_token=TOKEN,
            open_mailbox=open_mailbox,
        )

    def close(self) -> None:
        self.database.close()


def furnish(house: House) -> None:
    """What the tests speak of: Bob waits, Ines is new, we wait for Oskar, a newsletter, a shared address, a stranger in copy."""
    bob, ines, oskar = (
        "Bob Tanaka bob@kitaura.example",
        "Ines Duarte ines@mares.example",
        "Oskar Lind oskar@nordvik.example",
    )
    us = f"Alice Berg {ALICE}"
    house.deliver(
        bob,
        "Pricing for 40 seats",
        "Hello, we saw your talk. What would 40 seats cost?",
        hours_ago=23 * 24,
        thread="pricing",
    )
    house.deliver(
        us,
        "Re: Pricing for 40 seats",
        "Hi Bob,\n\nthe prices are below.\n\nAlice",
        to=[bob],
        hours_ago=96,
        thread="pricing",
    )
    house.deliver(
        bob,
        "Re: Pricing for 40 seats",
        "Hi Alice,\n\nthanks. Could you send the quote by Friday? See https://kitaura.example/board?a=1&b=2 too.\n\nBob\n\n"
        "On Sun, 10 May 2026 at 15:30, Alice Berg wrote:\n> Hi Bob,\n>\n> the prices are below.\n",
        cc=["Carla Reyes carla@kitaura.example"],
        hours_ago=27,
        thread="pricing",
        attachments=(Attachment("2", "Seat plan.xlsx", "application/vnd.ms-excel", 48211),),
    )
    house.deliver(
        ines, "Demo next week?", "We saw your talk in Lisbon. Could we see a demo?", hours_ago=2
    )
    house.deliver(
        us, "Security questionnaire", "Attached are our answers.", to=[oskar], hours_ago=50
    )
    house.deliver(
        "Info Desk info@hafen.example",
        "Anfrage",
        "Wir suchen eine Lösung für sechs Standorte.",
        hours_ago=30,
    )
    house.deliver(
        "Product Weekly news@weekly.example",
        "Issue 212",
        "This week",
        html="<p>This week</p>",
        hours_ago=70,
        headers=(
            ("list-id", "<weekly.example>"),
            ("list-unsubscribe", "<mailto:off@weekly.example>"),
            ("precedence", "bulk"),
        ),
    )
    house.sync()


def walk_in(client: FlaskClient) -> FlaskClient:
    answer = client.get(f"/enter?token={TOKEN}")
    assert answer.status_code == 303
    return client


def hidden_fields(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the first form with that action: what a browser without script would send."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form, f"no form posts to {action}"
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[1])
    unescape = {"&#34;": '"', "&#39;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&"}
    return {
        name: re.sub("&#34;|&#39;|&lt;|&gt;|&amp;", lambda m: unescape[m[0]], value)
        for name, value in pairs
    }


def path_of(client: FlaskClient, subject: str) -> str:
    """Where the list leads to for a thread of that subject."""
    page = client.get("/").get_data(as_text=True)
    for href, row in re.findall(
        r'<a class="row"[^>]*href="([^"]+)"[^>]*>(.*?)</a></li>', page, re.DOTALL
    ):
        if subject in row:
            return href
    raise AssertionError(f"no thread {subject!r} in the list")
