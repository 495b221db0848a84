"""`pipeline move`: everybody in one stage to another, as before that stage leaves the settings.

The look and the change are those of the pages (services/bulk_edits.py): a lead whose new stage asks for more stays
where it is, and is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_json, say

if TYPE_CHECKING:
    from inboxcrm.services.bulk_shapes import WhyNot


@click.command("move", epilog="Example: inboxcrm pipeline move demo engaged --yes")
@click.argument("stage")
@click.argument("to")
@click.option("--pipeline", default="", metavar="KEY", help="Not the first pipeline.")
@click.option("--reason", default="", help="Why they are moved there; lost leads want one.")
@click.option("--yes", is_flag=True, help="Move them; else it is only said who would be.")
@json_option
@pass_house
def move(
    house: House, stage: str, to: str, pipeline: str, reason: str, *, yes: bool, as_json: bool
) -> None:
    """Move all of a stage to another.

    TO is a stage, or PIPELINE/STAGE in another pipeline. Who lacks what TO asks for stays.
    """
    from inboxcrm.errors import FieldsError, UsageError
    from inboxcrm.services.bulk_edits import bulk_view, choose_matching, want
    from inboxcrm.services.bulk_running import run_bulk
    from inboxcrm.services.bulk_shapes import STAGE, Wanted

    desk, viewer = house.desk, house.viewer
    known = ", ".join(
        f"{one.key}/{each.key}" for one in desk.pipelines.pipelines for each in one.stages
    )
    if not desk.pipelines.place(pipeline or desk.pipelines.default.key, stage).is_known:
        raise UsageError(f'There is no stage "{stage[:60]}".', remedy=f"Known are {known}.")
    chosen = choose_matching(
        desk, viewer, pipeline=pipeline, filter_text=f"stage is {stage}", conditions="", back=""
    )
    try:
        want(desk, viewer, chosen, Wanted(STAGE, to, reason))
    except FieldsError:
        raise UsageError(f'There is no stage "{to[:60]}".', remedy=f"Known are {known}.") from None
    view = bulk_view(desk, viewer, chosen)
    if yes:
        while run_bulk(desk, viewer, chosen):
            pass
        view = bulk_view(desk, viewer, chosen)
    look = view.look
    changed, staying = (
        (look.changes, look.refused) if look else (view.count("changed"), view.refused)
    )
    if as_json:
        reasons = [{"reason": one.reason, "leads": one.count} for one in staying]
        print_json({"moved": changed if yes else 0, "would_move": changed, "staying": reasons})
        return
    say(
        f"{_leads(changed)} {'moved' if yes else 'would move'} to {view.words.removeprefix('stage: ')}."
    )
    for one in staying:
        say(_staying(one))
    if not yes and changed:
        click.echo("Nothing was changed. Add --yes to move them.")


def _leads(count: int) -> str:
    return "One lead" if count == 1 else f"{count} leads"


def _staying(one: WhyNot) -> str:
    names = ", ".join(name for _, name in one.some)
    more = one.count - len(one.some)
    return f"{_leads(one.count)} stay: {one.reason}: {names}" + (
        f" and {more} more" if more else ""
    )
