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
