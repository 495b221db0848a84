"""How people ask not to be written to again, in seven languages, and how mailings offer it. Data for `opt_outs`.

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

_DE_ME = (
    r"(?:(?:mich|uns|(?:meine|unsere|diese)\s+(?:(?:e-?)?mail-?\s?)?(?:adresse|daten))\s+)"
    r"(?:(?:bitte|umgehend|sofort)\s+)?"
)
_DE_FROM = (
    r"(?:aus|von|vom)\s+(?:(?:de[mnr]|ihre[mnr]|eure[mnr]|diese[mnr]|alle[mn])\s+){0,2}(?:(?:e-?mail"
    r"|mail)?-?verteiler\w*"
    r"|(?:(?:mailing|mail|adress|kontakt|verteiler|e-?mail|newsletter)-?)?listen?|newsletter\w*|mailings?"
    r"|datenbank|systeme?n?"
    r"|kartei)"
)

_BID = r"(?:^|\b(?:please|pls|kindly|you|to|and|also|just|must|now|so|me|or|then|would|can|\w+ly)\s+|[,;:.!–-]\s*)"
"""What stands before a request in the imperative: "your tool should remove me" is none."""

REQUESTS = patterns_of(
    # English
    (rf"{_BID}(?:unsubscribe|un-subscribe|deregister)\s+(?:me|us|(?:my|our) (?:e-?mail|address)|this (?:e-?mail"
     rf"|address)){_LIST}"),
    (rf"{_BID}(?:remove|delete|drop(?!\s+(?:me|us)\s+(?:an?|the|your)\b)|strike|scrub)\s+(?:me|us"
     r"|(?:my|our) (?:name|details|data|information)|(?:(?:my|our) e-?mail|(?:my|our|this) (?:e-?mail )?address)"
     rf"(?:es)?)(?:\s+(?:off|from|out of)\b)?{_LIST}"),
    (rf"{_BID}take\s+(?:me|us|(?:my|our|this) (?:e-?mail(?: address)?|address|name|company|organi[sz]ation))\s+"
     r"(?:off|out)\b"),
    (r"\b(?:not interested|no interest|no thanks?|no thank you)\W{1,3}(?:please )?remove[.!]*$"),
    (r"(?:,\s*|[–-]\s+|\b(?:yes|please)\b[^.!?\n]{0,20}:\s*)(?:please )?(?:unsubscribe(?: me)?|remove me)"
     r"(?:,? (?:please|pls|plz|thanks?|thx|thank you|now|asap))*\s*[.!]*$"),
    r"\b(?:cancel|end) (?:my|our|the|this) subscription (?:to|from) (?:the|these|your|this)\b[^.!?\n]{0,20}mail",
    r"\blose (?:my|our) (?:e-?mail|address|number|contact)\b",
    (r"\b(?:request|demand|ask for|want) (?:the )?(?:immediate )?(?:erasure|deletion|removal) of (?:all )?(?:my"
     r"|our)"
     r" (?:\w+ )?(?:data|details|address|information|e-?mail)"),
    r"(?<!you )\bobject to (?:\w+ )?(?:direct )?marketing\b",
    r"\bopt\s+(?:me|us)\s+out\b",
    (r"\b(?:i|we)(?:['’]d| would)? (?:like|want|wish|choose|prefer|am writing|are writing|tried|have tried"
     r"|am trying|need)"
     r" to (?:unsubscribe|opt[ -]?out|be (?:removed|unsubscribed|taken off|deleted))\b"
     r"(?!\s+(?:of|from)\s+(?!(?:your|this|these|all|any|the (?:list|mail|news|e-?mail))))"),
    (r"\bhow (?:do|can) (?:i|we) (?:unsubscribe|opt out|get off)\b(?: (?:from|of) (?:this|these"
     r"|here))?(?:\s*[.?!]|\s*$"
     r"|[^.?!\n]{0,30}\b(?:list|mails?|e-?mails)\b)"),
    (r"(?:^|\b(?:please|pls|kindly|now|just|you|and|to|must|also|immediately)\s+|[,;:–-]\s*)"
     r"(?:stop|cease|quit)\s+(?:sending\b(?:\s+(?:me|us)\b)?"
     r"|(?:e-?mailing|mailing|contacting|writing|messaging|spamming|bothering|harassing|pestering)\b"
     r"(?:\s+(?:to\s+)?(?:me|us|this address|here)\b(?:\s+(?:about|with|regarding)\s[^.!?,;\n]{1,40})?|"
     r"(?=\s*(?:[.!,]|$|please|now|immediately|at once))))"),
    (rf"(?:{_BID}|\b(?:that you|ask you|said|repeat|but|thanks|again)\s+)(?:do not|don['’]?t|dont"
     rf"|never)\s+(?:ever\s+)?"
     rf"(?:e-?mail|contact|write|message|mail|approach)"
     rf"(?:\s+(?:to )?(?:me|us|this address)(?:(?:(?!\b(?:by|on|via|at|per)\b)[^.!?\n]){{0,30}}\b{_AGAIN}\b"
     rf"|\s*[.!]|\s*$)|\s+{_AGAIN}\b|\s*[.!]|\s*$)"),
    (rf"\b(?:do not|don['’]?t|dont|never)\s+send\s+(?:(?:me|us)\s+|(?=any (?:more|further)))(?:{_MAILS}\b"
     rf"|(?:(?:this|these|those|it|such \w+|anything|things)\s+)?{_AGAIN}\b)"),
    (r"\b(?:(?:do not|don['’]?t|dont|no longer|not)\s+(?:want|wish|care|like|consent|interested)|no wish)"
     r"(?:\s+to|\s+in)?\s+"
     rf"(?:(?:receiv\w+|get\w*|see\w*)\s+(?:any )?{_MAILS}|be(?:ing)? (?:contacted|e-?mailed|written to"
     rf"|on (?:your|this))|hear(?:ing)? from you\b)"),
    (r"(?:^|\bplease,?\s+|[,;:–-]\s*)no (?:more|further) (?:e-?mails?|mails?|messages?|spam|newsletters?"
     r"|contact)\b(?=\s*[.!,;:–-]|\s*$|\s+(?:please|pls|thanks?|thank|from you|from your|to (?:me|us)"
     r"|with (?:me|us)|at all"
     r"|ever|again|any ?more|in (?:the )?future|and|or|whatsoever|of (?:this|that)|like (?:this|that|these))\b)"),
    (rf"\b(?:do not|don['’]?t|dont|no longer) (?:want|need|wish)(?: to get)? (?:any ?more|any further|more|further"
     rf"|these|your) {_MAILS}\b(?! (?:until|before|at|about|by|in (?:our|my)|to (?!me\b|us\b))\b|\s(?:design"
     rf"|template|tool|plan|module|service|feature|software|format|content|layout)s?\b)"),
    (rf"{_BID}(?:stop|cease|end) (?:(?:all|these|this|your|the|any|further) ){{0,3}}(?:contact"
     r"|communications?|e-?mails?|mails|messages|correspondence|spam)\b"
     r"(?=\s*(?:[.!,;]|$)|\s(?:to (?:me|us)|from you|with (?:me|us)|please|now|immediately|and)\b)"),
    (r"\bcease and desist\b|\b(?:prefer not to|rather not) (?:receive|be contacted"
     r"|get)\b(?![^.!?\n]{0,30}\b(?:by|via|per) )(?=[^.!?\n]{0,30}\b(?:e-?mails?"
     r"|mails|messages|contacted|newsletters?|more of (?:these|this|them))\b)"),
    (r"\brefrain from (?:any |all )?(?:further |future |more |such |these )*(?:outreach|correspondence"
     r"|solicit\w+|approach\w*|marketing|pitch\w*|contact\w*|e-?mail\w*|sending|writing|mail\w*"
     r"|messag\w+|communicat\w+)\b"),
    r"\bleave (?:me|us) alone\b",
    (r"\bif you (?:do not|don['’]?t|dont) (?:(?:stop|cease) (?:e-?mailing|writing|contacting|spamming"
     r"|messaging|sending (?:me|us)|this|these|it)|unsubscribe|remove (?:me|us|my|our))\b"),
    (r"\b(?:i|we) (?:hereby )?(?:object to (?:the |any |all )?(?:further )?(?:processing of|use of|marketing"
     r"|being|receiving)|withdraw (?:my|our) consent|revoke (?:my|our) consent)\b"),
    r"\b(?:please|kindly) (?:unsubscribe|opt[ -]?out)\s*(?:[.!,]|$)",
    # German
    (r"\b(?:lösch\w*|loesch\w*|streich\w*|entfern\w*|(?:trag\w*|nehm\w*|nimm)"
     r"(?=[^.!?\n]{0,60}\b(?:aus\w*|raus|heraus|von|vom|runter)\b))\s+(?:sie\s+"
     r"|ihr\s+)?(?:(?:bitte|umgehend|sofort|unverzüglich|alle|sämtliche|hiermit)\s+){0,4}(?:mich|uns"
     r"|(?:meine?n?|unsere?n?|diese)\s+(?:e-?mail-?\s?)?(?:adresse|mailadresse|daten|kontaktdaten|eintrag"
     r"|namen|e-?mail))\b"),
    (r"\b(?:bitte|um)\s+(?:(?:sofort|umgehend|löschung|entfernung|streichung|austragung)\s+)?(?:aus|von)\s+(?:dem"
     r"|der|ihrem|ihrer)\s+(?:\w*verteiler|\w*liste|newsletter|datenbank)\b"),
    (r"\bkeine\s+(?:weitere\s+)?(?:kontaktaufnahme|kontaktierung|zusendung)\b|\blass\w*\s+(?:sie\s+)?(?:mich"
    r"|uns)\s+in\s+ruhe\b"),
    (r"^\s*(?:bitte\s+)?keine\s+(?:werbung|newsletter|werbemails?|spam)\b[^?\n]{0,20}$"
    r"|^\s*(?:bitte\s+)?(?:den\s+)?newsletter\s+abbestellen\b"),
    (rf"\b(?:(?:lösch|loesch|streich|nehm|nimm|entfern|trag|werf|schmei)\w*\s+(?:sie\s+"
     rf"|ihr\s+)?(?:bitte\s+)?|bitte\s+)"
     rf"{_DE_ME}{_DE_FROM}\b"),
    (rf"\b{_DE_ME}{_DE_FROM}\s+(?:\w+\s+){{0,2}}(?:nehmen|streichen|löschen|entfernen|austragen|abmelden"
     r"|(?:heraus|aus|zu)\w*(?:nehmen|löschen|streichen|tragen|entfernen))\b"),
    (rf"\b(?:bitte\s+|(?:möchte|will)\s+mich\s+|würde\s+mich\s+gern\w*\s+|wollen\s+uns\s+)(?:hiermit\s+)?"
     rf"(?:{_DE_ME})?(?:{_DE_FROM}\s+|(?:von\s+)?(?:den|ihren|diesen?)?\s*(?:newsletter|mails?"
     rf"|e-?mails?)\s+)?(?:wieder\s+)?"
     r"(?:abmelden|austragen|abbestellen)\b"),
    rf"\bmelden?\s+sie\s+{_DE_ME}(?:{_DE_FROM}\s+|davon\s+)?(?:wieder\s+)?ab\b",
    r"\bbrauche\w*\s+keine\s+(?:e-?mails?|mails?|werbung|newsletter|werbemails?)\b[^.!?\n]{0,20}\bmehr\b",
    (r"\b(?:bitte|senden|schicken|möchte\w*|will|wollen"
     r"|wünsche\w*)\b[^.!?\n]{0,40}\bkeine\s+(?:weiteren\s+)?(?:solchen?\s+)?"
     r"(?:e-?mails?|mails?|nachrichten|werbung|newsletter|werbemails?|angebote|anschreiben|post|zusendungen"
     r"|informationen)\b"
     r"[^.!?\n]{0,30}(?:\bmehr\b|\bweiteren\b|zusenden|schicken|senden|erhalten|bekommen)"),
    (r"\bkeine\s+weitere[nr]?\s+(?:e-?mails?|mails?|nachrichten|werbung|werbemails?|angebote|anschreiben"
     r"|zusendungen)\b"),
    r"\blöschung\s+(?:meiner|unserer)\s+(?:\w+\s+)?(?:daten|adresse|e-?mail\w*|kontaktdaten)\b",
    (r"\bvon\s+weiteren\s+(?:e-?mails?|mails?|kontaktaufnahmen|anschreiben|nachrichten|zusendungen)\s+(?:ab"
     r"|abzusehen|absehen|abstand)\b"),
    r"^\s*keine\s+(?:e-?mails?|mails?|nachrichten|werbung)\s+mehr\b",
    (r"\b(?:schreib\w*|kontaktier\w*|mail\w*|anschreib\w*|belästig\w*)\s+(?:sie\s+|ihr\s+)?(?:mich|mir"
     r"|uns)\s+(?:bitte\s+)?"
     r"(?:nicht\s+(?:mehr|weiter|wieder|länger)|nie\s+(?:mehr|wieder))"),
    (r"\b(?:nicht|nie)\s+(?:mehr|weiter|wieder)\s+(?:von\s+ihnen\s+)?(?:an(?:zu)?schreiben|kontaktieren"
     r"|belästigen|(?:kontaktiert|angeschrieben|belästigt)\s+(?:zu\s+)?werden)\b"),
    r"\bhören\s+sie\s+(?:bitte\s+)?auf\b[^.!?\n]{0,10}\b(?:mir|uns|mich)\b",
    (r"\b(?:unterlassen\s+sie|widerspreche\w*)\b[^.!?\n]{0,60}\b(?:werb\w+|mails?|e-?mails?|zusendung\w*"
     r"|kontakt\w*"
     r"|(?:nutzung|verwendung|verarbeitung|speicherung)\s+(?:meiner|unserer|(?:aller\s+)?personenbezogen\w+))"),
    # French
    (r"\b(?:me|nous|m['’])\s*(?:désabonner|desabonner|désinscrire|desinscrire|retirer|supprimer|enlever"
     r"|radier|rayer|ôter)\b"),
    (r"\b(?:désabonnez|desabonnez|désinscrivez|desinscrivez|retirez|supprimez|enlevez|rayez|radiez"
     r"|ôtez)[- ](?:moi|nous|mon adresse|notre adresse|mes données)\b"),
    (r"\b(?:retirer|supprimer|enlever|effacer|rayer)\s+(?:mon|notre|mes|nos|cette)\s+(?:adresse|e-?mail"
     r"|mail|nom|données|coordonnées)\b"),
    (r"\bne\s+(?:m['’]|nous\s+|me\s+)(?:écrivez|ecrivez|envoyez|contactez|sollicitez|adressez|démarchez"
     r"|relancez)\s+plus\b"),
    (r"\bme\s+dés(?:abonne|inscris)\b|\blaissez[- ](?:moi|nous)\s+(?:tranquilles?|en paix)\b"
     r"|\bne\s+(?:veux|voulons|souhait\w+)\s+(?:plus\s+(?:de\s+)?(?:vos|tes)\s+(?:e-?mails?|mails?|messages"
     r"|courriels"
     r"|publicités)|(?:pas|plus)\s+être\s+(?:contact|sollicit|démarch|relanc)\w+)"),
    r"\bne\s+plus\s+(?:m['’]|me\s+|nous\s+)(?:écrire|envoyer|contacter|solliciter|adresser|démarcher|relancer)\b",
    (r"\b(?:ne\s+plus\s+(?:rien\s+)?recevoir|n['’]?e?\s?(?:souhait\w+|veux|voulons"
     r"|désir\w+)\s+plus\s+(?:rien\s+)?(?:recevoir|être))\b"),
    (r"\b(?:arrêtez|arretez|cessez|arrêter|cesser|stop)\s+(?:de\s+|d['’])?(?:m['’]|me\s+|nous\s+|les\s+|vos\s+"
     r"|aux\s+)(?:écrire|envoyer|contacter|spammer|solliciter|harceler|envois|mails|e-?mails)"),
    r"^\s*plus\s+de\s+(?:mails?|e-?mails?|messages|courriels)\b",
    # Spanish
    r"\b(?:d[aeé]r?me|d[eé]n(?:me|nos)|dad(?:me|nos)|d[eé](?:me|nos)|darme|darnos)\s+de\s+baja\b",
    r"\b(?:me|nos)\s+(?:den?|dé|dais|podéis dar|pueden dar|puede dar|dan)\s+de\s+baja\b",
    r"\b(?:dejen?|dejad|paren?|parad)\s+(?:ya\s+)?de\s+(?:enviar|escribir|mandar|contactar|molestar)\w*",
    (r"\bno\s+(?:me|nos)\s+(?:(?:escrib|contact|molest)\w+\s+(?:más|mas|nunca|nada)\b|(?:env[ií]"
     r"|mand)\w+\s+(?:nada|nunca"
     r"|(?:más|mas)(?=\s*[.!,;]|\s*$|\s+(?:nada|por favor|gracias|(?:de\s+)?(?:(?:sus|estos)\s+)?(?:correos?"
     r"|e-?mails?"
     r"|mensajes|publicidad|newsletters?|boletines|informaci[oó]n|ofertas|propaganda)))))"),
    (r"\bsolicit(?:o|amos)\s+(?:la\s+|mi\s+)?baja(?:\s+de\s+(?:la|su|esta)\s+(?:lista|newsletter|bolet\w+|base)\b"
     r"|\s*[.,!]|\s*$)"),
    (r"\b(?:no|ya no)\s+(?:quiero|queremos|deseo|deseamos)\s+(?:seguir\s+)?(?:recib\w+|que me (?:escriban"
     r"|contacten))\s*(?:más|mas|sus|estos|este|ningún|correos?|mensajes?|e-?mails?|publicidad|informaci[oó]n)"),
    (r"\b(?:b[oó]rr\w+|elim[ií]n\w+|qu[ií]t\w+|s[aá][cq]\w+|retir\w+)(?:me|nos)\b|\b(?:borr\w+|elimin\w+|quit\w+"
     r"|retir\w+)\s+(?:mi|nuestra?|mis)\s+(?:correo|direcci[oó]n|e-?mail|datos)\b"),
    # Italian
    r"\b(?:cancellate|cancella|rimuovete|rimuovi|togliete|togli|eliminate|disiscrivete|disiscrivi)(?:mi|ci)\b",
    (r"\b(?:mi|ci)\s+(?:cancelli|rimuova|tolga|elimini|disiscriva|cancellate|rimuovete|togliete)\b"
     r"(?=[^.!?\n]{0,30}\b(?:lista|elenco|mailing|newsletter|database|rubrica)\b|(?:,?\s*(?:per favore|grazie"
     r"|subito))*\s*[.!]|(?:,?\s*(?:per favore|grazie|subito))*\s*$)"),
    r"^\s*basta\s+(?:con\s+)?(?:(?:le\s+|queste\s+)?(?:e-?mail|mail|messaggi|pubblicità|spam))\b",
    (r"\b(?:cancellate|cancelli|rimuovete|rimuova|eliminate|elimini|togliete|tolga|(?:cancellazione"
     r"|rimozione)\s+de[il]i?)"
     r"\s*(?:il\s+|la\s+|i\s+)?(?:mi[oae]i?|miei|nostr[oaie])\s+(?:\w+\s+)?(?:indirizzo|e-?mail|mail|nominativo"
     r"|contatto"
     r"|dati)\b"),
    (r"\b(?:cancellar|rimuover|togliere|toglier|eliminar|disiscriver)(?:e|mi|ci)?\s*(?:(?:il|la"
     r"|i)\s+(?:mi[oae]i?|nostr[oa])\s+(?:indirizzo|e-?mail|mail|nominativo|contatto|dati)"
     r"|dalla?\s+(?:vostra\s+|sua\s+)?(?:lista|mailing|newsletter))"),
    (r"\bnon\s+(?:mi\s+|ci\s+)?(?:(?:scriv|contatt|disturb)\w*\s+(?:più|piu|mai più)\b|(?:invi|mand)\w*\s+(?:più"
     r"|mai più)\b"
     r"(?=\s*[.!,;]|\s*$|\s+(?:nulla|niente|per favore|grazie|(?:le\s+|queste\s+|altre\s+)?(?:e-?mail|mail"
     r"|messaggi|newsletter"
     r"|comunicazioni|pubblicità|spam|offerte))))"),
    (r"\bnon\s+(?:desider\w+|vogli\w+|intend\w+)\s+(?:più\s+)?ricevere\s*(?:più|piu|altre|ulteriori"
     r"|vostr\w+|queste|e-?mail|mail|messaggi|comunicazioni|pubblicità"
     r"|newsletter)?(?=[^.!?\n]{0,40}\b(?:(?:e-?)?mail|messaggi\w*|comunicazion\w*|pubblicit\w*|newsletter"
     r"|offert\w*)|\s*[.!]|\s*$)"),
    r"\b(?:vorrei|desidero|voglio|chiedo di)\s+essere\s+(?:rimoss|cancellat|tolt|eliminat)[oa]\b",
    r"\bsmett\w+(?:la)?\s+di\s+(?:scriv|invi|contatt|mand)\w*",
    # Dutch
    (r"\b(?:schrijf|haal|verwijder|meld|schrap|gooi)\s+(?:u\s+)?(?:mij|me|ons|(?:mijn|ons|dit)\s+(?:e-?mail-?)?"
     r"(?:adres|mailadres|gegevens))\s+(?:[^.!?\n]{0,25}\s)?(?:uit\b|(?<=me\s)af\b|(?<=mij\s)af\b"
     r"|(?<=ons\s)af\b|van\s+(?:[^.!?\n]{0,20}\s)?"
     r"(?:\w*lijst|nieuwsbrief|mailing|database)|a\.?u\.?b\.?$|alstublieft$|alsjeblieft$)"),
    (r"\b(?:mij|me|ons|mijn\s+(?:e-?mail-?)?(?:adres|mailadres|gegevens))\s+(?:[^.!?\n]{0,25}\s)?(?:uit"
     r"|van)\s+(?:uw|de|jullie|het|je)\s+[^.!?\n]{0,30}(?:lijst|bestand|mailing|verzend\w*|nieuwsbrief"
     r"|database)\s+"
     r"(?:te\s+)?(?:verwijderen|halen|schrappen|gooien|uitschrijven)"),
    (r"\b(?:stuur|mail|schrijf|benader|contacteer)\w*\s+(?:mij|me|ons)\s+(?:[^.!?\n]{0,25}\s)?(?:(?:niet"
     r"|nooit|niets)"
     r"\s+meer\b(?!\s+dan\b)|geen\s+(?:\w+\s+)?(?:e-?mails?|mails?|berichten|reclame|nieuwsbrieven|post"
     r"|informatie)"
     r"\s+meer\b)"),
    (r"\b(?:graag|gelieve|verzoek\w*)\b[^.!?\n]{0,15}\bgeen\s+(?:\w+\s+)?(?:e-?mails?|mails?|berichten|reclame"
     r"|nieuwsbrieven)\s+(?:meer\s+)?(?:te\s+)?(?:meer\b|sturen|zenden|mailen)"),
    (r"\b(?:wil|wens|willen|wensen|hoef)\b(?:[^.!?\n]{0,20}\b(?:geen|niets)\b(?=[^.!?\n]{0,30}\b(?:mails?|e-?mails?"
     r"|mailings?|berichten|reclame|nieuwsbrieven|post|aanbiedingen|informatie|spam|contact|niets)\b|\s+"
      r"(?:meer|langer)\b)"
     r"|(?:\s+(?:ik|wij|we|graag|liever|van|u|uw|jullie|deze|die|dit|dat|zulke|door|e-?mails?|mails?"
      r"|berichten|nieuwsbrie\w+"
     r"|reclame|mailings?))*\s+niet\b)[^.!?\n]{0,40}\b(?:meer|langer)\s+(?:te\s+)?(?:ontvangen|krijgen|benaderd)"),
    (r"\b(?:wil|wens|graag|gelieve|a\.?u\.?b\.?|alstublieft)\b[^.!?\n]{0,25}\b(?:afmelden|uitschrijven"
     r"|uit te schrijven|af te melden)\b"),
    r"^\s*(?:graag\s+|a\.?u\.?b\.?\s+)?geen\s+(?:e-?mails?|mails?|berichten|reclame|nieuwsbrieven)\s+meer\b",
    (r"\b(?:mij|me|ons)\s+niet\s+(?:meer|langer)\s+(?:te\s+)?(?:mailen|benaderen|schrijven|contacteren"
     r"|aanschrijven)\b"),
    (r"^\s*(?:graag\s+|gelieve\s+)?(?:mij\s+|me\s+)?niet\s+meer\s+(?:mailen|schrijven|benaderen|contacteren)\b"
     r"|\b(?:wil|wens|willen|wensen)\s+geen\s+(?:reclame|spam|nieuwsbrieven|mailings?)\b"),
    r"\bstop\s+met\s+(?:mailen|het\s+(?:sturen|mailen)|mij\s|ons\s)",
    # Portuguese
    r"\b(?:remov|retir|exclu|apag|elimin|descadastr)\w+-(?:me|nos)\b|\btir\w+-(?:me|nos)\s+d",
    (r"\b(?:remov|retir|exclu|tir|apag|elimin|descadastr)\w+\s+(?:o\s+|a\s+|os\s+)?(?:meus?|minha|nosso)\s+(?:e-?mail"
     r"|endereço|contacto|contato|dados|nome)\b"),
    r"\b(?:me|nos)\s+(?:remov|retir|exclu|tir|descadastr)\w+\s+d",
    (r"\bn[ãa]o\s+(?:me\s+|nos\s+)?(?:(?:escrev(?:am?|er)|conta[c]?t(?:em?|ar))(?:-me|-nos)?\s+mais\b"
     r"|(?:envi(?:em?|ar|es)|mand(?:em?|ar))(?:-me|-nos)?\s+mais\b(?=\s*[.!,;]|\s*$|\s+(?:nada|por favor"
     r"|obrigad[oa]"
     r"|(?:os\s+|estes\s+)?(?:e-?mails?|mensage\w+|publicidade|newsletters?|propostas|spam))))"),
    (r"\bn[ãa]o\s+(?:quero|queremos|desejo|desejamos"
     r"|pretendo)\s+(?:mais\s+)?receber\b(?=[^.!?\n]{0,40}\b(?:mais|e-?mails?|mensage\w+|comunica\w+"
     r"|publicidade|newsletters?|contactos?|estes|seus|vossos)\b)"),
    (r"\bn[ãa]o\s+(?:quero|queremos|desejo|desejamos|pretendo)\s+(?:mais\s+)?ser\s+conta[c]?tad[oa]s?\b"
     r"|\b(?:quero|gostaria\s+de|desejo)\s+sair\s+d(?:a|esta|essa|as)\s+(?:vossa\s+|sua\s+)?(?:lista|newsletter"
     r"|mailing)"
     r"|\bcancel(?:e|em|ar)\s+(?:a\s+)?minha\s+(?:inscrição|subscrição)\s+(?:n|d)\w+\s+(?:lista|newsletter"
     r"|e-?mails?)"),
    (r"\b(?:quero|desejo)\s+(?:deixar\s+de\s+receber|cancelar\s+a\s+(?:minha\s+)?(?:inscrição|subscrição)"
     r"(?=\s*[.!,]|\s*$|\s+[nd]\w+\s+(?:\w+\s+)?(?:lista|newsletter|boletim|e-?mails?)))"),
    r"\bn[ãa]o\s+(?:quero|queremos|desejo|desejamos)\s+mais\s+receber(?:\s+(?:isso|isto|nada)\b)?(?=\s*[.!,]|\s*$)",
    (r"\b(?:par[ea]m?|deix[ea]m?)\s+de\s+(?:me\s+|nos\s+)?(?:enviar|mandar|escrever|contactar|contatar"
     r"|incomodar)\w*"),
)  # fmt: skip

BARE = re.compile(
    r"(?:please |pls |plz |bitte |svp |s['’]il vous plaît,? |por favor,? |per favore,? |a\.?u\.?b\.? |merci de )?"
    r"(?:(?:un-?sub(?:scribe)?(?: me)?|stop|(?:remove|delete)(?: me)?(?: from (?:your |the "
    r"|this )?(?:mailing )?list)?|opt[- ]?out|cancel (?:my )?subscription|take me off|stop it|stop e-?mails?"
    r"|no more)"
    r"|abmelden|abmeldung|austragen|abbestellen|löschen|stop pub|desuscribir(?:me)?|verwijder (?:mij|me)|désabonner"
    r"|désabonnement|désinscription|désinscrire|me désabonner"
    r"|baja|dar de baja|darme de baja|cancellami|cancellazione|disiscrizione|disiscrivimi|cancellatemi"
    r"|uitschrijven|afmelden|remover|descadastrar|remova-me|cancelar(?: inscrição| subscrição)?"
    r"|cancelar (?:la |mi )?suscripción|disiscriver(?:e|mi)|sair da lista|remover da lista|avregistrera"
    r"|afmeld|odhlásit|basta|avsluta prenumeration|wypisać|entfernen|streichen)"
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
    r"|\byou (?:can|may|are receiving|received|will be|have the right|were sent)\b|\bclick\b|\bhttps?:|\bwww\."
    r"|\blink below\b"
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
    r"|\bcc\b"
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
