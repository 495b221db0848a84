"""A person before the practice server's consent page: chooses a mailbox, ticks boxes, clicks."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPErrorProcessor, build_opener


class _NoRedirects(HTTPErrorProcessor):
    def http_response(self, request, response):
        return response


def get(url: str) -> tuple[int, str]:
    with build_opener(_NoRedirects).open(url, timeout=5) as answer:
        return answer.status, answer.headers.get("Location") or answer.read().decode()


def sent_to(url: str) -> str:
    """Where the browser is sent by a page that asks nothing."""
    status, place = get(url)
    assert status == 302, place
    return place


def click(
    url: str, address: str = "", *, answer: str = "allow", without: tuple[str, ...] = ()
) -> str:
    """The query the browser is sent back with."""
    status, page = get(url)
    assert status == 200, page
    ticked = [
        scope
        for scope in re.findall(r'name="scope" value="([^"]+)"', page)
        if not scope.endswith(without or ("-",))
    ]
    assert not address or f'value="{address}"' in page
    form = [("address", address), ("answer", answer), *(("scope", scope) for scope in ticked)]
    with build_opener(_NoRedirects).open(url, data=urlencode(form).encode(), timeout=5) as sent:
        assert sent.status == 302, sent.read()
        return urlsplit(sent.headers["Location"]).query


def part(query: str, name: str) -> str:
    return dict(parse_qsl(query))[name]
