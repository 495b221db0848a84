"""Capture in words: the short note beside a sender, and the sentence that says why somebody is a
lead.
"""

from __future__ import annotations

from datetime import datetime

from inboxcrm.leads.capture import Outcome, Rule, explain
from inboxcrm.leads.wording import day_in_words

_SHORT = {
    Rule.PERSON: "decided by hand",
    Rule.PERSON_DOMAIN: "decided by hand",
    Rule.NO_REPLY: "no-reply address",
    Rule.AWAITS_ANSWER: "not answered yet",
    Rule.ASKED: "this mailbox asks first",
    Rule.ROLE_ADDRESS: "role address",
    Rule.PLUS_ADDRESS: "second address",
    Rule.SAME_NAME: "same name elsewhere",
    Rule.UNDISCLOSED: "undisclosed recipients",
    Rule.FORWARDED: "sent for somebody else",
    Rule.WE_WROTE_MANY: "we wrote to many",
    Rule.BOUNCE: "returned mail",
    Rule.AUTOMATIC: "automatic mail",
    Rule.BULK: "newsletter",
    Rule.CALENDAR: "invitation",
    Rule.COPIED: "only in copy",
    Rule.SENT_AS: "sender of mail of ours",
    Rule.MODE_NONE: "makes no leads here",
    Rule.NOTHING_LEFT: "mail gone",
}
_IN_REVIEW = "in review: "
_OPENINGS = {
    "create": "Lead because",
    "link": "On a lead because",
    "candidate": "In review because",
}
_BY_SOURCE = {
    "inbound mail": "{name} wrote to us",
    "web form": "{name} filled in a web form",
    "outbound mail": "we wrote to {name}",
}


def short_note(outcome: str | None, rule: str | None) -> str:
    """Like "in review: role address" or "newsletter"; empty where there is nothing to say."""
    if outcome is None or outcome == Outcome.LEAD:
        return ""
    try:
        words = _SHORT.get(Rule(rule or ""), "")
    except ValueError:
        words = ""
    if outcome == Outcome.CANDIDATE:
        return f"{_IN_REVIEW}{words}" if words else "in review"
    if rule in {Rule.PERSON, Rule.PERSON_DOMAIN}:
        return "ignored by hand"
    return words or "ignored"


def decision_words(outcome: str, rule: str) -> str:
    """Like "lead", "in review: role address" or "ignored: newsletter", for a line of the ledger."""
    if outcome in {"create", "link"}:
        return "lead"
    if outcome == "candidate":
        return short_note(Outcome.CANDIDATE, rule)
    if rule == Rule.NOTHING_LEFT:
        return "ignored: in spam, trash or gone"
    words = short_note(Outcome.IGNORED, rule)
    return words if words.startswith("ignored") else f"ignored: {words}"


def decision_reason(
    outcome: str, rule: str, *, answer_rule: str | None, detail: str | None, is_unlinked: bool
) -> str:
    """Why, as a sentence. `answer_rule` and `detail` are those of the address's answer, from which
    the ledger line was written; `is_unlinked`: a person took this mail off the lead.
    """
    if is_unlinked:
        return "Somebody of the team took this mail off the lead."
    # What a detail names belongs to the rule of the answer.
    because = explain(rule, detail or "" if rule == answer_rule else "")
    if rule == Rule.KNOWN_LEAD and answer_rule not in {None, Rule.KNOWN_LEAD}:
        return f"The address belongs to a lead because {explain(answer_rule or '', detail or '')}."
    return f"{_OPENINGS.get(outcome, 'Ignored because')} {because}."


def candidate_reason(outcome: str | None, rule: str | None, detail: str | None) -> str:
    """Why somebody who wrote is no lead yet, as a sentence."""
    if outcome is None or rule is None:
        return "No mail with this address is stored yet."
    because = explain(rule, detail or "")
    return (
        f"In review because {because}."
        if outcome == Outcome.CANDIDATE
        else (f"Not a lead because {because}.")
    )


def lead_reason(
    *,
    rule: str | None,
    detail: str | None,
    name: str,
    author: str | None,
    mailbox: str | None,
    at: datetime | None,
    now: datetime,
    zone: str,
) -> str:
    """Like "Lead because Bob wrote to alice@ on 3 May", from the message on which the decision
    rests.
    """
    on = f" on {day_in_words(at, now=now, zone=zone)}" if at else ""
    box = f"{mailbox.partition('@')[0]}@" if mailbox else "us"
    if rule == Rule.THEY_WROTE:
        return f"Lead because {author or name} wrote to {box}{on}"
    if rule == Rule.FORM:
        return f"Lead because {name} filled in a web form{on}"
    if rule == Rule.WE_WROTE:
        return f"Lead because {box if mailbox else 'we'} wrote to {name}{on}"
    return f"Lead because {explain(rule or '', detail or '')}{on}"


def known_lead_reason(
    *, made_by: str, source: str, name: str, at: datetime | None, now: datetime, zone: str
) -> str:
    """For a lead whose address no rule decides any more, because a person works on it."""
    on = f" on {day_in_words(at, now=now, zone=zone)}" if at else ""
    if made_by == "person":
        return f"Lead because it was added by hand{on}"
    started = _BY_SOURCE.get(source, "mail passed between {name} and us").replace("{name}", name)
    return f"Lead because {started}{on}"
