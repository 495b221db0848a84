"""The leads behind a figure of what is expected, slipped, answered or owed: which they are, and how they are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from inboxcrm.leads.answers import BANDS, responses_behind
from inboxcrm.leads.forecast import ANY, EARLIER, LATER, NO_DATE, PASSED, Pick, pick_of
from inboxcrm.leads.slips import slips_behind
from inboxcrm.store.database import Tx
from inboxcrm.store.first_answers import owed_leads
from inboxcrm.store.pipeline_forecast import forecast_leads
from inboxcrm.store.pipeline_slips import pipeline_slips
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
_SLIPS = {"slipped": "Put off to a later month", "dropped": "The close date was taken away"}


class Found(NamedTuple):
    """A page of ids, how many there are, what they are, and the instant at which they stood so (ms)."""

    ids: list[int]
    total: int
    title: str
    at: int


def found_behind(
    tx: Tx, of: Outlook, which: str, names: Mapping[int, str], *, offset: int, limit: int
) -> Found | None:
    """None for what is no figure of these; `names` are those of accounts."""
    if (pick := pick_of(which)) is not None:
        ids, total = forecast_leads(
            tx, of.ahead, pick, narrowed=of.narrowed, offset=offset, limit=limit
        )
        begins = pick.span.begins_at(of.ahead.zone) if pick.kind == "forecast" and pick.span else 0
        return Found(ids, total, _of_forecast(pick, names), begins or of.asked.at)
    kind, _, rest = which.partition(":")
    word, _, owner = rest.partition(":")
    if kind in _SLIPS:
        word, owner = kind, rest
    if owner and not (owner.isascii() and owner.isdigit() and len(owner) < 18):
        return None
    by = _by(owner, names)
    if kind in _SLIPS:
        held = slips_behind(pipeline_slips(tx, of.asked, of.narrowed).some, kind, owner)
        return _paged(held, _SLIPS[kind] + by, of, offset, limit)
    if kind == "first" and (word in _FIRST or (word == "band" and owner)):
        held = responses_behind(judged_firsts(tx, of), word, owner)
        title = _FIRST[word] + by if word != "band" else _band(int(owner))
        return _paged(held, title, of, offset, limit)
    if kind == "owed" and word in _OWED:
        ids, total = owed_leads(
            tx,
            of.asked,
            late_at=of.late_at if word == "late" else None,
            owner=owner,
            is_past=of.is_past,
            narrowed=of.narrowed,
            offset=offset,
            limit=limit,
        )
        return Found(ids, total, _OWED[word] + by, of.asked.at)
    return None


def _paged(held: list[int], title: str, of: Outlook, offset: int, limit: int) -> Found:
    return Found(held[offset : offset + limit], len(held), title, of.asked.at)


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
