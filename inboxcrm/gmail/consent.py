"""What both ways of asking a person have in common: the client file, the faults, the look at what was granted.

A person may untick a box on the consent page, so what was granted is read, not assumed.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow, WSGITimeoutError
from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]

from inboxcrm.errors import Denied, Offline, ProviderError, Reauth, UsageError
from inboxcrm.gmail.client import GmailClient
from inboxcrm.gmail.rights import READING_SCOPES, SENDING_SCOPES, can_read_mail
from inboxcrm.gmail.token_file import is_loopback
from inboxcrm.ports import Right

_KNOWN_SCOPES = READING_SCOPES | SENDING_SCOPES
MAKE_CLIENT = {
    "installed": "In the Google Cloud console create an OAuth client of type Desktop app, "
    "download its JSON file, and name it as [gmail] client_file.",
    "web": "In the Google Cloud console create an OAuth client of type Web application, "
    "download its JSON file, and name it as [gmail] client_file.",
}
_NEEDED = frozenset({"client_id", "client_secret", "auth_uri", "token_uri"})
EXCHANGE_SECONDS = 30.0
_one_at_a_time = threading.Lock()


def client_config(client_file: Path, kinds: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """(kind, the client) of the first of these kinds that the file holds. Raises UsageError."""
    remedy = MAKE_CLIENT[kinds[0]]
    try:
        config = json.loads(client_file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UsageError(f"There is no client file {client_file}.", remedy=remedy) from error
    except OSError as error:
        raise UsageError(
            f"The client file {client_file} cannot be read ({error.strerror}).",
            remedy="Make it readable for the account that runs inboxcrm.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"The client file {client_file} is no JSON.", remedy=remedy) from error
    for kind in kinds:
        client = config.get(kind) if isinstance(config, dict) else None
        if isinstance(client, dict) and set(client) >= _NEEDED:
            return kind, client
    raise UsageError(
        f"The client file {client_file} is not that of a {' or '.join(kinds)} app.", remedy=remedy
    )


def client_in_browser(client_file: Path) -> tuple[str, dict[str, Any]]:
    """The client whose consent page a person's own browser opens. Raises UsageError."""
    return client_config(client_file, ("web", "installed"))


def origin_of_consent(client_file: Path) -> str:
    """Where the consent page lies ("https://accounts.google.com"), "" as long as there is no client to ask with."""
    try:
        _, client = client_in_browser(client_file)
    except UsageError:
        return ""
    parts = urlsplit(str(client["auth_uri"]))
    return f"{parts.scheme}://{parts.netloc}"


def fetch_token(flow: Flow, answer: str, *, redirect_uri: str, again: str) -> None:
    """Changes the code in `answer`, the query a browser came back with, for tokens. Raises as `consent_faults`."""
    # oauthlib takes no answer over plain http, not even from this machine.
    back = f"{redirect_uri}?{answer}".replace("http://", "https://", 1)
    with consent_faults(flow, again):
        flow.fetch_token(authorization_response=back, timeout=EXCHANGE_SECONDS)


@contextmanager
def consent_faults(flow: Flow, again: str) -> Iterator[None]:
    """`again`: how to try once more, one sentence without its full stop."""
    try:
        with plain_http_to_ourselves(flow.client_config["token_uri"]):
            yield
    except Warning as change:
        # oauthlib warns this way when other scopes were granted than asked for; the token is good
        # all the same.
        flow.oauth2session.token = change.token  # type: ignore[attr-defined]
    except WSGITimeoutError as error:
        raise Denied("Nobody answered the consent page in time.", remedy=f"{again}.") from error
    except OAuth2Error as error:
        raise _refused(error, again) from error
    except OSError as error:  # requests' faults are OSErrors too
        raise Offline(
            f"The sign-in could not be completed ({type(error).__name__}).",
            remedy=f"Check the network. {again}.",
        ) from error


def _refused(error: OAuth2Error, again: str) -> ProviderError:
    if error.error == "access_denied":
        return Denied(
            "The consent page was answered with no.", remedy=f"{again}, and choose Allow."
        )
    if error.error in {"invalid_client", "unauthorized_client", "deleted_client"}:
        return Denied(
            "Google does not accept the app's client file.",
            remedy=f"{MAKE_CLIENT['installed']} {again}.",
        )
    if error.error in {"admin_policy_enforced", "org_internal", "disallowed_useragent"}:
        return Denied(
            "The rules of this Google account or Workspace do not let the app in.",
            remedy=f"Ask the administrator of the Workspace to allow it. {again}.",
        )
    return Reauth(f"Google did not complete the sign-in ({error.error}).", remedy=f"{again}.")


@contextmanager
def plain_http_to_ourselves(address: str) -> Iterator[None]:
    """The library insists on https, which a server on this very machine (the sandbox) has not.

    Its switch is the environment, which threads share: one at a time.
    """
    name = "OAUTHLIB_INSECURE_TRANSPORT"
    if not is_loopback(address):
        yield
        return
    with _one_at_a_time:
        if name in os.environ:
            yield
            return
        os.environ[name] = "1"
        try:
            yield
        finally:
            del os.environ[name]


def granted(flow: Flow, *, right: Right, again: str) -> tuple[Credentials, list[str]]:
    """The credentials and what they are good for. Raises Denied where that is too little."""
    credentials: Credentials = flow.credentials
    told = flow.oauth2session.token.get("scope") or list(flow.oauth2session.scope)
    scopes = told.split() if isinstance(told, str) else [str(scope) for scope in told]
    if not can_read_mail(scopes):
        raise Denied(
            "The right to read mail was not granted: its box on the consent page was left empty.",
            remedy=f"{again}, and tick the box that lets the app read your mail.",
        )
    if right is Right.SEND and SENDING_SCOPES.isdisjoint(scopes):
        raise Denied(
            "The right to send mail was not granted: its box on the consent page was left empty. "
            "Reading goes on as before.",
            remedy=f"{again}, and tick the box that lets the app write and send mail.",
        )
    if not credentials.refresh_token:
        raise Denied(
            "Google gave a token that ends within the hour and cannot be renewed. It does so where the app already "
            "has access it did not ask for anew.",
            remedy=f"Remove the app's access in the Google account under Security. {again}.",
        )
    return credentials, [scope for scope in scopes if scope in _KNOWN_SCOPES]


def address_of(credentials: Credentials, *, api_endpoint: str, mailbox: str) -> str:
    """Whose mailbox it is, as the provider says."""
    client = GmailClient(credentials, api_endpoint=api_endpoint, mailbox=mailbox)
    try:
        profile = client.execute(client.users.getProfile(userId="me"))
    finally:
        client.close()
    return str(profile["emailAddress"])
