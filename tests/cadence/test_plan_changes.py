"""What an edit changes for whom: steps read with all that is wrong, who goes on where, and the difference of two plans."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.cadence.going_on import Standing, Timing, goes_on, goes_on_otherwise
from inboxcrm.cadence.plan_changes import (
    Change,
    ComparedStep,
    StepChange,
    count_changes,
    plan_changes,
    step_changes,
)
from inboxcrm.cadence.plan_shapes import PlannedMail, PlanStep
from inboxcrm.cadence.steps import DelayUnit, StepKind, steps_after
from inboxcrm.cadence.wanted_steps import (
    StepsError,
    WantedStep,
    plain_steps,
    read_steps,
    steps_as_toml,
)
from inboxcrm.cadence.windows import Windows

MONDAY = datetime(2026, 5, 11, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TIMING = Timing(Windows.always("UTC"), b"s" * 32, lambda person, step: f"{person}:{step}", MONDAY)
KINDS = {"s1": "mail", "s2": "mail", "s3": "call", "s4": "mail"}


def steps(written: str) -> list[PlanStep]:
    """ "s1 s2+3 c3+1": keys, with days to wait; a c is a call."""
    found = []
    for one in written.split():
        key, _, wait = one.partition("+")
        kind = "call" if key.startswith("c") else "mail"
        found.append(PlanStep(key, int(wait or 0), "days", kind))
    return found


def keys(found) -> str:
    return " ".join(one.key for one in found)


# --- what follows ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "last", "before", "had", "follows"),
    [
        ("s1 s2 s3", "s1", "", "s1", "s2 s3"),
        ("s1 s2 s3", "s3", "", "s1 s2 s3", ""),
        ("s1 s4 s2 s3", "s1", "", "s1", "s4 s2 s3"),
        ("s1 s4 s2 s3", "s2", "", "s1 s2", "s3"),  # what is put in before them is past
        ("s2 s1 s3", "s2", "", "s1 s2", "s3"),  # what they had comes no second time
        ("s3 s1 s2", "s1", "", "s1", "s2"),  # moved before them: they have gone past it
        ("s1 s3", "s2", "s1 s2 s3", "s1 s2", "s3"),
        ("s1 s4 s3", "s2", "s1 s2 s3", "s1 s2", "s3"),  # s4 stands in the stead of what they had
        ("s4 s2 s3", "s1", "s1 s2 s3", "s1", "s2 s3"),
        ("s4 s5", "s1", "s1 s2", "s1", "s5"),  # all new: they have gone through one
        ("s4", "s2", "s1 s2", "s1 s2", ""),
        ("s4 s5", "s9", "", "", "s4 s5"),
    ],
)
def test_they_go_on_behind_what_they_had(now, last, before, had, follows):
    found = steps_after(steps(now), last, before=before.split(), had=had.split())
    assert keys(found) == follows


def test_a_task_on_the_way_is_set_once_and_its_wait_counts_all_the_same():
    standing = Standing("7", last="s1", left_at=MONDAY, mails=frozenset({"s1"}))
    first = goes_on(standing, steps("s1 c2+2 s3+3"), TIMING)
    assert first.mail == "s3"
    assert [one[0] for one in first.tasks] == ["c2"]
    again = goes_on(replace(standing, tasks=frozenset({"c2"})), steps("s1 c2+2 s3+3"), TIMING)
    assert again.tasks == ()
    assert again.due_at == first.due_at
    assert (first.due_at.date() - MONDAY.date()).days == 5


def test_an_opener_keeps_its_turn_whatever_it_says():
    due = MONDAY + 4 * DAY
    standing = Standing("7", waits="s1", due_at=due)
    assert goes_on(standing, steps("s4 s2+3"), TIMING).due_at == due
    assert goes_on(standing, steps("s4 s2+3"), TIMING).mail == "s4"


def test_a_mail_whose_waits_stay_keeps_its_time_to_the_second():
    standing = Standing(
        "7",
        last="s1",
        left_at=MONDAY,
        waits="s2",
        due_at=MONDAY + 9 * DAY,
        mails=frozenset({"s1"}),
    )
    old = steps("s1 s2+3 s3+1")
    same = goes_on_otherwise(standing, steps("s1 s2+3 s4+1 s3+2"), TIMING, before=old)
    assert (same.mail, same.due_at) == ("s2", MONDAY + 9 * DAY)
    other = goes_on_otherwise(standing, steps("s1 s2+5"), TIMING, before=old)
    assert (other.due_at.date() - MONDAY.date()).days == 5
    between = goes_on_otherwise(standing, steps("s1 c9+1 s2+3"), TIMING, before=old)
    assert (between.due_at.date() - MONDAY.date()).days == 4


every_step = st.lists(
    st.sampled_from(["s1", "s2", "s3", "s4", "c5", "c6"]), unique=True, max_size=6
).map(
    lambda found: [PlanStep(one, 1, "days", "call" if one[0] == "c" else "mail") for one in found]
)


@settings(max_examples=150)
@given(st.lists(every_step, min_size=1, max_size=5))
def test_nobody_gets_a_step_twice_however_often_it_is_edited(lists):
    """Each list of steps holds for one mail; whatever comes next is asked of the next list."""
    had: list[str] = []
    tasks: list[str] = []
    last, before = "", []
    for at, now in enumerate(lists * 4):
        standing = Standing(
            "7",
            last=last,
            left_at=MONDAY + at * DAY,
            mails=frozenset(had),
            tasks=frozenset(tasks),
        )
        found = goes_on(standing, now, TIMING, before=before)
        tasks += [one[0] for one in found.tasks]
        if not found.mail:
            break
        had.append(found.mail)
        last, before = found.mail, [one.key for one in now]
    assert len(had) == len(set(had))
    assert len(tasks) == len(set(tasks))


# --- two plans -----------------------------------------------------------------------------


def mail(person: str, step: str, days: float) -> PlannedMail:
    return PlannedMail(person, step, MONDAY + days * DAY, "autumn")


def test_each_person_is_told_what_they_get_otherwise_and_nobody_else():
    before = [
        mail("bob", "s1", 1),
        mail("bob", "s2", 4),
        mail("erin", "s1", 1),
        mail("carol", "s2", 2),
    ]
    after = [
        mail("bob", "s1", 1.01),
        mail("bob", "s2", 6),
        mail("bob", "s3", 9),
        mail("erin", "s1", 1),
    ]
    texts = {"s1": 1, "s2": 2, "s3": 3}
    found = plan_changes(
        ["bob", "erin", "carol", "dave"],
        before,
        after,
        text_before=lambda person, step: texts[step],
        text_after=lambda person, step: 9 if (person, step) == ("erin", "s1") else texts[step],
    )
    said = {
        one.person: [(each.step, [kind.value for kind in each.changes]) for each in one.mails]
        for one in found
    }
    assert said == {
        "bob": [("s2", ["time"]), ("s3", ["added"])],
        "erin": [("s1", ["text"])],
        "carol": [("s2", ["lost"])],
        "dave": [],
    }
    assert count_changes(found) == {
        Change.ADDED: 1,
        Change.LOST: 1,
        Change.TEXT: 1,
        Change.TIME: 1,
    }
    lost = found[2].mails[0]
    assert (lost.before, lost.after) == (MONDAY + 2 * DAY, None)


plans = st.lists(
    st.builds(mail, st.sampled_from("ab"), st.sampled_from(["s1", "s2", "s3"]), st.integers(0, 9)),
    unique_by=lambda one: (one.person, one.step),
)


@settings(max_examples=100)
@given(plans, plans)
def test_the_difference_is_whole_and_the_way_back_is_its_mirror(before, after):
    def no_text(person: str, step: str) -> int:
        return 0

    def between(one, other):
        return plan_changes("ab", one, other, text_before=no_text, text_after=no_text)

    there, back = between(before, after), between(after, before)
    assert all(not one.mails for one in between(before, before))
    mirror = {Change.ADDED: Change.LOST, Change.LOST: Change.ADDED, Change.TIME: Change.TIME}
    for one, other in zip(there, back, strict=True):
        seen = {(each.step, each.changes, each.before, each.after) for each in one.mails}
        assert seen == {
            (each.step, tuple(mirror[kind] for kind in each.changes), each.after, each.before)
            for each in other.mails
        }
    # Whoever is told of nothing has the same plan.
    for person, one in zip("ab", there, strict=True):
        if not one.mails:
            assert {(x.step, x.at) for x in before if x.person == person} == {
                (x.step, x.at) for x in after if x.person == person
            }


def compared(written: str) -> list[ComparedStep]:
    return [ComparedStep(one.key, one.key.upper(), one.delay) for one in steps(written)]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("s1 s2+3", "s1 s2+3", []),
        ("s1 s2+3", "s1 s2+4", [("s2", "changed")]),
        ("s1 s2+3", "s1 s2+3 s3+1", [("s3", "added")]),
        ("s1 s2 s3", "s1 s3", [("s2", "removed")]),
        ("s1 s2 s3", "s1 s3 s2", [("s3", "moved")]),
        ("s1 s2 s3", "s4 s1 s3", [("s4", "added"), ("s2", "removed")]),
    ],
)
def test_what_becomes_of_each_step_is_said(before, after, said):
    found = step_changes(compared(before), compared(after))
    assert found == [(key, StepChange(what)) for key, what in said]


# --- steps as people write them --------------------------------------------------------------


def test_all_that_is_wrong_is_said_at_once_with_its_place():
    document = {
        "step": [
            {"key": "s3", "template": "hello"},
            {"after": "soon", "template": "a", "call": "b"},
            {"key": "s99", "after": "2 days", "call": "x"},
            {"key": "s1", "after": "1 day", "template": "more", "thread": "old", "colour": "red"},
            {"key": "s1", "after": "900 days", "template": "more", "version": "two"},
            "s5",
        ]
    }
    with pytest.raises(StepsError) as caught:
        read_steps(document, kinds=KINDS)
    said = [str(one) for one in caught.value.problems]
    for wanted in (
        "step 1, key: s3 is a call",
        "step 2: say one of",
        'step 2, after: "soon"',
        'step 3, key: no step was ever called "s99"',
        'step 4: "colour" is not known',
        "step 4, thread:",
        "step 5, after: the longest wait",
        "step 5, version:",
        "step 6: it is no table",
        "s1 stands there twice",
    ):
        assert any(one.startswith(wanted) for one in said), (wanted, said)


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        {"step": []},
        {"step": {}},
        {"steps": [{}] * 13},
        "text",
        None,
        {"rules": 1, "step": []},
    ],
)
def test_what_holds_no_steps_is_refused(document):
    with pytest.raises(StepsError):
        read_steps(document, kinds=KINDS)


def test_a_cadence_begins_with_a_mail():
    with pytest.raises(StepsError, match="begins with a mail"):
        read_steps([{"call": "Ring them"}], kinds={})


hostile = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)
hostile = st.one_of(
    hostile, st.sampled_from(['"', "\\", "]]", "a'''b", "{{ x }}", "\u202ecod.exe", "\x7f"])
)
names = hostile.map(lambda text: " ".join(text.split())).filter(bool)
wanted_steps = st.lists(
    st.one_of(
        st.builds(
            WantedStep,
            template=names,
            version=st.integers(0, 9),
            delay=st.integers(0, 365),
            unit=st.sampled_from(DelayUnit),
            opens_thread=st.booleans(),
        ),
        st.builds(
            WantedStep,
            kind=st.sampled_from([StepKind.TASK, StepKind.CALL]),
            title=names,
            delay=st.integers(0, 365),
            unit=st.sampled_from(DelayUnit),
        ),
    ),
    max_size=4,
)


@settings(max_examples=100)
@given(wanted_steps, names)
def test_what_is_shown_as_a_file_reads_as_the_same_steps(found, template):
    every = [WantedStep("s1", template=template), *found]
    assert read_steps(tomllib.loads(steps_as_toml(every)), kinds=KINDS) == tuple(every)
    assert read_steps({"steps": plain_steps(every)}, kinds=KINDS) == tuple(every)
