"""What an answer of Gmail's that is no success means to us: one table, read from the top, the first
line that fits. Pure.

The status alone never decides: "Quota exceeded ... per minute per user" comes under 403 as well as
429, and a 404 is final for a message, an expired cursor for the history, and a wrong address for
everything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from inboxcrm.errors import (
    CursorExpired,
    Denied,
    Gone,
    Offline,
    Poison,
    ProviderError,
    Reauth,
    Throttled,
)
from inboxcrm.gmail.login_faults import allow_sending, reconnect
from inboxcrm.gmail.refusal import Said, read_refusal

HOURS_LONG_SECONDS = 3600.0
"""Daily and bandwidth limits take hours to pass and Gmail does not say how many: we look again
every hour.
"""


class Call(StrEnum):
    """What was asked for, as far as the meaning of a refusal depends on it."""

    PLAIN = auto()
    HISTORY = auto()
    ITEM = auto()
    DRAFT = auto()


@dataclass(frozen=True, slots=True)
class Meaning:
    """One line of the table: when it holds, and what it makes of the answer."""

    fault: type[ProviderError]
    statuses: frozenset[int] | None
    message: str
    remedy: str = ""
    reasons: frozenset[str] = frozenset()
    words: str = ""
    calls: frozenset[Call] = frozenset(Call)
    needs_retry_time: bool = False
    at_least_seconds: float | None = None

    def fits(self, said: Said, call: Call) -> bool:
        if self.statuses is not None and said.status not in self.statuses:
            return False
        if call not in self.calls or (self.needs_retry_time and said.after_seconds is None):
            return False
        if not self.reasons and not self.words:
            return True
        in_words = bool(self.words) and re.search(self.words, said.text, re.IGNORECASE) is not None
        return in_words or not self.reasons.isdisjoint(said.reasons)


def _codes(*codes: int) -> frozenset[int]:
    return frozenset(codes)


RECONNECT = "{reconnect}"
ALLOW_SENDING = "{allow_sending}"
NOT_GMAIL = "Check the network: a sign-in page of a hotel or a proxy may answer in Gmail's place."
_ASK_ADMIN = "Ask the administrator of this Google Workspace to allow the app, then sync again."
_CHECK_ENDPOINT = "Check [gmail] api_endpoint in config.toml; leave the line out for Google's own."
_SLOW = "Gmail asks us to slow down"
_LATER = "Nothing is lost: the next sync goes on where this one stopped."
_SERVER_FAULTS = frozenset(range(500, 600))

NO_RIGHT = frozenset({"insufficientpermissions", "access_token_scope_insufficient"})
NO_RIGHT_WORDS = r"insufficient (authentication scope|permission)"
NO_RIGHT_TO_SEND = "This mailbox was connected without the right to write and send mail."
TICK_EVERY_BOX = ", and leave every box on the consent page ticked."

MEANINGS: tuple[Meaning, ...] = (
    Meaning(
        Reauth,
        _codes(401),
        "Gmail does not accept this mailbox's sign-in any more.",
        RECONNECT,
    ),
    Meaning(
        Reauth,
        _codes(403),
        NO_RIGHT_TO_SEND,
        ALLOW_SENDING + TICK_EVERY_BOX,
        reasons=NO_RIGHT,
        words=NO_RIGHT_WORDS,
        calls=frozenset({Call.DRAFT}),
    ),
    Meaning(
        Reauth,
        _codes(403),
        "This mailbox was connected without the right to read mail.",
        RECONNECT + TICK_EVERY_BOX,
        reasons=NO_RIGHT,
        words=NO_RIGHT_WORDS,
    ),
    Meaning(
        Denied,
        _codes(403),
        "The Gmail API is switched off in the Google Cloud project this app signs in with.",
        "Enable the Gmail API in that project, wait a few minutes, and sync again.",
        reasons=frozenset({"accessnotconfigured", "service_disabled"}),
    ),
    Meaning(
        Throttled,
        _codes(403, 429),
        "A daily or bandwidth limit of this mailbox is used up; Gmail lifts it within hours.",
        reasons=frozenset({"dailylimitexceeded", "quotaexceeded"}),
        remedy=_LATER,
        words=r"daily|bandwidth",
        at_least_seconds=HOURS_LONG_SECONDS,
    ),
    Meaning(
        Throttled,
        _codes(403),
        _SLOW,
        _LATER,
        reasons=frozenset(
            {
                "ratelimitexceeded",
                "userratelimitexceeded",
                "rate_limit_exceeded",
                "resource_exhausted",
            }
        ),
        words=r"quota exceeded|rate limit|too many concurrent|resource has been exhausted",
    ),
    Meaning(Throttled, _codes(429), _SLOW, _LATER),
    Meaning(
        Denied,
        _codes(400, 403),
        "The rules of this Google Workspace do not let the app read the mailbox.",
        _ASK_ADMIN,
        reasons=frozenset({"domainpolicy", "admin_policy_enforced"}),
    ),
    Meaning(
        Denied,
        _codes(400, 403),
        "Gmail is not switched on for this Google account.",
        "Switch Gmail on for the account, or take the mailbox out of config.toml.",
        reasons=frozenset({"failedprecondition", "failed_precondition"}),
        words=r"mail service not enabled",
    ),
    Meaning(
        CursorExpired,
        _codes(404),
        "Gmail has forgotten the history we stand on.",
        calls=frozenset({Call.HISTORY}),
    ),
    Meaning(
        CursorExpired,
        _codes(400),
        "Gmail does not know the point of history we stand on.",
        words=r"starthistoryid",
        calls=frozenset({Call.HISTORY}),
    ),
    Meaning(
        Gone,
        _codes(404, 410),
        "It does not exist any more.",
        calls=frozenset({Call.ITEM, Call.DRAFT}),
    ),
    Meaning(
        Poison,
        _codes(400, 413),
        "Gmail does not take this mail",
        calls=frozenset({Call.DRAFT}),
    ),
    Meaning(
        Throttled,
        _SERVER_FAULTS,
        "Gmail is overloaded and named a time to come back",
        _LATER,
        needs_retry_time=True,
    ),
    Meaning(Offline, _SERVER_FAULTS, "Gmail has a fault of its own.", _LATER),
    Meaning(Offline, _codes(408, 409, 425), "Gmail did not carry the request out.", _LATER),
    Meaning(
        Offline,
        frozenset(range(300, 400)),
        "Something between here and Gmail sends us elsewhere.",
        NOT_GMAIL,
    ),
    Meaning(Poison, None, "Gmail refuses to hand this message out", calls=frozenset({Call.ITEM})),
    Meaning(
        Denied,
        _codes(404, 405, 410),
        "There is no Gmail API at this address.",
        _CHECK_ENDPOINT,
    ),
    Meaning(Denied, _codes(403), "Gmail forbids it", _ASK_ADMIN),
    Meaning(Denied, None, "Gmail refuses the request"),
)


def fault_from(
    status: int,
    body: bytes | str = b"",
    headers: Mapping[str, str] | None = None,
    *,
    call: Call = Call.PLAIN,
    mailbox: str = "NAME",
) -> ProviderError:
    """The one fault a refusal stands for. `headers` have lower-case names; `mailbox` is for the
    remedy.
    """
    said = read_refusal(status, body, headers or {})
    meaning = next(line for line in MEANINGS if line.fits(said, call))
    message = meaning.message
    if not message.endswith("."):
        message = f"{message}: {said.text}" if said.text else f"{message} (status {status})."
    remedy = meaning.remedy.format(
        reconnect=reconnect(mailbox), allow_sending=allow_sending(mailbox)
    )
    if not issubclass(meaning.fault, Throttled):
        return meaning.fault(message, remedy=remedy)
    after = said.after_seconds
    if meaning.at_least_seconds is not None:
        after = max(after or 0.0, meaning.at_least_seconds)
    return Throttled(message, after_seconds=after, remedy=remedy)
