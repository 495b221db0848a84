"""Delivery failures: is this mail a report about one, and did the address fail for good?

Hard means: the address does not exist or cannot receive. A full mailbox, a policy or a spam filter (5.2.2, 5.7.x) is
permanent for one mail and says nothing about the address: soft, as is a server that could not be reached in time. A
delay is no bounce at all. Codes are those of RFC 3463; where a code says nothing (5.0.0, 5.5.0), the words decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from inboxcrm.mail import bounce_words
from inboxcrm.mail.addresses import match_key

_ACTION = re.compile(r"^action:\s*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_RECIPIENT = re.compile(
    r"^(?:final|original)-recipient:\s*(?:[\w-]+\s*;)?\s*(\S+)", re.IGNORECASE | re.MULTILINE
)
_STATUS = re.compile(r"^status:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(r"^diagnostic-code:[^\n]*", re.IGNORECASE | re.MULTILINE)
_CODE_IN_TEXT = re.compile(r"(?<![\d.])([45]\.\d{1,2}\.\d{1,3})(?![\d.])")
_SMTP_CODE = re.compile(
    r"(?<![\d.])(?:smtp[; ]+|error[: ]+|said:\s*)?([45][0-7]\d)[ -](?=[A-Za-z#5<])", re.IGNORECASE
)

_GONE_CODES = frozenset(
    {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.4.310", "5.4.12"}
)
_REFUSED_CODES = re.compile(r"5\.1\.[78]$|5\.2\.[2-4]$|5\.3\.[1-9]|5\.4\.[56]$|5\.6\.[1-9]|5\.7\.")
_LATE_CODES = re.compile(r"5\.4\.(?:7|300|316)$")
"""Given up after days of trying: RFC 3463's X.4.7, and what Microsoft 365 calls an expired message."""
_NO_DOMAIN = re.compile(r"nxdomain|domain name not found", re.IGNORECASE)
_TOO_MUCH = re.compile(
    r"receiving mail (?:at a rate|too quickly)|rate that|too many", re.IGNORECASE
)
"""Gmail gives 5.2.1 to a mailbox that gets too much at once: it exists."""

_DISPOSITION = re.compile(r"^disposition:", re.IGNORECASE | re.MULTILINE)
_FEEDBACK = re.compile(r"^feedback-type:", re.IGNORECASE | re.MULTILINE)
COMPLAINT = re.compile(
    r"^feedback-type:\s*(?:abuse|fraud|opt-out)[^\n]{0,40}", re.IGNORECASE | re.MULTILINE
)

_RULE = re.compile(r"\n(?:-{3,}|={3,}|_{3,})[^\n]{0,80}\n")
_RETURNED = re.compile(
    r"\n[ \t]*[-=_#]{2,}[^\n]{0,40}(?:original|copy|returned|headers?|below this line|nachricht|your message"
    r"|message d|mensaje|messaggio)[^\n]{0,60}\n|\n(?:return-path|received): [^\n]{3,}",
    re.IGNORECASE,
)
"""Where the mail that came back begins."""

_BROKEN_LINE = re.compile(r"(?<!\n)\n(?!\n)")
_MOST_DIAGNOSTIC = 2_000


class Fate(Enum):
    GONE = "the address does not exist or cannot receive"
    FAILED = "delivery failed for good, the reason is not given"
    REFUSED = "this mail was refused for good; the address may be good"
    PASSING = "delivery failed because nobody took it in time"
    DELAYED = "delivery is late, it goes on"
    DELIVERED = "the mail was delivered"


@dataclass(frozen=True, slots=True)
class Report:
    fate: Fate
    evidence: str


def kind_of(report: str) -> str:
    """The report-type (RFC 6522) that its fields are of, where the parameter is lost."""
    if _FEEDBACK.search(report):
        return "feedback-report"
    return "disposition-notification" if _DISPOSITION.search(report) else "delivery-status"


def read_report(report_text: str) -> Report | None:
    """What the machine-readable part says; the worst fate of all recipients. None if it says nothing."""
    found = [report for _, report in read_recipients(report_text)]
    return min(found, key=lambda report: _RANK[report.fate], default=None)


def read_recipients(report_text: str) -> list[tuple[frozenset[str], Report]]:
    """What became of each recipient (RFC 3464 2.3): the addresses it is known by (final and original), and its fate."""
    out = []
    for block in report_text.split("\n\n"):
        action = _ACTION.search(block)
        if action:
            known_by = frozenset(match_key(found[1]) for found in _RECIPIENT.finditer(block)) - {""}
            out.append((known_by, _read_recipient(block, action[1].lower())))
    return out


