"""What is expected, what slipped, who got or waits for an answer: as people read it, each figure with its leads.

The rules stand in leads/forecast.py, slips.py and answers.py; here they are put beside each other for one page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inboxcrm.leads import answers
from inboxcrm.leads.answers import Judged, judged
from inboxcrm.leads.forecast import WORDS, Ahead
from inboxcrm.leads.number_shapes import DAY_MS, Asked, quartiles
from inboxcrm.leads.slips import WORDS as SLIP_WORDS
from inboxcrm.leads.slips import Slip, Slips
from inboxcrm.leads.wording import wait_in_words
from inboxcrm.leads.worked_time import HOUR_MS, WorkedTime
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.first_answers import OwedSum, first_mails, owed_by_owner
from inboxcrm.store.pipeline_forecast import pipeline_forecast
from inboxcrm.store.pipeline_slips import pipeline_slips
from inboxcrm.store.segment_sql import Condition
from inboxcrm.views.outlook_months import coverage_lines, month_charts, month_lines, overdue
from inboxcrm.views.outlook_shapes import (
    BandLine,
    Counted,
    OutlookView,
    OwedLine,
    ResponseLine,
    SlipLine,
)
from inboxcrm.views.pipeline_when import When

MEANINGS = {**WORDS, "slips": SLIP_WORDS, **answers.WORDS}
EVERYBODY = "Everybody"
QUOTA_HELP = (
    "No quota holds here. Add one to the settings and start again: [[quota]] with period, amount and currency, for the "
    "team or with account for one person; config.example.toml shows it."
)
_STRETCH_MS = 62 * DAY_MS
"""Back from an instant there is at least one working day in it."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the page of numbers is asked with, and who its people are."""

    desk: Desk
    asked: Asked
    when: When
    narrowed: Condition | None = None

    @property
    def ahead(self) -> Ahead:
        day = self.when.as_of or self.when.today
        return Ahead(self.asked.pipeline, self.asked.at, day, self.desk.working_hours.zone)

    @property
    def is_past(self) -> bool:
        return self.when.as_of is not None

    @property
    def target(self) -> int:
        """Working ms."""
        return self.desk.pipelines.goals.first_response_hours * HOUR_MS

    @property
    def late_at(self) -> int:
        """Who has waited since then or longer has waited for a whole working day."""
        hours, at = self.desk.working_hours, self.asked.at
        day = int((hours.hours_a_day or 24.0) * HOUR_MS)
        return WorkedTime(hours, at - _STRETCH_MS, at).before(at, day)


def outlook(tx: Tx, of: Outlook, names: Mapping[int, str], addresses: Mapping[str, int]) -> OutlookView:  # fmt: skip
    """`names` of accounts by id, `addresses` their ids by the match key they sign in with. Six statements."""
    expected = pipeline_forecast(tx, of.ahead, of.narrowed)
    slipped = pipeline_slips(tx, of.asked, of.narrowed)
    firsts = judged_firsts(tx, of)
    waiting = owed_by_owner(
        tx, of.asked, late_at=of.late_at, is_past=of.is_past, narrowed=of.narrowed
    )

    def named(owner: int | None) -> str:
        return "Nobody" if owner is None else names.get(owner, "an account that is gone")

    coverage = coverage_lines(of.desk, of.ahead, expected, named, addresses)
    return OutlookView(
        month_lines(of.ahead, expected),
        month_charts(of.ahead, expected),
        coverage,
        "" if coverage else QUOTA_HELP,
        _slip_lines(slipped, overdue(expected), named),
        _response_lines(firsts, named),
        _bands(firsts),
        _owed_lines(of, waiting, named),
        of.desk.pipelines.goals.first_response_hours,
    )


def judged_firsts(tx: Tx, of: Outlook) -> list[Judged]:
    worked = WorkedTime(of.desk.working_hours, of.asked.since, of.asked.at)
    found = first_mails(tx, of.asked, of.narrowed)
    return judged(found, worked, at=of.asked.at, target=of.target)


def _ordered(owners: Iterable[int | None], named: Callable[[int | None], str]) -> list[int | None]:
    return sorted(owners, key=lambda one: (one is None, named(one), one or 0))


