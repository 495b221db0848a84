"""A page of history becomes events in the order in which they happened."""

from __future__ import annotations

from inboxcrm.gmail.history import changes_in
from inboxcrm.ports import Change, ChangeKind


def message(ref: str, *labels: str) -> dict:
    return {"id": ref, "threadId": f"t-{ref}", **({"labelIds": list(labels)} if labels else {})}


def test_a_page_without_history_is_empty():
    assert list(changes_in({"historyId": "9", "nextPageToken": "more"})) == []


def test_events_keep_the_order_of_their_records():
    page = {
        "history": [
            {"labelsAdded": [{"message": message("a", "INBOX", "X"), "labelIds": ["X"]}]},
            {"labelsRemoved": [{"message": message("a", "INBOX"), "labelIds": ["X"]}]},
            {"labelsAdded": [{"message": message("a", "INBOX", "X"), "labelIds": ["X"]}]},
        ]
    }
    kinds = [change.kind for change in changes_in(page)]
    assert kinds == [ChangeKind.LABELS_ON, ChangeKind.LABELS_OFF, ChangeKind.LABELS_ON]


def test_an_added_message_carries_all_its_labels():
    page = {"history": [{"messagesAdded": [{"message": message("a", "INBOX", "UNREAD")}]}]}
    labels = frozenset({"INBOX", "UNREAD"})
    assert list(changes_in(page)) == [Change(ChangeKind.ADDED, "a", "t-a", labels, labels)]


def test_a_label_event_tells_what_moved_and_what_is_left():
    page = {
        "history": [{"labelsRemoved": [{"message": message("a", "SENT"), "labelIds": ["TRASH"]}]}]
    }
    (change,) = changes_in(page)
    assert (change.labels, change.all_labels) == (frozenset({"TRASH"}), frozenset({"SENT"}))


def test_labels_that_were_not_told_are_unknown_not_empty():
    page = {"history": [{"labelsRemoved": [{"message": message("a"), "labelIds": ["INBOX"]}]}]}
    (change,) = changes_in(page)
    assert change.all_labels is None


def test_a_message_added_and_removed_in_one_record_stays_removed():
    page = {
        "history": [
            {
                "messagesDeleted": [{"message": message("a")}],
                "messagesAdded": [{"message": message("a")}],
            }
        ]
    }
    assert [change.kind for change in changes_in(page)] == [ChangeKind.ADDED, ChangeKind.REMOVED]


def test_the_generic_list_and_entries_without_an_id_say_nothing():
    page = {"history": [{"messages": [message("a")], "messagesAdded": [{"message": {}}, {}]}, {}]}
    assert list(changes_in(page)) == []
