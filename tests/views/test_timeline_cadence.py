"""What a cadence did to a lead stands on its timeline: added, paused, resumed, waiting, stopped and why; each once."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.windows import Windows
from inboxcrm.services import cadences
from inboxcrm.services.heeding import heed_mail
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.lead_stops import stop_lead
from inboxcrm.services.templates import save_template
from inboxcrm.store.tables import activity, lead, mailbox
from inboxcrm.store.upserts import one_at_a_time
from inboxcrm.views.lead_page import lead_record
from inboxcrm.views.lead_page_shapes import Show
from tests.views.correspondence import ALICE, Office

ALWAYS = CadenceRules(windows=Windows.always("Europe/Lisbon"))


@pytest.fixture
def running(office: Office) -> Office:
    """Bob and Erin are in it."""
    desk, viewer = office.desk, office.viewer
    for name in ("Bob", "Erin"):
        create_lead(desk, viewer, f"{name.lower()}@{name.lower()}s.example", name)
    save_template(desk, viewer, name="hello", subject="Hello {{ first_name }}", text="Yours, Alice")
    with desk.database.read() as tx:
        box = tx.execute(select(mailbox.c.name).where(mailbox.c.address == ALICE)).scalar_one()
    cadences.make_merge(
        desk, viewer, name="Autumn", template="hello", segment="stage_kind is open", mailbox=box, rules=ALWAYS
    )  # fmt: skip
    cadences.start(desk, viewer, "Autumn", expected=2)
    office.pass_time(minutes=1)
    return office


def told(office: Office, name: str = "Bob", show: Show = Show.CHANGES) -> list[tuple[str, str]]:
    """(who, what) of the cadence's lines, oldest first."""
    with office.desk.database.read() as tx:
        number = tx.execute(select(lead.c.id).where(lead.c.name == name)).scalar_one()
    found = lead_record(
        office.desk, office.viewer, office.desk.ids.seal("lead", number), show=show
    ).entries
    return [(one.who, one.text) for one in reversed(found) if one.kind == "cadence"]


def heed(office: Office, *, since: int | None = None) -> None:
    office.pass_time(minutes=1)
    with office.desk.database.write() as tx:
        one_at_a_time(tx)
        heed_mail(tx, office.desk, None, since=since)


def from_bob(office: Office, text: str, *headers: tuple[str, str]) -> None:
    office.pass_time(minutes=5)
    office.mail(
        "Bob <bob@bobs.example>", text=text, subject="Re: Hello", days_ago=0, headers=headers
    )


def test_added_paused_and_resumed_are_told_to_everybody_in_it(running: Office):
    cadences.pause(running.desk, running.viewer, "autumn")
    running.pass_time(minutes=1)
    cadences.resume(running.desk, running.viewer, "autumn")
    for name in ("Bob", "Erin"):
        assert told(running, name) == [
            ("You", "Added to Autumn"),
            ("You", "Autumn paused"),
            ("You", "Autumn resumed"),
        ]


def test_started_again_it_tells_only_who_came_since(running: Office):
    create_lead(running.desk, running.viewer, "frank@franks.example", "Frank")
    cadences.start(running.desk, running.viewer, "Autumn")
    assert told(running) == [("You", "Added to Autumn")]
    assert told(running, "Frank") == [("You", "Added to Autumn")]


def test_a_stop_by_rule_says_what_it_rests_on_and_nobody_did_it(running: Office):
    from_bob(running, "Yes, please call me.")
    heed(running)
    assert told(running)[1:] == [("", "Autumn stopped: bob@bobs.example wrote on 20 May 2026.")]
    assert told(running, "Erin") == [("You", "Added to Autumn")]


def test_mail_that_is_looked_at_again_is_told_of_once(running: Office):
    from_bob(running, "I am out of the office until 28 May 2026.", ("Auto-Submitted", "auto-replied"))  # fmt: skip
    for _ in range(2):
        heed(running, since=0)
    assert told(running)[1:] == [
        ("", "Autumn waits until 29 May 2026: they are out of office"),
    ]
    from_bob(running, "I am back. Please stop writing to me.")
    for _ in range(2):
        heed(running, since=0)
    [stopped] = told(running)[2:]
    assert stopped[1].startswith("Autumn stopped: bob@bobs.example asked on 20 May 2026 not to be")


def test_a_stop_by_hand_is_told_once_and_by_whom(running: Office):
    with running.desk.database.read() as tx:
        number = tx.execute(select(lead.c.id).where(lead.c.name == "Bob")).scalar_one()
    stop_lead(running.desk, running.viewer, running.desk.ids.seal("lead", number))
    assert told(running)[1:] == [("You", "Cadence stopped: Autumn")]


def test_a_cancelled_cadence_is_told_to_those_who_were_still_in_it(running: Office):
    from_bob(running, "Yes, please call me.")
    heed(running)
    cadences.cancel(running.desk, running.viewer, "autumn")
    assert told(running, "Erin")[1:] == [("You", "Autumn cancelled")]
    assert "Autumn cancelled" not in [text for _, text in told(running)]


def test_what_is_refused_leaves_no_line(running: Office):
    from inboxcrm.errors import ConflictError

    create_lead(running.desk, running.viewer, "frank@franks.example", "Frank")
    with pytest.raises(ConflictError):
        cadences.start(running.desk, running.viewer, "Autumn", expected=17)
    assert told(running, "Frank") == []


def test_lines_stand_among_changes_and_in_the_whole_past_and_name_their_cadence(running: Office):
    assert told(running, show=Show.ALL) == told(running, show=Show.CHANGES) != []
    assert told(running, show=Show.NOTES) == []
    with running.desk.database.read() as tx:
        rows = tx.execute(select(activity.c.data).where(activity.c.kind == "cadence")).scalars()
        assert {json.loads(one)["event"] for one in rows} == {"enrolled"}


def test_a_hostile_name_is_cut_and_stays_text(office: Office):
    from inboxcrm.services.cadence_events import note_for_all

    made = create_lead(office.desk, office.viewer, "bob@bobs.example", "Bob")
    number = office.desk.ids.open("lead", made.lead_id)
    with office.desk.database.write() as tx:
        note_for_all(
            tx, 1, [number], "<b>\u202e{{ x }}\n" * 1_000, event="enrolled", at=1, account_id=1
        )
    [(_, text)] = told(office)
    assert len(text) == 500
