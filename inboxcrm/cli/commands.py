"""The list of all commands, and the one option they share.

Modules here import only click: what a command needs it imports when it runs, so that `inboxcrm --help` is quick.
"""

from __future__ import annotations

import click

from inboxcrm import __version__
from inboxcrm.cli import (
    cadence_plan,
    cadence_running,
    cadences,
    capturing,
    connecting,
    database,
    demo,
    doctor,
    keys,
    leads,
    messages,
    outbox,
    people,
    segments,
    serving,
    syncing,
    templates,
)
from inboxcrm.cli.house import House


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit code 0: good; 1: failed; 2: wrong use or settings.",
)
@click.version_option(__version__, prog_name="inboxcrm")
@click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False),
    help="Settings file; else INBOXCRM_CONFIG, else ./config.toml, else defaults.",
)
@click.pass_context
def inboxcrm(context: click.Context, config_file: str | None) -> None:
    """A lead inbox assistant that sits beside your mail.

    New here? `inboxcrm demo` shows everything on a practice mailbox and touches nothing of yours.
    """
    context.obj = House(config_file)
    context.call_on_close(context.obj.close)


for part in (
    cadence_running.start,
    cadence_running.pause,
    cadence_running.resume,
    cadence_running.cancel,
    cadence_running.status,
    cadence_running.why,
    cadence_running.run,
    cadence_plan.plan,
):
    cadences.cadence.add_command(part)

for command in (
    serving.up,
    serving.serve,
    serving.worker,
    people.invite,
    demo.demo,
    connecting.connect,
    syncing.sync,
    syncing.import_,
    leads.leads,
    messages.messages,
    messages.search,
    capturing.why,
    capturing.capture,
    segments.segment,
    templates.template,
    cadences.cadence,
    outbox.outbox,
    outbox.suppress,
    database.db,
    keys.keys,
    doctor.doctor,
):
    inboxcrm.add_command(command)
