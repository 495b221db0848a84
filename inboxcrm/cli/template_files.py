"""A template as somebody hands it to a command: files, standard input, VARIABLE=WORDS."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.cadence.attachments import OutgoingFile

_SUBJECT = "subject:"


def read_text(file: str) -> str:
    """UTF-8, with or without a mark at its start."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(
            f"Cannot read {file}: {error.strerror}.", remedy="Name another file."
        ) from None
    except UnicodeDecodeError:
        raise UsageError(
            f"{file} is not in UTF-8.", remedy="Save it as UTF-8, then try again."
        ) from None


def read_file(path: str) -> OutgoingFile:
    """A file that goes with a mail, under the name it has there."""
    from inboxcrm.cadence.attachments import LARGEST_MAIL_BYTES, OutgoingFile

    try:
        with Path(path).open("rb") as opened:
            content = opened.read(LARGEST_MAIL_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"Cannot read {path}: {error.strerror}.", remedy="Name another file."
        ) from None
    return OutgoingFile(Path(path).name, content)


def subject_and_text(text: str) -> tuple[str, str]:
    """A file may begin with `Subject: ...` and an empty line, as a mail does."""
    first, _, rest = text.replace("\r\n", "\n").partition("\n")
    if not first.lower().startswith(_SUBJECT):
        raise UsageError(
            "The template has no subject.",
            remedy="Add --subject, or begin the text with a line like `Subject: Hello`.",
        )
    return first[len(_SUBJECT) :].strip(), rest.removeprefix("\n")


def fallback_pair(text: str) -> tuple[str, str]:
    name, sign, words = text.partition("=")
    if not sign:
        raise UsageError(
            f'"{text}" is not VARIABLE=WORDS.', remedy='As in --fallback "first_name=there".'
        )
    return name.strip(), words.strip()
