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
    r"|zákazníci)\b[^.!?;,:\n]{0,40}$",
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
    r"|\b(?:[Mm]y|[Oo]ur|[Mm]eine?|[Uu]nsere?|[Mm]on|[Mm]a|[Nn]otre|[Mm]i|[Nn]uestr[oa]|(?:[Ii]l|[Ll]a)\s(?:mi[oa]|nostr[oa])"
    r"|[Mm]ijn|[Oo]nze|[Oo]\smeu|[Aa]\sminha|[Mm]in|[Mm]oja|[Mm]ój|[Mm]ůj|[Mm]oje)\s"
    r"(?!(?:company|firm|team|organi[sz]ation|business|office|department|policy|staff|management|inbox|mailbox|address"
    r"|unternehmen|firma|geschäftsführung|abteilung|entreprise|société|équipe|empresa|equipo|azienda|società|bedrijf"
    r"|organisatie|equipa|företag|virksomhed|bedrift|firm[ay]|společnost|wish|Unternehmen|Firma|Geschäftsführung|Abteilung)\b)[\w-]+)"
)
_WISHES = (
    r"\s(?:(?:has|have|had|also|now|no|ne|nu|nun|non|não|nie|nicht|hat|heeft|har|a|ha)\s){0,2}"
    r"(?:asked|asks|wants?|wishes|would\s(?:like|prefer|rather)|(?:['’]d|d)\s(?:like|rather|prefer)|prefers?|requested"
    r"|requests|insists|does(?:n['’]t|\snot)|no\slonger\swants|says|said|told"
    r"|möchte|will|wünscht|bittet|gebeten|mag|verlangt|souhaite|veut|désire|demande|préfère|demandé"
    r"|quiere|desea|pide|prefiere|pedido|vuole|desidera|chiede|preferisce|chiesto|wil|wenst|vraagt|gevraagd"
    r"|quer|deseja|pede|prefere|pediu|vill|önskar|vil|ønsker|chce|prosi|nechce|prosí|(?:sobie\s)?nie\sżyczy)\b"
    r"(?!\s(?:ich|wir|je|nous|ik|we|wij|jag|jeg|vi|eu)\b)"
)
_SOMEBODY = re.compile(rf"{_ONE}{_WISHES}")
_SAME_CLAUSE = re.compile(r"[^.!?;:\n]{0,40}")


def is_told_of_others(sentence: str, start: int, end: int) -> bool:
    """`start`, `end`: where the words of the request stand in it; the wish may be among them."""
    if _MANY.search(sentence[:start]):
        return True
    return any(
        one.start() < start and _SAME_CLAUSE.fullmatch(sentence[one.end() : max(start, one.end())])
        for one in _SOMEBODY.finditer(sentence[:end])
    )
