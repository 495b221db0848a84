"""The brief ways of asking not to be written to again, in twelve languages. Data for `opt_outs`.

    leave me in peace · no contact please · do not write to me · your mails are not wanted · off your list

Each is the end of its sentence, or all of it: "do not write to me" goes on with "in English" in business.
"""

from __future__ import annotations

from inboxcrm.mail.opt_out_patterns import patterns_of

_END = (
    r"(?=\s*[.!?;,]|\s*$|\s+(?:please|pls|thanks?|bitte|danke|svp|merci|por favor|gracias|per favore|grazie|aub|graag"
    r"|obrigad[oa]|tack|tak|takk|and|und|et|y|en|och|og)\b)"
)
_DE_MAILS = (
    r"(?:e-?mails?|mails|nachrichten|werbung|werbe-?mails?|newsletter|anschreiben"
    r"|zusendungen?|kontaktaufnahmen?|kontakt|anfragen)"
)
_DE_THESE = r"(?:diese|solche|derartige|ihre|eure|weitere|die|jegliche)"
_MINE = (
    r"(?:my|our)\s+(?:\w+\s+)?(?:details|data|name|address|e-?mail|information|records?|contact)"
)
_AGAIN = r"(?:again|ever\s+again|any\s?more|any\s+longer|further|at\s+all|in\s+(?:the\s+)?future)"
_MAILS = (
    r"(?:e-?mails?|mails?|messages?|communications?|newsletters?|mailings?|marketing|contact|outreach|lists?"
    r"|correspondence|offers?|promotions?)"
)
_WHICH = (
    r"(?:(?:any|all|more|further|future|of|these|those|them|your|such|this|that|the|marketing|mailing"
    r"|e-?mail)\s+)*"
)
_WANT = (
    r"(?:want|like|wish|love|writing|e-?mailing|replying|ask(?:ing)?|request(?:ing)?|choose|decided|need"
    r"|prefer|here)"
)
_LAST = rf"(?:\s+(?:by|from)\s+you)?(?:\s+{_AGAIN}\b|\s*[.!]|\s*$)"
"""A comma behind it may go on with whom to write to instead."""

