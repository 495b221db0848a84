"""`export` and `import export`: leads, activities and everything people made of them, out and in again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.services.whole_import_shapes import BroughtIn

_FORMS = ("csv", "jsonl")


@click.command("export", epilog="Example: inboxcrm export everything-2026-05 --format jsonl")
@click.argument("path", metavar="FOLDER|FILE", type=click.Path(path_type=Path))
@click.option(
    "--what",
    type=click.Choice(["leads", "activities", "everything"]),
    default="everything",
    show_default=True,
    help="Activities come with tasks, pasts and the leads they belong to.",
)
@click.option(
    "--format", "form", type=click.Choice(_FORMS), default=None, help="csv, if nothing says else."
)
@json_option
@pass_house
def export(house: House, path: Path, what: str, form: str | None, *, as_json: bool) -> None:
    """Write leads, or everything, as tables. Each is a file in the folder.

    A name that ends in .csv or .jsonl is one file: the table of leads or of activities alone. Mail, passwords,
    mailboxes and cadences are not part of it; `db backup` takes all there is.
    """
    from inboxcrm.files.export_places import whole_folder, whole_table
    from inboxcrm.services.whole_export import export_whole

    ending = path.suffix.removeprefix(".")
    is_file = ending in _FORMS
    if is_file and what == "everything":
        raise UsageError(
            "Everything is many tables, and a file holds one.",
            remedy="Name a folder, or say --what leads or --what activities.",
        )
    if is_file and form not in {None, ending}:
        raise UsageError(
            f"{path.name} does not end in .{form}.", remedy="Leave out --format, or the ending."
        )
    chosen = ending if is_file else form or "csv"
    place = whole_table if is_file else whole_folder
    with place(path, form=chosen) as target:
        counts = export_whole(
            house.desk, house.viewer, target, what=what, only=what if is_file else ""
        )
    if as_json:
        print_json({"path": str(path), "format": chosen, "rows": counts})
        return
    print_facts({name.replace("_", " "): str(many) for name, many in counts.items()})
    say(f"Written to {path}.")


@click.command("export", epilog="Example: inboxcrm import export everything-2026-05 --yes")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, readable=True, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; also without --yes.")
@click.option("--yes", is_flag=True, help="Import it; without this nothing changes.")
@json_option
@pass_house
def import_export(house: House, folder: Path, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Bring in what `inboxcrm export` wrote to a FOLDER.

    What is missing here is added; what stands here is never changed, and told where it differs. Importing twice is
    importing once.
    """
    from inboxcrm.services.whole_import import import_whole

    changes = yes and not dry_run
    done = import_whole(house.desk, house.viewer, folder, dry_run=not changes)
    if as_json:
        print_json({"imported": changes, **_as_json(done)})
        return
    print_table(
        ("table", "added", "stands here", "differs here"),
        [
            (name.replace("_", " "), one.added, one.unchanged, one.differing)
            for name, one in done.tables.items()
        ],
        empty="The export holds no rows.",
    )
    for conflict in done.conflicts:
        say(str(conflict))
    if done.conflict_count > len(done.conflicts):
        say(f"and {done.conflict_count - len(done.conflicts)} more that differ")
    if not changes:
        say(f"Nothing was changed. To import it: inboxcrm import export {folder} --yes")


def _as_json(done: BroughtIn) -> dict[str, Any]:
    return {
        "tables": {
            name: {"added": one.added, "unchanged": one.unchanged, "differing": one.differing}
            for name, one in done.tables.items()
        },
        "conflict_count": done.conflict_count,
        "conflicts": [{"place": one.place, "text": one.text} for one in done.conflicts],
    }
