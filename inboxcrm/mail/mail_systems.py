"""Who stands as the sender of a report: a mail system, nobody, or the person who looks after it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from inboxcrm.mail.message import Message, Participant, Role
from inboxcrm.mail.subjects import bears_mark

_MAIL_SYSTEMS = ("mailer-daemon@", "postmaster@", "mail-daemon@", "mailerdaemon@",
    "microsoftexchange", "mail-delivery-system@", "maildelivery@", "double-bounce@",
)  # fmt: skip


_OPENING = re.compile(
    r"\s*(?:could not deliver message to the following recipient\(s\)"
    r"|your message has not been delivered to the following"
    r" recipient\(s\) so far|cc:mail \w+ undeliverable message)",
    re.IGNORECASE,
)
"""How those begin that write as if they were people (SmarterMail as "System Administrator", cc:Mail's gateway)."""

_GREETING = re.compile(
    r"\W*(?:hi|hello|hey|dear|good \w+|hallo|guten \w+|liebe[rs]?|bonjour|chère?|hola|estimad[oa]|buongiorno|ciao"
    r"|gentile|dag|beste|goede\w+|olá|car[oa]|bom dia|boa tarde)[ ,]+(?P<name>\w+)",
    re.IGNORECASE,
)


def is_mail_system(author: Participant | None) -> bool:
    return author is not None and author.key.startswith(_MAIL_SYSTEMS)


def opens_as_report(text: str) -> bool:
    return _OPENING.match(text) is not None


def is_from_nobody(fields: Mapping[str, str], author: Participant | None) -> bool:
    return_path = fields.get("return-path")
    return (return_path is not None and not return_path.strip("<> ")) or is_mail_system(author)


def is_postmaster_in_person(
    message: Message, fields: Mapping[str, str], author: Participant | None
) -> bool:
    """Whoever looks after a domain's mail answers us: machines write from an empty sender (RFC 5321 4.5.5)."""
    if answers_in_person(message, fields, author):
        return True
    return _is_postmaster(author) and bool(message.in_reply_to) and "return-path" not in fields


def answers_in_person(
    message: Message, fields: Mapping[str, str], author: Participant | None
) -> bool:
    """Told for certain, whatever the words: no machine gives the subject of a report a "Re:"."""
    sender = fields.get("return-path", "").strip("<> ").lower()
    if not _is_postmaster(author) or not bears_mark(message.subject):
        return False
    if "return-path" in fields:
        return sender.startswith("postmaster@")
    return bool(message.in_reply_to) or greets_by_name(message)


def greets_by_name(message: Message) -> bool:
    """As in "Hi Alice", to Alice."""
    found = _GREETING.match(message.text)
    to = message.in_role(Role.TO)
    called = {word for one in to for word in re.findall(r"\w+", f"{one.name} {one.key}".lower())}
    return found is not None and found["name"].lower() in called


def _is_postmaster(author: Participant | None) -> bool:
    return author is not None and author.key.startswith("postmaster@")
