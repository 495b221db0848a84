"""`up`, `serve` and `worker`: the programs that run until they are stopped."""

from __future__ import annotations

import socket
from functools import partial
from typing import TYPE_CHECKING

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import tell

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

port_option = click.option(
    "--port", type=click.IntRange(0, 65535), help="Listen here; 0 takes any free port."
)


@click.command(epilog="Example: inboxcrm up --port 8030")
@port_option
@pass_house
def up(house: House, port: int | None) -> None:
    """Run pages and worker together. All a small installation needs."""
    from inboxcrm.cli.listening import ending_by_signal, serve_until_stopped
    from inboxcrm.cli.working import working

    with ending_by_signal():
        app, listener = _open_pages(house, port)
        with working(house.settings, house.desk, tell):
            serve_until_stopped(app, listener)
    click.echo("Stopped.", err=True)


@click.command(epilog="Example: inboxcrm serve --port 8030")
@port_option
@pass_house
def serve(house: House, port: int | None) -> None:
    """Run the pages only. `inboxcrm worker` elsewhere reads the mail."""
    from inboxcrm.cli.listening import ending_by_signal, serve_until_stopped

    with ending_by_signal():
        serve_until_stopped(*_open_pages(house, port))
    click.echo("Stopped.", err=True)


@click.command(epilog="Example: inboxcrm worker")
@pass_house
def worker(house: House) -> None:
    """Run the worker only. It reads every mailbox once a minute, until stopped."""
    from inboxcrm.bootstrap.desk import declare
    from inboxcrm.bootstrap.jobs import make_worker
    from inboxcrm.cli.listening import ending_by_signal
    from inboxcrm.cli.working import between_rounds
    from inboxcrm.worker.clock import Stop

    count = len(house.settings.mailboxes)
    mailboxes = "one mailbox" if count == 1 else f"{count} mailboxes"
    with ending_by_signal():
        declare(house.settings, house.desk)
        stop = Stop()
        worker = make_worker(house.settings, house.desk, stop=stop, tell=tell)
        worker.besides = partial(between_rounds, house.desk, stop)
        click.echo(f"Reading {mailboxes}. Ctrl-C ends it.", err=True)
        worker.run()
    click.echo("Stopped.", err=True)


def _open_pages(house: House, port: int | None) -> tuple[WSGIApplication, socket.socket]:
    """Takes the port first, then opens the database, then prints the way in."""
    from inboxcrm.bootstrap.desk import declare
    from inboxcrm.bootstrap.pages import first_link, make_web_app
    from inboxcrm.cli.listening import address_of, bind

    web = house.settings.web
    listener = bind(web.host, web.port if port is None else port)
    try:
        on_port = web.model_copy(update={"port": listener.getsockname()[1]})
        settings = house.settings.model_copy(update={"web": on_port})
        declare(settings, house.desk)
        app = make_web_app(settings, house.desk)
        token = first_link(house.desk)
    except BaseException:
        listener.close()
        raise
    base = web.public_url or address_of(listener)
    if token is None:
        click.echo(f"Open {base}")
    else:
        click.echo(f"Open {base}/welcome?token={token}")
        click.echo("This link makes the first admin: it works once, for a day.")
    click.echo("Ctrl-C ends the server.")
    return app, listener
