"""A lead comes into a stage with what that asks for, or not at all; and goes back as it came."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from inboxcrm.errors import ConflictError, UsageError
from inboxcrm.files.table_reading import table_from_bytes
from inboxcrm.leads.export_data import data_with
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.pipeline import Pipeline, Pipelines, ReasonRule, Stage, StageKind
from inboxcrm.services.import_shapes import ImportOrder
from inboxcrm.services.lead_import import preview_import, rejected_of, run_import
from inboxcrm.services.leads import NeedsMoreError, create_lead, edit_lead, move_stage
from inboxcrm.services.undo import undo
from inboxcrm.store.tables import activity, lead, lead_past
from inboxcrm.views.leads import lead_page
from tests.views.correspondence import Office, open_office

SALES = Pipeline(
    "sales",
    "Sales",
    (
        Stage("new", "New"),
        Stage("offer", "Offer", requires=("value", "close_on", "seats", "organization", "owner")),
        Stage("won", "Won", StageKind.WON),
        Stage("lost", "Lost", StageKind.LOST, requires=("source",)),
    ),
    ReasonRule.REQUIRED,
    ("Too dear", "No answer"),
)
SUPPORT = Pipeline(
    "support",
    "Support",
    (Stage("asked", "Asked"), Stage("new", "Waiting"), Stage("left", "Left", StageKind.LOST)),
    ReasonRule.OPTIONAL,
    ("Solved itself",),
    takes_other_reason=False,
)
SEATS = LeadField("seats", "Seats", FieldKind.NUMBER)
WHOLE = {
    "value": "1200.50",
    "currency": "eur",
    "close": "2026-06-30",
    "custom": {"seats": "40"},
    "organization": "kitaura.example",
}


@pytest.fixture
def office(database) -> Office:
    made = open_office(database)
    pipelines = Pipelines((SALES, SUPPORT))
    return replace(made, desk=replace(made.desk, pipelines=pipelines, lead_fields=(SEATS,)))


@pytest.fixture
def bob(office) -> str:
    """A lead of nobody's house: he writes from free mail."""
    return create_lead(office.desk, office.viewer, "bob@gmail.com", "Bob").lead_id


def move(office, lead_id, stage, *, version=1, **more):
    return move_stage(office.desk, office.viewer, lead_id, stage, version=version, **more)


def row(office, lead_id):
    number = office.desk.ids.open("lead", lead_id)
    with office.desk.database.read() as tx:
        return tx.execute(select(lead).where(lead.c.id == number)).one()


def counts(office) -> tuple[int, int]:
    with office.desk.database.read() as tx:
        return tuple(len(tx.execute(select(one.c.id)).all()) for one in (activity, lead_past))


def test_all_that_is_missing_is_said_at_once_and_nothing_is_done(office, bob):
    before = counts(office)
    with pytest.raises(NeedsMoreError) as caught:
        move(office, bob, "offer", fields={"close": "0001-01-01", "currency": "EUR"})
    error = caught.value
    assert set(error.names) == {"value", "close", "custom.seats", "organization"}
    assert "Offer asks for value, Seats and organization." in error.message
    assert '"0001-01-01" is no day it can be won on.' in error.message
    assert (error.pipeline, error.stage) == ("sales", "offer")
    held = row(office, bob)
    assert (held.stage, held.version, held.value_currency, held.close_on) == ("new", 1, "", None)
    assert counts(office) == before


def test_fields_and_stage_are_one_change_and_one_undo(office, bob):
    activities, states = counts(office)
    done = move(office, bob, "offer", fields=WHOLE)
    held = row(office, bob)
    assert done.version == held.version == 2
    assert (held.stage, held.value_cents, held.value_currency) == ("offer", 120_050, "EUR")
    assert (held.close_on, held.custom) == ("2026-06-30", '{"seats": "40"}')
    assert held.organization_id is not None
    assert counts(office) == (activities + 1, states + 1), "one line in the past, one state"
    undo(office.desk, office.viewer, done.undo)
    back = row(office, bob)
    assert (back.stage, back.value_cents, back.value_currency) == ("new", None, "")
    assert (back.close_on, back.custom, back.organization_id) == (None, "{}", None)


