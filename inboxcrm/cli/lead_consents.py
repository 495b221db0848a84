"""`leads consent`: whether a lead wants to be written to, and where that is known from."""

from __future__ import annotations

from datetime import datetime

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_json, say


@click.command(
    "consent",
    epilog="Example: inboxcrm leads consent bob@firm.example given --source 'Fair in May'",
)
@click.argument("lead")
@click.argument("state", type=click.Choice(["given", "withdrawn"]))
@click.option("--source", required=True, metavar="WORDS", help="Where they said so.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day on which they did (today).")
@json_option
@pass_house
def consent(
    house: House, lead: str, state: str, source: str, on: datetime | None, *, as_json: bool
) -> None:
    """Note that a lead agreed to be written to, or took it back."""
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services.lead_consent import note_consent

    done = note_consent(
        house.desk,
        house.viewer,
        lead_id_of(house, lead),
        state=state,
        source=source,
        on=on.date() if on else None,
    )
    if as_json:
        print_json({"lead": done.lead_id, "text": done.text, "undo": done.undo})
        return
    say(f"{done.text}.")
