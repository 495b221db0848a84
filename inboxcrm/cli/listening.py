"""The built-in server. Its socket is bound before anything else starts, so that a taken port is said first."""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inboxcrm.errors import InboxcrmError, UserError

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

THREADS = 8


class PortError(InboxcrmError):
    """The port cannot be had."""


def bind(host: str, port: int) -> socket.socket:
    """Port 0 takes any free one. Raises PortError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    # A port left a moment ago may be taken again at once; one that is served may not.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise _meaning(error, host, port) from None
    return listener


def _meaning(error: OSError, host: str, port: int) -> InboxcrmError:
    free = f"Choose another one with --port {port + 1 if port < 65535 else 8025}."
    if error.errno == errno.EADDRINUSE:
        return PortError(
            f"Port {port} on {host} is taken by another program.",
            remedy=f"{free} If it is another inboxcrm, end that first.",
        )
    if error.errno == errno.EACCES:
        return PortError(
            f"This user may not listen on port {port}.", remedy="Choose one above 1023 with --port."
        )
    return UserError(
        f"Cannot listen on {host}, port {port}: {error.strerror}.", remedy="Check [web] host."
    )


def address_of(listener: socket.socket) -> str:
    """http://127.0.0.1:8025"""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve_until_stopped(app: WSGIApplication, listener: socket.socket, **limits: int) -> None:
    """Answers requests in this thread until SIGINT or SIGTERM, then lets running requests end.

    `limits` are waitress's own, as in max_request_body_size.
    """
    import logging

    import waitress

    # A request that waits a moment for a thread is no news for the person at the terminal.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)

    server = waitress.create_server(
        app, sockets=[listener], threads=THREADS, ident="inboxcrm", **limits
    )
    try:
        server.run()
    finally:
        server.close()


@contextmanager
def ending_by_signal() -> Iterator[None]:
    """SIGTERM ends a server as Ctrl-C does, and both are a good end.

    SIGINT is set too: a shell that starts a program in the background has it ignored, and then nothing would end it.
    """
    numbers = (signal.SIGTERM, signal.SIGINT)
    previous = [(number, signal.signal(number, _raise_keyboard_interrupt)) for number in numbers]
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in previous:
            signal.signal(number, handler)


@contextmanager
def stopping_by_keyboard(tell: Callable[[str], None]) -> Iterator[Callable[[], bool]]:
    """Ctrl-C lets the step under way end; twice stops at once.

    An interrupt inside the driver can leave a transaction open, and the lease could then not be given back.
    """
    asked: list[int] = []

    def ask(number: int, frame: object) -> None:
        if asked:
            _raise_keyboard_interrupt(number, frame)
        asked.append(number)
        tell("Stopping after this step. Ctrl-C again stops at once.")

    previous = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: bool(asked)
        if asked:
            raise KeyboardInterrupt
    finally:
        signal.signal(signal.SIGINT, previous)


def _raise_keyboard_interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
