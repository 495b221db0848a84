"""One lead is added to a running cadence; where a colleague talks to them, that one is asked, and they wait.

A question is a task of the colleague on the lead. It is answered once: yes adds the lead then, in the name of who
asked, if nothing else stands against it by then; no keeps it out of this cadence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.cadence.adding import Talk, talk_in_words
from inboxcrm.errors import ForbiddenError, NotFoundError, RefusedError
from inboxcrm.leads.segment_left_out import REASONS, LeftOut, Reach, reasons_left_out
from inboxcrm.services.adding_rules import Adding, adding_of
from inboxcrm.services.asking_colleagues import ask_colleagues
from inboxcrm.services.cadence_events import note_for_all
from inboxcrm.services.cadences import STATE_REMEDIES, cadence_to_change, find_cadence
from inboxcrm.services.dry_runs import opener_due
from inboxcrm.services.enrolling import enroll_members
from inboxcrm.services.lead_changes import lead_to_change, no_such_lead, now_ms
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.segment_shapes import Member
from inboxcrm.store import adding_questions as questions
from inboxcrm.store import cadence_lists, enrollments, tasks
from inboxcrm.store import cadences as rows
from inboxcrm.store import leads as lead_rows
from inboxcrm.store.adding_questions import QuestionRow
from inboxcrm.store.cadences import CadenceRow
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.segment_members import members_by_id
from inboxcrm.store.upserts import one_at_a_time

_RUNS = frozenset({"running", "paused"})


@dataclass(frozen=True, slots=True)
class AddingLook:
    """What adding a lead does. `against` and `warnings` are in words; `asks`: a colleague is asked first."""

    cadence: str
    name: str
    address: str
    against: tuple[str, ...]
    warnings: tuple[str, ...]
    asks: bool
    first_at: datetime | None

    @property
    def may_be_added(self) -> bool:
        return not self.against


@dataclass(frozen=True, slots=True)
class Question:
    """One that waits. `text` says what for; `may_answer`: the viewer is the one who is asked, or an admin."""

    id: str
    cadence: str
    lead_id: str
    lead: str
    asked_by: str
    text: str
    at: datetime
    may_answer: bool


@dataclass(frozen=True, slots=True)
class _Case:
    member: Member
    reasons: tuple[LeftOut, ...]
    talk: Talk | None
    adding: Adding


def look_at_adding(desk: Desk, viewer: Viewer, name: str, lead_id: str) -> AddingLook:
    """Nothing is changed. Raises NotFoundError, ForbiddenError, RefusedError where the cadence does not run."""
    secret = outbox_secret(desk)
    with desk.database.read() as tx:
        found = _running(tx, viewer, name)
        number = desk.ids.open("lead", lead_id)
        lead = None if number is None else lead_rows.lead_by_id(tx, number)
        if lead is None or lead.is_withdrawn:
            raise no_such_lead()
        case = _case(tx, desk, viewer, found, lead.lead_id)
        return _look(tx, desk, found, lead.name, case, secret=secret)


def add_lead(desk: Desk, viewer: Viewer, name: str, lead_id: str) -> AddingLook:
    """Adds them, or asks the colleague first. Raises as `look_at_adding`, and RefusedError with all that stands against
    it otherwise.
    """
    secret = outbox_secret(desk)
    with desk.database.write() as tx:
        one_at_a_time(tx)
        found = _running(tx, viewer, name)
        lead = lead_to_change(tx, desk, viewer, lead_id)
        case = _case(tx, desk, viewer, found, lead.lead_id)
        look = _look(tx, desk, found, lead.name, case, secret=secret)
        if case.reasons == (LeftOut.ASKS_COLLEAGUE,):
            ask_colleagues(tx, desk, viewer, found, case.adding, [lead.lead_id])
        elif look.against:
            raise RefusedError(
                f"{lead.name} cannot be added to {found.name}: {'; '.join(look.against)}.",
                remedy="See the cadence's rules on adding.",
            )
        else:
            _enroll(
                tx, viewer, found, case.member, at=now_ms(desk), due=look.first_at, secret=secret
            )
        return look


# --- questions ------------------------------------------------------------------------


def waiting_questions(desk: Desk, viewer: Viewer, name: str = "") -> list[Question]:
    """Of one cadence, or all; oldest first. Everybody sees that one waits, the talk only who asks or is asked."""
    with desk.database.read() as tx:
        found = None
        if name:
            found = find_cadence(tx, name)
        held = questions.waiting_questions(tx, cadence_id=found.id if found else None)
    return [
        Question(
            desk.ids.seal("question", one.id),
            one.cadence,
            desk.ids.seal("lead", one.lead_id),
            one.lead,
            one.asker or "",
            one.text if viewer.account_id == one.account_id or _may_answer(viewer, one) else "",
            from_ms(one.asked_at),
            _may_answer(viewer, one),
        )
        for one in held
    ]


def answer_question(desk: Desk, viewer: Viewer, question_id: str, *, yes: bool) -> AddingLook:
    """The colleague's word; yes adds the lead, if nothing else stands against it. What stands is in the look.

    Raises NotFoundError, ForbiddenError for everybody else, RefusedError where it was answered before.
    """
    secret = outbox_secret(desk)
    number = desk.ids.open("question", question_id)
    with desk.database.write() as tx:
        one_at_a_time(tx)
        one = None if number is None else questions.question_by_id(tx, number)
        if one is None:
            raise NotFoundError("There is no such question.", remedy="See the cadence's page.")
        if not _may_answer(viewer, one):
            raise ForbiddenError("It was not you who was asked.", remedy="Leave it to them.")
        at = now_ms(desk)
        answer = "yes" if yes else "no"
        if not questions.set_answer(tx, one.id, answer, account_id=viewer.account_id, at=at):
            raise RefusedError("It was answered before.", remedy="See the lead's past.")
        tasks.set_done(tx, one.task_id, at=at)
        said = "a colleague agrees" if yes else "a colleague does not want it"
        note_for_all(
            tx,
            one.cadence_id,
            [one.lead_id],
            f"{one.cadence}: {said}",
            event="answered",
            at=at,
            account_id=viewer.account_id,
        )
        found = cadence_lists.cadence_by_id(tx, one.cadence_id)
        assert found is not None, "a question's cadence stays"
        # In the name of who asked: the one who answers need not send from that mailbox.
        asker = Viewer(one.account_id or viewer.account_id, mailbox_ids=frozenset({one.mailbox_id}))
        case = _case(tx, desk, asker, found, one.lead_id)
        look = _look(tx, desk, found, one.lead, case, secret=secret)
        if yes and look.may_be_added and found.state in _RUNS:
            _enroll(tx, asker, found, case.member, at=at, due=look.first_at, secret=secret)
        return look


def _may_answer(viewer: Viewer, one: QuestionRow) -> bool:
    return viewer.account_id == one.asked_of or viewer.role is AccountRole.ADMIN


# --- one lead ---------------------------------------------------------------------------


def _running(tx: Tx, viewer: Viewer, name: str) -> CadenceRow:
    found = cadence_to_change(tx, viewer, name)
    if found.state not in _RUNS:
        raise RefusedError(f"The cadence is {found.state}.", remedy=STATE_REMEDIES[found.state])
    return found


def _case(tx: Tx, desk: Desk, viewer: Viewer, found: CadenceRow, lead_id: int) -> _Case:
    adding = adding_of(tx, desk, viewer, found.id)
    assert adding is not None, "the cadence is there"
    row = members_by_id(tx, [lead_id], cadence_id=found.id)[lead_id]
    held = adding.against(tx, [lead_id]).get(lead_id, frozenset())
    reach = Reach(
        row.key or "", row.is_suppressed, row.is_domain_suppressed, row.is_active_elsewhere, held
    )
    facts = adding.facts(tx, [lead_id])[lead_id]
    member = Member(lead_id, row.address_id, row.shown or "", reasons_left_out(reach))
    return _Case(member, member.reasons_left_out, adding.warned(facts), adding)


def _look(
    tx: Tx, desk: Desk, found: CadenceRow, name: str, case: _Case, *, secret: bytes
) -> AddingLook:
    now = desk.clock.now()
    member = case.member
    against = [REASONS[one] for one in case.reasons]
    if enrollments.enrollments_in(tx, found.id, [member.lead_id]):
        against.insert(0, "is or was in it")
    steps = rows.steps_of(tx, found.id, found.version)
    first_at = None
    if not against:
        first_at = opener_due(
            tx, desk, found, steps, member.lead_id, member.address, now=now, secret=secret
        )
    return AddingLook(
        found.name,
        name,
        member.address,
        tuple(against),
        () if case.talk is None else (talk_in_words(case.talk, now),),
        case.reasons == (LeftOut.ASKS_COLLEAGUE,),
        first_at,
    )


def _enroll(
    tx: Tx,
    viewer: Viewer,
    found: CadenceRow,
    member: Member,
    *,
    at: int,
    due: datetime | None,
    secret: bytes,
) -> None:
    first = rows.steps_of(tx, found.id, found.version)[0]
    due_at = {member.lead_id: to_ms(due)} if due is not None else {}
    enroll_members(tx, viewer, found, first, [member], secret=secret, at=at, due_at=due_at)
