"""`doctor`: what was understood, what works, and what to do about the rest."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_json, safe
from inboxcrm.errors import InboxcrmError

if TYPE_CHECKING:
    from inboxcrm.config import MailboxSettings


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    is_good: bool
    text: str
    remedy: str = ""


@click.command(epilog="Example: inboxcrm doctor --live")
@click.option("--live", is_flag=True, help="Ask the real Gmail account too; costs a few calls.")
@json_option
@pass_house
def doctor(house: House, *, live: bool, as_json: bool) -> None:
    """Check settings, database and mailboxes. Secrets are not shown."""
    findings = list(_findings(house, live=live))
    if as_json:
        print_json({"checks": [asdict(one) for one in findings]})
    else:
        for one in findings:
            click.echo(f"{'ok  ' if one.is_good else 'FAIL'}  {safe(one.name)}: {safe(one.text)}")
            if one.remedy:
                click.echo(f"      {safe(one.remedy)}")
    if not all(one.is_good for one in findings):
        raise click.exceptions.Exit(1)


def _findings(house: House, *, live: bool) -> Iterator[Finding]:
    settings = house.settings
    yield Finding("python", is_good=True, text=sys.version.split()[0])
    yield Finding("settings", is_good=True, text=f"{_mailboxes(house)}, {_pipelines(house)}")
    database = _checked("database", partial(_database, house))
    yield database
    for mailbox in settings.mailboxes:
        yield _checked(f"mailbox {mailbox.name}", partial(_mailbox, house, mailbox))
    if database.is_good:
        yield from _troubles(house)
        yield from _unsubscribe_page(house)
        if live:
            for mailbox in settings.mailboxes:
                if mailbox.provider == "gmail":
                    yield from _live(house, mailbox)


def _checked(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, is_good=True, text=check())
    except InboxcrmError as error:
        return Finding(name, is_good=False, text=error.message, remedy=error.remedy)


def _mailboxes(house: House) -> str:
    match len(house.settings.mailboxes):
        case 0:
            return "no mailbox yet (config.example.toml shows how to name one)"
        case 1:
            return "one mailbox"
        case count:
            return f"{count} mailboxes"


def _pipelines(house: House) -> str:
    shown = (
        f"{one.label} ({len(one.stages)} stages)" for one in house.settings.pipelines.pipelines
    )
    return "pipelines " + ", ".join(shown)


def _database(house: House) -> str:
    from inboxcrm.views.health import schema_version

    desk = house.desk
    return f"{desk.database.where}, {desk.database.dialect}, schema {schema_version(desk)}"


def _mailbox(house: House, mailbox: MailboxSettings) -> str:
    """What can be said without asking the provider."""
    if mailbox.provider == "mbox" and mailbox.path is None:
        return f"filled by `inboxcrm import mbox PATH --mailbox {mailbox.name}`"
    from inboxcrm.bootstrap.providers import open_source

    open_source(house.settings, mailbox, house.desk).close()
    return f"{mailbox.provider}, {mailbox.address or 'address told by the first sync'}, {mailbox.capture}"


def _troubles(house: House) -> Iterator[Finding]:
    from inboxcrm.views.mailboxes import mailbox_states

    for state in mailbox_states(house.desk, house.viewer):
        counts = f"{state.stored} stored, {state.left} waiting, {state.quarantined} quarantined"
        yield Finding(
            f"sync {state.name}",
            is_good=not state.trouble,
            text=f"{state.trouble} ({counts})" if state.trouble else counts,
        )


def _unsubscribe_page(house: House) -> Iterator[Finding]:
    """Whether mails name the page that the settings name."""
    from inboxcrm.services.public_page import passed_at

    if url := house.settings.cadence.unsubscribe_url:
        passed = passed_at(house.desk)
        yield Finding(
            "unsubscribe page",
            is_good=passed is not None,
            text=f"{url}, mails name it" if passed else f"{url}, which mails do not name yet",
            remedy="" if passed else "Run `inboxcrm cadence check-unsubscribe`.",
        )


def _live(house: House, mailbox: MailboxSettings) -> Iterator[Finding]:
    from inboxcrm.bootstrap.providers import live_answers

    place = f"live {mailbox.name}"
    try:
        for question, passed, answer in live_answers(house.settings, mailbox, house.desk):
            yield Finding(f"{place}: {question}", is_good=passed is not False, text=answer)
    except InboxcrmError as error:
        yield Finding(place, is_good=False, text=error.message, remedy=error.remedy)
