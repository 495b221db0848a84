"""Mail through a group of ours: people write to sales@, and a list program (Google Groups, Mailman) hands it on.

It puts a list's fields on every mail, and where the writer's domain forbids others to send in its name (DMARC), it
writes in its own and says whose words these are in X-Original-From (Google) or Reply-To. Whoever wrote to us so is no
newsletter. A mailing that somebody sends to the group stays one: it brings marks of its own, beside those of the group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from inboxcrm.mail.addresses import domain_of, match_key
from inboxcrm.mail.headers import LIST_FIELDS, parse_address_list
from inboxcrm.mail.message import Message, Participant, Role

_OF_A_MAILING = frozenset(("feedback-id", "list-unsubscribe-post", "x-campaign-id"))
_ADDRESS = re.compile(r"[^\s<>;:,\"]{1,64}@[^\s<>;:,\"?]{1,190}")
_NAMED = re.compile(r"<([^\s<>.@]{1,64})\.([^\s<>@]{1,190})>")
"""RFC 2919: a list's id is its name and its house, with a dot between them."""
_GOOGLE = "googlegroups."
"""Where groups of Workspace are left, whatever their domain."""
_VIA = re.compile(r"^['\"]?(.+?)['\"]? via .+$", re.IGNORECASE)


def as_written(message: Message, *, is_own: Callable[[str], bool]) -> Message | None:
    """The mail as it was before a group of ours handed it on: from its writer, without the list's fields. None where it
    came through none, or is a mailing that was sent to it.
    """
    if not any(name in LIST_FIELDS for name, _ in message.headers):
        return None
    group = next((one for one in _list_addresses(message.headers) if _is_ours(one, is_own)), "")
    if not group or any(_is_of_a_mailing(name, value, group) for name, value in message.headers):
        return None
    headers = tuple(
        (name, value)
        for name, value in message.headers
        if name not in LIST_FIELDS and (name, value.lower()) != ("precedence", "list")
    )
    writer = _writer(message, is_own=is_own)
    if writer is None:
        return replace(message, headers=headers)
    others = tuple(one for one in message.participants if one.role is not Role.FROM)
    return replace(message, headers=headers, participants=(writer, *others))


def _list_addresses(headers: Iterable[tuple[str, str]]) -> Iterable[str]:
    for name, value in headers:
        if name in {"list-post", "mailing-list", "x-beenthere"}:
            found = _ADDRESS.search(value.replace("mailto:", " "))
            if found:
                yield match_key(found[0])
        elif name == "list-id":
            named = _NAMED.search(value)
            if named:
                yield match_key(f"{named[1]}@{named[2]}")


def _is_ours(address: str, is_own: Callable[[str], bool]) -> bool:
    """Mailman likes a house within the house: sales@lists.ourfirm.example."""
    local, _, domain = address.rpartition("@")
    return is_own(address) or is_own(f"{local}@{domain.partition('.')[2]}")


def _is_of_a_mailing(name: str, value: str, group: str) -> bool:
    if name in _OF_A_MAILING:
        return True
    house = domain_of(group)
    return name in {"list-id", "list-unsubscribe"} and not (
        house in value.lower() or _GOOGLE in value.lower()
    )


def _writer(message: Message, *, is_own: Callable[[str], bool]) -> Participant | None:
    """Whoever the group speaks for; None where it left the sender as it was."""
    author = message.author
    if author is None or not is_own(author.key):
        return None
    told = _VIA.match(author.name)
    if told is None:
        return None
    for name, shown in parse_address_list(message.header("x-original-from")):
        key = match_key(shown)
        if key and not is_own(key):
            return Participant(Role.FROM, key, shown, name or told[1])
    for person in message.in_role(Role.REPLY_TO):
        if not is_own(person.key):
            return Participant(Role.FROM, person.key, person.shown, person.name or told[1])
    return None
