"""A tree of parts to a Message: the fields of the header, and what `contents` found below it.

Shared by raw bytes and providers' trees, so that one mail is one Message however it arrived.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import islice

from inboxcrm.mail.addresses import is_no_reply, match_key
from inboxcrm.mail.charsets import decode_bytes
from inboxcrm.mail.contents import read_contents
from inboxcrm.mail.dates import fits_received, parse_date, received_date
from inboxcrm.mail.headers import KEPT, decode_header_text, parse_address_list
from inboxcrm.mail.message import MAX_PARTICIPANTS, DateSource, Message, Participant, Role
from inboxcrm.mail.part import Part
from inboxcrm.mail.part_fields import field_text

MAX_SUBJECT = 1_000
MAX_MESSAGE_ID = 2_000
MAX_REFERENCES = 100
_MAX_KEPT = 60
_MAX_KEPT_LENGTH = 500
_MAX_REMEMBERED = 300
_MAX_NAME = 200

SUBJECT_CUT = f"The subject is longer than {MAX_SUBJECT:,} characters and was cut."
NO_DATE = "The mail has no date."
BAD_DATE = "The date cannot be read."
ODD_DATE = "The date does not fit the time at which the mail was received."
NO_AUTHOR = "The mail does not say who wrote it."
MANY_PEOPLE = f"The mail has more than {MAX_PARTICIPANTS} participants; the rest was only counted."

_ID = re.compile(r"<([^<>]*)>")
_ROLES = {
    "from": Role.FROM,
    "sender": Role.SENDER,
    "reply-to": Role.REPLY_TO,
    "to": Role.TO,
    "cc": Role.CC,
    "bcc": Role.BCC,
    "delivered-to": Role.DELIVERED_TO,
}
_ROLE_ORDER = {role: place for place, role in enumerate(_ROLES.values())}


def build_message(root: Part, size_bytes: int) -> Message:
    contents = read_contents(root)
    defects = contents.defects
    fields: dict[str, str | bytes] = {}
    people: list[tuple[Role, str | bytes]] = []
    kept: list[tuple[str, str]] = []
    for name, value in root.headers:
        if name in KEPT:
            if len(kept) < _MAX_KEPT and (name != "return-path" or _is_telling(value)):
                kept.append((name, decode_header_text(value)[:_MAX_KEPT_LENGTH]))
            continue
        role = _ROLES.get(name)
        if role is None or (role is Role.DELIVERED_TO and name in fields):
            fields.setdefault(name, value)  # only the topmost Delivered-To is ours
            continue
        fields.setdefault(name, value)
        people.append((role, value))

    participants, participant_count = _read_people(people)
    if participant_count > MAX_PARTICIPANTS:
        defects.append(MANY_PEOPLE)
    if not participants or participants[0].role not in {Role.FROM, Role.SENDER}:
        defects.append(NO_AUTHOR)
    date, date_source = _read_date(fields, defects)
    subject = decode_header_text(fields.get("subject", ""))
    if len(subject) > MAX_SUBJECT:
        subject = subject[:MAX_SUBJECT]
        defects.append(SUBJECT_CUT)
    own_ids = _read_ids(fields.get("message-id", ""))
    references = _read_ids(fields.get("references", ""))
    if len(references) > MAX_REFERENCES:
        references = (*references[:10], *references[10 - MAX_REFERENCES :])
    report_type = ""
    if root.content_type == "multipart/report":
        report_type = decode_header_text(root.params.get("report-type", "")).lower()[:100]
    return Message(
        message_id=own_ids[0] if own_ids else "",
        in_reply_to=_read_ids(fields.get("in-reply-to", ""))[:10],
        references=references,
        date=date,
        date_source=date_source,
        subject=subject,
        participants=participants,
        participant_count=participant_count,
        text=contents.text,
        html=contents.html,
        headers=tuple(kept),
        attachments=tuple(contents.attachments),
        calendar_method=contents.calendar_method,
        report_type=report_type,
        report_text=contents.report_text,
        size_bytes=size_bytes,
        defects=tuple(defects),
    )


def _is_telling(return_path: str | bytes) -> bool:
    """Empty, or a mail system's own address: evidence of a machine, and no reader's address in it."""
    address = field_text(return_path).strip("<> \t")
    return not address or (
        is_no_reply(match_key(address).partition("+")[0] + "@") and "=" not in address
    )


def _read_people(fields: list[tuple[Role, str | bytes]]) -> tuple[tuple[Participant, ...], int]:
    people: dict[tuple[Role, str], Participant] = {}
    if len(fields) > 1:
        fields.sort(key=lambda field: _ROLE_ORDER[field[0]])
    for role, value in fields:
        # Bytes in no declared charset: whole characters first, structure after.
        text = decode_bytes(value)[0] if isinstance(value, bytes) else value
        read = _remembered_participants if len(text) <= _MAX_REMEMBERED else _participants
        for person in read(role, text):
            people.setdefault((role, person.key), person)
    return tuple(islice(people.values(), MAX_PARTICIPANTS)), len(people)


def _participants(role: Role, value: str) -> tuple[Participant, ...]:
    return tuple(
        Participant(role, match_key(shown), decode_header_text(shown), name[:_MAX_NAME])
        for name, shown in parse_address_list(value)
    )


_remembered_participants = lru_cache(maxsize=1024)(_participants)
"""The same lists come again and again: our own address, a mailing list's, a colleague's."""


def _read_date(
    fields: dict[str, str | bytes], defects: list[str]
) -> tuple[datetime | None, DateSource]:
    raw = fields.get("date", "")
    text = field_text(raw)
    written = parse_date(text) if text else None
    received_raw = fields.get("received", "")
    received = received_date(field_text(received_raw)) if received_raw else None
    if written is not None and (received is None or fits_received(written, received)):
        return written, DateSource.HEADER
    if not text:
        defects.append(NO_DATE)
    else:
        defects.append(BAD_DATE if written is None else ODD_DATE)
    if received is not None:
        return received, DateSource.RECEIVED
    return None, DateSource.NONE


def _read_ids(value: str | bytes) -> tuple[str, ...]:
    """Message ids without brackets, in order, each once. Text around them (old In-Reply-To) is passed over."""
    if not value:
        return ()
    plain = isinstance(value, str) and value.isascii() and "=?" not in value and value.isprintable()
    text = str(value) if plain else decode_header_text(value)
    if "<" in text:
        found = ["".join(inside.split()) for inside in _ID.findall(text)]
        if not any(found) and text.count("<") == 1 and ">" not in text:
            found = ["".join(text.partition("<")[2].split())]
    else:
        found = (
            [word for word in text.strip(">").split() if "@" in word] if text.count(" ") < 2 else []
        )
    return tuple(dict.fromkeys(_bounded(each) for each in found if each))


def _bounded(message_id: str) -> str:
    """Ids of absurd length stay apart by their hash."""
    if len(message_id) <= MAX_MESSAGE_ID:
        return message_id
    digest = sha256(message_id.encode("utf-8", "replace")).hexdigest()
    return f"{message_id[: MAX_MESSAGE_ID - 70]}~{digest}"