def _key(kind: str, owner: int | None, *, all_of: bool) -> str:
    return kind if all_of else f"{kind}:{owner or 0}"


# --- slips ------------------------------------------------------------------------------


def _slip_lines(
    found: Slips, passed: Mapping[int | None, int], named: Callable[[int | None], str]
) -> tuple[SlipLine, ...]:
    owners = {*found.dated, *(one.owner_id for one in found.some), *passed}
    if not owners:
        return ()

    def line(owner: int | None, some: list[Slip], *, all_of: bool = False) -> SlipLine:
        put_off = [one for one in some if one.last_on is not None]
        lengths = quartiles(one.days for one in put_off)
        late = sum(passed.values()) if all_of else passed.get(owner, 0)
        dropped = len(some) - len(put_off)
        return SlipLine(
            EVERYBODY if all_of else named(owner),
            Counted(
                (sum(found.dated.values()) if all_of else found.dated.get(owner, 0)) + dropped,
                _key("dated", owner, all_of=all_of),
            ),
            Counted(len(put_off), _key("slipped", owner, all_of=all_of)),
            sum(one.times for one in put_off),
            lengths.median if put_off else None,
            max((one.days for one in put_off), default=None),
            Counted(dropped, _key("dropped", owner, all_of=all_of)),
            Counted(late, "due:passed" if all_of else f"due:passed::{owner or 0}"),
        )

    lines = [
        line(owner, [one for one in found.some if one.owner_id == owner])
        for owner in _ordered(owners, named)
    ]
    return (line(None, list(found.some), all_of=True), *lines)


# --- answers ----------------------------------------------------------------------------


def _response_lines(
    found: list[Judged], named: Callable[[int | None], str]
) -> tuple[ResponseLine, ...]:
    if not found:
        return ()
    by_owner = answers.by_owner(found)
    lines = [
        _response(named(owner), by_owner[owner], f":{owner or 0}")
        for owner in _ordered(by_owner, named)
    ]
    return (_response(EVERYBODY, answers.responses(found), ""), *lines)


def _response(label: str, one: answers.Responses, owner: str) -> ResponseLine:
    took = one.took

    def hours(ms: int) -> float | None:
        return round(ms / HOUR_MS, 1) if took.count else None

    def counted(which: str, count: int) -> Counted:
        return Counted(count, f"first:{which}{owner}")

    return ResponseLine(
        label,
        counted("answered", took.count),
        hours(took.first),
        hours(took.median),
        hours(took.third),
        one.share,
        counted("within", one.within),
        counted("late", one.late),
        counted("waiting", one.waiting),
        counted("waited", one.waited),
    )


def _bands(found: list[Judged]) -> tuple[BandLine, ...]:
    counts = answers.responses(found).bands
    most = max(counts)
    if not most:
        return ()
    ends = [*(f"within {one} h" for one in answers.BANDS), f"after {answers.BANDS[-1]} h"]
    return tuple(
        BandLine(label, Counted(count, f"first:band:{place}"), count / most)
        for place, (label, count) in enumerate(zip(ends, counts, strict=True))
    )


def _owed_lines(
    of: Outlook, found: list[OwedSum], named: Callable[[int | None], str]
) -> tuple[OwedLine, ...]:
    if not found:
        return ()
    hours, at = of.desk.working_hours, of.asked.at
    oldest = min(one.oldest_at for one in found)
    worked = WorkedTime(hours, oldest, at)
    total = sum(one.leads for one in found)

    def line(label: str, one: OwedSum, owner: str) -> OwedLine:
        length = worked.between(one.oldest_at, at) / HOUR_MS
        return OwedLine(
            label,
            Counted(one.leads, f"owed:all{owner}"),
            from_ms(one.oldest_at),
            wait_in_words(length, hours) or "more than 20 working days",
            Counted(one.late, f"owed:late{owner}"),
            one.leads / total,
        )

    everybody = OwedSum(None, total, oldest, sum(one.late for one in found))
    by_owner: dict[Any, OwedSum] = {one.owner_id: one for one in found}
    lines = [line(named(one), by_owner[one], f":{one or 0}") for one in _ordered(by_owner, named)]
    return (line(EVERYBODY, everybody, ""), *lines)
