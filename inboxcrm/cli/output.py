"""What commands print: for programs one JSON document, for people facts and sentences (tables: `tables`).

Text from mail goes to the terminal without control characters: a subject line must not move the cursor.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

# A pipe has no width; this is wide enough for every column of ours.
_WIDTH_WITHOUT_TERMINAL = 160
# What JSON may hold and a terminal would obey: one-byte commands, marks that turn or hide text, half letters.
_COMMANDS = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")

json_option: Callable[[Command], Command] = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
)


def tell(message: str, remedy: str = "") -> None:
    """What happened and what to do next, on standard error."""
    click.echo(safe_lines(message), err=True)
    if remedy:
        click.echo(safe_lines(remedy), err=True)


def say(text: str) -> None:
    """Sentences for people on standard output; names in them may come from mail."""
    click.echo(safe_lines(text))


def print_json(document: object) -> None:
    """`document` is made of lists, maps, text, numbers, times; times leave as ISO 8601 with Z."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=_plain)
    click.echo(without_commands(text))


def without_commands(text: str) -> str:
    """JSON that says the same and commands no terminal."""
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_facts(facts: Mapping[str, object]) -> None:
    """One fact a line, aligned; empty ones are left out."""
    shown = {name: safe(value) for name, value in facts.items() if value not in (None, "", (), [])}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        click.echo(f"{name:<{width}}  {value}")


def terminal_width() -> int:
    return shutil.get_terminal_size((_WIDTH_WITHOUT_TERMINAL, 24)).columns


def safe(value: object) -> str:
    """One line of text that cannot command a terminal."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    return _obedient(re.sub(r"\s+", " ", str(value)))


def safe_lines(text: str) -> str:
    """Text of several lines, its indentation kept."""
    return "\n".join(_obedient(line.expandtabs(4)) for line in text.splitlines())


def _obedient(line: str) -> str:
    return "".join(
        letter for letter in line if unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
