"""A Gmail mailbox as a MailSender: the draft is the token that makes a mail go out once.

1. prepare: the history id is read first (1 unit), then the draft is made (10). A crash in between leaves nothing, one
   after it a draft that nobody but the owner sees, and `sweep` finds.
2. hand_over: drafts.send (100), written to the line once. A crash or a lost answer leaves a draft or a sent mail.
3. settle: tells the two apart, as often as one asks.

After Refused the *same* draft is handed over again, never a new one: should an answer have spoken of a second request
that somebody between here and Gmail made of our one, the first has consumed the draft, and Gmail says so.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inboxcrm.errors import Denied, Gone, Offline, ProviderError, Reauth
from inboxcrm.gmail.client import RawAnswer, Unanswered
from inboxcrm.gmail.faults import Call
from inboxcrm.gmail.sending_faults import handed_from, refused_by
from inboxcrm.gmail.sent import SentMails, key_in, keys_folded
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.ports import (
    Accepted,
    Ambiguous,
    Handed,
    Look,
    NotSeen,
    Prepared,
    Refused,
    RefusedFor,
    SeenSent,
    Spending,
    StillWaiting,
)

PAGE = 500
_SEND = "gmail.users.drafts.send"
MOST_SWEPT = 200
"""Drafts read in one sweep, newest first: an orphan is minutes old, and reading one costs 20 units."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A draft as it is now. `made_at` in epoch seconds, by Gmail's clock."""

    message_ref: str
    made_at: int | None


