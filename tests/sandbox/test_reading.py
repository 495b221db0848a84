from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from googleapiclient.errors import HttpError

from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from tests.sandbox.gmail_client import NOON, connect, letter


def ids_of(gmail, **asked):
    found, request = [], gmail.messages().list(userId="me", **asked)
    while request is not None:
        answer = request.execute()
        found += [item["id"] for item in answer.get("messages", [])]
        request = gmail.messages().list_next(request, answer)
    return found


def part(payload, path):
    for place in path.split("."):
        payload = payload["parts"][int(place)]
    return payload


def text_of(payload):
    return base64.urlsafe_b64decode(payload["body"]["data"])


def test_the_profile_counts_and_names_the_head_of_history(box, gmail):
    box.deliver(letter())
    profile = gmail.getProfile(userId="me").execute()
    assert profile == {
        "emailAddress": "alice@own.example", "messagesTotal": 1, "threadsTotal": 1,
        "historyId": str(box.history.head),
    }  # fmt: skip


def test_pages_hold_every_message_once_newest_first(box, gmail):
    refs = [box.deliver(letter(f"Mail {n}"), at=NOON + timedelta(minutes=n)) for n in range(7)]
    assert ids_of(gmail, maxResults=3) == refs[::-1]


def test_mail_that_arrives_between_pages_moves_nothing(box, gmail):
    refs = [box.deliver(letter(f"Mail {n}"), at=NOON + timedelta(minutes=n)) for n in range(4)]
    request = gmail.messages().list(userId="me", maxResults=2)
    first = request.execute()
    box.deliver(letter("New"), at=NOON + timedelta(hours=1))
    second = gmail.messages().list_next(request, first).execute()
    assert [item["id"] for item in first["messages"] + second["messages"]] == refs[::-1]


def test_spam_and_trash_are_left_out_unless_asked_for(box, gmail):
    kept = box.deliver(letter())
    spam = box.deliver(letter(), labels=["SPAM"])
    trashed = box.deliver(letter())
    box.trash(trashed)
    assert ids_of(gmail) == [kept]
    assert set(ids_of(gmail, includeSpamTrash=True)) == {kept, spam, trashed}
    assert ids_of(gmail, labelIds=["SPAM"]) == [spam]
    assert ids_of(gmail, q="in:trash") == [trashed]


def test_an_empty_mailbox_has_no_messages_field(gmail):
    answer = gmail.messages().list(userId="me").execute()
    assert answer == {"resultSizeEstimate": 0}


def test_a_mail_with_text_html_and_a_file_is_the_tree_gmail_makes(box, gmail):
    raw = (
        b"From: =?utf-8?q?Bj=C3=B6rn=2C_Bob?= <bob@client.example>\r\nTo: alice@own.example\r\n"
        b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n from\r\n\tBob\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="m"\r\n\r\n'
        b'--m\r\nContent-Type: multipart/alternative; boundary="a"\r\n\r\n'
        b"--a\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Gr=FC=DFe & mehr\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>hi</p>\r\n--a--\r\n"
        b'--m\r\nContent-Type: application/pdf; name="q.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="q.pdf"\r\n\r\nJVBERg==\r\n--m--\r\n'
    )
    ref = box.deliver(raw, at=NOON)
    message = gmail.messages().get(userId="me", id=ref).execute()
    assert message["internalDate"] == str(int(NOON.timestamp() * 1000))
    assert message["labelIds"] == ["INBOX", "UNREAD"]
    assert message["sizeEstimate"] == len(raw)
    assert message["snippet"] == "Grüße &amp; mehr"
    payload = message["payload"]
    headers = {header["name"]: header["value"] for header in payload["headers"]}
    assert headers["Subject"] == "Grüße from Bob"
    assert headers["From"] == '"Björn, Bob" <bob@client.example>'
    assert (payload["partId"], payload["mimeType"], payload["body"]) == (
        "",
        "multipart/mixed",
        {"size": 0},
    )
    text = part(payload, "0.0")
    assert (text["partId"], text["filename"]) == ("0.0", "")
    assert text_of(text) == b"Gr\xfc\xdfe & mehr", "the charset stays as it was sent"
    assert part(payload, "0.1")["partId"] == "0.1"
    file = part(payload, "1")
    assert (file["filename"], file["body"]["size"]) == ("q.pdf", 4)
    assert "data" not in file["body"]
    found = (
        gmail.messages()
        .attachments()
        .get(userId="me", messageId=ref, id=file["body"]["attachmentId"])
        .execute()
    )
    assert base64.urlsafe_b64decode(found["data"]) == b"%PDF"


def test_raw_metadata_and_minimal_show_what_they_should(box, gmail):
    raw = letter("Hello", Message_ID="<1@client.example>").replace(b"\n", b"\r\n")
    ref = box.deliver(raw)
    get = gmail.messages().get
    assert base64.urlsafe_b64decode(get(userId="me", id=ref, format="raw").execute()["raw"]) == raw
    assert "payload" not in get(userId="me", id=ref, format="minimal").execute()
    metadata = get(
        userId="me", id=ref, format="metadata", metadataHeaders=["subject", "From"]
    ).execute()
    assert [header["name"] for header in metadata["payload"]["headers"]] == ["From", "Subject"]
    assert "body" not in metadata["payload"]