def test_an_undo_does_not_take_away_what_somebody_changed_since(office, bob):
    done = move(office, bob, "offer", fields=WHOLE)
    edit_lead(office.desk, office.viewer, bob, version=2, changes={"value": "99"})
    with pytest.raises(ConflictError, match="changed again since"):
        undo(office.desk, office.viewer, done.undo)
    assert row(office, bob).stage == "offer"


def test_what_the_lead_has_already_is_not_asked_for(office, bob):
    edit_lead(office.desk, office.viewer, bob, version=1, changes=WHOLE)
    assert move(office, bob, "offer", version=2).text == "Moved to Offer"


def test_leaving_a_stage_and_being_put_back_asks_nothing(office, bob):
    move(office, bob, "offer", fields=WHOLE)
    done = move(office, bob, "new", version=2)
    edit_lead(office.desk, office.viewer, bob, version=3, changes={"close": ""})
    undo(office.desk, office.viewer, done.undo)
    held = row(office, bob)
    assert (held.stage, held.close_on) == ("offer", None)


def test_fields_for_the_stage_it_is_in_are_an_edit(office, bob):
    done = move(office, bob, "new", fields={"value": "5"})
    assert done.text == "Saved"
    assert row(office, bob).value_cents == 500
    assert move(office, bob, "new", version=2).undo is None


def test_an_old_version_is_said_before_anything_is_asked(office, bob):
    edit_lead(office.desk, office.viewer, bob, version=1, changes={"phone": "1"})
    with pytest.raises(ConflictError):
        move(office, bob, "offer", version=1)


def test_a_lost_lead_has_a_reason_and_it_is_counted_by_the_words_of_the_settings(office, bob):
    for reason in (None, "", " \n "):
        with pytest.raises(NeedsMoreError) as caught:
            move(office, bob, "lost", reason=reason)
        assert caught.value.names == ("reason",)
        assert "Lost asks for a reason." in caught.value.message
    move(office, bob, "lost", reason="too  DEAR")
    assert row(office, bob).stage_reason == "Too dear"


def test_a_pipeline_that_asks_without_insisting_asks_once(office, bob):
    with pytest.raises(NeedsMoreError):
        move(office, bob, "support/left", reason=None)
    with pytest.raises(NeedsMoreError, match="Choose one of Solved itself"):
        move(office, bob, "support/left", reason="Anything")
    assert move(office, bob, "support/left", reason="").text == "Closed as Support: Left"
    assert row(office, bob).stage_reason == ""


def test_a_lead_goes_to_another_pipeline_and_back(office, bob):
    done = move(office, bob, "asked", pipeline="support")
    held = row(office, bob)
    assert (held.pipeline, held.stage) == ("support", "asked")
    office.pass_time(days=1)
    assert move(office, bob, "new", version=2).text == "Moved to Waiting", "of its own pipeline"
    assert move(office, bob, "sales/new", version=3).text == "Moved to Sales: New"
    page = lead_page(office.desk, office.viewer, bob)
    assert "Support: Waiting → Sales: New" in [one.text for one in page.timeline]
    with office.desk.database.read() as tx:
        past = tx.execute(
            select(lead_past.c.pipeline, lead_past.c.stage).order_by(lead_past.c.id)
        ).all()
    assert past == [("sales", "new"), ("support", "asked"), ("support", "new")]
    with pytest.raises(ConflictError):
        undo(office.desk, office.viewer, done.undo)


@pytest.mark.parametrize(
    ("stage", "pipeline", "said"),
    [
        ("nosuch", None, "Choose one of new, offer, won, lost"),
        ("nosuch/new", None, "Choose one of sales, support"),
        ("new", "nosuch", "Choose one of sales, support"),
        ("support/offer", None, "Choose one of asked, new, left"),
        ("x" * 10_000, None, "Choose one of new"),
    ],
)
def test_a_place_that_is_not_there_is_said_with_those_that_are(office, bob, stage, pipeline, said):
    with pytest.raises(UsageError) as caught:
        move(office, bob, stage, pipeline=pipeline)
    assert said in caught.value.remedy
    assert len(caught.value.message) < 200


