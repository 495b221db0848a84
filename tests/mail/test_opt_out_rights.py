"""Erasure, consent, lists of those left alone and the way out of a mailing: beside each what sounds like it in business."""

from __future__ import annotations

import pytest

from inboxcrm.mail.opt_outs import read_opt_out

PAIRS = (
    # erasure
    ("Kindly purge all records you keep on us.", "Kindly purge the air you keep in the pipe."),
    ("I ask you to wipe my personal information, thanks.", "I ask you to wipe the old firmware, thanks."),
    ("Ich verlange, alle über mich gespeicherten Daten zu löschen.", "Ich verlange, alle am Gerät gespeicherten Daten zu löschen."),
    ("Löschen Sie alles, was Sie über uns gespeichert haben.", "Löschen Sie alles, was Sie über Position 3 notiert haben."),
    ("Effacez toutes les données me concernant.", "Effacez toutes les lignes concernant le transport."),
    ("Supriman toda la información que tienen sobre nosotros.", "Supriman toda la información sobre el embalaje."),
    ("Eliminate tutti i dati che mi riguardano.", "Eliminate tutti i costi che riguardano il trasporto."),
    ("Wis alle gegevens die u van mij bewaart.", "Wis alle gegevens die op de oude pomp staan."),
    ("Eliminem tudo o que guardam, todos os dados sobre mim.", "Eliminem todos os dados sobre a bomba antiga."),
    ("Slet alle oplysninger om mig.", "Slet alle oplysninger om pumpen."),
    ("Proszę usunąć wszystkie dane o mnie.", "Proszę usunąć wszystkie dane o starej pompie."),
    ("Žádám o výmaz svých osobních údajů.", "Žádám o výmaz starých nabídek."),
    # consent
    ("We are revoking our consent to being contacted.", "We revoke our consent to the change of site."),
    ("You never had my permission to email me.", "You never had my permission to drill there."),
    ("I don't consent to getting marketing.", "I don't consent to the second instalment."),
    ("Ich ziehe meine Zustimmung zur Verarbeitung meiner Daten zurück.", "Ich ziehe meine Zustimmung zum zweiten Entwurf zurück."),
    ("Je révoque mon consentement.", "Je révoque mon accord sur le prix du transport."),
    ("Revocamos nuestro consentimiento para recibir correos.", "Revocamos nuestro consentimiento para el cambio de fecha."),
    ("Ritiro il mio consenso.", "Ritiro il mio consenso alla seconda rata."),
    ("Hierbij trek ik mijn toestemming in.", "Hierbij trek ik mijn voorstel in."),
    ("Cofam zgodę na przetwarzanie danych.", "Cofam zgodę na zmianę terminu dostawy."),
    # lists of those who are left alone
    ("Place us on your do-not-contact list.", "Place us on your list of dealers."),
    ("Flag my address as opted out.", "Flag my order as urgent."),
    ("Nehmen Sie mich in Ihre Sperrliste auf.", "Nehmen Sie mich in Ihre Preisliste auf."),
    ("Mettez-moi sur votre liste noire.", "Mettez-moi sur votre liste de prix."),
    # the way out
    ("We hereby opt out of all further mails.", "We hereby opt out of the service contract."),
    ("Take this as my removal request.", "Take this as my order request."),
    ("How can we stop getting these messages?", "How can we stop getting these leaks?"),
    ("Is there any way to opt out?", "Is there any way to opt out of the extended warranty?"),
    ("I cannot find an unsubscribe button, so I write.", "I cannot find an emergency button, so I write."),
    ("Wo können wir uns austragen?", "Wo können wir uns für die Schulung eintragen?"),
    ("Wie komme ich wieder von Ihrer Liste?", "Wie komme ich wieder von Ihrem Gelände?"),
    ("Comment faire pour ne plus recevoir ces envois ?", "Comment recevoir ces envois plus vite ?"),
    ("¿Cómo dejo de recibir estos mensajes?", "¿Cómo dejo de recibir agua en el sótano?"),
    ("Come posso disiscrivermi?", "Come posso iscrivermi?"),
    ("Hoe schrijf ik me hier uit?", "Hoe schrijf ik me hier in?"),
    ("Como posso sair da lista?", "Como posso entrar na lista?"),
    ("Hvordan melder jeg meg av?", "Hvordan melder jeg meg på?"),
    ("Jak mogę się wypisać?", "Jak mogę się zapisać?"),
    ("We still get your mails although we have requested removal.", "We still get leaks although we have requested new seals."),
    ("Trotz Abmeldung schreiben Sie mir.", "Trotz Anmeldung fand ich den Kurs nicht."),
    ("Vous m'écrivez malgré ma désinscription.", "Vous m'écrivez malgré mon absence, très bien."),
    ("Make this the final mail from you.", "Make this the final mail from you to Dave, then copy me."),
    ("Discard our contact details.", "Discard our old pump."),
    ("Do whatever it takes so that I never get any more messages.", "Do whatever it takes so that I never get any more leaks."),
    ("Veillez à ce que je ne reçoive plus vos messages.", "Je ne reçois plus vos messages, renvoyez-les."),
    ("Sorgen Sie dafür, dass wir keine Nachrichten mehr erhalten.", "Sorgen Sie dafür, dass wir keine Mahnungen mehr erhalten."),
    ("Procuren que no reciba más correos.", "Parece que no recibo más correos, repitan el envío."),
    ("Zorg dat ik niets meer van jullie ontvang.", "Zorg dat ik nog iets van jullie ontvang."),
    ("Our inbox is not open to unsolicited mail.", "Our gate is not open to lorries on Friday."),
    ("Forget you ever had my address.", "Forget what I said about my address."),
)  # fmt: skip


def said(sentence: str) -> str:
    return read_opt_out("Re: A word, Bob", f"Hello Alice,\n\n{sentence}\n\nBob")


@pytest.mark.parametrize(("asks", "near"), PAIRS)
def test_a_right_over_mail_or_data_is_told_from_business(asks: str, near: str) -> None:
    assert said(asks) == asks
    assert said(near) == ""


@pytest.mark.parametrize("token", ["delete ", "lösch alles ", "i opt out ", "how do i ", "withdraw my consent ", "nehme "])  # fmt: skip
def test_a_megabyte_of_it_is_read_in_no_time(token: str) -> None:
    said(token * (1_000_000 // len(token)))
