"""What is wrong with a template, with its place; also the warnings of lint."""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.errors import Problem, UserError


@dataclass(frozen=True, slots=True)
class TemplateProblem(Problem):
    """`part` is subject, text, html or fallback; line and column count from 1, 0 where the whole part is meant."""

    part: str = ""
    line: int = 0
    column: int = 0


class TemplateProblemsError(UserError):
    """All that is wrong with a template at once."""

    def __init__(self, problems: list[TemplateProblem]) -> None:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(
            f"The template has {count}.\n{lines}", remedy="Mend it, then save it again."
        )
        self.problems = problems


def problem_in(part: str, line: int, column: int, text: str) -> TemplateProblem:
    place = f"{part}, line {line}, column {column}" if line else part
    return TemplateProblem(place, text, part, line, column)


def place_of(source: str, at: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    return source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)
