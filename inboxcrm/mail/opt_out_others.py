"""Is a request told of somebody else? "Erin wants no more mails" is said of Erin, and whoever wrote it goes on reading.

Read from what stands before the request in its clause: customers and colleagues as such, or somebody named who wishes,
asks or prefers. A company or a team that wishes so speaks for whoever writes in its name.
"""

from __future__ import annotations

import re

_MANY = re.compile(
    r"(?<!your )(?<!you )(?<!like )\b(?:customers?|clients?|users|people|subscribers|recipients|employees"
    r"|colleagues|kunden"
    r"|nutzer|empfänger"
    r"|leute|menschen|mitarbeiter|kollegen|clientes|usuarios|clienti|utenti|klanten|gebruikers|utilizadores|kunder|klienci"
    r"|zákazníci|patients?|guests?|members|visitors|parents|students|gäste|mitglieder|besucher|eltern|schüler|patienten|élèves"
    r"|medewerkers|werknemers|salariés|employés|empleados|dipendenti|funcionários|colaboradores"
    r"|invités|adhérents|parents|pacientes?|huéspedes|socios|alumnos|padres|pazienti|ospiti|soci|genitori|patiënten|gasten|leden"
    r"|ouders|hóspedes|sócios|alunos|pais|utentes)\b[^.!?;,:\n]{0,40}$",
    re.IGNORECASE,
)
_I = (
    r"(?:I|We|You|Ich|Wir|Sie|Je|Nous|Vous|Yo|Io|Noi|Ik|Wij|We|U|Eu|Nós|Jag|Vi|Jeg|Ja|My|As|And|But|So|Please|If|That"
    r"|Company|Unternehmen|Firma|Hello|Hi|Hey|Hallo|Hej|Hei|Bonjour|Hola|Ciao|Salve|Thanks|Thx|Danke|Merci|Gracias|Grazie"
    r"|Dank|Obrigad[oa]|Tack|Tak|Takk|No|Nope|Nein|Non|Nee|Não|Nej|Nei|Nie|Ne)"
)
_ONE = (
    rf"(?:\b(?!{_I}\b)[A-ZÀ-ÞŁŚŻŠČŘŽ][\w'’-]+(?:\s[A-ZÀ-ÞŁŚŻŠČŘŽ][\w'’-]+)?"
    r"|\b(?:[Hh]e|[Ss]he|[Tt]hey|er|[Ee]lle|[Ii]ls?|[Ee]lles|él|[Ee]lla|lui|[Hh]ij|[Zz]ij|[Ee]le|[Ee]la|[Hh]an|[Hh]on|[Hh]un|[Oo]na?)"
    r"|\b(?:[Mm]y|[Oo]ur|[Mm]eine?|[Uu]nsere?|[Mm]on|[Mm]a|[Nn]otre|[Nn]os|[Mm]i|[Nn]uestr[oa]s?|(?:[Ii]l"
    r"|[Ll]a)\s(?:mi[oa]|nostr[oa]|[Ii] nostri|[Ll]e nostre)"
    r"|[Mm]ijn|[Oo]nze|[Nn]oss[oa]s|[Oo]\smeu|[Aa]\sminha|[Mm]in|[Mm]oja|[Mm]ój|[Mm]ůj|[Mm]oje)\s"
    r"(?!(?:company|firm|team|organi[sz]ation|business|office|department|policy|staff|management|inbox|mailbox|address"
    r"|unternehmen|firma|geschäftsführung|abteilung|entreprise|société|équipe|empresa|equipo|azienda|società|bedrijf"
    r"|organisatie|equipa|företag|virksomhed|bedrift|firm[ay]|společnost|wish|Unternehmen|Firma|Geschäftsführung|Abteilung)\b)[\w-]+)"
)
_WISHES = (
    r"\s(?:(?:m['’]a|nous a|me ha|mi ha|ci ha|nos ha|hat mich|hat uns)\s)?(?:(?:has|have|had|\w+ly|also|now|no|ne|nu"
    r"|nun|non|não|nie|nicht|hat|heeft|har|a|ha)\s){0,2}"
    r"(?:asked|asks|wants?|wishes|would\s(?:like|prefer|rather)|(?:['’]d|d)\s(?:like|rather|prefer)|prefers?|requested"
    r"|requests|insists|does(?:n['’]t|\snot)|no\slonger\swants|says|said|tells?|told"
    r"|möchte|will|wünscht|bitten|bittet|gebeten|mag|verlangt|souhaite|veut|désire|demandent?|veulent|souhaitent|préfère|demandé"
    r"|quieren?|desea|piden?|prefiere|pedido|vuole|vogliono|chiedono|desidera|chiede|preferisce|chiesto|wil|wenst|vraagt|vragen|gevraagd"
    r"|quer|deseja|pede|pedem|querem|prefere|pediu|vill|önskar|vil|ønsker|chce|prosi|nechce|prosí|(?:sobie\s)?nie\sżyczy)\b"
    r"(?!\s(?:ich|wir|je|nous|ik|we|wij|jag|jeg|vi|eu)\b)"
)
_SOMEBODY = re.compile(rf"{_ONE}{_WISHES}")
_FOR_US = re.compile(
    r"\b(?:that|dass|que|qu['’]|che|dat)\s?(?:we|i|wir|ich|nous|je|nosotros|noi|wij|ik|nós)\b",
    re.IGNORECASE,
)
_OF_THEM = re.compile(
    r"^\W*(?:they|ils|ellos|ellas|zij)\b"
    r"|\b(?:avait|avaient|a|ont)\s(?:déjà\s)?demandé\b[^.!?\n]{0,30}\bde\s(?:la|le|les|l['’])"
    r"|\bcomment (?:le|la|les) (?:retirer|supprimer|enlever|désinscrire)\b"
    r"|\bhow (?:an?|our|my|the) (?:contact|customer|client|person|user|lead|recipient|reader|subscriber)s?\b"
    r"|\b(?:er|sie|he|she) (?:darf|may|is not allowed)\b[^.!?\n]{0,8}\b(?:mich|uns|me|us)\b"
    r"|\b(?:lorsqu['’]une?|quand une?|when an?|if an?|wenn ein\w*|falls ein\w*|cuando une?|si une?|quando une?|als een"
    r"|se um[ao]?) (?:customer|client|patient|guest|member|visitor|student|parent|kunde|gast|mitglied|besucher|cliente?"
    r"|adhérent|élève|paciente?|huésped|socio|alumno|paziente|ospite|klant|lid|hóspede|utente)\w*",
    re.IGNORECASE,
)
"""It is known from the words alone: "when a patient asks", "elle vous avait demandé de la sortir de la base"."""
_HOUSE = re.compile(
    r"\b(?:company|firm|council|board|trustees|committee|management|office|school|hotel|clinic|hospital|charity|hospice|club|members"
    r"|direction|bureau|association|mairie|société|entreprise|hôtel|vorstand|verein|geschäftsführung|gemeinderat|schule|kanzlei|praxis"
    r"|junta|dirección|empresa|clínica|asociación|direzione|società|scuola|associazione|villa|bestuur|directie|vereniging"
    r"|diretoria|direção|associação|rede)\b",
    re.IGNORECASE,
)
"""Who writes in the name of these speaks of themselves."""
_SAME_CLAUSE = re.compile(r"[^.!?;:\n]{0,40}")


def is_wish_of_another(sentence: str) -> bool:
    """Somebody wishes something in it, and it is not those who write."""
    if _OF_THEM.search(sentence):
        return True
    if _HOUSE.search(sentence):
        return False
    return _MANY.search(sentence) is not None or any(
        not _FOR_US.search(sentence[one.end() :]) for one in _SOMEBODY.finditer(sentence)
    )


def is_told_of_others(sentence: str, start: int, end: int) -> bool:
    """`start`, `end`: where the words of the request stand in it; the wish may be among them."""
    if _MANY.search(sentence[:start]) or _OF_THEM.search(sentence):
        return True
    if _HOUSE.search(sentence[:start]):
        return False
    return any(
        one.start() < start
        and not _FOR_US.search(sentence[one.end() : start])
        and _SAME_CLAUSE.fullmatch(sentence[one.end() : max(start, one.end())])
        for one in _SOMEBODY.finditer(sentence[:end])
    )
