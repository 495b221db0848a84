"""Many leads changed at once, first step: which leads, what is to be changed of them, and a look at what that does.

    1. choose   the leads, each with the version that was seen, become rows      a crash: nothing, or a choice
    2. want     what is to be changed is written beside them                     a crash: the same
    3. look     what would happen now, lead by lead; changes nothing
    4. services/bulk_running.py changes them, and takes it back

Whoever chose them is the only one who sees it. A choice that leads to nothing is forgotten after a day.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import FieldsError, NotFoundError, RefusedError, UsageError
from inboxcrm.leads.pipeline import StagePlace
from inboxcrm.leads.stage_asks import place_in
from inboxcrm.services.bulk_shapes import (
    CLOSE,
    CUSTOM,
    OWNER,
    SOURCE,
    STAGE,
    TAG,
    UNTAG,
    BulkLook,
    BulkView,
    Wanted,
    WhyNot,
)
from inboxcrm.services.lead_changes import now_ms, one_line, refuse_strangers
from inboxcrm.services.lead_fields import held_fields, read_fields
from inboxcrm.services.lead_marks import LONGEST_TAG, MOST_TAGS
from inboxcrm.services.pipeline_filter import narrowing
from inboxcrm.services.stage_moves import lacking
from inboxcrm.store import bulk_edits as rows
from inboxcrm.store.bulk_edits import BulkRow, ChosenLead
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.import_leads import leads_to_change
from inboxcrm.store.import_marks import tags_held
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.tags import tag_by_key, tag_key

SEALED_AS = "bulk"
MOST = 20_000
"""Leads of one change."""
MOST_TICKED = 500
GONE = "was removed or merged since"
CHANGED_SINCE = "was changed by somebody since it was chosen"
_PAGE = 2_000
_KEPT_CHOICE = timedelta(days=1)
_KEPT = timedelta(days=90)
_SHOWN_REASONS = 20
_SHOWN_NAMES = 5

Judging = Callable[[LeadRow], str | None]
"""What stands against changing a lead: None nothing, empty that it is so already, else why not."""


# --- choosing -------------------------------------------------------------------------


def choose_ticked(
    desk: Desk, viewer: Viewer, picks: Sequence[str], *, pipeline: str, back: str
) -> str:
    """`picks` are like "<lead>.<version>", as a sheet shows them; `back` is the page they stand on. Returns the id of
    the choice. Raises UsageError.
    """
    chosen = dict(_pick(desk, one) for one in picks)
    if not chosen:
        raise UsageError("Nobody is ticked.", remedy="Tick one lead or more, then change them.")
    if len(chosen) > MOST_TICKED:
        raise UsageError(
            f"{len(chosen)} ticks are too many.", remedy="Change all that match instead."
        )
    return _choose(
        desk,
        viewer,
        {"pipeline": pipeline, "back": back},
        lambda tx, number: rows.choose_leads(tx, number, sorted(chosen.items())),
    )


def choose_matching(
    desk: Desk, viewer: Viewer, *, pipeline: str, filter_text: str, conditions: str, back: str
) -> str:
    """All leads of a pipeline that a filter finds now, at most MOST. Raises SegmentError, NotFoundError, UsageError."""
    refuse_strangers(viewer)
    narrowed = narrowing(desk, viewer, filter_text, conditions).condition
    key = pipeline or desk.pipelines.default.key
    return _choose(
        desk,
        viewer,
        {"pipeline": pipeline, "back": back, "all": True},
        lambda tx, number: rows.choose_matching(tx, number, key, narrowed, limit=MOST),
    )


def _choose(
    desk: Desk, viewer: Viewer, asked: Mapping[str, Any], put: Callable[[Tx, int], int]
) -> str:
    refuse_strangers(viewer)
    now = desk.clock.now()
    with desk.database.write() as tx:
        rows.forget_bulks(
            tx, chosen_before=to_ms(now - _KEPT_CHOICE), made_before=to_ms(now - _KEPT)
        )
        number = rows.insert_bulk(
            tx,
            {
                "account_id": viewer.account_id,
                "made_at": now_ms(desk),
                "asked": json.dumps(asked, ensure_ascii=False),
            },
        )
        if not put(tx, number):
            raise UsageError("No lead is like that.", remedy="Ask for others, then change them.")
    return desk.ids.seal(SEALED_AS, number)


def _pick(desk: Desk, pick: str) -> tuple[int, int]:
    lead_id, _, version = pick.partition(".")
    number = desk.ids.open("lead", lead_id)
    if number is None or not (version.isascii() and version.isdigit() and len(version) < 10):
        raise UsageError("One of the ticked leads is unknown.", remedy="Reload the page.")
    return number, int(version)


# --- what is wanted ---------------------------------------------------------------------


def want(desk: Desk, viewer: Viewer, bulk_id: str, wanted: Wanted) -> None:
    """Raises FieldsError, its problem named as `wanted.what` ("what" where that is unknown); NotFoundError, and
    RefusedError where it was begun already.
    """
    with desk.database.write() as tx:
        row = own_bulk(tx, desk, viewer, bulk_id, locked=True)
        if row.state != "chosen":
            raise RefusedError(
                "This change was begun already.", remedy="Choose the leads again for another one."
            )
        words = _checked(tx, desk, viewer, row, wanted)
        given = {"value": wanted.value, "reason": wanted.reason, "words": words}
        rows.set_bulk(
            tx, row.bulk_id, what=wanted.what, given=json.dumps(given, ensure_ascii=False)
        )


def _checked(tx: Tx, desk: Desk, viewer: Viewer, row: BulkRow, wanted: Wanted) -> str:
    """In words what is changed to what. What is wrong with a value is so for every lead, and said once."""
    what, value = wanted.what, wanted.value
    if what == STAGE:
        place = _place(desk, row, value)
        if not place.is_known:
            raise FieldsError({STAGE: "Choose a stage."})
        return f"stage: {place.stage.label}"
    if what in {TAG, UNTAG}:
        said = one_line(value, what, "The tag", longest=LONGEST_TAG)
        if not said:
            raise FieldsError({what: "Write the tag's name."})
        if what == UNTAG and tag_by_key(tx, tag_key(said)) is None:
            raise FieldsError({UNTAG: f'No lead was ever tagged "{said}".'})
        return f"{'tag' if what == TAG else 'tag off'}: {said}"
    if what not in {OWNER, CLOSE, SOURCE} and not what.startswith(CUSTOM):
        raise FieldsError({"what": "Choose what to change."})
    some = rows.chosen_leads(tx, row.bulk_id, limit=_PAGE)
    held = leads_to_change(tx, [one.lead_id for one in some], locked=False)
    if not held:
        raise FieldsError({what: "None of these leads is there any more."})
    read, problems = read_fields(
        tx, desk, viewer, next(iter(held.values())), changes_of(what, value)
    )
    if problems:
        said, cure = next(iter(problems.values()))
        raise FieldsError({what: f"{said} {cure}".strip()})
    return ", ".join(read.words.values())


def changes_of(what: str, value: str) -> dict[str, Any]:
    """As `edit_lead` takes them."""
    if what.startswith(CUSTOM):
        return {"custom": {what.removeprefix(CUSTOM): value}}
    return {what: value}


# --- looking ----------------------------------------------------------------------------


def bulk_view(desk: Desk, viewer: Viewer, bulk_id: str) -> BulkView:
    """How it stands, with the look where nothing is changed yet. Raises NotFoundError."""
    with desk.database.read() as tx:
        row = own_bulk(tx, desk, viewer, bulk_id)
        asked, given = json.loads(row.asked), json.loads(row.given)
        wanted = Wanted(row.what, given["value"], given["reason"]) if row.what else None
        look = None
        if wanted is not None and row.state == "chosen":
            look = _look(tx, desk, viewer, row, wanted)
        outcome = "kept" if row.state in {"undoing", "undone"} else "refused"
        return BulkView(
            bulk_id,
            row.state,
            row.leads,
            asked["back"],
            asked["pipeline"],
            bool(asked.get("all")) and row.leads >= MOST,
            wanted,
            given.get("words", ""),
            look,
            rows.outcome_counts(tx, row.bulk_id),
            _refused(tx, desk, row.bulk_id, outcome),
        )


def unfinished(desk: Desk, viewer: Viewer) -> str:
    """The id of a change that was begun and stopped half way; empty where there is none. One statement."""
    with desk.database.read() as tx:
        found = rows.unfinished_bulk(tx, viewer.account_id)
    return "" if found is None else desk.ids.seal(SEALED_AS, found)


def _look(tx: Tx, desk: Desk, viewer: Viewer, row: BulkRow, wanted: Wanted) -> BulkLook:
    counts: Counter[str] = Counter()
    some: dict[str, list[tuple[str | None, str]]] = defaultdict(list)
    changes = same = 0
    for page in _pages(tx, row.bulk_id):
        held = leads_to_change(tx, [one.lead_id for one in page], locked=False)
        judge = _judging(tx, desk, viewer, row, wanted, held)
        for one in page:
            why = why_not(one, held.get(one.lead_id), judge, is_tag=wanted.what in {TAG, UNTAG})
            if why is None:
                changes += 1
            elif not why:
                same += 1
            else:
                counts[why] += 1
                if len(some[why]) < _SHOWN_NAMES:
                    some[why].append(_named(desk, one.lead_id, held.get(one.lead_id)))
    refused = tuple(WhyNot(why, many, tuple(some[why])) for why, many in counts.most_common())
    return BulkLook(changes, same, refused)


def _pages(tx: Tx, bulk_id: int) -> Iterator[list[ChosenLead]]:
    behind = 0
    while page := rows.chosen_leads(tx, bulk_id, behind=behind, limit=_PAGE):
        yield page
        behind = page[-1].lead_id


def why_not(one: ChosenLead, found: LeadRow | None, judge: Judging, *, is_tag: bool) -> str | None:
    """What stands against changing this lead, as Judging says it."""
    if found is None or found.is_withdrawn or found.merged_into is not None:
        return GONE
    # Tags are no field that two people edit beside each other.
    if found.version != one.version and not is_tag:
        return CHANGED_SINCE
    return judge(found)


def _judging(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    row: BulkRow,
    wanted: Wanted,
    held: Mapping[int, LeadRow],
) -> Judging:
    """For the leads of one page."""
    if wanted.what == STAGE:
        place = _place(desk, row, wanted.value)
        target = (place.pipeline.key, place.stage.key)

        def judge_stage(lead: LeadRow) -> str | None:
            if (lead.pipeline, lead.stage) == target:
                return ""
            return lacking(desk, place, held_fields(lead), wanted.reason) or None

        return judge_stage
    if wanted.what in {TAG, UNTAG}:
        named = tag_by_key(tx, tag_key(wanted.value))
        pairs = tags_held(tx, held)
        having = {lead_id for lead_id, tag_id in pairs if named and tag_id == named.tag_id}
        many = Counter(lead_id for lead_id, _ in pairs)

        def judge_tag(lead: LeadRow) -> str | None:
            if (lead.lead_id in having) is (wanted.what == TAG):
                return ""
            is_full = wanted.what == TAG and many[lead.lead_id] >= MOST_TAGS
            return f"has {MOST_TAGS} tags already" if is_full else None

        return judge_tag
    changes = changes_of(wanted.what, wanted.value)
    first = next(iter(held.values()), None)
    if first is None:
        return lambda _lead: None
    read, problems = read_fields(tx, desk, viewer, first, changes)
    if problems:
        said = " ".join(next(iter(problems.values())))
        return lambda _lead: said
    return lambda lead: None if read.moved_from(held_fields(lead)) else ""


def _refused(tx: Tx, desk: Desk, number: int, outcome: str) -> tuple[WhyNot, ...]:
    """After it was done: the reasons that were met, the first with the leads they hold for."""
    some: dict[str, list[tuple[str | None, str]]] = defaultdict(list)
    for one in rows.refusals(tx, number, outcome, limit=100):
        if len(some[one.reason]) < _SHOWN_NAMES:
            name = one.name or "a lead that is gone"
            some[one.reason].append((desk.ids.seal("lead", one.lead_id), name))
    return tuple(
        WhyNot(reason, many, tuple(some[reason]))
        for reason, many in rows.refusal_counts(tx, number, outcome, limit=_SHOWN_REASONS)
    )


def _named(desk: Desk, lead_id: int, found: LeadRow | None) -> tuple[str | None, str]:
    if found is None:
        return None, "a lead that is gone"
    return desk.ids.seal("lead", lead_id), found.name


# --- whose it is --------------------------------------------------------------------------


def own_bulk(tx: Tx, desk: Desk, viewer: Viewer, bulk_id: str, *, locked: bool = False) -> BulkRow:
    """Raises NotFoundError, also for somebody else's."""
    refuse_strangers(viewer)
    number = desk.ids.open(SEALED_AS, bulk_id)
    found = None if number is None else rows.bulk_by_id(tx, number, locked=locked)
    is_own = found is not None and found.account_id == viewer.account_id
    if found is None or not is_own or found.state == rows.FORGOTTEN:
        raise NotFoundError(
            "There is no such change of many leads.",
            remedy="Choices are forgotten after a day; choose the leads again.",
        )
    return found


def _place(desk: Desk, row: BulkRow, written: str) -> StagePlace:
    """A stage of the pipeline they were chosen in, or of another one, as `move_stage` reads it."""
    pipeline, stage = place_in(written)
    return desk.pipelines.place(
        pipeline or json.loads(row.asked)["pipeline"] or desk.pipelines.default.key, stage
    )
