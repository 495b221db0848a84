"""`outbox` and `suppress`: the mails cadences sent or could not, and whom nothing may be sent."""

from __future__ import annotations

import click

from inboxcrm.cli.cadence_shown import not_now
from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table


@click.group(epilog="Example: inboxcrm outbox list")
def outbox() -> None:
    """The mails of cadences. KEY is what `outbox list` shows."""


@outbox.command("list", epilog="Example: inboxcrm outbox list --state sent --json")
@click.option("--state", "states", multiple=True, help="Only mails in this state; repeatable.")
@json_option
@pass_house
def list_(house: House, states: tuple[str, ...], *, as_json: bool) -> None:
    """Mails a person has to look at, or those in the states you name."""
    from inboxcrm.cadence.outbox import OutboxState
    from inboxcrm.errors import UsageError
    from inboxcrm.services.explaining import outbox_list
    from inboxcrm.views.as_json import as_json as to_json

    known = [one.value for one in OutboxState]
    unknown = [one for one in states if one not in known]
    if unknown:
        raise UsageError(
            f'No mail is ever "{unknown[0]}".', remedy=f"Choose from {', '.join(known)}."
        )
    found = outbox_list(house.desk, house.viewer, states=tuple(OutboxState(one) for one in states))
    if as_json:
        print_json({"mails": to_json(found)})
        return
    print_table(
        ("key", "state", "to", "cadence", "last"),
        [
            (one.key, one.state, one.to, one.cadence, one.lines[-1].text if one.lines else "")
            for one in found
        ],
        empty="Nothing needs anybody: no mail was lost, refused or left out.",
        whole=("key", "state"),
        spare=("last", "cadence"),
    )


@outbox.command("show", epilog="Example: inboxcrm outbox show KEY")
@click.argument("key")
@json_option
@pass_house
def show(house: House, key: str, *, as_json: bool) -> None:
    """The life of one mail."""
    from inboxcrm.services.explaining import mail_story
    from inboxcrm.views.as_json import as_json as to_json

    story = mail_story(house.desk, house.viewer, key)
    if as_json:
        print_json(to_json(story))
        return
    print_facts(
        {
            "to": story.to,
            "subject": story.subject,
            "cadence": story.cadence,
            "state": story.state,
            "due": story.due_at,
        }
    )
    for line in story.lines:
        say(f"{line.at.astimezone():%Y-%m-%d %H:%M}  {line.text}")
    for reason in story.against:
        say(not_now(reason))


@outbox.command("resolve", epilog="Example: inboxcrm outbox resolve KEY --went")
@click.argument("key")
@click.option("--went/--did-not-go", "went", required=True, help="What you found in the mailbox.")
@json_option
@pass_house
def resolve(house: House, key: str, *, went: bool, as_json: bool) -> None:
    """Say what became of an unconfirmed mail. It is not sent again."""
    from inboxcrm.services.explaining import mail_story
    from inboxcrm.services.explaining import resolve as resolve_mail

    resolve_mail(house.desk, house.viewer, key, went=went)
    if as_json:
        story = mail_story(house.desk, house.viewer, key)
        document = {"done": True, "key": story.key, "went": went, "state": story.state}
        print_json({**document, "cadence": story.cadence, "to": story.to})
        return
    say("Noted.")


@click.group(epilog="Example: inboxcrm suppress add carol@firm.example")
def suppress() -> None:
    """Addresses and domains to which no cadence sends."""


@suppress.command("list", epilog="Example: inboxcrm suppress list --json")
@json_option
@pass_house
def list_suppressed(house: House, *, as_json: bool) -> None:
    """Who is suppressed, since when and why."""
    from inboxcrm.services.suppressions import suppressed
    from inboxcrm.views.as_json import as_json as to_json

    found = suppressed(house.desk, house.viewer)
    if as_json:
        print_json({"suppressed": to_json(found)})
        return
    print_table(
        ("subject", "scope", "reason", "since"),
        [(one.subject, one.scope, one.reason, one.since) for one in found],
        empty="Nobody is suppressed.",
        whole=("subject",),
    )


@suppress.command("add", epilog="Example: inboxcrm suppress add firm.example")
@click.argument("subject", metavar="ADDRESS_OR_DOMAIN")
@json_option
@pass_house
def add(house: House, subject: str, *, as_json: bool) -> None:
    """Nothing is sent there from now on."""
    from inboxcrm.services.suppressions import suppress as suppress_one

    is_new = suppress_one(house.desk, house.viewer, subject, source="command line")
    if as_json:
        _print_entry(subject, is_listed=True, changed=is_new)
        return
    say("Suppressed." if is_new else "It was suppressed already.")


@suppress.command("remove", epilog="Example: inboxcrm suppress remove firm.example")
@click.argument("subject", metavar="ADDRESS_OR_DOMAIN")
@json_option
@pass_house
def remove(house: House, subject: str, *, as_json: bool) -> None:
    """Mail may be sent there again."""
    from inboxcrm.services.suppressions import release

    was_listed = release(house.desk, house.viewer, subject)
    if as_json:
        _print_entry(subject, is_listed=False, changed=was_listed)
        return
    say("Taken off." if was_listed else "It was not suppressed.")


def _print_entry(subject: str, *, is_listed: bool, changed: bool) -> None:
    """`listed` is of this very entry: an address that is taken off may still be of a domain that is suppressed."""
    from inboxcrm.services.suppressions import read_subject

    scope, key = read_subject(subject)
    print_json(
        {"done": True, "scope": scope, "subject": key, "listed": is_listed, "changed": changed}
    )
