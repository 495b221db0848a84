"""What is written for people is true of the code: every command, key, route of setup and link."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from inboxcrm.cli.commands import inboxcrm
from inboxcrm.config import Settings
from inboxcrm.config.places import inner_model

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = (ROOT / "config.example.toml").read_text("utf-8")


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def groups(group: click.Group) -> Iterator[click.Command]:
    yield group
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from groups(command)
        else:
            yield command


COMMANDS = dict(commands(inboxcrm))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_stands_in_the_readme(path):
    assert f"`inboxcrm {path}" in README


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_has_help_and_an_example_that_names_it(path):
    command = COMMANDS[path]
    assert command.help
    assert f"Example: inboxcrm {path}" in (command.epilog or "")


def test_every_option_says_what_it_does():
    silent = [
        f"{command.name} {option.opts[0]}"
        for command in groups(inboxcrm)
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def test_the_readme_names_no_command_there_is_not():
    named = set(re.findall(r"`inboxcrm (?:--config FILE )?([a-z]+(?: [a-z]+)*)", README))
    known = set(COMMANDS) | {path.split()[0] for path in COMMANDS}
    assert {
        name for name in named if not any(f"{name} ".startswith(f"{one} ") for one in known)
    } == set()


def keys(model: type[BaseModel], path: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        if field.exclude:  # comes from the environment alone
            continue
        key = f"{path}{field.alias or name}"
        inner = inner_model(field.annotation)
        if inner is None:
            yield key
        else:
            yield from keys(inner, f"{key}.")


KEYS = sorted(keys(Settings))


@pytest.mark.parametrize("key", KEYS)
def test_every_key_stands_in_the_example_with_its_table(key):
    table, _, name = key.rpartition(".")
    blocks = re.split(r"(?m)^(?:# )?\[+", EXAMPLE)
    own = [block for block in blocks if re.match(rf"{re.escape(table)}\]", block)]
    assert own
    assert any(re.search(rf"(?m)^(# )?{name} = ", block) for block in own)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_stands_in_the_readme(key):
    assert f"`{key.rpartition('.')[2]}`" in README


def test_what_is_commented_out_in_the_example_is_valid_too(tmp_path):
    """Each choice is tried by itself: taken in, the example still is valid TOML with known keys."""
    lines = EXAMPLE.splitlines()
    choices = [n for n, line in enumerate(lines) if re.match(r"# [a-z_]+ = ", line)]
    assert len(choices) >= 5
    for number in choices:
        changed = [*lines]
        changed[number] = changed[number].removeprefix("# ")
        name = changed[number].partition(" ")[0]
        others = [
            line
            for n, line in enumerate(changed)
            if n == number or not (line.startswith(f"{name} = ") and _same_table(lines, n, number))
        ]
        tomllib.loads("\n".join(others))


def _same_table(lines: list[str], one: int, other: int) -> bool:
    def table(number: int) -> int:
        return max((n for n in range(number) if lines[n].startswith("[")), default=-1)

    return table(one) == table(other)


def markdown() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", markdown(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_lead_somewhere(page):
    text = page.read_text("utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    missing = [one for one in targets if "://" not in one and not (page.parent / one).exists()]
    assert missing == []


def test_the_readme_gives_the_two_commands_first():
    head = README[: README.index("## ", README.index("## ") + 3)]
    assert "make demo" in head
    assert "make test" in head


def test_make_targets_named_in_documents_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = set(re.findall(r"(?m)^([a-z]+):", makefile))
    named = {
        name
        for page in markdown()
        for name in re.findall(r"`make ([a-z]+)", page.read_text("utf-8"))
    }
    assert named - known == set()


def test_tests_named_in_documents_exist():
    named = [
        one
        for page in markdown()
        for one in re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", page.read_text("utf-8"))
    ]
    assert named
    for one in named:
        file, _, test = one.partition("::")
        assert (ROOT / file).is_file(), one
        assert not test or f"def {test}(" in (ROOT / file).read_text("utf-8"), one
