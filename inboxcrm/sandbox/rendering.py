"""A stored message as the JSON bytes of an answer, rendered once for each way of asking and then
kept.

The tree of a message is the dear part and never changes; labels and history id do. So the tree is
kept as bytes, and the finished answers are thrown away whenever a label moves.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

from inboxcrm.sandbox import payload
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.messages import StoredMail
from inboxcrm.sandbox.shapes import Mask, apply_mask, parse_mask

FORMATS = frozenset({"full", "metadata", "minimal", "raw"})


def encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def render_message(
    mailbox: SandboxMailbox,
    mail: StoredMail,
    *,
    form: str,
    headers: tuple[str, ...] = (),
    mask: Mask,
) -> bytes:
    key = (form, "\n".join(headers), repr(mask) if mask else "")
    kept = mail.answers.get(key)
    if kept is None:
        kept = mail.answers[key] = _render(mailbox, mail, form, headers, mask)
    return kept


def message_fields(mailbox: SandboxMailbox, mail: StoredMail) -> dict[str, Any]:
    """What every format shows."""
    if mail.snippet is None:
        mail.snippet = payload.snippet_of(payload_of(mailbox, mail))
    fields: dict[str, Any] = {"id": mail.ref, "threadId": mail.thread_ref}
    if mail.labels:
        fields["labelIds"] = sorted(mail.labels)
    fields["snippet"] = mail.snippet
    fields["sizeEstimate"] = len(mail.raw)
    fields["historyId"] = str(mail.history_id)
    fields["internalDate"] = str(mail.received_ms)
    return fields


def payload_of(mailbox: SandboxMailbox, mail: StoredMail) -> dict[str, Any]:
    if not mail.payload_json:
        tree = payload.payload_of(mail.raw, mail.ref, mailbox.habits)
        mail.payload_json = encode(tree)
        return tree
    tree = json.loads(mail.payload_json)
    assert isinstance(tree, dict)
    return tree


def has_attachment_part(mail: StoredMail) -> bool:
    return payload.has_attachment(payload.payload_of(mail.raw, mail.ref, payload.Habits()))


def text_to_search(mail: StoredMail) -> str:
    if mail.search_text is None:
        tree = payload.payload_of(mail.raw, mail.ref, payload.Habits())
        mail.search_text = payload.searchable_text(tree)
    return mail.search_text


def prerender(mailbox: SandboxMailbox, *, fields: str = "", form: str = "full") -> None:
    """Renders every answer to one way of asking beforehand, so that a benchmark measures the
    client.
    """
    mask = parse_mask(fields, "Message")
    for mail in mailbox.newest_first():
        render_message(mailbox, mail, form=form, mask=mask)


def _render(
    mailbox: SandboxMailbox, mail: StoredMail, form: str, headers: tuple[str, ...], mask: Mask
) -> bytes:
    if not mail.payload_json:
        payload_of(mailbox, mail)
    fields = message_fields(mailbox, mail)
    if form == "raw":
        fields["raw"] = urlsafe_b64encode(mail.raw).decode()
    elif form == "metadata":
        fields["payload"] = _metadata(payload_of(mailbox, mail), headers)
    elif form == "full" and not mask:
        return encode(fields)[:-1] + b',"payload":' + mail.payload_json + b"}"
    elif form == "full":
        fields = apply_mask(fields, mask)
        inner = mask.get("payload", mask.get("*"))
        if inner is None:
            return encode(fields)
        tree = apply_mask(payload_of(mailbox, mail), inner)
        body = encode(tree) if inner else mail.payload_json
        comma = b"," if fields else b""
        return encode(fields)[:-1] + comma + b'"payload":' + body + b"}"
    return encode(apply_mask(fields, mask))


def _metadata(tree: dict[str, Any], headers: tuple[str, ...]) -> dict[str, Any]:
    wanted = {name.lower() for name in headers}
    shown = [pair for pair in tree["headers"] if not wanted or pair["name"].lower() in wanted]
    return {"mimeType": tree["mimeType"], "headers": shown}
