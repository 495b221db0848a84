"""What people ask for who know their rights: erasure, consent withdrawn, a list of those not to be written to, the way
out of a mailing. In twelve languages; data for `opt_outs`.

Each says itself that it is about mail or about data of the one who asks, so nothing else need be looked for behind it.
"""

from __future__ import annotations

from inboxcrm.mail.opt_out_patterns import patterns_of

_END = (
    r"(?=\s*[.!?,;]|\s*$|\s+(?:please|pls|thanks?|bitte|danke|svp|merci|por favor|gracias|per favore|grazie|aub"
    r"|obrigad[oa]|tack|tak|takk)\b)"
)
_OF_MAIL = (
    rf"(?:{_END}|(?=[^.!?\n]{{0,40}}\b(?:e-?mail|mail|contact|kontakt|market|werb|dat[aie]|dato|dane|danych"
    rf"|données|gegevens"
    r"|dados|uppgift|oplysning|opplysning|údaj|zusend|speicher|receiv|recevoir|recibir|ricevere|ontvang|receber"
    r"|newsletter|publici|pubblicit|reclame|prospec|sollicit|comercial|handlow)))"
)
"""Of mail or data, or nothing more is said: a consent to something else is withdrawn in business."""
_FROM_IT = r"(?:\s+(?:from|of) (?:this|these|your|all|them|it|here)\b[^.?!\n]{0,25})?"

