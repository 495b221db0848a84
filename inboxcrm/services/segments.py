"""Segments: saved, frozen, looked at, and handed to whoever enrolls their leads.

A live segment is asked anew each time; a frozen one holds the leads it found when it was frozen. A segment belongs to
the house: everybody with an account sees all leads, as in the list of leads. What is saved is the tree; a segment whose
tree names what the house no longer has (a stage, a field, an account) is refused, not widened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError
from inboxcrm.leads.segment_fields import SegmentFields, nearest
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.leads.segment_left_out import REASONS, LeftOut, Reach, reasons_left_out
from inboxcrm.leads.segment_reading import tree_from_json
from inboxcrm.leads.segment_text import parse_segment, segment_as_text
from inboxcrm.leads.segment_words import in_words
from inboxcrm.leads.segments import FieldType, Node, SegmentError, leaves, tree_as_json
from inboxcrm.services.adding_rules import (
    MOST_WARNINGS,
    Adding,
    Asked,
    adding_of,
    warnings_about,
)
from inboxcrm.services.lead_changes import now_ms, one_line, wrong
from inboxcrm.services.segment_house import house_fields, house_ground, refuse_strangers
from inboxcrm.services.segment_shapes import (
    LeftOutCount,
    Member,
    SegmentLine,
    SegmentSample,
    SegmentView,
)
from inboxcrm.store import segments as rows
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_lists import LeadLine, leads_by_id
from inboxcrm.store.segment_members import MemberRow, member_rows, members_by_id
from inboxcrm.store.segment_sql import Condition, compile_segment, frozen
from inboxcrm.store.segments import FROZEN, LIVE, SegmentRow
from inboxcrm.store.tags import known_tags, tag_by_key

SAMPLES = 20
_AT_ONCE = 5_000
_TAGS = 2_000
_LONGEST_NAME = 80
_WORKER = Viewer(0)
_Held = dict[int, Asked]
"""Lead -> what the rules of a cadence on adding say against it."""
_OPERATORS = frozenset(' ><="')


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be counted: the condition, and how to speak of it."""

    condition: Condition
    node: Node
    row: SegmentRow | None = None


# --- changing ---------------------------------------------------------------------


def save_segment(
    desk: Desk, viewer: Viewer, *, name: str, text: str, kind: str = LIVE
) -> SegmentLine:
    """Under that name, whatever stood there; `text` in words or as JSON. Raises SegmentError, UsageError."""
    refuse_strangers(viewer)
    said = one_line(name, "name", "The name", longest=_LONGEST_NAME)
    key = folded_name(said)
    if not key:
        raise wrong("name", "The segment has no name.", "Write a word or two.")
    if kind not in {LIVE, FROZEN}:
        raise wrong("kind", f'A segment is live or frozen, not "{kind[:40]}".', "Choose one.")
    with desk.database.write() as tx:
        fields = house_fields(tx, desk, viewer)
        node = _read(text, fields)
        if _reads_as_filter(said, fields):
            raise wrong("name", f'"{said}" reads as a filter.', "Choose a name that does not.")
        segment_id = rows.put_segment(
            tx,
            key,
            {
                "name": said,
                "kind": kind,
                "text": segment_as_text(node),
                "tree": tree_as_json(node),
                "account_id": viewer.account_id,
                "made_at": now_ms(desk),
            },
        )
        count = None
        if kind == FROZEN:
            condition = _compiled(tx, desk, viewer, node)
            count = rows.freeze_leads(tx, segment_id, condition)
        saved = rows.segment_by_id(tx, segment_id)
        assert saved is not None
        return _line(desk, saved, fields, count=count)


def remove_segment(desk: Desk, viewer: Viewer, name: str) -> SegmentLine:
    """Out of every list; who was enrolled by it stays enrolled. Raises NotFoundError."""
    refuse_strangers(viewer)
    with desk.database.write() as tx:
        found = _named(tx, name)
        rows.set_removed(tx, found.segment_id, at=now_ms(desk))
        return _line(desk, found, house_fields(tx, desk, viewer))


def freeze(desk: Desk, viewer: Viewer, name: str) -> SegmentLine:
    """From now on it holds the leads it finds now; one that is frozen stays as it is. Raises NotFoundError."""
    refuse_strangers(viewer)
    with desk.database.write() as tx:
        found = _named(tx, name)
        fields = house_fields(tx, desk, viewer)
        if found.kind == FROZEN:
            count = rows.count_segment(tx, frozen(found.segment_id))
            return _line(desk, found, fields, count=count)
        condition = _compiled(tx, desk, viewer, tree_from_json(found.tree, fields))
        count = rows.freeze_leads(tx, found.segment_id, condition)
        rows.set_frozen(tx, found.segment_id)
        return _line(desk, found._replace(kind=FROZEN), fields, count=count)


