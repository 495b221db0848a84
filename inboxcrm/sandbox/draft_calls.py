"""The methods of drafts. The mail travels as `raw` in the JSON body: google-api-python-client takes the upload path
only when it is given a media body, and nobody here gives it one.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from typing import Any

from inboxcrm.sandbox.answers import refuse
from inboxcrm.sandbox.call import Call, Method, Methods, form_of, masked, short_message
from inboxcrm.sandbox.listing import Selection, one, page_size, position
from inboxcrm.sandbox.messages import StoredMail
from inboxcrm.sandbox.rendering import encode, render_message
from inboxcrm.sandbox.shapes import apply_mask, below
from inboxcrm.sandbox.tokens import DRAFT_READING, WRITING

LARGEST_MAIL_BYTES = 36_700_160


def _create(call: Call) -> bytes:
    raw, thread_ref = _given(call)
    box = call.mailbox
    with box.lock:
        draft_id = box.drafts.create(raw, thread_ref=thread_ref)
        return _short(call, draft_id)


def _get(call: Call) -> bytes:
    form = form_of(call)
    mail = _mail(call, call.ids[0])
    shown = encode(apply_mask({"id": call.ids[0]}, call.mask))
    inner = below(call.mask, "message")
    if inner is None:
        return shown
    comma = b"," if len(shown) > 2 else b""
    # Unlike messages.get, this method takes no names of headers.
    message = render_message(call.mailbox, mail, form=form, mask=inner)
    return shown[:-1] + comma + b'"message":' + message + b"}"


def _list(call: Call) -> bytes:
    size = page_size(call.fields)
    test = Selection(call.mailbox, call.fields)
    token = one(call.fields, "pageToken")
    with call.mailbox.lock:
        drafts = [(found, mail) for found, mail in call.mailbox.drafts.newest_first() if test(mail)]
    if token:
        end = position(token)
        drafts = [(found, mail) for found, mail in drafts if mail.order < end]
    page = drafts[:size]
    answer: dict[str, Any] = {}
    if page:
        answer["drafts"] = [
            {"id": found, "message": {"id": mail.ref, "threadId": mail.thread_ref}}
            for found, mail in page
        ]
    if len(drafts) > size:
        last = page[-1][1].order
        answer["nextPageToken"] = f"{last[0]}.{last[1]}"
    answer["resultSizeEstimate"] = len(drafts)
    return masked(answer, call)


def _update(call: Call) -> bytes:
    raw, thread_ref = _given(call)
    box = call.mailbox
    with box.lock:
        if not box.drafts.update(call.ids[0], raw, thread_ref=thread_ref):
            raise refuse(404, "notFound")
        return _short(call, call.ids[0])


def _delete(call: Call) -> bytes:
    with call.mailbox.lock:
        if not call.mailbox.drafts.delete(call.ids[0]):
            raise refuse(404, "notFound")
    return b""


def _send(call: Call) -> bytes:
    content = call.json()
    draft_id = content.get("id")
    if not isinstance(draft_id, str) or not draft_id:
        raise refuse(400, "invalidArgument", "Draft id is required")
    if "message" in content:
        raw, thread_ref = _given(call)
        with call.mailbox.lock:
            call.mailbox.drafts.update(draft_id, raw, thread_ref=thread_ref)
    return masked(short_message(call.office.send(call.mailbox, draft_id)), call)


def _given(call: Call) -> tuple[bytes, str]:
    """The mail and the thread it is meant for."""
    message = call.json().get("message")
    raw = message.get("raw") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(raw, str) or not raw:
        raise refuse(400, "invalidArgument", "'raw' RFC822 payload message string or uploading message via /upload/* URL required")  # fmt: skip # noqa: E501
    try:
        content = urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
    except (binascii.Error, ValueError) as error:
        raise refuse(400, "invalidArgument", "Invalid value for ByteString") from error
    if len(content) > LARGEST_MAIL_BYTES:
        raise refuse(413, "uploadTooLarge", "Message too large")
    thread_ref = str(message.get("threadId") or "")
    if thread_ref and not call.mailbox.has_thread(thread_ref):
        raise refuse(404, "notFound")
    return content, thread_ref


def _mail(call: Call, draft_id: str) -> StoredMail:
    with call.mailbox.lock:
        mail = call.mailbox.drafts.get(draft_id)
    if mail is None:
        raise refuse(404, "notFound")
    return mail


def _short(call: Call, draft_id: str) -> bytes:
    return masked({"id": draft_id, "message": short_message(_mail(call, draft_id))}, call)


DRAFT_METHODS: Methods = {
    ("POST", "drafts"): Method("drafts.create", "Draft", WRITING, _create),
    ("GET", "drafts"): Method("drafts.list", "ListDraftsResponse", DRAFT_READING, _list),
    ("POST", "drafts/send"): Method("drafts.send", "Message", WRITING, _send),
    ("GET", "drafts/*"): Method("drafts.get", "Draft", DRAFT_READING, _get),
    ("PUT", "drafts/*"): Method("drafts.update", "Draft", WRITING, _update),
    ("DELETE", "drafts/*"): Method("drafts.delete", "", WRITING, _delete),
}
