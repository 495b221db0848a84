"""A mailbox's consent as text and as a file: authorized-user JSON, for its owner's eyes only.

Google's own loader puts Google's token address in place of the one in the file, so we build the
credentials ourselves.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from google.oauth2.credentials import Credentials

from inboxcrm.errors import Denied, Reauth
from inboxcrm.gmail.login_faults import reconnect
from inboxcrm.gmail.rights import LARGEST_FILE_BYTES, can_read_mail

GOOGLE_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  an address, no secret
_NEEDED = ("refresh_token", "client_id", "client_secret")

_log = logging.getLogger(__name__)


def load_credentials(token_file: Path, *, mailbox: str = "NAME") -> Credentials:
    """The credentials in the file; the access token is renewed by itself. Raises Reauth, Denied."""
    remedy = reconnect(mailbox)
    return _as_credentials(
        _read(token_file, remedy), where=f"The token file {token_file}", remedy=remedy
    )


def credentials_from_text(text: str, *, keep: Callable[[str], None]) -> Credentials:
    """The same for a consent given in the browser. `keep` is handed the new text when Google changes the token that
    renews the others. Raises Reauth, Denied.
    """
    remedy = reconnect("")
    info = _parsed(text)
    if info is None:
        raise Reauth("What was kept of this mailbox's consent is damaged.", remedy=remedy)
    kept = _as_credentials(info, where="This mailbox's consent", remedy=remedy, kind=_Kept)
    assert isinstance(kept, _Kept)
    kept.keep = lambda credentials: keep(
        as_text(credentials, scopes=list(info.get("scopes") or []))
    )
    return kept


class _Kept(Credentials):
    """Tells when the refresh token was replaced: whoever went on with the old one would be locked out."""

    keep: Callable[[Credentials], None] | None = None

    def refresh(self, request: Any) -> None:
        before = self.refresh_token
        super().refresh(request)  # type: ignore[no-untyped-call]
        if self.keep is not None and self.refresh_token and self.refresh_token != before:
            self.keep(self)


def _as_credentials(
    info: dict[str, Any], *, where: str, remedy: str, kind: type[Credentials] = Credentials
) -> Credentials:
    missing = [key for key in _NEEDED if not isinstance(info.get(key), str) or not info[key]]
    if missing:
        raise Reauth(f"{where} is not complete: {', '.join(missing)} is missing.", remedy=remedy)
    if not can_read_mail(info.get("scopes")):
        raise Reauth(
            f"{where} does not carry the right to read mail.",
            remedy=f"{remedy}, and leave every box on the consent page ticked.",
        )
    token_uri = str(info.get("token_uri") or GOOGLE_TOKEN_URI)
    if not is_safe_address(token_uri):
        raise Denied(
            f"{where} names a token_uri without https: the consent would travel in the clear.",
            remedy="Remove token_uri from the file, or use an https address.",
        )
    # Scopes are left out on purpose: named here, they would be asked for anew at each renewal.
    return kind(
        token=info.get("token"),
        refresh_token=info["refresh_token"],
        token_uri=token_uri,
        client_id=info["client_id"],
        client_secret=info["client_secret"],
        expiry=_expiry(info.get("expiry")),
    )


def as_text(credentials: Credentials, *, scopes: list[str]) -> str:
    """Authorized-user JSON."""
    info = {
        "type": "authorized_user",
        "token": credentials.token,
        "refresh_token": credentials.refresh_token,
        "token_uri": credentials.token_uri,
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "scopes": sorted(scopes),
        "expiry": credentials.expiry.isoformat() + "Z" if credentials.expiry else None,
    }
    return json.dumps(info, indent=2)


def write_credentials(token_file: Path, credentials: Credentials, *, scopes: list[str]) -> None:
    """Replaces the file in one step; nobody else can read it at any moment."""
    folder = token_file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix=".token-", dir=folder)  # mode 0600 from birth
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(as_text(credentials, scopes=scopes) + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(token_file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Denied(
            f"The token cannot be written to {token_file} ({error.strerror}).",
            remedy="Make the folder writable or name another token_file in config.toml, then "
            "connect again.",
        ) from error


def is_safe_address(address: str) -> bool:
    """https, or this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or is_loopback(address)


def is_loopback(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}


def _read(token_file: Path, remedy: str) -> dict[str, Any]:
    try:
        with token_file.open("rb") as file:
            _keep_private(token_file, file.fileno())
            content = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise Reauth(
            f"There is no token file {token_file}: this mailbox has not been connected yet.",
            remedy=remedy,
        ) from error
    except OSError as error:
        raise Denied(
            f"The token file {token_file} cannot be read ({error.strerror}).",
            remedy="Make the file belong to the account that runs inboxcrm, with mode 0600.",
        ) from error
    info = _parsed(content) if len(content) <= LARGEST_FILE_BYTES else None
    if info is None:
        raise Reauth(
            f"The token file {token_file} is damaged: it is no JSON object.", remedy=remedy
        )
    return info


def _parsed(content: str | bytes) -> dict[str, Any] | None:
    try:
        info = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return info if isinstance(info, dict) else None


def _keep_private(token_file: Path, descriptor: int) -> None:
    if os.name != "posix" or not stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
        return
    try:
        os.fchmod(descriptor, 0o600)
    except OSError as error:
        raise Denied(
            f"Others can read the token file {token_file}, and we may not change that.",
            remedy=f"Run as its owner: chmod 600 {token_file}",
        ) from error
    _log.warning(
        "The token file %s could be read by others on this machine; it is private now. "
        "If others use this machine, connect the mailbox again.",
        token_file,
    )


def _expiry(text: object) -> datetime | None:
    """Naive UTC, as google-auth wants it. A token without a readable end counts as expired."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return datetime(1970, 1, 1)  # noqa: DTZ001  see above
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
