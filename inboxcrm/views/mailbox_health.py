"""The health page: where each mailbox stands, what is wrong with it, and what mends that.

Who may read a mailbox sees how it is; who may manage it (its owner, an admin) also sees the buttons. An admin sees the
health of a private mailbox, never its mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from inboxcrm.access.viewer import Viewer, may_manage_mailbox, may_read_mailbox
from inboxcrm.errors import NotFoundError
from inboxcrm.store import connected, health, mailboxes
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.health import HealthRow
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.senders import SenderLimits, limits_of_each

AT_A_TIME = 50


class Standing(StrEnum):
    """How a mailbox is, in the one word its mark shows."""

    WELL = "well"
    READING = "reading"
    WAITING = "waiting"
    PAUSED = "paused"
    TROUBLE = "trouble"
    ENDED = "ended"
    REMOVING = "removing"


@dataclass(frozen=True, slots=True)
class Fault:
    """`mend` names the button: reconnect, sync, resume, set_aside; `command` is for what only a shell mends."""

    text: str
    mend: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    name: str
    is_member: bool


@dataclass(frozen=True, slots=True)
class MailboxHealth:
    """`proved_at`: everything that was in the mailbox then is here. `gaps` say what is not, and why.

    `may_send` is what the consent allows; `may_ask_to_send`: this viewer may have it extended here. For a mailbox of
    the settings `sending_command` does it. `limits` hold whatever its cadences say.
    """

    id: str
    name: str
    address: str
    standing: Standing
    said: str
    is_declared: bool
    may_manage: bool
    owner: str
    is_own: bool
    visibility: str
    capture: str
    since: date | None
    may_send: bool
    may_ask_to_send: bool
    sending_command: str
    proved_at: datetime | None
    newest_at: datetime | None
    oldest_at: datetime | None
    total: int
    listed: int
    stored: int
    left: int
    set_aside: int
    units_left: int | None
    faults: tuple[Fault, ...]
    gaps: tuple[str, ...]
    members: tuple[Member, ...]
    limits: SenderLimits
    signature: str = ""
    signature_html: str = ""


@dataclass(frozen=True, slots=True)
class MailboxesView:
    mailboxes: tuple[MailboxHealth, ...]

    @property
    def is_busy(self) -> bool:
        busy = {Standing.READING, Standing.WAITING, Standing.REMOVING}
        return any(one.standing in busy for one in self.mailboxes)


def mailbox_health(desk: Desk, viewer: Viewer) -> MailboxesView:
    with desk.database.read() as tx:
        boxes = [box for box in mailboxes.all_mailboxes(tx) if box.auth != "removed"]
        shown = [
            box
            for box in boxes
            if may_read_mailbox(viewer, box.id) or may_manage_mailbox(viewer, box.owner_id)
        ]
        ids = [box.id for box in shown]
        rows = health.health_of(tx, ids)
        queues = health.queues_of(tx, ids)
        members = connected.members_of(tx, ids)
        people = connected.colleagues(tx)
        limits = limits_of_each(tx, ids)
    return MailboxesView(
        tuple(
            _health(
                desk,
                viewer,
                box,
                rows[box.id],
                queues,
                members.get(box.id, set()),
                people,
                limits[box.id],
            )
            for box in shown
        )
    )


@dataclass(frozen=True, slots=True)
class SetAsideView:
    id: str
    name: str
    may_manage: bool
    rows: tuple[tuple[str, str], ...]
    """(the provider's id, why it could not be read)."""
    next: str | None


def set_aside_mail(desk: Desk, viewer: Viewer, mailbox_id: str, *, after: str = "") -> SetAsideView:
    """Raises NotFoundError for who may neither read nor manage it."""
    number = desk.ids.open("mailbox", mailbox_id)
    start = desk.ids.open("set_aside", after) or 0
    with desk.database.read() as tx:
        box = mailboxes.mailbox_by_id(tx, number) if number is not None else None
        if box is None or not (
            may_read_mailbox(viewer, box.id) or may_manage_mailbox(viewer, box.owner_id)
        ):
            raise NotFoundError(
                "There is no such mailbox.", remedy="Look at the list of mailboxes."
            )
        rows = health.set_aside(tx, box.id, after=start, many=AT_A_TIME + 1)
    more = len(rows) > AT_A_TIME
    rows = rows[:AT_A_TIME]
    return SetAsideView(
        mailbox_id,
        box.name,
        may_manage_mailbox(viewer, box.owner_id),
        tuple((row.ref, row.reason) for row in rows),
        desk.ids.seal("set_aside", rows[-1].id) if more else None,
    )


def _health(
    desk: Desk,
    viewer: Viewer,
    box: MailboxRow,
    row: HealthRow,
    queues: dict[tuple[int, str], int],
    members: set[int],
    people: list[tuple[int, str]],
    limits: SenderLimits,
) -> MailboxHealth:
    left, aside = queues.get((box.id, "todo"), 0), queues.get((box.id, "poison"), 0)
    manages = may_manage_mailbox(viewer, box.owner_id)
    declared = box.made_in != "browser"
    since = from_ms(box.since_at)
    standing = _standing(box, row, left)
    first_day = since.astimezone(ZoneInfo(desk.working_hours.zone)).date() if since else None
    return MailboxHealth(
        id=desk.ids.seal("mailbox", box.id),
        name=box.name,
        address=box.address,
        standing=standing,
        said=_SAID[standing],
        is_declared=declared,
        may_manage=manages,
        owner=row.owner,
        is_own=box.owner_id == viewer.account_id,
        visibility=box.visibility,
        capture=box.capture,
        since=first_day,
        may_send=box.may_send,
        may_ask_to_send=manages and not declared and not box.may_send and box.auth == "ok",
        sending_command=(
            f"inboxcrm connect gmail --mailbox {box.name} --sending"
            if manages and declared and not box.may_send and box.scopes
            else ""
        ),
        proved_at=from_ms(box.synced_at),
        newest_at=from_ms(row.newest_at),
        oldest_at=from_ms(row.oldest_at),
        total=row.message_total,
        listed=row.stored + left + aside,
        stored=row.stored,
        left=left,
        set_aside=aside,
        units_left=None if row.units_left is None else max(int(row.units_left), 0),
        faults=tuple(_faults(box, aside, is_declared=declared)),
        gaps=tuple(_gaps(box, row, left, first_day)),
        members=tuple(
            Member(desk.ids.seal("account", which), name, which in members)
            for which, name in people
            if which != box.owner_id
        )
        if manages and not declared
        else (),
        limits=limits,
        signature=box.signature if manages else "",
        signature_html=box.signature_html if manages else "",
    )


_SAID = {
    Standing.WELL: "Well",
    Standing.READING: "Being read",
    Standing.WAITING: "To be read in a moment",
    Standing.PAUSED: "Paused",
    Standing.TROUBLE: "Needs somebody",
    Standing.ENDED: "Disconnected, its mail is kept",
    Standing.REMOVING: "Its mail is being removed",
}


def _standing(box: MailboxRow, row: HealthRow, left: int) -> Standing:
    if box.auth in {"ended", "removing"}:
        return Standing(box.auth)
    if box.auth == "reauth" or (box.trouble and not box.paused):
        return Standing.TROUBLE
    if box.paused:
        return Standing.PAUSED
    if row.state != "live" or left:
        return Standing.WAITING if row.state == "new" else Standing.READING
    return Standing.WELL


def _faults(box: MailboxRow, aside: int, *, is_declared: bool) -> list[Fault]:
    found: list[Fault] = []
    if box.trouble and box.is_read:
        needs_login = box.auth == "reauth"
        mend = "reconnect" if needs_login and not is_declared else "" if needs_login else "sync"
        command = ""
        if needs_login and is_declared:
            asked = " --sending" if box.may_send else ""
            command = f"inboxcrm connect gmail --mailbox {box.name}{asked}"
        found.append(Fault(box.trouble, mend, command))
    if box.paused:
        found.append(Fault("Nothing new is read while it is paused.", "resume"))
    if aside:
        mails = "One mail" if aside == 1 else f"{aside} mails"
        found.append(
            Fault(
                f"{mails} could not be read and {'was' if aside == 1 else 'were'} set aside.",
                "set_aside",
            )
        )
    return found


def _gaps(box: MailboxRow, row: HealthRow, left: int, first_day: date | None) -> list[str]:
    """What of the mailbox is not here, and why: what was asked for, and what is still to come."""
    found: list[str] = []
    if left:
        found.append(f"{left:,} mails known and not read yet.")
    if row.state == "reconcile" or (row.state == "listing" and row.generation > 1):
        found.append(
            "It is being compared with the mailbox as a whole; labels may be older until that is done."
        )
    if first_day is not None:
        found.append(f"Mail before {first_day.day} {first_day:%B %Y} is left out, as asked for.")
    if box.labels:
        found.append(f"Only mail labelled {', '.join(box.labels)} is read, as asked for.")
    if box.auth == "ended":
        found.append("Mail that came since it was disconnected.")
    return found
