"""One located mail of an mbox file, read: what the file's own process and the reading child both do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from inboxcrm.mail.dates import parse_date
from inboxcrm.mail.mime import parse
from inboxcrm.mail.reading import read_message
from inboxcrm.mbox.scan import MAX_KEPT, Located
from inboxcrm.mbox.takeout import takeout_marks
from inboxcrm.ports import Fetched

NO_SEPARATOR = "The file does not begin with a separator line; this mail may lack its beginning."
CUT_SHORT = "The file ends in the middle of this mail."


def read_letter(found: Located) -> Fetched:
    message = parse(found.kept)
    defects = message.defects
    if not found.has_separator:
        defects = (*defects, NO_SEPARATOR)
    if found.is_cut:
        size, kept = found.size_bytes // 1_000_000, MAX_KEPT // 1_000_000
        defects = (*defects, f"Only the first {kept} MB of this mail of {size:,} MB were read.")
    elif found.is_unfinished:
        defects = (*defects, CUT_SHORT)
    if defects != message.defects or message.size_bytes != found.size_bytes:
        message = replace(message, defects=defects, size_bytes=found.size_bytes)
    labels, thread_ref = takeout_marks(found.kept)
    return Fetched(
        ref=found.ref,
        thread_ref=thread_ref,
        labels=labels,
        received_at=_from_line_date(found.from_line),
        message=message,
        reading=read_message(message),
    )


def _from_line_date(line: bytes) -> datetime | None:
    """The date at the end of "From bob@acme.example Thu Aug 22 13:15:25 2002", by convention UTC."""
    words = line.decode("ascii", "replace").split()[2:]
    if len(words) < 4:
        return None
    at = parse_date(" ".join(words))
    return at.astimezone(UTC) if at else None