RIGHTS = patterns_of(
    # --- erasure of what is known of the one who asks
    (r"\b(?:delete|erase|remove|wipe|purge|destroy|forget)\b[^.!?\n]{0,40}\b(?:you (?:\w+ )?(?:hold|have|store|stored"
     r"|keep|kept|got|retain|process)(?: \w+){0,2} (?:about|on|of|concerning) (?:me|us)"
     r"|(?:data|information|details|records?) (?:about|concerning|relating to) (?:me|us))\b"),
    (r"\b(?:get rid of|dispose of|discard|destroy|scrap|bin)\s+(?:all\s+)?(?:my|our)\s+(?:contact\s+"
     r"|personal\s+)?(?:details|data"
     r"|information|address|records?)\b"),
    (r"\b(?:last|final)\s+(?:e-?mail|mail|message|one|time)\s+(?:(?:that\s+)?(?:i|we)\s+(?:ever\s+)?(?:get"
     r"|receive|hear)\s+(?:it\s+)?"
     r"from\s+you|(?:that\s+)?you\s+(?:ever\s+)?(?:send|write|contact|e-?mail)|from\s+you(?=\s*[.!]|\s*$"
      r"|\s+(?:people|guys)))"),
    (r"\b(?:so|such)\s+(?:that\s+)?(?:i|we)\s+(?:no\s+longer|do\s+not|don['’]?t|stop|never)\s+(?:get"
     r"|getting|receiv\w+)\s+(?:any\s+"
     r"|more\s+|further\s+|your\s+|these\s+|such\s+)+(?:e-?mails?|mails?|messages?|newsletters?)\b"),
    (r"\bje\s+ne\s+reçoive\s+plus\s+(?:rien|vos|ces|de\s+(?:vos|ces|mails?|courriels))\b|\bnous\s+ne\s+"
     r"recevions\s+plus\s+(?:rien|vos|ces)\b"),
    (r"\b(?:dass|damit)\s+(?:ich|wir)\s+(?:von\s+ihnen\s+)?(?:keine|nichts)\s+(?:weiteren\s+|solchen\s+"
     r")?(?:(?:e-?mails?|mails|nachrichten"
     r"|werbung|post)\s+)?mehr\s+(?:von\s+ihnen\s+)?(?:bekomme|erhalte|kriege)n?\b"),
    (r"\bque\s+(?:yo\s+)?no\s+reciba(?:mos)?\s+más\b|\bche\s+(?:io\s+)?non\s+ricev(?:a|iamo)\s+più\b"
     r"|\bque\s+(?:eu\s+)?não\s+receba(?:mos)?\s+mais\b"),
    (r"\b(?:dat|zodat)\s+(?:ik|wij|we)\s+(?:geen|niets)\s+(?:\w+\s+)?meer\s+(?:van\s+\w+\s+)?(?:krijg"
     r"|ontvang)(?:en)?\b"),
    (r"\b(?:lösch|loesch|entfern|vernicht)\w*\b[^.!?\n]{0,40}\b(?:daten|alles|informationen|angaben|was)\b"
     r"[^.!?\n]{0,30}\b(?:(?:über|von|zu)\s+(?:mich|uns|mir|meiner\s+person)|(?:mich|uns)\s+betreffend\w*)\b"),
    (r"\b(?:über|zu)\s+(?:mich|uns|mir|meiner\s+person)\s+(?:\w+\s+)?gespeicherte\w*\s+(?:\w+\s+){0,2}(?:daten"
     r"|informationen|angaben)\s+(?:\w+\s+){0,2}(?:zu\s+)?(?:löschen|entfernen|vernichten)\b"),
    (r"\b(?:supprim|effac|détrui|élimin)\w*\b[^.!?\n]{0,50}\b(?:(?:me|nous)\s+concernant|(?:données|informations)\b"
     r"[^.!?\n]{0,30}\bsur\s+(?:moi|nous)\b)"),
    (r"\b(?:elimin|borr|suprim|cancel)\w*\b[^.!?\n]{0,30}\b(?:datos|informaci[oó]n|todo)\b[^.!?\n]{0,30}\b"
     r"(?:sobre|de)\s+(?:mí|nosotros)\b"),
    (r"\b(?:cancell|elimin|rimuov|distrugg)\w*\b[^.!?\n]{0,50}\b(?:che\s+(?:mi|ci)\s+riguardan\w+|su\s+"
     r"di\s+(?:me|noi))\b"),
    (r"\b(?:verwijder|wis|schrap|vernietig)\w*\b[^.!?\n]{0,30}\b(?:gegevens|alles|informatie)\b[^.!?\n]{0,30}"
     r"\b(?:over|van)\s+(?:mij|me|ons)\b"),
    (r"\b(?:apag|elimin|remov|exclu)\w*\b[^.!?\n]{0,30}\b(?:dados|informaç\w+|tudo)\b[^.!?\n]{0,30}\b(?:sobre\s+"
     r"(?:mim|nós)|a\s+meu\s+respeito)\b"),
    (r"\b(?:radera|ta\s+bort|slet|slett|fjern)\b[^.!?\n]{0,30}\b(?:(?:uppgifter|data|oplysninger|opplysninger)\b"
     r"[^.!?\n]{0,25}\bom\s+(?:mig|meg|oss|os)|(?:mina|mine|våra|vores|våre)\s+(?:uppgifter|data|oplysninger"
     r"|opplysninger))\b"),
    r"\busun\w+\b[^.!?\n]{0,30}\b(?:dan(?:e|ych)|informacj\w+)\b[^.!?\n]{0,25}\b(?:o\s+mnie|na\s+mój\s+temat)\b",
    (r"\b(?:výmaz|vymazání|smazání)\s+(?:\w+\s+)?(?:mých|svých|našich)\s+(?:osobních\s+)?údajů\b"
     r"|\b(?:vymažte|smažte|odstraňte)\b[^.!?\n]{0,25}\búdaje\s+o\s+(?:mně|nás)\b"),
    (r"\b(?:exercis\w+|exer[çc]\w+|ejer\w+|esercit\w+|übe|mache|oefen|utövar|udøver|utøver)\b[^.!?\n]{0,30}\b(?:rights?"
     r"|direitos?|derechos?|droits?|diritt[oi]|rechte?s?|rätt|ret|rett)\b[^!?\n]{0,50}\b(?:be forgotten"
     r"|erasure|object|gdpr|rgpd|ds-?gvo|lgpd"
     r"|data|dat[oi]s?|dados|données|daten|gegevens|l['’]oubli|olvido|oposici\w+|opposi\w+|oblio|oposição|widerspruch|bezwaar"
     r"|(?:retiro|bloqueo) de mi)\b"),
    (r"\b(?:alles|daten|angaben)\b[^.!?\n]{0,30}\b(?:über|von|zu)\s+(?:mich|uns|mir)\s+gespeichert\b[^.!?\n]{0,25}\b"
     r"(?:lösch|gelöscht|verschwind|vernicht)\w*"),
    (r"\b(?:lösch\w*|erasure|deletion|effacement|supresión|cancellazione|wissing|verwijdering|eliminação)\b[^.!?\n]{0,50}"
     r"\bart(?:\.|icle|ikel|ículo|icolo|igo)?\s?17\b"),
    # --- consent
    (r"\b(?:do\s+not|don['’]?t|never|not)\s+consent(?:ed)?\s+to\s+(?:(?:be|being)\s+(?:contacted|e-?mailed"
     r"|written|on)\b"
     r"|(?:receiv|get)\w*\b|(?:any |these |your |such |direct |further )*(?:marketing|e-?mails?|mailings?|contact"
     r"|communications?)\b|the (?:use|processing|storage) of (?:my|our)\b)"),
    (rf"\b(?:widerruf\w*|ziehe\w*|nehme\w*)\s+(?:\w+\s+){{0,2}}(?:meine|unsere|die|jede)\s+(?:\w+\s+"
     rf"){{0,2}}(?:einwilligung|zustimmung|erlaubnis)\b{_OF_MAIL}"),
    (rf"\b(?:trek|trekken|herroep|herroepen)\s+(?:\w+\s+){{0,2}}(?:mijn|onze)\s+toestemming\b(?:\s+"
     rf"(?:hierbij\s+)?in\b)?{_OF_MAIL}"),
    (rf"\b(?:wycof\w+|cofam|odwołuję)\s+(?:\w+\s+)?zgodę\b{_OF_MAIL}"
     r"|\bnie\s+wyraż(?:am|amy)\s+zgody\s+na\s+(?:otrzymywani|przesyłani|przetwarzani|kontakt|wysyłani)\w*"),
    # --- a list of those who are left alone
    (r"\b(?:mark|flag|list)\s+(?:me|us|(?:my|our|this)\s+(?:\w+\s+)?\w+)\s+as\s+"
     r"(?:[\"'“]?do[- ]not[- ](?:contact|e-?mail|mail)"
     r"|opted[- ]?out|unsubscribed|not\s+to\s+be\s+contacted)\b"),
    (r"\b(?:inscri|mett|ajout)\w+[- ](?:moi|nous)\s+(?:sur|à|dans)\s+(?:votre|la|une)\s+liste\s+"
     r"(?:d['’](?:opposition|exclusion)|noire|rouge)\b"),
    # --- the way out
    (r"(?<!if )(?<!when )(?<!once )\b(?:i|we)(?:['’]m|\s+am|['’]re|\s+are|['’]ll|\s+will)?\s+(?:hereby\s+"
     r")?opt(?:ing)?[ -]out"
     r"(?=\s*[.!,]|\s*$|\s+of\s+(?:this|these|your|all|any|further|future)\s+(?:\w+\s+)?(?:e-?mail|mail"
      r"|list|message|communic|marketing|outreach|contact))"
     r"|^\W*(?:hereby\s+)?opting[ -]out(?=\s*[.!,]|\s*$)"),
    (r"\b(?:consider|take|treat|regard)\s+this\s+(?:e-?mail\s+|mail\s+|message\s+|reply\s+)?(?:as\s+|to\s+"
     r"be\s+)?(?:my|our|an?|the)?\s*"
     r"(?:\w+\s+){0,2}(?:opt[- ]?out|unsubscri\w+|request\s+(?:to\s+(?:be\s+removed|stop|unsubscribe)"
      r"|for\s+removal)|removal\s+request"
     r"|notice\s+to\s+(?:stop|cease))\b"),
    (rf"\b(?:where\s+(?:do|can)\s+(?:i|we)|is\s+there\s+(?:a|any)\s+way\s+to)\s+(?:unsubscribe|opt[ -]out"
     rf"|get\s+off\s+(?:this|your)\s+(?:\w+\s+)?list){_FROM_IT}{_END}"),
    (rf"\bwhere(?:\s+is|['’]s)\s+(?:the|your)\s+(?:unsubscribe|opt-?out)(?:\s+(?:link|button|option))?{_END}"
     r"|\b(?:can(?:no|['’])?t|could\s?n['’o]t|cannot|unable\s+to)\s+find\s+(?:the|an|your|any|a)\s+"
      r"(?:unsubscribe|opt-?out)\b"),
    (r"\bwie\s+komme?n?\s+(?:ich|wir)\s+(?:hier\s+|wieder\s+)?(?:aus|von)\s+[^.!?\n]{0,15}(?:verteiler"
     r"|liste|newsletter)"
     rf"|\bwie\s+(?:melde|trage)n?\s+(?:ich|wir)\s+(?:mich|uns)\s+(?:hier\s+|davon\s+|wieder\s+)?(?:ab|aus){_END}"),
    (rf"\bcomment\s+(?:puis-je\s+|faire\s+pour\s+|peut-on\s+)?(?:(?:me|nous|se)\s+(?:désabonner"
     rf"|désinscrire){_END}|ne\s+plus\s+recevoir\s+(?:vos|ces|de)\b)"),
    (rf"\bc[oó]mo\s+(?:(?:me\s+doy|nos\s+damos|puedo\s+darme|me\s+puedo\s+dar|hago\s+para\s+darme)\s+de\s+"
     rf"baja{_END}|(?:puedo\s+dejar|dejo)\s+de\s+recibir\s+(?:\w+\s+){{0,2}}(?:correos?|e-?mails?|mensajes"
      rf"|publicidad|esto|boletines)\b)"),
    (rf"\bhoe\s+(?:kan\s+ik\s+(?:me|mij)\s+(?:hier\s+)?(?:afmelden|uitschrijven)|(?:meld|schrijf)\s+ik\s+"
     rf"(?:me|mij)\s+(?:hier\s+)?(?:af|uit)|kom\s+ik\s+van\s+[^.!?\n]{{0,15}}lijst(?:\s+af)?){_END}"),
    (rf"\bcomo\s+(?:faço\s+(?:para|p/)\s+|posso\s+|fa[çz]o\s+pra\s+)?(?:sair\s+d[aeo]\w*\s+lista|me\s+"
     rf"descadastr\w+|deix\w+\s+de\s+receber"
     rf"|cancel\w+\s+a\s+(?:minha\s+)?(?:subscrição|inscrição)){_END}"),
    (rf"\bhur\s+(?:avregistrerar|avanmäler)\s+jag\s+mig{_END}|\bhvordan\s+(?:af|fra|av)?melde?r\s+jeg\s+"
     rf"(?:mig|meg)(?:\s+(?:av|ut|af))?{_END}"),
    (rf"\bjak\s+(?:mogę\s+)?(?:się\s+)?(?:wypisać|wypisuję)(?:\s+się)?{_END}|\bjak\s+se\s+(?:mohu\s+|můžu\s+"
     rf")?odhlás(?:it|ím){_END}"),
    # --- the way out, taken before
    (r"\b(?:i|we) (?:have )?(?:already )?(?:unsubscribed|opted out)\b[^.!?\n]{0,60}\b(?:still|again|but|times|yet)\b"
     r"|\b(?:still|keep|again)\b[^.!?\n]{0,60}\b(?:though|although|but|after|yet)\s(?:i|we)(?:['’]ve"
      r"|\shave|\shad)?\s(?:already\s)?"
     r"(?:unsubscribed|opted out|(?:asked|requested)\s(?:you\s)?(?:to\s(?:be\sremoved|unsubscribe|stop"
     r"|remove)|removal))"
     r"|\b(?:though|although|despite|obwohl|trotz|bien que|malgré|a pesar de|aunque|nonostante|sebbene|hoewel"
     r"|ondanks|apesar d[eao]|embora)\b"
     r"[^.!?\n]{0,30}\b(?:unsubscrib|opt(?:ed|ing)[- ]out|abgemeldet|abmeldung|ausgetragen|désabonn|désinscri"
     r"|(?:dado|darme|di) de baja"
     r"|cancellat|cancellazione|disiscri|afgemeld|afmelding|uitgeschreven|cancelad|descadastr)\w*"),
    # --- an address that is not for this
    (r"\b(?:this|my|our)\s+(?:e-?mail\s+)?(?:address|inbox|mailbox)\s+is\s+not\s+(?:for|available\s+for"
     r"|meant\s+for|open\s+to|to\s+be\s+used\s+for)\s+"
     r"(?:\w+\s+)?(?:marketing|advertis|solicit|spam|cold|unsolicited|promotion|sales\s+(?:e-?mail|mail"
      r"|pitch|message))\w*"),
    (rf"\b(?:forget|lose)\s+(?:you\s+(?:ever\s+)?had\s+)?(?:my|our|this)\s+(?:e-?mail(?:\s+address)?|address"
     rf"|contact\s+details){_END}"),
)  # fmt: skip
