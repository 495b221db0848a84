"""One stored mail as the table of stops asks for it: its verdict, and what its words say beyond that."""

from __future__ import annotations

import json
from datetime import date

from inboxcrm.cadence import stops
from inboxcrm.cadence.compose import KEY_HEADER
from inboxcrm.mail import auto_replies
from inboxcrm.mail.absences import read_absence
from inboxcrm.mail.broken_lines import made_whole
from inboxcrm.mail.classify import Kind
from inboxcrm.mail.failed_recipients import failed_recipients
from inboxcrm.mail.help_desks import COMMENTED
from inboxcrm.mail.opt_outs import read_opt_out
from inboxcrm.mail.receipts import is_held, is_receipt, opens_a_ticket, says_it_came_in
from inboxcrm.mail.reply import split_quoted
from inboxcrm.mail.said import Said
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.heard_mail import Heard

_NO_NOTES = frozenset(
    (
        "read_receipt",
        "recall",
        "report",
        "complaint",
        "delivery_receipt",
        "delivery_delayed",
    )
)

_MOST_TEXT = 4_000
_NAME_DAYS_TOO = frozenset(("has_left", "says_automatic"))
"""Days alone are no absence there: "the account will be closed on 30 September", "you will hear from us on Monday"."""


def read_heard(mail: Heard, *, in_thread: bool) -> stops.Heard | None:
    """None where it is one of the cadences' own mails, told by the key in its header."""
    is_ours = mail.direction == "out"
    if is_ours and any(name == KEY_HEADER.lower() for name, _ in json.loads(mail.headers)):
        return None
    if mail.said:
        return _as_said(mail, in_thread=in_thread)
    visible = split_quoted(mail.text)[0]
    opt_out = ""
    if mail.kind == Kind.HUMAN and not is_ours:
        opt_out = read_opt_out(mail.subject, visible, author=mail.author)
    is_note, absence = False, None
    text = made_whole(visible[:_MOST_TEXT])
    is_machines = not COMMENTED.match(visible) and not _is_desks(mail.subject, text)
    if mail.kind == Kind.AUTOMATIC and mail.rule not in _NO_NOTES and is_machines and not is_ours:
        absence = read_absence(mail.subject, text, written=from_ms(mail.sent_at).date())
        if mail.rule in _NAME_DAYS_TOO:
            absence = absence if absence and absence.is_said else None
        is_note = absence is not None or (
            mail.rule not in _NAME_DAYS_TOO and _speaks_of_absence(mail, text)
        )
    return stops.Heard(
        kind=mail.kind,
        rule=mail.rule,
        opt_out=opt_out,
        is_absence=is_note,
        back_on=absence.back_on if absence else None,
        is_receipt=mail.kind == Kind.AUTOMATIC and is_receipt(mail.subject, text),
        is_ours=is_ours,
        in_thread=in_thread,
    )


def fates_in(mail: Heard) -> dict[str, str]:
    """Whom a report of a failure names, with the rule that each one's fate falls under."""
    named = failed_recipients(
        mail.rule,
        report=mail.report,
        headers=json.loads(mail.headers),
        # A person may say so of any mail, and an address in what people wrote is not one that failed.
        text="" if mail.said else mail.text,
    )
    return dict.fromkeys(named, mail.rule) if mail.said else named


def _as_said(mail: Heard, *, in_thread: bool) -> stops.Heard:
    """By a person's word; what the mail's own words say counts no more."""
    said = Said(mail.said)
    return stops.Heard(
        kind=mail.kind,
        rule=mail.rule,
        opt_out="a person said so" if said is Said.OPT_OUT else "",
        is_absence=said is Said.ABSENCE,
        back_on=date.fromisoformat(mail.back_on) if mail.back_on else None,
        # A list in our own thread is unclear to rules. It is clear to whoever looked.
        in_thread=in_thread and said is not Said.BULK,
    )


def _is_desks(subject: str, text: str) -> bool:
    """Of days somebody will be back says such mail nothing, whatever days it names."""
    is_away = auto_replies.ABSENT_WORDS.search(text) is not None
    return is_held(subject, text) or (opens_a_ticket(subject, text) and not is_away)


def _speaks_of_absence(mail: Heard, text: str) -> bool:
    """A ticket's number or a robot's thanks does not."""
    said = f"{mail.subject}\n{text}"
    if auto_replies.ABSENT_WORDS.search(said):
        return True
    is_away = auto_replies.AWAY_PERHAPS.search(said) is not None
    if auto_replies.SUBJECT.match(mail.subject):
        only_answers = auto_replies.AUTOMATIC_SUBJECT.match(mail.subject) is not None
        return is_away or not (only_answers and says_it_came_in(text))
    if "vacation" in mail.evidence.lower():  # Auto-Submitted: auto-replied (vacation)
        return True
    return is_away and not is_receipt(mail.subject, text)
