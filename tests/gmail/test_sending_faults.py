"""Every way drafts.send is answered, and what it says about the mail: one line a case."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.errors import Denied, Gone, Offline, Reauth, Throttled
from inboxcrm.gmail.sending_faults import handed_from, refused_by
from inboxcrm.ports import Accepted, Ambiguous, Refused, RefusedFor
from tests.gmail.test_faults import said

MAIL, LATER, LOGIN, QUOTA = RefusedFor
PER_MINUTE = "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'"
MAIL_SENDING = "User-rate limit exceeded.  Retry after 2026-03-02T11:00:00.000Z (Mail sending)"

CASES = [
    (400, "invalidArgument", "Invalid To header", MAIL),
    (400, "invalidArgument", "Recipient address required", MAIL),
    (413, "uploadTooLarge", "Too large", MAIL),
    (401, "authError", "Invalid Credentials", LOGIN),
    (403, "insufficientPermissions", "Insufficient Permission", LOGIN),
    (403, "", "Request had insufficient authentication scopes.", LOGIN),
    (403, "accessNotConfigured", "Gmail API has not been used", LOGIN),
    (403, "domainPolicy", "Blocked by domain policy", LOGIN),
    (400, "failedPrecondition", "Mail service not enabled", LOGIN),
    (403, "forbidden", "Forbidden", LOGIN),
    (403, "rateLimitExceeded", PER_MINUTE, LATER),
    (403, "userRateLimitExceeded", "User Rate Limit Exceeded", LATER),
    (429, "rateLimitExceeded", PER_MINUTE, LATER),
    (429, "", "Too many concurrent requests for user", LATER),
    (429, "rateLimitExceeded", MAIL_SENDING, QUOTA),
    (403, "userRateLimitExceeded", MAIL_SENDING, QUOTA),
    (403, "dailyLimitExceeded", "Daily Limit Exceeded", QUOTA),
    (403, "quotaExceeded", "Daily sending quota exceeded", QUOTA),
    (400, "failedPrecondition", "Daily user sending limit exceeded.", QUOTA),
    (400, "failedPrecondition", "Precondition check failed.", None),
    (400, "invalidArgument", "Message not a draft", None),
    (404, "notFound", "Requested entity was not found.", None),
    (410, "deleted", "", None),
    (408, "", "", None),
    (409, "aborted", "", None),
    (500, "backendError", "Backend Error", None),
    (502, "", "", None),
    (503, "backendError", "Retry after 5s", None),
    (504, "", "", None),
    (302, "", "", None),
    (418, "", "I am a teapot", None),
]


@pytest.mark.parametrize(("status", "reason", "text", "expected"), CASES)
def test_an_answer_has_one_meaning(status, reason, text, expected):
    handed = handed_from(status, said(status, reason, text))
    assert handed.text.endswith((".", ")", text))
    assert "{" not in handed.text
    if expected is None:
        assert isinstance(handed, Ambiguous)
    else:
        assert isinstance(handed, Refused)
        assert handed.reason is expected


@pytest.mark.parametrize("status", [400, 403, 404, 413, 500])
@pytest.mark.parametrize(
    "body", [b"", b"<html>Sign in to the hotel</html>", b"[1]", b"\xff", b'{"error": "x"}']
)
def test_what_is_not_said_in_googles_form_says_nothing(status, body):
    assert isinstance(handed_from(status, body), Ambiguous)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"id": "18f", "threadId": "18e"}', Accepted("18f", "18e")),
        (b'{"id": "18f"}', Accepted("18f", "")),
        (b'{"id": "18f", "threadId": 7}', Accepted("18f", "")),
    ],
)
def test_a_named_mail_is_accepted(body, expected):
    assert handed_from(200, body) == expected


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"id": ""}', b'{"id": 7}', b"[]", b"<html>", b'{"id": "18', b"[" * 99999]
)
def test_success_that_names_no_mail_is_ambiguous(body):
    assert isinstance(handed_from(200, body), Ambiguous)


def test_the_time_to_come_back_is_handed_on():
    headers = {"date": "Mon, 02 Mar 2026 10:00:00 GMT"}
    assert handed_from(429, said(429, "x", MAIL_SENDING), headers).after_seconds == 3600
    assert handed_from(429, b"", {"retry-after": "17"}).after_seconds == 17
    assert handed_from(403, said(403, "dailyLimitExceeded", "")).after_seconds is None


def test_a_lost_right_is_said_with_the_way_to_give_it():
    handed = handed_from(403, said(403, "insufficientPermissions", ""), mailbox="sales")
    assert "inboxcrm connect gmail --mailbox sales --sending" in handed.text
    assert "inboxcrm connect gmail --mailbox sales." in handed_from(401, b"", mailbox="sales").text


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Reauth("Ended.", remedy="Reconnect."), Refused(LOGIN, "Ended. Reconnect.")),
        (Denied("Not let in.", remedy="Ask."), Refused(LOGIN, "Not let in. Ask.")),
        (
            Throttled("Slow.", after_seconds=9, remedy="The next sync."),
            Refused(LATER, "Slow.", 9),
        ),
        (Offline("No line.", remedy="The next sync."), Refused(LATER, "No line.")),
        (Gone("Gone."), Refused(LATER, "Gone.")),
    ],
)
def test_a_fault_before_the_sending_is_a_refusal(fault, expected):
    assert refused_by(fault) == expected


@given(
    st.integers(100, 599),
    st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["error", "errors", "message", "reason", "code", "id"]), inner
                )
            ),
        ).map(lambda value: json.dumps(value).encode()),
    ),
)
def test_any_answer_at_all_is_survived_and_a_refusal_needs_googles_word(status, body):
    handed = handed_from(status, body)
    if isinstance(handed, Accepted):
        assert 200 <= status < 300
    if isinstance(handed, Refused):
        assert status in {400, 401, 403, 413, 429}
