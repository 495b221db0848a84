"""Requests that are one word, or whose words stand too far apart for a shape (`opt_out_shapes`); how mailings offer to
stop, and what takes a request back. Data for `opt_outs`.

A request names the one who asks ("remove me", "streichen Sie uns") or is a bare word that stands alone. What speaks to
the reader ("if you no longer wish", "to unsubscribe, click") is an offer in somebody's footer.
"""

from __future__ import annotations

import re

from inboxcrm.mail.opt_out_patterns import patterns_of

_LIST = (
    r"(?=(?:[^.!?\n]|\.(?=\S)){0,60}\b(?:lists?|contacts|mailings?|database|distribution|newsletters?|e-?mails?|mails"
    r"|communications?|records?|correspondence"
    r"|outreach|sequence|campaigns?|crm|system)\b|\s*[.!?,;:]|\s*(?:please|thanks?|thank you|asap|immediately"
    r"|now|at once|then|already|straight away|for good)\b|\s*$)"
)
_MAILS = (
    r"(?:any |your |these |such |this |further |more |additional |unsolicited |future )*"
    r"(?:e-?mails?|mails?|messages?|newsletters?|communications?|correspondence|offers?|marketing"
    r"|advertis\w+|spam|pitch\w*"
    r"|promotion\w*"
    r"|solicitations?|material|anything)"
)
_AGAIN = r"(?:again|any ?more|any ?longer|any further|further|ever|in (?:the )?future)"


_BID = r"(?:^|\b(?:please|pls|kindly|you|to|and|also|just|must|now|so|me|or|then|would|can|\w+ly)\s+|[,;:.!–-]\s*)"
"""What stands before a request in the imperative: "your tool should remove me" is none."""

