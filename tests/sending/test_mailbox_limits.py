"""What holds for a mailbox whatever its cadences say: it is kept, mails that wait are planned anew, nothing is late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.cadence.rules import rules_from_json
from inboxcrm.errors import FieldsError, NotFoundError
from inboxcrm.services.cadences import cadence_named, start
from inboxcrm.services.explaining import mail_story
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.mailbox_limits import (
    limits_of_mailbox,
    set_mailbox_limits,
    zone_of_mailbox,
)
from inboxcrm.services.planning_ahead import plans_ahead
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.senders import SenderLimits
from inboxcrm.store.tables import outbox, outbox_line
from tests.sending.office import ALICE, QUICK, Office
from tests.sync.killing import Fuse
from tests.sync.world import Killed

NewOffice = Callable[..., Office]
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
SIX = ("bob", "erin", "frank", "gus", "hal", "ivy")
AFTER = {"after": "2 days", "template": "hello"}
CALM = replace(QUICK, day_cap=2, gap_seconds=60)


def box_of(office: Office) -> str:
    return office.desk.ids.seal("mailbox", 1)


def limit(office: Office, **given: str) -> int:
    """How many mails were moved."""
    return set_mailbox_limits(office.desk, ALICE, box_of(office), given).moved


def due(office: Office) -> dict[tuple[str, str], datetime]:
    return {
        (one.to_address, one.step_key): from_ms(one.due_at)
        for one in office.rows()
        if one.state == "planned"
    }


def went(office: Office) -> list[datetime]:
    return [datetime.fromtimestamp(one.at, UTC) for one in office.post.sent]


def test_a_cap_of_the_mailbox_is_kept_and_nothing_is_late_for_it(new_office: NewOffice) -> None:
    office = new_office(people=SIX, steps=(AFTER,))
    assert limit(office, day_cap="1") > 0
    assert limit(office, day_cap="1") == 0, "they hold already"
    office.to_the_end()
    assert len(office.post.sent) == 12
    assert set(office.states().values()) == {"sent"}
    apart = [after - before for before, after in pairwise(went(office))]
    assert min(apart) >= timedelta(days=1)


def test_without_it_what_was_spread_goes_as_early_as_it_may(new_office: NewOffice) -> None:
    office = new_office(people=SIX, rules=replace(QUICK, day_cap=100))
    limit(office, day_cap="1")
    spread = due(office)
    assert max(spread.values()) - min(spread.values()) > timedelta(days=4)
    assert limit(office, day_cap="") > 0
    together = due(office)
    assert max(together.values()) - min(together.values()) < timedelta(days=1)
    office.to_the_end()
    assert went(office)[-1] - went(office)[0] < timedelta(days=1)


def test_all_its_cadences_share_the_room_and_go_as_planned(new_office: NewOffice) -> None:
    office = new_office(people=SIX, rules=CALM, steps=(AFTER,))
    for name in ("jane", "kim", "lou"):
        create_lead(office.desk, ALICE, f"{name}@{name}s-firm.example", f"{name.title()} Tanaka")
    office.merge("Spring", replace(CALM, day_cap=50))
    start(office.desk, ALICE, "Spring", expected=3)
    assert limit(office, day_cap="3", gap_seconds="1800") > 0
    plans = plans_ahead(office.desk, ALICE, ["Autumn", "Spring"])
    assert [len(one.mails) for one in plans] == [12, 3]
    office.goes_to_the_end_as([mail for one in plans for mail in one.mails])
    apart = [after - before for before, after in pairwise(went(office))]
    assert min(apart) >= timedelta(minutes=30)
    assert set(office.states().values()) == {"sent"}


def test_what_is_in_hand_stays_as_it_is(new_office: NewOffice) -> None:
    office = new_office(people=SIX)
    with office.desk.database.write() as tx:
        tx.execute(update(outbox).where(outbox.c.id == 1).values(state="claimed"))
    before = {row.id: row.due_at for row in office.rows()}
    moved = limit(office, day_cap="1")
    after = {row.id: row.due_at for row in office.rows()}
    assert after[1] == before[1]
    assert sum(after[one] != before[one] for one in before) == moved > 0
    with office.desk.database.read() as tx:
        told = tx.execute(
            select(outbox_line.c.outbox_id).where(outbox_line.c.text.contains("of its mailbox"))
        )
        assert len(set(told.scalars())) == moved
    key = next(row.key for row in office.rows() if after[row.id] != before[row.id])
    assert "the limits of its mailbox were changed" in str(mail_story(office.desk, ALICE, key))


def test_what_was_put_off_is_asked_anew(new_office: NewOffice) -> None:
    office = new_office(people=SIX, rules=CALM)
    office.send()
    with office.desk.database.write() as tx:
        tx.execute(
            update(outbox)
            .where(outbox.c.state == "planned")
            .values(not_before_at=1 << 50, waits_for='[{"key": "window", "text": "x"}]')
        )
    limit(office, gap_seconds="120")
    assert {row.not_before_at for row in office.rows() if row.state == "planned"} == {0}


@on_sqlite
def test_killed_at_any_commit_the_change_is_made_whole_or_not_at_all(new_office: NewOffice) -> None:
    reached = set()
    for place in range(1, 40):
        office = new_office(people=SIX)
        before = due(office)
        fuse = office.bench.database.fuse = Fuse(place)
        try:
            limit(office, day_cap="1")
        except Killed:
            pass
        else:
            assert fuse.count < place
            break
        fuse.armed = False
        changed = limits_of_mailbox(office.desk, ALICE, box_of(office)).day_cap == 1
        assert (due(office) != before) == changed
        reached.add(changed)
    assert reached == {True, False}


@on_sqlite
def test_only_who_may_manage_the_mailbox_sees_and_sets_them(new_office: NewOffice) -> None:
    office = new_office()
    stranger = Viewer(account_id=2, role=AccountRole.REP)
    with pytest.raises(NotFoundError):
        set_mailbox_limits(office.desk, stranger, box_of(office), {"day_cap": "1"})
    with pytest.raises(NotFoundError):
        limits_of_mailbox(office.desk, stranger, box_of(office))
    assert limits_of_mailbox(office.desk, ALICE, box_of(office)) == SenderLimits()


@on_sqlite
def test_all_that_is_wrong_is_said_at_once_and_nothing_is_changed(new_office: NewOffice) -> None:
    office = new_office()
    with pytest.raises(FieldsError) as wrong:
        limit(office, day_cap="0", gap_seconds="-5", zone="Europe/Nowhere")
    assert set(wrong.value.problems) == {"day_cap", "gap_seconds", "zone"}
    assert limits_of_mailbox(office.desk, ALICE, box_of(office)) == SenderLimits()
    limit(office, day_cap="2000", gap_seconds="0", zone="europe/lisbon")
    assert limits_of_mailbox(office.desk, ALICE, box_of(office)) == SenderLimits(
        2000, 0, "Europe/Lisbon"
    )
    limit(office, day_cap="")
    assert limits_of_mailbox(office.desk, ALICE, box_of(office)) == SenderLimits(
        None, 0, "Europe/Lisbon"
    ), "what is not named stays"


@on_sqlite
def test_its_zone_is_that_of_new_cadences_and_moves_no_mail(new_office: NewOffice) -> None:
    office = new_office()
    assert zone_of_mailbox(office.desk, "alice") == office.desk.working_hours.zone
    before, rules = due(office), cadence_named(office.desk, ALICE, "Autumn").row.rules
    assert limit(office, zone="Asia/Tokyo") == 0
    assert zone_of_mailbox(office.desk, "alice") == "Asia/Tokyo"
    assert due(office) == before
    assert rules_from_json(cadence_named(office.desk, ALICE, "Autumn").row.rules) == (
        rules_from_json(rules)
    )
    assert zone_of_mailbox(office.desk, "nobody") == office.desk.working_hours.zone
