"""Files that are no mailbox, or half of one: what can be read is read, and the rest is said."""

from __future__ import annotations

import gzip

import pytest

from tests.journeys.mails import ARCHIVE, IMPORT, SEPARATOR, mail, many


@pytest.fixture
def shop(home):
    home.config(ARCHIVE)
    return home


def test_a_truncated_mbox_keeps_its_last_mail_with_a_defect(shop):
    whole = many(3)
    shop.file("mail.mbox", whole[: whole.rindex("forty")])
    assert shop.type(*IMPORT, "--json").report["stored"] == 3
    rows = shop.type("messages", "list", "--json").document["messages"]
    [last] = [row for row in rows if row["subject"] == "Chairs 2"]
    shown = shop.type("messages", "show", last["id"])
    assert "an offer for" in shown.out
    assert "The file ends in the middle of this mail." in shown.out
    [first] = [row for row in rows if row["subject"] == "Chairs 0"]
    assert "ends in the middle" not in shop.type("messages", "show", first["id"]).out


def test_a_truncated_mbox_that_is_mended_later_is_completed(shop):
    whole = many(3)
    shop.file("mail.mbox", whole[: whole.rindex("Chairs 2")])
    shop.type(*IMPORT)
    shop.file("mail.mbox", whole)
    assert shop.type(*IMPORT, "--json").report["stored"] == 1
    subjects = [
        row["subject"] for row in shop.type("messages", "list", "--json").document["messages"]
    ]
    assert subjects.count("Chairs 2") == 1


def test_a_corrupt_mbox_loses_only_what_is_corrupt(shop):
    rubbish = bytes(range(256)) * 40
    broken = (
        SEPARATOR.encode()
        + b"Content-Type: multipart/mixed; boundary=\xff\xfe\nSubject: =?utf-9?Z?\x00\xff?=\n\n"
        + rubbish
        + b"\n\n"
    )
    shop.file("mail.mbox", rubbish + b"\n" + mail(1).encode() + broken + mail(2).encode())
    done = shop.type(*IMPORT, "--json")
    assert (done.code, done.report["stored"], done.report["quarantined"]) == (0, 4, 0)
    listed = shop.type("messages", "list")
    assert listed.code == 0
    assert "Chairs 1" in listed.out
    assert "Chairs 2" in listed.out
    for row in shop.type("messages", "list", "--json").document["messages"]:
        assert shop.type("messages", "show", row["id"]).code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (gzip.compress(mail(1).encode()), "is packed (gzip)"),
        (b"PK\x03\x04" + b"x" * 100, "is packed (zip)"),
        (b"Dear Alice,\nno mail here.\n", "is no mbox file"),
        (b"\x00" * 10_000, "is no mbox file"),
    ],
)
def test_a_file_that_is_no_mbox_is_refused_with_what_to_do(shop, content, words):
    shop.file("mail.mbox", content)
    done = shop.type(*IMPORT)
    assert done.code == 2
    assert words in done.err
    assert len(done.err.strip().splitlines()) >= 2, "what happened, and what to do"
    as_json = shop.type(*IMPORT, "--json")
    assert as_json.code == 2
    assert as_json.report["stored"] == 0
    assert shop.type("messages", "list", "--json").document["messages"] == []


def test_an_empty_file_is_an_empty_mailbox(shop):
    shop.file("mail.mbox", b"")
    done = shop.type(*IMPORT, "--json")
    assert (done.code, done.report["listed"], done.report["stored"]) == (0, 0, 0)


@pytest.mark.parametrize("name", ["missing.mbox", "."])
def test_a_missing_file_and_a_folder_are_wrong_use(shop, name):
    done = shop.type("import", "mbox", name, "--mailbox", "archive")
    assert (done.code, done.out) == (2, "")
    assert name in done.err
    assert not (shop.folder / "inboxcrm.db").exists()


def test_a_mailbox_whose_file_went_away_is_said_by_sync_and_doctor(shop):
    shop.config(f'{ARCHIVE}path = "mail.mbox"\n')
    done = shop.type("sync")
    assert done.code == 2
    assert "There is no file" in done.err
    checked = shop.type("doctor")
    assert checked.code == 1
    assert "FAIL  mailbox archive: There is no file" in checked.out


def test_a_file_that_shrank_is_read_afresh(shop):
    shop.file("mail.mbox", many(300))
    shop.type(*IMPORT)
    shop.file("mail.mbox", many(5))
    done = shop.type(*IMPORT, "--json")
    assert (done.code, done.report["stored"]) == (0, 0)
    leads = shop.type("leads", "list", "--json").document
    assert leads["total"] == 300, "an archive that was thinned out takes nobody's lead away"
