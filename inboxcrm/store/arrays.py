"""A list as PostgreSQL reads an array written in one text: `{1,2,NULL}`, `{"a","b"}`.

The driver looks at every element of a list by itself, which takes longer than the statement; this looks at the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_BETWEEN = "\0"
"""No text of ours may hold it, and no PostgreSQL text can."""


def array_text(values: Sequence[Any]) -> str:
    """Integers and flags, or texts; None among either. ValueError: a text holds a zero byte."""
    first = next((value for value in values if value is not None), None)
    if not isinstance(first, str):
        return f"{{{','.join(['NULL' if value is None else str(value) for value in values])}}}"
    if None in values:
        return (
            f"{{{','.join(['NULL' if value is None else _quoted([value]) for value in values])}}}"
        )
    return f"{{{_quoted(values)}}}"


def _quoted(texts: Sequence[str]) -> str:
    together = _BETWEEN.join(texts)
    if together.count(_BETWEEN) != len(texts) - 1:
        raise ValueError("A text with a zero byte cannot be stored.")
    escaped = together.replace("\\", "\\\\").replace('"', '\\"')
    between = escaped.replace(_BETWEEN, '","')
    return f'"{between}"'
