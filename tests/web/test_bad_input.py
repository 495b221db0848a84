"""Every form with nothing, too much and the wrong thing in it: what is wrong is said, what was typed stays, and nothing
is half-done. Without script; the fields a form hides are sent as the page wrote them.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.services.bulk_edits import choose_matching
from inboxcrm.services.cadences import start
from inboxcrm.services.import_uploads import keep_upload
from inboxcrm.services.lead_marks import add_tag
from inboxcrm.services.saved_views import ViewAsked, save_view
from inboxcrm.services.segments import save_segment
from inboxcrm.services.snippets import save_snippet
from inboxcrm.services.tasks import add_task
from inboxcrm.store.tables import mailbox, metadata, organization
from inboxcrm.views.leads import lead_list
from inboxcrm.views.templates import template_list
from inboxcrm.web.security import ROUTES, Caller
from tests.web.house import YOU, House, path_of
from tests.web.merging import EVERYBODY, a_merge, a_template, put
from tests.web.people import form_token

LONG = "too long " * 450
# What comes and goes with every request, whatever it asks for.
PASSING = {"session", "audit", "attempt", "idempotency_key", "setting"}


@dataclass
class Office:
    house: House
    alice: FlaskClient

    def __post_init__(self) -> None:
        desk = self.house.desk
        bob = next(row.id for row in lead_list(desk, YOU).rows if row.name == "Bob Tanaka")
        task = add_task(desk, YOU, bob, "Send the quote", date(2026, 5, 20)).object_id
        add_tag(desk, YOU, bob, "key account")
        a_template(self.house)
        cadence = a_merge(self.house)
        start(desk, YOU, "Autumn")
        written = template_list(desk, YOU)[0]
        with self.house.database.write() as tx:
            tx.execute(mailbox.update().values(made_in="web", owner_id=1))
            firm = tx.execute(select(func.min(organization.c.id))).scalar_one()
        page = self.alice.get(f"/leads/{bob}").get_data(as_text=True)
        self.thread = path_of(self.alice, "Pricing").rpartition("/")[2]
        self.ids = {
            "lead_id": bob,
            "task_id": task,
            "tag_id": re.search(r"/tags/([^/]+)/remove", page)[1],
            "organization_id": desk.ids.seal("organization", firm),
            "mailbox_id": desk.ids.seal("mailbox", 1),
            "session_id": "none",
            "person_id": desk.ids.seal("account", 1),
            "invitation_id": "none",
            "rule_id": "none",
            "message_id": "none",
            "cadence_id": cadence.rpartition("/")[2],
            "mail_id": put(self.house, "Bob Tanaka", OutboxState.UNCONFIRMED).rpartition("/")[2],
            "template_id": written.id,
            "segment_id": save_segment(desk, YOU, name="Fair", text=EVERYBODY).id,
            "snippet_id": save_snippet(desk, YOU, name="Opening hours", text="From nine.").id,
            "file_id": keep_upload(desk, YOU, "fair.csv", b"name,mail\nErin,erin@haas.example\n"),
            "import_id": "none",
            "question_id": "none",
            "view_id": save_view(desk, YOU, name="Ours", asked=ViewAsked()).id,
            "bulk_id": choose_matching(
                desk, YOU, pipeline="", filter_text="", conditions="", back="/pipeline/sheet"
            ),
        }
        self.token = form_token(self.alice, "/account")

    def rules(self) -> dict[str, str]:
        """Every route that takes a form, by its endpoint."""
        found = {}
        for rule in self.alice.application.url_map.iter_rules():
            if "POST" in rule.methods and ROUTES[rule.endpoint] is not Caller.API:
                path = re.sub(r"<(\w+)>", lambda match: self.ids[match[1]], rule.rule)
                found[rule.endpoint] = path
        return found

    def post(self, path: str, *, headers: dict[str, str] | None = None, **fields):
        hidden = {"csrf_token": self.token, "place": "thread", "place_id": self.thread}
        return self.alice.post(path, data=hidden | fields, headers=headers)

    def rows(self) -> dict[str, int]:
        tables = [table for table in metadata.sorted_tables if table.name not in PASSING]
        counts = (select(func.count()).select_from(one).scalar_subquery() for one in tables)
        with self.house.database.read() as tx:
            row = tx.execute(select(*counts)).one()
        return dict(zip((one.name for one in tables), row, strict=True))


@pytest.fixture
def house(house: House) -> House:
    house.desk = replace(house.desk, lead_fields=(LeadField("seats", "Seats", FieldKind.NUMBER),))
    return house


@pytest.fixture
def office(house: House, alice: FlaskClient) -> Office:
    return Office(house, alice)


NAMES = ("text", "title", "name", "address", "domain", "due_on", "until", "at", "minutes", "outcome", "days", "stage", "version",
         "value", "currency", "owner", "phone", "source", "organization", "custom.seats", "tag", "entry", "token", "lead", "for",
         "fingerprint", "do", "pick", "role", "old", "new", "password", "mail", "since", "capture", "visibility", "members", "mailbox",
         "was", "person", "section", "context", "find", "idempotency_key", "next", "after", "count", "template", "which", "segment",
         "hours", "went", "kind", "subject", "html", "base", "fallback.phone", "fallback.nothing",
         "answer", "as_of", "back_on", "column", "columns", "country", "delay-1", "field", "filter", "from_address", "guard", "mode",
         "needs_consent", "on", "ramp", "reason", "rows", "said", "signs", "state", "team", "thread-1", "unit-1", "wake", "windows",
         "writing", "zone", "what", "where", "view", "shared", "sort", "group", "value.stage", "value.tag")  # fmt: skip
NONSENSE = {
    "nothing": "",
    "too much": LONG,
    "the wrong kind": "9999-13-45\x00\x1b[2J\u202e<script>'\"",
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_no_form_breaks_on_nonsense_and_none_is_half_done(office: Office, kind: str) -> None:
    for endpoint, path in office.rules().items():
        if endpoint == "entry.sign_out":
            continue
        before = office.rows()
        answer = office.post(path, **dict.fromkeys(NAMES, NONSENSE[kind]))
        assert answer.status_code < 500, (endpoint, answer.status_code)
        if answer.status_code >= 400:
            assert office.rows() == before, endpoint


# Where the form stands in `rules()`, what is typed into it, and the field that is wrong. The panel is below; a lead's own
# page has tests of its own (test_lead_page.py), so have joining (test_front_door.py) and mailboxes (test_mailboxes.py).
TYPED = [
    ("entry.sign_in_form", {"address": "no address <b>", "password": "guess guess"}, "password"),
    ("accounts.password", {"old": "not my password", "new": "short"}, "new"),
    ("people.invite_form", {"address": "no address <b>", "role": "rep"}, "address"),
    ("organizations.rename", {"name": "  ", "was": "x"}, "name"),
    ("organizations.rename", {"name": LONG, "was": "x"}, "name"),
    (
        "new_cadence.make",
        {
            "name": LONG,
            "template": "hello",
            "segment": "stage is new",
            "mailbox": "sales",
            "do": "make",
        },
        "name",
    ),
    ("segments.make", {"name": "Fair <b>", "text": "stge is <b>", "do": "save"}, "text"),
    ("templates.make", {"name": LONG, "subject": "Hello", "text": "x", "do": "save"}, "name"),
    ("suppression.add", {"subject": "nobody <b>"}, "subject"),
    ("saved_views.make", {"name": "OURS", "at": "sheet"}, "name"),
    ("saved_views.change", {"name": LONG, "do": "rename", "version": "1"}, "name"),
    ("bulk_edits.look", {"what": "source", "value.source": LONG[:1900]}, "value.source"),
    ("lead.edit", {"name": "Bob <b>", "custom.seats": "many", "version": "1"}, "custom.seats"),
]


@pytest.mark.parametrize(("endpoint", "fields", "wrong"), TYPED)
def test_the_problem_is_said_and_what_was_typed_stays(office: Office, endpoint, fields, wrong):
    before = office.rows()
    answer = office.post(office.rules()[endpoint], **fields)
    page = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500
    assert office.rows() == before
    assert problem_of(page, wrong)
    for name, value in fields.items():
        if name in {"password", "old", "new"}:
            assert value not in page
        elif name not in {"version", "was", "role", "outcome", "do"} and value.strip():
            assert any(one.startswith(value[:250]) for one in values_of(page, name)), name


# The forms of the panel: what is typed, and what is said of each field that is wrong, in the order they stand.
NOTE, TASK, EDIT = "sidebar.add_note", "sidebar.add_task", "sidebar.edit"
ADD, FIND = "sidebar.add_lead", "sidebar.context"
PANEL = [
    (NOTE, {"text": " \n "}, {"text": "The note is empty"}),
    (NOTE, {"text": "n" * 10_001}, {"text": "10000 are allowed"}),
    (TASK, {"title": " ", "due_on": "2026-05-20"}, {"title": "The task has no title"}),
    (TASK, {"title": LONG, "due_on": ""}, {"title": "too long"}),
    (TASK, {"title": "Send <b>", "due_on": "soon"}, {"due_on": "That is no day"}),
    (TASK, {"title": "Send <b>", "due_on": "2096-01-01"}, {"due_on": "more than ten years away"}),
    (EDIT, {"name": "Bob <b>", "value": "a lot"}, {"value": "is no amount"}),
    (EDIT, {"name": "Bob <b>", "currency": "Gold"}, {"currency": "is no currency"}),
    (
        EDIT,
        {"name": " ", "phone": LONG, "value": "-1", "currency": "1"},
        {"name": "needs a name", "phone": "too long", "value": "no amount", "currency": "letters"},
    ),
    (ADD, {"name": LONG, "address": "info@hafen.example"}, {"name": "The name is too long"}),
    (FIND, {"find": " "}, {"find": "Look for whom?"}),
    (FIND, {"find": "x" * 101}, {"find": "too long to look for"}),
]


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {}], ids=["htmx", "without script"])
@pytest.mark.parametrize(("endpoint", "fields", "said"), PANEL)
def test_the_panel_says_it_beside_the_field(office: Office, endpoint, fields, said, headers):
    if endpoint in {ADD, FIND}:
        office.thread = path_of(office.alice, "Anfrage").rpartition("/")[2]
    before = office.rows()
    answer = office.post(office.rules()[endpoint], headers=headers, version="1", **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert office.rows() == before
    assert ("<html" in page) == (not headers)
    marked = re.findall(r'<(?:input|textarea)[^>]*name="([^"]+)"[^>]*aria-invalid="true"', page)
    assert marked == list(said), "these fields, and no others"
    for name, words in said.items():
        assert words in beside(page, name)
    assert 'role="alert"' not in page, "said once, and there"
    panel = page[page.index('class="panel-body"') :]
    first = re.search(r"<(?:input|textarea)[^>]* autofocus[^>]*>", panel)[0]
    assert f'name="{next(iter(said))}"' in first, "the focus is where the first mistake is"
    if endpoint not in {ADD, FIND}:
        unfolded = re.findall(r"<details name=\"panel\" open>(.*?)</details>", page, re.DOTALL)
        assert len(unfolded) == 1
        assert first in unfolded[0]
    for name, value in fields.items():
        assert value in values_of(page, name), name


def test_a_mistake_in_a_form_that_is_gone_meanwhile_is_said_on_top(office: Office):
    """Somebody else took the lead off the mail while the note was written."""
    note = office.rules()[NOTE]
    office.thread = path_of(office.alice, "Anfrage").rpartition("/")[2]
    page = office.post(note, text=" ").get_data(as_text=True)
    assert "The note is empty" in problem_of(page, "text")


def beside(page: str, name: str) -> str:
    """What is said beside the field, and of it."""
    field = re.search(rf'<(?:input|textarea)[^>]*name="{re.escape(name)}"[^>]*>', page)
    place = re.search(r'aria-describedby="([^"]+)"', field[0])
    said = re.search(rf'<span class="wrong" id="{place[1]}">([^<]*)</span>', page)
    return html.unescape(said[1])


def values_of(page: str, name: str) -> list[str]:
    """What the fields of that name hold."""
    inputs = re.findall(rf'<input[^>]* ?name="{re.escape(name)}"[^>]*', page)
    found = [re.search(r' value="([^"]*)"', one) for one in inputs]
    # A browser drops one line break behind the tag.
    areas = re.findall(rf'<textarea name="{re.escape(name)}"[^>]*>\n?([^<]*)</textarea>', page)
    return [html.unescape(one) for one in [*(hit[1] for hit in found if hit), *areas]]


def problem_of(page: str, name: str) -> str:
    """What is said beside the field, or over its form for whoever hears the page."""
    field = re.search(rf'<(?:input|textarea)[^>]*name="{re.escape(name)}"[^>]*aria-describedby="([^"]+)"', page)  # fmt: skip
    places = [rf'id="{field[1]}"'] if field else []
    for place in [*places, 'role="alert"']:
        said = re.search(rf"<\w+[^>]*{place}[^>]*>(.*?)</(?:span|p|section|div)>", page, re.DOTALL)
        text = re.sub(r"<[^>]+>", "", said[1]).strip() if said else ""
        if text:
            return text
    return ""
