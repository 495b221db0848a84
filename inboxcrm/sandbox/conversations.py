"""Plays a written script between the owner and a lead: the turns until now, and those still to
come.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from inboxcrm.sandbox import automatic, paper
from inboxcrm.sandbox.hours import add_working_hours, own_zone
from inboxcrm.sandbox.letters import Content, File, address_of, as_html, date_header, write_letter
from inboxcrm.sandbox.people import Company, MailStyle, Person, colleagues, invent_person, owner
from inboxcrm.sandbox.talks import (
    Conversation,
    Said,
    SeededMail,
    Words,
    arrival_headers,
    new_message_id,
)
from inboxcrm.sandbox.texts_file import read_texts


def begin(script: dict[str, Any], company: Company, *, number: int, seed: int) -> Conversation:
    dice = random.Random(f"{seed}/conversation/{number}")  # noqa: S311 - a story, not a secret
    lead = invent_person(dice, company, number=number)
    second = invent_person(dice, company, number=number + 23)
    if number % 13 == 4 and company.language == "en":
        lead = Person(
            "Front", "Desk", f"info@{company.domain}", company=company.name, shown=company.name, style=MailStyle.PLAIN
        )  # fmt: skip
    if number % 19 == 7:
        lead = lead.at(lead.address.replace("@", "+lumenworks@"))
    talk = Conversation(script, company, lead, second, dice, number)
    talk.words = _fixed_words(talk)
    talk.subject = dice.choice(script["subjects"]).format(
        **_all_words(talk, datetime(2026, 1, 5, tzinfo=UTC))
    )
    return talk


def play(talk: Conversation, *, start: datetime, now: datetime) -> Iterator[SeededMail]:
    """Everything until now; what would come later stays pending."""
    at = start
    for place, turn in enumerate(talk.script["turn"]):
        if place:
            shortest, longest = turn.get("wait", [2, 12])
            at = add_working_hours(at, talk.dice.uniform(shortest, longest), talk.dice)
        if at > now or talk.pending:
            talk.pending.append((turn, at))
            continue
        yield from speak(talk, turn, at)
        if talk.is_over:
            return


def speak(talk: Conversation, turn: dict[str, Any], at: datetime) -> Iterator[SeededMail]:
    """One turn, with what it sets off: an invitation, an automatic reply, a bounce."""
    author = (
        owner() if turn["who"] == "us" else talk.second if turn["who"] == "second" else talk.lead
    )
    if author is talk.lead and talk.last is not None and talk.number % 17 == 5:
        # The same person once writes from home.
        author = talk.lead.at(f"{talk.lead.address.partition('@')[0]}@homepost.example")
    receiver = _receiver(talk, turn)
    if turn["who"] == "us":
        talk.words |= _dated_words(talk, at)
    text = talk.dice.choice(turn["texts"]).format(**_all_words(talk, at))
    is_form = (
        author is talk.lead
        and talk.last is None
        and bool(talk.script.get("form"))
        and talk.dice.random() < 0.5
    )
    files = tuple(
        paper.make_file(turn["attach"], talk.words, talk.company.name) if "attach" in turn else ()
    )
    yield _letter(
        talk, author, receiver, text, at, files=files, copy=turn.get("cc"), is_form=is_form
    )
    if turn["who"] != "us":
        return
    if turn.get("invite"):
        yield from automatic.invitation(talk, at + timedelta(minutes=2))
    is_cold = talk.script["key"] in {"cold-silent", "cold-then-later"}
    if is_cold and len(talk.references) == 1 and talk.number % 4 == 1:
        yield automatic.bounce(talk, at + timedelta(seconds=40))
        talk.is_over = True
    elif talk.dice.random() < 0.09:
        yield automatic.away(talk, receiver, at + timedelta(seconds=70))


# --- pieces -------------------------------------------------------------------


def _receiver(talk: Conversation, turn: dict[str, Any]) -> Person:
    if turn["who"] != "us":
        return owner()
    return talk.second if talk.last is not None and talk.last.by is talk.second else talk.lead


def _letter(
    talk: Conversation,
    author: Person,
    receiver: Person,
    text: str,
    at: datetime,
    *,
    files: tuple[File, ...],
    copy: str | None,
    is_form: bool,
) -> SeededMail:
    is_ours = author.address == owner().address
    message_id = new_message_id(talk, author)
    signed = f"{_greeting(talk, is_ours, receiver)}\n\n{text}\n\n{_closing(talk, author, is_ours)}"
    headers = []
    if not is_ours:
        headers = arrival_headers(author.domain, at, talk.number)
    if is_form:
        form = read_texts("world")["own"]["form_address"]
        shown = Person("Lumenworks", "website", form)
        headers += [
            ("From", address_of(shown)),
            ("Reply-To", address_of(author)),
            ("To", "sales@lumenworks.example"),
        ]
        signed = _form_text(author, text)
    else:
        headers += [("From", address_of(author)), ("To", address_of(receiver))]
    if copy:
        headers.append(("Cc", address_of(colleagues()[3])))
    is_reply = talk.last is not None
    mark = talk.phrases["reply"] if not is_ours else "Re: "
    headers += [
        ("Subject", (mark if is_reply else "") + talk.subject),
        ("Date", date_header(at)),
        ("Message-ID", f"<{message_id}>"),
    ]
    if talk.last is not None:
        headers.append(("In-Reply-To", f"<{talk.last.message_id}>"))
        headers.append(("References", " ".join(f"<{known}>" for known in talk.references)))
    style = MailStyle.WEB if is_ours else MailStyle.PLAIN if is_form else author.style
    full = signed + _quoted(talk, style)
    charset = "utf-8" if is_ours else talk.phrases["charset"]
    content = _content(talk, signed, full, style, charset, files)
    raw = write_letter(headers, content)
    talk.references.append(message_id)
    talk.last = Said(author, at, message_id, full)
    return SeededMail(raw, frozenset({"SENT"} if is_ours else {"INBOX", "IMPORTANT"}), at)


def _content(
    talk: Conversation,
    signed: str,
    full: str,
    style: MailStyle,
    charset: str,
    files: tuple[File, ...],
) -> Content:
    if style is MailStyle.PLAIN:
        return Content(full, "", charset, files)
    past = ""
    if talk.last is not None:
        head = as_html(quote_head(talk, talk.last).strip()).removeprefix("<p>").removesuffix("</p>")
        old = as_html(_visible(talk.last.text))
        if style is MailStyle.WEB:
            past = (
                f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{head}<br></div>'
                f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;'
                f'padding-left:1ex">{old}</blockquote></div>'
            )
        else:
            past = (
                '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0">'
                f"<p>{head}</p></div>{old}"
            )
    page = f'<div dir="ltr">{as_html(signed)}</div>{past}'
    if style is MailStyle.WEB:
        return Content(full, page, charset, files)
    logo = paper.logo(talk.company)
    image = f'<p><img src="cid:{logo.content_id}" width="24" alt=""></p>'
    page = f'<html><body lang="{talk.company.language}">{page}{image}</body></html>'
    return Content("", page, charset, (*files, logo))


def quote_head(talk: Conversation, said: Said) -> str:
    local = said.at.astimezone(own_zone())
    phrases = talk.phrases
    line: str = phrases["quote"].format(
        weekday=phrases["weekdays"][local.weekday()],
        day=local.day,
        month=phrases["months"][local.month - 1],
        monthno=local.month,
        year=local.year,
        hour=f"{local:%H:%M}",
        name=said.by.display,
        addr=said.by.address,
    )
    return line


def _quoted(talk: Conversation, style: MailStyle) -> str:
    if talk.last is None:
        return ""
    if style is MailStyle.PLAIN and talk.number % 2:
        local = talk.last.at.astimezone(own_zone())
        head = (
            f"-----Original Message-----\nFrom: {talk.last.by.display} <{talk.last.by.address}>\n"
            f"Sent: {local:%d %B %Y %H:%M}\nSubject: {talk.subject}\n"
        )
        return f"\n\n{head}\n{_visible(talk.last.text)}"
    past = "\n".join(f"> {line}".rstrip() for line in talk.last.text.splitlines()[:60])
    return f"\n\n{quote_head(talk, talk.last)}\n{past}"


def _visible(text: str) -> str:
    """Without what that letter itself quoted."""
    kept = []
    for line in text.splitlines():
        if line.startswith((">", "-----Original")):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def _greeting(talk: Conversation, is_ours: bool, receiver: Person) -> str:  # noqa: FBT001
    phrases = talk.phrases
    if is_ours:
        pool = phrases.get("greet_us", phrases["greet"])
        chosen: str = talk.dice.choice(pool)
        if receiver.first == "Front":
            return "Hello,"
        return chosen.format(first=receiver.first, last=receiver.last)
    pool = phrases["greet_first"] if talk.last is None else phrases["greet"]
    chosen = talk.dice.choice(pool)
    return chosen.format(first="Alice")


def _closing(talk: Conversation, author: Person, is_ours: bool) -> str:  # noqa: FBT001
    close = talk.dice.choice(talk.phrases["close"])
    if is_ours:
        own = owner()
        return f"{close}\nAlice\n\n-- \n{own.name}\n{own.title}, {own.company}\n{own.phone}"
    if author.first == "Front":
        return f"{close}\n{author.company}\n{talk.company.city}"
    return f"{close}\n{author.name}\n\n{author.title}\n{author.company}, {talk.company.city}\n{author.phone}"


def _form_text(author: Person, text: str) -> str:
    return (
        "A visitor has filled in the contact form on lumenworks.example.\n\n"
        f"Name: {author.name}\nCompany: {author.company}\nEmail: {author.address}\nPhone: {author.phone}\n\n"
        f"Message:\n{text}\n\n--\nSent by the website. Answer this mail to reach the visitor."
    )


def _fixed_words(talk: Conversation) -> Words:
    dice, language = talk.dice, talk.company.language
    place = read_texts("world")["places"][talk.company.sector]
    count = dice.randrange(place["count"][0], place["count"][1], 10)
    unit = dice.randrange(3800, 4650, 25) / 100
    total = round(count * unit + (count // 150 + 1) * 640 + 2400, -1)
    friend = invent_person(random.Random(talk.number), talk.company, number=talk.number + 11)  # noqa: S311
    need = dice.choice(read_texts("needs")[talk.company.sector])
    return {
        "company": talk.company.name,
        "city": talk.company.city,
        "site": place["site"],
        "need": need,
        "count": str(count),
        "price": money(unit, language, cents=True),
        "total": money(total, language),
        "monthly": money(round(count * 0.55, -1), language),
        "friend": friend.name,
        "number": f"LW-{26000 + talk.number * 7}",
    }


def _dated_words(talk: Conversation, at: datetime) -> Words:
    """What our own letter proposes stays in force until our next one."""
    phrases = talk.phrases
    until = at + timedelta(days=30)
    hour = talk.dice.choice([9, 10, 11, 14, 15, 16])
    return {
        "day": talk.dice.choice(phrases["long_weekdays"]),
        "time": f"{hour}:{talk.dice.choice(['00', '30'])}",
        "date": phrases["date"].format(day=until.day, month=phrases["months"][until.month - 1]),
    }


def _all_words(talk: Conversation, at: datetime) -> Words:
    if "day" not in talk.words:
        talk.words |= _dated_words(talk, at)
    return talk.words | {"first": talk.lead.first, "last": talk.lead.last}


def money(amount: float, language: str, *, cents: bool = False) -> str:
    text = f"{amount:,.2f}" if cents else f"{amount:,.0f}"
    if language == "en":
        return f"£{text}"
    swapped = text.translate(str.maketrans(",.", ".,"))
    return f"{swapped} €"
