"""Whole lists on the suppression page: taken in from a file, given out as one."""

from __future__ import annotations

import csv
import io

from inboxcrm.services.suppressions import suppressed
from tests.web.house import YOU, House, hidden_fields
from tests.web.merging import seen, text_of

IMPORT = "/suppression/import"


def take_in(client, content: bytes, name: str = "list.csv", **fields):
    data = hidden_fields(text_of(client.get("/suppression")), IMPORT) | fields
    file = {"file": (io.BytesIO(content), name)} if name else {}
    return client.post(IMPORT, data=data | file, content_type="multipart/form-data")


def subjects(house: House) -> list[str]:
    return [one.subject for one in suppressed(house.desk, YOU)]


def test_a_list_is_taken_in_and_what_could_not_be_read_is_told(client, house):
    content = b"E-Mail;note\nCarol@Firm.example;x\nnonsense;y\nfirm2.example;z\n"
    answer = take_in(client, content)
    assert answer.status_code == 303
    page = seen(client.get(answer.location))
    assert "2 new, 0 stood already. 1 could not be read, the first in line 3" in page
    assert subjects(house) == ["carol@firm.example", "firm2.example"]


def test_what_is_no_such_list_is_refused_in_words(client, house):
    for content, name, words in (
        (b"who,way\na,b\n", "list.csv", "Name it: one of who, way."),
        (b"", "list.csv", "list.csv is empty."),
        (b"a@x.example\n", "", "Choose a file first."),
        (b"a,b\n<script>alert(1)</script>,c\n", "<script>.csv", "Nobody can tell which column"),
    ):
        answer = take_in(client, content, name)
        assert (answer.status_code, words in seen(answer)) == (422, True), words
        assert "<script>alert" not in text_of(answer)
    assert subjects(house) == []
    assert take_in(client, b"who,way\nx,carol@firm.example\n", column="way").status_code == 303
    assert subjects(house) == ["carol@firm.example"]


def test_the_list_given_out_is_a_table_no_spreadsheet_runs(client, house):
    take_in(client, b"address,source\n+plus@x.example,=cmd()\n")
    answer = client.get("/suppression/export.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    [row] = csv.DictReader(io.StringIO(text_of(answer)))
    assert (row["subject"], row["source"]) == ("'+plus@x.example", "'=cmd()")
    assert take_in(client, answer.get_data()).status_code == 303
    assert subjects(house) == ["+plus@x.example"]


def test_a_stranger_gets_no_list(stranger, house):
    assert stranger.get("/suppression/export.csv").status_code in {303, 403}
