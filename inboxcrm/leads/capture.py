"""Who becomes a lead: a pure function of all stored evidence of an address, so that order cannot change it.

The first of these that holds decides:

1. a person said so (about the address, or about its whole domain)
2. a person's lead already has the address
3. it is an address machines answer from (no-reply): ignored
4. nothing human passed between us: ignored, for being a bounce, automatic, bulk, an invitation, only a copy or an
   address we ourselves sent under
5. the modes of the mailboxes the evidence lies in; lead beats candidate beats ignored

    mode      they wrote to us                  we wrote to them   doubtful
    enquiry   lead                              lead               candidate
    exchange  candidate, lead once we answer    lead               candidate
    ask       candidate                         candidate          candidate
    none      counts for nothing                counts for nothing counts for nothing

Our own addresses never get here: they are no outsiders. Suppression is not asked: who opted out and then
writes is a lead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

RULE_VERSION = 1


class Mode(StrEnum):
    ENQUIRY = "enquiry"
    EXCHANGE = "exchange"
    ASK = "ask"
    NONE = "none"


class Outcome(StrEnum):
    LEAD = "lead"
    CANDIDATE = "candidate"
    IGNORED = "ignored"


class Sign(StrEnum):
    """The ways an outside address can be met on a message. The first two are plain, the next three doubtful."""

    THEY_WROTE = "they_wrote"
    FORM = "form"
    WE_WROTE = "we_wrote"
    UNDISCLOSED = "undisclosed"
    FORWARDED = "forwarded"
    WE_WROTE_MANY = "we_wrote_many"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    BULK = "bulk"
    CALENDAR = "calendar"
    COPIED = "copied"
    SENT_AS = "sent_as"
    """Mail of ours bears it as its sender: an alias that nobody declared, most likely."""


class Rule(StrEnum):
    """Why; each has its sentence in `explain`."""

    PERSON = "person"
    PERSON_DOMAIN = "person_domain"
    KNOWN_LEAD = "known_lead"
    NO_REPLY = "no_reply"
    THEY_WROTE = "they_wrote"
    FORM = "form"
    WE_WROTE = "we_wrote"
    AWAITS_ANSWER = "awaits_answer"
    ASKED = "asked"
    ROLE_ADDRESS = "role_address"
    PLUS_ADDRESS = "plus_address"
    SAME_NAME = "same_name"
    UNDISCLOSED = "undisclosed"
    FORWARDED = "forwarded"
    WE_WROTE_MANY = "we_wrote_many"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    BULK = "bulk"
    CALENDAR = "calendar"
    COPIED = "copied"
    SENT_AS = "sent_as"
    MODE_NONE = "mode_none"
    NOTHING_LEFT = "nothing_left"


class First(NamedTuple):
    """The first message that gave a sign: by date, then by message key, which no order of arrival changes."""

    at: int
    key: str
    message_id: int = 0


class MailboxEvidence(NamedTuple):
    """What one mailbox holds about an address."""

    mailbox_id: int
    mode: Mode
    signs: Mapping[Sign, First]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said: about the address itself, or about its domain."""

    outcome: Outcome
    is_domain: bool = False
    subject: str = ""
    lead_id: int | None = None


class Standing(NamedTuple):
    """Everything that is known about an address.

    `known_plain`: the address without its plus tag, when mail passed between us and that one.
    `same_name`: another address whose owner has the same name and was met earlier.
    """

    key: str
    is_no_reply: bool = False
    is_role: bool = False
    known_plain: str = ""
    same_name: str = ""
    has_persons_lead: bool = False
    verdict: Verdict | None = None
    evidence: Sequence[MailboxEvidence] = ()


class Decision(NamedTuple):
    """`detail` names what the rule speaks of (a domain, another address); `rests_on` is the message that decided."""

    outcome: Outcome
    rule: Rule
    detail: str = ""
    rests_on: First | None = None
    mailbox_id: int | None = None


PLAIN_IN = (Sign.THEY_WROTE, Sign.FORM)
WEAK = (Sign.UNDISCLOSED, Sign.FORWARDED, Sign.WE_WROTE_MANY)
HUMAN = (*PLAIN_IN, Sign.WE_WROTE, *WEAK)
MACHINE = (
    Sign.BOUNCE,
    Sign.AUTOMATIC,
    Sign.BULK,
    Sign.CALENDAR,
    Sign.COPIED,
    Sign.SENT_AS,
)
_RANK = {Outcome.LEAD: 0, Outcome.CANDIDATE: 1, Outcome.IGNORED: 2}