# --- reading ----------------------------------------------------------------------


def segments(desk: Desk, viewer: Viewer, *, with_counts: bool = False) -> tuple[SegmentLine, ...]:
    """By name. Counting asks the database once for each."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        fields = house_fields(tx, desk, viewer)
        found = []
        for row in rows.all_segments(tx):
            line = _line(desk, row, fields)
            count = None
            if with_counts and not line.problem:
                condition = _condition(tx, desk, viewer, row, fields)
                count = rows.count_segment(tx, condition)
            found.append(_line(desk, row, fields, count=count))
        return tuple(found)


def count_leads(desk: Desk, viewer: Viewer, name_or_text: str) -> int:
    """How many leads are in it, whether or not they can be written to."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        asked = _asked(tx, desk, viewer, name_or_text)
        return rows.count_segment(tx, asked.condition)


def look_at(desk: Desk, viewer: Viewer, name_or_text: str, *, cadence_id: int = 0) -> SegmentView:
    """A saved segment by its name, or one that is only written down: how many, twenty of them, who is left out.

    Asked for a cadence, being active in that very cadence leaves nobody out, as when it is started again.
    Raises SegmentError, and NotFoundError for what is neither.
    """
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        asked = _asked(tx, desk, viewer, name_or_text)
        fields = house_fields(tx, desk, viewer)
        count, gravest = 0, Counter[LeftOut]()
        adding = adding_of(tx, desk, viewer, cadence_id)
        held: _Held = {}
        warned: list[int] = []
        for page in _every_page(tx, asked.condition, cadence_id=cadence_id):
            count += len(page)
            told = _asked_of_page(tx, adding, page)
            for row in page:
                reasons = _reasons(row, told)
                gravest.update(reasons[:1])
                if row.lead_id in told and (reasons or told[row.lead_id].warning is not None):
                    held[row.lead_id] = told[row.lead_id]
                    if not reasons:
                        warned.append(row.lead_id)
        ids = rows.sample(tx, asked.condition, limit=SAMPLES)
        lines, members_ = leads_by_id(tx, ids), members_by_id(tx, ids, cadence_id=cadence_id)
        samples = tuple(_sample(desk, lines[one], members_[one], held) for one in ids)
        shown = {one: held[one] for one in warned[:MOST_WARNINGS]}
        warnings = warnings_about(tx, adding, shown) if adding is not None else []
        notes = _notes(tx, asked.node)
    row_ = asked.row
    return SegmentView(
        name=row_.name if row_ else "",
        kind=row_.kind if row_ else LIVE,
        text=segment_as_text(asked.node),
        words=in_words(asked.node, fields),
        count=count,
        reachable=count - gravest.total(),
        samples=samples,
        left_out=tuple(
            LeftOutCount(one.value, REASONS[one], gravest[one]) for one in REASONS if gravest[one]
        ),
        notes=notes,
        warnings=tuple(warnings),
        id=desk.ids.seal("segment", row_.segment_id) if row_ else None,
    )


def members(
    desk: Desk,
    tx: Tx,
    segment: int | Node | Condition,
    after: int = 0,
    limit: int = 500,
    *,
    viewer: Viewer = _WORKER,
    cadence_id: int = 0,
) -> list[Member]:
    """A page of its leads by id, those behind lead `after`, all of them with what stands against sending to them.

    `segment` is a row's number, a tree, or what `segment_meant` made of either, which is the choice for several pages:
    its clock stands. `viewer` is the person who enrolls (what counts as hot depends on the mail they read), else the
    worker itself. Being active in the cadence `cadence_id` itself is no reason here; its rules on adding are asked too.

    Raises NotFoundError, SegmentError.
    """
    if isinstance(segment, Condition):
        condition = segment
    elif isinstance(segment, int):
        row = rows.segment_by_id(tx, segment)
        if row is None:
            raise _no_such("", [])
        condition = _condition(tx, desk, viewer, row, house_fields(tx, desk, viewer))
    else:
        condition = _compiled(tx, desk, viewer, segment)
    found = member_rows(tx, condition, after=after, limit=limit, cadence_id=cadence_id)
    held = _asked_of_page(tx, adding_of(tx, desk, viewer, cadence_id), found)
    return [
        Member(one.lead_id, one.address_id, one.shown or "", _reasons(one, held)) for one in found
    ]


def segment_meant(tx: Tx, desk: Desk, viewer: Viewer, name_or_text: str) -> Condition:
    """What `members` is given for page after page: of a saved segment, or of one that is only written down.

    Raises SegmentError, and NotFoundError for what is neither.
    """
    return _asked(tx, desk, viewer, name_or_text).condition


