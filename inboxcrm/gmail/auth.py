"""A person's consent to read a mailbox: asked for in the browser, checked, and written to the token
file.

We ask for reading only. A person may untick a box on the consent page, so what was granted is read,
not assumed.
"""

from __future__ import annotations

import json
import os
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow, InstalledAppFlow, WSGITimeoutError
from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]

from inboxcrm.errors import Denied, Offline, ProviderError, Reauth, UsageError
from inboxcrm.gmail.client import GOOGLE, GmailClient
from inboxcrm.gmail.login_faults import CONNECT
from inboxcrm.gmail.token_file import (
    READING_SCOPES,
    READONLY,
    can_read_mail,
    is_loopback,
    load_credentials,
    write_credentials,
)

__all__ = ["GmailLogin", "connect", "load_credentials"]

ANSWER_WITHIN_SECONDS = 300
_CONSENT = {"access_type": "offline", "prompt": "consent"}
"""Without these Google gives no refresh token to someone who has consented before."""

_MAKE_CLIENT = (
    "In the Google Cloud console create an OAuth client of type Desktop app, "
    "download its JSON file, and name it as [gmail] client_file."
)


def connect(
    client_file: Path,
    token_file: Path,
    *,
    mailbox: str = "NAME",
    api_endpoint: str = GOOGLE,
    open_browser: bool = True,
    show: Callable[[str], object] = print,
    answer_within_seconds: int = ANSWER_WITHIN_SECONDS,
) -> str:
    """The installed-app flow: a page in the browser, the answer on a port of this machine. Returns
    the address.

    `show` is given the page's address, for a person whose browser does not open. Raises Reauth,
    Denied, Offline.
    """
    flow: InstalledAppFlow = _ShowingFlow.from_client_config(
        _client_config(client_file, kind="installed"), [READONLY]
    )
    flow.show = show
    flow.open_browser = open_browser
    with _consent_faults(flow, mailbox):
        flow.run_local_server(
            host="127.0.0.1",
            port=0,
            open_browser=False,  # the flow below does it, so that the address is shown first
            authorization_prompt_message=None,
            success_message="inboxcrm has its answer. You may close this page.",
            timeout_seconds=answer_within_seconds,
            **_CONSENT,
        )
    return _keep(flow, token_file, mailbox=mailbox, api_endpoint=api_endpoint)


class GmailLogin:
    """The same consent in two steps, for a caller that has pages of its own. Implements
    ports.MailLogin.
    """

    def __init__(
        self,
        client_file: Path,
        token_file: Path,
        *,
        redirect_uri: str,
        mailbox: str = "NAME",
        api_endpoint: str = GOOGLE,
    ) -> None:
        self._flow: Flow = Flow.from_client_config(
            _client_config(client_file), [READONLY], redirect_uri=redirect_uri
        )
        self._token_file = token_file
        self._mailbox = mailbox
        self._api_endpoint = api_endpoint

    def begin(self) -> str:
        with _plain_http_to_ourselves(self._flow.client_config["auth_uri"]):
            url, _state = self._flow.authorization_url(**_CONSENT)
        return str(url)

    def finish(self, answer: str) -> str:
        """`answer` is the whole address the browser was sent back to; its state is checked."""
        if is_loopback(answer):
            answer = answer.replace(
                "http://", "https://", 1
            )  # oauthlib takes no answer over plain http
        with _consent_faults(self._flow, self._mailbox):
            self._flow.fetch_token(authorization_response=answer)
        return _keep(
            self._flow, self._token_file, mailbox=self._mailbox, api_endpoint=self._api_endpoint
        )


class _ShowingFlow(InstalledAppFlow):  # type: ignore[misc]
    """Google's flow prints the address to standard output; ours hands it to the caller."""

    show: Callable[[str], object] = print
    open_browser: bool = True

    def authorization_url(self, **kwargs: Any) -> tuple[str, str]:
        url, state = super().authorization_url(**kwargs)
        self.show(url)
        if self.open_browser:
            webbrowser.open(url)
        return url, state


