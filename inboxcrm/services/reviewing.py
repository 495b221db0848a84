"""Answers to the review queue: one for one sender or one for many, and one token that takes all of it back.

What is answered is told by the ids the page showed, so that a sender somebody else answered meanwhile is left alone and
told of. Everything happens in one transaction, kept as one row of `review_answer` whose data says, in order:

    ["captured", activity]           a lead was made                      undone like any such activity
    ["verdict", rule, [replaced]]    a person's word was written          taken back; the words it replaced hold again
    ["unruled", rule]                a person's word was taken back       holds again
    ["aside", address, before]       set aside, or taken up again         as before
    ["asked", address, before]       asked about anew                     as before

A piece on which somebody has built since refuses to be undone, and then nothing of the answer is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from inboxcrm.access.viewer import Viewer, may_change_capture
from inboxcrm.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RefusedError,
    UsageError,
)
from inboxcrm.leads.expiry import SET_ASIDE_FOR, expires_before
from inboxcrm.leads.wording import day_in_words
from inboxcrm.services import capturing
from inboxcrm.services.lead_changes import now_ms
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.undo import undo
from inboxcrm.store import leads as lead_rows
from inboxcrm.store import review_marks, verdicts, waiting
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.joined import JoinedDatabase
from inboxcrm.store.review import KnownAddress, known_addresses
from inboxcrm.store.review_marks import SetAside

SEALED_AS = "review"
MOST = 200
"""Senders in one answer; a page shows fewer."""


class Answer(StrEnum):
    LEAD = "lead"
    JOIN = "join"
    IGNORE = "ignore"
    LATER = "later"
    REVIEW = "review"
    """Back into the queue: from the ignored, the expired, or those set aside."""


_OPEN_TO = {
    Answer.LEAD: {"candidate", "ignored"},
    Answer.JOIN: {"candidate", "ignored"},
    Answer.IGNORE: {"candidate"},
    Answer.LATER: {"candidate"},
    Answer.REVIEW: {"candidate", "ignored"},
}

Piece = list[Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """What was done, in words for the toast. `undo` is None where nothing was; `domain` is where all of those answered
    write from, if a rule for all of it may be made.
    """

    text: str
    count: int
    undo: str | None = None
    domain: str = ""
    answer: str = ""


def answer(
    desk: Desk, viewer: Viewer, address_ids: Sequence[str], what: str, *, lead_id: str = ""
) -> Answered:
    """Gives all of these senders one answer. `lead_id` names the lead they are added to.

    Raises UsageError, NotFoundError (also for a sender this viewer may not know of), AlreadyLeadError.
    """
    refuse_strangers(viewer)
    if what not in set(Answer):
        raise UsageError("There is no such answer.", remedy="Reload the page.")
    chosen = Answer(what)
    numbers = _numbers(desk, address_ids)
    with desk.database.write() as tx:
        inner = replace(desk, database=JoinedDatabase(desk.database, tx))
        known = known_addresses(tx, viewer, numbers)
        if set(known) != set(numbers):
            raise NotFoundError(
                "There is no such sender to answer.", remedy="Reload the page and look again."
            )
        people = [known[which] for which in numbers if known[which].outcome in _OPEN_TO[chosen]]
        data: list[Piece] = []
        lead_name = ""
        if chosen is Answer.JOIN:
            lead_name = _lead_name(tx, desk, lead_id)
        for person in people:
            data += _do(tx, inner, viewer, chosen, person, lead_id)
        late = len(numbers) - len(people)
        text = _told(desk, chosen, people, late, lead_name)
        if not data:
            return Answered(text, 0)
        token = _kept(tx, desk, viewer, text, data)
    domains = {person.org_domain for person in people}
    return Answered(
        text,
        len(people),
        token,
        domains.pop() if len(domains) == 1 else "",
        chosen.value,
    )


def take_back(desk: Desk, viewer: Viewer, token: str) -> str:
    """Undoes an answer or a rule as a whole; returns what to say."""
    refuse_strangers(viewer)
    number = desk.ids.open(SEALED_AS, token)
    with desk.database.write() as tx:
        kept = None if number is None else review_marks.answer_by_id(tx, number)
        if kept is None:
            raise NotFoundError("There is nothing to take back here.", remedy="Reload the page.")
        if not review_marks.mark_undone(tx, kept.answer_id, at=now_ms(desk)):
            raise RefusedError("This was taken back already.", remedy="Reload the page.")
        inner = replace(desk, database=JoinedDatabase(desk.database, tx))
        try:
            for kind, *rest in reversed(json.loads(kept.data)):
                _UNDOING[kind](tx, inner, viewer, *rest)
        except ConflictError as error:
            raise ConflictError(
                "Somebody has worked on one of these leads since; nothing was taken back.",
                version=error.version,
                remedy="Change that lead by hand, and the others one by one.",
            ) from None
    return "Taken back"


def sender_shown(desk: Desk, viewer: Viewer, address_id: str) -> tuple[str, str]:
    """The address as it is shown, and the name. Raises NotFoundError, also for one this viewer may not know of."""
    numbers = _numbers(desk, [address_id])
    with desk.database.read() as tx:
        known = known_addresses(tx, viewer, numbers)
    if not known:
        raise NotFoundError("There is no such sender.", remedy="Go back to the review queue.")
    found = known[numbers[0]]
    return found.shown, found.name


def keep_answer(
    tx: Tx, desk: Desk, viewer: Viewer, text: str, data: list[Piece], *, answer: str = ""
) -> Answered:
    """For what rules do: the same row, the same undo."""
    return Answered(text, len(data), _kept(tx, desk, viewer, text, data), answer=answer)


def say(tx: Tx, inner: Desk, viewer: Viewer, *, scope: str, subject: str, **more: Any) -> Piece:
    """A person's word, with what it replaces."""
    before = review_marks.standing_rule(tx, scope, subject)
    told: dict[str, Any] = {scope: subject, **more}
    token = capturing.give_verdict(inner, viewer, **told)
    rule_id = inner.ids.open(capturing.SEALED_AS, token)
    return ["verdict", rule_id, [] if before is None else [before]]


