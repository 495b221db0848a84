"""The practice server on a real port of 127.0.0.1, in a thread of the calling process.

Hand-written on asyncio's transports: they write an answer in one piece with TCP_NODELAY set. The
stdlib's http.server answers 23 requests a second here, because its unbuffered writes meet delayed
acknowledgements.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from inboxcrm.errors import UsageError
from inboxcrm.sandbox.answers import Answer, Request
from inboxcrm.sandbox.control import Control
from inboxcrm.sandbox.faults import Faults
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.packing import Packer
from inboxcrm.sandbox.post_office import PostOffice
from inboxcrm.sandbox.quota import PROFILES, Ledger, Profile, Usage
from inboxcrm.sandbox.service import GmailService, ScriptLine
from inboxcrm.sandbox.tokens import MODIFY, READONLY, Tokens

LARGEST_HEAD = 64 * 1024
_GZIP_FROM_BYTES = 512


class Sandbox:
    """A running server as tests and the demo see it."""

    def __init__(self, service: GmailService, *, url: str) -> None:
        self.service = service
        self.url = url

    @property
    def mailbox(self) -> SandboxMailbox:
        """The only mailbox, or the first."""
        return next(iter(self.service.mailboxes.values()))

    @property
    def faults(self) -> Faults:
        return self.service.faults

    @property
    def tokens(self) -> Tokens:
        return self.service.tokens

    @property
    def office(self) -> PostOffice:
        """Its `habits` say how sending goes, its `outbound` what was delivered."""
        return self.service.office

    @property
    def script(self) -> list[ScriptLine]:
        """Lines (number, act): `act` runs in the server before the HTTP request of that number,
        the first being 1.
        """
        return self.service.script

    @property
    def call_script(self) -> list[ScriptLine]:
        return self.service.call_script

    @property
    def request_number(self) -> int:
        return self.service.request_number

    @property
    def call_number(self) -> int:
        return self.service.call_number

    def on_request(self, act: Callable[[int, str, str], object] | None) -> None:
        """Called as act(number, method, path) before every request."""
        self.service.before_request = act

    def usage(self, address: str | None = None) -> Usage:
        return self.service.ledger.usage(address or self.mailbox.address)

    def reset_usage(self) -> None:
        self.service.ledger.reset()

    def refresh_token(
        self, address: str | None = None, *, scopes: Iterable[str] = (READONLY, MODIFY)
    ) -> str:
        return self.tokens.grant(address or self.mailbox.address, scopes)

    def access_token(
        self, address: str | None = None, *, scopes: Iterable[str] = (READONLY, MODIFY)
    ) -> str:
        return self.tokens.access(self.refresh_token(address, scopes=scopes))


@contextmanager
def running_sandbox(
    mailboxes: SandboxMailbox | Iterable[SandboxMailbox],
    *,
    profile: str | Profile = "generous",
    port: int = 0,
    control_key: str = "",
    gzip: bool = True,
) -> Iterator[Sandbox]:
    """Serves until the block ends; then raises what a script or hook raised, if anything did.

    `control_key`, when given, opens /sandbox/... to callers that send it; see control.py.
    """
    boxes = [mailboxes] if isinstance(mailboxes, SandboxMailbox) else list(mailboxes)
    prices = PROFILES[profile] if isinstance(profile, str) else profile
    service = GmailService(boxes, ledger=Ledger(prices))
    control = Control(service, control_key) if control_key else None
    listener = _listen(port)
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    thread = threading.Thread(
        target=_serve,
        args=(loop, listener, service, control, Packer() if gzip else None, ready),
        name="sandbox",
        daemon=True,
    )
    thread.start()
    ready.wait()
    try:
        yield Sandbox(service, url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
    if service.hook_errors:
        raise service.hook_errors[0]


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise UsageError(
            f"The practice mail server cannot listen on port {port}: {error.strerror}.",
            remedy="End the program that uses the port, or choose another one.",
        ) from error
    return listener


def _serve(
    loop: asyncio.AbstractEventLoop,
    listener: socket.socket,
    service: GmailService,
    control: Control | None,
    packer: Packer | None,
    ready: threading.Event,
) -> None:
    asyncio.set_event_loop(loop)
    lines: set[_Line] = set()
    server = loop.run_until_complete(
        loop.create_server(lambda: _Line(loop, service, control, packer, lines), sock=listener)
    )
    ready.set()
    try:
        loop.run_forever()
    finally:
        server.close()
        for line in list(lines):
            line.abort()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


class _Line(asyncio.Protocol):
    """One connection: reads requests one after the other, writes each answer in one piece."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        service: GmailService,
        control: Control | None,
        packer: Packer | None,
        lines: set[_Line],
    ) -> None:
        self._loop = loop
        self._service = service
        self._control = control
        self._packer = packer
        self._lines = lines
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._is_late = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._lines.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None
        self._lines.discard(self)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._answer_all()

    def _answer_all(self) -> None:
        while self._transport is not None and not self._is_late:
            request = self._next_request()
            if request is None:
                return
            self._send(request, self._work(request))

    def _work(self, request: Request) -> Answer:
        if request.path.startswith("/sandbox/"):
            return self._control.answer(request) if self._control else Answer(404, b"{}")
        return self._service.answer(request)

    def _next_request(self) -> Request | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > LARGEST_HEAD:
                self.abort()
            return None
        head = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {}
        for text in head[1:]:
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        length = headers.get("content-length", "0")
        words = head[0].split(" ")
        if len(words) != 3 or not length.isdigit():
            self.abort()
            return None
        stop = end + 4 + int(length)
        if len(self._buffer) < stop:
            return None
        body = bytes(self._buffer[end + 4 : stop])
        del self._buffer[:stop]
        path, _, query = words[1].partition("?")
        return Request(words[0], path, query, headers, body)

    def _send(self, request: Request, answer: Answer) -> None:
        if answer.is_dropped:
            self.abort()
            return
        if answer.delay_seconds:
            self._is_late = True
            self._loop.call_later(answer.delay_seconds, self._send_late, request, answer.after(0.0))
            return
        body = answer.body
        extra = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
        if (
            self._packer is not None
            and len(body) >= _GZIP_FROM_BYTES
            and "gzip" in request.headers.get("accept-encoding", "")
        ):
            body = self._packer.pack(answer.pieces or (body,))
            extra += "Content-Encoding: gzip\r\n"
        kind = f"Content-Type: {answer.content_type}\r\n" if body else ""
        head = (
            f"HTTP/1.1 {answer.status} {answer.phrase}\r\n{kind}"
            f"Content-Length: {len(body)}\r\nVary: Accept-Encoding\r\n{extra}\r\n"
        )
        assert self._transport is not None
        if answer.missing_bytes:
            self._transport.write(
                head.encode("latin-1") + body[: max(0, len(body) - answer.missing_bytes)]
            )
            self._transport.close()
            return
        self._transport.write(head.encode("latin-1") + body)
        if request.headers.get("connection", "").lower() == "close":
            self._transport.close()

    def _send_late(self, request: Request, answer: Answer) -> None:
        self._is_late = False
        if self._transport is not None:  # else the caller has hung up meanwhile
            self._send(request, answer)
            self._answer_all()
