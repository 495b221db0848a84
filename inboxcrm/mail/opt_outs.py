"""Does the person who wrote this ask not to be written to again? The sentence that says so, or nothing.

Only what they wrote themselves is read: not the past they quote, not what stands below a signature's dashes. A sentence
that speaks to the reader of a mailing ("if you no longer wish ...") is an offer in a footer, and one that turns the
request round ("please don't stop") is none. A bare word ("unsubscribe") counts where it is all that is said.

A request is found by what its words mean and in which order they stand (`opt_out_shapes`), or by set phrases. Then
it is looked at what it is about (`opt_out_objects`), whose wish it is (`opt_out_others`), and what is said around it:
courtesies change nothing (`opt_out_frames`). Where none is found, a sentence may be so much like those in which others
asked that it asks too (`opt_out_likeness`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from inboxcrm.mail.opt_out_brief import BRIEF
from inboxcrm.mail.opt_out_frames import plainly
from inboxcrm.mail.opt_out_invites import asks_for_more
from inboxcrm.mail.opt_out_likeness import likeness
from inboxcrm.mail.opt_out_north import NORTH
from inboxcrm.mail.opt_out_objects import is_about_mail
from inboxcrm.mail.opt_out_others import is_told_of_others, is_wish_of_another
from inboxcrm.mail.opt_out_requests import Asked, requests_in
from inboxcrm.mail.opt_out_rights import RIGHTS
from inboxcrm.mail.opt_out_slips import mended
from inboxcrm.mail.opt_out_ways import WAYS
from inboxcrm.mail.opt_out_words import BARE, NEGATED, OFFERS, REQUESTS, TAKEN_BACK
from inboxcrm.mail.subjects import bare_subject

_ALL = (*RIGHTS, *BRIEF, *REQUESTS, *WAYS, *NORTH)
_MOST_TEXT = 4_000
_SHORT = 300
_SHORTEST_NAME = 3
_ALIKE, _UNLIKE = 0.85, 0.1
"""Of 1. A sentence that is so much like those who ask asks, though no shape fits; one that is so little like them does
not, though one fits (docs/decisions/0022).
"""
_MOST_REQUESTS = 40
"""In one sentence; a mail made to keep us busy has hundreds."""
_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|day|afternoon)|hallo|guten (?:tag|morgen)|sehr geehrte|liebe"
    r"|bonjour|hola|buenos"
    r"|buenas|buongiorno|salve|ciao|beste|geachte|goede|olá|ola|bom dia|boa tarde)\b[^.!?\n]{0,40}[,.!]?\s*$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W*(?:(?:(?:mit|viele[nr]?|beste[nr]?|freundlich\w*|herzlich\w*|schöne[nr]?|liebe[nr]?) )+(?:gr[uü](?:ß"
    r"|ss)\w*|grüezi)"
    r"|(?:(?:kind|best|warm|many|with) )*(?:regards|wishes)|yours|sincerely|cheers|sent from|gesendet von"
    r"|envoyé de(?:puis)?"
    r"|enviado d|inviato da|verzonden van|cordialement|bien à vous|(?:un )?(?:cordial )?saludos?|saludos|atentamente"
    r"|(?:cordiali|distinti) saluti|met vriendelijke|(?:hartelijke|vriendelijke) groet\w*|groet\w*|mvh|cumprimentos"
    r"|atenciosamente|med vänlig\w*|med venlig\w*|(?:vennlig|venlig) hilsen|z poważaniem|pozdrawiam|s pozdravem)\b",
    re.IGNORECASE,
)
"""What stands below an answer is like nothing."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n|\n(?=\s*[-*•|>])")
_ABBREVIATION = re.compile(
    r"(?<![\w'’])(art|abs|lit|mr|mrs|ms|dr|mme|sr|sra|sig|rag|dhr|mevr|[a-z]|n[ro](?=\.\s*\d))\.(?=\s+\S)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"\n-- ?\n.*", re.DOTALL)
_JEST = re.compile(r";-?\)|😉|😄|😀|\bjust kidding\b|\bhaha\b|\blol\b", re.IGNORECASE)
_NOT = re.compile(
    r"\W*(?:n['’]|(?:do not|don['’]?t|never|not?|ne|non|nicht|nie|kein\w*|(?:mich|uns) nicht|não|nao|niet|geen|inutile"
    r"|pas)\b)",
    re.IGNORECASE,
)
_WHOLE = frozenset((*RIGHTS, *BRIEF))
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w")
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
    r"\b(?:hesit\w+|zöger\w*|hésit\w+|dud(?:e|en|es|éis)\b|esit\w+|aarzel\w*|tveka\w*|tøv\w*|wahaj\w*|váhejte)",
    re.IGNORECASE,
)
"""Whoever need not hesitate to write may write."""
_NAMED = re.compile(
    r"\b(?i:remove|delete|unsubscribe|drop)\s+(?!Me\b|Us\b|My\b|Our\b|This\b|These\b|All\b|From\b)[A-Z][a-z]+"
)
"""It is they who are to be removed, and nobody here."""
_QUOTES = re.compile('["“”„«»]')
_ASKS_US = re.compile(
    r"\W*(?:what|which|who|does|do|did|was|wann|wer|welche\w*|quand|quelles?|qué|cuándo|cosa|quando|wat"
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
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Marks without a width, which mail programs and the wary put between letters."""
_MARKS = " \t.!?,;:*_\"'“”„«»()[]<>-–—"


def read_opt_out(subject: str, text: str, *, author: str = "") -> str:
    """The sentence, or "". `text` is what the person wrote, without the quoted past (`mail.reply.split_quoted`);
    `author` is their match key: "remove bob@firm.example" asks for Bob if he wrote it, and else for somebody else.
    """
    text = _own_words(text, author)
    lines = [line for line in text.split("\n") if line.strip()]
    if len(text) <= _SHORT:
        bare = _bare_line(lines)
        if bare:
            return bare
        alone = subject.strip(_MARKS)
        is_own = alone == bare_subject(subject).strip(_MARKS)
        if alone and is_own and BARE.fullmatch(mended(alone)):
            return f"Subject: {subject.strip()[:200]}"
    if asks_for_more(text):
        return ""
    is_elsewhere = _ADDRESS.search(text) is not None
    said = list(_sentences(text, author))
    for sentence, meant in said:
        if likeness(meant) >= _UNLIKE and any(
            _asks(one, is_elsewhere=is_elsewhere) or (len(text) <= _SHORT and _is_word(one))
            for one in dict.fromkeys((meant, plainly(meant)))
        ):
            return sentence[:300]
    return next(
        (one[:300] for one, meant in said if _is_like_one(meant, is_elsewhere=is_elsewhere)), ""
    )


def sentences_of(text: str, *, author: str = "") -> list[str]:
    """What can be learned from (`tests.mail.learning`), as it is compared: what they mistyped mended, and who they are
    put for their address and company.
    """
    said = _sentences(_own_words(text, author), author)
    return [meant for _, meant in said if not _CLOSING.match(meant)]


def _own_words(text: str, author: str) -> str:
    text = _UNSEEN.sub("", text[:_MOST_TEXT])
    text = _SIGNATURE.sub("", f"\n{text}").strip()
    if author:
        text = re.sub(rf"<?{re.escape(author)}>?", "my address", text, flags=re.IGNORECASE)
    return text


def _sentences(text: str, author: str) -> Iterator[tuple[str, str]]:
    """Each as it was written, and as it is compared."""
    for part in _SENTENCE.split(_ABBREVIATION.sub(r"\1", text)):
        sentence = " ".join(part.split())
        meant = _of_us(mended(sentence), author)
        if meant:
            yield sentence, meant


def _is_like_one(sentence: str, *, is_elsewhere: bool) -> bool:
    """No shape fits, but it is worded like those who ask, and nothing speaks against it."""
    if likeness(sentence) < _ALIKE or not is_about_mail(
        sentence, 0, len(sentence), needs="complete"
    ):
        return False
    if sentence.rstrip().endswith("?") and _asks_us(sentence, sentence):
        return False
    if is_elsewhere and _THIS_PLACE.search(sentence) and not _ME.search(sentence):
        return False
    against = (_CLOSING, _FOOTER, _JEST, _QUOTES, _INVITED, _NAMED, OFFERS, TAKEN_BACK)
    return not any(one.search(sentence) for one in against) and not is_wish_of_another(sentence)


def _bare_line(lines: list[str]) -> str:
    """A request of one word on a line of its own, at the top."""
    top = [line for line in lines[:3] if not _GREETING.fullmatch(line)]
    if not top or any("http" in line for line in lines):
        return ""
    if top[0].rstrip().endswith(":"):
        return ""  # "Unsubscribe:" announces a link in somebody's footer
    first = top[0].strip(_MARKS)
    return top[0].strip()[:300] if first and BARE.fullmatch(mended(first)) else ""


def _is_word(sentence: str) -> bool:
    """The end of "Not interested. Remove", for one."""
    return (
        re.fullmatch(
            r"(?:please )?(?:remove|unsubscribe)(?: me)?[.!]*|(?:please|kindly|pls) stop[.!]*|stop\."
            r"|[^.!?]{0,20}\b(?:please|kindly|pls) (?:just )?stop[.!]*"
            r"|(?:please |kindly |pls )?(?:stop|cease|desist)(?: this)? (?:immediately|now|at once)[.!]*"
            r"|(?:(?:please|kindly|pls),? )?(?:cease(?: and desist)?|desist)[.!]*",
            sentence,
            re.IGNORECASE,
        )
        is not None
    )


def _of_us(sentence: str, author: str) -> str:
    """Their company by its name is they: "remove Acme from your list", written at acme.example; its domain too."""
    label = author.rpartition("@")[2].partition(".")[0]
    if len(label) <= _SHORTEST_NAME:
        return sentence
    spelled = r"[\s-]?".join(map(re.escape, label.replace("-", "")))
    named = re.compile(rf"(?<![@.])\b{spelled}\b(\.\w{{2,20}})*", re.IGNORECASE)
    return named.sub(lambda found: "our address" if found[1] else "our company", sentence)


def _asks(sentence: str, *, is_elsewhere: bool) -> bool:
    """`is_elsewhere`: another address is named, so what is said of this one may be news of a move."""
    asked = dict.fromkeys(islice(_requests(sentence), _MOST_REQUESTS))
    return any(
        _is_meant(sentence, one) and not _is_taken_back(sentence, one, is_elsewhere=is_elsewhere)
        for one in asked
    )


def _is_taken_back(sentence: str, asked: Asked, *, is_elsewhere: bool) -> bool:
    said, before = sentence[asked.start : asked.end], sentence[: asked.start]
    is_shape = asked.needs in {"open", "complete"}
    if (
        _FOOTER.search(sentence)
        or _JEST.search(sentence)
        or _WHY.search(before)
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
    if _threatens(said):
        return False
    if TAKEN_BACK.search(sentence) or is_told_of_others(sentence, asked.start, asked.end):
        return True
    if _OWN_CLAUSE.match(said) or _IS_ASKED.search(before):
        return False  # "Not interested, unsubscribe": what is denied stands in another clause
    return NEGATED.search(before.rstrip() + " ") is not None and not _is_negative(said)


def _asks_us(sentence: str, said: str) -> bool:
    """`said`: the words of a request by its shape; empty where a pattern found it."""
    if _ASKS_US.match(sentence):
        return True
    is_way_out = _HOW.match(sentence) and _OUT.search(said) and not _YOU.search(sentence)
    return bool(said) and not is_way_out and not _IS_POLITE.search(sentence)


def _is_quoted(sentence: str, asked: Asked) -> bool:
    """Told within quotes behind other words, as in: she wrote “take me off your list”."""
    before = _QUOTES.findall(sentence[: asked.start])
    return len(before) % 2 == 1 and sentence.lstrip()[0] not in '"“„«'


def _requests(sentence: str) -> Iterator[Asked]:
    for one in _ALL:
        for hit in one.finditer(sentence):
            yield Asked(*hit.span(), "whole" if one in _WHOLE else "worded")
    yield from requests_in(sentence)


def _is_meant(sentence: str, asked: Asked) -> bool:
    return (
        asked.needs == "whole"
        or _threatens(sentence[asked.start : asked.end])
        or is_about_mail(sentence, asked.start, asked.end, needs=asked.needs)
    )


def _threatens(request: str) -> bool:
    return request.lower().startswith("if you")


def _is_negative(request: str) -> bool:
    """The request is itself a "do not"; a word of that kind before it takes nothing back."""
    return _NOT.match(request) is not None
