"""What every MailSource promises, whoever stands behind it. A test class per provider inherits this one.

`stocked` gives a source over a mailbox that holds LETTERS, in that order, and nothing else.
"""

from __future__ import annotations

import base64
from typing import Any

import pytest

from inboxcrm.errors import CursorExpired, Gone
from inboxcrm.ports import ChangeKind, Fetched, Listed, MailSource, Missing, Wanted


def letter(number: int, *, reply_to: int | None = None) -> bytes:
    linked = f"In-Reply-To: <l{reply_to}@mail.example>\r\n" if reply_to else ""
    return (
        f"From: Bob <bob@kitaura.example>\r\nTo: alice@lumenworks.example\r\n"
        f"Subject: Matter {reply_to or number}\r\nMessage-ID: <l{number}@mail.example>\r\n{linked}"
        f"Date: Mon, 4 May 2026 09:{number:02d}:00 +0000\r\n\r\nLetter {number}.\r\n"
    ).encode()


def with_file(raw: bytes, content: bytes) -> bytes:
    head, _, text = raw.partition(b"\r\n\r\n")
    file = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return (
        head + b"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n"
        b"--cut\r\nContent-Type: text/plain\r\n\r\n" + text + b"\r\n--cut\r\n"
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="plan.pdf"\r\n\r\n' + file + b"--cut--\r\n"
    )


FILE = bytes(range(256)) * 8
LETTERS = [
    letter(1),
    letter(2, reply_to=1),
    letter(3, reply_to=1),
    letter(4),
    with_file(letter(5), FILE),
]


class MailSourceContract:
    @pytest.fixture
    def stocked(self) -> Any:
        raise AssertionError("each provider has its own")

    def everything(self, source: MailSource) -> list[Listed]:
        found: list[Listed] = []
        token = None
        while True:
            page = source.list_page(label=None, token=token)
            found += page.items
            token = page.next_token
            if token is None:
                return found

    def read(self, source: MailSource) -> dict[str, Fetched]:
        """By Message-ID."""
        outcomes = source.fetch([Wanted((item.ref,)) for item in self.everything(source)])
        fetched = [found for found in outcomes if isinstance(found, Fetched)]
        return {found.message.message_id: found for found in fetched}

    def test_an_anchor_names_the_mailbox_and_a_place_in_its_history(
        self, stocked: MailSource
    ) -> None:
        anchor = stocked.anchor()
        assert anchor.address == "alice@lumenworks.example"
        assert anchor.cursor
        assert anchor.message_total in (None, len(LETTERS))

    def test_a_listing_names_every_mail_once(self, stocked: MailSource) -> None:
        refs = [item.ref for item in self.everything(stocked)]
        assert len(refs) == len(set(refs)) == len(LETTERS)

    def test_a_page_seen_twice_is_the_same_page(self, stocked: MailSource) -> None:
        pages = [stocked.list_page(label=None, token=None).items for _ in range(2)]
        assert pages[0] == pages[1]

    def test_each_ref_has_one_outcome_keyed_by_it(self, stocked: MailSource) -> None:
        refs = [item.ref for item in self.everything(stocked)]
        outcomes = stocked.fetch([Wanted((ref,)) for ref in reversed(refs)])
        assert sorted(found.ref for found in outcomes) == sorted(refs)
        assert self.read(stocked).keys() == {f"l{number}@mail.example" for number in range(1, 6)}

    def test_asking_twice_gives_the_same_mail(self, stocked: MailSource) -> None:
        assert self.read(stocked) == self.read(stocked)

    def test_what_is_not_there_is_missing_and_spoils_nothing(self, stocked: MailSource) -> None:
        ref = self.everything(stocked)[0].ref
        nowhere = "f" * len(ref)
        outcomes = {
            found.ref: found for found in stocked.fetch([Wanted((nowhere,)), Wanted((ref,))])
        }
        assert outcomes[nowhere] == Missing(nowhere)
        assert isinstance(outcomes[ref], Fetched)

    def test_nothing_asked_is_nothing_answered(self, stocked: MailSource) -> None:
        assert stocked.fetch([]) == []

    def test_received_times_are_aware(self, stocked: MailSource) -> None:
        for found in self.read(stocked).values():
            assert found.received_at is None or found.received_at.utcoffset() is not None
            assert found.message.date is not None
            assert found.message.date.utcoffset() is not None

    def test_a_whole_thread_is_one_question_and_its_other_members_are_left_out(
        self, stocked: MailSource
    ) -> None:
        if stocked.capabilities.thread_pays_from is None:
            assert all(not found.thread_ref for found in self.read(stocked).values())
            return
        held = self.read(stocked)
        first, second = held["l1@mail.example"], held["l2@mail.example"]
        assert first.thread_ref == second.thread_ref == held["l3@mail.example"].thread_ref
        asked = Wanted((first.ref, second.ref), first.thread_ref, whole_thread=True)
        before = stocked.spending().units
        assert {found.ref for found in stocked.fetch([asked])} == {first.ref, second.ref}
        assert stocked.spending().units - before in (0, 40)

    def test_nothing_has_changed_since_the_anchor(self, stocked: MailSource) -> None:
        anchor = stocked.anchor()
        if not stocked.capabilities.has_changes:
            with pytest.raises(CursorExpired):
                stocked.changes(cursor=anchor.cursor, token=None)
            return
        page = stocked.changes(cursor=anchor.cursor, token=None)
        assert (page.changes, page.next_token) == ((), None)
        assert page.cursor == anchor.cursor

    def test_changes_come_in_order_and_a_cursor_too_old_expires(
        self, stocked: MailSource, world: Any
    ) -> None:
        if not stocked.capabilities.has_changes:
            assert world is None
            return
        cursor = stocked.anchor().cursor
        ref = self.everything(stocked)[0].ref
        world.star(ref)
        world.delete(ref)
        page = stocked.changes(cursor=cursor, token=None)
        told = [change for change in page.changes if change.ref == ref]
        assert [change.kind for change in told] == [ChangeKind.LABELS_ON, ChangeKind.REMOVED]
        assert told[0].labels == {"STARRED"}
        assert int(page.cursor) > int(cursor)
        world.expire()
        with pytest.raises(CursorExpired):
            stocked.changes(cursor=cursor, token=None)

    def test_an_attachment_comes_as_it_was_sent(self, stocked: MailSource) -> None:
        found = self.read(stocked)["l5@mail.example"]
        (file,) = found.message.attachments
        assert (file.filename, file.content_type) == ("plan.pdf", "application/pdf")
        assert stocked.attachment(ref=found.ref, part=file.part) == FILE

    def test_an_attachment_that_is_not_there_is_gone(self, stocked: MailSource) -> None:
        ref = self.everything(stocked)[0].ref
        with pytest.raises(Gone):
            stocked.attachment(ref=ref, part="7")
