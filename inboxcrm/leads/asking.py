"""Does a mail ask for a price or a demo? A few plain words in a few languages: a hint, no oracle.

Read are the subject of a first mail (the subject of an answer is somebody else's) and the first
lines of what its author wrote. A text that declines asks for nothing.
"""

from __future__ import annotations

import re

# Each line: what is asked for, a piece every phrase of that line holds, the phrases themselves.
# The pieces are looked for first, which spares nearly every mail the patterns.
_PHRASES = (
    ("a demo", "demo", r"demo(?:s|nstrations?)?\b"),
    ("a demo", "trial", r"free trial|trial (?:account|access)"),
    ("a demo", "show us", r"show us (?:the|your)"),
    ("a demo", "walk us", r"walk us through"),
    ("a demo", "vorf", r"vorf(?:ü|ue)hrung"),
    ("a demo", "zugang", r"(?:test|probe)zugang"),
    ("a demo", "monstration", r"d[ée]monstration"),
    ("a demo", "essai", r"essai gratuit"),
    ("a demo", "mostra", r"d(?:e|i)mostra(?:ción|cion|zione)"),
    ("a demo", "prueba", r"prueba gratuita"),
    ("a demo", "demonstra", r"demonstra[cç][aã]o"),
    ("a demo", "демо", r"демо\b|демонстраци"),
    ("a price", "pric", r"pric(?:e|es|ing)\b"),
    ("a price", "quot", r"quot(?:e|ation)s?\b"),
    ("a price", "how much", r"how much (?:is|does|do|would|for)"),
    ("a price", "it cost", r"what (?:does|would|will) it cost"),
    ("a price", "preis", r"preis(?:e|en|liste)?\b"),
    ("a price", "angebot", r"angebot"),
    ("a price", "kosten", r"kostenvoranschlag|was kosten"),
    ("a price", "was kostet", r"was kostet"),
    ("a price", "tarif", r"tarifs?\b"),
    ("a price", "devis", r"devis\b"),
    ("a price", "combien", r"combien (?:co[uû]te|ça)"),
    ("a price", "precio", r"precios?\b"),
    ("a price", "presupuesto", r"presupuesto"),
    ("a price", "cotiza", r"cotizaci[oó]n"),
    ("a price", "nto cuesta", r"cu[aá]nto cuesta"),
    ("a price", "prezz", r"prezz[oi]\b"),
    ("a price", "preventivo", r"preventivo"),
    ("a price", "pre", r"pre[cç]os?\b"),
    ("a price", "amento", r"or[cç]amento"),
    ("a price", "prij", r"prij(?:s|zen)\b"),
    ("a price", "offerte", r"offerte\b"),
    ("a price", "цен", r"цен[аыу]\b"),
    ("a price", "прайс", r"прайс"),
    ("a price", "сколько", r"сколько стоит"),
)
_PATTERNS = tuple((what, piece, re.compile(rf"\b(?:{phrase})")) for what, piece, phrase in _PHRASES)
# Written without spaces between words: every occurrence counts.
_UNSPACED = (
    ("a demo", ("演示", "试用", "試用", "デモ", "トライアル", "عرض توضيحي")),
    ("a price", ("报价", "報價", "价格", "價格", "見積", "価格", "سعر", "أسعار")),
)
_DECLINES = (
    "not interested", "no longer interested", "no interest", "no thanks", "too expensive",
    "unsubscribe", "kein interesse", "nicht interessiert", "pas intéress", "no nos interesa",
    "no me interesa",
)  # fmt: skip
_ANSWER = re.compile(r"\s*(?:re|aw|antw|sv|rv|r|odp|vs|fwd?|wg|tr)\s*:", re.IGNORECASE)


def asked_for(subject: str, text: str) -> str:
    """What is asked for: a demo, a price, or nothing (empty)."""
    said = (text if _ANSWER.match(subject) else f"{subject[:300]}\n{text}").lower()
    for what, pieces in _UNSPACED:
        if not said.isascii() and any(piece in said for piece in pieces):
            return what
    for what, piece, pattern in _PATTERNS:
        if piece in said and pattern.search(said):
            return "" if any(decline in said for decline in _DECLINES) else what
    return ""
