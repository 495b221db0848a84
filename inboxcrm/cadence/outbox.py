"""The life of one mail of a cadence, from planned to seen in Sent.

A mail reaches somebody only out of SENDING, and SENDING is written down before the provider is asked: whoever finds a
mail there after a crash knows that it may have gone. From there it leads to SENT, or to UNKNOWN, which is looked into
and never sent on a guess. DRAFTED is a mail the provider holds and certainly has not sent; its draft, the same one, may
go later.

    PLANNED     due some day; nothing exists outside our database
    CLAIMED     rendered and frozen; a draft may exist, nobody else can see it
    DRAFTED     the draft exists and was not sent
    SENDING     handed over, or about to be
    UNKNOWN     handed over, and the answer was lost
    SENT        the provider took it
    UNCONFIRMED nothing was found after several looks: counts as sent, is shown to a person, never repeated
    SKIPPED     will not go, for a reason of its own (a variable has no value)
    FAILED      the provider will never take it
    CANCELLED   a stop came first
"""

from __future__ import annotations

from enum import StrEnum


class OutboxState(StrEnum):
    PLANNED = "planned"
    CLAIMED = "claimed"
    DRAFTED = "drafted"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = OutboxState
MOVES: dict[OutboxState, frozenset[OutboxState]] = {
    _S.PLANNED: frozenset({_S.CLAIMED, _S.SKIPPED, _S.CANCELLED}),
    _S.CLAIMED: frozenset({_S.PLANNED, _S.DRAFTED, _S.SENDING, _S.FAILED, _S.CANCELLED}),
    _S.DRAFTED: frozenset({_S.SENDING, _S.UNKNOWN, _S.SENT, _S.CANCELLED}),
    _S.SENDING: frozenset({_S.SENT, _S.UNKNOWN, _S.DRAFTED, _S.FAILED}),
    _S.UNKNOWN: frozenset({_S.SENT, _S.DRAFTED, _S.UNCONFIRMED, _S.CANCELLED}),
    _S.UNCONFIRMED: frozenset({_S.SENT, _S.CANCELLED}),
    _S.SENT: frozenset(),
    _S.SKIPPED: frozenset({_S.PLANNED}),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""UNCONFIRMED moves when the sent copy turns up late, or a person says that it did not go; so does DRAFTED, where a
sender that was held up comes back with the answer. SKIPPED is planned anew when what was missing has been filled in.
"""

PROVED_BY_A_COPY = frozenset({_S.PLANNED, _S.CLAIMED, _S.DRAFTED, _S.UNKNOWN, _S.UNCONFIRMED})
"""These become SENT, beside the table, when a sent mail with their key turns up: the answer was lost, or an owner found
the draft of a sender that died and sent it by hand.
"""

OVER = frozenset({_S.SENT, _S.UNCONFIRMED, _S.SKIPPED, _S.FAILED, _S.CANCELLED})
"""Nothing more happens to these by itself."""

MAY_HAVE_GONE = frozenset({_S.SENDING, _S.UNKNOWN, _S.SENT, _S.UNCONFIRMED})
"""These count against caps, and a stop comes too late for them."""


MAY_REPEAT = frozenset({_S.SENT, _S.UNCONFIRMED, _S.FAILED, _S.CANCELLED})
"""A person may have these sent once more, on purpose: a mail of its own, with a key of its own. A SKIPPED one is tried
anew by itself when what was missing is there.
"""


def may_move(before: OutboxState, after: OutboxState) -> bool:
    return after in MOVES[before]


# --- looking into a hand-over whose answer was lost -------------------------------

LOOK_AFTER_SECONDS = (120.0, 180.0, 600.0, 1800.0, 3600.0)
"""How long after the hand-over the first look is taken, and how long after each look the next. How late Gmail shows a
sent mail in its history and its search is not documented, and waiting costs nobody anything.
"""

UNSEEN_SECONDS = 120.0
"""Two looks that far apart at least, both with the draft there and nothing sent, and it counts as not sent."""

MOST_LOOKS = len(LOOK_AFTER_SECONDS)


def next_look_seconds(looks: int) -> float | None:
    """From look number `looks` to the next one; None when there was the last."""
    return LOOK_AFTER_SECONDS[looks] if looks < MOST_LOOKS else None


def is_not_sent(*, unseen_since_at: int | None, now: int) -> bool:
    """Whether the looks so far, all with the draft there and no trace of a delivery, prove that nothing was sent.

    Times in ms. `unseen_since_at` is the first of such looks in a row; None where this is the first.
    """
    return unseen_since_at is not None and now - unseen_since_at >= UNSEEN_SECONDS * 1000
