"""The mail that is imported: a sample, repeated in rounds until there is enough of it.

The sample is the real one where it lies beside the repository (REAL_MBOX says where), else the
practice mailbox. Each round has message ids and senders of its own, so that no round is a copy.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from inboxcrm.sandbox.seed import seed_sales_mailbox

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "mail-sample.mbox"
_SEPARATOR = re.compile(rb"(?m)^From \S+ +\w{3} \w{3} [^\n]*\n")
_ID = re.compile(rb"(?im)^((?:message-id|in-reply-to|references):\s*<)")
_SENDER = re.compile(rb"(?im)^(from:[^\n]*?)([\w.+-]+@)")
_LINE = b"From MAILER-DAEMON Thu May 14 15:30:00 2026\n"


def sample() -> tuple[str, list[bytes]]:
    """Its name for people, and its mails."""
    named = os.environ.get("REAL_MBOX")
    path = Path(named) if named else _BESIDE
    if path.is_file():
        return "real mail", _SEPARATOR.split(path.read_bytes())[1:]
    now = datetime(2026, 5, 14, 15, 30, tzinfo=UTC)
    raws = [mail.raw.replace(b"\r\n", b"\n") for mail in seed_sales_mailbox(now)]
    return "practice mail", [re.sub(rb"(?m)^From ", b">From ", raw) for raw in raws]


def in_rounds(mails: list[bytes], count: int) -> Iterator[bytes]:
    for number in range(count):
        turn, place = divmod(number, len(mails))
        raw = mails[place]
        if turn:
            head, gap, body = raw.partition(b"\n\n")
            mark = b"r%d." % turn
            head = _ID.sub(lambda found: found[1] + mark, head)  # noqa: B023 - used at once
            head = _SENDER.sub(lambda found: found[1] + mark + found[2], head, count=1)  # noqa: B023
            raw = head + gap + body
        yield raw


def write_mbox(
    path: Path, mails: list[bytes], count: int, *, body_bytes: int | None = None
) -> None:
    """Bodies are cut to so many bytes, where that is said."""
    with path.open("wb") as file:
        for raw in in_rounds(mails, count):
            if body_bytes is not None:
                head, gap, body = raw.partition(b"\n\n")
                raw = head[: 4 * body_bytes] + gap + body[:body_bytes]  # noqa: PLW2901
            file.write(_LINE + raw.rstrip(b"\n") + b"\n\n")
