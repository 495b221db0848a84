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
    r"\bvill\s+inte\s+(?:längre\s+)?(?:ha|få|bli)\s+(?:fler|några|kontaktad\w*|era|mer)\b",
    r"\bundanber\s+(?:mig|oss)\s+(?:fler|vidare|all|ytterligare|sådana|sådan)\b",
    r"\bbehöver\s+inte\s+(?:höra\s+av\s+(?:dig|er)|återkomma|skriva)\s+(?:igen|mer|fler)",
    # Danish, Norwegian
    r"\b(?:slutt|hold\s+op|lad\s+være)\s+(?:med\s+)?(?:å|at)\s+(?:mase|plage)",
    (rf"\b(?:stop|slutt)\s+(?:med\s+)?(?:at|å)\s+(?:(?:maile|skrive|kontakte|spamme)(?:\s+(?:til\s+)?{_ME}\b|{_END})"
     rf"|sende(?:\s+{_ME})?\b)"),
    (rf"\b(?:skriv|kontakt|send)\s+(?:(?:til\s+)?{_ME}\s+)?(?:ikke|aldri|aldrig)\s+(?:(?:til\s+)?{_ME}\s+"
     rf")?(?:igen|igjen|mere|mer|flere)\b"),
    (r"\b(?:lad|la)\s+(?:være|vær)\s+(?:med\s+)?(?:at|å)\s+(?:skrive|kontakte|maile|sende\s+(?:mig|meg|os"
     r"|oss)\s+(?:flere\s+)?(?:e-?mails?|mails?|e-?post\w*))\b"),
    # Polish
    r"\b(?:usu[nń]\w*|wypis\w*|wykreśl\w*)\s+(?:mnie|nas|mój (?:adres|e-?mail)|moje dane)\b",
    rf"\b(?:usunięci|wykreśleni|wypisani)[eu]\s+(?:mnie\b|nas\b|{_MINE_PL}\s+(?:\w+\s+)?{_DATA_PL})",
    (r"\b(?:przesta\w+|proszę\s+zaprzestać)\s+(?:do\s+(?:mnie|nas)\s+)?(?:pisać|pisania|wysyłać|wysyłania"
     r"|kontaktować)\b"),
    (r"\b(?:chcę|chciał[a]?bym|pragnę)\s+(?:się\s+)?(?:wypisać|zrezygnować\s+z\s+(?:otrzymywania"
     r"|subskrypcji|newslettera))(?:\s+się)?(?=\s*[.!,]|\s*$|\s+z\s+(?:\w+\s+)?(?:listy|bazy|newslettera"
     r"|subskrypcji|otrzymywania))"),
    # Czech
    (r"\b(?:už|dále|více|nadále)\s+(?:mi|mě|nám|nás)\s+(?:\w+\s+){0,2}?(?:nepište|neposílejte|nekontaktujte"
     r"|nezasílejte|nevolejte\s+ani\s+\w+)\b"),
    (r"\b(?:žádám|prosím)\s+o\s+(?:odhlášení|vyřazení|odstranění)(?=\s*[.!,]|\s*$|\s+(?:z|ze|od|mého|mé"
     r"|mojí)\b)|^\W*(?:o\s+)?odhlášení\s*[.!]?$"),
)  # fmt: skip
