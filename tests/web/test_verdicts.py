"""What a mail was taken for stands on the open mail with what it rests on, and one button corrects it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from inboxcrm.store.tables import message, message_verdict
from tests.web.house import House, hidden_fields, path_of
from tests.web.merging import seen, text_of

INES = "Demo next week?"


def message_of(page: str) -> str:
    return re.findall(r'action="/messages/([^/"]+)/verdict"', page)[-1]


def say(client, path: str, said: str, **fields):
    page = text_of(client.get(path))
    action = f"/messages/{message_of(page)}/verdict"
    return client.post(action, data=hidden_fields(page, action) | {"said": said} | fields)


def kinds(house: House) -> set[tuple[str, str]]:
    with house.database.read() as tx:
        wanted = select(message.c.kind, message.c.kind_rule).where(message.c.subject == INES)
        return {tuple(row) for row in tx.execute(wanted)}


def test_the_open_mail_says_what_it_was_taken_for_and_why(client, house):
    page = seen(client.get(path_of(client, INES)))
    assert "Taken for a person&#39;s answer From: Ines Duarte" in page.replace("’", "'")
    ours = text_of(client.get(path_of(client, "Security questionnaire")))
    assert "Taken for" not in ours


def test_one_button_corrects_it_and_another_takes_that_back(client, house):
    path = path_of(client, INES)
    answer = say(client, path, "automatic", back_on="2026-05-20")
    assert answer.status_code == 303
    assert answer.location.startswith(f"{path}#m-")
    assert kinds(house) == {("automatic", "overruled")}
    page = seen(client.get(path))
    assert "Taken for an automatic mail." in page
    assert "said so on 14 May 2026. By the rules: a person&#39;s answer ( From: Ines Duarte" in page
    say(client, path, "found")
    assert kinds(house) == {("human", "person")}
    assert "Before: " in seen(client.get(path))


def test_an_absence_takes_its_day_along(client, house):
    path = path_of(client, INES)
    say(client, path, "absence", back_on="2026-05-20")
    with house.database.read() as tx:
        assert tx.execute(select(message_verdict.c.back_on)).scalar_one() == "2026-05-20"
    assert say(client, path, "absence", back_on="never").status_code == 422


@pytest.mark.parametrize("said", ["", "x" * 5_000, "<script>", "opt_out\r\n", "FOUND"])
def test_what_is_no_word_is_refused_and_changes_nothing(client, house, said):
    path = path_of(client, INES)
    assert say(client, path, said).status_code == 422
    assert kinds(house) == {("human", "person")}


def test_a_made_up_mail_a_stranger_and_a_form_without_its_token_are_turned_away(
    client, stranger, house
):
    path = path_of(client, INES)
    page = text_of(client.get(path))
    action = f"/messages/{message_of(page)}/verdict"
    fields = hidden_fields(page, action) | {"said": "bulk"}
    assert client.post("/messages/made-up/verdict", data=fields).status_code == 404
    assert client.post(action, data=fields | {"csrf_token": "x"}).status_code == 403
    assert stranger.post(action, data=fields).status_code in {303, 403}
    assert kinds(house) == {("human", "person")}


def test_the_same_form_sent_twice_is_one_word(client, house):
    path = path_of(client, INES)
    page = text_of(client.get(path))
    action = f"/messages/{message_of(page)}/verdict"
    fields = hidden_fields(page, action) | {"said": "bulk"}
    assert [client.post(action, data=fields).status_code for _ in range(2)] == [303, 303]
    with house.database.read() as tx:
        assert len(tx.execute(select(message_verdict.c.id)).all()) == 1


def test_evidence_of_strangers_is_told_as_text(client, house):
    house.deliver(
        "<script>alert(1)</script>\u202eeve eve@shop.example", "Hostile", text="{{ 7*7 }}", hours_ago=1
    )  # fmt: skip
    house.sync()
    page = text_of(client.get(path_of(client, "Hostile")))
    assert "<script>alert" not in page
    assert "\u202e" not in page
