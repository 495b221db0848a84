"""Secrets under a key that lies elsewhere."""

from __future__ import annotations

import logging

import pytest

from inboxcrm.errors import UsageError
from inboxcrm.store.sealed import Seals, new_key, write_keys

SECRET = "1//a-token-nobody-may-see"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "inboxcrm.key"


def test_the_key_is_made_at_first_need_for_its_owners_eyes(path):
    seals = Seals("", path, may_make=True)
    assert seals.keys() == ()
    assert not path.exists()
    sealed = seals.seal(SECRET, purpose="tom")
    assert path.stat().st_mode & 0o777 == 0o600
    assert SECRET not in sealed
    assert seals.open(sealed, purpose="tom") == SECRET
    assert [one.name for one in path.parent.iterdir()] == ["inboxcrm.key"]


def test_a_key_file_that_was_named_is_never_made(path):
    with pytest.raises(UsageError) as caught:
        Seals("", path).seal(SECRET, purpose="tom")
    assert "keys new" in caught.value.remedy


def test_two_that_begin_together_use_one_key(path):
    first, second = Seals("", path, may_make=True), Seals("", path, may_make=True)
    assert first.open(second.seal(SECRET, purpose="tom"), purpose="tom") == SECRET
    assert not write_keys(path, [new_key()], only_new=True)


@pytest.mark.parametrize("sealed", ["", "x", "gAAAAA", "ü", "gAAAAABh" + "A" * 200])
def test_what_is_not_ours_opens_to_nothing(path, sealed):
    assert Seals(new_key()).open(sealed, purpose="tom") is None


def test_another_purpose_opens_nothing():
    seals = Seals(new_key())
    assert seals.open(seals.seal(SECRET, purpose="tom"), purpose="alice") is None


def test_older_keys_still_open(path):
    old, new = new_key(), new_key()
    sealed = Seals(old).seal(SECRET, purpose="tom")
    assert Seals(f"{new}, {old}").open(sealed, purpose="tom") == SECRET
    write_keys(path, [new, old])
    assert Seals("", path).open(sealed, purpose="tom") == SECRET


@pytest.mark.parametrize(
    "text", ["not-a-key", "0123456789" * 5, "of the right kind but cut sho", "päss"]
)
def test_a_broken_key_is_told_without_being_repeated(text):
    with pytest.raises(UsageError) as caught:
        Seals(text).seal(SECRET, purpose="tom")
    said = f"{caught.value} {caught.value.remedy} {Seals(text)!r}"
    assert text not in said
    assert SECRET not in said


def test_a_file_others_can_read_is_made_private(path):
    write_keys(path, [new_key()])
    path.chmod(0o644)
    assert Seals("", path).keys()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_read_is_told(path):
    path.mkdir()
    with pytest.raises(UsageError) as caught:
        Seals("", path).keys()
    assert "cannot be read" in caught.value.message


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(UsageError) as caught:
        Seals("", tmp_path / "nowhere" / "inboxcrm.key", may_make=True).check()
    assert "cannot be written" in caught.value.message


def test_nothing_is_logged(path, caplog):
    caplog.set_level(logging.DEBUG)
    seals = Seals("", path, may_make=True)
    seals.open(seals.seal(SECRET, purpose="tom"), purpose="other")
    assert caplog.text == ""
