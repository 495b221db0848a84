"""The rules by which new leads find an owner, and whose turn it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.assigning import AssignRule, take_turn
from inboxcrm.store.assignments import people_there, places_of
from inboxcrm.store.desk import Desk
from inboxcrm.views.pipeline_when import refuse_strangers


@dataclass(frozen=True, slots=True)
class AssignLine:
    """`about` says which leads, `to` whom they go to, `next` whose turn it is, `problem` who cannot be given any."""

    about: str
    to: tuple[str, ...]
    next: str = ""
    problem: str = ""


def assign_lines(desk: Desk, viewer: Viewer) -> tuple[AssignLine, ...]:
    """In the order in which they are asked. Raises ForbiddenError for who has no account."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        there = people_there(tx, {one for rule in desk.assigning for one in rule.to})
        places = places_of(tx, {rule.ring for rule in desk.assigning})
    return tuple(
        AssignLine(
            rule.about,
            rule.to,
            take_turn(rule, places.get(rule.ring, 0), there)[0],
            _problem(rule, there),
        )
        for rule in desk.assigning
    )


def _problem(rule: AssignRule, there: Collection[str]) -> str:
    missing = [one for one in rule.to if one not in there]
    return f"no open account: {', '.join(missing)}" if missing else ""
