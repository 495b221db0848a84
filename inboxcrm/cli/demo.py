"""`demo`: the product on a practice mailbox. It writes only into its own folder and starts afresh every time.

1. Take the port: if it is taken, nothing else has happened yet.
2. Make the folder empty, or a temporary one.
3. Start the practice server, write settings and a token for it.
4. Answer pages; only then begin to sync, so that a visitor sees leads arrive.
5. When all is read, play what Alice has done about her leads so far.
"""

from __future__ import annotations

import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inboxcrm.cli.output import say
from inboxcrm.cli.serving import port_option
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.config import Settings
    from inboxcrm.services.syncing import SyncReport
    from inboxcrm.store.desk import Desk
    from inboxcrm.web.room import DemoPerson

OWN_FILES = (
    "config.toml",
    "token.json",
    "client.json",
    "inboxcrm.key",
    "inboxcrm.db",
    "inboxcrm.db-wal",
    "inboxcrm.db-shm",
)
POLL_SECONDS = 5.0
FASTEST = 100
"""A mailbox has to be read within fifteen minutes before its mail may leave: nine seconds at this speed."""

CONFIG = """\
# Written by `inboxcrm demo`; the mailbox is a practice server that ends with it.
[database]
url = "sqlite:///inboxcrm.db"

[[mailbox]]
name = "alice"
provider = "gmail"
address = "{address}"
token_file = "token.json"

[gmail]
api_endpoint = "{endpoint}"
price_table = "generous"
client_file = "client.json"

[[quota]]
period = "quarter"
amount = 90000
currency = "EUR"

[[lead_field]]
key = "area"
label = "Area to light, m²"
kind = "number"
show_in_panel = true

[[lead_field]]
key = "building"
label = "Building"
kind = "choice"
choices = ["Office", "Warehouse", "Shop", "School"]

[[lead_field]]
key = "time_zone"
label = "Time zone"
kind = "time_zone"

[capture]
own_domains = ["{own_domain}"]
form_senders = ["{form_sender}"]

[web]
port = {port}
"""

INVITATION = """
  Open  {link}
  The link works once; Ctrl-C ends the demo. {folder}

  Try:  open a mail and look at the panel beside it: who is this, where do we stand, who owes an answer;
        move the lead to another stage, then Undo; open a newsletter and see why it made no lead;
        wait half a minute: new mail keeps arriving; Today and Review say what is to be done;
        drag a card on the Pipeline to its next stage, look at its numbers, and at both as of last week;
        under your name: connect a second mailbox, or look at it all as the manager or an admin.
        In a second terminal: {command} --config {config} leads list
"""


@click.command(epilog="Example: inboxcrm demo --port 8030 --speed 60")
@port_option
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the demo's files here instead of in a temporary folder.",
)
@click.option(
    "--speed",
    type=click.IntRange(1, FASTEST),
    default=1,
    help="Let so many seconds pass in one: with 60, days of a cadence in minutes (1).",
)
def demo(port: int | None, folder: Path | None, speed: int) -> None:
    """See it run on a practice mailbox. No account is needed, nothing of yours is touched."""
    from inboxcrm.cli.listening import bind, ending_by_signal
    from inboxcrm.config import WebSettings

    web = WebSettings()
    listener = bind(web.host, web.port if port is None else port)
    with ending_by_signal(), listener, _fresh_folder(folder) as home:
        _run(listener, home, is_kept=folder is not None, speed=speed)
    click.echo("The demo has ended.", err=True)


def _run(listener: socket.socket, home: Path, *, is_kept: bool, speed: int) -> None:
    from inboxcrm.bootstrap.desk import declare, open_desk
    from inboxcrm.bootstrap.pages import make_web_app
    from inboxcrm.cli.demo_clock import end_clock, keep_clock
    from inboxcrm.cli.demo_people import demo_people
    from inboxcrm.cli.listening import address_of, serve_until_stopped
    from inboxcrm.cli.practice import practice_mailbox
    from inboxcrm.cli.working import working
    from inboxcrm.worker.clock import clock_since, machine_now

    began = machine_now()
    keep_clock(home, began, speed=speed)
    with practice_mailbox(
        home / "token.json", home / "client.json", began=began, speed=speed
    ) as practice:
        settings = _settings(
            home, practice.endpoint, practice.address, port=listener.getsockname()[1]
        )
        desk = open_desk(settings, clock_since(began, rate=speed))
        try:
            declare(settings, desk)
            token = secrets.token_urlsafe(24)
            people = demo_people(desk, practice.owner)
            app = make_web_app(settings, desk, entry_token=token, demo_people=people)
            link = f"{address_of(listener)}/enter?token={token}"
            click.echo(_invitation(link, home, is_kept=is_kept))
            with working(
                settings,
                desk,
                say,
                poll_seconds=max(POLL_SECONDS, speed),
                rate=speed,
                on_report=_when_read(desk, people),
            ):
                serve_until_stopped(app, listener)
        finally:
            desk.database.close()
            end_clock(home, desk.clock.now())


def _when_read(desk: Desk, people: tuple[DemoPerson, ...]) -> Callable[[SyncReport], None]:
    """After the first reading the past is played and one line printed; later mail shows itself on the page."""
    from inboxcrm.bootstrap.desk import local_viewer
    from inboxcrm.cli.demo_merge import prepare_merge
    from inboxcrm.cli.demo_past import play_past
    from inboxcrm.cli.demo_people import manager_of

    told: list[bool] = []

    def say(report: SyncReport) -> None:
        if not told:
            told.append(True)
            play_past(desk, local_viewer(), manager_of(people))
            prepare_merge(desk, local_viewer())
            click.echo(
                f"  Read:  {report.stored} mails in {report.seconds:.1f} s; "
                f"{report.leads_created} leads, {report.candidates} candidates."
            )

    return say


def _settings(home: Path, endpoint: str, address: str, *, port: int) -> Settings:
    from inboxcrm.config import load

    config = home / "config.toml"
    own_domain = address.partition("@")[2]
    config.write_text(
        CONFIG.format(
            address=address,
            endpoint=endpoint,
            own_domain=own_domain,
            form_sender=f"forms@{own_domain}",
            port=port,
        ),
        encoding="utf-8",
    )
    # Whatever this machine's environment says of a database, the demo keeps to its own.
    return load(config, {})


def _invitation(link: str, home: Path, *, is_kept: bool) -> str:
    what = "Its files stay in" if is_kept else "It then removes its folder,"
    folder = f"{what} {home}."
    command = "inboxcrm" if shutil.which("inboxcrm") else f"{sys.executable} -m inboxcrm"
    return INVITATION.format(link=link, folder=folder, command=command, config=home / "config.toml")


@contextmanager
def _fresh_folder(folder: Path | None) -> Iterator[Path]:
    from inboxcrm.cli.demo_clock import MARK

    if folder is None:
        with tempfile.TemporaryDirectory(
            prefix="inboxcrm-demo-", ignore_cleanup_errors=True
        ) as made:
            yield Path(made)
        return
    folder.mkdir(parents=True, exist_ok=True)
    foreign = [name for name in OWN_FILES if (folder / name).exists()]
    if foreign and not (folder / MARK).exists():
        raise UsageError(
            f"{folder} holds {foreign[0]}, which the demo did not write and would overwrite.",
            remedy="Name an empty or a new folder.",
        )
    for name in OWN_FILES:
        (folder / name).unlink(missing_ok=True)
    (folder / MARK).touch()
    yield folder.resolve()
