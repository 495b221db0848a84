"""What a template may do and probably should not: warnings with their place. Nothing here forbids anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from inboxcrm.cadence.html_places import masked_html
from inboxcrm.cadence.problems import TemplateProblem, problem_in
from inboxcrm.cadence.templates import Compiled

LONG_SUBJECT = 70
"""Characters that phones and lists show before they cut."""

_FEW_WORDS = 20
_OPT_OUT = re.compile(
    r"unsubscri|opt[ -]?out|stop (?:these|sending|writing)|no more (?:mail|e-?mail|message)|not (?:want|wish) to hear"
    r"|rather not hear|don.t want to hear|let me know if you.d (?:rather|prefer) not|take you off|remove (?:you|me)"
    r"|abmeld|abbestell|nicht mehr schreiben|keine (?:weiteren )?(?:e-?)?mails|désabonn|désinscri|ne plus recevoir"
    r"|darse de baja|dar de baja|no recibir m[áa]s|cancel(?:l)?ar (?:la )?(?:suscripci|sottoscri|inscri)|disiscri"
    r"|non ricevere pi|afmeld|uitschrijv|geen (?:e-?)?mail meer|descadastr|n[ãa]o receber mais",
    re.IGNORECASE,
)
_LINK = "unsubscribe_url"
_LINK_LIKE = re.compile(r"(?:https?://|mailto:|cid:|tel:|#)", re.IGNORECASE)
_DROPPED = ("script", "form", "iframe", "object", "embed", "video", "audio", "link")


def warnings_of(
    subject: str, text: str, html: str, compiled: Compiled | None = None
) -> list[TemplateProblem]:
    """In the order of subject, text, html. `compiled`: also what concerns variables and fallbacks."""
    found: list[TemplateProblem] = []
    if len(subject.strip()) > LONG_SUBJECT:
        said = (
            f"The subject has {len(subject.strip())} characters; many programs show {LONG_SUBJECT}."
        )
        found.append(problem_in("subject", 1, LONG_SUBJECT + 1, said))
    if html.strip() and not text.strip():
        found.append(problem_in("text", 0, 0, "There is no text; one is made from the HTML."))
    if html.strip():
        found += _markup_warnings(html)
    if not _OPT_OUT.search(f"{text} {html}"):
        said = "Nothing says how to hear no more of this; a sentence at the end will do."
        found.append(problem_in("text" if text.strip() else "html", 0, 0, said))
    return found + (_variable_warnings(compiled) if compiled else [])


def _variable_warnings(compiled: Compiled) -> list[TemplateProblem]:
    found = []
    if _LINK in compiled.names and _LINK not in compiled.asked | compiled.fallbacks.keys():
        said = f"{_LINK} is empty without a public page; write it between {{% if {_LINK} %}} and {{% endif %}}."
        found.append(problem_in("text", 0, 0, said))
    for name in compiled.fallbacks:
        if name not in compiled.names:
            found.append(problem_in("fallback", 0, 0, f"{name} has a fallback and stands nowhere."))
        elif name in compiled.asked:
            said = f"{name} has a fallback, so that a condition never finds it blank."
            found.append(problem_in("fallback", 0, 0, said))
    return found


def _markup_warnings(html: str) -> list[TemplateProblem]:
    seen = _Seen()
    seen.feed(masked_html(html))
    seen.close()
    if seen.images and seen.words < _FEW_WORDS:
        said = "The mail is an image and hardly a word; many people see no images."
        seen.problems.append(problem_in("html", *seen.images[0], said))
    return sorted(seen.problems, key=lambda one: (one.line, one.column))


class _Seen(HTMLParser):
    """Links, images, words, and what mail programs drop."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[TemplateProblem] = []
        self.images: list[tuple[int, int]] = []
        self.words = 0
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        place = ("html", line, column + 1)
        held: Mapping[str, str | None] = dict(attrs)
        if tag in ("style", "script", "title"):
            self._hidden += 1
        if tag in _DROPPED:
            self.problems.append(problem_in(*place, f"Mail programs drop <{tag}>."))
        if any(name.startswith("on") for name in held):
            self.problems.append(
                problem_in(*place, "Mail programs drop what a tag does on a click.")
            )
        if tag == "img":
            self.images.append((line, column + 1))
        for name in ("href", "src"):
            link = (held.get(name) or "").strip()
            if name not in held or tag == "link" or link.startswith("\ue000"):
                continue
            if not link:
                self.problems.append(problem_in(*place, "This link leads nowhere."))
            elif not _LINK_LIKE.match(link):
                said = f'"{link[:60]}" leads nowhere from a mail; write it whole, with https://.'
                self.problems.append(problem_in(*place, said))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title"):
            self._hidden = max(self._hidden - 1, 0)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += len(data.split())
