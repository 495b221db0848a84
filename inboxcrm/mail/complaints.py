"""Of which mail a feedback report speaks (RFC 5965): read from the header fields of the mail that comes with it.

Those who report take the addresses out (RFC 6590), so that the mail is known by what we put into its header: the key
of a cadence's mail, else its message id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inboxcrm.mail.failed_recipients import returned_message_id

_KEY = re.compile(
    r"^x-inboxcrm-key:[ \t]*([A-Za-z0-9_-]{1,100})[ \t]*$", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Complained:
    """Both may be empty. `message_id` without brackets."""

    key: str
    message_id: str


def complained_of(report: str) -> Complained:
    """`report` is `Message.report_text`."""
    key = _KEY.search(report)
    return Complained(key[1] if key else "", returned_message_id(report))
