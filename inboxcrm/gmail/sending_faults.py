"""What an answer to drafts.send means: one table, read from the top, the first line that fits. Pure.

Refused is said only of what Gmail itself says it did not do; everything that could stand for a mail that went out, and
everything nobody can read, is Ambiguous. So a line may be missing here and the worst of it is a mail that a person is
asked about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from inboxcrm.errors import Denied, Offline, ProviderError, Reauth, Throttled
from inboxcrm.gmail.faults import NO_RIGHT, NO_RIGHT_TO_SEND, NO_RIGHT_WORDS
from inboxcrm.gmail.login_faults import allow_sending, reconnect
from inboxcrm.gmail.refusal import Said, read_refusal
from inboxcrm.ports import Accepted, Ambiguous, Handed, Refused, RefusedFor

DRAFT_IS_GONE = "Gmail knows no such draft any more: it may have been sent."


@dataclass(frozen=True, slots=True)
class Line:
    """`reason` None: nobody knows whether it went out.

    A line with neither reasons nor words fits by its status alone, if the answer gives a reason at all as Google does:
    a proxy may say anything under any status. `any_form`: this status says the same whoever says it.
    """

    reason: RefusedFor | None
    statuses: frozenset[int]
    text: str
    reasons: frozenset[str] = frozenset()
    words: str = ""
    any_form: bool = False

    def fits(self, said: Said) -> bool:
        if said.status not in self.statuses:
            return False
        if not self.reasons and not self.words:
            return self.any_form or bool(said.reasons)
        in_words = bool(self.words) and re.search(self.words, said.text, re.IGNORECASE) is not None
        return in_words or not self.reasons.isdisjoint(said.reasons)


def _codes(*codes: int) -> frozenset[int]:
    return frozenset(codes)


LINES: tuple[Line, ...] = (
    Line(
        RefusedFor.LOGIN,
        _codes(401),
        "Gmail does not accept this mailbox's sign-in any more.",
        any_form=True,
    ),
    Line(
        RefusedFor.LOGIN,
        _codes(403),
        NO_RIGHT_TO_SEND,
        reasons=NO_RIGHT,
        words=NO_RIGHT_WORDS,
    ),
    Line(
        RefusedFor.LOGIN,
        _codes(403),
        "The Gmail API is switched off in the Google Cloud project this app signs in with.",
        reasons=frozenset({"accessnotconfigured", "service_disabled"}),
    ),
    # "User-rate limit exceeded. Retry after 2026-... (Mail sending)" is the mailbox's own sending limit.
    Line(
        RefusedFor.QUOTA,
        _codes(400, 403, 429),
        "Gmail lets this mailbox send no more for now",
        reasons=frozenset({"dailylimitexceeded", "quotaexceeded"}),
        words=r"mail sending|sending (?:limit|quota)|limit for sending|daily|bandwidth",
    ),
    Line(
        RefusedFor.LATER,
        _codes(403),
        "Gmail asks us to slow down",
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
    Line(RefusedFor.LATER, _codes(429), "Gmail asks us to slow down", any_form=True),
    Line(
        RefusedFor.LOGIN,
        _codes(400, 403),
        "The rules of this Google Workspace do not let the app send",
        reasons=frozenset({"domainpolicy", "admin_policy_enforced"}),
    ),
    Line(
        RefusedFor.LOGIN,
        _codes(400, 403),
        "Gmail is not switched on for this Google account",
        words=r"mail service not enabled",
    ),
    # Nobody has told what a second send of a draft is answered with. These could be it.
    Line(
        None,
        _codes(400),
        "Gmail refuses the draft, not the mail in it",
        reasons=frozenset({"failedprecondition", "failed_precondition"}),
        words=r"\bdraft",
    ),
    Line(RefusedFor.MAIL, _codes(400, 413), "Gmail does not take this mail"),
    Line(RefusedFor.LOGIN, _codes(403), "Gmail forbids it"),
    Line(None, _codes(404, 410), DRAFT_IS_GONE, any_form=True),
)


def handed_from(
    status: int, body: bytes, headers: Mapping[str, str] | None = None, *, mailbox: str = "NAME"
) -> Handed:
    """What became of the mail. `headers` have lower-case names; `mailbox` is for the way to mend a lost right."""
    if 200 <= status < 300:
        return _accepted(body)
    said = read_refusal(status, body, headers or {})
    line = next((line for line in LINES if line.fits(said)), None)
    if line is None:
        return Ambiguous(f"Gmail's answer says nothing about the mail (status {status}).")
    text = line.text
    if not text.endswith("."):
        text = f"{text}: {said.text}" if said.text else f"{text} (status {status})."
    if line.reason is None:
        return Ambiguous(text)
    if line.reason is RefusedFor.LOGIN:
        text = f"{text} {_way_back(line, mailbox)}".strip()
    return Refused(line.reason, text, said.after_seconds)


def refused_by(fault: ProviderError) -> Refused:
    """What a fault means that came up before anything was sent."""
    reason = RefusedFor.LOGIN if isinstance(fault, Reauth | Denied) else RefusedFor.LATER
    after = fault.after_seconds if isinstance(fault, Throttled) else None
    remedy = "" if isinstance(fault, Throttled | Offline) else fault.remedy
    return Refused(reason, f"{fault.message} {remedy}".strip(), after)


def _accepted(body: bytes) -> Handed:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    ref = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(ref, str) or not ref:
        return Ambiguous("Gmail's answer does not name the mail it sent.")
    thread_ref = answer.get("threadId")
    return Accepted(ref, thread_ref if isinstance(thread_ref, str) else "")


def _way_back(line: Line, mailbox: str) -> str:
    if line.text == NO_RIGHT_TO_SEND:
        return f"{allow_sending(mailbox)}."
    return f"{reconnect(mailbox)}." if 401 in line.statuses else ""
