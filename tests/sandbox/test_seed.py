from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.rendering import payload_of
from inboxcrm.sandbox.seed import fill, from_mbox, own_mailbox, seed_sales_mailbox, seed_with_talks
from inboxcrm.sandbox.trickle import Trickle, trickle

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def seeded():
    mails, talks = seed_with_talks(NOW)
    return mails, talks


@pytest.fixture(scope="module")
def filled(seeded):
    box = own_mailbox()
    fill(box, seeded[0])
    return box


def test_the_same_now_and_seed_give_the_same_mail(seeded):
    assert seed_sales_mailbox(NOW) == seeded[0]
    assert seed_sales_mailbox(NOW, seed=8) != seeded[0]


@pytest.mark.parametrize("count", [20, 150, 600])
def test_there_is_as_much_mail_as_asked_for(count):
    assert abs(len(seed_sales_mailbox(NOW, count=count)) - count) <= count * 0.1


def test_nothing_comes_from_the_future_and_half_a_year_is_covered(seeded):
    times = [mail.at for mail in seeded[0]]
    assert times == sorted(times)
    assert times[-1] <= NOW
    assert times[-1] > NOW - timedelta(hours=6)
    assert timedelta(days=160) < times[-1] - times[0] < timedelta(days=190)


@pytest.mark.parametrize(
    "now", [NOW, NOW + timedelta(days=1, hours=9), datetime(2026, 3, 29, 3, 0, tzinfo=UTC)]
)
def test_people_write_on_weekdays_in_working_hours(now):
    for mail in seed_sales_mailbox(now, count=200):
        local = mail.at.astimezone(ZoneInfo("Europe/London"))
        assert local.weekday() < 5
        assert 8 <= local.hour < 20


def test_every_letter_is_sound_mail_between_example_addresses(seeded):
    seen = Counter()
    for mail in seeded[0]:
        parsed = message_from_bytes(mail.raw)
        assert not [part.defects for part in parsed.walk() if part.defects]
        assert parsed["From"], parsed["Date"]
        seen[parsed["Message-ID"]] += 1
        addresses = [
            word
            for name in ("From", "To", "Cc")
            for word in str(parsed[name] or "").split()
            if "@" in word
        ]
        assert all(".example" in word for word in addresses), addresses
        assert max(map(len, mail.raw.split(b"\r\n"))) <= 998
        assert b"{" not in mail.raw.partition(b"\r\n\r\n")[0], "a word was not filled in"
    assert max(seen.values()) == 1


def test_it_has_everything_a_sales_mailbox_has(filled):
    mails = filled.newest_first()
    heads = [mail.raw.partition(b"\r\n\r\n")[0] for mail in mails]
    longest = max(len(filled.thread(mail.thread_ref)) for mail in mails)
    assert longest >= 8
    bodies = b"".join(mail.raw for mail in mails)
    for sign in (
        b"report-type=delivery-status", b"Auto-Submitted: auto-replied", b"List-Unsubscribe", b"method=REQUEST",
        b"method=REPLY", b"application/pdf", b"text/csv", b"charset=iso-2022-jp", b"charset=iso-8859-1",
        b"Content-ID: <image001", b"X-Failed-Recipients",
    ):  # fmt: skip
        assert sign in bodies, sign
    assert sum(b"Reply-To:" in head and b"forms@lumenworks" in head for head in heads) >= 3
    assert any(b"+lumenworks@" in head for head in heads)
    assert any(b"From: " in head and b"<info@" in head for head in heads)
    html_only = [
        mail
        for mail in mails
        if payload_of(filled, mail)["mimeType"] in {"text/html", "multipart/related"}
    ]
    assert len(html_only) > 20
    labels = Counter(label for mail in mails for label in mail.labels)
    assert labels["SENT"] > 120
    assert labels["SPAM"] >= 10
    assert labels["TRASH"] >= 10
    assert set(filled.user_labels.values()) == {"Quotes", "Customers"}


def test_the_last_days_hold_threads_that_nobody_answered(filled):
    open_threads = [
        mail
        for mail in filled.newest_first()
        if "IMPORTANT" in mail.labels
        and NOW - timedelta(days=4) < datetime.fromtimestamp(mail.received_ms / 1000, UTC)
        and filled.thread(mail.thread_ref)[-1] is mail
    ]
    assert len(open_threads) >= 8


def test_answers_lie_in_the_thread_they_answer(filled):
    answers = [
        mail
        for mail in filled.newest_first()
        if mail.envelope.subject.startswith(("Re: ", "AW: ", "RE: "))
    ]
    assert len(answers) > 150
    assert all(len(filled.thread(mail.thread_ref)) > 1 for mail in answers)


def test_many_languages_are_spoken(seeded):
    assert {talk.company.language for talk in seeded[1]} == {
        "en",
        "de",
        "fr",
        "es",
        "pt",
        "ja",
        "ar",
    }


def test_mail_keeps_arriving_but_not_for_ever():
    mails, talks = seed_with_talks(NOW)
    box = own_mailbox()
    fill(box, mails)
    arrived = list(trickle(talks, NOW))
    assert 100 < len(arrived) < 1000
    gaps = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(arrived)]
    assert all(10 <= gap <= 20 for gap in gaps)
    before = set(box.refs())
    for mail in arrived[:30]:
        box.deliver(mail.raw, labels=mail.labels, at=mail.at)
    new = [mail for mail in box.newest_first() if mail.ref not in before]
    assert any(len(box.thread(mail.thread_ref)) > 2 for mail in new), (
        "somebody answers in a known thread"
    )
    assert any(len(box.thread(mail.thread_ref)) == 1 for mail in new)
    assert all("UNREAD" in mail.labels for mail in new)


def test_the_first_new_mail_is_an_enquiry(seeded):
    mail = Trickle([]).next_mail(NOW)
    assert "IMPORTANT" in mail.labels
    assert mail.at == NOW


def test_an_mbox_can_be_the_mailbox(tmp_path):
    path = tmp_path / "old.mbox"
    path.write_bytes(
        b"From bob Thu Jan  1 00:00:00 2004\nFrom: bob@client.example\nSubject: One\n"
        b"Date: Tue, 06 Jan 2004 10:00:00 +0100\n\nHi\n\n"
        b"From dave Thu Jan  1 00:00:00 2004\nFrom: dave@client.example\nDate: never\n\nHo\n\n"
    )
    mails = from_mbox(path)
    box = SandboxMailbox("alice@own.example")
    fill(box, mails)
    assert [mail.at.year for mail in mails] == [2004, 2001]
    assert box.message_total() == 2
