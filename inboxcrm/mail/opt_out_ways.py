"""Ways of asking not to be written to again that no shape makes (`opt_out_shapes`). Data for `opt_outs`.

Verbs in two parts ("hören Sie auf"), words said before ("I have asked twice"), set phrases ("so that we get no more").
A verb of sending counts only without an object of its own, or with mails as its object: "send me no more samples" is
business. So does "do not write to me", which may go on with "before Monday".
"""

from __future__ import annotations

from inboxcrm.mail.opt_out_patterns import patterns_of

_END = (
    r"(?=\s*[.!;]|\s*,\s*(?:do not|don['’]?t|dont|never|nor|or|no)\b|\s*,?\s*(?:please|pls|thanks?"
    r"|thank you|bitte|danke|svp|s['’]il|merci"
    r"|por favor|gracias|per favore|grazie|a\.?u\.?b|alstublieft|alsjeblieft|obrigad[oa])\b|\s*$)"
)
"""Nothing follows but courtesy."""
_AGAIN = r"(?:again|any ?more|any ?longer|(?:any )?further|in (?:the )?future|ever)"

_BID = r"(?:^|\b(?:please|pls|kindly|so|and|but|just|that you|ask you(?: to)?|said|repeat|to)\s+|[,;:.!?–-]\s*)"
"""What stands before a request in the imperative: "your colleagues never write to us" is none."""

