"""A person's consent on the command line: asked for in the browser, checked, and written to the
token file.

We ask for reading, and for sending too where that is wanted. The way through the pages is web_login.py.
"""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from google_auth_oauthlib.flow import InstalledAppFlow

from inboxcrm.gmail.client import GOOGLE
from inboxcrm.gmail.consent import address_of, client_config, consent_faults, granted
from inboxcrm.gmail.login_faults import reconnect
from inboxcrm.gmail.rights import ASKED
from inboxcrm.gmail.token_file import load_credentials, write_credentials
from inboxcrm.ports import Right

__all__ = ["connect", "load_credentials"]

ANSWER_WITHIN_SECONDS = 300
CONSENT = {"access_type": "offline", "prompt": "consent"}
"""Without these Google gives no refresh token to someone who has consented before."""


def connect(
    client_file: Path,
    token_file: Path,
    *,
    mailbox: str = "NAME",
    right: Right = Right.READ,
    api_endpoint: str = GOOGLE,
    open_browser: bool = True,
    show: Callable[[str], object] = print,
    answer_within_seconds: int = ANSWER_WITHIN_SECONDS,
) -> str:
    """The installed-app flow: a page in the browser, the answer on a port of this machine. Returns
    the address.

    `show` is given the page's address, for a person whose browser does not open. Raises Reauth,
    Denied, Offline; the token file is then as it was.
    """
    again = reconnect(mailbox)
    kind, client = client_config(client_file, ["installed"])
    flow: InstalledAppFlow = _ShowingFlow.from_client_config({kind: client}, ASKED[right])
    flow.show = show
    flow.open_browser = open_browser
    with consent_faults(flow, again):
        flow.run_local_server(
            host="127.0.0.1",
            port=0,
            open_browser=False,  # the flow below does it, so that the address is shown first
            authorization_prompt_message=None,
            success_message="inboxcrm has its answer. You may close this page.",
            timeout_seconds=answer_within_seconds,
            **CONSENT,
        )
    credentials, scopes = granted(flow, right=right, again=again)
    address = address_of(credentials, api_endpoint=api_endpoint, mailbox=mailbox)
    write_credentials(token_file, credentials, scopes=scopes)
    return address


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
