"""Tables are read as their owners wrote them, row by row, and what is no table gets a clear answer."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.errors import UsageError
from inboxcrm.files import table_text
from inboxcrm.files.table_reading import MOST_COLUMNS, open_table, table_from_bytes
from inboxcrm.files.table_rejected import RejectedFile
from inboxcrm.files.table_types import detected_types

WORDS = "Name;Größe;E-Mail\nRenée Müller;€ 5;renee@away.example\n"


def read(content, name="people.csv", **said):
    data = content.encode() if isinstance(content, str) else content
    return table_from_bytes(name, data, **said)


def cells(table):
    return [row.cells for row in table.rows()]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_every_usual_encoding_is_found(encoding):
    table = read(WORDS.encode(encoding))
    assert table.columns == ("Name", "Größe", "E-Mail")
    assert cells(table) == [["Renée Müller", "€ 5", "renee@away.example"]]


def test_an_encoding_can_be_said_and_a_wrong_one_is_refused():
    assert cells(read("a,b\nГод,1\n".encode("cp1251"), encoding="cp1251")) == [["Год", "1"]]
    with pytest.raises(UsageError, match="not written in ascii"):
        read(WORDS, encoding="ascii")
    for none in ("klingon", "rot13", "base64"):
        with pytest.raises(UsageError, match="no encoding"):
            read(WORDS, encoding=none)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_stands_between_cells_is_found(delimiter):
    text = f'name{delimiter}address\n"Tanaka, Bob; {delimiter}"{delimiter}bob@kitaura.example\n'
    assert cells(read(text * 1)) == [[f"Tanaka, Bob; {delimiter}", "bob@kitaura.example"]]


def test_a_spreadsheet_may_say_what_stands_between_cells():
    table = read("sep=|\nname|a;b;c\nBob|1\n")
    assert table.columns == ("name", "a;b;c")
    assert [(row.line, row.cells) for row in table.rows()] == [(3, ["Bob", "1"])]


def test_one_column_is_a_table_too():
    assert cells(read("address\nbob@kitaura.example\n\nerin@away.example")) == [
        ["bob@kitaura.example"],
        ["erin@away.example"],
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_bear_the_line_they_begin_in(end):
    text = end.join(["name,note", 'Bob,"two', 'lines"', "", "Erin,one", ""])
    rows = list(read(text).rows())
    assert [row.line for row in rows] == [2, 5]
    assert rows[0].cells == ["Bob", f"two{end}lines"]


def test_a_short_row_ends_in_empty_cells_and_a_long_one_has_a_problem():
    rows = list(read("a,b,c\n1\n1,2,3,,\n1,2,3,4\n").rows())
    assert rows[0].cells == ["1", "", ""]
    assert (rows[1].cells, rows[1].problem) == (["1", "2", "3"], "")
    assert (rows[2].cells, rows[2].problem) == (
        ["1", "2", "3", "4"],
        "it has 4 cells, and there are 3 headings",
    )


def test_headings_become_names_of_their_own():
    table = read("Phone,,Phone, Phone \nx,x,x,x\n")
    assert table.columns == ("Phone", "column 2", "Phone (2)", "Phone (3)")


def test_zero_bytes_vanish():
    assert cells(read("name,note\nBo\0b the Baker,\0\n")) == [["Bob the Baker", ""]]


def test_formulas_tags_and_braces_are_text():
    row = ["=cmd|' /C calc'!A0", "<script>{{ 7*7 }}</script>", "\u202eevil"]
    text = "a,b,c\n" + ",".join(f'"{cell}"' for cell in row) + "\n"
    assert cells(read(text)) == [row]


def test_ten_thousand_columns_are_refused_with_their_number():
    text = ",".join(f"c{number}" for number in range(10_000)) + "\n"
    with pytest.raises(UsageError, match=f"10,000 columns; at most {MOST_COLUMNS}"):
        read(text)
    many = json.dumps([{f"c{number}": 1 for number in range(MOST_COLUMNS + 1)}])
    with pytest.raises(UsageError, match="more than 500 columns"):
        read(many)


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line():
    text = 'a,b\n1,2\n3,"never closed\n' + "x,y\n" * 300_000
    rows = read(text).rows()
    assert next(rows).cells == ["1", "2"]
    with pytest.raises(UsageError, match="begins in line 3 does not end"):
        list(rows)


def test_a_line_without_an_end_is_not_read_into_memory():
    table = read("a,b\n" + "x," * 20_000_000)
    tracemalloc.start()
    with pytest.raises(UsageError, match="begins in line 2 does not end"):
        list(table.rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


def test_what_is_too_large_is_refused_before_a_row_is_read(monkeypatch):
    monkeypatch.setattr(table_text, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(table_text, "MOST_LINES", 1_000)
    with pytest.raises(UsageError, match="more than 1 MB"):
        read("a,b\n" + "x" * 1_100_000)
    with pytest.raises(UsageError, match="more than 1,000 lines"):
        read("a,b\n" + "1,2\n" * 1_001)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"PK\x03\x04rest", "a workbook"),
        (b"\xd0\xcf\x11\xe0rest", "an old workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "packed"),
        (bytes(range(1, 32)) * 100, "holds no text"),
        (b'[{"a": 1}, {"b": ', "is no JSON from line 1 on"),
        (b'[\n{"a": 1},\n{bad}]', "is no JSON from line 3 on"),
        (b"[[" * 200_000, "is no JSON"),
        (b"[1, 2]", "holds no objects"),
    ],
)
def test_what_is_no_table_is_told_so(content, said):
    with pytest.raises(UsageError, match=said) as refused:
        read(content)
    assert refused.value.remedy


def test_a_list_of_objects_and_an_object_a_line_are_tables():
    people = [
        {"name": "Bob", "address": "bob@kitaura.example", "number": 12.50, "vip": True},
        {"address": "erin@away.example", "tags": ["a", "b"], "name": None, "late key": "x"},
    ]
    for text in (json.dumps(people, indent=1), "\n".join(map(json.dumps, people))):
        table = read(text, "people.json")
        assert table.columns == ("name", "address", "number", "vip", "tags", "late key")
        assert cells(table) == [
            ["Bob", "bob@kitaura.example", "12.5", "yes", "", ""],
            ["", "erin@away.example", "", "", '["a", "b"]', "x"],
        ]


def test_an_item_that_is_no_object_is_a_row_with_a_problem():
    rows = list(read('[{"a": "1"},\n 7,\n {"a": "2"}]').rows())
    assert [(row.line, row.cells, bool(row.problem)) for row in rows] == [
        (1, ["1"], False),
        (2, [""], True),
        (3, ["2"], False),
    ]


@given(
    st.lists(st.dictionaries(st.sampled_from("ab"), st.text(max_size=30), min_size=1), min_size=1)
)
def test_json_of_any_length_is_read_whole(people):
    padded = [{**one, "pad": "é" * 3_000} for one in people]
    table = read(
        json.dumps(padded, ensure_ascii=False)
        .encode("utf-8", "surrogatepass")
        .decode("utf-8", "replace")
    )
    found = cells(table)
    assert len(found) == len(people)
    for row, one in zip(found, people, strict=True):
        held = dict(zip(table.columns, row, strict=True))
        assert all(held[key] == text.replace("\0", "") for key, text in one.items())


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError, match="Cannot read"):
        open_table(tmp_path / "none.csv")


def test_types_are_detected_by_what_the_cells_hold():
    table = read("name,count,price,empty\nBob,3,1.5,\nErin,4,2,\n")
    assert detected_types(table.columns, list(table.rows())) == {
        "name": "text",
        "count": "integer",
        "price": "float",
        "empty": "",
    }


def test_rejected_rows_come_back_as_they_were_and_run_nothing(tmp_path):
    path = tmp_path / "rejected.csv"
    with RejectedFile(path, ("name", "address")) as file:
        file.add(7, "address: it is none", ["=cmd()", "a, b"])
    table = open_table(path)
    assert table.columns == ("line of the table", "why it was rejected", "name", "address")
    assert cells(table) == [["7", "address: it is none", "'=cmd()", "a, b"]]


def test_without_a_rejected_row_there_is_no_file(tmp_path):
    with RejectedFile(tmp_path / "rejected.csv", ("name",)):
        pass
    assert list(tmp_path.iterdir()) == []
