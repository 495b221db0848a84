"""Since when a candidate waits: the same in whatever order mail came, and nothing for anybody else."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select, update

from inboxcrm.services.capturing import give_verdict, take_back_verdict
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.evidence import rebuild_evidence
from inboxcrm.store.tables import address, address_capture
from inboxcrm.store.waiting import refresh_waiting
from tests.views.correspondence import NOW, Office, open_office

INFO = "info@harbour.example"
DAY = 86_400_000


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


def waits(office: Office) -> dict[str, int | None]:
    """Days since when each address waits."""
    with office.desk.database.read() as tx:
        rows = tx.execute(
            select(address.c.key, address_capture.c.waiting_at).join(
                address_capture, address_capture.c.address_id == address.c.id
            )
        )
        return {key: None if at is None else (to_ms(NOW) - at) // DAY for key, at in rows}


@pytest.mark.parametrize("order", list(itertools.permutations((9, 5, 2))))
def test_the_last_human_mail_counts_in_whatever_order_mail_comes(office, order):
    for days in order:
        office.mail(INFO, days_ago=days)
    office.mail(INFO, days_ago=1, headers=[("Precedence", "bulk"), ("List-Id", "<x>")])
    assert waits(office) == {INFO: 2}


def test_mail_in_the_trash_does_not_keep_anybody_waiting(office):
    office.mail(INFO, days_ago=9)
    office.mail(INFO, days_ago=2, labels=["TRASH"])
    assert waits(office) == {INFO: 9}


def test_only_candidates_wait(office):
    office.mail("bob@bakery.example", days_ago=3)
    office.mail(INFO, days_ago=4)
    assert waits(office) == {"bob@bakery.example": None, INFO: 4}
    token = give_verdict(office.desk, office.viewer, address=INFO, outcome="ignored")
    assert waits(office)[INFO] is None
    office.mail(INFO, days_ago=1)
    take_back_verdict(office.desk, office.viewer, token)
    assert waits(office)[INFO] == 1


def test_what_is_kept_is_what_a_fresh_count_gives(office):
    for days in (9, 2, 5):
        office.mail(INFO, days_ago=days)
        office.mail(f"Bob <sales@firm{days}.example>", days_ago=days)
    before = waits(office)
    with office.desk.database.write() as tx:
        ids = list(tx.execute(select(address_capture.c.address_id)).scalars())
        tx.execute(update(address_capture).values(waiting_at=None))
        rebuild_evidence(tx, ids, is_own=lambda _: False, max_recipients=10)
        refresh_waiting(tx, ids)
    assert waits(office) == before
