"""Where in HTML a variable may stand: in text, in a quoted attribute, and inside a link that is one without it.

Escaping makes a value harmless in those places only. In a tag's own words, a script or a style it could change what
the mail is, and at the beginning of a link it could change where the link leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from inboxcrm.cadence.left_over import TAG
from inboxcrm.cadence.problems import TemplateProblem, place_of, problem_in
from inboxcrm.cadence.variables import Variables

MARK = "\ue000"
"""What stands for a variable in masked HTML."""

_FILL = "\ue001"
_LINKS = ("href", "src", "action", "background", "cite", "poster", "srcset", "formaction")
_QUOTED = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_TAG_NAME = re.compile(f"<[/!?]?{MARK}")
_NAME = re.compile(r"\{\{-?\s*(\w+)")


def check_places(html: str, variables: Variables) -> list[TemplateProblem]:
    """Every variable that stands where its value could do more than be read."""
    places = _Places(variables)
    masked = masked_html(html)
    places.names = [found[1] for found in map(_NAME.match, _output_tags(html)) if found]
    places.feed(masked)
    places.close()
    for begun in _TAG_NAME.finditer(masked):
        text = "A variable cannot say which tag this is."
        places.add(*place_of(masked, begun.start()), text)
    if not places.problems and MARK in masked and masked.count(MARK) > places.seen:
        text = "Here a variable stands in a comment, or in a tag that ends or never does."
        places.add(*place_of(masked, masked.rindex(MARK)), text)
    return sorted(places.problems, key=lambda one: (one.line, one.column))


def names_in_tags(html: str) -> frozenset[str]:
    """The variables that stand in an attribute somewhere: what they hold must have no markup."""
    places = _Places({})
    places.names = [found[1] for found in map(_NAME.match, _output_tags(html)) if found]
    places.feed(masked_html(html))
    places.close()
    return frozenset(places.in_tags)


def masked_html(html: str) -> str:
    """Of the same length: one mark and filling for each variable, blanks for conditions and comments."""
    return TAG.sub(_masked, re.sub(r"\r\n?", "\n", html).replace(MARK, " ").replace(_FILL, " "))


def _masked(tag: re.Match[str]) -> str:
    if not tag[0].startswith("{{"):
        return re.sub(r"[^\n]", " ", tag[0])
    return MARK + re.sub(r"[^\n]", _FILL, tag[0][1:]).replace("\n", _FILL)


def _output_tags(html: str) -> Iterator[str]:
    return (tag[0] for tag in TAG.finditer(html) if tag[0].startswith("{{"))


class _Places(HTMLParser):
    def __init__(self, variables: Variables) -> None:
        super().__init__(convert_charrefs=True)
        self._variables = variables
        self.names: list[str] = []
        self.seen = 0
        self.problems: list[TemplateProblem] = []
        self.in_tags: set[str] = set()
        self._inside = ""

    def add(self, line: int, column: int, text: str) -> None:
        self.problems.append(problem_in("html", line, column, text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or ""
        if tag in ("script", "style"):
            self._inside = tag
        if MARK not in written:
            return
        line, column = self.getpos()
        first = self.seen
        self.seen += written.count(MARK)
        self.in_tags.update(map(self._name, range(first, self.seen)))
        if MARK in _QUOTED.sub("", written):
            text = f'In a tag a variable stands inside quotes only: <a title="{{{{ {self._name(first)} }}}}">.'
            self.add(line, column + 1, text)
            return
        for name, value in attrs:
            if value is None or MARK not in value:
                continue
            if name.startswith("on") or name == "style":
                self.add(line, column + 1, f"No variable stands in {name[:30]}.")
            elif name in _LINKS and not self._is_safe_link(value, first):
                text = "A link begins with https:// or mailto:; a variable may stand behind that."
                self.add(line, column + 1, text)
            first += value.count(MARK)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if MARK not in data:
            return
        self.seen += data.count(MARK)
        if self._inside:
            line, column = self.getpos()
            self.add(line, column + 1, f"No variable stands in <{self._inside}>.")

    def _is_safe_link(self, value: str, first: int) -> bool:
        start = value.strip()
        if start.startswith(MARK):
            variable = self._variables.get(self._name(first))
            return variable is not None and variable.is_url
        return (
            re.match(rf"(?:https?://[^/?#{MARK}]+[/?#]|mailto:)", start, re.IGNORECASE) is not None
        )

    def _name(self, number: int) -> str:
        return self.names[number] if number < len(self.names) else "name"
