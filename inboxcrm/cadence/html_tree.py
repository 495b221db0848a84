"""The elements of a template's HTML with the place of each start tag in its source, as a tree for selectors.

Nothing is written anew from this tree: a parser that rebuilds HTML moves what stands between the rows of a table, and
conditions stand there. It is read, and the source is changed in places.

Tags of the template are blanked out before reading (html_places.masked_html), so that offsets are those of the source.
Where a condition holds one end of an element and not the other, no one tree is true: that is the tree's `trouble`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

from inboxcrm.cadence.html_places import MARK, masked_html
from inboxcrm.cadence.left_over import TAG

DEEPEST = 200

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)  # fmt: skip
_ENDS_P = frozenset(
    {
        "address", "blockquote", "center", "div", "dl", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5",
        "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
    }
)  # fmt: skip
_SECTIONS = ("tbody", "thead", "tfoot")
# Which open elements a start tag ends, and what those never lie beyond (HTML Living Standard, 13.1.2.4, optional tags).
_ENDS = {
    **dict.fromkeys(_ENDS_P, (("p",), ("table", "td", "th", "button"))),
    "li": (("li",), ("ul", "ol")),
    **dict.fromkeys(("dt", "dd"), (("dt", "dd"), ("dl",))),
    **dict.fromkeys(("td", "th"), (("td", "th"), ("tr", "table"))),
    "tr": (("tr", "td", "th"), ("table", *_SECTIONS)),
    **dict.fromkeys(_SECTIONS, ((*_SECTIONS, "tr", "td", "th"), ("table",))),
}
_TAG_NAME = re.compile(r"<[^\s/>]+")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]*))?""")
# trim_blocks and lstrip_blocks of Jinja.
_TRAILING = re.compile(r"(?<=[%#]\})\n")
_LEADING = re.compile(r"^[ \t]+(?=\{[%#])", re.MULTILINE)
_CONDITION = re.compile(r"\{%[-+]?\s*(if|elif|else|endif)\b")


@dataclass(frozen=True, slots=True)
class StartTag:
    """`start` to `end` in the source. `unsure` are its classes (.x) and its id (#x) where a condition chooses them, and
    "[" where one stands anywhere in it.
    """

    start: int
    end: int
    element: Element
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StyleElement:
    """A <style>: the whole of it, and what it holds, in the source. `is_for_all`: for every medium."""

    start: int
    end: int
    inside: tuple[int, int]
    is_css: bool
    is_for_all: bool


@dataclass(slots=True)
class Tree:
    """`root` holds everything, `masked` is the source as it was read. `has_choices`: whether some element is there or
    not by a condition.
    """

    root: Element
    masked: str
    tags: list[StartTag] = field(default_factory=list)
    styles: list[StyleElement] = field(default_factory=list)
    has_choices: bool = False
    deepest: int = 0
    trouble: str = ""


def read_tree(html: str) -> Tree:
    """Of HTML with lines by LF. Whatever is wrong with it, there is a tree."""
    masked = masked_html(html)
    reader = _Reader(masked, list(TAG.finditer(html)))
    reader.feed(masked)
    reader.close()
    reader.finish()
    return reader.tree


@dataclass(frozen=True, slots=True)
class Attribute:
    """Where it stands in its start tag: the whole of it, and its value with its quotes."""

    name: str
    start: int
    value: tuple[int, int]


def attributes_in(tag: str) -> Iterator[Attribute]:
    """Of a start tag in which tags of the template are masked."""
    for one in _ATTRIBUTE.finditer(tag, name_end(tag)):
        value = one.span(2) if one[2] is not None else (one.end(), one.end())
        yield Attribute(one[1].lower(), one.start(), value)


def name_end(tag: str) -> int:
    """Behind the name of a start tag."""
    begins = _TAG_NAME.match(tag)
    return begins.end() if begins else 0


def shape_of(html: str) -> list[tuple[str, ...]]:
    """What a reader gets of it, in order: elements with their attributes but style, words, and tags of the template.
    Style sheets are left out, and so is the white space that the template takes away beside its tags.
    """
    reader = _Shape()
    reader.feed(masked_html(_LEADING.sub("", _TRAILING.sub("", html))))
    reader.close()
    found = [one for one in reader.found if one != ("words", "")]
    return [*found, *(("tag", one[0]) for one in TAG.finditer(html))]


