"""What a pipeline is narrowed to: a saved segment by its name, or a filter in words, as segments are written."""

from __future__ import annotations

from inboxcrm.access.viewer import Viewer
from inboxcrm.services.segments import segment_meant
from inboxcrm.store.desk import Desk
from inboxcrm.store.segment_sql import Condition


def narrowed_by(desk: Desk, viewer: Viewer, name_or_text: str) -> Condition | None:
    """None for nothing said. It looks at leads as they are today.

    Raises SegmentError, and NotFoundError for what is neither a segment nor a filter.
    """
    if not name_or_text.strip():
        return None
    with desk.database.read() as tx:
        return segment_meant(tx, desk, viewer, name_or_text)
