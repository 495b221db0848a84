"""Files in a mail: read back by the standard library as they were given, and no name that does harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.cadence.attachments import (
    LARGEST_MAIL_BYTES,
    OutgoingFile,
    filled_in,
    kind_of_file,
    marks_in,
    name_of_file,
    trouble_with,
)
from inboxcrm.cadence.compose import OutgoingMail, compose, compose_lean
from inboxcrm.mail.mime import parse

MAIL = OutgoingMail(
    "Alice Berg",
    "alice@ourfirm.example",
    "bob@bakery.example",
    "Hello",
    datetime(2026, 5, 20, 12, tzinfo=UTC),
    "<key@ourfirm.example>",
    "KEY",
    "Hi Bob,\n",
)
PDF = OutgoingFile("Price list.pdf", bytes(range(256)) * 40)
NOTE = OutgoingFile("note.txt", b"--=_no boundary\r\nFrom nobody\n")


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def files_in(raw: bytes) -> list[tuple[str, str, bytes]]:
    return [
        (one.get_filename(), one.get_content_type(), one.get_payload(decode=True))
        for one in read(raw).iter_attachments()
    ]


@pytest.mark.parametrize("html", ["", "<p>Hi <b>Bob</b></p>\n"])
def test_files_come_out_as_they_went_in_behind_text_and_html(html):
    raw = compose(replace(MAIL, html=html, files=(PDF, NOTE)))
    made = read(raw)
    assert made.get_content_type() == "multipart/mixed"
    assert files_in(raw) == [
        ("Price list.pdf", "application/pdf", PDF.content),
        ("note.txt", "text/plain", NOTE.content),
    ]
    assert made.get_body(("plain",)).get_content() == "Hi Bob,\r\n"
    shown = made.get_body(("html",)).get_content() if html else ""
    assert shown == html.replace("\n", "\r\n")
    assert [part.defects for part in made.walk() if part.defects] == []
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()


def test_our_own_reader_finds_the_same():
    found = parse(compose(replace(MAIL, html="<p>Hi</p>", files=(PDF,))))
    assert [(one.filename, one.content_type, one.size_bytes) for one in found.attachments] == [
        ("Price list.pdf", "application/pdf", len(PDF.content))
    ]
    assert (found.text.strip(), found.html.strip()) == ("Hi Bob,", "<p>Hi</p>")


def test_a_mail_without_files_is_what_it_was():
    assert compose(MAIL) == compose_lean(MAIL)
    assert b"mixed" not in compose(replace(MAIL, html="<p>x</p>"))


def test_a_lean_mail_has_all_but_the_bytes_and_becomes_the_same_again():
    whole = replace(MAIL, html="<p>x</p>", files=(PDF, NOTE, PDF))
    lean = compose_lean(whole)
    assert len(lean) < 2_500
    assert marks_in(lean) == (PDF.sha256, NOTE.sha256, PDF.sha256)
    assert filled_in(lean, {one.sha256: one.content for one in (PDF, NOTE)}) == compose(whole)


EVIL = [
    'x"\r\nBcc: eve@x.example\r\n.pdf',
    "a\x00b.pdf",
    "../../etc/passwd",
    "C:\\Users\\bob\\cv.pdf",
    "invoice\u202efdp.exe.pdf",
    "=?utf-8?q?Bcc=3A?=.pdf",
    "x; filename=evil.pdf",
    "a%0d%0aBcc.pdf",
    "o'neil's (final) list.pdf",
    "Übersicht – Größe.pdf",
    "価格表.pdf",
    "\ud800.pdf",
    "😀" * 300 + ".pdf",
    "n" * 10_000 + ".pdf",
    "",
    "{{ name }}.pdf",
]


@pytest.mark.parametrize("name", EVIL)
def test_a_name_changes_no_header_and_stays_a_name(name):
    raw = compose(replace(MAIL, files=(OutgoingFile(name, b"x"),)))
    made = read(raw)
    assert made.keys() == [*read(compose(MAIL)).keys()[:-2], "Content-Type"]
    assert [found for found, _, _ in files_in(raw)] == [name_of_file(name)]
    assert parse(raw).attachments[0].filename == name_of_file(name)
    assert max(map(len, raw.split(b"\r\n"))) <= 120
    assert not set(name_of_file(name)) & set('/\\"\r\n\x00\u202e;%')


@given(st.text(max_size=60), st.binary(max_size=400))
def test_whatever_the_file_it_comes_out_as_it_went_in(name, content):
    raw = compose(replace(MAIL, files=(OutgoingFile(name, content),)))
    [(found, _, held)] = files_in(raw)
    assert (found, held) == (name_of_file(name), content)
    assert [part.defects for part in read(raw).walk() if part.defects] == []


def test_kinds_do_not_depend_on_the_machine():
    assert [kind_of_file(one) for one in ("A.PDF", "a.docx", "a.unknown", "pdf")] == [
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/octet-stream",
        "application/octet-stream",
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("a.pdf", LARGEST_MAIL_BYTES + 1)], "18 MB are allowed"),
        ([("a.pdf", LARGEST_MAIL_BYTES // 2), ("b.pdf", LARGEST_MAIL_BYTES // 2 + 1)], "18 MB"),
        ([("a.pdf", 0)], "a.pdf is empty"),
        ([("setup.EXE", 5)], "refuse files like setup.EXE"),
        ([("invoice.pdf.js", 5)], "refuse files like"),
        ([(f"{n}.pdf", 1) for n in range(21)], "at most 20"),
    ],
)
def test_what_cannot_go_is_told(files, words):
    assert any(words in one for one in trouble_with(files))
    assert trouble_with([("a.pdf", 5)]) == []


def test_words_count_against_the_size_too():
    assert trouble_with([("a.pdf", LARGEST_MAIL_BYTES - 10)], words_bytes=11)
    assert not trouble_with([("a.pdf", LARGEST_MAIL_BYTES - 10)], words_bytes=10)
