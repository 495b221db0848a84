"""`db`: the database's upkeep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inboxcrm.cli.house import House, pass_house

if TYPE_CHECKING:
    from inboxcrm.store.database import Database


@click.group(epilog="Example: inboxcrm db backup /var/backups/inboxcrm.db")
def db() -> None:
    """Upgrade, back up, restore or tidy the database."""


@db.command(epilog="Example: inboxcrm db upgrade")
@pass_house
def upgrade(house: House) -> None:
    """Bring the database to this program's schema. If that fails, it stays as it was."""
    from inboxcrm.store.migrate import State
    from inboxcrm.store.migrate import upgrade as upgrade_schema

    before = upgrade_schema(house.settings.database.url)
    if before.state is State.CURRENT:
        click.echo(f"Schema {before.head}: nothing to do.")
    else:
        click.echo(f"Schema {before.head}: upgraded from {before.current or 'nothing'}.")


@db.command(epilog="Example: inboxcrm db backup /var/backups/inboxcrm.db")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@pass_house
def backup(house: House, path: Path) -> None:
    """Write a complete copy to PATH; work may go on meanwhile."""
    from inboxcrm.store import upkeep

    with _opened(house) as database:
        size_bytes = upkeep.backup(database, path)
    click.echo(
        f"Backed up to {path} ({_megabytes(size_bytes)}). To bring it back: inboxcrm db restore {path}"
    )


@db.command(epilog="Example: inboxcrm db restore /var/backups/inboxcrm.db")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace a database that holds data.")
@pass_house
def restore(house: House, path: Path, *, overwrite: bool) -> None:
    """Bring a backup back. The database becomes what PATH holds, on SQLite or PostgreSQL."""
    from inboxcrm.store import upkeep

    upkeep.restore(path, house.settings.database.url, overwrite=overwrite)
    click.echo(f"Restored from {path}.")


@db.command(epilog="Example: inboxcrm db optimize")
@pass_house
def optimize(house: House) -> None:
    """Tidy full text and statistics. Gives space back; worth it after a large import."""
    from inboxcrm.store import upkeep

    with _opened(house) as database:
        size = upkeep.optimize(database)
    click.echo(f"Optimized: {_megabytes(size.before)} before, {_megabytes(size.after)} now.")


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1_000_000:.1f} MB"


def _opened(house: House) -> Database:
    """The database alone: upkeep must work even where settings and stored stages disagree."""
    from inboxcrm.store.database import Database

    return Database.open(house.settings.database.url, create=False)
