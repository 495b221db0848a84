"""Board and sheet give the same on both databases: every order, every group, page after page, now and on a past day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.errors import ForbiddenError
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.services.pipeline_filter import narrowed_by
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.pipeline_sheet import GROUPS, SORTS
from inboxcrm.store.tables import account, lead
from inboxcrm.views.pipeline import board
from inboxcrm.views.pipeline_sheet import ROWS, SheetOrder, sheet
from tests.store.test_pipeline_numbers import NOW, Hands

YOU = Viewer(1, AccountRole.ADMIN)


@pytest.fixture
def desk(database: Database) -> Desk:
    """Bob is qualified and worth 300 EUR, Carol is new, Dave was won; Erin has waited for long."""
    with database.write() as tx:
        tx.execute(insert(account), {"id": 2, "name": "Bob", "role": "rep", "created_at": 0})
    desk = Desk(
        database=database,
        clock=Hands(NOW - timedelta(days=20)),
        pipelines=Pipelines(),
        ids=OpaqueIds(b"x" * 32),
        working_hours=WorkingHours(zone="Asia/Tokyo"),
    )
    for name in ("Bob", "carol", "Dave", "Erin"):
        made = create_lead(desk, YOU, f"{name}@{name.lower()}.example", name)
        if name in {"Bob", "Dave"}:
            desk.clock.at = NOW - timedelta(days=10)
            done = edit_lead(
                desk, YOU, made.lead_id, version=made.version,
                changes={"value": "300" if name == "Bob" else "50", "currency": "EUR", "source": "fair", "owner": ""},
            )  # fmt: skip
            desk.clock.at = NOW - timedelta(days=5)
            stage = "sql" if name == "Bob" else "won"
            move_stage(desk, YOU, made.lead_id, stage, version=done.version)
            desk.clock.at = NOW - timedelta(days=20)
    mail = to_ms(NOW - timedelta(days=2))
    with database.write() as tx:
        tx.execute(
            update(lead)
            .where(lead.c.name == "Erin")
            .values(last_in_at=mail, owes="us", owes_since_at=mail)
        )
    desk.clock.at = NOW
    return desk


def names(desk: Desk, **asked) -> list[str]:
    return [row.name for group in sheet(desk, YOU, **asked).groups for row in group.rows]


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", ["Bob", "carol", "Dave", "Erin"]),
        ("value", ["Dave", "Bob"]),
        ("stage", ["Erin", "carol", "Bob", "Dave"]),
        ("days", ["Dave", "Bob"]),
        ("owes", ["Erin"]),
        ("last_in", ["Erin"]),
    ],
)
def test_the_sheet_is_sorted_alike(desk, sort, first):
    assert names(desk, order=SheetOrder(sort))[: len(first)] == first


def test_every_order_holds_every_lead_in_every_group_now_and_then(desk):
    for as_of in (None, date(2026, 5, 6)):
        for group in ("", *GROUPS, "nonsense"):
            for place, sort in enumerate((*SORTS, "nonsense")):
                order = SheetOrder(sort, place % 2 == 1, group)
                view = sheet(desk, YOU, as_of=as_of, order=order)
                rows = [row.name for one in view.groups for row in one.rows]
                assert sorted(rows) == ["Bob", "Dave", "Erin", "carol"], (as_of, order)
                assert sum(one.count for one in view.groups) == view.total == 4


def test_groups_say_what_they_hold(desk):
    def groups(key: str, **more) -> dict[str, int]:
        view = sheet(desk, YOU, order=SheetOrder(group=key), **more)
        return {one.label: one.count for one in view.groups}

    assert groups("stage") == {"New": 2, "Sales qualified": 1, "Won": 1}
    assert groups("stage", as_of=date(2026, 5, 8)) == {"New": 4}
    assert groups("owner") == {"You": 2, "Nobody": 2}
    assert groups("owner", as_of=date(2026, 4, 30)) == {"You": 4}
    assert groups("source") == {"by hand": 2, "fair": 2}
    assert groups("temperature") == {"Warm": 1, "Cold": 3}


def test_pages_of_the_sheet_hold_each_lead_once(desk):
    for number in range(ROWS):
        create_lead(desk, YOU, f"guest{number}@hotel.example", f"Guest {number}")
    found = [names(desk, order=SheetOrder("value"), page=page) for page in (1, 2)]
    assert [len(one) for one in found] == [ROWS, 4]
    assert len({one for page in found for one in page}) == ROWS + 4
    assert names(desk, order=SheetOrder("value"), page=99) == found[1]


def test_the_board_is_the_same_by_a_filter_of_every_kind(desk):
    for text, wanted in {
        "stage is new": {"new": 2},
        "owner is me and stage_kind is open": {"new": 2},
        "value > 100": {"sql": 1},
        'source any of (fair, "by hand")': {"new": 2, "sql": 1, "won": 1},
        "temperature is warm": {"new": 1},
    }.items():
        narrowed = narrowed_by(desk, YOU, text)
        view = board(desk, YOU, narrowed=narrowed)
        found = {one.stage.key: (one.count, len(one.cards)) for one in view.columns if one.count}
        assert found == {key: (count, count) for key, count in wanted.items()}, text
        past = board(desk, YOU, narrowed=narrowed, as_of=date(2026, 5, 8))
        [column] = [one for one in past.columns if one.count]
        assert (column.stage.key, column.count) == ("new", sum(wanted.values())), text


def test_a_day_ends_at_midnight_where_the_house_is(desk):
    """Half past three in the afternoon, UTC, is after midnight in Tokyo."""
    moved = NOW - timedelta(days=5)
    assert moved == datetime(2026, 5, 9, 15, 30, tzinfo=UTC)
    for day, qualified in ((date(2026, 5, 9), 0), (date(2026, 5, 10), 1)):
        view = board(desk, YOU, as_of=day)
        assert next(one.count for one in view.columns if one.stage.key == "sql") == qualified


def test_who_has_no_account_sees_nothing(desk):
    with pytest.raises(ForbiddenError):
        board(desk, Viewer(0))
    with pytest.raises(ForbiddenError):
        sheet(desk, Viewer(0))
