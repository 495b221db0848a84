"""Whatever stood in a table stands in it again after the file, in both forms, and nothing runs in between."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.errors import InboxcrmError, UsageError
from inboxcrm.files.export_places import whole_folder, whole_table
from inboxcrm.files.whole_export import Reading, file_of, write_table
from inboxcrm.leads.export_fields import (
    TABLES,
    ExportField,
    ExportTable,
    Kind,
    moment_ms,
    moment_text,
)

TABLE = ExportTable(
    "things",
    (
        ExportField("key"),
        ExportField("note", null=True),
        ExportField("many", Kind.NUMBER, null=True),
        ExportField("at", Kind.MOMENT),
        ExportField("is_so", Kind.FLAG),
        ExportField("due_on", Kind.DAY, null=True),
        ExportField("data", Kind.DATA),
    ),
)
ROW = {
    "key": "one", "note": None, "many": 3, "at": 5, "is_so": True, "due_on": "2026-05-14", "data": "{}",
}  # fmt: skip
HOSTILE = [
    "=1+1", "'=1+1", "''", "'", "", " =cmd", "@SUM(A1)", "-2+3+cmd()", "+49 30 1", "a\nb\r\nc", 'he said "no"', ",;\t|",
    "\u202egnp.exe", "\\u202e", "'\\", "\\", "\x1b[31m", "\ufeffx", "x" * 10_000, "\u2028", "{{ now }}", "<b>",
]  # fmt: skip
# Everything a database takes: no zero byte, no half a letter.
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")),
)
things = st.fixed_dictionaries(
    {
        "key": texts,
        "note": st.none() | texts,
        "many": st.none() | st.integers(-(2**63), 2**63 - 1),
        "at": st.integers(-(2**63), 2**63 - 1),
        "is_so": st.booleans(),
        "due_on": st.none() | st.dates().map(str),
        "data": st.dictionaries(texts, texts, max_size=2).map(json.dumps),
    }
)


def write(folder, rows, form, table=TABLE):
    path = folder / f"{table.name}.{form}"
    with path.open("w", encoding="utf-8", newline="") as target:
        write_table(rows, table, target, form=form)
    return path


def read(path, table=TABLE):
    reading = Reading(path, table)
    return [row for _, row in reading.rows()], [str(one) for one in reading.problems]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@settings(max_examples=60)
@given(rows=st.lists(things, max_size=4))
def test_rows_read_back_as_they_were(tmp_path_factory, form, rows):
    folder = tmp_path_factory.mktemp("things")
    assert read(write(folder, rows, form)) == (rows, [])


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_a_formula_or_commands_a_terminal(text):
    target = io.StringIO(newline="")
    write_table([{**ROW, "key": text}], TABLE, target, form="csv")
    target.seek(0)
    cell = list(csv.reader(target))[1][0]
    is_number = text == "+49 30 1"
    assert is_number or not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not any(one in cell for one in "\x1b\u202e\ufeff\u2028\r")


def test_nothing_and_an_empty_text_are_two_things(tmp_path):
    rows = [{**ROW, "note": None}, {**ROW, "note": ""}]
    for form in ("csv", "jsonl"):
        assert [one["note"] for one in read(write(tmp_path, rows, form))[0]] == [None, ""]


def test_json_lines_hold_a_document_a_line(tmp_path):
    path = write(tmp_path, [{**ROW, "key": "a\nb\u2028c"}] * 2, "jsonl")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(one)["key"] for one in lines] == ["a\nb\u2028c"] * 2


@pytest.mark.parametrize(
    "ms", [0, 1, 1_778_700_000_123, -1, 253_402_300_799_999, 253_402_300_800_000]
)
def test_moments_are_written_for_people_and_lose_nothing(ms):
    assert moment_ms(moment_text(ms)) == ms


WRONG = {
    "is_so": "perhaps", "many": "1.5", "at": "soon", "due_on": "2026-13-01", "data": "[]", "key": "zero \0 byte",
}  # fmt: skip


def test_every_wrong_value_is_told_with_its_place_and_the_good_rows_come(tmp_path):
    path = write(tmp_path, [ROW], "csv")
    cells = {
        "key": "one",
        "note": "",
        "at": "5",
        "is_so": "yes",
        "due_on": "",
        "data": "{}",
        "many": "",
    }
    with path.open("a", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, TABLE.columns)
        for name, value in WRONG.items():
            writer.writerow(cells | {name: value})
        target.write("too,few\r\n")
    rows, problems = read(path)
    assert rows == [ROW]
    assert [one.partition(":")[0] for one in problems] == [
        f"things.csv, line {n}" for n in range(3, 10)
    ]
    assert all(name in one for name, one in zip(WRONG, problems, strict=False))
    assert "2 cells" in problems[-1]


def test_broken_lines_of_json_are_told_with_their_place(tmp_path):
    path = tmp_path / "things.jsonl"
    path.write_text(
        '{"key": 1}\n[]\nno\n' + json.dumps(ROW | {"at": True}) + "\n", encoding="utf-8"
    )
    rows, problems = read(path)
    assert rows == []
    assert [one.partition(":")[0][-6:] for one in problems] == [
        "line 1",
        "line 2",
        "line 3",
        "line 4",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (ExportField("key", is_short=True), "x" * 10_000),
        (ExportField("key", Kind.COUNT), 2**31),
        (ExportField("key", Kind.COUNT), -1),
        (ExportField("key", among=("a", "b")), "c"),
        (ExportField("key", Kind.LIST), "{}"),
    ],
)
def test_what_a_database_would_stumble_over_is_told_before(tmp_path, field, value):
    table = ExportTable("things", (field,))
    for form in ("csv", "jsonl"):
        rows, problems = read(write(tmp_path, [{"key": value}], form, table), table)
        assert rows == []
        assert len(problems) == 1


@pytest.mark.parametrize("text", ["", "key,note\r\n", 'key,"note\r\n', "key,key\r\n"])
def test_a_file_that_is_no_such_table_is_refused(tmp_path, text):
    path = tmp_path / "things.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"things\.csv cannot be read"):
        read(path)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "things.csv"
    path.write_bytes("ä".encode("utf-16"))
    with pytest.raises(UsageError, match="UTF-8"):
        read(path)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_mark_an_editor_puts_in_front_is_no_part_of_the_table(tmp_path, form):
    path = write(tmp_path, [ROW], form)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read(path) == ([ROW], [])


def test_two_files_for_one_table_are_one_too_many(tmp_path):
    write(tmp_path, [], "csv")
    assert file_of(tmp_path, TABLE).name == "things.csv"
    write(tmp_path, [], "jsonl")
    with pytest.raises(UsageError, match=r"things\.csv and things\.jsonl"):
        file_of(tmp_path, TABLE)


def test_a_folder_is_there_when_it_is_whole_and_mixed_with_nothing(tmp_path):
    def breaks():
        yield ROW
        raise OSError(28, "No space left on device")

    folder = tmp_path / "out"
    with pytest.raises(InboxcrmError, match="No space left"), whole_folder(folder, form="csv") as target:  # fmt: skip
        target.write(TABLE, breaks())
    assert list(tmp_path.iterdir()) == []
    with whole_folder(folder, form="csv") as target:
        assert target.write(TABLE, [ROW, ROW]) == 2
    assert [one.name for one in folder.iterdir()] == ["things.csv"]
    with pytest.raises(UsageError, match="not empty"), whole_folder(folder, form="csv"):
        pass


def test_a_file_is_replaced_when_the_new_one_is_whole(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), whole_table(path, form="csv") as target:
        target.write(TABLE, (1 // 0 for _ in range(1)))
    assert path.read_text(encoding="utf-8") == "old"
    with whole_table(path, form="csv") as target:
        target.write(TABLE, [ROW])
    assert [one.name for one in tmp_path.iterdir()] == ["leads.csv"]
    assert read(path)[0] == [ROW]


def test_every_table_points_only_to_tables_before_its_own_or_to_itself():
    seen = set()
    for table in TABLES:
        seen.add(table.name)
        assert {one.to for one in table.fields if one.to} <= seen
        assert set(table.identity) <= set(table.columns)
