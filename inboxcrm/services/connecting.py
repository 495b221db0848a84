"""What the owner of a mailbox connected in the browser may do with it: pause, read now, change, disconnect.

Only its owner and an admin may (access/viewer.py); what the settings file declares is shown and never changed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import FieldsError, ProviderError, RefusedError
from inboxcrm.leads.capture import Mode
from inboxcrm.ports import MailLogin
from inboxcrm.services.consents import managed, open_token, refuse_declared
from inboxcrm.services.settling import refresh_leads, settle
from inboxcrm.store import connected, mailboxes, queue, removing
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.evidence import addresses_met_in
from inboxcrm.store.lead_scores import note_every_score_due
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.sessions import note_audit
from inboxcrm.store.upserts import chunks, one_at_a_time

EARLIEST_YEAR = 1970
VISIBILITIES = ("private", "subjects", "shared")


def set_paused(desk: Desk, viewer: Viewer, mailbox_id: str, *, paused: bool, now: datetime) -> str:
    """Returns the mailbox's name. A run under way ends after the piece it is in. `now` is machine time."""
    with desk.database.write() as tx:
        box = _ours(tx, desk, viewer, mailbox_id)
        _refuse_disconnected(box)
        mailboxes.update_mailbox(tx, box.id, paused=paused, wake_at=None)
        if paused != box.paused:
            note_audit(
                tx,
                at=to_ms(now),
                account_id=viewer.account_id,
                kind="mailbox_paused" if paused else "mailbox_resumed",
                about=box.address or box.name,
            )
    return box.name


def sync_now(desk: Desk, viewer: Viewer, mailbox_id: str) -> str:
    """Due at once, whatever pause a fault has put before it. Also for mailboxes of the settings file."""
    with desk.database.write() as tx:
        box = managed(tx, desk, viewer, mailbox_id)
        _refuse_disconnected(box)
        if box.paused:
            raise RefusedError(f"{box.name} is paused.", remedy="Resume it; it is read at once.")
        mailboxes.update_mailbox(tx, box.id, wake_at=None)
    return box.name


def retry_set_aside(desk: Desk, viewer: Viewer, mailbox_id: str) -> str:
    """Mail that could not be read is tried once more."""
    with desk.database.write() as tx:
        box = managed(tx, desk, viewer, mailbox_id)
        _refuse_disconnected(box)
        queue.retry_quarantined(tx, box.id, below_version=1 << 30)
        mailboxes.update_mailbox(tx, box.id, wake_at=None)
    return box.name


@dataclass(frozen=True, slots=True)
class MailboxChanges:
    """`members` are opaque account ids; `since` None reads the mailbox from its beginning."""

    capture: str
    visibility: str
    since: str = ""
    members: tuple[str, ...] = ()


def change_mailbox(
    desk: Desk, viewer: Viewer, mailbox_id: str, changes: MailboxChanges, *, now: datetime
) -> str:
    """Raises FieldsError. Another mode decides anew about everybody met in this mailbox; an earlier first day reads on
    from there, a later one keeps what is stored. `now` is machine time.
    """
    since = _checked(desk, changes)
    with desk.database.write() as tx:
        one_at_a_time(tx)
        box = _ours(tx, desk, viewer, mailbox_id)
        _refuse_disconnected(box)
        known = dict(connected.colleagues(tx))
        numbers = {desk.ids.open("account", one) for one in changes.members}
        if not numbers <= set(known) - {box.owner_id}:
            raise FieldsError({"members": "Choose people who have an open account."})
        members = {one for one in numbers if one is not None}
        before = connected.members_of(tx, [box.id]).get(box.id, set())
        connected.set_members(tx, box.id, members)
        said = _who_reads_now(box, changes.visibility, before, members, known)
        if said:
            note_audit(
                tx,
                at=to_ms(now),
                account_id=viewer.account_id,
                kind="mailbox_shared",
                about="; ".join([box.address or box.name, *said]),
            )
        reaches_back = box.since_at is not None and (since is None or since < box.since_at)
        mailboxes.update_mailbox(
            tx,
            box.id,
            capture=changes.capture,
            visibility=changes.visibility,
            since_at=since,
            # As if it had not been compared for a week: the next run lists it anew.
            **({"audited_at": 0, "wake_at": None} if reaches_back else {}),
        )
        if changes.visibility != box.visibility:
            # Words count in scores only where everybody may read them.
            note_every_score_due(tx)
        if changes.capture != box.capture:
            _decide_anew(tx, desk, box.id)
    return box.name


