"""httplib2, made to send every request once.

It repeats a request by itself when an idle connection turns out dead, whatever its settings say.
That hides a call from the quota, and could send a mail twice, so our connections report it and the caller decides.
"""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httplib2

LARGEST_ANSWER_BYTES = 256 * 1024 * 1024
"""Unpacked. Mail is hostile, and a few bytes of gzip can unpack to anything."""


class OnceHttp(httplib2.Http):  # type: ignore[misc]
    """httplib2 that neither repeats nor follows: redirects would carry the token to whoever
    answers.
    """

    def __init__(self, root: str, timeout_seconds: float) -> None:
        is_here = urlsplit(root).hostname in {"localhost", "127.0.0.1", "::1"}
        proxy = {"proxy_info": None} if is_here else {}
        super().__init__(
            timeout=timeout_seconds,
            decode_limit_ratio=0,
            decode_limit_hard=LARGEST_ANSWER_BYTES,
            **proxy,
        )
        self.follow_redirects = False
        self.requests = 0
        self._line = _Line()
        here = {"line": self._line}
        self._plain = type("_OnceConnection", (_Once, httplib2.HTTPConnectionWithTimeout), here)
        self._secure = type("_OnceConnection", (_Once, httplib2.HTTPSConnectionWithTimeout), here)

    @property
    def has_written(self) -> bool:
        """Whether any byte of the last request left this machine. If not, nobody can have acted on it."""
        return self._line.has_written

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Any = None,
        redirections: int = 0,
        connection_type: Any = None,
    ) -> Any:
        self.requests += 1
        secure = uri.startswith("https:")
        self._line.has_written = False
        return super().request(
            uri,
            method,
            body,
            headers,
            redirections,
            connection_type or (self._secure if secure else self._plain),
        )


@dataclass(slots=True)
class _Line:
    """What the connections of one OnceHttp share: httplib2 throws connections away as it likes."""

    has_written: bool = False


class _Once:
    """Lets one request through for each of `OnceHttp.request`, and tells whether it did."""

    line: _Line
    sock: Any
    connect: Any

    def request(self, *args: Any, **options: Any) -> None:
        if self.line.has_written:
            # A plain OSError: httplib2 passes it on, and tries again after every other kind.
            raise OSError("a request that was written is not written again")
        super().request(*args, **options)  # type: ignore[misc]

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self.line.has_written = True
        super().send(data)  # type: ignore[misc]

    def getresponse(self) -> Any:
        return _one_answer(super().getresponse)  # type: ignore[misc]


def _one_answer(getresponse: Any) -> Any:
    """httplib2 takes these two for a stale connection and sends the request again; an OSError it
    passes on.
    """
    try:
        return getresponse()
    except (http.client.BadStatusLine, http.client.ResponseNotReady) as error:
        raise ConnectionResetError("the server closed the connection without an answer") from error
