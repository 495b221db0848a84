"""People enter a cadence: one row each, and their mails planned, however often this is done.

Enrollments and planned mails are inserted only where none stands, page by page in one transaction: a crash leaves all
of it undone, and doing it twice is doing it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.keys import outbox_key
from inboxcrm.leads.segment_left_out import REASONS, LeftOut
from inboxcrm.mail.addresses import match_key
from inboxcrm.services.adding_rules import adding_of
from inboxcrm.services.asking_colleagues import ask_colleagues
from inboxcrm.services.cadence_events import note_for_all
from inboxcrm.services.segment_shapes import Member
from inboxcrm.services.segments import members, segment_meant
from inboxcrm.store import enrollments, outbox
from inboxcrm.store.cadences import CadenceRow, StepRow
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Enrolled:
    """`left_out` are counts by reason, in words."""

    count: int
    left_out: tuple[tuple[str, int], ...]


def enroll_segment(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    found: CadenceRow,
    first: StepRow,
    *,
    secret: bytes,
    at: int,
    due_at: Mapping[int, int],
) -> Enrolled:
    """Everybody of the cadence's segment whom nothing stands against. `due_at`: lead -> when its first mail is due, in
    ms; whoever is not in it is in the cadence already.
    """
    left_out: Counter[str] = Counter()
    count = after = 0
    segment = segment_meant(tx, desk, viewer, found.segment)
    while True:
        page = members(
            desk, tx, segment, after=after, limit=PAGE, viewer=viewer, cadence_id=found.id
        )
        wanted = [one for one in page if not one.reasons_left_out]
        for one in page:
            left_out.update(REASONS[reason] for reason in one.reasons_left_out[:1])
        count += len(wanted)
        enroll_members(tx, viewer, found, first, wanted, secret=secret, at=at, due_at=due_at)
        _ask_first(tx, desk, viewer, found, page)
        if len(page) < PAGE:
            break
        after = page[-1].lead_id
    return Enrolled(count, tuple((reason, many) for reason, many in left_out.most_common()))


def _ask_first(
    tx: Tx, desk: Desk, viewer: Viewer, found: CadenceRow, page: Sequence[Member]
) -> None:
    """Those against whom nothing stands but that a colleague is talking to them."""
    wait = [one.lead_id for one in page if one.reasons_left_out[:1] == (LeftOut.ASKS_COLLEAGUE,)]
    adding = adding_of(tx, desk, viewer, found.id) if wait else None
    if adding is not None:
        ask_colleagues(tx, desk, viewer, found, adding, wait)


def enroll_members(
    tx: Tx,
    viewer: Viewer,
    found: CadenceRow,
    first: StepRow,
    wanted: list[Member],
    *,
    secret: bytes,
    at: int,
    due_at: Mapping[int, int],
) -> None:
    """One row each and their first mails planned; nobody is asked whether they may be."""
    leads = [one.lead_id for one in wanted]
    inside = enrollments.enrollments_in(tx, found.id, leads)
    enrollments.insert_enrollments(
        tx,
        [
            {
                "cadence_id": found.id,
                "lead_id": one.lead_id,
                "address_id": one.address_id,
                "generation": 1,
                "version": found.version,
                "account_id": viewer.account_id,
                "enrolled_at": at,
            }
            for one in wanted
        ],
    )
    ids = enrollments.enrollments_in(tx, found.id, leads)
    note_for_all(
        tx,
        found.id,
        [one for one in leads if one not in inside],
        f"Added to {found.name}",
        event="enrolled",
        at=at,
        account_id=viewer.account_id,
    )
    outbox.plan_mails(
        tx,
        [
            {
                "enrollment_id": ids[one.lead_id],
                "cadence_id": found.id,
                "lead_id": one.lead_id,
                "mailbox_id": found.mailbox_id,
                "step_key": first.key,
                "key": outbox_key(
                    secret, cadence_id=found.id, lead_id=one.lead_id, step_key=first.key
                ),
                "due_at": due_at.get(one.lead_id, at),
                "template_version_id": first.template_version_id,
                "from_address": found.from_address,
                "to_address": _written(one),
            }
            for one in wanted
        ],
    )


def _written(member: Member) -> str:
    """The address as its owner writes it, unless that is more than an address."""
    key = match_key(member.address)
    return member.address if "<" not in member.address and " " not in member.address else key
