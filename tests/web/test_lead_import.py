"""A table by its pages: chosen, looked at, its columns named, imported once, its rejected rows fetched, taken back."""

from __future__ import annotations

import io
from html import unescape

from inboxcrm.files.table_reading import table_from_bytes
from inboxcrm.services.import_shapes import ImportOrder
from inboxcrm.services.import_uploads import keep_upload
from inboxcrm.services.lead_import import import_list, preview_import
from inboxcrm.services.segments import count_leads
from tests.web.house import YOU, hidden_fields
from tests.web.merging import seen, text_of

FAIR = (
    "Who,Reach,Booth\n<script>alert(1)</script>{{ 7*7 }},eve@hostile.example,B7\n"
    "=cmd|' /C calc'!A0,nobody,\nErin Walsh,erin@away.example,\n"
)
PATH = "/leads/import"


def choose(client, text=FAIR, name="fair.csv"):
    data = hidden_fields(text_of(client.get(PATH)), PATH)
    content = text.encode() if isinstance(text, str) else text
    return client.post(PATH, data=data | {"file": (io.BytesIO(content), name)})


def send(client, path, **fields):
    """The form of the page as it stands, with some fields said otherwise."""
    return client.post(path, data=hidden_fields(text_of(client.get(path)), path) | fields)


def test_from_a_file_to_leads_and_back(client, house):
    assert 'href="/leads/import"' in text_of(client.get("/leads"))
    path = choose(client).location
    page = seen(client.get(path))
    assert "3 rows: 2 new leads, 1 rejected." in page
    assert 'rejected: Reach: "nobody" is no mail address' in unescape(page)
    assert import_list(house.desk, YOU) == ()

    sent = send(
        client, path, do="import", tag="Spring fair", **{"field.0": "name", "field.1": "address"}
    )
    page = text_of(client.get(sent.location))
    assert "&lt;script&gt;" in text_of(client.get("/leads"))
    assert "{{ 7*7 }}" in seen(client.get("/leads"))
    assert "/cadences/new?segment=tag%20is%20%22Spring%20fair%22" in page
    assert count_leads(house.desk, YOU, 'tag is "Spring fair"') == 2
    rejected = client.get(f"{sent.location}/rejected.csv")
    assert rejected.headers["Content-Disposition"].startswith("attachment")
    assert "'=cmd|" in text_of(rejected)

    back = client.post(f"{sent.location}/undo", data=hidden_fields(page, f"{sent.location}/undo"))
    assert "2 leads removed" in seen(client.get(back.location))
    assert count_leads(house.desk, YOU, 'tag is "Spring fair"') == 0


def test_a_form_that_is_sent_twice_imports_once(client, house):
    path = choose(client, "mail\nerin@away.example\n").location
    form = hidden_fields(text_of(client.get(path)), path) | {"do": "import", "field.0": "address"}
    first, second = client.post(path, data=form), client.post(path, data=form)
    assert first.location == second.location
    assert len(import_list(house.desk, YOU)) == 1
    gone = client.get(path)
    assert gone.status_code == 404


def test_columns_that_do_not_fit_are_told_and_what_was_chosen_stays(client, house):
    path = choose(client).location
    sent = send(client, path, do="import", tag="x", **{"field.1": "name"})
    assert sent.status_code == 422
    assert "no column holds mail addresses" in seen(sent)
    assert '<option value="name" selected>' in text_of(sent)
    assert import_list(house.desk, YOU) == ()


def test_what_is_no_table_is_told_beside_the_field(client):
    for content, words in (
        (b"", "is empty"),
        (b"PK\x03\x04", "a workbook"),
        (b"a\n" + b"x\n" * 1_500_000, "2 MB"),
    ):
        sent = choose(client, content)
        assert sent.status_code == 422
        assert words in seen(sent)
    data = hidden_fields(text_of(client.get(PATH)), PATH)
    assert client.post(PATH, data=data).status_code == 422


def test_a_file_as_large_as_a_form_never_is_gets_a_clear_answer(client):
    assert choose(client, b"a\n" + b"x" * 5_000_000).status_code == 413


def test_nobody_sees_what_another_uploaded(house, alice, bea):
    kept = keep_upload(house.desk, YOU, "fair.csv", FAIR.encode())
    assert bea.get(f"{PATH}/files/{kept}").status_code == 404


def test_ten_thousand_letters_in_a_heading_and_a_name_fit_the_page(client):
    text = f"mail,{'h' * 10_000},\u202etfel\nerin@away.example,{'n' * 10_000},x\n"
    page = text_of(client.get(choose(client, text, "f" * 300 + "\u202e.csv").location))
    assert "h" * 200 not in page
    assert "n" * 200 not in page
    assert "\u202e" not in page


def test_a_preview_by_page_and_by_command_is_the_same(client, house):
    view = preview_import(
        house.desk, YOU, table_from_bytes("fair.csv", FAIR.encode()), ImportOrder()
    )
    page = seen(client.get(choose(client).location))
    assert all(one.says in unescape(page) for one in view.samples)
