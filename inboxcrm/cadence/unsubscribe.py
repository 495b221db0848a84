"""How somebody says "no more" by the button of their mail program: List-Unsubscribe by mail (RFC 2369 section 3.2).

The address is the sender's own with a token behind a plus sign, which Gmail delivers to the same mailbox. The token is
the mail's key: nobody can make one up, and it says who asks, whichever address they ask from. List-Unsubscribe-Post is
for HTTPS addresses alone (RFC 8058 section 3.1) and is not written.
"""

from __future__ import annotations

import re

_MARK = "+unsub-"
_TOKEN = re.compile(r"\+unsub-([a-z2-7]{24})@", re.IGNORECASE)


def unsubscribe_field(from_address: str, key: str) -> str:
    """The value of List-Unsubscribe for a mail with that key."""
    local, _, domain = from_address.rpartition("@")
    return f"<mailto:{local}{_MARK}{key}@{domain}?subject=unsubscribe>"


def key_asked_by(address: str) -> str:
    """The key of the mail that a message to this address answers; empty where it asks for nothing."""
    found = _TOKEN.search(address)
    return found[1].lower() if found else ""
