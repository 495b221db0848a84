from __future__ import annotations

import pytest
from googleapiclient.errors import HttpError

from inboxcrm.sandbox.history import HistoryPages
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from tests.sandbox.gmail_client import connect, letter


def start_of(gmail):
    return gmail.getProfile(userId="me").execute()["historyId"]


def walk(gmail, start, **asked):
    records, request = [], gmail.history().list(userId="me", startHistoryId=start, **asked)
    while request is not None:
        answer = request.execute()
        records += answer.get("history", [])
        request = gmail.history().list_next(request, answer)
    return records


def kinds(records):
    return [next(key for key in record if key not in {"id", "messages"}) for record in records]


def test_all_four_kinds_of_event_come_in_order(box, gmail):
    start = start_of(gmail)
    ref = box.deliver(letter())
    box.trash(ref)
    box.delete(ref)
    records = walk(gmail, start)
    assert kinds(records) == ["messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted"]
    numbers = [int(record["id"]) for record in records]
    assert numbers == sorted(numbers)
    assert numbers[-1] - numbers[0] > len(numbers) - 1, "ids have gaps"
    trashed = records[1]["labelsAdded"][0]
    assert trashed["labelIds"] == ["TRASH"]
    assert trashed["message"]["labelIds"] == ["INBOX", "TRASH", "UNREAD"]
    assert records[3]["messagesDeleted"][0]["message"]["id"] == ref


def test_a_change_that_changes_nothing_is_no_event(box, gmail):
    ref = box.deliver(letter())
    start = start_of(gmail)
    box.modify(ref, add=["INBOX"], remove=["STARRED"])
    assert walk(gmail, start) == []


def test_a_filtered_page_may_be_empty_and_go_on(box, gmail):
    start = start_of(gmail)
    for _ in range(4):
        box.deliver(letter())
    gone = box.deliver(letter())
    box.delete(gone)
    first = gmail.history().list(
        userId="me", startHistoryId=start, historyTypes=["messageDeleted"], maxResults=2
    )
    answer = first.execute()
    assert "history" not in answer
    assert "nextPageToken" in answer
    assert kinds(walk(gmail, start, historyTypes=["messageDeleted"], maxResults=2)) == [
        "messagesDeleted"
    ]


def test_history_can_be_narrowed_to_a_label(box, gmail):
    start = start_of(gmail)
    box.deliver(letter())
    sent = box.deliver(letter(), labels=["SENT"])
    records = walk(gmail, start, labelId="SENT")
    assert [record["messages"][0]["id"] for record in records] == [sent]


def test_expired_history_is_a_404_even_if_nothing_happened_since(box, gmail):
    start = start_of(gmail)
    box.expire_history()
    with pytest.raises(HttpError) as refused:
        walk(gmail, start)
    assert refused.value.status_code == 404
    assert walk(gmail, start_of(gmail)) == []


@pytest.mark.parametrize("pages", HistoryPages)
def test_what_happens_during_a_walk_is_seen_by_it_or_by_the_next_one(pages):
    box = SandboxMailbox("alice@own.example", history_pages=pages)
    with running_sandbox(box) as sandbox:
        service = connect(sandbox.url, sandbox.access_token())
        gmail = service.users()
        start = start_of(gmail)
        early = [box.deliver(letter()) for _ in range(3)]
        request = gmail.history().list(userId="me", startHistoryId=start, maxResults=2)
        first = request.execute()
        late = box.deliver(letter())
        second = gmail.history().list_next(request, first).execute()
        seen = [record["messages"][0]["id"] for record in first["history"] + second["history"]]
        assert seen == (early if pages is HistoryPages.SNAPSHOT else [*early, late])
        assert int(second["historyId"]) == box.history.head > int(first["historyId"])
        again = [record["messages"][0]["id"] for record in walk(gmail, first["historyId"])]
        assert again == [late], "the first page's id never loses anything"
        service.close()


def test_a_page_token_of_another_walk_is_refused(box, gmail):
    start = start_of(gmail)
    for _ in range(3):
        box.deliver(letter())
    token = (
        gmail.history()
        .list(userId="me", startHistoryId=start, maxResults=1)
        .execute()["nextPageToken"]
    )
    with pytest.raises(HttpError, match="page token"):
        gmail.history().list(userId="me", startHistoryId=start_of(gmail), pageToken=token).execute()
