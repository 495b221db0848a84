"""Turns what is wanted into calls, groups calls into batches, and judges each answer by itself.
Pure.

A thread's answer may lack members (trash is not promised, and mail goes while we ask): those are
asked for alone.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from inboxcrm.errors import Gone, Poison, ProviderError, Throttled
from inboxcrm.errors import Offline as OfflineFault
from inboxcrm.gmail.batch import PartAnswer
from inboxcrm.gmail.faults import Call, fault_from
from inboxcrm.gmail.tree import senders_of_payload
from inboxcrm.mail.message import Message
from inboxcrm.ports import Fetched, Missing, Outcome, Postponed, Unreadable, Wanted

Reader = Callable[..., Message]
"""`message_from_payload(payload, *, size_bytes)`."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EXPECTED_MESSAGE_BYTES = 75_000
"""Before any message was seen; afterwards the average of this mailbox."""

LARGEST_BATCH_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of a batch: a message, or a thread of which `refs` are wanted."""

    refs: tuple[str, ...]
    thread_ref: str = ""


def asks_for(wanted: Iterable[Wanted]) -> deque[Ask]:
    """Each ref is asked for once, however often it is wanted."""
    asks: deque[Ask] = deque()
    seen: set[str] = set()
    for group in wanted:
        refs = tuple(ref for ref in dict.fromkeys(group.refs) if ref not in seen)
        seen.update(refs)
        if group.whole_thread and group.thread_ref and refs:
            asks.append(Ask(refs, group.thread_ref))
        else:
            asks.extend(Ask((ref,)) for ref in refs)
    return asks


def next_batch(
    asks: deque[Ask],
    *,
    size: int,
    message_bytes: float,
    budget_units: float,
    units_of: Callable[[Ask], int],
) -> list[Ask]:
    """Takes the next batch off `asks`: at most `size` calls, and no more bytes or units than one
    request should have.

    The first call always goes, whatever it costs.
    """
    batch: list[Ask] = []
    expected = units = 0.0
    while asks and len(batch) < size:
        expected += len(asks[0].refs) * message_bytes
        units += units_of(asks[0])
        if batch and (expected > LARGEST_BATCH_BYTES or units > budget_units):
            break
        batch.append(asks.popleft())
    return batch


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one call: outcomes, what to ask for again alone, and a fault that is not this
    item's alone.
    """

    outcomes: tuple[Outcome, ...] = ()
    again: tuple[Ask, ...] = ()
    fault: ProviderError | None = None


def judge(ask: Ask, answer: PartAnswer | None, *, read: Reader, mailbox: str) -> Verdict:
    if answer is None:
        return postponed(ask, "The answer of a batch was cut off.")
    if answer.status != 200:
        return _judge_refusal(ask, answer, mailbox)
    try:
        body = json.loads(answer.body)
    except ValueError:
        return postponed(ask, "The answer was no JSON.")
    if not isinstance(body, dict):
        return postponed(ask, "The answer was no message.")
    if not ask.thread_ref:
        if body.get("id") != ask.refs[0]:
            return postponed(ask, "The answer was another message than the one asked for.")
        return Verdict((_outcome(body, read),))
    members = body.get("messages")
    found = {
        member["id"]: member
        for member in (members if isinstance(members, list) else ())
        if isinstance(member, dict) and member.get("id") in ask.refs
    }
    return Verdict(
        tuple(_outcome(member, read) for member in found.values()),
        again=tuple(Ask((ref,)) for ref in ask.refs if ref not in found),
    )


def _judge_refusal(ask: Ask, answer: PartAnswer, mailbox: str) -> Verdict:
    fault = fault_from(answer.status, answer.body, answer.headers, call=Call.ITEM, mailbox=mailbox)
    match fault:
        case Gone() | Poison() if ask.thread_ref:
            # The thread as a whole cannot be had; that says nothing yet about each member.
            return Verdict(again=tuple(Ask((ref,)) for ref in ask.refs))
        case Gone():
            return Verdict((Missing(ask.refs[0]),))
        case Poison():
            return Verdict((Unreadable(ask.refs[0], fault.message),))
        case Throttled():
            return Verdict(tuple(postpone([ask], fault)), fault=fault)
        case OfflineFault():
            return postponed(ask, fault.message)
        case _:
            return Verdict(fault=fault)


def postponed(ask: Ask, reason: str) -> Verdict:
    """For what failed itself, or may have: it is counted, so that no item fails for ever."""
    return Verdict(tuple(Postponed(ref, reason) for ref in ask.refs))


def postpone(asks: Iterable[Ask], fault: ProviderError) -> list[Outcome]:
    """For what was refused, or not even asked for, because the whole mailbox met a fault."""
    after = fault.after_seconds if isinstance(fault, Throttled) else None
    return [
        Postponed(ref, fault.message, after, is_own_fault=False) for ask in asks for ref in ask.refs
    ]


def _outcome(body: dict[str, Any], read: Reader) -> Outcome:
    ref = body["id"]
    try:
        size_bytes = int(body.get("sizeEstimate") or 0)
        message = read(body.get("payload") or {}, size_bytes=size_bytes)
        return Fetched(
            ref=ref,
            thread_ref=str(body.get("threadId") or ""),
            labels=frozenset(body.get("labelIds") or ()),
            received_at=_moment(body.get("internalDate")),
            message=message,
        )
    except Exception as error:  # noqa: BLE001  whatever a mail does to the parser concerns this mail alone
        reason = f"The mail could not be read ({type(error).__name__})."
        return Unreadable(ref, reason, senders_of_payload(body.get("payload")))


def _moment(milliseconds: object) -> datetime | None:
    try:
        return _EPOCH + timedelta(milliseconds=int(str(milliseconds)))
    except (OverflowError, ValueError):
        return None


def bytes_of(answers: Sequence[PartAnswer]) -> int:
    return sum(len(answer.body) for answer in answers)
