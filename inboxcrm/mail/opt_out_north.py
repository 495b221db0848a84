"""How people ask not to be written to again in Swedish, Danish, Norwegian, Polish and Czech. Data for `opt_outs`.

As in the other languages: remove me, stop writing, write no more, want no more. What they are about is read by
`opt_out_objects`.
"""

from __future__ import annotations

from inboxcrm.mail.opt_out_patterns import patterns_of

_END = r"(?=\s*[.!,]|\s*$|\s+(?:tack|tak|takk|nu|nå)\b)"
"""Nothing follows but courtesy: "stop contacting" without a name behind it."""
_ME = r"(?:mig|meg|mej|oss|os)"
_MINE_PL = r"(?:mojego|moich|mój|moje|mojej|naszego|naszych)"
_DATA_PL = r"(?:adres\w*|e-?mail\w*|maila?|dan(?:e|ych)|kontakt\w*)"

NORTH = patterns_of(
    # Swedish
    (r"\b(?:ta bort|radera|stryk)\s+(?:mig|oss|min (?:e-?post)?adress|mina uppgifter)\b"
     r"|\bavregistrera\s+(?:mig|oss)\b"),
    (rf"\bsluta\s+(?:att\s+)?(?:(?:mejla|maila|kontakta|skriva|spamma)(?:\s+(?:till\s+)?(?:mig|oss)\b|{_END})"
     r"|skicka(?:\s+(?:till\s+)?(?:mig|oss))?\b)"),
    r"\b(?:kontakta|mejla|maila)\s+(?:mig|oss)\s+(?:inte|aldrig)\s+(?:igen|mer|längre)\b",
    r"\b(?:skicka|skriv|mejla)\s+(?:inte|aldrig)\s+(?:(?:till\s+)?(?:mig|oss)\s+)?(?:fler|mer|igen)\b",
    r"\bvill\s+inte\s+(?:längre\s+)?(?:ha|få|bli)\s+(?:fler|några|kontaktad\w*|era|mer)\b",
    r"\binga\s+fler\s+(?:mejl|mail|utskick|meddelanden)\b",
    # Danish, Norwegian
    (r"\b(?:fjern|slet|slett|afmeld|meld)\s+(?:mig|meg|os|oss|min (?:e-?(?:mail|post))?adresse)\b"
     r"(?=\s+(?:fra|af|av)\b|\s*[.!]|\s*$)"),
    (rf"\b(?:stop|slutt)\s+(?:med\s+)?(?:at|å)\s+(?:(?:maile|skrive|kontakte|spamme)(?:\s+(?:til\s+)?{_ME}\b|{_END})"
     rf"|sende(?:\s+{_ME})?\b)"),
    rf"\b(?:skriv|kontakt|send)\s+(?:(?:til\s+)?{_ME}\s+)?(?:ikke|aldri|aldrig)\s+(?:(?:til\s+)?{_ME}\s+)?(?:igen|igjen|mere|mer|flere)\b",
    rf"\bikke\s+(?:skriv|kontakt|send)\s+(?:til\s+)?(?:{_ME}\s+)?(?:igjen|mer|flere)\b",
    r"\b(?:ønsker|vil)\s+ikke\s+(?:længere\s+|lenger\s+)?(?:at\s+|å\s+)?(?:modtage|motta|få|have|ha|blive|bli)\s+(?:flere|kontaktet|mere|jeres|deres)\b",
    r"\b(?:ingen|ikke)\s+flere\s+(?:e-?mails?|mails?|e-?poster?|beskeder|henvendelser)\b",
    # Polish
    r"\b(?:usu[nń]\w*|wypis\w*|wykreśl\w*)\s+(?:mnie|nas|mój (?:adres|e-?mail)|moje dane)\b",
    rf"\b(?:usunięci|wykreśleni|wypisani)[eu]\s+(?:mnie\b|nas\b|{_MINE_PL}\s+(?:\w+\s+)?{_DATA_PL})",
    (r"\bnie\s+(?:pisać|pisz(?:cie)?|kontaktować(?: się)?)\s+(?:do|ze?)\s+(?:mnie|nas|mną|nami)\s+(?:więcej|już"
    r"|ponownie)\b"),
    r"\bnie\s+(?:życzę|życzymy)\s+sobie\b|\bnie\s+chc(?:ę|emy)\s+(?:już\s+|więcej\s+)?(?:otrzymywać|dostawać)\b",
    r"\bnie\s+(?:wysyła\w+|przysyła\w+)\s+(?:mi|nam|do mnie)?\s*(?:więcej|już|kolejnych|żadnych)\b",
    r"\bnieprzysyłanie\b|\bniewysyłanie\b",
    # Czech
    r"\b(?:odhlas(?:te)?|odstraňte|vymažte|vyřaďte|smažte)\s+(?:mě|mne|nás|můj e-?mail|moji adresu|moje údaje)\b",
    r"\b(?:nepište|neposílejte|nekontaktujte)\s+(?:mi|mě|nám|nás)\s+(?:prosím\s+)?(?:už|více|dále|další|nikdy)\b",
    r"\bnepřeji\s+si\s+(?:už\s+|dále\s+)?(?:dostávat|být\s+kontaktován\w*|další)\b|\bnechci\s+(?:už\s+|dále\s+)?dostávat\b",
)  # fmt: skip
