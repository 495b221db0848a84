"""Whole answers in the words of many people: who asks for no more mail is heard, and nobody else is taken for it.

`answers.jsonl` holds one answer a line: its language, whether it asks for no more mail, its author, subject and text.
Those marked `wrong` are known to be read wrongly; they are learned from like the others (`tests.mail.learning`). Of no
language ("mixed") are single sentences that other tests ask about.
"""

from __future__ import annotations

import pytest

from inboxcrm.mail.opt_out_likeness import likeness, marks_of
from inboxcrm.mail.opt_outs import read_opt_out, sentences_of
from inboxcrm.mail.reply import split_quoted
from tests.mail.learning import LEARNED, answers, digest, learn

ANSWERS = [one for one in answers() if one["lang"] != "mixed"]


@pytest.mark.parametrize("language", sorted({one["lang"] for one in ANSWERS}))
@pytest.mark.parametrize("asks", [True, False], ids=["asks", "does not ask"])
def test_whoever_asks_for_no_more_mail_is_heard_and_nobody_else(language: str, asks: bool) -> None:
    said = [one for one in ANSWERS if (one["lang"], one["asks"]) == (language, asks)]
    missed = [one["text"] for one in said if bool(heard(one)) is not asks]
    assert missed == [one["text"] for one in said if one.get("wrong")]


def heard(answer: dict[str, str]) -> str:
    own, _ = split_quoted(answer["text"])
    return read_opt_out(answer["subject"], own, author=answer["author"])


# --- what is learned from them ------------------------------------------------------


def test_the_weights_are_those_that_these_answers_and_words_give() -> None:
    """If not, `make ear` learns them anew."""
    assert digest() in LEARNED.read_text("utf-8").partition("\n")[0]


def test_learning_finds_the_words_that_ask_and_gives_the_same_each_time() -> None:
    some = [one for one in ANSWERS if one["lang"] == "nl"]
    weights = learn(some)
    assert learn(list(some)) == weights
    assert weights["UNSUBSCRIBE"] > 0 > weights["factuur"]


@pytest.mark.parametrize(("asks", "business"), [
    ("Mijn collega's en ik zouden het fijn vinden als dit ophoudt met die mails.", "Mijn collega's en ik zouden het fijn vinden als de levering morgen komt."),
    ("Das wars dann bitte mit Ihren Werbemails an uns.", "Das wars dann bitte mit der Bestellung für uns."),
])  # fmt: skip
def test_words_no_shape_foresees_are_heard_by_what_they_are_like(asks: str, business: str) -> None:
    assert likeness(asks) > likeness(business)
    assert read_opt_out("Re: x", business) == ""


def test_among_many_sentences_one_has_to_be_very_much_alike(monkeypatch) -> None:
    said, other = "We would rather read no more of this.", "The pump runs well."
    for alike, heard_among_many in ((0.9, ""), (0.97, said)):
        monkeypatch.setattr(
            "inboxcrm.mail.opt_outs.likeness",
            lambda one, alike=alike: alike if one == said else 0.2,
        )
        assert read_opt_out("Re: x", f"{other} {said}") == said
        assert read_opt_out("Re: x", f"{other} " * 12 + said) == heard_among_many


def test_nothing_is_like_nothing() -> None:
    assert likeness("") < 0.5
    assert marks_of("") == {"^", "^ $"}


@pytest.mark.parametrize("below", [
    "Sent from my iPhone", "Von meinem Handy gesendet", "Gesendet mit der GMX Mail App für Android", "Envoyé de mon téléphone", "Enviado desde mi Android",
    "Enviado do meu celular", "Inviato da iPhone", "Verzonden vanaf mijn telefoon", "Skickat från min iPhone", "Sendt fra min iPad", "Wysłano z telefonu",
    "Get Outlook for iOS",
])  # fmt: skip
def test_what_a_telephone_writes_below_is_nobodys_wish(below: str) -> None:
    assert read_opt_out("Re: x", f"We have one, thanks.\n\n{below}") == ""
    assert sentences_of(f"We have one, thanks.\n\n{below}") == ["We have one, thanks."]
    assert read_opt_out("Re: x", f"remove me\n\n{below}") == "remove me"


def test_a_farewell_hides_no_request() -> None:
    assert read_opt_out("Re: x", "Cheers, but please take me off your list.")
    assert read_opt_out("Re: x", "Best wishes from the stop-mail team") == ""


@pytest.mark.parametrize("sentence", [
    "Zögern Sie nicht, mir zu schreiben, wenn Sie Fragen haben.",
    "Unser Kunde schreibt: „Nehmen Sie mich bitte aus dem Verteiler raus“.",
    "Remove Acme from your list.",
    "Mit freundlichen Grüßen, Ihr Team gegen Werbung",
])  # fmt: skip
def test_what_speaks_against_a_request_counts_for_more_than_likeness(sentence: str) -> None:
    assert read_opt_out("Re: x", sentence, author="erin@newco.example") == ""
