"""Pages: of messages, of threads, of history, of labels."""

from __future__ import annotations

from typing import Any

from inboxcrm.sandbox.answers import refuse
from inboxcrm.sandbox.history import BadTokenError, EventKind, ExpiredHistoryError
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.messages import SYSTEM_LABELS, StoredMail
from inboxcrm.sandbox.queries import Query, parse_query
from inboxcrm.sandbox.rendering import message_fields

Fields = dict[str, list[str]]

_LARGEST_PAGE = 500
_HIDDEN = frozenset({"SPAM", "TRASH"})


def one(fields: Fields, name: str, default: str = "") -> str:
    return fields.get(name, [default])[-1]


def list_messages(mailbox: SandboxMailbox, fields: Fields) -> dict[str, Any]:
    size = page_size(fields)
    test = Selection(mailbox, fields)
    token = one(fields, "pageToken")
    chosen: list[StoredMail] = []
    for mail in mailbox.newest_first(before=position(token) if token else None):
        if test(mail):
            chosen.append(mail)
            if len(chosen) > size:
                break
    page = chosen[:size]
    answer: dict[str, Any] = {}
    if page:
        answer["messages"] = [{"id": mail.ref, "threadId": mail.thread_ref} for mail in page]
    if len(chosen) > size:
        answer["nextPageToken"] = f"{page[-1].order[0]}.{page[-1].order[1]}"
    # The service's own estimate is famously rough; nobody may build on it.
    answer["resultSizeEstimate"] = mailbox.message_total() if test.is_open else len(chosen)
    return answer


def list_threads(mailbox: SandboxMailbox, fields: Fields) -> dict[str, Any]:
    size = page_size(fields)
    test = Selection(mailbox, fields)
    token = one(fields, "pageToken")
    seen: dict[str, StoredMail] = {}
    for mail in mailbox.newest_first():
        if mail.thread_ref not in seen and test(mail):
            seen[mail.thread_ref] = mail
    threads = list(seen.values())
    if token:
        end = position(token)
        threads = [mail for mail in threads if mail.order < end]
    page = threads[:size]
    answer: dict[str, Any] = {}
    if page:
        answer["threads"] = [thread_head(mailbox, mail.thread_ref) for mail in page]
    if len(threads) > size:
        answer["nextPageToken"] = f"{page[-1].order[0]}.{page[-1].order[1]}"
    answer["resultSizeEstimate"] = len(seen)
    return answer


def thread_head(mailbox: SandboxMailbox, thread_ref: str) -> dict[str, Any]:
    members = mailbox.thread(thread_ref)
    return {
        "id": thread_ref,
        "snippet": message_fields(mailbox, members[-1])["snippet"],
        "historyId": str(max(mail.history_id for mail in members)),
    }


def list_history(mailbox: SandboxMailbox, fields: Fields) -> dict[str, Any]:
    start = one(fields, "startHistoryId")
    if not start.isdigit():
        raise refuse(400, "invalidArgument", "Missing or invalid startHistoryId")
    try:
        kinds = frozenset(EventKind(kind) for kind in fields.get("historyTypes", ())) or frozenset(
            EventKind
        )
        with mailbox.lock:
            page = mailbox.history.page(
                start=int(start),
                token=one(fields, "pageToken") or None,
                limit=page_size(fields),
                kinds=kinds,
                label=one(fields, "labelId") or None,
                now_ms=mailbox.now_ms(),
            )
    except ExpiredHistoryError as error:
        raise refuse(404, "notFound") from error
    except BadTokenError as error:
        raise refuse(400, "invalidArgument", "Invalid page token") from error
    except ValueError as error:
        raise refuse(400, "invalidArgument", "Invalid value for historyTypes") from error
    answer: dict[str, Any] = {}
    if page.records:
        answer["history"] = [record.as_json() for record in page.records]
    if page.next_token:
        answer["nextPageToken"] = page.next_token
    answer["historyId"] = str(page.head)
    return answer


def list_labels(mailbox: SandboxMailbox) -> dict[str, Any]:
    return {"labels": [label_head(mailbox, label) for label in mailbox.label_ids()]}


def label_head(mailbox: SandboxMailbox, label: str) -> dict[str, Any]:
    head: dict[str, Any] = {"id": label, "name": mailbox.user_labels.get(label, label)}
    if label in SYSTEM_LABELS:
        head["type"] = "system"
        if label.startswith("CATEGORY_"):
            head |= {"messageListVisibility": "hide", "labelListVisibility": "labelHide"}
    else:
        head |= {
            "type": "user",
            "messageListVisibility": "show",
            "labelListVisibility": "labelShow",
        }
    return head


def label_with_counts(mailbox: SandboxMailbox, label: str) -> dict[str, Any]:
    mails = [mail for mail in mailbox.newest_first() if label in mail.labels]
    unread = [mail for mail in mails if "UNREAD" in mail.labels]
    return label_head(mailbox, label) | {
        "messagesTotal": len(mails),
        "messagesUnread": len(unread),
        "threadsTotal": len({mail.thread_ref for mail in mails}),
        "threadsUnread": len({mail.thread_ref for mail in unread}),
    }


class Selection:
    """labelIds (all of them), q, and whether spam and trash count."""

    def __init__(self, mailbox: SandboxMailbox, fields: Fields) -> None:
        self._labels = frozenset(fields.get("labelIds", ()))
        unknown = self._labels.difference(mailbox.label_ids())
        if unknown:
            raise refuse(400, "invalidArgument", f"Invalid label: {min(unknown)}")
        text = one(fields, "q").strip()
        self._query: Query | None = parse_query(text, mailbox) if text else None
        self._shows_hidden = (
            one(fields, "includeSpamTrash").lower() == "true"
            or bool(self._labels & _HIDDEN)
            or (self._query is not None and self._query.covers_spam_and_trash)
        )
        self.is_open = self._query is None and not self._labels
        self._now_ms = mailbox.now_ms()

    def __call__(self, mail: StoredMail) -> bool:
        return (
            mail.listed_ms <= self._now_ms
            and self._labels <= mail.labels
            and (self._shows_hidden or not mail.labels & _HIDDEN)
            and (self._query is None or self._query.matches(mail))
        )


def page_size(fields: Fields) -> int:
    text = one(fields, "maxResults", "100")
    if not text.isdigit():
        raise refuse(400, "invalidArgument", "Invalid value for maxResults")
    return min(int(text), _LARGEST_PAGE) or 100


def position(token: str) -> tuple[int, int]:
    try:
        moment, number = token.split(".")
        return int(moment), int(number)
    except ValueError as error:
        raise refuse(400, "invalidArgument", "Invalid page token") from error
