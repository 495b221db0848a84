"""Mail that comes back to an office, stored by the same code a sync stores it with."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from sqlalchemy import select

from inboxcrm.mail.mime import parse
from inboxcrm.ports import Fetched
from inboxcrm.services.heeding import HeedReport, heed_mail
from inboxcrm.services.preparing import prepare
from inboxcrm.services.settling import own_set_of
from inboxcrm.services.storing import store_group
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.outbox import bytes_of
from inboxcrm.store.suppressions import all_suppressed
from inboxcrm.store.tables import address, enrollment, mailbox, message, outbox
from inboxcrm.store.upserts import one_at_a_time
from tests.sending.keeping import NewOffice
from tests.sending.office import Office

BOB = "bob@bobs-firm.example"
ACTIVE = ("active", "")
"""As `standing` tells it of whoever is still written to."""
REMINDER = {"after": "3 days", "template": "hello"}


def first_mails_back(new_office: NewOffice, *people: str, reminders: int) -> Office:
    """An office whose people got the first mail ten minutes ago, with so many to follow; the sent copies are back."""

    def make() -> Office:
        made = new_office(people=people, steps=(REMINDER,) * reminders)
        made.send()
        made.bench.clock.wait(600)
        sent_copies(made)
        return made

    return new_office.made_once(("first mails back", people, reminders), make)


def letter(
    *headers: str,
    sender: str = f"Bob Tanaka <{BOB}>",
    text: str = "Yes, please send the contract.",
    subject: str = "Re: A word, Bob",
) -> str:
    named = {line.partition(":")[0].lower() for line in headers}
    plain = {"from": sender, "to": "alice@seller.example", "subject": subject}
    lines = [*headers, *(f"{name.title()}: {value}" for name, value in plain.items() if name not in named)]  # fmt: skip
    return "\r\n".join([*lines, "", text, ""])


def away(text: str = "I am out of the office until 20 May 2026.", **how: Any) -> str:
    return letter("Auto-Submitted: auto-replied", subject="Automatic reply: A word", text=text, **how)  # fmt: skip


def bounce(
    to: str = BOB,
    *,
    status: str = "5.1.1",
    said: str = "550 5.1.1 User unknown",
    action: str = "failed",
    returned: str = "",
    answers: str = "",
) -> str:
    """As Postfix writes them. `returned` is the id of the mail that came back, `answers` what In-Reply-To names."""
    body = ["--b", "Content-Type: text/plain", "", f"I could not deliver your message.\r\n\r\n<{to}>: {said}", "",
            "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.seller.example", "",
            f"Final-Recipient: rfc822; {to}", f"Action: {action}", f"Status: {status}",
            f"Diagnostic-Code: smtp; {said}", ""]  # fmt: skip
    if returned:
        body += [
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: <{returned}>",
            f"To: {to}",
            "",
        ]
    return letter(
        *([f"In-Reply-To: <{answers}>"] if answers else []),
        "Return-Path: <>",
        "Auto-Submitted: auto-replied",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        sender="Mail Delivery System <MAILER-DAEMON@mx.seller.example>",
        subject="Undelivered Mail Returned to Sender",
        text="\r\n".join([*body, "--b--"]),
    )


def come(
    office: Office,
    raw: str | bytes,
    *,
    labels: tuple[str, ...] = ("INBOX",),
    thread_ref: str = "",
    ref: str = "",
    box: str = "alice",
    later_seconds: float = 60,
) -> int:
    """Stores a mail that came a minute from now; returns the message's id."""
    desk = office.desk
    at = office.bench.clock.at + timedelta(seconds=later_seconds)
    data = raw if isinstance(raw, bytes) else raw.encode()
    number = next(office.lives)
    if b"\nDate:" not in data:
        data = b"Date: " + format_datetime(at).encode() + b"\r\n" + data
    if b"Message-ID: <" not in data.partition(b"\r\n\r\n")[0]:
        data = f"Message-ID: <in-{number}@mail.example>\r\n".encode() + data
    fetched = Fetched(ref or f"in-{number}", thread_ref, frozenset(labels), at, parse(data))
    with desk.database.write() as tx:
        box_id = tx.execute(select(mailbox.c.id).where(mailbox.c.name == box)).scalar_one()
        prepared = prepare(fetched, own=own_set_of(tx, desk), policy=desk.capture, now=at)
        store_group(tx, desk, box_id, [prepared])
        found = tx.execute(select(message.c.id).where(message.c.key == prepared.key))
        return int(found.scalar_one())


def sent_copies(office: Office) -> dict[str, str]:
    """Sync brings the sent copies back. Address -> message id of the last one to it."""
    found = {}
    for row in office.rows():
        if not row.ref:
            continue
        with office.desk.database.read() as tx:
            mime = bytes_of(tx, row.id)
        real = f"real-{row.ref}@mail.example"
        head, _, body = mime.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"message-id")]
        data = b"\r\n".join([*lines, f"Message-ID: <{real}>".encode()]) + b"\r\n\r\n" + body
        come(
            office, data, labels=("SENT",), ref=row.ref, thread_ref=row.thread_ref, later_seconds=0
        )
        found[row.to_address] = real
    return found  # fmt: skip


def heed(office: Office, **how: Any) -> HeedReport:
    with office.desk.database.write() as tx:
        one_at_a_time(tx)
        return heed_mail(tx, office.desk, None, **how)


def hear(office: Office, raw: str) -> int:
    """A mail comes back and two minutes later its meaning is heeded. Its number."""
    mail = come(office, raw)
    office.bench.clock.wait(120)
    heed(office)
    return mail


def standing(office: Office) -> dict[str, tuple[str, str]]:
    """Address -> (state of the enrollment, reason of its stop)."""
    with office.desk.database.read() as tx:
        rows = tx.execute(
            select(address.c.key, enrollment.c.state, enrollment.c.stop_reason).join(
                address, address.c.id == enrollment.c.address_id
            )
        )
        return {row[0]: (row[1], row[2]) for row in rows}


def parked(office: Office, who: str = BOB) -> datetime | None:
    with office.desk.database.read() as tx:
        return from_ms(
            tx.execute(
                select(enrollment.c.parked_until_at)
                .join(address, address.c.id == enrollment.c.address_id)
                .where(address.c.key == who)
            ).scalar()
        )


def suppressed(office: Office) -> dict[str, str]:
    with office.desk.database.read() as tx:
        return {one.subject: one.reason for one in all_suppressed(tx)}


def everything(office: Office) -> Any:
    """All that heeding may change, but for times at which we looked."""
    with office.desk.database.read() as tx:
        people = tx.execute(
            select(
                address.c.key,
                enrollment.c.state,
                enrollment.c.stop_reason,
                enrollment.c.stop_words,
                enrollment.c.parked_until_at,
                message.c.message_id,
            )
            .join(address, address.c.id == enrollment.c.address_id)
            .outerjoin(message, message.c.id == enrollment.c.stop_message_id)
            .order_by(address.c.key)
        ).all()
        mails = tx.execute(
            select(outbox.c.to_address, outbox.c.step_key, outbox.c.state, outbox.c.fared).order_by(
                outbox.c.id
            )
        ).all()
        rows = all_suppressed(tx)
    return people, mails, [(one.scope, one.subject) for one in rows]
