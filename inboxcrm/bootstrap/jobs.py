"""Joins reading, sending and the worker that does both by turns."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from inboxcrm.bootstrap.providers import open_sender, open_source, settings_of
from inboxcrm.config import MailboxSettings, Settings
from inboxcrm.services.consents import provider_of
from inboxcrm.store.desk import Desk

if TYPE_CHECKING:
    from inboxcrm.services.leaving import SendReport
    from inboxcrm.services.own_tests import Post
    from inboxcrm.services.sync_run import Progress
    from inboxcrm.services.syncing import SyncReport
    from inboxcrm.worker.loop import StopSign, Worker


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


def send_one(settings: Settings, desk: Desk, name: str) -> SendReport:
    """Reads the mailbox, so that no answer is overlooked, and sends what is due from it."""
    mailbox = settings_of(settings, desk, name)
    sync_one(settings, desk, mailbox)
    return _send_due(settings, desk, mailbox, should_stop=lambda: False)


def _send_due(
    settings: Settings,
    desk: Desk,
    mailbox: MailboxSettings,
    *,
    should_stop: Callable[[], bool],
) -> SendReport:
    from inboxcrm.services.sending import send_due
    from inboxcrm.worker.runner import this_runner

    with closing(open_sender(settings, mailbox, desk)) as sender:
        return send_due(desk, sender, mailbox.name, runner=this_runner(), should_stop=should_stop)


def post_of(settings: Settings, desk: Desk) -> Post:
    """For tests that people send to themselves."""
    from inboxcrm.services.own_tests import Post
    from inboxcrm.worker.runner import this_runner

    return Post(
        lambda name: open_sender(settings, settings_of(settings, desk, name), desk), this_runner
    )


def make_worker(
    settings: Settings,
    desk: Desk,
    *,
    stop: StopSign,
    tell: Callable[[str], None],
    poll_seconds: float = 60.0,
    on_report: Callable[[SyncReport], None] = lambda _: None,
    only: frozenset[str] | None = None,
) -> Worker:
    """Reads what the settings declare and what is connected in the browser, also while it runs; or `only` these."""
    from inboxcrm.services.agenda import MailboxBook
    from inboxcrm.services.removing import remove_mail
    from inboxcrm.services.sending import has_mail_due
    from inboxcrm.worker.agenda import MailboxAgenda, Turn
    from inboxcrm.worker.clock import machine_seconds
    from inboxcrm.worker.loop import Job, JobKind, Worker

    names = {one.name: one for one in settings.mailboxes if one.token_file or one.path}
    book = MailboxBook(desk, frozenset(names), only)

    def run_job(job: Job) -> bool:
        turn = Turn(book, job.mailbox, stop, machine_seconds)
        if job.kind is JobKind.REMOVE:
            return remove_mail(desk, job.mailbox, should_stop=turn.is_over)
        mailbox = names.get(job.mailbox) or MailboxSettings.model_construct(
            name=job.mailbox, provider=provider_of(desk, job.mailbox)
        )
        report = sync_one(
            settings,
            desk,
            mailbox,
            should_stop=turn.is_over,
            audit=job.kind is JobKind.AUDIT,
        )
        if turn.gave_way:
            return False
        on_report(report)
        # Right behind the reading: every answer that is there has been seen.
        if has_mail_due(desk, mailbox.name):
            _send_due(settings, desk, mailbox, should_stop=turn.is_over)
        return True

    agenda = MailboxAgenda(book)
    return Worker(
        agenda=agenda,
        run_job=run_job,
        clock=desk.clock,
        stop=stop,
        tell=tell,
        poll_seconds=poll_seconds,
    )
