"""Quotas and the target for first answers: what is read, and what people are told of a wrong one."""

from __future__ import annotations

import pytest

from inboxcrm.leads.goals import Goals, Quota
from tests.config.test_config import load_text, problems_of

GOOD = '[[quota]]\nperiod = "quarter"\namount = 250000\ncurrency = "EUR"\n'


def test_quotas_are_read_in_whole_units(tmp_path):
    text = (
        GOOD
        + '[[quota]]\naccount = "bea@ourshop.example"\npipeline = "sales"\nperiod = "2026-05"\namount = 10\ncurrency = "USD"\n'
        "[work]\nfirst_response_hours = 4\n"
    )
    assert load_text(tmp_path, text).pipelines.goals == Goals(
        (
            Quota(250_000_00, "EUR", "quarter"),
            Quota(10_00, "USD", "2026-05", "bea@ourshop.example", "sales"),
        ),
        4,
    )
    assert load_text(tmp_path, "").pipelines.goals == Goals()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"quarter"', '"2026-13"'), "is no period"),
        (('"quarter"', '"year"'), "is no period"),
        (("250000", "0"), "at least 1"),
        (("250000", "0.5"), "whole number"),
        (('"EUR"', '"€"'), "is no currency"),
        (('"EUR"', '"eur"'), "is no currency"),
        (("[[quota]]", '[[quota]]\naccount = "bea"'), "is not a mail address"),
        (("[[quota]]", '[[quota]]\npipeline = "support"'), "there is no pipeline"),
        (("[[quota]]", '[[quota]]\nwhose = "me"'), "whose"),
    ],
)
def test_a_wrong_quota_says_what_is_wrong_with_its_place(tmp_path, change, told):
    [problem] = problems_of(tmp_path, GOOD.replace(*change))
    assert told in problem
    assert "quota" in problem or "line" in problem


def test_two_quotas_for_one_thing_are_refused(tmp_path):
    [problem] = problems_of(tmp_path, GOOD + GOOD)
    assert "same account, pipeline, period and currency" in problem
