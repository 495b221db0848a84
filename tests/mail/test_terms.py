from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.mail.terms import (
    MAX_ASKED,
    MAX_TERM,
    MAX_TERMS,
    MAX_TEXT,
    Asked,
    asked,
    terms,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bob answers, at once.", ["bob", "answers", "at", "once"]),
        ("snake_case-and.dots", ["snake", "case", "and", "dots"]),
        ("bob.jones+crm@mail.acme.example", ["bob", "jones", "crm", "mail", "acme", "example"]),
        ("Müller, Søren, Łódź, Þór, naïve", ["muller", "soren", "lodz", "thor", "naive"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("ＡＢＣ ﬁn № ²", ["abc", "fin", "no", "2"]),
        ("İstanbul Iğdır ılık", ["istanbul", "igdir", "ilik"]),
        ("Ёлка ПРИВЕТ", ["елка", "привет"]),
        ("Αθήνα ΑΘΗΝΑ Σίσυφος", ["αθηνα", "αθηνα", "σισυφοσ"]),
        ("שָׁלוֹם", ["שלום"]),
        ("مُحَمَّد أحمد إحسان آمال مـــرحبا", ["محمد", "احمد", "احسان", "امال", "مرحبا"]),
        ("مدرسة على یک", ["مدرسه", "علي", "يك"]),
        ("北京市", ["北京", "京市", "市"]),
        ("山", ["山"]),
        ("山田さんへ", ["山田", "田さ", "さん", "んへ", "へ"]),
        ("カード ｶｰﾄﾞ", ["カー", "ード", "ド", "カー", "ード", "ド"]),
        ("서울에서", ["서울", "울에", "에서", "서"]),
        ("第3章abc", ["第", "3", "章", "abc"]),
        ("คุณ", ["คุ", "ุณ", "ณ"]),
        ("हिन्दी", ["हिन्दी"]),
        ("zero\u200bwidth soft\u00adhyphen", ["zerowidth", "softhyphen"]),
        ("", []),
        ("!?\"'()*: —…\x00\ud800", []),
    ],
)
def test_a_text_becomes_these_terms(text, expected):
    assert terms(text) == expected


def test_letters_written_in_pieces_are_the_same_word():
    for text in ("Müller", "がぎぐ", "서울", "Ёлка"):
        assert terms(unicodedata.normalize("NFD", text)) == terms(text)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Bob Jon", [("bob", False), ("jon", True)]),
        ("bob@acme.exam", [("bob", False), ("acme", False), ("exam", True)]),
        ("plan b", [("plan", False), ("b", False)]),
        ("北京市", [("北京", False), ("京市", False)]),
        ("山 北京", [("山", True), ("北京", False)]),
        ("bob bob bob", [("bob", False), ("bob", True)]),
        ("x" * 100 + " y", [("x" * MAX_TERM, True), ("y", False)]),
        ("***", []),
    ],
)
def test_a_question_asks_for_these_terms(words, expected):
    assert asked(words) == [Asked(term, is_prefix=is_prefix) for term, is_prefix in expected]


def test_long_texts_and_questions_are_capped():
    assert len(terms("a " * MAX_TEXT)) == MAX_TERMS
    assert len(terms("山" * 2 * MAX_TEXT)) == MAX_TERMS
    assert len(asked(" ".join(f"w{number}" for number in range(3000)))) == MAX_ASKED


@given(st.text(max_size=200))
def test_terms_hold_nothing_that_either_database_would_take_for_syntax(text):
    for term in terms(text):
        assert term
        assert not any(character in " \t\n\r\0'\"\\:*&|!()<>-_" for character in term)
        assert term.encode("utf-8")
        assert all(
            character.isalnum() or unicodedata.category(character)[0] == "M" for character in term
        )


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_every_text_is_found_by_its_own_words(text):
    found = terms(text)
    for question in asked(text):
        assert any(
            term.startswith(question.term) if question.is_prefix else term == question.term
            for term in found
        )


@given(st.text(max_size=60))
def test_terms_of_terms_are_the_same(text):
    once = [term for term in terms(text) if len(term) > 2]
    assert [each for term in once for each in terms(term) if len(each) > 2] == once
