"""Who is in a segment and yet gets nothing, and why: told before anybody is enrolled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inboxcrm.mail.addresses import is_no_reply, is_role


class LeftOut(StrEnum):
    NO_ADDRESS = "no_address"
    SUPPRESSED_ADDRESS = "suppressed_address"
    SUPPRESSED_DOMAIN = "suppressed_domain"
    NO_REPLY_ADDRESS = "no_reply_address"
    ROLE_ADDRESS = "role_address"
    ACTIVE_ELSEWHERE = "active_elsewhere"
    NO_CONSENT = "no_consent"
    TOUCHED = "touched"
    COLLEAGUE_SAID_NO = "colleague_said_no"
    COLLEAGUE = "colleague"
    ASKS_COLLEAGUE = "asks_colleague"


REASONS: dict[LeftOut, str] = {
    LeftOut.NO_ADDRESS: "has no mail address",
    LeftOut.SUPPRESSED_ADDRESS: "the address is suppressed",
    LeftOut.SUPPRESSED_DOMAIN: "the address's domain is suppressed",
    LeftOut.NO_REPLY_ADDRESS: "nobody reads mail at this address",
    LeftOut.ROLE_ADDRESS: "several people share this address",
    LeftOut.ACTIVE_ELSEWHERE: "is active in another cadence",
    LeftOut.NO_CONSENT: "has not agreed to be written to",
    LeftOut.TOUCHED: "was in touch with us lately",
    LeftOut.COLLEAGUE_SAID_NO: "a colleague does not want it",
    LeftOut.COLLEAGUE: "a colleague is talking to them",
    LeftOut.ASKS_COLLEAGUE: "waits for a colleague's word",
}
"""Gravest first: that order is kept wherever reasons are listed."""


@dataclass(frozen=True, slots=True)
class Reach:
    """`address` is the match key mail would go to, empty where there is none; `others` is what the rules of a cadence
    say besides (cadence/adding.py).
    """

    address: str
    is_suppressed: bool = False
    is_domain_suppressed: bool = False
    is_active_elsewhere: bool = False
    others: frozenset[LeftOut] = frozenset()


def reasons_left_out(reach: Reach) -> tuple[LeftOut, ...]:
    """All of them, the gravest first; none for who can be written to."""
    there = bool(reach.address)
    holds = {
        LeftOut.NO_ADDRESS: not there,
        LeftOut.SUPPRESSED_ADDRESS: reach.is_suppressed,
        LeftOut.SUPPRESSED_DOMAIN: reach.is_domain_suppressed,
        LeftOut.NO_REPLY_ADDRESS: there and is_no_reply(reach.address),
        LeftOut.ROLE_ADDRESS: there and is_role(reach.address),
        LeftOut.ACTIVE_ELSEWHERE: reach.is_active_elsewhere,
    }
    return tuple(reason for reason in REASONS if holds.get(reason, reason in reach.others))
