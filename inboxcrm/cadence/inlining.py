"""The style sheets of a template's HTML written into its elements, once, when a version is saved.

Some mail programs read style attributes and no style sheets (Gmail drops a <style> it does not like whole). Nothing of
the source changes but style attributes and style sheets, so no word, no link and no tag of the template can move. What
an attribute cannot say stays in its style sheet, and as strong as it was (style_strength.py).

What cannot be done for sure is not done: then the HTML stays as it was, and the notice says why.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from math import comb
from xml.etree.ElementTree import Element

from cssselect2 import ElementWrapper

from inboxcrm.cadence.html_tree import (
    StartTag,
    StyleElement,
    Tree,
    attributes_in,
    name_end,
    read_tree,
    shape_of,
)
from inboxcrm.cadence.left_over import TAG
from inboxcrm.cadence.plain_text import text_of
from inboxcrm.cadence.style_rules import AtRule, Rule, UnreadableStyle, Written, read_rules
from inboxcrm.cadence.style_strength import Cascade

MOST_STEPS = 2_000_000
"""Two seconds or three. A template of 64 KB could ask for more than anybody lives to see: each "anywhere above" in a
selector multiplies what it takes by the depth.
"""

_STYLED = re.compile(r"<style\b", re.IGNORECASE)
_NEVER = frozenset({"root", "head", "title", "meta", "link", "base", "style", "script"})
_SIGNED = re.compile(r"\{\{[-+]?\s*signature\b")
_SHEET_APART = 1_000_000
_DOUBLE = '"'


@dataclass(frozen=True, slots=True)
class Inlined:
    """`notice`: why the HTML is what it was, as a sentence; empty where all is well."""

    html: str
    notice: str = ""


@dataclass(slots=True)
class _Sheet:
    """A style sheet and what of it stays, in order."""

    place: StyleElement
    rules: list[Rule | AtRule]
    left: list[Rule | AtRule] = field(default_factory=list)


def inline_styles(html: str) -> Inlined:
    """Of HTML with its tags of the template, lines by LF. The same HTML gives the same."""
    if not _STYLED.search(html):
        return Inlined(html)
    try:
        tree = read_tree(html)
        if tree.trouble:
            return _kept(html, tree.trouble)
        sheets = _sheets(html, tree)
        if _cost(tree, sheets) > MOST_STEPS:
            return _kept(html, "there are too many rules for so many elements")
        made = _written(html, tree, sheets)
    except RecursionError:
        return _kept(html, "its brackets are nested too deep")
    except UnreadableStyle:
        return _kept(html, "one of its numbers is too long")
    tags = ([one[0] for one in TAG.finditer(text)] for text in (html, made))
    same = len({tuple(one) for one in tags}) == 1 and shape_of(made) == shape_of(html)
    if not same or text_of(made) != text_of(html):
        return _kept(html, "it would not read the same afterwards")
    return Inlined(made)


def _kept(html: str, why: str) -> Inlined:
    return Inlined(html, f"The styles stay in <style>, which some mail programs drop: {why}.")


def _sheets(html: str, tree: Tree) -> list[_Sheet]:
    return [
        _Sheet(one, read_rules(html[slice(*one.inside)], order=number * _SHEET_APART))
        for number, one in enumerate(tree.styles)
        if one.is_css
    ]


def _cost(tree: Tree, sheets: Iterable[_Sheet]) -> int:
    """How many steps it takes at most to find all elements and to tell what is said of them."""
    many: Counter[str] = Counter()
    for tag in tree.tags:
        many[str(tag.element.tag)] += 1
        many.update({f".{name}": 1 for name in tag.element.get("class", "").split()})
    beside = max((len(one) for one in tree.root.iter()), default=0)
    cost = 0
    for sheet in sheets:
        for one in sheet.rules:
            for rule in one.rules if isinstance(one, AtRule) else (one,):
                cost += _cost_of(
                    rule, many, above=tree.deepest, beside=beside, every=len(tree.tags)
                )
    return cost


def _cost_of(rule: Rule, many: Counter[str], *, above: int, beside: int, every: int) -> int:
    if rule.found_by is None:
        return 0
    found_by, is_beside = rule.found_by, "+" in rule.names
    elements = every
    if found_by.class_name is not None:
        elements = many[f".{found_by.class_name}"]
    elif found_by.lower_local_name is not None:
        elements = many[found_by.lower_local_name]
    ways = comb(max(above, beside if is_beside else 0) + rule.hops, rule.hops)
    return every + elements * (ways * (beside if is_beside else 1) + len(rule.declarations))


def _written(html: str, tree: Tree, sheets: list[_Sheet]) -> str:
    root = ElementWrapper.from_html_root(tree.root)
    wrapped = {one.etree_element: one for one in root.iter_subtree()}
    elements = [(tag, wrapped[tag.element]) for tag in tree.tags if tag.element.tag not in _NEVER]
    unsure = frozenset(name for tag in tree.tags for name in tag.unsure)
    if tree.has_choices:
        unsure |= {"+"}
    # What a signature brings along is styled by the sheet alone.
    keeps_all = _SIGNED.search(html) is not None
    cascade = Cascade()
    for sheet in sheets:
        for rule in sheet.rules:
            found = []
            if isinstance(rule, Rule) and sheet.place.is_for_all:
                found = _elements_of(rule, elements, unsure)
                if found:
                    cascade.inline(rule, found)
            if keeps_all or not found:
                sheet.left.append(rule)
    cascade.settle(tag.element for tag, _ in elements)
    edits = []
    for sheet in sheets:
        kept = "".join(_left(sheet, elements, cascade))
        if kept or _stands_beside_a_tag(html, sheet.place):
            edits.append((*sheet.place.inside, f"\n{kept}" if kept else ""))
        else:
            edits.append((sheet.place.start, sheet.place.end, ""))
    for tag, _ in elements:
        before, behind = cascade.attribute(tag.element)
        if before or behind:
            masked = tree.masked[tag.start : tag.end]
            edits.append(_edit(html, masked, tag.start, before, behind))
    for start, end, text in sorted(edits, reverse=True):
        html = f"{html[:start]}{text}{html[end:]}"
    return html


def _stands_beside_a_tag(html: str, place: StyleElement) -> bool:
    """Whether white space around it would become white space beside a tag of the template, which takes it away."""
    before, behind = html[: place.start].rstrip(" \t"), html[place.end :].lstrip(" \t\n")
    return before.endswith(("%}", "#}")) or behind.startswith(("{%", "{#"))


def _elements_of(
    rule: Rule, elements: list[tuple[StartTag, ElementWrapper]], unsure: frozenset[str]
) -> list[Element]:
    """Those it can be written into; none where the rule has to stay."""
    if rule.found_by is None or not rule.is_fixed or rule.names & unsure:
        return []
    return [tag.element for tag, one in elements if rule.found_by.test(one)]


# --- into the elements ------------------------------------------------------------


def _edit(
    html: str, masked: str, start: int, before: list[str], behind: list[str]
) -> tuple[int, int, str]:
    """What has to change in the source: (start, end, what comes there). What the element says itself stays as it is.

    `masked` is its start tag, which stands at `start`.
    """
    own = next((one for one in attributes_in(masked) if one.name == "style"), None)
    if own is None:
        at = start + name_end(masked)
        return at, at, f' style="{_quoted("; ".join(before), _DOUBLE)}"'
    low, high = own.value
    value = html[start + low : start + high]
    quote = value[:1] if value[:1] in {"'", _DOUBLE} else _DOUBLE
    bare = (value[1:-1] if value[:1] == quote else value).strip()
    if TAG.search(bare):
        behind = []  # a condition decides whether it is said at all
    parts = (
        _quoted("; ".join(before), quote),
        bare.rstrip("; "),
        _quoted("; ".join(behind), quote),
    )
    text = "; ".join(filter(None, parts))
    return start + own.start, start + high, f"style={quote}{text}{quote}"


def _quoted(text: str, quote: str) -> str:
    """For an attribute in these quotes. Names of fonts are read alike in both, and many programs know no &quot;."""
    other = "'" if quote == _DOUBLE else _DOUBLE
    if other not in text:
        text = text.replace(quote, other)
    return escape(text, quote=False).replace(quote, f"&#{ord(quote)};")


# --- what stays ---------------------------------------------------------------------


def _left(
    sheet: _Sheet, elements: list[tuple[StartTag, ElementWrapper]], cascade: Cascade
) -> Iterator[str]:
    """A line for each rule that stays."""

    def as_strong(rule: Rule) -> Rule:
        if rule.found_by is None:
            return rule
        found = [tag.element for tag, one in elements if rule.found_by.test(one)]
        return cascade.strengthen(rule, found)

    for one in sheet.left:
        if isinstance(one, Rule):
            yield f"{_text_of(as_strong(one))}\n"
            continue
        rules = [as_strong(rule) for rule in one.rules]
        if rules == list(one.rules):
            yield f"{one.text.strip()}\n"
        else:
            inside = "\n".join(f"  {_text_of(rule)}" for rule in rules)
            yield f"{one.head} {{\n{inside}\n}}\n"


def _text_of(rule: Rule) -> str:
    return f"{rule.selector} {{ {'; '.join(_plainly(one) for one in rule.declarations)} }}"


def _plainly(one: Written) -> str:
    return one.text if one.name else one.value
