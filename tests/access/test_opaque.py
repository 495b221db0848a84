from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.access.opaque import OpaqueIds

IDS = OpaqueIds(b"a key")
ROWS = st.integers(0, 2**40 - 1)


@given(ROWS)
def test_what_was_sealed_opens(number):
    sealed = IDS.seal("lead", number)
    assert IDS.open("lead", sealed) == number
    assert len(sealed) == 13
    assert sealed.isascii()
    assert sealed == sealed.lower()


def test_an_id_of_one_kind_opens_no_other():
    opened = [IDS.open("thread", IDS.seal("lead", number)) for number in range(1, 2000)]
    assert opened == [None] * 1999


def test_another_installation_cannot_open_our_ids():
    other = OpaqueIds(b"another key")
    assert [other.open("lead", IDS.seal("lead", number)) for number in range(500)] == [None] * 500


def test_neighbours_look_unlike_each_other():
    sealed = [IDS.seal("lead", number) for number in range(1000)]
    assert len(set(sealed)) == 1000
    assert len({one[:4] for one in sealed}) > 900


@given(st.text(max_size=20))
def test_made_up_ids_open_to_nothing_or_to_what_seals_the_same(text):
    opened = IDS.open("lead", text)
    assert opened is None or IDS.seal("lead", opened) == text


def test_only_row_numbers_are_sealed():
    for wrong in (-1, 2**40):
        try:
            IDS.seal("lead", wrong)
        except ValueError:
            continue
        raise AssertionError(wrong)
