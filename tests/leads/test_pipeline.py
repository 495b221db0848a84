from __future__ import annotations

from inboxcrm.leads.pipeline import DEFAULT_PIPELINE, Pipeline, Pipelines, Stage


def test_the_default_life_of_a_lead_is_the_one_the_field_knows():
    labels = [stage.label for stage in Pipelines().default.stages]
    assert labels == [
        "New",
        "Engaged",
        "Marketing qualified",
        "Sales accepted",
        "Sales qualified",
        "Opportunity",
        "Won",
        "Lost",
        "Disqualified",
    ]


def test_each_later_open_stage_is_nearer_to_buying():
    chances = [stage.probability for stage in DEFAULT_PIPELINE.open_stages]
    assert chances == sorted(chances)
    assert DEFAULT_PIPELINE.stage("won").probability == 1
    assert DEFAULT_PIPELINE.stage("lost").probability == 0


def test_open_stages_are_counted_from_zero():
    pipelines = Pipelines()
    assert [pipelines.place("sales", key).index for key in ("new", "engaged", "opportunity")] == [
        0,
        1,
        5,
    ]
    assert pipelines.place("sales", "won").of == 6


def test_a_stage_that_settings_forgot_is_shown_as_it_is():
    place = Pipelines().place("sales", "negotiation")
    assert (place.stage.key, place.stage.label, place.is_known) == (
        "negotiation",
        "negotiation",
        False,
    )
    assert Pipelines().place("partners", "signed").pipeline.key == "partners"
    assert Pipelines().is_open("partners", "signed")


def test_a_removed_stage_in_use_is_a_problem_with_its_remedy():
    problems = Pipelines().check_removed_keys([("sales", "negotiation", 3), ("sales", "new", 10)])
    assert len(problems) == 1
    assert problems[0].place == 'pipeline "sales"'
    assert "3 leads stand" in problems[0].text
    assert 'key = "negotiation" back' in problems[0].text
    assert "(inboxcrm pipeline move negotiation STAGE --yes)" in problems[0].text


def test_the_remedy_names_the_pipeline_where_it_is_not_the_first():
    second = Pipeline("support", "Support", (Stage("asked", "Asked"),))
    [problem] = Pipelines((DEFAULT_PIPELINE, second)).check_removed_keys([("support", "gone", 1)])
    assert "pipeline move gone STAGE --pipeline support --yes" in problem.text


def test_a_removed_pipeline_in_use_is_a_problem_with_its_remedy():
    problems = Pipelines().check_removed_keys([("partners", "signed", 1)])
    assert "one lead stands" in problems[0].text
    assert '[[pipeline]] key = "partners" back' in problems[0].text
    assert "pipeline move signed PIPELINE/STAGE --pipeline partners --yes" in problems[0].text


def test_what_is_not_in_use_may_be_removed():
    assert Pipelines().check_removed_keys([]) == []
