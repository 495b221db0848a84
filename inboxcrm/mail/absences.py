"""When somebody who is away comes back, from the note their machine sends: the day, and the sentence it rests on.

In the order of their worth:

 1. the day somebody is back      "back on Monday", "wieder da", "de retour le", "di nuovo", "weer aanwezig"
 2. the day until which they are away, and the end of a span   "until", "bis", "jusqu'au", "hasta", "fino al", "até";
    "for two weeks from 4 May"
 3. a day on which they mean to answer
 4. the week or the days on which they are away, and for how long from now   "this week", "on 6 and 7 May", "today",
    "for the next two weeks"

Where the last day of the absence is named ("until 12 May inclusive", "t/m", "from 4 to 12 May") the day after it is the
first one back, and so it is behind "until the end of May"; "until Monday" may mean either and is taken for Monday. A
return before the end of the absence is somebody else's, unless another absence begins behind it; and an "until" of
something else gives way to the days away. Nothing that cannot be read is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from inboxcrm.mail.day_names import LASTING, TODAY, WEEKDAY
from inboxcrm.mail.day_words import NamedDay, day_of_month, days_in, days_of
from inboxcrm.mail.feast_days import feasts_dated

_MOST_TEXT = 4_000
_COUNTED = 4
"""The worth of a day that is counted, not said: number 4 above."""

_SMALL = (
    r"(?:[\s,(:]|next|coming|pr[óo]xim[oa]|prochaine?|prossim[oa]|nästa|næste|neste|przyszł\w+|najbliższ\w+|příští|nächste[nrm]?|kommende[nrm]?|volgende|komende|dnia|dne|d\.(?=\s)|på|ve|we?(?=\s)"
    rf"|(?:pfingst|oster|easter |whit )?{WEEKDAY}"
    r"|(?:mo|di|mi|do|fr|sa|so|lun|jeu|ven|sam|dim|gio|dom|wo|vr|za|zo|tis|ons|tor|fre|lör|søn|pon|wt|czw|pt|po|út|čt|pá)"
    r"\.?(?=[\s,]*$)|the|of|on|dem|den|zum|le|el|il|al|au|del?|du|dal?|das?|dos?|das|op|dia|día|o|lo"
    r"|inclusive|incl\.?|including"
    r"|einschließlich|einschl\.?|inkl\.?|and|with|und|mit|et|avec|(?:le )?soir|early|late|late on|\d{1,2}[:.]\d\d"
    r"|[ap]\.?m\.?|uhr|noon|midday)*"
)
_UNTIL = re.compile(
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
    r"|(?:\b(?:until|till|til|bis|hasta|até(?: ao?)?|ate(?: ao?)?|tot|fino a[dl]?|sino a[dl]?|fino all['’])|['’]til"
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
_SO_LONG_FROM = re.compile(rf"\b{LASTING}[^.!?;\d]{{0,20}}\b{_FROM}\b{_SMALL}$", re.IGNORECASE)
_SO_LONG = re.compile(rf"[\s,]*(?:for|für|pour|durante|por|per|voor|i)\s+{LASTING}", re.IGNORECASE)
_STARTS = re.compile(rf"\b{_FROM}\b{_SMALL}$", re.IGNORECASE)
_LONGEST_AWAY = timedelta(days=60)
_NOW_SO_LONG = re.compile(
    rf"\b{_FROM}\s?(?:d['’])?{TODAY}\b[^.!?;\d]{{0,30}}?{LASTING}", re.IGNORECASE
)
_SO_LONG_NOW = re.compile(
    rf"\b{LASTING}[^.!?;\d]{{0,30}}?\b{_FROM}\s?(?:d['’])?{TODAY}\b", re.IGNORECASE
)
_FOR_SO_LONG = re.compile(
    r"\b(?:for|für|pour|pendant|durante|por|per|voor|i|de|die|os|as)\s(?:the |die |les |la |l[oa]s |le |de |os |as )?"
    r"(?:next |coming |nächsten |kommenden |prochaine?s? |pr[óo]xim[oa]s? |prossim[eio] |komende |nästa "
    r"|næste |neste )?"
    rf"{LASTING}",
    re.IGNORECASE,
)
_SO_LONG_BY_NOW = re.compile(
    r"\b(?:been|since|ago|past|last|already|seit|schon|vergangenen|letzten|depuis|derni\w+|déjà|hace|desde|últim\w+|llevo|da|fa|ultim\w+|sinds|afgelopen"
    r"|há|sedan|siden|od)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"(?<!from )(?<!as of )(?<!ab )(?<!seit )(?<!since )(?<!desde )(?<!vanaf )(?<!dal )(?<!depuis )"
    rf"\b{TODAY}\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:between|zwischen|entre|tra|fra|tussen|mellan|mellem|mellom|między|mezi)\b(?=\D{0,20}\d)([^.!?;]{1,40}?)"
    r"\b(?:and|und|et|y|e|en|och|og|a|i)\b(?=\D{0,20}\d)",
    re.IGNORECASE,
)
"""A span in words, which is read as one with a dash."""
_AWAY = re.compile(
    r"\b(?:away|out|off|in training|breather|no laptop|trade fair|verreist|im zug|keine (?:e-?)?mails|borte"
    r"|formação|formation|fortbildung|schulung|formación|formazione|absent\w*|unavailable|not (?:in|at|available)"
    r"|on (?:\w+ )?(?:leave|holidays?"
    r"|vacation)|travell?ing|closed"
    r"|abwesend|weg|urlaub|unterwegs|nicht (?:da|im|am|erreichbar)|messe|dienstreise|congés?|vacances"
    r"|déplacement|ausente|fuera"
    r"|vacaciones|viaje|assente|ferie|fuori|viaggio|afwezig|vakantie|vrij|verlof|férias|fora|viagem|ledig|semester|borta|bortrest"
    r"|ben ik (?:\w+ )?niet|ik ben (?:\w+ )?niet|no (?:voy a estar|estaré|estoy|estaremos)|non (?:sono|sarò"
    r"|ci sono|siamo)"
    r"|n[ãa]o (?:estou|estarei|estamos)|ne (?:suis|serai) pas"
    r"|ferien?|fravær\w*|bortreist|urlop\w*|nieobecn\w*|dovolen\w*|nepřítom\w*)\b",
    re.IGNORECASE,
)
_ON = re.compile(
    rf"(?:^|[^.!?;]{{0,40}}?\s)(?:on|am|les?|el|los días|il|op|den|no dia|na|på|w|we|v|ve)\s{_SMALL}"
    r"(?:\d{1,2}(?:st|nd|rd|th|er|\.)?\s(?:&|and|und|et|y|e|en|och|og|i|a)\s(?:the\s)?)?$",
    re.IGNORECASE,
)
_AND_NUMBER = re.compile(
    r"\s(?:and|und|et|y|e|en|och|og|i|a)\s(?:the\s|de[nm]\s|le\s|el\s|il\s)?(\d{1,2})(?:st|nd|rd|th|\.)?(?![\w:/%])",
    re.IGNORECASE,
)
_TODAY_AND = re.compile(rf"\b{TODAY}\s(?:&|and|und|et|y|e|en|och|og|i|a)\s$", re.IGNORECASE)
_AND = re.compile(rf"^\s*(?:,|&|and|und|et|y|e|en|och|og|i|a)\s{_SMALL}$", re.IGNORECASE)
_INCLUSIVE_BEHIND = re.compile(
    r"^[\s,(]*(?:both (?:days|dates) )?(?:inclusive|inclusivo|inclus[eo]?|incl\.?|included|inklusive|inkl\.?"
    r"|einschließlich|compres[oa]"
    r"|inbegrepen|włącznie|včetně)",
    re.IGNORECASE,
)
_INCLUSIVE_BEFORE = re.compile(
    r"\b(?:inclusive|including|einschließlich|einschl\.?|inkl\.?|incl\.?|inclus)\W*(?:dem|the|le)?\W*$",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th|er|\.)?|^)\s*"
    rf"(?:-|–|—|\b(?:to|until|till|through|bis|au|al|a|à|tot|e|y|t/m|tot en met|até)\b|\ball['’]){_SMALL}$",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:back|return(?:ing|s)?|resum(?:es?|ing|ption)|available again|reachable again|again available"
    r"|again (?:on|from|as of)"
    r"|in the office again"
    r"|available (?:from|as of|on)|rejoin|wieder|zurück|zurueck|rückkehr|retour|reviens|reviendrai|reviendra|rentre"
    r"|rentrerai|repren(?:ds|ons|nent|dr\w+)|in again|de nouveau|à nouveau|(?:disponible|joignable) à partir|vuelv[oae]"
    r"|volver[éeá]|vuelta"
    r"|regres\w*|(?:re)?incorpor\w*|de nuevo|disponible a partir|rientr\w+|torno|torner[òo]|ritorn\w+|di nuovo"
    r"|nuovamente"
    r"|disponibile (?:dal|a partire)|terug|weer|volto|voltarei|volta|retorn\w+|de novo|novamente"
    r"|disponível a partir|åter|tillbaka|tilbage|tilbake|igen|igjen|wraca[mj]\w*|wróc\w+|powr\w+|ponownie"
    r"|zpět|zpátky|vrát\w+|opět|znovu|re-?open\w*|rouvr\w+|réouverture|reabr\w+|reapertura|reabertura|riapr\w+|riapertura"
    r"|heropen\w*|open again|reprise|ripresa|reanudaci\w+|retomada|hervat\w*|prochaine journée au bureau"
    r"|next day in the office|first (?:working |business )?day (?:back|in)|erste[rn]? arbeitstag"
    r"|premier jour de travail"
    r"|primer día de trabajo|eerste werkdag|dostępn[yai]\w* od|k (?:zastižení|dispozici) od)\b",
    re.IGNORECASE,
)
_NOT_BACK = re.compile(
    r"\b(?:get|got|come|write|call) back to|not (?:be )?back|return your|in return|\bback-?up\b|zurückrufen"
    r"|call you back",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\b(?:reply|respond|answer|(?:get|come|be) back to you|pick(?:ing)? up (?:my |your |all )?(?:e-?mails?"
    r"|mails?|messages?)"
    r"|(?:deal|dealt) with|attend to|be (?:processed|handled|answered)|(?:will|['’]ll) (?:be )?read"
    r"|antworte\w*|beantworte\w*|lese|réponds|répondrai|répondrons"
    r"|sera traité|lirai|responder[éea]"
    r"|responder(?:emos|ei)|contestar(?:[éea]|emos)|atender(?:é|emos|ei)|leeré|rispond(?:o|iamo)|contesto|respondemos|svarar|svarer|odpowiem|odpovím|risponder(?:[òo]|emo)|legger[òo]"
    r"|beantwoord\w*|lees|respondo|lerei)\b(?!.{0,40}\bwithin)[^.;]{0,50}\b(?:on|from|after|as of|am|ab|nach|le|dès"
    r"|à partir"
    rf"|el|a partir|dal|vanaf|op|em|no dia|na|no|från|fra|den|od|igen){_SMALL}$"
    r"|\b(?:reply|respond|answer|antworte|répondrai|responderé|risponderò|antwoord|responderei)\s(?:you\s)?$"
    r"|\b(?:read|lese|beantworte|bearbeite|lirai|leeré|leggerò|lees|lerei)\s(?:\w+\s){0,3}$",
    re.IGNORECASE,
)
_ANSWER_FROM = re.compile(
    rf"\b(?:from|as of|starting|ab|à partir du|à compter du|dès|a partir del?|desde|dal|vanaf"
    rf"|a partir de){_SMALL}$",
    re.IGNORECASE,
)
_ANSWER_BEHIND = re.compile(
    r"[\s,]*(?:\w+\s){0,3}?(?:reply|respond|answer|read|(?:be )?(?:dealt with|processed|handled|answered)"
    r"|antworte|beantworte\w*|lese|gelesen|bearbeite\w*|kümmere|répondrai|lirai"
    r"|traiterai|responderé|leeré|atenderé|risponderò|leggerò|beantwoord|lees|responderei|lerei|help (?:ik"
    r"|wij)|helfe ich|stehe ich|bin ich|sind wir|ben ik|zijn wij|i['’]m|i am|i will|i['’]ll|we are"
    r"|we will|je suis|je serai|nous serons|estaré|estaremos|estoy|sarò|saremo|sono|estarei|estaremos|estou)\b",
    re.IGNORECASE,
)
_WAS = re.compile(r"\b(?:was|were|war|étais|étions|estuve|ero|estive)\b[^.;]{0,40}$", re.IGNORECASE)
_DAY_ALONE = re.compile(
    r"\b(?P<cue>until|till|(?:again|available|expected|reachable) (?:on|from)(?= the)|back(?: on)?(?= the)|back on"
    r"|return(?:ing)?(?: on)?(?= the)|return(?:ing)? on|bis(?: zum)?"
    r"|(?:zurück|wieder)(?: da)? am|jusqu['’]au|(?:de )?retour le|hasta el|(?:de )?vuelta el|fino al|rientro il"
    r"|tot(?: de)?|terug de|até(?: o)?(?: dia)?"
    r"|volto dia)\s+(?:the\s+)?(?:(?:" + WEEKDAY + r"),?\s+)?(?:the\s+|den\s+|dem\s+)?(?P<day>\d{1,2})(?:st|nd"
    r"|rd|th|\.)?"
    r"(?=[\s,;!)]*(?:$|[A-Za-zÀ-ÿ(]))(?!\s*(?:uhr|h\b|o['’]?clock|am\b|pm\b|days|tage|weeks|wochen|hours))",
    re.IGNORECASE,
)  # fmt: skip
_OPENING = re.compile(
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
_SENTENCE = re.compile(
    r"\n\s*\n|(?<!\d)(?<!einschl)(?<!inkl)(?<!incl)[.!?]+(?=\s+[A-ZÀ-Ý¡¿]|\s*$)|[!?]\s+|(?<=20\d\d)\.\s+(?=[A-ZÀ-Ý])"
    r"|(?<=\d)\.\s+(?=(?:I|If|For|In|My|Please|Bei|In|Then|Dann|Danach|Puis|Ensuite|Luego|Después|Poi|Dopo|Daarna|Depois)\b)"
    r"|(?<=\d/\d\d)\.\s+(?=[A-ZÀ-Ý])"
)
"""A full stop behind a number is most often part of a day: "12. Mai"."""


@dataclass(frozen=True, slots=True)
class Absence:
    """`back_on` is the first day on which they are back. `is_said`: of a return or of the last day away; else it is
    counted from the days on which they are away.
    """

    back_on: date
    sentence: str
    is_said: bool = True


def read_absence(subject: str, text: str, *, written: date) -> Absence | None:
    """`text` without the quoted past; days are read as on the day of the mail, `written`. None: nothing is read."""
    found = [
        (worth, Absence(day, " ".join(sentence.split())[:300], is_said=worth < _COUNTED))
        for sentence in _sentences(f"{subject}\n\n{text[:_MOST_TEXT]}")
        for worth, day in _readings(sentence, written)
    ]
    if not found:
        return None
    best, said = min(found, key=itemgetter(0))
    for worth, one in ((worth, one) for worth, one in found if _AWAY.search(one.sentence)):
        is_longer = one.back_on > said.back_on + timedelta(days=1)
        if (best, worth) == (1, 2) and is_longer and not _begins_behind(said, one, written):
            return one  # behind "Bas is back on Monday"
        if (best, worth) == (2, _COUNTED) and not _AWAY.search(said.sentence):
            return one  # behind "we take offers until 11 May"
    return said


def _begins_behind(said: Absence, other: Absence, written: date) -> bool:
    """As in "back on Monday, then away again from 25 May to 5 June"."""
    days = [one.day for one in days_in(other.sentence, written=written) if one.day is not None]
    return len(days) > 1 and min(days) > said.back_on


def _sentences(text: str) -> Iterator[str]:
    at = 0
    for found in _SENTENCE.finditer(text):
        yield text[at : found.end()]
        at = found.end()
    yield text[at:]


def _readings(sentence: str, written: date) -> Iterator[tuple[int, date]]:
    """(worth, first day back), lower is better."""
    plain = feasts_dated(re.sub(r"\s+", " ", sentence).strip(), written=written)
    line = _BETWEEN.sub(r"\1-", plain)
    alone = list(_DAY_ALONE.finditer(line))
    opens = _OPENING.search(line) is not None
    days = [
        one
        for one in days_in(line, written=written)
        if not (
            one.is_vague and (opens or any(own.start() <= one.start < own.end() for own in alone))
        )
    ]
    last_end, last_away = 0, None
    if not days:
        yield from _from_now(line, written)
    for at, one in enumerate(days):
        before, last_end = line[last_end : one.start], one.end
        behind = line[one.end : days[at + 1].start if at + 1 < len(days) else len(line)]
        lasting = _lasting(before, behind)
        first = _first_of(line, one, written) if lasting else None
        if first and first + timedelta(days=lasting) >= written:
            yield 2, first + timedelta(days=lasting)
            continue
        if one.day is None:
            continue
        worth = _worth(one, before, behind, is_first=at == 0, is_last=at + 1 == len(days))
        if worth is None:
            if _is_a_day_of_it(line, before, behind, last_away):
                last_away = _number_behind(behind, one.day) or one.day
            continue
        number, is_last_day = worth
        yield number, _first_after(one, one.day) if is_last_day else one.day
    if last_away:
        yield _COUNTED, last_away + timedelta(days=1)
    for found in alone:
        if any(one.start <= found.start("day") < one.end and not one.is_vague for one in days):
            continue
        number = int(found["day"])
        day = day_of_month(number, written=written) if 1 <= number <= 31 else None
        if day is not None:
            yield (1 if _BACK.search(found["cue"]) else 2), day


def _is_a_day_of_it(line: str, before: str, behind: str, last_away: date | None) -> bool:
    """As in "away on Tuesday and Wednesday", "away today and tomorrow", "on the 5th and 6th I am away"."""
    if last_away is not None:
        return _AND.search(before) is not None
    if _TODAY_AND.search(before):
        return _AWAY.search(line) is not None
    is_away = _AWAY.search(before) or _AWAY.search(behind[:60])
    return bool(is_away and _ON.search(before)) and not (
        _STARTS.search(before) or _SO_LONG_BY_NOW.search(before)
    )


def _number_behind(behind: str, day: date) -> date | None:
    """The 7th of "on the 6th and 7th"."""
    found = _AND_NUMBER.match(behind)
    last = day_of_month(int(found[1]), written=day) if found and int(found[1]) <= 31 else None
    return last if last and last - day <= timedelta(days=7) else None


def _from_now(line: str, written: date) -> Iterator[tuple[int, date]]:
    """Where no day is named: away today, or for so long."""
    lasting = _NOW_SO_LONG.search(line) or _SO_LONG_NOW.search(line)
    if not _AWAY.search(line) and not (lasting and _BACK.search(line)):
        return
    if lasting is None and not _SO_LONG_BY_NOW.search(line):
        lasting = _FOR_SO_LONG.search(line)
    if lasting:
        yield _COUNTED, written + timedelta(days=days_of(lasting))
    elif _TODAY.search(line):
        yield _COUNTED, written + timedelta(days=1)


def _lasting(before: str, behind: str) -> int:
    """For how many days from the one between them, or 0 where that is not said."""
    found = _SO_LONG_FROM.search(before)
    if found and not _AWAY.search(before + behind):
        return 0
    if found is None and _STARTS.search(before):
        found = _SO_LONG.match(behind)
    return days_of(found) if found else 0


def _first_of(line: str, one: NamedDay, written: date) -> date | None:
    """That day, also where it is past: whoever is away already has named the day it began."""
    if one.day is not None:
        return one.day
    lately = days_in(line, written=written - _LONGEST_AWAY)
    return next((same.day for same in lately if same.start == one.start), None)


def _first_after(one: NamedDay, day: date) -> date:
    """Of a week, the Monday behind it."""
    is_week = one.is_week or one.is_next_week
    return day + timedelta(days=7 - day.weekday() if is_week else 1)


def _worth(
    one: NamedDay, before: str, behind: str, *, is_first: bool, is_last: bool
) -> tuple[int, bool] | None:
    """How good a reading it is, and whether the day is the last one away. None: it says nothing of a return."""
    is_inclusive = bool(_INCLUSIVE_BEHIND.match(behind) or _INCLUSIVE_BEFORE.search(before))
    until = _UNTIL.search(before)
    if until and _WAS.search(before[: until.start()]):
        return None
    if until:
        is_span = bool(re.search(r"\d{1,2}\.?\s*$", before[: until.start()])) or (
            not is_first and before[: until.start()].strip() == ""
        )
        is_whole = one.is_week or one.ends_month
        return 2, is_inclusive or bool(until["inclusive"]) or is_span or is_whole
    if one.is_range or (_SPAN.search(before) and not (is_first and before.strip() in {"-", "–"})):
        has_start = one.is_range or not is_first or bool(re.search(r"\d", before))
        if has_start:
            return 2, True
    if one.is_week and one.is_vague and (_AWAY.search(before) or _AWAY.search(behind)):
        return _COUNTED, True
    near = before[-70:]
    if _BACK.search(near) and not _NOT_BACK.search(near):
        return 1, False
    if is_last and not re.search(r"[.;]", behind[:1]) and not _DAY_ALONE.search(behind):
        after = _BACK.search(behind[:60])
        if after and not _NOT_BACK.search(behind[:60]):
            return 1, False
    if one.is_next_week and _AWAY.search(before):
        return _COUNTED, True
    if _ANSWER.search(before[-110:]):
        return 3, False
    if _ANSWER_FROM.search(before[-60:]) and _ANSWER_BEHIND.match(behind[:80]):
        return 3, False
    return None
