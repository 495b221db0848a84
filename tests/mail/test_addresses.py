"""Which spellings are one address, and what kind of house a domain is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.mail import addresses
from inboxcrm.mail.addresses import match_key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Bob@ACME.Example", "bob@acme.example"),
        ("Bob <Bob@Acme.example>", "bob@acme.example"),
        ("b.o.b@googlemail.com", "bob@gmail.com"),
        ("B.ob+Shop@gmail.com", "bob+shop@gmail.com"),
        ("b.o.b@acme.example", "b.o.b@acme.example"),
        ("bob@bücher.example", "bob@xn--bcher-kva.example"),
        ("bob@xn--bcher-kva.example", "bob@xn--bcher-kva.example"),
        ("bob@acme.example.", "bob@acme.example"),
        ('"bob"@acme.example', "bob@acme.example"),
        ('"bob stone"@acme.example', '"bob stone"@acme.example'),
        ("bob@[192.0.2.1]", "bob@[192.0.2.1]"),
        ("bob@localhost", "bob@localhost"),
        ("jürgen@acme.example", "jürgen@acme.example"),
        ("mailto:bob@acme.example", "bob@acme.example"),
        ("bob", ""),
        ("@acme.example", ""),
        ("bob@", ""),
        ("bob@acme..example", ""),
        ("bob@ acme example", ""),
        ("a@b@acme.example", ""),
        ("....@gmail.com", ""),
        ("x" * 400 + "@acme.example", ""),
        ("bob@\ud800.example", ""),
        ("", ""),
    ],
)
def test_spellings_of_one_address_share_a_key(text, key):
    assert match_key(text) == key


@given(st.text(max_size=80) | st.text("aA@.+\"'<> ü[]", max_size=30))
def test_a_key_is_its_own_key(text):
    key = match_key(text)

    assert match_key(key) == key
    assert not key or ("@" in key and len(key) <= 320)


def test_the_plus_tag_is_kept_and_can_be_cut():
    assert addresses.plain_key("bob+shop@acme.example") == "bob@acme.example"
    assert addresses.plain_key("+x@acme.example") == "+x@acme.example"
    assert addresses.domain_of("bob@acme.example") == "acme.example"


@pytest.mark.parametrize(
    ("domain", "organization"),
    [
        ("acme.example", "acme.example"),
        ("mail.sales.acme.co.uk", "acme.co.uk"),
        ("ACME.com.br", "acme.com.br"),
        ("gmail.com", ""),
        ("yahoo.co.jp", ""),
        ("co.uk", ""),
        ("localhost", ""),
        ("192.0.2.1", ""),
        ("[192.0.2.1]", ""),
        ("", ""),
    ],
)
def test_the_organization_is_the_registrable_domain_and_never_free_mail(domain, organization):
    assert addresses.org_domain(domain) == organization


def test_free_mail_under_country_endings_is_known_and_a_namesake_is_not():
    assert addresses.is_free_mail("hotmail.fr")
    assert addresses.is_free_mail("yahoo.com.br")
    assert not addresses.is_free_mail("outlook.example")
    assert not addresses.is_free_mail("yahoo-consulting.de")


@pytest.mark.parametrize(
    "local",
    [
        "noreply",
        "no-reply",
        "do.not.reply",
        "donotreply",
        "mailer-daemon",
        "bounces+1",
        "shop-noreply",
        "ne-pas-repondre",
        "notifications",
    ],
)
def test_machines_are_known_by_their_names(local):
    assert addresses.is_no_reply(f"{local}@acme.example")


@pytest.mark.parametrize(
    "local",
    ["bob", "nora", "info", "reply", "norbert.eply", "auto", "bounty", "alert.smith", "nobel"],
)
def test_people_and_desks_are_no_machines(local):
    assert not addresses.is_no_reply(f"{local}@acme.example")


def test_a_desk_is_a_role():
    assert addresses.is_role("info@acme.example")
    assert addresses.is_role("sales2@acme.example")
    assert not addresses.is_role("isabel@acme.example")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Bob Stone", "bob stone"),
        ("STONE, Bob", "bob stone"),
        ("José  Núñez", "jose nunez"),
        ("Bob", ""),
        ("", ""),
        ("山田 太郎", "山田 太郎"),
    ],
)
def test_names_are_compared_folded_and_only_when_strong_enough(name, key):
    assert addresses.name_key(name) == key
