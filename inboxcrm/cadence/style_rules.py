"""The rules of a style sheet, told apart: those that can be written into elements, and what has to stay a style sheet.

What stays: at-rules (media queries, fonts), pseudo-classes and pseudo-elements that no style attribute can say,
selectors that find nothing here (mail programs put the names they look for), the bare `*`, and rules inside rules. What
is no rule at all is left out, as every reader of CSS does. Nothing is loaded: `@import` and `url()` are words here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import tinycss2
from cssselect2 import SelectorError, compile_selector_list
from cssselect2.compiler import CompiledSelector
from tinycss2.ast import Node

_OF_STRUCTURE = frozenset(
    {
        "first-child", "last-child", "only-child", "first-of-type", "last-of-type", "only-of-type", "nth-child",
        "nth-last-child", "nth-of-type", "nth-last-of-type",
    }
)  # fmt: skip
_OF_NAMES = frozenset({"not", "is", "where"})
_OF_THE_MOMENT = frozenset(
    {"hover", "focus", "focus-visible", "focus-within", "active", "visited", "link", "any-link", "target"}
)  # fmt: skip
"""The element is found without them."""

_STRENGTHENED = frozenset({"media", "supports"})
_ENDLESS = re.compile(r"[0-9]{1000}")


class UnreadableStyle(Exception):
    """A number in it is longer than Python reads (4,300 digits, `sys.get_int_max_str_digits`), or nearly."""


@dataclass(frozen=True, slots=True)
class Written:
    """One declaration as a style attribute writes it, without its end."""

    name: str
    value: str
    is_important: bool

    @property
    def text(self) -> str:
        return f"{self.name}: {self.value}{' !important' if self.is_important else ''}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector of a rule, with all that it declares. `order` among all rules of all style sheets; `hops` how often
    it looks for somebody anywhere above or before, which is what finding costs.

    `found_by` finds its elements, None where nothing can; `is_fixed` False: they are those only at some moments.
    `names` are the classes (.x), ids (#x) it names, "[" for any attribute, "+" for what stands beside it or its place.
    """

    selector: str
    declarations: tuple[Written, ...]
    order: int
    found_by: CompiledSelector | None
    is_fixed: bool
    names: frozenset[str]
    hops: int = 0


@dataclass(frozen=True, slots=True)
class AtRule:
    """Kept as it is written; `rules` are those inside, where they hold for the same elements."""

    text: str
    head: str
    rules: tuple[Rule, ...]
    order: int


def read_rules(sheet: str, *, order: int = 0) -> list[Rule | AtRule]:
    """In order, numbered from `order`.

    Raises UnreadableStyle, and RecursionError for brackets inside one another without end.
    """
    _need_readable(sheet)
    found: list[Rule | AtRule] = []
    for node in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        order += 1
        if node.type == "qualified-rule":
            found += _rules(node, order)
        elif node.type == "at-rule":
            inside: tuple[Rule, ...] = ()
            if node.content is not None and node.lower_at_keyword in _STRENGTHENED:
                inside = _inside(node.content, order)
            head = f"@{node.at_keyword}{tinycss2.serialize(node.prelude).rstrip()}"
            found.append(AtRule(tinycss2.serialize([node]), head, inside, order))
    return found


def declarations_in(style: str) -> tuple[Written, ...]:
    """Of a style attribute. Raises UnreadableStyle."""
    _need_readable(style)
    return _declarations(tinycss2.parse_component_value_list(style)) or ()


def _need_readable(css: str) -> None:
    if _ENDLESS.search(css):
        raise UnreadableStyle


def _inside(content: Sequence[Node], order: int) -> tuple[Rule, ...]:
    nodes = tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True)
    if any(node.type != "qualified-rule" for node in nodes):
        return ()
    return tuple(rule for node in nodes for rule in _rules(node, order))


def _rules(node: Node, order: int) -> list[Rule]:
    declarations = _declarations(node.content)
    found = []
    for prelude in _between_commas(node.prelude):
        selector = tinycss2.serialize(prelude).strip()
        names, is_fixed, bare = _looked_through(prelude)
        compiled = _compiled(bare) if declarations and bare is not None else None
        said = _as_it_is(node) if declarations is None else declarations
        hops = sum(one.type == "whitespace" or one == "~" for one in prelude)
        found.append(Rule(selector, said, order, compiled, is_fixed, names, hops))
    return found


def _declarations(content: Sequence[Node]) -> tuple[Written, ...] | None:
    """None where it holds more than declarations."""
    found = []
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if node.type == "error":
            continue
        if node.type != "declaration":
            return None
        if any(one.type in {"{} block", "error"} for one in node.value):
            return None
        words = [one for one in node.value if one.type != "comment"]
        value = tinycss2.serialize(words).strip().replace("\n", " ")
        found.append(Written(node.lower_name, value, is_important=bool(node.important)))
    return tuple(found)


def _as_it_is(node: Node) -> tuple[Written, ...]:
    """Of a rule that is not understood: one piece, that stays where it is."""
    return (Written("", tinycss2.serialize(node.content).strip(), is_important=False),)


def _between_commas(prelude: Sequence[Node]) -> list[list[Node]]:
    found: list[list[Node]] = [[]]
    for node in prelude:
        if node.type == "literal" and node.value == ",":
            found.append([])
        else:
            found[-1].append(node)
    return found


def _looked_through(prelude: Sequence[Node]) -> tuple[frozenset[str], bool, list[Node] | None]:
    """(the names in it, whether it finds the same at every moment, the selector without what depends on the moment).

    None where no style attribute can say it.
    """
    names: set[str] = set()
    bare: list[Node] = []
    is_fixed = True
    before = ""
    for node in prelude:
        word = getattr(node, "lower_value", "") or getattr(node, "lower_name", "")
        if before == ":":
            if word in _OF_THE_MOMENT:
                is_fixed = False
                bare.pop()
                before = ""
                continue
            if word in _OF_STRUCTURE:
                names.add("+")
            elif word in _OF_NAMES and node.type == "function":
                inside, fixed, rest = _looked_through(node.arguments)
                if rest is None or not fixed or any(one.type == "whitespace" for one in rest):
                    return frozenset(), False, None
                names |= inside
            else:
                return frozenset(), False, None
        elif before == ".":
            names.add(f".{getattr(node, 'value', '')}")
        elif node.type == "hash":
            names.add(f"#{node.value}")
        elif node.type == "[] block":
            if any(one == "*" for one in node.content):
                # [*|name], in any namespace: cssselect2 does not compile it
                return frozenset(), False, None
            names.add("[")
        elif node.type == "literal" and node.value in {"+", "~"}:
            names.add("+")
        before = node.value if node.type == "literal" else ""
        bare.append(node)
    is_anything = tinycss2.serialize(bare).strip() in {"", "*"}
    return frozenset(names), is_fixed, None if is_anything else bare


def _compiled(prelude: Sequence[Node]) -> CompiledSelector | None:
    try:
        [found] = compile_selector_list(list(prelude))
    except SelectorError:  # it is none, or names what is not known
        return None
    except SyntaxError:  # compiled by way of Python, which reads 200 brackets inside one another
        return None
    return None if found.never_matches or found.pseudo_element else found