def disconnect_mailbox(
    desk: Desk,
    viewer: Viewer,
    mailbox_id: str,
    *,
    remove_mail: bool,
    login: MailLogin | None,
    now: datetime,
) -> tuple[str, bool]:
    """(name, whether the provider took the consent back).

    1. The provider is told, as far as it can be reached.
    2. In one transaction the token goes, and a worker that reads the mailbox loses it. With the mail kept, this is all.
    3. Else the mailbox says "removing", and the worker takes the mail out (services/removing.py).

    A crash after 1 leaves a mailbox that asks to be reconnected; it can be disconnected again.
    """
    with desk.database.read() as tx:
        box = _ours(tx, desk, viewer, mailbox_id)
    if box.auth in {"removing", "removed"} or (box.auth == "ended" and not remove_mail):
        return box.name, True
    is_told = _give_back(desk, box, login)
    with desk.database.write() as tx:
        one_at_a_time(tx)
        box = _ours(tx, desk, viewer, mailbox_id)
        connected.keep_token(tx, box.id, token="", scopes=())
        mailboxes.update_mailbox(
            tx,
            box.id,
            auth="removing" if remove_mail else "ended",
            trouble="",
            paused=False,
            wake_at=None,
        )
        removing.take_from_workers(tx, box.id)
        note_audit(
            tx,
            at=to_ms(now),
            account_id=viewer.account_id,
            kind="mailbox_removed" if remove_mail else "mailbox_disconnected",
            about=box.address or box.name,
        )
    return box.name, is_told


def first_day(desk: Desk, box: MailboxRow) -> date | None:
    since = from_ms(box.since_at)
    return since.astimezone(_zone(desk)).date() if since else None


def _give_back(desk: Desk, box: MailboxRow, login: MailLogin | None) -> bool:
    if login is None or not box.is_read:
        return box.auth == "ended"
    try:
        return login.end(open_token(desk, box.name))
    except ProviderError:
        return False


_READ_BY = {
    "private": "only its owner and members",
    "subjects": "colleagues see its subjects",
    "shared": "the whole team",
}


def _who_reads_now(
    box: MailboxRow, visibility: str, before: set[int], after: set[int], names: dict[int, str]
) -> list[str]:
    """What of it is another than before. Whose account was closed meanwhile has no name here."""
    said = [] if visibility == box.visibility else [_READ_BY[visibility]]
    for words, some in (("new member", after - before), ("no longer a member", before - after)):
        shown = sorted(names.get(one, "somebody whose account is closed") for one in some)
        if shown:
            said.append(f"{words} {', '.join(shown)}")
    return said


def _ours(tx: Tx, desk: Desk, viewer: Viewer, mailbox_id: str) -> MailboxRow:
    box = managed(tx, desk, viewer, mailbox_id)
    refuse_declared(box)
    return box


def _refuse_disconnected(box: MailboxRow) -> None:
    if not box.is_read:
        raise RefusedError(
            f"{box.name} is disconnected.", remedy="Connect it again, then change it."
        )


def _checked(desk: Desk, changes: MailboxChanges) -> int | None:
    problems: dict[str, str] = {}
    if changes.capture not in set(Mode):
        problems["capture"] = "Choose one of the ways to make leads."
    if changes.visibility not in VISIBILITIES:
        problems["visibility"] = "Choose who sees the mail."
    since: int | None = None
    try:
        if changes.since.strip():
            day = date.fromisoformat(changes.since.strip())
            since = to_ms(datetime.combine(day, time.min, _zone(desk)))
            if day.year < EARLIEST_YEAR:
                problems["since"] = "Mail of that time there is none; leave it empty to read all."
    except (ValueError, OverflowError):
        problems["since"] = "Write the day as in 2026-01-31, or leave it empty."
    if problems:
        raise FieldsError(problems)
    return since


def _zone(desk: Desk) -> ZoneInfo:
    return ZoneInfo(desk.working_hours.zone)


def _decide_anew(tx: Tx, desk: Desk, mailbox_id: int) -> None:
    met: Collection[int] = addresses_met_in(tx, mailbox_id)
    for some in chunks(sorted(met)):
        refresh_leads(tx, settle(tx, desk, some).lead_ids)
