"""What is done with a mailbox is written down for admins: who stopped it, who opened it to whom."""

from __future__ import annotations

import pytest

from inboxcrm.errors import FieldsError, NotFoundError
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.services.connecting import MailboxChanges, change_mailbox, set_paused
from inboxcrm.views.audit import audit_lines
from tests.sync.connected import TOM, ConnectedOffice


@pytest.fixture
def office(database, tmp_path):
    with running_sandbox([SandboxMailbox(TOM)]) as sandbox:
        yield ConnectedOffice(database, sandbox, tmp_path)


@pytest.fixture
def toms(office) -> str:
    return office.connect(TOM, office.bea).id


def written(office) -> list[str]:
    """After the line of connecting, the oldest first."""
    lines = audit_lines(office.desk, office.viewer()).lines[:-1]
    return [f"{line.who} {line.did}: {line.about}" for line in reversed(lines)]


def pause(office, mailbox_id, who, *, paused=True) -> None:
    viewer = office.viewer(who)
    set_paused(office.desk, viewer, mailbox_id, paused=paused, now=office.machine)


def change(office, mailbox_id, *, who=None, visibility="private", members=(), **more) -> None:
    sealed = tuple(office.desk.ids.seal("account", one) for one in members)
    changes = MailboxChanges("enquiry", visibility, members=sealed, **more)
    viewer = office.viewer(who or office.bea)
    change_mailbox(office.desk, viewer, mailbox_id, changes, now=office.machine)


def test_pausing_and_resuming_are_written_down_once_each(office, toms):
    pause(office, toms, office.bea)
    pause(office, toms, office.bea)
    pause(office, toms, 1, paused=False)
    pause(office, toms, 1, paused=False)
    admin = audit_lines(office.desk, office.viewer()).lines[0].who
    assert written(office) == [
        f"Bea paused the mailbox: {TOM}",
        f"{admin} resumed the mailbox: {TOM}",
    ]


def test_who_reads_a_mailbox_is_written_down_when_it_changes(office, toms):
    change(office, toms, visibility="subjects")
    change(office, toms, visibility="subjects", members=[office.mira])
    change(office, toms, visibility="shared")
    change(office, toms)
    assert written(office) == [
        f"Bea changed who reads the mailbox: {TOM}; colleagues see its subjects",
        f"Bea changed who reads the mailbox: {TOM}; new member Mira",
        f"Bea changed who reads the mailbox: {TOM}; the whole team; no longer a member Mira",
        f"Bea changed who reads the mailbox: {TOM}; only its owner and members",
    ]


def test_other_changes_and_refused_ones_leave_no_line(office, toms):
    change(office, toms, since="2026-01-31")
    with pytest.raises(FieldsError):
        change(office, toms, visibility="the world")
    with pytest.raises(NotFoundError):
        change(office, toms, who=office.mira, visibility="shared")
    with pytest.raises(NotFoundError):
        pause(office, toms, office.mira)
    assert written(office) == []
