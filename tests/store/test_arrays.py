"""PostgreSQL reads back from a written array what was put in."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.store.arrays import array_text

_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.fixture(scope="module")
def connection(postgres_server):
    address = postgres_server.new_url().replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "bigint"),
        ([1, -2, 9_007_199_254_740_993], "bigint"),
        ([None, 4, None], "bigint"),
        ([None, None], "text"),
        ([True, False, None], "boolean"),
        (
            ["", "NULL", "null", "{}", ",", '"', "\\", '\\"', " a ", "a\nb", "\u2028", "日本"],
            "text",
        ),
        (["a", None, '"', None, ""], "text"),
    ],
)
def test_what_goes_in_comes_out(values, kind, connection):
    assert read_back(connection, values, kind) == values


@given(texts=st.lists(_TEXTS | st.none()))
def test_any_texts_come_out_as_they_went_in(texts, connection):
    assert read_back(connection, texts, "text") == texts


@pytest.mark.parametrize("values", [["a\0b", "c"], ["a", None, "\0"], ["\0"]])
def test_a_zero_byte_is_refused_and_never_shifts_its_neighbours(values):
    with pytest.raises(ValueError, match="zero byte"):
        array_text(values)


def read_back(connection, values, kind) -> list:
    made = connection.execute(f"SELECT %s::{kind}[]", (array_text(values),))
    return made.fetchone()[0]
