"""An answer is marked with one press where it is read: on the open mail, on the lead's timeline, beside the cadence's mail."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import answer_mark, lead, outbox
from tests.web.house import House, hidden_fields, path_of
from tests.web.merging import a_running_merge, put, ready, seen, text_of

ANSWER = "Yes please"


@pytest.fixture
def mail(house: House) -> str:
    """Ines answered a mail of a cadence; its path."""
    a_running_merge(ready(house))
    path = put(house, "Ines Duarte", OutboxState.SENT)
    with house.database.write() as tx:
        left = to_ms(house.clock.now()) - 90 * 60_000
        tx.execute(update(outbox).where(outbox.c.state == "sent").values(handed_over_at=left))
    house.deliver("Ines Duarte ines@mares.example", ANSWER, text="When can we start?", hours_ago=1)
    house.sync()
    return path


def lead_path(house: House) -> str:
    with house.database.read() as tx:
        number = tx.execute(select(lead.c.id).where(lead.c.name == "Ines Duarte")).scalar_one()
    return f"/leads/{house.desk.ids.seal('lead', number)}"


def held(house: House) -> list[str]:
    with house.database.read() as tx:
        wanted = select(answer_mark.c.mark).where(answer_mark.c.replaced_at.is_(None))
        return list(tx.execute(wanted).scalars())


def press(client, path: str, mark: str):
    page = text_of(client.get(path))
    action = re.search(r'action="(/messages/[^/"]+/mark)"', page)[1]
    return client.post(action, data=hidden_fields(page, action) | {"mark": mark})


def test_one_press_marks_it_wherever_it_is_read_and_leads_back(client, house, mail):
    for path in (path_of(client, ANSWER), lead_path(house), mail):
        answer = press(client, path, "positive")
        assert answer.status_code == 303
        assert answer.location.split("#")[0] == path
        assert held(house) == ["positive"]
        page = text_of(client.get(path))
        assert 'value="positive" aria-pressed="true"' in page
        assert "No mark" in page
        press(client, path, "none")
        assert held(house) == []
        assert "No mark" not in text_of(client.get(path))


def test_the_timeline_and_the_report_tell_of_it(client, house, mail):
    press(client, mail, "positive")
    assert "is marked as positive" in seen(client.get(lead_path(house)))
    assert "is marked as positive" in seen(client.get(f"{lead_path(house)}?kind=change"))
    page = text_of(client.get("/cadences/reports"))
    link = re.search(r'href="(/cadences/reports/positive[^"]*)"', page)[1].replace("&amp;", "&")
    assert "Ines Duarte" in seen(client.get(link))
    assert "The share is of leads who replied." in seen(client.get("/cadences/reports"))


def test_a_mail_that_answers_no_cadence_has_no_such_buttons(client, house, mail):
    assert "/mark" not in text_of(client.get(path_of(client, "Security questionnaire")))
    assert text_of(client.get(lead_path(house))).count('/mark"') == 1


@pytest.mark.parametrize("mark", ["", "x" * 5_000, "<script>", "POSITIVE", "positive\r\n"])
def test_what_is_no_mark_is_refused_and_changes_nothing(client, house, mail, mark):
    assert press(client, mail, mark).status_code == 422
    assert held(house) == []


def test_made_up_mail_strangers_and_forms_without_a_token_are_turned_away(
    client, stranger, house, mail
):
    page = text_of(client.get(mail))
    action = re.search(r'action="(/messages/[^/"]+/mark)"', page)[1]
    fields = hidden_fields(page, action) | {"mark": "positive"}
    assert client.post("/messages/made-up/mark", data=fields).status_code == 404
    assert client.post(action, data=fields | {"csrf_token": "x"}).status_code == 403
    assert stranger.post(action, data=fields).status_code in {303, 403}
    assert held(house) == []
    for back in (
        {"lead": "//evil.example"},
        {"thread": "https://evil.example"},
        {"cadence": "..", "mail": "//x"},
    ):
        answer = client.post(
            action, data={"csrf_token": fields["csrf_token"], "mark": "neutral"} | back
        )
        assert answer.status_code == 303
        assert answer.location.startswith(("/leads/", "/threads/", "/cadences/"))


def test_the_same_form_sent_twice_is_one_mark(client, house, mail):
    page = text_of(client.get(mail))
    action = re.search(r'action="(/messages/[^/"]+/mark)"', page)[1]
    fields = hidden_fields(page, action) | {"mark": "negative"}
    assert [client.post(action, data=fields).status_code for _ in range(2)] == [303, 303]
    with house.database.read() as tx:
        assert len(tx.execute(select(answer_mark.c.id)).all()) == 1
