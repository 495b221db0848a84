"""httplib2, made to send every request once.

It repeats a request by itself when an idle connection turns out dead, whatever its settings say.
That hides a call from the quota, so our connections report it and the caller decides.
"""

from __future__ import annotations

import http.client
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
        return super().request(
            uri,
            method,
            body,
            headers,
            redirections,
            connection_type or (_OnceHttpsConnection if secure else _OnceConnection),
        )


class _OnceConnection(httplib2.HTTPConnectionWithTimeout):  # type: ignore[misc]
    def getresponse(self) -> Any:
        return _one_answer(super().getresponse)


class _OnceHttpsConnection(httplib2.HTTPSConnectionWithTimeout):  # type: ignore[misc]
    def getresponse(self) -> Any:
        return _one_answer(super().getresponse)


def _one_answer(getresponse: Any) -> Any:
    """httplib2 takes these two for a stale connection and sends the request again; an OSError it
    passes on.
    """
    try:
        return getresponse()
    except (http.client.BadStatusLine, http.client.ResponseNotReady) as error:
        raise ConnectionResetError("the server closed the connection without an answer") from error
