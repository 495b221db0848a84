"""Mbox files for journeys."""

from __future__ import annotations

from tests.journeys.home import ALICE

SEPARATOR = "From bob@firm.example Mon Mar  2 09:00:00 2026\n"
ARCHIVE = f'[[mailbox]]\nname = "archive"\nprovider = "mbox"\naddress = "{ALICE}"\n'
IMPORT = ("import", "mbox", "mail.mbox", "--mailbox", "archive")


def mail(
    number: int,
    *,
    sender: str = "Bob Moss <bob@firm.example>",
    to: str = ALICE,
    subject: str = "",
    headers: str = "",
    text: str = "Could you send me an offer for forty chairs?",
) -> str:
    """One mail with its separator line; `number` makes its Message-ID and its time."""
    minutes = f"{number // 60 % 24:02d}:{number % 60:02d}"
    return (
        f"{SEPARATOR}{headers}From: {sender}\nTo: {to}\nSubject: {subject or f'Chairs {number}'}\n"
        f"Date: Mon, 2 Mar 2026 {minutes}:00 +0000\nMessage-ID: <{number}@firm.example>\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n\n"
    )


def many(count: int) -> str:
    """Each from another person."""
    return "".join(
        mail(number, sender=f"Person {number} <p{number}@firm{number}.example>")
        for number in range(count)
    )
