"""Contact forms: the visitor is the author, not the site that sent the form."""

from __future__ import annotations

import pytest

from inboxcrm.mail.forms import form_identity
from inboxcrm.mail.mime import parse


def is_own(key: str) -> bool:
    return key.endswith("@own.example")


def visitor(*headers: str, body: str = "Hello"):
    found = form_identity(parse("\n".join([*headers, "", body]).encode()), is_own=is_own)
    return (found.key, found.name) if found else None


@pytest.mark.parametrize(
    "sender",
    [
        "WordPress <wordpress@own.example>",
        "Alice <alice@own.example>",
        "noreply@hosting.example",
        "Formspree <forms@formspree.io>",
        "www-data@server.example",
    ],
)
def test_the_visitor_stands_in_reply_to(sender):
    assert visitor(
        f"From: {sender}", "To: alice@own.example", "Reply-To: Bob Stone <bob@acme.example>"
    ) == ("bob@acme.example", "Bob Stone")


def test_the_name_comes_from_the_form_where_reply_to_has_none():
    body = "Name: Bob Stone\nPhone: 123\n"

    assert visitor("From: noreply@hosting.example", "Reply-To: bob@acme.example", body=body) == (
        "bob@acme.example",
        "Bob Stone",
    )


@pytest.mark.parametrize(
    "body",
    [
        "Name: Bob Stone\nE-Mail: bob@acme.example\nMessage: hello",
        "Vorname: Bob Stone\nE-Mail-Adresse: bob@acme.example\nNachricht: Hallo",
        "Nom : Bob Stone\nCourriel : bob@acme.example\nMessage : bonjour",
        "お名前：Bob Stone\nメールアドレス：bob@acme.example\nお問い合わせ内容：見積",
    ],
)
def test_the_visitor_stands_in_a_line_of_the_text(body):
    assert visitor("From: wordpress@own.example", "To: alice@own.example", body=body) == (
        "bob@acme.example",
        "Bob Stone",
    )


def test_a_form_sent_from_the_address_it_goes_to_is_read():
    assert visitor(
        "From: info@own.example",
        "To: info@own.example",
        body="Name: Bob Stone\nEmail: bob@acme.example\n",
    ) == ("bob@acme.example", "Bob Stone")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        # a person who has another address for answers
        (("From: Bob <bob@acme.example>", "Reply-To: bob@home.example"), ""),
        # one of us tells a colleague about somebody
        (
            ("From: Alice <alice@own.example>", "To: erin@own.example"),
            "Name: Bob Stone\nEmail: bob@acme.example\n",
        ),
        # a shop's own desk
        (("From: noreply@shop.example", "Reply-To: support@shop.example"), ""),
        # a notice with a token to answer to
        (("From: notifications@tool.example", "Reply-To: reply+a8f7d6c5b4@reply.hub.example"), ""),
        # a list that sets Reply-To to itself
        (
            (
                "From: Alice <alice@own.example>",
                "Reply-To: talk@lists.example",
                "List-Id: <talk.lists.example>",
            ),
            "",
        ),
        # a receipt that happens to name an address
        (("From: noreply@shop.example",), "Thank you. Questions? Email: help@carrier.example"),
        # an answer in a thread
        (
            (
                "From: Alice <alice@own.example>",
                "Reply-To: bob@acme.example",
                "In-Reply-To: <1@acme.example>",
            ),
            "",
        ),
        (("From: noreply@hosting.example", "Reply-To: alice@own.example"), ""),
        (("To: alice@own.example",), "Name: Bob Stone\nEmail: bob@acme.example\n"),
    ],
)
def test_what_is_no_form_has_no_visitor(headers, body):
    assert visitor(*headers, body=body) is None


@pytest.mark.parametrize("unit", ["E-Mail: ", "name:\n", "a@", "> ", "Name "])
def test_a_hostile_form_ends(unit):
    visitor("From: noreply@hosting.example", body=unit * 60_000)
