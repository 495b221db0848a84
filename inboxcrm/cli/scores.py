"""`leads score`, `score`, `calls`, `assign`: what speaks for a lead, whom to call first, who gets new ones."""

from __future__ import annotations

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table


@click.command("score", epilog="Example: inboxcrm leads score bob@firm.example")
@click.argument("lead")
@json_option
@pass_house
def of_lead(house: House, lead: str, *, as_json: bool) -> None:
    """Why a lead has its score: fit and engagement, point by point."""
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.scores import lead_score

    found = lead_score(house.desk, house.viewer, lead_id_of(house, lead))
    if as_json:
        print_json(to_json(found))
        return
    print_facts(
        {"score": found.sum.total, "fit": found.sum.fit, "engagement": found.sum.engagement}
    )
    click.echo()
    print_table(
        ("axis", "points", "why"),
        [
            (axis, f"{one.points:+d}" if one.points else "0", one.text)
            for axis, lines in (("fit", found.fit), ("engagement", found.engagement))
            for one in lines
        ],
        empty="Nothing speaks for or against this lead yet.",
        whole=("points",),
    )


@click.group(epilog="Example: inboxcrm score explain")
def score() -> None:
    """What a score is made of."""


@score.command("explain", epilog="Example: inboxcrm score explain")
@json_option
@pass_house
def explain(house: House, *, as_json: bool) -> None:
    """The rules in force, and how many leads they were worked out for."""
    from inboxcrm.services.scoring import keep_scores
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.score_rules import score_rules

    keep_scores(house.desk)
    view = score_rules(house.desk, house.viewer)
    if as_json:
        print_json(to_json(view))
        return
    print_table(
        ("axis", "points", "for", "half-life", "at most"),
        [
            (
                one.axis,
                f"{one.points:+d}",
                one.words,
                f"{one.half_life_days} days" if one.half_life_days else "",
                one.most or "",
            )
            for one in view.rules
        ],
        empty="No rule counts anything.",
        whole=("points",),
    )
    click.echo()
    say(f"Score = fit + engagement. {view.leads} leads have one; {view.waiting} wait to be worked out.")  # fmt: skip


@score.command("refresh", epilog="Example: inboxcrm score refresh")
@json_option
@pass_house
def refresh(house: House, *, as_json: bool) -> None:
    """Work out every score that is due, as the worker does."""
    from inboxcrm.services.scoring import keep_scores

    done = 0
    while found := keep_scores(house.desk):
        done += found
    if as_json:
        print_json({"worked_out": done})
        return
    say(
        f"Worked out {'one score' if done == 1 else f'{done} scores'}."
        if done
        else "Nothing was due."
    )


@click.command(epilog="Example: inboxcrm calls --team")
@click.option("--team", is_flag=True, help="Everybody's leads, not only your own and nobody's.")
@click.option(
    "--limit", type=click.IntRange(1, 500), default=25, show_default=True, help="Leads shown."
)
@json_option
@pass_house
def calls(house: House, *, team: bool, limit: int, as_json: bool) -> None:
    """Whom to call first, and why."""
    from inboxcrm.services.scoring import keep_scores
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.calls import calls as read

    keep_scores(house.desk)
    view = read(house.desk, house.viewer, is_team=team, limit=limit)
    if as_json:
        print_json(to_json(view))
        return
    print_table(
        ("rank", "name", "phone", "stage", "why"),
        [
            (
                one.rank,
                one.name,
                ", ".join(phone.shown for phone in one.phones),
                one.stage.label,
                ". ".join(one.why),
            )
            for one in view.lines
        ],
        empty="Nobody stands out: no lead has a score above nothing or waits for an answer.",
        whole=("rank",),
        spare=("stage",),
    )


@click.command(epilog="Example: inboxcrm assign")
@json_option
@pass_house
def assign(house: House, *, as_json: bool) -> None:
    """Who gets new leads, and whose turn it is."""
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.assigning import assign_lines

    lines = assign_lines(house.desk, house.viewer)
    if as_json:
        print_json({"rules": to_json(lines)})
        return
    print_table(
        ("rule", "for", "goes to", "next", "problem"),
        [
            (number, one.about, ", ".join(one.to), one.next or "", one.problem)
            for number, one in enumerate(lines, start=1)
        ],
        empty="No rule: a lead made from mail is nobody's until somebody takes it.",
        whole=("rule",),
    )