def _read_recipient(block: str, action: str) -> Report:
    status = _STATUS.search(block)
    diagnostic = _DIAGNOSTIC.search(block)
    words = diagnostic[0][:_MOST_DIAGNOSTIC] if diagnostic else ""
    evidence = status[0] if status else f"Action: {action}"
    if words:
        evidence = f"{evidence}; {words}"
    if action in {"delivered", "relayed", "expanded"}:
        return Report(Fate.DELIVERED, evidence)
    if action == "delayed":
        return Report(Fate.DELAYED, f"Action: delayed; {evidence}")
    # The status of the next server is often the truer one: 5.0.0 above, "550 5.1.1" in its own words.
    inner = _CODE_IN_TEXT.search(words)
    code = status[1] if status else ""
    if inner and (not code or code.endswith(".0.0")):
        code = inner[1]
    return Report(_fate_of(code, words), evidence)


def _fate_of(code: str, words: str) -> Fate:
    if bounce_words.OF_SENDER.search(words):
        return Fate.REFUSED
    if code.startswith("5.") and bounce_words.MOVED.search(words):
        return Fate.FAILED
    if code.startswith("4."):
        # Gmail gives up on a domain nobody has under 4.0.0: "DNS Error: ... NXDOMAIN".
        return Fate.GONE if _NO_DOMAIN.search(words) else Fate.PASSING
    if code == "5.2.1" and _TOO_MUCH.search(words):
        return Fate.PASSING
    if code in _GONE_CODES:
        return Fate.GONE
    if code and _LATE_CODES.match(code):
        return Fate.PASSING
    if code and _REFUSED_CODES.match(code):
        is_nobody = code.startswith("5.7.") and bounce_words.NO_SUCH_USER.search(words)
        return Fate.GONE if is_nobody else Fate.REFUSED
    if bounce_words.GONE_WORDS.search(words):
        return Fate.GONE
    if code == "5.4.1" and "recipient address rejected" in words.lower():
        return Fate.GONE  # what Microsoft 365 answers for an unknown recipient
    return _fate_of_words(words)


def _fate_of_words(words: str) -> Fate:
    """Where nothing says that the address is gone."""
    if bounce_words.REFUSED_WORDS.search(words):
        return Fate.REFUSED
    return Fate.PASSING if bounce_words.LATE_WORDS.search(words) else Fate.FAILED


def read_prose(text: str) -> Report:
    """The same from a report written for people. Only the part above the returned mail is looked at."""
    text = above_returned(text)
    if len(text) < 40:
        text = ""
    code = _CODE_IN_TEXT.search(text)
    number = _SMTP_CODE.search(text)
    flat = _BROKEN_LINE.sub(" ", text)  # words that belong together stand on two lines
    gone = bounce_words.GONE_WORDS.search(text) or bounce_words.GONE_WORDS.search(flat)
    other = bounce_words.REFUSED_WORDS.search(flat) or bounce_words.LATE_WORDS.search(flat)
    evidence = _sentence(gone or other or code or number)
    if code:
        return Report(_fate_of(code[1], flat), evidence)
    if number and number[1].startswith("4"):
        return Report(Fate.PASSING, evidence)
    if gone and not bounce_words.OF_SENDER.search(flat):
        return Report(Fate.FAILED if bounce_words.MOVED.search(flat) else Fate.GONE, evidence)
    return Report(_fate_of_words(flat), evidence)


def above_returned(text: str) -> str:
    """The part of a report in prose that speaks for itself: not the mail it returns.

    Rules divide it; some servers put their reason below one. Where nothing is said above the first rule, what stands
    below it counts too, up to the mail that came back.
    """
    text = text[:6_000]
    cut = _RETURNED.search(text)
    if cut:
        text = text[: cut.start()]
    head = _RULE.split(text, maxsplit=1)[0]
    says = (
        bounce_words.GONE_WORDS.search(head)
        or bounce_words.REFUSED_WORDS.search(head)
        or _CODE_IN_TEXT.search(head)
    )
    return head if says or _SMTP_CODE.search(head) else text


def _sentence(found: re.Match[str] | None) -> str:
    """The line it stands on, or as much of it as shows it."""
    if found is None:
        return ""
    text = found.string
    start = max(text.rfind("\n", 0, found.start()) + 1, found.start() - 150)
    end = text.find("\n", found.end())
    return " ".join(text[start : end if end >= 0 else len(text)].split())[:300]


_RANK = {fate: place for place, fate in enumerate(Fate)}
