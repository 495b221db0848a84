"""What an activity remembers, with keys in place of numbers and back.

Numbers of what no export holds (mail, conversations, batches, cadences) are left out: taking such a deed back then does
nothing about them. Lists of them stay as empty lists, for undo looks for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

Look = Callable[[str, Any], Any]
"""(table of the export, number or key) to the other of the two; None for what is not there."""

_ONE = {"undoes": "activities", "task_id": "tasks", "tag_id": "tags"}
_MANY = {"address_ids": "addresses", "rules": "verdicts", "replaced": "verdicts"}
_FIELDS = {"owner_id": "accounts", "organization_id": "organizations"}
_EMPTIED = ("conversations", "made", "changed")
_LEFT_OUT = ("batch", "cadence_id", "enrollments", "message_id", "message_ids")
_PIN_ON_DEED = "activity"


def data_with(kind: str, text: str, look: Look) -> str:
    """`text` is the JSON of an activity of that kind. Raises ValueError where it is no JSON object."""
    data = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004
    found: dict[str, Any] = {}
    for name, value in data.items():
        if name in _LEFT_OUT:
            continue
        if name in _EMPTIED:
            found[name] = []
        elif name in _ONE:
            found[name] = _found(look, _ONE[name], value)
        elif name in _MANY:
            found[name] = _all(look, _MANY[name], value)
        elif name == "changes" and isinstance(value, list):
            found[name] = [_change(look, one) for one in value]
        elif kind == "pin" and name in {"from", "to"}:
            found[name] = _pin(look, value)
        else:
            found[name] = value
    return written(found)


def written(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    # Half a letter can be said in JSON and in no database.
    return (
        json.dumps(data, sort_keys=True)
        if any("\ud800" <= one <= "\udfff" for one in text)
        else text
    )


def _found(look: Look, table: str, value: Any) -> Any:
    if value is None or value == "" or isinstance(value, (dict, list, bool, float)):
        return None
    return look(table, value)


def _all(look: Look, table: str, value: Any) -> list[Any]:
    held = value if isinstance(value, list) else []
    return [found for one in held if (found := _found(look, table, one)) is not None]


def _change(look: Look, one: Any) -> Any:
    table = _FIELDS.get(str(one.get("field"))) if isinstance(one, dict) else None
    if table is None:
        return one
    return {
        **one,
        **{end: _found(look, table, one[end]) for end in ("from", "to") if end in one},
    }


def _pin(look: Look, value: Any) -> Any:
    if isinstance(value, list) and len(value) == 2 and value[0] == _PIN_ON_DEED:
        found = _found(look, "activities", value[1])
        return [_PIN_ON_DEED, found] if found is not None else None
    return None
