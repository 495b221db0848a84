"""(i) Board and numbers of a pipeline with 100,000 leads and 1,000,000 events, now and as of a past day.

Plain SQL draws nothing, so against it stands what our page says before it is drawn: the board as its view gives it, the
figures of the numbers that the SQL finds too. Both ask the same database over the same connection, and what they find
is compared before it is measured. What a whole page takes stands in the note and has its own figure: its cost a lead,
in that pipeline against one of a tenth. Pages of sheets have only that.
"""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from datetime import time as day_time
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bench.asking import Asked, p95
from bench.databases import DIALECTS, Databases
from bench.figures import Figure, dearness_figure
from bench.full_desk import NOW_MS, Size, kept
from bench.full_pipeline import statements
from bench.pipeline_reference import plain_board, plain_numbers, plain_outlook, plain_since
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.leads.answers import FirstMail
from inboxcrm.leads.forecast import Forecast
from inboxcrm.leads.number_shapes import Asked as Period
from inboxcrm.leads.number_shapes import Numbers, Quartiles, StageSum
from inboxcrm.leads.pipeline import DEFAULT_PIPELINE, StageKind
from inboxcrm.leads.slips import Slips
from inboxcrm.leads.spans import moved
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.first_answers import OwedSum, first_mails, owed_by_owner
from inboxcrm.store.pipeline_forecast import pipeline_forecast
from inboxcrm.store.pipeline_numbers import pipeline_numbers
from inboxcrm.store.pipeline_slips import pipeline_slips
from inboxcrm.views.pipeline import board
from inboxcrm.views.pipeline_outlook import Outlook
from inboxcrm.views.pipeline_shapes import BoardView, Since
from inboxcrm.views.pipeline_when import since, when

BOARD_TARGET = 3.0
NUMBERS_TARGET = 2.0
FLAT_TARGET = 1.3
OurOutlook = tuple[Forecast, Slips, list[FirstMail], list[OwedSum]]
OWNER = Viewer(account_id=1, role=AccountRole.ADMIN)
THEN = date(2026, 2, 28)
_DAYS = 90
_KINDS = {one.key: one.kind for one in DEFAULT_PIPELINE.stages}


@dataclass(frozen=True, slots=True)
class Page:
    """`plain` is the reference for `ours`, `same` compares what both find; without them only growth is measured."""

    path: str
    as_of: date | None = None
    asks: int = 20
    ours: Callable[[Connection, Page, Asked], object] | None = None
    plain: Callable[[Connection, Page, Asked], object] | None = None
    same: Callable[[Connection, Page, Asked], None] | None = None
    target: float = 0.0

    @property
    def url(self) -> str:
        return self.path + (f"?as_of={self.as_of}" if self.as_of else "")

    def period(self, asked: Asked) -> Period:
        """What "the end of that day" and "the last 90 days" mean at this desk."""
        zone = ZoneInfo(asked.desk.working_hours.zone)
        today = from_ms(NOW_MS).astimezone(zone).date()
        last = self.as_of or today
        begins, ends = (
            to_ms(datetime.combine(last + timedelta(days=days), day_time(), zone))
            for days in (1 - _DAYS, 1)
        )
        return Period(DEFAULT_PIPELINE, ends - 1 if self.as_of else NOW_MS, begins)


