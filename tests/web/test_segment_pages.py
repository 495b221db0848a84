"""Segments and suppression by their pages: looked at before they are saved, frozen, removed; entered and taken off."""

from __future__ import annotations

import re

import pytest

from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.segments import save_segment, segments
from inboxcrm.services.suppressions import suppressed
from inboxcrm.views.suppression import ON_A_PAGE
from tests.statements import statements_seen
from tests.web.house import YOU, House, hidden_fields, walk_in
from tests.web.merging import EVERYBODY, seen, text_of


def send(client, path="/segments/new", do="save", **fields):
    data = hidden_fields(text_of(client.get(path)), path)
    return client.post(path, data=data | {"do": do, "by": "text", "kind": "live"} | fields)


def known(house: House) -> list[tuple[str, str]]:
    return [(one.name, one.kind) for one in segments(house.desk, YOU)]


def test_without_segments_the_page_says_how_to_ask(empty_house):
    page = text_of(walk_in(empty_house.app().test_client()).get("/segments"))
    assert "There is no segment yet" in page
    assert 'href="/segments/new"' in page


def test_a_segment_is_looked_at_and_saved(client, house):
    page = seen(send(client, do="look", text=EVERYBODY))
    assert "3 people would get mail" in page
    assert "Leads whose stage is Open." in page
    assert known(house) == []
    sent = send(client, name="Open ones", text=EVERYBODY)
    page = text_of(client.get(sent.location))
    assert "Open ones is saved." in page
    assert 'href="/cadences/new?segment=Open%20ones">Write to them' in page
    assert "Leads whose stage is Open." in seen(client.get("/segments"))


def test_who_is_left_out_is_told_with_the_reason(client, house):
    create_lead(house.desk, YOU, "info@hotel.example", "Front Desk")
    page = seen(send(client, do="look", text=EVERYBODY))
    assert "3 people would get mail of 4 leads" in page
    assert "1 left out: several people share this address" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "stge is new"}, "column 1"),
        ({"text": ""}, "Write who it is."),
        ({"name": ""}, "no name"),
        ({"name": "open  ONES"}, "already"),
        ({"name": "stage is new"}, "reads as a filter"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    client, house, fields, said
):
    save_segment(house.desk, YOU, name="Open ones", text=EVERYBODY)
    wanted = {"name": "Fair", "text": "stage is new or tag is fair"} | fields
    sent = send(client, **wanted)
    assert sent.status_code == 422
    assert said in text_of(sent)
    assert f'value="{wanted["name"]}"' in text_of(sent)
    assert f"{wanted['text']}</textarea>" in text_of(sent)
    assert known(house) == [("Open ones", "live")]


def test_frozen_it_holds_who_was_in_it(client, house):
    path = send(client, name="Today", text=EVERYBODY, kind="frozen").location
    create_lead(house.desk, YOU, "new@later.example", "Late Comer")
    page = seen(client.get(path))
    assert "3 people would get mail" in page
    assert "Late Comer" not in page
    send(client, path, text=EVERYBODY)
    assert "Late Comer" in seen(client.get(path))


def test_removed_it_is_out_of_the_list(client, house):
    path = send(client, name="Open ones", text=EVERYBODY).location
    data = hidden_fields(text_of(client.get(path)), f"{path}/remove")
    sent = client.post(f"{path}/remove", data=data)
    assert "Open ones is removed." in seen(client.get(sent.location))
    assert known(house) == []
    assert client.get(path).status_code == 404


EVIL = "<script>alert(1)</script>"


def test_hostile_names_and_filters_are_words(client, house):
    path = send(client, name=EVIL, text=f'organization is "{EVIL}"').location
    pages = [client.get("/segments"), client.get(path), client.get("/cadences/new")]
    pages += [send(client, do="look", text=EVIL), send(client, name=EVIL, text=EVIL)]
    assert "<script>alert" not in "".join(map(text_of, pages))


def test_pages_ask_a_fixed_number_of_questions(client, house):
    path = send(client, name="Open ones", text=EVERYBODY).location

    def questions() -> list[int]:
        found = []
        for one in ("/segments", path, "/segments/new", "/suppression"):
            with statements_seen() as asked:
                assert client.get(one).status_code == 200
            found.append(len([it for it in asked if it.lstrip().upper().startswith("SELECT")]))
        return found

    few = questions()
    for number in range(30):
        create_lead(house.desk, YOU, f"guest{number}@hotel{number}.example", f"Guest {number}")
        save_segment(house.desk, YOU, name=f"More {number}", text=EVERYBODY)
    assert questions() == few


# --- suppression ---------------------------------------------------------------------


def enter(client, subject: str, path: str = "/suppression"):
    page = text_of(client.get("/suppression"))
    return client.post(path, data=hidden_fields(page, path) | {"subject": subject})


def test_an_address_and_a_domain_are_entered_and_taken_off(client, house):
    assert "Nobody is on the list" in seen(client.get("/suppression"))
    enter(client, "Carol@Firm.example")
    enter(client, "hotel.example")
    page = seen(client.get("/suppression"))
    assert "carol@firm.example entered by hand by you" in page
    assert "everybody at hotel.example" in page
    assert "hotel.example" not in seen(client.get("/suppression?find=carol"))
    assert "Nothing on the list begins so." in seen(client.get("/suppression?find=%25"))
    sent = enter(client, "carol@firm.example", "/suppression/release")
    assert "may be written to again" in seen(client.get(sent.location))
    assert [one.subject for one in suppressed(house.desk, YOU)] == ["hotel.example"]


def test_what_is_no_address_is_said_beside_the_field(client, house):
    sent = enter(client, "carol at firm")
    assert sent.status_code == 422
    page = text_of(sent)
    assert "is neither a mail address nor a domain" in page
    assert 'value="carol at firm"' in page
    assert suppressed(house.desk, YOU) == []


def test_a_long_list_is_paged(client, house):
    from inboxcrm.services.suppressions import suppress

    for number in range(ON_A_PAGE + 5):
        suppress(house.desk, YOU, f"person{number}@firm.example")
    first = text_of(client.get("/suppression"))
    second = text_of(client.get(re.search(r'href="(/suppression\?after=[^"]+)"', first)[1]))
    found = [set(re.findall(r"person\d+@firm", page)) for page in (first, second)]
    assert (len(found[0]), len(found[1])) == (ON_A_PAGE, 5)
    assert not found[0] & found[1]
