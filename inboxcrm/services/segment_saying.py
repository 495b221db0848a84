"""Segments said in words, many in one go: saved ones by name, written ones by their text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.leads.segment_reading import tree_from_json
from inboxcrm.leads.segment_text import parse_segment
from inboxcrm.leads.segment_words import in_words
from inboxcrm.leads.segments import SegmentError
from inboxcrm.services.segment_house import house_fields
from inboxcrm.store import segments as rows
from inboxcrm.store.desk import Desk


@dataclass(frozen=True, slots=True)
class SegmentSaid:
    """`id` and `name` of a saved one, else empty; `problem` says why it can be asked no more."""

    words: str
    name: str = ""
    id: str = ""
    is_frozen: bool = False
    problem: str = ""


def segments_in_words(
    desk: Desk, viewer: Viewer, names_or_texts: Iterable[str]
) -> dict[str, SegmentSaid]:
    """Three statements, however many are asked for. Nobody is counted."""
    with desk.database.read() as tx:
        fields = house_fields(tx, desk, viewer)
        saved = {one.key: one for one in rows.all_segments(tx)}
    found = {}
    for asked in dict.fromkeys(names_or_texts):
        row = saved.get(folded_name(asked))
        words = problem = ""
        try:
            if row is not None or asked.lstrip()[:1] == "{":
                words = in_words(tree_from_json(row.tree if row else asked, fields), fields)
            else:
                words = in_words(parse_segment(asked, fields), fields)
        except SegmentError as error:
            problem = "; ".join(one.text for one in error.problems)
        found[asked] = SegmentSaid(
            words,
            row.name if row else "",
            desk.ids.seal("segment", row.segment_id) if row else "",
            is_frozen=row is not None and row.kind == rows.FROZEN,
            problem=problem,
        )
    return found
