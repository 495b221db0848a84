"""Which provider stands behind a mailbox, a connection and a sign-in. Nothing else knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inboxcrm.config import MailboxSettings, Settings
from inboxcrm.errors import UsageError
from inboxcrm.ports import Identity, MailLogin, MailSender, MailSource
from inboxcrm.services.consents import list_connected, open_token, replace_token
from inboxcrm.store.desk import Desk

if TYPE_CHECKING:
    from inboxcrm.gmail.source import GmailSource
    from inboxcrm.gmail.traffic import Traffic


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
    return open_source(settings, settings_of(settings, desk, name), desk)


def settings_of(settings: Settings, desk: Desk, name: str) -> MailboxSettings:
    """Raises UsageError where nobody knows a mailbox of that name (any more)."""
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

    return GmailSource(_gmail_traffic(settings, mailbox, desk))


def open_sender(settings: Settings, mailbox: MailboxSettings, desk: Desk) -> MailSender:
    """Raises Reauth where consent is missing, UsageError where nothing can be sent from the mailbox."""
    if mailbox.provider != "gmail":
        raise UsageError(
            f'Nothing can be sent from mailbox "{mailbox.name}": it is read from a file.',
            remedy="Choose a Gmail mailbox.",
        )
    from inboxcrm.gmail.sender import GmailSender

    return GmailSender(_gmail_traffic(settings, mailbox, desk))


def _gmail_traffic(settings: Settings, mailbox: MailboxSettings, desk: Desk) -> Traffic:
    from inboxcrm.gmail.token_file import credentials_from_text, load_credentials
    from inboxcrm.gmail.traffic import Traffic
    from inboxcrm.store.buckets import StoredBucket
    from inboxcrm.worker.clock import machine_seconds, sleep

    if mailbox.token_file is None:  # connected in the browser: the settings refuse one without it
        credentials = credentials_from_text(
            open_token(desk, mailbox.name), keep=partial(replace_token, desk, mailbox.name)
        )
    else:
        credentials = load_credentials(mailbox.token_file, mailbox=mailbox.name)
    return Traffic(
        credentials,
        gmail=settings.gmail,
        bucket=StoredBucket(desk.database, mailbox.name),
        sleep=sleep,
        monotonic=machine_seconds,
        mailbox=mailbox.name if mailbox.token_file else "",
    )


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
