"""What stages require and why leads are lost, as settings say it; and every way to say it wrongly, at once."""

from __future__ import annotations

from inboxcrm.leads.pipeline import ReasonRule
from tests.config.test_config import load_text, problems_of

HEAD = '[[pipeline]]\nkey = "sales"\nlabel = "Sales"\n'
NEW = '[[pipeline.stage]]\nkey = "new"\nlabel = "New"\n'
OFFER = '[[pipeline.stage]]\nkey = "offer"\nlabel = "Offer"\n'
SEATS = '[[lead_field]]\nkey = "seats"\nlabel = "Seats"\nkind = "number"\n'


def test_stages_require_fields_and_pipelines_know_reasons(tmp_path):
    text = (
        f'{HEAD}lost_reason = "optional"\nlost_reasons = ["Too dear", "No answer"]\nother_lost_reason = false\n'
        f'{NEW}{OFFER}requires = ["value", "close_on", "seats"]\n{SEATS}'
    )
    [pipeline] = load_text(tmp_path, text).pipelines.pipelines
    assert pipeline.stages[1].requires == ("value", "close_on", "seats")
    assert pipeline.lost_reason is ReasonRule.OPTIONAL
    assert pipeline.lost_reasons == ("Too dear", "No answer")
    assert not pipeline.takes_other_reason


def test_a_reason_is_asked_for_and_required_unless_settings_say_otherwise(tmp_path):
    [pipeline] = load_text(tmp_path, HEAD + NEW).pipelines.pipelines
    assert pipeline.lost_reason is ReasonRule.REQUIRED
    assert pipeline.lost_reasons == ()
    assert pipeline.takes_other_reason


def test_every_wrong_key_of_a_stage_is_told_at_once(tmp_path):
    text = (
        f'{HEAD}lost_reason = "maybe"\nlost_reasons = ["Too dear", "too  dear"]\n'
        f'{NEW}requires = ["value"]\n'
        f'{OFFER}requires = ["valeu", "seats", "colour", "custom.size", "value", "value"]\n'
        f'[[pipeline.stage]]\nkey = "x"\nlabel = "X"\nrequire = ["value"]\n{SEATS}'
    )
    found = problems_of(tmp_path, text)
    assert [one.partition(" (line")[0] for one in found] == [
        "pipeline[0].lost_reason",
        "pipeline[0].lost_reasons",
        "pipeline[0].stage[0].requires",
        *(["pipeline[0].stage[1].requires"] * 4),
        "pipeline[0].stage[2].require",
    ]
    said = "\n".join(found)
    assert "the first stage can require nothing" in said
    assert '"valeu" is no field of a lead; did you mean "value"?' in said
    assert '"colour" is no field of a lead (known: organization, phone,' in said
    assert '"custom.size" is no field' in said
    assert '"value" is said twice' in said
    assert 'did you mean "requires"?' in said


def test_reasons_nobody_can_give_or_is_asked_for_are_told(tmp_path):
    [one] = problems_of(tmp_path, f"{HEAD}other_lost_reason = false\n{NEW}")
    assert "leaves no reason to give" in one
    [one] = problems_of(tmp_path, f'{HEAD}lost_reason = "never"\nlost_reasons = ["a"]\n{NEW}')
    assert "are not asked for" in one


def test_the_first_stage_of_another_pipeline_may_require_something(tmp_path):
    text = (
        f'{HEAD}{NEW}[[pipeline]]\nkey = "support"\nlabel = "Support"\n'
        '[[pipeline.stage]]\nkey = "asked"\nlabel = "Asked"\nrequires = ["phone"]\n'
    )
    assert load_text(tmp_path, text).pipelines.pipelines[1].first.requires == ("phone",)


def test_what_is_no_list_is_told_as_such(tmp_path):
    [one] = problems_of(tmp_path, f'{HEAD}{NEW}{OFFER}requires = "value"\n')
    assert "should be a list" in one
    [one] = problems_of(tmp_path, f"{HEAD}{NEW}{OFFER}requires = [3]\n")
    assert "should be text in quotes" in one
