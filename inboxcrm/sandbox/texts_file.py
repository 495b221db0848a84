"""Reads the text files of the practice mailbox, each once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def read_texts(name: str) -> dict[str, Any]:
    """The content of texts/<name>.toml; nobody changes it."""
    file = resources.files("inboxcrm.sandbox") / "texts" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