@contextmanager
def _consent_faults(flow: Flow, mailbox: str) -> Iterator[None]:
    again = f"Run: {CONNECT.format(mailbox=mailbox)}"
    try:
        with _plain_http_to_ourselves(flow.client_config["token_uri"]):
            yield
    except Warning as change:
        # oauthlib warns this way when other scopes were granted than asked for; the token is good
        # all the same.
        flow.oauth2session.token = change.token  # type: ignore[attr-defined]
    except WSGITimeoutError as error:
        raise Denied("Nobody answered the consent page in time.", remedy=again) from error
    except OAuth2Error as error:
        raise _refused(error, again) from error
    except OSError as error:  # requests' faults are OSErrors too
        raise Offline(
            f"The sign-in could not be completed ({type(error).__name__}).",
            remedy=f"Check the network. {again}",
        ) from error


def _refused(error: OAuth2Error, again: str) -> ProviderError:
    if error.error == "access_denied":
        return Denied(
            "The consent page was answered with no.", remedy=f"{again}, and choose Allow."
        )
    if error.error in {"invalid_client", "unauthorized_client", "deleted_client"}:
        return Denied(
            "Google does not accept the app's client file.", remedy=f"{_MAKE_CLIENT} {again}"
        )
    return Reauth(f"Google did not complete the sign-in ({error.error}).", remedy=again)


@contextmanager
def _plain_http_to_ourselves(address: str) -> Iterator[None]:
    """The library insists on https, which a server on this very machine (the sandbox) has not."""
    name = "OAUTHLIB_INSECURE_TRANSPORT"
    if not is_loopback(address) or name in os.environ:
        yield
        return
    os.environ[name] = "1"
    try:
        yield
    finally:
        del os.environ[name]


def _keep(flow: Flow, token_file: Path, *, mailbox: str, api_endpoint: str) -> str:
    """Checks what was granted, asks whose mailbox it is, and only then writes the token."""
    again = f"Run: {CONNECT.format(mailbox=mailbox)}"
    credentials: Credentials = flow.credentials
    granted = flow.oauth2session.token.get("scope") or [READONLY]
    granted = granted.split() if isinstance(granted, str) else [str(scope) for scope in granted]
    if not can_read_mail(granted):
        raise Denied(
            "The right to read mail was not granted: its box on the consent page was left empty.",
            remedy=f"{again}, and tick the box that lets the app read your mail.",
        )
    if not credentials.refresh_token:
        raise Denied(
            "Google gave a token that ends within the hour and cannot be renewed.",
            remedy="Remove the app's access in the Google account under Security. " + again,
        )
    client = GmailClient(credentials, api_endpoint=api_endpoint, mailbox=mailbox)
    try:
        profile = client.execute(client.users.getProfile(userId="me"))
    finally:
        client.close()
    scopes = [scope for scope in granted if scope in READING_SCOPES]
    write_credentials(token_file, credentials, scopes=scopes)
    return str(profile["emailAddress"])


def _client_config(client_file: Path, *, kind: str = "") -> dict[str, Any]:
    try:
        config = json.loads(client_file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UsageError(f"There is no client file {client_file}.", remedy=_MAKE_CLIENT) from error
    except OSError as error:
        raise UsageError(
            f"The client file {client_file} cannot be read ({error.strerror}).",
            remedy="Make it readable for the account that runs inboxcrm.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"The client file {client_file} is no JSON.", remedy=_MAKE_CLIENT
        ) from error
    kinds = [kind] if kind else ["installed", "web"]
    for name in kinds:
        client = config.get(name) if isinstance(config, dict) else None
        if isinstance(client, dict) and {
            "client_id",
            "client_secret",
            "auth_uri",
            "token_uri",
        } <= set(client):
            return {name: client}
    raise UsageError(
        f"The client file {client_file} is not that of a {' or '.join(kinds)} app.",
        remedy=_MAKE_CLIENT,
    )
