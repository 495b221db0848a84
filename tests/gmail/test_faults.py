"""Every way Gmail says no, and what it means: one line a case."""

from __future__ import annotations

import json

import pytest
from google.auth import exceptions

from inboxcrm.errors import (
    CursorExpired,
    Denied,
    Gone,
    Offline,
    Poison,
    Reauth,
    Throttled,
)
from inboxcrm.gmail.faults import Call, fault_from
from inboxcrm.gmail.login_faults import login_fault

PLAIN, HISTORY, ITEM = Call.PLAIN, Call.HISTORY, Call.ITEM
PER_MINUTE = "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'"


def said(
    code: int, reason: str = "", text: str = "", *, details: list[dict] | None = None
) -> bytes:
    error: dict = {"code": code, "message": text, "errors": [{"reason": reason, "message": text}]}
    if details is not None:
        error = {"code": code, "message": text, "status": reason, "details": details}
    return json.dumps({"error": error}).encode()


CASES = [
    (401, "authError", "Invalid Credentials", PLAIN, Reauth),
    (401, "authError", "Invalid Credentials", ITEM, Reauth),
    (403, "insufficientPermissions", "Insufficient Permission", PLAIN, Reauth),
    (403, "", "Request had insufficient authentication scopes.", HISTORY, Reauth),
    (403, "rateLimitExceeded", PER_MINUTE, PLAIN, Throttled),
    (403, "userRateLimitExceeded", "User Rate Limit Exceeded", ITEM, Throttled),
    (403, "", PER_MINUTE, ITEM, Throttled),
    (429, "rateLimitExceeded", PER_MINUTE, PLAIN, Throttled),
    (429, "", "Too many concurrent requests for user", ITEM, Throttled),
    (429, "", "", PLAIN, Throttled),
    (403, "dailyLimitExceeded", "Daily Limit Exceeded", PLAIN, Throttled),
    (429, "rateLimitExceeded", "Account exceeded cmd or bandwidth limits.", PLAIN, Throttled),
    (403, "domainPolicy", "Blocked by domain policy", PLAIN, Denied),
    (403, "domainPolicy", "Blocked by domain policy", ITEM, Denied),
    (403, "accessNotConfigured", "Gmail API has not been used", PLAIN, Denied),
    (403, "forbidden", "Forbidden", PLAIN, Denied),
    (403, "forbidden", "Forbidden", ITEM, Poison),
    (400, "failedPrecondition", "Mail service not enabled", PLAIN, Denied),
    (400, "failedPrecondition", "Precondition check failed.", ITEM, Denied),
    (400, "invalidArgument", "Invalid label", PLAIN, Denied),
    (400, "invalidArgument", "Invalid id value", ITEM, Poison),
    (400, "invalidArgument", "Invalid startHistoryId", HISTORY, CursorExpired),
    (400, "invalidArgument", "Invalid pageToken", HISTORY, Denied),
    (404, "notFound", "Requested entity was not found.", ITEM, Gone),
    (404, "notFound", "Requested entity was not found.", HISTORY, CursorExpired),
    (404, "", "", PLAIN, Denied),
    (410, "deleted", "", ITEM, Gone),
    (413, "uploadTooLarge", "", ITEM, Poison),
    (408, "", "", PLAIN, Offline),
    (409, "aborted", "", ITEM, Offline),
    (500, "backendError", "Backend Error", PLAIN, Offline),
    (502, "", "", ITEM, Offline),
    (503, "backendError", "", HISTORY, Offline),
    (504, "", "", PLAIN, Offline),
    (302, "", "", PLAIN, Offline),
    (418, "", "", PLAIN, Denied),
]


@pytest.mark.parametrize(("status", "reason", "text", "call", "expected"), CASES)
def test_a_refusal_has_one_meaning(status, reason, text, call, expected):
    fault = fault_from(status, said(status, reason, text), call=call)
    assert type(fault) is expected
    assert fault.message
    assert "{" not in fault.remedy


