"""Whatever the bytes: a message comes out, fit to store, and every rule can read it."""

from __future__ import annotations

import mailbox

from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.mail.classify import classify
from inboxcrm.mail.conversations import conversation_refs
from inboxcrm.mail.forms import form_identity
from inboxcrm.mail.identity import message_key
from inboxcrm.mail.message import MAX_PARTICIPANTS, Message
from inboxcrm.mail.mime import parse
from inboxcrm.mail.reply import snippet, split_quoted

LINES = st.sampled_from(
    [
        b"From: Bob <bob@acme.example>", b"From: ", b'To: "a, b" <a@b.example>, undisclosed:;', b"Subject: =?utf-8?b?w6Q?= =?x?q?=ff?=",
        b"Date: Thu, 99 Aug 2002", b"Message-Id: <>", b"References: <a@b> <", b"Content-Type: multipart/mixed; boundary=b", b"--b", b"--b--",
        b"Content-Type: text/html; charset=utf-16", b"Content-Type: text/plain; charset=iso-2022-jp; format=flowed",
        b"Content-Type: message/delivery-status", b"Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable", b"Content-Disposition: attachment; filename*0*=a'b'%ff; filename*1=c",
        b"", b"\x00\xff\xfe", b"\x1b$B!!", b"=\xff= =3D", b"<p>&#x110000; <b", b"> quoted", b"On 2002 a wrote:", b" folded", b"\tfolded", b"junk", b"Return-Path: <>",
        b"Action: failed\nStatus: 5.1.1", b"Received: x; y", b"Subject: \xe4\xb8",
    ]
)  # fmt: skip
MAILS = st.lists(LINES | st.binary(max_size=30), max_size=30).flatmap(
    lambda lines: st.sampled_from([b"\n", b"\r\n", b"\r"]).map(lambda end: end.join(lines))
)


def check(message: Message) -> None:
    texts = [
        message.message_id,
        message.subject,
        message.text,
        message.html,
        message.report_text,
        *message.defects,
        *message.references,
    ]
    texts += [part for pair in message.headers for part in pair]
    texts += [
        part for person in message.participants for part in (person.key, person.shown, person.name)
    ]
    texts += [
        part
        for file in message.attachments
        for part in (file.filename, file.content_type, file.content_id)
    ]
    for text in texts:
        text.encode()
        assert "\x00" not in text
        assert "\r" not in text
    assert all(person.key for person in message.participants)
    assert len(message.participants) <= min(MAX_PARTICIPANTS, message.participant_count)
    assert message.date is None or message.date.tzinfo is not None
    classify(message)
    split_quoted(message.text)
    form_identity(message, is_own=lambda key: True)
    assert len(message_key(message)) == 40
    assert len(snippet(message)) <= 160
    assert all(len(ref) <= 200 for ref in conversation_refs(message))


@settings(max_examples=400)
@given(MAILS | st.binary(max_size=300))
def test_any_bytes_make_a_message(raw):
    message = parse(raw)

    check(message)
    assert message.size_bytes == len(raw)
    assert parse(raw) == message


def test_real_mail_is_read_whole(real_mbox):
    box = mailbox.mbox(real_mbox, create=False)
    messages = [parse(box.get_bytes(key)) for key in box.keys()]  # noqa: SIM118
    box.close()

    assert len(messages) == 605
    for message in messages:
        check(message)
    assert sum(message.author is not None for message in messages) >= 604
    assert sum(message.date is not None for message in messages) == 605
    assert sum(bool(message.text) for message in messages) >= 595
    assert sum("\ufffd" in message.text + message.subject for message in messages) <= 12
