"""Signing in with Google (OpenID Connect Core 1.0, section 3.1: the code flow). Implements ports.Identity.

The ID token is checked whole: signature by Google's published keys, audience, issuer, times, and the nonce that ties it
to the browser that asked. The nonce is the hash of the secret kept there (PKCE, RFC 7636), so nothing more is kept.

Google vouches for an address only where it runs the mail: its own domain, or one whose Workspace the account stands in
(`hd`). Any other address was merely typed in once and may belong to somebody else by now.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Any

from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import Request
from google.oauth2 import id_token
from google_auth_oauthlib.flow import Flow

from inboxcrm.errors import Denied, Offline, Reauth
from inboxcrm.gmail.consent import (
    client_in_browser,
    fetch_token,
    origin_of_consent,
    plain_http_to_ourselves,
)
from inboxcrm.ports import ConsentRequest, Identified

PROVIDER = "google"
AGAIN = "Begin again on the sign-in page"
ISSUERS = frozenset({"accounts.google.com", "https://accounts.google.com"})
CERTIFICATES = "https://www.googleapis.com/oauth2/v1/certs"
SCOPES = [
    "openid",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
]
CLOCK_SKEW_SECONDS = 60


class GoogleIdentity:
    """Knows only where the client file lies."""

    def __init__(self, client_file: Path) -> None:
        self._client_file = client_file

    @property
    def consent_origin(self) -> str:
        return origin_of_consent(self._client_file)

    def begin(self, *, redirect_uri: str) -> ConsentRequest:
        verifier = secrets.token_urlsafe(64)
        flow = self._flow(redirect_uri, code_verifier=verifier, autogenerate_code_verifier=False)
        with plain_http_to_ourselves(flow.client_config["auth_uri"]):
            url, state = flow.authorization_url(nonce=_nonce(verifier), prompt="select_account")
        return ConsentRequest(str(url), str(state), verifier)

    def verify(self, answer: str, *, state: str, verifier: str, redirect_uri: str) -> Identified:
        flow = self._flow(redirect_uri, state=state, code_verifier=verifier)
        fetch_token(flow, answer, redirect_uri=redirect_uri, again=AGAIN)
        return _read(self._claims(flow), nonce=_nonce(verifier))

    def _claims(self, flow: Flow) -> dict[str, Any]:
        token = flow.oauth2session.token.get("id_token")
        if not token:
            raise Reauth("Google did not say who you are.", remedy=f"{AGAIN}.")
        client = flow.client_config
        try:
            claims = id_token.verify_token(
                token,
                Request(),
                audience=client["client_id"],
                certs_url=client.get("auth_provider_x509_cert_url") or CERTIFICATES,
                clock_skew_in_seconds=CLOCK_SKEW_SECONDS,
            )
        except TransportError as error:
            raise Offline(
                "Google's keys could not be fetched.", remedy=f"Check the network. {AGAIN}."
            ) from error
        except (ValueError, GoogleAuthError) as error:
            raise Reauth(
                "What Google said about you could not be checked.", remedy=f"{AGAIN}."
            ) from error
        return dict(claims)

    def _flow(self, redirect_uri: str, **more: Any) -> Flow:
        kind, client = client_in_browser(self._client_file)
        return Flow.from_client_config({kind: client}, SCOPES, redirect_uri=redirect_uri, **more)


def _read(claims: dict[str, Any], *, nonce: str) -> Identified:
    if claims.get("iss") not in ISSUERS or claims.get("nonce") != nonce or not claims.get("sub"):
        raise Reauth("What Google said was not meant for this sign-in.", remedy=f"{AGAIN}.")
    address = str(claims.get("email", ""))
    if not address or claims.get("email_verified") is not True:
        raise Denied(
            "Google has not checked the mail address of this account.",
            remedy="Confirm the address in the Google account, or sign in with a password.",
        )
    domain = str(claims.get("hd", "")).lower()
    is_googles = address.lower().endswith(("@gmail.com", "@googlemail.com"))
    return Identified(
        PROVIDER,
        str(claims["sub"]),
        address,
        str(claims.get("name", "")),
        domain,
        vouches=is_googles or bool(domain),
    )


def _nonce(verifier: str) -> str:
    return hashlib.sha256(f"nonce of {verifier}".encode()).hexdigest()
