"""Everything around the sales talks: newsletters, notices, colleagues, spam."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from inboxcrm.sandbox import paper
from inboxcrm.sandbox.hours import add_working_hours, working_moment
from inboxcrm.sandbox.letters import Content, address_of, as_html, date_header, write_letter
from inboxcrm.sandbox.people import Person, colleagues, companies, invent_person, owner
from inboxcrm.sandbox.talks import SeededMail, arrival_headers
from inboxcrm.sandbox.texts_file import read_texts


def newsletters(now: datetime, span_days: int, dice: random.Random) -> Iterator[SeededMail]:
    """Each sender at its own rhythm, subjects in turn."""
    for number, row in enumerate(read_texts("bulk")["newsletter"]):
        day = now - timedelta(days=span_days) + timedelta(days=number % row["every_days"])
        issue = 0
        while (at := working_moment(day, dice)) <= now:
            yield newsletter(row, issue, at, dice)
            issue += 1
            day += timedelta(days=row["every_days"])


def newsletter(row: dict[str, Any], issue: int, at: datetime, dice: random.Random) -> SeededMail:
    sender = Person(row["name"], "", row["address"], shown=row["name"])
    subject = row["subjects"][issue % len(row["subjects"])]
    lead = row["lead"][issue % len(row["lead"])]
    others = [text for text in row["subjects"] if text != subject]
    picked = dice.sample(others, k=min(3, len(others)))
    text = (
        f"{subject}\n\n{lead}\n\nAlso in this issue:\n\n"
        + "\n".join(f"- {title}" for title in picked)
        + f"\n\nYou receive this because you subscribed at {sender.domain}.\nUnsubscribe: "
        f"https://{sender.domain}/unsubscribe?u={dice.getrandbits(32):08x}"
    )
    page = (
        f'<html><body style="font-family:Georgia,serif"><h1>{sender.shown}</h1>{as_html(text)}'
        f'<img src="https://{sender.domain}/open.gif?i={issue}" width="1" height="1" alt=""></body></html>'
    )
    headers = [
        *arrival_headers(sender.domain, at, issue),
        ("From", address_of(sender)),
        ("To", owner().address),
        ("Subject", subject),
        ("Date", date_header(at)),
        ("Message-ID", f"<{dice.getrandbits(80):020x}@{sender.domain}>"),
        ("List-Id", f"{row['name']} <{row['list']}>"),
        (
            "List-Unsubscribe",
            f"<https://{sender.domain}/unsubscribe>, <mailto:unsubscribe@{sender.domain}>",
        ),
        ("Precedence", "bulk"),
    ]
    content = Content("" if issue % 3 == 2 else text, page)
    labels = frozenset({"INBOX", "CATEGORY_PROMOTIONS"})
    return SeededMail(write_letter(headers, content), labels, at)


def notice(number: int, at: datetime, dice: random.Random) -> SeededMail:
    rows = read_texts("bulk")["notice"]
    row = rows[number % len(rows)]
    sender = Person(row["name"], "", row["address"], shown=row["name"])
    company = dice.choice(companies("en"))
    words = {
        "city": company.city,
        "company": company.name,
        "date": f"{at + timedelta(days=3):%d %B}",
        "month": f"{at:%B %Y}",
        "code": f"{dice.choice('ABCDEFGH')}{dice.randrange(10000, 99999)}",
        "money": f"{dice.randrange(1200, 28000) / 100:.2f}",
        "nn": str(dice.randrange(11, 64)),
        "hh": f"{dice.randrange(8, 18):02d}",
        "mm": f"{dice.randrange(10, 59)}",
        "person": invent_person(dice, company, number=dice.randrange(200)).name,
    }
    headers = [
        *arrival_headers(sender.domain, at, number),
        ("From", address_of(sender)),
        ("To", owner().address),
        ("Subject", row["subject"].format(**words)),
        ("Date", date_header(at)),
        ("Message-ID", f"<{dice.getrandbits(80):020x}@{sender.domain}>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    text = row["text"].format(**words)
    files = tuple(paper.make_file(row["attach"], words, row["name"]) if "attach" in row else ())
    content = Content(text, as_html(text) if number % 2 else "", files=files)
    return SeededMail(write_letter(headers, content), frozenset({"INBOX", "CATEGORY_UPDATES"}), at)


def spam(number: int, at: datetime, dice: random.Random) -> SeededMail:
    rows = read_texts("bulk")["spam"]
    row = rows[number % len(rows)]
    sender = Person(row["name"], "", row["address"], shown=row["name"])
    headers = [
        *arrival_headers(sender.domain, at, number),
        ("From", address_of(sender)),
        ("To", owner().address),
        ("Subject", row["subject"]),
        ("Date", date_header(at)),
        ("Message-ID", f"<{dice.getrandbits(80):020x}@{sender.domain}>"),
    ]
    return SeededMail(
        write_letter(headers, Content(row["text"])), frozenset({"SPAM", "UNREAD"}), at
    )


def colleague_thread(
    number: int, start: datetime, now: datetime, dice: random.Random
) -> Iterator[SeededMail]:
    rows = read_texts("colleagues")["thread"]
    row = rows[number % len(rows)]
    staff, own = colleagues(), owner()
    partner = staff[int(next(who for who, _ in row["turns"] if who != "us"))]
    at, references, past = start, list[str](), ""
    for place, (who, text) in enumerate(row["turns"]):
        if place:
            at = add_working_hours(at, dice.uniform(0.3, 5), dice)
        if at > now:
            return
        author, receiver = (own, partner) if who == "us" else (staff[int(who)], own)
        message_id = f"{dice.getrandbits(80):020x}@mail.lumenworks.example"
        headers = [
            *(() if who == "us" else arrival_headers("lumenworks.example", at, number)),
            ("From", address_of(author)),
            ("To", address_of(receiver)),
            ("Subject", ("Re: " if place else "") + row["subject"]),
            ("Date", date_header(at)),
            ("Message-ID", f"<{message_id}>"),
        ]
        if references:
            headers.append(("In-Reply-To", f"<{references[-1]}>"))
            headers.append(("References", " ".join(f"<{known}>" for known in references)))
        files = tuple(
            paper.make_file(row["attach"], {}, own.company) if "attach" in row and not place else ()
        )
        content = Content(text + past, as_html(text), files=files)
        labels = frozenset({"SENT"} if who == "us" else {"INBOX"})
        yield SeededMail(write_letter(headers, content), labels, at)
        references.append(message_id)
        quoted = "\n".join(f"> {line}".rstrip() for line in (text + past).splitlines())
        past = f"\n\nOn {at:%d %b %Y at %H:%M}, {author.name} <{author.address}> wrote:\n{quoted}"
