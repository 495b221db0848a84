"""Who may come in: consent, refresh tokens, access tokens, and taking them back."""

from __future__ import annotations

import itertools
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

READONLY = "https://www.googleapis.com/auth/gmail.readonly"
MODIFY = "https://www.googleapis.com/auth/gmail.modify"
FULL = "https://mail.google.com/"
READING = frozenset({READONLY, MODIFY, FULL})
CHANGING = frozenset({MODIFY, FULL})
LIFETIME_SECONDS = 3599


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


class Tokens:
    """`consent_address` and `consent_scopes` say what the simulated person agrees to; None: all
    that was asked.
    """

    def __init__(self, addresses: Sequence[str]) -> None:
        self.consent_address = addresses[0] if addresses else ""
        self.consent_scopes: frozenset[str] | None = None
        self.consent_refused = False
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
        """The person took consent back: refresh is refused for good, access tokens at once. None:
        everybody.
        """
        with self._lock:
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
        """The consent page, agreed to at once: where the browser is sent next."""
        answer = {"state": query.get("state", "")}
        if self.consent_refused:
            answer["error"] = "access_denied"
        else:
            asked = frozenset(query.get("scope", "").split())
            scopes = asked if self.consent_scopes is None else asked & self.consent_scopes
            refresh = self.grant(self.consent_address, scopes)
            with self._lock:
                code = f"4/sandbox-{next(self._numbers):04d}"
                self._codes[code] = _Code(self._grants[refresh], query.get("code_challenge", ""))
            answer["code"] = code
            answer["scope"] = " ".join(sorted(scopes))
        return f"{query.get('redirect_uri', '')}?{urlencode(answer)}"

    def exchange(self, form: dict[str, str]) -> dict[str, Any]:
        """The token endpoint: a code or a refresh token against an access token."""
        kind = form.get("grant_type")
        if kind == "refresh_token":
            refresh = form.get("refresh_token", "")
            extra = {}
        elif kind == "authorization_code":
            with self._lock:
                code = self._codes.pop(form.get("code", ""), None)
            if code is None:
                raise RefusedGrantError("invalid_grant", "Malformed auth code.")
            if code.challenge and code.challenge != _challenge(form.get("code_verifier", "")):
                raise RefusedGrantError("invalid_grant", "Invalid code verifier.")
            refresh = code.grant.refresh_token
            extra = {"refresh_token": refresh}
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


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
