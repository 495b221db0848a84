"""What is told of a mail that a stop or a rest is owed to: the words for whoever may read it, its day for all others.

The words of a stop hold a sentence of the mail. Who may not read the mail is told that there was one, and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.leads.wording import day_in_words


@dataclass(frozen=True, slots=True)
class Told:
    """`message_id` and `thread_id` are opaque and lead to the mail; None where it is not for this viewer, or where the
    words rest on no mail.
    """

    text: str
    message_id: str | None = None
    thread_id: str | None = None


def unread_words(at: datetime | None, *, now: datetime, zone: str) -> str:
    """In place of the words, for whoever may not read the mail. `at` None: it is not stored any more."""
    if at is None:
        return "A mail that is not here any more."
    return f"A mail of {day_in_words(at, now=now, zone=zone)}, in a mailbox you cannot read."
