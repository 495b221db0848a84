"""Brief requests that no shape makes (`opt_out_shapes`): each is the end of its sentence, or all of it. For `opt_outs`.

As in "I forbid you to write", "terminate our subscription", "mails of this kind are unwanted".
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
    r"\b(?:cancel|end|terminate)\s+(?:my|our)\s+subscription" + _END,
    r"\b(?:remove|delete)\s+(?:my|our)\s+(?:e-?)?mail\s+id" + _END,
    (r"(?:^\W*|\b(?:i|we)(?:['’]m|\s+am|['’]re|\s+are)?\s+)request(?:ing)?\s+(?:the\s+|immediate\s+|my\s+"
     r"|our\s+)*(?:removal|erasure|deletion)(?:\s+from\s+(?:your|the|this)\s+(?:\w+\s+)?(?:list|database"
     r"|records|system|mailing))?" + _END),
    (r"\b(?:left|kept|leave\s+(?:me|us)|keep\s+(?:me|us))\s+(?:off|out\s+of)\s+(?:of\s+)?(?:your\s+|any\s+"
     r"|all\s+|future\s+|these\s+|further\s+)+(?:mailings?"
     r"|lists?|e-?mails?|outreach|campaigns?)") + _END,
    (r"(?:^\W*|\b(?:please|pls|kindly|to|and)\s+|[,;:]\s*)(?:stop|cease|end|halt)\s+(?:all\s+|these\s+"
     r"|this\s+|your\s+|the\s+)+(?:\w+\s+){0,2}?(?:e-?mails?"
     r"|mails|messages|follow[- ]?ups?|outreach|mailings?|newsletters?|pitches|solicitations?|spam)") + _END,
    r"\b(?:and|to|please|or)\s+not\s+(?:to\s+)?send\s+(?:me\s+|us\s+)?anything\s+(?:else|further|more)" + _END,
    r"^\W*(?:please|pls|kindly)\s+stop\s*[,–-]\s*(?:this|it|i (?:never|did|do|don|have|get|am not)|you|we|that"
    r"|enough|there)\b",
    r"\bmake\s+(?:these|this|it|them|the|your)\s+(?:(?:e-?mails?|mails|messages)\s+)?stop" + _END,
    r"\bforbid\s+you\s+(?:to|from)\s+(?:\w+\s+)?(?:contact|e-?mail|writ|mail|message)\w*",
    (rf"\b{_WANT}\s+to\s+(?:be\s+)?(?:unsubscribed?|opt(?:ed)?[- ]?out)(?:\s+(?:of|from)\s+{_WHICH}(?:{_MAILS}"
     rf"|these|those|them|this|it))?(?:\s+from\s+(?:you|your\s+\w+))?{_END}"),
    (rf"\b(?:prefer|rather)\s+not\s+(?:to\s+)?(?:be\s+(?:contacted|e-?mailed|written\s+to|approached)"
     rf"|hear\s+from\s+you|receive\s+{_WHICH}(?:{_MAILS}|these|this|those|them)){_LAST}"),
    # German
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
    (rf"\b(?:bitte\s+)(?:meinen|unseren)\s+(?:kontakt|eintrag|namen|datensatz)\s+(?:\w+\s+)?(?:löschen"
     rf"|entfernen|streichen){_END}"),
    (rf"\bkeine\s+(?:\w+\s+)?(?:einwilligung|erlaubnis|zustimmung|genehmigung)\b[^.!?\n]{{0,40}}\b"
     rf"(?:{_DE_MAILS}|kontaktieren|anzuschreiben|schreiben)\b"
     rf"|\b{_DE_MAILS}\b[^.!?\n]{{0,30}}\bkeine\s+(?:einwilligung|erlaubnis|zustimmung|genehmigung)\b"),
    # French
    (r"\bvous\s+interdi[st]\w*\s+(?:de|tout|toute)\s+(?:me\s+|nous\s+)?(?:re)?(?:contact|écri|sollicit"
     r"|démarch|relanc|prospection)\w*"),
    (r"\b(?:mon|notre)\s+(?:retrait|désabonnement|effacement)(?:\s+de\s+(?:votre|vos|la"
     r"|cette)\s+(?:\w+\s+)?(?:base|listes?|fichiers?|mailing|newsletter))?" + _END),
    # Spanish
    # Italian
    # Portuguese
    # Swedish, Danish, Norwegian
    r"\b(?:ta\s+bort|radera)\s+(?:min|vår)\s+(?:mejl-?|mail-?|e-?post-?)?adress(?=\s*[.!,]|\s*$|\s+(?:från|ur)\b)",
    # Polish, Czech
    r"\brezygnuj(?:ę|emy)\s+z\s+(?:newslettera|subskrypcji|otrzymywania|mailingu|wiadomości)\b",
    r"\bpřestaňte\s+(?:mě|mne|nás)\s+(?:\w+\s+)?(?:obtěžovat|kontaktovat|otravovat)\b",
)  # fmt: skip
