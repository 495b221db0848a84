"""The contract of a mail source, kept by every provider and by the model the sync is killed against.

And: one message is one row, whichever way it came.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from inboxcrm.mail.mime import parse
from inboxcrm.mbox.source import MboxSource
from inboxcrm.ports import Fetched, MailSource
from inboxcrm.services.mailboxes import Declared
from inboxcrm.services.syncing import sync_mailbox
from inboxcrm.store.tables import (
    address,
    attachment,
    message,
    message_body,
    message_copy,
    participant,
)
from tests.contracts.mail_source import LETTERS, MailSourceContract
from tests.sync.practice import Practice
from tests.sync.world import START, Held, World, WorldSource

FROM_LINE = b"From bob@kitaura.example Mon May  4 09:00:00 2026\n"


def as_mbox(path: Path, raws: list[bytes]) -> Path:
    path.write_bytes(b"".join(FROM_LINE + raw.replace(b"\r\n", b"\n") + b"\n" for raw in raws))
    return path


@dataclass
class Levers:
    """What the contract does to a mailbox that has a history."""

    box: Any

    def star(self, ref: str) -> None:
        self.box.modify(ref, add=["STARRED"])

    def delete(self, ref: str) -> None:
        self.box.delete(ref)

    def expire(self) -> None:
        self.box.expire_history()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
class TestGmail(MailSourceContract):
    @pytest.fixture
    def stocked(self, practice: Practice) -> Iterator[MailSource]:
        for raw in LETTERS:
            practice.box().deliver(raw)
        source = practice.source()
        yield source
        source.close()

    @pytest.fixture
    def world(self, practice: Practice) -> Levers:
        return Levers(practice.box())


class TestMbox(MailSourceContract):
    @pytest.fixture
    def stocked(self, tmp_path: Path) -> Iterator[MailSource]:
        path = as_mbox(tmp_path / "mail.mbox", LETTERS)
        source = MboxSource(path, address="alice@lumenworks.example")
        yield source
        source.close()

    @pytest.fixture
    def world(self) -> None:
        return None


class TestWorld(MailSourceContract):
    """The little Gmail of the kill test must be one, or the kill test proves nothing."""

    @pytest.fixture
    def model(self) -> World:
        model = World()
        for number, raw in enumerate(LETTERS, 1):
            mail, ref = parse(raw), f"m{number:03}"
            thread = "t1" if number < 4 else f"t{number}"
            model.held[ref] = Held(ref, thread, frozenset({"INBOX"}), mail.date or START, mail)
        return model

    @pytest.fixture
    def stocked(self, model: World) -> MailSource:
        return WorldSource(model)

    @pytest.fixture
    def world(self, model: World) -> Any:
        @dataclass
        class Model:
            def star(self, ref: str) -> None:
                model.label(ref, on="STARRED")

            def delete(self, ref: str) -> None:
                model.delete(ref)

            def expire(self) -> None:
                model.expire()

        return Model()

    def test_an_attachment_comes_as_it_was_sent(self, stocked: MailSource) -> None:
        with pytest.raises(AssertionError, match="no sync asks"):
            stocked.attachment(ref="m005", part="1")

    def test_an_attachment_that_is_not_there_is_gone(self, stocked: MailSource) -> None:
        with pytest.raises(AssertionError, match="no sync asks"):
            stocked.attachment(ref="m001", part="7")


# --- one message, one row ------------------------------------------------------

_PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(60))
FORMS = {
    "plain": LETTERS[0],
    "alternative with an attachment": (
        b"From: =?utf-8?q?Bj=C3=B6rn_Haas?= <bjorn@haas.example>\r\n"
        b"To: Alice <alice@lumenworks.example>, tom@lumenworks.example\r\nCc: erin@haas.example\r\n"
        b"Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\nMessage-ID: <forms-2@haas.example>\r\n"
        b"References: <l1@mail.example>\r\nDate: Mon, 4 May 2026 11:00:00 +0200\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="outer"\r\n\r\n--outer\r\n'
        b'Content-Type: multipart/alternative; boundary="inner"\r\n\r\n--inner\r\n'
        b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Sch=F6ne Gr=FC=DFe\r\n\r\nOn Sunday Alice wrote:\r\n> before\r\n--inner\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Sch\xc3\xb6ne Gr\xc3\xbc\xc3\x9fe</p>\r\n--inner--\r\n"
        b'--outer\r\nContent-Type: image/png; name="logo.png"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="logo.png"\r\n\r\n'
        + _PNG
        + b"\r\n--outer--\r\n"
    ),
    "html only, windows charset": (
        b"From: ines@mares.example\r\nTo: alice@lumenworks.example\r\nSubject: Presupuesto\r\n"
        b"Message-ID: <forms-3@mares.example>\r\nDate: Tue, 5 May 2026 09:00:00 +0000\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=windows-1252\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n<p>\xbfCu\xe1nto? \x93ya\x94</p>\r\n"
    ),
    "newsletter": (
        b"From: News <news@list.example>\r\nTo: alice@lumenworks.example\r\nSubject: May\r\n"
        b"Message-ID: <forms-4@list.example>\r\nDate: Tue, 5 May 2026 10:00:00 +0000\r\n"
        b"List-Id: <news.list.example>\r\nList-Unsubscribe: <mailto:off@list.example>\r\nPrecedence: bulk\r\n"
        b"\r\nNews.\r\n"
    ),
    "bounce": (
        b"From: Mail Delivery Subsystem <mailer-daemon@mx.example>\r\nTo: alice@lumenworks.example\r\n"
        b"Subject: Delivery Status Notification (Failure)\r\nMessage-ID: <forms-5@mx.example>\r\n"
        b"Date: Tue, 5 May 2026 11:00:00 +0000\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n--r\r\n'
        b"Content-Type: text/plain\r\n\r\nNo such user.\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; dave@gone.example\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\n\r\n--r--\r\n"
    ),
    "no id, no date": b"From: erin@haas.example\r\nTo: alice@lumenworks.example\r\n\r\nHello.\r\n",
}
PROVIDERS_OWN = {"id", "conversation_id", "author_id", "size_bytes"}


class RawGmail:
    """Gmail asked for format=raw: the same bytes, parsed by us instead of by Google."""

    def __init__(self, inner: Any, practice: Practice) -> None:
        self._inner, self._practice = inner, practice

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def fetch(self, wanted: Any) -> list[Any]:
        messages = self._inner.traffic.client.messages
        return [
            Fetched(
                found.ref,
                found.thread_ref,
                found.labels,
                found.received_at,
                parse(
                    base64.urlsafe_b64decode(
                        messages.get(userId="me", id=found.ref, format="raw").execute()["raw"]
                        + "=="
                    )
                ),
            )
            for found in self._inner.fetch(wanted)
        ]


def rows_of(practice: Practice) -> dict[str, Any]:
    """Everything stored of the messages themselves, by key."""
    found: dict[str, Any] = {}
    with practice.database.read() as tx:
        keys = {}
        for row in tx.execute(select(message)):
            keys[row.id] = row.key
            values = {
                name: value for name, value in row._mapping.items() if name not in PROVIDERS_OWN
            }
            found[row.key] = {"message": values, "people": [], "attachments": []}
        for row in tx.execute(select(message_body)):
            found[keys[row.message_id]]["body"] = (row.text, row.html, row.headers)
        people = (
            select(participant, address.c.key, address.c.shown.label("written"))
            .join(address, address.c.id == participant.c.address_id)
            .order_by(participant.c.message_id, participant.c.position)
        )
        for row in tx.execute(people):
            found[keys[row.message_id]]["people"].append((row.role, row.key, row.name, row.written))
        for row in tx.execute(select(attachment).order_by(attachment.c.part)):
            # Of what is no coded file everybody counts line ends his own way.
            size = row.size_bytes if row.content_type.startswith("image/") else None
            found[keys[row.message_id]]["attachments"].append(
                (row.part, row.filename, row.content_type, size, row.is_inline)
            )
    return found


def by_gmail(practice: Practice, raw: bytes) -> None:
    practice.box().deliver(raw, at=START)
    practice.sync()


def by_raw_gmail(practice: Practice, raw: bytes) -> None:
    practice.box().deliver(raw, at=START)
    practice.sync(wrap=lambda source: RawGmail(source, practice))


def by_mbox(practice: Practice, raw: bytes) -> None:
    practice.declared["alice"] = Declared("alice", "mbox", "alice@lumenworks.example")
    practice.declare("alice")
    source = MboxSource(
        as_mbox(practice.folder / "one.mbox", [raw]), address="alice@lumenworks.example"
    )
    sync_mailbox(practice.desk, source, "alice", runner=practice.runner())
    source.close()


@pytest.mark.parametrize("name", FORMS)
def test_gmail_full_gmail_raw_and_mbox_give_the_same_row(
    name: str, practice: Practice, other_practice: Practice
) -> None:
    raw = FORMS[name]
    by_gmail(other_practice, raw)
    expected = rows_of(other_practice)
    assert len(expected) == 1
    by_raw_gmail(practice, raw)
    assert rows_of(practice) == expected
    # The same mail out of a file joins the row that is there: two copies of one message.
    by_mbox(other_practice, raw)
    assert rows_of(other_practice) == expected
    with other_practice.database.read() as tx:
        assert len(tx.execute(select(message_copy)).all()) == 2


@pytest.mark.parametrize("name", FORMS)
def test_an_imported_file_gives_the_row_that_gmail_gives(
    name: str, practice: Practice, other_practice: Practice
) -> None:
    by_gmail(other_practice, FORMS[name])
    by_mbox(practice, FORMS[name])
    assert rows_of(practice) == rows_of(other_practice)
