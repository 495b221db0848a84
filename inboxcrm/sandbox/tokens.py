"""Who may come in: consent, refresh tokens, access tokens, and taking them back."""

from __future__ import annotations

import itertools
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from inboxcrm.sandbox.signing import id_token

READONLY = "https://www.googleapis.com/auth/gmail.readonly"
MODIFY = "https://www.googleapis.com/auth/gmail.modify"
COMPOSE = "https://www.googleapis.com/auth/gmail.compose"
FULL = "https://mail.google.com/"
READING = frozenset({READONLY, MODIFY, FULL})
CHANGING = frozenset({MODIFY, FULL})
WRITING = frozenset({COMPOSE, MODIFY, FULL})
DRAFT_READING = READING | {COMPOSE}
LIFETIME_SECONDS = 3599
CLIENT_ID = "sandbox-client.apps.example"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - of a server that has no secrets


def standing_token(address: str = "") -> str:
    """A refresh token that every practice server accepts for that mailbox; "" is its first one.

    So a token file can be written before the server runs, and outlives a restart of it.
    """
    return f"1//sandbox-{_digest(address.lower()) if address else 'first'}"


class RefusedGrantError(Exception):
    """OAuth's own kind of error: a short code and a sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Grant:
    """One consent: whose mailbox, how much of it."""

    address: str
    scopes: frozenset[str]
    refresh_token: str


@dataclass(slots=True)
class _Code:
    grant: Grant
    challenge: str
    redirect_uri: str
    is_lasting: bool
    nonce: str = ""


class Tokens:
    """`consent_address` and `consent_scopes` say what the simulated person agrees to; None: all
    that was asked.
    """

    def __init__(self, addresses: Sequence[str]) -> None:
        self.consent_address = addresses[0] if addresses else ""
        self.consent_scopes: frozenset[str] | None = None
        self.consent_refused = False
        self.rotates_refresh_tokens = False
        self.keeps_refresh_tokens = False
        """Gives none away, as Google does to whom it gave one before."""
        self.claims: dict[str, Any] = {}
        self.seconds: Callable[[], float] = float
        """Machine time, by which ID tokens are dated; whoever wants one hands in a clock."""
        self._agreed: dict[str, frozenset[str]] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._grants: dict[str, Grant] = {}
        self._access: dict[str, Grant] = {}
        self._codes: dict[str, _Code] = {}
        for address in addresses:
            for token in (
                standing_token(address),
                *([standing_token()] if address == addresses[0] else ()),
            ):
                self._grants[token] = Grant(address, frozenset({READONLY, MODIFY}), token)

    def grant(self, address: str, scopes: Iterable[str] = (MODIFY, READONLY)) -> str:
        """A refresh token as if the person had just agreed."""
        with self._lock:
            token = f"1//sandbox-{next(self._numbers):04d}-{_digest(address)}"
            self._grants[token] = Grant(address, frozenset(scopes), token)
            return token

    def access(self, refresh_token: str) -> str:
        with self._lock:
            grant = self._grants.get(refresh_token)
            if grant is None:
                raise RefusedGrantError("invalid_grant", "Token has been expired or revoked.")
            token = f"ya29.sandbox-{next(self._numbers):06d}-{_digest(grant.address)}"
            self._access[token] = grant
            return token

    def who(self, access_token: str) -> Grant | None:
        return self._access.get(access_token)

    def revoke(self, address: str | None = None) -> None:
        """The person took consent back: refresh is refused for good, access tokens at once, and what
        they once agreed to is forgotten. None: everybody.
        """
        with self._lock:
            self._agreed = {
                held: scopes for held, scopes in self._agreed.items() if address not in (None, held)
            }
            self._grants = {
                token: grant
                for token, grant in self._grants.items()
                if address not in (None, grant.address)
            }
            self._access = {
                token: grant
                for token, grant in self._access.items()
                if address not in (None, grant.address)
            }

    def expire_access(self) -> None:
        """Access tokens ran out; refreshing helps."""
        with self._lock:
            self._access.clear()

    def revoke_token(self, token: str) -> bool:
        with self._lock:
            grant = self._grants.get(token) or self._access.get(token)
            if grant is None:
                return False
            self._grants.pop(grant.refresh_token, None)
            self._access = {key: held for key, held in self._access.items() if held is not grant}
            return True

    # --- the endpoints -------------------------------------------------------

    def consent(self, query: dict[str, str]) -> str:
        """Consent given without a page, as `consent_address` and its fellows say: where the browser is sent next."""
        if self.consent_refused:
            return self.refuse(query)
        asked = frozenset(query.get("scope", "").split())
        scopes = asked if self.consent_scopes is None else asked & self.consent_scopes
        return self.agree(query, self.consent_address, scopes)

    def agree(self, query: dict[str, str], address: str, scopes: frozenset[str]) -> str:
        """Somebody agreed to so much. What they granted before is added, where that is asked for."""
        with self._lock:
            before = self._agreed.get(address, frozenset())
            if query.get("include_granted_scopes") == "true":
                scopes |= before
            is_first = address not in self._agreed
            self._agreed[address] = before | scopes
        refresh = self.grant(address, scopes)
        with self._lock:
            code = f"4/sandbox-{next(self._numbers):04d}"
            self._codes[code] = _Code(
                self._grants[refresh],
                query.get("code_challenge", ""),
                query.get("redirect_uri", ""),
                # As Google: a lasting token only for those who ask for one, and only once unless consent is asked anew.
                is_lasting="access_type" not in query
                or (
                    query["access_type"] == "offline"
                    and (is_first or "consent" in query.get("prompt", ""))
                ),
                nonce=query.get("nonce", ""),
            )
        return _back(query, code=code, scope=" ".join(sorted(scopes)))

    def refuse(self, query: dict[str, str]) -> str:
        return _back(query, error="access_denied")

    def exchange(self, form: dict[str, str]) -> dict[str, Any]:
        """The token endpoint: a code or a refresh token against an access token."""
        kind = form.get("grant_type")
        extra = {}
        if kind == "refresh_token":
            refresh = self._rotated(form.get("refresh_token", ""))
            if refresh != form.get("refresh_token", ""):
                extra = {"refresh_token": refresh}
        elif kind == "authorization_code":
            code = self._redeem(form)
            refresh = code.grant.refresh_token
            if code.is_lasting and not self.keeps_refresh_tokens:
                extra = {"refresh_token": refresh}
            if "openid" in code.grant.scopes:
                extra["id_token"] = self._who_they_are(code)
        else:
            raise RefusedGrantError("unsupported_grant_type", f"Invalid grant_type: {kind}")
        access = self.access(refresh)
        return {
            "access_token": access,
            "expires_in": LIFETIME_SECONDS,
            "scope": " ".join(sorted(self._access[access].scopes)),
            "token_type": "Bearer",
            **extra,
        }

    def _who_they_are(self, code: _Code) -> str:
        """`claims` of a test stand in for what would be said of this person."""
        address = code.grant.address
        claims = {
            "aud": CLIENT_ID,
            "sub": str(int(_digest(address.lower()), 16)),
            "email": address,
            "email_verified": True,
            "hd": address.partition("@")[2],
            "name": address.partition("@")[0].replace(".", " ").title(),
            "nonce": code.nonce,
        }
        return id_token(claims | self.claims, at=self.seconds())

    def _redeem(self, form: dict[str, str]) -> _Code:
        """A code is good once, for whoever holds the secret behind its challenge, at the address it was sent to."""
        if form.get("client_id", CLIENT_ID) != CLIENT_ID:
            raise RefusedGrantError("invalid_client", "The OAuth client was not found.")
        if form.get("client_secret", CLIENT_SECRET) != CLIENT_SECRET:
            raise RefusedGrantError("invalid_client", "Unauthorized")
        with self._lock:
            code = self._codes.pop(form.get("code", ""), None)
        if code is None:
            raise RefusedGrantError("invalid_grant", "Malformed auth code.")
        if code.challenge and code.challenge != _challenge(form.get("code_verifier", "")):
            raise RefusedGrantError("invalid_grant", "Invalid code verifier.")
        if form.get("redirect_uri", code.redirect_uri) != code.redirect_uri:
            raise RefusedGrantError("redirect_uri_mismatch", "Bad Request")
        return code

    def _rotated(self, refresh: str) -> str:
        """Some providers replace the refresh token at every use; the old one is dead from then on."""
        with self._lock:
            grant = self._grants.get(refresh)
            if grant is None or not self.rotates_refresh_tokens:
                return refresh
            del self._grants[refresh]
            fresh = f"1//sandbox-{next(self._numbers):04d}-{_digest(grant.address)}"
            self._grants[fresh] = Grant(grant.address, grant.scopes, fresh)
            return fresh


def _back(query: dict[str, str], **answer: str) -> str:
    return (
        f"{query.get('redirect_uri', '')}?{urlencode({'state': query.get('state', ''), **answer})}"
    )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
