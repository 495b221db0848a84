"""An attachment is fetched from its mailbox when somebody asks for it; its bytes are kept nowhere.

1. the viewer may read a live copy of that very mail, or there is no such attachment
2. it is neither too large nor a program
3. the mailboxes that hold such a copy are asked one after the other, until one has it
Nothing is written, so there is nothing for a crash to leave behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import (
    Denied,
    ForbiddenError,
    Gone,
    InboxcrmError,
    NotFoundError,
    Offline,
    ProviderError,
    Reauth,
    Throttled,
    UsageError,
)
from inboxcrm.mail.file_names import safe_name
from inboxcrm.ports import MailSource
from inboxcrm.store.desk import Desk
from inboxcrm.store.open_mail import AttachmentPlaceRow, attachment_places

MailOpener = Callable[[str], MailSource]
"""Opens a mailbox by its name. Raises ProviderError, or UsageError where there is nothing to open."""

MAX_BYTES = 25_000_000
# What a double click would run. Mail services refuse to carry most of them.
PROGRAMS = re.compile(
    r"ade|adp|apk|appx?|bat|chm|cmd|com|cpl|deb|dll|dmg|exe|hta|ins|iso|jar|jse?|lib|lnk|mde|msc|msix?|msp|mst|nsh|pif"
    r"|psm?1|rpm|scr|sct|shb?|sys|vb|vbe|vbs|vhd|vxd|wsc|wsf|wsh"
)
_REMEDIES: tuple[tuple[type[ProviderError], str], ...] = (
    (Gone, "Ask whoever sent it to send it again."),
    (Reauth, "Connect the mailbox again, then try once more."),
    (Throttled, "The mail service asks us to slow down. Try again in a minute."),
    (Offline, "The mail service does not answer. Try again in a few minutes."),
    (Denied, "Ask whoever looks after your mail service to allow it."),
)


@dataclass(frozen=True, slots=True)
class FetchedAttachment:
    """`filename` is safe to save under; `content_type` is what the sender wrote, not to be trusted."""

    filename: str
    content_type: str
    content: bytes


def fetch_attachment(
    desk: Desk,
    viewer: Viewer,
    message_id: str,
    attachment_id: str,
    *,
    open_mailbox: MailOpener | None,
) -> FetchedAttachment:
    """Raises NotFoundError, ForbiddenError (too large, a program), and the ProviderError of the last mailbox asked."""
    places = _places(desk, viewer, message_id, attachment_id)
    # The name as it will be on the disk: an ending may hide behind characters that are dropped.
    name = safe_name(places[0].filename)
    refuse_unfit(name, places[0].size_bytes)
    content = _fetch(places, open_mailbox)
    # What the mail said of its size was the sender's word.
    refuse_unfit(name, len(content))
    return FetchedAttachment(name, places[0].content_type, content)


def _places(
    desk: Desk, viewer: Viewer, message_id: str, attachment_id: str
) -> list[AttachmentPlaceRow]:
    message = desk.ids.open("message", message_id)
    number = desk.ids.open("attachment", attachment_id)
    found: list[AttachmentPlaceRow] = []
    if message is not None and number is not None:
        with desk.database.read() as tx:
            found = attachment_places(tx, viewer, message, number)
    if not found:
        raise NotFoundError(
            "There is no such attachment.", remedy="Its mail may have been deleted."
        )
    return found


def refuse_unfit(filename: str, size_bytes: int) -> None:
    """Raises ForbiddenError for what is not handed out here."""
    instead = "Open the mail in its mailbox if you need the file."
    if size_bytes > MAX_BYTES:
        raise ForbiddenError(
            f"This attachment has {size_bytes // 1_000_000} MB; more than "
            f"{MAX_BYTES // 1_000_000} MB are not fetched here.",
            remedy=instead,
        )
    stem, _, ending = filename.lower().rpartition(".")
    if stem and PROGRAMS.fullmatch(ending):
        raise ForbiddenError(
            f'This attachment is a program (its name ends in ".{ending}") and could do harm.',
            remedy=f"{instead} Ask the sender first whether they meant to send it.",
        )


def _fetch(places: Sequence[AttachmentPlaceRow], open_mailbox: MailOpener | None) -> bytes:
    failure: InboxcrmError = UsageError(
        "Attachments cannot be fetched: these pages were started without their mailboxes.",
        remedy="Start inboxcrm with `inboxcrm serve`, with the mailboxes in config.toml.",
    )
    if open_mailbox is None:
        raise failure
    for place in places:
        try:
            with closing(open_mailbox(place.mailbox_name)) as source:
                return source.attachment(ref=place.ref, part=place.part)
        except (ProviderError, UsageError) as error:
            failure = error
    if not failure.remedy:
        failure.remedy = next((text for kind, text in _REMEDIES if isinstance(failure, kind)), "")
    raise failure
