"""Whether mails may name the public unsubscribe page: only one that has proved to be there, and to be ours.

The check opens the page as a stranger would, with a token nobody was ever sent, and asks it to unsubscribe that token
as mail programs do (RFC 8058 section 3.2). Both answers have to come without a redirect and bear a word that only this
installation can have written. What passed is kept with its address: another address in the settings has to pass anew,
and a check that fails takes the page out of the mails written from then on.
"""

from __future__ import annotations

import json
import secrets
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.cadence.unsubscribe import link_of, marker
from inboxcrm.errors import RefusedError
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.settings import get_setting, set_setting, stored_secret

_PASSED = "unsubscribe_page"
_SECRET = "unsubscribe_page_secret"  # noqa: S105 - a name


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: `status` of HTTP, 0 where none came; `text` its body, or why there is none."""

    status: int
    text: str


@dataclass(frozen=True, slots=True)
class PageCheck:
    """`problem` is empty where the page passed."""

    url: str
    problem: str = ""


Ask = Callable[[str, bytes | None], Answer]
"""(address, body to post or None) -> answer; follows no redirect."""


def page_secret(desk: Desk) -> bytes:
    """What the pages' markers are made with. Asked for outside of transactions: the first time it is written down."""
    return stored_secret(desk.database, _SECRET)


def public_page(tx: Tx, desk: Desk) -> str:
    """The address of the pages, where they passed the check; else empty."""
    url = desk.unsubscribe_url
    return url if url and _passed(tx, url) is not None else ""


def passed_at(desk: Desk) -> datetime | None:
    """When the pages passed the check under the address that the settings name now."""
    with desk.database.read() as tx:
        return from_ms(_passed(tx, desk.unsubscribe_url))


def check_page(desk: Desk, ask: Ask) -> PageCheck:
    """Asks the pages, and keeps what came of it. Raises RefusedError where the settings name no address."""
    url = desk.unsubscribe_url
    if not url:
        raise RefusedError(
            "The settings name no public unsubscribe page.",
            remedy="Say unsubscribe_url under [cadence] in config.toml; until then mails name an address to write to.",
        )
    token = b32encode(secrets.token_bytes(15)).decode().lower()
    wanted = marker(page_secret(desk), token)
    problem = ""
    for body in (None, b"List-Unsubscribe=One-Click"):
        problem = problem or _problem(
            ask(link_of(url, token), body), wanted, is_post=body is not None
        )
    with desk.database.write() as tx:
        passed = {} if problem else {"url": url, "at": to_ms(desk.clock.now())}
        set_setting(tx, _PASSED, json.dumps(passed))
    return PageCheck(url, problem)


def _problem(answer: Answer, wanted: str, *, is_post: bool) -> str:
    asked = "Asked to unsubscribe" if is_post else "Opened"
    if not answer.status:
        return f"{asked}, it gave no answer: {answer.text}"
    if 300 <= answer.status < 400:
        return f"{asked}, it sends people elsewhere (HTTP {answer.status}); mail programs do not follow."
    if answer.status != 200:
        return f"{asked}, it answered HTTP {answer.status}."
    if wanted not in answer.text:
        return f"{asked}, it is not the page of this installation."
    return ""


def _passed(tx: Tx, url: str) -> int | None:
    """When, in ms; None where that address has not."""
    held = json.loads(get_setting(tx, _PASSED) or "{}")
    at: int | None = held.get("at") if url and held.get("url") == url else None
    return at
