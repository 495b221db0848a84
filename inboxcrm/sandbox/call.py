"""One call of a method: what was asked, by whom, and what every answer is made with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inboxcrm.sandbox.answers import refuse
from inboxcrm.sandbox.listing import Fields, one
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.messages import StoredMail
from inboxcrm.sandbox.post_office import PostOffice
from inboxcrm.sandbox.rendering import FORMATS, encode, render_message
from inboxcrm.sandbox.shapes import Mask, apply_mask


@dataclass(frozen=True, slots=True)
class Call:
    """One API call, let in and paid. `ids` are the variable pieces of the path."""

    mailbox: SandboxMailbox
    ids: tuple[str, ...]
    fields: Fields
    mask: Mask
    body: bytes
    office: PostOffice

    def json(self) -> dict[str, Any]:
        try:
            content = json.loads(self.body or b"{}")
        except ValueError as error:
            raise refuse(400, "invalidArgument", "Invalid JSON payload received.") from error
        if not isinstance(content, dict):
            raise refuse(400, "invalidArgument", "Invalid JSON payload received.")
        return content


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    shape: str
    scopes: frozenset[str]
    run: Callable[[Call], bytes]


Methods = dict[tuple[str, str], Method]
"""By HTTP method and path below the user, its variable pieces written as stars."""


def masked(value: dict[str, Any], call: Call) -> bytes:
    return encode(apply_mask(value, call.mask))


def form_of(call: Call) -> str:
    form = one(call.fields, "format", "full").lower()
    if form not in FORMATS:
        raise refuse(400, "invalidArgument", f"Invalid value for format: {form}")
    return form


def rendered(call: Call, mail: StoredMail, form: str, mask: Mask) -> bytes:
    headers = tuple(call.fields.get("metadataHeaders", ())) if form == "metadata" else ()
    return render_message(call.mailbox, mail, form=form, headers=headers, mask=mask)


def short_message(mail: StoredMail) -> dict[str, Any]:
    """What an answer to a change shows of a message."""
    return {"id": mail.ref, "threadId": mail.thread_ref, "labelIds": sorted(mail.labels)}
