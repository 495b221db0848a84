"""Looking for a mail of ours among sent mail: by the history since it was handed over, or by search where Gmail has
forgotten that history.

Sent is what bears the label SENT and not DRAFT. A sent mail is ours when it bears our key, or when it is the draft's
very message. It could be ours when it went to the same person and bears no key at all: the header may have been lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import getaddresses
from typing import Any

from inboxcrm.errors import CursorExpired, Gone, Poison
from inboxcrm.gmail.calls import Calls
from inboxcrm.gmail.client import GmailClient
from inboxcrm.gmail.faults import Call
from inboxcrm.gmail.history import FIELDS, changes_in
from inboxcrm.mail.addresses import match_key
from inboxcrm.ports import ChangeKind

KEY_HEADER = "X-Inboxcrm-Key"
PAGE = 500
MOST_FOUND = 50
"""A search that finds more says nothing; reading one costs 20 units."""
MARGIN_SECONDS = 600
MOST_KEPT = 2000
_RECIPIENTS = ("To", "Cc", "Bcc")
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class SentMail:
    """`is_read` is False where the mail was there and cannot be read: it could be anything."""

    ref: str
    thread_ref: str = ""
    keys: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    is_read: bool = True

    def bears(self, key: str) -> bool:
        return _folded(key) in self.keys

    def could_be_to(self, address: str) -> bool:
        """Whether it could be a mail of ours to that address that has lost its key."""
        if not self.is_read:
            return True
        wanted = match_key(address)
        return not self.keys and (not self.recipients or not wanted or wanted in self.recipients)


@dataclass(frozen=True, slots=True)
class SentSince:
    """`is_whole` is False where there was more than we could read."""

    mails: tuple[SentMail, ...]
    is_whole: bool = True


class SentMails:
    """What it has read it keeps: a sent mail's head never changes, and one hour's doubts read the same mails."""

    def __init__(self, client: GmailClient, calls: Calls) -> None:
        self._client = client
        self._calls = calls
        self._read: dict[str, SentMail] = {}

    def since(self, history: str, *, to: str, after: int | None) -> SentSince:
        """Everything sent since that point of history. Where it is forgotten: what a search finds of mail to that
        person, `after` epoch seconds if a time is known.
        """
        try:
            refs = list(self._changed_since(history))
        except CursorExpired:
            return self._searched(to, after)
        found = (self.read(ref) for ref in refs)
        return SentSince(tuple(mail for mail in found if mail is not None))

    def read(self, ref: str) -> SentMail | None:
        """None where it is no sent mail (yet)."""
        kept = self._read.get(ref)
        if kept is not None:
            return kept
        request = self._client.messages.get(
            userId="me",
            id=ref,
            format="metadata",
            metadataHeaders=[KEY_HEADER, *_RECIPIENTS],
            fields="id,threadId,labelIds,payload/headers",
        )
        try:
            answer = self._calls.call(request, call=Call.ITEM)
        except (Gone, Poison):
            return SentMail(ref, is_read=False)
        labels = set(answer.get("labelIds") or ())
        if "SENT" not in labels or "DRAFT" in labels:
            return None
        mail = _read_head(ref, answer)
        if len(self._read) >= MOST_KEPT:
            self._read.clear()
        self._read[ref] = mail
        return mail

    def _changed_since(self, history: str) -> Iterator[str]:
        """Each ref once. Asked without a label: whether Gmail filters by the labels then or now is not told."""
        if not history.isdecimal():
            raise CursorExpired("The stored point of history is none of Gmail's.")
        seen: set[str] = set()
        token = None
        while True:
            request = self._client.history.list(
                userId="me",
                startHistoryId=history,
                historyTypes=["messageAdded", "labelAdded"],
                maxResults=PAGE,
                pageToken=token,
                fields=FIELDS,
                prettyPrint=False,
            )
            page = self._calls.call(request, call=Call.HISTORY)
            for change in changes_in(page):
                labels = change.labels | (change.all_labels or frozenset())
                is_told = change.kind is ChangeKind.LABELS_ON or change.all_labels is not None
                if change.ref not in seen and ("SENT" in labels or not is_told):
                    seen.add(change.ref)
                    yield change.ref
            token = page.get("nextPageToken")
            if not token:
                return

    def _searched(self, to: str, after: int | None) -> SentSince:
        words = ["in:sent"]
        if _PLAIN_ADDRESS.fullmatch(to):  # nothing a search could read as its own language
            words.append(f"to:{to}")
        if after is not None:
            words.append(f"after:{after - MARGIN_SECONDS}")
        request = self._client.messages.list(
            userId="me",
            q=" ".join(words),
            includeSpamTrash=True,
            maxResults=MOST_FOUND,
            fields="messages(id),nextPageToken",
        )
        page = self._calls.call(request)
        found = (self.read(str(item["id"])) for item in page.get("messages") or ())
        return SentSince(
            tuple(mail for mail in found if mail is not None),
            is_whole=not page.get("nextPageToken"),
        )


def _read_head(ref: str, answer: dict[str, Any]) -> SentMail:
    headers = (answer.get("payload") or {}).get("headers") or []
    named = {name.lower() for name in _RECIPIENTS}
    texts = [
        str(one.get("value", "")) for one in headers if str(one.get("name", "")).lower() in named
    ]
    addresses = (match_key(address) for _, address in getaddresses(texts))
    return SentMail(
        ref,
        str(answer.get("threadId") or ""),
        keys=key_in(headers),
        recipients=frozenset(filter(None, addresses)),
    )


def key_in(headers: list[dict[str, Any]]) -> frozenset[str]:
    """The keys a mail's headers bear, folded for comparing."""
    return frozenset(
        _folded(str(one.get("value", "")))
        for one in headers
        if str(one.get("name", "")).lower() == KEY_HEADER.lower()
    )


def keys_folded(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(_folded, keys)))


def _folded(key: str) -> str:
    return "".join(key.split()).casefold()
