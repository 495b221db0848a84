"""Does the person who wrote this ask not to be written to again? The sentence that says so, or nothing.

Only what they wrote themselves is read: not the past they quote, not what stands below a signature's dashes. A sentence
that speaks to the reader of a mailing ("if you no longer wish ...") is an offer in a footer, and one that turns the
request round ("please don't stop") is none. A bare word ("unsubscribe") counts where it is all that is said.
Courtesies around a request change nothing (`opt_out_frames`), and what somebody else wishes is news (`opt_out_others`).
"""

from __future__ import annotations

import re

from inboxcrm.mail.opt_out_brief import BRIEF
from inboxcrm.mail.opt_out_frames import plainly
from inboxcrm.mail.opt_out_invites import asks_for_more
from inboxcrm.mail.opt_out_north import NORTH
from inboxcrm.mail.opt_out_objects import is_about_mail
from inboxcrm.mail.opt_out_others import is_told_of_others
from inboxcrm.mail.opt_out_rights import RIGHTS
from inboxcrm.mail.opt_out_slips import mended
from inboxcrm.mail.opt_out_ways import WAYS
from inboxcrm.mail.opt_out_words import BARE, NEGATED, OFFERS, REQUESTS, TAKEN_BACK
from inboxcrm.mail.subjects import bare_subject

_ALL = (*RIGHTS, *BRIEF, *REQUESTS, *WAYS, *NORTH)
_MOST_TEXT = 4_000
_SHORT = 300
_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|day|afternoon)|hallo|guten (?:tag|morgen)|sehr geehrte|liebe"
    r"|bonjour|hola|buenos"
    r"|buenas|buongiorno|salve|ciao|beste|geachte|goede|olá|ola|bom dia|boa tarde)\b[^.!?\n]{0,40}[,.!]?\s*$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n|\n(?=\s*[-*•|>])")
_SIGNATURE = re.compile(r"\n-- ?\n.*", re.DOTALL)
_JEST = re.compile(r"[;:]-?\)|😉|😄|😀|\bjust kidding\b|\bhaha\b|\blol\b", re.IGNORECASE)
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
_OWN_CLAUSE = re.compile(r"[,;:–-]|(?:and|but|so|then|und|also|et|y|e|en)\s", re.IGNORECASE)
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
_ME = re.compile(r"\b(?:me|us|my|mich|mir|uns|moi|nous|nos|mi|ci|mij|ons|mim)\b", re.IGNORECASE)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Marks without a width, which mail programs and the wary put between letters."""
_MARKS = " \t.!?,;:*_\"'“”„«»()[]<>-–—"


def read_opt_out(subject: str, text: str, *, author: str = "") -> str:
    """The sentence, or "". `text` is what the person wrote, without the quoted past (`mail.reply.split_quoted`);
    `author` is their match key: "remove bob@firm.example" asks for Bob if he wrote it, and else for somebody else.
    """
    text = _UNSEEN.sub("", text[:_MOST_TEXT])
    text = _SIGNATURE.sub("", f"\n{text}").strip()
    if author:
        text = re.sub(rf"<?{re.escape(author)}>?", "my address", text, flags=re.IGNORECASE)
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
    for part in _SENTENCE.split(text):
        sentence = " ".join(part.split())
        meant = _of_us(mended(sentence), author)
        if meant and any(
            _asks(one, is_elsewhere=is_elsewhere) or (len(text) <= _SHORT and _is_word(one))
            for one in dict.fromkeys((meant, plainly(meant)))
        ):
            return sentence[:300]
    return ""


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
    """Their company by its name is they: "remove Acme from your list", written at acme.example."""
    label = author.rpartition("@")[2].partition(".")[0]
    return (
        re.sub(rf"\b{re.escape(label)}\b", "our company", sentence, flags=re.IGNORECASE)
        if len(label) > 3
        else sentence
    )


def _asks(sentence: str, *, is_elsewhere: bool) -> bool:
    """`is_elsewhere`: another address is named, so what is said of this one may be news of a move."""
    hits = (hit for one in _ALL for hit in one.finditer(sentence))
    found = next((hit for hit in hits if _is_meant(sentence, hit)), None)
    if found is None or _JEST.search(sentence) or _WHY.search(sentence[: found.start()]):
        return False
    if OFFERS.search(sentence) and not _HOW.match(found[0]):
        return False
    if is_elsewhere and _THIS_PLACE.search(sentence) and not _ME.search(found[0]):
        return False
    if _threatens(found):
        return True
    if TAKEN_BACK.search(sentence) or is_told_of_others(sentence, *found.span()):
        return False
    if _OWN_CLAUSE.match(found[0]):
        return True  # "Not interested, unsubscribe": what is denied stands in another clause
    return NEGATED.search(sentence[: found.start()].rstrip() + " ") is None or _is_negative(
        found[0]
    )


def _is_meant(sentence: str, hit: re.Match[str]) -> bool:
    return _threatens(hit) or hit.re in _WHOLE or is_about_mail(sentence, *hit.span())


def _threatens(request: re.Match[str]) -> bool:
    return request[0].lower().startswith("if you")


def _is_negative(request: str) -> bool:
    """The request is itself a "do not"; a word of that kind before it takes nothing back."""
    return _NOT.match(request) is not None
