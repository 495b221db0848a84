"""The ways of asking not to be written to again that are the same in every language. Data for `opt_outs`.

    do not       + write, contact, reach out  + me, us        + again, or nothing behind it
    stop         + writing, contacting        | your mails
    want no      + to be contacted, to hear from you
    remove       + me, my data                as a noun too ("removal of my data"), and passive ("must be removed")
    no more      + mails, contact, follow-ups

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
_MAIL_NOUNS = r"(?:e-?mails?|mails?|messages?|newsletters?)"
_MINE = r"(?:my|our) (?:(?:contact|personal|e-?mail) )?(?:details|data|info(?:rmation)?|records?|address|name|e-?mail)"
_OUR = rf"(?:me|us|{_MINE})"

_FROM = (
    r"(?:\s+(?:from|off|out of|on|of)\b[^.!?\n]{0,30}\b(?:lists?|records?|databases?|systems?|mailings?|crm|files"
    r"|newsletters?"
    r"|e-?mails?|servers?)\b|\s+(?:under|per|as per|pursuant to|in (?:accordance|line) with|according to"
    r"|as required by)\b"
    r"[^.!?\n]{0,40}\b(?:gdpr|ccpa|rgpd|dsgvo|art\w*|law|data protection)\b|"
    rf"(?:\s+(?:immediately|now|at once|asap))?{_END}|\s*\?)"
)
_BID = r"(?:^|\b(?:please|pls|kindly|so|and|but|just|that you|ask you(?: to)?|said|repeat|to)\s+|[,;:.!?–-]\s*)"
"""What stands before a request in the imperative: "your colleagues never write to us" is none."""

WAYS = patterns_of(
    # English
    (rf"{_BID}(?:do not|don['’]?t|dont|never)\s+(?:ever\s+)?(?:(?:e-?mail|contact|write|message|approach|bother"
     rf"|spam"
     rf"|chase|pitch)(?:\s+(?:to\s+)?(?:me|us))?|(?:follow[- ]?up|reach out|get in touch)(?:\s+(?:to"
     rf"|with)\s+(?:me"
     rf"|us))?(?:\s+(?:on|about|regarding)\s+(?:this|that|it))?)(?:\s+{_AGAIN}\b|{_END})"),
    (r"\bnot to (?:e-?mail|contact|write to|message|approach|bother) (?:me|us)\b"
     rf"(?:\s+{_AGAIN}\b|{_END})"),
    (rf"{_BID}(?:stop|cease|quit)\s+(?:reaching out|following up|getting in touch|chasing|pitching|soliciting"
     r"|approaching)\b"),
    (r"\bnot to be (?:contacted|e-?mailed|approached|written to|solicited|bothered)\b"
     r"(?! (?:by|on|via|before|during|until)\b)"),
    (r"\b(?:make sure|ensure|see to it)\b[^.!?\n]{0,20}\b(?:i|we) (?:(?:get|receive|hear) no (?:more|further)"
    r"|(?:do not|don['’]?t|never) (?:get|receive) (?:any ?(?:more|further)|anything|further))\b"),
    (rf"(?:{_BID}|\b(?:appreciate|want|prefer)\s+)(?:no (?:more|further)|enough)\s+(?:of )?(?:your |these |this "
     rf"|such )?"
     rf"(?:follow[- ]?ups?|outreach|solicitations?|correspondence|contact|e-?mails?|mails?|messages){_END}"),
    rf"\b(?:mind|for|by|consider) (?:removing|deleting|unsubscribing|dropping) {_OUR}{_FROM}",
    (rf"\b(?:if|that|ask) you (?:would |could |to |please )?(?:remove|delete|unsubscribe|drop)d? {_OUR}{_FROM}"),
    rf"\b(?:delete|remove|erase|purge|scrub) (?:all )?(?:of )?{_MINE}{_FROM}",
    rf"\b(?:like|want|need|wish) (?:to have )?{_MINE} (?:to be )?(?:removed|deleted|taken off|erased){_FROM}",
    rf"\b(?:remove|delete|drop|take) (?:my|our) (?:company|organi[sz]ation|business|team|firm|domain){_FROM}",
    (r"\b(?:can|could|may|please|to|must|should) (?:i |we )?be (?:removed|taken off|deleted"
     r"|unsubscribed) (?:from |off )?"
     r"(?:this|your|the|any|all)\b[^.!?\n]{0,30}\b(?:list|mailings?|e-?mails?|database|newsletters?)\b"),
    (r"\b(?:rather|prefer to) not (?:receive|get) (?:(?:any )?(?:more|further) )?(?:of )?(?:these|them|your)\b"
     rf"(?:\s+{_MAIL_NOUNS})?{_END}"),
    (rf"\b(?:the|your) (?:very )?last {_MAIL_NOUNS} (?:that )?"
     r"(?:you (?:ever )?send|(?:i|we) (?:ever )?(?:get|receive))\b"),
    r"\bkein interesse,?\s+bitte\s+(?:streichen|löschen|entfernen|austragen)(?=\s*[.!]|\s*$)",
    (r"\bleave (?:me|us) (?:off|out of) (?:of )?(?:your|this|these|all|any|the)\b"
     r"(?=[^.!?\n]{0,30}\b(?:lists?|mail\w*|e-?mails?)\b)"),
    r"\bwithdraw from (?:your|this|these|all) (?:mailing|list|newsletter|e-?mail)\w*",
    r"\bget (?:me|us) (?:off|out of) (?:of )?(?:your|this|the) (?:\w+ )?list\b",
    r"\b(?:want|like|need) (?:to (?:be|get) )?(?:off|out of) (?:this|your) (?:\w+ )?list\b(?! \w+ing\b| view)",
    (r"\b(?:my|our|this) (?:e-?mail )?(?:address|name|details|data|e-?mail) (?:must|should|has to|have to"
     r"|needs? to"
     rf"|is to) be (?:removed|deleted|taken off|erased|struck){_FROM}"),
    (r"\b(?:request|wish|decision|choose|asking|asked) to (?:opt[ -]?out|unsubscribe|be (?:removed|taken off"
     rf"|unsubscribed)){_FROM}"),
    (rf"{_BID}(?:discontinue|halt) (?:all |these |this |your |sending )*(?:e-?mails?|mails?|mailings?"
    rf"|messages){_END}"),
    (r"\b(?:do not|don['’]?t|dont) (?:want|need|wish for) any (?:e-?mails?|mails?|messages|spam|newsletters?)"
     rf"(?: from you)?{_END}"),
    (r"\b(?:prefer|rather|like|wish|want|ask|asked) not (?:to )?be (?:on|in|part of) (?:your|this|the|any|such)\b"
     r"(?=[^.!?\n]{0,30}\b(?:lists?|mailings?|newsletters?|database|e-?mails?)\b)"),
    (r"\bno wish (?:to (?:receive|get|hear|be contacted)|for)\b(?=[^.!?\n]{0,40}\b(?:e-?mails?|mails?"
     r"|messages?|newsletters?|contact\w*|from you|again)\b)"),
    (rf"(?:{_BID}|\bno\s+thanks?,?\s+)no more(?: of (?:this|these|those|them))?(?:\s+(?:please|pls|thanks?"
     rf"|thank you))?(?=\s*[.!]|\s*$)"),
    (rf"{_BID}(?:do not|don['’]?t|dont|never)\s+send\s+(?:(?:me|us)\s+)?(?:(?:any\s+)?(?:more|further)\s+"
     rf"(?:of\s+)?(?:these"
     rf"|{_MAIL_NOUNS}|correspondence|communications?)\b|anything\s+(?:more|further|else)(?:{_END}|\s+to\s+"
      rf"(?:me|us)\b)|any\s+more{_END})"),
    rf"{_BID}(?:stop|enough)\s+(?:with|of)\s+(?:all\s+)?(?:the|these|this|your)\s+(?:\w+\s+)?{_MAIL_NOUNS}{_END}",
    (r"\b(?:have|['’]ve|had)\s+(?:already\s+|now\s+)?asked\s+(?:you\s+)?(?:twice|before|already|repeatedly"
     r"|several times|many times"
     r"|(?:two|three|four|\d)\s+times)?\s*(?:to\s+be\s+(?:removed|taken\s+off|unsubscribed)|(?:you\s+"
      r")?not\s+to\s+(?:be\s+)?(?:contact|e-?mail)\w*)"),
    r"\bwant\s+out\s+of\s+(?:this|these|your)\s+(?:\w+\s+)?(?:mailings?|list|e-?mails?|newsletter|sequence)\b",
    (rf"{_BID}(?:remove|delete|unsubscribe|take\s+off)\s+from\s+(?:your|this|the|all)\s+(?:\w+\s+)?(?:lists?"
     rf"|database|mailings?"
     r"|records|contacts|newsletter)\b"),
    (rf"{_BID}(?:exclude|delist|cross|omit|unlist|wipe)\s+(?:me|us|{_MINE})\b(?:\s+(?:off|from|out\s+of)\b"
     rf"(?=[^.!?\n]{{0,30}}"
     rf"\b(?:lists?|mailings?|e-?mails?|outreach|campaigns?|records|database)\b)|{_END})"),
    (rf"\b(?:do\s+not|don['’]?t|dont)\s+bother\s+(?:to\s+)?(?:writ\w+|contact\w*|e-?mail\w*|call\w*\s+or\s+"
     rf"\w+)(?:\s+(?:to\s+)?(?:me|us))?(?:\s+{_AGAIN}\b|{_END})"),
    (r"\bno\s+(?:more|further)\s+(?:e-?mails?|mails?|messages?|correspondence|communications?|contact|mailings?)\s+"
     r"(?:\w+\s+){0,2}(?:is|are|be|gets?)\s+(?:sent|made|received|addressed|directed)\b"),
    (r"\b(?:make\s+sure|ensure|see\s+to\s+it)\b[^.!?\n]{0,20}\b(?:i|we)(?:['’]m|\s+am|['’]re|\s+are)\s+"
     r"(?:not\s+(?:contacted|e-?mailed|written\s+to)"
     r"|(?:removed|taken\s+off|unsubscribed|deleted)\s+(?:from\s+)?(?:your|this|all|any|the)\b)"),
    (rf"{_BID}(?:do\s+not|don['’]?t|dont|never)\s+(?:ever\s+)?use\s+(?:this|my|our)\s+(?:e-?mail\s+"
     rf")?(?:address|e-?mail|inbox)(?:\s+{_AGAIN}\b"
     r"|\s+for\s+(?:\w+\s+)?(?:marketing|sales|advertis\w+|solicit\w+|spam|pitch\w*|mailings?)\b)"),
    (r"\b(?:do\s+not|don['’]?t|no\s+longer)\s+(?:want|wish|care|like)\s+to\s+(?:receive|get|see|hear)\s+"
     r"(?:any\s+)?(?:further\s+|more\s+)?"
     r"(?:correspondence|mailings?|outreach|contact|pitches|things\s+like\s+this|stuff\s+like\s+this)\b"),
    (rf"{_BID}(?:stop|cease|quit)\s+(?:e-?mailing|mailing|contacting|writing\s+to|messaging|spamming"
     rf"|bothering|pestering|approaching)\s+(?:my|our)\s+(?:company|team|staff|office|organi[sz]ation|people"
     rf"|firm|employees)\b"),
    (rf"{_BID}(?:discontinue|cease|halt|terminate|end)\s+(?:all\s+|any\s+)?(?:further\s+)?(?:e-?mails?"
     rf"|mails?|mailings?|messages|communications?"
     rf"|correspondence|contact|outreach)(?:\s+(?:to|with|from)\s+(?:me|us|you|my\s+\w+|our\s+\w+))?{_END}"),
    (rf"\b(?:appreciate|prefer|like)\s+(?:it\s+)?not\s+(?:to\s+)?(?:be\s+)?(?:get|receiv|hear)\w*\s+"
     rf"(?:any\s+)?(?:more|further)\s+(?:of\s+(?:these|this|your)\b|{_MAIL_NOUNS}\b)"),
    r"\b(?:said|told|asked|again|already|before)\b[^.!?\n]{0,30}[,:]\s*(?:please\s+)?stop[.!]*$",
    (rf"{_BID}(?:remove|delete|drop|erase|purge)\s+(?:all|any|every)\s+(?:of\s+)?(?:my|our)\s+(?:\w+\s+"
     rf"){{0,2}}(?:address(?:es)?|contacts?|e-?mails"
     rf"|accounts|people|staff|records|names){_FROM}"),
    (r"\b(?:see|ensure|make\s+sure|want|ask|request|have|get|like|please)\b[^.!?\n]{0,20}\b(?:my|our"
     r"|this)\s+(?:\w+\s+){0,2}?(?:address|name|details|data|e-?mail)\s+"
     r"(?:(?:gets?|is|are|be|being)\s+)?(?:removed|deleted|taken|erased|struck)\s+(?:off|from|out\s+of)\b"
      r"(?=[^.!?\n]{0,30}\b(?:lists?|databases?|mailings?|records|systems?|crm)\b)"),
    # German
    (r"\bmelde\w*\s+(?:sie\s+|ihr\s+)?(?:sich|euch|dich)\s+(?:bitte\s+)?(?:nicht|nie)\s+(?:mehr|wieder)"
     rf"(?:\s+bei\s+(?:mir|uns))?{_END}"),
    (r"\b(?:schick|send|schreib|mail|kontaktier)\w*\s+(?:sie\s+|ihr\s+)?(?:mir|uns"
     r"|mich)\s+(?:bitte\s+)?(?:in\s+zukunft\s+"
     r"|künftig\s+)?(?:nichts|nie|nicht)\s+mehr\b"),
    r"\bnichts\s+mehr\s+von\s+(?:ihnen|euch|dir)\s+(?:hören|lesen|bekommen|erhalten|sehen|wissen)\b",
    (r"\bdavon\s+ab(?:zusehen|sehen)?,?\s+(?:\w+\s+){0,3}(?:zu\s+)?(?:kontaktieren|anzu\w+|schreiben|mailen"
     r"|belästigen)\b"
     r"|\bverschon\w*\s+(?:sie\s+)?(?:mich|uns)\b"),
    r"\bkein(?:e|en)\s+weitere[nr]?\s+(?:kontakt\w*|korrespondenz|nachfragen\s+per)\b",
    (rf"\b(?:bitte|(?:meine|unsere|diese))\s+(?:(?:meine|unsere|diese)\s+)?(?:e-?mail-?)?(?:mail)?(?:adresse"
     rf"|daten|kontaktdaten)\s+"
     rf"(?:bitte\s+)?(?:sofort\s+|umgehend\s+)?(?:löschen|entfernen|streichen){_END}"),
    (r"\bstell\w*\s+(?:sie\s+)?[^.!?\n]{0,30}\b(?:an\s+(?:mich|uns)|e-?mails?|mails|zusendung\w*|kontaktaufnahme"
     r"|werbung)\b[^.!?\n]{0,20}\bein(?=\s*[.!,]|\s*$)"),
    (r"\b(?:austragung|löschung|entfernung|streichung|abmeldung)\s+(?:aus|von|vom)\b[^.!?\n]{0,20}(?:verteiler"
    r"|liste|newsletter)"),
    (r"^\s*bitte\s+(?:mir\s+|mich\s+|uns\s+)?(?:nicht|nie|nichts)\s+mehr\s+(?:schreiben|mailen|anschreiben|melden"
     r"|kontaktieren|schicken|senden|zusenden|belästigen)(?=\s*[.!]|\s*$)"),
    (r"\b(?:fordere?n?|bitten?|ersuchen?|verlangen?)\b[^.!?\n]{0,40}\b(?:meine|unsere)\s+(?:\w+\s+)?(?:daten|adresse"
     r"|kontaktdaten|e-?mail-?adresse)\s+(?:[^.!?\n]{0,30}\s)?zu\s+(?:löschen|entfernen|streichen)\b"),
    (r"\b(?:mich|uns)\s+(?:bitte\s+)?nicht\s+(?:mehr|weiter|wieder)\s+(?:zu\s+)?(?:kontaktieren|anschreiben"
    r"|anzuschreiben|belästigen|mailen)\b"),
    (r"\b(?:will|wollen|möchten?|wünschen?)\b[^.!?\n]{0,20}\bkeine\s+(?:weiteren?\s+)?(?:werbung"
     r"|werbemails?|newsletter"
     r"|spam|e-?mails?|mails)\s+(?:mehr\s+)?von\s+(?:ihnen|euch|dir)\b"),
    (r"\bspar\w*\s+(?:sie\s+)?(?:sich|euch|dir)\s+(?:bitte\s+)?(?:die\s+|ihre\s+)?weiteren?\s+(?:e-?mails?|mails"
     r"|nachrichten|anschreiben)\b"),
    (r"\bverzicht\w*\s+(?:\w+\s+){0,3}?auf\s+(?:jede\s+|alle\s+|solche\s+|weitere\s+|derartige\s+|diese\s+"
     r"){1,3}(?:e-?mails?|mails|nachrichten|werbung|kontakt\w*|anfragen|zusendung\w*|anschreiben)\b"),
    (r"\b(?:erspar\w*|verbitte\w*)\s+(?:sie\s+)?(?:mir|uns)\s+(?:bitte\s+)?(?:solche\s+|weitere\s+|diese\s+"
     r"|derartige\s+|jede\s+)*(?:e-?mails?|mails|nachrichten|werbung|kontakt\w*|anfragen|zusendung\w*"
     r"|anschreiben)\b"),
    (r"\b(?:behellig|belästig|bombardier|nerv)\w*\s+(?:sie\s+|ihr\s+)?(?:mich|uns)\s+(?:bitte\s+)?(?:nicht"
     r"|nie)\s+(?:mehr|weiter|wieder|länger)\b"),
    (r"\b(?:hör\w*|hoer\w*)\s+(?:sie\s+)?(?:bitte\s+)?auf\s+(?:mit\s+(?:de[nmr]|diese[nmr]|ihre[nmr]"
     r"|euren?)\s+(?:\w+\s+)?(?:e-?mails?|mails|nachrichten|werbung|spam)\b"
     r"|,?\s*(?:mich|mir|uns)\s)|\b(?:hört|hören\s+sie)\s+(?:bitte\s+)?auf,?\s+(?:mich|mir|uns)\s"),
    (r"\b(?:raus|heraus)\s+aus\s+(?:dem|ihrem|diesem|eurem|der|ihrer|dieser|eurer)\s+(?:\w*verteiler"
     r"|\w*liste|newsletter)\b"),
    (r"\b(?:sehen?|absehen|abzusehen|abstand)\b[^.!?\n]{0,20}\bvon\s+(?:weitere[nr]?|künftigen"
     r"|solchen)\s+(?:e-?mails?|mails|kontakt\w*|anschreiben|anfragen|angeboten|nachrichten|zusendungen"
     r"|werbung|akquise\w*)(?:\s+(?:dieser|derartiger|solcher)\s+art)?\b"),
    (r"\bvon\s+(?:weitere[nr]?|künftigen|solchen)\s+(?:e-?mails?|mails|kontakt\w*|anschreiben|anfragen"
     r"|angeboten|nachrichten|zusendungen|werbung|akquise\w*)(?:\s+(?:dieser|derartiger|solcher)\s+art)?\s+"
     r"(?:ab|abzusehen|absehen|abstand)\b"),
    (r"\bunterlass\w*\s+(?:sie\s+|ihr\s+)?(?:bitte\s+)?(?:das|dies|es|solche\w*|weitere\w*|derartige\w*|jede\w*)\b"
     r"(?=\s*[.!]|\s*$|[^.!?\n]{0,30}\b(?:e-?mails?|mails|kontakt\w*|werbung|nachrichten|anfragen"
      r"|in zukunft|künftig|anschreiben|zusendung\w*)\b)"),
    (r"\b(?:wünsche\w*|wollen?|möchten?|brauche\w*)\s+(?:\w+\s+){0,2}keine\s+(?:werbung|newsletter|spam"
     r"|werbe-?mails?|akquise\w*|mailings?)(?=\s*[.!,;]|\s*$)"),
    (r"\bkeine\s+(?:e-?mails?|mails|nachrichten|werbung|post)\s+mehr\s+(?:an\s+(?:mich|uns|diese\s+"
     r"(?:e-?mail-?\s?)?adresse)|von\s+(?:ihnen|euch))\b"),
    (r"^\W*(?:bitte\s+)?(?:nie|nicht)\s+(?:wieder|mehr)\s+(?:anschreiben|kontaktieren|schreiben"
     r"|mailen)(?=\s*[.!,]|\s*$)"),
    # French
    (r"\b(?:inutile|pas\s+la\s+peine|merci|prière|veuillez)\s+(?:de\s+)?(?:ne\s+(?:pas|plus)\s+)?(?:me\s+|m['’]"
     r"|nous\s+)"
     rf"(?:re)?(?:contacter|relancer|solliciter|démarcher|écrire|déranger)(?:\s+à\s+nouveau)?{_END}"),
    (r"\bne\s+(?:me\s+|m['’]|nous\s+)(?:re)?(?:contactez|écrivez|relancez|sollicitez|démarchez|dérangez)\s+"
     rf"(?:plus|jamais|pas{_END})\b"),
    (r"\b(?:suppression|retrait|effacement)\s+de\s+(?:mes|nos|mon|notre)\s+(?:données|adresse|coordonnées|e-?mail"
    r"|nom)\b"),
    (r"\b(?:supprimer|effacer|retirer|enlever)\s+(?:toutes\s+)?(?:mes|nos)\s+(?:données|coordonnées"
    r"|informations)\b"),
    r"\b(?:demande|souhaite|veux|voudrais|aimerais)\s+(?:à\s+)?être\s+(?:retir|désinscri|supprim|radi|effac)\w+",
    (r"(?:(?:^|[.,;!]\s*)stop|\b(?:assez|arrêtez|cessez|halte))\s+(?:aux?\s+|avec\s+|de\s+|vos\s+|les\s+"
     r"|ces\s+|tous\s+)*(?:mails?"
     r"|e-?mails?|courriels"
     r"|spams?|pubs?|envois|sollicitations|relances)\b"),
    (r"\b(?:cesser|cessez|arrêter|arrêtez|stopper|stoppez)\s+(?:immédiatement\s+)?(?:toute?|tous|vos"
     r"|ces)\s+(?:\w+\s+)?"
     r"(?:envois?|sollicitations?|communications?|prospection|e-?mails?|mails?|messages?|courriels?"
     r"|démarchage)\b"),
    (r"\b(?:m['’]oppose|nous\s+opposons)\s+(?:à\s+l['’]utilisation|à\s+tout\s+traitement|au\s+"
     r"traitement)\s+de\s+(?:mes|nos)"
     r"\s+données(?:\s+personnelles)?\b"),
    (r"\b(?:souhait|veu|désir|voul)\w*\s+(?:pas|plus)\s+(?:de\s+(?:contact(?!\s+avec\s+(?!vous))"
     r"|prospection|sollicitation|publicité|démarchage)\w*"
     r"|recevoir\s+(?:de\s+)?(?:vos|ces|des|d['’])\s?(?:offres|e-?mails?|mails?|courriels|publicités"
      r"|sollicitations|messages|newsletters?))"),
    r"\bn['’](?:écrivez|envoyez|adressez)\s+plus\s+(?:rien\s+)?(?:à|sur)\s+(?:cette|mon)\s+(?:adresse|e-?mail)\b",
    (r"^\W*(?:non\s+merci[,.]?\s+)?plus\s+de\s+(?:prospection|sollicitations?|démarchage|publicités?|pubs?"
     r"|relances?|spams?)\b"),
    (r"\b(?:mettre|mettez)\s+(?:\w+\s+)?(?:fin|un\s+terme)\s+à\s+(?:ces|vos|tous\s+(?:ces|vos))\s+(?:\w+\s+"
     r")?(?:messages|e-?mails?|mails?|envois|courriels|sollicitations|relances)\b"),
    (r"\b(?:merci|prière|évitez|éviter)\s+(?:donc\s+)?(?:d['’]|de\s+)?(?:éviter|arrêter|cesser"
     r"|stopper)?\s*(?:de\s+)?(?:me|nous)\s+(?:laisser\s+tranquilles?|ôter|désabonner)\b"),
    # Spanish
    (r"\b(?:me\s+opongo|nos\s+oponemos)\s+al\s+(?:tratamiento|uso)\s+de\s+(?:mis|nuestros)\s+datos(?:\s+"
     r"personales)?\b"),
    (r"\b(?:cancelar|anular)\s+(?:mi|la|nuestra)\s+suscripción\s+(?:al?|del?)\s+(?:(?:este|esta|su|sus|la|el"
     r"|estos)\s+)?"
     r"(?:bolet|newsletter|lista|correos|e-?mails)\w*"),
    r"\bno\s+(?:enviar|mandar|escribir|contactar)(?:me|nos)\s+(?:más|mas|nunca|nada)\b",
    (r"\bno\s+vuelv(?:a|an|as|áis)\s+a\s+(?:(?:escribir|contactar|molestar)(?:me|nos)"
     r"|(?:enviar|mandar)(?:me|nos)\s+(?:nada|correos?|e-?mails?|mensajes|publicidad)\b)"),
    (r"\bno\s+(?:quiero|deseo|queremos|deseamos)\s+(?![^.!?\n]{0,60}\b(?:sino|hasta|antes"
     r"|por teléfono)\b)(?:que\s+(?:me|nos)\s+(?:contact|escrib|molest)\w+"
     r"|ser\s+contactad[oa]s?"
     r"|saber\s+nada\s+(?:más\s+)?de\s+(?:usted|vosotr)|recibir\s+nada)"),
    (r"(?:^|[.,;]\s*|\bpor favor,?\s+)(?:no\s+más|basta\s+(?:ya\s+)?de)\s+(?:correos?|e-?mails?|mensajes"
    r"|publicidad|spam)\b"),
    (r"\b(?:suprim|borr|elimin|retir|quit)\w*\s+(?:de\s+su\s+lista\s+)?(?:mi|mis|nuestr[oa]s?)\s+(?:correo"
     r"|direcci[oó]n|e-?mail"
     r"|datos|nombre)\b"),
    (r"\b(?:baja|eliminación|supresión)\s+de\s+(?:mi|mis|nuestr[oa]s?)\s+(?:datos|correo|dirección|suscripción"
    r"|e-?mail)\b"),
    (r"(?:^|[.,;:]\s*|\bpor favor,?\s+)no\s+(?:me\s+|nos\s+)?insist(?:a|an|áis|as)(?:\s+más)?(?=\s*[.!]"
     r"|\s*$|,?\s*(?:por favor|gracias))"),
    (r"\bno\s+(?:quiero|queremos|deseo|deseamos|necesito)\s+(?:más|mas)\s+(?:correos?|e-?mails?|mails?"
     r"|mensajes|publicidad|spam|comunicaciones)\b"),
    (r"\b(?:abst[eé]ng\w+|dej\w+|ces\w+|par\w+)\s+(?:ya\s+)?de\s+(?:enviar|mandar|escribir|contactar"
     r"|remitir|seguir\s+(?:enviando|escribiendo))\w*"),
    (r"\b(?:cesen?|detengan?|suspendan?|paren?)\s+(?:ya\s+)?(?:el\s+envío|los\s+envíos)\s+de\s+(?:\w+\s+"
     r")?(?:correos?|e-?mails?|mensajes|publicidad|comunicaciones)\b"),
    (r"\bno\s+(?:escribir|enviar|mandar|contactar)\s+(?:más|nada\s+más)\b(?=\s*[.!]|\s*$|\s+(?:a\s+esta\s+"
     r"dirección|correos?|e-?mails?|mensajes|publicidad))"),
    r"\bno\s+(?:me|nos)\s+(?:contact|escrib|molest)\w+(?=\s*[.!]|\s*$)",
    r"\bno\s+vuelv(?:a|an|as|áis)\s+a\s+(?:enviar|mandar)\s+(?:\w+\s+)?(?:correos?|e-?mails?|mensajes|publicidad)\b",
    # Italian
    (r"\bnon\s+(?:desider|vogli|intend)\w+\s+(?:più\s+)?essere\s+(?:più\s+)?(?:ri)?(?:contattat"
    r"|disturbat)[oaie]\b"),
    r"^\s*basta\s+(?:con\s+)?(?:(?:le|queste|questi|vostre)\s+)*(?:e-?mail|mail|messaggi|pubblicità|spam)\b",
    (r"\b(?:cancellazione|rimozione|eliminazione)\s+(?:dalla?|de[il])\b[^.!?\n]{0,15}\b(?:lista|mailing"
    r"|newsletter|miei\s+dati|mio\s+indirizzo)\b"),
    (r"\b(?:vorrei|vorremmo|desidero|desideriamo|preferire(?:i|mmo)|gradire(?:i|mmo)|chied(?:o|iamo)\s+di"
     r"|preg(?:o|hiamo)\s+di)\s+non\s+(?:più\s+)?ricevere\s+(?:più"
     r"|altre|altri"
     r"|ulteriori)\b(?=[^.!?\n]{0,30}\b(?:e-?mail|mail|messaggi|comunicazioni|newsletter|pubblicità)\b|\s*[.!]"
     r"|\s*$)"),
    rf"\bdi\s+non\s+essere\s+(?:più\s+)?(?:ri)?(?:contattat|disturbat)[oaie]{_END}",
    r"\b(?:mi\s+oppongo|ci\s+opponiamo)\s+al\s+trattamento\s+dei\s+(?:miei|nostri)\s+dati(?:\s+personali)?\b",
    (r"\bnon\s+(?:inviate|mandate|inviare|mandare|invii|mandi)(?:mi|ci)?\s+(?:più\s+)?(?:altro"
     r"|nient['’]?altro|nulla)\b"),
    r"\b(?:astenetevi|si\s+astenga|evitate|eviti)\s+(?:dal|di)\s+(?:contattar|scriver|inviar|mandar)(?:mi|ci|e)\b",
    (r"\b(?:toglie|cancella|rimuove|elimina)te(?:mi|ci)\s+(?:da[il]?|dagli|dai|dalla|dalle)\s+(?:\w+\s+"
     r")?(?:contatti|lista|liste|indirizzi|database|mailing|rubrica|elenco)\b"),
    (r"(?:^|[.,;:]\s*|\bfavore,?\s+)(?:niente|mai|non)\s+più\s+(?:e-?mail|mail|messaggi|pubblicità"
     r"|comunicazioni|newsletter|spam)\b"),
    # Dutch
    r"\bbezwaar\s+tegen\s+(?:de\s+verwerking|het\s+gebruik)\s+van\s+(?:mijn|onze)\s+(?:persoons)?gegevens\b",
    r"\b(?:wil|willen|wens|wensen)\s+niets\s+meer\s+van\s+(?:u|jullie|je)\s+(?:ontvangen|horen|krijgen)\b",
    (r"^\s*(?:graag|gelieve|verzoek\w*)\s+(?:mij\s+|me\s+|ons\s+)?(?:afmelden|uitschrijven|verwijderen)"
     r"(?=\s*[.,!]|\s*$)"),
    (r"\b(?:wilt|wil|willen|kunt|kan|kunnen)\s+(?:u|je|jullie)\s+(?:mij|me|ons)\s+(?:geen\s+(?:\w+\s+)?(?:e-?mails?"
     r"|mails?|berichten|reclame|nieuwsbrieven)\s+meer|niet\s+meer)\s+(?:te\s+)?(?:sturen|mailen|schrijven"
     r"|toesturen|benaderen)\b"),
    r"\bneem\s+(?:\w+\s+)?geen\s+contact\s+meer\b",
    r"\b(?:geen\s+prijs\s+op|afzien\s+van)\b[^.!?\n]{0,30}\b(?:e-?mails?|mails|mailings?|berichten|contact)\b",
    (r"\bniet\s+(?:meer|langer)\s+(?:door\s+\w+\s+)?(?:gemaild|benaderd|gecontacteerd|aangeschreven"
    r"|lastiggevallen)\b"),
    (r"\b(?:wil|wens|willen|wensen)\s+(?:verder\s+)?geen\s+(?:verdere\s+)?(?:mails?|e-?mails?|berichten|contact"
     r"|reclame"
     r"|nieuwsbrieven)\s+(?:meer|van\s+(?:u|jullie)|te\s+ontvangen|ontvangen)\b"),
    (r"\b(?:graag|gelieve|verzoek|verzoeke)\b[^.!?\n]{0,30}\bverwijder\w*\s+(?:uit|van)\s+(?:uw|de|het"
     r"|jullie)\s+\w*(?:lijst|bestand"
     r"|mailing|database)"),
    r"\bverwijdering\s+van\s+(?:mijn|onze)\s+(?:gegevens|adres|e-?mail\w*)\b",
    (r"\b(?:graag|kunt\s+u|kan\s+u|kun\s+je|wilt\s+u|wil\s+je|willen\s+jullie|kunnen\s+jullie)\s+(?:mij|me"
     r"|ons|mijn\s+\w+|ons\s+\w+)\s+(?:\w+\s+)?(?:uitschrijven|afmelden|verwijderen|schrappen)(?=\s*[.!?,]"
     r"|\s*$)"),
    (r"\b(?:graag|stop|stopt|stoppen)\s+(?:\w+\s+){0,2}(?:stoppen\s+)?met\s+(?:(?:mij|me|ons)\s+(?:te\s+"
     r")?)?(?:mailen|schrijven|benaderen|contacteren|lastigvallen|(?:het\s+)?(?:sturen|toesturen)\s+van\s+"
     r"(?:\w+\s+)?(?:e-?mails?|mails|berichten|reclame))\b"),
    r"\b(?:liever|graag)\s+geen\s+(?:\w+\s+)?(?:e-?mails?|mails?|berichten|reclame|nieuwsbrieven)\s+meer\b",
    r"\b(?:van|uit)\s+(?:deze|uw|jullie|de|die)\s+(?:\w+)?lijst\s+(?:af|gehaald|verwijderd|geschrapt|halen)\b",
    (r"\b(?:haal|gooi|schrap|knikker)\s+(?:mij|me|ons)\s+(?:er\s?af|eraf|eruit)(?=\s*[.!,]|\s*$|\s+"
     r"(?:a\.?u\.?b|alstublieft|alsjeblieft|graag))"),
    r"\blaat\s+(?:mij|me|ons)\s+(?:verder\s+|voortaan\s+)?met\s+rust(?=\s*[.!,]|\s*$)",
    r"\bschrijf\s+(?:mij|me|ons)\s+(?:maar\s+|graag\s+)?uit(?=\s*[.!,]|\s*$)",
    # Portuguese
    r"\b(?:oponho-me|opomo-nos)\s+ao\s+tratamento\s+dos\s+(?:meus|nossos)\s+dados(?:\s+pessoais)?\b",
    rf"\bn[ãa]o\s+ser\s+(?:mais\s+)?conta[c]?tad[oa]s?(?:\s+mais)?{_END}",
    (r"\bser\s+(?:removid|retirad|excluíd|eliminad)[oa]s?\s+d(?:a|as|essa|esta|o)\s+(?:\w+\s+)?(?:lista|base"
    r"|mailing|newsletter)\b"),
    (r"\bn[ãa]o\s+volt(?:e|em|es)\s+a\s+(?:(?:me|nos)\s+(?:conta[c]?tar|escrever|incomodar)|(?:conta[c]?tar"
    r"|escrever|incomodar)-(?:me|nos))\b"),
    (r"\b(?:remoção|exclusão|eliminação)\s+d[oae]s?\s+(?:meus?|minhas?|nossos?)\s+(?:dados|e-?mail|conta[c]?to"
     r"|endereço|nome|inscrição"
     r"|subscrição)\b"),
    r"(?:^|[.,;]\s*)(?:chega|basta)\s+de\s+(?:e-?mails?|mensagens|spam|publicidade)\b",
    (r"\bn[ãa]o\s+(?:me|nos)\s+(?:envi|mand|escrev|contac?t)(?:assem|asse|essem|esse|em|e|am)\s+mais\b"
     r"(?=\s*[.!,]|\s*$|\s+(?:nada|e-?mails?|mensage\w+|publicidade|propostas))"),
    r"(?:^|[.,;:]\s*|\bfavor,?\s+)n[ãa]o\s+(?:me\s+|nos\s+)?insist(?:a|am)(?:\s+mais)?(?=\s*[.!]|\s*$)",
    (r"\b(?:par|deix)(?:em|e|ar|ando)\s+com\s+(?:os|estes|esses|estas|essas)\s+(?:e-?mails?|mensage\w+"
     r"|contactos?|spam)\b"),
    (r"\b(?:retir|remov|apag|exclu|elimin)\w*\s+(?:o\s+|os\s+)?(?:meu|nosso|meus|nossos)\s+(?:contac?tos?"
     r"|dados|e-?mails?|endereço|nome)\s+d[aeo]\b"),
    (r"\bn[ãa]o\s+(?:quero|queremos|desejo)\s+(?:mais\s+)?(?:os\s+)?(?:vossos|seus|estes|mais)\s+"
     r"(?:e-?mails?|contac?tos?|mensage\w+)\b"),
    (r"\bn[ãa]o\s+volt(?:e|em|es)\s+a\s+(?:me\s+|nos\s+)?(?:enviar|mandar)(?:-me|-nos)?\s+(?:\w+\s+"
     r")?(?:e-?mails?|mensage\w+|publicidade|nada)\b"),
)  # fmt: skip
