"""The ignored, by the reason why, and the rules people made: who, when, how many addresses each decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.capture import Rule, explain
from inboxcrm.mail.addresses import domain_of, is_free_mail, match_key, org_domain
from inboxcrm.store import review, review_lists
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.review_lists import IgnoredRow, RuleRow
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.places import lead_url
from inboxcrm.views.review import ReviewMail, capped, mail_of

ON_A_PAGE = 50
_MOST_COUNTED = 100

# What people call the reasons, in the order in which somebody wrongly ignored is likely to be among them.
REASONS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("Ignored by hand", (Rule.PERSON,)),
    ("Ignored domains", (Rule.PERSON_DOMAIN,)),
    ("Only in copy", (Rule.COPIED,)),
    ("Automatic mail", (Rule.AUTOMATIC,)),
    ("Newsletters and lists", (Rule.BULK,)),
    ("Invitations", (Rule.CALENDAR,)),
    ("Returned mail", (Rule.BOUNCE,)),
    ("No-reply addresses", (Rule.NO_REPLY,)),
    ("Our own other senders", (Rule.SENT_AS,)),
    ("Mailboxes that make no leads", (Rule.MODE_NONE,)),
    ("In spam, trash or gone", (Rule.NOTHING_LEFT,)),
)
_BY_HAND = (Rule.PERSON, Rule.PERSON_DOMAIN)
_RULES = tuple(rule.value for _, rules in REASONS for rule in rules)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    key: str
    label: str
    count: str


@dataclass(frozen=True, slots=True)
class IgnoredSender:
    """`domain` is what a rule may be made for, empty for free mail. `at` None: no mail of it is left to tell."""

    id: str
    address: str
    name: str
    domain: str
    reason: str
    at: datetime | None
    mail: ReviewMail | None = None


@dataclass(frozen=True, slots=True)
class IgnoredView:
    rows: tuple[IgnoredSender, ...]
    reasons: tuple[ReasonCount, ...]
    reason: str
    words: str
    next: str | None = None


@dataclass(frozen=True, slots=True)
class StandingRule:
    """`decides` says how many addresses follow it now, up to "999+"; `subject` is an address or a domain."""

    id: str
    scope: str
    subject: str
    outcome: str
    said: str
    by: str
    made_at: datetime
    decides: str
    lead_name: str | None = None
    lead_url: str | None = None


@dataclass(frozen=True, slots=True)
class RulesView:
    rows: tuple[StandingRule, ...]
    scope: str
    next: str | None = None


def ignored_page(
    desk: Desk, viewer: Viewer, *, reason: str = "", words: str = "", after: str | None = None
) -> IgnoredView:
    """All, or those of one reason, the latest first; `words` are the beginning of an address, or @ and a domain."""
    rule = reason if reason in _RULES else ""
    prefix = _prefix(words)
    cursor = open_cursor(desk, after)
    with desk.database.read() as tx:
        if prefix:
            key = ""
            if cursor:
                found = review.known_addresses(tx, viewer, [cursor[1]])
                key = found[cursor[1]].key if found else ""
            rows = review_lists.find_ignored(tx, viewer, prefix, after_key=key, limit=ON_A_PAGE + 1)
        else:
            rows = review_lists.ignored(tx, viewer, before=cursor, limit=ON_A_PAGE + 1, rule=rule)
        counts = review_lists.count_ignored(tx, viewer, _RULES, most=_MOST_COUNTED)
        met = review.how_met(tx, viewer, [row.address_id for row in rows[:ON_A_PAGE]])
    last = rows[ON_A_PAGE - 1] if len(rows) > ON_A_PAGE else None
    return IgnoredView(
        tuple(
            _sender(desk, row, mail_of(desk, row.rests_on, met.get(row.address_id, ())))
            for row in rows[:ON_A_PAGE]
        ),
        tuple(
            ReasonCount(rules[0].value, label, capped(counts[rules[0].value]))
            for label, rules in REASONS
            if counts[rules[0].value]
        ),
        rule,
        words,
        seal_cursor(desk, last.decided_at, last.address_id) if last else None,
    )


def _prefix(words: str) -> str:
    """As match keys are written. Whole addresses by their key, so that either spelling of a Gmail address is found."""
    asked = words.strip().lower().replace("\x00", "")[:200]
    if "@" in asked[1:] and match_key(asked):
        return match_key(asked)
    return asked


def _sender(desk: Desk, row: IgnoredRow, mail: ReviewMail | None) -> IgnoredSender:
    domain = org_domain(domain_of(row.key))
    return IgnoredSender(
        id=desk.ids.seal("address", row.address_id),
        address=row.shown,
        name=row.name,
        domain="" if is_free_mail(domain) else domain,
        reason=f"Ignored because {explain(row.rule, row.detail)}.",
        at=from_ms(row.decided_at) if row.rests_on or row.rule in _BY_HAND else None,
        mail=mail,
    )


_SAID = {
    ("domain", "lead"): "is a lead",
    ("domain", "candidate"): "waits in the review queue",
    ("domain", "ignored"): "is ignored",
    ("address", "lead"): "is a lead",
    ("address", "candidate"): "waits in the review queue",
    ("address", "ignored"): "is ignored",
}


def rules_page(
    desk: Desk, viewer: Viewer, *, scope: str = "domain", after: str | None = None
) -> RulesView:
    """`scope` is domain or address."""
    chosen = "address" if scope == "address" else "domain"
    with desk.database.read() as tx:
        rows = review_lists.standing_rules(
            tx, viewer, scope=chosen, before=open_cursor(desk, after), limit=ON_A_PAGE + 1
        )
    last = rows[ON_A_PAGE - 1] if len(rows) > ON_A_PAGE else None
    return RulesView(
        tuple(_rule(desk, viewer, row) for row in rows[:ON_A_PAGE]),
        chosen,
        seal_cursor(desk, last.made_at, last.rule_id) if last else None,
    )


def _rule(desk: Desk, viewer: Viewer, row: RuleRow) -> StandingRule:
    sealed = desk.ids.seal("lead", row.lead_id) if row.lead_id is not None else None
    return StandingRule(
        id=desk.ids.seal("verdict", row.rule_id),
        scope=row.scope,
        subject=row.subject,
        outcome=row.outcome,
        said=_SAID.get((row.scope, row.outcome), row.outcome),
        by="You" if row.account_id == viewer.account_id else row.account_name or "the team",
        made_at=from_ms(row.made_at),
        decides=str(row.decides) if row.decides < 1000 else "999+",
        lead_name=row.lead_name,
        lead_url=lead_url(sealed) if sealed else None,
    )
