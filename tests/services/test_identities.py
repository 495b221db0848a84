"""Whom a sign-in elsewhere opens which account to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from inboxcrm.ports import Identified
from inboxcrm.services.identities import SignInPolicy, StrangerError, sign_in_elsewhere
from inboxcrm.services.sessions import find_session
from inboxcrm.store.tables import account
from tests.views.correspondence import Office, open_office

NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
OPEN = SignInPolicy(frozenset({"ourfirm.example"}), frozenset({"dave@gmail.com"}))


@pytest.fixture
def office(database) -> Office:
    office = open_office(database)
    with database.write() as tx:
        tx.execute(
            account.update().where(account.c.id == 1).values(address="alice@ourfirm.example")
        )
    return office


def bea(**more) -> Identified:
    values = {
        "provider": "google",
        "subject": "1001",
        "address": "bea@ourfirm.example",
        "name": "Bea Rusk",
        "domain": "ourfirm.example",
        "vouches": True,
    }
    return Identified(**(values | more))


def comes(office: Office, who: Identified, policy: SignInPolicy = OPEN) -> int:
    token = sign_in_elsewhere(office.desk, who, policy, browser="", now=NOW)
    opened = find_session(office.desk, token, now=NOW)
    assert opened is not None
    return opened.viewer.account_id


def accounts(office: Office) -> list:
    with office.desk.database.read() as tx:
        return tx.execute(select(account).order_by(account.c.id)).all()


def test_a_colleague_of_an_allowed_domain_gets_an_account_as_a_rep_and_the_same_again(office):
    made = comes(office, bea())
    assert comes(office, bea()) == made
    row = accounts(office)[-1]
    assert (row.id, row.role, row.name, row.identity) == (made, "rep", "Bea Rusk", "google:1001")


def test_an_account_is_known_by_its_subject_whatever_the_address_becomes(office):
    made = comes(office, bea())
    assert comes(office, bea(address="bea.lind@ourfirm.example")) == made


def test_somebody_else_who_got_the_address_later_does_not_get_the_account(office):
    comes(office, bea())
    with pytest.raises(StrangerError):
        comes(office, bea(subject="2002"))


def test_who_has_an_account_by_password_finds_it_if_the_provider_vouches(office):
    assert comes(office, bea(address="alice@ourfirm.example"), SignInPolicy()) == 1
    assert accounts(office)[0].identity == "google:1001"


def test_an_address_nobody_vouches_for_opens_nothing(office):
    who = bea(address="alice@ourfirm.example", domain="", vouches=False)
    with pytest.raises(StrangerError):
        comes(office, who)
    assert accounts(office)[0].identity == ""


@pytest.mark.parametrize(
    "who",
    [
        bea(domain="elsewhere.example", address="bea@elsewhere.example"),
        bea(domain="", vouches=True, address="eve@gmail.com"),
        bea(domain="", vouches=False),
        bea(domain="", vouches=False, address="dave@gmail.com"),
        bea(domain="evil.ourfirm.example", address="bea@evil.ourfirm.example"),
    ],
)
def test_strangers_get_nothing_and_leave_no_account(office, who):
    before = len(accounts(office))
    with pytest.raises(StrangerError):
        comes(office, who)
    assert len(accounts(office)) == before


def test_a_single_allowed_person_may_come(office):
    assert comes(office, bea(subject="7", address="Dave@gmail.com", domain="")) > 1


def test_a_closed_account_stays_closed(office):
    made = comes(office, bea())
    with office.desk.database.write() as tx:
        tx.execute(account.update().where(account.c.id == made).values(is_closed=True))
    with pytest.raises(StrangerError):
        comes(office, bea())


def test_nobody_becomes_the_first_by_signing_in_elsewhere(database):
    with pytest.raises(StrangerError):
        comes(open_office(database), bea())
