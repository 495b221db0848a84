"""What speaks against taking a sentence for a request: it is told, quoted, asked, offered to a reader, a jest, or
taken back in the same breath.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from inboxcrm.mail.opt_out_others import is_told_of_others, is_wish_of_another
from inboxcrm.mail.opt_out_requests import Asked
from inboxcrm.mail.opt_out_words import NEGATED, OFFERS, TAKEN_BACK

CLOSING = re.compile(
    r"^\W*(?:(?:(?:mit|viele[nr]?|beste[nr]?|freundlich\w*|herzlich\w*|schöne[nr]?|liebe[nr]?) )+(?:gr[uü](?:ß"
    r"|ss)\w*|grüezi)"
    r"|(?:(?:kind|best|warm|many|with) )*(?:regards|wishes)|yours|sincerely|cheers|sent from|gesendet von"
    r"|envoyé de(?:puis)?"
    r"|enviad[oa]|inviat[oa]|skickat|sendt|verzonden van|cordialement|bien à vous"
    r"|(?:un )?(?:cordial )?saludos?|saludos|atentamente"
    r"|(?:cordiali|distinti) saluti|met vriendelijke|(?:hartelijke|vriendelijke) groet\w*|groet\w*|mvh|cumprimentos"
    r"|atenciosamente|med vänlig\w*|med venlig\w*|(?:vennlig|venlig) hilsen|z poważaniem|pozdrawiam|s pozdravem)\b",
    re.IGNORECASE,
)
"""What stands below an answer is like nothing."""
_OPENS = (
    r"\W*(?i:hi|hello|hey|dear|good (?:morning|day|afternoon)|hallo|guten (?:tag|morgen)|sehr geehrte[rs]?|liebe[rs]?"
    r"|bonjour|cher|chère|madame|monsieur|hola|buen[oa]s(?: días| tardes)?|estimad[oa]s?|buongiorno|salve|ciao"
    r"|gentile|egregi[oa]|beste|geachte|goede(?:n|morgen|middag|ndag)?|olá|ola|bom dia|boa tarde|prezad[oa]s?|car[oa]"
    r"|hej|hei|goddag|god dag|kära|kære|kjære|dzień dobry|szanown[aey]|cześć|dobrý den|vážen[áýí])\b"
)
GREETING = re.compile(rf"{_OPENS}[^.!?\n]{{0,40}}[,.!]?\s*")
"""How a letter begins, on a line of its own."""
SALUTATION = re.compile(
    rf"{_OPENS}(?:,?\s(?:[A-ZÀ-ÞŁŚŻŠČŘŽ][\w'’-]*\.?|(?i:mr|mrs|ms|dr|herr|frau|mevrouw|meneer|heer|mevr\.?|dhr\.?"
    r"|sig\w*\.?|sr[a.]*|m(?:me)?\.?|monsieur|madame|de|van|der|von|pan[ie]?|paní|pane|all|team|zusammen|à tous|a todos"
    r"|tutti|allemaal|alle|there|sirs?|madam|or|and|oder|und|et|y|e|of|en))){0,6}\W*"
)
"""With nothing but a name behind it."""
_JEST = re.compile(r";-?\)|😉|😄|😀|\bjust kidding\b|\bhaha\b|\blol\b", re.IGNORECASE)
_NOT = re.compile(
    r"\W*(?:n['’]|(?:do not|don['’]?t|never|not?|ne|non|nicht|nie|kein\w*|(?:mich|uns) nicht|não|nao|niet|geen|inutile"
    r"|pas)\b)",
    re.IGNORECASE,
)
_THIS_PLACE = re.compile(
    r"\b(?:this|diese[rn]?|cette|esta|questo|dit|este|denna|denne|tego|ten|tento|tuto|tę)\s(?:e-?mail[- ]?)?"
    r"(?:address|adresse?|inbox|mailbox|konto|postfach|boîte|dirección|correo|indirizzo|casella|adres|endereço"
    r"|e-?mail)\b",
    re.IGNORECASE,
)
_OWN_CLAUSE = re.compile(
    r"[,;:–-]|(?:please|pls|plz|kindly|bitte|svp|and|but|so|then|und|also|et|y|e|en)\s",
    re.IGNORECASE,
)
_IS_ASKED = re.compile(r"\b(?:please|pls|plz|kindly|bitte|svp)\s*$", re.IGNORECASE)
_WHY = re.compile(
    r"\b(?:why|how (?:come|could)|warum|wieso|weshalb|pourquoi|por qué|perché|waarom|por que"
    r"|varför|hvorfor|dlaczego|proč)\b"
    r"[^.!?;:\n]{0,60}$",
    re.IGNORECASE,
)
"""Whoever asks for the reason misses something."""
_OR_IS_IT_WE = re.compile(
    r"\b(?:oder (?:muss ich|müssen wir)|or (?:do|should|must) (?:i|we)|ou (?:dois-je|devons-nous|faut-il)"
    r"|o (?:tengo|tenemos|devo|dobbiamo|tenho|temos)|of (?:moet ik|moeten wij)|eller (?:ska|skal|må) (?:jag|jeg|vi)"
    r"|czy (?:muszę|musimy)|nebo (?:musím|musíme))\b[^.!?;:\n]{0,30}$",
    re.IGNORECASE,
)
"""Whoever asks which of the two is to do it asks nobody to."""
_HOW = re.compile(
    r"\b(?:how|where|wie|wo|comment|c[oó]mo|come|hoe|hur|hvordan|jak)\b", re.IGNORECASE
)
_OUT = re.compile(
    r"\b(?:me|us|my|mich|uns|moi|mi|ci|mij|ons|mig|meg|off|out|raus|af|uit|unsub\w*|un ?subscribe|opt|stop"
    r"|leave|disiscriv\w*|descadastr\w*|baja"
    r"|sair|abmelden"
    r"|austragen|désabonner|désinscrire|uitschrijven|afmelden)\b",
    re.IGNORECASE,
)
_ME = re.compile(
    r"\b(?:me|us|my|mich|mir|uns|moi|nous|nos|mi|ci|mij|ons|mim"
    r"|mein\w*|unser\w*|mon|notre|mis|mio|mia|miei|nostr\w+|mijn|onze|meus?|minha|noss[oa]s?)\b",
    re.IGNORECASE,
)
_INVITED = re.compile(
    r"\b(?:hesit\w+|zöger\w*|hésit\w+|dud(?:e|en|es|éis)\b|esit\w+|aarzel\w*|tveka\w*|tøv\w*|wahaj\w*|váhejte)"
    r"|^\W*you (?:do not|don['’]?t|would not|may not) (?:want|need|like|wish)\b",
    re.IGNORECASE,
)
"""Whoever need not hesitate to write may write."""
_ADDED = re.compile(
    r"\badd (?:me|us)\b|aufnehmen|\bnehmen sie (?:mich|uns)\b[^.!?]*\bauf\b|hinzufüg\w+|ajoute\w+|agr[eé]g\w+|añad\w+"
    r"|aggiung\w+|toevoeg\w+|adicion\w+|lägg till|tilføj|\bdoda[ćj]\w*|přide[jm]\w*|přidat",
    re.IGNORECASE,
)
"""To a list, that is. Those who are left alone have one as well, but it is known by its name (`opt_out_shapes`)."""
_NAMED = re.compile(
    r"\b(?i:remove|delete|unsubscribe|drop)\s+(?!Me\b|Us\b|My\b|Our\b|This\b|These\b|All\b|From\b)[A-Z][a-z]+"
)
"""It is they who are to be removed, and nobody here."""
_QUOTED = re.compile(r"[\"“„«].*[\"“”»][.!,]?")
_SENTENCE_OF_WORDS = re.compile(r"(?:[^\W\d_]{2,}\W+){3}[^\W\d_]{2}")
_QUOTES = re.compile('["“”„«»]')
_ASKS_US = re.compile(
    r"\W*(?:(?:bin|am|sind|are) (?:ich|i|wir|we)|what"
    r"|which|who|does|do|did|was|wann|wer|welche\w*|quand|quelles?|qué|cuándo|cosa|quando|wat"
    r"|wanneer|o que|hvad|hva)\b",
    re.IGNORECASE,
)
"""Who asks what becomes of a request makes none."""
_IS_POLITE = re.compile(
    r"(?<!how )\b(?:possible|möglich|posible|possibile|mogelijk|possível|zou|please|pls|can|could|would|will"
    r"|mind|bitte|könn\w+|kann\w*|würde\w*|pou[rv]\w+|peux|svp|veuillez|voulez|podr\w+"
    r"|pued\w+|puede|far(?:esti|este|ebbe)|cortesia|gentil\w+|har[ií]an?s?|aurie[zs]|aurais|serie[zs]|amab\w+|seja|potre\w+|può|potete|puoi|kun\w*|kan|wil\w*|graag|poderia\w*|pod\w+|kunne|gider|vil|może\w*|můžete|favor\w*|ok|okay)\b",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^\W*(?:keine|geen|plus de|no more|no longer|non vuo\w+|não quer|ya no|tired of|nicht mehr)\b[^?]*\?\s*$",
    re.IGNORECASE,
)
"""What asks the reader of a mailing: "No more mails from us?", for one."""
_YOU = re.compile(r"\b(?:you|sie|ihr|vous|usted|ustedes|voi|u|jullie|vocês?)\b", re.IGNORECASE)
_MILD = re.compile(r"you (?:can|may)|sie können|vous pouvez|.*link|per |para |pour ", re.IGNORECASE)
"""Of what speaks to a reader: "you can help by not emailing me" and "your unsubscribe link is broken" do not."""


_AGAINST = (
    CLOSING, _FOOTER, _JEST, _QUOTES, _INVITED, _ADDED, _NAMED, TAKEN_BACK,
)  # fmt: skip


def is_taken_back(sentence: str, asked: Asked, *, is_elsewhere: bool) -> bool:
    """`is_elsewhere`: another address is named in the mail, so what is said of this one may be news of a move."""
    said, before = sentence[asked.start : asked.end], sentence[: asked.start]
    is_shape = asked.needs in {"open", "complete"}
    if (
        _FOOTER.search(sentence)
        or _JEST.search(sentence)
        or _INVITED.search(sentence)
        or _WHY.search(before)
        or _OR_IS_IT_WE.search(before)
        or _is_quoted(sentence, asked)
    ):
        return True
    if sentence.rstrip().endswith("?") and _asks_us(sentence, said if is_shape else ""):
        return True
    offer = OFFERS.search(sentence)
    is_own = _HOW.match(said) or (is_shape and _ME.search(said) and offer and _MILD.match(offer[0]))
    if offer and not is_own:
        return True
    if is_elsewhere and _THIS_PLACE.search(sentence) and not _ME.search(said):
        return True
    verb_behind = re.match(r"[ \w]{0,15}", sentence[asked.end :])
    wants_in = _ADDED.search(said + (verb_behind[0] if verb_behind else ""))
    if is_shape and wants_in and not _is_negative(said):
        return True
    if threatens(said):
        return False
    if TAKEN_BACK.search(sentence) or is_told_of_others(sentence, asked.start, asked.end):
        return True
    if _OWN_CLAUSE.match(said) or _IS_ASKED.search(before):
        return False  # "Not interested, unsubscribe": what is denied stands in another clause
    return NEGATED.search(before.rstrip() + " ") is not None and not _is_negative(said)


def speaks_against(sentence: str, *, is_elsewhere: bool) -> bool:
    """Of a sentence in which no words are known to be the request."""
    if sentence.rstrip().endswith("?") and _asks_us(sentence, sentence):
        return True
    if is_elsewhere and _THIS_PLACE.search(sentence) and not _ME.search(sentence):
        return True
    if SALUTATION.fullmatch(sentence):
        return True
    offer = OFFERS.search(sentence)
    if offer and not (_ME.search(sentence) and _MILD.match(offer[0])):
        return True
    return any(one.search(sentence) for one in _AGAINST) or is_wish_of_another(sentence)


def _asks_us(sentence: str, said: str) -> bool:
    """`said`: the words of a request by its shape; empty where a pattern found it."""
    if _ASKS_US.match(sentence):
        return True
    is_way_out = _HOW.match(sentence) and _OUT.search(said) and not _YOU.search(sentence)
    return bool(said) and not is_way_out and not _IS_POLITE.search(sentence)


def is_quotation(sentence: str, others: Iterable[str]) -> bool:
    """In quotes from end to end, with more than a greeting beside it: it is told what somebody said."""
    return _QUOTED.fullmatch(sentence) is not None and any(
        _SENTENCE_OF_WORDS.search(one) for one in others if one != sentence
    )


def _is_quoted(sentence: str, asked: Asked) -> bool:
    """Told within quotes behind other words, as in: she wrote “take me off your list”."""
    before = _QUOTES.findall(sentence[: asked.start])
    return len(before) % 2 == 1 and sentence.lstrip()[0] not in '"“„«'


def threatens(request: str) -> bool:
    """It is the condition of a threat: "if you don't stop"."""
    return request.lower().startswith("if you")


def _is_negative(request: str) -> bool:
    """The request is itself a "do not"; a word of that kind before it takes nothing back."""
    return _NOT.match(request) is not None
