"""Exchanging the key while the program runs: no token is lost, wherever the exchange dies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.fernet import Fernet

from inboxcrm.errors import Reauth, UsageError
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.services import keys
from inboxcrm.services.consents import open_token
from inboxcrm.services.keys import rotate_keys
from inboxcrm.store.sealed import Seals, write_keys
from tests.sync.connected import ALICE, TOM, ConnectedOffice


class PowerCutError(Exception):
    pass


@pytest.fixture
def office(database, tmp_path):
    boxes = [SandboxMailbox(f"{name}@lumenworks.example") for name in ("alice", "tom")]
    with running_sandbox(boxes) as sandbox:
        made = ConnectedOffice(database, sandbox, tmp_path)
        made.connect(ALICE)
        made.connect(TOM)
        yield made


def tokens(office) -> list[str]:
    return [open_token(office.desk, name) for name in (ALICE, TOM)]


def test_everything_is_sealed_anew_and_the_old_key_is_gone(office):
    before, sealed, old = tokens(office), office.row(TOM).token, office.seals.keys()
    assert rotate_keys(office.desk).resealed == 2
    assert tokens(office) == before
    assert office.row(TOM).token != sealed
    assert len(office.seals.keys()) == 1
    assert set(old).isdisjoint(office.seals.keys())


def test_a_program_that_runs_follows_without_a_restart(office):
    running = replace(office.desk)
    rotate_keys(office.desk)
    assert open_token(running, TOM)


@pytest.mark.parametrize("step", ["write_keys", "_reseal", "_needing_old", "write_keys again"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_step_loses_nothing(office, monkeypatch, step, when):
    before = tokens(office)
    name, _, again = step.partition(" ")
    real, calls = getattr(keys, name), []

    def dying(*given, **how):
        calls.append(name)
        is_it = len(calls) == (2 if again else 1)
        if is_it and when == "before":
            raise PowerCutError
        result = real(*given, **how)
        if is_it:
            raise PowerCutError
        return result

    monkeypatch.setattr(keys, name, dying)
    with pytest.raises(PowerCutError):
        rotate_keys(office.desk)
    monkeypatch.setattr(keys, name, real)
    assert tokens(office) == before
    office.connect(TOM)
    rotate_keys(office.desk)
    assert len(office.seals.keys()) == 1
    assert tokens(office)[0] == before[0]


def test_a_token_sealed_with_the_old_key_after_the_exchange_keeps_it(office, monkeypatch):
    """Whoever seals without the transaction's protection would be the only way to get here; even then nothing is lost."""
    real = keys._reseal
    old = office.seals.keys()

    def late(desk):
        done = real(desk)
        late_one = Seals(old[0]).seal("late", purpose=TOM)
        with desk.database.write() as tx:
            keys.reseal_tokens(tx, {office.row(TOM).id: late_one})
        return done

    monkeypatch.setattr(keys, "_reseal", late)
    assert "Run this again" in rotate_keys(office.desk).next
    assert open_token(office.desk, TOM) == "late"


def test_what_no_key_opens_is_named_and_left(office):
    with office.database.write() as tx:
        keys.reseal_tokens(
            tx, {office.row(TOM).id: Fernet(Fernet.generate_key()).encrypt(b"x").decode()}
        )
    done = rotate_keys(office.desk)
    assert (done.resealed, done.lost) == (1, (TOM,))
    with pytest.raises(Reauth):
        open_token(office.desk, TOM)


def test_a_key_in_the_environment_is_exchanged_in_two_steps(office):
    before, old = tokens(office), office.seals.keys()[0]
    office.seals = Seals(old)
    with pytest.raises(UsageError) as caught:
        rotate_keys(office.desk)
    assert "NEW,OLD" in caught.value.remedy
    assert old not in f"{caught.value} {caught.value.remedy}"
    new = Fernet.generate_key().decode()
    office.seals = Seals(f"{new},{old}")
    assert rotate_keys(office.desk).resealed == 2
    office.seals = Seals(new)
    assert tokens(office) == before


def test_without_any_key_there_is_nothing_to_exchange(office):
    office.seals = Seals()
    with pytest.raises(UsageError):
        rotate_keys(office.desk)


def test_a_wrong_key_means_reconnect(office):
    write_keys(office.folder / "inboxcrm.key", [Fernet.generate_key().decode()])
    with pytest.raises(Reauth):
        open_token(office.desk, TOM)
