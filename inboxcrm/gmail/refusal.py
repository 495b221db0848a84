"""Takes a refusal of Gmail's apart: its reasons, its text, and when we may come back. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Said:
    """The answer, taken apart. `reasons` are in lower case, from every place Google puts them."""

    status: int
    reasons: frozenset[str]
    text: str
    after_seconds: float | None


def read_refusal(status: int, body: bytes | str, headers: Mapping[str, str]) -> Said:
    """Takes a refusal apart, in both of Google's formats; anything else is just its status."""
    try:
        answer = json.loads(body) if body else None
    except ValueError:
        answer = None
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        text = error if isinstance(error, str) else ""
        return Said(status, frozenset(), text[:300], _retry_seconds(headers, "", []))
    details = _items(error, "errors") + _items(error, "details")
    reasons = {str(item.get("reason", "")).lower() for item in details}
    reasons.add(str(error.get("status", "")).lower())
    text = " ".join(str(error.get("message", "")).split())[:300]
    return Said(status, frozenset(reasons - {""}), text, _retry_seconds(headers, text, details))


def _items(error: dict[str, object], key: str) -> list[dict[str, object]]:
    found = error.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


_AFTER_TIME = re.compile(
    r"(?:retry|try again) (?:after|at) (\d{4}-\d\d-\d\dT[\d:.]+Z?)", re.IGNORECASE
)
_AFTER_SPAN = re.compile(
    r"(?:retry|try again) (?:after|in) (\d+(?:\.\d+)?) ?(s|sec|seconds?|m|min|minutes?)?(?![\w-])",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"(?:retry|try again) (?:after|in) (\d+(?:\.\d+)?) ?(s|sec|seconds?|m|min|minutes?)?\b",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(\d+(?:\.\d+)?)s")


def _retry_seconds(
    headers: Mapping[str, str], text: str, details: list[dict[str, object]]
) -> float | None:
    """When the server wants to see us again: from the header, the error's details or its text, in
    this order.

    Points in time are measured from the server's own Date, so that a wrong clock of ours does no
    harm.
    """
    now = _http_date(headers.get("date", ""))
    header = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", header):
        return _bounded(float(header))
    moment = _http_date(header)
    if moment is None and (delay := _delay_in(details)) is not None:
        return _bounded(delay)
    if moment is None and (found := _AFTER_TIME.search(text)):
        moment = _iso_date(found[1])
    if moment is not None:
        return _bounded((moment - now).total_seconds()) if now is not None else None
    if found := _AFTER_SPAN.search(text):
        unit = 60.0 if (found[2] or "s").lower().startswith("m") else 1.0
        return _bounded(float(found[1]) * unit)
    return None


def _delay_in(details: list[dict[str, object]]) -> float | None:
    for item in details:
        if found := _SPAN.fullmatch(str(item.get("retryDelay", ""))):
            return float(found[1])
    return None


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso_date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        return None
