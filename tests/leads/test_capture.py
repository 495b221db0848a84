"""Who becomes a lead: the table of DESIGN 5, rule by rule, and that order never matters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads.capture import (
    Decision,
    First,
    MailboxEvidence,
    Mode,
    Outcome,
    Rule,
    Sign,
    Standing,
    Verdict,
    decide,
    explain,
)

BOB = "bob@kitaura.example"


def standing(mode: Mode, *signs: Sign, **known: object) -> Standing:
    met = {sign: First(1_000 + place, f"k{place}", place + 1) for place, sign in enumerate(signs)}
    return Standing(key=BOB, evidence=(MailboxEvidence(1, mode, met),), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mode", "sign", "outcome", "rule"),
    [
        (Mode.ENQUIRY, Sign.THEY_WROTE, Outcome.LEAD, Rule.THEY_WROTE),
        (Mode.ENQUIRY, Sign.WE_WROTE, Outcome.LEAD, Rule.WE_WROTE),
        (Mode.ENQUIRY, Sign.FORM, Outcome.LEAD, Rule.FORM),
        (Mode.EXCHANGE, Sign.THEY_WROTE, Outcome.CANDIDATE, Rule.AWAITS_ANSWER),
        (Mode.EXCHANGE, Sign.WE_WROTE, Outcome.LEAD, Rule.WE_WROTE),
        (Mode.ASK, Sign.THEY_WROTE, Outcome.CANDIDATE, Rule.ASKED),
        (Mode.ASK, Sign.WE_WROTE, Outcome.CANDIDATE, Rule.ASKED),
        (Mode.NONE, Sign.THEY_WROTE, Outcome.IGNORED, Rule.MODE_NONE),
        (Mode.NONE, Sign.WE_WROTE, Outcome.IGNORED, Rule.MODE_NONE),
        (Mode.ENQUIRY, Sign.UNDISCLOSED, Outcome.CANDIDATE, Rule.UNDISCLOSED),
        (Mode.EXCHANGE, Sign.FORWARDED, Outcome.CANDIDATE, Rule.FORWARDED),
        (Mode.ASK, Sign.WE_WROTE_MANY, Outcome.CANDIDATE, Rule.WE_WROTE_MANY),
        *(
            (mode, sign, Outcome.IGNORED, Rule(sign.value))
            for mode in (Mode.ENQUIRY, Mode.EXCHANGE, Mode.ASK)
            for sign in (Sign.BOUNCE, Sign.AUTOMATIC, Sign.BULK, Sign.CALENDAR, Sign.COPIED)
        ),
    ],
)
def test_the_mode_table_decides(mode: Mode, sign: Sign, outcome: Outcome, rule: Rule) -> None:
    decision = decide(standing(mode, sign))
    assert (decision.outcome, decision.rule) == (outcome, rule)


def test_in_exchange_mode_a_candidate_becomes_a_lead_once_we_answer() -> None:
    decision = decide(standing(Mode.EXCHANGE, Sign.THEY_WROTE, Sign.WE_WROTE))
    assert decision.outcome is Outcome.LEAD


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({"is_role": True}, Rule.ROLE_ADDRESS),
        ({"known_plain": "bob@kitaura.example"}, Rule.PLUS_ADDRESS),
        ({"same_name": "bob@home.example"}, Rule.SAME_NAME),
    ],
)
@pytest.mark.parametrize("mode", [Mode.ENQUIRY, Mode.EXCHANGE, Mode.ASK])
@pytest.mark.parametrize("sign", [Sign.THEY_WROTE, Sign.WE_WROTE])
def test_doubt_makes_a_candidate_in_every_mode(
    known: dict[str, object], rule: Rule, mode: Mode, sign: Sign
) -> None:
    decision = decide(standing(mode, sign, **known))
    assert (decision.outcome, decision.rule) == (Outcome.CANDIDATE, rule)


def test_a_newsletter_from_a_role_address_is_ignored_and_not_reviewed() -> None:
    assert decide(standing(Mode.ENQUIRY, Sign.BULK, is_role=True)).outcome is Outcome.IGNORED


def test_a_persons_word_beats_everything() -> None:
    ignored = Verdict(Outcome.IGNORED, subject=BOB)
    told = standing(Mode.ENQUIRY, Sign.WE_WROTE, verdict=ignored, has_persons_lead=True)
    assert decide(told) == Decision(Outcome.IGNORED, Rule.PERSON, BOB)
    lead = Verdict(Outcome.LEAD, subject=BOB)
    assert decide(standing(Mode.NONE, Sign.BULK, verdict=lead)).outcome is Outcome.LEAD


def test_a_lead_somebody_works_on_survives_an_ignored_domain() -> None:
    domain = Verdict(Outcome.IGNORED, is_domain=True, subject="kitaura.example")
    assert decide(standing(Mode.ENQUIRY, Sign.BULK, verdict=domain)).rule is Rule.PERSON_DOMAIN
    kept = decide(standing(Mode.ENQUIRY, Sign.BULK, verdict=domain, has_persons_lead=True))
    assert (kept.outcome, kept.rule) == (Outcome.LEAD, Rule.KNOWN_LEAD)


def test_nobody_behind_a_no_reply_address_is_a_lead_even_if_we_wrote() -> None:
    assert (
        decide(standing(Mode.ENQUIRY, Sign.WE_WROTE, is_no_reply=True)).outcome is Outcome.IGNORED
    )


def test_across_mailboxes_lead_beats_candidate_beats_ignored_and_none_adds_nothing() -> None:
    first = First(1, "a", 1)
    asks = MailboxEvidence(1, Mode.ASK, {Sign.THEY_WROTE: first})
    bulk = MailboxEvidence(2, Mode.ENQUIRY, {Sign.BULK: first})
    makes = MailboxEvidence(3, Mode.ENQUIRY, {Sign.THEY_WROTE: First(9, "z", 9)})
    deaf = MailboxEvidence(4, Mode.NONE, {Sign.WE_WROTE: First(0, "0", 7)})
    assert decide(Standing(BOB, evidence=(asks, bulk, deaf))).outcome is Outcome.CANDIDATE
    assert decide(Standing(BOB, evidence=(asks, bulk, makes, deaf))).outcome is Outcome.LEAD
    assert decide(Standing(BOB, evidence=(bulk, deaf))).rule is Rule.BULK


def test_the_first_plain_message_is_the_one_the_lead_rests_on() -> None:
    met = {Sign.THEY_WROTE: First(50, "b", 5), Sign.WE_WROTE: First(20, "a", 2)}
    decision = decide(Standing(BOB, evidence=(MailboxEvidence(1, Mode.ENQUIRY, met),)))
    assert (decision.rule, decision.rests_on) == (Rule.WE_WROTE, First(20, "a", 2))


signs = st.dictionaries(
    st.sampled_from(list(Sign)),
    st.builds(
        First, at=st.integers(0, 5), key=st.sampled_from("abc"), message_id=st.integers(1, 9)
    ),
    min_size=1,
)
mailboxes = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(list(Mode)), signs), unique_by=lambda held: held[0]
)


@given(mailboxes=mailboxes, order=st.randoms())
def test_the_order_of_mailboxes_never_matters(mailboxes, order) -> None:  # type: ignore[no-untyped-def]
    held = [MailboxEvidence(*box) for box in mailboxes]
    shuffled = list(held)
    order.shuffle(shuffled)
    assert decide(Standing(BOB, evidence=held)) == decide(Standing(BOB, evidence=shuffled))


def test_every_rule_has_its_sentence() -> None:
    for rule in Rule:
        assert explain(rule, "kitaura.example").strip()
    assert explain("rule_of_an_older_version") == "an earlier version decided it"
