"""Every figure of the numbers page, as of random past days, against a plain recomputation from the event list.

test_pipeline_numbers.py and test_pipeline_outlook.py hold the database to the rules at every instant. Here the page as a
whole, with what is worked out behind the database, is held to loops that share nothing with it but who stood where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from inboxcrm.leads import answers
from inboxcrm.leads.goals import Goals, Quota
from inboxcrm.leads.history import LeadState, Spell, spells_of
from inboxcrm.leads.number_shapes import DAY_MS, Asked, Quartiles
from inboxcrm.leads.numbers import numbers
from inboxcrm.leads.pipeline import Pipeline, Pipelines, StageKind
from inboxcrm.leads.slips import slips
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import account
from inboxcrm.views.as_json import as_json
from inboxcrm.views.figure_leads import leads_of_figure
from inboxcrm.views.number_rows import part_rows
from inboxcrm.views.pipeline_numbers import numbers_page
from tests.store.test_pipeline_numbers import (
    NOW,
    SALES,
    SUPPORT,
    YOU,
    desk,  # noqa: F401
    play,
    standing_in,
    told,
)
from tests.store.test_pipeline_outlook import (  # noqa: F401
    SLIPPED,
    clear,
    lay_down,
    mails,
    pasts,
    sender,
)

BOB = "bob@ourfirm.example"
GOALS = Goals(
    (
        Quota(500_00, "EUR", "quarter"),
        Quota(300_00, "USD", "month"),
        Quota(90_00, "EUR", "month", BOB),
        Quota(70_00, "EUR", "quarter", pipeline="support"),
    ),
    4,
)
HALF_HOUR_MS = 1_800_000
_BANDS = (1, 2, 4, 8, 16, 40)


# Won in another quarter and in another month than the quotas are of; forecast, a value without currency.
WON = [
    (0, 0, ("move", "new", "")), (0, 1, ("move", "new", "")), (0, 2, ("move", "new", "")), (0, 3, ("move", "new", "")),
    (4, 3, ("value", "99.50", "")), (4, 3, ("close", "2026-05-13", "")),
    (4, 0, ("value", "99.50", "EUR")), (4, 0, ("move", "won", "")), (4, 1, ("value", "10", "USD")),
    (70, 1, ("move", "won", "")), (4, 2, ("value", "10", "EUR")), (4, 2, ("owner", "2", "")), (90, 2, ("move", "won", "")),
]  # fmt: skip
# On the day before: answered after just four hours, by a cadence alone, not yet for more than four; late since the 12th.
TALKS = [
    (0, 29, "in", 0, False), (0, 25, "out", 0, False), (1, 29, "in", 0, False), (1, 26, "cadence", 0, False),
    (2, 54, "in", 0, False), (3, 29, "in", 0, False),
]  # fmt: skip


class Plain:
    """The figures of one day, in loops over the states of the leads."""

    def __init__(self, spells: list[Spell], mail, dismissed, pipeline: Pipeline, day: date, days: int) -> None:  # fmt: skip
        self.spells, self.pipeline, self.day = spells, pipeline, day
        self.at = ms(day + timedelta(days=1)) - 1
        self.since = ms(day - timedelta(days=days - 1))
        self.asked = Asked(pipeline, self.at, self.since)
        self.stood = standing_in(spells, self.at, pipeline)
        self.firsts = answers.first_mails(spells, mail, self.asked, dismissed)
        self.waits = answers.owed(spells, mail, self.asked, dismissed)

    def kind(self, state: LeadState) -> StageKind:
        return next((one.kind for one in self.pipeline.stages if one.key == state.stage), StageKind.OPEN)  # fmt: skip

    def leads(self, kind: StageKind) -> list[LeadState]:
        """Open ones, or those closed within the period."""
        return [
            one
            for one in self.stood.values()
            if self.kind(one) is kind
            and (kind is StageKind.OPEN or self.since <= one.stage_since_at <= self.at)
        ]

    def weighted(self, states: Iterable[LeadState], pre: str) -> dict[str, str]:
        by_stage: Counter[tuple[str, str]] = Counter()
        for one in states:
            if one.value_cents is not None:
                by_stage[one.currency, one.stage] += one.value_cents
        found: Counter[str] = Counter()
        chances = {one.key: one.probability for one in self.pipeline.stages}
        for (currency, stage), cents in by_stage.items():
            found[currency] += cents * round(chances.get(stage, 0) * 1_000_000) // 1_000_000
        known = {currency for currency, stage in by_stage if stage in chances}
        return {f"{pre} {one}".strip(): amount(found[one]) for one in known}

    # --- what was counted ---

    def stages(self) -> list[dict[str, Any]]:
        known = [one.key for one in self.pipeline.stages]
        found = []
        for key in known + sorted({one.stage for one in self.stood.values()} - set(known)):
            held = [one for one in self.stood.values() if one.stage == key]
            stage = self.pipeline.stage(key)
            is_open = stage is None or stage.kind is StageKind.OPEN
            line = {"leads": len(held), **worth(held, "value")}
            found.append(line | (self.weighted(held, "weighted") if is_open else {}))
        return found

    def reasons(self) -> dict[str, int]:
        return Counter(one.stage_reason for one in self.leads(StageKind.LOST))

    def groups(self, by: str) -> dict[Any, dict[str, Any]]:
        found = {}
        open_, won, lost = (self.leads(kind) for kind in StageKind)
        for key in {getattr(one, by) for one in (*open_, *won, *lost)}:
            ours = [[one for one in some if getattr(one, by) == key] for some in (open_, won, lost)]
            line = {"open": len(ours[0]), **worth(ours[0], "open value"), "won": len(ours[1])}
            line |= {**worth(ours[1], "won value"), "lost": len(ours[2])}
            closed = len(ours[1]) + len(ours[2])
            found[key] = line | {"win rate": round(len(ours[1]) / closed, 4) if closed else None}
        return found

    # --- what is expected ---

    def month(self, first: date) -> dict[str, Any]:
        then = standing_in(self.spells, ms(first), self.pipeline).values()
        month = first.isoformat()[:7]
        line: dict[str, Any] = {}
        if first <= self.day:
            expected = [one for one in then if self.kind(one) is StageKind.OPEN and (one.close_on or "")[:7] == month]  # fmt: skip
            came = self.won_between(first, later(first, 1))
            line = {"forecast leads": len(expected), **worth(expected, "forecast")}
            line |= self.weighted(expected, "forecast weighted")
            line |= {"won leads": len(came), **worth(came, "won")}
        due = [one for one in self.leads(StageKind.OPEN) if (one.close_on or "")[:7] == month]
        return line | {"expected leads": len(due), **worth(due, "expected"), **self.weighted(due, "expected weighted")}  # fmt: skip

    def won_between(self, first: date, end: date) -> list[LeadState]:
        return [one for one in self.stood.values() if self.kind(one) is StageKind.WON and ms(first) <= one.stage_since_at < ms(end)]  # fmt: skip

    def coverage(self, quota: Quota, owner: int | None = None) -> dict[str, Any]:
        months = 3 if quota.period == "quarter" else 1
        first = self.day.replace(day=1, month=(self.day.month - 1) // months * months + 1)
        end = later(first, months)

        def cents(states: Iterable[LeadState]) -> int:
            return sum(one.value_cents or 0 for one in states if one.currency == quota.currency and owner in (None, one.owner_id))  # fmt: skip

        open_ = self.leads(StageKind.OPEN)
        due = [one for one in open_ if first.isoformat() <= (one.close_on or "") < end.isoformat()]
        won = cents(self.won_between(first, end))
        return {
            "quota": amount(quota.amount_cents), "won": amount(won), "open": amount(cents(open_)), "expected": amount(cents(due)),
            "coverage": round(cents(open_) / quota.amount_cents, 4), "reached": round(won / quota.amount_cents, 4),
        }  # fmt: skip

    # --- what slipped, was answered, is owed: by owner, None is everybody ---

    def slipped(self, *, owner: int | None, all_of: bool) -> dict[str, Any]:
        some = [
            one for one in slips(self.spells, self.asked).some if all_of or one.owner_id == owner
        ]
        states = [one for one in self.stood.values() if all_of or one.owner_id == owner]
        asked = [one for one in states if self.kind(one) is StageKind.OPEN or self.since <= one.stage_since_at <= self.at]  # fmt: skip
        put_off = [one for one in some if one.last_on is not None]
        dropped = len(some) - len(put_off)
        passed = [one for one in states if self.kind(one) is StageKind.OPEN and one.close_on and one.close_on < self.day.isoformat()]  # fmt: skip
        return {
            "with a close date": sum(one.close_on is not None for one in asked) + dropped, "put off": len(put_off),
            "times": sum(one.times for one in put_off), "taken away": dropped, "overdue": len(passed),
            "median days": int(median(one.days for one in put_off)) if put_off else None,
            "most days": max((one.days for one in put_off), default=None),
        }  # fmt: skip

    def answered(self, *, owner: int | None, all_of: bool) -> dict[str, Any]:
        some = [one for one in self.firsts if all_of or one.owner_id == owner]
        took = [
            worked(one.wrote_at, one.answered_at) for one in some if one.answered_at is not None
        ]
        waiting = [worked(one.wrote_at, self.at) for one in some if one.answered_at is None]
        within = sum(one <= GOALS.first_response_hours for one in took)
        too_long = sum(one > GOALS.first_response_hours for one in waiting)
        judged = len(took) + too_long
        return {
            "answered": len(took), "median hours": round(median(took), 1) if took else None, "within": within,
            "late": len(took) - within, "waiting": len(waiting), "waiting too long": too_long,
            "share within": round(within / judged, 4) if judged else None,
        }  # fmt: skip

    def bands(self) -> list[int]:
        took = [worked(one.wrote_at, one.answered_at) for one in self.firsts if one.answered_at is not None]  # fmt: skip
        places = [sum(one > most for most in _BANDS) for one in took]
        return [places.count(place) for place in range(len(_BANDS) + 1)] if took else []

    def owed(self, *, owner: int | None, all_of: bool) -> dict[str, Any]:
        some = [one for one in self.waits if all_of or one.owner_id == owner]
        late = sum(worked(one.since_at, self.at) >= 8 for one in some)
        since = datetime.fromtimestamp(min(one.since_at for one in some) / 1000, UTC).isoformat()
        return {"waiting": len(some), "since": since, "late": late}


def ms(day: date) -> int:
    return to_ms(datetime.combine(day, time(), UTC))


def later(first: date, months: int) -> date:
    place = first.month - 1 + months
    return first.replace(year=first.year + place // 12, month=place % 12 + 1)


def amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def worth(states: Iterable[LeadState], pre: str) -> dict[str, str]:
    found: Counter[str] = Counter()
    for one in states:
        if one.value_cents is not None:
            found[one.currency] += one.value_cents
    return {f"{pre} {currency}".strip(): amount(cents) for currency, cents in found.items()}


def worked(since: int, until: int) -> float:
    """Hours from nine to five of weekdays, by half hours: nothing here happens between them but the end of a day."""
    hours = 0.0
    for at in range(since, until - HALF_HOUR_MS // 2, HALF_HOUR_MS):
        moment = datetime.fromtimestamp(at / 1000, UTC)
        hours += 0.5 * (moment.weekday() < 5 and 9 <= moment.hour < 17)
    return hours


def days_of(ms_: int) -> float:
    return round(ms_ / DAY_MS, 1)


def lines(view, part: str) -> list[dict[str, Any]]:
    return [dict(one) for one in part_rows(view, part)[1]]


def same_page(view, plain: Plain, names: dict[int | None, str]) -> None:
    """`names` of owners, None being nobody."""
    counted = numbers(plain.spells, plain.asked)
    for line, wanted in zip(lines(view, "stages"), plain.stages(), strict=True):
        assert {key: line[key] for key in line if key not in {"stage", "probability"}} == wanted
    lost = sum(plain.reasons().values())
    assert {one["reason"]: (one["leads"], one["share"]) for one in lines(view, "reasons")} == {
        reason or "No reason was given": (many, round(many / lost, 4)) for reason, many in plain.reasons().items()
    }  # fmt: skip
    for part, by, name in (("sources", "source", "source"), ("owners", "owner_id", "owner")):
        wanted = {
            (names[key] if by == "owner_id" else key or "No source"): {**one, "leads": one["open"] + one["won"] + one["lost"]}
            for key, one in plain.groups(by).items()
        }  # fmt: skip
        assert {one.pop(name): one for one in lines(view, part)} == wanted
    assert [(one["entered"], one["came on"], one["median days"]) for one in lines(view, "funnel")] == [
        (one.entered, one.reached, days_of(one.took.median) if one.reached else None) for one in counted.funnel
    ]  # fmt: skip
    assert [tuple(one.values())[1:] for one in lines(view, "times")] == [
        (one.count, days_of(one.first), days_of(one.median), days_of(one.third)) for one in counted.times.values()
    ]  # fmt: skip
    same_cards(view, plain, counted.cycle.quartiles, counted.cycle.mean)


def same_cards(view, plain: Plain, cycle: Quartiles, mean: int) -> None:
    cards = {one.key: (one.text, one.note) for one in view.figures}
    open_, won, lost = (plain.leads(kind) for kind in StageKind)
    rate = len(won) / (len(won) + len(lost)) if won or lost else None
    assert cards["open"][1].startswith("one " if len(open_) == 1 else f"{len(open_)} ")
    assert cards["win_rate"] == ("-" if rate is None else f"{rate:.0%}", f"{len(won)} won, {len(lost)} lost")  # fmt: skip
    assert cards["cycle"][0] == (f"{days_of(cycle.median):g} d" if won else "-")
    speed = {}
    for one in won if mean else ():
        if one.value_cents is not None:
            speed[one.currency] = speed.get(one.currency, 0) + one.value_cents
    a_day = {
        currency: round(len(open_) * rate * cents / len(won) / (mean / DAY_MS))
        for currency, cents in speed.items()
    }
    wanted = {f"{currency} {cents // 100:,}".strip() for currency, cents in a_day.items()}
    assert set(cards["velocity"][0].split(" · ")) == (wanted or {"-"})


def same_ahead(view, plain: Plain, names: dict[int | None, str], bob: int) -> None:
    months = {one["month"]: one for one in lines(view, "forecast")}
    first = later(plain.day.replace(day=1, year=plain.day.year - 1), 6)
    for place in range(13):
        month = later(first, place)
        line = months.pop(month.isoformat()[:7])
        kept = {key: line.pop(key) for key in list(line) if key.startswith("won of")}
        assert line == {"month": month.isoformat()[:7], **plain.month(month)}
        for key, share in kept.items():
            currency = key.removeprefix(
                "won of forecast"
            )  # nothing behind it where the amount has none
            won = float(line.get(f"won{currency}", 0))
            assert abs(share - won / float(line[f"forecast weighted{currency}"])) < 0.0001
    ends = (first.isoformat(), later(first, 13).isoformat())
    outside = Counter(
        "none" if one.close_on is None else "earlier" if one.close_on < ends[0] else "later"
        for one in plain.leads(StageKind.OPEN)
        if one.close_on is None or not ends[0] <= one.close_on < ends[1]
    )
    assert {key: one["expected leads"] for key, one in months.items()} == outside
    quotas = [one for one in GOALS.quotas if (one.pipeline or "sales") == plain.pipeline.key]
    for line, quota in zip(lines(view, "coverage"), quotas, strict=True):
        wanted = plain.coverage(quota, bob if quota.address else None)
        assert {key: line[key] for key in wanted} == wanted
    for part, of in (("slips", plain.slipped), ("responses", plain.answered), ("owed", plain.owed)):
        rows = {one["owner"]: one for one in lines(view, part)}
        for owner, line in rows.items():
            whose = next((key for key, name in names.items() if name == owner), None)
            wanted = of(owner=whose, all_of=owner == "Everybody")
            assert {key: line[key] for key in wanted} == wanted, (part, owner)
        owners = {
            one.owner_id for one in {"responses": plain.firsts, "owed": plain.waits}.get(part, ())
        }
        assert {names[one] for one in owners} <= set(rows)
    assert [one["answered"] for one in lines(view, "bands")] == plain.bands()


def same_behind(desk, view, **asked) -> None:  # noqa: F811
    """Every key the page bears opens as many leads as it counts there."""
    counts: dict[str, int] = {}

    def walk(one: Any) -> None:
        if isinstance(one, dict) and one.get("behind") and "count" in one:
            counts[one["behind"]] = one["count"]
        for each in one.values() if isinstance(one, dict) else one if isinstance(one, list) else ():
            walk(each)

    walk(as_json(view))
    for behind, count in counts.items():
        if count:
            assert leads_of_figure(desk, YOU, behind, **asked).total == count, behind


@settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # A past of twenty deeds says enough; looking for the shortest takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@example(past=SLIPPED, days=90, some=[(0, 800, "in", 0, False), (0, 790, "out", 0, False), (1, 700, "in", 0, False), (2, 650, "in", 1, False)], ago=[1, 20])  # fmt: skip
@example(past=WON, days=90, some=TALKS, ago=[1, 30])
@given(
    past=pasts,
    days=st.sampled_from([3, 20, 90]),
    some=mails,
    ago=st.lists(st.integers(1, 62), min_size=2, max_size=3, unique=True),
)
def test_every_figure_of_the_page_is_what_plain_loops_find(desk, sender, past, days, some, ago):  # noqa: F811
    clear(desk)
    play(desk, past)
    object.__setattr__(desk, "pipelines", Pipelines((SALES, SUPPORT), GOALS))
    with desk.database.write() as tx:
        tx.execute(update(account).where(account.c.id == 2).values(address=BOB))
        known, dismissed = lay_down(tx, sender, some)
    with desk.database.read() as tx:
        spells = spells_of(told(tx))
        owners = dict(
            tx.execute(account.select().with_only_columns(account.c.id, account.c.name)).all()
        )
    names: dict[int | None, str] = {None: "Nobody", **owners}
    for place, one in enumerate(ago):
        day = (NOW - timedelta(days=one)).date()
        pipeline = SUPPORT if place == 1 else SALES
        asked = {"pipeline": pipeline.key, "as_of": day, "days": days}
        view = numbers_page(desk, YOU, **asked)
        plain = Plain(spells, known, dismissed, pipeline, day, days)
        same_page(view, plain, names)
        same_ahead(view, plain, names, 2)
        if place == 0:
            same_behind(desk, view, **asked)
