"""What a form for segments offers: the fields of the house, and the tags leads bear."""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.segment_fields import SegmentFields
from inboxcrm.services.segment_house import house_fields, refuse_strangers
from inboxcrm.store.desk import Desk
from inboxcrm.store.tags import known_tags

_MOST_TAGS = 200


@dataclass(frozen=True, slots=True)
class SegmentChoices:
    """`tags` to suggest, by name; not all of them in a house with very many."""

    fields: SegmentFields
    tags: tuple[str, ...] = ()


def segment_choices(desk: Desk, viewer: Viewer) -> SegmentChoices:
    """Three small reads. Raises ForbiddenError."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        tags = tuple(one.name for one in known_tags(tx, limit=_MOST_TAGS))
        return SegmentChoices(house_fields(tx, desk, viewer), tags)
