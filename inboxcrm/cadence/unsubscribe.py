"""How somebody says "no more": by mail (RFC 2369 section 3.2) and, where the house has a public page, by a click there
(RFC 8058).

The token is the mail's key. Nobody can make one up, and it says who asks, whichever address or browser they ask from:
behind a plus sign in the sender's own address, which Gmail delivers to the same mailbox, and at the end of the page's
address. List-Unsubscribe-Post is for HTTPS addresses alone (RFC 8058 section 3.1): without one it is not written.

Whoever tries tokens out learns nothing: one that nobody was ever sent gets the same answers, with an address made from
the token itself standing where the masked one would.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

INERT = "preview2preview2preview2"
"""What stands in previews and tests sent to oneself: of the same length as a token, and nobody's."""

_MARK = "+unsub-"
_TOKEN = re.compile(r"\+unsub-([a-z2-7]{24})@", re.IGNORECASE)
_WHOLE = re.compile(r"[a-z2-7]{24}")
_LAST_LABEL = re.compile(r"[a-z]{2,24}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DECOY_ENDS = ("com", "com", "com", "de", "net", "org", "fr", "eu")


@dataclass(frozen=True, slots=True)
class WayOut:
    """`field` is the value of List-Unsubscribe; `link` the public page for this mail, empty where there is none."""

    field: str
    link: str = ""

    @property
    def is_one_click(self) -> bool:
        """Whether List-Unsubscribe-Post may stand beside it. A page on this machine is for trying things out."""
        return self.link.startswith("https://")


def way_out(from_address: str, token: str, *, page: str = "") -> WayOut:
    """For a mail with that token. `page` is the address of the public pages; empty where nobody reaches them."""
    local, _, domain = from_address.rpartition("@")
    by_mail = f"<mailto:{local}{_MARK}{token}@{domain}?subject=unsubscribe>"
    if not page:
        return WayOut(by_mail)
    link = link_of(page, token)
    # The link comes first: programs take the first way they know (RFC 2369 section 2).
    return WayOut(f"<{link}>, {by_mail}", link)


def link_of(page: str, token: str) -> str:
    return f"{page.rstrip('/')}/u/{token}"


def key_asked_by(address: str) -> str:
    """The key of the mail that a message to this address answers; empty where it asks for nothing."""
    found = _TOKEN.search(address)
    return found[1].lower() if found else ""


def is_token(text: str) -> bool:
    """Whether it could be one. Mail programs that write addresses in capitals or cut them are met here."""
    return _WHOLE.fullmatch(text) is not None


def masked(address: str) -> str:
    """Enough for its owner to know it, and nothing to write to: b•••@f•••.example."""
    local, _, domain = address.lower().rpartition("@")
    host, _, last = domain.rpartition(".")
    shown = [part[0] if part[:1].isascii() and part[:1].isalnum() else "" for part in (local, host)]
    end = last if _LAST_LABEL.fullmatch(last) else "•••"
    return f"{shown[0]}•••@{shown[1]}•••.{end}"


def decoy(secret: bytes, token: str) -> str:
    """Looks like `masked`, and is nobody: always the same for one token."""
    dice = hmac.digest(secret, f"decoy:{token}".encode(), sha256)
    local, host = (_LETTERS[one % len(_LETTERS)] for one in dice[:2])
    return f"{local}•••@{host}•••.{_DECOY_ENDS[dice[2] % len(_DECOY_ENDS)]}"


def marker(secret: bytes, token: str) -> str:
    """What the page of this installation, and of no other, bears for a token: how the self-check knows its own page."""
    return hmac.digest(secret, f"marker:{token}".encode(), sha256).hex()[:32]
