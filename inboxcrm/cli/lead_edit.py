"""Several changes of one lead as one: a command that is refused halfway must leave nothing behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import UsageError
from inboxcrm.services.leads import Done, add_note, edit_lead, move_stage
from inboxcrm.store.desk import Desk
from inboxcrm.store.joined import JoinedDatabase
from inboxcrm.views.leads import lead_page

FIELDS = ("name", "phone", "source", "value", "currency", "close", "owner")


def edit_whole(
    desk: Desk, viewer: Viewer, lead_id: str, *, version: int | None, given: Mapping[str, Any]
) -> Done:
    """`given` are the options of `leads edit`. The undo token takes back the last of several changes."""
    changes = {name: given[name] for name in FIELDS if given[name] is not None}
    if changes.get("owner") == "nobody":
        changes["owner"] = ""
    if given["custom"]:
        changes["custom"] = dict(_pair(one) for one in given["custom"])
    if not (changes or given["stage"] or given["note"]):
        raise UsageError("Nothing to change was named.", remedy="See inboxcrm leads edit --help.")
    with desk.database.write() as tx:
        inside = replace(desk, database=JoinedDatabase(desk.database, tx))
        seen = version or lead_page(inside, viewer, lead_id).lead.version
        done: list[Done] = []
        if changes:
            done.append(edit_lead(inside, viewer, lead_id, version=seen, changes=changes))
            seen = done[-1].version
        if given["stage"]:
            done.append(
                move_stage(
                    inside, viewer, lead_id, given["stage"], version=seen, reason=given["reason"]
                )
            )
        if given["note"]:
            done.append(add_note(inside, viewer, lead_id, given["note"]))
    return replace(done[-1], text="; ".join(one.text for one in done))


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f'"{text}" is not KEY=VALUE.', remedy='As in --field "budget=approved".')
    return name.strip(), value
