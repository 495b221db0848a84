"""Templates: checked whole, compiled once, rendered for one person at a time by a pure function.

A variable is required unless the template gives a fallback, which covers blank and missing values alike; where it only
stands in a condition it may be blank. Required means: where it would have been written, the mail is not made, and the
names are told. So "Hi ," and "Dear None" cannot happen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from inboxcrm.cadence.allowed import Checked, check_part, is_fallback
from inboxcrm.cadence.filters import FILTERS
from inboxcrm.cadence.html_places import check_places, names_in_tags
from inboxcrm.cadence.mail_headers import subject_octets
from inboxcrm.cadence.plain_text import text_of
from inboxcrm.cadence.problems import TemplateProblem, TemplateProblemsError, problem_in
from inboxcrm.cadence.values import Signed, blank, cleaned
from inboxcrm.cadence.variables import FIXED, Variable, Variables, did_you_mean

LARGEST_OUTPUT_BYTES = 256 * 1024
LONGEST_SUBJECT_OCTETS = 998
"""RFC 5322 section 2.1.1 gives a line so many; a subject that needs more is no subject."""

_NOT_IN_A_SUBJECT = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_REMEMBERED = 64


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A version ready to be rendered any number of times. `names` are the variables it looks at, in order of name."""

    subject: Template
    text: Template | None
    html: Template | None
    names: tuple[str, ...]
    asked: frozenset[str]
    defaulted: frozenset[str]
    fallbacks: Mapping[str, str]
    variables: Variables
    in_tags: frozenset[str] = frozenset()
    """Those that stand in an attribute of a tag."""

    @property
    def _used(self) -> tuple[Variable, ...]:
        return tuple(self.variables[name] for name in self.names)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Lines by LF. `html` is empty for a mail of plain text."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Why this person gets no mail: the variables that are blank for them, and a sentence that says it."""

    names: tuple[str, ...]
    text: str


def _environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=autoescape,
        # Nothing is worked out while compiling: 9**9**9 would never end there.
        optimized=False,
        # A condition on a line of its own leaves no empty line behind.
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.clear()
    made.tests.clear()
    made.filters.clear()
    made.filters.update(FILTERS)
    return made


_PLAIN = _environment(autoescape=False)
_HTML = _environment(autoescape=True)


def compile_template(
    subject: str,
    text: str,
    html: str,
    fallbacks: Mapping[str, str],
    *,
    variables: Variables = FIXED,
) -> Compiled:
    """Raises TemplateProblemsError with all problems. The same parts are compiled once."""
    known = tuple(variables.values())
    return _compiled(subject, text, html, tuple(sorted(fallbacks.items())), known)


def problems_of(
    subject: str,
    text: str,
    html: str,
    fallbacks: Mapping[str, str],
    *,
    variables: Variables = FIXED,
) -> list[TemplateProblem]:
    """The same problems as a list; empty where the template can be compiled."""
    return _check(subject, text, html, fallbacks, variables)[1]


def render(compiled: Compiled, values: Mapping[str, str | None]) -> Rendered | Missing:
    """The mail of one person, or why there is none. Values may be anything; what is no variable is passed over."""
    unmet: list[str] = []
    filled = {}
    for variable in compiled._used:  # noqa: SLF001 - a part of this module
        name = variable.name
        value = values.get(name)
        filled[name] = (
            (cleaned(variable, value) if value else "")
            or compiled.fallbacks.get(name)
            or blank(name, [] if variable.may_be_blank else unmet)
        )
    subject = _one_line(_written(compiled.subject, filled))
    text = _written(compiled.text, filled) if compiled.text else ""
    if "signature" in compiled.in_tags:
        filled["signature"] = _without_markup(filled["signature"])
    html = _written(compiled.html, filled) if compiled.html else ""
    if unmet:
        names = tuple(dict.fromkeys(unmet))
        return Missing(names, _missing_words(names, values))
    if html and not compiled.text:
        text = text_of(html)
    return _refused(subject, text, html, filled) or Rendered(subject, text, html)


def blanks(compiled: Compiled, values: Mapping[str, str | None]) -> tuple[str, ...]:
    """The variables it names that have no value for this person, in order of name."""
    used = compiled._used  # noqa: SLF001 - a part of this module
    return tuple(one.name for one in used if not cleaned(one, values.get(one.name) or ""))


