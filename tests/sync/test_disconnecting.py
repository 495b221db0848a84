"""Disconnecting a mailbox: its mail is kept or removed, as chosen, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from inboxcrm.errors import NotFoundError, RefusedError
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.services import removing
from inboxcrm.services.connecting import disconnect_mailbox
from inboxcrm.services.consents import open_token
from inboxcrm.services.lead_marks import pin
from inboxcrm.services.leads import add_note
from inboxcrm.store.tables import (
    address,
    audit,
    conversation,
    lead,
    lead_address,
    lead_link,
    mailbox,
    message,
    message_body,
    message_copy,
    participant,
    thread,
)
from inboxcrm.views.inbox import inbox
from inboxcrm.worker.loop import Job, JobKind
from tests.sync.connected import ALICE, TOM, ConnectedOffice

BOB, CAROL = "Bob <bob@customer.example>", "Carol <carol@flowers.example>"
DAVE, ERIN = "Dave <dave@haas.example>", "Erin <erin@mares.example>"
PRIVATE = "Tom <tom@private.example>"


@pytest.fixture
def office(database, tmp_path):
    boxes = [SandboxMailbox(f"{name}@lumenworks.example") for name in ("alice", "tom")]
    with running_sandbox(boxes) as sandbox:
        yield ConnectedOffice(database, sandbox, tmp_path)


@pytest.fixture
def other_office(migrated_sqlite: Path, tmp_path: Path):
    """One that never read Tom's mail, to hold the first against."""
    import shutil

    from inboxcrm.store.database import Database

    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copyfile(migrated_sqlite, folder / "other.db")
    boxes = [SandboxMailbox(f"{name}@lumenworks.example") for name in ("alice", "tom")]
    with (
        Database.open(f"sqlite:///{folder / 'other.db'}") as database,
        running_sandbox(boxes) as sandbox,
    ):
        yield ConnectedOffice(database, sandbox, folder)


def fill(office: ConnectedOffice) -> None:
    """Mail both hold, mail one holds, an answer only Tom gave, and a mail only his copy shows to be ours."""

    def both(sender: str, to: str, *, sent_by: str = "", **how) -> None:
        labels = {name: ("SENT",) if sent_by == name else ("INBOX",) for name in ("alice", "tom")}
        office.deliver(sender, to, box="alice", labels=labels["alice"], **how)
        office.count -= 1
        office.deliver(sender, to, box="tom", labels=labels["tom"], **how)

    both(BOB, f"{ALICE}, {TOM}")
    first = office.count
    office.deliver(f"Tom <{TOM}>", BOB, box="tom", labels=("SENT",), reply_to=first)
    office.deliver(CAROL, TOM, box="tom")
    office.deliver(f"Tom <{TOM}>", DAVE, box="tom", labels=("SENT",))
    both(f"Alice <{ALICE}>", ERIN, sent_by="alice", cc=TOM)
    both(PRIVATE, ALICE, sent_by="tom")
    office.deliver(BOB, ALICE, box="alice", reply_to=first)
    office.deliver(DAVE, ALICE, box="alice", labels=("SPAM",))
    office.deliver(f"Alice <{ALICE}>", TOM, box="tom", labels=("INBOX",))


def end(
    office: ConnectedOffice,
    name: str = TOM,
    *,
    remove: bool,
    account_id: int = 1,
    tells_provider: bool = True,
):
    return disconnect_mailbox(
        office.desk,
        office.viewer(account_id),
        office.id_of(name),
        remove_mail=remove,
        login=office.login if tells_provider else None,
        now=office.machine,
    )


def counts(office: ConnectedOffice) -> dict[str, int]:
    with office.database.read() as tx:
        return {
            table.name: tx.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (message, message_body, message_copy, participant, thread, conversation)
        }


@pytest.fixture
def read_office(office):
    fill(office)
    for one in (ALICE, TOM):
        office.connect(one)
    office.work()
    return office


def test_kept_mail_stays_as_it_is_and_nothing_new_is_read(read_office):
    office = read_office
    before, mail = office.concluded(), counts(office)
    assert end(office, remove=False) == (TOM, True)
    office.deliver("Frank <frank@new.example>", TOM, box="tom")
    office.later(days=1)
    assert [job.mailbox for job in office.work()] == [ALICE]
    assert (office.concluded(), counts(office)) == (before, mail)
    row = office.row(TOM)
    assert (row.auth, row.token, row.scopes, row.owner_id) == ("ended", "", "[]", 1)


def test_the_consent_is_given_back(read_office):
    token = open_token(read_office.desk, TOM)
    assert end(read_office, remove=False) == (TOM, True)
    assert not read_office.login.end(token)


def test_a_provider_that_is_not_there_does_not_keep_anybody(read_office):
    read_office.sandbox.tokens.revoke(TOM)
    assert end(read_office, remove=False) == (TOM, False)
    assert read_office.row(TOM).auth == "ended"


def test_removed_mail_leaves_what_was_there_without_it(read_office, other_office):
    fill(other_office)
    other_office.connect(ALICE)
    other_office.read(ALICE)
    # Its address is ours either way; only its mail was never read.
    other_office.connect(TOM)
    end(read_office, remove=True)
    assert read_office.work() == [Job(JobKind.REMOVE, TOM)]
    assert read_office.concluded() == other_office.concluded()
    assert read_office.mail() == other_office.mail()
    assert counts(read_office) == counts(other_office)
    assert read_office.directions() == other_office.directions()


