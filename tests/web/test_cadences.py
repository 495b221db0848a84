"""Cadences by their pages: made, looked at, started by typing the number, paused, cancelled, and each mail's story."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.services.cadences import start
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.segments import save_segment
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import cadence, mailbox, outbox
from inboxcrm.views.leads import lead_list
from tests.statements import statements_seen
from tests.web.house import YOU, House, hidden_fields, path_of, walk_in
from tests.web.merging import (
    EVERYBODY,
    a_merge,
    a_running_merge,
    a_template,
    put,
    ready,
    seen,
    text_of,
)


@pytest.fixture
def house(house: House) -> House:
    return ready(house)


@pytest.fixture
def running(house: House) -> str:
    return a_running_merge(house)


def act(client, path: str, what: str, **fields):
    page = text_of(client.get(path))
    return client.post(f"{path}/{what}", data=hidden_fields(page, f"{path}/{what}") | fields)


def states(house: House) -> list[str]:
    with house.database.read() as tx:
        return list(tx.execute(select(outbox.c.state).order_by(outbox.c.id)).scalars())


# --- the list ----------------------------------------------------------------------


def test_without_cadences_the_page_says_what_to_do_first(empty_house):
    page = text_of(walk_in(empty_house.app().test_client()).get("/cadences"))
    assert "Nobody is being written to" in page
    for path in ("/templates/new", "/segments/new", "/cadences/new"):
        assert f'href="{path}"' in page


def test_the_list_says_who_is_written_to_in_words(client, house, running):
    put(house, "Ines Duarte", OutboxState.SENT)
    put(house, "Oskar Lind", OutboxState.UNCONFIRMED)
    page = seen(client.get("/cadences"))
    assert "Autumn running" in page
    assert "Leads whose stage is Open." in page
    assert re.search(r"Sent 1 +Waiting 1 +Need somebody 1", page)
    assert 'aria-current="page">Cadences' in text_of(client.get("/cadences"))


def test_a_saved_segment_is_called_by_its_name(client, house):
    save_segment(house.desk, YOU, name="Fair people", text=EVERYBODY)
    a_merge(house, segment="fair people")
    assert "Fair people" in seen(client.get("/cadences"))


# --- making one ----------------------------------------------------------------------


def make(client, path="/cadences/new", **fields):
    data = hidden_fields(text_of(client.get(path)), "/cadences/new")
    return client.post("/cadences/new", data=data | {"do": "make"} | fields)


WHOLE = {"template": "hello", "which": "written", "segment": EVERYBODY, "mailbox": "sales"}


def test_a_merge_is_made_and_nothing_is_sent_by_it(client, house):
    sent = make(client, **WHOLE)
    assert sent.status_code == 303
    page = seen(client.get(sent.location))
    assert "hello, 14 May 2026 not started" in page
    assert "Nothing was sent yet." in page
    assert states(house) == []


def test_from_a_segment_it_takes_a_template_and_one_click(client, house):
    save_segment(house.desk, YOU, name="Fair people", text=EVERYBODY)
    page = text_of(client.get("/cadences/new?segment=Fair+people"))
    for name, value in (("which", "Fair people"), ("template", "hello"), ("mailbox", "sales")):
        assert f'name="{name}" value="{value}" checked' in page
    assert "3 people</strong> would get mail" in page
    sent = make(client, template="hello", which="Fair people", segment="", mailbox="sales")
    assert "Fair people" in seen(client.get(sent.location))


def test_a_look_says_how_many_who_and_who_not(client):
    page = make(client, **WHOLE | {"do": "look"})
    assert "3 people would get mail" in seen(page)
    assert "Bob Tanaka" in seen(page)
    part = client.post(
        "/cadences/new",
        data=hidden_fields(text_of(client.get("/cadences/new")), "/cadences/new") | WHOLE,
        headers={"HX-Request": "true"},
    )
    assert "<html" not in text_of(part)
    assert "3 people would get mail" in seen(part)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"template": ""}, "Choose what they get."),
        ({"segment": "  "}, "Choose a segment, or write who it is."),
        ({"mailbox": ""}, "Choose the mailbox it goes from."),
        ({"mailbox": "elsewhere"}, "There is no mailbox"),
        ({"template": "gone"}, "There is no template"),
        ({"segment": "stge is new"}, "column 1"),
        ({"name": "x" * 200}, "too long"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client, house, wrong, said):
    sent = make(client, **WHOLE | {"name": "My fair <b>"} | wrong)
    assert sent.status_code == 422
    page = text_of(sent)
    assert said in page.replace("&#39;", "'")
    assert (
        'name="name" maxlength="80" autocomplete="off" value="'
        + wrong.get("name", "My fair &lt;b&gt;")
        in page
    )
    with house.database.read() as tx:
        assert tx.execute(select(cadence.c.id)).all() == []


def test_a_name_that_is_taken_is_said_beside_the_name(client, house):
    a_merge(house, "Autumn")
    sent = make(client, **WHOLE | {"name": "autumn"})
    assert sent.status_code == 422
    assert 'id="wrong-name"' in text_of(sent)


def test_made_twice_by_the_same_form_it_is_made_once(client, house):
    data = (
        hidden_fields(text_of(client.get("/cadences/new")), "/cadences/new")
        | WHOLE
        | {"do": "make"}
    )
    first, second = (client.post("/cadences/new", data=data) for _ in range(2))
    assert first.location == second.location
    assert len(seen(client.get("/cadences")).split("not started")) == 2


# --- one of them ------------------------------------------------------------------------


def test_a_draft_shows_what_whom_and_when(client, house):
    page = seen(client.get(a_merge(house)))
    assert "hello version 1" in page
    assert "Leads whose stage is Open." in page
    assert "3 people would get it now" in page
    assert "Mails go at any hour of any day." in page
    assert "At most 100 mails leave the mailbox in any 24 hours" in page
    assert page.count("Good day") == 3
    assert "Started now: 3 mails, on 14 May 2026." in page
    assert "3 people get a mail. Type that number to start." in page


def test_a_preview_of_one_lead_by_search(client, house):
    path = a_merge(house)
    page = text_of(client.get(f"{path}?lead=ines"))
    link = re.search(rf'href="({path}\?preview=[^#"]+)', page)[1]
    page = seen(client.get(link))
    assert "The mail of one lead" in page
    assert "Good day Ines" in page
    assert "Good day Bob" not in page


def test_html_is_shown_in_a_frame_without_scripts(client, house):
    a_template(house, "pretty", html="<p onclick='x()'>Hello {{ first_name }}<script>x()</script></p>".replace("<script>x()</script>", ""))  # fmt: skip
    path = a_merge(house, template="pretty")
    link = re.search(r'<iframe[^>]* src="([^"]+)"', text_of(client.get(path)))[1]
    frame = client.get(link)
    assert "onclick" not in text_of(frame)
    assert "<p>Hello" in text_of(frame)
    assert "sandbox" in frame.headers["Content-Security-Policy"]


def test_it_starts_for_whoever_types_the_number(client, house):
    path = a_merge(house)
    for typed, said in (
        ("", "in digits"),
        ("many", "in digits"),
        ("4", "3 people would get mail, not 4"),
    ):
        sent = act(client, path, "start", count=typed)
        assert sent.status_code in {409, 422}
        assert said in text_of(sent)
        assert f'value="{typed}"' in text_of(sent)
        assert states(house) == []
    sent = act(client, path, "start", count="3")
    assert (sent.status_code, sent.location) == (303, path)
    assert states(house) == ["planned"] * 3
    page = seen(client.get(path))
    assert "Started: 3 people are in." in page
    assert "Autumn running" in page


def test_paused_resumed_and_cancelled(client, house, running):
    assert "Paused." in seen(client.get(act(client, running, "pause").location))
    assert "Autumn paused" in seen(client.get(running))
    assert act(client, running, "resume").status_code == 303
    page = text_of(client.get(running))
    assert "A cancelled cadence cannot be resumed." in page
    assert "3 mails will not go" in seen(client.get(act(client, running, "cancel").location))
    assert states(house) == ["cancelled"] * 3
    page = text_of(client.get(running))
    assert "Cancel…" not in page
    assert "/start" not in page


def test_a_change_that_came_too_late_is_said_on_the_page(client, house, running):
    data = hidden_fields(text_of(client.get(running)), f"{running}/pause")
    act(client, running, "cancel")
    sent = client.post(f"{running}/pause", data=data)
    assert sent.status_code == 409
    assert "The cadence is cancelled." in text_of(sent)


def test_a_mailbox_that_may_not_send_is_told_before_the_start(client, house):
    path = a_merge(house)
    house.sync()
    with house.database.write() as tx:
        tx.execute(update(mailbox).values(scopes="[]"))
    page = text_of(client.get(path))
    assert "may be read, not sent from" in page
    assert 'href="/mailboxes">Allow sending' in page


def test_mails_by_state_and_by_page(client, house, running):
    put(house, "Ines Duarte", OutboxState.SENT, line="The provider took it.")
    page = seen(client.get(f"{running}?state=sent"))
    assert "The provider took it." in page
    assert "bob@kitaura.example" not in page
    assert "None of its mails stands there now." in seen(client.get(f"{running}?state=stopped"))
    assert client.get(f"{running}?state=nonsense&after=made-up").status_code == 200


def test_more_mails_than_a_page_are_paged_without_gap_or_repeat(client, house):
    for number in range(60):
        create_lead(house.desk, YOU, f"guest{number}@hotel{number}.example", f"Guest {number}")
    path = a_merge(house)
    start(house.desk, YOU, "Autumn")
    first = text_of(client.get(path))
    following = re.search(rf'href="({path}\?after=[^"#]+)', first)[1]
    second = text_of(client.get(following.replace("&amp;", "&")))
    found = [re.findall(r'href="(/cadences/[^"]+/mails/[^"]+)"', page) for page in (first, second)]
    assert (len(found[0]), len(found[1])) == (50, 13)
    assert len({*found[0], *found[1]}) == 63


# --- one mail ------------------------------------------------------------------------------


def test_a_mail_that_is_still_to_come_says_in_how_long(client, house, running):
    with house.database.write() as tx:
        tx.execute(update(outbox).values(due_at=to_ms(house.clock.now()) + 3 * 86_400_000))
    assert ">in 3 d</time>" in client.get(running).get_data(as_text=True)


def test_a_mail_that_waits_says_what_keeps_it(client, house, running):
    path = put(house, "Bob Tanaka", OutboxState.PLANNED)
    act(client, running, "pause")
    page = seen(client.get(path))
    assert "Mail to Bob Tanaka" in page
    assert "The cadence is paused." in page
    assert "So it is." in page


def test_a_person_says_what_became_of_an_unconfirmed_mail(client, house, running):
    path = put(house, "Bob Tanaka", OutboxState.UNCONFIRMED)
    assert "Nobody could tell whether it went" in seen(client.get(path))
    assert act(client, path, "resolve", went="perhaps").status_code == 422
    assert act(client, path, "resolve", went="no").location == path
    assert "It did not go, a person says." in seen(client.get(path))
    assert states(house).count("cancelled") == 1


def test_a_word_on_a_mail_whose_fate_is_known_is_refused(client, house, running):
    path = put(house, "Bob Tanaka", OutboxState.UNCONFIRMED)
    data = hidden_fields(text_of(client.get(path)), f"{path}/resolve")
    put(house, "Bob Tanaka", OutboxState.SENT)
    sent = client.post(f"{path}/resolve", data=data | {"went": "no"})
    assert sent.status_code == 422
    assert "there is nothing to resolve" in text_of(sent)


# --- who may ------------------------------------------------------------------------------------


def test_a_colleague_sees_who_is_written_to_and_changes_nothing(house, alice, bea):
    """The mailbox is Alice's own."""
    with house.database.write() as tx:
        tx.execute(update(mailbox).values(visibility="private", owner_id=1))
    path = a_merge(house)
    page = text_of(bea.get(path))
    assert "Autumn" in page
    for what in ("start", "cancel", "pause"):
        assert f"{path}/{what}" not in page
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)[1]
    sent = bea.post(f"{path}/start", data={"csrf_token": token, "count": "3"})
    assert sent.status_code == 403
    assert "You may not send from the mailbox of this cadence." in text_of(sent)
    assert states(house) == []