def refuse_strangers(viewer: Viewer) -> None:
    if not may_change_capture(viewer):
        raise ForbiddenError("Your account may not decide about senders.", remedy="Ask an admin.")


# --- doing -------------------------------------------------------------------


def _numbers(desk: Desk, address_ids: Sequence[str]) -> list[int]:
    numbers = [desk.ids.open("address", one) for one in dict.fromkeys(address_ids)]
    found = [number for number in numbers if number is not None]
    if not found:
        raise UsageError("Nobody is chosen.", remedy="Choose at least one sender, then answer.")
    if len(found) != len(numbers):
        raise NotFoundError("There is no such sender to answer.", remedy="Reload the page.")
    if len(found) > MOST:
        raise UsageError(
            f"{len(found)} senders at once are too many.", remedy=f"Choose at most {MOST}."
        )
    return found


def _lead_name(tx: Tx, desk: Desk, lead_id: str) -> str:
    number = desk.ids.open("lead", lead_id)
    found = None if number is None else lead_rows.lead_by_id(tx, number)
    if found is None or found.is_withdrawn:
        raise NotFoundError("There is no such lead.", remedy="Look for it in the list of leads.")
    return found.name


def _do(
    tx: Tx, inner: Desk, viewer: Viewer, chosen: Answer, person: KnownAddress, lead_id: str
) -> list[Piece]:
    pieces: list[Piece] = []
    now = inner.clock.now()
    before = review_marks.set_aside_of(tx, [person.address_id]).get(person.address_id)
    if chosen is Answer.LATER:
        row = SetAside(person.address_id, to_ms(now + SET_ASIDE_FOR), to_ms(now), viewer.account_id)
        review_marks.set_aside(tx, [row])
    elif before is not None:
        review_marks.take_up(tx, [person.address_id])
    if chosen is Answer.LATER or before is not None:
        pieces.append(["aside", person.address_id, list(before) if before else None])
    if chosen is Answer.LEAD:
        done = create_lead(inner, viewer, person.shown, person.name)
        pieces.append(["captured", inner.ids.open("undo", done.undo or "")])
    elif chosen is Answer.JOIN:
        number = inner.ids.open("lead", lead_id)
        pieces.append(_word(tx, inner, viewer, person, "lead", lead_id=number))
    elif chosen is Answer.IGNORE:
        pieces.append(_word(tx, inner, viewer, person, "ignored"))
    elif chosen is Answer.REVIEW and not _stands_in_queue(inner, person, now):
        asked = waiting.asked_at(tx, person.address_id)
        if asked is not None:
            pieces.append(["asked", person.address_id, asked])
        pieces.append(_word(tx, inner, viewer, person, "candidate"))
        waiting.ask_again(tx, person.address_id, at=to_ms(now))
    return pieces


