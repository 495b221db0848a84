"""The view objects of the inbox: the list of threads and the open mail. Pages and commands render
these.

Ids and cursors are opaque text, times aware UTC datetimes. Texts are plain (never HTML) and
hostile: templates escape them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.views.shapes import Context, Owes, StageChip


@dataclass(frozen=True, slots=True)
class LeadChip:
    """A lead in a row of something else."""

    id: str
    name: str
    url: str
    stage: StageChip


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One thread. Either `lead` is there, or `note` says in words how capture sees the sender."""

    id: str
    url: str
    who: str
    subject: str
    snippet: str
    at: datetime
    message_count: int
    mailbox: str
    """The address of the mailbox it lies in."""
    lead: LeadChip | None = None
    note: str = ""
    owes: Owes | None = None
    attachment_count: int = 0
    is_outbound: bool = False
    """The newest mail is ours."""


@dataclass(frozen=True, slots=True)
class InboxView:
    """Newest first. `next` is the cursor of the older page, None on the last one."""

    rows: tuple[InboxRow, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class AttachmentView:
    id: str
    filename: str
    content_type: str
    size_bytes: int
    is_inline: bool = False
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class MessageView:
    """One mail of an open thread. `text` is what its author wrote, `quoted` the past below it.

    `defects` are short sentences about what was wrong in the mail; `note` says when no person wrote
    it ("automatic answer"). `is_own` marks mail of ours.
    """

    id: str
    who: str
    address: str
    to: str
    """In words: "to alice@ourfirm.example and 2 others"."""
    at: datetime
    text: str
    quoted: str = ""
    snippet: str = ""
    has_html: bool = False
    attachments: tuple[AttachmentView, ...] = ()
    defects: tuple[str, ...] = ()
    note: str = ""
    is_own: bool = False
    open_url: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadView:
    """An open thread, messages oldest first. `context` is what to ask the sidebar with.

    `open_url` leads to the provider's own page of the thread, None where it has none.
    `earlier_count` messages are older than the first shown.
    """

    id: str
    subject: str
    mailbox: str
    messages: tuple[MessageView, ...]
    context: Context
    open_url: str | None = None
    open_label: str = ""
    """What the link to the provider says: "Open in Gmail"."""
    earlier_count: int = 0


@dataclass(frozen=True, slots=True)
class MessageBody:
    """The HTML of one mail as it came, uncleaned, for the frame that cleans it; and what its images
    name.

    `inline` are (content id, attachment id) of parts the HTML may show by `cid:`.
    """

    id: str
    html: str
    text: str
    inline: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AttachmentPlace:
    """Where the bytes of an attachment can be fetched: the mailbox's name, the
    provider's ref of the message, the part.
    """

    mailbox_name: str
    ref: str
    part: str
    filename: str
    content_type: str
    size_bytes: int
