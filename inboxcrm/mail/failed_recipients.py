"""Whom a report of a failure or a delay is about, and which mail: read from what is stored of it.

The fields of the report say it (RFC 3464 section 2.3); else X-Failed-Recipients, which Gmail and Exim write; else the
addresses in the prose above the mail that came back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from inboxcrm.mail.addresses import match_key
from inboxcrm.mail.bounces import Fate, above_returned, read_recipients
from inboxcrm.mail.classify import KIND_OF_FATE
from inboxcrm.mail.headers import parse_address_list

_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@]{1,64}@[^\s<>()\[\]\"',;:@]{1,190}")
_RETURNED_ID = re.compile(r"^message-id:\s*<?([^<>\s]+)>?", re.IGNORECASE | re.MULTILINE)
_MOST = 50


def failed_recipients(
    rule: str, *, report: str, headers: Iterable[tuple[str, str]], text: str
) -> dict[str, str]:
    """Match key of an address -> the rule of `mail.classify` that its own fate falls under. `rule` is that of the whole
    mail; `report` is `Message.report_text`. Empty: nobody is named.
    """
    found: dict[str, str] = {}
    for known_by, one in read_recipients(report):
        if one.fate is not Fate.DELIVERED:
            found.update(dict.fromkeys(known_by, KIND_OF_FATE[one.fate][1]))
    if found:
        return found
    for name, value in headers:
        if name == "x-failed-recipients":
            found.update({match_key(shown): rule for _, shown in parse_address_list(value)})
    if not found:
        named = _ADDRESS.findall(above_returned(text))[:_MOST]
        found = {match_key(one.rstrip(".")): rule for one in named}
    found.pop("", None)
    return found


def returned_message_id(report: str) -> str:
    """The message id of the mail that came back, without brackets; "" where the report does not name it."""
    found = _RETURNED_ID.search(report)
    return found[1] if found else ""
