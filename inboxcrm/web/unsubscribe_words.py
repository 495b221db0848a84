"""What the unsubscribe page says, in the languages of its readers: strangers, who came by a link in a mail."""

from __future__ import annotations

from dataclasses import dataclass, fields
from string import Template


@dataclass(frozen=True, slots=True)
class Words:
    """`$address` stands where the masked address goes. `lang` is the tag of HTML."""

    lang: str
    title: str
    question: str
    button: str
    done_title: str
    done: str
    still: str
    broken_title: str
    broken: str
    later_title: str
    later: str

    def about(self, address: str) -> Words:
        filled = {
            one.name: Template(getattr(self, one.name)).safe_substitute(address=address)
            for one in fields(self)
        }
        return Words(**filled)


_ALL = (
    Words(
        "en",
        "No more mail?",
        "We then write no more to $address. Nothing else is needed: no name, no password.",
        "Stop writing to me",
        "Done",
        "Nothing more is sent to $address. A mail that was just leaving may still arrive.",
        "Is that not your address, or does mail still come? Answer any of our mails with the word “unsubscribe”.",
        "This link is not complete",
        "Open it from the mail once more, or answer the mail with the word “unsubscribe”.",
        "Please try again in a moment",
        "It could not be done just now. Answering the mail with the word “unsubscribe” does the same.",
    ),
    Words(
        "de",
        "Keine E-Mails mehr?",
        "Wir schreiben dann nicht mehr an $address. Mehr ist nicht nötig: kein Name, kein Passwort.",
        "Nicht mehr schreiben",
        "Erledigt",
        "An $address geht nichts mehr. Eine E-Mail, die gerade unterwegs war, kann noch ankommen.",
        "Nicht Ihre Adresse, oder kommt noch etwas? Antworten Sie auf eine unserer E-Mails mit dem Wort „abmelden“.",
        "Dieser Link ist nicht vollständig",
        "Öffnen Sie ihn noch einmal aus der E-Mail, oder antworten Sie mit dem Wort „abmelden“.",
        "Bitte gleich noch einmal versuchen",
        "Es ging gerade nicht. Eine Antwort auf die E-Mail mit dem Wort „abmelden“ bewirkt dasselbe.",
    ),
    Words(
        "fr",
        "Ne plus recevoir d’e-mails ?",
        "Nous n’écrirons plus à $address. Rien d’autre n’est nécessaire : ni nom, ni mot de passe.",
        "Ne plus m’écrire",
        "C’est fait",
        "Plus rien ne sera envoyé à $address. Un message déjà en route peut encore arriver.",
        "Ce n’est pas votre adresse, ou des messages arrivent encore ? Répondez à l’un d’eux par « désabonner ».",
        "Ce lien est incomplet",
        "Ouvrez-le de nouveau depuis le message, ou répondez à celui-ci par le mot « désabonner ».",
        "Veuillez réessayer dans un instant",
        "Cela n’a pas été possible à l’instant. Répondre au message par le mot « désabonner » a le même effet.",
    ),
    Words(
        "es",
        "¿No recibir más correos?",
        "No escribiremos más a $address. No hace falta nada más: ni nombre ni contraseña.",
        "No me escriban más",
        "Hecho",
        "No se enviará nada más a $address. Un correo que ya estaba saliendo aún puede llegar.",
        "¿No es su dirección o siguen llegando correos? Responda a cualquiera de ellos con la palabra «baja».",
        "Este enlace no está completo",
        "Ábralo otra vez desde el correo o responda al correo con la palabra «baja».",
        "Inténtelo de nuevo en un momento",
        "Ahora mismo no ha sido posible. Responder al correo con la palabra «baja» hace lo mismo.",
    ),
    Words(
        "it",
        "Non ricevere più e-mail?",
        "Non scriveremo più a $address. Non serve altro: né nome né password.",
        "Non scrivetemi più",
        "Fatto",
        "Non verrà inviato più nulla a $address. Un messaggio già in partenza può ancora arrivare.",
        "Non è il suo indirizzo, o arrivano ancora messaggi? Risponda a uno di essi con la parola «disiscrivi».",
        "Questo link non è completo",
        "Lo apra di nuovo dal messaggio, o risponda al messaggio con la parola «disiscrivi».",
        "Riprovi tra un momento",
        "In questo momento non è stato possibile. Rispondere al messaggio con «disiscrivi» ha lo stesso effetto.",
    ),
    Words(
        "nl",
        "Geen e-mail meer?",
        "We schrijven dan niet meer naar $address. Meer is niet nodig: geen naam, geen wachtwoord.",
        "Schrijf mij niet meer",
        "Gedaan",
        "Er gaat niets meer naar $address. Een bericht dat net vertrok, kan nog aankomen.",
        "Is dat niet uw adres, of komt er nog iets? Beantwoord een van onze berichten met het woord “afmelden”.",
        "Deze link is niet volledig",
        "Open hem nog eens vanuit het bericht, of beantwoord het bericht met het woord “afmelden”.",
        "Probeer het zo nog eens",
        "Het lukte net niet. Het bericht beantwoorden met het woord “afmelden” doet hetzelfde.",
    ),
    Words(
        "pt",
        "Não receber mais e-mails?",
        "Não escreveremos mais para $address. Nada mais é preciso: nem nome, nem senha.",
        "Não me escrevam mais",
        "Feito",
        "Nada mais será enviado para $address. Uma mensagem que já estava a sair ainda pode chegar.",
        "Não é o seu endereço, ou ainda chegam mensagens? Responda a qualquer uma com a palavra “descadastrar”.",
        "Este link não está completo",
        "Abra-o de novo a partir da mensagem, ou responda à mensagem com a palavra “descadastrar”.",
        "Tente de novo dentro de momentos",
        "Agora não foi possível. Responder à mensagem com a palavra “descadastrar” faz o mesmo.",
    ),
)
WORDS = {one.lang: one for one in _ALL}
