"""How a command ends: exit code 0 good, 1 failed, 2 wrong use or settings, 130 stopped by the keyboard.

What went wrong is told in two lines (what happened; what to do next) on standard error. A traceback is never shown:
where the fault is ours, it is written to a file whose name is told.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence

import click

from inboxcrm.cli.output import tell
from inboxcrm.errors import InboxcrmError, UsageError

STOPPED_BY_KEYBOARD = 130
FAILED = 1


def run() -> None:
    sys.exit(exit_code(sys.argv[1:]))


def exit_code(words: Sequence[str]) -> int:
    """Runs one command and says how it ended."""
    from inboxcrm.cli.commands import inboxcrm

    try:
        _check_letters(words)
        # click hands back the code of an early exit, and otherwise what the command returned: nothing.
        return inboxcrm.main(args=list(words), prog_name="inboxcrm", standalone_mode=False) or 0
    except InboxcrmError as error:
        tell(error.message, error.remedy)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped.", err=True)
        return STOPPED_BY_KEYBOARD
    except BrokenPipeError:
        # The reader of our output (`| head`) has seen enough. Python would complain once more while it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        what = f" ({error.filename})" if error.filename else ""
        tell(f"The system refused: {error.strerror or error}{what}.", _mending(error))
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last line of defence: nobody is to read a traceback
        tell(f"Something went wrong inside inboxcrm: {type(error).__name__}.", _written_down(error))
        return FAILED


def _check_letters(words: Sequence[str]) -> None:
    """Bytes that are no UTF-8 reach a program as halves of letters (PEP 383), which no database takes."""
    for word in words:
        shown = word.encode("utf-8", "replace").decode()
        if shown != word:
            raise UsageError(
                f'"{shown[:80]}" is not written in UTF-8.',
                remedy="Write it again in a terminal that is set to UTF-8.",
            )


def _mending(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return "Free some space where it was to be written, then run the same command again."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "Give this user the right to it, or name another place."
        case _:
            return _written_down(error)


def _written_down(error: BaseException) -> str:
    """Into a file only this user can read: details may hold lines of somebody's mail."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="inboxcrm-error-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            log.writelines(traceback.format_exception(error))
    except OSError:
        return "The details could not be written down: no space in the folder for temporary files."
    return f"Nothing half-done was kept. The details are in {log.name}; please send them with your report."