REQUESTS = patterns_of(
    # English
    (rf"{_BID}(?:unsubscribe|un-subscribe|deregister)\s+(?:me|us|(?:my|our) (?:e-?mail|address)|this (?:e-?mail"
     rf"|address)){_LIST}"),
    (r"\b(?:not interested|no interest|no thanks?|no thank you|not (?:for us|for me|relevant|needed)"
     r"|wrong (?:person|company))"
     r"\W{1,3}(?:(?:please|pls|plz|kindly) )?(?:remove|unsubscribe)[.!]*$"),
    (r"(?:,\s*|[–-]\s+|\b(?:yes|please)\b[^.!?\n]{0,20}:\s*)(?:please )?(?:unsubscribe(?: me)?|remove me)"
     r"(?:,? (?:please|pls|plz|thanks?|thx|thank you|now|asap))*\s*[.!]*$"),
    (r"\b(?:request|demand|ask for|want) (?:the )?(?:immediate )?(?:erasure|deletion|removal) of (?:all )?(?:my"
     r"|our)"
     r" (?:\w+ )?(?:data|details|address|information|e-?mail)"),
    (r"\b(?:i|we)(?:['’]d| would)? (?:like|want|wish|choose|prefer|am writing|are writing|tried|have tried"
     r"|am trying|need)"
     r" to (?:unsubscribe|opt[ -]?out|be (?:removed|unsubscribed|taken off|deleted))\b"
     r"(?!\s+(?:of|from)\s+(?!(?:your|this|these|all|any|the (?:list|mail|news|e-?mail))))"),
    (r"(?:^|\b(?:please|pls|kindly|now|just|you|and|to|must|also|immediately)\s+|[,;:–-]\s*)"
     r"(?:stop|cease|quit)\s+(?:sending\b(?:\s+(?:me|us)\b)?"
     r"|(?:e-?mailing|mailing|contacting|writing|messaging|spamming|bothering|harassing|pestering)\b"
     r"(?:\s+(?:to\s+)?(?:me|us|this address|here)\b(?:\s+(?:about|with|regarding)\s[^.!?,;\n]{1,40})?|"
     r"(?=\s*(?:[.!,]|$|please|now|immediately|at once))))"),
    (rf"\b(?:do not|don['’]?t|dont|never)\s+send\s+(?:(?:me|us)\s+|(?=any (?:more|further)))(?:{_MAILS}\b"
     rf"|(?:(?:this|these|those|it|such \w+|anything|things)\s+)?{_AGAIN}\b)"),
    (r"\b(?:(?:do not|don['’]?t|dont|no longer|not)\s+(?:want|wish|care|like|consent|interested)|no wish)"
     r"(?:\s+to|\s+in)?\s+"
     rf"(?:(?:receiv\w+|get\w*|see\w*)\s+(?:any )?{_MAILS}|be(?:ing)? (?:contacted|e-?mailed|written to"
     rf"|on (?:your|this))|hear(?:ing)? from you\b)"),
    (rf"{_BID}(?:stop|cease|end) (?:(?:all|these|this|your|the|any|further) ){{0,3}}(?:contact"
     r"|communications?|e-?mails?|mails|messages|correspondence|(?<!stop )spam)\b"
     r"(?=\s*(?:[.!,;]|$)|\s(?:to (?:me|us)|from you|with (?:me|us)|please|now|immediately|and)\b)"),
    (r"\brefrain from (?:any |all )?(?:further |future |more |such |these )*(?:outreach|correspondence"
     r"|solicit\w+|approach\w*|marketing|pitch\w*|contact\w*|e-?mail\w*|sending|writing|mail\w*"
     r"|messag\w+|communicat\w+)\b"),
    (r"\bif you (?:do not|don['’]?t|dont) (?:(?:stop|cease) (?:e-?mailing|writing|contacting|spamming"
     r"|messaging|sending (?:me|us)|this|these|it)|unsubscribe|remove (?:me|us|my|our))\b"),
    # German
    r"\b(?:sehen|sieht|seht)\s+(?:sie\s+|ihr\s+)?(?:bitte\s+|künftig\s+)*davon\s+ab\b[^.!?\n]{0,60}\b(?:kontakt|schreib|mail)\w*",
    r"^\W*(?:bitte\s+)?hör(?:en\s+sie|t)?\s+(?:bitte\s+|endlich\s+)*auf(?:\s+damit)?\W*$",
    (r"\b(?:lösch\w*|loesch\w*|streich\w*|entfern\w*|(?:trag\w*|nehm\w*|nimm)"
     r"(?=[^.!?\n]{0,60}\b(?:aus\w*|raus|heraus|von|vom|runter)\b))\s+(?:sie\s+"
     r"|ihr\s+)?(?:(?:bitte|umgehend|sofort|unverzüglich|alle|sämtliche|hiermit)\s+){0,4}(?:mich|uns"
     r"|(?:meine?n?|unsere?n?|diese)\s+(?:e-?mail-?\s?)?(?:adresse|mailadresse|daten|kontaktdaten|eintrag"
     r"|namen|e-?mail))\b"),
    (r"\bkeine\s+(?:weitere\s+)?(?:kontaktaufnahme|kontaktierung|zusendung)\b"),
    # French
    (r"\bme\s+dés(?:abonne|inscris)\b"
     r"|\bne\s+(?:veux|voulons|souhait\w+)\s+(?:plus\s+(?:de\s+)?(?:vos|tes)\s+(?:e-?mails?|mails?|messages"
     r"|courriels"
     r"|publicités)|(?:pas|plus)\s+être\s+(?:contact|sollicit|démarch|relanc)\w+)"),
    # Spanish
    (r"\bno\s+(?:me|nos)\s+(?:(?:escrib|contact|molest)\w+\s+(?:más|mas|nunca|nada)\b|(?:env[ií]"
     r"|mand)\w+\s+(?:nada|nunca"
     r"|(?:más|mas)(?=\s*[.!,;]|\s*$|\s+(?:nada|por favor|gracias|(?:de\s+)?(?:(?:sus|estos)\s+)?(?:correos?"
     r"|e-?mails?"
     r"|mensajes|publicidad|newsletters?|boletines|informaci[oó]n|ofertas|propaganda)))))"),
    (r"\bsolicit(?:o|amos)\s+(?:la\s+|mi\s+)?baja(?:\s+de\s+(?:la|su|esta)\s+(?:lista|newsletter|bolet\w+|base)\b"
     r"|\s*[.,!]|\s*$)"),
    (r"\b(?:d[ae]me|danos|denos|denme|dennos|dadme|dadnos|dar(?:me|nos))\s+de\s+baja(?:\s+(?:en|de|a)\s+(?:la|las|su|sus"
     r"|esta|estas|vuestra|tu)\s+(?:listas?|newsletter|bolet\w+|base)\b|\s+(?:ya|hoy|por favor|gracias)\b"
     r"|\s*[.,!]|\s*$)"),
    # Italian
    r"^\W*la\s+(?:smetta|finisca)\W*$|^\W*mi\s+(?:cancelli|elimini|tolga)(?:,?\s+(?:grazie|per favore|subito))*\W*$",
    r"^\s*basta\s+(?:con\s+)?(?:(?:le\s+|queste\s+)?(?:e-?mail|mail|messaggi|pubblicità|spam))\b",
    r"\bsmett\w+(?:la)?\s+di\s+(?:scriv|invi|contatt|mand)\w*",
    # Dutch
    (r"\b(?:graag|gelieve|verzoek\w*)\b[^.!?\n]{0,15}\bgeen\s+(?:\w+\s+)?(?:e-?mails?|mails?|berichten|reclame"
     r"|nieuwsbrieven)\s+(?:meer\s+)?(?:te\s+)?(?:meer\b|sturen|zenden|mailen)"),
    # Portuguese
    (r"\b(?:remov|retir|exclu|tir|apag|elimin|descadastr)\w+\s+(?:o\s+|a\s+|os\s+)?(?:meus?|minha|nosso)\s+(?:e-?mail"
     r"|endereço|contacto|contato|dados|nome)\b"),
    r"\b(?:me|nos)\s+(?:remov|retir|exclu|tir|descadastr)\w+\s+d",
    (r"\b(?:quero|desejo)\s+(?:deixar\s+de\s+receber|cancelar\s+a\s+(?:minha\s+)?(?:inscrição|subscrição)"
     r"(?=\s*[.!,]|\s*$|\s+[nd]\w+\s+(?:\w+\s+)?(?:lista|newsletter|boletim|e-?mails?)))"),
    r"\bn[ãa]o\s+(?:quero|queremos|desejo|desejamos)\s+mais\s+receber(?:\s+(?:isso|isto|nada)\b)?(?=\s*[.!,]|\s*$)",
)  # fmt: skip

