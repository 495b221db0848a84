"""What one run of a sender holds in its hands: the mailbox, the claim on it, and what the run has done so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from inboxcrm.cadence.lead_values import Sender
from inboxcrm.cadence.outbox import OVER, OutboxState, may_move
from inboxcrm.errors import BusyMailboxError
from inboxcrm.ports import MailSender
from inboxcrm.services.rendering import version_of
from inboxcrm.services.sync_run import Runner
from inboxcrm.store import outbox, outbox_lines, senders
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Database, Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.templates import TemplateVersion
from inboxcrm.store.upserts import one_at_a_time

CLAIM_SECONDS = 180.0
"""Longer than any one step takes, its longest wait for an answer (60 seconds) included."""

_IN_HAND = frozenset({OutboxState.CLAIMED, OutboxState.SENDING})


@dataclass(slots=True)
class SendReport:
    """What one run did. `cancelled` are mails taken back and people stopped; `waits` are reasons that held for the
    whole mailbox, `held_by` their keys; `next_at` in ms, None: nothing waits.
    """

    name: str
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    cancelled: int = 0
    unknown: int = 0
    unconfirmed: int = 0
    units: int = 0
    waits: list[str] = field(default_factory=list)
    held_by: list[str] = field(default_factory=list)
    next_at: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class SenderClaim:
    """One sender a mailbox. A dead sender's claim runs out, or is taken at once where its process surely ended."""

    def __init__(
        self, database: Database, runner: Runner, mailbox_id: int, fence: int, *, until: float
    ) -> None:
        self._database = database
        self._runner = runner
        self._mailbox_id = mailbox_id
        self._until = until
        self.fence = fence

    @classmethod
    def take(cls, tx: Tx, desk: Desk, runner: Runner, mailbox_id: int) -> SenderClaim:
        """Raises BusyMailboxError."""
        holder = senders.holder_of(tx, mailbox_id).owner
        if holder and (holder == runner.name or runner.is_dead(holder)):
            senders.give_up_mailbox(tx, mailbox_id, holder)
        now = runner.machine_now()
        fence = senders.claim_mailbox(
            tx,
            mailbox_id,
            runner.name,
            now=int(now * 1000),
            until=int((now + CLAIM_SECONDS) * 1000),
        )
        if fence is None:
            raise _busy()
        return cls(desk.database, runner, mailbox_id, fence, until=now + CLAIM_SECONDS)

    def keep(self, tx: Tx) -> None:
        """Called in every transaction of a run: where the claim was lost it aborts before it commits."""
        if not self.is_kept(tx):
            raise _busy()

    def is_kept(self, tx: Tx) -> bool:
        """Extends the claim when a third of it is over: what is left is longer than any one step, too."""
        now = self._runner.machine_now()
        if self._until - now > CLAIM_SECONDS * 2 / 3:
            return senders.is_held_by(tx, self._mailbox_id, self._runner.name, fence=self.fence)
        until = now + CLAIM_SECONDS
        kept = senders.keep_mailbox(
            tx, self._mailbox_id, self._runner.name, fence=self.fence, until=int(until * 1000)
        )
        self._until = until if kept else self._until
        return kept

    def drop(self) -> None:
        with self._database.write() as tx:
            senders.give_up_mailbox(tx, self._mailbox_id, self._runner.name)


def _busy() -> BusyMailboxError:
    return BusyMailboxError(
        "Another sender has this mailbox.",
        remedy="Wait for it to finish, or stop it; its claim ends three minutes after it does.",
    )


class InHand(NamedTuple):
    """A mail that was claimed, with its bytes and the thread it goes on; or a draft that is to be tried again."""

    mail: OutboxRow
    mime: bytes = b""
    thread_ref: str = ""


def _nothing_more(tx: Tx) -> None:
    del tx


@dataclass(slots=True)
class Leaving:
    """`crossed_at` is the machine's time at the last T2; `has_more`: another mail of the mailbox may be asked for;
    `secret` makes the keys of mails; `write` gives durable transactions on one connection; `waits_until_ms`: before
    that the whole mailbox has to wait. `go_on` takes the next mail in hand in the transaction that ends one; `senders`:
    how the mailbox signs, by the From of its mails; `versions`: what it writes, by the id of the version.
    """

    desk: Desk
    sender: MailSender
    box: MailboxRow
    runner: Runner
    claim: SenderClaim
    report: SendReport
    secret: bytes
    write: Callable[[], AbstractContextManager[Tx]]
    has_more: bool = True
    crossed_at: float = 0.0
    waits_until_ms: int = 0
    in_hand: InHand | None = None
    go_on: Callable[[Tx], None] = _nothing_more
    senders: dict[str, Sender] = field(default_factory=dict)
    versions: dict[int, TemplateVersion] = field(default_factory=dict)

    def now_ms(self) -> int:
        return to_ms(self.desk.clock.now())

    def version(self, tx: Tx, version_id: int) -> TemplateVersion:
        if version_id not in self.versions:
            self.versions[version_id] = version_of(tx, version_id)
        return self.versions[version_id]

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """One that sees every stop, suppression and answer committed before it, and aborts where the claim is lost."""
        with self.write() as tx:
            one_at_a_time(tx)
            self.claim.keep(tx)
            yield tx

    def move(
        self,
        tx: Tx,
        mail: OutboxRow,
        state: OutboxState,
        text: str,
        *,
        come_from: OutboxState,
        **values: Any,
    ) -> None:
        """Along the table of cadence/outbox.py, with a line for people. Raises BusyMailboxError where somebody else
        has the mail in hand.
        """
        assert may_move(come_from, state), (come_from, state)
        if state in _IN_HAND:
            values["fence"] = self.claim.fence
        if state in OVER:
            values["ended_at"] = self.now_ms()
        done = outbox.move_mail(
            tx,
            mail.id,
            state,
            come_from=(come_from,),
            held_by=self.claim.fence if come_from in _IN_HAND else None,
            **values,
        )
        if not done:
            raise _busy()
        outbox_lines.add_line(tx, mail.id, at=self.now_ms(), state=state, text=text)

    def end(
        self, tx: Tx, mail: OutboxRow, state: OutboxState, text: str, *, come_from: OutboxState
    ) -> None:
        self.move(tx, mail, state, text, come_from=come_from, fault=text)
