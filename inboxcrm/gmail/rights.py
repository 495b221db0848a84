"""Which of Google's scopes lets us do what, and what a token file says of them.

Without Google's libraries, which take long to import: the commands that only declare mailboxes ask here too.
"""

from __future__ import annotations

import json
from pathlib import Path

from inboxcrm.ports import Right

READONLY = "https://www.googleapis.com/auth/gmail.readonly"
SENDING = "https://www.googleapis.com/auth/gmail.compose"  # drafts, and sending them
_BOTH = frozenset({"https://www.googleapis.com/auth/gmail.modify", "https://mail.google.com/"})
READING_SCOPES = _BOTH | {READONLY}
SENDING_SCOPES = _BOTH | {SENDING}
ASKED = {Right.READ: [READONLY], Right.SEND: [READONLY, SENDING]}
LARGEST_FILE_BYTES = 64 * 1024


def can_read_mail(scopes: object) -> bool:
    """Whether any of them lets us read. A file without scopes is taken at its word until Gmail says
    otherwise.
    """
    if scopes is None:
        return True
    names = scopes.split() if isinstance(scopes, str) else scopes
    return isinstance(names, list | tuple) and not READING_SCOPES.isdisjoint(map(str, names))


def scopes_in(token_file: Path) -> tuple[str, ...]:
    """What the file says was granted, of what we know; nothing where there is no file, or none that says it. Whether
    the file is any good is found out by whoever reads mail with it.
    """
    try:
        with token_file.open("rb") as file:
            info = json.loads(file.read(LARGEST_FILE_BYTES))
        scopes = info["scopes"]
        names = scopes.split() if isinstance(scopes, str) else [str(one) for one in scopes]
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return ()
    return tuple(sorted({one for one in names if one in READING_SCOPES | SENDING_SCOPES}))