class _Reader(HTMLParser):
    def __init__(self, masked: str, tags: list[re.Match[str]]) -> None:
        super().__init__(convert_charrefs=True)
        self.tree = Tree(Element("root"), masked)
        self._lines = [0, *(one.end() for one in re.finditer("\n", masked))]
        self._source = masked
        self._tags = tags
        self._tags_at = frozenset(one.start() for one in tags)
        self._open = [self.tree.root]
        self._conditions = [
            (one.start(), found[1]) for one in tags if (found := _CONDITION.match(one[0]))
        ]
        self._next_condition = 0
        self._choices: list[Element] = []
        self._style: StyleElement | None = None
        self._implied: Element | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = self._at()
        end = at + len(self.get_starttag_text() or "")
        self._pass_conditions(at)
        if at + name_end(self._source[at:end]) in self._tags_at:
            self._trouble("a tag of the template touches the name of an element")
        self._close_before(tag)
        given: dict[str, str] = {}
        for name, value in attrs:
            given.setdefault(name, value or "")
        element = SubElement(self._open[-1], tag, given)
        self.tree.tags.append(StartTag(at, end, element, self._unsure(at, end, given)))
        self.tree.has_choices = self.tree.has_choices or bool(self._choices)
        if tag == "style":
            kind, media = given.get("type", ""), given.get("media", "")
            is_css = kind.strip().lower() in {"", "text/css"}
            self._style = StyleElement(
                at, end, (end, end), is_css, media.strip().lower() in {"", "all"}
            )
            if self._choices:
                self._trouble("a style sheet stands in a condition")
        if tag not in _VOID:
            self._open.append(element)
            self.tree.deepest = max(self.tree.deepest, len(self._open))
            if len(self._open) > DEEPEST:
                self._trouble("its elements are nested too deep")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # HTML knows no other void elements than those it names

    def handle_endtag(self, tag: str) -> None:
        at = self._at()
        self._pass_conditions(at)
        if tag == "style" and self._style is not None:
            begun = self._style
            end = self._source.find(">", at) + 1 or len(self._source)
            self.tree.styles.append(replace(begun, end=end, inside=(begun.end, at)))
            self._style = None
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def finish(self) -> None:
        """After the last of it was fed."""
        self._pass_conditions(len(self._source) + 1)
        if self._style is not None:
            self._trouble("a style sheet never ends")
        for one in self.tree.styles:
            if any(one.start <= tag.start() < one.end for tag in self._tags):
                self._trouble("a tag of the template stands in a style sheet")
        for tag in self.tree.tags:
            if MARK in tag.element.get("class", "") + tag.element.get("id", ""):
                self._trouble("a variable stands in a class or an id")

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _trouble(self, text: str) -> None:
        self.tree.trouble = self.tree.trouble or text

    def _close_before(self, tag: str) -> None:
        ended, beyond = _ENDS.get(tag, ((), ()))
        first = len(self._open)
        for place in range(len(self._open) - 1, 0, -1):
            name = self._open[place].tag
            if name in beyond:
                break
            if name in ended:
                first = place
        del self._open[first:]
        if tag == "tr" and self._open[-1].tag == "table":
            # Selectors see the section that browsers put there.
            self._implied = SubElement(self._open[-1], "tbody")
            self._open.append(self._implied)

    def _pass_conditions(self, upto: int) -> None:
        """Those between the tag before and this one: each way through them has to leave the same elements open."""
        while self._next_condition < len(self._conditions):
            at, word = self._conditions[self._next_condition]
            if at >= upto:
                return
            self._next_condition += 1
            inside = self._open[-2 if self._open[-1] is self._implied else -1]
            if word == "if":
                self._choices.append(inside)
                continue
            if not self._choices or self._choices[-1] is not inside:
                self._trouble("a condition holds the beginning of an element and not its end")
            if word == "endif" and self._choices:
                self._choices.pop()

    def _unsure(self, start: int, end: int, given: dict[str, str]) -> frozenset[str]:
        """Conditions inside a start tag are passed here: they have to end in it."""
        inside = [word for at, word in self._conditions if start <= at < end]
        if not inside:
            return frozenset()
        self._next_condition += len(inside)
        depth = 0
        for word in inside:
            depth += {"if": 1, "endif": -1}.get(word, 0)
            if depth < 0 or (depth == 0 and word != "endif"):
                break
        if depth:
            self._trouble("a condition begins or ends inside a tag")
        names = {"["}
        elsewhere = {
            place
            for one in attributes_in(self._source[start:end])
            if one.name not in {"class", "id"}
            for place in range(start + one.value[0], start + one.value[1])
        }
        if any(start <= at < end and at not in elsewhere for at, _ in self._conditions):
            names |= {f".{name}" for name in given.get("class", "").split()}
            names |= {f"#{name}" for name in given.get("id", "").split()}
        return frozenset(names)


class _Shape(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, ...]] = [("words", "")]
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style":
            self._in_style = True
            return
        said = sorted(f"{name}={value}" for name, value in attrs if name != "style")
        self.found += [("start", tag, *said), ("words", "")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._in_style = False
            return
        self.found += [("end", tag), ("words", "")]

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            _, before = self.found[-1]
            self.found[-1] = ("words", before + data)

    def handle_comment(self, data: str) -> None:
        self.found += [("comment", data), ("words", "")]
