"""What one run of a sender holds in its hands: the mailbox, the claim on it, and what the run has done so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from inboxcrm.cadence.outbox import OVER, OutboxState, may_move
from inboxcrm.errors import BusyMailboxError
from inboxcrm.ports import MailSender
from inboxcrm.services.sync_run import Runner
from inboxcrm.store import outbox, senders
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Database, Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.upserts import one_at_a_time

CLAIM_SECONDS = 180.0
"""Longer than any one step takes, its longest wait for an answer (60 seconds) included."""

_IN_HAND = frozenset({OutboxState.CLAIMED, OutboxState.SENDING})


@dataclass(slots=True)
class SendReport:
    """What one run did. `cancelled` are mails taken back and people stopped; `waits` are reasons that held for the
    whole mailbox; `next_at` in ms, None: nothing waits.
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
    next_at: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class SenderClaim:
    """One sender a mailbox. A dead sender's claim runs out, or is taken at once where its process surely ended."""

    def __init__(self, database: Database, runner: Runner, mailbox_id: int, fence: int) -> None:
        self._database = database
        self._runner = runner
        self._mailbox_id = mailbox_id
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
        return cls(desk.database, runner, mailbox_id, fence)

    def keep(self, tx: Tx) -> None:
        """Called in every transaction of a run: where the claim was lost it aborts before it commits."""
        until = int((self._runner.machine_now() + CLAIM_SECONDS) * 1000)
        if not senders.keep_mailbox(
            tx, self._mailbox_id, self._runner.name, fence=self.fence, until=until
        ):
            raise _busy()

    def drop(self) -> None:
        with self._database.write() as tx:
            senders.give_up_mailbox(tx, self._mailbox_id, self._runner.name)


def _busy() -> BusyMailboxError:
    return BusyMailboxError(
        "Another sender has this mailbox.",
        remedy="Wait for it to finish, or stop it; its claim ends three minutes after it does.",
    )


@dataclass(slots=True)
class Leaving:
    """`crossed_at` is the machine's time at the last T2; `has_more`: another mail of the mailbox may be asked for;
    `secret` makes the keys of mails; `waits_until_ms`: before that the whole mailbox has to wait.
    """

    desk: Desk
    sender: MailSender
    box: MailboxRow
    runner: Runner
    claim: SenderClaim
    report: SendReport
    secret: bytes
    has_more: bool = True
    crossed_at: float = 0.0
    waits_until_ms: int = 0

    def now_ms(self) -> int:
        return to_ms(self.desk.clock.now())

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """One that sees every stop, suppression and answer committed before it, and aborts where the claim is lost."""
        with self.desk.database.write(durable=True) as tx:
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
        outbox.add_lines(tx, [mail.id], at=self.now_ms(), state=state, text=text)

    def end(
        self, tx: Tx, mail: OutboxRow, state: OutboxState, text: str, *, come_from: OutboxState
    ) -> None:
        self.move(tx, mail, state, text, come_from=come_from, fault=text)