BRIEF = patterns_of(
    # English
    (r"\b(?:do\s+not|don['’]?t|no\s+longer)\s+(?:want|wish|like|care)\s+(?:to\s+(?:get|receive)\s+)?(?:this"
     r"|these|that|such)\s+(?:kinds?|types?|sorts?)\s+of\s+(?:e-?mails?|mails?|messages?|communications?"
     r"|marketing)\b"),
    (r"\b(?:do\s+not|don['’]?t|no\s+longer)\s+want\s+(?:your|these)\s+(?:e-?mails?|mails|messages"
     r"|newsletters?)(?:\s+(?:any\s?more|any\s+longer))?" + _END),
    r"\b(?:cancel|end|terminate)\s+(?:my|our)\s+subscription" + _END,
    (r"\b(?:remove|delete|drop|take)\s+this\s+(?:e-?mail|contact|address|id)\s+(?:address\s+|id\s+)?(?:from"
     r"|off|out\s+of)\s+(?:your|the|this|all)\s+(?:\w+\s+)?(?:list|database|records|system|contacts"
     r"|mailing)\b"),
    (r"^\W*(?:absolutely\s+|please,?\s+)?no\s+(?:contact|e-?mails?|mails?|solicitations?)(?:,?\s+(?:please"
     r"|pls|thanks?|thank\s+you))?\s*[.!]*$"),
    (r"\bmake\s+no\s+(?:more|further)\s+(?:contact|attempts?\s+to\s+(?:contact|reach))\b|\bwant\s+no\s+"
     r"(?:more|further)\s+(?:of\s+(?:your|these)\s+)?(?:e-?mails?|mails?|messages|contact)\b"),
    r"^\W*(?:(?:please|pls|kindly)\s+)?(?:take\s+)?off\s+(?:of\s+)?(?:your|the|this)\s+(?:\w+\s+)?list" + _END,
    r"\b(?:remove|delete)\s+(?:my|our)\s+(?:e-?)?mail\s+id" + _END,
    (r"(?:^\W*|\b(?:i|we)(?:['’]m|\s+am|['’]re|\s+are)?\s+)request(?:ing)?\s+(?:the\s+|immediate\s+|my\s+"
     r"|our\s+)*(?:removal|erasure|deletion)(?:\s+from\s+(?:your|the|this)\s+(?:\w+\s+)?(?:list|database"
     r"|records|system|mailing))?" + _END),
    r"^\W*removal\s+request\s*[.!]*$|\bremoval\s+of\s+" + _MINE + _END,
    r"\b(?:stop|cease|quit)\s+(?:harass|pester|bother|spamm|solicit|bombard)ing\s+(?:my|our)\s+\w+" + _END,
    (r"\b(?:left|kept|leave\s+(?:me|us)|keep\s+(?:me|us))\s+(?:off|out\s+of)\s+(?:of\s+)?(?:your\s+|any\s+"
     r"|all\s+|future\s+|these\s+|further\s+)+(?:mailings?"
     r"|lists?|e-?mails?|outreach|campaigns?)") + _END,
    (r"(?:^\W*|\b(?:please|pls|kindly|to|and)\s+|[,;:]\s*)(?:stop|cease|end|halt)\s+(?:all\s+|these\s+"
     r"|this\s+|your\s+|the\s+)+(?:\w+\s+){0,2}?(?:e-?mails?"
     r"|mails|messages|follow[- ]?ups?|outreach|mailings?|newsletters?|pitches|solicitations?|spam)") + _END,
    r"\b(?:and|to|please|or)\s+not\s+(?:to\s+)?send\s+(?:me\s+|us\s+)?anything\s+(?:else|further|more)" + _END,
    r"^\W*(?:please|pls|kindly)\s+stop\s*[,–-]\s*(?:this|it|i|you|we|that|enough|there)\b",
    r"\bmake\s+(?:these|this|it|them|the|your)\s+(?:(?:e-?mails?|mails|messages)\s+)?stop" + _END,
    (r"\b(?:remove|delete|drop|erase)\s+(?:my|our)\s+contact(?:\s+from\s+(?:your|the"
     r"|this)\s+(?:\w+\s+)?(?:system|list|database|records|crm|files))?" + _END),
    r"\bforbid\s+you\s+(?:to|from)\s+(?:\w+\s+)?(?:contact|e-?mail|writ|mail|message)\w*",
    (rf"\b{_WANT}\s+to\s+(?:be\s+)?(?:unsubscribed?|opt(?:ed)?[- ]?out)(?:\s+(?:of|from)\s+{_WHICH}(?:{_MAILS}"
     rf"|these|those|them|this|it))?(?:\s+from\s+(?:you|your\s+\w+))?{_END}"),
    (rf"\b{_WANT}\s+to\s+(?:stop|quit|cease)\s+(?:receiving|getting)\s+{_WHICH}(?:{_MAILS}|these|those|them"
     rf"|this|it)(?:\s+from\s+you)?{_END}"),
    (rf"\b(?:do\s+not|don['’]?t|no\s+longer|not)\s+(?:want|wish|care|like|need)\s+to\s+(?:receive|get|see)\s+"
     rf"(?:any\s+)?(?:more|further)\s+(?:of\s+)?(?:these|this|those|them|it|your\s+{_MAILS}){_END}"),
    (rf"\b(?:do\s+not|don['’]?t)\s+need\s+to\s+(?:(?:receive|get)\s+{_WHICH}{_MAILS}\s+from\s+you"
     rf"|hear\s+from\s+you|be\s+contacted){_LAST}"),
    (rf"\b(?:prefer|rather)\s+not\s+(?:to\s+)?(?:be\s+(?:contacted|e-?mailed|written\s+to|approached)"
     rf"|hear\s+from\s+you|receive\s+{_WHICH}(?:{_MAILS}|these|this|those|them)){_LAST}"),
    (rf"\bplease\s+not\s+(?:to\s+)?(?:contact|e-?mail|mail|write(?:\s+to)?|message|approach|bother|spam)\s+"
     rf"(?:me|us){_LAST}"),
    # German
    (r"\b(?:schreib|kontaktier|mail|belästig|behellig)\w*\s+(?:sie\s+|ihr\s+)?(?:mich|mir|uns)\s+"
     r"(?:bitte\s+)?nicht\s+(?:noch\s?(?:ein)?mal|erneut|nochmals?)"
     r"(?:\s+an)?") + _END,
    (r"\b(?:entfern|lösch|streich|nehm)\w*\s+(?:sie\s+|ihr\s+)?(?:\w+\s+)?(?:unsere?n?|meine?n?)\s+(?:firma"
     r"|unternehmen|kontakt|organisation|betrieb|büro)\s+(?:bitte\s+)?"
     r"(?:aus|von)\s+(?:ihre[mnr]|eure[mnr]|de[mnr])\s+(?:\w+\s+)?(?:\w*verteiler|\w*liste|datenbank"
      r"|kartei|system|crm)\b"),
    (r"\b(?:will|wollen|möchten?|wünsche\w*)\s+(?:\w+\s+){0,3}?keine\s+(?:weiteren\s+)?\w*-?(?:mails?"
     r"|werbung|newsletter|anfragen)\s+von\s+(?:ihnen|euch)"
     r"(?:\s+(?:erhalten|bekommen|empfangen|kriegen|haben))?") + _END,
    (r"\b(?:untersag|verbiet)\w*\s+(?:ihnen|euch)?\s*(?:hiermit\s+)?(?:jede|jegliche|die|weitere|ihnen"
     r"|mir)\w*\s+(?:weitere\s+)?(?:kontakt\w*|zusendung\w*|werb\w+|e-?mails?|mails"
     r"|nutzung\s+meiner)\b"),
    r"\bkein(?:en|erlei)?\s+(?:weitere[rn]?\s+)?kontakt(?:\s+(?:mehr|erwünscht|gewünscht))?" + _END,
    (rf"\b{_DE_MAILS}\s+(?:\w+\s+){{0,4}}?(?:sind|ist)\s+(?:\w+\s+){{0,4}}?(?:nicht\s+(?:mehr\s+"
     rf")?(?:erwünscht|gewünscht)|unerwünscht){_END}"),
    (rf"\b(?:will|wollen|möchten?|brauche\w*|wünsche\w*)\s+(?:\w+\s+)?{_DE_THESE}\s+(?:\w+\s+"
     rf")?{_DE_MAILS}\s+nicht(?:\s+mehr)?(?:\s+(?:bekommen|erhalten|haben|empfangen|lesen|sehen))?{_END}"),
    (r"\b(?:können|könnten|würden|wollen|möchten)\s+sie\s+(?:mich|uns)\s+(?:bitte\s+)?(?:löschen|streichen"
     r"|entfernen|austragen|abmelden)\s*[?.!]*$"),
    rf"\b(?:alles|ihre\s+{_DE_MAILS}|diese\s+{_DE_MAILS}|die\s+{_DE_MAILS})\s+(?:hiermit\s+)?abbestellen{_END}",
    (rf"^\W*(?:bitte\s+)?aus\s+(?:dem\s+|ihrem\s+|eurem\s+)?(?:e-?mail-?|mail-?)?verteiler(?:\s+(?:entfernen"
     rf"|nehmen|löschen|streichen|raus))?{_END}"),
    (rf"\b(?:bitte\s+)(?:meinen|unseren)\s+(?:kontakt|eintrag|namen|datensatz)\s+(?:\w+\s+)?(?:löschen"
     rf"|entfernen|streichen){_END}"),
    rf"(?:^\W*|,\s*)(?:bitte\s+)?keine\s+(?:{_DE_MAILS})(?:\s+mehr)?(?:\s+von\s+(?:ihnen|euch))?\s*[.!]*$",
    rf"\bschluss\s+mit\s+(?:de[nmr]|diese[nmr]|ihre[nmr]|all\s+de[nmr])\s+(?:\w+\s+)?{_DE_MAILS}\b",
    (rf"\bkeine\s+(?:\w+\s+)?(?:einwilligung|erlaubnis|zustimmung|genehmigung)\b[^.!?\n]{{0,40}}\b"
     rf"(?:{_DE_MAILS}|kontaktieren|anzuschreiben|schreiben)\b"
     rf"|\b{_DE_MAILS}\b[^.!?\n]{{0,30}}\bkeine\s+(?:einwilligung|erlaubnis|zustimmung|genehmigung)\b"),
    (r"\b(?:will|wollen|möchten?|wünsche\w*)\s+(?:\w+\s+){0,3}?keine\s+(?:weiteren\s+)?\w*-?(?:mails?"
     r"|werbung|newsletter|anfragen|nachrichten)\s+mehr"
     r"(?:\s+von\s+(?:ihnen|euch))?\s+(?:erhalten|bekommen|empfangen|kriegen|haben)\b"),
    # French
    (r"\bvous\s+interdi[st]\w*\s+(?:de|tout|toute)\s+(?:me\s+|nous\s+)?(?:re)?(?:contact|écri|sollicit"
     r"|démarch|relanc|prospection)\w*"),
    r"\b(?:souhait|veu|voudr|désir|préfér)\w*\s+ne\s+plus\s+être\s+(?:re)?(?:contact|sollicit|démarch|relanc)\w+",
    (r"\b(?:mon|notre)\s+(?:retrait|désabonnement|effacement)(?:\s+de\s+(?:votre|vos|la"
     r"|cette)\s+(?:\w+\s+)?(?:base|listes?|fichiers?|mailing|newsletter))?" + _END),
    r"\b(?:fichez|foutez|fiche|laissez)[- ](?:moi|nous)\s+(?:la\s+paix|en\s+paix)\b",
    # Spanish
    (r"\bque\s+(?:me|nos)\s+(?:borren?|eliminen?|quiten?|saquen?|retiren?)\s+de\s+(?:su|sus|la|las|esta)\s+"
     r"(?:listas?|base|contactos)\b"),
    r"\bno\s+(?:me|nos)\s+vuelv(?:a|an|as|áis)\s+a\s+(?:escribir|contactar|molestar)\b",
    r"\bno\s+(?:env[ií]en?|manden?|escriban?)\s+más(?:\s+(?:correos?|e-?mails?|mensajes|publicidad))?" + _END,
    (r"\b(?:ya\s+)?no\s+(?:quiero|queremos|deseo|deseamos)\s+(?:seguir\s+recibiendo"
     r"|recibir)\s+(?:más\s+)?(?:esto|eso|estos\s+(?:correos|mensajes|e-?mails))" + _END),
    r"\bd[eé]j[ae]n?(?:me|nos)\s+en\s+paz\b|^\W*basta\s+ya\s*[.!]*$",
    # Italian
    (r"\bnon\s+(?:(?:scrive|contatta|disturba)te(?:mi|ci)|(?:mi|ci)\s+(?:scriv|contatt|disturb)(?:a|i|ate"
     r"|iate|ete))(?:\s+più)?(?=\s*[.!]|\s*$)"),
    (r"\bnon\s+(?:vogli\w+|desider\w+)\s+più\s+(?:vostre\s+|le\s+vostre\s+|altre\s+)?(?:e-?mail|mail"
     r"|messaggi|comunicazioni|newsletter|pubblicità)\b"),
    (r"\blascia(?:te|mi|temi|teci)?\s*(?:mi|ci)?\s+in\s+pace\b|^\W*smette(?:te|tela)\s*[.!]*$|^\W*(?:la\s+"
     r")?smetta\s*[.!]*$"),
    (r"\b(?:desider\w+|vogli\w+|vorre\w+|preg\w+\s+di|di)\s+(?:di\s+)?cancellar(?:mi|ci)(?:\s+dal(?:la"
     r"|le)?\s+(?:\w+\s+)?(?:list[ae]|mailing|newsletter|elenco|database))?" + _END),
    r"\b(?:vorre\w+|vogli\w+|desider\w+|chied\w+\s+di)\s+disiscriver(?:mi|ci)\b",
    (r"\bnon\s+(?:inviat|mandat|spedit)e(?:mi|ci)\s+(?:altre|più|ulteriori)\s+(?:vostre\s+)?(?:e-?mail|mail"
     r"|messaggi|comunicazioni|newsletter|pubblicità|offerte)") + _END,
    # Dutch
    r"\bverwijder\w*\s+(?:\w+\s+)?(?:mijn|onze)\s+(?:persoonlijke\s+)?gegevens" + _END,
    (r"\b(?:graag|gelieve|liever|aub|alstublieft)\s+(?:mij\s+|ons\s+)?niet\s+(?:meer|langer)\s+(?:te\s+)?"
     r"(?:e-?mailen|mailen|schrijven|contacteren|benaderen)") + _END,
    (r"^\W*stop\s+(?:hiermee|daarmee|ermee|met\s+dit)\s*[.!]*$|\bgeen\s+(?:verder\s+)?contact\s+(?:meer\s+"
     r")?(?:gewenst|op\s+prijs)\b"),
    # Portuguese
    r"\bn[ãa]o\s+(?:me|nos)\s+(?:contac?t(?:e|em)|escrev(?:a|am)|incomod(?:e|em))(?=\s*[.!]|\s*$)",
    r"\bdeix(?:e|em)[- ](?:me|nos)\s+em\s+paz\b|\bme\s+deix(?:e|em)\s+em\s+paz\b|^\W*n[ãa]o\s+quero\s+mais\s*[.!]*$",
    r"\b(?:quer\w+|gosta\w+\s+de|desej\w+)\s+(?:me|nos)\s+descadastrar\b",
    # Swedish, Danish, Norwegian
    (r"\b(?:kontakta|mejla|maila|skriv\s+till)\s+(?:mig|oss)\s+inte(?=\s*[.!]|\s*$)|\blämna\s+(?:mig"
     r"|oss)\s+i\s?fred\b"),
    r"\b(?:ta\s+bort|radera)\s+(?:min|vår)\s+(?:mejl-?|mail-?|e-?post-?)?adress(?=\s*[.!,]|\s*$|\s+(?:från|ur)\b)",
    r"\bavsluta\s+(?:min\s+|vår\s+)?prenumeration(?:en)?" + _END,
    (r"\b(?:ikke\s+(?:skriv\s+til|kontakt|mail)\s+(?:mig|meg|os|oss)|(?:kontakt|mail|skriv\s+til)\s+(?:mig"
     r"|meg|os|oss)\s+ikke)(?=\s*[.!]|\s*$)"),
    (r"\b(?:lad|la)\s+(?:mig|meg|os|oss)\s+(?:være\s+)?i\s+fred\b|\bstopp?\s+(?:med\s+)?(?:å|at)\s+sende\s+"
     r"(?:\w+\s+)?(?:e-?mails?|mails?|e-?post\w*)\b"),
    # Polish, Czech
    r"(?:^\W*|\bproszę\s+)(?:więcej\s+|już\s+)?nie\s+(?:pisać|kontaktować\s+się|dzwonić\s+ani\s+pisać)\s*[.!]*$",
    r"\brezygnuj(?:ę|emy)\s+z\s+(?:newslettera|subskrypcji|otrzymywania|mailingu|wiadomości)\b",
    r"\bo\s+usunięcie\s+(?:moich\s+|naszych\s+)?(?:danych|kontaktu|e-?maila)" + _END,
    (r"\bnepište\s+(?:mi|nám)(?=\s*[.!]|\s*$)|\bneposílejte\s+(?:mi|nám)\s+(?:\w+\s+)?(?:e-?maily|maily"
     r"|zprávy|reklam\w*)\b"),
    (r"\bnechc(?:i|eme)\s+od\s+vás\s+(?:už\s+)?(?:nic|žádné\s+(?:e-?maily|maily|zprávy))\b|\b(?:smažte"
     r"|vymažte|odstraňte)\s+(?:mé|moje|naše)\s+(?:osobní\s+)?údaje\b"),
    r"\bpřestaňte\s+(?:mě|mne|nás)\s+(?:\w+\s+)?(?:obtěžovat|kontaktovat|otravovat)\b",
)  # fmt: skip
