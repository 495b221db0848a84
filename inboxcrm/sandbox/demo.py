"""Files that let the product's own login and configuration point at the practice server."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from inboxcrm.sandbox.tokens import READONLY, standing_token

CLIENT_ID = "sandbox-client.apps.example"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - of a server that has no secrets


def write_token_file(
    path: Path,
    url: str,
    *,
    address: str = "",
    refresh_token: str = "",
    scopes: Iterable[str] = (READONLY,),
    access_token: str = "",
) -> None:
    """An authorized-user file as Google's tools write it, but for the token address; readable by
    the owner alone.
    """
    _write_private(
        path,
        {
            "type": "authorized_user",
            "token": access_token,
            "refresh_token": refresh_token or standing_token(address),
            "token_uri": f"{url}/token",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "scopes": list(scopes),
            "universe_domain": "googleapis.com",
        },
    )


def write_client_file(path: Path, url: str) -> None:
    """An installed-app client file whose consent page is the practice server's (it agrees at
    once).
    """
    _write_private(
        path,
        {
            "installed": {
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "auth_uri": f"{url}/o/oauth2/auth",
                "token_uri": f"{url}/token",
                "redirect_uris": ["http://localhost"],
            }
        },
    )


def _write_private(path: Path, content: dict[str, object]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
    path.chmod(0o600)
