"""View objects as plain JSON values (DESIGN 10): None is left out, times are ISO 8601 with Z,
dates ISO.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

_PLAIN = frozenset({str, int, float, bool})
_NAMES: dict[type[Any], tuple[str, ...]] = {}


def as_json(view: Any) -> Any:
    """A dict for a view object; lists, texts and numbers for what is in it."""
    kind: type[Any] = type(view)
    if kind in _PLAIN:
        return view
    names = _NAMES.get(kind)
    if names is not None:
        found = {}
        for name in names:
            value = getattr(view, name)
            if value is not None:
                # Most values are plain; a call for each would be half of the work.
                found[name] = value if type(value) in _PLAIN else as_json(value)
        return found
    if kind is tuple or kind is list:
        return [as_json(value) for value in view]
    if isinstance(view, datetime):
        return _moment(view)
    if is_dataclass(view):
        _NAMES[kind] = tuple(field.name for field in fields(view))
        return as_json(view)
    return _rarer(view)


def _rarer(view: Any) -> Any:
    if isinstance(view, Enum):
        return view.value
    if isinstance(view, date):
        return view.isoformat()
    if isinstance(view, Mapping):
        return {str(key): as_json(value) for key, value in view.items() if value is not None}
    if isinstance(view, (tuple, frozenset, set)):
        return [as_json(value) for value in view]
    raise TypeError(f"{type(view).__name__} has no form in JSON")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
