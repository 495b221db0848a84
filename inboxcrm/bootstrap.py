"""Joins the parts by plain constructor calls. Nothing else knows which provider stands behind a mailbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.config import CaptureSettings, MailboxSettings, Settings
from inboxcrm.errors import SettingsError, UsageError
from inboxcrm.leads.own import CapturePolicy
from inboxcrm.mail.addresses import match_key
from inboxcrm.ports import Clock, MailSource
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import count_by_stage
from inboxcrm.store.settings import opaque_key

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from inboxcrm.gmail.source import GmailSource
    from inboxcrm.services.sync_run import Progress
    from inboxcrm.services.syncing import SyncReport
    from inboxcrm.worker.loop import StopSign, Worker

LOCAL_ACCOUNT = 1


def open_desk(settings: Settings, clock: Clock) -> Desk:
    """Opens the database, made at first use.

    Raises SettingsError where leads stand in a stage that the settings no longer know.
    """
    database = Database.open(settings.database.url)
    try:
        desk = Desk(
            database=database,
            clock=clock,
            pipelines=settings.pipelines,
            ids=OpaqueIds(opaque_key(database)),
            working_hours=settings.working_hours,
            cold_after_days=settings.cold_after_days,
            capture=capture_policy(settings.capture),
        )
        _refuse_removed_stages(desk)
    except BaseException:
        database.close()
        raise
    return desk


def _refuse_removed_stages(desk: Desk) -> None:
    with desk.database.read() as tx:
        in_use = count_by_stage(tx)
    problems = desk.pipelines.check_removed_keys(in_use)
    if problems:
        raise SettingsError(problems, remedy="No lead was changed.")


def declare(settings: Settings, desk: Desk) -> None:
    """Brings the mailboxes in the database up to what the settings say of them."""
    zone = ZoneInfo(settings.work.zone)
    declare_mailboxes(
        desk,
        [
            Declared(
                name=one.name,
                provider=one.provider,
                address=one.address,
                aliases=one.aliases,
                capture=one.capture,
                since=datetime.combine(one.since, time.min, zone) if one.since else None,
                labels=one.labels,
            )
            for one in settings.mailboxes
        ],
    )


def capture_policy(capture: CaptureSettings) -> CapturePolicy:
    return CapturePolicy(
        own_domains=capture.own_domains,
        form_senders=tuple(match_key(one) or one for one in capture.form_senders),
        max_recipients=capture.max_recipients,
    )


def local_viewer() -> Viewer:
    """The one account there is so far: whoever sits at this machine."""
    return Viewer(account_id=LOCAL_ACCOUNT, role=AccountRole.ADMIN)


def open_source(settings: Settings, mailbox: MailboxSettings, desk: Desk) -> MailSource:
    """Raises Reauth where consent is missing, UsageError where there is nothing to read from."""
    if mailbox.provider == "gmail":
        return _open_gmail(settings, mailbox, desk)
    if mailbox.path is None:
        raise UsageError(
            f'Mailbox "{mailbox.name}" names no file to read.',
            remedy=f"Run `inboxcrm import mbox PATH --mailbox {mailbox.name}`, or give it a path.",
        )
    from inboxcrm.mbox.source import MboxSource

    return MboxSource(mailbox.path, address=mailbox.address)


def _open_gmail(settings: Settings, mailbox: MailboxSettings, desk: Desk) -> GmailSource:
    # Google's client is slow to import, and most commands never need it.
    from inboxcrm.gmail.auth import load_credentials
    from inboxcrm.gmail.source import GmailSource
    from inboxcrm.store.buckets import StoredBucket
    from inboxcrm.worker.clock import machine_seconds, sleep

    assert mailbox.token_file is not None, "settings refuse a gmail mailbox without token_file"
    return GmailSource(
        load_credentials(mailbox.token_file, mailbox=mailbox.name),
        gmail=settings.gmail,
        bucket=StoredBucket(desk.database, mailbox.name),
        sleep=sleep,
        monotonic=machine_seconds,
        mailbox=mailbox.name,
    )


def live_answers(
    settings: Settings, mailbox: MailboxSettings, desk: Desk
) -> Iterator[tuple[str, bool | None, str]]:
    """What only the real Gmail can tell: (question, passed or None where it cannot be tried, answer)."""
    from inboxcrm.gmail.live import live_checks, run_checks

    with closing(_open_gmail(settings, mailbox, desk)) as source:
        for result in run_checks(live_checks(source)):
            yield result.check.name, result.finding.passed, result.finding.sentence


def make_web_app(settings: Settings, desk: Desk, *, entry_token: str | None) -> WSGIApplication:
    from inboxcrm.web import create_app

    return create_app(
        desk,
        viewer=local_viewer(),
        web=settings.web,
        entry_token=entry_token,
        templates_override=settings.web.templates,
    )


def sync_one(
    settings: Settings,
    desk: Desk,
    mailbox: MailboxSettings,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress], None] | None = None,
    audit: bool = False,
    accept_removals: bool = False,
) -> SyncReport:
    """Reads one mailbox until it is level with its provider. Raises ProviderError, BusyMailboxError, StorageError."""
    from inboxcrm.services.syncing import sync_mailbox
    from inboxcrm.worker.memory import collect_rarely
    from inboxcrm.worker.runner import this_runner

    collect_rarely()
    with closing(open_source(settings, mailbox, desk)) as source:
        return sync_mailbox(
            desk,
            source,
            mailbox.name,
            runner=this_runner(),
            on_progress=on_progress,
            should_stop=should_stop,
            audit=audit,
            accept_removals=accept_removals,
        )


def make_worker(
    settings: Settings,
    desk: Desk,
    *,
    stop: StopSign,
    tell: Callable[[str], None],
    poll_seconds: float = 60.0,
    on_report: Callable[[SyncReport], None] = lambda _: None,
) -> Worker:
    from inboxcrm.services.agenda import MailboxBook
    from inboxcrm.worker.agenda import MailboxAgenda
    from inboxcrm.worker.loop import Job, JobKind, Worker

    names = {one.name: one for one in settings.mailboxes if one.token_file or one.path}

    def run_job(job: Job) -> None:
        report = sync_one(
            settings,
            desk,
            names[job.mailbox],
            should_stop=stop.is_set,
            audit=job.kind is JobKind.AUDIT,
        )
        on_report(report)

    agenda = MailboxAgenda(MailboxBook(desk, frozenset(names)))
    return Worker(
        agenda=agenda,
        run_job=run_job,
        clock=desk.clock,
        stop=stop,
        tell=tell,
        poll_seconds=poll_seconds,
    )
