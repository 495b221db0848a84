"""The table of a mail's life, its key, and the rules kept beside a cadence."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.cadence.keys import outbox_key
from inboxcrm.cadence.outbox import (
    LOOK_AFTER_SECONDS,
    MAY_HAVE_GONE,
    MOVES,
    OVER,
    OutboxState,
    is_not_sent,
    next_look_seconds,
)
from inboxcrm.cadence.rules import CadenceRules, Clock, rules_as_json, rules_from_json
from inboxcrm.cadence.windows import Windows


def reachable(start: OutboxState, without: frozenset[OutboxState]) -> set[OutboxState]:
    found, todo = {start}, [start]
    while todo:
        for after in MOVES[todo.pop()] - without - found:
            found.add(after)
            todo.append(after)
    return found


def test_a_mail_is_sent_only_by_way_of_a_hand_over_that_was_written_down():
    """A draft its owner sends by hand is the one exception."""
    without = frozenset({OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.DRAFTED})
    assert not reachable(OutboxState.PLANNED, without) & {OutboxState.SENT, OutboxState.UNCONFIRMED}


def test_what_may_have_gone_is_never_planned_anew():
    for state in MAY_HAVE_GONE:
        assert OutboxState.PLANNED not in reachable(state, frozenset())


def test_what_is_over_stays_so_but_for_what_a_person_or_a_late_answer_says():
    assert {state for state in OVER if MOVES[state]} == {
        OutboxState.UNCONFIRMED,
        OutboxState.SKIPPED,
    }


def test_one_look_never_proves_that_a_mail_was_not_sent():
    assert not is_not_sent(unseen_since_at=None, now=10**12)
    assert not is_not_sent(unseen_since_at=1_000, now=120_999)
    assert is_not_sent(unseen_since_at=1_000, now=121_000)


def test_looks_come_to_an_end():
    assert next_look_seconds(0) == LOOK_AFTER_SECONDS[0] >= 120
    assert next_look_seconds(len(LOOK_AFTER_SECONDS)) is None


@given(st.integers(0, 2**40), st.integers(0, 2**40), st.text(max_size=20), st.integers(0, 9))
def test_a_key_is_the_same_for_the_same_mail_and_fits_a_header(
    cadence_id, lead_id, step_key, resend
):
    how = {"cadence_id": cadence_id, "lead_id": lead_id, "step_key": step_key, "resend": resend}
    key = outbox_key(b"secret", **how)
    assert key == outbox_key(b"secret", **how)
    assert key != outbox_key(b"other", **how)
    assert key != outbox_key(b"secret", **(how | {"resend": resend + 1}))
    assert len(key) == 24
    assert key.isascii()
    assert key.isalnum()


def test_rules_come_back_as_they_went():
    rules = CadenceRules(
        windows=Windows.of_week("Asia/Tokyo", {"mon": [(time(8), time(12)), (time(22), time(2))]}),
        day_cap=7,
        gap_seconds=33,
        max_late_days=2,
        ramp_percent=0,
        domain_cap=5,
        clock=Clock.FIXED,
    )
    assert rules_from_json(rules_as_json(rules)) == rules
    old = replace(CadenceRules(), clock=Clock.FIXED)
    assert rules_from_json("{}") == old, "made before there was a choice"
    assert rules_from_json(rules_as_json(CadenceRules(windows=Windows.always("UTC")))).windows == Windows.always("UTC")  # fmt: skip
