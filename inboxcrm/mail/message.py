"""The one form in which every mail is known to the rest of the program, wherever it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

PARSER_VERSION = 1
"""Raised when parsing gets better: quarantined mail is then tried again."""

MAX_PARTICIPANTS = 500
"""Stored per message; further ones are only counted (`Message.participant_count`)."""


class Role(StrEnum):
    """How an address stands on a message. DELIVERED_TO and BCC are facts of one mailbox's copy."""

    FROM = "from"
    SENDER = "sender"
    REPLY_TO = "reply_to"
    TO = "to"
    CC = "cc"
    BCC = "bcc"
    DELIVERED_TO = "delivered_to"


class DateSource(StrEnum):
    """Where `Message.date` was taken from; the Date header wins when it is plausible."""

    HEADER = "header"
    RECEIVED = "received"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Participant:
    """One address in one role. `key` is the match key of `mail.addresses.match_key`, never empty."""

    role: Role
    key: str
    shown: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text of the mail. `part` is its path in the MIME tree ("1.2"), as Gmail counts."""

    part: str
    filename: str
    content_type: str
    size_bytes: int
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A mail, read. Strings hold no NUL, no lone surrogate and no CR; line ends are LF.

    `headers` keeps, in order and decoded, the few header fields that classification and evidence rest on
    (`mail.headers.KEPT`), names in lower case. `references` are message ids without brackets, oldest first.
    `date` is aware UTC or None. `defects` are short plain sentences fit for a page.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    date_source: DateSource = DateSource.NONE
    subject: str = ""
    participants: tuple[Participant, ...] = ()
    participant_count: int = 0
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    calendar_method: str = ""
    report_type: str = ""
    report_text: str = ""
    size_bytes: int = 0
    defects: tuple[str, ...] = field(default=())

    def header(self, name: str) -> str:
        """The first kept header field of that lower-case name, or ""."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""

    def in_role(self, *roles: Role) -> tuple[Participant, ...]:
        return tuple(person for person in self.participants if person.role in roles)

    @property
    def author(self) -> Participant | None:
        """Who wrote it: the first From address, or the Sender where From is missing."""
        sender = None
        for person in self.participants:
            if person.role is Role.FROM:
                return person
            if sender is None and person.role is Role.SENDER:
                sender = person
        return sender
