"""Everything that follows from a mail alone, whoever's mailbox it lies in."""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.mail.classify import Verdict, classify
from inboxcrm.mail.conversations import conversation_refs
from inboxcrm.mail.identity import message_key
from inboxcrm.mail.message import Message
from inboxcrm.mail.reply import snippet
from inboxcrm.mail.terms import searchable


@dataclass(frozen=True, slots=True)
class Reading:
    """`key` is the message's identity across mailboxes, `refs` the message ids that join it to a conversation,
    `subject` and `text` what the full text takes of it.
    """

    verdict: Verdict
    key: str
    refs: tuple[str, ...]
    snippet: str
    subject: str
    text: str


def read_message(message: Message) -> Reading:
    return Reading(
        verdict=classify(message),
        key=message_key(message),
        refs=conversation_refs(message),
        snippet=snippet(message),
        subject=searchable(message.subject),
        text=searchable(message.text),
    )
