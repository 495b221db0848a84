"""A small office to look at: a desk whose clock stands, mailboxes, and mail that came the way real mail comes."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import insert, select

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.mail.mime import parse
from inboxcrm.ports import Fetched
from inboxcrm.services.preparing import prepare
from inboxcrm.services.settling import own_set_of
from inboxcrm.services.storing import store_group
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.tables import mailbox, message, thread
from tests.statements import statements_seen

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)  # a Wednesday
ALICE = "alice@ourfirm.example"


class StandingClock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class Office:
    """Alice's mailbox is number 1 and capture makes leads of whoever writes."""

    desk: Desk
    clock: StandingClock
    viewer: Viewer
    boxes: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def add_mailbox(
        self, address: str, *, capture: str = "enquiry", provider: str = "gmail"
    ) -> int:
        with self.desk.database.write() as tx:
            row = {"name": address, "provider": provider, "address": address, "capture": capture}
            self.boxes[address] = tx.execute(
                insert(mailbox).returning(mailbox.c.id), row
            ).scalar_one()
        return self.boxes[address]

    def mail(
        self,
        sender: str,
        to: str | Iterable[str] = ALICE,
        *,
        text: str = "Hello, I would like to know more.",
        subject: str = "A question",
        days_ago: float = 1.0,
        thread_ref: str = "",
        box: str = ALICE,
        labels: Iterable[str] = (),
        message_id: str = "",
        reply_to_id: str = "",
        headers: Iterable[tuple[str, str]] = (),
        bcc: str = "",
        html: str = "",
        attachment: bytes | None = None,
    ) -> str:
        """Stores one mail as a sync would; returns its opaque message id. `box` may hold it without being in To."""
        self.count += 1
        built = EmailMessage()
        built["From"] = sender
        built["To"] = to if isinstance(to, str) else ", ".join(to)
        if bcc:
            built["Bcc"] = bcc
        built["Subject"] = subject
        at = self.clock.moment - timedelta(days=days_ago)
        built["Date"] = format_datetime(at)
        built["Message-ID"] = f"<{message_id or f'mail-{self.count}@house.example'}>"
        if reply_to_id:
            built["In-Reply-To"] = f"<{reply_to_id}>"
        for name, value in headers:
            built[name] = value
        built.set_content(text)
        if html:
            built.add_alternative(html, subtype="html")
        if attachment is not None:
            built.add_attachment(
                attachment, maintype="application", subtype="pdf", filename="offer.pdf"
            )
        fetched = Fetched(
            ref=f"ref-{self.count}",
            thread_ref=thread_ref or f"thread-{self.count}",
            labels=frozenset(labels),
            received_at=at,
            message=parse(built.as_bytes()),
        )
        with self.desk.database.write() as tx:
            prepared = prepare(
                fetched,
                own=own_set_of(tx, self.desk),
                policy=self.desk.capture,
                now=self.clock.moment,
            )
            store_group(tx, self.desk, self.boxes[box], [prepared])
            stored = tx.execute(select(message.c.id).where(message.c.key == prepared.key))
            return self.desk.ids.seal("message", stored.scalar_one())

    def thread_id(self, thread_ref: str) -> str:
        with self.desk.database.read() as tx:
            found = tx.execute(select(thread.c.id).where(thread.c.ref == thread_ref))
            return self.desk.ids.seal("thread", found.scalars().first())

    def pass_time(self, **length: float) -> None:
        self.clock.moment += timedelta(**length)

    def reader_of(self, *addresses: str) -> Viewer:
        boxes = frozenset(self.boxes[address] for address in addresses)
        return replace(self.viewer, role=AccountRole.REP, mailbox_ids=boxes)


def open_office(database: Database) -> Office:
    clock = StandingClock()
    desk = Desk(database, clock, Pipelines(), OpaqueIds(b"the office"), WorkingHours("UTC"))
    office = Office(desk, clock, Viewer(1, AccountRole.ADMIN))
    office.add_mailbox(ALICE)
    return office


@contextmanager
def counted_queries(office):
    """Questions sent to the database."""
    with statements_seen(office.desk.database._reader) as seen:
        yield seen
