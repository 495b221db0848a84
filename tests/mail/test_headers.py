"""Address lists as people and programs really write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.mail.addresses import match_key
from inboxcrm.mail.headers import decode_header_text, parse_address_list


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        ("bob@acme.example", [("", "bob@acme.example")]),
        ("<bob@acme.example>", [("", "bob@acme.example")]),
        ("Bob <bob@acme.example>", [("Bob", "bob@acme.example")]),
        ('"Stone, Bob" <bob@acme.example>', [("Stone, Bob", "bob@acme.example")]),
        ("Stone, Bob <bob@acme.example>", [("Stone, Bob", "bob@acme.example")]),
        (
            "Stone, Bob <b@a.example>, Fox, Eve <e@a.example>",
            [("Stone, Bob", "b@a.example"), ("Fox, Eve", "e@a.example")],
        ),
        ('"Bob \\"B\\" Stone" <b@a.example>', [('Bob "B" Stone', "b@a.example")]),
        ("bob@acme.example (Bob Stone)", [("Bob Stone", "bob@acme.example")]),
        (
            "b@a.example, c@a.example; d@a.example",
            [("", "b@a.example"), ("", "c@a.example"), ("", "d@a.example")],
        ),
        ("=?utf-8?q?M=C3=BCller=2C_Hans?= <h@a.example>", [("Müller, Hans", "h@a.example")]),
        ('"=?utf-8?q?J=C3=B6rg?=" <j@a.example>', [("Jörg", "j@a.example")]),
        ("=?utf-8?q?Bob_=3Cbob=40acme=2Eexample=3E?=", [("Bob", "bob@acme.example")]),
        ("Bob <=?utf-8?q?bob=40acme.example?=>", [("Bob", "bob@acme.example")]),
        ("undisclosed-recipients:;", []),
        ("undisclosed-recipient: ;", []),
        (
            "Team: b@a.example, Carol <c@a.example>;, d@a.example",
            [("", "b@a.example"), ("Carol", "c@a.example"), ("", "d@a.example")],
        ),
        ('"" <>', []),
        ("Bob <bob@acme.example", [("Bob", "bob@acme.example")]),
        ('"Bob <bob@acme.example>', [("Bob", "bob@acme.example")]),
        (
            "Bob <b@a.example> Carol <c@a.example>",
            [("Bob", "b@a.example"), ("Carol", "c@a.example")],
        ),
        ("mailto:bob@acme.example", [("", "bob@acme.example")]),
        ("'bob@acme.example'", [("", "bob@acme.example")]),
        (
            '"bob@acme.example" <mallory@evil.example>',
            [("bob@acme.example", "mallory@evil.example")],
        ),
        ("bob @ acme.example", [("", "bob@acme.example")]),
        ("<@relay.example:bob@acme.example>", [("", "bob@acme.example")]),
        ("Bob bob@acme.example", [("Bob", "bob@acme.example")]),
        ("no address here", []),
        ("root, daemon", []),
        ("", []),
    ],
)
def test_people_are_read_from_a_list(raw, people):
    assert parse_address_list(raw) == people


@given(
    st.lists(
        st.tuples(
            st.text("abcäöü é,;<>\"()'", max_size=12), st.from_regex(r"[a-z]{1,8}", fullmatch=True)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_properly_written_lists_are_read_back(people):
    quoted = [(name.replace("\\", "\\\\").replace('"', '\\"'), local) for name, local in people]
    raw = ", ".join(f'"{name}" <{local}@acme.example>' for name, local in quoted)

    assert parse_address_list(raw) == [
        (" ".join(name.split()), f"{local}@acme.example") for name, local in people
    ]


@given(st.text(max_size=200) | st.text('a@.<>"\\,;:()[]=? \t', max_size=200))
def test_no_list_raises_and_all_it_gives_are_addresses(raw):
    for name, shown in parse_address_list(raw):
        assert match_key(shown)
        assert "\n" not in name
        name.encode()


@given(
    st.text(max_size=200) | st.binary(max_size=200) | st.text("=?utf-8BQ_ a\x00\x1b", max_size=100)
)
def test_header_text_is_always_fit_to_store_and_show(raw):
    text = decode_header_text(raw)

    text.encode()
    assert text == " ".join(text.split())
    assert not any(ord(c) < 32 or 0x202A <= ord(c) <= 0x202E for c in text)


@pytest.mark.parametrize(
    "unit", ['"', '\\"', "(", "<", "[", ",", ":", "=?", "=?a?b?", " ", "a@", '"a', "(\\", "a "]
)
def test_a_hostile_list_ends(unit):
    assert isinstance(parse_address_list(unit * 50_000), list)
