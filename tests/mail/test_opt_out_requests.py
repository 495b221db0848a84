"""Requests found by the meaning of words and their order."""

from __future__ import annotations

import unicodedata

import pytest

from inboxcrm.mail.opt_out_lexicon import WORDS
from inboxcrm.mail.opt_out_requests import plain, requests_in
from inboxcrm.mail.opt_out_shapes import COMPLETE, SHAPES, WHOLE
from inboxcrm.mail.opt_outs import read_opt_out


def found(sentence: str) -> set[str]:
    return {sentence[one.start : one.end] for one in requests_in(sentence)}


@pytest.mark.parametrize(
    ("sentence", "request_"),
    [
        ("Really, stop e-mailing me today.", "stop e-mailing"),
        ("Dejen ya de mandarme correos.", "Dejen ya de mandarme"),
        ("Arrêtez de m'écrire, merci.", "Arrêtez de m'écrire"),
        ("Please remvoe my address.", "remvoe my address"),
        ("Streichen Sie uns aus der Kundenkartei.", "Streichen Sie uns aus der Kundenkartei"),
    ],
)
def test_a_request_is_found_where_its_words_stand(sentence: str, request_: str) -> None:
    assert request_ in found(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "We do not send newsletters any more.",
        "They never write to us again.",
        "You do not want to receive that.",
        "The list of parts is complete.",
        "Bitte ruhig nochmal nachhaken, wenn ich mich nicht melde.",
    ],
)
def test_what_is_told_asks_for_nothing(sentence: str) -> None:
    assert read_opt_out("Re: hello", sentence) == ""


@pytest.mark.parametrize(
    ("out", "into"),
    [
        ("Proszę usunąć mnie z listy.", "Proszę dodać mnie do listy."),
        ("Please add me to your do not contact list.", "Please add me to your list."),
        (
            "Please do not add us to any more mailing lists.",
            "Please do add us to your mailing lists.",
        ),
        (
            "Nehmen Sie mich bitte aus Ihrem Verteiler.",
            "Können Sie mich bitte in Ihren Verteiler aufnehmen?",
        ),
        ("Nehmt mich aus dem Verteiler!", "Bin ich aus dem Verteiler gefallen?"),
        ("Ne m'ajoutez plus à vos listes.", "Ajoutez-moi à vos listes."),
    ],
)
def test_who_wants_into_a_list_is_told_from_who_wants_out(out: str, into: str) -> None:
    assert read_opt_out("Re: hello", out) != ""
    assert read_opt_out("Re: hello", into) == ""


def test_a_word_across_a_full_stop_belongs_to_another_request() -> None:
    assert found("We had to stop. Emailing me is fine.") == set()


def test_words_are_kept_as_they_are_compared_and_once_each() -> None:
    for name, words in WORDS.items():
        listed = words.split()
        assert listed == sorted(set(listed), key=listed.index), name
        assert [plain(one) for one in listed] == listed, name
        assert not any(unicodedata.combining(letter) for letter in words), name


def test_every_meaning_is_used() -> None:
    shapes = " ".join((*SHAPES, *COMPLETE, *WHOLE))
    used = set(
        "".join(letter if letter.isalpha() or letter == "_" else " " for letter in shapes).split()
    )
    assert used <= set(WORDS)
    # These are looked for before a request, or stand between its words.
    assert set(WORDS) - used == {"OTHERS", "DO"}


def test_a_mail_made_to_keep_us_busy_is_read_only_so_far() -> None:
    text = "stop mailing " * 4000
    assert max(one.end for one in requests_in(text)) < 250 * len("mailing ")
