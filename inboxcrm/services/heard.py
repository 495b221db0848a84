"""One stored mail as the table of stops asks for it: its verdict, and what its words say beyond that."""

from __future__ import annotations

import json

from inboxcrm.cadence import stops
from inboxcrm.cadence.compose import KEY_HEADER
from inboxcrm.mail import auto_replies
from inboxcrm.mail.absences import read_absence
from inboxcrm.mail.classify import Kind
from inboxcrm.mail.opt_outs import read_opt_out
from inboxcrm.mail.reply import split_quoted
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.heard_mail import Heard

_NO_NOTES = frozenset({"read_receipt", "report", "delivery_receipt", "delivery_delayed"})


def read_heard(mail: Heard, *, in_thread: bool) -> stops.Heard | None:
    """None where it is one of the cadences' own mails, told by the key in its header."""
    is_ours = mail.direction == "out"
    if is_ours and any(name == KEY_HEADER.lower() for name, _ in json.loads(mail.headers)):
        return None
    visible = split_quoted(mail.text)[0]
    opt_out = ""
    if mail.kind == Kind.HUMAN and not is_ours:
        opt_out = read_opt_out(mail.subject, visible, author=mail.author)
    is_note, absence = False, None
    if mail.kind == Kind.AUTOMATIC and mail.rule not in _NO_NOTES and not is_ours:
        absence = read_absence(mail.subject, visible, written=from_ms(mail.sent_at).date())
        is_note = absence is not None or _speaks_of_absence(mail.subject, visible)
    return stops.Heard(
        kind=mail.kind,
        rule=mail.rule,
        opt_out=opt_out,
        is_absence=is_note,
        back_on=absence.back_on if absence else None,
        is_ours=is_ours,
        in_thread=in_thread,
    )


def _speaks_of_absence(subject: str, text: str) -> bool:
    """A ticket's number or a robot's thanks does not."""
    return bool(
        auto_replies.SUBJECT.match(subject)
        or auto_replies.AWAY_WORDS.search(subject)
        or auto_replies.AWAY_WORDS.search(text[:3_000])
    )
