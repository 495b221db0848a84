"""`cadence mark`: whether an answer is a good one, which reports count."""

from __future__ import annotations

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_json, say


@click.command("mark", epilog="Example: inboxcrm cadence mark bob@firm.example positive")
@click.argument("answer", metavar="LEAD|MESSAGE")
@click.argument(
    "mark_", metavar="MARK", type=click.Choice(["positive", "neutral", "negative", "none"])
)
@json_option
@pass_house
def mark(house: House, answer: str, mark_: str, *, as_json: bool) -> None:
    """Say of an answer whether it is positive, or not.

    Of a lead, by address or id, it is the newest answer to a cadence. Reports count the positive ones.
    """
    from inboxcrm.cadence.reports import Mark
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services.answer_marks import latest_answer, mark_answer, take_back_mark
    from inboxcrm.views.as_json import as_json as to_json

    asked = (house.desk, house.viewer)
    is_message = house.desk.ids.open("message", answer) is not None
    which = answer if is_message else latest_answer(*asked, lead_id_of(house, answer))
    taken_back = mark_ == "none"
    done = take_back_mark(*asked, which) if taken_back else mark_answer(*asked, which, Mark(mark_))
    if as_json:
        print_json(to_json(done))
        return
    say(done.text)