WAYS = patterns_of(
    # English
    (rf"{_BID}(?:do not|don['’]?t|dont|never)\s+(?:ever\s+)?(?:(?:e-?mail|contact|write|message|approach|bother"
     rf"|spam"
     rf"|chase|pitch)(?:\s+(?:to\s+)?(?:me|us))?|(?:follow[- ]?up|reach out|get in touch)(?:\s+(?:to"
     rf"|with)\s+(?:me"
     rf"|us))?(?:\s+(?:on|about|regarding)\s+(?:this|that|it))?)(?:\s+{_AGAIN}\b|{_END})"),
    (r"\b(?:make sure|ensure|see to it)\b[^.!?\n]{0,20}\b(?:i|we) (?:(?:get|receive|hear) no (?:more|further)"
    r"|(?:do not|don['’]?t|never) (?:get|receive) (?:any ?(?:more|further)|anything|further))\b"),
    r"\bkein interesse,?\s+bitte\s+(?:streichen|löschen|entfernen|austragen)(?=\s*[.!]|\s*$)",
    (rf"(?:{_BID}|\bno\s+thanks?,?\s+)no more(?: of (?:this|these|those|them))?(?:\s+(?:please|pls|thanks?"
     rf"|thank you|mate|sir|madam|guys)){{0,2}}(?=\s*[.!]|\s*$)"),
    (r"\b(?:have|['’]ve|had)\s+(?:already\s+|now\s+)?asked\s+(?:you\s+)?(?:twice|before|already|repeatedly"
     r"|several times|many times"
     r"|(?:two|three|four|\d)\s+times)?\s*(?:to\s+be\s+(?:removed|taken\s+off|unsubscribed)|(?:you\s+"
      r")?not\s+to\s+(?:be\s+)?(?:contact|e-?mail)\w*)"),
    (rf"{_BID}(?:stop|cease|quit)\s+(?:e-?mailing|mailing|contacting|writing\s+to|messaging|spamming"
     rf"|bothering|pestering|approaching)\s+(?:my|our)\s+(?:company|team|staff|office|organi[sz]ation|people"
     rf"|firm|employees)\b"),
    r"\b(?:said|told|asked|again|already|before)\b[^.!?\n]{0,30}[,:]\s*(?:please\s+)?stop[.!]*$",
    r"\byou(?:['’]re| are) not to (?:contact|e-?mail|write to|approach|message|pester|solicit)\b",
    (r"\b(?:i|we)\s+(?:already\s+)?asked\s+(?:you\s+)?(?:\w+\s+){0,3}to\s+be\s+(?:removed|taken\s+off|unsubscribed)\b"),
    # German
    r"\bnichts\s+mehr\s+von\s+(?:ihnen|euch|dir)\s+(?:hören|lesen|bekommen|erhalten|sehen|wissen)\b",
    (r"\bstell\w*\s+(?:sie\s+)?[^.!?\n]{0,30}\b(?:an\s+(?:mich|uns)|e-?mails?|mails|zusendung\w*|kontaktaufnahme"
     r"|werbung)\b[^.!?\n]{0,20}\bein(?=\s*[.!,]|\s*$)"),
    (r"\bverzicht\w*\s+(?:\w+\s+){0,3}?auf\s+(?:jede\s+|alle\s+|solche\s+|weitere\s+|derartige\s+|diese\s+"
     r"){1,3}(?:e-?mails?|mails|nachrichten|werbung|kontakt\w*|anfragen|zusendung\w*|anschreiben)\b"),
    (r"\b(?:erspar\w*|verbitte\w*)\s+(?:sie\s+)?(?:mir|uns)\s+(?:bitte\s+)?(?:solche\s+|weitere\s+|diese\s+"
     r"|derartige\s+|jede\s+)*(?:e-?mails?|mails|nachrichten|werbung|kontakt\w*|anfragen|zusendung\w*"
     r"|anschreiben)\b"),
    (r"\b(?:hör\w*|hoer\w*)\s+(?:sie\s+)?(?:bitte\s+)?auf\s+(?:damit,?\s+(?:mir|mich|uns)\b|mit\s+(?:de[nmr]|diese[nmr]|ihre[nmr]"
     r"|euren?)\s+(?:\w+\s+)?(?:e-?mails?|mails|nachrichten|werbung|spam)\b"
     r"|,?\s*(?:mich|mir|uns)\s)|\b(?:hört|hören\s+sie)\s+(?:bitte\s+)?auf,?\s+(?:mich|mir|uns)\s"),
    (r"\b(?:raus|heraus)\s+aus\s+(?:dem|ihrem|diesem|eurem|der|ihrer|dieser|eurer)\s+(?:\w*verteiler"
     r"|\w*liste|newsletter)\b"),
    (r"\bunterlass\w*\s+(?:sie\s+|ihr\s+)?(?:bitte\s+)?(?:das|dies|es|solche\w*|weitere\w*|derartige\w*|jede\w*)\b"
     r"(?=\s*[.!]|\s*$|,?\s*(?:sonst|ansonsten|andernfalls)\b|[^.!?\n]{0,30}\b(?:e-?mails?|mails|kontakt\w*|werbung|nachrichten|anfragen"
      r"|in zukunft|künftig|anschreiben|zusendung\w*)\b)"),
    (r"\b(?:wünsche\w*|wollen?|möchten?|brauche\w*)\s+(?:\w+\s+){0,2}keine\s+(?:werbung|newsletter|spam"
     r"|werbe-?mails?|akquise\w*|mailings?)(?=\s*[.!,;]|\s*$)"),
    (r"\bkeine\s+(?:e-?mails?|mails|nachrichten|werbung|post)\s+mehr\s+(?:an\s+(?:mich|uns|diese\s+"
     r"(?:e-?mail-?\s?)?adresse)|von\s+(?:ihnen|euch))\b"),
    # French
    (r"(?:(?:^|[.,;!]\s*)stop|\b(?:assez|arrêtez|cessez|halte))\s+(?:aux?\s+|avec\s+|de\s+|vos\s+|les\s+"
     r"|ces\s+|tous\s+)*(?:mails?"
     r"|e-?mails?|courriels"
     r"|spams?|pubs?|envois|sollicitations|relances)\b"),
    (r"\b(?:cesser|cessez|arrêter|arrêtez|stopper|stoppez)\s+(?:immédiatement\s+)?(?:toute?|tous|vos"
     r"|ces)\s+(?:\w+\s+)?"
     r"(?:envois?|sollicitations?|communications?|prospection|e-?mails?|mails?|messages?|courriels?"
     r"|démarchage)\b"),
    (r"^\W*(?:non\s+merci[,.]?\s+)?plus\s+de\s+(?:prospection|sollicitations?|démarchage|publicités?|pubs?"
     r"|relances?|spams?)\b"),
    (r"\b(?:mettre|mettez)\s+(?:\w+\s+)?(?:fin|un\s+terme)\s+à\s+(?:ces|vos|tous\s+(?:ces|vos))\s+(?:\w+\s+"
     r")?(?:messages|e-?mails?|mails?|envois|courriels|sollicitations|relances)\b"),
    # Spanish
    (r"\bno\s+(?:quiero|deseo|queremos|deseamos)\s+(?![^.!?\n]{0,60}\b(?:sino|hasta|antes"
     r"|por teléfono)\b)(?:que\s+(?:me|nos)\s+(?:contact|escrib|molest)\w+"
     r"|ser\s+contactad[oa]s?"
     r"|saber\s+nada\s+(?:más\s+)?de\s+(?:usted|vosotr)|recibir\s+nada)"),
    (r"(?:^|[.,;:]\s*|\bpor favor,?\s+)no\s+(?:me\s+|nos\s+)?insist(?:a|an|áis|as)(?:\s+más)?(?=\s*[.!]"
     r"|\s*$|,?\s*(?:por favor|gracias))"),
    (r"\b(?:cesen?|detengan?|suspendan?|paren?)\s+(?:ya\s+)?(?:el\s+envío|los\s+envíos)\s+de\s+(?:\w+\s+"
     r")?(?:correos?|e-?mails?|mensajes|publicidad|comunicaciones)\b"),
    # Italian
    (r"(?:^|[.,;:]\s*|\bfavore,?\s+)(?:niente|mai|non)\s+più\s+(?:e-?mail|mail|messaggi|pubblicità"
     r"|comunicazioni|newsletter|spam)\b"),
    # Dutch
    (r"\bgeen\s+prijs\s+op\s+(?:\w+\s+){0,3}(?:e-?mails?|mails?|berichten|reclame|aanbiedingen|contact"
     r"|nieuwsbrie\w+)\b"),
    (r"\bniet\s+(?:meer|langer)\s+(?:door\s+\w+\s+)?(?:gemaild|benaderd|gecontacteerd|aangeschreven"
    r"|lastiggevallen)\b"),
    r"\b(?:van|uit)\s+(?:deze|uw|jullie|de|die)\s+(?:\w+)?lijst\s+(?:af|gehaald|verwijderd|geschrapt|halen)\b",
    # Portuguese
    (r"\b(?:remoção|exclusão|eliminação)\s+d[oae]s?\s+(?:meus?|minhas?|nossos?)\s+(?:dados|e-?mail|conta[c]?to"
     r"|endereço|nome|inscrição"
     r"|subscrição)\b"),
    r"(?:^|[.,;:]\s*|\bfavor,?\s+)n[ãa]o\s+(?:me\s+|nos\s+)?insist(?:a|am)(?:\s+mais)?(?=\s*[.!]|\s*$)",
    (r"\b(?:par|deix)(?:em|e|ar|ando)\s+com\s+(?:os|estes|esses|estas|essas)\s+(?:e-?mails?|mensage\w+"
     r"|contactos?|spam)\b"),
)  # fmt: skip
