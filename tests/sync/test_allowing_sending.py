"""Reading is asked for first and sending when somebody wants it: for that very mailbox, or nothing changes."""

from __future__ import annotations

import json

import pytest

from inboxcrm.errors import Denied, NotFoundError, RefusedError
from inboxcrm.gmail.rights import READONLY, SENDING
from inboxcrm.ports import Right
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.services.connecting import disconnect_mailbox
from inboxcrm.services.consents import (
    asked_to_send,
    begin_connecting,
    finish_connecting,
    open_token,
)
from inboxcrm.views.audit import WORDS, audit_lines
from inboxcrm.views.mailbox_health import mailbox_health
from tests.consenting import click, part
from tests.sync.connected import ALICE, HOME, TOM, ConnectedOffice


@pytest.fixture
def office(database, tmp_path):
    boxes = [SandboxMailbox(f"{name}@lumenworks.example") for name in ("alice", "tom")]
    with running_sandbox(boxes) as sandbox:
        yield ConnectedOffice(database, sandbox, tmp_path)


def ask(office, mailbox_id, account_id=1) -> str:
    return begin_connecting(
        office.desk,
        office.asker(account_id),
        office.login,
        redirect_uri=HOME,
        mailbox_id=mailbox_id,
        right=Right.SEND,
    )


def answer(office, back, account_id=1):
    return finish_connecting(
        office.desk,
        office.asker(account_id),
        office.login,
        state=part(back, "state"),
        answer=back,
    )


def rights(office) -> set[str]:
    return {scope.rpartition("/")[2] for scope in json.loads(office.row(TOM).scopes)}


def test_sending_is_allowed_when_it_is_wanted_and_reading_goes_on(office):
    made = office.connect(TOM, office.bea)
    assert rights(office) == {"gmail.readonly"}
    url = ask(office, made.id, office.bea)
    assert f"login_hint={TOM.replace('@', '%40')}" in url
    done = answer(office, click(url, TOM), office.bea)
    assert (done.id, done.is_new, done.right) == (made.id, False, Right.SEND)
    assert rights(office) == {"gmail.readonly", "gmail.compose"}
    assert office.read(TOM).state == "live"
    [health] = mailbox_health(office.desk, office.viewer(office.bea)).mailboxes
    assert (health.may_send, health.may_ask_to_send) == (True, False)


def test_the_audit_log_says_who_allowed_it(office):
    made = office.connect(TOM, office.bea)
    answer(office, click(ask(office, made.id, office.bea), TOM), office.bea)
    line = audit_lines(office.desk, office.viewer()).lines[0]
    assert (line.who, line.did, line.about) == ("Bea", WORDS["mailbox_sending"], TOM)


@pytest.mark.parametrize(
    "how",
    [
        {"answer": "deny"},
        {"without": ("compose",)},
        {"without": ("compose", "readonly")},
        {"address": ALICE},
    ],
)
def test_a_no_leaves_the_mailbox_as_it_was(office, how):
    made = office.connect(TOM)
    before, token = office.row(TOM), open_token(office.desk, TOM)
    back = click(ask(office, made.id), **({"address": TOM} | how))
    with pytest.raises(Denied):
        answer(office, back)
    assert office.row(TOM) == before
    assert open_token(office.desk, TOM) == token
    assert office.read(TOM).state == "live"


def test_whose_answer_it_is_can_be_told_before_it_counts(office):
    made = office.connect(TOM, office.bea)
    state = part(click(ask(office, made.id, office.bea), TOM), "state")
    told = [
        asked_to_send(office.desk, office.asker(who, session=session), state)
        for who, session in ((office.bea, "one"), (office.bea, "two"), (office.mira, "one"))
    ]
    assert told == [made.id, "", ""]
    reading = part(click(office.begin(), TOM), "state")
    assert asked_to_send(office.desk, office.asker(), reading) == ""
    assert asked_to_send(office.desk, office.asker(), "made up") == ""


def test_a_colleague_cannot_ask_for_it(office):
    made = office.connect(TOM, office.bea)
    with pytest.raises(NotFoundError):
        ask(office, made.id, office.mira)


def test_it_is_asked_for_a_mailbox_that_is_connected(office):
    made = office.connect(TOM)
    with pytest.raises(RefusedError):
        ask(office, "")
    late = click(ask(office, made.id), TOM)
    disconnect_mailbox(
        office.desk, office.viewer(), made.id, remove_mail=False, login=None, now=office.machine
    )
    with pytest.raises(RefusedError):
        ask(office, made.id)
    with pytest.raises(RefusedError):
        answer(office, late)
    assert office.row(TOM).auth == "ended"


def test_what_the_settings_declare_gets_it_by_command(office):
    office.declare("alice", scopes=(READONLY,))
    with pytest.raises(RefusedError):
        ask(office, office.id_of("alice"))
    [health] = mailbox_health(office.desk, office.viewer()).mailboxes
    assert (health.may_send, health.may_ask_to_send) == (False, False)
    assert health.sending_command == "inboxcrm connect gmail --mailbox alice --sending"
    [seen] = mailbox_health(office.desk, office.viewer(office.bea)).mailboxes
    assert seen.sending_command == "", "who looks after it runs commands"
    office.declare("alice", scopes=(READONLY, SENDING))
    [health] = mailbox_health(office.desk, office.viewer()).mailboxes
    assert (health.may_send, health.sending_command) == (True, "")
