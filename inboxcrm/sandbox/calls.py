"""The methods we answer: path, price name, needed consent, shape of the answer, and what it
does.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Any

from inboxcrm.sandbox import listing
from inboxcrm.sandbox.answers import Request, refuse
from inboxcrm.sandbox.call import Call, Method, Methods, form_of, masked, rendered, short_message
from inboxcrm.sandbox.draft_calls import DRAFT_METHODS
from inboxcrm.sandbox.listing import Fields
from inboxcrm.sandbox.mailbox import SandboxMailbox, UnknownLabelError
from inboxcrm.sandbox.messages import StoredMail
from inboxcrm.sandbox.payload import attachment_bytes
from inboxcrm.sandbox.rendering import encode
from inboxcrm.sandbox.shapes import apply_mask, below
from inboxcrm.sandbox.tokens import CHANGING, FULL, READING

PREFIX = "/gmail/v1/users/"
MOST_IDS = 1000


def find_method(request: Request) -> tuple[Method, str, tuple[str, ...]] | None:
    """The method, the user id and the variable pieces of the path."""
    if not request.path.startswith(PREFIX):
        return None
    user, _, rest = request.path[len(PREFIX) :].partition("/")
    pieces = rest.split("/")
    for pattern, places in _PATTERNS.get(len(pieces), ()):
        key = "/".join("*" if at in places else piece for at, piece in enumerate(pieces))
        if key == pattern or (not places and rest == pattern):
            method = METHODS.get((request.method, pattern))
            if method is not None:
                return method, user, tuple(pieces[at] for at in places)
    return None


def _get_profile(call: Call) -> bytes:
    box = call.mailbox
    with box.lock:
        profile = {
            "emailAddress": box.address,
            "messagesTotal": box.message_total(),
            "threadsTotal": box.thread_total(),
            "historyId": str(box.history_head()),
        }
    return masked(profile, call)


def _list_send_as(call: Call) -> bytes:
    box = call.mailbox
    main = {
        "sendAsEmail": box.address, "displayName": box.name, "replyToAddress": "", "signature": "",
        "isPrimary": True, "isDefault": True,
    }  # fmt: skip
    others = [
        {
            "sendAsEmail": alias, "displayName": box.name, "replyToAddress": "", "signature": "",
            "isDefault": False, "treatAsAlias": True, "verificationStatus": status,
        }
        for aliases, status in ((box.aliases, "accepted"), (box.pending_aliases, "pending"))
        for alias in aliases
    ]  # fmt: skip
    return masked({"sendAs": [main, *others]}, call)


def _get_label(call: Call) -> bytes:
    if call.ids[0] not in call.mailbox.label_ids():
        raise refuse(404, "notFound", "Not Found")
    return masked(listing.label_with_counts(call.mailbox, call.ids[0]), call)


def _get_message(call: Call) -> bytes:
    return rendered(call, _message(call), form_of(call), call.mask)


def _get_attachment(call: Call) -> bytes:
    mail = _message(call)
    data = attachment_bytes(mail.raw, mail.ref, call.ids[1])
    if data is None:
        raise refuse(404, "notFound")
    return masked({"size": len(data), "data": urlsafe_b64encode(data).decode()}, call)


def _modify_message(call: Call) -> bytes:
    _move_labels(call, [_message(call)])
    return _short_message(call, _message(call))


def _trash_message(call: Call) -> bytes:
    call.mailbox.trash(_message(call).ref)
    return _short_message(call, _message(call))


def _untrash_message(call: Call) -> bytes:
    call.mailbox.untrash(_message(call).ref)
    return _short_message(call, _message(call))


def _delete_message(call: Call) -> bytes:
    if not call.mailbox.delete(call.ids[0]):
        raise refuse(404, "notFound")
    return b""


def _modify_many(call: Call) -> bytes:
    ids = call.json().get("ids", [])
    if not isinstance(ids, list) or not ids or len(ids) > MOST_IDS:
        raise refuse(400, "invalidArgument", f"ids must hold 1 to {MOST_IDS} message ids")
    # Unknown ids are passed over without a word.
    _move_labels(call, [mail for mail in map(call.mailbox.get, ids) if mail is not None])
    return b""


def _get_thread(call: Call) -> bytes:
    form = form_of(call)
    if form == "raw":
        raise refuse(400, "invalidArgument", "Invalid value for format: raw")
    box, mask = call.mailbox, call.mask
    with box.lock:
        members = _thread(call)
        head = {"id": call.ids[0], "historyId": str(max(mail.history_id for mail in members))}
        inner = below(mask, "messages")
        if inner is None:
            return encode(apply_mask(head, mask))
        parts = b",".join(rendered(call, mail, form, inner) for mail in members)
    shown = encode(apply_mask(head, mask))[:-1]
    comma = b"," if len(shown) > 1 else b""
    return shown + comma + b'"messages":[' + parts + b"]}"


def _modify_thread(call: Call) -> bytes:
    _move_labels(call, _thread(call))
    return _short_thread(call)


def _trash_thread(call: Call) -> bytes:
    for mail in _thread(call):
        call.mailbox.trash(mail.ref)
    return _short_thread(call)


def _untrash_thread(call: Call) -> bytes:
    for mail in _thread(call):
        call.mailbox.untrash(mail.ref)
    return _short_thread(call)


def _listing(make: Callable[[SandboxMailbox, Fields], dict[str, Any]]) -> Callable[[Call], bytes]:
    return lambda call: masked(make(call.mailbox, call.fields), call)


# --- pieces -------------------------------------------------------------------


def _message(call: Call) -> StoredMail:
    mail = call.mailbox.get(call.ids[0])
    if mail is None:
        raise refuse(404, "notFound")
    return mail


def _thread(call: Call) -> list[StoredMail]:
    members = call.mailbox.thread(call.ids[0])
    if not members:
        raise refuse(404, "notFound")
    return members


def _short_message(call: Call, mail: StoredMail) -> bytes:
    return masked(short_message(mail), call)


def _short_thread(call: Call) -> bytes:
    messages = [short_message(mail) for mail in _thread(call)]
    return masked({"id": call.ids[0], "messages": messages}, call)


def _move_labels(call: Call, mails: Iterable[StoredMail]) -> None:
    content = call.json()
    try:
        for mail in mails:
            call.mailbox.modify(
                mail.ref,
                add=content.get("addLabelIds", ()),
                remove=content.get("removeLabelIds", ()),
            )
    except UnknownLabelError as error:
        raise refuse(400, "invalidArgument", f"Invalid label: {error}") from error


METHODS: Methods = {
    ("GET", "profile"): Method("users.getProfile", "Profile", READING, _get_profile),
    ("GET", "messages"): Method(
        "messages.list", "ListMessagesResponse", READING, _listing(listing.list_messages)
    ),
    ("GET", "messages/*"): Method("messages.get", "Message", READING, _get_message),
    ("DELETE", "messages/*"): Method("messages.delete", "", frozenset({FULL}), _delete_message),
    ("POST", "messages/*/modify"): Method("messages.modify", "Message", CHANGING, _modify_message),
    ("POST", "messages/*/trash"): Method("messages.trash", "Message", CHANGING, _trash_message),
    ("POST", "messages/*/untrash"): Method(
        "messages.untrash", "Message", CHANGING, _untrash_message
    ),
    ("POST", "messages/batchModify"): Method("messages.batchModify", "", CHANGING, _modify_many),
    ("GET", "messages/*/attachments/*"): Method(
        "attachments.get", "MessagePartBody", READING, _get_attachment
    ),
    ("GET", "threads"): Method(
        "threads.list", "ListThreadsResponse", READING, _listing(listing.list_threads)
    ),
    ("GET", "threads/*"): Method("threads.get", "Thread", READING, _get_thread),
    ("POST", "threads/*/modify"): Method("threads.modify", "Thread", CHANGING, _modify_thread),
    ("POST", "threads/*/trash"): Method("threads.trash", "Thread", CHANGING, _trash_thread),
    ("POST", "threads/*/untrash"): Method("threads.untrash", "Thread", CHANGING, _untrash_thread),
    ("GET", "labels"): Method(
        "labels.list",
        "ListLabelsResponse",
        READING,
        _listing(lambda box, _fields: listing.list_labels(box)),
    ),
    ("GET", "labels/*"): Method("labels.get", "Label", READING, _get_label),
    ("GET", "history"): Method(
        "history.list", "ListHistoryResponse", READING, _listing(listing.list_history)
    ),
    ("GET", "settings/sendAs"): Method("sendAs.list", "ListSendAsResponse", READING, _list_send_as),
    **DRAFT_METHODS,
}

# Patterns by number of pieces, fixed ones first, with the places of their variables.
_PATTERNS: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
for _pattern in sorted(
    {pattern for _, pattern in METHODS}, key=lambda text: (text.count("*"), text)
):
    _pieces = _pattern.split("/")
    _PATTERNS.setdefault(len(_pieces), []).append(
        (_pattern, tuple(at for at, piece in enumerate(_pieces) if piece == "*"))
    )
