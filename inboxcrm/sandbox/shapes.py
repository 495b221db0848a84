"""The fields of every answer we give, and the `fields` parameter that thins them out.

The table is ours; a test holds it to Google's bundled discovery document. A selection that names
an unknown field is refused, as the service refuses it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

Mask = dict[str, Any]
"""Field name to the mask below it; an empty mask means everything. `*` stands for every name."""

SHAPES: dict[str, dict[str, str]] = {
    "Profile": {"emailAddress": "", "messagesTotal": "", "threadsTotal": "", "historyId": ""},
    "Message": {
        "id": "", "threadId": "", "labelIds": "", "snippet": "", "sizeEstimate": "",
        "historyId": "",
        "internalDate": "", "payload": "MessagePart", "raw": "",
    },
    "MessagePart": {
        "partId": "", "mimeType": "", "filename": "", "headers": "MessagePartHeader",
        "body": "MessagePartBody",
        "parts": "MessagePart",
    },
    "MessagePartHeader": {"name": "", "value": ""},
    "MessagePartBody": {"attachmentId": "", "size": "", "data": ""},
    "ListMessagesResponse": {"messages": "Message", "nextPageToken": "", "resultSizeEstimate": ""},
    "Thread": {"id": "", "snippet": "", "historyId": "", "messages": "Message"},
    "ListThreadsResponse": {"threads": "Thread", "nextPageToken": "", "resultSizeEstimate": ""},
    "Label": {
        "id": "", "name": "", "type": "", "messageListVisibility": "", "labelListVisibility": "",
        "messagesTotal": "", "messagesUnread": "", "threadsTotal": "", "threadsUnread": "",
    },
    "ListLabelsResponse": {"labels": "Label"},
    "ListHistoryResponse": {"history": "History", "nextPageToken": "", "historyId": ""},
    "History": {
        "id": "", "messages": "Message", "messagesAdded": "HistoryMessageAdded",
        "messagesDeleted": "HistoryMessageDeleted", "labelsAdded": "HistoryLabelAdded",
        "labelsRemoved": "HistoryLabelRemoved",
    },
    "HistoryMessageAdded": {"message": "Message"},
    "HistoryMessageDeleted": {"message": "Message"},
    "HistoryLabelAdded": {"message": "Message", "labelIds": ""},
    "HistoryLabelRemoved": {"message": "Message", "labelIds": ""},
    "SendAs": {
        "sendAsEmail": "", "displayName": "", "replyToAddress": "", "signature": "",
        "isPrimary": "",
        "isDefault": "", "treatAsAlias": "", "verificationStatus": "",
    },
    "ListSendAsResponse": {"sendAs": "SendAs"},
    "Draft": {"id": "", "message": "Message"},
    "ListDraftsResponse": {"drafts": "Draft", "nextPageToken": "", "resultSizeEstimate": ""},
    "": {},
}  # fmt: skip


class BadFieldsError(ValueError):
    """The selection does not parse, or names a field that the answer cannot have."""


@lru_cache(maxsize=512)
def parse_mask(text: str, shape: str) -> Mask:
    """`messages(id,payload/headers),nextPageToken` as nested names; {} for no selection."""
    mask, rest = _parse(text.replace(" ", ""))
    if rest:
        raise BadFieldsError(f"Invalid field selection {rest}")
    _check(mask, shape)
    return mask


def below(mask: Mask, name: str) -> Mask | None:
    """The mask under a field; None when the selection leaves the field out."""
    if not mask:
        return {}
    found = mask.get(name, mask.get("*"))
    return None if found is None else dict(found)


def apply_mask(value: Any, mask: Mask) -> Any:
    if not mask:
        return value
    if isinstance(value, list):
        return [apply_mask(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    thinned = {}
    for name, inner in value.items():
        chosen = below(mask, name)
        if chosen is not None:
            thinned[name] = apply_mask(inner, chosen)
    return thinned


def _parse(text: str) -> tuple[Mask, str]:
    mask: Mask = {}
    while text and text[0] != ")":
        end = next((at for at, char in enumerate(text) if char in ",/()"), len(text))
        name, text = text[:end], text[end:]
        if not name:
            raise BadFieldsError(f"Invalid field selection {text}")
        inner: Mask = {}
        if text[:1] == "/":
            inner, text = _parse_path(text[1:])
        elif text[:1] == "(":
            inner, text = _parse(text[1:])
            if text[:1] != ")" or not inner:
                raise BadFieldsError(f"Invalid field selection {name}")
            text = text[1:]
        _merge(mask, name, inner)
        if text[:1] == ",":
            text = text[1:]
            if not text:
                raise BadFieldsError("Invalid field selection ,")
        elif text and text[0] != ")":
            raise BadFieldsError(f"Invalid field selection {text}")
    return mask, text


def _parse_path(text: str) -> tuple[Mask, str]:
    """One step after a slash; it ends where a comma or bracket of the outer level begins."""
    end = next((at for at, char in enumerate(text) if char in ",/()"), len(text))
    name, rest = text[:end], text[end:]
    if not name:
        raise BadFieldsError("Invalid field selection /")
    inner: Mask = {}
    if rest[:1] == "/":
        inner, rest = _parse_path(rest[1:])
    elif rest[:1] == "(":
        inner, rest = _parse(rest[1:])
        if rest[:1] != ")":
            raise BadFieldsError(f"Invalid field selection {name}")
        rest = rest[1:]
    return {name: inner}, rest


def _merge(mask: Mask, name: str, inner: Mask) -> None:
    if name not in mask:
        mask[name] = inner
    elif not inner or not mask[name]:
        mask[name] = {}
    else:
        for key, value in inner.items():
            _merge(mask[name], key, value)


def _check(mask: Mask, shape: str) -> None:
    for name, inner in mask.items():
        if name == "*":
            continue
        if name not in SHAPES[shape]:
            raise BadFieldsError(f"Invalid field selection {name}")
        if inner:
            _check(inner, SHAPES[shape][name])
