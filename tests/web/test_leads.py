"""The list of leads, a lead's own page, and the search."""

from __future__ import annotations

import re

from inboxcrm.services.lead_fields import edit_lead
from inboxcrm.store.accounts import insert_account
from tests.web.house import YOU, hidden_fields


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def names(page: str) -> list[str]:
    return re.findall(r'<td class="c-name"><a href="[^"]+"><bdi>([^<]+)</bdi>', page)


def lead_path(client, name: str) -> str:
    return re.search(rf'<a href="(/leads/[^"]+)"><bdi>{name}', text_of(client.get("/leads")))[1]


def test_leads_are_listed_with_their_newest_sign_of_life_first(client):
    page = text_of(client.get("/leads"))
    assert names(page) == ["Ines Duarte", "Bob Tanaka", "Oskar Lind"]
    assert "3 leads" in page


def test_leads_can_be_narrowed_to_those_who_wait(client):
    assert names(text_of(client.get("/leads?owes=us"))) == ["Ines Duarte", "Bob Tanaka"]
    assert names(text_of(client.get("/leads?owes=them"))) == ["Oskar Lind"]
    assert names(text_of(client.get("/leads?stage=new"))) == [
        "Ines Duarte",
        "Bob Tanaka",
        "Oskar Lind",
    ]
    assert "None like that" in text_of(client.get("/leads?stage=won"))


def test_every_lead_says_whose_it_is(house, client):
    people = {name: lead_path(client, name).rpartition("/")[2] for name in ("Bob Tanaka", "Oskar")}
    with house.database.write() as tx:
        bea = insert_account(tx, name="Bea <b>Rusk", role="rep", address="bea", created_at=0)
    for name, owner in (("Bob Tanaka", house.desk.ids.seal("account", bea)), ("Oskar", "me")):
        edit_lead(house.desk, YOU, people[name], version=1, changes={"owner": owner})
    page = text_of(client.get("/leads"))
    owners = re.findall(r'<td class="c-owner cut (\w+)"[^>]*><bdi>([^<]*)</bdi>', page)
    assert owners == [("faint", "nobody"), ("soft", "Bea &lt;b&gt;Rusk"), ("soft", "You")]
    assert names(page) == ["Ines Duarte", "Bob Tanaka", "Oskar Lind"], "in the order they had"


def test_a_leads_page_shows_its_whole_past(client):
    page = text_of(client.get(lead_path(client, "Bob Tanaka")))
    assert "Hello, we saw your talk." in page
    assert "Could you send the quote by Friday?" in page
    assert "Kitaura" in page


def test_a_change_on_a_leads_page_leads_back_to_it(client):
    path = lead_path(client, "Bob Tanaka")
    action = f"{path}/notes"
    data = hidden_fields(text_of(client.get(path)), action) | {"text": "Met at the fair."}
    answer = client.post(action, data=data)
    assert (answer.status_code, answer.location) == (303, path)
    page = text_of(client.get(path))
    assert "Met at the fair." in page
    assert "Note saved" in page
    assert "Note saved" not in text_of(client.get(path)), "a toast is shown once"


def test_every_open_task_stands_on_the_leads_page(client):
    path = lead_path(client, "Bob Tanaka")
    action = f"{path}/tasks"
    for title in ("Send quote", "Call Carla"):
        client.post(
            action, data=hidden_fields(text_of(client.get(path)), action) | {"title": title}
        )
    page = text_of(client.get(path))
    tasks = page[page.index('aria-label="Tasks"') : page.index('aria-label="Details"')]
    assert "Send quote" in tasks
    assert "Call Carla" in tasks


def test_search_finds_leads_and_mail(client):
    page = text_of(client.get("/search?q=tanaka"))
    assert names(page) == ["Bob Tanaka"]
    page = text_of(client.get("/search?q=Lisbon"))
    assert "Demo next week?" in page


def test_a_search_without_hits_says_so(client):
    assert "Nothing found for" in text_of(client.get("/search?q=zzzzqqq"))
    assert "Search leads and mail" in text_of(client.get("/search?q="))


def test_a_search_may_hold_anything(client):
    for words in (
        '"',
        "*",
        "a OR",
        "NEAR(",
        "'); DROP TABLE lead;--",
        "\x00",
        "x" * 5000,
        "漢字",
        "<script>",
    ):
        answer = client.get("/search", query_string={"q": words})
        assert answer.status_code == 200, words
        assert "<script>" not in text_of(answer)
