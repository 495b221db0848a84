"""Limits changed after a cadence was made: a look that tells the truth, and a change that touches no mail in hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select, update

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.adding import AddingRules
from inboxcrm.cadence.plan_changes import Change
from inboxcrm.cadence.rules import CadenceRules, rules_from_json
from inboxcrm.cadence.windows import Windows, is_open
from inboxcrm.errors import ConflictError, ForbiddenError, RefusedError
from inboxcrm.services import cadences, limits, resending
from inboxcrm.services.explaining import mail_story
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.limits import LimitsLook
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.tables import activity, cadence, enrollment, lead_consent, outbox, outbox_line
from tests.sending.incoming import sent_copies
from tests.sending.office import ALICE, MONDAY, QUICK, Office
from tests.sync.killing import Fuse
from tests.sync.world import Killed

NewOffice = Callable[..., Office]
REMINDER = {"after": "2 days", "template": "hello"}
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
MORNINGS = Windows.of_week("UTC", {day: [(time(9), time(10))] for day in ("tue", "thu")})
SIX = ("bob", "erin", "frank", "gus", "hal", "ivy")


def look(office: Office, rules: CadenceRules) -> LimitsLook:
    return limits.look_at_limits(office.desk, ALICE, "Autumn", rules)


def change(office: Office, rules: CadenceRules, **how) -> LimitsLook:
    return limits.change_limits(office.desk, ALICE, "Autumn", rules, **how)


def everything(office: Office) -> list:
    tables = (outbox, outbox_line, enrollment, activity, cadence)
    with office.desk.database.read() as tx:
        return [tx.execute(select(one)).all() for one in tables]


def due(office: Office) -> dict[str, datetime]:
    return {one.to_address: from_ms(one.due_at) for one in office.rows() if one.state == "planned"}


def went(office: Office) -> list[datetime]:
    return [datetime.fromtimestamp(one.at, UTC) for one in office.post.sent]


def stands(office: Office) -> CadenceRules:
    with office.desk.database.read() as tx:
        return rules_from_json(tx.execute(select(cadence.c.rules)).scalar_one())


# --- the look ------------------------------------------------------------------------------


def test_a_look_changes_nothing(new_office: NewOffice) -> None:
    office = new_office(steps=(REMINDER,))
    before = everything(office)
    found = look(office, replace(QUICK, windows=MORNINGS, day_cap=1))
    assert everything(office) == before
    assert (found.people, len(found.moved), found.moved_mails) == (3, 3, 6)
    assert dict(found.counts) == {Change.TIME: 3}
    assert (found.ahead_before.mails, found.ahead_after.mails) == (6, 6)
    assert found.ahead_before.first_at == MONDAY
    assert found.ahead_after.first_at == MONDAY + timedelta(days=1)


@pytest.mark.parametrize(
    "rules",
    [
        replace(QUICK, windows=MORNINGS),
        replace(QUICK, day_cap=2),
        replace(QUICK, windows=MORNINGS, day_cap=2, gap_seconds=600, domain_cap=1),
    ],
)
def test_what_the_look_says_is_what_happens(new_office: NewOffice, rules: CadenceRules) -> None:
    office = new_office(people=SIX[:4], steps=(REMINDER,))
    seen = look(office, rules)
    assert change(office, rules, mark=seen.mark) == seen
    assert stands(office) == rules
    office.to_the_end()
    assert office.wrong() == []
    for one in seen.moved:
        own = [
            datetime.fromtimestamp(mail.at, UTC)
            for mail in office.post.sent
            if mail.to == one.address
        ]
        for mail in one.changes.mails:
            assert mail.after is not None
            assert min(abs(at - mail.after) for at in own) <= timedelta(seconds=301)
    assert all(is_open(rules.windows, at) for at in went(office))
    for at in went(office):
        assert sum(at - timedelta(days=1) < other <= at for other in went(office)) <= rules.day_cap


# --- what it does -------------------------------------------------------------------------------


@on_sqlite
def test_a_higher_cap_brings_first_mails_forward_in_their_order(new_office: NewOffice) -> None:
    office = new_office(people=SIX, rules=replace(QUICK, day_cap=1))
    first = due(office)
    assert max(first.values()) - min(first.values()) >= timedelta(days=5)
    found = change(office, replace(QUICK, day_cap=100))
    assert found.ahead_before.last_at > found.ahead_after.last_at
    after = due(office)
    assert max(after.values()) == MONDAY
    office.to_the_end()
    assert [one.to for one in office.post.sent] == sorted(first, key=lambda one: first[one])


@on_sqlite
def test_a_lower_cap_puts_mails_off_so_that_none_is_too_late(new_office: NewOffice) -> None:
    office = new_office(people=SIX, steps=(REMINDER,), rules=replace(QUICK, max_late_days=1))
    office.send()
    office.bench.clock.wait(60)
    sent_copies(office)
    change(office, replace(QUICK, max_late_days=1, day_cap=1))
    office.to_the_end()
    assert {row.state for row in office.rows()} == {"sent"}
    assert office.wrong() == []


@on_sqlite
def test_follow_ups_keep_their_wait_under_other_hours(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,))
    office.send()
    sent_copies(office)
    change(office, replace(QUICK, windows=MORNINGS))
    (at,) = due(office).values()
    thursday = MONDAY + timedelta(days=3)
    assert thursday <= at < thursday + timedelta(hours=1)


@on_sqlite
def test_what_says_nothing_of_when_moves_nothing(new_office: NewOffice) -> None:
    office = new_office(people=SIX, rules=replace(QUICK, day_cap=2))
    before = due(office)
    rules = replace(QUICK, day_cap=2, max_late_days=9, adding=AddingRules(quiet_days=5))
    found = change(office, rules)
    assert (found.moved, due(office), stands(office)) == ((), before, rules)


@pytest.mark.parametrize(
    "state", ["claimed", "drafted", "sending", "unknown", "sent", "unconfirmed"]
)
@on_sqlite
def test_a_mail_in_hand_is_not_touched(new_office: NewOffice, state: str) -> None:
    office = new_office(people=("bob", "erin"))
    own = office.rows()[0]
    with office.desk.database.write() as tx:
        tx.execute(update(outbox).where(outbox.c.id == own.id).values(state=state, ref=""))
    before = office.rows()[0]
    found = change(office, replace(QUICK, windows=MORNINGS))
    assert office.rows()[0] == before
    assert found.on_their_way == (state in {"claimed", "drafted", "sending", "unknown"})
    assert from_ms(office.rows()[1].due_at) >= MONDAY + timedelta(days=1)


@on_sqlite
def test_what_is_too_late_waits_for_a_person_unless_the_limits_allow_it_now(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob",), rules=replace(QUICK, max_late_days=1))
    office.bench.clock.wait(5 * 86_400)
    office.read_mail()
    was = due(office)
    found = change(office, replace(QUICK, max_late_days=2))
    assert (found.moved, due(office)) == ((), was)
    found = look(office, replace(QUICK, max_late_days=9))
    assert dict(found.counts) == {Change.ADDED: 1}
    change(office, replace(QUICK, max_late_days=9))
    assert office.send().sent == 1


@on_sqlite
def test_what_waited_for_the_old_limits_is_asked_anew(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), rules=replace(QUICK, windows=MORNINGS))
    with office.desk.database.write() as tx:
        late = (MONDAY + timedelta(days=9)).timestamp() * 1000
        tx.execute(update(outbox).values(not_before_at=int(late), waits_for='[{"text": "x"}]'))
    change(office, QUICK)
    assert office.send().sent == 1


@on_sqlite
def test_asking_for_consent_says_who_is_stopped_by_it(new_office: NewOffice) -> None:
    office = new_office(steps=(REMINDER,))
    with office.desk.database.write() as tx:
        bob = office.lead_id(tx, "Bob Tanaka")
        tx.execute(
            insert(lead_consent).values(
                lead_id=bob, state="given", source="Fair", given_on="2026-05-01", noted_at=1
            )
        )
    rules = replace(QUICK, adding=AddingRules(needs_consent=True))
    found = change(office, rules)
    assert (found.not_agreed, dict(found.counts)) == (2, {Change.LOST: 2})
    office.to_the_end()
    assert office.post.deliveries() == {"bob@bobs-firm.example": 2}


@on_sqlite
def test_a_mail_that_is_resent_moves_with_the_others(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    office.send()
    sent_copies(office)
    resending.resend(office.desk, ALICE, office.rows()[0].key)
    found = change(office, replace(QUICK, windows=MORNINGS))
    assert len(found.moved) == 1
    assert list(due(office).values()) == [MONDAY + timedelta(days=1)]
    office.to_the_end()
    assert (office.wrong(), len(office.post.sent)) == ([], 2)


@on_sqlite
def test_before_the_start_the_look_tells_of_those_who_would_get_it(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    create_lead(office.desk, ALICE, "dave@daves-firm.example", "Dave Tanaka")
    office.merge("Spring", segment="name contains Dave")
    rules = replace(QUICK, windows=MORNINGS)
    found = limits.change_limits(office.desk, ALICE, "Spring", rules)
    assert [one.address for one in found.moved] == ["dave@daves-firm.example"]
    cadences.start(office.desk, ALICE, "Spring")
    assert from_ms(office.rows()[-1].due_at) >= MONDAY + timedelta(days=1)


@on_sqlite
def test_it_stands_in_the_life_of_the_mails_and_on_the_timelines(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    change(office, replace(QUICK, windows=MORNINGS))
    lines = mail_story(office.desk, ALICE, office.rows()[0].key).lines
    assert lines[-1].text == "Planned anew: the limits of the cadence were changed."
    with office.desk.database.read() as tx:
        texts = list(
            tx.execute(
                select(activity.c.text).where(activity.c.kind == "cadence").order_by(activity.c.id)
            ).scalars()
        )
    assert texts[-1].startswith("Autumn: its limits were changed")


@on_sqlite
def test_killed_around_its_commit_a_change_is_whole_or_not_there(new_office: NewOffice) -> None:
    for position, is_there in ((1, False), (2, True)):
        office = new_office(people=("bob",))
        limits.limits_of(office.desk, ALICE, "Autumn")
        before = everything(office)
        office.bench.database.fuse = Fuse(position)
        with pytest.raises(Killed):
            change(office, replace(QUICK, windows=MORNINGS))
        office.bench.database.fuse = Fuse(armed=False)
        assert (everything(office) == before) == (not is_there)
        assert (stands(office).windows == MORNINGS) == is_there
        assert (next(iter(due(office).values())) > MONDAY) == is_there


# --- who may, and when -----------------------------------------------------------------------------


@on_sqlite
def test_whoever_comes_second_is_told(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    mark, standing = limits.limits_of(office.desk, ALICE, "Autumn")
    assert standing == QUICK
    change(office, replace(QUICK, day_cap=7), mark=mark)
    before = everything(office)
    with pytest.raises(ConflictError):
        change(office, replace(QUICK, day_cap=9), mark=mark)
    with pytest.raises(RefusedError, match="Nothing of it would change"):
        change(office, replace(QUICK, day_cap=7))
    assert everything(office) == before


@on_sqlite
def test_only_who_may_send_from_it_changes_it_and_not_when_it_is_over(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob",))
    stranger = Viewer(2, mailbox_ids=frozenset())
    with pytest.raises(ForbiddenError):
        limits.look_at_limits(office.desk, stranger, "Autumn", replace(QUICK, day_cap=7))
    with pytest.raises(RefusedError, match="never open"):
        change(office, replace(QUICK, windows=Windows("UTC", ())))
    cadences.cancel(office.desk, ALICE, "Autumn")
    with pytest.raises(RefusedError, match="cancelled"):
        change(office, replace(QUICK, day_cap=7))
