"""The settings as the rules that other rooms work by: whom capture takes, what counts in a score, who gets a new lead.

Conditions are read here, so that a slip is told with its line when the settings are read, and not when the first lead
is made.
"""

from __future__ import annotations

from collections.abc import Iterator

from inboxcrm.config.places import Finding
from inboxcrm.config.rule_sections import AssignSettings
from inboxcrm.config.sections import CaptureSettings, Settings
from inboxcrm.leads.assigning import AssignRule
from inboxcrm.leads.condition_fields import condition_fields, parse_condition
from inboxcrm.leads.own import CapturePolicy
from inboxcrm.leads.score_rules import (
    DEFAULT_ENGAGEMENT,
    DEFAULT_FIT,
    EngagementRule,
    FitRule,
    ScoreRules,
    What,
)
from inboxcrm.leads.segments import EVERYONE, SegmentError
from inboxcrm.mail.addresses import match_key


def capture_policy(capture: CaptureSettings) -> CapturePolicy:
    return CapturePolicy(
        own_domains=capture.own_domains,
        form_senders=tuple(match_key(one) or one for one in capture.form_senders),
        max_recipients=capture.max_recipients,
    )


def score_rules(settings: Settings) -> ScoreRules:
    """An axis that is not written has its defaults; `fit = []` means that nothing counts."""
    fields = condition_fields(settings.lead_fields)
    written = settings.score.model_fields_set
    fit = tuple(
        FitRule(parse_condition(one.when, fields), one.points, one.label or one.when)
        for one in settings.score.fit
    )
    engagement = tuple(
        EngagementRule(
            What(one.what), one.points, one.label, one.half_life_days, one.most, one.within_hours
        )
        for one in settings.score.engagement
    )
    return ScoreRules(
        fit if "fit" in written else DEFAULT_FIT,
        engagement if "engagement" in written else DEFAULT_ENGAGEMENT,
    )


def assign_rules(settings: Settings) -> tuple[AssignRule, ...]:
    fields = condition_fields(settings.lead_fields)
    return tuple(
        AssignRule(
            tuple(match_key(address) for address in _people(one)),
            parse_condition(one.when, fields) if one.when else EVERYONE,
            one.mailbox,
            one.label or one.when,
        )
        for one in settings.assign
    )


def condition_findings(settings: Settings) -> Iterator[Finding]:
    """What is wrong with the rules, each with its place."""
    fields = condition_fields(settings.lead_fields)
    asked: list[Finding] = [
        (("score", "fit", at, "when"), one.when) for at, one in enumerate(settings.score.fit)
    ]
    asked += [(("assign", at, "when"), one.when) for at, one in enumerate(settings.assign)]
    for place, text in asked:
        try:
            parse_condition(text or "everyone", fields)
        except SegmentError as error:
            for problem in error.problems:
                yield place, str(problem)
    for at, one in enumerate(settings.score.engagement):
        if "within_hours" in one.model_fields_set and What(one.what) is not What.ANSWER:
            yield ("score", "engagement", at, "within_hours"), 'belongs to what = "answer"'
    for at, rule in enumerate(settings.assign):
        yield from _whom(rule, at)


def _whom(rule: AssignSettings, at: int) -> Iterator[Finding]:
    if bool(rule.to) == bool(rule.round_robin):
        text = "needs to or round_robin, and not both" if rule.to else "needs to or round_robin"
        yield ("assign", at), text
    for address in _people(rule):
        if not match_key(address):
            place = "to" if rule.to else "round_robin"
            yield ("assign", at, place), f'"{address}" is no mail address'
    keys = [match_key(one) for one in rule.round_robin]
    if len(set(keys)) < len(keys):
        yield ("assign", at, "round_robin"), "names somebody twice; each takes one turn"


def _people(rule: AssignSettings) -> tuple[str, ...]:
    return (rule.to,) if rule.to else rule.round_robin
