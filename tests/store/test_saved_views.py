"""Views kept under names: whose they are, who may open and change them, what is refused; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.errors import (
    ConflictError,
    FieldsError,
    ForbiddenError,
    NotFoundError,
    RefusedError,
    UsageError,
)
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.segments import SegmentError
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.services import saved_views
from inboxcrm.services.saved_views import (
    ViewAsked,
    bring_back_view,
    change_view,
    delete_view,
    put_view,
    save_view,
    view_named,
    view_of,
)
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.tables import account
from tests.store.test_pipeline_numbers import NOW, Hands

ALICE, BEA, ROOT = (
    Viewer(1, AccountRole.REP),
    Viewer(2, AccountRole.REP),
    Viewer(3, AccountRole.ADMIN),
)
HOSTILE = [
    "<img src=x>",
    "a\nb\tc",
    "\u202egnp",
    "{{ 7*7 }}",
    "'; DROP TABLE lead; --",
    "x" * 80,
    "Ｆair ﬁ",
]


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.write() as tx:
        for number, name, role in ((2, "Bea", "rep"), (3, "Root", "admin")):
            tx.execute(insert(account), {"id": number, "name": name, "role": role, "created_at": 0})
    return Desk(
        database=database,
        clock=Hands(NOW),
        pipelines=Pipelines(),
        ids=OpaqueIds(b"x" * 32),
        working_hours=WorkingHours(),
    )


def names(desk: Desk, viewer: Viewer) -> list[str]:
    return [one.name for one in saved_views.saved_views(desk, viewer)]


def test_a_view_holds_what_it_was_saved_with(desk):
    asked = ViewAsked(
        "sheet", "sales", "owner is me", "value >= 5", ("stage", "value"), "value", is_descending=True, group="owner",
    )  # fmt: skip
    made = save_view(desk, ALICE, name="  My\n  big  ones ", asked=asked)
    assert view_of(desk, ALICE, made.id) == made
    assert (made.name, made.asked, made.is_shared, made.is_mine) == (
        "My big ones",
        asked,
        False,
        True,
    )
    numbers = save_view(desk, ALICE, name="Numbers", asked=ViewAsked("numbers", days=30))
    assert numbers.asked.days == 30


def test_one_that_is_not_shared_is_not_there_for_others(desk):
    mine = save_view(desk, ALICE, name="Mine", asked=ViewAsked())
    for viewer in (BEA, ROOT):
        with pytest.raises(NotFoundError, match="not shared with you"):
            view_of(desk, viewer, mine.id)
        with pytest.raises(NotFoundError):
            delete_view(desk, viewer, mine.id)
        with pytest.raises(NotFoundError):
            change_view(desk, viewer, mine.id, version=1, is_shared=True)
        assert names(desk, viewer) == []
    with pytest.raises(ForbiddenError):
        view_of(desk, Viewer(0), mine.id)
    shared = change_view(desk, ALICE, mine.id, version=1, is_shared=True)
    assert view_of(desk, BEA, mine.id).owner == "You"
    assert names(desk, BEA) == ["Mine"]
    with pytest.raises(RefusedError, match="may open it, not change it"):
        change_view(desk, BEA, mine.id, version=shared.version, name="Hers")
    with pytest.raises(RefusedError, match="may open it"):
        delete_view(desk, BEA, mine.id)
    assert change_view(desk, ROOT, mine.id, version=shared.version, name="Theirs").name == "Theirs"


def test_a_name_is_taken_once_by_each(desk):
    save_view(desk, ALICE, name="Fair", asked=ViewAsked())
    for name in ("FAIR", " fair "):
        with pytest.raises(FieldsError, match="already"):
            save_view(desk, ALICE, name=name, asked=ViewAsked())
    save_view(desk, BEA, name="Fair", asked=ViewAsked(), is_shared=True)
    other = save_view(desk, ALICE, name="Other", asked=ViewAsked())
    with pytest.raises(FieldsError, match="already"):
        change_view(desk, ALICE, other.id, version=1, name="fair")
    assert change_view(desk, ALICE, other.id, version=1, name="OTHER").name == "OTHER"
    assert names(desk, ALICE) == ["Fair", "OTHER", "Fair"]
    assert view_named(desk, ALICE, "fair").is_mine
    assert not view_named(desk, ROOT, "fair").is_mine
    save_view(desk, ALICE, name="Twice", asked=ViewAsked(), is_shared=True)
    save_view(desk, BEA, name="Twice", asked=ViewAsked(), is_shared=True)
    with pytest.raises(RefusedError, match="Several people share"):
        view_named(desk, ROOT, "twice")


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_kept_as_text(desk, name):
    made = save_view(desk, ALICE, name=name, asked=ViewAsked(), is_shared=True)
    assert view_of(desk, BEA, made.id).name == " ".join(name.replace("\u202e", "").split())


@pytest.mark.parametrize(
    ("name", "asked", "error"),
    [
        ("", ViewAsked(), FieldsError),
        (" \x00\n ", ViewAsked(), FieldsError),
        ("x" * 10_000, ViewAsked(), FieldsError),
        ("a", ViewAsked("nonsense"), FieldsError),
        ("a", ViewAsked(filter="stge is new"), SegmentError),
        ("a", ViewAsked(filter="Nobodys"), NotFoundError),
        ("a", ViewAsked(conditions="stage is nonsense"), SegmentError),
        ("a", ViewAsked(columns=("stage; DROP",)), FieldsError),
        ("a", ViewAsked(sort="nonsense"), FieldsError),
        ("a", ViewAsked(group="nonsense"), FieldsError),
        ("a", ViewAsked(days=99_999), FieldsError),
        ("a", ViewAsked(filter="name is " + "x" * 3_000), FieldsError),
    ],
)
def test_what_cannot_be_asked_is_not_kept(desk, name, asked, error):
    with pytest.raises(error):
        save_view(desk, ALICE, name=name, asked=asked)
    assert names(desk, ALICE) == []


def test_two_who_change_it_at_once_hear_of_each_other(desk):
    made = save_view(desk, ALICE, name="Ours", asked=ViewAsked(), is_shared=True)
    change_view(desk, ROOT, made.id, version=1, asked=ViewAsked(filter="value > 5"))
    with pytest.raises(ConflictError) as caught:
        change_view(desk, ALICE, made.id, version=1, name="Mine")
    assert caught.value.version == 2
    assert view_of(desk, ALICE, made.id).asked.filter == "value > 5"


def test_a_deleted_one_comes_back_while_its_name_is_free(desk):
    made = save_view(desk, ALICE, name="Fair", asked=ViewAsked(filter="value > 5"))
    gone, token = delete_view(desk, ALICE, made.id)
    assert gone.name == "Fair"
    assert names(desk, ALICE) == []
    with pytest.raises(NotFoundError):
        view_of(desk, ALICE, made.id)
    with pytest.raises(NotFoundError):
        bring_back_view(desk, BEA, token)
    assert bring_back_view(desk, ALICE, token).asked.filter == "value > 5"
    with pytest.raises(NotFoundError, match="nothing to take back"):
        bring_back_view(desk, ALICE, token)
    _, token = delete_view(desk, ALICE, made.id)
    save_view(desk, ALICE, name="fair", asked=ViewAsked())
    with pytest.raises(NotFoundError, match="nothing to take back"):
        bring_back_view(desk, ALICE, token)
    assert names(desk, ALICE) == ["fair"]


def test_somebody_has_so_many_and_no_more(desk, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST", 2)
    for name in ("a", "b"):
        save_view(desk, ALICE, name=name, asked=ViewAsked())
    with pytest.raises(UsageError, match="2 views already"):
        save_view(desk, ALICE, name="c", asked=ViewAsked())
    assert put_view(desk, ALICE, name="B", asked=ViewAsked("board")).asked.page == "board"
    save_view(desk, BEA, name="c", asked=ViewAsked())
