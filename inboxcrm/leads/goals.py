"""What the house aims at: quotas for a month or a quarter, and how soon a first answer is due.

A quota written for one month or quarter of the calendar comes before one that holds for each of them. Quotas of months
and of quarters stand beside each other, and so do those of different currencies: nothing is converted or added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inboxcrm.leads.spans import Span, month_of, quarter_of, span_of

EACH = ("month", "quarter")
"""A quota that holds for every one of them."""


@dataclass(frozen=True, slots=True)
class Quota:
    """`period` is one of `EACH`, a month like "2026-05" or a quarter like "2026-Q2". Without `address` it is the
    team's, else of the account that signs in with it; without `pipeline` it is for the first one.
    """

    amount_cents: int
    currency: str
    period: str
    address: str = ""
    pipeline: str = ""


@dataclass(frozen=True, slots=True)
class Goals:
    """`first_response_hours` are working hours."""

    quotas: tuple[Quota, ...] = ()
    first_response_hours: int = 8


@dataclass(frozen=True, slots=True)
class Due:
    """A quota and the month or quarter it is asked about in."""

    span: Span
    quota: Quota


def is_period(text: str) -> bool:
    return text in EACH or span_of(text) is not None


def quotas_on(goals: Goals, day: date, *, pipeline: str, is_first: bool) -> tuple[Due, ...]:
    """What holds on `day` in the pipeline, in the order it was written; `is_first`: it is the first pipeline."""
    spans = {"month": month_of(day), "quarter": quarter_of(day)}
    found: dict[tuple[str, str, str], Due] = {}
    for one in goals.quotas:
        if one.pipeline != pipeline and not (is_first and not one.pipeline):
            continue
        for kind, span in spans.items():
            if one.period not in {kind, span.key}:
                continue
            key = (one.address, one.currency, kind)
            held = found.get(key)
            if held is None or held.quota.period in EACH:
                found[key] = Due(span, one)
    return tuple(found.values())
