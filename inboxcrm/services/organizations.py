"""Organizations as people change them: so far only what they are called."""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import ConflictError, NotFoundError
from inboxcrm.services.lead_changes import one_line, refuse_strangers, wrong
from inboxcrm.store import organizations
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_scores import note_score_due
from inboxcrm.store.made_leads import index_names


@dataclass(frozen=True, slots=True)
class Renamed:
    """`was` and `name` swapped take it back, as long as nobody renamed it since. Without `was` nothing changed."""

    name: str
    text: str
    was: str | None = None


def rename_organization(
    desk: Desk, viewer: Viewer, organization_id: str, name: str, *, was: str
) -> Renamed:
    """`was` is the name its reader saw; another one raises ConflictError and changes nothing."""
    refuse_strangers(viewer)
    said = one_line(name, "name", "The name")
    if not said:
        raise wrong("name", "An organization needs a name.", "Write one, or its web domain.")
    number = desk.ids.open("organization", organization_id)
    with desk.database.write() as tx:
        found = None if number is None else organizations.organization_by_id(tx, number)
        if found is None:
            raise NotFoundError(
                "There is no such organization.", remedy="Look for one of its people."
            )
        if found.name == said:
            return Renamed(said, "Nothing to change")
        if not organizations.rename(tx, found.organization_id, was=was, name=said):
            raise ConflictError(
                "Somebody renamed this organization since you opened it.",
                version=0,
                remedy="Look at its name as it stands now, then change it again.",
            )
        # People are found by the name of their organization too.
        people = organizations.lead_ids_of(tx, found.organization_id)
        index_names(tx, people)
        note_score_due(tx, people)
        return Renamed(said, f"Renamed to {said}", found.name)
