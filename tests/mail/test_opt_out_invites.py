"""Who asks for more in the same mail is not suppressed, and a slip of the pen hides no request."""

from __future__ import annotations

import pytest

from inboxcrm.mail.opt_outs import read_opt_out

ASKS_FOR_MORE = (
    ("No more mails please.", "Call me instead."),
    ("Please stop emailing me.", "When can we talk?"),
    ("Please don't email me again.", "Just send us the offer by post."),
    ("Please take me off your list.", "Let's speak at the fair."),
    ("Bitte keine Mails mehr.", "Rufen Sie mich lieber an."),
    ("Bitte schreiben Sie mir nicht mehr.", "Senden Sie uns das Angebot per Post."),
    ("Merci de ne plus m'envoyer de mails.", "Appelez-moi."),
    ("No me envíen más correos.", "Llámeme mañana."),
    ("Non scrivetemi più.", "Mi chiami domani."),
    ("Stuur mij geen mails meer.", "Bel me maar."),
    ("Não me envie mais e-mails.", "Ligue-me amanhã."),
    ("Please stop sending these mails.", "Write to me directly at this address."),
    ("Please stop emailing this mailbox.", "Use this address instead."),
    ("Bitte keine Mails mehr.", "Schreiben Sie mir direkt an diese Adresse."),
    ("Merci de ne plus nous écrire.", "Écrivez-moi plutôt à cette adresse."),
    ("No me envíen más correos al despacho.", "Todo a este correo, por favor."),
    ("Stuur geen mails meer.", "Gebruik dit adres."),
    ("Už mi nepište.", "Pište mně."),
    ("No me escribas al correo del taller.", "Mejor a este."),
    ("Bitte keine Mails mehr an info@.", "Bitte nutzen Sie meine Adresse."),
    ("Bitte keine Mails mehr.", "Künftig alles an bob@acme.example."),
    ("Please take me off that list.", "The price list got lost, send it to me again."),
    ("Bitte keine Mails mehr.", "Den Katalog schicken Sie mir noch einmal."),
    ("Non scrivetemi più.", "Il listino me lo mandi di nuovo."),
    ("No me envíen más correos.", "La lista mándela otra vez."),
)
ASKS_FOR_NOTHING = (
    "Don't call me either.",
    "Do not give me a call.",
    "You call me every week.",
    "Rufen Sie mich auch nicht an.",
    "And never call us again.",
    "Send me no offers.",
    "Send me the details of where you found my address.",
    "Non mi chiami.",
    "Bel me niet.",
    "Don't write to me at this address.",
    "Never use this address again.",
    "Schreiben Sie mir nicht an diese Adresse.",
    "Nutzen Sie meine Adresse nicht mehr.",
    "Do not send it again.",
    "Send it again and I call my lawyer.",
    "Schicken Sie es nicht noch einmal.",
    "No lo mande otra vez.",
    "I will report you if you send this again.",
    "Don't you ever send that again.",
    "Schicken Sie mir das noch einmal, gehe ich zum Anwalt.",
    "Se me lo mandi di nuovo, chiamo la polizia.",
)


def said(*sentences: str) -> str:
    return read_opt_out("Re: A word, Bob", "Hello Alice,\n\n" + " ".join(sentences) + "\n\nBob")


@pytest.mark.parametrize(("asks", "more"), ASKS_FOR_MORE)
def test_who_asks_for_more_is_an_answer_that_a_person_reads(asks: str, more: str) -> None:
    assert said(asks) != ""
    assert said(asks, more) == ""
    assert said(more, asks) == ""


@pytest.mark.parametrize("forbids", ASKS_FOR_NOTHING)
def test_what_is_forbidden_too_asks_for_nothing(forbids: str) -> None:
    assert said("Please stop emailing me.", forbids) != ""


def test_a_telephone_in_a_signature_invites_nobody() -> None:
    assert read_opt_out("Re: x", "Please take me off your list.\n\nBob\nCall me: 555 0134") != ""


@pytest.mark.parametrize("word", ["unsubcribe", "Unsuscribe", "unsubscibe", "un subscribe", "unsubsribe", "UNSBUSCRIBE"])  # fmt: skip
def test_a_slip_of_the_pen_hides_no_request(word: str) -> None:
    assert said(f"{word} me please") != ""
    assert read_opt_out(word, "") != ""
    assert word in said("I am not interested at all.", f"Please {word} me.")


def test_take_me_of_is_take_me_off() -> None:
    assert said("please take me of your list") != ""
    assert said("Please take care of your list first.") == ""


@pytest.mark.parametrize("near", ["We subscribe to the basic plan.", "The result is undescribed.", "I am unsubscribed by mistake, add me again."])  # fmt: skip
def test_a_word_of_its_own_is_no_slip(near: str) -> None:
    assert said(near) == ""
