"""A person's consent through the pages: two steps that share nothing but what their caller keeps. Implements
ports.MailLogin.

1. `begin`: the address of Google's page, with a state nobody can guess and the hash of a secret (PKCE, RFC 7636).
   Scopes are asked for one after the other: reading first, sending when it is needed; Google adds what was granted
   before.
2. The person answers there; Google sends their browser to our redirect address with a code.
3. `finish`: the state must be the one of step 1; the code is changed for tokens together with the secret; what was
   granted is read, and whose mailbox it is is asked of Gmail.

Nothing is kept here, so a crash anywhere leaves nothing behind; a code that was used opens nothing twice.
"""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from google_auth_oauthlib.flow import Flow

from inboxcrm.errors import UsageError
from inboxcrm.gmail.auth import CONSENT
from inboxcrm.gmail.client import GOOGLE
from inboxcrm.gmail.consent import (
    EXCHANGE_SECONDS,
    address_of,
    client_in_browser,
    fetch_token,
    granted,
    origin_of_consent,
    plain_http_to_ourselves,
)
from inboxcrm.gmail.rights import ASKED
from inboxcrm.gmail.token_file import (
    as_text,
    credentials_from_text,
    is_loopback,
    is_safe_address,
)
from inboxcrm.ports import Consent, ConsentRequest, Right

PROVIDER = "gmail"
AGAIN = "Begin again on the Mailboxes page"


class WebLogin:
    """Knows only where the client file lies; it is read each time, so a mended one works without a restart."""

    def __init__(self, client_file: Path, *, api_endpoint: str = GOOGLE) -> None:
        self._client_file = client_file
        self._api_endpoint = api_endpoint

    @property
    def consent_origin(self) -> str:
        return origin_of_consent(self._client_file)

    def doubt(self, *, redirect_uri: str) -> str:
        kind, client = client_in_browser(self._client_file)
        if kind == "installed" and not is_loopback(redirect_uri):
            raise UsageError(
                "The client file is that of a Desktop app, and Google sends people back from such an app only to the "
                f"machine their browser runs on, not to {redirect_uri}.",
                remedy="Create an OAuth client of type Web application with that address as an authorised redirect "
                "URI, and name its file as [gmail] client_file. Or open inboxcrm under http://127.0.0.1.",
            )
        if not is_safe_address(redirect_uri):
            raise UsageError(
                f"Google sends people back over https only, not to {redirect_uri}.",
                remedy="Set public_url under [web] to the https address of these pages.",
            )
        known = client.get("redirect_uris") or []
        if kind == "web" and redirect_uri not in known:
            return (
                "Google sends people back only to addresses it was told of. Your client file does not list this one; "
                f"add it to the client's authorised redirect URIs if you have not yet: {redirect_uri}"
            )
        return ""

    def begin(
        self, *, redirect_uri: str, address: str = "", right: Right = Right.READ
    ) -> ConsentRequest:
        self.doubt(redirect_uri=redirect_uri)
        flow = self._flow(redirect_uri, right)
        hint = {"login_hint": address} if address else {}
        with plain_http_to_ourselves(flow.client_config["auth_uri"]):
            url, state = flow.authorization_url(include_granted_scopes="true", **CONSENT, **hint)
        return ConsentRequest(str(url), str(state), str(flow.code_verifier))

    def finish(
        self,
        answer: str,
        *,
        state: str,
        verifier: str,
        redirect_uri: str,
        right: Right = Right.READ,
    ) -> Consent:
        flow = self._flow(redirect_uri, right, state=state, code_verifier=verifier)
        fetch_token(flow, answer, redirect_uri=redirect_uri, again=AGAIN)
        credentials, scopes = granted(flow, right=right, again=AGAIN)
        address = address_of(credentials, api_endpoint=self._api_endpoint, mailbox="")
        return Consent(PROVIDER, address, tuple(scopes), as_text(credentials, scopes=scopes))

    def end(self, token: str) -> bool:
        credentials = credentials_from_text(token, keep=lambda _: None)
        place = str(credentials.token_uri).rpartition("/")[0] + "/revoke"
        request = urllib.request.Request(  # noqa: S310 - https or this machine, see is_safe_address
            place, data=urlencode({"token": str(credentials.refresh_token)}).encode()
        )
        try:
            with urllib.request.urlopen(request, timeout=EXCHANGE_SECONDS) as said:  # noqa: S310
                return int(said.status) == 200
        except OSError:
            return False

    def _flow(self, redirect_uri: str, right: Right, **more: Any) -> Flow:
        kind, client = client_in_browser(self._client_file)
        return Flow.from_client_config(
            {kind: client}, ASKED[right], redirect_uri=redirect_uri, **more
        )
