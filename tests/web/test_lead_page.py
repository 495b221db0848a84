"""Every form of a lead's page and of an organization's: right, wrong, too late, sent twice, taken back; with and without htmx."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.services import leads as lead_services
from inboxcrm.views.lead_page import lead_record
from inboxcrm.views.leads import lead_list
from tests.web.house import YOU, House, hidden_fields, walk_in

HTMX = {"HX-Request": "true"}
EVIL = "\"'><script>alert(1)</script>"


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


class Page:
    """One lead's page, used by its own forms."""

    def __init__(self, house: House, client, name: str = "Bob Tanaka") -> None:
        self.house, self.client = house, client
        self.id = next(row.id for row in lead_list(house.desk, YOU).rows if row.name == name)
        self.path = f"/leads/{self.id}"

    def html(self, query: str = "") -> str:
        return text_of(self.client.get(self.path + query))

    def form(self, ending: str) -> dict[str, str]:
        return hidden_fields(self.html(), self.path + ending)

    def send(self, ending: str, *, headers=HTMX, form=None, **values: str):
        data = (self.form(ending) if form is None else form) | values
        return self.client.post(self.path + ending, data=data, headers=headers)

    def edit(self, *, headers=HTMX, form=None, **values: str):
        """As a browser sends the edit form: every field, changed or not."""
        data = self.form("/edit") if form is None else form
        fields = {
            name.removeprefix("was."): value
            for name, value in data.items()
            if name.startswith("was.")
        }
        given = {name.replace("__", "."): value for name, value in values.items()}
        return self.client.post(f"{self.path}/edit", data=data | fields | given, headers=headers)

    def undo(self, answer):
        data = hidden_fields(text_of(answer), "/leads/undo")
        return self.client.post("/leads/undo", data=data, headers=HTMX)

    @property
    def view(self):
        return lead_record(self.house.desk, YOU, self.id)


@pytest.fixture
def house(house: House) -> House:
    house.desk = replace(
        house.desk,
        lead_fields=(
            LeadField("seats", "Seats", FieldKind.NUMBER),
            LeadField("size", "Company size", FieldKind.CHOICE, ("small", "large")),
            LeadField("site", "Site", FieldKind.URL),
            LeadField("partner", "Partner", FieldKind.YES_NO),
            LeadField("where", "Time zone", FieldKind.TIME_ZONE),
        ),
    )
    return house


@pytest.fixture
def bob(house: House) -> Page:
    return Page(house, walk_in(house.app().test_client()))


RIGHT = [
    ("/notes", {"text": "Met at the fair."}, "Note saved", "Met at the fair."),
    ("/calls", {"outcome": "message", "minutes": "3"}, "Call logged", "Left a message, 3 min"),
    (
        "/meetings",
        {"at": "2026-05-13T10:00", "minutes": "45", "outcome": "held", "text": "Demo"},
        "Meeting logged",
        "Took place, 45 min",
    ),
    ("/tasks", {"title": "Send quote", "due_on": "2026-05-20"}, "Task added", "Send quote"),
    (
        "/follow-ups",
        {"due_on": "2026-05-20"},
        "Follow-up set",
        "unless they answer first",
    ),
    ("/snooze", {"until": "2026-05-20"}, "Snoozed until 20 May", "Sleeps until"),
    ("/tags", {"tag": "Key account"}, "Tagged Key account", "Take off the tag Key account"),
    ("/stage", {"stage": "sal"}, "Moved to Sales accepted", "Sales accepted"),
    ("/no-answer", {}, "No answer needed", "No answer needed"),
]


@pytest.mark.parametrize(("ending", "values", "toast", "shown"), RIGHT)
def test_a_change_is_made_shown_and_taken_back(bob: Page, ending, values, toast, shown):
    before = bob.view
    answer = bob.send(ending, **values)
    assert answer.status_code == 200
    assert "<html" not in text_of(answer)
    assert 'id="toasts" hx-swap-oob="innerHTML"' in text_of(answer)
    assert toast in html.unescape(text_of(answer))
    assert shown in bob.html()
    back = bob.undo(answer)
    assert back.status_code == 200
    after = bob.view
    assert (after.tags, after.tasks, after.snoozed_until, after.card.owes, after.card.stage) == (
        before.tags,
        before.tasks,
        before.snoozed_until,
        before.card.owes,
        before.card.stage,
    )
    assert [one.id for one in after.entries] == [one.id for one in before.entries]


