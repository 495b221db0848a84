from __future__ import annotations

import json

from inboxcrm.services.leads import add_note, create_lead, move_stage
from inboxcrm.store.settings import get_setting
from inboxcrm.views.as_json import as_json
from inboxcrm.views.health import schema_version
from inboxcrm.views.leads import lead_list, lead_page, search_leads
from inboxcrm.views.shapes import Context, ContextPerson, SidebarState
from inboxcrm.views.sidebar import sidebar

BOB = "Bob Baker <bob@bakery.example>"


def test_leads_are_listed_by_their_newest_sign_of_life(office):
    office.mail(BOB, days_ago=3)
    office.mail("Carol <carol@flowers.example>", days_ago=2)
    office.mail(BOB, days_ago=1)
    view = lead_list(office.desk, office.viewer)
    assert [row.name for row in view.rows] == ["Bob Baker", "Carol"]
    assert view.rows[0].address == "bob@bakery.example"
    assert view.rows[0].organization == "Bakery"
    assert [(one.label, one.count) for one in view.stages] == [("New", 2)]
    assert view.total == 2


def test_the_list_can_be_narrowed(office):
    office.mail(BOB)
    made = create_lead(office.desk, office.viewer, "carol@flowers.example")
    move_stage(office.desk, office.viewer, made.lead_id, "won", version=made.version)

    def names(**more):
        return [row.name for row in lead_list(office.desk, office.viewer, **more).rows]

    assert names(stage="won") == ["Carol"]
    assert names(owes="us") == ["Bob Baker"]
    assert names(stage="unheard") == []


def test_the_list_has_pages(office):
    for number in range(5):
        create_lead(office.desk, office.viewer, f"lead{number}@firm.example")
    first = lead_list(office.desk, office.viewer, limit=3)
    second = lead_list(office.desk, office.viewer, limit=3, before=first.next)
    assert second.next is None
    assert len({row.id for row in (*first.rows, *second.rows)}) == 5


def test_a_leads_past_has_pages_and_loses_nothing(office):
    made = create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob")
    for number in range(40):
        office.mail(BOB, days_ago=number / 2, text=f"mail {number}")
    for number in range(30):
        # Many notes of one moment: the cursor goes by their order, not by their time alone.
        add_note(office.desk, office.viewer, made.lead_id, f"note {number}")
    seen, before = [], None
    while True:
        view = lead_page(office.desk, office.viewer, made.lead_id, before=before)
        seen += view.timeline
        before = view.next
        if before is None:
            break
    assert len(seen) == len({item.id for item in seen}) == 71
    assert [item.at for item in seen] == sorted((item.at for item in seen), reverse=True)


def test_leads_are_found_by_name_address_and_organization(office):
    office.mail(BOB)
    for words in ("bob", "bakery.example", "Baker"):
        assert [row.name for row in search_leads(office.desk, office.viewer, words)] == [
            "Bob Baker"
        ]
    assert search_leads(office.desk, office.viewer, "carol") == ()


def test_the_sidebar_as_json_has_the_promised_form(office):
    office.mail(BOB, days_ago=1)
    context = Context(people=(ContextPerson("bob@bakery.example", "", "from"),))
    body = as_json(sidebar(office.desk, office.viewer, context))
    assert json.loads(json.dumps(body)) == body
    assert body["v"] == 1
    assert body["state"] == "lead"
    assert "candidate" not in body
    assert "phone" not in body["lead"]
    assert body["lead"]["owes"]["since"] == "2026-05-19T12:00:00.000Z"
    assert set(body["lead"]["stage"]) == {"key", "label", "index", "days", "stale", "kind", "of"}
    assert set(body["lead"]["timeline"][0]) >= {"id", "kind", "at", "who", "text", "pinned"}
    assert body["lead"]["reason"]["rule"] == "they_wrote"


def test_an_idle_sidebar_as_json_is_short(office):
    view = sidebar(office.desk, office.viewer, Context())
    assert view.state is SidebarState.IDLE
    assert as_json(view) == {"state": "idle", "v": 1, "choices": [], "actions": []}


def test_health_names_the_schema(office):
    assert schema_version(office.desk)
    with office.desk.database.read() as tx:
        assert get_setting(tx, "no such key") is None
