"""`view`: pages of the pipeline kept under a name, with what they are asked; for oneself or for the team."""

from __future__ import annotations

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table


@click.group(epilog="Example: inboxcrm view save 'My open leads' --filter 'owner is me'")
def view() -> None:
    """Keep pages of the pipeline, and share them.

    A view is a question: whoever opens it sees the leads they may see.
    """


@view.command("list", epilog="Example: inboxcrm view list")
@json_option
@pass_house
def list_(house: House, *, as_json: bool) -> None:
    """Your own views, then what others share."""
    from inboxcrm.services.saved_views import saved_views
    from inboxcrm.views.as_json import as_json as to_json

    found = saved_views(house.desk, house.viewer)
    if as_json:
        print_json({"views": to_json(found)})
        return
    print_table(
        ("name", "page", "owner", "shared", "filter"),
        [
            (
                one.name,
                one.asked.page,
                "you" if one.is_mine else one.owner,
                "yes" if one.is_shared else "",
                " and ".join(filter(None, (one.asked.filter, one.asked.conditions))),
            )
            for one in found
        ],
        empty="No view is saved yet. `inboxcrm view save NAME` saves one.",
        whole=("page",),
        spare=("owner",),
    )


@view.command("show", epilog="Example: inboxcrm view show 'My open leads'")
@click.argument("name")
@json_option
@pass_house
def show(house: House, name: str, *, as_json: bool) -> None:
    """What a view asks, and how many leads it finds now."""
    from inboxcrm.services.pipeline_filter import narrowing
    from inboxcrm.services.saved_views import view_named
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.pipeline_sheet import sheet

    found = view_named(house.desk, house.viewer, name)
    asked = found.asked
    narrowed = narrowing(house.desk, house.viewer, asked.filter, asked.conditions)
    page = sheet(house.desk, house.viewer, pipeline=asked.pipeline, narrowed=narrowed.condition)
    if as_json:
        print_json({"view": to_json(found), "leads": page.total})
        return
    print_facts(
        {
            "name": found.name,
            "page": asked.page,
            "owner": "you" if found.is_mine else found.owner,
            "shared": "with the team" if found.is_shared else "with nobody",
            "pipeline": asked.pipeline,
            "filter": asked.filter,
            "columns asked": asked.conditions,
            "columns": ", ".join(asked.columns),
            "sorted by": f"{asked.sort}{', descending' if asked.is_descending else ''}",
            "grouped by": asked.group,
            "days": asked.days or "",
            "leads": str(page.total),
        }
    )


@view.command(
    "save", epilog="Example: inboxcrm view save Stuck --filter 'stage_since older than 30 days'"
)
@click.argument("name")
@click.option(
    "--page", default="sheet", show_default=True, metavar="PAGE", help="board, sheet or numbers."
)
@click.option("--pipeline", default="", metavar="KEY", help="Not the first pipeline.")
@click.option(
    "--filter", "filter_", default="", metavar="TEXT", help="A segment's name, or a filter."
)
@click.option("--columns", default="", metavar="NAMES", help="Of the sheet, with commas between.")
@click.option("--sort", default="", metavar="NAME", help="The column the sheet is sorted by.")
@click.option("--down", is_flag=True, help="Sorted with the largest first.")
@click.option("--group", default="", metavar="NAME", help="stage, owner, source or temperature.")
@click.option("--days", type=click.IntRange(1, 3660), help="The period of the numbers.")
@click.option("--shared", is_flag=True, help="Everybody with an account can open it.")
@json_option
@pass_house
def save(
    house: House, name: str, page: str, pipeline: str, filter_: str, columns: str, sort: str, group: str,
    days: int | None, *, down: bool, shared: bool, as_json: bool,
) -> None:  # fmt: skip
    """Save a view under NAME. One of yours with that name is changed."""
    from inboxcrm.services.saved_views import ViewAsked, put_view
    from inboxcrm.views.as_json import as_json as to_json

    asked = ViewAsked(
        page=page,
        pipeline=pipeline,
        filter=filter_,
        columns=tuple(one.strip() for one in columns.split(",") if one.strip()),
        sort=sort,
        is_descending=down,
        group=group,
        days=days or 0,
    )
    saved = put_view(house.desk, house.viewer, name=name, asked=asked, is_shared=shared)
    if as_json:
        print_json({"view": to_json(saved)})
        return
    say(f"Saved {saved.name}{', shared with the team' if saved.is_shared else ''}.")


@view.command("delete", epilog="Example: inboxcrm view delete Stuck")
@click.argument("name")
@json_option
@pass_house
def delete(house: House, name: str, *, as_json: bool) -> None:
    """Take a view out of the list. Leads are not touched by it."""
    from inboxcrm.services.saved_views import delete_view, view_named
    from inboxcrm.views.as_json import as_json as to_json

    found = view_named(house.desk, house.viewer, name)
    gone, _ = delete_view(house.desk, house.viewer, found.id)
    if as_json:
        print_json({"view": to_json(gone)})
        return
    say(f"Deleted {gone.name}.")
