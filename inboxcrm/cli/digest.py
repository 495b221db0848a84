"""`digest`: a week of a pipeline in words, for a mail that somebody else sends."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_json, say


@click.command(epilog="Example: inboxcrm digest --week-of 2026-05-14 --html week.html")
@click.option(
    "--week-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The week of that day, as it stood at its end; else the last one that is over.",
)
@click.option("--pipeline", default="", metavar="KEY", help="Not the first pipeline.")
@click.option(
    "--html",
    "html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write it there as HTML.",
)
@json_option
@pass_house
def digest(
    house: House, week_of: datetime | None, pipeline: str, html: Path | None, *, as_json: bool
) -> None:
    """What happened in a week of the pipeline, in words.

    Sums, new, moved, won and lost, who is stuck and who waits for us. Nothing is sent. With public_url in the
    settings every lead bears the address of its page.
    """
    from inboxcrm.cli.lead_export import whole_file
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.digest import digest as week
    from inboxcrm.views.digest_mail import digest_as_html, digest_as_text

    web = house.settings.web
    view = week(
        house.desk,
        house.viewer,
        week_of=week_of.date() if week_of else None,
        pipeline=pipeline,
        public_url=web.public_url,
    )
    if html is not None:
        written = digest_as_html(view, override=web.templates)
        with whole_file(html) as target:
            target.write(written)
    if as_json:
        print_json(to_json(view))
        return
    say(digest_as_text(view, override=web.templates))