BARE = re.compile(
    r"(?:please |pls |plz |bitte |svp |s['’]il vous plaît,? |por favor,? |per favore,? |a\.?u\.?b\.? |merci de )?"
    r"(?:(?:un-?sub(?:scribe)?(?: me)?|stopp?|stoppen|arrêtez|(?:remove|delete)(?: me)?(?: from (?:your |the "
    r"|this )?(?:mailing )?list)?|opt[- ]?out|cancel (?:my )?subscription|take me off|stop it|stop e-?mails?"
    r"|no more)"
    r"|abmelden|abmeldung|austragen|abbestellen|löschen|stop pub|desuscribir(?:me)?|verwijder (?:mij|me)|désabonner"
    r"|désabonnement|désinscription|désinscrire|me désabonner"
    r"|baja|dar de baja|d[ae]r?(?:me|nos) de baja|cancellami|cancellazione|disiscrizione|disiscrivimi|cancellatemi"
    r"|uitschrijven|afmelden|remover|descadastrar|remova-me|fjern|slett|radera|odhlaste|wypisz"
    r"|cancelar(?: inscrição| subscrição)?"
    r"|cancelar (?:la |mi )?suscripción|disiscriver(?:e|mi)|sair da lista|remover da lista|avregistrera"
    r"|afmeld|odhlásit|lopeta|poista|peruuta|basta|avsluta prenumeration|wypisać|entfernen|streichen)"
    r"(?:,? (?:please|pls|thanks?|thank you|graag|tack|tak|takk|proszę|prosím|bitte|danke|svp|merci|por favor"
    r"|gracias|grazie|a\.?u\.?b\.?"
    r"|obrigad[oa]|me|now))*",
    re.IGNORECASE,
)
"""Requests of one word: only where they stand alone."""