def test_made_up_ids_are_no_cadences(client, running):
    for path in ("/cadences/x", f"{running}x", f"{running}/mails/x", f"{running}/body/x"):
        assert client.get(path).status_code == 404, path


EVIL = "<img src=x onerror=alert(1)>"


def test_hostile_names_are_words(client, house):
    create_lead(house.desk, YOU, "evil@evil.example", EVIL)
    path = a_merge(house, EVIL)
    for page in ("/cadences", path, f"{path}?lead={EVIL}", f"/cadences/new?segment={EVIL}"):
        said = text_of(client.get(page))
        assert "<img src=x" not in said
        assert "style=" not in said
        assert not re.search(r"\son\w+=", said.replace("onerror=alert(1)", ""))


# --- cost --------------------------------------------------------------------------------------------


def questions(client, paths) -> dict[str, int]:
    found = {}
    for name, path in paths.items():
        with statements_seen() as asked:
            assert client.get(path).status_code == 200
        found[name] = len(
            [one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))]
        )
    return found


def test_pages_ask_a_fixed_number_of_questions(client, house, running):
    mail = put(house, "Ines Duarte", OutboxState.PLANNED)
    draft = a_merge(house, "Draft", segment="source is unset")
    paths = {
        "list": "/cadences",
        "running": running,
        "draft": draft,
        "mail": mail,
        "new": f"/cadences/new?segment={EVERYBODY}",
    }
    few = questions(client, paths)
    for number in range(70):
        create_lead(house.desk, YOU, f"guest{number}@hotel{number}.example", f"Guest {number}")
        a_merge(house, f"More {number}")
    start(house.desk, YOU, "Autumn")
    assert questions(client, paths) == few
    assert max(few.values()) < 70, few


