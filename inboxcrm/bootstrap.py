"""Joins the parts by plain constructor calls. Nothing else knows which provider stands behind a mailbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, time
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.config import (
    MailboxSettings,
    Settings,
    assign_rules,
    capture_policy,
    score_rules,
)
from inboxcrm.errors import SettingsError, UsageError
from inboxcrm.mail.addresses import match_key
from inboxcrm.ports import Clock, Identity, MailLogin, MailSender, MailSource
from inboxcrm.services.consents import list_connected, open_token, provider_of, replace_token
from inboxcrm.services.identities import SignInPolicy
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import count_by_stage
from inboxcrm.store.sealed import KEY_FILE_NAME, Seals
from inboxcrm.store.settings import opaque_key

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from inboxcrm.gmail.source import GmailSource
    from inboxcrm.services.leaving import SendReport
    from inboxcrm.services.own_tests import Post
    from inboxcrm.services.sync_run import Progress
    from inboxcrm.services.syncing import SyncReport
    from inboxcrm.web.room import DemoPerson
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
            scoring=score_rules(settings),
            assigning=assign_rules(settings),
            lead_fields=settings.lead_fields,
            seals=seals_of(settings, database),
            review_expires_after_days=settings.review.expire_after_days,
            unsubscribe_url=settings.cadence.unsubscribe_url,
        )
        _refuse_removed_stages(desk)
    except BaseException:
        database.close()
        raise
    return desk


def seals_of(settings: Settings, database: Database) -> Seals:
    """Beside a SQLite database a missing key file is made; a server's database has no folder of ours beside it."""
    named, beside = settings.security.key_file, database.path
    made = beside.parent / KEY_FILE_NAME if beside is not None else None
    return Seals(settings.security.key, named or made, may_make=named is None and made is not None)


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
                scopes=_granted(one),
            )
            for one in settings.mailboxes
        ],
    )


def _granted(mailbox: MailboxSettings) -> tuple[str, ...]:
    if mailbox.provider != "gmail" or mailbox.token_file is None:
        return ()
    from inboxcrm.gmail.rights import scopes_in

    return scopes_in(mailbox.token_file)


def local_viewer() -> Viewer:
    """Whoever sits at this machine and may run commands; the first admin takes this account over."""
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


def open_named(settings: Settings, desk: Desk, name: str) -> MailSource:
    """The mailbox of that name. Raises UsageError where nobody knows it (any more), else as `open_source`."""
    return open_source(settings, _named(settings, desk, name), desk)


def _named(settings: Settings, desk: Desk, name: str) -> MailboxSettings:
    every = (*settings.mailboxes, *connected_mailboxes(desk, with_paused=True))
    found = next((one for one in every if one.name == name), None)
    if found is None:
        raise UsageError(
            f'Mailbox "{name}" is not connected any more.',
            remedy="Connect it again to fetch what lies in it.",
        )
    return found


def _open_gmail(settings: Settings, mailbox: MailboxSettings, desk: Desk) -> GmailSource:
    # Google's client is slow to import, and most commands never need it.
    from inboxcrm.gmail.source import GmailSource

    return GmailSource(**_gmail_parts(settings, mailbox, desk))


def open_sender(settings: Settings, mailbox: MailboxSettings, desk: Desk) -> MailSender:
    """Raises Reauth where consent is missing, UsageError where nothing can be sent from the mailbox."""
    if mailbox.provider != "gmail":
        raise UsageError(
            f'Nothing can be sent from mailbox "{mailbox.name}": it is read from a file.',
            remedy="Choose a Gmail mailbox.",
        )
    from inboxcrm.gmail.sender import GmailSender

    return GmailSender(**_gmail_parts(settings, mailbox, desk))


def post_of(settings: Settings, desk: Desk) -> Post:
    """For tests that people send to themselves."""
    from inboxcrm.services.own_tests import Post
    from inboxcrm.worker.runner import this_runner

    return Post(lambda name: open_sender(settings, _named(settings, desk, name), desk), this_runner)


