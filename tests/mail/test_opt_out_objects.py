"""A request is about mail or about something else: the same verb, once with a list behind it, once with a thing."""

from __future__ import annotations

import pytest

from inboxcrm.mail.opt_outs import read_opt_out

PAIRS = (
    ("Please drop me from your list.", "Please drop me an email when you are free."),
    ("Please stop sending us these emails.", "Please stop sending us paper invoices, PDF is enough."),
    ("Stop contacting me about this.", "Please stop contacting Erin, write to me instead."),
    ("Stop writing to us.", "Please stop writing in capitals, I can read."),
    ("Please don't send me anything again.", "Please don't send us broken seals again."),
    ("I want to be taken off this list.", "I want to be taken off the night shift, so call me at noon."),
    ("We'd like to be removed from your mailing list.", "We'd like to be removed from the waiting list and get the pumps now."),
    ("Not interested, remove.", "If the seal is broken, remove."),
    ("Please stop all communication with us.", "We use it to stop email spoofing."),
    ("If you do not remove me from this list I will complain.", "If you don't remove the old pump first, it will leak."),
    ("I object to the processing of my data.", "We object to the processing fee, please waive it."),
    ("Take us out of your database.", "Take us out for lunch then!"),
    ("Please refrain from contacting me.", "Please refrain from sending paper copies."),
    ("Please delete my email address.", "Please delete this email, I sent it by mistake."),
    ("We don't want to hear from you.", "We don't want to hear from your lawyers."),
    ("Please delete me from your contacts.", "Please delete me from the shift plan."),
    ("We'd prefer not to be on this distribution list.", "We'd prefer not to be on the critical path."),
    ("No more mails please.", "No more mails before Friday please, I am at a fair."),
    ("Please remove me and erin@firm.example from your mails.", "Please remove me and erin@firm.example from the invite."),
    ("I'd rather not receive these.", "I'd rather not receive the goods before June."),
    ("Please make this the last email you send me.", "Please make this the last change and send me the quote."),
    ("Please remove me.", "Please cc Erin and remove me, she takes over the order."),
    ("Kein Interesse, bitte streichen.", "Kein Problem, bitte streichen Sie die Montage."),
    ("I wish to be removed from this list.", "If you live there or otherwise wish to be removed from this list, follow the instructions."),
    ("Please stop these mails.", "Please stop the delivery, we have no space."),
    ("Please leave me off your list from now on.", "Please leave the freight off your list."),
    ("Please don't contact me again.", "Please don't contact me on my mobile again, mail is best."),
    ("Favor de no enviarme más correos.", "Favor de no enviarme la factura antes del lunes."),
    ("Löschen Sie mich bitte.", "Löschen Sie uns bitte die Position 3."),
    ("Löschen Sie bitte umgehend alle meine Daten.", "Löschen Sie bitte umgehend alle meine Bestellungen."),
    ("Streichen Sie uns bitte von der Liste.", "Streichen Sie uns bitte die Anfahrt, dann passt der Preis."),
    ("Bitte vom Newsletter abmelden.", "Bitte die alte Pumpe beim Amt abmelden."),
    ("Ich möchte mich abmelden.", "Ich möchte mich vom Seminar abmelden."),
    ("Melden Sie mich bitte ab.", "Melden Sie mich zum Seminar an, vom Essen ab."),
    ("Bitte nehmen Sie uns aus Ihrem System.", "Schicken Sie uns aus Ihrem System die Liste der Teile."),
    ("Bitte keine weiteren Mails.", "Bitte keine weiteren Mails vor Freitag."),
    ("Ich brauche keine Mails mehr von Ihnen.", "Ich brauche keine Angebote mehr, wir bestellen."),
    ("Wir widersprechen der Verwendung unserer Daten.", "Wir widersprechen der Verwendung von Kunststoff im Gehäuse."),
    ("Merci de nous retirer de votre liste.", "Pouvez-vous nous retirer le transport du devis ?"),
    ("Retirez-moi de vos fichiers.", "Retirez-moi cette ligne du devis."),
    ("Je ne souhaite plus rien recevoir.", "Nous ne souhaitons plus recevoir de factures papier."),
    ("Je ne veux plus être contacté.", "Je ne veux plus être en retard, livrez lundi."),
    ("Merci de me désinscrire.", "Je voudrais me désinscrire du stage de mardi."),
    ("Quítenme de la lista.", "Quítenme el IVA del presupuesto."),
    ("Elimíneme.", "Elimíneme la partida 3."),
    ("Toglietemi dalla lista.", "Toglietemi la voce 3, per favore."),
    ("Cancellatemi.", "Cancellatemi l'ordine 4711."),
    ("Podem me retirar da lista?", "Podem nos tirar de uma dúvida?"),
    ("Não quero receber mais e-mails.", "Não quero receber mais bombas com defeito."),
    ("Haal ons van de mailinglijst.", "Haal ons uit de brand en lever morgen!"),
    ("Wilt u mij uit uw bestand verwijderen?", "Stuur mij van de prijslijst een kopie."),
    ("Stuur mij geen mails meer.", "Stuur mij geen papieren facturen meer."),
    ("Gelieve mij geen reclame meer te sturen.", "Gelieve mij geen papieren facturen te sturen."),
    ("Ta bort mig från er lista.", "Ta bort rad 3 från offerten."),
    ("Proszę usunąć mój adres z listy.", "Proszę usunąć pozycję 3 z listy."),
    # whose list it is, and a list of what
    ("We want to be removed from your mailing list.", "People ask to be removed from our mailing list, can you do that?"),
    ("Please remove us from the list of recipients.", "Please remove us from the list of exhibitors, we cannot come."),
    ("Streichen Sie mich von der Liste der Empfänger.", "Streichen Sie mich von der Liste der Teilnehmer."),
    ("Retirez-moi de la liste de diffusion.", "Retirez-moi de la liste des invités."),
    ("Bórreme de la lista de correo.", "Bórreme de la lista de asistentes."),
    ("Proszę usunąć mnie z listy.", "Proszę usunąć mnie z listy gości."),
    ("Fjern mig fra listen.", "Fjern mig fra gæstelisten."),
    # another place of theirs, another way, less of it
    ("Bitte keine Mails mehr.", "Bitte keine Mails an die alte Adresse mehr."),
    ("Please stop sending us emails.", "Please stop sending us the same emails, one of us is enough."),
    ("Je ne souhaite plus recevoir vos courriers.", "Je ne souhaite plus recevoir vos courriers en papier mais par mail."),
    ("No quiero recibir más correos.", "No quiero recibir más correos de papel sino PDF."),
    ("We do not want any more mails.", "We do not want any more mails from your support, it works now."),
    # who asks whom
    ("I told you to stop sending me emails.", "They told me to stop sending emails to our vendors."),
    ("I object to direct marketing.", "Do you object to direct marketing by our partners?"),
    ("Ich möchte, dass Sie mich aus dem Verteiler nehmen.", "Ich möchte nicht, dass Sie mich aus dem Verteiler nehmen."),
    ("Wir wollen keine Werbung mehr bekommen.", "Unsere Kunden wollen keine Werbung mehr bekommen."),
    ("Customers or not, please stop emailing us.", "Customers often please stop emailing us when we move."),
    # more ways, and the same words in business
    ("No more spam from you.", "No more spam filters needed since we have yours."),
    ("Je m'oppose à l'utilisation de mes données.", "Je m'oppose à l'utilisation de pièces d'occasion."),
    ("Me opongo al uso de mis datos.", "Me opongo al uso de piezas usadas."),
    ("Mi oppongo al trattamento dei miei dati.", "Mi oppongo al trattamento chimico dei pezzi."),
    ("Ik maak bezwaar tegen het gebruik van mijn gegevens.", "Ik maak bezwaar tegen het gebruik van kunststof."),
    ("Oponho-me ao tratamento dos meus dados.", "Oponho-me ao tratamento químico das peças."),
    ("Preferiremmo non ricevere più email.", "Preferiremmo non ricevere più merce di lunedì."),
    ("Ta bort mig från er sändlista.", "Ta bort mig från styrelsen i avtalet."),
    ("Please erase my personal data under GDPR.", "Please erase my personal notes under item 3."),
    ("Make sure I don't receive any more emails.", "Make sure I don't receive any more broken pumps."),
    ("Bitte nicht mehr schreiben.", "Bitte nicht mehr schreiben lassen, unterschreiben lassen."),
    ("Ich fordere Sie auf, meine Daten zu löschen.", "Ist es möglich, meine Daten zu löschen und neu zu laden?"),
    ("Wir möchten keine Werbung von Ihnen.", "Wir möchten keine Pumpen von Ihnen, nur Dichtungen."),
    ("Sparen Sie sich weitere Mails.", "Sparen Sie sich weitere Proben, wir bestellen."),
    ("No deseo recibir más información.", "No deseo recibir más muestras."),
    ("Non voglio più ricevere le vostre email.", "Non voglio più ricevere le vostre fatture di carta."),
    ("Wilt u mij geen mails meer sturen?", "Wilt u mij geen monsters meer sturen?"),
    ("Ik wil uw mails niet meer ontvangen.", "Ik wil geen losse facturen meer ontvangen."),
    ("Graag uitschrijven.", "Graag de factuur uitschrijven op onze naam."),
    ("Não quero mais receber isso.", "Não quero mais receber faturas em papel."),
    ("Quero cancelar a minha inscrição na newsletter.", "Quero cancelar a minha inscrição no curso."),
    ("Sluta mejla mig.", "Sluta skicka oss pappersfakturor."),
    ("Sluta kontakta oss.", "Sluta kontakta Erik, skriv till mig."),
    ("Stop med at kontakte mig.", "Stop med at kontakte Erik, skriv til mig."),
    ("You people please stop emailing me.", "People please stop emailing us at night."),
    ("Please take us off your list of potential customers.", "Please take us off your list of reference sites."),
    ("Skriv ikke til mig igen.", "Skriv ikke til Dave igen, jeg tager over."),
    ("Jeg ønsker ikke flere mails.", "Jeg ønsker ikke flere vareprøver."),
    ("Proszę o usunięcie mojego adresu z bazy.", "Proszę o usunięcie drugiej pozycji z oferty."),
    ("Nie chcę otrzymywać wiadomości.", "Nie chcę otrzymywać faktur na papierze."),
    ("Neposílejte mi další e-maily.", "Neposílejte mi další vzorky."),
    ("Odhlaste mě.", "Odhlaste Evu ze školení."),
)  # fmt: skip


@pytest.mark.parametrize(("asks", "near"), PAIRS)
def test_what_follows_the_verb_tells_a_request_from_business(asks: str, near: str) -> None:
    assert read_opt_out("Re: A word, Bob", f"Hello Alice,\n\n{asks}\n\nBob") != ""
    assert read_opt_out("Re: A word, Bob", f"Hello Alice,\n\n{near}\n\nBob") == ""


@pytest.mark.parametrize("token", ["stop ", "remove me ", "please ", "mail ", "retirez-moi ", "no more ", "keine mails ", "a", "- ", "!"])  # fmt: skip
def test_a_megabyte_of_one_word_is_read_in_no_time(token: str) -> None:
    text = token * (1_000_000 // len(token))
    read_opt_out(text, text)
    read_opt_out(text, f"please remove me {text}")
