"""The editor of templates: problems at their line beside the field, a mail before it is saved, versions that stay."""

from __future__ import annotations

import re

import pytest

from inboxcrm.services.templates import templates
from tests.statements import statements_seen
from tests.web.house import YOU, House, hidden_fields, walk_in
from tests.web.merging import a_template, seen, text_of

GOOD = {
    "name": "First touch",
    "subject": "A word, {{ first_name }}",
    "text": "Good day {{ first_name }},\n\nat {{ organization }} let me know if you'd rather not hear from me.",
    "html": "",
}


def send(client, path="/templates/new", do="save", **fields):
    data = hidden_fields(text_of(client.get(path)), path)
    return client.post(path, data=data | {"do": do} | fields)


def saved(house: House) -> list[tuple[str, int]]:
    return [(one.name, one.number) for one in templates(house.desk, YOU)]


def test_without_templates_the_page_says_what_one_is(empty_house):
    page = text_of(walk_in(empty_house.app().test_client()).get("/templates"))
    assert "There is no template yet" in page
    assert 'href="/templates/new"' in page


def test_a_template_is_written_and_saved(client, house):
    sent = send(client, **GOOD, **{"fallback.organization": "your firm"})
    assert sent.status_code == 303
    page = text_of(client.get(sent.location))
    assert "Saved as version 1." in page
    assert (
        'name="fallback.organization" maxlength="500" autocomplete="off" value="your firm"' in page
    )
    assert "First touch version 1" in seen(client.get("/templates")).replace(
        "A word, {{ first_name }} ", ""
    )


def test_every_variable_stands_there_with_its_sentence(client):
    page = seen(client.get("/templates/new"))
    assert "{{ first_name }} What the lead is called: the first word of their name." in page
    assert "{{ signature }}" in page


def test_problems_are_said_at_their_line_beside_the_field_and_nothing_is_lost(client, house):
    text = "Hello,\n\nDear {{ frist_name }},\n{{ 9**9 }}"
    sent = send(client, **GOOD | {"text": text, "subject": " "}, **{"fallback.phone": "none"})
    assert sent.status_code == 422
    page = text_of(sent)
    assert "Line 3, column" in page
    assert "did you mean first_name?" in page
    assert "<code>Dear {{ frist_name }},</code>" in page
    assert "Line 4, column" in page
    assert "The mail has no subject." in page
    assert text in page
    assert 'value="none"' in page
    assert 'aria-describedby="flaw-text"' in page
    assert saved(house) == []


def test_a_check_shows_warnings_and_the_mail_of_a_lead_and_saves_nothing(client, house):
    page = seen(send(client, do="try", **GOOD | {"text": "Hello {{ first_name }}", "lead": "bob"}))
    assert "What Bob Tanaka would get" in page
    assert "A word, Bob" in page
    assert "Nothing says how to hear no more of this" in page
    assert saved(house) == []


def test_a_check_says_who_would_get_no_mail(client):
    page = seen(send(client, do="try", **GOOD | {"text": "{{ phone }}", "lead": "bob"}))
    assert "No mail: phone is blank, and the template has no fallback." in page
    page = seen(send(client, do="try", **GOOD | {"lead": "nobody at all"}))
    assert "No lead is called that." in page


def test_saving_makes_a_new_version_and_the_old_one_stays_to_be_read(client, house):
    path = send(client, **GOOD).location
    sent = send(client, path, **GOOD | {"subject": "Another word"})
    assert sent.location == path
    assert saved(house) == [("First touch", 2)]
    page = text_of(client.get(path))
    old = re.findall(r'href="(/templates/versions/[^"]+)"', page)[-1]
    page = seen(client.get(old))
    assert "First touch, version 1" in page
    assert "A word, {{ first_name }}" in page
    assert "The newest is version 2." in page


def test_what_somebody_saved_meanwhile_is_not_passed_over(client, house):
    path = send(client, **GOOD).location
    data = hidden_fields(text_of(client.get(path)), path) | GOOD | {"do": "save", "subject": "Mine"}
    a_template(house, "First touch", subject="Theirs")
    sent = client.post(path, data=data)
    assert sent.status_code == 409
    page = text_of(sent)
    assert "saved version 2 while you wrote" in page
    assert 'value="Mine"' in page
    again = hidden_fields(page, path) | GOOD | {"do": "save", "subject": "Mine"}
    assert client.post(path, data=again).status_code == 303
    assert saved(house) == [("First touch", 3)]


@pytest.mark.parametrize(
    ("name", "said"), [("first  TOUCH", "already"), ("", "no name"), ("x" * 101, "too long")]
)
def test_a_name_that_cannot_be_is_said_beside_it(client, house, name, said):
    send(client, **GOOD)
    sent = send(client, **GOOD | {"name": name})
    assert sent.status_code == 422
    assert said in text_of(sent)
    assert saved(house) == [("First touch", 1)]


EVIL = "</textarea><script>alert(1)</script>"


def test_hostile_words_are_words(client, house):
    page = text_of(
        send(client, **GOOD | {"name": EVIL[:90], "subject": EVIL, "text": EVIL, "html": EVIL})
    )
    page += text_of(
        send(client, do="try", **GOOD | {"name": EVIL[:90], "subject": EVIL, "text": EVIL})
    )
    for path in (
        "/templates",
        *re.findall(r'href="(/templates/[^"]+)"', text_of(client.get("/templates"))),
    ):
        page += text_of(client.get(path))
    assert "<script>alert" not in page


def test_made_up_ids_are_no_templates(client):
    for path in ("/templates/x", "/templates/versions/x"):
        assert client.get(path).status_code == 404


def test_pages_ask_a_fixed_number_of_questions(client, house):
    path = send(client, **GOOD).location

    def questions() -> list[int]:
        found = []
        for one in ("/templates", path, "/templates/new"):
            with statements_seen() as asked:
                assert client.get(one).status_code == 200
            found.append(len([it for it in asked if it.lstrip().upper().startswith("SELECT")]))
        return found

    few = questions()
    for number in range(20):
        a_template(house, f"More {number}")
        a_template(house, "First touch", subject=f"Version {number}")
    assert questions() == few