@pytest.mark.parametrize("pieces", [1, 2, 3, 5])
def test_a_removal_that_was_cut_short_goes_on(read_office, other_office, monkeypatch, pieces):
    monkeypatch.setattr(removing, "AT_A_TIME", 1)
    fill(other_office)
    other_office.connect(ALICE)
    other_office.read(ALICE)
    other_office.connect(TOM)
    end(read_office, remove=True)

    def some() -> Callable[[], bool]:
        left = [False] * pieces
        return lambda: not left or left.pop()

    while not removing.remove_mail(read_office.desk, TOM, should_stop=some()):
        pass
    assert read_office.concluded() == other_office.concluded()
    assert counts(read_office) == counts(other_office)
    assert read_office.row(TOM).auth == "removed"


def test_a_lead_somebody_worked_on_stays(read_office):
    office = read_office
    with office.database.read() as tx:
        number = tx.execute(
            select(lead.c.id)
            .join(lead_address, lead_address.c.lead_id == lead.c.id)
            .join(address, address.c.id == lead_address.c.address_id)
            .where(address.c.key == "carol@flowers.example")
        ).scalar_one()
    add_note(office.desk, office.viewer(), office.desk.ids.seal("lead", number), "Call her.")
    end(office, remove=True)
    office.work()
    assert "carol@flowers.example" in office.leads()
    assert "dave@haas.example" not in office.leads()


def test_removed_mail_is_on_top_of_no_lead(read_office):
    office = read_office
    carols = (
        select(lead.c.id, message.c.id)
        .join(lead_link, lead_link.c.lead_id == lead.c.id)
        .join(message, message.c.id == lead_link.c.message_id)
        .join(address, address.c.id == lead_link.c.address_id)
        .where(address.c.key == "carol@flowers.example")
    )
    with office.database.read() as tx:
        number, mail = tx.execute(carols).one()
    seal = office.desk.ids.seal
    pin(office.desk, office.viewer(), seal("lead", number), seal("message", mail))
    end(office, remove=True)
    office.work()
    with office.database.read() as tx:
        [(pinned,)] = tx.execute(select(lead.c.pinned_message_id).where(lead.c.id == number)).all()
    assert pinned is None, "and the lead somebody worked on is still there"


def test_what_names_removed_mail_never_comes_to_name_other_mail(read_office):
    """Stops, rests and entries on timelines keep the number of the mail they rest on; it leads nowhere from then on."""
    office = read_office
    numbers = {table.name: set(ids_of(office, table)) for table in (message, thread)}
    end(office, remove=True)
    office.work()
    left = {table.name: set(ids_of(office, table)) for table in (message, thread)}
    for count in range(9):
        office.deliver(f"Frank <frank{count}@new.example>", ALICE, box="alice")
    office.later(days=1)
    office.work()
    for table in (message, thread):
        gone = numbers[table.name] - left[table.name]
        assert gone
        assert len(set(ids_of(office, table)) - left[table.name]) == 9
        assert not gone & set(ids_of(office, table)), table.name


def ids_of(office: ConnectedOffice, table: Table) -> list[int]:
    with office.database.read() as tx:
        return list(tx.execute(select(table.c.id)).scalars())


def test_a_run_under_way_stores_nothing_after_the_end(office):
    from inboxcrm.errors import BusyMailboxError

    fill(office)
    office.connect(TOM)
    seen: list[int] = []

    def end_it(progress) -> None:
        if not seen:
            seen.append(progress.listed)
            end(office, remove=True, tells_provider=False)

    with pytest.raises(BusyMailboxError):
        office.read(TOM, on_progress=end_it)
    assert seen
    office.work()
    assert counts(office)["message"] == 0
    assert office.row(TOM).auth == "removed"


def test_a_removed_mailbox_can_be_connected_as_if_it_were_new(read_office):
    before = read_office.concluded()
    end(read_office, remove=True)
    read_office.work()
    made = read_office.connect(TOM, read_office.bea)
    assert made.is_new
    assert read_office.row(TOM).owner_id == read_office.bea
    read_office.work()
    assert read_office.concluded() == before


def test_mail_kept_at_first_can_be_removed_later(read_office):
    end(read_office, remove=False)
    end(read_office, remove=True)
    read_office.work()
    assert read_office.row(TOM).auth == "removed"


def test_while_mail_is_removed_the_mailbox_is_not_connected_again(read_office):
    end(read_office, remove=True)
    with pytest.raises(RefusedError):
        read_office.connect(TOM)


def test_the_inbox_shows_no_word_of_it_any_more(read_office):
    end(read_office, remove=True)
    read_office.work()
    subjects = [row.subject for row in inbox(read_office.desk, read_office.viewer()).rows]
    assert len(subjects) == len(set(subjects)) == 3


def test_colleagues_cannot_end_it(office):
    office.connect(TOM, office.bea)
    with pytest.raises(NotFoundError):
        end(office, remove=True, account_id=office.mira)
    end(office, remove=True, account_id=office.bea)


def test_it_is_written_down(read_office):
    end(read_office, remove=True)
    with read_office.database.read() as tx:
        kinds = list(tx.execute(select(audit.c.kind).order_by(audit.c.id)).scalars())
        assert tx.execute(select(mailbox.c.token).where(mailbox.c.name == TOM)).scalar_one() == ""
    assert kinds == ["mailbox_connected", "mailbox_connected", "mailbox_removed"]
