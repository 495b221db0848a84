from __future__ import annotations

import contextlib
import json
import socket

import google.auth.exceptions
import httplib2
import pytest
from googleapiclient.errors import HttpError

from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.sandbox.quota import Profile
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.sandbox.tokens import READONLY
from tests.sandbox.gmail_client import connect, letter


def batch_get(service, refs, **asked):
    good, bad = {}, {}

    def keep(ref, answer, error):
        (bad if error else good)[ref] = error or answer

    batch = service.new_batch_http_request(callback=keep)
    for ref in refs:
        batch.add(service.users().messages().get(userId="me", id=ref, **asked), request_id=ref)
    batch.execute()
    return good, bad


@pytest.fixture
def service(sandbox):
    made = connect(sandbox.url, sandbox.access_token())
    yield made
    made.close()


def reason(error: HttpError) -> str:
    return json.loads(error.content)["error"]["errors"][0]["reason"]


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (429, "rateLimitExceeded"),
        (403, "userRateLimitExceeded"),
        (403, "domainPolicy"),
        (500, "internalError"),
    ],
)
def test_a_planned_fault_comes_as_often_as_planned(sandbox, gmail, status, why):
    sandbox.faults.fail_next(status, why, count=2, retry_after=7 if status == 429 else None)
    for _ in range(2):
        with pytest.raises(HttpError) as refused:
            gmail.getProfile(userId="me").execute()
        assert refused.value.status_code == status
        assert reason(refused.value) == why
        assert refused.value.resp.get("retry-after") == ("7" if status == 429 else None)
    gmail.getProfile(userId="me").execute()
    assert sandbox.faults.happened == {str(status): 2}


def test_a_fault_waits_for_its_path(sandbox, gmail):
    sandbox.faults.fail_next(500, path="/history")
    gmail.getProfile(userId="me").execute()
    with pytest.raises(HttpError):
        gmail.history().list(userId="me", startHistoryId="1").execute()


def test_single_parts_of_a_batch_fail_and_the_others_arrive(sandbox, box, service):
    refs = [box.deliver(letter(f"Mail {n} ü")) for n in range(5)]
    sandbox.faults.fail_next_part(429, path=refs[1])
    sandbox.faults.fail_next_part(500, path=refs[3])
    good, bad = batch_get(service, refs)
    assert set(good) == {refs[0], refs[2], refs[4]}
    assert {ref: error.status_code for ref, error in bad.items()} == {refs[1]: 429, refs[3]: 500}
    assert good[refs[2]]["id"] == refs[2]


def test_a_missing_message_is_a_404_of_its_part_alone(box, service):
    ref = box.deliver(letter())
    good, bad = batch_get(service, [ref, "19c0000000000000"])
    assert list(good) == [ref]
    assert bad["19c0000000000000"].status_code == 404


@pytest.mark.parametrize("is_wellformed", [True, False])
def test_a_truncated_batch_loses_its_last_answers(sandbox, box, service, is_wellformed):
    refs = [box.deliver(letter(f"Mail {n}", body="x" * 600)) for n in range(4)]
    sandbox.faults.truncate_next_batch(keep_parts=2, is_wellformed=is_wellformed)
    with pytest.raises((KeyError, ValueError, HttpError)):
        batch_get(service, refs)
    good, _ = batch_get(service, refs)
    assert len(good) == 4


def test_a_batch_of_more_than_a_hundred_is_refused(box, service):
    ref = box.deliver(letter())
    batch = service.new_batch_http_request()
    for number in range(101):
        batch.add(service.users().messages().get(userId="me", id=ref), request_id=str(number))
    with pytest.raises(HttpError) as refused:
        batch.execute()
    assert refused.value.status_code == 400


def test_a_dropped_answer_leaves_the_work_done(sandbox, box, gmail):
    ref = box.deliver(letter())
    sandbox.faults.drop_next(count=4)
    with pytest.raises((OSError, httplib2.HttpLib2Error)):
        gmail.messages().modify(userId="me", id=ref, body={"removeLabelIds": ["UNREAD"]}).execute()
    assert box.get(ref).labels == {"INBOX"}
    assert sandbox.faults.happened["drop_after"] >= 1


def test_a_line_dropped_before_the_work_leaves_nothing_done(sandbox, box, gmail):
    ref = box.deliver(letter())
    sandbox.faults.drop_next(count=4, after_work=False)
    with pytest.raises((OSError, httplib2.HttpLib2Error)):
        gmail.messages().modify(userId="me", id=ref, body={"removeLabelIds": ["UNREAD"]}).execute()
    assert box.get(ref).labels == {"INBOX", "UNREAD"}


def test_a_stalled_answer_runs_into_the_callers_timeout(sandbox):
    service = connect(sandbox.url, sandbox.access_token(), timeout=0.2)
    sandbox.faults.stall_next(1.0, count=4)
    with pytest.raises(TimeoutError):
        service.users().getProfile(userId="me").execute()
    service.close()


def test_an_answer_shorter_than_promised_is_noticed(sandbox, box, gmail):
    ref = box.deliver(letter(body="x" * 3000))
    sandbox.faults.shorten_next(count=4)
    with pytest.raises(Exception, match=r"IncompleteRead|incomplete|end-of-stream"):
        gmail.messages().get(userId="me", id=ref).execute()


