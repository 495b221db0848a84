"""The demo's practice Gmail, in a process of its own: it lives exactly as long as the demo holds its pipe open."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from inboxcrm.errors import InboxcrmError

START_SECONDS = 30.0
MOST_HURRY = 10
"""People write at most so much sooner where the clock runs faster: a visitor should see them come one by one."""


class Practice(NamedTuple):
    """Where it answers, and whose mailbox it holds."""

    endpoint: str
    address: str
    owner: str


@contextmanager
def practice_mailbox(
    token_file: Path, client_file: Path, *, began: datetime, speed: int
) -> Iterator[Practice]:
    """A practice server that runs, and whose seeded mailbox it holds; its clock is that of `clock_since`.

    Its token is written to the one file; to the other a client that may ask for the mailboxes of two colleagues, too.
    """
    # Not forked: a fork of a process with threads inherits locks that nobody will open.
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(
        target=_serve,
        args=(theirs, token_file, client_file, began, speed),
        name="inboxcrm-practice",
        daemon=True,
    )
    process.start()
    theirs.close()
    try:
        yield _first_word(ours)
    finally:
        ours.close()
        process.join(5)
        if process.is_alive():
            process.kill()
            process.join()


def _first_word(pipe: Connection) -> Practice:
    failure = InboxcrmError(
        "The practice mailbox did not start.",
        remedy="Try again; a slow machine may need a second start.",
    )
    try:
        if not pipe.poll(START_SECONDS):
            raise failure
        said = Practice(*pipe.recv())
    except EOFError:
        raise failure from None
    return said


def _serve(
    pipe: Connection, token_file: Path, client_file: Path, began: datetime, speed: int
) -> None:
    """The other process. The parent ends us by closing the pipe, be it by dying."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    from inboxcrm.sandbox.answering import Answering
    from inboxcrm.sandbox.demo import write_client_file, write_token_file
    from inboxcrm.sandbox.seed import fill, own_mailbox, seed_with_talks
    from inboxcrm.sandbox.server import running_sandbox
    from inboxcrm.sandbox.team import team_mail, team_mailboxes
    from inboxcrm.sandbox.tokens import COMPOSE, READONLY
    from inboxcrm.sandbox.trickle import Trickle
    from inboxcrm.worker.clock import clock_since, machine_seconds

    clock = clock_since(began, rate=speed)
    mailbox = own_mailbox(clock=clock)
    mails, talks = seed_with_talks(clock.now())
    fill(mailbox, mails)
    arriving = Trickle(talks)
    team = team_mailboxes(clock)
    with running_sandbox([mailbox, *team], profile="generous") as server:
        server.service.tokens.seconds = machine_seconds
        scopes = (READONLY, COMPOSE)
        token = server.refresh_token(scopes=scopes)
        write_token_file(token_file, server.url, refresh_token=token, scopes=scopes)
        people = Answering(mailbox.address)
        server.office.on_delivery = people.note
        write_client_file(client_file, server.url, asks=True)
        pipe.send((server.url, mailbox.address, mailbox.name))
        # Nobody can have connected these yet: Alice's mail first.
        for address, mails in team_mail(clock.now()).items():
            fill(server.service.mailboxes[address], mails)
        while not _is_closed(pipe, arriving.wait_seconds() / min(speed, MOST_HURRY)):
            mail = arriving.next_mail(clock.now())
            if mail is not None:
                mailbox.deliver(mail.raw, labels=sorted(mail.labels))
            answer = people.next_answer(clock.now())
            if answer is not None:
                mailbox.deliver(answer)


def _is_closed(pipe: Connection, seconds: float) -> bool:
    """Waits so long for the parent to go away. It never sends anything: what can be read is the end."""
    return pipe.poll(seconds)