OFFERS = re.compile(
    r"\bif you\b[^.!?\n]{0,80}\b(?:wish|want|like|prefer|choose)\b(?! me\b)|"
    r"\b(?:if|should) you (?:would|wish|want|prefer|no longer|do not|don['’]?t|dont|are not|have received)\b"
    r"(?! (?:stop|unsubscribe me|remove|cease))"
    r"|(?:^|[,;:|(•·]\s*)(?:to|how to) (?:unsubscribe|opt[ -]?out|stop receiving|be removed|change|manage)\b"
    r"|\byou (?:can|may|are receiving|received|will (?:then |also |now |automatically )*be|have the right"
    r"|were sent)\b|\bclick\b|\bhttps?:|\bwww\."
    r"|\b(?:scriv|rispond|invi)\w+ [\"“«]?(?:cancell|stop|rimuov)"
    r"|\blink below\b|\bclicking\b|\bsubject (?:line|box|field)\b|\bin (?:the )?subject\b"
    r"|(?<!not )(?<!n't )(?<!n’t )(?<!never )\b(?:reply|answer|respond) (?:with|stop|to this|[\"“'„«])"
    r"|(?<!the )(?<!your )(?<!an )unsubscribe (?:here|link|at any"
    r"|from this list|\||instantly)|\|\s*unsubscribe"
    r"|\bwenn sie\b|\bfalls sie\b|\bsollten sie\b|\bum sich\b|\bsie (?:erhalten|können|haben diese)\b|klicken"
    r"|\bsi vous (?:ne|souhaitez|voulez)\b|\bpour (?:vous|se|ne plus)\b|\bvous (?:pouvez|recevez)\b|cliquez"
    r"|\bsi (?:ya )?no (?:desea|quiere)\b|\bsi (?:desea|quiere)\b|\bpara (?:darse|dejar|cancelar|no recibir)\b"
    r"|haga clic|pulse aqu"
    r"|\bse (?:non|lei|vuol|desider|não|quiser|desejar)\w*\b|\bper (?:cancellar\w*|disiscriver\w*"
    r"|non ricevere)\b|clicc"
    r"|\b(?:als|indien) (?:u|je|jij)\b|\bom (?:u|je|jezelf)\b|\bklik\b"
    r"|\bpara (?:deixar|remover|sair)\b|clique",
    re.IGNORECASE,
)
"""What speaks to a reader of a mailing."""

NEGATED = re.compile(
    r"(?:\b(?:don['’]?t|dont|do not|never|not|won['’]?t|can['’]?t|cannot|could ?n['’]?t|would ?n['’]?t"
    r"|no need to|instead of|without|rather"
    r" than|did you|why did|why do|have you|has|forgot to|did|didn['’]?t|before you|please never|no reason to"
    r"|nicht|ohne|statt"
    r"|kein grund|pas|jamais|sans|no(?! (?:thank|problem|merci))|nunca|sin|non|senza|mai|niet|nooit|zonder"
    r"|não|nao|sem)(?:\s+\w+){0,2}\s*)$",
    re.IGNORECASE,
)
"""Just before a request: it is none. "If you don't stop ..." is one all the same, and has a rule of its own."""

