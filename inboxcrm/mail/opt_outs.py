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
from itertools import chain, islice

from inboxcrm.mail.opt_out_against import (
    CLOSING,
    GREETING,
    SALUTATION,
    is_quotation,
    is_taken_back,
    speaks_against,
    threatens,
)
from inboxcrm.mail.opt_out_brief import BRIEF
from inboxcrm.mail.opt_out_frames import plainly
from inboxcrm.mail.opt_out_invites import asks_for_more
from inboxcrm.mail.opt_out_likeness import likeness
from inboxcrm.mail.opt_out_north import NORTH
from inboxcrm.mail.opt_out_objects import is_about_mail
from inboxcrm.mail.opt_out_requests import Asked, meanings_of, requests_in
from inboxcrm.mail.opt_out_rights import RIGHTS
from inboxcrm.mail.opt_out_slips import mended
from inboxcrm.mail.opt_out_ways import WAYS
from inboxcrm.mail.opt_out_words import BARE, REQUESTS
from inboxcrm.mail.subjects import bears_mark

_ALL = (*RIGHTS, *BRIEF, *REQUESTS, *WAYS, *NORTH)
_MOST_TEXT = 4_000
_SHORT = 300
_SHORTEST_NAME = 3
_ALIKE, _VERY_ALIKE, _UNLIKE = 0.8, 0.95, 0.1
"""Of 1. A sentence that is so much like those who ask asks, though no shape fits; one that is so little like them does
not, though one fits (docs/decisions/0022).
"""
_MANY_SENTENCES = 9
"""Among so many one is soon alike by chance: it has to be very much so."""
_FEWEST_WORDS = 3
"""Less is like anything; what is asked in a word or two is known (`opt_out_words`)."""
_MOST_REQUESTS = 40
"""In one sentence; a mail made to keep us busy has hundreds."""
_ACTS = frozenset(("REMOVE", "STOP", "UNSUBSCRIBE", "TAKE"))
_WORDS = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n|\n(?=\s*[-*•|>])")
_ABBREVIATION = re.compile(
    r"(?<![\w'’])(art|abs|lit|mr|mrs|ms|dr|mme|sr|sra|sig|rag|dhr|mevr|[a-z]|n[ro](?=\.\s*\d))\.(?=\s+\S)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"\n-- ?\n.*", re.DOTALL)
_DEVICE = re.compile(
    r"^[ \t*_>-]*(?:sent|gesendet|von mein\w+|diese nachricht wurde|envoyé|enviad[oa]|mandado|inviat[oa]"
    r"|verzonden|verstuurd"
    r"|skickat|sendt|wysłan\w+|odesláno|posláno|get|obtener|obtenir|télécharge\w*|scarica|download)\b[^\n]{0,60}"
    r"\b(?:i-?phone|i-?pad|ios|android|handy|mobil\w*|móvil|movil|celular|telef[oó]n\w*|telefoon|smartphone|samsung|galaxy"
    r"|outlook|gmail|yahoo|gmx|web\.de|blackberry|huawei|xiaomi|cellulare|téléphone|portable|gsm|tablet|phone)\b[^\n]{0,40}$",
    re.IGNORECASE | re.MULTILINE,
)
"""What a telephone writes below: "Sent from my iPhone"."""
_WHOLE = frozenset((*RIGHTS, *BRIEF))
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w")
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
    if asks_for_more(text):
        return ""
    is_elsewhere = _ADDRESS.search(text) is not None
    said = list(_sentences(text, author))
    for sentence, meant in said:
        if is_quotation(sentence, (one for one, _ in said)):
            continue
        if likeness(meant) >= _UNLIKE and any(
            _asks(one, is_elsewhere=is_elsewhere) or (len(text) <= _SHORT and _is_word(one))
            for one in dict.fromkeys((meant, plainly(meant)))
        ):
            return sentence[:300]
    if len(text) <= _SHORT and _is_asked_above(subject, text, is_elsewhere=is_elsewhere):
        return f"Subject: {subject.strip()[:200]}"
    alike = _VERY_ALIKE if len(said) >= _MANY_SENTENCES else _ALIKE
    return next(
        (one[:300] for one, meant in said if _is_like_one(meant, alike, is_elsewhere=is_elsewhere)),
        "",
    )


def sentences_of(text: str, *, author: str = "") -> list[str]:
    """What can be learned from (`tests.mail.learning`), as it is compared: what they mistyped mended, and who they are
    put for their address and company.
    """
    said = _sentences(_own_words(text, author), author)
    return [
        meant for _, meant in said if not CLOSING.match(meant) and not SALUTATION.fullmatch(meant)
    ]


def _own_words(text: str, author: str) -> str:
    text = _UNSEEN.sub("", text[:_MOST_TEXT])
    text = _DEVICE.sub("", _SIGNATURE.sub("", f"\n{text}")).strip()
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


def _is_like_one(sentence: str, alike: float, *, is_elsewhere: bool) -> bool:
    """It is worded like those who ask, and nothing speaks against it. Where it is no more than alike, no shape may have
    been found either that was of something else.
    """
    how_alike = likeness(sentence)
    if (
        how_alike < alike
        or len(_WORDS.findall(sentence)) < _FEWEST_WORDS
        or speaks_against(plainly(sentence), is_elsewhere=is_elsewhere)
    ):
        return False
    asked = islice(_requests(sentence), _MOST_REQUESTS)
    if how_alike >= _VERY_ALIKE:
        return not any(is_taken_back(sentence, one, is_elsewhere=is_elsewhere) for one in asked)
    return next(asked, None) is None and is_about_mail(sentence, 0, len(sentence), needs="complete")


def _is_asked_above(subject: str, text: str, *, is_elsewhere: bool) -> bool:
    """In a subject of their own. Where the text speaks of removing too, it is the text that says what."""
    alone = mended(subject.strip(_MARKS))
    if not alone or subject.rstrip().endswith("?") or bears_mark(subject):
        return False
    if BARE.fullmatch(alone):
        acts = _ACTS.intersection(chain.from_iterable(meanings_of(alone)))
        return acts.isdisjoint(chain.from_iterable(meanings_of(text)))
    return _asks(alone, is_elsewhere=is_elsewhere)


def _bare_line(lines: list[str]) -> str:
    """A request of one word on a line of its own, at the top."""
    top = [line for line in lines[:3] if not GREETING.fullmatch(line)]
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
        _is_meant(sentence, one) and not is_taken_back(sentence, one, is_elsewhere=is_elsewhere)
        for one in asked
    )


def _requests(sentence: str) -> Iterator[Asked]:
    for one in _ALL:
        for hit in one.finditer(sentence):
            yield Asked(*hit.span(), "whole" if one in _WHOLE else "worded")
    yield from requests_in(sentence)


def _is_meant(sentence: str, asked: Asked) -> bool:
    return (
        asked.needs == "whole"
        or threatens(sentence[asked.start : asked.end])
        or is_about_mail(sentence, asked.start, asked.end, needs=asked.needs)
    )
