from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads.fields import FieldKind, LeadField, known_fields

SIZE = LeadField("size", "Size", FieldKind.CHOICE, ("Small", "Large"))


def of(kind: FieldKind) -> LeadField:
    return SIZE if kind is FieldKind.CHOICE else LeadField("it", "It", kind)


@pytest.mark.parametrize(
    ("kind", "written", "stored"),
    [
        (FieldKind.TEXT, "  two\nlines ", "two\nlines"),
        (FieldKind.NUMBER, "0040.50", "40.5"),
        (FieldKind.NUMBER, "1 200", "1200"),
        (FieldKind.NUMBER, "-0.0", "0"),
        (FieldKind.NUMBER, "1e3", "1000"),
        (FieldKind.DATE, "2026-05-14", "2026-05-14"),
        (FieldKind.CHOICE, "LARGE", "Large"),
        (FieldKind.YES_NO, "Yes", "yes"),
        (FieldKind.URL, "https://kitaura.example/board?a=1", "https://kitaura.example/board?a=1"),
        (FieldKind.TIME_ZONE, "europe/berlin", "Europe/Berlin"),
        (FieldKind.TIME_ZONE, " America/New York", "America/New_York"),
    ],
)
def test_two_people_who_mean_the_same_store_the_same(kind, written, stored):
    assert of(kind).read(written) == stored
    assert of(kind).read(stored) == stored


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (FieldKind.TEXT, "x" * 2001),
        (FieldKind.NUMBER, "many"),
        (FieldKind.NUMBER, "NaN"),
        (FieldKind.NUMBER, "Infinity"),
        (FieldKind.NUMBER, "1e999999"),
        (FieldKind.DATE, "14 May"),
        (FieldKind.DATE, "2026-02-30"),
        (FieldKind.CHOICE, "medium"),
        (FieldKind.YES_NO, "perhaps"),
        (FieldKind.URL, "javascript:alert(1)"),
        (FieldKind.URL, "https://"),
        (FieldKind.URL, "http://[::1"),
        (FieldKind.URL, "kitaura.example"),
        (FieldKind.TIME_ZONE, "Berlin"),
        (FieldKind.TIME_ZONE, "../../etc/passwd"),
        (FieldKind.TIME_ZONE, "/etc/localtime"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(kind, written):
    with pytest.raises(ValueError, match=r"\w+"):
        of(kind).read(written)


@given(st.sampled_from(list(FieldKind)), st.text(max_size=60))
def test_whatever_is_written_is_stored_once_or_refused(kind, written):
    try:
        stored = of(kind).read(written)
    except ValueError:
        return
    assert of(kind).read(stored) == stored
    assert "\x00" not in stored


@pytest.mark.parametrize("kind", list(FieldKind))
def test_nothing_empties_a_field(kind):
    assert of(kind).read("  \x00 ") == ""


def test_only_declared_fields_that_hold_something_are_known():
    seats = LeadField("seats", "Seats", FieldKind.NUMBER)
    assert known_fields((seats, SIZE), {"size": "Small", "seats": "", "old": "x"}) == [
        (SIZE, "Small")
    ]
