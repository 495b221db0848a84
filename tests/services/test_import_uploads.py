"""What was uploaded is kept for its owner until it is imported, and no longer than a day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.services.import_shapes import ImportOrder
from inboxcrm.services.import_uploads import import_upload, keep_upload, uploaded_table
from inboxcrm.services.people import play_account
from tests.views.correspondence import Office, open_office

FAIR = b"mail\nbob@kitaura.example\n\x00"


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


def keep(office, name="fair\u202e\n.csv"):
    return keep_upload(office.desk, office.viewer, name, FAIR)


def test_it_is_imported_once_and_then_gone(office):
    kept = keep(office)
    assert uploaded_table(office.desk, office.viewer, kept).name == "fair .csv"
    done = import_upload(office.desk, office.viewer, kept, ImportOrder())
    assert done.counts["created"] == 1
    with pytest.raises(NotFoundError, match="not there any more"):
        import_upload(office.desk, office.viewer, kept, ImportOrder())


def test_nobody_else_sees_it_and_a_day_later_nobody_at_all(office):
    kept = keep(office)
    number = play_account(office.desk, name="Bea", role=office.viewer.role, now=office.clock.now())
    with pytest.raises(NotFoundError):
        uploaded_table(office.desk, replace(office.viewer, account_id=number), kept)
    office.pass_time(hours=25)
    keep(office)
    with pytest.raises(NotFoundError):
        uploaded_table(office.desk, office.viewer, kept)


def test_what_is_no_table_or_too_large_is_not_kept(office):
    for content in (b"", b"%PDF", b"a\n" * 1_500_000):
        with pytest.raises(UsageError):
            keep_upload(office.desk, office.viewer, "x.csv", content)
