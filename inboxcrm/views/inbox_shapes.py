"""The view objects of the inbox: the list of threads and the open mail. Pages and commands render
these.

Ids and cursors are opaque text, times aware UTC datetimes. Texts are plain (never HTML) and
hostile: templates escape them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.views.answer_marks import MarkView
from inboxcrm.views.shapes import Context, Owes, StageChip
from inboxcrm.views.verdicts import VerdictView


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
class InboxTab:
    """One way to narrow the list. `count` in words ("4", "99+"); empty where it is not counted, or nothing is there."""

    key: str
    label: str
    count: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class InboxView:
    """Newest first. `next` is the cursor of the older page, None on the last one.

    `show` is the key of the tab that is open. `is_cut`: the look ended before the page was full; there may be more
    behind `next`, though only far back.
    """

    rows: tuple[InboxRow, ...]
    next: str | None = None
    show: str = "all"
    tabs: tuple[InboxTab, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class AttachmentView:
    id: str
    filename: str
    content_type: str
    size_bytes: int
    is_inline: bool = False
    content_id: str = ""

    @property
    def is_picture(self) -> bool:
        """Part of the text rather than a file sent along."""
        return self.is_inline and self.content_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class MessageView:
    """One mail of an open thread. `text` is what its author wrote, `quoted` the past below it.

    `defects` are short sentences about what was wrong in the mail; `note` says when no person wrote
    it ("automatic mail"). `is_own` marks mail of ours.
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
    verdict: VerdictView | None = None
    """What it was taken for; None for mail of ours."""
    mark: MarkView | None = None
    """Of an answer to a cadence."""


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