def _word(
    tx: Tx, inner: Desk, viewer: Viewer, person: KnownAddress, outcome: str, **more: Any
) -> Piece:
    return say(tx, inner, viewer, scope="address", subject=person.key, outcome=outcome, **more)


def _stands_in_queue(desk: Desk, person: KnownAddress, now: datetime) -> bool:
    cutoff = expires_before(now, desk.review_expires_after_days)
    return person.outcome == "candidate" and (
        cutoff is None or (person.waiting_at or 0) >= to_ms(cutoff)
    )


def _kept(tx: Tx, desk: Desk, viewer: Viewer, text: str, data: list[Piece]) -> str:
    number = review_marks.insert_answer(
        tx, account_id=viewer.account_id, at=now_ms(desk), text=text[:500], data=data
    )
    return desk.ids.seal(SEALED_AS, number)


# --- undoing -----------------------------------------------------------------


def _undo_captured(_tx: Tx, inner: Desk, viewer: Viewer, activity_id: int) -> None:
    undo(inner, viewer, inner.ids.seal("undo", activity_id))


def _undo_verdict(
    tx: Tx, inner: Desk, viewer: Viewer, rule_id: int, replaced: Sequence[int]
) -> None:
    capturing.take_back_verdict(inner, viewer, inner.ids.seal(capturing.SEALED_AS, rule_id))
    _hold_again(tx, inner, replaced)


def _undo_unruled(tx: Tx, inner: Desk, _viewer: Viewer, rule_id: int) -> None:
    _hold_again(tx, inner, [rule_id])


def _hold_again(tx: Tx, inner: Desk, rule_ids: Sequence[int]) -> None:
    if review_marks.restore_rules(tx, rule_ids):
        for rule_id in rule_ids:
            word = verdicts.verdict(tx, rule_id)
            assert word is not None
            ids = verdicts.address_ids(tx, word.scope, word.subject)
            capturing.recompute_addresses(tx, inner, ids)


def _undo_aside(
    tx: Tx, _inner: Desk, _viewer: Viewer, address_id: int, before: list[Any] | None
) -> None:
    if before is None:
        review_marks.take_up(tx, [address_id])
    else:
        review_marks.set_aside(tx, [SetAside(*before)])


def _undo_asked(tx: Tx, _inner: Desk, _viewer: Viewer, address_id: int, before: int) -> None:
    waiting.ask_again(tx, address_id, at=before)


_UNDOING: dict[str, Callable[..., None]] = {
    "captured": _undo_captured,
    "verdict": _undo_verdict,
    "unruled": _undo_unruled,
    "aside": _undo_aside,
    "asked": _undo_asked,
}


# --- saying ------------------------------------------------------------------

_MANY = {
    Answer.LEAD: "{count} added as leads",
    Answer.JOIN: "{count} addresses added to {lead}",
    Answer.IGNORE: "{count} addresses are ignored from now on",
    Answer.LATER: "{count} set aside until {day}",
    Answer.REVIEW: "{count} are back in the review queue",
}
_ONE = {
    Answer.LEAD: "{name} is a lead now",
    Answer.JOIN: "{address} added to {lead}",
    Answer.IGNORE: "{address} is ignored from now on",
    Answer.LATER: "{name} is set aside until {day}",
    Answer.REVIEW: "{name} is back in the review queue",
}


def _told(
    desk: Desk, chosen: Answer, people: Sequence[KnownAddress], late: int, lead_name: str
) -> str:
    if not people:
        return "Nothing was changed: somebody answered this already"
    now = desk.clock.now()
    values = {
        "count": str(len(people)),
        "lead": lead_name[:80],
        "name": (people[0].name or people[0].shown)[:80],
        "address": people[0].shown[:120],
        "day": day_in_words(now + SET_ASIDE_FOR, now=now, zone=desk.working_hours.zone),
    }
    text = (_ONE if len(people) == 1 else _MANY)[chosen]
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    if late:
        were = "one was" if late == 1 else f"{late} were"
        text += f"; {were} answered already"
    return text
