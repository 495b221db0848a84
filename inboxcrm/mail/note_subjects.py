"""Does a mail without a field of a machine tell by its subject that it is a note of absence?

People write such subjects as well: about the absence of somebody, or to a machine's note.
"""

from __future__ import annotations

from inboxcrm.mail import auto_replies
from inboxcrm.mail.broken_lines import made_whole
from inboxcrm.mail.mail_systems import greets_by_name
from inboxcrm.mail.message import Message
from inboxcrm.mail.reply import answers_its_reader, own_text


def is_note(message: Message) -> bool:
    if auto_replies.SUBJECT.match(message.subject):
        return not _is_peoples(message)
    return _is_of_a_firm(message)


def _is_peoples(message: Message) -> bool:
    """Under the subject of a note a person writes: who speaks of our note, or asks a question, or of something else."""
    text = made_whole(message.text[:3_000])
    if auto_replies.ANSWERS_ONE.search(text) or answers_its_reader(message):
        return True
    asks = auto_replies.QUESTION.search(own_text(message)) is not None
    if not auto_replies.PEOPLES_SUBJECT.match(message.subject):
        return asks and greets_by_name(message)
    if asks:
        return True
    # RFC 5230 4.2 and 5.8: a sieve's answer is "Auto: " and our subject, and names our mail in In-Reply-To.
    is_sieve = bool(message.in_reply_to) and message.subject.lstrip()[:5].lower() == "auto:"
    return not is_sieve and auto_replies.AWAY_WORDS.search(text) is None


def _is_of_a_firm(message: Message) -> bool:
    """That it is closed, to everybody."""
    if not auto_replies.CLOSED_SUBJECT.match(message.subject) or greets_by_name(message):
        return False
    text = own_text(message)
    return bool(auto_replies.AWAY_PERHAPS.search(text)) and not auto_replies.QUESTION.search(text)
