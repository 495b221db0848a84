"""Once more, on the pages: what would go and what speaks against it, a button only there, and pressed twice it goes once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.services.cadences import start
from inboxcrm.services.suppressions import suppress
from inboxcrm.store.tables import cadence, enrollment, outbox, template_version
from tests.web.house import YOU, House, hidden_fields
from tests.web.merging import a_merge, a_template, may_send, put, seen, text_of

INES = "Ines Duarte"


@pytest.fixture
def house(house: House) -> House:
    may_send(house)
    a_template(house, subject="A word, {{ first_name }}")
    a_merge(house)
    start(house.desk, YOU, "Autumn")
    return house


def done(house: House, state: OutboxState = OutboxState.SENT) -> str:
    """The path of Ines' mail, which came to that end, and she with it to the cadence's."""
    path = put(house, INES, state)
    with house.database.write() as tx:
        tx.execute(update(enrollment).values(state="finished"))
    return path


def resends(house: House) -> list:
    with house.database.read() as tx:
        return list(tx.execute(select(outbox).where(outbox.c.resend > 0)).all())


def press(client, path: str, **fields):
    page = text_of(client.get(f"{path}/resend"))
    return client.post(f"{path}/resend", data=hidden_fields(page, f"{path}/resend") | fields)


def test_from_the_mails_page_it_takes_a_look_and_a_click(client, house):
    path = done(house)
    assert f'href="{path}/resend"' in text_of(client.get(path))
    look = seen(client.get(f"{path}/resend"))
    assert "Once more to Ines Duarte" in look
    assert "They got it on 14 May. They get it a second time, because you want it so." in look
    assert "A word, Ines" in look
    assert "Good day Ines" in look
    assert resends(house) == [], "a look writes nothing"
    answer = press(client, path)
    assert answer.status_code == 303
    (made,) = resends(house)
    assert (made.state, made.resent_by, made.resend) == ("planned", YOU.account_id, 1)
    page = seen(client.get(answer.location))
    assert "Planned once more. It goes by its rules." in page
    assert re.search(r"This mail repeats the one of .*, which is sent\.", page)
    assert "asked to have it sent once more. It repeats the mail of 14 May." in page
    first = seen(client.get(path))
    assert re.search(r"Sent once more , as You wanted: waits\.", first)


def test_sent_twice_the_form_makes_one_mail(client, house):
    path = done(house)
    page = text_of(client.get(f"{path}/resend"))
    data = hidden_fields(page, f"{path}/resend")
    answers = {client.post(f"{path}/resend", data=data).location for _ in range(3)}
    assert (len(answers), len(resends(house))) == (1, 1)
    other = client.post(f"{path}/resend", data=data | {"idempotency_key": "another"})
    assert other.status_code == 409
    assert "This step is on its way to them already." in seen(other)
    assert len(resends(house)) == 1


def test_a_press_is_taken_back_on_its_page(client, house):
    mine = press(client, done(house)).location
    page = text_of(client.get(mine))
    answer = client.post(f"{mine}/call-off", data=hidden_fields(page, f"{mine}/call-off"))
    assert (answer.status_code, answer.location) == (303, mine)
    (made,) = resends(house)
    assert made.state == "cancelled"
    page = client.get(mine)
    assert "Taken back: it does not go." in seen(page)
    assert "call-off" not in text_of(page)
    late = client.post(f"{mine}/call-off", data={"csrf_token": csrf(client)})
    assert late.status_code == 409


def test_of_an_unconfirmed_mail_it_is_said_plainly_that_it_may_double(client, house):
    path = done(house, OutboxState.UNCONFIRMED)
    assert f'href="{path}/resend"' in text_of(client.get("/outbox"))
    look = seen(client.get(f"{path}/resend"))
    assert (
        "Nobody could tell whether the mail of 14 May went. If it did, they get it twice." in look
    )
    assert "Send it once more, though it may double" in look
    assert press(client, path).status_code == 303


@pytest.mark.parametrize("state", [OutboxState.PLANNED, OutboxState.UNKNOWN, OutboxState.SKIPPED])
def test_what_is_on_its_way_has_no_such_button(client, house, state):
    path = put(house, INES, state)
    assert f'href="{path}/resend"' not in text_of(client.get(path))
    page = client.get(f"{path}/resend")
    assert "Send it once more</button>" not in text_of(page)
    data = {"csrf_token": csrf(client), "idempotency_key": "x"}
    assert client.post(f"{path}/resend", data=data).status_code == 409
    assert resends(house) == []


def csrf(client) -> str:
    page = text_of(client.get("/cadences/new"))
    return hidden_fields(page, "/cadences/new")["csrf_token"]


def test_whoever_is_suppressed_is_said_to_be_so_and_nothing_is_made(client, house):
    path = done(house)
    suppress(house.desk, YOU, "ines@mares.example", source="test")
    page = seen(client.get(f"{path}/resend"))
    assert "ines@mares.example is suppressed" in page
    assert "Good day Ines" not in page


def test_hostile_words_stay_words(client, house):
    path = done(house)
    hostile = "<script>alert(1)</script> {{ 7 * 7 }} \u202egnp.exe"
    with house.database.write() as tx:
        tx.execute(
            update(template_version).values(subject="{{ '<b>' }}x", text="<i>{{ 6 * 7 }}</i>")
        )
        tx.execute(update(cadence).values(name=hostile))
    for page in (f"{path}/resend", path):
        text = text_of(client.get(page))
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }} " in text
    for bad in ("0", "x" * 2_000, "%00"):
        assert client.get(f"/cadences/x/mails/{bad}/resend").status_code == 404


def test_somebody_who_may_not_send_from_it_has_no_button_and_no_way(house, bea):
    path = done(house)
    with house.database.write() as tx:
        from inboxcrm.store.tables import mailbox

        tx.execute(update(mailbox).values(owner_id=1, visibility="private"))
    assert f'href="{path}/resend"' not in text_of(bea.get(path))
    assert "You may not send from its mailbox." in seen(bea.get(f"{path}/resend"))
    assert bea.post(f"{path}/resend", data={"csrf_token": csrf(bea)}).status_code == 403
    assert resends(house) == []
