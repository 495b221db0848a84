"""Steps as people write them, in a file or a form, and as a file shows them: read with all that is wrong at once.

    [[step]]                        [[step]]                       [[step]]
    key = "s1"                      after = "3 business days"      after = "1 week"
    template = "hello"              template = "reminder"          call = "Ask what they think"
    version = 2                     thread = "new"

`key` says which step of before this is; a step without one is a new one. `version` is the template's; without it, the
newest. A key stays what it was: where a mail becomes a call, that is another step.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inboxcrm.cadence.steps import DelayUnit, StepKind, parse_delay
from inboxcrm.errors import Problem, UsageError

MOST_STEPS = 12
LONGEST_TITLE = 300
_FIELDS = ("key", "after", "template", "version", "thread", "task", "call")
_SAYS_WHAT = {"template": StepKind.MAIL, "task": StepKind.TASK, "call": StepKind.CALL}


@dataclass(frozen=True, slots=True)
class WantedStep:
    """`key` is empty for a new one; `version` 0 is the template's newest. `title` is of a task or a call."""

    key: str = ""
    kind: StepKind = StepKind.MAIL
    template: str = ""
    version: int = 0
    title: str = ""
    delay: int = 0
    unit: DelayUnit = DelayUnit.DAYS
    opens_thread: bool = False


class StepsError(UsageError):
    """Steps that cannot be taken, with all that is wrong and where ("step 2, after")."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"The steps have {count}.\n{lines}", remedy="Nothing was changed.")
        self.problems = tuple(problems)


def read_steps(document: object, *, kinds: Mapping[str, str]) -> tuple[WantedStep, ...]:
    """`document` is what TOML or JSON holds: a list of steps, or a map whose "step" or "steps" is one.

    `kinds` are those of all steps the cadence ever had, by key. Raises StepsError.
    """
    if isinstance(document, Mapping):
        unknown = [str(one)[:40] for one in document if one not in {"step", "steps"}]
        document = document.get("steps", document.get("step"))
        if unknown:
            raise StepsError([Problem("", f'"{unknown[0]}" is not known; steps are [[step]]')])
    if not isinstance(document, list) or not document:
        raise StepsError([Problem("", "there is no step in it; write [[step]] for each")])
    if len(document) > MOST_STEPS:
        text = f"there are {len(document)} steps, and {MOST_STEPS} are the most"
        raise StepsError([Problem("", text)])
    problems: list[Problem] = []
    found = [_read(one, f"step {at + 1}", kinds, problems) for at, one in enumerate(document)]
    keys = [one.key for one in found if one.key]
    problems += [
        Problem("", f"{twice} stands there twice; a step without a key is a new one")
        for twice in sorted({one for one in keys if keys.count(one) > 1})
    ]
    if found[0].kind is not StepKind.MAIL:
        problems.append(Problem("step 1", "a cadence begins with a mail"))
    if problems:
        raise StepsError(problems)
    return tuple(found)


def steps_as_toml(steps: Sequence[WantedStep]) -> str:
    """As `read_steps` takes it, its keys with it."""
    parts = []
    for at, one in enumerate(steps):
        lines = ["[[step]]", *([f"key = {_quoted(one.key)}"] if one.key else [])]
        if at:
            lines.append(f"after = {_quoted(delay_as_written(one.delay, one.unit))}")
        if one.kind is StepKind.MAIL:
            lines.append(f"template = {_quoted(one.template)}")
            lines += [f"version = {one.version}"] if one.version else []
            lines += ['thread = "new"'] if one.opens_thread and at else []
        else:
            lines.append(f"{one.kind.value} = {_quoted(one.title)}")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def delay_as_written(delay: int, unit: DelayUnit) -> str:
    """Like "2 business days", which `parse_delay` reads."""
    business = "business " if unit is DelayUnit.BUSINESS_DAYS else ""
    return f"{delay} {business}day{'' if delay == 1 else 's'}"


def _read(
    given: object, place: str, kinds: Mapping[str, str], problems: list[Problem]
) -> WantedStep:
    def wrong(field: str, text: str) -> None:
        problems.append(Problem(f"{place}, {field}" if field else place, text))

    if not isinstance(given, Mapping):
        wrong("", "it is no table of its own")
        return WantedStep()
    for name in given:
        if name not in _FIELDS:
            wrong("", f'"{str(name)[:40]}" is not known; there are {", ".join(_FIELDS)}')
    said = {name: _text(given.get(name)) for name in _FIELDS}
    what = [name for name in _SAYS_WHAT if said[name]]
    if len(what) != 1:
        wrong("", "say one of template, task and call")
    kind = _SAYS_WHAT[what[0]] if what else StepKind.MAIL
    delay, unit = 0, DelayUnit.DAYS
    if place != "step 1":
        try:
            delay, unit = parse_delay(said["after"])
        except ValueError as error:
            wrong("after", str(error))
    if said["thread"] not in {"", "same", "new"}:
        wrong("thread", 'it is "same" or "new"')
    key = said["key"]
    if key and key not in kinds:
        wrong("key", f'no step was ever called "{key[:20]}"; leave the key out of a new one')
    elif key and what and kinds[key] != kind.value:
        wrong("key", f"{key} is a {kinds[key]}; leave the key out for another step")
    version = given.get("version", 0)
    if isinstance(version, bool) or not isinstance(version, int) or not 0 <= version < 10**6:
        wrong("version", "it is the number of a version of the template")
        version = 0
    title = said["task"] or said["call"]
    if len(title) > LONGEST_TITLE:
        wrong(what[0], f"it is longer than {LONGEST_TITLE} characters")
    return WantedStep(
        key, kind, said["template"], version, title, delay, unit, said["thread"] == "new"
    )


def _text(given: object) -> str:
    """One line of it, without what no database keeps; other things than text are none."""
    return " ".join(given.replace("\x00", "").split()) if isinstance(given, str) else ""


def _quoted(text: str) -> str:
    """A basic string of TOML: what JSON escapes, TOML reads alike, but for DEL, which JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def plain_steps(steps: Sequence[WantedStep]) -> list[dict[str, Any]]:
    """The same for JSON."""
    found: list[dict[str, Any]] = []
    for at, one in enumerate(steps):
        held: dict[str, Any] = {"key": one.key} if one.key else {}
        if at:
            held["after"] = delay_as_written(one.delay, one.unit)
        if one.kind is StepKind.MAIL:
            held |= {"template": one.template, "version": one.version}
            held["thread"] = "new" if one.opens_thread else "same"
        else:
            held[one.kind.value] = one.title
        found.append(held)
    return found
