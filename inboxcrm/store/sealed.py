"""Secrets in the database: sealed with a key that lies elsewhere, so that a copy of the database opens no mailbox.

Where the key comes from, the first that is there:

    INBOXCRM_KEY            one key, or several with commas between them
    [security] key_file     a file of keys, one a line
    inboxcrm.key            beside a SQLite database, made at first need, for its owner's eyes only

The first key seals, every one of them opens: this is how a key is exchanged while the program runs. The file is read
anew each time, so a running program follows an exchange without a restart. What no key opens counts as lost: whoever
asks gets None and says "reconnect". No key and no secret ever stands in a message.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from inboxcrm.errors import UsageError

KEY_VARIABLE = "INBOXCRM_KEY"
KEY_FILE_NAME = "inboxcrm.key"
_HEAD = (
    "# inboxcrm: keys that seal secrets in the database. Keep a copy apart from the database's.\n"
)
_LARGEST_FILE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Seals:
    """`given` are keys from the environment; `may_make` where a missing key file may be made."""

    given: str = field(default="", repr=False)
    key_file: Path | None = None
    may_make: bool = False

    def check(self) -> None:
        """Raises UsageError where nothing could be sealed now; makes the key file where that is allowed."""
        self._keys_to_seal()

    def seal(self, secret: str, *, purpose: str) -> str:
        """Opens for the same purpose only, so that a sealed text moved to another row is worth nothing.

        Called inside the write transaction that stores the result: an exchange of keys counts on it (`keys rotate`).
        """
        sealer = MultiFernet([Fernet(key) for key in self._keys_to_seal()])
        return sealer.encrypt(json.dumps([purpose, secret]).encode()).decode("ascii")

    def open(self, sealed: str, *, purpose: str) -> str | None:
        """None when no key opens it, or it was sealed for something else. Raises UsageError for unreadable keys."""
        return opened(self.keys(), sealed, purpose=purpose)

    def keys(self) -> tuple[str, ...]:
        """The newest first; empty when there is none yet."""
        if self.given:
            return _parsed(self.given.replace(",", "\n"), KEY_VARIABLE)
        if self.key_file is None:
            return ()
        try:
            return _parsed(_read(self.key_file), str(self.key_file))
        except FileNotFoundError:
            return ()

    def _keys_to_seal(self) -> tuple[str, ...]:
        keys = self.keys()
        if keys:
            return keys
        if self.key_file is None or not self.may_make:
            raise UsageError(
                "There is no key to keep mailbox consents with, and without one they would lie open in the database.",
                remedy=f"Make one with `inboxcrm keys new`, and set it as {KEY_VARIABLE} in the environment, or write "
                "it into a file named as [security] key_file in config.toml.",
            )
        made = new_key()
        if write_keys(self.key_file, [made], only_new=True):
            return (made,)
        return self.keys()  # another process was quicker


def new_key() -> str:
    return Fernet.generate_key().decode("ascii")


def opened(keys: tuple[str, ...], sealed: str, *, purpose: str) -> str | None:
    if not keys:
        return None
    try:
        text = MultiFernet([Fernet(key) for key in keys]).decrypt(sealed.encode())
        held_for, secret = json.loads(text)
    except (InvalidToken, ValueError, TypeError):
        return None
    return str(secret) if held_for == purpose else None


def write_keys(path: Path, keys: list[str], *, only_new: bool = False) -> bool:
    """Replaces the file in one step, mode 0600 from birth; False when `only_new` and it was there already."""
    try:
        handle, name = tempfile.mkstemp(prefix=".key-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(_HEAD + "".join(f"{key}\n" for key in keys))
                file.flush()
                os.fsync(file.fileno())
            if only_new:
                os.link(name, path)  # fails where the file is, unlike a rename
                Path(name).unlink()
            else:
                Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except FileExistsError:
        return False
    except OSError as error:
        raise UsageError(
            f"The key file {path} cannot be written ({error.strerror}).",
            remedy=f"Make its folder writable, name another [security] key_file, or set {KEY_VARIABLE}.",
        ) from error
    return True


def _parsed(text: str, where: str) -> tuple[str, ...]:
    keys = [line.strip() for line in text.splitlines()]
    keys = [key for key in keys if key and not key.startswith("#")]
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise UsageError(
                f"{where} does not hold a key as inboxcrm makes them.",
                remedy="Put the right key there, or make a new one with `inboxcrm keys new`; "
                "mailboxes connected in the browser then have to be reconnected.",
            ) from None
    return tuple(keys)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                _make_private(path, file.fileno())
            return file.read(_LARGEST_FILE_BYTES).decode("ascii", "replace")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UsageError(
            f"The key file {path} cannot be read ({error.strerror}).",
            remedy="Make it belong to the account that runs inboxcrm, with mode 0600.",
        ) from error


def _make_private(path: Path, descriptor: int) -> None:
    try:
        os.fchmod(descriptor, 0o600)
    except OSError:
        raise UsageError(
            f"Others can read the key file {path}, and we may not change that.",
            remedy=f"Run as its owner: chmod 600 {path}",
        ) from None
