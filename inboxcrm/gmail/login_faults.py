"""What a refused sign-in means: Google's token endpoint says little, so one table says the rest.
Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from google.auth import exceptions

from inboxcrm.errors import Denied, Offline, ProviderError, Reauth

CONNECT = "inboxcrm connect gmail --mailbox {mailbox}"
IN_BROWSER = "Choose Reconnect on the Mailboxes page"


def reconnect(mailbox: str) -> str:
    """How to give consent anew, without a full stop. No name: the mailbox was connected in the browser."""
    return f"Run: {CONNECT.format(mailbox=mailbox)}" if mailbox else IN_BROWSER


def allow_sending(mailbox: str) -> str:
    """How to give the right to send, likewise."""
    if not mailbox:
        return "Choose Allow sending at this mailbox on the Mailboxes page"
    return f"Run: {CONNECT.format(mailbox=mailbox)} --sending"


@dataclass(frozen=True, slots=True)
class LoginMeaning:
    words: tuple[str, ...]
    fault: type[ProviderError]
    message: str
    remedy: str


MEANINGS: tuple[LoginMeaning, ...] = (
    LoginMeaning(
        (
            "admin_policy_enforced",
            "org_internal",
            "access_denied",
            "disabled_client",
            "account_disabled",
        ),
        Denied,
        "The rules of this Google account or Workspace do not let the app in.",
        "Ask the administrator of the Workspace to allow the app. {reconnect}",
    ),
    LoginMeaning(
        ("invalid_client", "deleted_client", "unauthorized_client"),
        Reauth,
        "Google does not know the app this mailbox was connected with: its client was deleted "
        "or has a new secret.",
        "Download the client file again from the Google Cloud console, name it as "
        "[gmail] client_file. {reconnect}",
    ),
    LoginMeaning(
        ("invalid_scope",),
        Reauth,
        "This mailbox was connected without the right to read mail.",
        "{reconnect}, and leave every box on the consent page ticked.",
    ),
    LoginMeaning(
        ("invalid_grant",),
        Reauth,
        "Google has ended this mailbox's consent. The usual causes: the app is still in Testing, "
        "where consent lasts 7 days; the password was changed; access was taken back in the "
        "Google account; six months without use.",
        "{reconnect}. To leave Testing, publish the app on the consent screen page of the Google "
        "Cloud console first.",
    ),
    LoginMeaning(
        ("necessary fields",),
        Reauth,
        "The token file lacks what is needed to sign in again.",
        "{reconnect}",
    ),
)

_OTHERWISE = LoginMeaning(
    (),
    Reauth,
    "Google refuses to sign this mailbox in.",
    "{reconnect}",
)


def login_fault(error: exceptions.GoogleAuthError, *, mailbox: str) -> ProviderError:
    """The fault behind an exception of google-auth: a passing one when the endpoint did not really
    answer.
    """
    text = " ".join(str(part) for part in error.args)
    if isinstance(error, exceptions.TransportError) or getattr(error, "retryable", False):
        return Offline(
            "Google's sign-in service does not answer.",
            remedy="Check the network; the next sync tries again.",
        )
    structured = len(error.args) > 1 and isinstance(error.args[1], dict)
    known = next((line for line in MEANINGS if any(word in text for word in line.words)), None)
    if known is None and isinstance(error, exceptions.RefreshError) and not structured:
        return Offline(
            "What answers in place of Google's sign-in service is not Google.",
            remedy="Check the network, and token_uri in the token file if you changed it.",
        )
    line = known or _OTHERWISE
    return line.fault(line.message, remedy=line.remedy.format(reconnect=reconnect(mailbox)))
