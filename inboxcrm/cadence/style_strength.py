"""Which declaration is stronger (CSS Cascading and Inheritance, section 6), before and after styles were inlined.

A style attribute is stronger than any style sheet. So what stays in a sheet and was stronger than what now stands in
an attribute is made `!important`; and where that would overrule too much, because a rule that is now in the attribute
of one element was stronger still, that one says its own twice, the second time `!important` (Outlook knows only the
first).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from inboxcrm.cadence.style_rules import Rule, Written, declarations_in

Strength = tuple[bool, tuple[int, int, int], int]
"""Important, specificity, order."""

_OWN = (1 << 30, 0, 0)


@dataclass(frozen=True, slots=True)
class Said:
    """A declaration for one element."""

    written: Written
    strength: Strength


@dataclass(slots=True)
class Cascade:
    """By element: `inlined` what goes into its attribute, `own` what it says itself, `raised` what of the style sheets
    is made important for it. The weakest first.
    """

    inlined: dict[Element, list[Said]] = field(default_factory=dict)
    own: dict[Element, list[Said]] = field(default_factory=dict)
    raised: dict[Element, list[Said]] = field(default_factory=dict)

    def inline(self, rule: Rule, elements: Iterable[Element]) -> None:
        said = _said(rule)
        for element in elements:
            self.inlined.setdefault(element, []).extend(said)

    def settle(self, elements: Iterable[Element]) -> None:
        """After the last of them was inlined."""
        for one in self.inlined.values():
            one.sort(key=lambda said: said.strength)
        for element in elements:
            said = declarations_in(element.get("style", ""))
            if said:
                self.own[element] = [Said(one, (one.is_important, _OWN, 0)) for one in said]

    def strengthen(self, rule: Rule, found: Sequence[Element]) -> Rule:
        """A rule that stays, with what has to be important so that it holds over attributes as it did over rules."""
        declarations = []
        for one in _said(rule):
            raises = not one.strength[0] and any(self._beats(one, element) for element in found)
            declarations.append(replace(one.written, is_important=True) if raises else one.written)
            for element in found if raises else ():
                self.raised.setdefault(element, []).append(one)
        return replace(rule, declarations=tuple(declarations))

    def attribute(self, element: Element) -> tuple[list[str], list[str]]:
        """Declarations to stand before what the element says itself, and behind it."""
        raised = self.raised.get(element, [])
        before = []
        for one in _without_beaten(self.inlined.get(element, [])):
            before.append(one.written.text)
            if _insists(one, raised):
                before.append(replace(one.written, is_important=True).text)
        behind = [
            replace(one.written, is_important=True).text
            for one in self.own.get(element, [])
            if _insists(one, raised)
        ]
        return before, behind

    def _beats(self, one: Said, element: Element) -> bool:
        """Whether it was stronger than the strongest of those in the attribute that speak of the same."""
        every = (*self.inlined.get(element, ()), *self.own.get(element, ()))
        same = [other.strength for other in every if _same(one, other)]
        return bool(same) and max(same) < one.strength


def _said(rule: Rule) -> list[Said]:
    assert rule.found_by is not None
    return [
        Said(one, (one.is_important, rule.found_by.specificity, rule.order))
        for one in rule.declarations
    ]


def _insists(one: Said, raised: Sequence[Said]) -> bool:
    same = [other.strength for other in raised if _same(one, other)]
    return bool(same) and not one.strength[0] and max(same) < one.strength


def _same(one: Said, other: Said) -> bool:
    """Whether both say something of one property: margin and margin-top do."""
    first, second = f"{one.written.name}-", f"{other.written.name}-"
    return first.startswith(second) or second.startswith(first)


def _without_beaten(said: Sequence[Said]) -> list[Said]:
    """Without those that a stronger rule says anew; in one rule both stay, for programs that know only the first."""
    last = {one.written.name: one.strength for one in said}
    return [one for one in said if one.strength == last[one.written.name]]
