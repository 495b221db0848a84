"""The words of automatic notes that say who will never be back: they left, or the address is given up."""

from __future__ import annotations

import re

from inboxcrm.mail.auto_replies import speaks_of_absence

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}\w")
_HAS_LEFT = re.compile(
    # A name is told by its capital letter: "no longer with Acme", but not "no longer with a phone".
    r"\bno longer (?:(?:works?|working|employed|with|at) (?:for |by |at |with )?(?:(?-i:[A-Z])|us\b|here\b|(?:the"
    r"|this|our) "
    r"(?:company|firm|organi[sz]ation|team))|an? (?:\w+ )?(?:employee|member)|(?:a )?part of|employed)"
    r"|\bleft (?:the |our |this )(?:company|firm|organi[sz]ation|business|group|team)\b"
    r"|\b(?-i:[A-Z]\w+) left (?-i:[A-Z])\w+\b(?! (?:for|on (?:holiday|vacation|leave|a))\b)"
    r"|\b(?:has|have|['’]ve|['’]s) (?:now |recently |since )?left (?:us\b(?! an?\b)|(?-i:[A-Z])\w+)"
    r"|\bmy last (?:working )?day (?:at|with|in|of work) [^!?\n]{0,60}\bwas\b|\b(?:has )?passed away\b"
    r"|\bis deceased\b"
    r"|\bletzter (?:arbeits)?tag\b[^!?\n]{0,40}\bwar\b|\bverstorben\b|\best décédée?\b|\bha fallecido\b"
    r"|\bfalleció\b"
    r"|\bè deceduto\b|\bè venuto a mancare\b|\bis overleden\b|\bfaleceu\b"
    r"|\b(?:has|have|i) retired\b|\b(?:am|is) (?:now )?retired\b|\b(?:have|has|['’]ve) moved on from\b"
    r"|\bemployment (?:with"
    r"|at) [^.!?\n]{1,40} (?:has )?ended\b"
    r"|\b(?:address|mailbox|account|inbox) (?:\S+@\S+ )?(?:is |has |will )?(?:be )?no longer\b"
    r"|\b(?:address|mailbox|account|inbox) is not (?:in use|used|monitored|read|active|valid)(?: any| at)? ?(?:more"
    r"|longer)\b"
    r"|\b(?:address|mailbox|inbox|mail account) (?:has been|is|was) (?:permanently |now )?(?:decommissioned"
    r"|discontinued|deactivated|closed|retired|shut down)\b(?! (?:until|till|for|from|over|during|on|between)\b)"
    r"|\be-?mail(?: address)? (?:has changed|is now\b)|\bnew e-?mail address (?:is|:)"
    r"|\bfrom now on\b[^.!?\n]{0,40}@|\bold (?:e-?mail )?address (?:is|gets|will be) (?:switched|turned|closed|shut)"
    r"|\b(?:have|has|['’]ve) (?:now |recently |since )?(?:moved|changed|transferred|switched) (?:(?:in)?to )?(?:an?"
    r"|another|our|the|my)"
    r" (?:\w+ ){0,2}(?:departments?|teams?|roles?|positions?|divisions?|jobs?|employer|company)\b"
    # In charge of something else now, or reached elsewhere
    r"|\bno longer (?:handle|deal with|manage|look after|in charge|responsible)|\bnicht (?:mehr"
    r"|länger) [^.!?\n]{0,40}(?:zuständig|verantwortlich)\b"
    r"|\bne (?:m['’]occupe|suis|gère|traite) plus (?:de|du|des|en charge|responsable|le|la|les)\b"
    r"|\bya no (?:me (?:encargo|ocupo)|llevo|gestiono|soy)\b"
    r"|\bnon (?:mi occupo|seguo|gestisco) più\b|\bniet (?:meer|langer) (?:verantwoordelijk|belast)"
    r"|\bjá não (?:trato|sou|me ocupo|estou responsável)\b"
    r"|\b(?:erreichen sie|sie erreichen) mich (?:daher |nun |jetzt )?(?:künftig|ab sofort|nun|jetzt|zukünftig) unter\b"
    # Swedish, Danish, Norwegian, Polish, Czech
    r"|\b(?:har|är) slutat\b|\bslutade (?:på|hos)\b|\b(?:arbetar|jobbar) inte längre\b|\bikke længere ansat\b"
    r"|\b(?:arbejder|arbeider|jobber) ikke (?:længere|lenger)\b|\ber fratrådt\b|\bhar sluttet\b"
    r"|\bnie pracuj\w+ już\b|\bjuż nie pracuj\w+|\bnie jest już pracownik\w*|\buž\b[^.!?\n]{0,30}\bnepracuj\w+"
    # German
    r"|\bnicht (?:mehr|länger) (?:bei|für|in) [^.!?\n]{1,60}\b(?:tätig|beschäftigt|angestellt)"
    r"|\bseit (?:dem )?[^!?\n]{3,30} arbeite ich (?:jetzt |nun )?(?:in|im|bei|für)\b"
    r"|\barbeite\w* (?:\w+ )?nicht (?:mehr|länger) (?:bei|für|im|in)\b|\bnicht (?:mehr|länger) (?:bei (?-i:[A-Z])\w"
    r"|im unternehmen"
    r"|in unserem (?:haus|unternehmen|betrieb))|\b(?:unternehmen|firma|gesellschaft)\b[^!?\n]{0,30}\bverlassen\b"
    r"|\barbeitsverhältnis\b[^!?\n]{0,40}\b(?:endete?|beendet)\b|\bausgeschieden\b|\bruhestand\b"
    r"|\b(?:adresse|postfach|konto)\b[^.!?\n]{0,20}\bnicht (?:mehr|länger) (?:verwendet|genutzt|gültig|aktiv"
    r"|gelesen"
    r"|abgerufen|betreut|in gebrauch)|\badresse hat sich geändert|\bneue e-?mail-?adresse (?:lautet|ist)"
    r"|\b(?:adresse|postfach|konto|e-?mail-?konto|mailbox)\b[^.!?\n]{0,15}\b(?:wurde|ist)\b[^.!?\n]{0,15}\b(?:geschlossen|deaktiviert|gelöscht|stillgelegt|aufgelöst)\b"
    # French
    r"|\b(?:adresse|boîte|messagerie|compte)\b[^.!?\n]{0,40}\b(?:a été|est) (?:définitivement )?(?:fermée?"
    r"|désactivée?|supprimée?|clôturée?)\b"
    r"|\bne (?:fai[st]|travaill\w+|sui[st]) plus (?:partie|chez (?!moi)|au sein|pour|dans (?:la société"
    r"|l['’]entreprise)|en poste"
    r"|salarié|employé)|\bn['’]est plus (?:en poste|salarié|employé|dans (?:la société|l['’]entreprise)"
    r"|chez (?-i:[A-Z])|active?"
    r"|utilisée?|valide|au sein)|\b(?:ai|a) (?:\w+ )?quitté (?:\w+ment )?(?:la (?:société|compagnie)|l['’](?:entreprise"
    r"|organisation)"
    r"|mes fonctions|(?-i:[A-Z]))|\bnouvelle adresse (?:e-?mail |mail |électronique |de messagerie )?(?:est|:)"
    r"|\bà la retraite\b|\bet quitté (?:\w+ment )?(?:la (?:société|compagnie)|l['’]entreprise|mes fonctions)"
    r"|\bmon contrat\b[^.!?\n]{0,30}\bterminé\b|\bplus joignable à cette adresse\b|\b(?:adresse|boîte|messagerie)\b"
    r"[^.!?\n]{0,20}\bn['’](?:est|existe) plus\b"
    # Spanish
    r"|\bya no (?:(?:trabaj|labor)\w+ (?:en|para|con|aquí)|form\w+ parte|pertene\w+)"
    r"|\bh[ae] dejado (?:de trabajar|la (?:empresa|compañía)|(?-i:[A-Z]))"
    r"|\b(?:dirección|cuenta|buzón)\b[^.!?\n]{0,30}\b(?:ya no (?:está|es|se|existe)|(?:deja|dejó|dejará) de)\b"
    r"|\bnueva dirección (?:de correo )?(?:electrónico )?es\b|\bjubilad[oa]\b"
    r"|\b(?:dirección|cuenta|buzón)\b[^.!?\n]{0,30}\b(?:ha sido|está|fue) (?:cerrad|desactivad|eliminad"
    r"|dad[oa] de baja)[oa]?"
    # Italian
    r"|\b(?:casella|account|indirizzo)\b[^.!?\n]{0,30}\bè stat[oa] (?:chius|disattivat|dismess|eliminat)[oa]\b"
    r"|\bnon (?:lavor|collabor)\w+ (?:più|piu['’]?) (?:in|per|con|presso|qui|alla|da)\b|\bnon fa(?:ccio)? più parte\b"
    r"|\bnon (?:è|sarà|viene) più (?:alle dipendenze|in azienda|dipendente|attiv[oa]|utilizzat[oa]|valid[oa])"
    r"|\bh[ao] lasciato (?:l['’]azienda|la società|(?-i:[A-Z]))|\bin pensione\b"
    # Dutch
    r"|\b(?:e-?mailadres is (?:gewijzigd|veranderd)|nieuwe? e-?mailadres (?:is|:))|\bniet (?:meer"
    r"|langer) (?:werkzaam|in dienst|in gebruik|actief (?:bij|voor))|\bwerkt? niet (?:meer"
    r"|langer) (?:bij|voor)"
    r"|\bhee?(?:b|ft)\b[^.!?\n]{0,20}\b(?:organisatie|bedrijf|(?-i:[A-Z])\w+)\b[^.!?\n]{0,20}\bverlaten\b"
    r"|\bmet pensioen\b|\b(?:mailbox|\w*adres)\b[^.!?\n]{0,20}\bniet meer gebruikt\b"
    r"|\b(?:mailbox|account|e-?mailadres|postbus|adres)\b[^.!?\n]{0,25}\b(?:is|werd) (?:gesloten|opgeheven"
    r"|afgesloten|verwijderd)\b"
    # Portuguese
    r"|\b(?:caixa|conta|endereço)\b[^.!?\n]{0,30}\bfoi (?:encerrad|desa[c]?tivad|eliminad)[oa]\b"
    r"|\b(?:endereço|conta|e-?mail)\b[^.!?\n]{0,20}\b(?:já não (?:está|é|existe)|não está mais|deixou de)\b"
    r"|\bjá não (?:trabalh\w+ (?:na|no|em|nest[ea]|ness[ea]"
    r"|para|com|aqui)|(?:faz|faço|integr|colabor|pertenc)\w*)|\bnão (?:faz|faço|integr|colabor|pertenc)\w* mais\b"
    r"|\bdeix(?:ei|ou) (?:de trabalhar|a empresa|(?-i:[A-Z]))|\bsa(?:í|iu) da empresa\b",
    re.IGNORECASE,
)
"""An automatic note for good: they left, or the address is given up. Nobody is away, and nobody will be back."""

