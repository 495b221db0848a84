"""`sync` and `import`: mail into the database, once or until stopped."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say, tell
from inboxcrm.cli.progress import progress
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import InboxcrmError, UsageError

if TYPE_CHECKING:
    from inboxcrm.config import MailboxSettings
    from inboxcrm.services.syncing import SyncReport

COLUMNS = (
    "name", "state", "listed", "stored", "quarantined", "tombstoned", "units", "requests", "leads_created",
    "candidates", "seconds",
)  # fmt: skip


@click.command(epilog="Example: inboxcrm sync --mailbox sales --json")
@click.option(
    "--mailbox", "names", multiple=True, metavar="NAME", help="Only this one; repeatable."
)
@click.option("--watch", is_flag=True, help="Go on once a minute until stopped.")
@click.option(
    "--accept-removals",
    is_flag=True,
    help="After much mail vanished at once: it was really deleted in the mailbox.",
)
@json_option
@pass_house
def sync(
    house: House,
    names: tuple[str, ...],
    *,
    watch: bool,
    accept_removals: bool,
    as_json: bool,
) -> None:
    """Read new mail of every mailbox, and make or link leads.

    It may be stopped at any time: the next run goes on where this one ended.
    """
    mailboxes = _chosen(house, names)
    if watch:
        if as_json:
            raise UsageError(
                "--watch never ends, so it has no one JSON document.",
                remedy="Use --json without --watch, or run `inboxcrm worker`.",
            )
        _watch(house, mailboxes, names)
        return
    _sync_each(house, mailboxes, as_json=as_json, accept_removals=accept_removals)


@click.group("import", epilog="Example: inboxcrm import mbox mail/archive.mbox --mailbox archive")
def import_() -> None:
    """Bring mail and tables of people in from files."""


@import_.command(
    "mbox", epilog="Example: inboxcrm import mbox takeout.mbox --mailbox archive --json"
)
@click.argument("path", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--mailbox", "name", required=True, metavar="NAME", help="Into this mailbox.")
@click.option("--address", default="", help="Whose mail it is, where settings do not say it.")
@json_option
@pass_house
def import_mbox(house: House, path: Path, name: str, address: str, *, as_json: bool) -> None:
    """Read a file of mail.

    Plain mbox, or Google Takeout with its labels and threads.

    A mailbox that settings do not declare is made. Importing again, or after a stop, adds only what is missing.
    """
    mailbox = _target(house, name, path, address)
    _sync_each(house, [mailbox], as_json=as_json)


def _sync_each(
    house: House,
    mailboxes: list[MailboxSettings],
    *,
    as_json: bool,
    accept_removals: bool = False,
) -> None:
    """One failing mailbox does not stop the others; it is told at the end, and by exit code 1."""
    from inboxcrm.bootstrap.desk import declare
    from inboxcrm.bootstrap.jobs import sync_one
    from inboxcrm.cli.listening import stopping_by_keyboard

    settings = house.settings
    # Mailboxes connected in the browser have rows of their own; what is left is a file imported under a new name.
    unknown = tuple(
        one for one in mailboxes if settings.mailbox(one.name) is None and one.path is not None
    )
    declare(settings.model_copy(update={"mailboxes": settings.mailboxes + unknown}), house.desk)
    reports: list[dict[str, Any]] = []
    failed: list[tuple[str, InboxcrmError]] = []
    with stopping_by_keyboard(tell) as should_stop:
        for mailbox in mailboxes:
            if should_stop():
                break
            with progress(f"Reading {mailbox.name}", is_wanted=not as_json) as on_progress:
                try:
                    report = sync_one(
                        settings,
                        house.desk,
                        mailbox,
                        on_progress=on_progress,
                        should_stop=should_stop,
                        accept_removals=accept_removals,
                    )
                except InboxcrmError as error:
                    failed.append((mailbox.name, error))
                    reports.append(_failed_report(mailbox.name, error))
                else:
                    reports.append(report.as_json())
    if as_json:
        print_json({"mailboxes": reports})
    else:
        _print_reports(reports)
    for name, fault in failed:
        tell(f"{name}: {fault.message}", fault.remedy)
    if failed:
        raise click.exceptions.Exit(max(fault.exit_code for _, fault in failed))


def _print_reports(reports: list[dict[str, Any]]) -> None:
    """One mailbox is read downwards: eleven numbers side by side fit no narrow terminal."""
    shown = [{name.replace("_", " "): one[name] for name in COLUMNS} for one in reports]
    if len(shown) == 1:
        print_facts(shown[0])
        return
    print_table(
        list(shown[0]),
        [list(one.values()) for one in shown],
        empty="",
        spare=("requests", "units", "tombstoned", "listed", "seconds"),
    )


def _failed_report(name: str, error: InboxcrmError) -> dict[str, Any]:
    counts: dict[str, Any] = dict.fromkeys(COLUMNS, 0)
    return {
        **counts,
        "name": name,
        "state": "failed",
        "trouble": error.message,
        "remedy": error.remedy,
    }


def _watch(house: House, mailboxes: list[MailboxSettings], names: tuple[str, ...]) -> None:
    from inboxcrm.bootstrap.desk import declare
    from inboxcrm.bootstrap.jobs import make_worker
    from inboxcrm.cli.listening import ending_by_signal
    from inboxcrm.worker.clock import Stop

    declared = tuple(one for one in mailboxes if house.settings.mailbox(one.name) is not None)
    settings = house.settings.model_copy(update={"mailboxes": declared})
    with ending_by_signal():
        declare(settings, house.desk)
        worker = make_worker(
            settings,
            house.desk,
            stop=Stop(),
            tell=tell,
            on_report=_tell_report,
            only=frozenset(one.name for one in mailboxes) if names else None,
        )
        click.echo("Reading once a minute. Ctrl-C ends it.", err=True)
        worker.run()
    click.echo("Stopped.", err=True)


def _tell_report(report: SyncReport) -> None:
    """A line for each run that brought something; quiet minutes stay quiet."""
    if report.stored or report.tombstoned:
        say(f"{report.name}: {report.stored} stored, {report.leads_created} leads made.")


def _chosen(house: House, names: tuple[str, ...]) -> list[MailboxSettings]:
    """All declared mailboxes that can be read by themselves, or the named ones."""
    from inboxcrm.bootstrap.providers import connected_mailboxes

    declared = house.settings.mailboxes
    connected = {one.name: one for one in connected_mailboxes(house.desk)}
    if not declared and not connected:
        raise UsageError(
            "No mailbox is declared in the settings and none is connected, so there is no mail to read.",
            remedy="Connect one on the Mailboxes page, add a [[mailbox]] to config.toml (see config.example.toml), "
            "or try `inboxcrm demo`.",
        )
    if not names:
        return [*(one for one in declared if one.token_file or one.path), *connected.values()]
    return [connected.get(name) or _declared(house, name) for name in dict.fromkeys(names)]


def _declared(house: House, name: str) -> MailboxSettings:
    found = house.settings.mailbox(name)
    if found is None:
        known = [one.name for one in house.settings.mailboxes]
        raise UsageError(
            f'No mailbox is called "{name}"{_nearest(name, known)}',
            remedy=f"Settings declare: {', '.join(known)}.",
        )
    return found


def _target(house: House, name: str, path: Path, address: str) -> MailboxSettings:
    """The declared mailbox, reading this file; or a new one, unless its name looks like a slip of the finger."""
    from inboxcrm.config import mailbox_of_file

    found = house.settings.mailbox(name)
    if found is None:
        known = [one.name for one in house.settings.mailboxes]
        if _nearest(name, known) != ".":
            return _declared(house, name)
    elif found.provider != "mbox":
        raise UsageError(
            f'Mailbox "{name}" is read from {found.provider}; a file would mix with it.',
            remedy='Declare a [[mailbox]] with provider = "mbox" for the file, or name a new one.',
        )
    return mailbox_of_file(found, name, path, address)


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f'; did you mean "{near[0]}"?' if near else "."
