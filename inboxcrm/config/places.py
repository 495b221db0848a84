"""pydantic's findings as sentences: where in the file, what is wrong, what was probably meant."""

from __future__ import annotations

import difflib
import re
from typing import Any

from pydantic import BaseModel, ValidationError

from inboxcrm.config.sections import Settings
from inboxcrm.errors import Problem

Path = tuple[str | int, ...]
Finding = tuple[Path, str]
"""A place in the file and what is wrong there."""

_TABLE = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\"' -]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")

# What a value should have been, in the reader's words; anything else keeps pydantic's sentence.
_EXPECTED = {
    "string_type": 'should be text in quotes, as in "sales"',
    "int_type": "should be a whole number without quotes",
    "float_type": "should be a number without quotes",
    "bool_type": "should be true or false, without quotes",
    "bool_parsing": "should be true or false, without quotes",
    "tuple_type": 'should be a list, as in ["one", "two"]',
    "date_type": "should be a date, as in 2026-01-31",
    "date_parsing": "should be a date, as in 2026-01-31",
    "date_from_datetime_parsing": "should be a date, as in 2026-01-31",
    "date_from_datetime_inexact": "should be a date without a time, as in 2026-01-31",
    "path_type": "should be a file name in quotes",
    "missing": "is missing",
}
_WITH_LIMITS = {
    "greater_than_equal": "should be at least {ge:g}",
    "less_than_equal": "should be at most {le:g}",
    "string_too_short": "should not be empty",
    "string_too_long": "should have at most {max_length} characters",
    "string_pattern_mismatch": "should hold only lower-case letters, digits, - and _",
}
_SHOWN_LENGTH = 60


class TomlPlaces:
    """On which line each key stands. It reads lines, not TOML: it only serves messages."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        table: Path = ()
        counts: dict[Path, int] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if found := _TABLE.match(line):
                table = self._open_table(found[2], counts, is_array=found[1] == "[[")
                self._lines.setdefault(table, number)
            elif found := _KEY.match(line):
                self._lines.setdefault((*table, found[1].strip("\"'")), number)

    @staticmethod
    def _open_table(dotted: str, counts: dict[Path, int], *, is_array: bool) -> Path:
        path: Path = ()
        names = [name.strip().strip("\"'") for name in dotted.split(".")]
        for position, name in enumerate(names):
            path = (*path, name)
            is_last = position == len(names) - 1
            if is_last and is_array:
                counts[path] = counts.get(path, -1) + 1
            if path in counts:
                path = (*path, counts[path])
        return path

    def line(self, path: Path) -> int | None:
        """The line of that key, or of the nearest table around it."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return None

    def shown(self, path: Path) -> str:
        """`mailbox[0].provider (line 12)`."""
        name = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in path
        ).lstrip(".")
        line = self.line(path)
        return f"{name} (line {line})" if line else name


def findings_of(error: ValidationError) -> list[Finding]:
    return [(item["loc"], _sentence(dict(item))) for item in error.errors()]


def as_problems(findings: list[Finding], places: TomlPlaces) -> list[Problem]:
    """In the order of the file; what has no line (the environment) comes first."""
    ordered = sorted(findings, key=lambda finding: places.line(finding[0]) or 0)
    return list(dict.fromkeys(Problem(places.shown(path), text) for path, text in ordered))


def _sentence(item: dict[str, Any]) -> str:
    kind = item["type"]
    if kind == "extra_forbidden":
        return "no such key" + _nearest(str(item["loc"][-1]), _keys_at(item["loc"][:-1]))
    if kind == "literal_error":
        return _wrong_choice(item)
    if kind in ("model_type", "model_attributes_type"):
        return f"should be a table: write it as [{item['loc'][0]}]"
    if kind == "missing":
        return _EXPECTED[kind]
    if kind == "tuple_type" and _is_table_list(item["loc"]):
        return f"should be a list of tables: write it as [[{'.'.join(map(str, item['loc']))}]]"
    if kind == "value_error":
        return str(item["msg"]).removeprefix("Value error, ")
    told = _EXPECTED.get(kind) or _WITH_LIMITS.get(kind, "{msg}").format(
        **item.get("ctx", {}), **item
    )
    return f"{told}, not {_shown(item['input'])}"


def _wrong_choice(item: dict[str, Any]) -> str:
    valid = re.findall(r"'([^']*)'", item["ctx"]["expected"])
    given = item["input"]
    choices = ", ".join(f'"{one}"' for one in valid)
    near = _nearest(given, valid) if isinstance(given, str) else ""
    return f"{_shown(given)} is not one of {choices}{near}"


def _nearest(given: str, valid: list[str]) -> str:
    near = difflib.get_close_matches(given.lower(), valid, n=1, cutoff=0.6)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f" (known: {', '.join(valid)})" if valid else ""


def _shown(value: object) -> str:
    """A value as the file may have said it, cut where it would fill the screen."""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, str):
        text = f'"{value}"'
    else:
        text = str(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}..."


def _keys_at(path: Path) -> list[str]:
    """The keys a table may hold, read from the model itself so that they cannot differ."""
    model = _model_at(path)
    return [] if model is None else _public_keys(model)


def _public_keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items() if not field.exclude]


def _model_at(path: Path) -> type[BaseModel] | None:
    model: type[BaseModel] = Settings
    for step in path:
        if isinstance(step, int):
            continue
        field = next((f for n, f in model.model_fields.items() if step in (n, f.alias)), None)
        inner = None if field is None else inner_model(field.annotation)
        if inner is None:
            return None
        model = inner
    return model


def inner_model(annotation: Any) -> type[BaseModel] | None:
    for one in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    return None


def _is_table_list(path: Path) -> bool:
    return bool(path) and _model_at(path) is not None
