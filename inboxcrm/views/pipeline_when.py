"""Which pipeline, and as of when: a day means its end, where the house is; today and no day at all mean now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inboxcrm.access.viewer import Viewer, may_change_leads
from inboxcrm.errors import ForbiddenError, NotFoundError, UsageError
from inboxcrm.leads.differences import WORDS, Change, Days
from inboxcrm.leads.number_shapes import Amounts
from inboxcrm.leads.pipeline import Pipeline
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_lists import leads_by_id
from inboxcrm.store.pipeline_board import pipelines_in_use
from inboxcrm.store.pipeline_changes import ChangedLeads, changes_since
from inboxcrm.store.segment_sql import Condition
from inboxcrm.views.parts import money
from inboxcrm.views.pipeline_shapes import NamedPipeline, Since, SinceLead, SinceLine
from inboxcrm.views.places import lead_url
from inboxcrm.views.shapes import Money

_FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class When:
    """`at` in ms; `as_of` None is now."""

    at: int
    now: datetime
    today: date
    as_of: date | None = None


def when(desk: Desk, as_of: date | None) -> When:
    """Raises UsageError for a day that is still to come, or before there was mail."""
    zone = ZoneInfo(desk.working_hours.zone)
    now = desk.clock.now()
    today = now.astimezone(zone).date()
    if as_of is None or as_of == today:
        return When(to_ms(now), now, today)
    if as_of > today:
        raise UsageError(
            f"{as_of.isoformat()} is still to come: nobody knows yet how things stand then.",
            remedy="Choose a day up to today.",
        )
    if as_of.year < _FIRST_YEAR:
        raise UsageError(
            f"{as_of.isoformat()} is before there was mail.", remedy="Choose a later day."
        )
    ends = datetime.combine(as_of + timedelta(days=1), time(), zone)
    return When(to_ms(ends) - 1, now, today, as_of)


def refuse_strangers(viewer: Viewer) -> None:
    """The same rule as for the list of leads: everybody with an account."""
    if not may_change_leads(viewer):
        raise ForbiddenError("You may not see leads.", remedy="Ask an admin for an account.")


def chosen_pipeline(
    tx: Tx, desk: Desk, key: str
) -> tuple[Pipeline, NamedPipeline, tuple[NamedPipeline, ...]]:
    """The one named, or the first; all there are. One that only leads know has no stages of its own.

    Raises NotFoundError for a key that neither settings nor leads know.
    """
    known = desk.pipelines.pipelines
    keys = {one.key for one in known}
    named = [NamedPipeline(one.key, one.label) for one in known]
    named += [
        NamedPipeline(one, one, is_known=False)
        for one in sorted(pipelines_in_use(tx))
        if one not in keys
    ]
    if not key:
        return desk.pipelines.default, named[0], tuple(named)
    for one in named:
        if one.key == key:
            return desk.pipelines.pipeline(key) or Pipeline(key, key, ()), one, tuple(named)
    raise NotFoundError(
        f'There is no pipeline "{key[:60]}".',
        remedy=f"Choose one of {', '.join(one.key for one in named)}.",
    )


def moneys(amounts: Amounts) -> tuple[Money, ...]:
    """The largest first."""
    ordered = sorted(amounts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(one for currency, cents in ordered if (one := money(cents, currency)))


def amounts_in_words(amounts: Amounts) -> str:
    """Whole amounts: "EUR 21,000 · USD 500"."""
    return " · ".join(
        f"{one.currency} {int(one.amount.partition('.')[0]):,}".strip() for one in moneys(amounts)
    )


# --- since ----------------------------------------------------------------------------


def since(
    tx: Tx, desk: Desk, pipeline: Pipeline, at: When, *, narrowed: Condition | None
) -> Since | None:
    """What happened from a past day to now; None where no past day is asked about."""
    if at.as_of is None:
        return None
    days = Days(at.at, at.as_of.isoformat(), at.today.isoformat())
    found = changes_since(tx, pipeline, days, narrowed=narrowed)
    lines = leads_by_id(tx, {one for each in found.values() for one in each.some})
    named = {
        lead_id: SinceLead(line.name, lead_url(desk.ids.seal("lead", lead_id)))
        for lead_id, line in lines.items()
    }
    told = tuple(
        SinceLine(
            kind.value,
            WORDS[kind][0],
            WORDS[kind][1],
            each.many,
            moneys(each.amounts),
            tuple(named.get(one, SinceLead("a lead removed since", None)) for one in each.some),
        )
        for kind, each in found.items()
    )
    return Since(at.as_of, since_sentence(found), told)


def since_sentence(found: Mapping[Change, ChangedLeads]) -> str:
    """As in "9 new, 6 moved, 2 slipped, 3 went quiet, 1 won (EUR 18,000), 1 lost."."""
    parts = []
    for kind, each in found.items():
        if not each.many:
            continue
        worth = amounts_in_words(each.amounts)
        parts.append(f"{each.many} {WORDS[kind][0]}" + (f" ({worth})" if worth else ""))
    return ", ".join(parts) + "." if parts else "Nothing happened."
