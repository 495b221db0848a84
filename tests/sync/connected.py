"""An office where people connect mailboxes in the browser: Alice is its admin, Bea and Mira work there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.gmail.source import GmailSource
from inboxcrm.gmail.token_file import credentials_from_text
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.gmail.web_login import WebLogin
from inboxcrm.sandbox.demo import write_client_file
from inboxcrm.services.agenda import MailboxBook
from inboxcrm.services.consents import (
    Asker,
    begin_connecting,
    finish_connecting,
    open_token,
    replace_token,
)
from inboxcrm.services.removing import remove_mail
from inboxcrm.services.syncing import sync_mailbox
from inboxcrm.store.accounts import insert_account, viewer_of
from inboxcrm.store.desk import Desk
from inboxcrm.store.sealed import Seals
from inboxcrm.worker.agenda import MailboxAgenda
from inboxcrm.worker.loop import Job, JobKind, Worker
from tests.consenting import click, part
from tests.sync.practice import Book, GmailPrices, Practice

HOME = "http://127.0.0.1:8025/mailboxes/answer"
ALICE, TOM = "alice@lumenworks.example", "tom@lumenworks.example"


@dataclass
class ConnectedOffice(Practice):
    """`machine` is machine time; `now` moves it."""

    machine: datetime = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
    told: list[str] = field(default_factory=list)
    seals: Seals = field(default_factory=Seals)

    def __post_init__(self) -> None:
        self.seals = Seals("", self.folder / "inboxcrm.key", may_make=True)
        write_client_file(self.client_file, self.sandbox.url, asks=True)
        with self.database.write() as tx:
            self.bea = insert_account(tx, name="Bea", role="rep", created_at=0)
            self.mira = insert_account(tx, name="Mira", role="manager", created_at=0)

    @property
    def client_file(self) -> Path:
        return self.folder / "client.json"

    @property
    def desk(self) -> Desk:
        return replace(super().desk, seals=self.seals)

    @property
    def login(self) -> WebLogin:
        return WebLogin(self.client_file, api_endpoint=self.sandbox.url)

    def viewer(self, account_id: int = 1) -> Viewer:
        role = {1: AccountRole.ADMIN, self.bea: AccountRole.REP}.get(
            account_id, AccountRole.MANAGER
        )
        with self.database.read() as tx:
            return viewer_of(tx, account_id, role)

    def asker(self, account_id: int = 1, *, session: str = "one") -> Asker:
        return Asker(self.viewer(account_id), session, self.machine)

    def begin(self, account_id: int = 1, **how) -> str:
        return begin_connecting(
            self.desk, self.asker(account_id), self.login, redirect_uri=HOME, **how
        )

    def connect(self, address: str, account_id: int = 1, *, chosen: str = "", **how):
        """All of it: asks, clicks Allow, comes back."""
        asker = self.asker(account_id)
        back = click(self.begin(account_id, **how), chosen or address)
        return finish_connecting(
            self.desk, asker, self.login, state=part(back, "state"), answer=back
        )

    def source_of(self, name: str) -> GmailSource:
        return GmailSource(
            Traffic(
                credentials_from_text(
                    open_token(self.desk, name),
                    keep=lambda text: replace_token(self.desk, name, text),
                ),
                gmail=GmailPrices(self.sandbox.url),
                bucket=Book(),
                sleep=self.clock.wait,
                monotonic=self.seconds,
                mailbox="",
            )
        )

    def read(self, name: str, **how):
        source = self.source_of(name)
        try:
            return sync_mailbox(self.desk, source, name, runner=self.runner(), **how)
        finally:
            source.close()

    def work(self) -> list[Job]:
        """One round of the worker; the jobs it ran."""
        done: list[Job] = []

        def run(job: Job) -> bool:
            done.append(job)
            if job.kind is JobKind.REMOVE:
                return remove_mail(self.desk, job.mailbox)
            self.read(job.mailbox)
            return True

        class Never:
            def is_set(self) -> bool:
                return False

            def wait(self, _seconds: float) -> bool:
                return False

        agenda = MailboxAgenda(MailboxBook(self.desk, frozenset()))
        Worker(agenda, run, self.clock, Never(), self.told.append).run_due()
        return done

    def id_of(self, name: str) -> str:
        return self.desk.ids.seal("mailbox", self.row(name).id)

    def wait_for_machine(self, **how: float) -> None:
        self.machine += timedelta(**how)
