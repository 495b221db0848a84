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
    r"\bta\s+bort\s+(?:mig|oss|min\s+\w+)\s+(?:ur|från)\s+(?:ert|er|era|listan|registret|databasen)\b",
    (r"\b(?:skicka|skriv|mejla)\s+(?:inget|inte\s+något|aldrig)\s+(?:mer|mera|fler|igen)\b(?=\s*[.!,]|\s*$"
     r"|\s+(?:till\s+)?(?:mig|oss)\b(?!\s+(?:förrän|innan)))"),
    (r"\bsluta\s+(?:att\s+)?(?:höra\s+av\s+(?:er|dig)|skicka\s+(?:\w+\s+)?(?:mejl|mail|e-post|meddelanden"
     r"|reklam|utskick)\b)"),
    r"\bundanber\s+(?:mig|oss)\s+(?:fler|vidare|all|ytterligare|sådana|sådan)\b",
    # Danish, Norwegian
    (r"\b(?:fjern|slet|slett|afmeld|meld)\s+(?:mig|meg|os|oss|min (?:e-?(?:mail|post))?adresse)\b"
     r"(?=\s+(?:fra|af|av)\b|\s*[.!]|\s*$)"),
    (rf"\b(?:stop|slutt)\s+(?:med\s+)?(?:at|å)\s+(?:(?:maile|skrive|kontakte|spamme)(?:\s+(?:til\s+)?{_ME}\b|{_END})"
     rf"|sende(?:\s+{_ME})?\b)"),
    (rf"\b(?:skriv|kontakt|send)\s+(?:(?:til\s+)?{_ME}\s+)?(?:ikke|aldri|aldrig)\s+(?:(?:til\s+)?{_ME}\s+"
     rf")?(?:igen|igjen|mere|mer|flere)\b"),
    rf"\bikke\s+(?:skriv|kontakt|send)\s+(?:til\s+)?(?:{_ME}\s+)?(?:igjen|mer|flere)\b",
    (r"\b(?:ønsker|vil)\s+ikke\s+(?:længere\s+|lenger\s+)?(?:at\s+|å\s+)?(?:modtage|motta|få|have|ha|blive"
     r"|bli)\s+(?:flere|kontaktet|mere|jeres|deres)\b"),
    r"\b(?:ingen|ikke)\s+flere\s+(?:e-?mails?|mails?|e-?poster?|beskeder|henvendelser)\b",
    (r"\b(?:fjern|fjerne|slet|slette|slett|afmeld|afmelde|meld|melde|stryg|stryk|ta|tag|tage)\s+(?:mig|meg"
     r"|os|oss)\s+(?:ud\s+|ut\s+|ned\s+)?"
     r"(?:fra|af|av)\s+(?:jeres|deres|din|denne|listen|listene|lister|mailinglisten|mailliste\w*"
      r"|registeret|databasen|nyhedsbrevet|nyhetsbrevet)\b"),
    (r"\b(?:lad|la)\s+(?:være|vær)\s+(?:med\s+)?(?:at|å)\s+(?:skrive|kontakte|maile|sende\s+(?:mig|meg|os"
     r"|oss)\s+(?:flere\s+)?(?:e-?mails?|mails?|e-?post\w*))\b"),
    (r"\b(?:stop|slutt)\s+(?:med\s+)?(?:at|å)\s+sende\s+(?:mig|meg|os|oss)\s+(?:\w+\s+)?(?:e-?mails?|mails?"
     r"|e-?post\w*|reklamer?|meldinger|beskeder)\b"),
    (r"\b(?:ønsker|vil)\s+ikke\s+(?:længere\s+|lenger\s+)?(?:at\s+|å\s+)?(?:modtage|motta|få|have|ha)\s+"
     r"(?:flere\s+|mere\s+|mer\s+)?"
     r"(?:e-?mails?|mails?|e-?post\w*|beskeder|meldinger|henvendelser|reklame\w*|nyhedsbreve|nyhetsbrev)\b"),
    (r"\bikke\s+send\s+(?:mig|meg|os|oss)\s+(?:flere|mer|mere)\b|\b(?:ønsker|vil)\s+ikke\s+(?:å\s+|at\s+"
     r")?(?:bli|blive)\s+kontaktet\b"),
    r"\bikke\s+(?:ta\s+|tag\s+)?kontakt\s+(?:med\s+)?(?:mig|meg|os|oss)\s+(?:igen|igjen|mer|mere|flere)\b",
    # Polish
    r"\b(?:usu[nń]\w*|wypis\w*|wykreśl\w*)\s+(?:mnie|nas|mój (?:adres|e-?mail)|moje dane)\b",
    rf"\b(?:usunięci|wykreśleni|wypisani)[eu]\s+(?:mnie\b|nas\b|{_MINE_PL}\s+(?:\w+\s+)?{_DATA_PL})",
    (r"\bnie\s+(?:pisać|pisz(?:cie)?|kontaktować(?: się)?)\s+(?:do|ze?)\s+(?:mnie|nas|mną|nami)\s+(?:więcej|już"
    r"|ponownie)\b"),
    r"\bnie\s+(?:życzę|życzymy)\s+sobie\b|\bnie\s+chc(?:ę|emy)\s+(?:już\s+|więcej\s+)?(?:otrzymywać|dostawać)\b",
    r"\bnie\s+(?:wysyła\w+|przysyła\w+)\s+(?:mi|nam|do mnie)?\s*(?:więcej|już|kolejnych|żadnych)\b",
    r"\bnieprzysyłanie\b|\bniewysyłanie\b",
    (r"\b(?:mnie|nas|mój\s+(?:adres|e-?mail)|moje\s+dane)\s+(?:\w+\s+)?(?:usunąć|wypisać|wykreślić"
     r"|skreślić)\b(?=\s*[.!,]|\s*$|\s+z\b)"),
    (r"\b(?:do\s+(?:mnie|nas)|mi|nam)\s+(?:już\s+|więcej\s+)?nie\s+(?:pisać|pisz\w*|wysyłać|przysyłać)\b|\b"
     r"(?:więcej|już)\s+(?:do\s+(?:mnie|nas)\s+)?nie\s+(?:pisać|pisz(?:cie)?|kontaktować)\b"),
    (r"\b(?:przesta\w+|proszę\s+zaprzestać)\s+(?:do\s+(?:mnie|nas)\s+)?(?:pisać|pisania|wysyłać|wysyłania"
     r"|kontaktować)\b"),
    (r"\b(?:chcę|chciał[a]?bym|pragnę)\s+(?:się\s+)?(?:wypisać|zrezygnować\s+z\s+(?:otrzymywania"
     r"|subskrypcji|newslettera))(?:\s+się)?(?=\s*[.!,]|\s*$|\s+z\s+(?:\w+\s+)?(?:listy|bazy|newslettera"
     r"|subskrypcji|otrzymywania))"),
    r"\bzaprzestani\w+\s+(?:wysył\w+|przesyłania|kontakt\w*|korespondencji)\b|\bwypiszcie\s+(?:mnie|nas)\b",
    # Czech
    r"\b(?:odhlas(?:te)?|odstraňte|vymažte|vyřaďte|smažte)\s+(?:mě|mne|nás|můj e-?mail|moji adresu|moje údaje)\b",
    r"\b(?:nepište|neposílejte|nekontaktujte)\s+(?:mi|mě|nám|nás)\s+(?:prosím\s+)?(?:už|více|dále|další|nikdy)\b",
    (r"\bnepřeji\s+si\s+(?:už\s+|dále\s+)?(?:dostávat|být\s+kontaktován\w*|další)\b|\bnechci\s+(?:už\s+"
     r"|dále\s+)?dostávat\b"),
    (r"\b(?:už|dále|více|nadále)\s+(?:mi|mě|nám|nás)\s+(?:\w+\s+){0,2}?(?:nepište|neposílejte|nekontaktujte"
     r"|nezasílejte|nevolejte\s+ani\s+\w+)\b"),
    r"\bpřestaňte\s+(?:mi|mě|nám|nás)\s+(?:\w+\s+)?(?:psát|posílat|zasílat|kontaktovat)\b",
    (r"\b(?:žádám|prosím)\s+o\s+(?:odhlášení|vyřazení|odstranění)(?=\s*[.!,]|\s*$|\s+(?:z|ze|od|mého|mé"
     r"|mojí)\b)|^\W*(?:o\s+)?odhlášení\s*[.!]?$"),
    (r"\b(?:odhlaste|odstraňte|vymažte|vyřaďte|smažte)\s+(?:mě|mne|nás|můj\s+e-?mail|moji\s+adresu|mou\s+"
     r"adresu|naši\s+adresu)\s+(?:z|ze)\b"),
    (r"\bnechc(?:i|eme)\s+(?:od\s+vás\s+)?(?:už\s+|dále\s+|žádné\s+|další\s+)*(?:dostávat"
     r"|přijímat)?\s*(?:už\s+|žádné\s+|další\s+|vaše\s+){1,2}(?:e-?maily|maily|zprávy|nabídky|reklam\w*"
     r"|newslettery?|obchodní\s+sdělení)\b"),
)  # fmt: skip
