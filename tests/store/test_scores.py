"""The scores that are kept are those of leads/scoring.py, whatever happened in whatever order, on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.score_rules import DEFAULT_ENGAGEMENT, EngagementRule, ScoreRules, What
from inboxcrm.leads.scoring import Happened, ScoreFacts, ScoreMail, score
from inboxcrm.leads.segment_facts import LeadFacts
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.services.lead_making import create_lead, delete_lead
from inboxcrm.services.lead_marks import add_tag
from inboxcrm.services.lead_talks import log_call, log_meeting
from inboxcrm.services.leads import edit_lead
from inboxcrm.services.pipeline_filter import narrowed_by
from inboxcrm.services.scoring import keep_scores, keep_some_scores
from inboxcrm.services.settling import refresh_leads
from inboxcrm.services.suppressions import release, suppress
from inboxcrm.services.undo import undo
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_scores import points_of
from inboxcrm.store.leads import lead_by_id
from inboxcrm.store.segments import leads_of
from inboxcrm.store.tables import (
    account,
    address,
    conversation,
    lead_link,
    lead_score,
    mailbox,
    message,
    message_copy,
    participant,
    score_due,
    thread,
)
from inboxcrm.views.pipeline_sheet import SheetOrder, sheet
from inboxcrm.views.scores import lead_score as score_view
from tests.store.test_pipeline_numbers import NOW, Hands

YOU = Viewer(1, AccountRole.ADMIN)
BEA = Viewer(2)
RULES = ScoreRules(engagement=(*DEFAULT_ENGAGEMENT, EngagementRule(What.QUESTION, 2, half_life_days=7, most=5)))  # fmt: skip
_FIRMS = count(1)
_MAILS = count(1)


@pytest.fixture
def desk(database: Database) -> Desk:
    """Box 1 is everybody's, of box 2 the others know the subjects, box 3 is private. Both are Alice's."""
    with database.write() as tx:
        tx.execute(insert(account), {"id": 2, "name": "Bea", "role": "rep", "created_at": 0})
        for number, visibility in enumerate(("shared", "subjects", "private"), start=1):
            tx.execute(
                insert(mailbox).values(
                    id=number, name=visibility, provider="gmail", visibility=visibility, owner_id=1
                )
            )
    return Desk(
        database=database,
        clock=Hands(),
        pipelines=Pipelines(),
        ids=OpaqueIds(b"x" * 32),
        working_hours=WorkingHours(),
        scoring=RULES,
    )


@dataclass
class Known:
    """What a test knows of a lead, by its own account."""

    id: str
    number: int
    key: str
    facts: LeadFacts
    mails: list[ScoreMail] = field(default_factory=list)
    talks: dict[str, Happened] = field(default_factory=dict)
    opted_out: Happened | None = None
    is_gone: bool = False

    def score(self, now: datetime) -> tuple[int, int]:
        deeds = [*self.talks.values(), *([self.opted_out] if self.opted_out else [])]
        found = score(RULES, ScoreFacts(self.facts, self.mails, deeds), now)
        return found.fit, found.engagement


def a_lead(desk: Desk, firm: str, number: int = 0) -> Known:
    domain = "gmail.com" if number == 3 else firm
    key = f"lead{number}{firm.removesuffix('.example')}@{domain}"
    made = create_lead(
        desk, YOU, key, f"Lead {number}", source="web form" if number % 2 else "fair"
    )
    facts = LeadFacts(
        created_at=NOW,
        stage_since_at=NOW,
        organization="" if number == 3 else firm,
        source="web form" if number % 2 else "fair",
        addresses=(key,),
    )
    return Known(made.lead_id, desk.ids.open("lead", made.lead_id), key, facts)


def a_mail(
    desk: Desk, known: Known, *, is_inbound: bool, box: int = 1, talk: int = 0,
    subject: str = "Hello", text: str = "Hello",
) -> None:  # fmt: skip
    """Written now, as sync would have stored it."""
    at = desk.clock.now()
    number = next(_MAILS) + 100_000
    of = known.number * 10 + talk
    with desk.database.write() as tx:
        if tx.execute(select(conversation.c.id).where(conversation.c.id == of)).first() is None:
            tx.execute(insert(conversation).values(id=of))
            tx.execute(insert(thread).values(id=of, mailbox_id=box, ref=f"t{of}"))
        who = tx.execute(select(address.c.id).where(address.c.key == known.key)).scalar_one()
        tx.execute(
            insert(message).values(
                id=number, key=f"k{number}", conversation_id=of, sent_at=to_ms(at), kind="human",
                direction="in" if is_inbound else "out", subject=subject, snippet=text,
                author_id=who if is_inbound else None,
            )
        )  # fmt: skip
        tx.execute(
            insert(message_copy).values(
                mailbox_id=box, ref=f"r{number}", message_id=number, thread_id=of
            )
        )
        role = "from" if is_inbound else "to"
        tx.execute(
            insert(participant).values(message_id=number, position=0, role=role, address_id=who)
        )
        tx.execute(
            insert(lead_link).values(
                message_id=number, address_id=who, lead_id=known.number, at=to_ms(at),
                direction="in" if is_inbound else "out", is_human=True,
            )
        )  # fmt: skip
        refresh_leads(tx, {known.number})
    known.mails.append(
        ScoreMail(number, at, is_inbound, of, subject if box < 3 else "", text if box == 1 else "")
    )


def version_of(desk: Desk, known: Known) -> int:
    with desk.database.read() as tx:
        found = lead_by_id(tx, known.number)
    assert found is not None
    return found.version


def kept(desk: Desk, *some: Known) -> dict[int, tuple[int, int]]:
    with desk.database.read() as tx:
        return {one: tuple(held) for one, held in points_of(tx, [k.number for k in some]).items()}


# --- whatever happens -----------------------------------------------------------------

deeds = st.one_of(
    st.tuples(st.just("in"), st.integers(1, 3), st.sampled_from(["Pricing", "Re: Pricing", "What does it cost?"])),
    st.tuples(st.just("in"), st.integers(1, 3), st.sampled_from(["Re: Pricing", "x" * 10_000])),
    st.tuples(st.just("out"), st.integers(1, 3), st.just("")),
    st.tuples(st.sampled_from(["call", "meeting"]), st.integers(0, 2), st.just("")),
    st.tuples(st.sampled_from(["undo", "tag", "phone", "source", "opt out", "release", "remove", "keep"]), st.just(0), st.just("")),
)  # fmt: skip
pasts = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 3), deeds), min_size=3, max_size=16)


def play(desk: Desk, past, firm: str) -> list[Known]:
    desk.clock.at = NOW - timedelta(days=200)
    known: dict[int, Known] = {}
    for wait, which, (deed, number, text) in past:
        desk.clock.at += timedelta(hours=7 * wait)
        if which not in known:
            known[which] = a_lead(desk, firm, which)
        if wait % 2:
            keep_scores(desk)  # what is noted from here on is due to this deed alone
        if not known[which].is_gone:
            do(desk, known[which], deed, number, text)
    return list(known.values())


def do(desk: Desk, one: Known, deed: str, number: int, text: str) -> None:
    now = desk.clock.now()
    match deed:
        case "in" | "out":
            a_mail(desk, one, is_inbound=deed == "in", box=number, talk=number, subject=text, text=text)  # fmt: skip
        case "call":
            outcome = ("reached", "message", "no_answer")[number]
            done = log_call(desk, YOU, one.id, outcome=outcome)
            if number == 0:
                one.talks[done.undo] = Happened(What.CALL, now, "activity", 1)
        case "meeting":
            outcome = ("held", "no_show", "moved")[number]
            done = log_meeting(desk, YOU, one.id, at=now, outcome=outcome)
            if number == 0:
                one.talks[done.undo] = Happened(What.MEETING, now, "activity", 1)
        case "undo" if one.talks:
            undo(desk, YOU, one.talks.popitem()[0])
        case "tag":
            add_tag(desk, YOU, one.id, "Fair")
        case "phone" | "source":
            given = {"phone": "+49 30 1" if not one.facts.phone else "", "source": "a referral"}
            if getattr(one.facts, deed) != given[deed]:
                version = version_of(desk, one)
                edit_lead(desk, YOU, one.id, version=version, changes={deed: given[deed]})
                one.facts = replace(one.facts, **{deed: given[deed]})
        case "opt out":
            if suppress(desk, YOU, one.key, reason="opt_out"):
                one.opted_out = Happened(What.OPT_OUT, now, "suppression")
        case "release":
            if release(desk, YOU, one.key):
                one.opted_out = None
        case "remove":
            delete_lead(desk, YOU, one.id, version=version_of(desk, one))
            one.is_gone = True
        case "keep":
            keep_scores(desk)


@settings(
    max_examples=14, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(pasts, st.integers(0, 60))
def test_what_is_kept_is_what_plain_python_says_whenever_it_is_asked(desk, past, days):
    known = play(desk, past, f"firm{next(_FIRMS)}.example")
    standing = [one for one in known if not one.is_gone]
    for _ in range(2):
        keep_scores(desk)
        now = desk.clock.now()
        wanted = {one.number: one.score(now) for one in standing}
        assert kept(desk, *known) == wanted
        for one in standing:
            view = score_view(desk, YOU, one.id)
            assert (view.sum.fit, view.sum.engagement) == wanted[one.number]
        totals = {number: sum(held) for number, held in wanted.items()}
        for asked, holds in {
            "score >= 10": lambda fit, done: fit + done >= 10,
            "engagement > 4.5 or fit < 0": lambda fit, done: done > 4.5 or fit < 0,
            "not score is 15": lambda fit, done: fit + done != 15,
        }.items():
            condition = narrowed_by(desk, YOU, asked)
            with desk.database.read() as tx:
                found = set(leads_of(tx, condition, limit=10_000)) & set(wanted)
            assert found == {number for number, held in wanted.items() if holds(*held)}, asked
        rows = [
            desk.ids.open("lead", row.id)
            for group in sheet(desk, YOU, order=SheetOrder("score", is_descending=True)).groups
            for row in group.rows
        ]
        mine = [totals[one] for one in rows if one in totals]
        assert mine == sorted(totals.values(), reverse=True)
        desk.clock.at += timedelta(days=days, hours=1)


# --- when it is worked out anew --------------------------------------------------------


def test_nothing_is_worked_out_twice_while_nothing_happens(desk):
    bob = a_lead(desk, "kitaura.example")
    a_mail(desk, bob, is_inbound=True, text="What would it cost?")
    assert keep_scores(desk) == 1
    assert keep_scores(desk) == 0
    desk.clock.at += timedelta(hours=23)
    assert keep_scores(desk) == 0, "not a whole day old"
    before = kept(desk, bob)
    desk.clock.at += timedelta(days=3)
    assert keep_scores(desk) == 1
    assert kept(desk, bob) != before


def test_other_rules_make_every_score_anew(desk):
    bob = a_lead(desk, "kitaura.example")
    keep_scores(desk)
    assert kept(desk, bob) == {bob.number: (10, 0)}
    other = replace(desk, scoring=ScoreRules((), ()))
    assert keep_scores(other) == 1
    assert keep_scores(other) == 0
    assert kept(desk, bob) == {bob.number: (0, 0)}
    assert keep_scores(desk) == 1


def test_a_group_at_a_time_leaves_the_others_due(desk):
    known = [a_lead(desk, f"firm{number}.example") for number in range(5)]
    assert [keep_some_scores(desk, limit=2) for _ in range(4)] != [0, 0, 0, 0]
    for _ in range(20):
        keep_some_scores(desk, limit=2)
    assert kept(desk, *known) == {one.number: (10, 0) for one in known}
    with desk.database.read() as tx:
        assert tx.execute(select(score_due)).all() == []


def test_a_crash_before_the_commit_leaves_everything_due(desk, monkeypatch):
    bob = a_lead(desk, "kitaura.example")

    def die(_tx):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(desk.database, "_commit", die)
        with pytest.raises(KeyboardInterrupt):
            keep_scores(desk)
    assert kept(desk, bob) == {}
    assert keep_scores(desk) == 1
    assert kept(desk, bob) == {bob.number: (10, 0)}


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_what_changes_while_a_score_is_worked_out_is_worked_out_again(desk, monkeypatch):
    """Somebody logs a call after the facts were read and before the score is written. SQLite has no such moment."""
    bob = a_lead(desk, "kitaura.example")
    original = desk.database._commit
    calls: list[str] = []

    def call_first(tx):
        if not calls:
            calls.append("reached")
            log_call(desk, YOU, bob.id)
        original(tx)

    with monkeypatch.context() as between:
        between.setattr(desk.database, "_commit", call_first)
        keep_some_scores(desk)
    keep_scores(desk)
    assert kept(desk, bob) == {bob.number: (10, 10)}


def test_a_wish_for_no_more_mail_counts_at_once_and_its_end_too(desk):
    bob = a_lead(desk, "kitaura.example")
    keep_scores(desk)
    suppress(desk, YOU, bob.key, reason="opt_out")
    assert keep_scores(desk) == 1
    assert kept(desk, bob) == {bob.number: (10, -40)}
    release(desk, YOU, bob.key)
    assert keep_scores(desk) == 1
    assert kept(desk, bob) == {bob.number: (10, 0)}


# --- who sees what ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "engagement", "is_linked"),
    [(1, 5 + 20 + 2, True), (2, 5 + 20, False), (3, 5, False)],
)
def test_what_a_private_mailbox_holds_is_told_to_nobody_by_a_score(
    desk, box, engagement, is_linked
):
    """One number for the whole house; words count as far as everybody may read them."""
    bob = a_lead(desk, "kitaura.example")
    a_mail(desk, bob, is_inbound=True, box=box, subject="Pricing", text="What would 40 seats cost?")
    keep_scores(desk)
    assert kept(desk, bob)[bob.number][1] == engagement
    rep = replace(BEA, mailbox_ids=frozenset({1}), subject_ids=frozenset({2}))
    wrote = next(one for one in score_view(desk, rep, bob.id).engagement if one.source == "message")
    assert (wrote.href is not None, wrote.locked) == (is_linked, not is_linked)
    assert wrote.text == "They wrote, 14 May"
    assert "Pricing" not in repr(score_view(desk, rep, bob.id))
    owner = score_view(desk, YOU, bob.id)
    assert all(one.href for one in owner.engagement)
    assert owner.sum == score_view(desk, rep, bob.id).sum


def test_somebody_in_copy_did_nothing(desk):
    bob = a_lead(desk, "kitaura.example")
    a_mail(desk, bob, is_inbound=True)
    with desk.database.write() as tx:
        tx.execute(update(participant).values(role="cc"))
        refresh_leads(tx, {bob.number})
    keep_scores(desk)
    assert kept(desk, bob) == {bob.number: (10, 0)}


def test_a_lead_that_leaves_loses_its_row(desk):
    bob = a_lead(desk, "kitaura.example")
    keep_scores(desk)
    done = delete_lead(desk, YOU, bob.id, version=version_of(desk, bob))
    keep_scores(desk)
    with desk.database.read() as tx:
        assert tx.execute(select(lead_score)).all() == []
    undo(desk, YOU, done.undo)
    keep_scores(desk)
    assert kept(desk, bob) == {bob.number: (10, 0)}