# --- on the lead --------------------------------------------------------------------------------------


def lead_path(house: House, name: str) -> str:
    return next(f"/leads/{row.id}" for row in lead_list(house.desk, YOU).rows if row.name == name)


def test_a_lead_says_which_cadence_it_is_in_and_is_taken_out_by_one_button(client, house, running):
    path = lead_path(house, "Bob Tanaka")
    assert re.search(r"Cadence Pause .*Stop Autumn next mail today", seen(client.get(path)))
    sent = act(client, path, "stop")
    assert sent.status_code == 303
    page = seen(client.get(path))
    assert "Stopped: nothing more goes to them from Autumn" in page
    assert "stopped: You stopped it by hand." in page
    assert "Cadence stopped: Autumn" in page
    assert sorted(states(house)) == ["cancelled", "planned", "planned"]
    assert f"{path}/stop" not in text_of(client.get(path))


def test_the_panel_says_it_too(client, house, running):
    page = text_of(client.get(path_of(client, "Pricing")))
    action = re.search(r'action="(/sidebar/leads/[^"]+/stop)"', page)[1]
    sent = client.post(action, data=hidden_fields(page, action), headers={"HX-Request": "true"})
    assert sent.status_code == 200
    assert "stopped: You stopped it by hand." in seen(sent)
    context = {"people": [{"address": "ines@mares.example", "role": "from"}]}
    told = client.post("/api/v1/ext/context", json=context).get_json()["lead"]["cadence"]
    assert (told["name"], told["state"], told["step"], told["steps"]) == ("Autumn", "active", 1, 1)


