"""What stands alone in its sentence, in every language, and the same words where the sentence goes on."""

from __future__ import annotations

import pytest

from inboxcrm.mail.opt_outs import read_opt_out

PAIRS = (
    ("We do not care to get these sorts of messages.", "We do not care to get these sorts of seals."),
    ("I no longer want your emails.", "I no longer want your emails to go to Erin, send them to me."),
    ("Please terminate our subscription.", "Please terminate our subscription of last year and book the new one."),
    ("Drop this contact from your database.", "Drop this pallet from your lorry."),
    ("No solicitations, please.", "No solicitations were received for the tender yet, bid soon."),
    ("Put me down for no, and don't write again.", "Put me down for two, and don't write it in pencil."),
    ("Off your mailing list, please.", "Off your list price we expect ten percent."),
    ("Kindly delete my mail id.", "Kindly delete my mail of noon."),
    ("I am requesting deletion.", "I am requesting delivery."),
    ("Don't answer to this, remove me.", "Answer to this and I will send the plan."),
    ("We prefer being kept out of further campaigns.", "We prefer being kept out of the sun, so meet indoors."),
    ("Cease your endless sales pitches.", "Cease your endless worry, the seal holds."),
    ("Take the hint and not send me anything further.", "Better not send me anything further by Friday than the plan."),
    ("Please stop, I never asked for it.", "Please stop, reset and start the pump."),
    ("Would you make your messages stop?", "Would you make the pump stop?"),
    ("Drop our contact from your CRM.", "Drop our contact a line, he waits."),
    ("I forbid you to write to me.", "I forbid you to pay for lunch, I invite."),
    ("Kontaktieren Sie uns bitte nicht erneut.", "Kontaktieren Sie uns bitte nicht erneut per Fax."),
    ("Streichen Sie unseren Betrieb aus Ihrer Kartei.", "Streichen Sie unseren Betrieb aus der Skizze."),
    ("Ich will überhaupt keine Verkaufsmails von euch.", "Ich will überhaupt keine Muster von euch."),
    ("Wir verbieten Ihnen jegliche Zusendung.", "Wir verbieten Ihnen jegliche Bohrung im Dach."),
    ("Je vous interdis de me relancer.", "Je vous interdis de payer le café."),
    ("Keinerlei Kontakt gewünscht.", "Keinerlei Kontakt am Stecker, was tun?"),
    ("Zusendungen dieser Art sind hier unerwünscht.", "Zusendungen vor 9 Uhr sind hier möglich."),
    ("Wir wollen solche Nachrichten nicht mehr sehen.", "Wir wollen solche Nachrichten nicht übersehen."),
    ("Würden Sie uns bitte streichen?", "Würden Sie uns bitte Muster schicken?"),
    ("Ich möchte diese Newsletter abbestellen.", "Ich möchte die zweite Pumpe abbestellen."),
    ("Bitte unseren Eintrag löschen.", "Bitte unseren Termin verlegen."),
    ("Nein danke, keine Werbung mehr.", "Nein danke, keine Werbung mehr auf dem Karton, nur das Logo."),
    ("Schluss mit dieser Werbung!", "Schluss mit dieser Dichtung, sie leckt."),
    ("Sie haben keine Erlaubnis, mir Mails zu senden.", "Sie haben keine Erlaubnis, das Lager zu betreten."),
    ("Nous préférons ne plus être démarchés.", "Nous préférons ne plus être livrés le lundi."),
    ("Je demande mon désabonnement.", "Je demande mon devis."),
    ("Foutez-nous la paix.", "Laissez-nous la clé."),
    ("Pido que nos saquen de sus listas.", "Pido que nos saquen una copia."),
    ("No nos vuelvan a molestar.", "No nos vuelvan a enviar la pieza vieja."),
    ("No manden más mensajes.", "No manden más juntas."),
    ("Dejadme tranquilo, déjeme en paz.", "Déjeme en la puerta el paquete."),
    ("Non mi contatti.", "Non mi contatti di lunedì."),
    ("Non desideriamo più vostre comunicazioni.", "Non desideriamo più vostre pompe."),
    ("Lasciateci in pace.", "Lasciateci in copia."),
    ("Stop ermee.", "Stop ermee als de pomp lekt."),
    ("Não nos escrevam.", "Não nos escrevam em inglês."),
    ("Me deixem em paz.", "Me deixem em casa às nove."),
    ("Mejla oss inte.", "Mejla oss inte på söndag."),
    ("Radera vår adress.", "Radera vår gamla ritning."),
    ("La oss være i fred.", "La oss være i kontakt."),
    ("Ikke mail mig.", "Ikke mail mig tegningen, ring."),
    ("Rezygnujemy z subskrypcji.", "Rezygnujemy z drugiej palety."),
    ("Nepište nám.", "Nepište nám na starou adresu."),
    ("Buenos días, por favor dame de baja.", "Por favor dame de baja del curso del lunes."),
    ("Älkää lähettäkö meille enää viestejä.", "Älkää lähettäkö tarjousta postissa."),
    ("Poistakaa minut postituslistaltanne.", "Poistakaa rivi 3 tarjouksesta."),
    ("Emme halua enää mainoksia.", "Emme halua lisää käyttäjiä."),
    ("Přestaňte nás obtěžovat.", "Přestaňte nás zásobovat v pondělí."),
)  # fmt: skip


def said(sentence: str) -> str:
    return read_opt_out("Re: A word, Bob", f"Hello Alice,\n\n{sentence}\n\nBob")


@pytest.mark.parametrize(("asks", "near"), PAIRS)
def test_a_brief_request_is_one_where_nothing_follows_it(asks: str, near: str) -> None:
    assert said(asks) != ""
    assert said(near) == ""


@pytest.mark.parametrize("word", ["Cancel my subscription", "Avregistrera", "Afmeld", "Odhlásit, prosím", "Basta!", "Remover da lista", "afmelden graag"])  # fmt: skip
def test_a_word_that_stands_alone_is_one(word: str) -> None:
    assert said(word) != ""
    assert said(f"{word} is what it says on the button, who wrote that text?") == ""


def test_a_subject_of_their_own_asks_as_well_but_for_what_the_text_is_about() -> None:
    signed = "Colin Hartigan\nSenior Technician"
    assert read_opt_out("Please remove me from your mailing list", signed) != ""
    assert read_opt_out("Remove", signed) != ""
    assert read_opt_out("Re: Please remove me from your mailing list", signed) == ""
    quote = "Hello Tom,\n\nplease remove line 4 (shaker, 2 off) from quote Q-3381. Then I can sign.\n\nColette"
    assert read_opt_out("Remove", quote) == ""
    assert read_opt_out("Please remove me from the guest list", signed) == ""


@pytest.mark.parametrize("token", ["no contact ", "keine mails ", "please, ", "werbung ist ", "diese mails ", "request "])  # fmt: skip
def test_a_megabyte_of_it_is_read_in_no_time(token: str) -> None:
    said(token * (1_000_000 // len(token)))
