"""The line to Gmail: Google's own client, over our transport.

- The discovery document comes with the library, so nothing is asked for at start. Another
  `api_endpoint` replaces its `rootUrl`: `client_options.api_endpoint` would move plain calls only
  and leave batches going to Google.
- Resource objects are built once and kept; `service.users().messages()` for each request costs more
  than the request.
"""

from __future__ import annotations

import http.client
import json
import logging
import secrets
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httplib2
from google.auth import exceptions as auth_exceptions
from google.auth.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp, Request
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import Error as ClientError
from googleapiclient.errors import HttpError
from httplib2.decode import DecodeLimitError, DecodeRatioError

from inboxcrm.errors import Denied, Offline, ProviderError
from inboxcrm.gmail.batch import PartAnswer, batch_body, split_answer
from inboxcrm.gmail.faults import NOT_GMAIL, Call, fault_from
from inboxcrm.gmail.login_faults import login_fault
from inboxcrm.gmail.transport import OnceHttp

GOOGLE = "https://gmail.googleapis.com/"
TIMEOUT_SECONDS = 60.0
_MESSAGE_FIELDS = "id,threadId,labelIds,internalDate,sizeEstimate,payload"
_HOLE = "xREFx"

# It logs every refusal as a warning; ours leave as faults, and whoever watches the terminal is told once.
logging.getLogger("googleapiclient").setLevel(logging.ERROR)

_NETWORK_FAULTS = (OSError, httplib2.HttpLib2Error, http.client.HTTPException, ClientError)
_UNREADABLE_ANSWERS = (DecodeLimitError, DecodeRatioError)


class BrokenAnswer(Offline):
    """The request went out, its answer did not come back whole. A smaller batch may fare better."""


