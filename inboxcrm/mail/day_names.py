"""The words people use for days, months and weeks, by language. Data for `day_words`; nothing is decided here."""

from __future__ import annotations

MONTH_NAMES = (
    "january|jan|januar|jänner|janvier|janv|enero|ene|gennaio|gen|januari|janeiro|stycznia|styczeń|ledna",
    "february|feb|februar|février|fevrier|févr|fév|febrero|febbraio|februari|fevereiro|fev|lutego|luty|února",
    "march|mar|märz|maerz|mrz|mars|marzo|maart|mrt|março|marco|marca|marts|března",
    "april|apr|avril|avr|abril|abr|aprile|kwietnia|dubna",
    "may|mai|mayo|maggio|mag|mei|maio|maj|maja|května",
    "june|jun|juni|juin|junio|giugno|giu|junho|czerwca|června",
    "july|jul|juli|juillet|juil|julio|luglio|lug|julho|lipca|července",
    "august|aug|août|aout|agosto|ago|augustus|augusti|sierpnia|srpna",
    "september|sept|sep|septembre|septiembre|setiembre|settembre|set|setembro|września|wrzesnia|září",
    "october|oct|oktober|okt|octobre|octubre|ottobre|ott|outubro|out|października|pazdziernika|října",
    "november|nov|novembre|noviembre|novembro|listopada|listopad|listopadu",
    "december|dec|dezember|dez|décembre|decembre|déc|diciembre|dic|dicembre|dezembro|desember|grudnia|prosince",
)
WEEKDAY_NAMES = (
    (
        r"monday|mon(?!\s+[^\W\d])|montag|lundi|lunes|luned[iì]|maandag|segunda(?:-feira)?|måndag(?:en)?"
        "|mandag(?:en)?|poniedział(?:ek|ku)|pondělí|pondělka"
    ),
    "tuesday|tues?|dienstag|mardi|martes|marted[iì]|dinsdag|ter[cç]a(?:-feira)?|tisdag(?:en)?|tirsdag(?:en)?|wtor(?:ek|ku)|úterý",
    "wednesday|wed|mittwoch|mercredi|mi[eé]rcoles|mercoled[iì]|woensdag|quarta(?:-feira)?|onsdag(?:en)?|środ[ayęu]|střed[ayu]",
    "thursday|thurs?|donnerstag|jeudi|jueves|gioved[iì]|donderdag|quinta(?:-feira)?|torsdag(?:en)?|czwart(?:ek|ku)|čtvrt(?:ek|ka)",
    "friday|fri|freitag|vendredi|viernes|venerd[iì]|vrijdag|sexta(?:-feira)?|fredag(?:en)?|piąt(?:ek|ku)|pát(?:ek|ku)",
    "saturday|samstag|sonnabend|samedi|s[aá]bado|sabato|zaterdag|lördag(?:en)?|lørdag(?:en)?|sobot[ayęu]",
    "sunday|sonntag|dimanche|domingo|domenica|zondag|söndag(?:en)?|søndag(?:en)?|niedziel[aięe]|neděl[ei]",
)
TOMORROW = r"tomorrow|(?<!guten\s)(?<!schönen\s)morgen|demain|(?<!la\s)mañana|domani|amanhã|i\s?morgon|zítra|jutro"
AFTER_TOMORROW = (
    r"(?:the\s+)?day\s+after\s+tomorrow|übermorgen|après-demain|pasado\s+mañana|dopodomani|overmorgen|depois\s+de\s+amanhã"
    r"|i\s+övermorgon|i\s+overmorgen|pojutrze|pozítří"
)
THIS_WEEK = (
    r"(?:el\s+)?resto\s+de\s+la\s+semana|(?:il\s+)?resto\s+della\s+settimana|(?:o\s+)?resto\s+da\s+semana"
    r"|(?:le\s+)?reste\s+de\s+la\s+semaine|(?:den\s+)?rest\s+der\s+woche|"
    r"(?:rest|remainder|end)\s+of\s+(?:the|this)\s+week|(?:this|all|the\s+(?:whole|entire))\s+week"
    r"|(?:diese|die\s+ganze)\s+(?:ganze\s+)?woche|ende\s+(?:der|dieser)\s+woche|(?:toute\s+)?(?:cette|la)\s+semaine(?!\s+proch)"
    r"|(?:toda\s+)?esta\s+semana|toda\s+la\s+semana|tutta\s+la\s+settimana|(?:tutta\s+)?questa\s+settimana"
    r"|(?:deze|de\s+(?:hele|rest\s+van\s+de))\s+week|toda\s+a\s+semana|(?:hela|denna)\s+veckan?|(?:hele|denne)\s+u[gk][ea]n?"
    r"|ut\s+uken|ugen\s+ud|veckan\s+ut|resten\s+a[vf]\s+(?:uken|ugen|veckan)|(?:w\s+)?tym\s+tygodniu|tento\s+týden"
)
BOTH_WEEKS = (
    r"this\s+(?:week\s+)?and\s+(?:the\s+)?next(?:\s+week)?|diese\s+(?:woche\s+)?und\s+(?:die\s+)?nächste\s+woche"
    r"|cette\s+semaine\s+et\s+la\s+(?:semaine\s+)?prochaine|esta\s+semana\s+y\s+la\s+(?:próxima|siguiente|que\s+viene)"
    r"|questa\s+settimana\s+e\s+(?:la\s+)?prossima|deze\s+(?:week\s+)?en\s+(?:de\s+)?volgende\s+week"
    r"|esta\s+semana\s+e\s+a\s+próxima"
)
NEXT_WEEK = (
    "next week|(?:der )?(?:nächste[rn]?|kommende[rn]?) woche|la semaine prochaine|la (?:próxima semana"
    "|semana que viene)"
    "|nästa vecka|næste uge|neste uke|(?:w )?przyszłym tygodniu|příští týden"
    "|(?:la )?prossima settimana|(?:la )?settimana prossima|volgende week|(?:na )?próxima semana|semana que vem"
)
COUNTS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "einer": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4,
    "une": 1, "deux": 2, "trois": 3, "quatre": 4, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "due": 2, "tre": 3,
    "quattro": 4, "een": 1, "twee": 2, "drie": 3, "uma": 1, "duas": 2, "dois": 2, "três": 3, "två": 2, "to": 2,
    "five": 5, "fünf": 5, "cinq": 5, "cinco": 5, "cinque": 5, "vijf": 5, "fem": 5, "ten": 10, "zehn": 10, "dix": 10,
    "diez": 10, "dieci": 10, "tien": 10, "dez": 10, "tio": 10, "ti": 10,
}  # fmt: skip
_WEEKS = "weeks?|wochen?|semaines?|semanas?|settiman[ae]|weken|veckor|uger|uker"
_OF_DAYS = "days?|tage?n?|jours?|d[ií]as?|giorn[oi]|dag(?:en|ar|e|er)?"
MONTH_END = (
    r"(?:(?:the|la|o|il|het)\s+)?(?:(?:very\s+)?end\s+of\s+(?:the|this)\s+month|month['’]?s?[\s-]end|ende\s+(?:des|dieses)\s+monats"
    r"|monatsende|fin\s+(?:du|de\s+ce|de)\s+mois|fin(?:al(?:es)?)?\s+de\s+(?:este\s+)?mes|fine\s+(?:del\s+|di\s+questo\s+)?mese"
    r"|einde?\s+(?:van\s+)?de(?:ze)?\s+maand|(?:fim|final)\s+d(?:o|este)\s+mês"
    r"|slutet\s+av\s+månaden|slutningen\s+af\s+måneden|slutten\s+av\s+måneden|końca\s+miesiąca|konce\s+měsíce)"
)
TODAY = (
    r"(?:today|heute|aujourd['’]hui|hoy|oggi|vandaag|hoje|i\s?dag|dzisiaj|dziś|dnes|tänään"
    r"|(?:the\s)?rest\sof\sthe\sday|rest\sdes\stages|reste\sde\sla\sjournée|resto\sdel\sdía|resto\sdella\sgiornata"
    r"|rest\svan\sde\sdag|resto\sdo\sdia)"
)
LASTING = rf"(?P<count>\d{{1,2}}|{'|'.join(COUNTS)})\s+(?:(?P<weeks>{_WEEKS})|(?:{_OF_DAYS}))\b"
"""How long something lasts: "two weeks", "10 Tage"; for `days_of`."""
START = "early|beginning|start|anfang|début|inicios?|principios?|inizio|inizi|begin|início"
MIDDLE = "mid(?:dle)?|mitte|mi|mediados|metà|half|medio|meados"
END = "(?:the )?(?:very )?end|late|ende|fin|finales|fine|eind(?:e)?|fim|finais|finals?"
PART_OF_MONTH = f"{START}|{MIDDLE}|{END}"

MONTH = "(?:" + "|".join(MONTH_NAMES) + ")"
WEEKDAY = "(?:" + "|".join(WEEKDAY_NAMES) + ")"
LONG_MONTH = (
    "(?:"
    + "|".join(one for names in MONTH_NAMES for one in names.split("|") if len(one) > 3)
    + "|may|mai|mei|maj)"
)
"""A month without a day is told from other words by a word before it: "back in March"."""
