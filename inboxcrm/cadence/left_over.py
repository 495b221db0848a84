"""Braces that belong to no tag, and placeholders as other programs write them: they would be sent as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inboxcrm.cadence.problems import TemplateProblem, place_of, problem_in
from inboxcrm.cadence.variables import Variables, known_as

TAG = re.compile(r"\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)|\{#.*?(?:#\}|\Z)", re.DOTALL)
"""A tag of a template, also one that never ends."""

MARKS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_RAW = re.compile(r"\{%[-+]?\s*(?:raw|endraw)\b")
_STYLE = re.compile(r"<style\b.*?(?:</style|\Z)", re.DOTALL | re.IGNORECASE)
_WORDS = r"([A-Za-z][\w ]{0,40}?)"
_OTHERS = re.compile(
    rf"\{{\s*{_WORDS}\s*\}}|\[\[?\s*{_WORDS}\s*\]\]?|<<\s*{_WORDS}\s*>>|%%?([A-Za-z]\w{{1,40}})%%?"
    r"|\*\|(\w{1,40})\|\*"
)
"""{name}, ${name}, [name], [[name]], <<name>>, %name%, %%name%%, *|NAME|*."""


def left_over(part: str, source: str, variables: Variables) -> Iterator[TemplateProblem]:
    """In `source`, with lines by LF."""
    for raw in _RAW.finditer(source):
        text = "Nothing is written as it stands: braces that are sent look like a broken mail."
        yield problem_in(part, *place_of(source, raw.start()), text)
    rest = TAG.sub(_blanked, source)
    if part == "html":
        rest = _STYLE.sub(_blanked, rest)
    for mark in MARKS.finditer(rest):
        text = f"{mark[0]} opens or closes nothing and would be sent as it stands."
        yield problem_in(part, *place_of(source, mark.start()), text)
    for other in _OTHERS.finditer(rest):
        meant = known_as(next(one for one in other.groups() if one), variables)
        if meant:
            text = f"{other[0]} would be sent as it stands; write {{{{ {meant} }}}}."
            yield problem_in(part, *place_of(source, other.start()), text)


def _blanked(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])
