"""Opens what every command and page works on: the database, and what the settings say of it."""

from __future__ import annotations

from datetime import datetime, time
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
from inboxcrm.errors import SettingsError
from inboxcrm.ports import Clock
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import count_by_stage
from inboxcrm.store.sealed import KEY_FILE_NAME, Seals
from inboxcrm.store.settings import opaque_key

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
