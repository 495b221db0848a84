"""Several changes of one lead as one: a command that is refused halfway must leave nothing behind.

Fields and stage together are one move, which one token takes back. What a stage asks for is asked at a terminal; a
script is told which options are missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.leads.stage_asks import CUSTOM
from inboxcrm.services.leads import Done, NeedsMoreError, add_note, edit_lead, move_stage
from inboxcrm.store.desk import Desk
from inboxcrm.store.joined import JoinedDatabase
from inboxcrm.views.leads import lead_page

FIELDS = ("name", "organization", "phone", "source", "value", "currency", "close", "owner")


def edit_whole(
    desk: Desk, viewer: Viewer, lead_id: str, *, version: int | None, given: Mapping[str, Any]
) -> Done:
    """`given` are the options of `leads edit`. The undo token takes back the last of several changes."""
    changes = {name: given[name] for name in FIELDS if given[name] is not None}
    if changes.get("owner") == "nobody":
        changes["owner"] = ""
    if given["custom"]:
        changes["custom"] = dict(_pair(one) for one in given["custom"])
    stage = _stage(desk, given)
    if not (changes or stage or given["note"]):
        raise UsageError("Nothing to change was named.", remedy="See inboxcrm leads edit --help.")
    with desk.database.write() as tx:
        inside = replace(desk, database=JoinedDatabase(desk.database, tx))
        seen = version or lead_page(inside, viewer, lead_id).lead.version
        done: list[Done] = []
        if stage:
            done.append(
                move_stage(
                    inside,
                    viewer,
                    lead_id,
                    stage,
                    version=seen,
                    reason=given["reason"],
                    fields=changes,
                )
            )
        elif changes:
            done.append(edit_lead(inside, viewer, lead_id, version=seen, changes=changes))
        if given["note"]:
            done.append(add_note(inside, viewer, lead_id, given["note"]))
    return replace(done[-1], text="; ".join(one.text for one in done))


def edit_asking(
    desk: Desk,
    viewer: Viewer,
    lead_id: str,
    *,
    version: int | None,
    given: Mapping[str, Any],
    is_asked: bool,
) -> Done:
    """The same; where a stage asks for more, a person at a terminal (`is_asked`) is asked for exactly that.

    Raises UsageError that names the options where nobody can be asked.
    """
    wanted = dict(given)
    while True:
        try:
            return edit_whole(desk, viewer, lead_id, version=version, given=wanted)
        except NeedsMoreError as error:
            if not is_asked:
                options = ", ".join(_option(name) for name in error.names)
                raise UsageError(error.message, remedy=f"Give it as {options}.") from None
            click.echo(error.message, err=True)
            for name in error.names:
                _ask(wanted, name, desk)


def _ask(wanted: dict[str, Any], name: str, desk: Desk) -> None:
    """An empty answer leaves the command, as Ctrl-C does."""
    labels = {f"{CUSTOM}{one.key}": one.label for one in desk.lead_fields}
    label = labels.get(name, name.capitalize())
    said = click.prompt(label, default="", show_default=False, err=True).strip()
    if not said:
        raise click.Abort
    if name in labels:
        wanted["custom"] = (*wanted["custom"], f"{name.removeprefix(CUSTOM)}={said}")
    else:
        wanted[name] = said


def _option(name: str) -> str:
    return f'--field "{name.removeprefix(CUSTOM)}=…"' if name.startswith(CUSTOM) else f"--{name}"


def _stage(desk: Desk, given: Mapping[str, Any]) -> str:
    """With the pipeline named apart: its first stage where none is named."""
    if not given["pipeline"]:
        return str(given["stage"] or "")
    pipeline = desk.pipelines.pipeline(given["pipeline"])
    if pipeline is None:
        known = ", ".join(one.key for one in desk.pipelines.pipelines)
        raise NotFoundError(
            f'There is no pipeline "{given["pipeline"][:60]}".', remedy=f"Choose one of {known}."
        )
    return f"{pipeline.key}/{given['stage'] or pipeline.first.key}"


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f'"{text}" is not KEY=VALUE.', remedy='As in --field "budget=approved".')
    return name.strip(), value
