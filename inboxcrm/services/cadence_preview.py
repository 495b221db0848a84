"""What people would get if a cadence were started now: the very mails, by the function that sends them.

A mail that is claimed already is shown as it was frozen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.freezing import FrozenMail
from inboxcrm.cadence.keys import message_id, outbox_key
from inboxcrm.cadence.templates import Missing
from inboxcrm.leads.segment_left_out import REASONS
from inboxcrm.mail.mime import parse
from inboxcrm.services.cadences import cadence_named
from inboxcrm.services.lead_changes import no_such_lead
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.rendering import freeze, sender_of, version_of
from inboxcrm.services.segment_shapes import Member
from inboxcrm.services.segments import members, segment_meant
from inboxcrm.store import mailboxes, outbox
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.segment_sql import Condition

_AT_ONCE = 200
_MOST_LEFT_OUT = 5_000
"""So many who would get nothing are looked at before it is given up to find more who would get something."""


@dataclass(frozen=True, slots=True)
class MailPreview:
    """`problem`: why this person would get nothing, or what keeps its words from the viewer. `is_frozen`: these are the
    bytes that go, and its words stand in them alone.
    """

    lead_id: str
    address: str
    subject: str = ""
    text: str = ""
    html: str = ""
    mime: bytes = field(default=b"", repr=False)
    problem: str = ""
    is_frozen: bool = False

    def words(self) -> tuple[str, str]:
        """Text and HTML, wherever they stand."""
        return written(self.mime) if self.is_frozen else (self.text, self.html)


def written(mime: bytes) -> tuple[str, str]:
    """Text and HTML of a mail's bytes."""
    if not mime:
        return "", ""
    read = parse(mime)
    return read.text, read.html


def previews(
    desk: Desk, viewer: Viewer, name: str, *, lead_id: str = "", most: int = 3
) -> list[MailPreview]:
    """Of one lead, or of the first few of the segment who would get one; then those who would not, where none would.

    Raises NotFoundError.
    """
    view = cadence_named(desk, viewer, name)
    first, secret = view.steps[0], outbox_secret(desk)
    with desk.database.read() as tx:
        box = mailboxes.mailbox_by_id(tx, view.row.mailbox_id)
        assert box is not None, "a cadence's mailbox stays"
        sender = sender_of(tx, box, from_address=view.row.from_address)

        assert first.template_version_id is not None, "a mail step has a template"
        version = version_of(tx, first.template_version_id)

        def made(number: int, address: str) -> MailPreview:
            key = outbox_key(secret, cadence_id=view.row.id, lead_id=number, step_key=first.key)
            sealed = desk.ids.seal("lead", number)
            held = _frozen(tx, key, sealed)
            if held is not None:
                return held
            mail = freeze(
                tx,
                desk,
                version=version,
                lead_id=number,
                address=address,
                sender=sender,
                key=key,
                date=desk.clock.now(),
                message_id=message_id(key, sender.address),
                is_shown=True,
            )
            return preview_of(mail, sealed, address)

        wanted = None if not lead_id else desk.ids.open("lead", lead_id)
        if lead_id and wanted is None:
            raise no_such_lead()
        segment = segment_meant(tx, desk, viewer, view.row.segment)
        found: list[MailPreview] = []
        refused: list[MailPreview] = []
        for one in _those_of(desk, tx, segment, viewer, view.row.id, wanted=wanted):
            if one.reasons_left_out:
                sealed = desk.ids.seal("lead", one.lead_id)
                why = f"Left out: {REASONS[one.reasons_left_out[0]]}."
                refused.append(MailPreview(sealed, one.address, problem=why))
            else:
                found.append(made(one.lead_id, one.address))
            if len(found) == most or len(refused) == _MOST_LEFT_OUT:
                break
    if wanted and not found and not refused:
        return [MailPreview(lead_id, "", problem="This lead is not in the cadence's segment.")]
    return found or refused[:most]


def preview_of(made: FrozenMail | Missing, lead_id: str, address: str) -> MailPreview:
    """Of what `freeze` made for that lead, by its public id."""
    if isinstance(made, Missing):
        return MailPreview(lead_id, address, problem=made.text)
    return MailPreview(lead_id, address, made.subject, made.text, made.html, made.mime)


def preview_of_frozen(tx: Tx, mail: OutboxRow, lead_id: str) -> MailPreview:
    """Of a mail that is claimed: its words stand in its bytes alone."""
    mime = outbox.bytes_of(tx, mail.id)
    return MailPreview(lead_id, mail.to_address, mail.subject, mime=mime, is_frozen=True)


def _those_of(
    desk: Desk, tx: Tx, segment: Condition, viewer: Viewer, cadence_id: int, *, wanted: int | None
) -> Iterator[Member]:
    """The segment's members by lead, those who are left out included; of `wanted`, that lead alone."""
    after, limit = (wanted or 1) - 1, 1 if wanted else _AT_ONCE
    while True:
        page = members(
            desk, tx, segment, after=after, limit=limit, viewer=viewer, cadence_id=cadence_id
        )
        for one in page:
            if wanted and one.lead_id != wanted:
                return
            yield one
        if wanted or len(page) < limit:
            return
        after = page[-1].lead_id


def _frozen(tx: Tx, key: str, lead_id: str) -> MailPreview | None:
    mail = outbox.mail_by_key(tx, key)
    if mail is None or mail.claimed_at is None:
        return None
    return preview_of_frozen(tx, mail, lead_id)