class Unanswered(BrokenAnswer):
    """As BrokenAnswer, of a request that must not be sent a second time."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it came, whatever it says. Header names in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes


class GmailClient:
    """One signed-in connection. `requests` counts every HTTP request sent, those for tokens
    included.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        api_endpoint: str = GOOGLE,
        mailbox: str = "NAME",
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        root = api_endpoint if api_endpoint.endswith("/") else api_endpoint + "/"
        self._mailbox = mailbox
        self._credentials = credentials
        self._transport = OnceHttp(root, timeout_seconds)
        self._http = AuthorizedHttp(credentials, http=self._transport, max_refresh_attempts=1)
        document = _discovery_document(root)
        service = build_from_document(document, http=self._http)
        users = service.users()
        self.users = users
        self.labels = users.labels()
        self.history = users.history()
        self.messages = users.messages()
        self.attachments = self.messages.attachments()
        self.threads = users.threads()
        self.send_as = users.settings().sendAs()
        self.drafts = users.drafts()
        self._batch_uri = urljoin(root, document["batchPath"])
        self._message_path = _path_with_hole(
            self.messages.get(
                userId="me", id=_HOLE, format="full", fields=_MESSAGE_FIELDS, prettyPrint=False
            )
        )
        self._thread_path = _path_with_hole(
            self.threads.get(
                userId="me",
                id=_HOLE,
                format="full",
                fields=f"id,messages({_MESSAGE_FIELDS})",
                prettyPrint=False,
            )
        )

    @property
    def requests(self) -> int:
        return self._transport.requests

    def message_path(self, ref: str) -> str:
        return quote(ref, safe="").join(self._message_path)

    def thread_path(self, ref: str) -> str:
        return quote(ref, safe="").join(self._thread_path)

    def execute(self, request: Any, *, call: Call = Call.PLAIN) -> dict[str, Any]:
        """Sends one of the client library's requests, once; an answer without content is empty. Raises the fault that
        is the answer.
        """
        try:
            answer = request.execute(num_retries=0)
        except HttpError as error:
            headers = {str(name).lower(): str(value) for name, value in error.resp.items()}
            raise self._fault(error.resp.status, error.content, headers, call) from None
        except auth_exceptions.GoogleAuthError as error:
            raise login_fault(error, mailbox=self._mailbox) from error
        except (*_NETWORK_FAULTS, *_UNREADABLE_ANSWERS) as error:
            raise self._broken(error) from error
        if answer in ("", b""):  # what the library makes of status 204
            return {}
        if not isinstance(answer, dict):
            raise Offline(
                "The answer does not come from Gmail.",
                remedy=NOT_GMAIL,
            )
        return answer

    def batch(self, paths: Sequence[str]) -> dict[int, PartAnswer]:
        """GETs all the paths in one request; the complete answers by position in `paths`."""
        boundary = f"inboxcrm-{secrets.token_hex(8)}"
        headers = {
            "content-type": f'multipart/mixed; boundary="{boundary}"',
            "user-agent": "inboxcrm (gzip)",  # without this word Google does not compress
        }
        try:
            response, content = self._http.request(
                self._batch_uri, "POST", body=batch_body(paths, boundary), headers=headers
            )
        except auth_exceptions.GoogleAuthError as error:
            raise login_fault(error, mailbox=self._mailbox) from error
        except (*_NETWORK_FAULTS, *_UNREADABLE_ANSWERS) as error:
            raise self._broken(error) from error
        if response.status >= 300:
            raise self._fault(response.status, content, dict(response), Call.PLAIN)
        return split_answer(
            response.get("content-type", ""), content, date=response.get("date", "")
        )

    def execute_once(self, request: Any) -> RawAnswer:
        """Writes the request to the line once, whatever happens; every answer there is comes back as it is.

        1. The sign-in is made fresh first. AuthorizedHttp is not used: after a 401 it would write the request again.
        2. The connection is a new one. One that idled may be dead, and a request lost on it looks like one carried out.
        3. The request is written. From here on nobody knows, unless not a byte of it left this machine.

        Raises Unanswered after 3, and before it any other ProviderError: then nothing was sent.
        """
        headers = dict(request.headers)
        try:
            self._credentials.before_request(  # type: ignore[no-untyped-call]
                Request(self._transport), request.method, request.uri, headers
            )
        except auth_exceptions.GoogleAuthError as error:
            raise login_fault(error, mailbox=self._mailbox) from error
        except Exception as error:
            raise self._broken(error) from error
        self._transport.close()
        try:
            response, content = self._transport.request(
                request.uri, request.method, body=request.body, headers=headers
            )
        except Exception as error:
            was_written = self._transport.has_written
            fault = self._broken(error)
            kind = Unanswered if was_written else Offline
            raise kind(fault.message, remedy=fault.remedy) from error
        told = {str(name).lower(): str(value) for name, value in response.items()}
        return RawAnswer(int(response.status), told, bytes(content))

    def refresh(self) -> None:
        """Asks for a new access token now, because Gmail said that the old one is not accepted."""
        try:
            self._credentials.refresh(Request(self._transport))  # type: ignore[no-untyped-call]
        except auth_exceptions.GoogleAuthError as error:
            raise login_fault(error, mailbox=self._mailbox) from error
        except _NETWORK_FAULTS as error:
            raise self._broken(error) from error

    def close(self) -> None:
        self._transport.close()

    def _fault(
        self, status: int, content: Any, headers: dict[str, str], call: Call
    ) -> ProviderError:
        return fault_from(status, content, headers, call=call, mailbox=self._mailbox)

    def _broken(self, error: Exception) -> Offline | Denied:
        # A connection that broke in mid-answer would hand the rest of it to the next request.
        self._transport.close()
        if isinstance(error, ssl.SSLCertVerificationError):
            return Denied(
                "The server's certificate is not one this machine trusts.",
                remedy="Check the clock of this machine and [gmail] api_endpoint; "
                "a filtering proxy needs its certificate installed here.",
            )
        place = urlsplit(self._batch_uri).netloc
        if isinstance(error, httplib2.ServerNotFoundError | ConnectionRefusedError):
            return Offline(
                f"No connection to {place}.",
                remedy="Check the network and [gmail] api_endpoint; "
                "the next sync goes on where this one stopped.",
            )
        return BrokenAnswer(
            f"The answer from {place} did not come back whole ({type(error).__name__}).",
            remedy="The next sync goes on where this one stopped; if it stays, check the network.",
        )


def _discovery_document(root: str) -> dict[str, Any]:
    text = get_static_doc("gmail", "v1")
    assert text is not None, "google-api-python-client ships the Gmail document"
    document: dict[str, Any] = json.loads(text)
    document["rootUrl"] = document["baseUrl"] = root
    return document


def _path_with_hole(request: Any) -> list[str]:
    parts = urlsplit(request.uri)
    return f"{parts.path}?{parts.query}".split(_HOLE)