_UNATTENDED = re.compile(
    r"\b(?:mailbox|inbox|address|account)\b[^.!?\n]{0,30}\b(?:is|are) (?:not (?:being )?|un)(?:monitored"
    r"|attended|read|checked|manned)\b"
    r"|\b(?:postfach|adresse|mailbox)\b[^.!?\n]{0,30}\bnicht (?:gelesen|überwacht|betreut|abgerufen|bearbeitet)\b"
    r"|\b(?:boîte|adresse|messagerie)\b[^.!?\n]{0,30}\bn['’]est (?:pas|plus) (?:relevée|consultée|surveillée|lue)"
    r"|\b(?:buzón|cuenta|dirección)\b[^.!?\n]{0,30}\bno (?:se|está|es) (?:lee|revisa|supervisad|atendid"
    r"|monitorizad|revisad)"
    r"|\b(?:casella|indirizzo)\b[^.!?\n]{0,60}\bnon (?:è |viene )(?:più )?(?:presidiat|monitorat|controllat|lett)"
    r"|\b(?:mailbox|postbus|e-?mailadres|adres)\b[^.!?\n]{0,30}\bniet (?:meer )?(?:gelezen|gemonitord|bemand|beheerd)\b"
    r"|\b(?:caixa|endereço|conta)\b[^.!?\n]{0,30}\bnão é (?:mais )?(?:monitori?[sz]?ad|lid|consultad)",
    re.IGNORECASE,
)
"""Nobody reads what is written there, and not for a time only: where no word speaks of an absence."""

_SUPPOSES = re.compile(
    r"\b(?:if|should|when|wenn|falls|sollte\w*|si|se|als|indien|caso"
    r"|(?<!inform )(?<!notify )(?<!tell )(?<!advise )you)\b[^.!?\n]{0,60}$",
    re.IGNORECASE,
)
"""Before such words: "if the link no longer works for you" says nothing of a person."""


def says_for_good(text: str) -> str:
    """The words that say so, or "". `text` is what the note says itself, its lines whole."""
    # The dots of an address end no sentence.
    plain = _ADDRESS.sub(lambda found: found[0].replace(".", "_"), text)
    unread = _UNATTENDED.search(plain)
    if unread and not speaks_of_absence(text):
        return " ".join(text[unread.start() : unread.end()].split())[:300]
    for said in _HAS_LEFT.finditer(plain):
        start = text.rfind("\n", 0, said.start()) + 1
        if not _SUPPOSES.search(text[start : said.start()]):
            return " ".join(text[start : said.end() + 100].split())[:300]
    return ""
