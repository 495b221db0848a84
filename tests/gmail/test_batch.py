"""Batch bodies and answers, whole and broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.gmail.batch import batch_body, split_answer

TYPE = 'multipart/mixed; boundary="b1"'


def part(
    number: object, *, status: str = "200 OK", body: str = '{"id": "a"}', end: str = "\r\n"
) -> str:
    return end.join(
        [
            "--b1",
            "Content-Type: application/http",
            f"Content-ID: <response-inboxcrm-1f2e + {number}>",
            "",
            f"HTTP/1.1 {status}",
            "Content-Type: application/json; charset=UTF-8",
            "Retry-After: 7",
            "",
            body,
            "",
        ]
    )


def answer(*parts: str, close: str = "--b1--\r\n") -> bytes:
    return ("".join(parts) + close).encode()


def test_each_path_is_a_part_with_its_number():
    body = batch_body(["/gmail/v1/a?x=1", "/gmail/v1/b"], "b9").decode()
    assert body.count("--b9\r\n") == 2
    assert "Content-ID: <b9 + 1>\r\n\r\nGET /gmail/v1/b HTTP/1.1\r\n" in body
    assert body.endswith("--b9--\r\n")


def test_answers_are_known_by_their_number_whatever_their_order():
    found = split_answer(
        TYPE, answer(part(1, body="one"), part(0, status="404 Not Found", body="zero"))
    )
    assert {n: (p.status, p.body) for n, p in found.items()} == {
        1: (200, b"one"),
        0: (404, b"zero"),
    }
    assert found[0].headers["retry-after"] == "7"


def test_bare_line_feeds_are_as_good():
    found = split_answer(TYPE, answer(part(0, end="\n"), part(1, end="\n"), close="--b1--\n"))
    assert sorted(found) == [0, 1]


def test_an_unquoted_boundary_is_found():
    assert 0 in split_answer("multipart/mixed; boundary=b1", answer(part(0)))


def test_empty_lines_in_a_body_belong_to_it():
    found = split_answer(TYPE, answer(part(0, body='{\r\n\r\n"id": "a"\r\n\r\n}')))
    assert found[0].body.strip() == b'{\r\n\r\n"id": "a"\r\n\r\n}'


def test_a_cut_off_last_part_is_missing_even_when_it_looks_whole():
    found = split_answer(TYPE, answer(part(0), part(1, status="404 Not Found", body=""), close=""))
    assert sorted(found) == [0]


@given(st.integers(0, 700))
def test_wherever_an_answer_is_cut_only_whole_parts_are_taken(length):
    whole = answer(*(part(n, body=f'{{"id": "m{n}"}}') for n in range(3)))
    for number, found in split_answer(TYPE, whole[:length]).items():
        assert found.body.strip() == f'{{"id": "m{number}"}}'.encode()


@pytest.mark.parametrize(
    "broken",
    [
        part("x"),
        part(0).replace("Content-ID", "Content-Thing"),
        part(0, status="fine"),
        "--b1\r\n\r\n",
        "--b1\r\nno blank line",
    ],
)
def test_a_part_that_makes_no_sense_spares_the_others(broken):
    assert sorted(split_answer(TYPE, answer(broken, part(5)))) == [5]


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("text/html", b"<html>"),
        ("", b""),
        ("multipart/mixed", b"--b1"),
        ("application/json; boundary=b1", answer(part(0))),
        (TYPE, b""),
        (TYPE, b"\x00\xff"),
    ],
)
def test_an_answer_that_is_no_batch_has_no_parts(content_type, content):
    assert split_answer(content_type, content) == {}


def test_the_first_answer_under_a_number_counts():
    found = split_answer(TYPE, answer(part(0, body="first"), part(0, body="second")))
    assert found[0].body == b"first"
