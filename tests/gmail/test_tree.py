"""Gmail's tree and the raw bytes of one mail are one Message.

The tree is built here the way Gmail answers: unfolded header values with encoded words left in, contents with their
transfer encoding undone in base64url, files as `attachmentId` and `size`.
"""

from __future__ import annotations

import base64
import email
from email import policy
from email.message import EmailMessage, Message
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.gmail.tree import message_from_payload
from inboxcrm.mail.mime import parse


def payload_of(raw: bytes, *, transcode: bool = False) -> dict[str, Any]:
    return _node(email.message_from_bytes(raw, policy=policy.compat32), "", transcode=transcode)


def _node(part: Message, path: str, *, transcode: bool) -> dict[str, Any]:
    headers = [
        {"name": name, "value": "".join(str(value).splitlines())} for name, value in part.items()
    ]
    node: dict[str, Any] = {
        "partId": path,
        "mimeType": part.get_content_type(),
        "filename": part.get_filename() or "",
        "headers": headers,
    }
    if part.get_content_maintype() == "multipart":
        node["body"] = {"size": 0}
        prefix = f"{path}." if path else ""
        node["parts"] = [
            _node(child, f"{prefix}{n}", transcode=transcode)
            for n, child in enumerate(part.get_payload())
        ]
        return node
    if part.get_content_type() == "message/delivery-status":
        node["body"] = {"size": 0}
        node["parts"] = [
            _node(child, f"{path}.{n}", transcode=transcode)
            for n, child in enumerate(part.get_payload())
        ]
        return node
    data = part.get_payload(decode=True) or b""
    if node["filename"] or part.get_content_disposition() == "attachment":
        node["body"] = {"attachmentId": f"ANGjdJ-{path}", "size": len(data)}
        return node
    if transcode and part.get_content_maintype() == "text":
        data = data.decode(part.get_content_charset("utf-8")).encode()
    node["body"] = {"size": len(data), "data": base64.urlsafe_b64encode(data).decode()}
    return node


def both(raw: bytes, **how: bool):
    return parse(raw), message_from_payload(payload_of(raw, **how), size_bytes=len(raw))


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n >"),
    max_size=80,
)
WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=40).map(
    lambda text: " ".join(text.split())
)
LOCAL = st.from_regex(r"[a-z]{1,8}", fullmatch=True)


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    mail = EmailMessage()
    people = draw(st.lists(st.tuples(WORDS, LOCAL), min_size=1, max_size=4))
    names = [name.replace('"', "").replace("\\", "") for name, _ in people]
    listed = [
        f'"{name}" <{local}@acme.example>' for name, (_, local) in zip(names, people, strict=True)
    ]
    mail["From"] = listed[0]
    if listed[1:]:
        mail["To"] = ", ".join(listed[1:])
    mail["Subject"] = draw(WORDS)
    mail["Date"] = "Thu, 22 Aug 2002 09:15:25 -0400"
    mail["Message-ID"] = f"<{draw(LOCAL)}@acme.example>"
    if draw(st.booleans()):
        mail["List-Id"] = draw(WORDS)
    encoding = draw(st.sampled_from(["base64", "quoted-printable"]))
    mail.set_content(draw(TEXT), cte=encoding)
    if draw(st.booleans()):
        mail.add_alternative(f"<p>{draw(TEXT)}</p>", subtype="html", cte=encoding)
    for name, content in draw(st.lists(st.tuples(WORDS, st.binary(max_size=50)), max_size=2)):
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=f"x{name}.pdf")
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=b{number}")
    return mail.as_bytes(policy=policy.SMTP)


@settings(max_examples=150)
@given(mails())
def test_tree_and_bytes_of_any_mail_are_one_message(raw):
    from_bytes, from_tree = both(raw)

    assert from_tree == from_bytes


ROOT = (
    "From: Bob <bob@acme.example>\r\nDate: Thu, 22 Aug 2002 09:15:25 -0400\r\nMIME-Version: 1.0\r\n"
)


@pytest.mark.parametrize("transcode", [False, True])
@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("iso-8859-1", "café über"),
        ("windows-1251", "привет"),
        ("utf-8", "naïve 😀"),
        ("iso-2022-jp", "見積もり"),
        ("us-ascii", "plain"),
    ],
)
def test_the_text_is_the_same_whether_gmail_turned_it_into_utf_8_or_not(charset, text, transcode):
    raw = f"{ROOT}Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + text.encode(
        charset
    )
    from_bytes, from_tree = both(raw, transcode=transcode)

    assert from_tree.text == from_bytes.text == text
    assert from_tree == from_bytes


@pytest.mark.parametrize("shape", ["parts", "data"])
def test_a_delivery_report_reads_the_same(shape):
    fields = "Reporting-MTA: dns; mx.acme.example\r\n\r\nFinal-Recipient: rfc822; dave@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    raw = (
        f"{ROOT}Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{fields}\r\n--b--\r\n"
    ).encode()
    payload = payload_of(raw)
    if shape == "data":
        del payload["parts"][1]["parts"]
        payload["parts"][1]["body"]["data"] = base64.urlsafe_b64encode(fields.encode()).decode()
    from_tree = message_from_payload(payload, size_bytes=len(raw))

    assert "Status: 5.1.1" in from_tree.report_text
    assert from_tree.report_text == parse(raw).report_text


def test_folded_headers_and_encoded_words_read_the_same():
    raw = (
        ROOT
        + "To: =?utf-8?q?J=C3=B6rg?=\r\n\t<j@acme.example>,\r\n Carol <c@acme.example>\r\nReferences: <a@x.example>\r\n <b@x.example>\r\n\r\nx"
    ).encode()
    from_bytes, from_tree = both(raw)

    assert from_tree == from_bytes
    assert [p.name for p in from_tree.participants] == ["Bob", "Jörg", "Carol"]


def test_a_text_that_gmail_keeps_back_is_an_attachment_with_a_defect():
    payload = {"mimeType": "text/plain", "headers": [], "body": {"attachmentId": "A", "size": 9}}
    message = message_from_payload(payload, size_bytes=9)

    assert message.text == ""
    assert [file.size_bytes for file in message.attachments] == [9]
    assert any("not sent along" in defect for defect in message.defects)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "headers",
                    "parts",
                    "body",
                    "data",
                    "size",
                    "mimeType",
                    "filename",
                    "name",
                    "value",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["headers", "parts", "body", "mimeType", "filename"]), JUNK))
def test_a_tree_of_any_shape_makes_a_message(payload):
    assert message_from_payload(payload, size_bytes=1).size_bytes == 1
