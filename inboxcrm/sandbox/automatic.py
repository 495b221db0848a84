"""Mail that no person writes: absence notes, bounces, invitations and their answers."""

from __future__ import annotations

from collections.abc import Iterator
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
    """A delivery report of the standard form."""
    target, own = talk.lead.address, owner()
    boundary = f"dsn{talk.number:06d}"
    original = talk.last.message_id if talk.last is not None else ""
    lines = [
        f"{name}: {value}"
        for name, value in arrival_headers("mx.lumenworks.example", at, talk.number)
    ]
    lines += [
        "From: Mail Delivery Subsystem <mailer-daemon@mx.lumenworks.example>",
        f"To: {own.address}",
        "Subject: Delivery Status Notification (Failure)",
        f"Date: {date_header(at)}",
        f"Message-ID: <{talk.dice.getrandbits(64):016x}@mx.lumenworks.example>",
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
        "Reporting-MTA: dns; mx.lumenworks.example",
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
        f"From: {own.name} <{own.address}>",
        f"To: {target}",
        f"Subject: {talk.subject}",
        f"Message-ID: <{original}>",
        "",
        "(the text is left out)",
        f"--{boundary}--",
        "",
    ]
    return SeededMail(CRLF.join(lines).encode(), frozenset({"INBOX"}), at)


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