TAKEN_BACK = re.compile(
    r"\b(?:don['’]?t|do not|never) (?:want|like|need|wish) (?:you )?to (?:be )?(?:stop|unsubscrib|remove|take"
    r"|delete)"
    r"|(?<!you )\b(?:was|were|been|am|are|got) (?:asked|told|instructed|advised|required|forced) to\b"
    r"|\b(?:told|asked|begged) (?:them|him|her|everyone|everybody)\b|\b(?:that|which) (?:asks?|says?|tells?|reads?) "
    r"|(?:^|[,;:]\s*)(?:please )?(?:ignore|disregard)\b"
    r"|\bn['’](?:arrêt|interromp)\w+ (?:surtout )?(?:pas|jamais)\b|\bne (?:cess|stopp"
    r"|suspend)\w+ (?:surtout )?(?:pas|jamais)\b"
    r"|\bhoef(?:t|en)\b[^.!?,\n]{0,30}\bniet\b[^.!?,\n]{0,30},"
    r"|\b(?:told|asked|advised|instructed) (?:me|us|them|him|her|my \w+|our \w+) (?:not to|to (?:stop|cease"
    r"|quit))\b"
    r"|\b(?:möchten?|will|wollen|wünschen?)\s+nicht,?\s+dass\s+(?:sie|ihr|du)\s+(?:mich|uns)\b"
    r"|\bmais\s+(?:par|à|en|uniquement)\b|\bbut\s+(?:by|via|to|only)\b|\bsondern\b|\bsino\b|\bma\s+(?:per"
    r"|via|a|solo)\b"
    r"|\bmaar\s+(?:per|via|naar|alleen)\b|\bmas\s+(?:por|para|só)\b|\bmen\s+(?:på|til|via)\b|"
    r"\b(?:don['’]?t|do not|never|please don['’]?t) (?:ever )?(?:stop|unsubscribe|remove|take|delete)\b"
    r"|\b(?:remove|take|drop) me (?:from|off|out of)"
    r" (?:the |this )?(?:cc|copy|thread|loop|chain|invite|meeting|call|project|ticket)\b"
    r"|\b(?:sorry|apologi[sz]e|entschuldig\w+|verzeih\w+|excusez|désolée?|perdon[ea]|disculp[ea]|scusi|desculpe|undskyld"
    r"|förlåt|beklager)\b[^.!?\n]{0,25}\b(?:for not|that i|dass? ich|de ne pas|que no|se non|di non|che non|por não"
    r"|at jeg ikke|att jag inte)\b"
    r"|^\W*(?:we are looking for|we['’]re looking for|wir suchen|nous cherchons|buscamos|cerchiamo|we zoeken|wij zoeken"
    r"|procuramos|vi söker|vi leder efter|szukamy|hledáme)\b"
    r"|\b(?:seit|since|depuis|sinds|sedan|siden)\b[^.!?\n]{0,40}\b(?:nichts mehr|nothing (?:more|any ?more)|plus rien"
    r"|niets meer|inget mer|intet mere)\b"
    r"|\b(?:e-?)?mail\w* (?:is (?:enough|fine)|will do|reicht|genügt|suffit|basta|volstaat|wystarcz\w*|stačí"
    r"|räcker|er nok)\b"
    r"|\b(?:is|er|är|ist|est|es|è) (?:helt |heilt |totally |perfectly |absolut |völlig )?"
    r"(?:fine|fint|in ordnung|bien|bene)\W*$"
    r"|\bcc\b|\b(?:i|we)(?:['’]d| would) rather not (?:post|write|mail|e-?mail|send|share|forward)\b"
    r"|\b(?:again|any ?more|further) (?:until|before|unless)\b|\bput me (?:back )?on\b(?! (?:your|the"
    r"|a) (?:suppression|do[- ]not|block|opt|exclusion|no[- ]contact))|\bre-?subscribe\b"
    r"|\bin (?:den|ihren|die|ihre) (?:verteiler|liste)\b|\bmöchte (?:mich )?(?:gar "
    r"|überhaupt )?nicht\b[^.!?\n]{0,20}(?:abmelden|austragen)"
    r"|\b(?:habe|haben|hatte|heb|hebben|krijg|kreeg|ontving|erhielt|bekomme)\b[^.!?\n]{0,30}\b(?:keine"
    r"|geen)\b(?! (?:\w+ )?(?:einwilligung|erlaubnis|zustimmung|genehmigung|toestemming|interesse|behoefte"
    r"|tijd|zeit|lust)\b)"
    r"|\bne (?:me|nous) (?:désabonnez|désinscrivez|retirez|supprimez|enlevez) pas\b|\bpas (?:me |nous |m['’])(?:dés"
    r"|retir|supprim|enlev|ray)"
    r"|\bne (?:veux|souhaite) pas (?:me |être )(?:dés|retir|supprim)"
    r"|\bno (?:me|nos) (?:den|dé|des|borr\w+|quit\w+|elimin\w+)\b|\bnon (?:mi |ci )?(?:cancell|rimuov|togli)\w*"
    r"|\bniet (?:afmelden|uitschrijven)\b|\bn[ãa]o (?:me |nos )?(?:remov|retir|exclu|tir)\w*",
    re.IGNORECASE,
)  # fmt: skip
