"""A Gmail mailbox as a MailSource: which calls answer the port's questions.

Short waits (the bucket, a pause Gmail asks for, a fault of its own) are sat out below, in calls.py
and fetcher.py, a few times; longer ones go to the caller as Throttled or Offline.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from inboxcrm.errors import CursorExpired, Denied, Gone, Reauth
from inboxcrm.gmail import history
from inboxcrm.gmail.faults import Call
from inboxcrm.gmail.fetcher import Fetcher
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.ports import (
    Anchor,
    Capabilities,
    ChangePage,
    Listed,
    ListPage,
    Outcome,
    Spending,
    Wanted,
)

PAGE = 500
REFUSED_TOKENS_BEFORE_GIVING_UP = 3


class GmailSource:
    """`traffic` is there for `live.py`, which asks Gmail things no sync asks."""

    def __init__(self, traffic: Traffic) -> None:
        self.traffic = traffic
        self._client, self._calls = traffic.client, traffic.calls
        self._fetcher = Fetcher(traffic)
        self._refused_tokens = 0

    @property
    def capabilities(self) -> Capabilities:
        """The batch size follows Gmail's complaints, so it may be read anew before each fetch."""
        return Capabilities(
            has_labels=True,
            has_changes=True,
            thread_pays_from=self._fetcher.thread_pays_from,
            batch_size=self._fetcher.batch_size,
        )

    def spending(self) -> Spending:
        return self.traffic.spending()

    def close(self) -> None:
        self.traffic.close()

    # --- where the mailbox stands ---------------------------------------------

    def anchor(self) -> Anchor:
        profile = self._calls.call(self._client.users.getProfile(userId="me"))
        labels = self._calls.call(self._client.labels.list(userId="me", fields="labels(id,name)"))
        address = str(profile["emailAddress"])
        return Anchor(
            address=address,
            aliases=self._aliases(address),
            cursor=str(profile["historyId"]),
            message_total=profile.get("messagesTotal"),
            labels=tuple(
                (label["id"], label.get("name", label["id"]))
                for label in labels.get("labels") or ()
            ),
        )

    def _aliases(self, address: str) -> tuple[str, ...]:
        """The other addresses mail is sent as. One not verified yet may be anybody's. Not allowed
        to ask is no error.
        """
        fields = "sendAs(sendAsEmail,verificationStatus)"
        try:
            answer = self._calls.call(self._client.send_as.list(userId="me", fields=fields))
        except (Denied, Reauth):
            return ()
        known = [
            str(entry.get("sendAsEmail", ""))
            for entry in answer.get("sendAs") or ()
            if entry.get("verificationStatus") != "pending"
        ]
        return tuple(alias for alias in known if alias and alias.lower() != address.lower())

    def list_page(
        self, *, label: str | None, token: str | None, since: datetime | None = None
    ) -> ListPage:
        page = self._page(
            lambda token: self._client.messages.list(
                userId="me",
                maxResults=PAGE,
                includeSpamTrash=True,
                labelIds=[label] if label else None,
                q=f"after:{int(since.timestamp())}" if since else None,
                pageToken=token,
                fields="messages(id,threadId),nextPageToken,resultSizeEstimate",
                prettyPrint=False,
            ),
            token,
            Call.PLAIN,
        )
        items = tuple(
            Listed(found["id"], found.get("threadId", "")) for found in page.get("messages") or ()
        )
        return ListPage(items, page.get("nextPageToken") or None, page.get("resultSizeEstimate"))

    def changes(self, *, cursor: str, token: str | None) -> ChangePage:
        if not cursor.isdecimal():
            raise CursorExpired("The stored point of history is none of Gmail's.")
        page = self._page(
            lambda token: self._client.history.list(
                userId="me",
                startHistoryId=cursor,
                historyTypes=history.TYPES,
                maxResults=PAGE,
                pageToken=token,
                fields=history.FIELDS,
                prettyPrint=False,
            ),
            token,
            Call.HISTORY,
        )
        return ChangePage(
            tuple(history.changes_in(page)),
            page.get("nextPageToken") or None,
            str(page.get("historyId") or cursor),
        )

    def _page(
        self, request: Callable[[str | None], Any], token: str | None, call: Call
    ) -> dict[str, Any]:
        """A page token that Gmail refuses means: from the first page on again. Seeing a page twice
        changes nothing.
        """
        try:
            page = self._calls.call(request(token), call=call)
        except Denied:
            if not token:
                raise
            self._refused_tokens += 1
            if self._refused_tokens > REFUSED_TOKENS_BEFORE_GIVING_UP:
                raise
            return self._calls.call(request(None), call=call)
        if token:
            self._refused_tokens = 0
        return page

    # --- messages ---------------------------------------------------------------

    def fetch(self, wanted: Sequence[Wanted]) -> list[Outcome]:
        return self._fetcher.fetch(wanted)

    def attachment(self, *, ref: str, part: str) -> bytes:
        """Two calls: the id under which Gmail hands out an attachment holds only for a while."""
        message = self._calls.call(
            self._client.messages.get(userId="me", id=ref, format="full", fields="payload"),
            call=Call.ITEM,
        )
        body = _body_of_part(message.get("payload") or {}, part)
        if body is None:
            raise Gone("The mail has no such attachment any more.")
        if body.get("attachmentId"):
            body = self._calls.call(
                self._client.attachments.get(userId="me", messageId=ref, id=body["attachmentId"]),
                call=Call.ITEM,
            )
        data = str(body.get("data") or "")
        try:
            return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
        except (binascii.Error, ValueError) as error:
            raise Gone("Gmail's copy of this attachment cannot be read.") from error


def _body_of_part(payload: dict[str, Any], part: str) -> dict[str, Any] | None:
    if str(payload.get("partId", "")) == part:
        body = payload.get("body")
        return body if isinstance(body, dict) else None
    for child in payload.get("parts") or ():
        found = _body_of_part(child, part)
        if found is not None:
            return found
    return None
