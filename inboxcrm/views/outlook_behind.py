"""The leads behind a figure of what is expected, slipped, answered or owed: which they are, and how they are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from inboxcrm.leads.answers import BANDS, responses_behind
from inboxcrm.leads.forecast import ANY, EARLIER, LATER, NO_DATE, PASSED, Pick, pick_of
from inboxcrm.leads.slips import slips_behind
from inboxcrm.leads.wording import counted
from inboxcrm.store.database import Tx
from inboxcrm.store.first_answers import owed_leads
from inboxcrm.store.opened_leads import OpenedLeads
from inboxcrm.store.pipeline_behind import leads_named
from inboxcrm.store.pipeline_forecast import forecast_leads
from inboxcrm.store.pipeline_slips import dated_leads, pipeline_slips
from inboxcrm.views.pipeline_outlook import Outlook, judged_firsts

_DUE = {
    EARLIER: "Open, expected before the months shown",
    LATER: "Open, expected after the months shown",
    NO_DATE: "Open, without a close date",
    ANY: "Open",
    PASSED: "Overdue: the close date has passed",
}
_FIRST = {
    "answered": "Answered for the first time",
    "waiting": "Without a first answer",
    "within": "Answered within the target",
    "late": "Answered later than the target",
    "waited": "Waiting for a first answer, longer than the target",
}
_OWED = {"all": "Waiting for our answer", "late": "Waiting for our answer, a working day or longer"}
_SLIPS = {
    "slipped": "Put off to a later month",
    "dropped": "The close date was taken away",
    "dated": "With a close date, or with one that was taken away",
}


class Found(NamedTuple):
    """The leads, what they are, the instant at which they stood so (ms), and what else was counted of them."""

    leads: OpenedLeads
    title: str
    at: int
    note: str = ""


def found_behind(
    tx: Tx, of: Outlook, which: str, names: Mapping[int, str], *, offset: int, limit: int
) -> Found | None:
    """None for what is no figure of these; `names` are those of accounts."""
    part: dict[str, Any] = {"narrowed": of.narrowed, "offset": offset, "limit": limit}
    if (pick := pick_of(which)) is not None:
        leads = forecast_leads(tx, of.ahead, pick, **part)
        begins = pick.span.begins_at(of.ahead.zone) if pick.kind == "forecast" and pick.span else 0
        return Found(leads, _of_forecast(pick, names), begins or of.asked.at)
    kind, _, rest = which.partition(":")
    word, _, owner = rest.partition(":")
    if kind in _SLIPS:
        word, owner = kind, rest
    if owner and not (owner.isascii() and owner.isdigit() and len(owner) < 18):
        return None
    by = _by(owner, names)
    if kind in _SLIPS:
        some = pipeline_slips(tx, of.asked, of.narrowed).some
        if kind == "dated":
            dropped = slips_behind(some, "dropped", owner)
            dated = dated_leads(tx, of.asked, dropped, owner, **part)
            return Found(dated, _SLIPS[kind] + by, of.asked.at)
        held = slips_behind(some, kind, owner)
        ours = set(held)
        times = sum(one.times for one in some if one.lead_id in ours)
        note = f"put off {counted(times, 'time')}" if kind == "slipped" else ""
        return Found(leads_named(tx, of.asked, held, **part), _SLIPS[kind] + by, of.asked.at, note)
    if kind == "first" and (word in _FIRST or (word == "band" and owner)):
        held = responses_behind(judged_firsts(tx, of), word, owner)
        title = _FIRST[word] + by if word != "band" else _band(int(owner))
        return Found(leads_named(tx, of.asked, held, **part), title, of.asked.at)
    if kind == "owed" and word in _OWED:
        late_at = of.late_at if word == "late" else None
        waiting = owed_leads(tx, of.asked, late_at=late_at, owner=owner, is_past=of.is_past, **part)
        return Found(waiting, _OWED[word] + by, of.asked.at)
    return None


def _of_forecast(pick: Pick, names: Mapping[int, str]) -> str:
    when = pick.span.label if pick.span else ""
    text = {
        "forecast": f"Forecast for {when}, as they stood when it began",
        "came": f"Won in {when}",
        "due": f"Open, expected in {when}" if when else _DUE.get(pick.where, ""),
    }[pick.kind]
    text += f", in {pick.currency[:3]}" if pick.currency else ""
    return text + _by(pick.owner, names)


def _by(owner: str, names: Mapping[int, str]) -> str:
    if not owner:
        return ""
    name = names.get(int(owner), "an account that is gone") if int(owner) else "nobody"
    return f" · {name}"


def _band(number: int) -> str:
    if number < len(BANDS):
        return f"Answered within {BANDS[number]} working hours"
    return f"Answered after more than {BANDS[-1]} working hours"