def test_a_lead_of_a_paused_cadence_and_of_none(client, house, running):
    act(client, running, "pause")
    assert "Autumn paused" in seen(client.get(lead_path(house, "Bob Tanaka")))
    create_lead(house.desk, YOU, "late@later.example", "Late Comer")
    path = lead_path(house, "Late Comer")
    page = text_of(client.get(path))
    assert "/stop" not in page
    data = hidden_fields(page, f"{path}/notes")
    assert "The lead is in no cadence." in text_of(client.post(f"{path}/stop", data=data))


# --- what needs somebody --------------------------------------------------------------------------------


def test_mails_that_need_somebody_are_answered_where_they_stand(client, house, running):
    put(house, "Bob Tanaka", OutboxState.UNCONFIRMED)
    put(
        house,
        "Ines Duarte",
        OutboxState.SKIPPED,
        line="organization is blank, and the template has no fallback.",
    )
    page = text_of(client.get("/outbox"))
    assert "organization is blank" in page
    assert 'Cadences <span class="count">2' in page
    [action] = re.findall(r'action="([^"]+/resolve)"', page)
    sent = client.post(action, data=hidden_fields(page, action) | {"went": "yes"})
    assert sent.location == "/outbox"
    page = seen(client.get("/outbox"))
    assert "Noted: it went." in page
    assert "Bob Tanaka" not in page


def test_nothing_needs_somebody(client):
    assert "No mail needs you" in seen(client.get("/outbox"))


def test_what_needs_somebody_is_told_to_whoever_sends_from_its_mailbox(house, alice, bea, running):
    put(house, "Bob Tanaka", OutboxState.UNCONFIRMED)
    assert "Bob Tanaka" in text_of(bea.get("/outbox"))
    with house.database.write() as tx:
        tx.execute(update(mailbox).values(visibility="private", owner_id=1))
    page = text_of(bea.get("/outbox"))
    assert "Bob Tanaka" not in page
    assert 'Cadences <span class="count">' not in page