NEWER_FORMAT = [
    (403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", Reauth),
    (403, "PERMISSION_DENIED", "SERVICE_DISABLED", Denied),
    (429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", Throttled),
    (403, "RESOURCE_EXHAUSTED", "", Throttled),
]


@pytest.mark.parametrize(("status", "word", "reason", "expected"), NEWER_FORMAT)
def test_the_newer_error_format_is_read_too(status, word, reason, expected):
    body = said(status, word, "", details=[{"@type": "ErrorInfo", "reason": reason}])
    assert type(fault_from(status, body)) is expected


RETRY_TIMES = [
    ({"retry-after": "17"}, "", 17.0),
    ({"retry-after": "Mon, 02 Mar 2026 10:01:30 GMT"}, "", 90.0),
    ({}, "User-rate limit exceeded.  Retry after 2026-03-02T10:05:00.000Z", 300.0),
    ({}, "User-rate limit exceeded.  Retry after 2026-03-02T09:00:00Z (Forwarding rules)", 0.0),
    ({}, "Please try again in 45 seconds.", 45.0),
    ({}, "Please try again in 2 minutes.", 120.0),
    ({"retry-after": "9"}, "Retry after 2026-03-02T10:05:00.000Z", 9.0),
    ({"retry-after": "soon"}, "", None),
    ({}, "Retry after some time", None),
    ({"retry-after": "99999999"}, "", 86_400.0),
]


@pytest.mark.parametrize(("headers", "text", "expected"), RETRY_TIMES)
def test_the_servers_retry_time_is_found_in_header_or_text(headers, text, expected):
    date = {"date": "Mon, 02 Mar 2026 10:00:00 GMT"}
    fault = fault_from(429, said(429, "rateLimitExceeded", text), {**date, **headers})
    assert isinstance(fault, Throttled)
    assert fault.after_seconds == expected


def test_a_retry_delay_in_the_details_counts():
    body = said(429, "RESOURCE_EXHAUSTED", details=[{"@type": "RetryInfo", "retryDelay": "12.5s"}])
    assert fault_from(429, body).after_seconds == 12.5


def test_a_point_in_time_means_nothing_without_the_servers_own_clock():
    body = said(429, "rateLimitExceeded", "Retry after 2026-03-02T10:05:00Z")
    assert fault_from(429, body).after_seconds is None


def test_a_daily_limit_is_looked_at_again_in_an_hour_at_the_earliest():
    body = said(403, "dailyLimitExceeded", "Daily Limit Exceeded")
    assert fault_from(403, body).after_seconds == 3600
    assert fault_from(403, body, {"retry-after": "7200"}).after_seconds == 7200


def test_an_overloaded_server_that_names_a_time_is_obeyed():
    fault = fault_from(503, b"", {"retry-after": "40"})
    assert isinstance(fault, Throttled)
    assert fault.after_seconds == 40


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b'{"error": "x"}', b'{"error": {}}', b"\xff"]
)
def test_any_body_at_all_is_survived(body):
    assert type(fault_from(403, body)) is Denied


def test_reconnecting_names_the_mailbox():
    assert "--mailbox sales" in fault_from(401, mailbox="sales").remedy


SIGN_IN = [
    (exceptions.RefreshError("invalid_grant: Token has been expired or revoked.", {}), Reauth),
    (exceptions.RefreshError("invalid_client: Unauthorized", {"error": "invalid_client"}), Reauth),
    (exceptions.RefreshError("deleted_client: gone", {"error": "deleted_client"}), Reauth),
    (exceptions.RefreshError("invalid_scope: Bad Request", {"error": "invalid_scope"}), Reauth),
    (exceptions.RefreshError("admin_policy_enforced: no", {"error": "x"}), Denied),
    (exceptions.RefreshError("something_new: no", {"error": "something_new"}), Reauth),
    (exceptions.RefreshError("internal_failure: x", {}, retryable=True), Offline),
    (exceptions.RefreshError("<html>Please sign in to the hotel</html>"), Offline),
    (exceptions.TransportError("connection refused"), Offline),
]


@pytest.mark.parametrize(("error", "expected"), SIGN_IN)
def test_a_refused_sign_in_has_one_meaning(error, expected):
    assert type(login_fault(error, mailbox="alice")) is expected


def test_ended_consent_names_the_usual_causes_and_the_command():
    fault = login_fault(exceptions.RefreshError("invalid_grant: Bad Request", {}), mailbox="alice")
    for cause in ("Testing", "7 days", "password", "taken back"):
        assert cause in fault.message
    assert "inboxcrm connect gmail --mailbox alice" in fault.remedy