def test_the_dice_fall_the_same_for_the_same_seed(sandbox, gmail):
    def outcomes():
        sandbox.faults.random(0.5, seed=4)
        seen = []
        for _ in range(12):
            try:
                gmail.labels().list(userId="me").execute()
                seen.append("good")
            except (HttpError, OSError, httplib2.HttpLib2Error, Exception) as error:  # noqa: BLE001
                seen.append(type(error).__name__)
        sandbox.faults.clear()
        return seen

    assert outcomes() == outcomes()
    assert sum(sandbox.faults.happened.values()) > 4


def test_quota_is_charged_and_refused_over_the_minute(box):
    ref = box.deliver(letter())
    small = Profile("small", {"messages.get": 20, "users.getProfile": 1}, units_per_minute=50)
    with running_sandbox(box, profile=small) as sandbox:
        service = connect(sandbox.url, sandbox.access_token())
        batch_get(service, [ref])
        batch_get(service, [ref])
        _, bad = batch_get(service, [ref])
        assert reason(bad[ref]) == "rateLimitExceeded"
        service.users().getProfile(userId="me").execute()
        usage = sandbox.usage()
        assert (usage.units, usage.requests, usage.refused) == (41, 4, 1)
        assert usage.calls == {"messages.get": 2, "users.getProfile": 1}
        service.close()


def test_a_batch_wider_than_the_profile_allows_is_partly_too_many(box):
    refs = [box.deliver(letter(f"Mail {n}")) for n in range(6)]
    narrow = Profile("narrow", {}, units_per_minute=10_000, parts_at_once=4)
    with running_sandbox(box, profile=narrow) as sandbox:
        service = connect(sandbox.url, sandbox.access_token())
        good, bad = batch_get(service, refs)
        assert (len(good), len(bad)) == (4, 2)
        service.close()


def test_without_a_token_nobody_comes_in(sandbox, box):
    service = connect(sandbox.url, "made-up")
    with pytest.raises((HttpError, google.auth.exceptions.RefreshError)):
        service.users().getProfile(userId="me").execute()
    service.close()


def login(sandbox, refresh):
    return connect(
        sandbox.url,
        None,
        refresh_token=refresh,
        token_uri=f"{sandbox.url}/token",
        client_id="c",
        client_secret="s",
    )


def test_an_expired_access_token_is_refreshed_without_a_word(sandbox):
    service = login(sandbox, sandbox.refresh_token())
    service.users().getProfile(userId="me").execute()
    sandbox.tokens.expire_access()
    service.users().getProfile(userId="me").execute()
    service.close()


def test_revoked_consent_is_invalid_grant(sandbox):
    service = login(sandbox, sandbox.refresh_token())
    service.users().getProfile(userId="me").execute()
    sandbox.tokens.revoke()
    with pytest.raises(google.auth.exceptions.RefreshError, match="invalid_grant"):
        service.users().getProfile(userId="me").execute()
    service.close()


def test_readonly_consent_reads_and_changes_nothing(sandbox, box):
    ref = box.deliver(letter())
    service = connect(sandbox.url, sandbox.access_token(scopes=[READONLY]))
    service.users().messages().get(userId="me", id=ref).execute()
    with pytest.raises(HttpError) as refused:
        service.users().messages().trash(userId="me", id=ref).execute()
    assert reason(refused.value) == "insufficientPermissions"
    assert "TRASH" not in box.get(ref).labels
    service.close()


def test_the_token_file_is_private_and_points_here(sandbox, tmp_path):
    path = tmp_path / "token.json"
    write_token_file(path, sandbox.url, refresh_token=sandbox.refresh_token())
    assert path.stat().st_mode & 0o777 == 0o600
    content = json.loads(path.read_text())
    assert content["token_uri"] == f"{sandbox.url}/token"
    assert content["type"] == "authorized_user"


def test_a_script_acts_between_requests(box):
    seen = []
    with running_sandbox(box) as sandbox:
        sandbox.on_request(lambda number, method, path: seen.append((number, method, path)))
        sandbox.script.append((2, lambda: box.deliver(letter())))
        service = connect(sandbox.url, sandbox.access_token())
        counts = [
            service.users().getProfile(userId="me").execute()["messagesTotal"] for _ in range(3)
        ]
        assert counts == [0, 1, 1]
        service.close()
    assert seen == [(number, "GET", "/gmail/v1/users/me/profile") for number in (1, 2, 3)]


def test_an_error_in_a_script_reaches_the_test_that_wrote_it(box):
    def one_request():
        with running_sandbox(box) as sandbox:
            sandbox.script.append((1, lambda: 1 / 0))
            service = connect(sandbox.url, sandbox.access_token())
            service.users().getProfile(userId="me").execute()
            service.close()

    with pytest.raises(ZeroDivisionError):
        one_request()


def test_mail_may_vanish_between_two_parts_of_one_batch(sandbox, box, service):
    refs = [box.deliver(letter(f"Mail {n}")) for n in range(3)]
    sandbox.call_script.append((2, lambda: box.delete(refs[1])))
    good, bad = batch_get(service, refs)
    assert set(good) == {refs[0], refs[2]}
    assert bad[refs[1]].status_code == 404


def test_a_port_that_is_taken_is_said_plainly(box):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with (
            pytest.raises(Exception, match="cannot listen on port"),
            running_sandbox(box, port=taken.getsockname()[1]),
        ):
            pass


def test_rubbish_on_the_line_does_not_stop_the_server(sandbox, gmail):
    port = int(sandbox.url.rpartition(":")[2])
    for rubbish in (
        b"\x00\xff\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(rubbish)
            with contextlib.suppress(ConnectionResetError):
                assert line.recv(10) == b""
    gmail.getProfile(userId="me").execute()