@pytest.mark.parametrize(("ending", "values", "toast", "shown"), RIGHT)
def test_without_script_a_change_leads_back_and_says_so_once(
    bob: Page, ending, values, toast, shown
):
    answer = bob.send(ending, headers={}, **values)
    assert (answer.status_code, answer.location) == (303, bob.path)
    page = bob.html()
    assert toast in page
    assert shown in page
    assert 'class="toast"' not in bob.html()


@pytest.mark.parametrize(("ending", "values", "toast", "shown"), RIGHT)
def test_the_same_form_sent_twice_is_one_change(bob: Page, ending, values, toast, shown):
    form = bob.form(ending)
    first = bob.send(ending, form=form, **values)
    once = bob.view
    again = bob.send(ending, form=form, **values)
    assert again.status_code == 200
    assert toast in html.unescape(text_of(again))
    assert bob.view == once
    assert (
        hidden_fields(text_of(first), "/leads/undo")["token"]
        == hidden_fields(text_of(again), "/leads/undo")["token"]
    )


WRONG = [
    ("/notes", {"text": "  "}, "note", "text", "The note is empty."),
    ("/notes", {"text": "x" * 10_001}, "note", "text", "10000 are allowed"),
    ("/calls", {"minutes": "ten"}, "call", "minutes", "Write whole minutes"),
    ("/calls", {"at": "2027-01-01T00:00"}, "call", "at", "still to come"),
    ("/calls", {"at": "yesterday"}, "call", "at", "That is no time."),
    ("/calls", {"outcome": "x"}, "call", "outcome", "How did the call end?"),
    ("/meetings", {"at": "", "text": "Demo"}, "meeting", "at", "A meeting needs its time."),
    ("/tasks", {"title": ""}, "task", "title", "The task has no title."),
    ("/tasks", {"title": EVIL, "due_on": "soon"}, "task", "due_on", "That is no day."),
    ("/tasks", {"title": "x", "due_on": "2096-01-01"}, "task", "due_on", "ten years"),
    ("/follow-ups", {"due_on": ""}, "follow_up", "due_on", "By when should they have answered?"),
    ("/snooze", {"until": "2020-01-01"}, "snooze", "until", "not to come"),
    ("/snooze", {"until": ""}, "snooze", "until", "Until which day?"),
    ("/tags", {"tag": "x" * 61}, "tag", "tag", "is too long"),
]