def _gmail_parts(settings: Settings, mailbox: MailboxSettings, desk: Desk) -> dict[str, Any]:
    from inboxcrm.gmail.token_file import credentials_from_text, load_credentials
    from inboxcrm.store.buckets import StoredBucket
    from inboxcrm.worker.clock import machine_seconds, sleep

    if mailbox.token_file is None:  # connected in the browser: the settings refuse one without it
        credentials = credentials_from_text(
            open_token(desk, mailbox.name), keep=partial(replace_token, desk, mailbox.name)
        )
    else:
        credentials = load_credentials(mailbox.token_file, mailbox=mailbox.name)
    return {
        "credentials": credentials,
        "gmail": settings.gmail,
        "bucket": StoredBucket(desk.database, mailbox.name),
        "sleep": sleep,
        "monotonic": machine_seconds,
        "mailbox": mailbox.name if mailbox.token_file else "",
    }


def connected_mailboxes(desk: Desk, *, with_paused: bool = False) -> tuple[MailboxSettings, ...]:
    """Those connected in the browser, as if the settings declared them."""
    return tuple(
        MailboxSettings.model_construct(name=name, provider=provider)
        for name, provider in list_connected(desk, with_paused=with_paused)
    )


def mail_login(settings: Settings) -> MailLogin | None:
    """Asks people for consent in the browser; None where the settings name no client to ask as."""
    if settings.gmail.client_file is None:
        return None
    return _Late(partial(_web_login, settings.gmail.client_file, settings.gmail.api_endpoint))


def identity(settings: Settings) -> Identity | None:
    """Signs people in elsewhere; None where the settings do not want that, or name no client to ask as."""
    if not settings.sign_in.google or settings.gmail.client_file is None:
        return None
    return _Late(partial(_google_identity, settings.gmail.client_file))


class _Late:
    """Google's libraries take half a second to import: they are, when somebody needs them."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._made: Callable[[], object] = cache(make)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made(), name)


def _google_identity(client_file: Path) -> Identity:
    from inboxcrm.gmail.identity import GoogleIdentity

    return GoogleIdentity(client_file)


def _web_login(client_file: Path, api_endpoint: str) -> MailLogin:
    from inboxcrm.gmail.web_login import WebLogin

    return WebLogin(client_file, api_endpoint=api_endpoint)


def live_answers(
    settings: Settings, mailbox: MailboxSettings, desk: Desk
) -> Iterator[tuple[str, bool | None, str]]:
    """What only the real Gmail can tell: (question, passed or None where it cannot be tried, answer)."""
    from inboxcrm.gmail.live import live_checks, run_checks

    with closing(_open_gmail(settings, mailbox, desk)) as source:
        for result in run_checks(live_checks(source)):
            yield result.check.name, result.finding.passed, result.finding.sentence


def first_link(desk: Desk) -> str | None:
    """The token of the link that makes the first admin; None once somebody can sign in."""
    from inboxcrm.services import invitations
    from inboxcrm.worker.clock import machine_now

    return invitations.first_link(desk, now=machine_now())


def make_web_app(
    settings: Settings,
    desk: Desk,
    *,
    entry_token: str | None = None,
    demo_people: tuple[DemoPerson, ...] = (),
) -> WSGIApplication:
    """`entry_token` lets one browser in without a password, as the demo wants it."""
    from inboxcrm.web import create_app
    from inboxcrm.worker.clock import machine_now

    return create_app(
        desk,
        web=settings.web,
        machine_now=machine_now,
        mail_login=mail_login(settings),
        identity=identity(settings),
        sign_in_policy=SignInPolicy(
            frozenset(settings.sign_in.allowed_domains),
            frozenset(match_key(one) for one in settings.sign_in.allowed_addresses),
        ),
        entry_token=entry_token,
        demo_people=demo_people,
        open_mailbox=lambda name: open_named(settings, desk, name),
        post=post_of(settings, desk),
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


def send_one(settings: Settings, desk: Desk, name: str) -> SendReport:
    """Reads the mailbox, so that no answer is overlooked, and sends what is due from it."""
    mailbox = _named(settings, desk, name)
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