def _every_page(tx: Tx, condition: Condition, *, cadence_id: int) -> Iterator[list[MemberRow]]:
    after = 0
    while True:
        page = member_rows(tx, condition, after=after, limit=_AT_ONCE, cadence_id=cadence_id)
        yield page
        if len(page) < _AT_ONCE:
            return
        after = page[-1].lead_id


def _asked_of_page(tx: Tx, adding: Adding | None, page: list[MemberRow]) -> _Held:
    """What the rules of the cadence say of these leads; without one, nothing."""
    return {} if adding is None else adding.asked(tx, [one.lead_id for one in page])


def _reasons(row: MemberRow, held: _Held) -> tuple[LeftOut, ...]:
    return reasons_left_out(
        Reach(
            row.key or "",
            row.is_suppressed,
            row.is_domain_suppressed,
            row.is_active_elsewhere,
            held[row.lead_id].against if row.lead_id in held else frozenset(),
        )
    )


def _sample(desk: Desk, line: LeadLine, member: MemberRow, held: _Held) -> SegmentSample:
    return SegmentSample(
        desk.ids.seal("lead", line.lead_id),
        line.name,
        member.shown or "",
        desk.pipelines.place(line.pipeline, line.stage).stage.label,
        line.organization or None,
        tuple(REASONS[one] for one in _reasons(member, held)),
    )


def _notes(tx: Tx, node: Node) -> tuple[str, ...]:
    """Tags nobody ever used: they are no mistake, but may be a slip."""
    asked = dict.fromkeys(
        value for leaf in leaves(node) if leaf.type is FieldType.TAG for value in leaf.values
    )
    unknown = [one for one in asked if tag_by_key(tx, folded_name(one)) is None]
    known = [one.name for one in known_tags(tx, limit=_TAGS)] if unknown else []
    found = []
    for one in unknown:
        like = nearest(one, known)
        found.append(
            f'No lead was ever tagged "{one}".' + (f' Did you mean "{like}"?' if like else "")
        )
    return tuple(found)


# --- what is asked ------------------------------------------------------------------


def _asked(tx: Tx, desk: Desk, viewer: Viewer, name_or_text: str) -> _Asked:
    row = rows.segment_by_key(tx, folded_name(name_or_text))
    fields = house_fields(tx, desk, viewer)
    if row is not None:
        return _Asked(
            _condition(tx, desk, viewer, row, fields), tree_from_json(row.tree, fields), row
        )
    try:
        node = _read(name_or_text, fields)
    except SegmentError:
        if _OPERATORS & set(name_or_text.strip()) or not name_or_text.strip():
            raise
        raise _no_such(name_or_text, [one.name for one in rows.all_segments(tx)]) from None
    return _Asked(_compiled(tx, desk, viewer, node), node)


def _read(text: str, fields: SegmentFields) -> Node:
    return tree_from_json(text, fields) if text.lstrip()[:1] == "{" else parse_segment(text, fields)


def _reads_as_filter(name: str, fields: SegmentFields) -> bool:
    try:
        _read(name, fields)
    except SegmentError:
        return False
    return True


def _condition(
    tx: Tx, desk: Desk, viewer: Viewer, row: SegmentRow, fields: SegmentFields
) -> Condition:
    """Of a saved segment. The tree is read anew, so that what is no longer known is noticed."""
    if row.kind == FROZEN:
        return frozen(row.segment_id)
    return _compiled(tx, desk, viewer, tree_from_json(row.tree, fields))


def _compiled(tx: Tx, desk: Desk, viewer: Viewer, node: Node) -> Condition:
    return compile_segment(node, house_ground(tx, desk, viewer, node))


def _named(tx: Tx, name: str) -> SegmentRow:
    found = rows.segment_by_key(tx, folded_name(name))
    if found is None:
        raise _no_such(name, [one.name for one in rows.all_segments(tx)])
    return found


def _no_such(name: str, known: list[str]) -> NotFoundError:
    like = nearest(name, known)
    remedy = f'Did you mean "{like}"?' if like else "See `inboxcrm segment list`."
    said = f' called "{name.strip()[:60]}"' if name.strip() else ""
    return NotFoundError(f"There is no segment{said}.", remedy=remedy)


def _line(
    desk: Desk, row: SegmentRow, fields: SegmentFields, *, count: int | None = None
) -> SegmentLine:
    words, problem = "", ""
    try:
        words = in_words(tree_from_json(row.tree, fields), fields)
    except SegmentError as error:
        problem = "; ".join(one.text for one in error.problems)
    return SegmentLine(
        desk.ids.seal("segment", row.segment_id),
        row.name,
        row.kind,
        row.text,
        words,
        from_ms(row.made_at),
        row.account,
        count,
        problem,
    )