def has_words_for(compiled: Compiled, name: str) -> bool:
    """Whether the template says what stands where this variable is blank, at least in one place."""
    return name in compiled.fallbacks or name in compiled.defaulted


def _written(template: Template, filled: Mapping[str, str]) -> str:
    return "".join(template.root_render_func(template.new_context(dict(filled))))


def _without_markup(value: str) -> str:
    """For an attribute: there a signature is its text."""
    return str.__str__(value) if isinstance(value, Signed) else value


def _one_line(subject: str) -> str:
    if not (subject.isascii() and subject.isprintable()):
        subject = _NOT_IN_A_SUBJECT.sub(" ", subject)
    return " ".join(subject.split())


def _missing_words(names: tuple[str, ...], values: Mapping[str, str | None]) -> str:
    """Like "first_name is blank, organization is too long or unfit"."""
    said = [
        f"{name} is {'too long or unfit' if (values.get(name) or '').strip() else 'blank'}"
        for name in names
    ]
    return f"{', '.join(said)}, and the template has no fallback."


def _refused(subject: str, text: str, html: str, filled: Mapping[str, str]) -> Missing | None:
    """The last look at what is about to be sent; None where nothing is wrong with it."""
    if not subject:
        return Missing((), "The subject would be empty.")
    if len(subject) * 4 > LONGEST_SUBJECT_OCTETS:
        octets = subject_octets(subject)
        if octets > LONGEST_SUBJECT_OCTETS:
            text = f"The subject would be {octets:,} octets long; {LONGEST_SUBJECT_OCTETS} are allowed."
            return Missing((), text)
    if not (text.strip() or html):
        return Missing((), "The mail would be empty.")
    for part in (subject, text, html):
        if len(part) * 4 > LARGEST_OUTPUT_BYTES and len(part.encode()) > LARGEST_OUTPUT_BYTES:
            text = f"The mail would be larger than {LARGEST_OUTPUT_BYTES // 1024} KB."
            return Missing((), text)
        # The check of the tree leaves no way to this; braces that a value holds are a value.
        if ("{{" in part or "{%" in part) and not any("{" in value for value in filled.values()):
            return Missing((), "A tag of the template was left in the mail.")
    return None


@lru_cache(maxsize=_REMEMBERED)
def _compiled(
    subject: str,
    text: str,
    html: str,
    fallbacks: tuple[tuple[str, str], ...],
    variables: tuple[Variable, ...],
) -> Compiled:
    known = {one.name: one for one in variables}
    checked, problems = _check(subject, text, html, dict(fallbacks), known)
    if problems:
        raise TemplateProblemsError(problems)
    parts = {
        part: (_HTML if part == "html" else _PLAIN).from_string(found.tree)
        for part, found in checked.items()
        if found.tree is not None
    }
    return Compiled(
        parts["subject"],
        parts.get("text"),
        parts.get("html"),
        tuple(sorted(set().union(*(found.names for found in checked.values())))),
        frozenset().union(*(found.asked for found in checked.values())),
        frozenset().union(*(found.defaulted for found in checked.values())),
        dict(fallbacks),
        known,
        names_in_tags(html) if "html" in parts else frozenset(),
    )


def _check(
    subject: str, text: str, html: str, fallbacks: Mapping[str, str], variables: Variables
) -> tuple[dict[str, Checked], list[TemplateProblem]]:
    checked = {"subject": check_part("subject", subject, _PLAIN, variables)}
    if text.strip():
        checked["text"] = check_part("text", text, _PLAIN, variables)
    if html.strip():
        checked["html"] = check_part("html", html, _HTML, variables)
    problems = [problem for found in checked.values() for problem in found.problems]
    if not subject.strip():
        problems.append(problem_in("subject", 0, 0, "The mail has no subject."))
    if len(checked) == 1:
        problems.append(problem_in("text", 0, 0, "The mail has neither text nor HTML."))
    if "html" in checked:
        problems += check_places(html, variables)
    for name, words in fallbacks.items():
        if name not in variables:
            near = did_you_mean(name, variables)
            problems.append(
                problem_in("fallback", 0, 0, f"There is no variable {name[:60]}{near or '.'}")
            )
        elif not is_fallback(words):
            said = f"The fallback of {name} has to be words, at most 500 characters, that are not blank."
            problems.append(problem_in("fallback", 0, 0, said))
    return checked, problems
