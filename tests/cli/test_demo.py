"""The demo's desk looks used: its people have whole names, its leads owners, tags and what the house wants to know."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.cli.demo import CONFIG
from inboxcrm.cli.demo_clock import MARK, end_clock, keep_clock
from inboxcrm.cli.demo_past import TAGS, play_past
from inboxcrm.cli.demo_people import demo_people, manager_of
from inboxcrm.cli.house import House
from inboxcrm.config import load
from inboxcrm.sandbox.seed import own_mailbox
from inboxcrm.views.lead_page import lead_record
from inboxcrm.views.leads import lead_list
from tests.views.correspondence import ALICE, Office, open_office


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "config.toml"
    text = CONFIG.format(
        address=ALICE,
        endpoint="http://127.0.0.1:1",
        own_domain="ourfirm.example",
        form_sender="forms@ourfirm.example",
        port=8025,
    )
    path.write_text(text, encoding="utf-8")
    return load(path, {})


def played(database, settings):
    """Every lead's page after the past was played, in one order."""
    office: Office = open_office(database)
    office.desk = replace(
        office.desk, lead_fields=settings.lead_fields, ids=OpaqueIds(b"the same office")
    )
    for number in range(22):
        address = f"guest{number}@firm{number}.example"
        office.mail(address, days_ago=20 - number / 2, message_id=f"in{number}@firm.example")
        office.mail(ALICE, address, days_ago=19 - number / 2, labels=["SENT"],
                    reply_to_id=f"in{number}@firm.example")  # fmt: skip
    people = demo_people(office.desk, own_mailbox().name)
    play_past(office.desk, office.viewer, manager_of(people))
    rows = lead_list(office.desk, office.viewer, limit=200).rows
    return people, [lead_record(office.desk, office.viewer, row.id) for row in rows]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_rep_is_called_as_her_mail_calls_her(database, settings):
    people, _ = played(database, settings)
    assert [one.label for one in people] == [
        "Alice Whitford, rep",
        "Mira Holm, manager",
        "Jonas Ek, admin",
    ]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_leads_have_owners_tags_and_fields_of_the_house(database, settings):
    _, pages = played(database, settings)
    owners = Counter(page.owner.name if page.owner else "" for page in pages)
    assert min(owners[name] for name in ("", "Alice Whitford", "Mira Holm")) >= 2
    assert {tag.name for page in pages for tag in page.tags} == set(TAGS)
    fields = {one.label: one.shown for page in pages for one in page.fields if one.value}
    assert set(fields) == {"Area to light, m²", "Building", "Time zone"}
    assert all(len(page.tags) <= 2 for page in pages)


def test_commands_in_a_demos_folder_go_by_its_clock(terminal):
    terminal.config('[database]\nurl = "sqlite:///inboxcrm.db"\n')

    def shown() -> datetime:
        house = House("config.toml")
        try:
            return house.desk.clock.now()
        finally:
            house.close()

    began = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with time_machine.travel(began + timedelta(hours=1), tick=False) as machine:
        assert shown() == began + timedelta(hours=1)
        keep_clock(terminal.folder, began, speed=60)
        assert began + timedelta(hours=60) <= shown() < began + timedelta(hours=61)
        end_clock(terminal.folder, began + timedelta(hours=60))
        machine.move_to(began + timedelta(hours=11))
        assert began + timedelta(hours=70) <= shown() < began + timedelta(hours=71), (
            "it goes on, no faster than others"
        )
        for nonsense in ("", "{}", "[]", '{"began": 5, "shown": 5, "speed": 1}', "null", "\udc00"):
            (terminal.folder / MARK).write_bytes(nonsense.encode("utf-8", "surrogatepass"))
            assert shown() == began + timedelta(hours=11), nonsense
