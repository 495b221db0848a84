"""What a template may be made of: an allow-list over the parsed tree, asked before anything is compiled.

Allowed are text, variables from the table with filters from a short list, and if/elif/else that ask whether a variable
is there or equals some words. No attribute, index, call, loop, macro, inclusion, assignment, arithmetic, joining or
format: whoever writes a template can only choose words, and no template costs more than its length. Jinja's sandbox
alone would let through `"x" * 10**9`, and `9**9**9` hangs the compiler.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import Environment, TemplateSyntaxError, nodes

from inboxcrm.cadence.filters import FILTERS
from inboxcrm.cadence.left_over import MARKS, TAG, left_over
from inboxcrm.cadence.problems import TemplateProblem, place_of, problem_in
from inboxcrm.cadence.variables import Variables, did_you_mean

LARGEST_BYTES = 64 * 1024
MOST_NODES = 1_500
DEEPEST = 10
LONGEST_WORDS = 500

_NOT_IN_MAIL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_ONLY_WORDS = "A template only chooses words"
_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Getattr: f"{_ONLY_WORDS}: nothing may be asked of a variable with a dot",
    nodes.Getitem: f"{_ONLY_WORDS}: nothing may be asked of a variable with brackets",
    nodes.Slice: f"{_ONLY_WORDS}: nothing may be asked of a variable with brackets",
    nodes.Call: f"{_ONLY_WORDS}: nothing may be called",
    nodes.For: f"{_ONLY_WORDS}: there are no loops",
    nodes.Macro: f"{_ONLY_WORDS}: there are no macros",
    nodes.CallBlock: f"{_ONLY_WORDS}: there are no macros",
    nodes.Include: f"{_ONLY_WORDS}: it cannot bring in others",
    nodes.Import: f"{_ONLY_WORDS}: it cannot bring in others",
    nodes.FromImport: f"{_ONLY_WORDS}: it cannot bring in others",
    nodes.Extends: f"{_ONLY_WORDS}: it cannot build on others",
    nodes.Block: f"{_ONLY_WORDS}: there are no blocks",
    nodes.Assign: f"{_ONLY_WORDS}: it cannot set variables",
    nodes.AssignBlock: f"{_ONLY_WORDS}: it cannot set variables",
    nodes.With: f"{_ONLY_WORDS}: it cannot set variables",
    nodes.FilterBlock: "A filter stands behind a variable: {{ name|upper }}",
    nodes.Concat: "Write variables one after the other: {{ first_name }} {{ last_name }}",
    nodes.CondExpr: "Write {% if organization %} ... {% else %} ... {% endif %}",
    nodes.Test: "Write {% if organization %}, or {% if not organization %}",
    nodes.Scope: f"{_ONLY_WORDS}: how they are escaped is not theirs to say",
    nodes.ScopedEvalContextModifier: f"{_ONLY_WORDS}: how they are escaped is not theirs to say",
    nodes.Const: "Words stand outside the braces; inside stands a variable",
    nodes.BinExpr: f"{_ONLY_WORDS}: there is no arithmetic",
    nodes.UnaryExpr: f"{_ONLY_WORDS}: there is no arithmetic",
}


@dataclass(slots=True)
class Checked:
    """A parsed part: its tree (None where it cannot be read), the variables it names, and what is wrong."""

    tree: nodes.Template | None = None
    names: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    """Those that stand in a condition."""
    defaulted: set[str] = field(default_factory=set)
    """Those that have words of their own somewhere: {{ first_name|default("there") }}."""
    problems: list[TemplateProblem] = field(default_factory=list)


def check_part(part: str, source: str, environment: Environment, variables: Variables) -> Checked:
    """All problems of one part. Where there are none, `tree` may be compiled."""
    found = Checked()
    size = len(source.encode("utf-8", "replace"))
    if size > LARGEST_BYTES:
        text = f"This has {size:,} bytes; {LARGEST_BYTES:,} are allowed."
        found.problems.append(problem_in(part, 0, 0, text))
        return found
    source = re.sub(r"\r\n?", "\n", source)
    broken = _NOT_IN_MAIL.search(source)
    if broken:
        place = place_of(source, broken.start())
        found.problems.append(problem_in(part, *place, "Here is a character no mail may hold."))
        return found
    found.problems += left_over(part, source, variables)
    try:
        found.tree = environment.parse(source)
    except TemplateSyntaxError as error:
        text = _syntax(str(error.message))
        line = min(error.lineno, source.count("\n") + 1)
        found.problems.append(problem_in(part, line, _first_tag(source, line), text))
        return found
    except (RecursionError, ValueError, OverflowError, SyntaxError):
        text = "This is nested too deep, or a number in it is too long, to be read."
        found.problems.append(problem_in(part, 0, 0, text))
        return found
    if sum(1 for _ in _all_nodes(found.tree)) > MOST_NODES:
        text = f"This has more than {MOST_NODES:,} variables and conditions."
        found.problems.append(problem_in(part, 0, 0, text))
        return found
    _Walk(part, source, variables, found).template(found.tree)
    found.problems.sort(key=lambda one: (one.line, one.column))
    return found


class _Walk:
    """Through one tree, in the order of the source, so that a word's column is found by counting."""

    def __init__(self, part: str, source: str, variables: Variables, found: Checked) -> None:
        self._part = part
        # Only what stands inside tags, everything else blanked out.
        inside = [" " if letter != "\n" else letter for letter in source]
        for tag in TAG.finditer(source):
            inside[tag.start() : tag.end()] = source[tag.start() : tag.end()]
        self._lines = "".join(inside).split("\n")
        self._met: dict[tuple[int, str], int] = {}
        self._variables = variables
        self._found = found

    def template(self, tree: nodes.Template) -> None:
        for node in tree.body:
            self._statement(node, 0)

    def _statement(self, node: nodes.Node, depth: int) -> None:
        if depth > DEEPEST:
            self._wrong(node, "if", f"Conditions stand at most {DEEPEST} deep in one another.")
        elif isinstance(node, nodes.Output):
            for one in node.nodes:
                if not isinstance(one, nodes.TemplateData):
                    self._written(one)
        elif isinstance(node, nodes.If):
            self._condition(node.test)
            for inner in (*node.body, *node.else_):
                self._statement(inner, depth + 1)
            for branch in node.elif_:
                self._statement(branch, depth)
        else:
            self._refuse(node)

    def _written(self, node: nodes.Node) -> None:
        """What stands in {{ }}: a variable, with filters behind it."""
        if isinstance(node, nodes.Filter) and node.node is not None:
            self._written(node.node)
            self._filter(node)
        elif isinstance(node, nodes.Name):
            self._name(node)
        else:
            self._refuse(node)

    def _filter(self, node: nodes.Filter) -> None:
        if node.name not in FILTERS:
            known = ", ".join(FILTERS)
            self._wrong(
                node, node.name, f'There is no filter "{node.name[:60]}"; there are {known}.'
            )
            return
        words = [one.value for one in node.args if isinstance(one, nodes.Const)]
        is_plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
        if node.name != "default":
            if node.args or not is_plain:
                self._wrong(node, node.name, f"The filter {node.name} takes nothing.")
        elif not is_plain or len(node.args) != 1 or len(words) != 1 or not _is_words(words[0]):
            text = 'default takes words that are not blank: {{ first_name|default("there") }}.'
            self._wrong(node, node.name, text)
        else:
            self._found.defaulted.update(one.name for one in node.find_all(nodes.Name))

    def _condition(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Name):
            self._name(node)
            self._found.asked.add(node.name)
        elif isinstance(node, nodes.Not):
            self._condition(node.node)
        elif isinstance(node, nodes.And | nodes.Or):
            self._condition(node.left)
            self._condition(node.right)
        elif isinstance(node, nodes.Compare) and len(node.ops) == 1:
            self._compare(node.expr, node.ops[0])
        else:
            self._refuse(node)

    def _compare(self, left: nodes.Node, operand: nodes.Operand) -> None:
        right = operand.expr
        if not isinstance(left, nodes.Name):
            self._refuse(left)
            return
        self._name(left)
        self._found.asked.add(left.name)
        if operand.op in ("eq", "ne") and isinstance(right, nodes.Const):
            words: list[nodes.Expr] = [right]
        elif operand.op in ("in", "notin") and isinstance(right, nodes.Tuple | nodes.List):
            words = right.items
        else:
            text = 'A variable is compared with words: stage == "Won", or stage in ("Won", "Lost").'
            self._wrong(left, left.name, text, again=True)
            return
        if not words or not all(
            isinstance(one, nodes.Const) and _is_words(one.value) for one in words
        ):
            text = f"What {left.name[:60]} is compared with has to be words in quotes."
            self._wrong(left, left.name, text, again=True)

    def _name(self, node: nodes.Name) -> None:
        self._found.names.add(node.name)
        if node.name not in self._variables:
            near = did_you_mean(node.name, self._variables)
            self._wrong(node, node.name, f"There is no variable {node.name[:60]}{near or '.'}")
            return
        self._column(node.lineno, node.name)

    def _refuse(self, node: nodes.Node) -> None:
        reasons = (text for kind, text in _REFUSED.items() if isinstance(node, kind))
        text = next(reasons, "A template is made of text, variables and conditions; this is not")
        word = getattr(node, "name", None) or getattr(node, "attr", None) or ""
        self._wrong(node, word if isinstance(word, str) else "", f"{text}.")

    def _wrong(self, node: nodes.Node, word: str, text: str, *, again: bool = False) -> None:
        """`again`: at the word counted last, not at its next occurrence."""
        line = next((one.lineno for one in _all_nodes(node) if one.lineno), 1)
        column = self._column(line, word, again=again)
        self._found.problems.append(problem_in(self._part, line, column, text))

    def _column(self, line: int, word: str, *, again: bool = False) -> int:
        """Of the next occurrence of the word inside the tags of that line; of the first tag where it is not there."""
        inside = self._lines[line - 1] if line <= len(self._lines) else ""
        if not word:
            return len(inside) - len(inside.lstrip()) + 1
        met = self._met.get((line, word), 0)
        number = max(met - 1, 0) if again else met
        self._met[line, word] = number + 1
        for place, found in enumerate(re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", inside)):
            if place == number:
                return found.start() + 1
        return len(inside) - len(inside.lstrip()) + 1


def _is_words(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value.strip()) <= LONGEST_WORDS
        and not MARKS.search(value)
        and not _NOT_IN_MAIL.search(value)
    )


def is_fallback(value: object) -> bool:
    """Whether these words may stand for a blank variable."""
    return _is_words(value)


def _all_nodes(tree: nodes.Node) -> Iterator[nodes.Node]:
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.iter_child_nodes())


def _first_tag(source: str, line: int) -> int:
    """Column of the first brace on that line."""
    found = re.search(r"\{[{%#]", source.split("\n")[line - 1])
    return found.start() + 1 if found else 1


def _syntax(message: str) -> str:
    """Jinja's words, as a sentence."""
    said = message[:300].rstrip(".")
    return f"This cannot be read: {said[:1].lower()}{said[1:]}."
