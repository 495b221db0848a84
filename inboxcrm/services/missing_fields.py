"""Who in a segment lacks what a template names: the matrix of missing fields, over everybody who would get the mail.

Each mail is rendered as it would be sent, so that the count of those who get none is the true one. People are read some
thousand at a time, in a fixed number of queries for each such page; only those who are shown are kept in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.lead_values import Sender
from inboxcrm.cadence.templates import Compiled, Missing, blanks, has_words_for, render
from inboxcrm.errors import UsageError
from inboxcrm.services.cadences import cadence_named
from inboxcrm.services.rendering import compiled, sender_of, values_for
from inboxcrm.services.segments import members, segment_meant
from inboxcrm.services.template_trying import sender_for
from inboxcrm.services.templates import template_named
from inboxcrm.store import mailboxes
from inboxcrm.store import templates as rows
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.templates import TemplateVersion

SHOWN = 50
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class FieldGap:
    """`missing` people get no mail for want of it; for `fell_back` the template has words that stand there.

    `has_words`: the template says somewhere what stands where it is blank; the others are required.
    """

    name: str
    sentence: str
    has_words: bool
    missing: int
    fell_back: int


@dataclass(frozen=True, slots=True)
class PersonGap:
    """`problem` says why this person gets no mail; empty where they get one with words of the template in it."""

    lead_id: str
    name: str
    address: str
    missing: tuple[str, ...]
    fell_back: tuple[str, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class MissingFields:
    """`people` can be written to: `whole` of them lack nothing, `refused` would get no mail. `left_out` stand in the
    segment and are not written to whatever the template says. `rows` are those with a gap; `next` is the cursor of the
    page behind them.
    """

    template: str
    number: int
    segment: str
    people: int
    whole: int
    refused: int
    left_out: int
    fields: tuple[FieldGap, ...]
    rows: tuple[PersonGap, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class GapFilter:
    """`variable`: only those who lack it; `only_refused`: only those who would get no mail; `after`: a cursor."""

    variable: str = ""
    only_refused: bool = False
    after: str = ""
    limit: int = SHOWN


_EVERYBODY = GapFilter()


def missing_fields(
    desk: Desk, viewer: Viewer, *, template: str, segment: str, wanted: GapFilter = _EVERYBODY
) -> MissingFields:
    """Of the newest version, signed as this person signs. `segment` is a saved one's name or a filter as text.

    Raises NotFoundError, SegmentError, UsageError for a variable the template does not name, TemplateProblemsError.
    """
    with desk.database.read() as tx:
        version = template_named(tx, template)
        return _matrix(tx, desk, viewer, version, segment, sender_for(tx, viewer), wanted)


def missing_in_cadence(
    desk: Desk, viewer: Viewer, name: str, *, wanted: GapFilter = _EVERYBODY
) -> tuple[MissingFields, ...]:
    """One for each mail step of it, over its segment as it is now. Raises as `missing_fields`."""
    view = cadence_named(desk, viewer, name)
    with desk.database.read() as tx:
        box = mailboxes.mailbox_by_id(tx, view.row.mailbox_id)
        assert box is not None, "a cadence's mailbox stays"
        sender = sender_of(tx, box, from_address=view.row.from_address)
        ids = [one.template_version_id for one in view.steps if one.template_version_id is not None]
        found = [rows.version_by_id(tx, one) for one in ids]
        return tuple(
            _matrix(tx, desk, viewer, one, view.row.segment, sender, wanted, view.row.id)
            for one in found
            if one is not None
        )


def _matrix(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    version: TemplateVersion,
    segment: str,
    sender: Sender,
    wanted: GapFilter,
    cadence_id: int = 0,
) -> MissingFields:
    ready = compiled(desk, version)
    if wanted.variable and wanted.variable not in ready.names:
        raise UsageError(
            f'The template does not name "{wanted.variable[:60]}".',
            remedy=f"It names {', '.join(ready.names) or 'no variable'}.",
        )
    people = _People(tx, desk, viewer, segment, sender, cadence_id)
    missing, fell_back = Counter[str](), Counter[str]()
    start = desk.ids.open("lead", wanted.after) or 0 if wanted.after else 0
    shown: list[tuple[int, dict[str, str], _Gap]] = []
    whole = refused = 0
    for lead_id, values in people:
        gap = _gap(ready, values)
        if gap is None:
            whole += 1
            continue
        refused += bool(gap.problem)
        missing.update(gap.missing)
        fell_back.update(gap.fell_back)
        if lead_id > start and len(shown) <= wanted.limit and _is_wanted(gap, wanted):
            shown.append((lead_id, values, gap))
    more = len(shown) > wanted.limit
    shown = shown[: wanted.limit]
    return MissingFields(
        version.name,
        version.number,
        segment,
        people.count,
        whole,
        refused,
        people.left_out,
        tuple(
            FieldGap(
                name,
                ready.variables[name].sentence,
                has_words_for(ready, name),
                missing[name],
                fell_back[name],
            )
            for name in ready.names
            if not ready.variables[name].may_be_blank
        ),
        tuple(
            PersonGap(
                desk.ids.seal("lead", lead_id),
                values["name"],
                values["address"],
                gap.missing,
                gap.fell_back,
                gap.problem,
            )
            for lead_id, values, gap in shown
        ),
        desk.ids.seal("lead", shown[-1][0]) if more else None,
    )


class _Gap(NamedTuple):
    """What PersonGap has, of somebody who may never be shown."""

    missing: tuple[str, ...]
    fell_back: tuple[str, ...]
    problem: str


class _People:
    """Everybody who can be written to, by lead, with what the variables stand for; counted on the way."""

    def __init__(
        self, tx: Tx, desk: Desk, viewer: Viewer, segment: str, sender: Sender, cadence_id: int
    ) -> None:
        self._tx, self._desk, self._viewer = tx, desk, viewer
        self._condition = segment_meant(tx, desk, viewer, segment)
        self._sender, self._cadence_id = sender, cadence_id
        self.count = self.left_out = 0

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        tx, desk, after, now = self._tx, self._desk, 0, self._desk.clock.now()
        while True:
            page = members(
                desk,
                tx,
                self._condition,
                after=after,
                limit=_AT_ONCE,
                viewer=self._viewer,
                cadence_id=self._cadence_id,
            )
            reached = {one.lead_id: one.address for one in page if not one.reasons_left_out}
            self.left_out += len(page) - len(reached)
            values = values_for(tx, desk, reached, sender=self._sender, at=now)
            self.count += len(values)
            for lead_id in sorted(values):
                yield lead_id, values[lead_id] | {"address": reached[lead_id]}
            if len(page) < _AT_ONCE:
                return
            after = page[-1].lead_id


def _gap(ready: Compiled, values: dict[str, str]) -> _Gap | None:
    """None where nothing is blank that the template writes."""
    made = render(ready, values)
    missing, problem = (made.names, made.text) if isinstance(made, Missing) else ((), "")
    fell_back = tuple(
        name for name in blanks(ready, values) if name not in missing and has_words_for(ready, name)
    )
    return _Gap(missing, fell_back, problem) if problem or fell_back else None


def _is_wanted(gap: _Gap, wanted: GapFilter) -> bool:
    if wanted.only_refused and not gap.problem:
        return False
    return not wanted.variable or wanted.variable in (*gap.missing, *gap.fell_back)
