"""Does an automatic mail only say that ours came in: a receipt, the number of a ticket, a desk's thanks?

It need not be looked at. What a machine sent and says neither that nor that somebody is away may be anything: a help
desk passes on what its people write as auto-generated mail, a filter holds ours back until somebody confirms it, an
address has moved.
"""

from __future__ import annotations

import re

_MOST_TEXT = 3_000
_RECEIVED = re.compile(
    # English
    r"\b(?:(?:has|have|was|were|been|successfully|safely|hereby) (?:\w+ )?(?:received|registered|logged|recorded)"
    r"|(?:we(?:['’]ve| have)?|i(?:['’]ve| have)?|(?:we|i) (?:can )?confirm (?:that )?(?:we"
    r"|i)(?: have)?) (?:just |now |safely )?(?:got|received)"
    r"|acknowledg\w+|(?:confirm\w*|proof) (?:\w+ )?receipt|receipt of your|safely arrived"
    r"|(?:ticket|case|request|incident|enquiry|inquiry)\b[^.!?\n]{0,60}\b(?:created|opened|assigned|registered|received|logged|raised)"
    r"|(?:created|opened|assigned|registered|logged|raised)\b[^.!?\n]{0,40}\b(?:ticket|case|request|incident|enquiry|inquiry)"
    r"|(?:ticket|case|reference) (?:number|no\.?|id)\b|creation of an? (?:\w+ )?ticket|opened on your behalf"
    r"|(?:held|awaits|wait\w*|auf) [^.!?\n]{0,40}(?:moderat\w+|freigabe)|moderator[^.!?\n]{0,40}(?:geprüft"
    r"|review)|in quarantine)\b"
    # German
    r"|\b(?:ist|sind|wurde[n]?) [^.!?\n]{0,60}\b(?:eingegangen|eingetroffen|erfasst|angelegt|registriert"
    r"|aufgenommen|angekommen)\b"
    r"|\bhaben [^.!?\n]{0,50}\b(?:erhalten|bekommen|angelegt|eröffnet)\b|(?:eingangs|empfangs)bestätigung"
    r"|(?:ticket|vorgangs|bearbeitungs|fall)-?nummer"
    # French
    r"|\b(?:avons|ai|a) (?:bien )?(?:été )?(?:reçue?|enregistrée?|réceptionnée?)\b|accusé de réception"
    r"|\bbien (?:reçue?|arrivée?|enregistrée?|parvenue?)\b"
    r"|\bnuméro de (?:ticket|dossier"
    r"|demande)|\b(?:demande|ticket)\b[^.!?\n]{0,40}\b(?:créée?|ouverte?|enregistrée?)\b"
    # Spanish
    r"|\b(?:hemos|he|ha sido|fue|ha) (?:\w+ )?(?:recibid[oa]|registrad[oa])\b|acuse de recibo"
    r"|número de (?:ticket|caso|expediente|incidencia)|\b(?:caso"
    r"|ticket|incidencia|solicitud)\b[^.!?\n]{0,40}\b(?:cread|abiert|registrad)[oa]\b"
    # Italian
    r"|\b(?:abbiamo|ho|è stat[oa]) (?:\w+ )?(?:ricevut[oa]|registrat[oa]|presa? in carico|apert[oa])\b"
    r"|conferma di ricezione|acquisit[oa] al protocollo"
    r"|\bnumero (?:di )?(?:ticket|caso|pratica)"
    # Dutch
    r"|\b(?:hebben|heb|is|werd|wordt) [^.!?\n]{0,50}\b(?:ontvangen|geregistreerd|aangemaakt|behandeld"
    r"|binnengekomen)\b|ontvangstbevestiging"
    r"|(?:ticket|zaak|referentie)nummer"
    # Portuguese
    r"|\b(?:recebemos|recebi|foi (?:\w+ )?(?:recebid[oa]|registad[oa]|registrad[oa]|criad[oa]|abert[oa]))\b"
    r"|confirmação (?:automática )?de rece|acusamos a rece|foi atribuído"
    r"|\bnúmero d[eo] (?:ticket|caso|protocolo|pedido)"
    # Swedish, Danish, Norwegian, Polish, Czech, Finnish
    r"|\b(?:vi )?(?:har|hat) (?:\w+ )?(?:mottagit|tagit emot|fått|modtaget|mottatt|registrert|registreret"
    r"|registrerat)\b"
    r"|ärendenummer|sagsnummer|saksnummer|\botrzymali[sś]my\b|\ber (?:mottatt|modtaget)\b"
    r"|potwierdz\w+ (?:\w+ )?(?:otrzymani"
    r"|odbi)|numer (?:zgłoszenia|sprawy)"
    r"|\bobdrželi jsme\b|\bpřijali jsme\b|\bbyla? (?:doručen|zaevidován|přijat)[ao]?\b"
    r"|číslo (?:požadavku|případu)|\bolemme vastaanottaneet\b",
    re.IGNORECASE,
)
_THANKED = re.compile(
    # English
    r"\b(?:thank(?:s| you)(?: very much| so much)? for (?:contacting|reaching|getting in touch|writing|e-?mailing"
    r"|your (?:\w+ )?(?:e-?mail|mail|message|enquiry"
    r"|inquiry|request|interest|note))"
    r"|(?:will|['’]ll) (?:\w+ ){0,3}(?:get back|be in touch|respond|reply|answer|come back|contact you"
    r"|hear from|get to it))\b"
    # German
    r"|\b(?:danke|dank) (?:\w+ )?für (?:ihr\w*|dein\w*|eur\w*|die) (?:\w+ )?(?:e-?mail|mail|nachricht|anfrage"
    r"|kontaktaufnahme|interesse|schreiben)"
    r"|\b(?:bearbeiten|beantworten|prüfen) (?:ihre?|deine?|sie)\b|\bmeld(?:en|et) (?:wir )?(?:uns|sich)\b"
    r"|\bwird (?:\w+ ){0,4}(?:bearbeitet|beantwortet)\b"
    # French
    r"|\bmerci (?:\w+ )?(?:de (?:nous|m['’]|votre|ton)|pour (?:votre|ton))"
    r"|\b(?:reviendr\w+|répondr\w+|recontacter\w+|traiter\w+)\b"
    # Spanish
    r"|\bgracias por (?:\w+ )?(?:contact|escrib|su|tu|ponerse|comunic)\w*"
    r"|\b(?:respond|contest|atend)er(?:emos|á|án)\b"
    # Italian
    r"|\bgrazie (?:\w+ )?(?:per|di) (?:aver|la (?:sua|tua|vostra)|il (?:suo|tuo|vostro)|averci)"
    r"|\b(?:risponder|ricontatter)\w+"
    # Dutch
    r"|\b(?:bedankt|dank (?:u|je)(?: wel)?) voor (?:uw|je|jouw|het|de)\b"
    r"|\bnemen (?:wij|we)? ?[^.!?\n]{0,30}contact\b"
    # Portuguese
    r"|\bobrigad[oa] (?:por|pel[oa])|\b(?:responderemos|entraremos em contact?o)\b"
    # Swedish, Danish, Norwegian, Polish, Czech, Finnish
    r"|\btack för (?:ditt|din|ert|er|att)|\btak for (?:din|dit|jeres|at)|\btakk for (?:din"
    r"|e-post|henvendelse|at)"
    r"|\bdziękujemy za\b|\bděkujeme za\b|\bkiitos (?:viestist|yhteydenot)",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:verification required|(?:please )?(?:confirm|verify|authenticate) (?:your(?:self)?|that|this)"
    r"|release your message|verify that you are|(?:email|message) requires verification|prove (?:that )?you are"
    r"|guest list|waitlisted|click (?:on )?the link|captcha|authentifi(?:ez|er)|junk mail)\b",
    re.IGNORECASE,
)
"""Mail of ours that is held until somebody confirms it has not come in."""
_NUMBERED = re.compile(
    r"\b(?:ticket|case|request|enquiry|inquiry|incident|issue|reference|anfrage|anliegen|vorgang|fall|melding|zaak"
    r"|aanvraag|demande|dossier|solicitud|incidencia|caso|consulta|richiesta|segnalazione|pratica|pedido|chamado"
    r"|protocolo|ärende|sag|sak|zgłoszeni\w+|požadavek)s?[- ]?(?:number|no|nr|id|nummer|numero|número|nº|n°)?"
    r"[.:]?\W{0,3}[A-Z]{0,6}-?\d{3,}",
    re.IGNORECASE,
)


def is_receipt(subject: str, text: str) -> bool:
    """`text` without the quoted past."""
    said = f"{subject}\n{text[:_MOST_TEXT]}"
    comes_in = _RECEIVED.search(said) or _THANKED.search(said)
    return comes_in is not None and _HELD.search(said) is None


def is_held(subject: str, text: str) -> bool:
    return _HELD.search(f"{subject}\n{text[:_MOST_TEXT]}") is not None


def opens_a_ticket(subject: str, text: str) -> bool:
    """A desk took our mail in under a number. Days it names besides are those of its hours."""
    said = f"{subject}\n{text[:_MOST_TEXT]}"
    return _RECEIVED.search(said) is not None and _NUMBERED.search(said) is not None


def says_it_came_in(text: str) -> bool:
    """In so many words. Whoever is away may thank for a mail as well, and answer it later."""
    return _RECEIVED.search(text[:_MOST_TEXT]) is not None