def measure(
    databases: Databases, tell: Callable[[str], None], *, quick: bool, dialects=DIALECTS
) -> list[Figure]:
    leads, blocks = (2_000, 1) if quick else (100_000, 5)
    figures: list[Figure] = []
    for dialect in dialects:
        small, big = (
            Asked(kept(databases, dialect, f"pipeline_{many}", statements(many), tell), Size(many))
            for many in (leads // 10, leads)
        )
        with small, big:
            for name, page in PAGES.items():
                tell(f"{dialect}: {name} of {leads:,} leads")
                if page.same:
                    for asked in (small, big):
                        with asked.desk.database.read() as tx:
                            page.same(tx, page, asked)
                asks = 2 if quick else page.asks
                found = list(_blocks(page, small, big, blocks=blocks, asks=asks))
                figures += _figures(f"{dialect}: {name}", page, leads, found)
    return figures


@dataclass(frozen=True, slots=True)
class _Block:
    """Seconds of every ask, in turn; whole pages are asked for less often."""

    ours: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    ours_small: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    page_small: list[float] = field(default_factory=list)


def _blocks(page: Page, small: Asked, big: Asked, *, blocks: int, asks: int) -> Iterator[_Block]:
    """The first one only warms up."""
    for number in range(blocks + 1):
        block = _Block()
        gc.collect()
        for ask in range(asks if number else 1):
            if page.ours and page.plain:
                block.ours.append(_seconds(page, big, page.ours))
                block.plain.append(_seconds(page, big, page.plain))
                block.ours_small.append(_seconds(page, small, page.ours))
            if ask % 4 == 0:
                block.page.append(_page_seconds(page, big))
                block.page_small.append(_page_seconds(page, small))
        if number:
            yield block


def _seconds(page: Page, asked: Asked, work: Callable[[Connection, Page, Asked], object]) -> float:
    began = time.perf_counter()
    with asked.desk.database.read() as tx:
        work(tx, page, asked)
    return time.perf_counter() - began


def _page_seconds(page: Page, asked: Asked) -> float:
    began = time.perf_counter()
    answer = asked.client.get(page.url)
    took = time.perf_counter() - began
    assert answer.status_code == 200, (page.url, answer.status)
    return took


def _figures(name: str, page: Page, leads: int, blocks: Sequence[_Block]) -> list[Figure]:
    made = []
    if page.plain:
        mine = [p95(block.ours) * 1000 for block in blocks]
        theirs = [p95(block.plain) * 1000 for block in blocks]
        what = f"{name}, {leads:,} leads against plain SQL"
        one = dearness_figure("i", what, "ms p95", mine, theirs, page.target)
        whole = median(p95(block.page) for block in blocks) * 1000
        made.append(one.noted(f"whole page {whole:,.0f} ms"))
    for what, ofs in (
        (name, [(one.ours, one.ours_small) for one in blocks if page.plain]),
        (f"{name}, whole page", [(one.page, one.page_small) for one in blocks]),
    ):
        if ofs:
            a_lead = [median(big) / leads * 1e6 for big, _ in ofs]
            of_few = [median(small) / (leads // 10) * 1e6 for _, small in ofs]
            growth = f"{what}, {leads:,} leads against {leads // 10:,}"
            made.append(dearness_figure("i", growth, "µs a lead", a_lead, of_few, FLAT_TARGET))
    return made


# --- both find the same ---------------------------------------------------------------


def _our_board(_tx: Connection, page: Page, asked: Asked) -> BoardView:
    return board(asked.desk, OWNER, as_of=page.as_of)


def _plain_board(tx: Connection, page: Page, asked: Asked) -> Any:
    at = page.period(asked).at
    found = plain_board(tx, at=at, is_past=page.as_of is not None)
    return (*found, _plain_since(tx, page, at))


def _plain_since(tx: Connection, page: Page, at: int) -> Any:
    if page.as_of is None:
        return []
    today = from_ms(NOW_MS).date().isoformat()
    return plain_since(tx, at=at, then_on=page.as_of.isoformat(), today=today)


def _same_board(tx: Connection, page: Page, asked: Asked) -> None:
    sums, cards, changes = _plain_board(tx, page, asked)
    view = _our_board(tx, page, asked)
    wanted: dict[str, list[Any]] = {one.stage.key: [0, {}, {}, []] for one in view.columns}
    for stage, currency, leads, valued, cents, weighted in sums:
        held = wanted[stage]
        held[0] += leads
        if valued:
            held[1][currency] = int(cents)
            if _KINDS[stage] is StageKind.OPEN:
                held[2][currency] = int(weighted)
    for row in cards:
        wanted[row[1]][3].append((asked.desk.ids.seal("lead", row[0]), row[7]))
    for one in view.columns:
        found = [
            one.count,
            _cents(one.sums),
            _cents(one.weighted),
            [(card.id, card.name) for card in one.cards],
        ]
        assert found == wanted[one.stage.key], (page.url, one.stage.key)
    _same_since(view.head.since, changes)


def _cents(amounts: Sequence[Any]) -> dict[str, int]:
    return {one.currency: int(one.amount.replace(".", "")) for one in amounts}


def _same_since(told: Since | None, rows: Sequence[Any]) -> None:
    if told is None:
        return
    totals = [sum(row[place] for row in rows) for place in range(len(told.lines))]
    assert [one.count for one in told.lines] == totals, (told.lines, totals)


def _our_numbers(tx: Connection, page: Page, asked: Asked) -> tuple[Numbers, OurOutlook]:
    of = _outlook_of(page, asked)
    found = pipeline_numbers(tx, of.asked)
    since(tx, asked.desk, DEFAULT_PIPELINE, of.when, narrowed=None)
    return found, (
        pipeline_forecast(tx, of.ahead),
        pipeline_slips(tx, of.asked),
        first_mails(tx, of.asked),
        owed_by_owner(tx, of.asked, late_at=of.late_at, is_past=of.is_past),
    )


def _outlook_of(page: Page, asked: Asked) -> Outlook:
    return Outlook(asked.desk, page.period(asked), when(asked.desk, page.as_of))


def _plain_numbers(tx: Connection, page: Page, asked: Asked) -> Any:
    of = _outlook_of(page, asked)
    asked_with = {"since": of.asked.since, "at": of.asked.at, "is_past": of.is_past}
    zone, day = of.ahead.zone, of.ahead.today.isoformat()
    months = [
        (one.key, one.begins_at(zone), moved(one, 1).begins_at(zone), f"{one.first}", f"{one.last}")
        for one in of.ahead.months
    ]
    found = plain_numbers(tx, **asked_with)
    ahead = plain_outlook(tx, **asked_with, today=day, late_at=of.late_at, months=months)
    return found, ahead, _plain_since(tx, page, of.asked.at)


def _same_outlook(ours: OurOutlook, rows: dict[str, Any]) -> None:
    """Currencies of leads without a value are told apart by neither."""
    expected, slipped, firsts, waiting = ours
    found: dict[str, dict[Any, Any]] = {"then": {}, "due": {}, "came": {}}
    for name, keys in (("then", 2), ("due", 5), ("came", 3)):
        for row in rows[name]:
            key = tuple(row[:keys]) if name != "due" else (row[0], bool(row[1]), *row[2:5])
            leads, valued, cents = row[-3:]
            held = found[name].setdefault(key, [0, {}])
            held[0] += leads
            if valued:
                held[1][row[-4]] = int(cents)
    for name, sums in found.items():
        mine = {
            tuple(key): [one.leads, dict(one.amounts)]
            for key, one in getattr(expected, name).items()
        }
        assert mine == sums, name
    assert [tuple(one) for one in slipped.some] == [tuple(row) for row in rows["slips"]]
    assert dict(slipped.dated) == {row[0]: row[1] for row in rows["dated"]}
    assert [tuple(one) for one in firsts] == [tuple(row) for row in rows["firsts"]]
    assert {tuple(one) for one in waiting} == {(*row[:3], int(row[3])) for row in rows["owed"]}


def _same_numbers(tx: Connection, page: Page, asked: Asked) -> None:
    rows, ahead, _ = _plain_numbers(tx, page, asked)
    ours, outlook = _our_numbers(tx, page, asked)
    _same_outlook(outlook, ahead)
    stages: dict[str, Any] = defaultdict(lambda: [0, defaultdict(int)])
    by_source: dict[Any, Any] = defaultdict(lambda: [0, defaultdict(int)])
    by_owner: dict[Any, Any] = defaultdict(lambda: [0, defaultdict(int)])
    for stage, is_recent, owner, source, currency, leads, valued, cents in rows["sums"]:
        groups = [stages[stage]]
        if _KINDS[stage] is StageKind.OPEN or is_recent:
            groups += [by_source[source, _KINDS[stage]], by_owner[owner, _KINDS[stage]]]
        for group in groups:
            group[0] += leads
            if valued:
                group[1][currency] += int(cents)
    assert {key: _pair(one) for key, one in ours.stages.items()} == _pairs(stages)
    for mine, theirs in ((ours.by_source, by_source), (ours.by_owner, by_owner)):
        kinds = {
            (key, kind): _pair(getattr(one, kind.value))
            for key, one in mine.items()
            for kind in StageKind
            if getattr(one, kind.value).leads
        }
        assert kinds == _pairs(theirs)
    assert ours.reasons == dict(tuple(row) for row in rows["reasons"])
    funnel = {row[0]: (row[1], _quartiles(row)) for row in rows["funnel"]}
    for step in ours.funnel:
        assert (step.entered, step.took) == funnel.get(step.stage, (0, Quartiles())), step
    assert ours.times == {row[0]: _quartiles(row) for row in rows["times"]}
    [cycle] = rows["cycle"] or [(None, 0, 0, None, None, None, None, None, None, 0)]
    assert (ours.cycle.quartiles, ours.cycle.mean) == (_quartiles(cycle), int(cycle[-1] or 0))


def _pair(one: StageSum) -> tuple[int, dict[str, int]]:
    return one.leads, dict(one.amounts)


def _pairs(groups: dict[Any, Any]) -> dict[Any, tuple[int, dict[str, int]]]:
    return {key: (leads, dict(amounts)) for key, (leads, amounts) in groups.items()}


def _quartiles(row: Sequence[Any]) -> Quartiles:
    """PostgreSQL gives the three points, SQLite the two neighbours of each."""
    known = row[2]
    if not known:
        return Quartiles()
    if isinstance(row[3], list):
        return Quartiles(known, *(int(one) for one in row[3]))
    rests = [(known - 1) * quarter % 4 for quarter in (1, 2, 3)]
    points = zip(row[3:9:2], row[4:9:2], rests, strict=True)
    return Quartiles(known, *(low + (high - low) * rest // 4 for low, high, rest in points))


_BOARD = Page(
    "/pipeline", ours=_our_board, plain=_plain_board, same=_same_board, target=BOARD_TARGET
)
_NUMBERS = Page(
    "/pipeline/numbers",
    asks=5,
    ours=_our_numbers,
    plain=_plain_numbers,
    same=_same_numbers,
    target=NUMBERS_TARGET,
)
PAGES = {
    "board": _BOARD,
    "board, 75 days ago": replace(_BOARD, as_of=THEN, asks=10),
    "sheet": Page("/pipeline/sheet"),
    "sheet by value": Page("/pipeline/sheet?sort=value&down=1&group=owner"),
    "numbers": _NUMBERS,
    "numbers, 75 days ago": replace(_NUMBERS, as_of=THEN),
}
"""By the name of its figure."""
