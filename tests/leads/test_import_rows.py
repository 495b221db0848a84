"""Cells become what a lead holds; what cannot is said, all of it, and nothing in a cell is ever obeyed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.import_cells import addresses_of, amount_of, custom_of, line_of, tags_of
from inboxcrm.leads.import_columns import Column
from inboxcrm.leads.import_rows import RowReader, changed_fields, put_back_fields
from inboxcrm.mail.addresses import match_key

SINCE = LeadField("since", "Since", FieldKind.DATE)
VIP = LeadField("vip", "VIP", FieldKind.YES_NO)
SEATS = LeadField("seats", "Seats", FieldKind.NUMBER)


def keys(cell):
    return [key for key, _, _ in addresses_of(cell)]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("", []),
        (" \u200b\xa0", []),
        (" Bob@Kitaura.example ", ["bob@kitaura.example"]),
        ("\u200bbob@kitaura.example\ufeff", ["bob@kitaura.example"]),
        ("Bob Tanaka <bob@kitaura.example>", ["bob@kitaura.example"]),
        ("mailto:bob@kitaura.example", ["bob@kitaura.example"]),
        ("bob@kitaura.example; erin@away.example", ["bob@kitaura.example", "erin@away.example"]),
        ("bob@kitaura.example erin@away.example", ["bob@kitaura.example", "erin@away.example"]),
        ("bob@kitaura.example\nerin@away.example", ["bob@kitaura.example", "erin@away.example"]),
        (
            "Bob <bob@kitaura.example>, Erin <erin@away.example>",
            ["bob@kitaura.example", "erin@away.example"],
        ),
        ('"bob, the; baker"@kitaura.example', ['"bob, the; baker"@kitaura.example']),
        ("bob@bücher.example", ["bob@xn--bcher-kva.example"]),
    ],
)
def test_addresses_are_found_however_they_are_written(cell, found):
    assert keys(cell) == found


@pytest.mark.parametrize(
    "cell",
    [
        "bob at kitaura",
        "bob@kitaura.example\nBcc: eve@evil.example",
        "bob@kitaura.example, and Erin",
        "b\u202eob@kitaura.example",
        "b\u200bob@kitaura.example",
        "<script>@x</script>",
        "a@b@c.example",
        "; ".join(f"bob{number}@kitaura.example" for number in range(21)),
    ],
)
def test_what_is_no_address_is_never_mended_into_one(cell):
    with pytest.raises(ValueError):
        addresses_of(cell)


@given(st.text(max_size=60))
def test_whatever_a_cell_holds_each_address_found_is_one_and_is_shown_as_one(cell):
    try:
        found = addresses_of(cell)
    except ValueError:
        return
    for key, shown, name in found:
        assert match_key(shown) == key
        assert "\n" not in shown
        assert "<" not in shown
        assert "\n" not in name


def test_a_line_is_one_line_without_commands():
    assert line_of(" Bob\r\nBcc: eve@evil.example\t\x1b[2J") == "Bob Bcc: eve@evil.example [2J"
    assert line_of("\u202eevil\u2066 Bob\x00") == "evil Bob"
    assert line_of("{{ 7*7 }} <b>=1+1") == "{{ 7*7 }} <b>=1+1"
    with pytest.raises(ValueError, match="10,240 characters; 300"):
        line_of("x" * 10_240)


def test_the_apostrophe_of_our_own_export_comes_off_again():
    assert line_of("'=1+1") == "=1+1"
    assert line_of("'t Hooft") == "'t Hooft"


@pytest.mark.parametrize(
    ("cell", "cents", "currency"),
    [
        ("1200", 120_000, ""),
        ("1,200.50", 120_050, ""),
        ("1.200,50 €", 120_050, "EUR"),
        ("1'200.-", None, None),
        ("$ 1,200", 120_000, "USD"),
        ("1.200", 120_000, ""),
        ("12,5", 1_250, ""),
        ("1,234,567.89", 123_456_789, ""),
        ("CHF 40", 4_000, "CHF"),
        ("-5", None, None),
        ("=1+1", None, None),
        ("9" * 400, None, None),
        ("1.005,001", None, None),
    ],
)
def test_amounts_are_read_as_people_write_them(cell, cents, currency):
    if cents is None:
        with pytest.raises(ValueError, match="no amount"):
            amount_of(cell)
    else:
        assert amount_of(cell) == (cents, currency)


@pytest.mark.parametrize(
    ("field", "cell", "stored"),
    [
        (SINCE, "2026-05-14", "2026-05-14"),
        (SINCE, "2026-05-14 00:00:00", "2026-05-14"),
        (SINCE, "14.5.2026", "2026-05-14"),
        (SINCE, "05/14/2026", "2026-05-14"),
        (SINCE, "14/05/2026", "2026-05-14"),
        (VIP, "JA", "yes"),
        (VIP, "false", "no"),
        (SEATS, "1,200", "1200"),
        (SEATS, "12,5", "12.5"),
        (SEATS, "-3", "-3"),
    ],
)
def test_declared_fields_are_read_as_spreadsheets_write_them(field, cell, stored):
    assert custom_of(field, cell) == stored


@pytest.mark.parametrize(
    ("field", "cell"), [(SINCE, "03/04/2026"), (SINCE, "31.02.2026"), (VIP, "maybe")]
)
def test_what_may_mean_two_things_is_not_guessed(field, cell):
    with pytest.raises(ValueError):
        custom_of(field, cell)


def test_tags_are_told_apart_and_counted():
    assert tags_of("fair, VIP;fair | berlin") == ("fair", "VIP", "berlin")
    with pytest.raises(ValueError, match="at most 30"):
        tags_of(",".join(map(str, range(31))))


def reader(*fields, **known):
    return RowReader([Column(f"c{at}", field) for at, field in enumerate(fields)], **known)


def test_first_and_last_name_make_a_name_and_the_first_cell_that_holds_something_counts():
    row = reader("first_name", "last_name", "address", "phone", "phone").read(
        2, ["Bob", "Tanaka", "bob@kitaura.example", " ", "+49 30 1"]
    )
    assert row.problems == ()
    assert row.values == {"name": "Bob Tanaka", "phone": "+49 30 1"}


def test_the_name_beside_an_address_is_a_name_where_there_is_no_other():
    row = reader("address").read(2, ["Bob Tanaka <bob@kitaura.example>"])
    assert row.values == {"name": "Bob Tanaka"}
    assert row.addresses == {"bob@kitaura.example": ("bob@kitaura.example", "Bob Tanaka")}


def test_everything_that_is_wrong_with_a_row_is_said_at_once():
    read = reader("name", "address", "value", "stage", "owner", stages={"new": "new"}).read
    row = read(9, ["x" * 400, "nobody", "much", "started", "Zoe"])
    assert len(row.problems) == 5
    assert row.values == {}
    assert "there are new" in row.problems[3] + row.problems[2] + row.problems[4]


def test_a_website_is_the_house_it_belongs_to():
    read = reader("address", "domain").read
    for written in (
        "https://www.kitaura.example/about?x=1",
        "KITAURA.example",
        "shop.kitaura.example",
    ):
        assert read(2, ["bob@gmail.com", written]).values == {"domain": "kitaura.example"}
    assert read(2, ["bob@gmail.com", "gmail.com"]).values == {}
    assert read(2, ["bob@gmail.com", "not a site"]).problems


def test_only_what_differs_is_a_change_and_only_what_stayed_is_put_back():
    held = {"name": "Bob", "value_cents": None, "custom.seats": "3"}
    changes = changed_fields(
        held, {"name": "Bob", "value_cents": 5, "custom.seats": "4", "phone": "1"}
    )
    assert changes == {"value_cents": (None, 5), "custom.seats": ("3", "4"), "phone": ("", "1")}
    now = {"value_cents": 5, "custom.seats": "9", "phone": "1"}
    assert put_back_fields(now, changes) == ({"value_cents": None, "phone": ""}, ["custom.seats"])
