"""The list of all commands, and the one option they share.

Modules here import only click: what a command needs it imports when it runs, so that `inboxcrm --help` is quick.
"""

from __future__ import annotations

import click

from inboxcrm import __version__
from inboxcrm.cli import (
    answer_marks,
    cadence_adding,
    cadence_editing,
    cadence_plan,
    cadence_relimiting,
    cadence_reporting,
    cadence_resending,
    cadence_running,
    cadences,
    capturing,
    connecting,
    database,
    demo,
    digest,
    doctor,
    imports,
    keys,
    lead_consents,
    leads,
    mailboxes,
    messages,
    missing_fields,
    outbox,
    own_tests,
    people,
    pipelines,
    rehearsing,
    scores,
    segments,
    serving,
    snippets,
    stage_moving,
    suppression_lists,
    syncing,
    templates,
    unsubscribing,
    views,
    whole_export,
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
    cadence_running.stop,
    cadence_running.cancel,
    cadence_running.status,
    cadence_running.why,
    cadence_running.run,
    cadence_resending.resend,
    cadence_plan.plan,
    cadence_adding.add,
    cadence_adding.questions,
    cadence_adding.answer,
    cadence_editing.edit,
    cadence_editing.versions,
    cadence_editing.rollback,
    cadence_relimiting.limits,
    cadence_reporting.report,
    answer_marks.mark,
    rehearsing.rehearse,
    missing_fields.of_cadence,
    unsubscribing.check_unsubscribe,
):
    cadences.cadence.add_command(part)

for piece in (missing_fields.of_template, own_tests.test):
    templates.template.add_command(piece)

for part in (imports.table, imports.list_, imports.undo, whole_export.import_export):
    syncing.import_.add_command(part)

for listing in (suppression_lists.import_, suppression_lists.export):
    outbox.suppress.add_command(listing)

leads.leads.add_command(lead_consents.consent)
leads.leads.add_command(scores.of_lead)
pipelines.pipeline.add_command(stage_moving.move)

for command in (
    serving.up,
    serving.serve,
    serving.worker,
    unsubscribing.serve_unsubscribe,
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
    pipelines.pipeline,
    views.view,
    scores.calls,
    scores.score,
    scores.assign,
    digest.digest,
    segments.segment,
    templates.template,
    snippets.snippet,
    mailboxes.mailboxes,
    cadences.cadence,
    outbox.outbox,
    outbox.suppress,
    database.db,
    keys.keys,
    whole_export.export,
    doctor.doctor,
):
    inboxcrm.add_command(command)
