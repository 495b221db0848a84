"""Every change a panel offers: made once, taken back, refused when it comes too late; with and without htmx."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from inboxcrm.services import leads as lead_services
from inboxcrm.views.leads import lead_list, lead_page
from tests.web.house import YOU, House, hidden_fields, path_of, walk_in

HTMX = {"HX-Request": "true"}


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def lead_of(house: House, name: str):
    return next(row for row in lead_list(house.desk, YOU).rows if row.name == name)


def past_of(house: House, name: str) -> list[str]:
    return [item.text for item in lead_page(house.desk, YOU, lead_of(house, name).id).timeline]


class Panel:
    """The panel beside one thread, used by its own forms."""

    def __init__(self, client, subject: str, person: str = "") -> None:
        self.client, self.path = client, path_of(client, subject)
        self.query = {"person": person} if person else {}

    def page(self) -> str:
        return text_of(self.client.get(self.path, query_string=self.query))

    def action(self, ending: str) -> str:
        return re.search(rf'action="(/sidebar(?:/[^"]*)?{ending})"', self.page())[1]

    def data(self, ending: str, **values: str) -> dict[str, str]:
        return hidden_fields(self.page(), self.action(ending)) | values

    def send(self, ending: str, headers=HTMX, **values: str):
        return self.client.post(
            self.action(ending), data=self.data(ending, **values), headers=headers
        )

    def undo(self, answer, headers=HTMX):
        return self.client.post("/sidebar/undo", data=undo_fields(text_of(answer)), headers=headers)


def undo_fields(page: str) -> dict[str, str]:
    return hidden_fields(page, "/sidebar/undo")


@pytest.fixture
def bob(client) -> Panel:
    return Panel(client, "Pricing")


def test_a_stage_is_moved_and_the_move_taken_back(house: House, bob: Panel):
    answer = bob.send("/stage", stage="sal")
    assert answer.status_code == 200
    assert lead_of(house, "Bob Tanaka").stage.key == "sal"
    page = text_of(answer)
    assert "<html" not in page
    assert "Moved to Sales accepted" in page
    assert 'id="toasts" hx-swap-oob="innerHTML"' in page
    assert text_of(bob.undo(answer)).count("Sales accepted") >= 1
    assert lead_of(house, "Bob Tanaka").stage.key == "new"


def test_without_script_a_change_leads_back_to_the_mail(house: House, bob: Panel):
    answer = bob.send("/stage", headers={}, stage="engaged")
    assert answer.status_code == 303
    assert answer.location == f"{bob.path}/panel"
    page = text_of(bob.client.get(answer.location))
    assert "Moved to Engaged" in page
    back = bob.client.post("/sidebar/undo", data=undo_fields(page))
    assert back.status_code == 303
    assert lead_of(house, "Bob Tanaka").stage.key == "new"


def test_a_note_is_kept_as_it_was_written(house: House, bob: Panel):
    answer = bob.send(
        "/notes", text="Budget is there.\nBoard meets on the 26th. <script>alert(1)</script>"
    )
    assert "Note saved" in text_of(answer)
    assert "<script>alert" not in text_of(answer)
    assert "Budget is there.\nBoard meets on the 26th. <script>alert(1)</script>" in past_of(
        house, "Bob Tanaka"
    )


def test_a_task_is_added_postponed_and_done(house: House, bob: Panel):
    assert "Task added" in text_of(bob.send("/tasks", title="Send quote", due_on="2026-05-14"))
    page = bob.page()
    assert 'class="due today"' in page
    assert "Now due" in text_of(bob.send("/postpone", days="7"))
    answer = bob.send("/done")
    assert "Task done" in text_of(answer)
    assert not lead_page(house.desk, YOU, lead_of(house, "Bob Tanaka").id).tasks
    bob.undo(answer)
    assert [
        one.title for one in lead_page(house.desk, YOU, lead_of(house, "Bob Tanaka").id).tasks
    ] == ["Send quote"]


def test_a_lead_is_edited_and_keeps_what_the_form_left_out(house: House, bob: Panel):
    answer = bob.send(
        "/edit", name="Bob T. Tanaka", phone="+81 3 5550 0142", value="22000", currency="eur"
    )
    assert "Saved" in text_of(answer)
    row = lead_of(house, "Bob T. Tanaka")
    assert (row.value.amount, row.value.currency) == ("22000.00", "EUR")
    assert row.stage.key == "new"


def test_a_mail_is_unlinked_and_linked_again(house: House, bob: Panel):
    assert "No longer linked" in text_of(bob.send("/unlink"))
    assert not any("Could you send the quote" in text for text in past_of(house, "Bob Tanaka"))
    assert "Linked to" in text_of(bob.send("/link"))
    assert any("Could you send the quote" in text for text in past_of(house, "Bob Tanaka"))


def test_no_answer_needed_ends_the_wait(house: House, bob: Panel):
    assert lead_of(house, "Bob Tanaka").owes.who == "us"
    answer = bob.send("/no-answer")
    assert lead_of(house, "Bob Tanaka").owes.who != "us"
    bob.undo(answer)
    assert lead_of(house, "Bob Tanaka").owes.who == "us"


def test_not_a_lead_takes_the_lead_away_and_undo_brings_it_back(house: House, bob: Panel):
    answer = bob.send("/remove")
    assert answer.status_code == 200
    assert "Bob Tanaka" not in [row.name for row in lead_list(house.desk, YOU).rows]
    bob.undo(answer)
    assert "Bob Tanaka" in [row.name for row in lead_list(house.desk, YOU).rows]


# --- nobody we know -----------------------------------------------------------


@pytest.fixture
def desk_of_hafen(client) -> Panel:
    return Panel(client, "Anfrage")


def test_an_unknown_sender_gets_a_filled_in_form(desk_of_hafen: Panel):
    page = desk_of_hafen.page()
    assert "Not a lead yet" in page
    assert re.search(r'<input name="name" value="Info Desk"', page)
    assert "Ignore this address" in page
    assert "hafen.example" in page


def test_an_unknown_sender_becomes_a_lead_with_one_click(house: House, desk_of_hafen: Panel):
    data = desk_of_hafen.data("/leads", name="Jan Petersen")
    answer = desk_of_hafen.client.post("/sidebar/leads", data=data, headers=HTMX)
    assert "Jan Petersen is a lead now" in text_of(answer)
    assert "Add as lead" not in text_of(answer)
    assert lead_of(house, "Jan Petersen").address == "info@hafen.example"
    assert "Add as lead" in text_of(desk_of_hafen.undo(answer))


def test_adding_who_is_a_lead_already_shows_that_lead(house: House, client, desk_of_hafen: Panel):
    data = desk_of_hafen.data("/leads", name="Jan")
    lead_services.create_lead(house.desk, YOU, "info@hafen.example", "Jan Petersen")
    answer = client.post("/sidebar/leads", data=data, headers=HTMX)
    assert answer.status_code == 409
    assert "is a lead already" in text_of(answer)
    assert 'id="lead-name"><bdi>Jan Petersen' in text_of(answer)


def test_an_unknown_sender_is_added_to_a_lead_found_by_name(
    house: House, client, desk_of_hafen: Panel
):
    house.clock.at += timedelta(minutes=5)
    page = text_of(
        client.post(
            "/sidebar/context", data=desk_of_hafen.data("/leads") | {"find": "Oskar"}, headers=HTMX
        )
    )
    assert "Add to <bdi>Oskar Lind" in page
    action = re.search(r'action="(/sidebar/leads/[^"]+/addresses)"', page)[1]
    answer = client.post(action, data=hidden_fields(page, action), headers=HTMX)
    assert answer.status_code == 200
    assert 'id="lead-name"><bdi>Oskar Lind' in text_of(answer)
    assert "Add as lead" in text_of(desk_of_hafen.undo(answer))


def test_a_search_for_a_lead_works_without_script(client, desk_of_hafen: Panel):
    answer = client.post("/sidebar/context", data=desk_of_hafen.data("/leads") | {"find": "Oskar"})
    assert answer.status_code == 303
    assert "Add to <bdi>Oskar Lind" in text_of(client.get(answer.location))


def test_an_address_is_ignored_and_the_word_taken_back(desk_of_hafen: Panel):
    answer = desk_of_hafen.send("/ignore")
    assert "Ignoring info@hafen.example" in text_of(answer)
    assert "Not a lead because somebody of the team decided it" in text_of(answer)
    assert "In review" in text_of(desk_of_hafen.undo(answer))


def test_a_whole_domain_is_ignored(client, desk_of_hafen: Panel):
    data = desk_of_hafen.data("/ignore") | {"address": "", "domain": "hafen.example"}
    answer = client.post("/sidebar/ignore", data=data, headers=HTMX)
    assert "Ignoring everybody at hafen.example" in text_of(answer)


def test_what_cannot_be_ignored_is_refused_with_the_reason(client, desk_of_hafen: Panel):
    data = desk_of_hafen.data("/ignore") | {"address": "", "domain": "gmail.com"}
    answer = client.post("/sidebar/ignore", data=data, headers=HTMX)
    assert answer.status_code == 422
    assert "free-mail domain" in text_of(answer)


# --- once, and not too late ---------------------------------------------------


def test_the_same_request_sent_twice_is_done_once(house: House, bob: Panel):
    action, data = bob.action("/notes"), bob.data("/notes", text="Once.")
    first, second = (bob.client.post(action, data=data, headers=HTMX) for _ in range(2))
    assert past_of(house, "Bob Tanaka").count("Once.") == 1
    assert first.status_code == second.status_code == 200
    assert "Note saved" in text_of(second)


def test_the_header_counts_before_the_field(house: House, bob: Panel):
    action = bob.action("/notes")
    for _ in range(2):
        data = bob.data("/notes", text="Once.")  # a new key in the field each time
        bob.client.post(action, data=data, headers=HTMX | {"Idempotency-Key": "mine-1"})
    assert past_of(house, "Bob Tanaka").count("Once.") == 1


def test_a_key_used_for_another_change_is_refused(house: House, bob: Panel):
    action, headers = bob.action("/notes"), HTMX | {"Idempotency-Key": "mine-2"}
    bob.client.post(action, data=bob.data("/notes", text="One."), headers=headers)
    answer = bob.client.post(action, data=bob.data("/notes", text="Two."), headers=headers)
    assert answer.status_code == 422
    assert "used for another request" in text_of(answer)
    assert "Two." not in past_of(house, "Bob Tanaka")


def test_a_change_that_comes_too_late_shows_what_stands_now(house: House, bob: Panel):
    action, data = bob.action("/stage"), bob.data("/stage", stage="sql")
    row = lead_of(house, "Bob Tanaka")
    lead_services.move_stage(house.desk, YOU, row.id, "engaged", version=row.version)
    answer = bob.client.post(action, data=data, headers=HTMX)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Somebody changed this lead meanwhile" in page
    assert "Sales qualified" in page[: page.index('aria-label="Stage"')], "what was wanted"
    assert '<span class="strong"><bdi>Engaged' in page, "what stands"
    assert lead_of(house, "Bob Tanaka").stage.key == "engaged"
    again = hidden_fields(page, action)
    assert bob.client.post(action, data=again, headers=HTMX).status_code == 200
    assert lead_of(house, "Bob Tanaka").stage.key == "sql"


def test_a_conflict_is_a_whole_page_without_script(house: House, bob: Panel):
    action, data = bob.action("/stage"), bob.data("/stage", stage="sql")
    row = lead_of(house, "Bob Tanaka")
    lead_services.move_stage(house.desk, YOU, row.id, "engaged", version=row.version)
    answer = bob.client.post(action, data=data)
    assert answer.status_code == 409
    assert "<html" in text_of(answer)
    assert "Make my change all the same" in text_of(answer)


@pytest.mark.parametrize(
    ("ending", "values", "said"),
    [
        ("/notes", {"text": "  "}, "The note is empty"),
        ("/tasks", {"title": ""}, "The task has no title"),
        ("/tasks", {"title": "x", "due_on": "someday"}, "That is no day"),
        ("/stage", {"stage": "nirvana"}, "There is no stage"),
        ("/stage", {"stage": "sal", "version": "x"}, "version of the lead is missing"),
        ("/edit", {"name": ""}, "needs a name"),
        ("/edit", {"value": "much"}, "is no amount"),
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_what_cannot_be_taken_is_said_with_the_remedy(bob: Panel, ending, values, said, headers):
    answer = bob.send(ending, headers=headers, **values)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_lead_that_is_gone_is_said_plainly(bob: Panel):
    action = re.sub("/leads/[^/]+/", "/leads/aaaaaaaaaaaaa/", bob.action("/notes"))
    answer = bob.client.post(action, data=bob.data("/notes", text="x"), headers=HTMX)
    assert answer.status_code == 404
    assert 'class="toast bad"' in text_of(answer)


# --- the panel alone ----------------------------------------------------------


def test_the_panel_alone_is_never_empty(client):
    page = text_of(client.get("/sidebar"))
    assert "Nobody from outside in this mail" in page
    assert 'class="top"' not in page


def test_the_panel_alone_shows_the_lead_of_a_thread(client):
    thread = path_of(client, "Pricing").rpartition("/")[2]
    page = text_of(client.get(f"/sidebar?thread={thread}"))
    assert "Bob Tanaka" in page
    assert "Lead because" in page


def csrf(client) -> dict[str, str]:
    return {
        "X-CSRF-Token": re.search(
            r'name="csrf-token" content="([^"]+)"', text_of(client.get("/sidebar"))
        )[1]
    }


def test_a_context_is_answered_with_its_number(client):
    context = {"people": [{"address": "ines@mares.example", "name": "Ines", "role": "from"}]}
    answer = client.post(
        "/sidebar/context", json=context, headers=csrf(client) | {"X-Seq": "17"} | HTMX
    )
    assert answer.status_code == 200
    assert answer.headers["X-Seq"] == "17"
    assert "Ines Duarte" in text_of(answer)


def test_a_change_from_the_panel_alone_keeps_its_context(house: House, client):
    context = {"people": [{"address": "ines@mares.example", "name": "Ines", "role": "from"}]}
    page = text_of(client.post("/sidebar/context", json=context, headers=csrf(client)))
    action = re.search(r'action="(/sidebar/leads/[^"]+/notes)"', page)[1]
    answer = client.post(action, data=hidden_fields(page, action) | {"text": "From Gmail."})
    assert answer.status_code == 200
    assert "Note saved" in text_of(answer)
    assert "Ines Duarte" in text_of(answer)
    assert "From Gmail." in past_of(house, "Ines Duarte")


def test_several_people_are_choices_and_one_can_be_chosen(client):
    people = [
        {"address": "bob@kitaura.example", "name": "Bob Tanaka", "role": "from"},
        {"address": "nobody@kitaura.example", "name": "Nobody", "role": "cc"},
    ]
    page = text_of(client.post("/sidebar/context", json={"people": people}, headers=csrf(client)))
    assert 'aria-pressed="true"' in page
    data = hidden_fields(page, "/sidebar/context") | {"person": "nobody@kitaura.example"}
    page = text_of(client.post("/sidebar/context", data=data))
    assert "Add as lead" in page
    assert "Bob Tanaka" in page, "the others stay to choose from"


def test_strangers_only_ask_who_is_meant(client):
    people = [
        {"address": f"{name}@new.example", "name": name, "role": "to"} for name in ("Uma", "Vito")
    ]
    page = text_of(client.post("/sidebar/context", json={"people": people}, headers=csrf(client)))
    assert "Who is this about?" in page
    assert 'aria-pressed="true"' not in page


def test_a_panel_of_a_made_up_place_is_refused(client):
    data = {"place": "moon", "csrf_token": csrf(client)["X-CSRF-Token"]}
    answer = client.post("/sidebar/context", data=data)
    assert answer.status_code == 422


def test_everything_works_after_a_restart_but_the_session(house: House, bob: Panel):
    """Nothing of a panel lives in the server: its forms carry all of it."""
    action, data = bob.action("/notes"), bob.data("/notes", text="After the restart.")
    client = walk_in(house.app().test_client())
    token = csrf(client)["X-CSRF-Token"]
    answer = client.post(action, data=data | {"csrf_token": token}, headers=HTMX)
    assert answer.status_code == 200
    assert "After the restart." in past_of(house, "Bob Tanaka")
