"""Who passes on what somebody else wishes goes on reading; a company that wishes speaks for whoever writes."""

from __future__ import annotations

import pytest

from inboxcrm.mail.opt_outs import read_opt_out

PAIRS = (
    ("I asked not to be contacted any more.", "Dave asked not to be contacted any more, so take it up with me."),
    ("I do not want to get any more mails.", "My boss does not want to get any more mails, but I do."),
    ("Ich möchte keine Mails mehr bekommen.", "Herr Dorn möchte keine Mails mehr bekommen, ich dagegen gern."),
    ("Leider möchte ich nicht mehr angeschrieben werden.", "Meine Vorgängerin möchte nicht mehr angeschrieben werden."),
    ("Bonjour, ne souhaite plus être contacté.", "Luc ne souhaite plus être contacté, adressez-vous à moi."),
    ("Non desidero più ricevere email.", "Paolo non desidera più ricevere email, io invece sì."),
    ("Ik wil niet meer gemaild worden.", "Mijn collega wil niet meer gemaild worden, ik nog wel."),
    ("Jag vill inte ha fler mejl.", "Karin vill inte ha fler mejl, fråga mig."),
    ("Our company does not wish to receive any more messages.", "My assistant does not wish to receive any more messages."),
)  # fmt: skip


def said(sentence: str, author: str = "bob@acme.example") -> str:
    text = f"Hello Alice,\n\n{sentence}\n\nBob"
    return read_opt_out("Re: A word, Bob", text, author=author)


@pytest.mark.parametrize(("own", "told"), PAIRS)
def test_the_wish_of_another_silences_nobody_here(own: str, told: str) -> None:
    assert said(own) == own
    assert said(told) == ""


def test_a_company_is_known_by_the_name_of_its_domain() -> None:
    asks = "Please remove Acme from your list."
    assert said(asks) == asks
    assert said(asks, author="erin@newco.example") == ""


def test_an_address_given_up_for_another_is_a_move_and_not_a_wish() -> None:
    asks = "Please don't write to this address again."
    assert said(asks) == asks
    assert said(f"{asks} I read bob@newco.example instead.") == ""
    assert said("Non scrivetemi più a questo indirizzo.") != ""
    assert said("Please don't write to me again. Dave is dave@newco.example.") != ""


@pytest.mark.parametrize("told", ["We were told to delete all data about us from the old portal first.", "Please take us off the reference list on your website.", "Keine Mails mehr nötig, ich unterschreibe heute.", "You don't need to write to me any more, I have booked.", "Je hoeft ons niet meer te mailen, de order is rond.", "You are not entitled to contact us before the tender closes."])  # fmt: skip
def test_news_of_a_done_deal_or_of_a_rule_is_no_wish(told: str) -> None:
    assert said(told) == ""


@pytest.mark.parametrize("told", ["Lorsqu'un patient ne souhaite plus être relancé, comment le retirer du fichier des rappels ?", "They never want to be mailed again.", "Mijn medewerkers willen graag geen mails meer krijgen over het rooster.", "Pls explain how a contact can opt out.", "Er darf mich nicht mehr anschreiben, weil du zuständig bist."])  # fmt: skip
def test_words_that_are_of_somebody_else_alone_are_no_wish(told: str) -> None:
    assert said(told) == ""


def test_what_is_quoted_from_end_to_end_is_somebody_elses() -> None:
    asks = '"Please unsubscribe me and stop sending these."'
    assert said(asks) != ""
    assert (
        said(
            f"Our director wrote to you:\n\n{asks}\n\nHe meant another firm. Do send the contract."
        )
        == ""
    )


@pytest.mark.parametrize("told", ["Proszę nie wysyłać jej pocztą, mail wystarczy.", "Bitte nicht per Boten schicken, Mail reicht.", "Will keep trying."])  # fmt: skip
def test_what_may_come_by_mail_and_who_goes_on_trying_is_no_wish(told: str) -> None:
    assert said(told) == ""


@pytest.mark.parametrize("greeting", ["Geachte mevrouw Berg,", "Estimada Sra. Berg:", "Sehr geehrte Frau Berg,", "Hej Mads,", "Szanowna Pani Alicjo,"])  # fmt: skip
def test_how_a_letter_begins_asks_for_nothing(greeting: str) -> None:
    assert said(greeting) == ""