def test_a_lead_leaves_a_pipeline_the_settings_do_not_have(office, bob):
    number = office.desk.ids.open("lead", bob)
    with office.desk.database.write() as tx:
        tx.execute(lead.update().where(lead.c.id == number).values(pipeline="old", stage="x"))
    with pytest.raises(UsageError) as caught:
        move(office, bob, "won")
    assert "sales/won" in caught.value.remedy
    assert move(office, bob, "sales/won").text == "Closed as Sales: Won"
    assert row(office, bob).pipeline == "sales"


def test_a_lead_added_to_a_stage_that_asks_for_more_is_added_without_it(office):
    with pytest.raises(UsageError, match="Offer asks for value, close date and Seats"):
        create_lead(office.desk, office.viewer, "carol@firm.example", stage="offer")
    with pytest.raises(UsageError, match="Lost asks for a reason"):
        create_lead(office.desk, office.viewer, "carol@firm.example", stage="lost")
    assert create_lead(office.desk, office.viewer, "carol@firm.example", stage="won").version == 1


TABLE = (
    "mail,stage,value,currency,close,seats,lost reason\n"
    "carol@firm.example,Offer,1200,EUR,2026-06-30,4,\n"
    "dave@firm.example,offer,,EUR,,4,\n"
    "erin@firm.example,lost,,,,,no ANSWER\n"
    "frank@firm.example,Lost,,,,,\n"
    "grace@firm.example,,,,,,\n"
)


def test_every_row_of_a_table_is_told_what_its_stage_asks_for(office):
    def table():
        return table_from_bytes("old.csv", TABLE.encode())

    looked = preview_import(office.desk, office.viewer, table(), ImportOrder())
    assert looked.counts["rejected"] == 2
    done = run_import(office.desk, office.viewer, table(), ImportOrder())
    assert (done.counts["created"], done.counts["rejected"]) == (3, 2)
    rejected = rejected_of(office.desk, office.viewer, done.number)[1]
    told = {one.cells[0]: one.reason for one in rejected}
    assert told == {
        "dave@firm.example": "Offer asks for value and close date.",
        "frank@firm.example": "Lost asks for a reason.",
    }
    with office.desk.database.read() as tx:
        held = tx.execute(select(lead.c.stage, lead.c.stage_reason).order_by(lead.c.id)).all()
    assert held == [("offer", ""), ("lost", "No answer"), ("new", "")]
    again = run_import(office.desk, office.viewer, table(), ImportOrder())
    assert (again.counts["created"], again.counts["rejected"]) == (0, 2), "nothing half-done"


def test_hostile_words_stay_words(office, bob):
    evil = "<img src=x>\u202e{{ 7*7 }}\n'; DROP TABLE lead; --"
    move(office, bob, "lost", reason=evil, fields={"source": evil})
    held = row(office, bob)
    assert held.stage_reason == " ".join(evil.split())
    with pytest.raises(UsageError, match="A lead has no field"):
        move(office, bob, "new", version=2, fields={evil: "x"})
    with pytest.raises(NeedsMoreError) as caught:
        move(office, bob, "offer", version=2, fields={"value": "9" * 10_000})
    assert "value" in caught.value.names


@pytest.mark.parametrize("amount", ["1e999999", "9e999999", "NaN", "Infinity", "-1", "1.001"])
def test_an_absurd_amount_is_no_amount(office, bob, amount):
    with pytest.raises(UsageError, match="is no amount"):
        edit_lead(office.desk, office.viewer, bob, version=1, changes={"value": amount})
    assert row(office, bob).value_cents is None


def test_what_was_filled_in_for_a_move_is_exported_by_keys_and_comes_back():
    """Undo in the house that took it in puts back its own owner, not the number of another."""
    changes = [{"field": "owner_id", "from": 1, "to": 2}, {"field": "value_cents", "from": "", "to": 5}]  # fmt: skip
    text = json.dumps({"from": {"stage": "new"}, "reason": "", "changes": changes})
    out = data_with("stage_move", text, lambda table, number: f"{table}-{number}")
    assert json.loads(out)["changes"][0] == {
        "field": "owner_id",
        "from": "accounts-1",
        "to": "accounts-2",
    }
    back = data_with("stage_move", out, lambda _table, key: int(key.rpartition("-")[2]) + 10)
    assert [one["to"] for one in json.loads(back)["changes"]] == [12, 5]
