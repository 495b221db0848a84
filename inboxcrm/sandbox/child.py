"""The practice server in a process of its own: for kill tests, and for benchmarks that must not
share a core.

The child is told everything on its standard input and ends when that is closed, so it never
outlives a parent that was killed. Its levers are those of control.py.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from inboxcrm.errors import Offline
from inboxcrm.sandbox.control import KEY_HEADER
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.rendering import prerender
from inboxcrm.sandbox.seed import fill, from_mbox, seed_sales_mailbox
from inboxcrm.sandbox.server import running_sandbox

_KEY = "practice"
_START = "from inboxcrm.sandbox.child import serve_until_told; serve_until_told()"


@dataclass(frozen=True, slots=True)
class MailboxPlan:
    """A mailbox for the child to make. `raws` arrive a second apart and end at `now`."""

    address: str
    now: datetime
    seeded: int = 0
    seed: int = 7
    mbox: Path | None = None
    raws: tuple[bytes, ...] = ()
    prepared_fields: str | None = None
    """Answers to messages.get with this `fields` selection are rendered beforehand (replay)."""


class ChildSandbox:
    """The parent's handle. `pull("deliver", raw=...)` works a lever."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self.pid = pid

    def pull(self, lever: str, /, **body: Any) -> dict[str, Any]:
        raw = body.get("raw")
        if isinstance(raw, bytes):
            body["raw"] = b64encode(raw).decode()
        request = Request(  # noqa: S310 - our own child on the loopback
            f"{self.url}/sandbox/{lever}",
            data=json.dumps(body).encode(),
            headers={KEY_HEADER: _KEY, "Content-Type": "application/json"},
        )
        try:
            with urlopen(request, timeout=20) as answer:  # noqa: S310 - see above
                found: dict[str, Any] = json.loads(answer.read())
        except HTTPError as error:
            with error:
                text = error.read().decode("utf-8", "replace")
            raise ValueError(f"the lever {lever} was refused: {text}") from error
        return found


@contextmanager
def child_sandbox(
    plans: Sequence[MailboxPlan], *, profile: str = "generous", port: int = 0, gzip: bool = True
) -> Iterator[ChildSandbox]:
    child = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # It finds the program where its parent found it, wherever that stands.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        # Ctrl-C is its parent's affair: that one closes the pipe.
        start_new_session=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        pickle.dump((list(plans), profile, port, gzip), child.stdin)
        child.stdin.flush()
        url = child.stdout.readline().decode().strip()
        if not url:
            raise Offline("The practice mail server did not start; its own message stands above.")
        yield ChildSandbox(url, child.pid)
    finally:
        child.stdin.close()
        child.wait(timeout=20)
        child.stdout.close()


def serve_until_told() -> None:
    """What the child does."""
    try:
        plans, profile, port, gzip = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
    except EOFError:
        return  # it has gone before it said anything
    boxes = [make_mailbox(plan) for plan in plans]
    with running_sandbox(boxes, profile=profile, port=port, control_key=_KEY, gzip=gzip) as sandbox:
        sys.stdout.write(sandbox.url + "\n")
        sys.stdout.flush()
        sys.stdin.buffer.read()


def make_mailbox(plan: MailboxPlan) -> SandboxMailbox:
    box = SandboxMailbox(plan.address)
    if plan.mbox is not None:
        fill(box, from_mbox(plan.mbox))
    if plan.seeded:
        fill(box, seed_sales_mailbox(plan.now.astimezone(UTC), count=plan.seeded, seed=plan.seed))
    first = plan.now - timedelta(seconds=len(plan.raws))
    for place, raw in enumerate(plan.raws):
        box.deliver(raw, at=first + timedelta(seconds=place))
    if plan.prepared_fields is not None:
        prerender(box, fields=plan.prepared_fields)
    return box
