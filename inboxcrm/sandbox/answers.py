"""One request in, one answer out, and errors worded as the service words them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from http import HTTPStatus
from urllib.parse import parse_qs

JSON = "application/json; charset=UTF-8"


@lru_cache(maxsize=4096)
def query_fields(query: str) -> dict[str, list[str]]:
    """Kept, since thousands of calls ask in the same words; nobody changes the result."""
    return parse_qs(query, keep_blank_values=True)


@dataclass(frozen=True)
class Request:
    """Header names in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @cached_property
    def fields(self) -> dict[str, list[str]]:
        return query_fields(self.query)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back, and how the line behaves: late, not at all, or with fewer bytes than
    promised.
    """

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    delay_seconds: float = 0.0
    is_dropped: bool = False
    missing_bytes: int = 0
    pieces: tuple[bytes, ...] = ()
    """The body in pieces that come again, where it has such."""

    @property
    def phrase(self) -> str:
        try:
            return HTTPStatus(self.status).phrase
        except ValueError:
            return "Unknown"

    def after(self, seconds: float) -> Answer:
        return replace(self, delay_seconds=seconds)


DROPPED = Answer(0, is_dropped=True)

_STATES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 502: "UNAVAILABLE", 503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}  # fmt: skip

_TEXTS = {
    "rateLimitExceeded": (
        "usageLimits",
        (
            "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of "
            "service 'gmail.googleapis.com' for consumer 'project_number:100000000001'."
        ),
    ),
    "userRateLimitExceeded": ("usageLimits", "User-rate limit exceeded.  Retry later."),
    "tooManyConcurrent": ("usageLimits", "Too many concurrent requests for user."),
    "dailyLimitExceeded": ("usageLimits", "Daily Limit Exceeded"),
    "domainPolicy": ("global", "The domain administrators have disabled Gmail apps."),
    "insufficientPermissions": ("global", "Request had insufficient authentication scopes."),
    "backendError": ("global", "Backend Error"),
    "internalError": ("global", "Internal error encountered."),
    "notFound": ("global", "Requested entity was not found."),
    "authError": (
        "global",
        (
            "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
            "cookie or other valid authentication credential."
        ),
    ),
    "failedPrecondition": ("global", "Precondition check failed."),
    "invalidArgument": ("global", "Invalid argument"),
}

_REASON_SENT = {"tooManyConcurrent": "rateLimitExceeded"}


def error(
    status: int, reason: str, text: str = "", *, headers: tuple[tuple[str, str], ...] = ()
) -> Answer:
    domain, usual = _TEXTS.get(reason, ("global", reason))
    message = text or usual
    sent = _REASON_SENT.get(reason, reason)
    content = {
        "error": {
            "code": status,
            "message": message,
            "errors": [{"message": message, "domain": domain, "reason": sent}],
            "status": _STATES.get(status, "UNKNOWN"),
        }
    }
    return Answer(status, json.dumps(content, indent=2).encode(), headers=headers)


class CallError(Exception):
    """A call is refused with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refuse(status: int, reason: str, text: str = "") -> CallError:
    return CallError(error(status, reason, text))