def test_a_bounce_shows_its_report_inline_or_behind_an_attachment_id(box, gmail):
    raw = (
        b"From: mailer-daemon@mx.example\r\nTo: alice@own.example\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
        b"--r\r\nContent-Type: text/plain\r\n\r\nNo such user dave@client.example\r\n"
        b"--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; dave@client.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"--r\r\nContent-Type: message/rfc822\r\n\r\nSubject: Offer\r\nFrom: alice@own.example\r\n\r\nHi\r\n--r--\r\n"
    )
    payload = gmail.messages().get(userId="me", id=box.deliver(raw)).execute()["payload"]
    report = text_of(part(payload, "1")).decode()
    assert "Final-Recipient: rfc822; dave@client.example" in report
    assert "Status: 5.1.1" in report
    inner = part(payload, "2")
    assert "attachmentId" in inner["body"]
    assert part(payload, "2.0")["partId"] == "2.0"


def test_an_answer_joins_the_thread_and_another_subject_does_not(box, gmail):
    first = box.deliver(letter("Price?", Message_ID="<1@client.example>"))
    box.deliver(
        letter("AW: Re: Price?", In_Reply_To="<1@client.example>", Message_ID="<2@client.example>")
    )
    box.deliver(
        letter(
            "Fwd: Price?",
            References="<0@x.example> <2@client.example>",
            Message_ID="<3@client.example>",
        )
    )
    other = box.deliver(letter("Something else", In_Reply_To="<1@client.example>"))
    alone = box.deliver(letter("Price?"))
    thread = gmail.threads().get(userId="me", id=first).execute()
    assert len(thread["messages"]) == 3
    assert thread["historyId"] == str(
        max(int(message["historyId"]) for message in thread["messages"])
    )
    assert box.get(other).thread_ref == other
    assert box.get(alone).thread_ref == alone
    listed = gmail.threads().list(userId="me").execute()["threads"]
    assert [item["id"] for item in listed] == [alone, other, first]


def test_a_selection_of_fields_brings_just_those(box, gmail):
    ref = box.deliver(letter(body="Words"))
    found = (
        gmail.messages().get(userId="me", id=ref, fields="id,payload(headers/name,body)").execute()
    )
    assert set(found) == {"id", "payload"}
    assert set(found["payload"]) == {"headers", "body"}
    assert all(set(header) == {"name"} for header in found["payload"]["headers"])
    thread = gmail.threads().get(userId="me", id=ref, fields="messages(id,labelIds)").execute()
    assert thread == {"messages": [{"id": ref, "labelIds": ["INBOX", "UNREAD"]}]}
    listed = gmail.messages().list(userId="me", fields="messages/id,nextPageToken").execute()
    assert listed == {"messages": [{"id": ref}]}


@pytest.mark.parametrize("fields", ["id,nonsense", "payload(", "id,,threadId", "payload/(id)"])
def test_a_selection_that_means_nothing_is_refused(box, gmail, fields):
    ref = box.deliver(letter())
    with pytest.raises(HttpError) as refused:
        gmail.messages().get(userId="me", id=ref, fields=fields).execute()
    assert refused.value.status_code == 400


def test_labels_are_moved_and_answers_follow(box, gmail):
    ref = box.deliver(letter())
    label = box.add_label("Customers")
    before = gmail.messages().get(userId="me", id=ref).execute()
    gmail.messages().modify(
        userId="me", id=ref, body={"addLabelIds": [label], "removeLabelIds": ["UNREAD"]}
    ).execute()
    after = gmail.messages().get(userId="me", id=ref).execute()
    assert after["labelIds"] == ["INBOX", label]
    assert int(after["historyId"]) > int(before["historyId"])
    counts = gmail.labels().get(userId="me", id=label).execute()
    assert (counts["name"], counts["messagesTotal"], counts["messagesUnread"]) == (
        "Customers",
        1,
        0,
    )
    with pytest.raises(HttpError, match="Invalid label"):
        gmail.messages().modify(userId="me", id=ref, body={"addLabelIds": ["Label_99"]}).execute()


def test_two_people_see_their_own_mailbox_only():
    alice, carol = SandboxMailbox("alice@own.example"), SandboxMailbox("carol@own.example")
    alice.deliver(letter())
    with running_sandbox([alice, carol]) as sandbox:
        service = connect(sandbox.url, sandbox.access_token("carol@own.example"))
        users = service.users()
        assert users.getProfile(userId="me").execute()["messagesTotal"] == 0
        with pytest.raises(HttpError) as refused:
            users.getProfile(userId="alice@own.example").execute()
        assert refused.value.status_code == 403
        service.close()


def test_aliases_are_send_as_addresses(gmail):
    found = gmail.settings().sendAs().list(userId="me").execute()["sendAs"]
    assert [item["sendAsEmail"] for item in found] == ["alice@own.example", "sales@own.example"]
    assert found[0]["isPrimary"] is True
