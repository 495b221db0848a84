"""Bytes to Message: whatever arrives is read as far as it goes, and what was wrong with it is said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from inboxcrm.mail import build, contents, header_lines, mime
from inboxcrm.mail.message import DateSource, Role
from inboxcrm.mail.mime import parse

HEAD = b"From: Bob <bob@acme.example>\r\nTo: alice@own.example\r\nDate: Thu, 22 Aug 2002 09:15:25 -0400\r\n"


def mail(*headers: str, body: bytes = b"Hello\r\n") -> bytes:
    return HEAD + "".join(f"{line}\r\n" for line in headers).encode() + b"\r\n" + body


def test_bob_writes_a_plain_mail():
    message = parse(
        mail("Message-ID: <1@acme.example>", "Subject: Prices", "In-Reply-To: <0@own.example>")
    )

    assert message.message_id == "1@acme.example"
    assert message.in_reply_to == ("0@own.example",)
    assert message.subject == "Prices"
    assert message.text == "Hello"
    assert message.date == datetime(2002, 8, 22, 13, 15, 25, tzinfo=UTC)
    assert message.date_source is DateSource.HEADER
    assert [(p.role, p.key, p.name) for p in message.participants] == [
        (Role.FROM, "bob@acme.example", "Bob"),
        (Role.TO, "alice@own.example", ""),
    ]
    assert message.defects == ()


@pytest.mark.parametrize(
    ("declared", "body", "text"),
    [
        ("iso-8859-1", b"caf\xe9 \x93quoted\x94", "café “quoted”"),
        ("iso-8859-1", "café".encode(), "café"),
        ("us-ascii", "café".encode(), "café"),
        ("utf-8", "naïve 😀".encode(), "naïve 😀"),
        ("gb2312", "联通".encode("gb18030"), "联通"),
        ("shift_jis", "①見積".encode("cp932"), "①見積"),
        ("iso-2022-jp", "見積もり".encode("iso2022_jp"), "見積もり"),
        ("iso-2022-jp", "ｶﾅ 見積".encode("iso2022_jp_ext"), "ｶﾅ 見積"),
        ("ISO-2022-JP-MS", "見積".encode("iso2022_jp"), "見積"),
        ("ks_c_5601-1987", "한국".encode("cp949"), "한국"),
        ("koi8-r", "привет".encode("koi8-r"), "привет"),
        ("utf-16", b"plain ascii", "plain ascii"),
    ],
)
def test_the_text_is_read_in_the_charset_it_is_written_in(declared, body, text):
    message = parse(mail(f"Content-Type: text/plain; charset={declared}", body=body))

    assert message.text == text


@pytest.mark.parametrize(
    "declared", ["x-klingon", "punycode", "rot13", "hex", "unicode_escape", "a" * 5000]
)
def test_an_unknown_or_dangerous_charset_is_noted_and_survived(declared):
    message = parse(mail(f"Content-Type: text/plain; charset={declared}", body=b"caf\xe9 \\u0041"))

    assert message.text == "café \\u0041"
    assert any("is unknown" in defect for defect in message.defects)


def test_bytes_that_are_not_what_they_claim_are_noted():
    message = parse(mail("Content-Type: text/plain; charset=us-ascii", body=b"caf\xe9"))

    assert message.text == "café"
    assert message.defects == (
        'The charset "us-ascii" is not what the text is written in; it was read as windows-1252.',
    )


def test_encoded_words_are_read_and_split_characters_joined():
    subject = "=?utf-8?B?w6Q=?= =?UTF-8?Q?=C3?=\r\n =?utf-8?q?=A4_b?= and =?iso-8859-1?q?caf=E9?="

    assert parse(mail(f"Subject: {subject}")).subject == "ää b and café"


def test_raw_bytes_in_a_subject_are_read():
    assert parse(HEAD + b"Subject: caf\xe9\r\n\r\nx").subject == "café"
    assert parse(HEAD + "Subject: naïve 見積\r\n\r\nx".encode()).subject == "naïve 見積"
    assert parse(HEAD + b"Subject: \x1b$B8+@Q\x1b(B\r\n\r\nx").subject == "見積"


def test_a_hostile_subject_cannot_break_a_page():
    message = parse(
        HEAD
        + b"Subject: a\x00b\x07 <script> \xe2\x80\xaegpj.exe "
        + b"x" * 1_000_000
        + b"\r\n\r\nx"
    )

    assert message.subject.startswith("a b <script> gpj.exe xxx")
    assert len(message.subject) == build.MAX_SUBJECT
    assert build.SUBJECT_CUT in message.defects


@pytest.mark.parametrize(
    ("date", "defect"),
    [
        (None, build.NO_DATE),
        ("yesterday", build.BAD_DATE),
        ("Thu, 31 Jul 1970 07:20:54 +0000", build.BAD_DATE),
        ("Thu, 22 Aug 0102 09:15:25 -0400", build.BAD_DATE),
        ("Fri, 99 Foo 2002 99:99:99 +9999", build.BAD_DATE),
        ("Thu, 22 Aug 2030 09:15:25 -0400", build.ODD_DATE),
        ("Thu, 22 Aug 1995 09:15:25 -0400", build.ODD_DATE),
    ],
)
def test_a_date_that_cannot_be_true_gives_way_to_the_topmost_received(date, defect):
    line = f"Date: {date}\n" if date is not None else ""
    raw = (
        "Received: from b by c; Thu, 22 Aug 2002 10:00:00 +0000\n"
        "Received: from a by b; Thu, 22 Aug 2002 09:00:00 +0000\n"
        f"From: bob@acme.example\n{line}\nx"
    )
    message = parse(raw.encode())

    assert message.date == datetime(2002, 8, 22, 10, tzinfo=UTC)
    assert message.date_source is DateSource.RECEIVED
    assert defect in message.defects


def test_without_any_date_there_is_none():
    message = parse(b"From: bob@acme.example\nDate: 1 Jan 1970 00:00:00 +0000\n\nx")

    assert (message.date, message.date_source) == (None, DateSource.NONE)


def test_two_digit_years_and_zone_names_are_understood():
    message = parse(b"From: bob@acme.example\nDate: 22 Aug 02 09:15 EDT\n\nx")

    assert message.date == datetime(2002, 8, 22, 13, 15, tzinfo=UTC)


MULTIPART = b'MIME-Version: 1.0\r\nContent-Type: multipart/%s; boundary="%s"\r\n\r\n'


def test_text_html_and_a_file_are_told_apart():
    raw = (
        HEAD
        + MULTIPART % (b"mixed", b"b1")
        + b"--b1\r\n"
        + MULTIPART % (b"alternative", b"b2")
        + b"--b2\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
        + b"--b2\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--b2--\r\n"
        + b"--b1\r\nContent-Type: application/pdf; name*=utf-8''Angebot%20%C3%BC.pdf\r\nContent-Disposition: attachment\r\n"
        + b"Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n--b1--\r\n"
    )
    message = parse(raw)

    assert message.text == "plain"
    assert message.html == "<p>rich</p>"
    (file,) = message.attachments
    assert (file.part, file.filename, file.size_bytes, file.is_inline) == (
        "1",
        "Angebot ü.pdf",
        5,
        False,
    )
    assert message.defects == ()


def test_a_file_name_cannot_climb_out_of_its_folder():
    raw = mail('Content-Type: application/x; name="../../etc/passwd"', body=b"x")

    assert parse(raw).attachments[0].filename == "passwd"


@pytest.mark.parametrize(
    ("body", "text", "defect"),
    [
        (b"--b\r\n\r\nfirst\r\n", "first", mime.NO_END),
        (b"no delimiter at all", "no delimiter at all", mime.BOUNDARY_MISSING),
    ],
)
def test_a_broken_multipart_still_shows_its_text(body, text, defect):
    message = parse(HEAD + MULTIPART % (b"mixed", b"b") + body)

    assert message.text == text
    assert defect in message.defects


def test_a_multipart_without_a_boundary_is_cut_where_its_parts_begin():
    raw = mail(
        "Content-Type: multipart/mixed",
        body=b"--zz\r\nContent-Type: text/plain\r\n\r\nfound\r\n--zz--\r\n",
    )
    message = parse(raw)

    assert message.text == "found"
    assert message.defects == (mime.NO_BOUNDARY,)


def test_a_boundary_that_begins_another_is_not_taken_for_it():
    inner = MULTIPART % (b"alternative", b"bb") + b"--bb\r\n\r\ninner\r\n--bb--\r\n"
    message = parse(
        HEAD + MULTIPART % (b"mixed", b"b") + b"--b\r\n" + inner + b"--b\r\n\r\nouter\r\n--b--\r\n"
    )

    assert message.text == "inner\n\nouter"


def test_parts_nested_hundreds_deep_end_somewhere():
    raw = HEAD
    for depth in range(600):
        raw += MULTIPART % (b"mixed", b"b%d" % depth) + b"--b%d\r\n" % depth
    message = parse(raw + b"\r\ninnermost\r\n")

    assert mime.TOO_DEEP in message.defects


def test_a_mail_of_very_many_parts_ends_somewhere():
    message = parse(
        HEAD + MULTIPART % (b"mixed", b"b") + b"--b\r\n\r\nx\r\n" * 5_000 + b"--b--\r\n"
    )

    assert mime.TOO_MANY in message.defects
    assert message.text.startswith("x\n\nx")


def test_a_content_type_of_fourteen_kilobytes_is_read():
    long_type = (
        "Content-Type: text/plain; "
        + "x" * 7_000
        + "="
        + '"' * 3_000
        + "; a" * 1_400
        + "; charset=utf-8"
    )
    message = parse(mail(long_type, body="ü".encode()))

    assert message.text == "ü"


def test_a_body_of_twenty_five_megabytes_is_cut_with_a_defect():
    message = parse(mail(body=b"0123456789abcde\n" * 1_600_000))

    assert len(message.text) <= contents.MAX_TEXT
    assert message.size_bytes > 25_000_000
    assert contents.TEXT_CUT in message.defects


def test_five_hundred_recipients_are_stored_and_all_are_counted():
    crowd = ",\r\n ".join(f"Person {n} <p{n}@crowd.example>" for n in range(700))
    message = parse(b"From: bob@acme.example\r\nTo: " + crowd.encode() + b"\r\n\r\nx")

    assert len(message.participants) == 500
    assert message.participant_count == 701
    assert message.participants[0].key == "bob@acme.example"
    assert build.MANY_PEOPLE in message.defects


def test_a_mail_without_an_author_says_so():
    message = parse(b"To: alice@own.example\n\nx")

    assert message.author is None
    assert build.NO_AUTHOR in message.defects


@pytest.mark.parametrize("value", ["<>", "", "< >", "garbage", "<\t>"])
def test_a_message_id_that_is_none_is_none(value):
    assert parse(mail(f"Message-Id: {value}")).message_id == ""


def test_old_in_reply_to_phrases_yield_their_id():
    raw = mail(
        'In-Reply-To: Your message of "Thu, 22 Aug" <a@acme.example>',
        "References: <a@acme.example>\r\n\t<b@ acme.example>",
    )
    message = parse(raw)

    assert message.in_reply_to == ("a@acme.example",)
    assert message.references == ("a@acme.example", "b@acme.example")


def test_a_bare_cr_makes_no_second_header():
    message = parse(b"From: bob@acme.example\nSubject: a\rTo: mallory@evil.example\n\nx")

    assert [p.key for p in message.participants] == ["bob@acme.example"]
    assert header_lines.BARE_CR in message.defects


def test_a_mail_with_cr_line_ends_only_is_read():
    assert parse(b"From: bob@acme.example\rSubject: old\r\rtext\rmore").text == "text\nmore"


def test_nul_and_surrogates_are_gone_from_the_text():
    message = parse(mail("Content-Type: text/plain; charset=utf-7", body=b"a\x00b +2AA-"))

    assert "\x00" not in message.text
    message.text.encode()


def test_a_line_that_is_no_header_is_skipped():
    message = parse(b"From: bob@acme.example\nthis is junk\nSubject: still read\n\ntext")

    assert message.subject == "still read"
    assert message.text == "text"
    assert header_lines.ODD_LINE in message.defects


def test_a_mail_without_a_blank_line_begins_where_the_fields_end():
    message = parse(b"From: bob@acme.example\nSubject: s\nDear Alice\nhow are you\n")

    assert message.text == "Dear Alice\nhow are you"
    assert header_lines.NO_BLANK_LINE in message.defects


def test_an_attached_mail_is_an_attachment_and_does_not_speak():
    inner = b"From: mallory@evil.example\r\nSubject: inner\r\n\r\nignore me\r\n"
    raw = (
        HEAD
        + MULTIPART % (b"mixed", b"b")
        + b"--b\r\n\r\nsee below\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    message = parse(raw + inner + b"--b--\r\n")

    assert message.text == "see below"
    assert [file.content_type for file in message.attachments] == ["message/rfc822"]
    assert "mallory@evil.example" not in [p.key for p in message.participants]


@pytest.mark.parametrize(
    "part",
    [
        b'Content-Type: text/calendar; method=REQUEST; charset="utf-8"\r\n\r\nBEGIN:VCALENDAR\r\n',
        b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n",
    ],
)
def test_the_method_of_an_invitation_is_found(part):
    raw = (
        HEAD
        + MULTIPART % (b"alternative", b"b")
        + b"--b\r\n\r\nYou are invited\r\n--b\r\n"
        + part
        + b"--b--\r\n"
    )

    assert parse(raw).calendar_method == "REQUEST"


def test_a_delivery_report_is_read_with_the_mail_it_is_about():
    raw = (
        HEAD
        + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        + b"--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        + b"Reporting-MTA: dns; mx.acme.example\r\n\r\nFinal-Recipient: rfc822;\r\n dave@acme.example\r\nAction: failed\r\n"
        + b"Status: 5.1.1\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <sent@own.example>\r\nSubject: Offer\r\n\r\nHi"
        + b"\r\n--b--\r\n"
    )
    message = parse(raw)

    assert message.report_type == "delivery-status"
    assert (
        "Final-Recipient: rfc822; dave@acme.example\nAction: failed\nStatus: 5.1.1"
        in message.report_text
    )
    assert "Message-ID: <sent@own.example>" in message.report_text
    assert message.text == "Sorry."


def test_flowed_lines_are_joined_and_quotes_keep_their_depth():
    body = b"This goes \r\non here.\r\n>> quoted \r\n>> twice\r\n> once\r\n-- \r\nBob\r\n"
    message = parse(mail("Content-Type: text/plain; format=flowed", body=body))

    assert message.text == "This goes on here.\n>> quoted twice\n> once\n-- \nBob"


def test_a_mail_of_html_alone_has_its_text_made():
    message = parse(
        mail(
            "Content-Type: text/html",
            body=b"<style>p{}</style><p>Hello<br>Alice &amp; co</p><p>Bye</p>",
        )
    )

    assert message.text == "Hello\nAlice & co\n\nBye"
    assert message.html.startswith("<style>")


def test_text_between_html_parts_is_not_lost_from_either_form():
    raw = (
        HEAD
        + MULTIPART % (b"mixed", b"b")
        + b"--b\r\nContent-Type: text/plain\r\n\r\nfirst <b>\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>second</p>\r\n--b--\r\n"
    )
    message = parse(raw)

    assert message.text == "first <b>\n\nsecond"
    assert message.html == "<pre>first &lt;b&gt;</pre>\n<p>second</p>"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "x-unknown", "8bit"])
def test_a_broken_transfer_encoding_gives_what_can_be_read(encoding):
    message = parse(mail(f"Content-Transfer-Encoding: {encoding}", body=b"SGVsbG8gQWxpY2U*=ZZ="))

    assert message.text


def test_headers_that_name_a_reader_are_not_kept():
    message = parse(
        mail(
            "Return-Path: <news+alice=own.example@list.example>",
            "Delivered-To: alice@own.example",
            "List-Id: <n.list.example>",
        )
    )

    assert [name for name, _ in message.headers] == ["list-id"]
    assert [p.key for p in message.in_role(Role.DELIVERED_TO)] == ["alice@own.example"]


def test_only_the_topmost_delivered_to_counts():
    message = parse(mail("Delivered-To: alice@own.example", "Delivered-To: list@lists.example"))

    assert [p.key for p in message.in_role(Role.DELIVERED_TO)] == ["alice@own.example"]


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"\r", b"\r\n\r\n", b":", b"From", b"\x00", b"From: \n", b"--", b"\xff\xfe"]
)
def test_next_to_nothing_is_a_message_too(raw):
    assert parse(raw).size_bytes == len(raw)
