"""How each outside address is met on one message: the evidence capture decides from.

It works on plain stored facts, so that evidence can be rebuilt from the database without reading the mail again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from inboxcrm.leads.capture import Sign
from inboxcrm.mail.classify import Kind
from inboxcrm.mail.message import Role

FORM_ROLE = "form"
"""The role under which the person behind a contact form is stored beside the participants of the header."""

_VIA = re.compile(
    r"\b(via|on behalf of|im auftrag von|de la part de|por encargo de)\b", re.IGNORECASE
)

_MACHINE_SIGN = {
    Kind.AUTOMATIC: Sign.AUTOMATIC,
    Kind.BULK: Sign.BULK,
    Kind.BOUNCE_HARD: Sign.BOUNCE,
    Kind.BOUNCE_SOFT: Sign.BOUNCE,
    Kind.CALENDAR: Sign.CALENDAR,
}

_RECIPIENTS = frozenset({Role.TO.value, Role.CC.value, Role.BCC.value})
_VISIBLE = frozenset({Role.TO.value, Role.CC.value})
_SENDERS = frozenset({Role.FROM.value, Role.SENDER.value})


class Met(NamedTuple):
    """An address on a message: `role` is a Role value or FORM_ROLE."""

    key: str
    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """`recipient_count` counts To, Cc and Bcc, also those beyond the stored 500."""

    kind: str
    direction: str
    people: tuple[Met, ...]
    recipient_count: int


def signs_of(
    facts: MessageFacts, *, is_own: Callable[[str], bool], max_recipients: int
) -> dict[str, Sign]:
    """For each outside address of the message its one sign; the strongest where it stands in several roles.

    Senders that are only Reply-To or Delivered-To are no participants of their own.
    """
    signs: dict[str, Sign] = {}
    kind = Kind(facts.kind)
    machine = _MACHINE_SIGN.get(kind)
    form = [person for person in facts.people if person.role == FORM_ROLE]
    outgoing = facts.direction == "out"
    undisclosed = not outgoing and not any(person.role in _VISIBLE for person in facts.people)
    for person in facts.people:
        if is_own(person.key):
            continue
        if person.role in _RECIPIENTS:
            if not outgoing:
                sign = machine or Sign.COPIED
                sign = Sign.COPIED if machine is not Sign.BOUNCE else sign
            elif machine:
                sign = machine
            else:
                sign = (
                    Sign.WE_WROTE_MANY if facts.recipient_count > max_recipients else Sign.WE_WROTE
                )
        elif person.role == FORM_ROLE:
            sign = Sign.FORM
        elif person.role in _SENDERS:
            if facts.direction != "in":
                sign = Sign.SENT_AS
            elif form:
                sign = Sign.AUTOMATIC
            elif machine:
                sign = machine
            elif undisclosed:
                sign = Sign.UNDISCLOSED
            else:
                sign = Sign.FORWARDED if _VIA.search(person.name) else Sign.THEY_WROTE
        else:
            continue
        held = signs.get(person.key)
        if held is None or _ORDER[sign] < _ORDER[held]:
            signs[person.key] = sign
    return signs


_ORDER = {sign: place for place, sign in enumerate(Sign)}


def direction_of(
    people: Iterable[Met], labels: Iterable[str], *, is_own: Callable[[str], bool]
) -> str:
    """in, out or internal. SENT says we sent it, whatever the From line claims; a form's mail is always inbound."""
    held = list(people)
    author = next((person for person in held if person.role == Role.FROM.value), None) or next(
        (person for person in held if person.role == Role.SENDER.value), None
    )
    if any(person.role == FORM_ROLE for person in held):
        return "in"
    ours = "SENT" in set(labels) or (author is not None and is_own(author.key))
    if not ours:
        return "in"
    others = [person for person in held if person.role in _RECIPIENTS]
    if others and all(is_own(person.key) for person in others):
        return "internal"
    return "out"
