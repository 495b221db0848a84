"""Everything about a fetched mail that can be known without the database, worked out before the transaction opens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from inboxcrm.leads.capture import Sign
from inboxcrm.leads.own import CapturePolicy, OwnSet
from inboxcrm.leads.signs import FORM_ROLE, MessageFacts, Met, direction_of, signs_of
from inboxcrm.mail.classify import Verdict, classify
from inboxcrm.mail.forms import form_identity
from inboxcrm.mail.groups import as_written
from inboxcrm.mail.message import Message, Participant, Role
from inboxcrm.mail.reading import Reading, read_message
from inboxcrm.mail.wanted import is_withdrawn
from inboxcrm.ports import Fetched

_RECIPIENTS = (Role.TO, Role.CC, Role.BCC)
_PRIVATE = (Role.BCC, Role.DELIVERED_TO)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A fetched mail with all that follows from it. `visible` are the participants every reader of the mail sees."""

    fetched: Fetched
    key: str
    refs: tuple[str, ...]
    sent_at: datetime
    verdict: Verdict
    direction: str
    visible: tuple[tuple[str, Participant], ...]
    blind: tuple[Participant, ...]
    delivered_to: str
    recipient_count: int
    signs: dict[str, Sign]
    is_withdrawn: bool
    reading: Reading

    @property
    def message(self) -> Message:
        return self.fetched.message


def prepare(fetched: Fetched, *, own: OwnSet, policy: CapturePolicy, now: datetime) -> Prepared:
    """`now` dates a mail that has no date of its own and that the provider gave none."""
    reading = fetched.reading or read_message(fetched.message)
    message, verdict = fetched.message, reading.verdict
    written = as_written(message, is_own=own.holds)
    if written is not None:
        verdict = classify(written)
        message = replace(message, participants=written.participants)
        fetched = replace(fetched, message=message)
    form = form_identity(written or message, is_own=own.holds)
    visible = [
        (person.role.value, person)
        for person in message.participants
        if person.role not in _PRIVATE
    ]
    if form is not None:
        visible.append((FORM_ROLE, form))
    blind = message.in_role(Role.BCC)
    delivered = message.in_role(Role.DELIVERED_TO)
    met = [Met(person.key, role, person.name) for role, person in visible]
    met += [Met(person.key, person.role.value, person.name) for person in blind]
    direction = direction_of(met, fetched.labels, is_own=own.holds)
    others = sum(1 for person in message.participants if person.role not in _RECIPIENTS)
    recipients = max(message.participant_count - others, 0)
    signs = signs_of(
        MessageFacts(verdict.kind.value, direction, tuple(met), recipients),
        is_own=own.holds,
        max_recipients=policy.max_recipients,
    )
    return Prepared(
        fetched=fetched,
        key=reading.key,
        refs=reading.refs,
        sent_at=message.date or fetched.received_at or now,
        verdict=verdict,
        direction=direction,
        visible=tuple(visible),
        blind=blind,
        delivered_to=delivered[0].shown if delivered else "",
        recipient_count=recipients,
        signs=signs,
        is_withdrawn=is_withdrawn(fetched.labels),
        reading=reading,
    )


def redirected(mail: Prepared, direction: str, *, own: OwnSet, policy: CapturePolicy) -> Prepared:
    """The same mail going that way, as other copies of it have shown."""
    if direction == mail.direction:
        return mail
    met = [Met(person.key, role, person.name) for role, person in mail.visible]
    met += [Met(person.key, person.role.value, person.name) for person in mail.blind]
    signs = signs_of(
        MessageFacts(mail.verdict.kind.value, direction, tuple(met), mail.recipient_count),
        is_own=own.holds,
        max_recipients=policy.max_recipients,
    )
    return replace(mail, direction=direction, signs=signs)
