"""Ways to say "no more": what a mail names, whom a page may show, and that nothing tells a token that is from one that is not."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest

from inboxcrm.cadence.lint import warnings_of
from inboxcrm.cadence.templates import Rendered, compile_template, render
from inboxcrm.cadence.unsubscribe import (
    INERT,
    decoy,
    is_token,
    key_asked_by,
    marker,
    masked,
    way_out,
)
from tests.cadence.test_compose import mail

KEY = "abcdefghijklmnopqrstuvw2"
PAGE = "https://mail.seller.example"


def test_without_a_public_page_a_mail_names_an_address_alone():
    out = way_out("alice@seller.example", KEY)
    assert out.field == f"<mailto:alice+unsub-{KEY}@seller.example?subject=unsubscribe>"
    assert (out.link, out.is_one_click) == ("", False)


def test_with_one_it_names_both_and_the_click():
    out = way_out("alice@seller.example", KEY, page=PAGE + "/")
    assert out.link == f"{PAGE}/u/{KEY}"
    assert (
        out.field == f"<{out.link}>, <mailto:alice+unsub-{KEY}@seller.example?subject=unsubscribe>"
    )
    assert out.is_one_click


def test_a_page_of_this_machine_is_shown_and_is_no_click_for_programs():
    out = way_out("alice@seller.example", KEY, page="http://127.0.0.1:8026")
    assert out.link.startswith("http://127.0.0.1:8026/u/")
    assert not out.is_one_click


@pytest.mark.parametrize("page", ["", PAGE, f"{PAGE}/a/long/way/{'to/' * 40}it"])
def test_the_fields_come_back_from_the_bytes_as_they_went_in(page):
    from inboxcrm.cadence.compose import compose

    out = way_out("alice@seller.example", KEY, page=page)
    made = compose(mail(list_unsubscribe=out.field, one_click=out.is_one_click))
    read = message_from_bytes(made, policy=policy.default)
    assert str(read["List-Unsubscribe"]) == out.field
    assert read["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if page else None)
    assert len(read.get_all("List-Unsubscribe")) == 1


def test_the_address_a_mail_names_brings_its_key_back():
    field = way_out("alice@seller.example", KEY, page=PAGE).field
    assert key_asked_by(field.rpartition("mailto:")[2]) == KEY


def test_what_stands_in_previews_is_shaped_like_a_token():
    assert is_token(INERT)
    assert len(INERT) == len(KEY)


@pytest.mark.parametrize(
    "text", ["", "a" * 23, "a" * 25, "A" * 24, "a" * 23 + "1", "a" * 24 + "\n", "ä" * 24]
)
def test_what_cannot_be_a_token_is_none(text):
    assert not is_token(text)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("bob@bobs-firm.example", "b•••@b•••.example"),
        ("Bob@Mail.Bobs-Firm.CO.uk", "b•••@m•••.uk"),
        ('"<script>"@x.example', "•••@x•••.example"),
        ("\u202ebob@firm.example", "•••@f•••.example"),
        ("ünal@xn--mnchen-3ya.example", "•••@x•••.example"),
        ("bob@localhost", "b•••@•••.localhost"),
        ("x" * 10_000 + "@y.example", "x•••@y•••.example"),
        ("", "•••@•••.•••"),
    ],
)  # fmt: skip
def test_an_address_is_masked_to_what_its_owner_knows(address, shown):
    assert masked(address) == shown


def test_an_address_made_up_for_a_token_looks_like_a_masked_one_and_stays():
    tokens = [f"{'a' * 22}{one}{other}" for one in "abcdefgh" for other in "234567"]
    shown = {decoy(b"secret", one) for one in tokens}
    assert all(re.fullmatch(r"[a-z]•••@[a-z]•••\.[a-z]{2,3}", one) for one in shown)
    assert len(shown) > 40
    assert decoy(b"secret", KEY) == decoy(b"secret", KEY) != decoy(b"other", KEY)


def test_a_marker_is_of_one_token_and_one_installation():
    assert len({marker(b"a", KEY), marker(b"b", KEY), marker(b"a", INERT)}) == 3


# --- in a template ----------------------------------------------------------------------


LINKED = '{% if unsubscribe_url %}<p><a href="{{ unsubscribe_url }}">No more</a></p>{% endif %}<p>Hello</p>'


def test_a_template_shows_the_link_where_there_is_one_and_goes_without():
    ready = compile_template("Hi", "Hello. {{ unsubscribe_url }}", LINKED, {})
    made = render(ready, {"unsubscribe_url": f"{PAGE}/u/{KEY}"})
    assert isinstance(made, Rendered)
    assert made.text == f"Hello. {PAGE}/u/{KEY}"
    assert f'<a href="{PAGE}/u/{KEY}">No more</a>' in made.html
    bare = render(ready, {"unsubscribe_url": ""})
    assert isinstance(bare, Rendered)
    assert (bare.text, bare.html) == ("Hello. ", "<p>Hello</p>")


def test_a_filter_on_a_link_that_is_not_there_is_no_fault():
    made = render(
        compile_template("Hi", "Ho {{ unsubscribe_url | first_word | upper }}!", "", {}), {}
    )
    assert isinstance(made, Rendered)
    assert made.text == "Ho !"


def test_lint_warns_of_a_link_that_may_be_empty():
    bare = "Hello, no more: {{ unsubscribe_url }}"
    said = [one.text for one in warnings_of("Hi", bare, "", compile_template("Hi", bare, "", {}))]
    assert any("unsubscribe_url is empty without a public page" in one for one in said)
    for text, html, fallbacks in (
        ("Hello", LINKED, {}),
        (bare, "", {"unsubscribe_url": "answer this mail"}),
    ):
        ready = compile_template("Hi", text, html, fallbacks)
        assert not [one for one in warnings_of("Hi", text, html, ready) if "is empty" in one.text]
