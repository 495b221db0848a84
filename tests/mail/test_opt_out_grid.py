"""Ordinary requests in ordinary frames: every frame with every request, and every frame with what business asks for."""

from __future__ import annotations

from itertools import product

import pytest

from inboxcrm.mail.opt_outs import read_opt_out

WRITER = "tom@brackwell.example"
FRAMES = [
    "", "Please", "Kindly", "Can you", "Could you please", "I want you to", "I would like you to", "I ask you to", "You need to",
    "I'd appreciate it if you would", "We kindly request that you", "Thanks, but please",
]  # fmt: skip
WISHES = ["I want to", "I would like to", "I'd like to", "I wish to", "I'm writing to", "We want to", "I'd love to", "I need to"]  # fmt: skip
DENIALS = [
    "I do not want",
    "I don't want",
    "I do not wish",
    "I no longer want",
    "I no longer wish",
    "We don't wish",
]

REQUESTS = {
    "bidden": (FRAMES, [
        "stop emailing me.", "stop sending me emails.", "stop contacting me.", "stop these emails.", "stop writing to me.",
        "remove me from your list.", "remove me from your mailing list.", "remove my email address.", "remove my email from your database.",
        "remove us from your distribution list.", "delete my contact details.", "delete me from your system.", "delete my address from your records.",
        "take me off your list.", "take me off this list.", "take my name off the list.", "unsubscribe me.", "unsubscribe me from this list.",
        "unsubscribe this address.", "opt me out.", "never contact me again.", "do not write to me any more.", "cease all contact.",
        "add me to your do-not-contact list.", "put me on your suppression list.", "cancel my subscription.", "leave me alone.",
        "stop spamming me.", "erase my data.", "delete my data under the GDPR.",
    ]),
    "bidden not to": ([one for one in FRAMES if one not in {"", "Kindly"}], ["not contact me again.", "not email me again.", "not write to us any more."]),
    "wished": (WISHES, [
        "unsubscribe.", "opt out.", "opt out of future communications.", "opt out of these emails.", "unsubscribe from your emails.",
        "be removed from your list.", "be taken off your mailing list.", "stop receiving these emails.", "be deleted from your database.",
    ]),
    "denied": (DENIALS, [
        "to receive emails from you.", "to be contacted by you.", "to be contacted again.", "to be emailed.", "to hear from you again.",
        "to receive any more of these.", "to get marketing emails.", "to be on this list.",
    ]),
    "rather not": (["I would prefer not", "I would rather not", "I'd prefer not to"], ["be contacted by you.", "hear from you again.", "receive your emails."]),
    "German, bidden": (["Bitte", "Ich bitte Sie,"], [
        "löschen Sie meine Daten.", "löschen Sie meine Daten gemäß Art. 17 DSGVO.", "löschen Sie meine E-Mail-Adresse.", "nehmen Sie mich aus Ihrem Verteiler.",
        "streichen Sie mich von Ihrer Liste.", "entfernen Sie mich aus Ihrer Datenbank.", "schreiben Sie mir nicht mehr.", "kontaktieren Sie mich nicht mehr.",
        "senden Sie mir keine E-Mails mehr.", "schicken Sie mir keine Werbung mehr.", "melden Sie mich ab.", "unterlassen Sie weitere Mails.",
    ]),
    "German": ([""], [
        "Ich möchte keine E-Mails mehr erhalten.", "Ich möchte nicht mehr kontaktiert werden.", "Wir wünschen keine weiteren Kontaktaufnahmen.",
        "Ich widerspreche der Nutzung meiner Daten zu Werbezwecken.", "Hiermit widerrufe ich meine Einwilligung.", "Kein Interesse, bitte löschen.",
        "Kein Interesse, bitte nicht mehr anschreiben.", "Bitte austragen.", "Ich will mich abmelden.", "Ich möchte mich vom Newsletter abmelden.",
        "Keine weiteren Mails bitte.", "Bitte sehen Sie von weiteren Nachrichten ab.", "Lassen Sie mich in Ruhe.", "Hören Sie auf, mir zu schreiben.",
        "Hör auf mir zu schreiben.", "Bitte um Löschung meiner Daten.", "Ich bitte um Austragung aus dem Verteiler.", "Ich wünsche keinen weiteren Kontakt.",
    ]),
    "French": ([""], [
        "Merci de me désinscrire.", "Veuillez me retirer de votre liste.", "Merci de ne plus me contacter.", "Je ne souhaite plus recevoir vos emails.",
        "Désinscrivez-moi de cette liste svp.", "Arrêtez de m'envoyer des mails.", "Cessez de me contacter.", "Supprimez mes données personnelles.",
        "Nous ne souhaitons plus être sollicités.", "Pas intéressé, merci de ne plus nous relancer.", "Je m'oppose à l'utilisation de mes données.",
        "Ne me contactez plus jamais.", "Stop aux mails.",
    ]),
    "Spanish": ([""], [
        "Por favor, elimíneme de su lista.", "Quiero darme de baja.", "No quiero recibir más correos.", "No me escriban más.", "Deje de enviarme correos.",
        "Borren mis datos.", "No vuelva a escribirme.", "Solicito la baja de su lista de correo.", "Ya no deseo recibir sus mensajes.",
    ]),
    "Italian": ([""], [
        "Vi prego di cancellarmi dalla lista.", "Non desidero più ricevere email.", "Cancellatemi.", "Rimuovetemi dalla mailing list.",
        "Smettetela di scrivermi.", "Non contattatemi più.", "Basta email.", "Vorrei disiscrivermi.", "Per favore non inviatemi altre email.",
    ]),
    "Dutch": ([""], [
        "Schrijf mij uit.", "Graag uitschrijven.", "Haal mij van de lijst.", "Ik wil geen mails meer ontvangen.", "Stop met mailen.",
        "Neem geen contact meer met mij op.", "Verwijder mijn gegevens.", "Geen interesse, graag niet meer mailen.", "Laat me met rust.",
    ]),
    "Portuguese": ([""], [
        "Quero cancelar a inscrição.", "Remova-me da lista.", "Não quero mais receber e-mails.", "Parem de me enviar emails.", "Não me contactem mais.",
        "Apaguem os meus dados.", "Gostaria de me descadastrar.", "Não tenho interesse, não me envie mais emails.",
    ]),
}  # fmt: skip

