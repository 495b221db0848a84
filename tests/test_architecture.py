"""The house keeps its own rules: who may call whom, how long files are, which words are used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "inboxcrm"
LONGEST = 400
LONGEST_TEST = 600

EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}

# One word a thing; the word in front is the one we do not use.
OTHER_WORDS = {
    "contact": "lead",
    "deal": "lead",
    "sequence": "cadence",
    "campaign": "cadence",
    "blocklist": "suppression",
    "blacklist": "suppression",
    "enrolment": "enrollment",
}
# Words of other people's that look like ours: an address form sends "contact" mail, Python has sequences.
ALLOWED_NAMES = {"Sequence", "contact_form"}


def python_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*.py") if "__pycache__" not in file.parts)


def shown(file: Path) -> str:
    return str(file.relative_to(ROOT))


def test_rooms_import_only_from_rooms_below_them():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("folder", "longest"),
    [(PACKAGE, LONGEST), (ROOT / "tests", LONGEST_TEST), (ROOT / "bench", LONGEST_TEST)],
    ids=lambda value: value.name if isinstance(value, Path) else str(value),
)
def test_no_file_is_longer_than_one_can_read(folder, longest):
    lengths = {
        shown(file): len(file.read_text("utf-8").splitlines()) for file in python_files(folder)
    }
    assert {name: length for name, length in lengths.items() if length > longest} == {}


def test_templates_styles_and_scripts_are_readable_too():
    found = [
        file
        for folder in (ROOT / "templates", PACKAGE / "web" / "static")
        for pattern in ("*.html", "*.css", "*.js")
        for file in folder.rglob(pattern)
    ]
    assert found
    lengths = {shown(file): len(file.read_text("utf-8").splitlines()) for file in found}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_module_has_an_empty_name():
    named = [
        shown(file)
        for folder in (PACKAGE, ROOT / "tests")
        for file in python_files(folder)
        if EMPTY_WORDS & set(re.split(r"[_/.]", shown(file)))
    ]
    assert named == []


def test_every_module_says_what_it_decides():
    silent = [
        shown(file)
        for file in python_files(PACKAGE)
        if file.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(file.read_bytes()))
    ]
    assert silent == []


def public_names(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def words_of(name: str) -> set[str]:
    parts = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+", name)
    words = {part.lower() for part in parts}
    return words | {word.removesuffix("s") for word in words}


def test_public_names_use_one_word_a_thing():
    found = {
        f"{shown(file)}: {name} (we say {OTHER_WORDS[word]})"
        for file in python_files(PACKAGE)
        for name in public_names(file)
        if not name.startswith("_") and name not in ALLOWED_NAMES
        for word in words_of(name) & OTHER_WORDS.keys()
    }
    assert found == set()


def test_a_forbidden_word_would_be_found():
    assert words_of("SalesCampaigns") & OTHER_WORDS.keys() == {"campaign"}
    assert words_of("create_contact") & OTHER_WORDS.keys() == {"contact"}


def test_only_one_file_reads_the_clock():
    reading = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|time_ns)\(")
    found = [
        shown(file)
        for file in python_files(PACKAGE)
        if any(
            reading.search(line) and not line.lstrip().startswith("#")
            for line in file.read_text("utf-8").splitlines()
        )
    ]
    assert found == ["inboxcrm/worker/clock.py"]


def comments_of(file: Path) -> Iterator[str]:
    with file.open("rb") as lines:
        for token in tokenize.tokenize(lines.readline):
            if token.type == tokenize.COMMENT:
                yield token.string


def test_a_silenced_rule_has_its_reason_beside_it():
    silenced = re.compile(
        r"#\s*(noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?|type: ignore(\[[^\]]*\])?)\s*$"
    )
    bare = re.compile(r"#\s*(noqa|type: ignore)\s*$")
    found = [
        f"{shown(file)}: {comment}"
        for file in python_files(PACKAGE)
        for comment in comments_of(file)
        if silenced.search(comment) and bare.search(comment)
    ]
    assert found == []