@pytest.mark.parametrize(("ending", "values", "form", "field", "said"), WRONG)
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    bob: Page, ending, values, form, field, said, headers
):
    before = bob.view
    answer = bob.send(ending, headers=headers, **values)
    page = text_of(answer)
    assert answer.status_code == 422
    told = re.search(rf'<span class="wrong" id="wrong-{form}-{field}">([^<]*)</span>', page)
    assert said in html.unescape(told[1])
    if field != "outcome":
        assert f'aria-describedby="wrong-{form}-{field}"' in page
    for value in values.values():
        assert (
            html.escape(value, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
            in page
        )
    if form in {"note", "call", "meeting", "task", "follow_up"}:
        assert re.search(rf'id="write-{form}"[^>]* checked', page)
    assert bob.view == before
    assert "<script>alert" not in page


def test_every_wrong_field_of_the_edit_form_is_told_at_once(bob: Page):
    answer = bob.edit(
        name=" ",
        value="a lot",
        custom__seats="many",
        custom__site="javascript:alert(1)",
        custom__where="Tokyo",
        phone="030",
    )
    page = text_of(answer)
    assert answer.status_code == 422
    for field in ("name", "value", "custom-seats", "custom-site", "custom-where"):
        assert f'id="wrong-edit-{field}"' in page, field
    assert 'value="a lot"' in page
    assert 'value="030"' in page, "what was right is kept too"
    assert re.search(r'<details class="edit-fold" name="panel" open>', page)
    assert bob.view.card.version == 1


def test_a_lead_is_edited_whole_and_taken_back_whole(bob: Page):
    answer = bob.edit(
        name="Bob T.",
        organization="mill.example",
        phone="+81 3 5550 0142, ask for Bob",
        source="fair",
        value="22000",
        currency="eur",
        owner=bob.view.owners[0].id,
        custom__seats="40",
        custom__size="large",
        custom__site="https://mill.example/a?b=1&c=2",
        custom__partner="yes",
    )
    assert "Saved" in text_of(answer)
    page = bob.html()
    assert '<a href="tel:+81355500142"><bdi>+81 3 5550 0142</bdi></a>' in page
    assert "<bdi>ask for Bob</bdi>" in page
    assert "EUR 22,000" in page
    assert 'href="https://mill.example/a?b=1&amp;c=2"' in page
    view = bob.view
    assert (view.card.organization, view.card.owner, view.card.source) == ("Mill", "You", "fair")
    bob.undo(answer)
    view = bob.view
    assert (view.card.name, view.card.organization) == ("Bob Tanaka", "Kitaura")
    assert {one.value for one in view.fields} == {""}


def test_a_form_sent_unchanged_changes_nothing(bob: Page):
    assert "Nothing to change" in text_of(bob.edit())
    assert bob.view.card.version == 1


def test_two_who_change_different_fields_are_told_and_both_stand(house: House, bob: Page):
    form = bob.form("/edit")
    lead_services.edit_lead(house.desk, YOU, bob.id, version=1, changes={"phone": "030 5550"})
    answer = bob.edit(form=form, name="Robert Tanaka")
    page = text_of(answer)
    assert answer.status_code == 409
    clashes = page[page.index('class="clashes"') : page.index("</table>")]
    assert "Bob Tanaka" in clashes
    assert "Robert Tanaka" in clashes
    assert "030 5550" not in clashes, "what I did not touch is none of my business"
    conflict = page[page.index('id="conflict"') :]
    data = hidden_fields(conflict, f"{bob.path}/edit") | {"name": "Robert Tanaka"}
    assert data["version"] == "2"
    done = bob.client.post(f"{bob.path}/edit", data=data, headers=HTMX)
    assert "Saved" in text_of(done)
    assert (bob.view.card.name, bob.view.card.phone) == ("Robert Tanaka", "030 5550")


def test_a_clash_shows_both_values_and_theirs_may_stand(house: House, bob: Page):
    form = bob.form("/edit")
    lead_services.edit_lead(house.desk, YOU, bob.id, version=1, changes={"name": EVIL})
    page = text_of(bob.edit(form=form, name="Robert"))
    assert "<script>alert" not in page
    assert 'value="Robert" checked' in page
    conflict = page[page.index('id="conflict"') :]
    data = hidden_fields(conflict, f"{bob.path}/edit") | {"name": bob.view.card.name}
    assert "Nothing to change" in text_of(
        bob.client.post(f"{bob.path}/edit", data=data, headers=HTMX)
    )


def test_a_stage_moved_too_late_is_shown_beside_the_other(house: House, bob: Page):
    form = bob.form("/stage")
    lead_services.move_stage(house.desk, YOU, bob.id, "engaged", version=1)
    answer = bob.send("/stage", form=form, stage="sal", headers={})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "<html" in page
    clashes = page[page.index('class="clashes"') : page.index("</table>")]
    assert "Engaged" in clashes
    assert "Sales accepted" in clashes
    data = hidden_fields(page[page.index('id="conflict"') :], f"{bob.path}/stage")
    bob.client.post(f"{bob.path}/stage", data=data | {"stage": "sal"})
    assert bob.view.card.stage.key == "sal"


def test_an_undo_that_comes_too_late_says_so_on_the_page(house: House, bob: Page):
    answer = bob.send("/stage", stage="engaged")
    lead_services.move_stage(house.desk, YOU, bob.id, "won", version=2)
    back = bob.undo(answer)
    assert back.status_code == 409
    assert "would undo the later change too" in text_of(back)
    assert bob.view.card.stage.key == "won"


def test_a_task_is_postponed_moved_and_done(bob: Page):
    bob.send("/tasks", title="Send quote", due_on="2026-05-14")
    task = bob.view.tasks[0].task.id
    bob.send(f"/tasks/{task}/move", days="7")
    assert bob.view.tasks[0].task.due_on.isoformat() == "2026-05-21"
    bob.send(f"/tasks/{task}/move", due_on="2026-06-30")
    assert bob.view.tasks[0].task.due_on.isoformat() == "2026-06-30"
    wrong = bob.send(f"/tasks/{task}/move", due_on="never")
    assert wrong.status_code == 422
    assert f'id="wrong-move-{task}-due_on"' in text_of(wrong)
    answer = bob.send(f"/tasks/{task}/done")
    assert bob.view.tasks == ()
    bob.undo(answer)
    assert [one.task.id for one in bob.view.tasks] == [task]


def test_a_follow_up_goes_away_when_their_mail_comes_in(house: House, bob: Page):
    bob.send("/follow-ups", title="Ask again", due_on="2026-05-20")
    assert [one.unless_answered for one in bob.view.tasks] == [True]
    house.clock.at += timedelta(days=1)
    house.deliver("Bob Tanaka bob@kitaura.example", "Re: Pricing", hours_ago=2, thread="pricing")
    house.sync()
    assert bob.view.tasks == ()


def test_tags_are_suggested_and_taken_off(house: House, bob: Page):
    bob.send("/tags", tag=EVIL[:40])
    ines = Page(house, bob.client, "Ines Duarte")
    suggestions = ines.html()
    assert "<script>alert" not in suggestions
    assert '<option value="&#34;&#39;&gt;&lt;script&gt;' in suggestions
    tag = bob.view.tags[0].id
    answer = bob.send(f"/tags/{tag}/remove")
    assert bob.view.tags == ()
    bob.undo(answer)
    assert [one.id for one in bob.view.tags] == [tag]


def test_an_entry_is_pinned_and_taken_down(bob: Page):
    bob.send("/notes", text="The board decides on the 26th")
    entry = bob.view.entries[0].id
    bob.send("/pin", entry=entry)
    page = bob.html()
    assert page.count("The board decides on the 26th") == 1
    assert 'class="entry is-note is-pinned"' in page
    assert bob.send("/pin", entry="made up").status_code == 404
    answer = bob.send("/pin", form={k: v for k, v in bob.form("/pin").items() if k != "entry"})
    assert bob.view.pinned is None
    bob.undo(answer)
    assert bob.view.pinned.id == entry


def test_a_mail_is_pinned_and_taken_down(bob: Page):
    mail = next(one for one in bob.view.entries if one.kind == "mail_in")
    answer = bob.send("/pin", entry=mail.id)
    page = bob.html()
    assert 'class="entry is-mail_in is-pinned"' in page
    assert f'id="pinned-pin-{mail.id}"' in page
    assert f'id="e-{mail.id}"' not in page, "on top, and nowhere else"
    bob.undo(answer)
    assert bob.view.pinned is None


def test_the_timeline_is_narrowed_by_addresses_of_its_own(bob: Page):
    bob.send("/notes", text="Only a note")
    assert "Only a note" not in bob.html("?kind=mail")
    page = bob.html("?kind=note")
    assert "Only a note" in page
    assert "Could you send the quote" not in page
    assert 'href="?' not in page
    assert "Nothing of that kind yet" in bob.html("?kind=meeting")
    assert "Only a note" in bob.html("?kind=made-up"), "a made-up kind shows everything"
    answer = bob.client.post(
        f"{bob.path}/notes", data=bob.form("/notes") | {"text": "More", "kind": "note"}
    )
    assert answer.location == f"{bob.path}?kind=note", "after a change one is where one was"


def test_not_a_lead_leads_to_the_list_where_it_is_taken_back(house: House, bob: Page):
    answer = bob.send("/remove")
    assert answer.headers["HX-Redirect"] == "/leads"
    page = text_of(bob.client.get("/leads"))
    assert "Bob Tanaka" not in [row.name for row in lead_list(house.desk, YOU).rows]
    back = bob.client.post("/leads/undo", data=hidden_fields(page, "/leads/undo"))
    assert (back.status_code, back.location) == (303, bob.path)
    assert "Bob Tanaka" in bob.html()
    assert bob.client.get("/leads/nobody").status_code == 404


def test_hostile_words_run_nowhere(house: House, bob: Page):
    house.deliver(f"{EVIL} mallory@evil.example", f"{EVIL} free", EVIL, hours_ago=1)
    house.sync()
    client = bob.client
    mallory = next(row for row in lead_list(house.desk, YOU).rows if "script" in row.name)
    evil = Page(house, client, mallory.name)
    evil.send("/notes", text=EVIL + " javascript:alert(1) " + "long " * 300)
    evil.send("/tasks", title=EVIL)
    evil.send("/calls", text=EVIL)
    evil.edit(phone=f"{EVIL}, +1 555 0100\r\nX: y", source=EVIL)
    evil.send("/tags", tag=EVIL[:60])
    for path in (evil.path, f"{evil.path}?kind=note", "/leads", f"/leads?tag={EVIL}&owner={EVIL}"):
        page = text_of(client.get(path))
        assert "<script>alert" not in page
        assert "onerror=" not in page
        assert 'href="javascript' not in page
    organization = evil.view.organization_url
    name = hidden_fields(text_of(client.get(organization)), f"{organization}/rename")
    client.post(f"{organization}/rename", data=name | {"name": EVIL})
    assert "<script>alert" not in text_of(client.get(organization))
    assert "<script>alert" not in evil.html()


# --- the organization ----------------------------------------------------------------


class Firm:
    def __init__(self, bob: Page) -> None:
        self.client, self.path = bob.client, bob.view.organization_url

    def html(self) -> str:
        return text_of(self.client.get(self.path))

    def form(self) -> dict[str, str]:
        return hidden_fields(self.html(), f"{self.path}/rename")

    def rename(self, name: str, form=None):
        data = (self.form() if form is None else form) | {"name": name}
        return self.client.post(f"{self.path}/rename", data=data)


@pytest.fixture
def kitaura(bob: Page) -> Firm:
    return Firm(bob)


def test_an_organization_shows_people_and_mail(kitaura: Firm):
    page = kitaura.html()
    assert "<h1><bdi>Kitaura</bdi></h1>" in page
    assert "Bob Tanaka" in page
    assert "Pricing for 40 seats" in page


def test_an_organization_is_renamed_and_called_as_before_again(kitaura: Firm):
    answer = kitaura.rename("Kitaura KK")
    assert (answer.status_code, answer.location) == (303, kitaura.path)
    page = kitaura.html()
    assert "Renamed to Kitaura KK" in page
    toast = page[page.index('class="toast"') :]
    back = hidden_fields(toast, f"{kitaura.path}/rename")
    kitaura.client.post(f"{kitaura.path}/rename", data=back)
    assert "<h1><bdi>Kitaura</bdi></h1>" in kitaura.html()


def test_an_organization_needs_a_name(kitaura: Firm):
    answer = kitaura.rename("  ")
    assert answer.status_code == 422
    assert 'id="wrong-name"' in text_of(answer)


def test_a_renaming_that_came_too_late_is_solvable(kitaura: Firm):
    form = kitaura.form()
    kitaura.rename("Kitaura KK")
    answer = kitaura.rename("Kita", form=form)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "It is now called <bdi>Kitaura KK</bdi>; you wanted <bdi>Kita</bdi>" in page
    data = hidden_fields(page[page.index('id="conflict"') :], f"{kitaura.path}/rename")
    assert data["name"] == "Kita"
    kitaura.client.post(f"{kitaura.path}/rename", data=data)
    assert "<h1><bdi>Kita</bdi></h1>" in kitaura.html()


def test_a_made_up_organization_is_not_there(kitaura: Firm):
    assert kitaura.client.get("/organizations/aaaaaaaaaaaaa").status_code == 404


# --- the list -------------------------------------------------------------------------


def test_the_list_is_narrowed_by_tag_and_owner_and_keeps_both(house: House, bob: Page):
    bob.send("/tags", tag="fair & co")
    page = text_of(bob.client.get("/leads?tag=fair+%26+co&owner=nobody"))
    assert "Bob Tanaka" in page
    assert "Ines Duarte" not in page
    assert "tag=fair+%26+co" in html.unescape(page), "the other ways of narrowing keep it"
    assert "None like that" in text_of(bob.client.get("/leads?owner=me"))
