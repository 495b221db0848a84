"""`cadence rehearse`: a whole cadence played in a copy against a practice mailbox, told day by day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.progress import progress
from inboxcrm.cli.tables import print_table

if TYPE_CHECKING:
    from inboxcrm.services.rehearsal_shapes import Rehearsal, RehearsalDay, Shares

_LONGEST_DAYS = 365


class _Share(click.ParamType[float]):
    """Like 10%, 2.5 %, or 0."""

    name = "percent"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"\s*(\d{1,3}(?:\.\d{1,6})?)\s*%?\s*", value)
        if found is None or float(found[1]) > 100:
            self.fail(f'"{value[:40]}" is no share like 10% or 2.5%.', param, ctx)
        return float(found[1]) / 100


_SHARE = _Share()


@click.command("rehearse", epilog="Example: inboxcrm cadence rehearse autumn --answers 20%")
@click.argument("name")
@click.option(
    "--days", type=click.IntRange(1, _LONGEST_DAYS), default=60, help="Play at most so long (60)."
)
@click.option("--answers", type=_SHARE, default="10%", help="So many of the people answer (10%).")
@click.option("--absences", type=_SHARE, default="5%", help="So many are out of office (5%).")
@click.option("--bounces", type=_SHARE, default="3%", help="So many addresses are dead (3%).")
@click.option("--opt-outs", type=_SHARE, default="1%", help="So many want no more mail (1%).")
@click.option("--seed", type=click.IntRange(0), default=1, help="Other people do it (1).")
@json_option
@pass_house
def rehearse(
    house: House,
    name: str,
    days: int,
    answers: float,
    absences: float,
    bounces: float,
    opt_outs: float,
    seed: int,
    *,
    as_json: bool,
) -> None:
    """Play a cadence to its end, and see what would happen.

    It runs in a temporary copy of the database against a practice mailbox on this machine, with people who answer, are
    away, bounce or opt out as you say. Nothing is sent, and nothing of yours is changed.
    """
    from inboxcrm.services.rehearsal_shapes import Shares
    from inboxcrm.views.as_json import as_json as to_json

    shares = Shares(answers=answers, away=absences, bounces=bounces, opts_out=opt_outs)
    found = _play(house, name, days=days, shares=shares, seed=seed)
    if as_json:
        print_json(to_json(found))
        return
    _tell(found)


def _play(house: House, name: str, *, days: int, shares: Shares, seed: int) -> Rehearsal:
    from inboxcrm.cli.rehearsal_stage import opened_stage
    from inboxcrm.services.rehearsing import rehearse as play
    from inboxcrm.services.rehearsing import to_rehearse
    from inboxcrm.services.sync_run import Progress
    from inboxcrm.worker.runner import this_runner

    box = to_rehearse(house.desk, house.viewer, name, shares)
    with (
        opened_stage(
            house.settings,
            house.desk.database,
            mailbox=box.name,
            address=box.address,
            aliases=box.aliases,
            start=house.desk.clock.now(),
        ) as opened,
        progress("Days") as tell,
    ):
        return play(
            opened.desk,
            house.viewer,
            name,
            clock=opened.clock,
            stage=opened.stage,
            source=opened.source,
            sender=opened.sender,
            runner=this_runner(),
            shares=shares,
            seed=seed,
            days=days,
            on_day=lambda day: tell(Progress(box.name, total=days, listed=0, stored=day)),
        )


# --- for people -----------------------------------------------------------------------


def _tell(found: Rehearsal) -> None:
    print_facts(
        {
            "rehearsed": found.cadence,
            "mailbox": found.mailbox,
            "people": found.people,
            "told to": ", ".join(f"{_DOES[fate]}: {many}" for fate, many in found.habits.items()),
            "from": found.start,
            "to": found.end,
        }
    )
    for note in found.notes:
        say(note)
    click.echo()
    print_table(
        (
            "day", "sent", "openers", "answers", "away", "bounces", "opt-outs", "stopped", "parked", "done", "tasks",
            "others", "remarks",
        ),
        [_row(one) for one in found.days],
        empty="Nothing would happen: nobody is in it, or its windows never open.",
        whole=("day",),
        spare=("others", "tasks", "openers", "done", "parked"),
    )  # fmt: skip
    click.echo()
    print_facts(
        {
            "sent": found.sent,
            "unconfirmed": found.unconfirmed,
            "by other cadences": found.others or "",
            "people": _counted(found.enrollments),
            "stopped for": _counted(found.stopped),
            "mails": _counted(found.mails),
            "tasks": found.tasks or "",
            "still waiting": _counted(found.waits),
            "cannot go": _counted(found.faults),
        }
    )
    if found.is_cut:
        say("It was broken off: so much happened that the days were not played to their end.")
    say("Nothing was sent, and nothing of yours was changed.")


_DOES = {"answers": "answer", "away": "are away", "bounces": "bounce", "opts_out": "opt out"}


def _row(day: RehearsalDay) -> tuple[object, ...]:
    remarks = ["the cap is reached"] if day.cap_reached else []
    remarks += [f"{many} {reason}" for reason, many in day.stopped.items()]
    if day.unconfirmed:
        remarks.append(f"{day.unconfirmed} unconfirmed")
    if day.paused:
        remarks.append(day.paused)
    return (
        day.day, day.sent, day.openers, day.answers, day.away, day.bounces, day.opts_out,
        sum(day.stopped.values()), day.parked, day.finished, day.tasks, day.others, "; ".join(remarks),
    )  # fmt: skip


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{what.rstrip('.')}: {many}" for what, many in counts.items())