BUSINESS = {
    "bidden": (FRAMES[1:], [
        "stop sending me paper invoices.", "remove me from the project.", "remove me from the meeting on Thursday.", "take me off the guest list.",
        "delete my last message.", "delete my comment from the draft.", "not email me the contract, upload it.", "not contact me on my private phone.",
        "not write to me in English.", "not email me, call me.", "not contact me, contact Jane.", "not email us the drawings again, we have them.",
        "stop the delivery.", "cancel my order.", "add me to your list.", "leave me a message.", "not send me the PDF again, I have it.",
        "stop calling me Mr Smith.", "take my name off the invoice.", "remove our logo from your deck.", "put me on the list for Thursday.",
        "stop by tomorrow.", "not contact me before Monday.", "contact me again in spring.", "remove the discount line.", "stop the spam filter test.",
        "delete my account data from the test system and set up the real one.", "unsubscribe our test user from the demo newsletter.",
    ]),
    "wished": (WISHES, [
        "opt out of the insurance.", "opt out of the extended warranty.", "be removed from the waiting list.", "stop getting these errors.",
        "stop receiving these error reports.", "stop paying for seats we don't use.", "be taken off the project.", "opt for the second option.",
        "unsubscribe users in bulk with your tool.", "receive these on paper.", "get more of these.",
    ]),
    "denied": (DENIALS, [
        "to receive the goods before May.", "to be contacted by phone, mail is fine.", "to get any more of these errors.",
        "to hear from your competitor again.", "to receive any more of these parts without a test report.", "to be on this call without Petra.",
        "to see more of these failures.", "to miss your mails.", "to wait any longer.",
    ]),
    "rather not": (["I would prefer not to", "I would rather not"], [
        "be contacted by phone.", "hear from you before Monday.", "receive the goods by sea.", "be contacted at home.", "receive the newsletter on paper.",
    ]),
    "other languages": ([""], [
        "Bitte löschen Sie meine letzte Nachricht.", "Bitte senden Sie mir keine Rechnung mehr per Post.", "Bitte nehmen Sie mich von der Gästeliste.",
        "Bitte entfernen Sie die zweite Position.", "Bitte schreiben Sie mir nicht vor Montag.", "Wir möchten keine Muster mehr erhalten, nur noch Kataloge.",
        "Löschen Sie bitte die Daten im Testsystem gemäß DSGVO, unser Konto bleibt.", "Verwijder de gegevens uit de test.",
        "Graag niet meer mailen maar bellen.", "Graag niet meer schrijven voor maandag.", "Non inviatemi altre email prima di lunedì.",
        "Non mandatemi altre mail con allegati, usate il portale.", "Merci de ne plus m'appeler le soir, un mail suffit.",
        "Veuillez supprimer la deuxième ligne.", "No quiero recibir más muestras, solo el catálogo.", "Eliminen la segunda posición.",
        "Não me ligue antes das dez.", "Quero cancelar a segunda encomenda.", "We don't need to be contacted about the delivery, just deliver.",
    ]),
}  # fmt: skip


def asked_in(frames: list[str], ends: list[str]) -> list[tuple[str, str]]:
    """Each sentence, and what is read of a short mail that says it."""
    said = [" ".join(filter(None, pair)) for pair in product(frames, ends)]
    return [
        (one, read_opt_out("Re: hello", f"Hello Alice,\n\n{one}\n\nTom", author=WRITER))
        for one in said
    ]


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_ordinary_request_is_one(kind: str) -> None:
    assert [one for one, found in asked_in(*REQUESTS[kind]) if not found] == []


@pytest.mark.parametrize("kind", BUSINESS)
def test_no_ordinary_wish_of_business_is_one(kind: str) -> None:
    assert [one for one, found in asked_in(*BUSINESS[kind]) if found] == []
