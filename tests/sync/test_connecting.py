"""Mailboxes connected in the browser: who may, what is kept of it, and how they are read."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text

from inboxcrm.errors import (
    Denied,
    FieldsError,
    ForbiddenError,
    NotFoundError,
    Reauth,
    RefusedError,
    UsageError,
)
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.services import connecting
from inboxcrm.services.connecting import MailboxChanges, change_mailbox, set_paused, sync_now
from inboxcrm.services.consents import (
    begin_connecting,
    finish_connecting,
    list_connected,
    open_token,
)
from inboxcrm.store.sealed import Seals
from inboxcrm.store.tables import consent
from inboxcrm.worker.loop import Job, JobKind
from tests.consenting import click, part
from tests.sync.connected import ALICE, HOME, TOM, ConnectedOffice


@pytest.fixture
def office(database, tmp_path):
    boxes = [SandboxMailbox(f"{name}@lumenworks.example") for name in ("alice", "tom")]
    with running_sandbox(boxes) as sandbox:
        yield ConnectedOffice(database, sandbox, tmp_path)


def ask(office, account_id=1, **how):
    return begin_connecting(
        office.desk, office.asker(account_id), office.login, redirect_uri=HOME, **how
    )


def answer(office, back, account_id=1, *, session="one"):
    return finish_connecting(
        office.desk,
        office.asker(account_id, session=session),
        office.login,
        state=part(back, "state"),
        answer=back,
    )


# --- connecting --------------------------------------------------------------------------


def test_a_mailbox_belongs_to_whoever_connected_it_and_is_private(office):
    made = office.connect(TOM, office.bea)
    row = office.row(TOM)
    assert made.is_new
    assert (row.made_in, row.owner_id, row.visibility, row.provider) == (
        "browser",
        office.bea,
        "private",
        "gmail",
    )
    assert json.loads(row.scopes) == ["https://www.googleapis.com/auth/gmail.readonly"]
    assert office.viewer(office.mira).mailbox_ids == frozenset()


def test_the_token_lies_sealed_and_nowhere_else(office):
    office.connect(TOM)
    secret = json.loads(open_token(office.desk, TOM))["refresh_token"]
    assert secret not in office.row(TOM).token
    with office.database.read() as tx:
        for table in ("mailbox", "consent", "setting", "audit"):
            assert secret not in str(tx.execute(text(f"SELECT * FROM {table}")).all())
    assert (office.folder / "inboxcrm.key").stat().st_mode & 0o777 == 0o600


def test_connecting_it_again_is_reconnecting(office):
    first = office.connect(TOM, office.bea)
    again = office.connect(TOM, office.bea)
    assert (again.id, again.is_new) == (first.id, False)


def test_a_colleagues_mailbox_is_not_taken_over(office):
    office.connect(TOM, office.bea)
    with pytest.raises(RefusedError) as caught:
        office.connect(TOM, office.mira)
    assert "colleague" in caught.value.message
    assert office.row(TOM).owner_id == office.bea


def test_what_the_settings_declare_is_not_connected_twice(office):
    office.declare("alice")
    with pytest.raises(RefusedError) as caught:
        office.connect(ALICE)
    assert "settings file already, as alice" in caught.value.message


def test_reconnecting_means_the_same_mailbox(office):
    made = office.connect(TOM)
    with pytest.raises(Denied) as caught:
        office.connect(TOM, chosen=ALICE, mailbox_id=made.id)
    assert f"this mailbox is {TOM}" in caught.value.message
    assert [name for name, _ in list_connected(office.desk)] == [TOM]


def test_nobody_but_owner_and_admin_reconnects(office):
    made = office.connect(TOM, office.bea)
    with pytest.raises(NotFoundError):
        ask(office, office.mira, mailbox_id=made.id)
    assert ask(office, 1, mailbox_id=made.id)


def test_declared_mailboxes_are_reconnected_by_command(office):
    office.declare("alice")
    with pytest.raises(RefusedError):
        ask(office, mailbox_id=office.id_of("alice"))


# --- the answer --------------------------------------------------------------------------


def test_an_answer_counts_once(office):
    back = click(ask(office), TOM)
    answer(office, back)
    with pytest.raises(ForbiddenError):
        answer(office, back)


@pytest.mark.parametrize(("who", "session"), [("bea", "one"), ("alice", "another")])
def test_an_answer_belongs_to_the_account_and_the_session_that_asked(office, who, session):
    back = click(ask(office), TOM)
    with pytest.raises(ForbiddenError):
        answer(office, back, {"alice": 1, "bea": office.bea}[who], session=session)


def test_an_answer_nobody_asked_for_is_refused(office):
    with pytest.raises(ForbiddenError):
        answer(office, "state=made-up&code=4/x")


def test_an_answer_has_ten_minutes(office):
    back = click(ask(office), TOM)
    office.wait_for_machine(minutes=11)
    with pytest.raises(RefusedError) as caught:
        answer(office, back)
    assert "ten minutes" in caught.value.message


def test_questions_nobody_answers_are_forgotten(office):
    ask(office)
    office.wait_for_machine(minutes=11)
    ask(office)
    with office.database.read() as tx:
        assert len(tx.execute(select(consent.c.state_hash)).all()) == 1


@pytest.mark.parametrize("how", [{"answer": "deny"}, {"without": ("readonly",)}])
def test_a_no_leaves_nothing_behind(office, how):
    back = click(ask(office), TOM, **how)
    with pytest.raises(Denied):
        answer(office, back)
    assert office.work() == []


# --- the key -----------------------------------------------------------------------------


def test_a_lost_key_means_reconnect(office):
    made = office.connect(TOM)
    (office.folder / "inboxcrm.key").unlink()
    with pytest.raises(Reauth) as caught:
        office.read(TOM)
    assert "Reconnect" in caught.value.remedy
    office.connect(TOM, mailbox_id=made.id)
    assert office.read(TOM).state == "live"


def test_a_token_moved_to_another_row_opens_nothing(office):
    office.connect(TOM)
    office.connect(ALICE)
    with office.database.write() as tx:
        tx.execute(
            text("UPDATE mailbox SET token = :token WHERE name = :name"),
            {"token": office.row(TOM).token, "name": ALICE},
        )
    with pytest.raises(Reauth):
        open_token(office.desk, ALICE)


def test_without_a_key_nobody_is_sent_to_the_provider(office):
    office.seals = Seals()
    with pytest.raises(UsageError) as caught:
        ask(office)
    assert "INBOXCRM_KEY" in caught.value.remedy


# --- reading -----------------------------------------------------------------------------


def test_the_worker_reads_what_was_connected_while_it_runs(office):
    assert office.work() == []
    office.deliver("Bob <bob@customer.example>", TOM, box="tom")
    office.connect(TOM)
    assert office.work() == [Job(JobKind.SYNC, TOM)]
    assert office.leads() == {"bob@customer.example"}
    assert office.work() == []


def test_consent_taken_back_is_one_clear_sentence_and_a_button(office):
    made = office.connect(TOM)
    office.sandbox.tokens.revoke(TOM)
    office.work()
    row = office.row(TOM)
    assert row.auth == "reauth"
    assert "Google has ended this mailbox's consent" in row.trouble
    assert "Choose Reconnect on the Mailboxes page" in row.trouble
    assert "inboxcrm connect" not in row.trouble
    office.connect(TOM, mailbox_id=made.id)
    assert (office.row(TOM).auth, office.row(TOM).trouble) == ("ok", "")
    assert office.work() == [Job(JobKind.SYNC, TOM)]


def test_a_replaced_token_is_kept(office):
    office.connect(TOM)
    before = open_token(office.desk, TOM)
    office.sandbox.tokens.rotates_refresh_tokens = True
    office.sandbox.tokens.expire_access()
    for _ in range(3):
        office.read(TOM)
        office.sandbox.tokens.expire_access()
    assert open_token(office.desk, TOM) != before


def test_a_paused_mailbox_is_left_alone_until_it_is_resumed(office):
    made = office.connect(TOM)
    set_paused(office.desk, office.viewer(), made.id, paused=True, now=office.machine)
    assert office.work() == []
    with pytest.raises(RefusedError):
        sync_now(office.desk, office.viewer(), made.id)
    set_paused(office.desk, office.viewer(), made.id, paused=False, now=office.machine)
    assert office.work() == [Job(JobKind.SYNC, TOM)]


def test_sync_now_does_not_wait_out_the_pause_of_a_fault(office):
    made = office.connect(TOM)
    office.work()
    assert office.work() == []
    sync_now(office.desk, office.viewer(), made.id)
    assert office.work() == [Job(JobKind.SYNC, TOM)]


# --- what may be changed, and by whom ----------------------------------------------------


def test_only_owner_and_admin_change_a_mailbox(office):
    made = office.connect(TOM, office.bea)
    for change in (
        lambda viewer: set_paused(office.desk, viewer, made.id, paused=True, now=office.machine),
        lambda viewer: sync_now(office.desk, viewer, made.id),
        lambda viewer: change_mailbox(
            office.desk, viewer, made.id, MailboxChanges("ask", "shared"), now=office.machine
        ),
        lambda viewer: connecting.disconnect_mailbox(
            office.desk, viewer, made.id, remove_mail=True, login=None, now=office.machine
        ),
    ):
        with pytest.raises(NotFoundError):
            change(office.viewer(office.mira))
    set_paused(office.desk, office.viewer(office.bea), made.id, paused=True, now=office.machine)
    set_paused(office.desk, office.viewer(1), made.id, paused=False, now=office.machine)


def test_what_the_settings_declare_is_changed_there(office):
    office.declare("alice")
    with pytest.raises(RefusedError):
        set_paused(
            office.desk, office.viewer(), office.id_of("alice"), paused=True, now=office.machine
        )


def test_members_read_it_as_the_owner_does(office):
    made = office.connect(TOM, office.bea)
    mira = office.desk.ids.seal("account", office.mira)
    change = MailboxChanges("enquiry", "private", members=(mira,))
    change_mailbox(office.desk, office.viewer(office.bea), made.id, change, now=office.machine)
    assert office.viewer(office.mira).mailbox_ids is None
    change = MailboxChanges("enquiry", "subjects")
    change_mailbox(office.desk, office.viewer(office.bea), made.id, change, now=office.machine)
    assert office.viewer(office.mira).subject_ids == {office.row(TOM).id}


def test_another_mode_decides_anew(office):
    office.deliver("Bob <bob@customer.example>", TOM, box="tom")
    made = office.connect(TOM)
    office.work()
    change = MailboxChanges("ask", "private")
    change_mailbox(office.desk, office.viewer(), made.id, change, now=office.machine)
    assert office.captured("bob@customer.example") == ("candidate", "asked")
    assert office.leads() == set()


def test_an_earlier_first_day_reads_on_from_there(office):
    made = office.connect(TOM)
    late = MailboxChanges("enquiry", "private", since="2030-01-01")
    change_mailbox(office.desk, office.viewer(), made.id, late, now=office.machine)
    office.deliver("Bob <bob@customer.example>", TOM, box="tom")
    office.work()
    assert office.leads() == set()
    change = MailboxChanges("enquiry", "private")
    change_mailbox(office.desk, office.viewer(), made.id, change, now=office.machine)
    assert office.work() == [Job(JobKind.AUDIT, TOM)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (MailboxChanges("everybody", "private"), "capture"),
        (MailboxChanges("ask", "the world"), "visibility"),
        (MailboxChanges("ask", "private", since="soon"), "since"),
        (MailboxChanges("ask", "private", since="0001-01-01"), "since"),
        (MailboxChanges("ask", "private", members=("aaaaaaaaaaaaa",)), "members"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field(office, changes, field):
    made = office.connect(TOM)
    with pytest.raises(FieldsError) as caught:
        change_mailbox(office.desk, office.viewer(), made.id, changes, now=office.machine)
    assert list(caught.value.problems) == [field]
