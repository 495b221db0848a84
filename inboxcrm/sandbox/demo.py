"""Files that let the product's own login and configuration point at the practice server."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from inboxcrm.sandbox.consent_page import CONSENT_AT_ONCE, CONSENT_PAGE
from inboxcrm.sandbox.signing import CERTIFICATES_PATH
from inboxcrm.sandbox.tokens import CLIENT_ID, CLIENT_SECRET, READONLY, standing_token


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


def write_client_file(
    path: Path, url: str, *, kind: str = "installed", asks: bool = False, redirect_uri: str = ""
) -> None:
    """A client file whose consent page is the practice server's. It agrees at once, unless it `asks`: then a person has
    to choose and to click.
    """
    _write_private(
        path,
        {
            kind: {
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "auth_uri": f"{url}{CONSENT_PAGE if asks else CONSENT_AT_ONCE}",
                "token_uri": f"{url}/token",
                "auth_provider_x509_cert_url": f"{url}{CERTIFICATES_PATH}",
                "redirect_uris": [redirect_uri or "http://localhost"],
            }
        },
    )


def _write_private(path: Path, content: dict[str, object]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
    path.chmod(0o600)
