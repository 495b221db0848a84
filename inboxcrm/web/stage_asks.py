"""A move as a form asks for it, and the form that asks for what the stage still wants.

Fields that are filled in for a move bear `asked.` before their name, so that they stand beside the fields by which a
page finds back to its place. A form that has no field for the reason has asked nobody for it.
"""

from __future__ import annotations

from typing import Any

from flask import request

from inboxcrm.errors import ConflictError, InboxcrmError
from inboxcrm.services.leads import Done, NeedsMoreError, move_stage
from inboxcrm.views.stage_asks import AskedMove, asked_move
from inboxcrm.web.changes import said, version_of_form
from inboxcrm.web.room import Desk, this_room

ASKED = "asked."
_CUSTOM = "custom."
LONGEST_PLACE = 130
_LONGEST = 20_000
_LONGEST_REASON = 2_000


def moved(desk: Desk, lead_id: str, stage: str) -> Done:
    """Makes the move with all that came along. Raises what `move_stage` raises."""
    reason = request.form.get("reason")
    return move_stage(
        desk,
        this_room().viewer,
        lead_id,
        stage,
        version=version_of_form(),
        reason=None if reason is None else reason[:_LONGEST_REASON],
        fields=_fields(),
    )


def typed() -> dict[str, str]:
    """What was filled in for the move so far, by the names the fields have themselves."""
    found = {
        name.removeprefix(ASKED): value[:_LONGEST]
        for name, value in request.form.items()
        if name.startswith(ASKED)
    }
    if "reason" in request.form:
        found["reason"] = request.form["reason"][:_LONGEST_REASON]
    return found


def _fields() -> dict[str, Any]:
    given = typed()
    given.pop("reason", None)
    custom = {
        name.removeprefix(_CUSTOM): given.pop(name) for name in list(given) if name[:7] == _CUSTOM
    }
    return {**given, **({"custom": custom} if custom else {})}


def asked_after(error: InboxcrmError, lead_id: str, stage: str) -> AskedMove | None:
    """The form that makes the move after all: with the fields that are missing, or once more on the lead as it stands
    now. None where no form would help.
    """
    if isinstance(error, NeedsMoreError):
        return _form(lead_id, stage, error.problems, "")
    if isinstance(error, ConflictError):
        again = _form(lead_id, stage, {}, said(error))
        return again if again.is_possible else None
    return None


def _form(lead_id: str, stage: str, problems: dict[str, str], message: str) -> AskedMove:
    """Asks for what is missing, and shows again what was filled in."""
    room = this_room()
    given = typed()
    known = {*_ASKABLE, *(f"{_CUSTOM}{one.key}" for one in room.desk.lead_fields)}
    names = [one for one in dict.fromkeys((*problems, *given)) if one in problems or given.get(one)]
    return asked_move(
        room.desk,
        room.viewer,
        lead_id,
        stage,
        [one for one in names if one in known],
        given=given,
        problems=problems,
        message=message,
    )


_ASKABLE = frozenset(
    {"organization", "phone", "source", "value", "currency", "close", "owner", "reason"}
)