class GmailSender:
    """`traffic` is there for whoever asks Gmail things no sending asks."""

    def __init__(self, traffic: Traffic) -> None:
        self.traffic = traffic
        self._prices, self._purse = traffic.prices, traffic.purse
        self._client, self._calls = traffic.client, traffic.calls
        self._sent = SentMails(self._client, self._calls)
        self._was_refused_sign_in = False
        self._is_paid_for = False

    def addresses(self) -> tuple[str, ...]:
        """Two calls, a unit each. Only what Gmail calls accepted: what waits for its proof may be anybody's."""
        own = str(self._calls.call(self._client.users.getProfile(userId="me"))["emailAddress"])
        fields = "sendAs(sendAsEmail,verificationStatus)"
        try:
            answer = self._calls.call(self._client.send_as.list(userId="me", fields=fields))
        except (Denied, Reauth):
            return (own,)
        verified = [
            str(entry.get("sendAsEmail") or "")
            for entry in answer.get("sendAs") or ()
            if entry.get("verificationStatus") == "accepted"
        ]
        return (own, *(one for one in verified if one and one.lower() != own.lower()))

    def prepare(self, mime: bytes, *, thread_ref: str = "") -> Prepared:
        """Raises Poison where Gmail does not take this mail, Gone where the thread is no more, Reauth without the right
        to send; else what passes. Where no answer comes it is not tried again here: each try could leave a draft.
        """
        # Paid for here: between the caller's last word on a mail and its hand-over there must be no waiting.
        if not self._is_paid_for:
            self._purse.pay(self._prices.of(_SEND))
            self._is_paid_for = True
        profile = self._calls.call(self._client.users.getProfile(userId="me"))
        message = {"raw": base64.urlsafe_b64encode(mime).decode("ascii")}
        if thread_ref:
            message["threadId"] = thread_ref
        request = self._client.drafts.create(
            userId="me", body={"message": message}, fields="id,message/id"
        )
        draft = self._calls.call(request, call=Call.DRAFT, tries=1)
        draft_ref, message_ref = draft.get("id"), (draft.get("message") or {}).get("id")
        if not draft_ref or not message_ref:
            raise Offline(
                "Gmail's answer does not name the draft it made.",
                remedy="It is tried again; the draft is swept away.",
            )
        return Prepared(str(draft_ref), str(message_ref), str(profile["historyId"]))

    def hand_over(self, prepared: Prepared) -> Handed:
        request = self._client.drafts.send(
            userId="me", body={"id": prepared.draft_ref}, fields="id,threadId"
        )
        try:
            if not self._is_paid_for:
                self._purse.pay(self._prices.of(_SEND), patience_seconds=0.0)
            self._is_paid_for = False
            answer = self._client.execute_once(request)
        except Unanswered as fault:
            return Ambiguous(fault.message)
        except ProviderError as fault:  # before anything was sent
            return refused_by(fault)
        except Exception as error:  # noqa: BLE001 - what we did not think of may have sent it
            return Ambiguous(f"The hand-over broke off ({type(error).__name__}).")
        handed = self._refused_sign_in(answer) or handed_from(
            answer.status, answer.content, answer.headers, mailbox=self.traffic.mailbox
        )
        if isinstance(handed, Accepted):
            self._was_refused_sign_in = False
        return handed

    def _refused_sign_in(self, answer: RawAnswer) -> Refused | None:
        """A 401 says that nothing was done, but not whether the whole consent is gone or just this access token. A new
        one is had here, for the next hand-over; a second 401 in a row is the end.
        """
        if answer.status != 401 or self._was_refused_sign_in:
            return None
        self._was_refused_sign_in = True
        try:
            self._client.refresh()
        except ProviderError as fault:
            return refused_by(fault)
        return Refused(RefusedFor.LATER, "The sign-in had run out and was renewed.", 0.0)

    def settle(self, prepared: Prepared, *, key: str, to: str) -> Look:
        """20 units for the draft, 2 a page of history, 20 for each mail sent since that was not read before."""
        # The draft first: were it the other way round, a mail that goes out between the two would be in neither.
        draft = self._draft(prepared)
        since = self._sent.since(
            prepared.history, to=to, after=draft.made_at if draft is not None else None
        )
        for mail in since.mails:
            if mail.is_read and (mail.bears(key) or mail.ref == prepared.message_ref):
                return SeenSent(mail.ref, mail.thread_ref)
        if draft is None:
            # The draft's message may have become the sent one, before the history tells.
            mine = self._sent.read(prepared.message_ref)
            if mine is not None and mine.is_read:
                return SeenSent(mine.ref, mine.thread_ref)
            return NotSeen("The draft is gone, and no sent mail bears our key.")
        if any(mail.could_be_to(to) for mail in since.mails):
            return NotSeen(
                "The draft is there, but a mail without our key went to the same person since."
            )
        if not since.is_whole:
            return NotSeen(
                "The draft is there, but Gmail has forgotten the history and finds too many "
                "sent mails."
            )
        return StillWaiting(draft.message_ref == prepared.message_ref)

    def _draft(self, prepared: Prepared) -> _Draft | None:
        request = self._client.drafts.get(
            userId="me",
            id=prepared.draft_ref,
            format="minimal",
            fields="message(id,labelIds,internalDate)",
        )
        try:
            message = self._calls.call(request, call=Call.DRAFT).get("message") or {}
        except Gone:
            return None
        if "SENT" in (message.get("labelIds") or ()):  # a draft no longer, whatever it is listed as
            return None
        made_ms = str(message.get("internalDate") or "")
        is_ours = message.get("id") == prepared.message_ref
        # Of a draft that was edited the date says nothing about when it was handed over.
        made_at = int(made_ms) // 1000 if made_ms.isdecimal() and is_ours else None
        return _Draft(str(message.get("id") or ""), made_at)

    def discard(self, prepared: Prepared) -> bool:
        """A draft that somebody has edited is theirs and stays: False."""
        draft = self._draft(prepared)
        if draft is None or draft.message_ref != prepared.message_ref:
            return False
        return self._delete(prepared.draft_ref)

    def _delete(self, draft_ref: str) -> bool:
        try:
            self._calls.call(self._client.drafts.delete(userId="me", id=draft_ref), call=Call.DRAFT)
        except Gone:
            return False
        return True

    def sweep(self, keys: Sequence[str]) -> int:
        """5 units a page of drafts, 20 each draft. Search cannot look for a header of ours, so they are read."""
        wanted = keys_folded(keys)
        if not wanted:
            return 0
        swept = 0
        for draft_ref in self._newest_drafts():
            request = self._client.drafts.get(
                userId="me",
                id=draft_ref,
                format="metadata",
                fields="message(labelIds,payload/headers)",
            )
            try:
                message = self._calls.call(request, call=Call.DRAFT).get("message") or {}
            except Gone:
                continue
            headers = (message.get("payload") or {}).get("headers") or []
            is_draft = "DRAFT" in (message.get("labelIds") or ())
            if is_draft and not wanted.isdisjoint(key_in(headers)):
                swept += self._delete(draft_ref)
        return swept

    def _newest_drafts(self) -> list[str]:
        request: Any = self._client.drafts.list(
            userId="me", maxResults=min(PAGE, MOST_SWEPT), fields="drafts(id)"
        )
        page = self._calls.call(request)
        return [str(draft["id"]) for draft in page.get("drafts") or ()]

    def spending(self) -> Spending:
        return self.traffic.spending()

    def close(self) -> None:
        self.traffic.close()
