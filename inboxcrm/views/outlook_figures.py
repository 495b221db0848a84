"""The first figures of what is expected, slipped, answered and owed, for the head of the page of numbers."""

from __future__ import annotations

from inboxcrm.leads.wording import counted
from inboxcrm.views.outlook_shapes import CoverageLine, MonthLine, OutlookView
from inboxcrm.views.pipeline_shapes import Figure
from inboxcrm.views.shapes import Money

_FORECAST = (
    "Open leads with their close date in this month, each times the probability of its stage."
)
_COVERAGE = "The value of all open leads over the quota of the period."
_SLIPPED = "Leads whose close date now lies in a later month than when the period began."
_FIRST = "From a lead's first mail within the period to our first human answer, in working hours."
_OWED = "Open leads that wait for us: the last human mail of a conversation is theirs."


def outlook_figures(view: OutlookView) -> tuple[Figure, ...]:
    """A quota nobody set and answers nobody gave have no figure here; their sections say so."""
    found = [_forecast(one) for one in view.months if one.when == "now"]
    found += [_coverage(one) for one in view.coverage if one.is_known][:1]
    for slip in view.slips[:1]:
        note = counted(slip.dropped.count, "date taken away", "dates taken away")
        text = counted(slip.put_off.count, "lead")
        found.append(Figure("slipped", "Put off", text, _SLIPPED, slip.put_off.behind, note))
    for first in view.responses[:1]:
        share = "" if first.share is None else f"{first.share:.0%} within {view.target_hours} h"
        text = "-" if first.median is None else f"{first.median:g} h"
        behind = first.waiting.behind if first.median is None else first.answered.behind
        found.append(Figure("first_response", "First response, median", text, _FIRST, behind, share))  # fmt: skip
    for owed in view.owed[:1]:
        text = counted(owed.waiting.count, "lead")
        note = f"the longest for {owed.oldest}"
        found.append(Figure("owed", "Waiting for us", text, _OWED, owed.waiting.behind, note))
    return tuple(found)


def _forecast(one: MonthLine) -> Figure:
    came = _words(one.came.sums) if one.came else ""
    note = f"won so far {came}" if came else "nothing won yet"
    text = _words(one.due.weighted) or "no value yet"
    return Figure("forecast", f"Forecast, {one.label}", text, _FORECAST, one.due.behind, note)


def _coverage(one: CoverageLine) -> Figure:
    note = f"{one.whose}, {one.period}; {one.reached:.0%} won"
    return Figure("coverage", "Coverage", f"{one.coverage:.1f} times", _COVERAGE, one.open.behind, note)  # fmt: skip


def _words(sums: tuple[Money, ...]) -> str:
    """Whole amounts: "EUR 21,000 · USD 500"."""
    return " · ".join(
        f"{one.currency} {int(one.amount.partition('.')[0]):,}".strip() for one in sums
    )
