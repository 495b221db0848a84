"""Every mail that comes back is what it is, and beside each the human mail that looks like it: none is taken wrongly."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from inboxcrm.cadence import stops
from inboxcrm.cadence.windows import Windows
from inboxcrm.mail.absences import read_absence
from inboxcrm.mail.classify import classify
from inboxcrm.mail.failed_recipients import failed_recipients, returned_message_id
from inboxcrm.mail.mime import parse
from inboxcrm.mail.opt_outs import read_opt_out
from inboxcrm.mail.reply import split_quoted
from inboxcrm.services.heard import read_heard
from inboxcrm.store.heard_mail import Heard
from tests.mail.returned import CASES, Case, fields, mail, report
from tests.mail.returned_pairs import PAIRS

MONDAY = date(2026, 5, 4)


def heard_of(case: Case) -> stops.Heard:
    """As it is read from the rows it is stored in."""
    import json

    found = parse(case.raw.encode())
    verdict = classify(found)
    author = found.author
    row = Heard(
        id=1, key="k", direction="in", kind=verdict.kind.value, rule=verdict.rule, evidence=verdict.evidence, subject=found.subject,
        sent_at=int(found.date.timestamp() * 1000) if found.date else 0, at=0, author_id=1, author=author.key if author else "",
        conversation_id=1, text=found.text, headers=json.dumps(found.headers), report=found.report_text,
    )  # fmt: skip
    heard = read_heard(row, in_thread=False)
    assert heard is not None
    return heard


def told(deed: stops.Deed) -> str:
    reason = f" {deed.reason.value}" if deed.reason else ""
    return f"{deed.does.value}{reason}{', suppresses' if deed.suppresses else ''}"


@pytest.mark.parametrize(
    "case", [*CASES, *(case for pair in PAIRS for case in pair)], ids=lambda case: case.name
)
def test_it_is_what_it_is(case: Case) -> None:
    heard = heard_of(case)
    assert (heard.kind, heard.rule) == (case.kind, case.rule)
    assert told(stops.deed_of(heard)) == case.does
    assert bool(heard.opt_out) is case.opt_out
    assert heard.back_on == case.back_on


def test_there_are_enough_of_each_and_each_is_itself() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert len(CASES) >= 300
    kinds = {case.kind for case in CASES}
    assert kinds == {"human", "automatic", "bulk", "bounce_hard", "bounce_soft", "calendar"}


def test_a_note_of_absence_never_stops_and_never_suppresses() -> None:
    for case in CASES:
        if case.does == "park":
            deed = stops.deed_of(heard_of(case))
            assert (deed.reason, deed.suppresses) == (None, False)


@pytest.mark.parametrize("case", [one for one in CASES if one.kind.startswith("bounce") or one.rule == "delivery_delayed"], ids=lambda case: case.name)  # fmt: skip
def test_a_failure_names_whom_it_is_about(case: Case) -> None:
    found = parse(case.raw.encode())
    named = failed_recipients(
        case.rule, report=found.report_text, headers=found.headers, text=found.text
    )
    if "bob@acme.example" in found.text + found.report_text:
        assert named.get("bob@acme.example") == case.rule
    if "Message-ID: <sent-1@own.example>" in found.report_text:
        assert returned_message_id(found.report_text) == "sent-1@own.example"


def test_of_several_recipients_each_has_its_own_fate() -> None:
    raw = report(
        *fields("5.1.1", "smtp; 550 5.1.1 unknown", to="dave@acme.example"), "",
        *fields("2.0.0", "smtp; 250 ok", "relayed"), "",
        *fields("5.2.2", "smtp; 552 full", to="erin@acme.example"),
        sender="MAILER-DAEMON@mx.example", subject="Undelivered Mail Returned to Sender", text="",
    )  # fmt: skip
    found = parse(raw.encode())
    assert failed_recipients("address_gone", report=found.report_text, headers=(), text="") == {
        "dave@acme.example": "address_gone",
        "erin@acme.example": "delivery_refused",
    }


# --- what a kind nobody knows does, and until when somebody is parked ---------------------


def test_a_kind_nobody_knows_stops_and_is_shown() -> None:
    for kind in ("", "unknown", "telegram"):
        deed = stops.deed_of(stops.Heard(kind, ""))
        assert deed == stops.Deed(stops.Does.STOP, stops.StopReason.UNCLEAR)


@pytest.mark.parametrize(("kind", "rule"), [("automatic", "no_reply"), ("bulk", "list")])
def test_what_answers_us_from_a_strange_place_stops_and_is_shown(kind: str, rule: str) -> None:
    elsewhere = stops.deed_of(stops.Heard(kind, rule))
    in_thread = stops.deed_of(stops.Heard(kind, rule, in_thread=True))
    assert (told(elsewhere), told(in_thread)) == ("nothing", "stop unclear")


@pytest.mark.parametrize(
    ("back_on", "until"),
    [
        (date(2026, 5, 12), datetime(2026, 5, 13, tzinfo=UTC)),
        (date(2026, 5, 15), datetime(2026, 5, 18, tzinfo=UTC)),
        (date(2026, 5, 16), datetime(2026, 5, 19, tzinfo=UTC)),
        (None, datetime(2026, 5, 11, 9, tzinfo=UTC)),
        (date(2030, 1, 1), datetime(2026, 5, 11, 9, tzinfo=UTC)),
    ],
)
def test_parked_until_a_business_day_after_the_return(back_on, until) -> None:
    written = datetime(2026, 5, 4, 9, tzinfo=UTC)
    assert stops.parked_until(written, back_on, Windows()) == until


def test_holidays_are_no_business_days_and_the_zone_counts() -> None:
    windows = Windows("Europe/Berlin", holidays=frozenset({date(2026, 5, 14)}))
    written = datetime(2026, 5, 4, 9, tzinfo=UTC)
    found = stops.parked_until(written, date(2026, 5, 13), windows)
    assert found == datetime(2026, 5, 14, 22, tzinfo=UTC)


def test_three_late_ones_in_a_row_end_with_one_that_came() -> None:
    assert stops.late_in_a_row([True, True, True]) == 3
    assert stops.late_in_a_row([True, True, False, True]) == 1
    assert stops.late_in_a_row([]) == 0


# --- the sentence it rests on -----------------------------------------------------------------


def test_the_sentence_is_told() -> None:
    text = "Hello,\n\nthanks for your mail. I am out of the office until\n12 May 2026. Call Bob.\n"
    found = read_absence("Automatic reply", text, written=MONDAY)
    assert found is not None
    assert found.sentence == "I am out of the office until 12 May 2026."
    said = "Hello Alice. Please take me off\nyour list, this is not for us. Bob"
    assert read_opt_out("Re: x", said) == "Please take me off your list, this is not for us."


def test_what_is_quoted_asks_for_nothing() -> None:
    text = "Fine.\n\nOn Mon, 4 May 2026 Alice <a@own.example> wrote:\n> unsubscribe\n> remove me"
    assert read_opt_out("Re: x", split_quoted(text)[0]) == ""


@pytest.mark.parametrize("text", ["a" * 100_000, "until " * 20_000, "1.1." * 20_000, "stop " * 20_000, "\n-- \n" * 5_000, "from 1 to " * 9_000, "next Friday " * 9_000])  # fmt: skip
def test_hostile_lengths_are_read_in_no_time(text: str) -> None:
    read_absence(text, text, written=MONDAY)
    read_opt_out(text, text)


@pytest.mark.parametrize("token", ["user @", "address ", "automatic ", "this is an auto", "On Mon wrote:\n", "from 1 to ", "no longer with A", "mailbox\n"])  # fmt: skip
def test_a_megabyte_of_one_word_is_told_in_no_time(token: str) -> None:
    body = token * (1_000_000 // len(token))
    for sender in ("bob@acme.example", "mailer-daemon@acme.example"):
        raw = mail("Return-Path: <>", "In-Reply-To: <sent-1@own.example>", body=body, sender=sender)
        heard_of(Case(token, raw, "", "", ""))


def wrapped(raw: str, width: int) -> str:
    """The mail with its longer lines broken, as mail programs do that send no flowed text."""
    fields, _, body = raw.replace("\r\n", "\n").partition("\n\n")
    lines = (textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) if prose(line) else [line] for line in body.split("\n"))  # fmt: skip
    return f"{fields}\n\n" + "\n".join(one for broken in lines for one in broken or [""])


def prose(line: str) -> bool:
    return line[:1].isalpha() and not re.match(r"\S+:", line)


@pytest.mark.parametrize(
    "case",
    [one for one in (*CASES, *(case for pair in PAIRS for case in pair)) if "boundary=" not in one.raw and "Content-Transfer-Encoding" not in one.raw],
    ids=lambda case: case.name,
)  # fmt: skip
def test_where_its_lines_are_broken_changes_nothing(case: Case) -> None:
    if case.rule != "recall":  # of one line, and by a program
        for width in (34, 52, 66, 72):
            test_it_is_what_it_is(replace(case, raw=wrapped(case.raw, width)))
