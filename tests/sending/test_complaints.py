"""A report that somebody called a mail of ours spam (RFC 5965), and what only looks like one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from inboxcrm.cadence.caps import complaint_reason
from inboxcrm.cadence.reports import By
from inboxcrm.mail.complaints import complained_of
from inboxcrm.mail.mime import parse
from inboxcrm.mail.said import Said
from inboxcrm.services.explaining import mail_story
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.services.suppressions import release
from inboxcrm.services.verdicts import correct_verdict, take_back_word
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.senders import pause_of
from inboxcrm.store.tables import activity, enrollment, mailbox, outbox
from inboxcrm.views.cadence_report_shapes import Asked
from inboxcrm.views.cadence_reports import mails_behind, report_of
from tests.sending.incoming import (
    ACTIVE,
    BOB,
    NewOffice,
    bounce,
    come,
    first_mails_back,
    heed,
    letter,
    sent_copies,
    standing,
    suppressed,
)
from tests.sending.office import ALICE, Office

ERIN = "erin@erins-firm.example"


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    """Bob and Erin got the first of two mails, and the sent copies are back."""
    return first_mails_back(new_office, "bob", "erin", reminders=1)


def key_to(office: Office, who: str = BOB) -> str:
    return next(row.key for row in office.rows() if row.to_address == who)


def feedback(
    *original: str,
    kind: str = "abuse",
    report_type: str = "feedback-report",
    inner: str = "message/rfc822",
    sender: str = "Complaints <fbl@provider.example>",
) -> str:
    """As RFC 5965 appendix B writes them, the addresses taken out (RFC 6590)."""
    body = ["--b", "Content-Type: text/plain; charset=us-ascii", "", "This is an email abuse report for an email message",
            "received from IP 192.0.2.1 on Thu, 8 Mar 2026.", "", "--b", "Content-Type: message/feedback-report", "",
            f"Feedback-Type: {kind}", "User-Agent: SomeGenerator/1.0", "Version: 1", "Original-Mail-From: <redacted>",
            "Arrival-Date: Thu, 8 Mar 2026 14:00:00 EDT", "Reported-Domain: seller.example", "",
            "--b", f"Content-Type: {inner}", "Content-Disposition: inline", "", "From: <alice@seller.example>",
            "To: <redacted@provider.example>", "Subject: A word, Bob", *original, "", "Good day Bob", "", "--b--"]  # fmt: skip
    return letter(
        f"Content-Type: multipart/report; report-type={report_type}; boundary=b",
        "MIME-Version: 1.0",
        sender=sender,
        subject="FW: A word, Bob",
        text="\r\n".join(body),
    )


def about(office: Office, who: str = BOB, **how: str) -> str:
    return feedback(f"X-Inboxcrm-Key: {key_to(office, who)}", **how)


def stop_words(office: Office) -> str:
    with office.desk.database.read() as tx:
        wanted = select(enrollment.c.stop_words).where(enrollment.c.state == "stopped")
        return tx.execute(wanted).scalar_one()


def fared(office: Office) -> dict[str, str]:
    with office.desk.database.read() as tx:
        rows = tx.execute(
            select(outbox.c.to_address, outbox.c.fared).where(outbox.c.state == "sent")
        )
        return {row[0]: row[1] for row in rows}


def figures(office: Office) -> dict[str, int]:
    total = report_of(office.desk, ALICE, "", By.CADENCE).total
    return {cell.key: cell.count for cell in total.figures}


# --- what one does ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "inner"), [("abuse", "message/rfc822"), ("Fraud", "text/rfc822-headers")]
)
def test_it_stops_suppresses_and_is_shown_with_what_it_rests_on(
    office: Office, kind: str, inner: str
) -> None:
    come(office, about(office, kind=kind, inner=inner))
    assert heed(office).stopped == 1
    assert standing(office) == {BOB: ("stopped", "complaint"), ERIN: ACTIVE}
    assert suppressed(office) == {BOB: "complaint"}
    assert fared(office) == {BOB: "complained", ERIN: ""}
    assert f"Feedback-Type: {kind}" in stop_words(office)
    assert "fbl@provider.example" in stop_words(office)
    lines = mail_story(office.desk, ALICE, key_to(office)).lines
    assert any("reported as spam" in one.text and "Feedback-Type" in one.text for one in lines)
    with office.desk.database.read() as tx:
        past = (
            tx.execute(select(activity.c.text).where(activity.c.kind == "cadence")).scalars().all()
        )
    assert any("reported as spam" in one for one in past)
    office.to_the_end()
    assert office.post.deliveries()[BOB] == 1


def test_the_message_id_tells_the_mail_where_the_key_was_taken_off(office: Office) -> None:
    real = sent_copies(office)[BOB]
    come(office, feedback(f"Message-ID: <{real}>"))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "complaint")


def test_one_that_lost_its_type_on_the_way_is_no_bounce(office: Office) -> None:
    raw = about(office).replace("report-type=feedback-report; ", "")
    come(office, f"Return-Path: <>\r\n{raw}")
    heed(office)
    assert standing(office)[BOB] == ("stopped", "complaint")
    assert figures(office)["bounced"] == 0


def test_it_comes_after_the_end_and_still_suppresses(office: Office) -> None:
    come(office, letter())
    heed(office)
    assert standing(office)[BOB] == ("stopped", "reply")
    come(office, about(office), later_seconds=900)
    heed(office)
    assert standing(office)[BOB] == ("stopped", "complaint")
    assert suppressed(office) == {BOB: "complaint"}


def test_reading_it_again_or_a_second_one_changes_nothing(office: Office) -> None:
    for _ in range(2):
        come(office, about(office))
    heed(office)
    lines = len(mail_story(office.desk, ALICE, key_to(office)).lines)
    again = heed(office, since=0)
    assert (again.stopped, again.suppressed) == (0, 0)
    assert len(mail_story(office.desk, ALICE, key_to(office)).lines) == lines


@pytest.mark.parametrize("first", ["bounce", "complaint"])
def test_the_order_of_a_bounce_and_a_complaint_changes_nothing(office: Office, first: str) -> None:
    mails = {"bounce": bounce(), "complaint": about(office)}
    for one in sorted(mails, key=lambda name: name != first):
        come(office, mails[one])
        heed(office)
    assert standing(office)[BOB] == ("stopped", "complaint")
    assert fared(office)[BOB] == "complained"
    assert BOB in suppressed(office)


def test_whoever_was_taken_off_the_list_later_stays_off(office: Office) -> None:
    come(office, about(office))
    heed(office)
    office.bench.clock.wait(3_600)
    release(office.desk, ALICE, BOB)
    heed(office, since=0)
    assert suppressed(office) == {}


# --- the guardrail and the reports -----------------------------------------------------------------


def test_it_pauses_the_mailbox_for_a_day(office: Office) -> None:
    come(office, about(office))
    heed(office)
    with office.desk.database.read() as tx:
        held = pause_of(tx, 1)
    assert "reported as spam" in held.reason
    assert from_ms(held.until_at) == office.bench.clock.at + timedelta(hours=24)
    office.bench.clock.wait(4 * 86_400)
    office.read_mail()
    office.send()
    assert office.post.deliveries() == {BOB: 1, ERIN: 2}


@pytest.mark.parametrize(("last", "pauses"), [([False] * 60, False), ([True], True), ([False] * 49 + [True], True), ([False] * 50 + [True], False)])  # fmt: skip
def test_one_in_the_last_fifty_is_too_much(last: list[bool], pauses: bool) -> None:
    assert (complaint_reason(last) is not None) is pauses


def test_it_is_counted_for_the_mail_it_names(office: Office) -> None:
    come(office, about(office))
    heed(office)
    found = figures(office)
    assert (found["complained"], found["bounced"], found["opted_out"]) == (1, 0, 0)
    behind = mails_behind(office.desk, ALICE, Asked(), "complained")
    assert [one.to for one in behind.mails.rows] == [BOB]


def test_a_person_says_it_was_none_and_all_of_it_falls(office: Office) -> None:
    mail = come(office, about(office))
    heed(office)
    sealed = office.desk.ids.seal("message", mail)
    done = correct_verdict(office.desk, ALICE, sealed, Said.AUTOMATIC)
    assert done.goes_on == ("Autumn",)
    assert (standing(office)[BOB], suppressed(office), fared(office)[BOB]) == (ACTIVE, {}, "")
    take_back_word(office.desk, ALICE, sealed)
    assert standing(office)[BOB] == ("stopped", "complaint")
    assert suppressed(office) == {BOB: "complaint"}


def test_another_complaint_holds_when_one_is_none(office: Office) -> None:
    first = come(office, about(office))
    come(office, about(office), later_seconds=900)
    heed(office)
    correct_verdict(office.desk, ALICE, office.desk.ids.seal("message", first), Said.AUTOMATIC)
    assert standing(office)[BOB] == ("stopped", "complaint")
    assert suppressed(office) == {BOB: "complaint"}


# --- what only looks like one -------------------------------------------------------------------------


def nothing_happened(office: Office) -> bool:
    heed(office)
    quiet = set(standing(office).values()) == {ACTIVE} and not suppressed(office)
    with office.desk.database.read() as tx:
        return quiet and not pause_of(tx, 1).until_at and figures(office)["complained"] == 0


def test_feedback_about_a_mail_we_never_sent_does_nothing(office: Office) -> None:
    come(office, feedback("Message-ID: <somebody-elses@mail.example>"))
    come(office, feedback("X-Inboxcrm-Key: made-up"))
    come(office, feedback())
    assert nothing_happened(office)


def test_a_planned_mail_is_complained_of_by_nobody(office: Office) -> None:
    planned = next(row.key for row in office.rows() if row.state == "planned")
    come(office, feedback(f"X-Inboxcrm-Key: {planned}"))
    assert nothing_happened(office)


def test_other_kinds_of_feedback_do_nothing(office: Office) -> None:
    for kind in ("auth-failure", "not-spam", "virus", "other", "dmarc"):
        come(office, about(office, kind=kind))
    assert nothing_happened(office)


def test_a_report_that_came_to_another_mailbox_than_it_names_does_nothing(office: Office) -> None:
    declare_mailboxes(
        office.desk,
        [Declared("alice", "gmail", "alice@seller.example"), Declared("carl", "gmail", "carl@seller.example")],
    )  # fmt: skip
    real = sent_copies(office)[BOB]
    come(office, about(office), box="carl")
    come(office, feedback(f"Message-ID: <{real}>"), box="carl")
    assert nothing_happened(office)


def test_a_key_of_another_mailbox_is_not_mended_by_a_message_id_of_this_one(office: Office) -> None:
    declare_mailboxes(
        office.desk,
        [Declared("alice", "gmail", "alice@seller.example"), Declared("carl", "gmail", "carl@seller.example")],
    )  # fmt: skip
    real = sent_copies(office)[BOB]
    with office.desk.database.write() as tx:
        carl = tx.execute(select(mailbox.c.id).where(mailbox.c.name == "carl")).scalar_one()
        theirs = select(outbox.c.id).where(outbox.c.to_address == ERIN, outbox.c.state == "sent")
        tx.execute(update(outbox).where(outbox.c.id.in_(theirs)).values(mailbox_id=carl))
    come(office, feedback(f"X-Inboxcrm-Key: {key_to(office, ERIN)}", f"Message-ID: <{real}>"))
    assert nothing_happened(office)


def test_a_person_who_forwards_an_abuse_report_is_a_person(office: Office) -> None:
    report = (
        about(office)
        .replace("report-type=feedback-report; ", "")
        .replace("multipart/report", "multipart/mixed")
    )
    come(office, report.replace("Complaints <fbl@provider.example>", f"Bob Tanaka <{BOB}>"))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "reply")
    assert suppressed(office) == {}
    quoted = letter(text=f"> Feedback-Type: abuse\r\n> X-Inboxcrm-Key: {key_to(office, ERIN)}\r\nWhat is this?", sender=ERIN)  # fmt: skip
    come(office, quoted)
    heed(office)
    assert standing(office)[ERIN] == ("stopped", "reply")
    assert figures(office)["complained"] == 0


def test_a_dmarc_report_does_nothing(office: Office) -> None:
    body = ["--b", "Content-Type: text/plain", "", "This is a DMARC aggregate report for seller.example.", "", "--b",
            'Content-Type: application/gzip; name="provider.example!seller.example!1!2.xml.gz"',
            "Content-Transfer-Encoding: base64", "", "H4sIAAAAAAAA", "", "--b--"]  # fmt: skip
    raw = letter(
        "Content-Type: multipart/mixed; boundary=b",
        sender="noreply-dmarc@provider.example",
        subject="Report Domain: seller.example Submitter: provider.example Report-ID: 1",
        text="\r\n".join(body),
    )
    come(office, raw)
    come(office, raw.replace("multipart/mixed", "multipart/report; report-type=dmarc"))
    assert nothing_happened(office)


def test_hostile_reports_do_nothing(office: Office) -> None:
    for line in (
        "X-Inboxcrm-Key: ' OR 1=1 --",
        "X-Inboxcrm-Key: " + "x" * 10_000,
        "X-Inboxcrm-Key: \u202eabc",
        "X-Inboxcrm-Key:\r\n\t{{ key }}",
        "Message-ID: <\x00>",
    ):
        come(office, feedback(line))
    assert nothing_happened(office)


def test_the_key_is_read_from_the_mail_that_comes_with_it_folded_or_not() -> None:
    for line in ("X-Inboxcrm-Key: abc_1-2", "x-inboxcrm-key:\r\n abc_1-2"):
        report = parse(feedback(line, "Message-ID: <m@x.example>").encode()).report_text
        found = complained_of(report)
        assert (found.key, found.message_id) == ("abc_1-2", "m@x.example")
