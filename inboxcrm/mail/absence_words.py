"""The words in which machines say that somebody is away, until when and when they are back, around a day they name.
Data for `absences`; nothing is decided here.
"""

from __future__ import annotations

import re

from inboxcrm.mail.day_names import LASTING, TODAY, WEEKDAY

_SMALL = (
    r"(?:[\s,(:]|next|coming|pr[óo]xim[oa]|prochaine?|prossim[oa]|nästa|næste|neste|przyszł\w+|najbliższ\w+|příští|nächste[nrm]?|kommende[nrm]?|volgende|komende|dnia|dne|d\.(?=\s)|på|ve|we?(?=\s)"
    rf"|(?:pfingst|oster|easter |whit )?{WEEKDAY}"
    r"|(?:mo|di|mi|do|fr|sa|so|lun|jeu|ven|sam|dim|gio|dom|wo|vr|za|zo|tis|ons|tor|fre|lör|søn|pon|wt|czw|pt|po|út|čt|pá)"
    r"\.?(?=[\s,]*$)|the|zur"
    r"|(?:week|woche|semaine|semana|settimana) (?:of|vom|du|del|van)|of|on|dem|den"
    r"|zum|le|el|il|al|au|del?|du|dal?|das?|dos?|das|op|dia|día|o|lo"
    r"|inclusive|incl\.?|including"
    r"|einschließlich|einschl\.?|inkl\.?|and|with|und|mit|et|avec|(?:le )?soir|early|late|late on|\d{1,2}[:.]\d\d"
    r"|[ap]\.?m\.?|uhr|noon|midday)*"
)
UNTIL = re.compile(
    r"(?P<inclusive>\bthrough|\bup to and including|\buntil and including|\bbis (?:und mit|einschließlich"
    r"|einschl\.?"
    r"|inkl\.?)"
    r"|\bt/m|\btot en met|\bthru|\buntil after|\btill after|\bbis nach|\btill och med|\btil og med"
    r"|\bt\.\s?o\.\s?m\.?|(?-i:\btom)|\blast day (?:away|out|of (?:\w+ )?(?:leave|absence|holidays?|vacation))(?: is)?"
    r"|\bletzte[rn]? (?:urlaubs|abwesenheits|ferien)tag(?: ist)?(?: der)?|\bdernier jour (?:de congés?"
    r"|d['’]absence)(?: est)?"
    r"|\búltimo día de (?:vacaciones|ausencia|permiso)|\bultimo giorno di (?:ferie|assenza)"
    r"|\blaatste (?:vakantie|verlof)dag(?: is)?|\búltimo dia de (?:férias|ausência))"
    rf"{_SMALL}$"
    r"|(?:\b(?:until|till|til|bis|hasta|até(?: ao?)?|ate(?: ao?)?|tot|[fs]ino a(?:d|l|lla)?|fino all['’])|['’]til"
    r"|\bindtil|\bjusqu['’]?(?:au|à|a|en)?"
    r"|^\s*(?:-\s*)?do|\b(?:urlop\w*|nieobecn\w*|niedostępn\w*|poza biurem|biurze|dovolen\w*|nepřítom\w*|kanceláři"
    r"|mimo|zwolnieni\w*)\b[^.!?\n]{0,60}\bdo)"
    rf"{_SMALL}$",
    re.IGNORECASE,
)
_FROM = (
    r"(?:from|starting|beginning|as of|ab|à (?:partir|compter) (?:d[ue]|(?=d['’]))|dès|a (?:partir"
    r"|contar) (?:de|do|da)l?|desde"
    r"|(?:a partire )?dal|vanaf|från(?: och med)?|fra(?: og med)?)"
)
SO_LONG_FROM = re.compile(rf"\b{LASTING}[^.!?;\d]{{0,20}}\b{_FROM}\b{_SMALL}$", re.IGNORECASE)
_FOR = r"(?:for|für|pour|pendant|durante|por|per|voor|i)"
SO_LONG = re.compile(
    rf"[\s,]*(?:[^.!?;,\d]{{0,40}}?\b{_FOR}|bin ich|sind wir)\s+{LASTING}", re.IGNORECASE
)
STARTS = re.compile(rf"\b{_FROM}\b{_SMALL}$", re.IGNORECASE)
NOW_SO_LONG = re.compile(
    rf"\b{_FROM}\s?(?:d['’])?{TODAY}\b[^.!?;\d]{{0,30}}?{LASTING}", re.IGNORECASE
)
SO_LONG_NOW = re.compile(
    rf"\b{LASTING}[^.!?;\d]{{0,30}}?\b{_FROM}\s?(?:d['’])?{TODAY}\b", re.IGNORECASE
)
FOR_SO_LONG = re.compile(
    r"\b(?:for|für|pour|pendant|durante|por|per|voor|i|de|die|os|as)\s(?:the |die |les |la |l[oa]s |le |de |os |as )?"
    r"(?:next |coming |nächsten |kommenden |prochaine?s? |pr[óo]xim[oa]s? |prossim[eio] |komende |nästa "
    r"|næste |neste )?"
    rf"{LASTING}",
    re.IGNORECASE,
)
SO_LONG_BY_NOW = re.compile(
    r"\b(?:been|since|ago|past|last|already|seit|schon|vergangenen|letzten|depuis|derni\w+|déjà|hace|desde|últim\w+|llevo|da|fa|ultim\w+|sinds|afgelopen"
    r"|há|sedan|siden|od)\b",
    re.IGNORECASE,
)
AWAY_TODAY = re.compile(
    r"(?<!from )(?<!as of )(?<!ab )(?<!seit )(?<!since )(?<!desde )(?<!vanaf )(?<!dal )(?<!depuis )"
    rf"\b{TODAY}\b",
    re.IGNORECASE,
)
BETWEEN = re.compile(
    r"\b(?:between|zwischen|entre|tra|fra|tussen|mellan|mellem|mellom|między|mezi)\b(?=\D{0,20}\d)([^.!?;]{1,40}?)"
    r"\b(?:and|und|et|y|e|en|och|og|a|i)\b(?=\D{0,20}\d)",
    re.IGNORECASE,
)
"""A span in words, which is read as one with a dash."""
AWAY = re.compile(
    r"\b(?:away|out|off|in training|breather|no laptop|trade fair|verreist|im zug|keine (?:e-?)?mails|borte"
    r"|formação|formation|fortbildung|schulung|formación|formazione|absent\w*|unavailable|not (?:in|at|available)"
    r"|day off|habe (?:ich )?frei|frei habe|freier? tag|jour de repos|día libre|giorno libero|vrije dag"
    r"|on (?:\w+ )?(?:leave|holidays?"
    r"|vacation)|travell?ing|closed"
    r"|abwesend|weg|urlaub|unterwegs|nicht (?:da|im|am|erreichbar)|messe|dienstreise|congés?|vacances"
    r"|déplacement|ausente|fuera"
    r"|vacaciones|viaje|assente|ferie|fuori|viaggio|afwezig|vakantie|vrij|verlof|férias|fora|viagem|ledig|semester|borta|bortrest"
    r"|ben ik (?:\w+ )?niet|ik ben (?:\w+ )?niet|no (?:voy a estar|estaré|estoy|estaremos)|non (?:sono|sarò"
    r"|ci sono|siamo)"
    r"|n[ãa]o (?:estou|estarei|estamos)|ne (?:suis|serai) pas"
    r"|(?:don['’]t|do not) work|arbeite(?: ich)? nicht|ne travaill(?:e|ons) pas|no trabaj(?:o|amos)|non lavor(?:o|iamo)"
    r"|werk(?: ik)? niet|n[ãa]o trabalh(?:o|amos)"
    r"|ferien?|fravær\w*|bortreist|urlop\w*|nieobecn\w*|dovolen\w*|nepřítom\w*)\b",
    re.IGNORECASE,
)
ON = re.compile(
    rf"(?:^|[^.!?;]{{0,40}}?\s)(?:on|am|les?|el|los días|il|op|den|no dia|na|på|w|we|v|ve)\s{_SMALL}"
    r"(?:\d{1,2}(?:st|nd|rd|th|er|\.)?\s(?:&|and|und|et|y|e|en|och|og|i|a)\s(?:the\s)?)?$",
    re.IGNORECASE,
)
AT_ONCE = re.compile(
    r"(?:^|\b(?:away|off?|out|office|absente?|ausente|assente|afwezig|abwesend|büro|bureau|oficina|ufficio|kantoor"
    rf"|{TODAY})\b){_SMALL}$",
    re.IGNORECASE,
)
ONE_WEEKDAY = re.compile(WEEKDAY, re.IGNORECASE)
COMING = re.compile(
    r"(?:next|coming|pr[óo]xim[oa]|prossim[oa]|nästa|næste|neste|przyszł\w+|najbliższ\w+|příští|nächste[nrm]?"
    r"|kommende[nrm]?|volgende|komende)\s$",
    re.IGNORECASE,
)
AND_NUMBER = re.compile(
    r"\s(?:and|und|et|y|e|en|och|og|i|a)\s(?:the\s|de[nm]\s|le\s|el\s|il\s)?(\d{1,2})(?:st|nd|rd|th|\.)?(?![\w:/%])",
    re.IGNORECASE,
)
TODAY_AND = re.compile(rf"\b{TODAY}\s(?:&|and|und|et|y|e|en|och|og|i|a)\s$", re.IGNORECASE)
AND = re.compile(rf"^\s*(?:,|&|and|und|et|y|e|en|och|og|i|a)\s{_SMALL}$", re.IGNORECASE)
INCLUSIVE_BEHIND = re.compile(
    r"^[\s,(]*(?:both (?:days|dates) )?(?:inclusive|inclusivo|inclus[eo]?|incl\.?|included|inklusive|inkl\.?"
    r"|einschließlich|compres[oa]"
    r"|inbegrepen|włącznie|včetně)",
    re.IGNORECASE,
)
INCLUSIVE_BEFORE = re.compile(
    r"\b(?:inclusive|including|einschließlich|einschl\.?|inkl\.?|incl\.?|inclus)\W*(?:dem|the|le)?\W*$",
    re.IGNORECASE,
)
SPAN = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th|er|\.)?|^)\s*"
    rf"(?:-|–|—|\b(?:to|until|till|through|bis|au|al|a|à|tot|e|y|t/m|tot en met|até)\b|\ball['’]){_SMALL}$",
    re.IGNORECASE,
)
BACK = re.compile(
    r"\b(?:back|return(?:ing|s)?|resum(?:es?|ing|ption)|available again|reachable again|again available"
    r"|again (?:on|from|as of)"
    r"|in the office again"
    r"|available (?:from|as of|on)|rejoin|wieder|zurück|zurueck|rückkehr|retour|reviens|reviendrai|reviendra|rentre"
    r"|rentrerai|repren(?:ds|ons|nent|dr\w+)|in again|de nouveau|à nouveau|(?:disponible|joignable) à partir|vuelv[oae]"
    r"|volver(?:[éeá]|emos)|vuelta"
    r"|regres\w*|(?:re)?incorpor\w*|de nuevo|disponible a partir|rientr\w+|torno|torner[òo]|torniamo"
    r"|torneremo|ritorn\w+|di nuovo|nuovamente|volvemos"
    r"|disponibile (?:dal|a partire)|terug|weer|volto|voltarei|volta|voltamos|voltaremos|retorn\w+|de novo|novamente"
    r"|disponível a partir|åter|tillbaka|tilbage|tilbake|igen|igjen|wraca[mj]\w*|wróc\w+|powr\w+|ponownie"
    r"|zpět|zpátky|vrát\w+|opět|znovu|re-?open\w*|rouvr\w+|réouverture|reabr\w+|reapertura|reabertura|riapr\w+|riapertura"
    r"|heropen\w*|open again|reprise|ripresa|reanudaci\w+|retomada|hervat\w*|prochaine journée au bureau"
    r"|next day in the office|first (?:working |business )?day (?:back|in)|erste[rn]? arbeitstag"
    r"|premier jour de travail"
    r"|primer día de trabajo|eerste werkdag|dostępn[yai]\w* od|k (?:zastižení|dispozici) od)\b",
    re.IGNORECASE,
)
NOT_BACK = re.compile(
    r"\b(?:get|got|come|write|call) back to|not (?:be )?back|return your|in return|\bback-?up\b|zurückrufen"
    r"|call you back",
    re.IGNORECASE,
)
ANSWER = re.compile(
    r"\b(?:reply|respond|answer|melde mich|(?:get|come|be) back to you|pick(?:ing)? up (?:my |your |all )?(?:e-?mails?"
    r"|mails?|messages?)"
    r"|(?:deal|dealt) with|attend to|be (?:processed|handled|answered)|(?:will|['’]ll) (?:be )?read"
    r"|antworte\w*|beantworte\w*|lese|réponds|répondrai|répondrons"
    r"|sera traité|traiter(?:ai|ons)|lirai|responder[éea]"
    r"|responder(?:emos|ei)|contestar(?:[éea]|emos)|atender(?:é|emos|ei)|leeré|rispond(?:o|iamo)|contesto|respondemos|svarar|svarer|odpowiem|odpovím|risponder(?:[òo]|emo)|legger[òo]"
    r"|beantwoord\w*|lees|respondo|lerei)\b(?!.{0,40}\bwithin)[^.;]{0,50}\b(?:on|from|after|as of|am|ab|nach|le|dès"
    r"|à partir"
    rf"|el|a partir|dal|vanaf|op|em|no dia|na|no|från|fra|den|od|igen){_SMALL}$"
    r"|\b(?:reply|respond|answer|antworte|répondrai|responderé|risponderò|antwoord|responderei)\s(?:you\s)?$"
    r"|\b(?:read|lese|beantworte|bearbeite|lirai|leeré|leggerò|lees|lerei)\s(?:\w+\s){0,3}$",
    re.IGNORECASE,
)
ANSWER_FROM = re.compile(
    rf"\b(?:from|as of|starting|ab|à partir du|à compter du|dès|a partir del?|desde|dal|vanaf"
    rf"|a partir de){_SMALL}$",
    re.IGNORECASE,
)
ANSWER_BEHIND = re.compile(
    r"[\s,]*(?:\w+\s){0,3}?(?:reply|respond|answer|read|(?:be )?(?:dealt with|processed|handled|answered)"
    r"|antworte|beantworte\w*|lese|gelesen|bearbeite\w*|kümmere|répondrai|lirai"
    r"|traiterai|responderé|leeré|atenderé|risponderò|leggerò|beantwoord|lees|responderei|lerei|help (?:ik"
    r"|wij)|helfe ich|stehe ich|bin ich|sind wir|ben ik|zijn wij|i['’]m|i am|i will|i['’]ll|we are"
    r"|we will|je suis|je serai|nous serons|estaré|estaremos|estoy|sarò|saremo|sono|estarei|estaremos|estou)\b",
    re.IGNORECASE,
)
WAS = re.compile(r"\b(?:was|were|war|étais|étions|estuve|ero|estive)\b[^.;]{0,40}$", re.IGNORECASE)
DAY_ALONE = re.compile(
    r"\b(?P<cue>until|till|(?:again|available|expected|reachable) (?:on|from)(?= the)|back(?: on)?(?= the)|back on"
    r"|return(?:ing)?(?: on)?(?= the)|return(?:ing)? on|bis(?: zum)?"
    r"|(?:zurück|wieder)(?: da)? am|jusqu['’]au|(?:de )?retour le|hasta el|(?:de )?vuelta el|fino al|rientro il"
    r"|tot(?: de)?|terug de|até(?: o)?(?: dia)?"
    r"|volto dia)\s+(?:the\s+)?(?:(?:" + WEEKDAY + r"),?\s+)?(?:the\s+|den\s+|dem\s+)?(?P<day>\d{1,2})(?:st|nd"
    r"|rd|th|\.)?"
    r"(?=[\s,;!)]*(?:$|[A-Za-zÀ-ÿ(]))(?!\s*(?:uhr|h\b|o['’]?clock|am\b|pm\b|days|tage|weeks|wochen|hours))",
    re.IGNORECASE,
)  # fmt: skip
OPENING = re.compile(
    rf"\b(?:i|we) (?:only |usually |normally )?(?:work|am in|are in)(?: only)?(?: on)?(?: from)? {WEEKDAY}"
    rf"|\barbeite (?:nur |immer )?(?:von |am )?{WEEKDAY}|\bnext working day"
    r"|\b(?:opening|office|business|working|our|support|service|desk) (?:hours|times)\b|\bhours (?:are|of)\b"
    r"|\b(?:working|office) days (?:are|:)|arbeitstage"
    rf"|{WEEKDAY}\s?(?:-|–|to|till?|through|bis|au|à|a|al|t/m|tot|do)\s?{WEEKDAY}\W{{1,3}}(?:from |von |de |dalle |van "
    rf"|das |od |w godz\w*\W{{1,2}}|kl\w*\W{{1,2}})?"
    r"\d{1,2}(?:[:.h]\d\d)?\s?(?:[ap]\.?m|uhr|h\b|-|–|to\b|bis\b|à\b|a\b|tot\b)"
    r"|\b(?:is|are) open(?! again)\b|\bnous sommes ouverts|\bestamos abiertos|\bsiamo aperti|\bestamos abertos"
    r"|öffnungszeiten|bürozeiten|geschäftszeiten|horaires"
    r"|horario (?:de|comercial)"
    r"|orari(?:o)? di|openingstijden|kantooruren|horário de",
    re.IGNORECASE,
)
"""When they are open every week says nothing of a return: "Mon-Fri 9-17"."""
SENTENCE = re.compile(
    r"\n\s*\n|(?<!\d)(?<!einschl)(?<!inkl)(?<!incl)[.!?]+(?=\s+[A-ZÀ-Ý¡¿]|\s*$)|[!?]\s+|(?<=20\d\d)\.\s+(?=[A-ZÀ-Ý])"
    r"|(?<=\d)\.\s+(?=(?:I|If|For|In|My|Please|Bei|In|Then|Dann|Danach|Puis|Ensuite|Luego|Después|Poi|Dopo|Daarna|Depois)\b)"
    r"|(?<=\d/\d\d)\.\s+(?=[A-ZÀ-Ý])"
)
"""A full stop behind a number is most often part of a day: "12. Mai"."""
