from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads.owes import conversation_owes, lead_owes, wait
from inboxcrm.leads.working_time import WorkingHours

OFFICE = WorkingHours("UTC")
MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)

BOB_WROTE = (1000, "in", 7, None)
WE_WROTE = (2000, "out", 8, None)


def test_who_wrote_last_waits():
    assert conversation_owes(BOB_WROTE) == "us"
    assert conversation_owes(WE_WROTE) == "them"


def test_no_answer_needed_holds_for_that_mail_only():
    assert conversation_owes((1000, "in", 7, 7)) == "nobody"
    assert conversation_owes((3000, "in", 9, 7)) == "us"


def test_a_conversation_without_people_waits_for_nobody():
    assert conversation_owes((None, "", None, None)) == "nobody"
    assert lead_owes([]) == ("nobody", None, None)


def test_one_waiting_conversation_is_enough():
    assert lead_owes([WE_WROTE, BOB_WROTE]) == ("us", 1000, 7)


def test_the_longest_wait_is_told():
    assert lead_owes([(5000, "in", 11, None), BOB_WROTE, WE_WROTE]) == ("us", 1000, 7)


def test_else_our_newest_mail_waits_for_them():
    assert lead_owes([WE_WROTE, (4000, "out", 12, None)]) == ("them", 4000, 12)


def test_a_dismissed_wait_leaves_what_they_owe():
    assert lead_owes([(1000, "in", 7, 7), WE_WROTE]) == ("them", 2000, 8)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 5),
            st.sampled_from(["in", "out", ""]),
            st.integers(1, 9),
            st.one_of(st.none(), st.integers(1, 9)),
        ),
        max_size=6,
    ),
    st.randoms(),
)
def test_the_order_of_conversations_does_not_matter(conversations, random):
    mixed = list(conversations)
    random.shuffle(mixed)
    assert lead_owes(mixed) == lead_owes(conversations)


def test_a_wait_of_days_is_told_in_working_days():
    said = wait("us", MONDAY, now=MONDAY + timedelta(days=2), hours=OFFICE, name="Bob")
    assert said.text == "Bob has waited 2 working days for an answer"
    assert said.is_late
    assert said.working_hours == 16


def test_a_wait_of_hours_is_told_in_working_hours():
    said = wait("us", MONDAY, now=MONDAY + timedelta(hours=3), hours=OFFICE, name="Bob")
    assert said.text == "Bob has waited 3 working hours for an answer"
    assert not said.is_late


def test_a_mail_of_the_weekend_has_not_waited_yet():
    saturday = MONDAY - timedelta(days=2)
    said = wait("us", saturday, now=MONDAY - timedelta(days=1), hours=OFFICE, name="Bob")
    assert said.text == "Bob wrote outside working hours and waits for an answer"


def test_a_very_long_wait_is_told_by_its_day():
    said = wait("us", MONDAY, now=MONDAY + timedelta(days=90), hours=OFFICE, name="Bob")
    assert said.text == "Bob has waited for an answer since 4 May"


def test_what_they_owe_is_never_late():
    said = wait("them", MONDAY, now=MONDAY + timedelta(days=3), hours=OFFICE, name="Bob")
    assert said.text == "Bob has not answered yet: we wrote 3 working days ago"
    assert not said.is_late


def test_nobody_owes_without_mail():
    assert wait("nobody", None, now=MONDAY, hours=OFFICE, name="Bob").text == (
        "Nobody owes an answer"
    )
