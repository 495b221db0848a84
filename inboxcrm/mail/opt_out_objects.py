"""What a request is about: mail and lists, or something else.

"Remove us from your list" asks for no more mail, "remove us the transport from the quote" for a better price: what
follows the verb tells them apart, in every language. It is read to the end of its clause and must be nothing but
courtesy, or mail, a list or a file of people must be named. It may set no day or condition: "no more mails before
Friday" is a wish about Friday.
"""

from __future__ import annotations

import re

_CLAUSE_END = re.compile(
    r"[.,;:!?()\n\"“”»]|\s[-–—]\s|\s(?:and|ni|or|but|because|since|så|so(?! ?(?:et)?was)|und|oder|aber|weil"
    r"|denn|sonst|et|ou|car"
    r"|pero|porque"
    r"|perché|maar|omdat|mas|y|e(?!-)|och|og|en (?=n[oã]|ne|niet|geen|wij|we|ik))\b\s?"
    r"|\s(?:please|pls|plz|thx|tnx|thanks|bitte|danke|svp|merci|gracias|grazie|aub|obrigad[oa]|tack|tak|takk)?"
    r"\s?(?=(?:we (?:have|are|do|already)|i (?:have|am|do|already)|wir (?:haben|sind)|ich (?:habe|bin)"
    r"|nous (?:avons|sommes)"
    r"|(?:we|wij) hebben|(?:abbiamo|siamo|ho) già|abbiamo gia|ya tenemos|já temos|vi har)\b)",
    re.IGNORECASE,
)
_OTHER_LIST = re.compile(
    r"\b(?:waiting|wait|guest|reference|price|parts|stock|invite|attendee|packing|shopping|to-?do|task|preis|stück"
    r"|teile|pack|warte"
    r"|gäste|prijs|onderdelen|wacht|vendor|supplier|speaker|participants?|watch|short|black|access|admin|teilnehmer"
    r"|anwesenheits|einkaufs|aufgaben|bestell|mängel|deelnemers|deltager|deltagar|deltaker|vente|vänte|gæste"
    r"|gjeste)[- ]?(?:lists?|list[ae]n?|lijst\w*)\b"
    r"|\b(?:lists?|listen?|listes|list[ayęe]|listan|lijst\w*)\s(?:(?:of|for|til|till|für|pour|para|per|voor|na|dla|pro|der|des?|von|mit|du|di|dei|degli|van|met|dos|das|da|do"
    r"|för|med|over|över)\s(?:the\s|all\s|any\s|your\s|ihre[rn]?\s|tous\s|sus?\s|uw\s)?(?!e-?mail|mail|correo|diffusion|difu"
    r"|distribu|contac|kontak|conta[tc]|recipient|empfäng|destin|subscrib|abonn|suscri|address|adress|direc|newsletter|envoi"
    r"|envío|envio|verzend|prospe|leads?\b|potenti|interess|sales|kund|client|customers?\b|marketing|people|those|you\b|vous|ustedes|u\b|jullie|ihnen|your|publi|werb|spam"
    r"|us\b|future|further|good\b|ever\b|immer|siempre|sempre|altijd|alltid|any\b|all\b|cold|outreach|announce|follow|favor\b|favore|piacere|cortesia|this|these|now|today|bitte|please)\w"
    # what is to be taken off it stands behind: "retirer de votre liste la ligne 3"
    r"|(?:l[ae]s?|l['’]|el|il|gli|un[ae]?)\s?(?!adress|noms?\b|nombre|nome|e-?mail|mail|contact|contatt|coordonn|direcci|correo|indirizz"
    r"|mi[oa]\b|nostr|soci|entreprise|école|mairie|empresa|azienda|plus\b|prima\b|mism|bonne|prochaine|semaine)\w"
    r"|(?:d['’]|de l['’])(?!e-?mail|envoi|adress|abonn|exclusion|opposition)\w"
    r"|(?:uczestnik|gości|oczekuj|zamówie|obecno)\w*)",
    re.IGNORECASE,
)
_OWN_LIST = re.compile(
    r"\b(?:our|unsere[mnr]?|notre|nuestr[ao]|nostr[ao]|onze|nossa) (?:own |mailing |customer |news |e-?mail )?"
    r"(?:lists?|mailinglist\w*|\w*verteiler|listen?|newsletters?|list[ae]|lijst)\b",
    re.IGNORECASE,
)
"""Of those who keep one themselves: "our customers ask to be removed from our list"."""
_BUSINESS = re.compile(
    r"\b(?:invoices?|reminders?|orders?|deliver\w+|shipments?|rechnung\w*|mahnung\w*|bestellung\w*|lieferung\w*|kataloge?"
    r"|factures?|commandes?|livraisons?|à (?:son|leur) sujet|facturas?|pedidos?|envío \d+|fattur[ae]|ordin[ei]"
    r"|sollecit[oi]|factuur|facturen|bestelling\w*|zending\w*"
    r"|faturas?|encomendas?|catalogu?es?|catálogos?|attachments?|anhänge|pièces jointes|adjuntos|allegati"
    r"|bijlagen|anexos)\b",
    re.IGNORECASE,
)
"""Of these there are too many in business, and it is they that are to stop."""
_OLD_PLACE = re.compile(
    r"\b(?:old|former|private|alten?|private[nr]?|ehemalige\w*|ancienne?|antigu[ao]|viej[ao]|vecchi[ao]|oude|antig[ao])\s"
    r"(?:e-?mail-?\s?)?(?:address|adresse?|dirección|indirizzo|adres|endereço)\b",
    re.IGNORECASE,
)
"""Where another place of theirs is meant, they are to be written to."""
_BY_LAW = (
    r"(?:under|according to|as per|per|pursuant to|in (?:line|accordance) with|gemäß|nach|laut|entsprechend|im sinne"
    r"|conformément|selon|en vertu|según|conforme|ai sensi|secondo|volgens|conform|nos termos|segundo|enligt"
    r"|i henhold til|ifølge|jf|zgodnie z|podle|na podstawie)\s"
    r"(?:[\w.§]{1,12}\s){0,5}(?:gdpr|ds-?gvo|rgpd|avg|lgpd|ccpa|art)"
)
"""A clause seems to end at "Art." already."""
_COURTESY = (
    _BY_LAW
    + r"|une fois pour toutes|una vez por todas|una volta per tutte|ein für alle ?mal|eens en voor altijd"
    r"|de uma vez(?: por todas)?|de vez"
    r"|bei (?:sich|ihnen|euch|dir)|conmigo|comigo|con(?:n)?osco|con me|mit mir|avec moi|met mij|med mig"
    r"|d[eao] (?:vocês?|vós|usted|ustedes|voi|sua parte|vossa parte)"
    r"|cara|else|isso|esto|gewoon|maar|nou|(?:com|con|with|avec|mit|met|med) (?:isso|isto|that|this|ça|cela"
    r"|esto|eso|questo|dat"
    r"|dit|det|so ?was)|personnelles|personales|personali|pessoais|persoonlijke"
    r"|(?:with |con |to |an |à |aan )?(?:this|esta|diese[rsm]?|cette|questa|dit|our|unsere[rn]?|notre|nuestra"
    r"|la nostra|onze) (?:office|company"
    r"|clinic|clínica|school|schule|firma|praxis|école|société|empresa|azienda|bedrijf|business|firm)|exists?|nenhum|nulla|niente|ninguno"
    r"|(?:to|at|in|a|an|à|naar|para|al) (?:this|my|our|esta|este|diese[ns]?|cette|dit|deze|questo"
    r"|questa) (?:mailbox|account|inbox|cuenta|buzón"
    r"|postfach|konto|boîte|casella|conta|caixa|adres|adresse|dirección|indirizzo|endereço)|you(?:['’]ve"
    r"| have)(?: got)?|con nosotros|mit uns|avec nous"
    r"|con noi|met ons|conosco|at our company|pas"
    r"|um (?:kurze )?bestätigung|mailen|mailbox|inbox|yourselves|yourself|selbst|vous-mêmes?|zelf|a|à|an|ai|u"
    r"|ustedes|nos|mich|mir|uns|nous|noi|nosotros|ici|aquí|qui|hier|hit|out|okay|ok|bye|cheers|mate|man|guys"
    r"|people|folks|sir|madam|them"
    r"|everything|under any circumstances|by any (?:means|channel)|in any way|for good|(?:of"
    r"|in) this (?:nature|kind|sort|type)"
    r"|as of (?:today|now)|with immediate effect|hiermit|hierbij|à la main|von hand|manually|by hand|a mano"
    r"|handmatig|manualmente"
    r"|por (?:cualquier medio|ningún canal|nenhum canal)|or any other \w+|you offer"
    r"|(?:by|por|von|par|da|door) (?:you|your (?:company|team|firm)|sua empresa|su empresa|ihnen|ihrer firma|vous"
    r"|votre (?:société|entreprise|part)|voi|parte vostra|jullie)"
    r"|please|pls|plz|kindly|then|straight away|(?:regarding|concerning|about|re) (?:this|that|it|anything"
    r"|any of this|the above)"
    r"(?: (?:matter|topic|subject))?|(?:to|at|under|via) (?:this|my|our) (?:e-?mail )?(?:address|inbox|e-?mail)"
    r"|(?:an|unter|von) dieser?|à cette adresse|sur cette adresse|a (?:esta dirección|este correo)"
    r"|a questo indirizzo"
    r"|op dit (?:e-?mail)?adres|para este (?:endereço|e-?mail)|à ce sujet|a este respecto|al riguardo"
    r"|hierover|hierzu|dazu|diesbezüglich"
    r"|an|anzuschreiben|anzumailen|belästigen|till|til|to|or|ni|(?:any|à aucun|anderen?) (?:other|autre"
    r"|themen)(?: (?:matter|topic|subject))?|thanks?|thank you|thx|very much|a lot|asap|immediately"
    r"|right away|now|today|at once|again"
    r"|any ?more|any ?longer|any further|further|ever|forever|permanently|altogether|completely|entirely|henceforth"
    r"|in (?:the )?future|from now on|from|off|of|on|about|me|us|my|our|at all|too|all|this|these|that|it|here|then"
    r"|(?:that )?you (?:hold|have|store|keep)|you"
    r"|(?:personal )?(?:data|details|information|address)|(?:personenbezogenen )?daten|adresse|données"
    r"|coordonnées|datos"
    r"|dati|gegevens|dados"
    r"|bitte|danke\w*|vielen dank|sofort|umgehend|unverzüglich|mehr|weiter|künftig|zukünftig|in zukunft"
    r"|wieder|ab sofort"
    r"|aus|da|dort|daraus|ab|raus|heraus|runter|hier|das|damit|davon|endlich|lassen|möchte|will|werden|zu|löschen|entfernen"
    r"|streichen|bekommen|erhalten|empfangen|kriegen|lesen|sehen"
    r"|austragen|nehmen|kontaktieren|schreiben|anschreiben|schicken|senden"
    r"|svp|s['’]il (?:vous|te) plaît|merci|plus|rien|jamais|à l['’]avenir|désormais|immédiatement|définitivement"
    r"|à nouveau"
    r"|por favor|gracias|más|mas|nunca|nada|inmediatamente|ya|en adelante|en el futuro|de ustedes|de ti"
    r"|per (?:favore|piacere|cortesia)|grazie|più|piu|mai|subito|immediatamente|nulla|niente|in futuro"
    r"|a\.?u\.?b|alstublieft|alsjeblieft|dank\w*|bedankt|meer|langer|direct|onmiddellijk|graag|voortaan|verwijderen"
    r"|halen|worden|te|van|u|jullie|met|mij|ons|op"
    r"|obrigad[oa]|mais|imediatamente"
    r"|tack|tak|takk|från|fra|af|av|er|era|eran|jeres|deres|mer|mere|längre|længere|igen|igjen|flere|fler|nu|venligst|vänligen"
    r"|dziękuję|proszę|z|ze|państwa|waszej|już|więcej|prosím|děkuji|ze|vaší|vašeho|už|nikdy|nigdy|mnie|mě|mi|mig|meg|oss|os"
    r"|x{1,3}|tnx|ty|pfv|encore|hören"
    r"|(?:por|sobre) est[ea] (?:motivo|asunto|tema|assunto)|könnten|könntet"
    r"|maintenant|prospects?|kiitos|kiitokset|enää|enempää|koskaan|jatkossa|teiltä|sinulta|minulle|meille|minua|meitä|lähettämi\w*|lähettää"
    r"|ystävällisesti"
)
_ONLY_COURTESY = re.compile(rf"(?:\W|\b(?:{_COURTESY})\b)*", re.IGNORECASE)
_MAILING = (
    r"(?<!by )(?<!via )(?<!per )(?<!-)(?:e-?mail\w*|mails?)"
    r"|mailings?|mailinglist\w*|messages?|newsletter\w*|databases?"
    r"|records?|crm|communications?|contacts?|contacted|correspondence|outreach|marketing|advertis\w+"
    r"|promotion\w*|spam|solicit\w*"
    r"|follow[- ]?ups?|subscriptions?|sequences?|campaigns?|address ?book|(?<=your )files|datei\w*|pitch\w*"
    r"|offers?|anything|(?:sending|mailing|outreach) (?:tools?|software|platforms?)"
    r"|nothing|stuff|crap|junk|garbage|rubbish|nonsense|trash|indirizzari\w+|promo\w+|comm?ercial\w*|comms|invii|material\w*|letters|things|cosas|sachen|coisas|dingen|utsendelser|brieven|cartas|lettere|bullshit|shit"
    r"|lists?|(?:your|ihr\w*|vos|votre|sus?|vostr\w+|uw|jullie|sua|seu|vossa) (?:\w+ )?(?:systems?|système|systeem"
    r"|sistema|servers?)"
    r"|\w*verteiler\w*|\w*-?listen?|datenbank|kartei|\w*mails|nachrichten?|werb\w+|zusendung\w*|anschreiben"
    r"|kontakt\w*"
    r"|korrespondenz|infos?|information(?:en)?|informaci\w+|informazion\w+|informaç\w+|informatie|angebote"
    r"|listes?|courriels?|(?<!par )courriers?|publici\w+|pubs?|sollicitations?|démarchage|envois?|fichiers?"
    r"|bases?|abonnés"
    r"|prospection|relances?|contactée?s?|sollicitée?s?"
    r"|listas?|correos?|mensajes?|bolet\w+|suscripci\w+|comunicaciones|propaganda|contactad\w+"
    r"|list[ae]|elenc\w+|messaggi\w*|comunicazion\w*|pubblicit\w*|rubrica|archivi\w*|offerte|contattat\w+"
    r"|disturbat\w+"
    r"|\w*lijst\w*|nieuwsbrie\w+|bericht\w*|reclame|\w*bestand\w*"
    r"|directorio|divulga\w+|mensage\w+|comunica\w+|propostas|cadastro\w*|contactos?|contatos?|inscrição|subscrição"
    r"|listan|listy|listen|(?:mail|mejl)(?:ing)?lista?n?|sändlista?n?|baz[yęa]|bazie|databas\w*|databáz\w*|odběr\w*|seznam\w*|wiadomości|maili|zpráv\w*|mailingliste\w*|nyhedsbrev\w*|nyhetsbrev\w*|mejl\w*|reklam\w*|wysyłk\w*|e-?post\w*|henvendelser|meldinger|beskeder|meddelanden|nabídky|sdělení|regist(?:er|ret|eret)\w*|rejestr\w*|utskick\w*"
    r"|mailami|mailom|abordagens?|viest(?:i|ej)\w*|sähköpost\w*|mainoks\w*|mainont\w*|uutiskirje\w*|\w*listal?ta\w*|yhteyttä|yhteydenotto\w*"
)
_NAMES_MAIL = re.compile(rf"\b(?:{_MAILING})\b", re.IGNORECASE)
_FAR = 200
"""How far behind the words of a request its object is looked for."""
_LIMITED = re.compile(
    r"\b(?:before|until|till(?! (?:mig|mej|oss|meg|os|denna|denne))|unless|without|vor|bis|ohne"
    r"|vers(?! (?:moi|nous|mon|notre|cette))"
    r"|für(?! (?:die zukunft|immer|alle))|avant|jusqu\w*|sans|hasta"
    r"|antes|sin|prima|fino|finch[éeè]|senza|voor(?! altijd| (?:deze|uw|jullie|de|alle) (?:nieuwsbrie|mail|e-mail"
    r"|reclame))|tot|zonder|até|sem|on (?:your|the) (?:web ?site|site"
    r"|home ?page|page)|auf ihrer (?:web|home)?(?:site|seite|page)|sur votre site|en su web|sul vostro sito"
    r"|op (?:uw|jullie) (?:web)?site|needed|necessary|required|nötig|notwendig|erforderlich|nécessaires?"
    r"|necesari\w+|necessari\w+|nodig|necessári\w+|sondern|sino|but to|by (?:post|courier"
    r"|phone|telephone|fax|rail|road|sea|air|sms|text|whatsapp)|per (?:post|fax|telefon|sms|whatsapp|posta"
    r"|telefono|telefoon)|par (?:la )?(?:poste|téléphone|fax|sms)|por (?:correo postal|teléfono|fax|telefone)"
    r"|pelo correio|på telefon|an diese adresse|at home|at work"
    r"|(?:on|auf|sur|en|op|em|på) pap(?:er|ier|el|ir)|su carta"
    r"|from your (?:support|help ?desk|billing|accounting|monitoring)|same|twice|duplicates?|double|so many"
    r"|by the \w+|on (?:sun|satur|mon|tues|wednes|thurs|fri)days?|at (?:the )?weekends?|sonntags|am wochenende"
    r"|le dimanche|los domingos|la domenica"
    r"|op zondag|aos domingos|dieselben?|doppelt\w*|zweimal|deux fois|en double|dos veces|duplicad\w+"
    r"|due volte|doppi\w*|dubbel\w*|duas vezes|innan|före|før|inden|przed|před|do (?=\d))\b",
    re.IGNORECASE,
)


def is_about_mail(sentence: str, start: int, end: int, *, needs: str = "worded") -> bool:
    """`start`, `end`: where the words of the request stand in it. `needs`: as in `opt_out_requests.Asked`."""
    while end < len(sentence) and sentence[end - 1].isalpha() and sentence[end].isalpha():
        end += 1  # a stem was found, the word goes on
    behind = sentence[end : end + _FAR]
    stop = _CLAUSE_END.search(behind)
    rest = behind[: stop.start()] if stop else behind
    clause = sentence[start:end] + rest
    before = _CLAUSE_END.split(sentence[:start])[-1]
    if _LIMITED.search(rest if needs == "worded" else clause) or _BUSINESS.search(before + clause):
        return False
    if any(one.search(clause) for one in (_OTHER_LIST, _OWN_LIST, _OLD_PLACE)):
        return False
    if needs == "complete":
        return True
    return _ONLY_COURTESY.fullmatch(rest) is not None or (
        _NAMES_MAIL.search(clause if needs == "worded" else rest) is not None
    )