def decide(standing: Standing) -> Decision:
    """The one current answer for an address."""
    verdict = standing.verdict
    if verdict and not verdict.is_domain:
        return Decision(verdict.outcome, Rule.PERSON, verdict.subject)
    if standing.has_persons_lead:
        return Decision(Outcome.LEAD, Rule.KNOWN_LEAD)
    if verdict:
        return Decision(verdict.outcome, Rule.PERSON_DOMAIN, verdict.subject)
    if standing.is_no_reply:
        first = _first(standing.evidence, tuple(Sign))
        return Decision(Outcome.IGNORED, Rule.NO_REPLY, rests_on=first[0], mailbox_id=first[1])
    answers = [
        _in_mailbox(standing, held) for held in standing.evidence if held.mode is not Mode.NONE
    ]
    if answers:
        return min(answers, key=_strength)
    rule = Rule.MODE_NONE if standing.evidence else Rule.NOTHING_LEFT
    return Decision(Outcome.IGNORED, rule)


def _strength(decision: Decision) -> tuple[int, First, int]:
    return (
        _RANK[decision.outcome],
        decision.rests_on or First(0, ""),
        decision.mailbox_id or 0,
    )


def _first(
    evidence: Sequence[MailboxEvidence], signs: Sequence[Sign]
) -> tuple[First | None, int | None]:
    found = [
        (held.signs[sign], held.mailbox_id)
        for held in evidence
        for sign in signs
        if sign in held.signs
    ]
    return min(found) if found else (None, None)


def _in_mailbox(standing: Standing, held: MailboxEvidence) -> Decision:
    """What one mailbox's evidence says under its mode."""

    def answer(outcome: Outcome, rule: Rule, signs: Sequence[Sign], detail: str = "") -> Decision:
        first, _ = _first([held], signs)
        return Decision(outcome, rule, detail, first, held.mailbox_id)

    human = [sign for sign in HUMAN if sign in held.signs]
    if not human:
        sign = next(sign for sign in MACHINE if sign in held.signs)
        return answer(Outcome.IGNORED, Rule(sign.value), [sign])
    for is_doubtful, rule, detail in (
        (standing.is_role, Rule.ROLE_ADDRESS, ""),
        (bool(standing.known_plain), Rule.PLUS_ADDRESS, standing.known_plain),
        (bool(standing.same_name), Rule.SAME_NAME, standing.same_name),
    ):
        if is_doubtful:
            return answer(Outcome.CANDIDATE, rule, human, detail)
    plain = [sign for sign in human if sign not in WEAK]
    if not plain:
        return answer(Outcome.CANDIDATE, Rule(human[0].value), human)
    if held.mode is Mode.ASK:
        return answer(Outcome.CANDIDATE, Rule.ASKED, plain)
    if held.mode is Mode.EXCHANGE and Sign.WE_WROTE not in plain:
        return answer(Outcome.CANDIDATE, Rule.AWAITS_ANSWER, plain)
    decisive = min(plain, key=lambda sign: (held.signs[sign], sign.value))
    return answer(Outcome.LEAD, Rule(decisive.value), [decisive])


_SENTENCES = {
    Rule.PERSON: "somebody of the team decided it",
    Rule.PERSON_DOMAIN: "somebody of the team decided it for everybody at {detail}",
    Rule.KNOWN_LEAD: "the address belongs to a lead",
    Rule.NO_REPLY: "nobody reads mail at a no-reply address",
    Rule.THEY_WROTE: "they wrote to us",
    Rule.FORM: "they filled in a web form",
    Rule.WE_WROTE: "we wrote to them",
    Rule.AWAITS_ANSWER: "they wrote to us and nobody has answered yet",
    Rule.ASKED: "this mailbox asks before it makes leads",
    Rule.ROLE_ADDRESS: "several people may stand behind a shared address like this",
    Rule.PLUS_ADDRESS: "it looks like another address of {detail}",
    Rule.SAME_NAME: "somebody of the same name writes from {detail}",
    Rule.UNDISCLOSED: "the mail went to undisclosed recipients",
    Rule.FORWARDED: "the mail came on behalf of somebody else",
    Rule.WE_WROTE_MANY: "we wrote to many people at once",
    Rule.BOUNCE: "it only returned mail that could not be delivered",
    Rule.AUTOMATIC: "only automatic mail came from there",
    Rule.BULK: "only newsletters and lists came from there",
    Rule.CALENDAR: "only invitations came from there",
    Rule.COPIED: "they were only in copy of other people's mail",
    Rule.SENT_AS: "mail of ours went out under this address; declare it as an alias of the mailbox",
    Rule.MODE_NONE: "this mailbox makes no leads",
    Rule.NOTHING_LEFT: "the mail that spoke for it is in spam, in the trash or gone",
}


def explain(rule: str, detail: str = "") -> str:
    """The rule as the end of a sentence that begins "Lead because" or "Ignored because"."""
    try:
        sentence = _SENTENCES[Rule(rule)]
    except ValueError:
        return "an earlier version decided it"
    return sentence.replace("{detail}", detail or "another address")
