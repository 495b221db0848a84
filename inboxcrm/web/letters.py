"""A mail that is not sent yet, as pages show it: on its cadence and on its plan."""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.mail.message import Attachment
from inboxcrm.mail.mime import parse
from inboxcrm.services.cadence_preview import MailPreview
from inboxcrm.views.places import lead_url

_WITH_FILES = b"\r\nContent-Type: multipart/mixed"
_HEAD = 20_000


@dataclass(frozen=True, slots=True)
class Letter:
    """`problem`: what stands there instead of its words. `html_url` leads to its HTML in a frame of its own, empty
    where it has none.
    """

    lead_url: str
    address: str
    subject: str = ""
    text: str = ""
    html_url: str = ""
    problem: str = ""
    is_frozen: bool = False
    files: tuple[Attachment, ...] = ()


def letter_of(mail: MailPreview, *, may_read: bool, html_url: str = "") -> Letter:
    """`may_read`: a frozen mail is for whoever reads its mailbox. `html_url`: where its HTML would be shown."""
    where = lead_url(mail.lead_id)
    problem = mail.problem
    if mail.is_frozen and not may_read:
        problem = "It lies in a mailbox you cannot read."
    if problem:
        return Letter(where, mail.address, problem=problem, is_frozen=mail.is_frozen)
    text, html = mail.words()
    return Letter(
        where,
        mail.address,
        mail.subject,
        text,
        html_url if html else "",
        is_frozen=mail.is_frozen,
        files=files_with(mail.mime),
    )


def files_with(mime: bytes) -> tuple[Attachment, ...]:
    """What goes with a mail, read from its bytes."""
    return parse(mime).attachments if _WITH_FILES in mime[:_HEAD] else ()
