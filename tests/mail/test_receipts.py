"""What an automatic answer says: that our mail came in, which nobody need look at, or something that nobody foresaw."""

from __future__ import annotations

import pytest

from inboxcrm.cadence import stops
from inboxcrm.mail.receipts import is_receipt

RECEIPTS = {
    "english": "Your request (48120) has been received and is being reviewed by our support staff.",
    "english, a ticket": "A ticket has been created for your message. Typical reply time: a day.",
    "english, an incident": "Incident 4711 has been opened on your behalf.",
    "english, short": "Just confirming that we got your request. We're on it.",
    "english, thanks": "Thanks for reaching out! One of our people will get back to you soon.",
    "request tracker": "This message has been automatically generated in response to the creation of a trouble ticket regarding: A word.\nYour ticket has been assigned an ID of [acme #4711].",
    "german": "Ihre Anfrage (Ticket#4711) ist bei uns eingetroffen und wird von unserem Team geprüft.",
    "german, thanks": "Vielen Dank für Ihre Anfrage. Sie wurde unter der Nummer 4711 erfasst.",
    "french": "Nous avons bien reçu votre message et y répondrons sous 48 heures.",
    "french, a ticket": "Une demande a été créée et le numéro de ticket 4711 lui a été attribué.",
    "spanish": "Hemos recibido su mensaje y le responderemos en 24 horas.",
    "italian": "Grazie per averci contattato. La Sua richiesta è stata registrata con il numero 4711.",
    "dutch": "Wij hebben uw e-mail in goede orde ontvangen.",
    "portuguese": "Recebemos o seu e-mail e responderemos em até 48 horas.",
    "swedish": "Tack för ditt mejl. Vi har tagit emot ärendet.",
    "danish": "Vi har modtaget din henvendelse.",
    "norwegian": "Vi har mottatt henvendelsen din.",
    "polish": "Dziękujemy za wiadomość. Otrzymaliśmy zgłoszenie.",
    "czech": "Děkujeme za zprávu. Obdrželi jsme váš požadavek.",
    "norwegian, registered": "Vi bekrefter at henvendelsen din er mottatt og registrert som sak 4711.",
    "czech, an office": "Vaše zpráva byla doručena na podatelnu a byla zaevidována pod číslem 4711.",
    "italian, an office": "Il messaggio è stato acquisito al protocollo generale con numero 4711.",
    "portuguese, an office": "Acusamos a receção do seu e-mail, ao qual foi atribuído o registo n.º 4711.",
    "an incident, in its subject": "INC4711 has been opened on your behalf",
    "a list": "Your mail to 'Depot' is being held until the list moderator can review it for approval.",
    "a quarantine": "Your message has been placed in quarantine by our content filter. You do not need to resend it.",
}
UNFORESEEN = {
    "a desk passes on what a person wrote": "##- Please type your reply above this line -##\n\nBecca (Acme)\n\nHey Alice, our manager Wes would like to hear more. Shall I book you in for the 19th?",
    "a filter wants a click": "I'm protecting myself from junk mail. Please click the link below, and your mail will then be received.",
    "a filter wants a name": "Afin de lutter contre le spam, merci de vous authentifier en recopiant un mot.",
    "a filter wants an answer": "Your message is being held because the address has not been verified. Please confirm your message.",
    "a desk passes on a comment": "Reply above this line.\n\nDevraj commented:\n\nThis isn't one for IT. Ask for Lorna, she'd be the one.\n\nView request · Turn off this request's notifications",
    "nobody knows": "The warehouse is in the red building.",
}


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt_is_one(name: str) -> None:
    assert is_receipt("Re: A word, Bob", RECEIPTS[name])


@pytest.mark.parametrize("name", UNFORESEEN)
def test_what_says_something_else_is_none(name: str) -> None:
    assert not is_receipt("Re: A word, Bob", UNFORESEEN[name])


def test_an_answer_that_is_neither_receipt_nor_absence_stops_and_is_shown() -> None:
    for rule in ("auto_submitted", "auto_precedence", "auto_reply_field", "away_subject"):
        answer = stops.Heard("automatic", rule, in_thread=True)
        assert stops.deed_of(answer) == stops.Deed(stops.Does.STOP, stops.StopReason.UNCLEAR)


def test_a_receipt_does_nothing_in_our_thread_and_what_is_no_answer_does_nothing_anywhere() -> None:
    receipt = stops.Heard("automatic", "auto_submitted", is_receipt=True, in_thread=True)
    elsewhere = stops.Heard("automatic", "auto_submitted")
    read = stops.Heard("automatic", "read_receipt", in_thread=True)
    said_so = stops.Heard("automatic", "overruled", in_thread=True)
    for heard in (receipt, elsewhere, read, said_so):
        assert stops.deed_of(heard) == stops.Deed(stops.Does.NOTHING)
