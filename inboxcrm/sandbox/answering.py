"""People who get a mail of a cadence in the demo, and what they do: most are silent, some answer, some are away.

Whoever it is always does the same: the share of each falls to people by their address.
"""

from __future__ import annotations

import threading
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from inboxcrm.sandbox.drafts import Delivered
from inboxcrm.sandbox.outgoing import header

_ANSWERS = (
    "Thank you, that comes at the right time. Could you call me on Thursday?",
    "Interesting. What would that cost for two halls?",
    "Not this year, but please keep me in mind.",
)
_AWAY_NOTE = "I am out of the office this week and back next Monday."
_SILENT, _AWAY = 6, 7
"""Of ten people these many are silent, the next one is away, the others answer."""


class Answering:
    """`note` is told of every delivery, from any thread; `next_answer` gives what has come of it, a mail a call."""

    def __init__(self, own_address: str) -> None:
        self._own = own_address
        self._lock = threading.Lock()
        self._waiting: list[Delivered] = []

    def note(self, mail: Delivered) -> None:
        with self._lock:
            self._waiting.append(mail)

    def next_answer(self, now: datetime) -> bytes | None:
        while True:
            with self._lock:
                if not self._waiting:
                    return None
                mail = self._waiting.pop(0)
            fate = sha256(mail.recipient.encode()).digest()[0] % 10
            if fate >= _SILENT:
                if fate < _AWAY:
                    return letter_back(mail, self._own, now, _AWAY_NOTE, is_automatic=True)
                words = _ANSWERS[sha256(mail.key.encode()).digest()[1] % len(_ANSWERS)]
                return letter_back(mail, self._own, now, words)


def letter_back(
    mail: Delivered, own: str, at: datetime, words: str, *, is_automatic: bool = False
) -> bytes:
    """What its recipient writes back to `own`, or their machine does for them."""
    subject = header(mail.raw, "Subject")
    answer = EmailMessage()
    answer["From"] = mail.recipient
    answer["To"] = own
    answer["Subject"] = f"Automatic reply: {subject}" if is_automatic else f"Re: {subject}"
    answer["Date"] = format_datetime(at)
    name = sha256(mail.key.encode()).hexdigest()[:20]
    answer["Message-ID"] = f"<{name}@{mail.recipient.rpartition('@')[2]}>"
    answer["In-Reply-To"] = answer["References"] = header(mail.raw, "Message-ID")
    if is_automatic:
        answer["Auto-Submitted"] = "auto-replied"
    answer.set_content(f"{words}\n")
    return answer.as_bytes()
