"""Mail that no person writes: absence notes, bounces, invitations and their answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from inboxcrm.sandbox.letters import CRLF, Content, address_of, date_header, write_letter
from inboxcrm.sandbox.people import Person, owner
from inboxcrm.sandbox.talks import Conversation, SeededMail, arrival_headers, new_message_id
from inboxcrm.sandbox.texts_file import read_texts


def away(talk: Conversation, person: Person, at: datetime) -> SeededMail:
    """An absence note as the big servers mark it."""
    phrases = read_texts("phrases")[talk.company.language]
    back = at + timedelta(days=talk.dice.randrange(3, 12))
    date = phrases["date"].format(day=back.day, month=phrases["months"][back.month - 1])
    text = talk.dice.choice(phrases["away"]).format(
        date=date, name=person.name, domain=person.domain
    )
    headers = [
        *arrival_headers(person.domain, at, talk.number),
        ("From", address_of(person)),
        ("To", address_of(owner())),
        ("Subject", phrases["away_subject"].format(subject=talk.subject)),
        ("Date", date_header(at)),
        ("Message-ID", f"<{new_message_id(talk, person)}>"),
        ("Auto-Submitted", "auto-replied"),
        ("X-Auto-Response-Suppress", "All"),
    ]
    if talk.last is not None:
        headers += [
            ("In-Reply-To", f"<{talk.last.message_id}>"),
            ("References", f"<{talk.last.message_id}>"),
        ]
    return SeededMail(write_letter(headers, Content(text)), frozenset({"INBOX"}), at)


def bounce(talk: Conversation, at: datetime) -> SeededMail:
    """A delivery report of the standard form, about the last letter of the conversation."""
    raw = delivery_report(
        talk.lead.address,
        owner().address,
        original=talk.last.message_id if talk.last is not None else "",
        subject=talk.subject,
        at=at,
        token=f"{talk.dice.getrandbits(64):016x}",
        host="mx.lumenworks.example",
        sender=f"{owner().name} <{owner().address}>",
        boundary=f"dsn{talk.number:06d}",
        received=arrival_headers("mx.lumenworks.example", at, talk.number),
    )
    return SeededMail(raw, frozenset({"INBOX"}), at)


def delivery_report(
    target: str,
    own: str,
    *,
    original: str,
    subject: str,
    at: datetime,
    token: str,
    host: str,
    sender: str = "",
    boundary: str = "dsn",
    received: Iterable[tuple[str, str]] = (),
) -> bytes:
    """Nobody is at `target` (RFC 3464). `original` is the id of the mail that came back, which `own` had sent."""
    lines = [f"{name}: {value}" for name, value in received]
    lines += [
        f"From: Mail Delivery Subsystem <mailer-daemon@{host}>",
        f"To: {own}",
        "Subject: Delivery Status Notification (Failure)",
        f"Date: {date_header(at)}",
        f"Message-ID: <{token}@{host}>",
        f"In-Reply-To: <{original}>",
        f"References: <{original}>",
        "Auto-Submitted: auto-replied",
        f"X-Failed-Recipients: {target}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8",
        "",
        f"Your message to {target} could not be delivered.",
        "",
        f"The remote server answered: 550 5.1.1 <{target}>: Recipient address rejected: User unknown",
        "",
        f"--{boundary}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; {host}",
        f"Arrival-Date: {date_header(at)}",
        "",
        f"Final-Recipient: rfc822; {target}",
        "Action: failed",
        "Status: 5.1.1",
        f"Diagnostic-Code: smtp; 550 5.1.1 <{target}>: Recipient address rejected: User unknown",
        "",
        f"--{boundary}",
        "Content-Type: message/rfc822",
        "",
        f"From: {sender or own}",
        f"To: {target}",
        f"Subject: {subject}",
        f"Message-ID: <{original}>",
        "",
        "(the text is left out)",
        f"--{boundary}--",
        "",
    ]
    return CRLF.join(lines).encode()


def invitation(talk: Conversation, at: datetime) -> Iterator[SeededMail]:
    """Ours to the lead, and the answer that their calendar sends."""
    own, lead = owner(), talk.lead
    begins = (at + timedelta(days=4)).replace(hour=10, minute=0, second=0)
    uid = f"{talk.dice.getrandbits(64):016x}@lumenworks.example"
    title = f"Demo: Lumenworks for {talk.company.name}"
    when = f"{begins:%d.%m.%Y %H:%M} UTC"
    ours = [
        ("From", address_of(own)),
        ("To", address_of(lead)),
        ("Subject", f"Invitation: {title} @ {when}"),
        ("Date", date_header(at)),
        ("Message-ID", f"<calendar-{uid}>"),
    ]
    text = f"{title}\n{when}\n\nJoin by video: meet.lumenworks.example/demo"
    request = _calendar("REQUEST", uid, title, begins, own, lead, "NEEDS-ACTION")
    yield SeededMail(
        write_letter(ours, Content(text, calendar=("REQUEST", request))), frozenset({"SENT"}), at
    )
    answered = at + timedelta(minutes=talk.dice.randrange(8, 90))
    theirs = [
        *arrival_headers(lead.domain, answered, talk.number),
        ("From", address_of(lead)),
        ("To", address_of(own)),
        ("Subject", f"Accepted: {title} @ {when}"),
        ("Date", date_header(answered)),
        ("Message-ID", f"<{new_message_id(talk, lead)}>"),
    ]
    reply = _calendar("REPLY", uid, title, begins, own, lead, "ACCEPTED")
    text = f"{lead.name} has accepted this invitation."
    yield SeededMail(
        write_letter(theirs, Content(text, calendar=("REPLY", reply))),
        frozenset({"INBOX"}),
        answered,
    )


def _calendar(
    method: str, uid: str, title: str, begins: datetime, host: Person, guest: Person, state: str
) -> str:
    start, end = begins.astimezone(UTC), begins.astimezone(UTC) + timedelta(minutes=45)
    return "\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Lumenworks//Calendar//EN",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{start:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{end:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{title}",
            f"ORGANIZER;CN={host.name}:mailto:{host.address}",
            f"ATTENDEE;CN={guest.name};PARTSTAT={state}:mailto:{guest.address}",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )
