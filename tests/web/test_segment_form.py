"""A segment made in a form, without script: rows and groups are added, filled in, taken out, looked at and saved."""

from __future__ import annotations

import html
import re

import pytest

from inboxcrm.leads.segments import MAX_LEAVES, MAX_VALUE_LENGTH
from inboxcrm.services.segments import save_segment, segments
from tests.web.house import YOU, House
from tests.web.merging import EVERYBODY, seen, text_of

Fields = list[tuple[str, str]]


def fields_of(page: str) -> Fields:
    """What a browser would send of the page's form, in its order."""
    form = re.search(r'<form[^>]*id="segment-form">(.*?)</form>', page, re.DOTALL)[1]
    found: Fields = []
    for tag, attributes, inner in re.findall(
        r"<(input|select|textarea)\b([^>]*)>(?:(.*?)</\1>)?", form, re.DOTALL
    ):
        name = re.search(r'name="([^"]+)"', attributes)
        if name is None:
            continue
        value = re.search(r'value="([^"]*)"', attributes)
        if tag == "select":
            chosen = re.search(r'<option value="([^"]*)" selected', inner)
            first = re.search(r'<option value="([^"]*)"', inner)
            found.append((name[1], (chosen or first)[1]))
        elif tag == "textarea":
            found.append((name[1], html.unescape(inner)))
        elif 'type="checkbox"' in attributes or 'type="radio"' in attributes:
            if "checked" in attributes:
                found.append((name[1], html.unescape(value[1])))
        else:
            found.append((name[1], html.unescape(value[1]) if value else ""))
    return found


class Visit:
    """One page with its form; every click sends all of it."""

    def __init__(self, client, path: str = "/segments/new") -> None:
        self.client, self.path = client, path
        self.answer = client.get(path)
        self.fields = fields_of(self.page)

    @property
    def page(self) -> str:
        return text_of(self.answer)

    def write(self, text: str) -> None:
        """As text, and then to the form where it can be read."""
        if self.value("by") != ["text"]:
            self.click("text")
        assert self.value("by") == ["text"]
        self.fill("text", text)
        self.click("form")

    def fill(self, name: str, *values: str) -> None:
        """Instead of what stood there."""
        kept = [one for one in self.fields if one[0] != name]
        self.fields = kept + [(name, value) for value in values]

    def click(self, do: str) -> None:
        sent: dict[str, list[str]] = {}
        for name, value in [*self.fields, ("do", do)]:
            sent.setdefault(name, []).append(value)
        self.answer = self.client.post(self.path, data=sent)
        if self.answer.status_code == 303:
            self.path = self.answer.location
            self.answer = self.client.get(self.path)
        self.fields = fields_of(self.page)

    def add(self, field: str, group: str = "q") -> None:
        self.fill(f"{group}.new", field)
        self.click(f"add:{group}")

    def value(self, name: str) -> list[str]:
        return [value for one, value in self.fields if one == name]


def texts(house: House) -> list[str]:
    return [one.text for one in segments(house.desk, YOU)]


def test_a_segment_is_put_together_looked_at_and_saved(client, house):
    visit = Visit(client)
    visit.add("stage_kind")
    visit.fill("q.0.value", "open")
    visit.click("group:q")
    visit.add("name", "q.1")
    visit.fill("q.1.0.value", "tanaka")
    visit.add("last_in", "q.1")
    visit.fill("q.1.1.value", "30")
    assert texts(house) == []
    visit.click("look")
    assert "would get mail" in seen(visit.answer)
    assert (
        "Leads whose stage is Open, and (whose name contains “tanaka”"
        " or whose last mail from them was less than 30 days ago)." in seen(visit.answer)
    )
    visit.fill("name", "In talks")
    visit.click("save")
    assert "In talks is saved." in visit.page
    assert texts(house) == [
        "stage_kind is open and (name contains tanaka or last_in within 30 days)"
    ]


def test_a_saved_segment_stands_in_the_form_as_it_was_made(client, house):
    text = 'tag any of (fair, "a b") and not name contains x and not (phone is set or owes is us)'
    save_segment(house.desk, YOU, name="Fair", text=text)
    visit = Visit(client, "/segments/" + segments(house.desk, YOU)[0].id)
    assert visit.value("q.0.value") == ["fair", "a b", ""]
    assert visit.value("q.1.op") == ["not contains"]
    assert visit.value("q.2.join") == ["none"]
    visit.click("save")
    assert texts(house) == [text]


def test_what_is_taken_out_is_gone_and_the_rest_stays(client, house):
    visit = Visit(client)
    for field, value in (("name", "a"), ("source", "b"), ("organization", "c")):
        visit.add(field)
        number = len([one for one in visit.fields if one[0].endswith(".field")]) - 1
        visit.fill(f"q.{number}.value", value)
    visit.click("drop:q.1")
    assert [visit.value(f"q.{number}.value") for number in (0, 1, 2)] == [["a"], ["c"], []]
    visit.fill("q.join", "any")
    visit.click("text")
    assert visit.value("text") == ["name contains a or organization contains c"]


def test_form_and_text_say_the_same_and_turn_into_each_other(client, house):
    visit = Visit(client)
    visit.write("stage_kind is won or not last_out older than 9 days")
    assert visit.value("q.0.value") == ["won"]
    assert visit.value("q.1.join") == ["none"]
    assert visit.value("q.1.0.value") == ["9"]
    visit.click("text")
    assert visit.value("text") == ["stage_kind is won or not last_out older than 9 days"]


def test_a_tree_written_as_json_is_shown_in_the_form_too(client, house):
    visit = Visit(client)
    visit.write('{"any": [{"field": "phone", "op": "is set"}, {"not": []}]}')
    assert visit.value("by") == ["text"], "none of nothing cannot be read"
    visit.write('{"any": [{"field": "phone", "op": "is set"}]}')
    assert visit.value("q.0.field") == ["phone"]


def test_text_that_cannot_be_read_stays_text(client, house):
    visit = Visit(client)
    visit.write("stge is new")
    assert visit.value("by") == ["text"]
    assert visit.value("text") == ["stge is new"]
    assert "column 1" in visit.page
    assert "column 1" in text_of(client.get("/segments/new?text=stge+is+new"))


@pytest.mark.parametrize("do", ["look", "save", "text"])
def test_what_is_missing_is_said_at_its_row_and_what_was_typed_stays(client, house, do):
    visit = Visit(client)
    visit.fill("name", "Fair")
    visit.add("name")
    visit.fill("q.0.value", "tanaka")
    visit.add("last_in")
    visit.fill("q.1.value", "soon")
    visit.click("group:q")
    visit.click(do)
    assert visit.answer.status_code == (422 if do == "save" else 200)
    assert visit.value("q.0.value") == ["tanaka"]
    assert visit.value("q.1.value") == ["soon"]
    page = html.unescape(seen(visit.answer))
    assert '"soon" is no number of days' in page
    assert 'id="wrong-q.1"' in visit.page
    assert 'id="wrong-q.0"' not in visit.page
    assert "Nothing is asked for here yet; add a condition." in page
    assert texts(house) == []


def test_a_form_that_asks_for_nothing_is_not_everybody(client, house):
    visit = Visit(client)
    visit.fill("name", "Nobody")
    visit.click("save")
    assert visit.answer.status_code == 422
    assert texts(house) == []
    visit.add("everyone")
    visit.click("save")
    assert texts(house) == ["everyone"]


def test_the_form_stays_when_the_name_is_wrong(client, house):
    save_segment(house.desk, YOU, name="Open ones", text=EVERYBODY)
    visit = Visit(client)
    visit.fill("name", "open ONES")
    visit.add("phone")
    visit.click("save")
    assert visit.answer.status_code == 422
    assert visit.value("q.0.field") == ["phone"]
    assert "already" in visit.page


def test_a_page_asked_for_with_a_filter_shows_it_in_the_form(client, house):
    visit = Visit(client, "/segments/new?text=phone+is+set")
    assert visit.value("q.0.field") == ["phone"]
    assert "would get mail" in visit.page or "Nobody is in it now." in visit.page


def test_with_script_a_button_brings_the_form_alone_and_a_look_the_look_alone(client, house):
    visit = Visit(client)
    script = {"HX-Request": "true"}
    sent = dict(visit.fields) | {"q.new": "phone", "do": "add:q"}
    page = text_of(client.post(visit.path, data=sent, headers=script))
    assert page.lstrip().startswith('<div class="asked"')
    assert 'name="q.0.field" value="phone"' in page
    assert "autofocus" in page
    sent = dict(visit.fields) | {"q.0.field": "phone", "q.0.op": "is set", "do": "look"}
    page = text_of(client.post(visit.path, data=sent, headers=script))
    assert 'class="asked"' not in page
    assert "Leads who have a phone number." in page


EVIL = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "sent",
    [
        {"q.0.field": "name", "q.0.op": "is", "q.0.value": EVIL},
        {"q.0.field": EVIL, "q.0.op": EVIL, "q.0.value": EVIL},
        {"q.0.field": "name", "q.0.op": "is", "q.0.value": "x" * (MAX_VALUE_LENGTH + 9)},
        {"q.0.field": "tag", "q.0.op": "is", "q.0.value": [f"t{number}" for number in range(900)]},
        {"q.join": EVIL, "q.0.join": "all", "q.0.0.0.0.field": "phone"},
        {"q.new": EVIL, "do": "add:q"},
        {"do": f"add:{EVIL}"},
        {"do": "add:q.7.7", "q.7.7.new": "phone"},
        {"do": "drop:q"},
        {"do": "drop:q.999.1"},
        {"do": "group:" + "q" + ".0" * 500},
        {"q" + ".0" * 400 + ".field": "phone"},
        {".".join(["q", *"0" * depth, "join"]): "all" for depth in range(60)},
        {f"q.{number}.field": "phone" for number in range(999)},
        {"q.٣.field": "phone", "q.0x1.field": "phone", "q..field": "phone"},
        {"q.0.field": "cadence:", "q.0.op": "is", "q.0.value": "active"},
        {"q.0.field": "name\x00", "q.0.op": "is\x00", "q.0.value": "\x00"},
    ],
)
@pytest.mark.parametrize("do", ["look", "save", "text", "add:q"])
def test_whatever_is_sent_gets_an_answer_and_runs_nothing(client, house, sent, do):
    visit = Visit(client)
    answer = client.post(visit.path, data=dict(visit.fields) | {"name": "Fair", "do": do, **sent})
    assert answer.status_code in {200, 303, 422}
    assert "<script>alert" not in text_of(answer)


def test_no_more_rows_are_offered_than_a_segment_takes(client, house):
    visit = Visit(client)
    for number in range(MAX_LEAVES):
        visit.fields += [(f"q.{number}.field", "phone"), (f"q.{number}.op", "is set")]
    visit.click("redraw:q.0")
    assert 'value="add:q"' not in visit.page
    visit.click("drop:q.5")
    assert 'value="add:q"' in visit.page
    assert len([one for one in visit.fields if one[0].endswith(".field")]) == MAX_LEAVES - 1
