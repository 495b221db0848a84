"""Who may be added to a cadence: quiet, consent, colleagues who are talking to them, and what a mail may say it is from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import select

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.cadence.adding import (
    AddingFacts,
    AddingRules,
    Answer,
    Guard,
    Talk,
    against_adding,
    talk_in_words,
)
from inboxcrm.cadence.rules import CadenceRules, rules_as_json, rules_from_json
from inboxcrm.errors import ForbiddenError, RefusedError, UsageError
from inboxcrm.leads.segment_left_out import LeftOut
from inboxcrm.services import adding
from inboxcrm.services.adding_rules import adding_of
from inboxcrm.services.cadences import start
from inboxcrm.services.explaining import why_lead
from inboxcrm.services.lead_consent import note_consent
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.lead_talks import log_call
from inboxcrm.services.segments import look_at
from inboxcrm.services.undo import undo
from inboxcrm.store.tables import (
    cadence,
    enrollment,
    lead,
    task,
)
from tests.sending.office import ALICE, MONDAY, QUICK, Office
from tests.sending.talks import at_rest, box_of, colleague, spring, wrote
from tests.statements import statements_seen

NewOffice = Callable[..., Office]
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    return at_rest(new_office())


DAY = timedelta(days=1)
_numbers = count(1)


def look(office: Office, viewer: Viewer = ALICE):
    """As the page shows it before the start."""
    with office.desk.database.read() as tx:
        own = tx.execute(select(cadence.c.id).where(cadence.c.key == "spring")).scalar_one()
    return look_at(office.desk, viewer, "stage is new", cadence_id=own)


def left_out(office: Office) -> dict[str, int]:
    return {one.reason: one.count for one in look(office).left_out}


def in_spring(office: Office) -> set[str]:
    with office.desk.database.read() as tx:
        rows = tx.execute(
            select(lead.c.name)
            .join(enrollment, enrollment.c.lead_id == lead.c.id)
            .join(cadence, cadence.c.id == enrollment.c.cadence_id)
            .where(cadence.c.key == "spring", enrollment.c.state == "active")
        )
        return {row[0].split()[0] for row in rows}


def bob_wrote(office: Office, days: float, *boxes: str, **how) -> None:
    with office.desk.database.write() as tx:
        places = [box_of(tx, one) for one in boxes]
        at = office.bench.clock.at - days * DAY
        wrote(tx, office.lead_id(tx, "Bob Tanaka"), at, *places, **how)


# --- quiet -----------------------------------------------------------------------------------


def test_whoever_was_in_touch_lately_is_left_out_and_so_it_starts(office: Office) -> None:
    colleague(office, "Carla")
    bob_wrote(office, 6.9, "carla")
    log_call(office.desk, ALICE, office.sealed_lead("Erin Tanaka"), outcome="reached")
    spring(office, quiet_days=7, guard=Guard.OFF)
    assert left_out(office) == {"touched": 2}
    assert start(office.desk, ALICE, "Spring", expected=1).left_out == (
        ("was in touch with us lately", 2),
    )
    assert in_spring(office) == {"Frank"}


@on_sqlite
def test_a_touch_of_before_counts_no_more_and_machines_never_did(office: Office) -> None:
    bob_wrote(office, 7, "alice")
    bob_wrote(office, 1, "alice", is_human=False)
    bob_wrote(office, 1, "alice", is_unlinked=True)
    spring(office, quiet_days=7)
    assert left_out(office) == {}


@on_sqlite
def test_its_own_mails_keep_nobody_out_who_is_in_it(office: Office) -> None:
    spring(office, quiet_days=30)
    start(office.desk, ALICE, "Spring")
    office.to_the_end()
    assert left_out(office) == {}
    assert start(office.desk, ALICE, "Spring", expected=3).left_out == ()
    office.merge("Later", replace(QUICK, adding=AddingRules(quiet_days=30)))
    assert start(office.desk, ALICE, "Later").left_out == (("was in touch with us lately", 3),)


# --- consent ------------------------------------------------------------------------------------


def test_where_consent_is_wanted_those_get_it_who_gave_it(office: Office) -> None:
    bob, erin = office.sealed_lead("Bob Tanaka"), office.sealed_lead("Erin Tanaka")
    note_consent(office.desk, ALICE, bob, state="given", source="Form on the website")
    note_consent(office.desk, ALICE, erin, state="given", source="Fair in May", on=date(2026, 5, 2))
    note_consent(office.desk, ALICE, erin, state="withdrawn", source="By telephone")
    spring(office, needs_consent=True)
    assert left_out(office) == {"no_consent": 2}
    start(office.desk, ALICE, "Spring", expected=1)
    assert in_spring(office) == {"Bob"}
    view = look_at(office.desk, ALICE, "consent is given")
    assert (view.count, view.words) == (1, "Leads whose consent is Given.")
    assert look_at(office.desk, ALICE, "consent is unset").count == 1


@on_sqlite
def test_consent_that_is_taken_back_stops_the_mail_that_waits(office: Office) -> None:
    bob = office.sealed_lead("Bob Tanaka")
    note_consent(office.desk, ALICE, bob, state="given", source="Form")
    spring(office, needs_consent=True)
    start(office.desk, ALICE, "Spring")
    note_consent(office.desk, ALICE, bob, state="withdrawn", source="By telephone")
    office.to_the_end()
    assert office.post.sent == []
    assert "taken it back" in why_lead(office.desk, ALICE, bob)[0].reason


@on_sqlite
def test_consent_can_be_taken_back_by_its_toast_and_says_where_it_is_from(office: Office) -> None:
    bob = office.sealed_lead("Bob Tanaka")
    first = note_consent(office.desk, ALICE, bob, state="given", source="Form\n<b>{{ x }}\u202e")
    second = note_consent(office.desk, ALICE, bob, state="withdrawn", source="By telephone")
    undo(office.desk, ALICE, second.undo)
    assert look_at(office.desk, ALICE, "consent is given").count == 1
    undo(office.desk, ALICE, first.undo)
    assert look_at(office.desk, ALICE, "consent is set").count == 0
    for how in (
        {"source": " "},
        {"source": "x" * 301},
        {"state": "maybe"},
        {"on": date(2027, 1, 1)},
    ):
        with pytest.raises(UsageError):
            note_consent(office.desk, ALICE, bob, **({"state": "given", "source": "Form"} | how))


# --- colleagues ----------------------------------------------------------------------------------


@on_sqlite
def test_the_guard_says_who_talks_to_whom_and_how_long_ago(office: Office) -> None:
    colleague(office, "Carla")
    bob_wrote(office, 3, "carla", direction="out")
    spring(office)
    assert look(office).warnings == ("Bob Tanaka: Carla was in touch with them 3 days ago",)
    assert left_out(office) == {}
    start(office.desk, ALICE, "Spring", expected=3)


@on_sqlite
@pytest.mark.parametrize("visibility", ["private", "subjects"])
def test_of_a_private_mailbox_nothing_but_the_day_is_told(office: Office, visibility: str) -> None:
    colleague(office, "Dora", visibility)
    bob_wrote(office, 1, "dora")
    spring(office)
    with office.desk.database.read() as tx:
        own = frozenset({box_of(tx, "alice")})
    rep = replace(ALICE, role=AccountRole.REP, mailbox_ids=own)
    assert look(office, rep).warnings == (
        "Bob Tanaka: A colleague was in touch with them yesterday",
    )
    assert "Dora" in look(office).warnings[0], "whoever reads that mailbox may know"


@on_sqlite
def test_who_stood_on_a_mail_unseen_is_told_to_nobody(office: Office) -> None:
    colleague(office, "Carla")
    bob_wrote(office, 1, "carla", is_open=False)
    spring(office)
    assert look(office).warnings == ()


@on_sqlite
def test_a_talk_one_takes_part_in_is_no_colleagues(office: Office) -> None:
    colleague(office, "Carla")
    bob_wrote(office, 1, "carla", "alice")
    bob_wrote(office, 31, "carla")
    spring(office, guard=Guard.BLOCK)
    assert left_out(office) == {}


@on_sqlite
def test_somebody_else_of_their_organization_counts_too(office: Office) -> None:
    carla = colleague(office, "Carla")
    create_lead(office.desk, ALICE, "boss@bobs-firm.example", "Boss Tanaka")
    with office.desk.database.write() as tx:
        wrote(tx, office.lead_id(tx, "Boss Tanaka"), MONDAY - 5 * DAY, box_of(tx, "carla"))
        (shared,) = tx.execute(
            select(lead.c.organization_id)
            .where(lead.c.name.in_(("Bob Tanaka", "Boss Tanaka")))
            .distinct()
        ).scalars()
        assert shared is not None
    del carla
    spring(office, guard=Guard.BLOCK)
    assert left_out(office) == {"colleague": 2}


def test_the_colleague_is_asked_and_the_person_waits_for_the_answer(office: Office) -> None:
    carla = colleague(office, "Carla")
    bob_wrote(office, 3, "carla")
    with office.desk.database.write() as tx:
        wrote(tx, office.lead_id(tx, "Erin Tanaka"), MONDAY - DAY, box_of(tx, "carla"))
    spring(office, guard=Guard.ASK)
    start(office.desk, ALICE, "Spring", expected=1)
    start(office.desk, ALICE, "Spring")
    with office.desk.database.read() as tx:
        assert [row.account_id for row in tx.execute(select(task))] == [carla, carla]
    bob, erin = adding.waiting_questions(office.desk, ALICE, "spring")
    assert (bob.lead, bob.text) == ("Bob Tanaka", "Carla was in touch with them 3 days ago")
    asked = Viewer(carla, mailbox_ids=frozenset())
    stranger = Viewer(99, mailbox_ids=frozenset())
    (seen,) = [
        one for one in adding.waiting_questions(office.desk, stranger) if one.lead == bob.lead
    ]
    assert (seen.text, seen.may_answer) == ("", False)
    with pytest.raises(ForbiddenError):
        adding.answer_question(office.desk, stranger, bob.id, yes=True)
    adding.answer_question(office.desk, asked, bob.id, yes=True)
    adding.answer_question(office.desk, asked, erin.id, yes=False)
    assert in_spring(office) == {"Bob", "Frank"}
    assert adding.waiting_questions(office.desk, ALICE) == []
    with pytest.raises(RefusedError, match="answered before"):
        adding.answer_question(office.desk, asked, erin.id, yes=True)
    assert left_out(office) == {"colleague_said_no": 1}
    with office.desk.database.read() as tx:
        assert all(row.done_at for row in tx.execute(select(task)))
    office.to_the_end()
    assert set(office.post.deliveries()) == {"bob@bobs-firm.example", "frank@franks-firm.example"}


@on_sqlite
def test_a_yes_adds_nobody_against_whom_something_else_stands_by_then(office: Office) -> None:
    carla = colleague(office, "Carla")
    bob_wrote(office, 3, "carla")
    spring(office, guard=Guard.ASK, needs_consent=True)
    bob = office.sealed_lead("Bob Tanaka")
    note_consent(office.desk, ALICE, bob, state="given", source="Form")
    start(office.desk, ALICE, "Spring")
    note_consent(office.desk, ALICE, bob, state="withdrawn", source="By telephone")
    (question,) = adding.waiting_questions(office.desk, ALICE)
    found = adding.answer_question(office.desk, Viewer(carla), question.id, yes=True)
    assert found.against == ("has not agreed to be written to",)
    assert in_spring(office) == set()


# --- one lead -----------------------------------------------------------------------------------


@on_sqlite
def test_one_lead_is_added_by_the_same_rules(office: Office) -> None:
    spring(office, quiet_days=7)
    with pytest.raises(RefusedError, match="draft"):
        adding.look_at_adding(office.desk, ALICE, "Spring", office.sealed_lead("Bob Tanaka"))
    start(office.desk, ALICE, "Spring")
    create_lead(office.desk, ALICE, "gwen@gwens-firm.example", "Gwen Tanaka")
    gwen = office.sealed_lead("Gwen Tanaka")
    seen = adding.look_at_adding(office.desk, ALICE, "Spring", gwen)
    assert (seen.may_be_added, seen.address) == (True, "gwen@gwens-firm.example")
    assert "Gwen" not in in_spring(office)
    assert adding.add_lead(office.desk, ALICE, "Spring", gwen) == seen
    assert "Gwen" in in_spring(office)
    with pytest.raises(RefusedError, match="is or was in it"):
        adding.add_lead(office.desk, ALICE, "Spring", gwen)
    create_lead(office.desk, ALICE, "hope@hopes-firm.example", "Hope Tanaka")
    hope = office.sealed_lead("Hope Tanaka")
    log_call(office.desk, ALICE, hope, outcome="reached")
    with pytest.raises(RefusedError, match="in touch with us lately"):
        adding.add_lead(office.desk, ALICE, "Spring", hope)
    with pytest.raises(ForbiddenError):
        adding.add_lead(office.desk, replace(ALICE, mailbox_ids=frozenset()), "Spring", hope)


@on_sqlite
def test_one_lead_too_waits_for_the_colleague_who_is_asked(office: Office) -> None:
    colleague(office, "Carla")
    spring(office, guard=Guard.ASK)
    start(office.desk, ALICE, "Spring")
    create_lead(office.desk, ALICE, "gwen@gwens-firm.example", "Gwen Tanaka")
    with office.desk.database.write() as tx:
        wrote(tx, office.lead_id(tx, "Gwen Tanaka"), MONDAY - DAY, box_of(tx, "carla"))
    assert adding.add_lead(office.desk, ALICE, "Spring", office.sealed_lead("Gwen Tanaka")).asks
    assert "Gwen" not in in_spring(office)
    assert len(adding.waiting_questions(office.desk, ALICE)) == 1


# --- the rules themselves ---------------------------------------------------------------------------


def test_the_rules_are_kept_as_they_were_made() -> None:
    made = CadenceRules(adding=AddingRules(9, needs_consent=True, guard=Guard.ASK, guard_days=3))
    assert rules_from_json(rules_as_json(made)) == made
    assert rules_from_json("{}").adding == AddingRules()


NOW = MONDAY
talk = Talk(NOW - 3 * DAY, "Carla", with_lead=True, asks=2)


@pytest.mark.parametrize(
    ("guard", "facts", "said"),
    [
        (Guard.OFF, AddingFacts(talk=talk), set()),
        (Guard.WARN, AddingFacts(talk=talk), set()),
        (Guard.BLOCK, AddingFacts(talk=talk), {LeftOut.COLLEAGUE}),
        (Guard.ASK, AddingFacts(talk=talk), {LeftOut.ASKS_COLLEAGUE}),
        (Guard.ASK, AddingFacts(talk=replace(talk, asks=None)), {LeftOut.COLLEAGUE}),
        (Guard.ASK, AddingFacts(talk=talk, answer=Answer.YES), set()),
        (Guard.ASK, AddingFacts(talk=talk, answer=Answer.NO), {LeftOut.COLLEAGUE_SAID_NO}),
        (Guard.ASK, AddingFacts(answer=Answer.WAITS), {LeftOut.ASKS_COLLEAGUE}),
        (Guard.BLOCK, AddingFacts(talk=replace(talk, at=NOW - 30 * DAY)), set()),
    ],
)
def test_what_the_guard_does(guard: Guard, facts: AddingFacts, said: set[LeftOut]) -> None:
    assert against_adding(facts, AddingRules(guard=guard), NOW) == said


def test_how_long_ago_is_said_in_days() -> None:
    for days, words in ((0.5, "today"), (1.5, "yesterday"), (9, "9 days ago"), (-2, "today")):
        assert talk_in_words(replace(talk, at=NOW - days * DAY), NOW).endswith(words)


@on_sqlite
def test_rules_are_asked_of_many_in_a_fixed_number_of_statements(office: Office) -> None:
    colleague(office, "Carla")
    bob_wrote(office, 3, "carla")
    spring(office, quiet_days=7, needs_consent=True, guard=Guard.ASK)
    with office.desk.database.read() as tx:
        own = tx.execute(select(cadence.c.id).where(cadence.c.key == "spring")).scalar_one()
        asking = adding_of(tx, office.desk, ALICE, own)
        every = list(tx.execute(select(lead.c.id)).scalars())
        with statements_seen(tx) as seen:
            asking.against(tx, every)
        assert len(every) == 3
    assert len(seen) == 5
