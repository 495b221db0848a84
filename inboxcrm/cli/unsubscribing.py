"""`serve-unsubscribe` and `cadence check-unsubscribe`: the public page, and whether mails may name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_json, say

if TYPE_CHECKING:
    from inboxcrm.services.public_page import Answer

PORT = 8026
_TIMEOUT_SECONDS = 15.0
_MOST_BYTES = 64 * 1024
_LARGEST_REQUEST = {"max_request_body_size": 32 * 1024, "max_request_header_size": 16 * 1024}


@click.command("serve-unsubscribe", epilog="Example: inboxcrm serve-unsubscribe --port 8026")
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Listen here; 0 takes any free port.",
)
@pass_house
def serve_unsubscribe(house: House, host: str, port: int) -> None:
    """Run the public unsubscribe page, and nothing else.

    Put your HTTPS proxy in front of it and say its address as unsubscribe_url under [cadence].
    """
    from inboxcrm.cli.listening import address_of, bind, ending_by_signal, serve_until_stopped
    from inboxcrm.web.unsubscribe import create_unsubscribe_app
    from inboxcrm.worker.clock import machine_now

    with ending_by_signal():
        listener = bind(host, port)
        try:
            templates = house.settings.web.templates
            app = create_unsubscribe_app(
                house.desk, machine_now=machine_now, templates_override=templates
            )
        except BaseException:
            listener.close()
            raise
        say(f"The unsubscribe page is at {address_of(listener)}/u/...")
        if not house.settings.cadence.unsubscribe_url:
            say("Mails do not name it: config.toml says no unsubscribe_url under [cadence].")
        click.echo("Ctrl-C ends the server.")
        serve_until_stopped(app, listener, **_LARGEST_REQUEST)
    click.echo("Stopped.", err=True)


@click.command("check-unsubscribe", epilog="Example: inboxcrm cadence check-unsubscribe")
@json_option
@pass_house
def check_unsubscribe(house: House, *, as_json: bool) -> None:
    """See whether the public unsubscribe page works. Only then mails name it.

    It is opened as a stranger would, under the unsubscribe_url of [cadence].
    """
    from inboxcrm.services.public_page import check_page

    found = check_page(house.desk, _ask)
    if as_json:
        print_json({"url": found.url, "passed": not found.problem, "problem": found.problem})
    elif found.problem:
        say(f"{found.url} did not pass. {found.problem}")
        say("Mails name an address to write to instead. Mend it, then check again.")
    else:
        say(f"{found.url} passed: mails name it from now on.")
    if found.problem:
        raise click.exceptions.Exit(1)


def _ask(url: str, body: bytes | None) -> Answer:
    """As mail programs ask: no redirect is followed, and nothing is trusted that the machine does not trust."""
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    from inboxcrm.services.public_page import Answer

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    asked = Request(url, data=body, headers={"User-Agent": "inboxcrm"})  # noqa: S310 - config says http or https only
    try:
        with build_opener(Stay).open(asked, timeout=_TIMEOUT_SECONDS) as answer:
            return Answer(answer.status, answer.read(_MOST_BYTES).decode("utf-8", "replace"))
    except HTTPError as refused:
        with refused:
            return Answer(refused.code, "")
    except (OSError, HTTPException, ValueError) as fault:
        return Answer(0, str(getattr(fault, "reason", fault)) or type(fault).__name__)
