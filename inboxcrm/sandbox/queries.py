"""The search language of `q`: the part of it that a sync or a person uses.

    words and "phrases" · from: to: cc: bcc: subject: deliveredto: rfc822msgid: · label: in: is:
    has:attachment after: before: (2026/01/31 or epoch seconds) newer_than: older_than: (3d, 2m,
    1y) · larger: smaller:
    -not · OR · ( ) and { } (any of)

An unknown operator is looked for as a word, as the service does. Days are UTC days.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.messages import StoredMail
from inboxcrm.sandbox.rendering import has_attachment_part, text_to_search

Test = Callable[[StoredMail], bool]

_TOKEN = re.compile(r'\s*(?:([(){}])|(-)|((?:[\w-]+:)?"[^"]*"|[^\s(){}"]+))')
_FOLDERS = {
    "inbox": "INBOX", "sent": "SENT", "spam": "SPAM", "trash": "TRASH", "draft": "DRAFT",
    "drafts": "DRAFT",
    "chats": "CHAT", "chat": "CHAT", "starred": "STARRED", "important": "IMPORTANT",
    "unread": "UNREAD",
}  # fmt: skip
_CATEGORIES = {
    "primary": "CATEGORY_PERSONAL", "social": "CATEGORY_SOCIAL",
    "promotions": "CATEGORY_PROMOTIONS",
    "updates": "CATEGORY_UPDATES", "forums": "CATEGORY_FORUMS",
}  # fmt: skip
_SPANS = {"d": 1, "m": 30, "y": 365, "h": 0}
_SIZES = {"": 1, "k": 1024, "m": 1024 * 1024}


@dataclass(frozen=True, slots=True)
class Query:
    matches: Test
    covers_spam_and_trash: bool
    """The words themselves ask for spam, trash or everything."""


def parse_query(text: str, mailbox: SandboxMailbox) -> Query:
    reader = _Reader(text, mailbox)
    return Query(reader.any_of(), reader.covers_spam_and_trash)


def _everything(_mail: StoredMail) -> bool:
    return True


class _Reader:
    """Recursive descent: any_of -> all_of (OR all_of)*, all_of -> term*, term -> -term | ( ) | { }
    | operator.
    """

    def __init__(self, text: str, mailbox: SandboxMailbox) -> None:
        self._mailbox = mailbox
        self._tokens = [next(filter(None, found.groups())) for found in _TOKEN.finditer(text)]
        self._at = 0
        self.covers_spam_and_trash = False

    def any_of(self, closing: str = "") -> Test:
        choices: list[Test] = []
        while True:
            choices.append(self._all_of(closing))
            if self._peek() != "OR":
                break
            self._at += 1
        if len(choices) == 1:
            return choices[0]
        return lambda mail: any(choice(mail) for choice in choices)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _all_of(self, closing: str) -> Test:
        terms = list(self._terms(closing, stops_at_or=True))
        if not terms:
            return _everything
        return lambda mail: all(term(mail) for term in terms)

    def _terms(self, closing: str, *, stops_at_or: bool) -> list[Test]:
        terms = []
        while (token := self._peek()) and token != closing:
            if token == "OR":  # noqa: S105 - a word of the search language
                if stops_at_or:
                    break
                self._at += 1
                continue
            terms.append(self._term())
        return terms

    def _term(self) -> Test:
        token = self._peek()
        self._at += 1
        if token == "-":  # noqa: S105 - a sign of the search language
            if not self._peek():
                return _everything
            inner = self._term()
            return lambda mail: not inner(mail)
        if token == "(":  # noqa: S105 - a sign of the search language
            group = self.any_of(")")
            self._at += 1
            return group
        if token == "{":  # noqa: S105 - a sign of the search language
            choices = self._terms("}", stops_at_or=False)
            self._at += 1
            return lambda mail: any(choice(mail) for choice in choices)
        if token in {")", "}"}:
            return _everything
        return self._operator(token)

    def _operator(self, token: str) -> Test:
        name, colon, value = token.partition(":")
        name, value = name.lower(), value.strip('"')
        maker = _OPERATORS.get(name) if colon else None
        if maker is None:
            return _words(token.strip('"'))
        if name in {"in", "label", "l"} and value.lower() in {"spam", "trash", "anywhere"}:
            self.covers_spam_and_trash = True
        return maker(value, self._mailbox)


def _words(text: str) -> Test:
    wanted = " ".join(text.casefold().split())

    def test(mail: StoredMail) -> bool:
        return (
            wanted in mail.envelope.subject.casefold()
            or any(wanted in value for value in mail.envelope.people.values())
            or wanted in text_to_search(mail)
        )

    return test


def _person(field: str) -> Callable[[str, SandboxMailbox], Test]:
    def make(value: str, mailbox: SandboxMailbox) -> Test:
        wanted = mailbox.address.lower() if value.lower() == "me" else value.lower()
        return lambda mail: wanted in mail.envelope.people.get(field, "")

    return make


def _subject(value: str, _mailbox: SandboxMailbox) -> Test:
    return lambda mail: value.casefold() in mail.envelope.subject.casefold()


def _message_id(value: str, _mailbox: SandboxMailbox) -> Test:
    wanted = value.strip("<>")
    return lambda mail: mail.envelope.message_id == wanted


def _label(value: str, mailbox: SandboxMailbox) -> Test:
    lowered = value.lower()
    if lowered == "anywhere":
        return _everything
    label = _FOLDERS.get(lowered) or (value.upper() if value.upper() in mailbox.label_ids() else "")
    if not label:
        # Spaces and slashes of a label's name are written as dashes.
        label = next(
            (
                known
                for known, name in mailbox.user_labels.items()
                if re.sub(r"[\s/]", "-", name.lower()) == re.sub(r"[\s/]", "-", lowered)
            ),
            "",
        )
    return lambda mail: label in mail.labels


def _state(value: str, mailbox: SandboxMailbox) -> Test:
    if value.lower() == "read":
        return lambda mail: "UNREAD" not in mail.labels
    return _label(value, mailbox)


def _category(value: str, _mailbox: SandboxMailbox) -> Test:
    label = _CATEGORIES.get(value.lower(), "")
    return lambda mail: label in mail.labels


def _has(value: str, _mailbox: SandboxMailbox) -> Test:
    return has_attachment_part if value.lower() == "attachment" else lambda _mail: False


def _moment(value: str) -> datetime | None:
    if value.isdigit():
        return datetime.fromtimestamp(int(value), UTC)
    pieces = re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})", value)
    try:
        return datetime(*(int(piece) for piece in pieces.groups()), tzinfo=UTC) if pieces else None  # type: ignore[arg-type,misc]
    except ValueError:
        return None


def _after(value: str, _mailbox: SandboxMailbox) -> Test:
    moment = _moment(value)
    if moment is None:
        return _everything
    bound = moment.timestamp() * 1000
    return lambda mail: mail.received_ms >= bound


def _before(value: str, mailbox: SandboxMailbox) -> Test:
    if _moment(value) is None:
        return _everything
    later = _after(value, mailbox)
    return lambda mail: not later(mail)


def _newer_than(value: str, mailbox: SandboxMailbox) -> Test:
    found = re.fullmatch(r"(\d+)([hdmy])", value.lower())
    if found is None:
        return _everything
    count = int(found.group(1))
    span = (
        timedelta(hours=count)
        if found.group(2) == "h"
        else timedelta(days=count * _SPANS[found.group(2)])
    )
    bound = (mailbox.now() - span).timestamp() * 1000
    return lambda mail: mail.received_ms >= bound


def _older_than(value: str, mailbox: SandboxMailbox) -> Test:
    newer = _newer_than(value, mailbox)
    return newer if newer is _everything else lambda mail: not newer(mail)


def _larger(value: str, _mailbox: SandboxMailbox) -> Test:
    found = re.fullmatch(r"(\d+)([km]?)b?", value.lower())
    bound = int(found.group(1)) * _SIZES[found.group(2)] if found else 0
    return lambda mail: len(mail.raw) > bound


def _smaller(value: str, mailbox: SandboxMailbox) -> Test:
    larger = _larger(value, mailbox)
    return lambda mail: not larger(mail)


_OPERATORS: dict[str, Callable[[str, SandboxMailbox], Test]] = {
    **{field: _person(field) for field in ("from", "to", "cc", "bcc", "deliveredto")},
    "subject": _subject, "rfc822msgid": _message_id, "label": _label, "l": _label, "in": _label,
    "is": _state,
    "category": _category, "has": _has, "after": _after, "newer": _after, "before": _before,
    "older": _before,
    "newer_than": _newer_than, "older_than": _older_than, "larger": _larger, "size": _larger,
    "smaller": _smaller,
}  # fmt: skip
