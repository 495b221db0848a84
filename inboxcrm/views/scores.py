"""Why a lead has its score: every point with its reason and, for who may read it, the way to what it rests on.

Worked out from the facts when it is asked for, by the function that keeps the scores of all leads. A mail the viewer
may not read is named by its day and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError
from inboxcrm.leads.score_rules import ENGAGEMENT, FIT
from inboxcrm.leads.scoring import ACTIVITY, MESSAGE, Point, Score, score
from inboxcrm.leads.wording import day_in_words
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_scores import behind_since
from inboxcrm.store.leads import lead_by_id
from inboxcrm.store.score_facts import score_facts, threads_of
from inboxcrm.views.places import lead_url, mail_url
from inboxcrm.views.shapes import ScoreSum

_A_ROUND = timedelta(minutes=1)
"""A worker that runs sees to scores more often than that."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """`points` with their reason. `source` is field, message, activity or suppression; `locked`: a mail that is not for
    the viewer. Lines of no points say what a cap left out.
    """

    points: int
    text: str
    source: str
    at: datetime | None = None
    href: str | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class LeadScore:
    """`changes_at`: when it is another though nothing happens, as deeds grow old."""

    sum: ScoreSum
    fit: tuple[ScoreLine, ...]
    engagement: tuple[ScoreLine, ...]
    changes_at: datetime | None = None


def lead_score(desk: Desk, viewer: Viewer, lead_id: str) -> LeadScore:
    """Of the lead of that sealed id, or of the one it was merged into. Raises NotFoundError."""
    number = desk.ids.open("lead", lead_id)
    with desk.database.read() as tx:
        found = lead_by_id(tx, number) if number is not None else None
        held = score_of(tx, desk, viewer, found.lead_id) if found else None
    if held is None:
        raise NotFoundError(
            "There is no such lead.", remedy="It may have been removed; see the list of leads."
        )
    return held


def score_of(tx: Tx, desk: Desk, viewer: Viewer, lead_id: int) -> LeadScore | None:
    """None for a lead that stands in no list. Six reads."""
    now = desk.clock.now()
    facts = score_facts(tx, [lead_id], desk.scoring, now).get(lead_id)
    if facts is None:
        return None
    found = score(desk.scoring, facts, now)
    asked = {one.id for one in found.points if one.source == MESSAGE and one.id}
    threads = threads_of(tx, viewer, asked)
    lines = [(one.axis, _line(desk, lead_id, one, threads, now)) for one in found.points]
    return LeadScore(
        as_sum(found),
        tuple(line for axis, line in lines if axis == FIT),
        tuple(line for axis, line in lines if axis == ENGAGEMENT),
        found.changes_at,
    )


def scores_behind(tx: Tx, now: datetime) -> tuple[bool, datetime | None]:
    """Whether something that happened is in no score yet, and nobody works scores out; if so, when that was done last,
    None where it never was.
    """
    before = to_ms(now - _A_ROUND)
    last = behind_since(tx, before=before)
    is_behind = last is not None and last < before
    return is_behind, from_ms(last) if last and is_behind else None


def as_sum(found: Score) -> ScoreSum:
    return ScoreSum(found.total, found.fit, found.engagement)


def point_in_words(desk: Desk, one: Point, now: datetime) -> str:
    """Like "They asked for a price, 3 May"."""
    if one.at is None:
        return one.words
    return f"{one.words}, {day_in_words(one.at, now=now, zone=desk.working_hours.zone)}"


def _line(
    desk: Desk, lead_id: int, one: Point, threads: dict[int, int], now: datetime
) -> ScoreLine:
    href = None
    if one.source == MESSAGE and one.id in threads:
        thread, mail = desk.ids.seal("thread", threads[one.id]), desk.ids.seal("message", one.id)
        href = mail_url(thread, mail)
    elif one.source == ACTIVITY:
        page = lead_url(desk.ids.seal("lead", lead_id))
        href = f"{page}#e-{desk.ids.seal('activity', one.id)}"
    is_locked = one.source == MESSAGE and bool(one.id) and href is None
    return ScoreLine(
        one.points, point_in_words(desk, one, now), one.source, one.at, href, is_locked
    )
