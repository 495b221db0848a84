from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from inboxcrm.errors import UsageError
from inboxcrm.services.idempotency import run_once
from inboxcrm.services.leads import add_note, create_lead
from inboxcrm.store.tables import activity, idempotency_key
from inboxcrm.views.leads import lead_page
from tests.views.correspondence import Office, open_office


class PowerCutError(Exception):
    pass


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


@pytest.fixture
def bob(office):
    return create_lead(office.desk, office.viewer, "bob@bakery.example", "Bob").lead_id


def noting(office, bob, text="Hello"):
    def act(desk):
        done = add_note(desk, office.viewer, bob, text)
        # What the answer shows is already changed, though nothing is committed yet.
        lines = lead_page(desk, office.viewer, bob).timeline
        return 200, f"{done.undo} {len(lines)}".encode()

    return act


def notes(office):
    with office.desk.database.read() as tx:
        where = activity.c.kind == "note"
        return tx.execute(select(func.count()).select_from(activity).where(where)).scalar_one()


def test_a_repeated_request_is_done_once_and_answered_alike(office, bob):
    first = run_once(office.desk, office.viewer, "k1", "f", noting(office, bob))
    second = run_once(office.desk, office.viewer, "k1", "f", noting(office, bob))
    assert first == second
    assert first[1].endswith(b" 2")
    assert notes(office) == 1


def test_another_key_is_another_request(office, bob):
    run_once(office.desk, office.viewer, "k1", "f", noting(office, bob))
    run_once(office.desk, office.viewer, "k2", "f", noting(office, bob))
    assert notes(office) == 2


def test_no_key_runs_plainly(office, bob):
    for _ in range(2):
        run_once(office.desk, office.viewer, "", "f", noting(office, bob))
    assert notes(office) == 2


def test_a_key_used_for_something_else_is_refused(office, bob):
    run_once(office.desk, office.viewer, "k1", "f", noting(office, bob))
    with pytest.raises(UsageError, match="another request"):
        run_once(office.desk, office.viewer, "k1", "g", noting(office, bob, "Other"))
    assert notes(office) == 1


def test_a_failure_leaves_neither_change_nor_key(office, bob):
    def act(desk):
        add_note(desk, office.viewer, bob, "Hello")
        raise PowerCutError

    with pytest.raises(PowerCutError):
        run_once(office.desk, office.viewer, "k1", "f", act)
    assert notes(office) == 0
    run_once(office.desk, office.viewer, "k1", "f", noting(office, bob))
    assert notes(office) == 1


def test_a_crash_before_the_commit_leaves_neither_change_nor_key(office, bob, monkeypatch):
    def crash(_tx):
        raise PowerCutError

    with monkeypatch.context() as patched:
        patched.setattr(office.desk.database, "_commit", crash)
        with pytest.raises(PowerCutError):
            run_once(office.desk, office.viewer, "k1", "f", noting(office, bob))
    assert notes(office) == 0
    run_once(office.desk, office.viewer, "k1", "f", noting(office, bob))
    assert notes(office) == 1


def test_a_refused_request_may_be_sent_again(office, bob):
    assert run_once(office.desk, office.viewer, "k1", "f", lambda _: (409, b"no")) == (409, b"no")
    assert run_once(office.desk, office.viewer, "k1", "f", lambda _: (200, b"yes")) == (
        200,
        b"yes",
    )


def test_a_part_that_failed_inside_leaves_nothing_of_itself(office, bob):
    def act(desk):
        add_note(desk, office.viewer, bob, "Kept")
        with pytest.raises(UsageError):
            add_note(desk, office.viewer, bob, "")
        return 200, b"ok"

    run_once(office.desk, office.viewer, "k1", "f", act)
    assert notes(office) == 1


def test_the_same_key_twice_at_once_is_done_once(office, bob):
    answers = []

    def send():
        answers.append(run_once(office.desk, office.viewer, "k1", "f", noting(office, bob)))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert notes(office) == 1


def test_old_answers_are_forgotten(office, bob):
    def kept() -> list[str]:
        with office.desk.database.read() as tx:
            keys = tx.execute(select(idempotency_key.c.key).order_by(idempotency_key.c.key))
            return [key.partition(":")[2] for key in keys.scalars()]

    for key, held in (("k1", ["k1"]), ("k2", ["k1", "k2"]), ("k3", ["k2", "k3"])):
        run_once(office.desk, office.viewer, key, "f", noting(office, bob))
        assert kept() == held
        office.pass_time(days=1.5)
