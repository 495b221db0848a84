"""Names of files from strangers' mail, made harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inboxcrm.mail.file_names import MAX_NAME, safe_name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Seat plan.xlsx", "Seat plan.xlsx"),
        ("Anfrage für Köln.pdf", "Anfrage für Köln.pdf"),
        ("見積書.pdf", "見積書.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("C:\\autoexec", "autoexec"),
        ("/", "attachment"),
        ("..", "attachment"),
        (".bashrc", "bashrc"),
        ("", "attachment"),
        ("   ", "attachment"),
        ('a"; filename="b.exe', "a__ filename=_b.exe"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie_ x=1.txt"),
        ("invoice-\u202efdp.exe", "invoice-fdp.exe"),
        ("a\x00.pdf", "a.pdf"),
        ("con.txt", "_con.txt"),
        ("console.txt", "console.txt"),
        ("what?.pdf", "what_.pdf"),
        ("%2e%2e%2fx.pdf", "_2e_2e_2fx.pdf"),
        ("\ud800.pdf", "pdf"),
    ],
)
def test_a_name_is_one_harmless_name(given, name):
    assert safe_name(given) == name


def test_a_long_name_is_cut_and_keeps_its_ending():
    name = safe_name("x" * 100_000 + ".pdf")
    assert len(safe_name("x" * 5_000 + ".pdf")) == MAX_NAME
    assert safe_name("x" * 5_000 + ".pdf").endswith("x.pdf")
    assert len(name) <= MAX_NAME


@given(st.text())
@example("\u202e" * 3 + "/..\\" + "\n" * 9)
def test_whatever_it_was_called(text):
    name = safe_name(text)
    assert 1 <= len(name) <= MAX_NAME
    assert not set(name) & set('/\\<>:"|?*%;')
    assert name == name.strip(" .")
    assert all(unicodedata.category(one) not in {"Cc", "Cs", "Zl", "Zp"} for one in name)
    assert safe_name(name) == name
