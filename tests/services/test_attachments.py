"""Fetching an attachment: who may, from which mailbox, what is refused, and what is said when it fails."""

from __future__ import annotations

import pytest

from inboxcrm.errors import (
    Denied,
    ForbiddenError,
    Gone,
    NotFoundError,
    Offline,
    Reauth,
    Throttled,
    UsageError,
)
from inboxcrm.mail.file_names import safe_name
from inboxcrm.services import attachments
from inboxcrm.services.attachments import fetch_attachment, refuse_unfit
from inboxcrm.views.inbox import thread
from tests.views.correspondence import ALICE, Office, open_office

BOB = "Bob Baker <bob@bakery.example>"
ERIN = "erin@ourfirm.example"


class Mailboxes:
    """Opens mailboxes that answer with bytes, or fail as told; remembers what was asked and closed."""

    def __init__(self, content=b"%PDF", **failures):
        self.content, self.failures = content, failures
        self.asked, self.closed = [], []

    def __call__(self, name):
        self._name = name
        return self

    def attachment(self, *, ref, part):
        self.asked.append((self._name, ref, part))
        failure = self.failures.get(self._name.partition("@")[0])
        if failure:
            raise failure
        return self.content

    def close(self):
        self.closed.append(self._name)


@pytest.fixture
def office(database) -> Office:
    return open_office(database)


def sent(office, box=ALICE, **more):
    """A mail with a file; returns the ids of both."""
    message = office.mail(BOB, [ALICE, ERIN], thread_ref="t", attachment=b"%PDF", box=box, **more)
    view = thread(office.desk, office.viewer, office.thread_id("t"))
    return message, view.messages[0].attachments[0].id


def fetch(office, ids, mailboxes, viewer=None):
    return fetch_attachment(office.desk, viewer or office.viewer, *ids, open_mailbox=mailboxes)


def test_the_bytes_come_from_the_mailbox_that_holds_the_mail(office):
    ids, mailboxes = sent(office), Mailboxes()
    found = fetch(office, ids, mailboxes)
    assert (found.filename, found.content_type) == ("offer.pdf", "application/pdf")
    assert found.content == b"%PDF"
    assert mailboxes.asked == [(ALICE, "ref-1", "1")]
    assert mailboxes.closed == [ALICE]


def test_who_may_not_read_the_mail_has_no_attachment(office):
    office.add_mailbox(ERIN)
    ids = sent(office)
    for viewer in (office.reader_of(), office.reader_of(ERIN)):
        mailboxes = Mailboxes()
        with pytest.raises(NotFoundError):
            fetch(office, ids, mailboxes, viewer)
        assert mailboxes.asked == []
    assert fetch(office, ids, Mailboxes(), office.reader_of(ALICE)).content


def test_an_attachment_of_another_mail_is_not_there(office):
    message, found = sent(office)
    other = office.mail(BOB, subject="Another")
    for ids in ((other, found), (message, message), ("x", found), (message, "aaaaaaaaaaaaa")):
        with pytest.raises(NotFoundError):
            fetch(office, ids, Mailboxes())


def test_a_mailbox_that_fails_is_followed_by_the_next_that_has_the_mail(office):
    office.add_mailbox(ERIN)
    ids = sent(office, message_id="same@bakery.example")
    sent(office, box=ERIN, message_id="same@bakery.example")
    mailboxes = Mailboxes(alice=Reauth("Consent was taken back."))
    assert fetch(office, ids, mailboxes).content == b"%PDF"
    assert [name for name, _, _ in mailboxes.asked] == [ALICE, ERIN]
    assert mailboxes.closed == [ALICE, ERIN]
    # Alice reads through her own copy only.
    with pytest.raises(Reauth):
        fetch(office, ids, mailboxes, office.reader_of(ALICE))


@pytest.mark.parametrize("kind", [Gone, Reauth, Offline, Throttled, Denied])
def test_a_failure_says_what_to_do(office, kind):
    ids = sent(office)
    with pytest.raises(kind) as caught:
        fetch(office, ids, Mailboxes(alice=kind("It did not work.")))
    assert caught.value.remedy
    with pytest.raises(kind) as caught:
        fetch(office, ids, Mailboxes(alice=kind("It did not work.", remedy="Do this.")))
    assert caught.value.remedy == "Do this."


def test_without_mailboxes_the_page_says_so(office):
    with pytest.raises(UsageError) as caught:
        fetch(office, sent(office), None)
    assert "inboxcrm serve" in caught.value.remedy


def test_too_large_is_refused_before_and_after_fetching(office, monkeypatch):
    ids = sent(office)
    monkeypatch.setattr(attachments, "MAX_BYTES", 10)
    mailboxes = Mailboxes(content=b"x" * 11)
    with pytest.raises(ForbiddenError, match="more than"):
        fetch(office, ids, mailboxes)
    assert len(mailboxes.asked) == 1, "the mail said 4 bytes"
    monkeypatch.setattr(attachments, "MAX_BYTES", 3)
    with pytest.raises(ForbiddenError):
        fetch(office, ids, mailboxes)
    assert len(mailboxes.asked) == 1, "the size said was enough to refuse"


@pytest.mark.parametrize(
    "name", ["a.exe", "a.EXE", "a.pdf.js", "a.scr. ", "x/a.lnk", "a.ex\u200be", "a-\u202efdp.exe"]
)
def test_programs_are_refused(name):
    with pytest.raises(ForbiddenError, match="program"):
        refuse_unfit(safe_name(name), 1)


@pytest.mark.parametrize("name", ["", "exe", "a.pdf", "js.txt", "ähm.docx", "a.exe.txt"])
def test_other_files_are_not(name):
    refuse_unfit(name, 1)
