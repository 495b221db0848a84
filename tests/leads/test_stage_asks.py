"""What a stage asks for: the fields a lead lacks, and the reason of a lost one."""

from __future__ import annotations

import pytest

from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.pipeline import Pipeline, ReasonRule, Stage, StageKind
from inboxcrm.leads.stage_asks import (
    asking_sentence,
    lacks_reason,
    missing_fields,
    place_in,
    read_reason,
    required_fields,
)

SEATS = LeadField("seats", "Seats", FieldKind.NUMBER)
OFFER = Stage("offer", "Offer", requires=("value", "close_on", "seats", "custom.seats", "owner"))
LOST = Stage("lost", "Lost", StageKind.LOST)
OPEN = Stage("new", "New")


def pipeline(rule: ReasonRule = ReasonRule.REQUIRED, *reasons: str, free: bool = True) -> Pipeline:
    return Pipeline("sales", "Sales", (OPEN, OFFER, LOST), rule, reasons, free)


def test_a_field_named_twice_is_asked_for_once_and_in_the_order_of_the_settings():
    assert [one.name for one in required_fields(OFFER, [SEATS])] == [
        "value",
        "close",
        "custom.seats",
        "owner",
    ]


def test_what_is_there_is_not_asked_for_and_nothing_is_something():
    held = {"value_cents": 0, "close_on": "", "custom.seats": "40", "owner_id": None}
    missing = missing_fields(OFFER, [SEATS], held)
    assert [one.name for one in missing] == ["close", "owner"]
    assert asking_sentence(OFFER, missing) == "Offer asks for close date and owner."


@pytest.mark.parametrize(
    ("rule", "reason", "lacks"),
    [
        (ReasonRule.REQUIRED, None, True),
        (ReasonRule.REQUIRED, "", True),
        (ReasonRule.REQUIRED, "Too dear", False),
        (ReasonRule.OPTIONAL, None, True),
        (ReasonRule.OPTIONAL, "", False),
        (ReasonRule.NEVER, None, False),
    ],
)
def test_a_reason_is_asked_for_as_the_pipeline_wants(rule, reason, lacks):
    assert lacks_reason(pipeline(rule), LOST, reason) is lacks
    assert not lacks_reason(pipeline(rule), OPEN, reason), "only where a lead is lost"


def test_a_known_reason_is_kept_in_the_words_of_the_settings():
    house = pipeline(ReasonRule.REQUIRED, "Too dear", "No answer")
    assert read_reason(house, LOST, "  too \n DEAR ") == "Too dear"
    assert read_reason(house, LOST, "The building is sold") == "The building is sold"
    assert read_reason(house, OPEN, "too dear") == "too dear", "there it is nobody's reason"


def test_where_only_known_reasons_will_do_others_are_refused_with_the_list():
    house = pipeline(ReasonRule.REQUIRED, "Too dear", "No answer", free=False)
    assert read_reason(house, LOST, "no answer") == "No answer"
    assert read_reason(house, LOST, "") == ""
    with pytest.raises(ValueError, match="Too dear, No answer"):
        read_reason(house, LOST, "Because")


def test_ten_kilobytes_of_reason_are_cut_and_stay_one_line():
    said = read_reason(pipeline(), LOST, "a\x00b\n" * 5_000)
    assert len(said) == 500
    assert "\n" not in said
    assert "\x00" not in said


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("won", (None, "won")),
        ("support/asked", ("support", "asked")),
        ("", (None, "")),
        ("/x", ("", "x")),
    ],
)
def test_a_place_is_a_stage_or_a_pipeline_with_one(written, place):
    assert place_in(written) == place
