"""The small MIME writer against the standard library: what it writes is read back as it was meant, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.cadence.compose import OutgoingMail, compose
from inboxcrm.cadence.mail_headers import UnfitHeaderError
from inboxcrm.mail.mime import parse

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
BOB = "bob@bakery.example"
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "X-Inboxcrm-Key", "MIME-Version"]


def mail(**options) -> OutgoingMail:
    return OutgoingMail(**{
        "from_name": "Alice Berg", "from_address": "alice@ourfirm.example", "to_address": BOB, "subject": "Hello",
        "date": AT, "message_id": "<key@ourfirm.example>", "key": "KEY", "text": "Hi Bob,\n", **options,
    })  # fmt: skip


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def bodies(message: EmailMessage) -> tuple[str, str]:
    """Text and HTML with lines by LF."""
    found = [message.get_body((kind,)) for kind in ("plain", "html")]
    return tuple(part.get_content().replace("\r\n", "\n") if part else "" for part in found)


def by_the_library(one: OutgoingMail) -> EmailMessage:
    """The same mail as EmailMessage writes and reads it."""
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(one.from_name, addr_spec=one.from_address)
    made["To"] = Address(one.to_name, addr_spec=one.to_address)
    made["Subject"] = one.subject
    made["Date"] = one.date
    made["Message-ID"] = one.message_id
    made.set_content(one.text)
    if one.html:
        made.add_alternative(one.html, subtype="html")
    return read(made.as_bytes())


def held_to_the_rules(raw: bytes) -> None:
    """RFC 5322 section 2: lines, their ends and their length; RFC 2047: length of encoded words; ASCII all through."""
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert b"\x00" not in raw
    lines = raw.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 998
    head = lines[: lines.index(b"")]
    for line in head:
        # Only an address has no place to be folded at.
        assert len(line) <= 78 or len(line.split()) <= 2, line
        assert line.strip()
        if b"=?" in line:
            assert len(line) <= 76 or b"<" in line, line
    for word in re.findall(rb"=\?utf-8\?[bq]\?[^?]*\?=", b"".join(head)):
        assert len(word) <= 75
        [(data, _)] = decode_header(word.decode())
        data.decode("utf-8")  # no letter is split between two words


# --- what people write --------------------------------------------------------------


def test_a_plain_mail_byte_for_byte():
    assert compose(mail()) == (
        b"From: Alice Berg <alice@ourfirm.example>\r\n"
        b"To: bob@bakery.example\r\n"
        b"Subject: Hello\r\n"
        b"Date: Wed, 20 May 2026 12:00:00 +0000\r\n"
        b"Message-ID: <key@ourfirm.example>\r\n"
        b"X-Inboxcrm-Key: KEY\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Hi Bob,\r\n"
    )


def test_text_comes_first_and_html_last():
    message = read(compose(mail(html="<p>Hi Bob,</p>\n")))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert bodies(message) == ("Hi Bob,\n", "<p>Hi Bob,</p>\n")
    assert [name for name, _ in message.items()] == [*HEADERS, "Content-Type"]
    assert message.defects == []


def test_the_same_mail_is_the_same_bytes():
    one = mail(html="<p>é</p>", subject="Grüße", references=("<a@b.example>",))
    assert compose(one) == compose(replace(one))
    assert compose(one) != compose(replace(one, key="OTHER"))


def test_a_follow_up_names_all_that_went_before():
    ids = tuple(f"<{number}.{'x' * 40}@mail.ourfirm.example>" for number in range(30))
    raw = compose(mail(in_reply_to=ids[-1], references=ids))
    held_to_the_rules(raw)
    message = read(raw)
    assert tuple(message["References"].split()) == ids
    assert message["In-Reply-To"] == ids[-1]


def test_a_way_out_in_the_header():
    given = "<https://crm.ourfirm.example/u/abc>, <mailto:alice+u-abc@ourfirm.example>"
    message = read(compose(mail(list_unsubscribe=given, one_click=True)))
    assert message["List-Unsubscribe"] == given
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read(compose(mail(list_unsubscribe=given)))["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Alice Berg", b"From: Alice Berg <alice"),
        ("Berg, Alice", b'From: "Berg, Alice" <alice'),
        ('Alice "Ally" Berg\\', b'From: "Alice \\"Ally\\" Berg\\\\" <alice'),
        ("J. Berg", b'From: "J. Berg" <alice'),
        ("", b"From: alice@ourfirm.example\r\n"),
        ("  Alice\t Berg ", b"From: Alice Berg <alice"),
        ("Alïce", b"From: =?utf-8?q?Al=C3=AFce?= <alice"),
        ("=?utf-8?q?Eve?=", b"From: =?utf-8?q?=3D=3Futf-8=3Fq=3FEve=3F=3D?= <alice"),
        ("eve@x.example", b'From: "eve@x.example" <alice'),
    ],
)
def test_names_are_written_so_that_they_are_read_as_names(name, written):
    raw = compose(mail(from_name=name))
    assert raw.startswith(written)
    [found] = read(raw)["From"].addresses
    assert (found.display_name, found.addr_spec) == (
        " ".join(name.split()),
        "alice@ourfirm.example",
    )


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("Bob@Bakery.example", "Bob@bakery.example"),
        ("bob@bäckerei.example", "bob@xn--bckerei-5wa.example"),
        ('"bob moss"@bakery.example', '"bob moss"@bakery.example'),
        ('"bob\\"@moss"@bakery.example', '"bob\\"@moss"@bakery.example'),
        ("bob+tag/x=1@bakery.example", "bob+tag/x=1@bakery.example"),
        (
            "bob@" + ".".join(["x" * 60] * 4) + ".example",
            "bob@" + ".".join(["x" * 60] * 4) + ".example",
        ),
    ],
)
def test_odd_addresses_go_where_they_say(address, written):
    raw = compose(mail(to_address=address))
    held_to_the_rules(raw)
    [found] = read(raw)["To"].addresses
    assert found.addr_spec == written
    assert raw.count(b"@") == compose(mail()).count(b"@") + written.count("@") - 1


@pytest.mark.parametrize(
    ("options", "header"),
    [
        ({"to_address": "bob"}, "To"),
        ({"to_address": ""}, "To"),
        ({"to_address": "bob@bakery.example, eve@x.example"}, "To"),
        ({"to_address": "bob@bakery.example>, <eve@x.example"}, "To"),
        ({"to_address": "bob@bakery.example\r\nBcc: eve@x.example"}, "To"),
        ({"to_address": "bob\n@bakery.example"}, "To"),
        ({"to_address": "böb@bakery.example"}, "To"),
        ({"to_address": "group: bob@bakery.example;"}, "To"),
        ({"to_address": "(x)bob@bakery.example"}, "To"),
        ({"to_address": "b..ob@bakery.example"}, "To"),
        ({"to_address": "x" * 400 + "@bakery.example"}, "To"),
        ({"to_name": "Bob\nBcc: eve@x.example"}, "To"),
        ({"from_name": "Alice\r\nBcc: eve@x.example"}, "From"),
        ({"from_name": "Alice\x00"}, "From"),
        ({"from_address": "alice"}, "From"),
        ({"subject": "Hello\nBcc: eve@x.example"}, "Subject"),
        ({"subject": "Hello\r"}, "Subject"),
        ({"subject": "Hel\x00lo"}, "Subject"),
        ({"subject": "  "}, "Subject"),
        ({"date": datetime(2026, 5, 20)}, "Date"),
        ({"message_id": "key@ourfirm.example"}, "Message-ID"),
        ({"message_id": "<a b@c>"}, "Message-ID"),
        ({"message_id": "<a>\r\n<b>"}, "Message-ID"),
        ({"message_id": f"<{'x' * 1000}@c>"}, "Message-ID"),
        ({"in_reply_to": "<a>\nBcc: <eve@x.example>"}, "In-Reply-To"),
        ({"references": ("<a@b>", "<c\n@d>")}, "References"),
        ({"key": "a b"}, "X-Inboxcrm-Key"),
        ({"key": ""}, "X-Inboxcrm-Key"),
        ({"key": 'a"\r\nX: y'}, "X-Inboxcrm-Key"),
        ({"list_unsubscribe": "mailto:alice@ourfirm.example"}, "List-Unsubscribe"),
        ({"list_unsubscribe": "<mailto:a@x.example>\r\nX: y"}, "List-Unsubscribe"),
        ({"list_unsubscribe": f"<https://x.example/{'x' * 1000}>"}, "List-Unsubscribe"),
        ({"list_unsubscribe": "<mailto:a@x.example>", "one_click": True}, "List-Unsubscribe-Post"),
        ({"one_click": True}, "List-Unsubscribe"),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_header_is_refused_by_name(options, header):
    with pytest.raises(UnfitHeaderError) as refused:
        compose(mail(**options))
    assert refused.value.header == header
    assert header in refused.value.message
    assert refused.value.remedy


def test_times_keep_their_zone():
    there = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert b"Date: Wed, 20 May 2026 17:30:00 +0530\r\n" in compose(mail(date=there))


@pytest.mark.parametrize("subject", ["=?utf-8?q?Eve?=", "a =?utf-8?b?RXZl?= b", "=?" * 40])
def test_what_looks_encoded_is_read_as_it_was_written(subject):
    raw = compose(mail(subject=subject))
    held_to_the_rules(raw)
    assert read(raw)["Subject"] == subject


@pytest.mark.parametrize("letters", ["é", "aé", "漢", "a漢", "\U0001f600", "ab\U0001f600", "=?é"])
def test_long_subjects_and_names_are_cut_between_letters(letters):
    raw = compose(mail(subject=letters * 60, from_name=letters * 60))
    held_to_the_rules(raw)
    assert read(raw)["Subject"] == letters * 60


# --- bodies -----------------------------------------------------------------------------


def lines_of_all_kinds() -> str:
    return (
        "From here\n.\n..\n-- \ntrailing \ttab\t\n=20 = =3D\n\n"
        + "long " * 400
        + "\n"
        + "x" * 3_000
        + "\né\U0001f600\n"
    )


def test_bodies_come_out_as_they_went_in():
    text = lines_of_all_kinds()
    raw = compose(mail(text=text, html=text))
    held_to_the_rules(raw)
    assert bodies(read(raw)) == (text, text)


def test_a_long_line_without_an_end_breaks_by_crlf():
    raw = compose(mail(text="é" * 2_000))
    held_to_the_rules(raw)
    assert bodies(read(raw))[0] == "é" * 2_000 + "\n"


@pytest.mark.parametrize("letters", [998, 999, 3_000])
def test_a_line_too_long_for_the_wire_is_folded_and_read_whole(letters):
    raw = compose(mail(text="x" * letters, html="y" * letters))
    held_to_the_rules(raw)
    assert bodies(read(raw)) == ("x" * letters + "\n", "y" * letters + "\n")


def test_line_ends_of_all_kinds_are_one():
    raw = compose(mail(text="a\r\nb\rc\nd"))
    held_to_the_rules(raw)
    assert bodies(read(raw))[0] == "a\nb\nc\nd\n"


def test_a_boundary_in_a_body_is_another_boundary():
    boundary = read(compose(mail(html="<p>x</p>"))).get_boundary()
    raw = compose(
        mail(html="<p>x</p>", text=f"a\n--{boundary}--\nContent-Type: text/html\n\nevil\n")
    )
    message = read(raw)
    assert message.get_boundary() != boundary
    assert bodies(message) == (
        f"a\n--{boundary}--\nContent-Type: text/html\n\nevil\n",
        "<p>x</p>\n",
    )


def test_an_empty_body_is_a_body():
    held_to_the_rules(compose(mail(text="")))
    assert bodies(read(compose(mail(text="")))) == ("\n", "")


# --- against the library -----------------------------------------------------------------

_SIGNS = "abc ABC.,:;@<>()[]\\\"'=?_-/éüßñ漢字\U0001f600\u0627\u200f\u202e\t"
names = st.text(_SIGNS, max_size=120)
subjects = st.one_of(
    st.text(_SIGNS, max_size=300), st.text(max_size=60), st.text("ab ", max_size=400)
)
texts = st.one_of(st.text(_SIGNS + "\n", max_size=600), st.text(max_size=200))


def flat(text: str) -> str:
    return " ".join(text.split())


def fit(text: str) -> str:
    """As a body holds it: lines by LF, ended; no half letters."""
    whole = text.encode("utf-8", "replace").decode()
    joined = re.sub(r"\r\n?", "\n", whole)
    return joined if joined.endswith("\n") else f"{joined}\n"


@given(subjects, names, names, texts, texts)
def test_what_is_written_is_read_back(subject, from_name, to_name, text, html):
    one = mail(subject=subject, from_name=from_name, to_name=to_name, text=text, html=html)
    if any(re.search("[\r\n\x00]", value) for value in (subject, from_name, to_name)) or not flat(
        subject
    ):
        with pytest.raises(UnfitHeaderError):
            compose(one)
        return
    raw = compose(one)
    held_to_the_rules(raw)
    message = read(raw)
    expected = [*HEADERS, "Content-Type", *([] if html else ["Content-Transfer-Encoding"])]
    assert [name for name, _ in message.items()] == expected
    for header, address in (("From", one.from_address), ("To", BOB)):
        [found] = message[header].addresses
        assert found.addr_spec == address
        # Names: the library's reader puts spaces between their encoded words, see the next test.
        [ours] = [person for person in parse(raw).participants if person.role == header.lower()]
        assert ours.key == address
    written = " ".join(subject.encode("utf-8", "replace").decode().split())
    assert message["Subject"] == written
    read_text, read_html = bodies(message)
    assert read_text == fit(text)
    assert read_html == (fit(html) if html else "")


@given(names)
def test_a_name_is_read_back_whole(name):
    raw = compose(mail(to_name=name))
    [line] = [one for one in re.sub(rb"\r\n ", b" ", raw).split(b"\r\n") if one.startswith(b"To: ")]
    written = line.decode()[4:].removesuffix(f" <{BOB}>").removesuffix(BOB)
    if "=?" in written:
        written = "".join(
            part.decode(charset or "ascii") if isinstance(part, bytes) else part
            for part, charset in decode_header(written)
        )
    elif written.startswith('"'):
        written = re.sub(r"\\(.)", r"\1", written[1:-1])
    assert written == flat(name)


@given(
    st.text("abc .,-'é漢", min_size=1, max_size=60).filter(lambda text: text.strip()),
    st.text("ab é.=\n", max_size=400),
    st.text("ab é.=<p>\n", max_size=400),
)
def test_the_library_writes_the_same_mail(subject, text, html):
    one = mail(subject=flat(subject), text=fit(text), html=fit(html))
    ours, theirs = read(compose(one)), by_the_library(one)
    for header in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"):
        assert str(ours[header]) == str(theirs[header])
    assert bodies(ours) == bodies(theirs)
    assert ours.get_content_type() == theirs.get_content_type()


@given(st.text(max_size=40))
def test_no_address_leads_anywhere_else(text):
    one = mail(to_address=f"{text}@bakery.example")
    try:
        raw = compose(one)
    except UnfitHeaderError:
        return
    held_to_the_rules(raw)
    [found] = read(raw)["To"].addresses
    assert found.domain == "bakery.example"
    assert raw.count(b"\r\nTo: ") == 1
