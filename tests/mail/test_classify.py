"""Every kind of machine mail, and beside each the human mail that looks like it.

The fixtures are our own, written after the formats the senders document.
"""

from __future__ import annotations

import pytest

from inboxcrm.mail.classify import Kind, classify
from inboxcrm.mail.mime import parse

BOB = "From: Bob Stone <bob@acme.example>"
ALICE = "To: alice@own.example"


def verdict(*headers: str, body: str = "Hello Alice"):
    lines = [*headers]
    if not any(line.startswith("From:") for line in lines):
        lines.insert(0, BOB)
    return classify(parse("\r\n".join([*lines, ALICE, "", body, ""]).encode()))


def report(
    *fields: str,
    sender: str = "MAILER-DAEMON@mx.acme.example",
    subject: str = "Undelivered Mail Returned to Sender",
    text: str = "Sorry",
    extra: tuple[str, ...] = (),
):
    body = "\r\n".join(
        ["--b", "Content-Type: text/plain", "", text, "--b", "Content-Type: message/delivery-status", "",
         "Reporting-MTA: dns; mx.acme.example", "", *fields, "--b", "Content-Type: text/rfc822-headers", "",
         "Message-ID: <sent@own.example>", "--b--"]
    )  # fmt: skip
    return verdict(
        f"From: {sender}",
        f"Subject: {subject}",
        "Return-Path: <>",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        *extra,
        body=body,
    )


POSTFIX_GONE = (
    "Final-Recipient: rfc822; dave@acme.example",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 <dave@acme.example>: Recipient address rejected: User unknown",
)


# --- what people did with a mail -------------------------------------------------


@pytest.mark.parametrize(("said", "rule"), [("abuse", "complaint"), ("auth-failure", "report")])
def test_a_complaint_is_told_from_a_report_about_a_signature(said, rule):
    found = verdict(
        "From: feedback@isp.example",
        "Subject: FW: Offer",
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b",
        body="\r\n".join(
            ["--b", "Content-Type: text/plain", "", "A report", "--b", "Content-Type: message/feedback-report",
             "", f"Feedback-Type: {said}", "Version: 1", "--b--"]
        ),
    )  # fmt: skip

    assert (found.kind, found.rule) == (Kind.AUTOMATIC, rule)


# --- delivery reports ----------------------------------------------------------


def test_postfix_says_dave_is_unknown():
    found = report(*POSTFIX_GONE)

    assert (found.kind, found.rule) == (Kind.BOUNCE_HARD, "address_gone")
    assert found.evidence.startswith("Status: 5.1.1; Diagnostic-Code: smtp; 550 5.1.1")


def test_gmail_calls_its_own_bounce_auto_replied_and_it_is_a_bounce_all_the_same():
    found = report(
        *POSTFIX_GONE,
        sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        subject="Delivery Status Notification (Failure)",
        extra=("Auto-Submitted: auto-replied", "X-Failed-Recipients: dave@acme.example"),
    )

    assert found.kind is Kind.BOUNCE_HARD


@pytest.mark.parametrize(
    ("status", "diagnostic", "kind"),
    [
        ("5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found", Kind.BOUNCE_HARD),
        ("5.4.4", "x-postfix; Host or domain name not found", Kind.BOUNCE_HARD),
        ("5.4.1", "smtp;550 5.4.1 Recipient address rejected: Access denied", Kind.BOUNCE_HARD),
        ("5.0.0", "smtp; 550 5.1.1 no such user", Kind.BOUNCE_HARD),
        ("5.0.0", "smtp; 554 something unheard of", Kind.BOUNCE_HARD),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", Kind.BOUNCE_SOFT),
        ("5.7.1", "smtp; 550 5.7.1 blocked by policy", Kind.BOUNCE_SOFT),
        ("5.7.26", "smtp; 550 5.7.26 unauthenticated", Kind.BOUNCE_SOFT),
        ("5.3.4", "smtp; 552 message too large", Kind.BOUNCE_SOFT),
        ("4.4.7", "smtp; 421 4.4.7 delivery time expired", Kind.BOUNCE_SOFT),
        ("5.0.0", "smtp; 550 message rejected as spam", Kind.BOUNCE_SOFT),
    ],
)
def test_only_an_address_that_cannot_receive_is_a_hard_bounce(status, diagnostic, kind):
    found = report(
        "Final-Recipient: rfc822; dave@acme.example",
        "Action: failed",
        f"Status: {status}",
        f"Diagnostic-Code: {diagnostic}",
    )

    assert found.kind is kind


@pytest.mark.parametrize(
    ("action", "rule"),
    [
        ("delayed", "delivery_delayed"),
        ("delivered", "delivery_receipt"),
        ("relayed", "delivery_receipt"),
    ],
)
def test_a_delay_or_a_receipt_is_no_bounce(action, rule):
    found = report(
        "Final-Recipient: rfc822; dave@acme.example", f"Action: {action}", "Status: 4.4.1"
    )

    assert (found.kind, found.rule) == (Kind.AUTOMATIC, rule)


def test_the_worst_fate_of_several_recipients_counts():
    found = report(
        "Final-Recipient: rfc822; erin@acme.example",
        "Action: delayed",
        "Status: 4.4.1",
        "",
        *POSTFIX_GONE,
    )

    assert found.kind is Kind.BOUNCE_HARD


def test_an_out_of_office_note_through_the_report_channel_is_no_bounce():
    found = report(
        "X-Nothing: here", subject="Automatic reply: Offer", text="I am away until Monday."
    )

    assert found.kind is Kind.AUTOMATIC


def test_a_read_receipt_is_automatic():
    found = verdict(
        "Subject: Read: Offer",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
        body="--b\r\n\r\nread\r\n--b--",
    )

    assert (found.kind, found.rule) == (Kind.AUTOMATIC, "read_receipt")


@pytest.mark.parametrize(
    ("headers", "body", "kind"),
    [
        # qmail: no MIME, no mark but the sender and its opening words
        (("From: MAILER-DAEMON@mx.acme.example", "Subject: failure notice", "Return-Path: <>"),
         "Hi. This is the qmail-send program at mx.acme.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n"  # noqa: ISC004
         "<dave@acme.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n", Kind.BOUNCE_HARD),
        # Exim
        (("From: Mail Delivery System <Mailer-Daemon@mx.acme.example>", "Subject: Mail delivery failed: returning message to sender",
          "X-Failed-Recipients: dave@acme.example", "Auto-Submitted: auto-replied"),
         "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered.\n\n"  # noqa: ISC004
         "  dave@acme.example\n    Unrouteable address\n", Kind.BOUNCE_HARD),
        (("From: Mail Delivery System <Mailer-Daemon@mx.acme.example>", "Subject: Mail delivery failed: returning message to sender",
          "X-Failed-Recipients: dave@acme.example"),
         "A message that you sent could not be delivered.\n\n  dave@acme.example\n    SMTP error: 552 mailbox is full: quota exceeded\n", Kind.BOUNCE_SOFT),
        # Exim, still trying
        (("From: Mail Delivery System <Mailer-Daemon@mx.acme.example>", "Subject: Warning: message 1abc delayed 24 hours", "Return-Path: <>"),
         "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered.\n", Kind.AUTOMATIC),
        # Exchange's own mark
        (("From: Postmaster <postmaster@acme.example>", "Subject: Undeliverable: Offer", "X-MS-Exchange-Message-Is-Ndr: "),
         "Your message to dave@acme.example couldn't be delivered.\ndave wasn't found at acme.example.\n", Kind.BOUNCE_HARD),
        # Notes
        (("From: Postmaster@acme.example", "Subject: DELIVERY FAILURE: User dave not listed in Domino Directory", "Return-Path: <>"),
         "Your message\n\n  Subject: Offer\n\nwas not delivered to:\n\n  dave@acme.example\n\nbecause:\n\n  User dave (dave@acme.example) not listed in Domino Directory\n", Kind.BOUNCE_HARD),
        # SmarterMail, as if a person wrote it
        (("From: System Administrator <admin@mx.acme.example>", "Subject: Delivery Failure"),
         "Could not deliver message to the following recipient(s):\n\nFailed Recipient: dave@acme.example\nReason: The domain acme.example does not exist\n", Kind.BOUNCE_HARD),
        (("From: System Administrator <admin@mx.acme.example>", "Subject: Delivery Delay Notice"),
         "Your message has not been delivered to the following recipient(s) so far:\n\nRecipient: dave@acme.example\nReason: 452 4.2.2 Mailbox full, try again later\n", Kind.AUTOMATIC),
        # A relay, from an address nobody reads
        (("From: Relay <bounce-notices@mx.acme.example>", "Subject: Message could not be delivered to dave@acme.example"),
         "The server refused it for good.\nReason: 550 5.7.1 Sender address is blocked\n", Kind.BOUNCE_SOFT),
        # German, Czech and Chinese, still trying or not
        (("From: Mail <mail@acme.example>", "Subject: Ihre E-Mail konnte bisher nicht zugestellt werden", "Auto-Submitted: auto-generated"),
         "Ihre E-Mail konnte bisher nicht an\n  dave@acme.example\nzugestellt werden (421 Service not available).\n", Kind.AUTOMATIC),
        (("From: Mail <mail@acme.example>", "Subject: Zpráva zatím nebyla doručena", "Auto-Submitted: auto-replied"),
         "Vaši zprávu se zatím nepodařilo doručit na adresu dave@acme.example.\nDůvod: 451 4.3.0 Temporary server error\n", Kind.AUTOMATIC),
        (("From: PostMaster <PostMaster@acme.example>", "Subject: 来自acme.example的退信", "Auto-Submitted: auto-generated"),
         "抱歉，您的邮件被退回来了\n退信原因：550 Mailbox not found\n", Kind.BOUNCE_HARD),
        # German, null sender only
        (("From: Mailsystem <mail@acme.example>", "Subject: Unzustellbar: Angebot", "Return-Path: <>"),
         "Die Adresse dave@acme.example existiert nicht, die Nachricht wurde nicht zugestellt.\n", Kind.BOUNCE_HARD),
    ],
)  # fmt: skip
def test_reports_in_prose_are_understood(headers, body, kind):
    assert verdict(*headers, body=body).kind is kind


# --- human near misses of bounces ------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (("Subject: Fwd: Undelivered Mail Returned to Sender",), "Look what I got back:\n\n> 550 5.1.1 User unknown\n"),
        (("Subject: Undeliverable?",), "Your last mail never reached me, the address does not exist any more. Use this one."),
        (("Subject: Delivery failed",), "The parcel was not delivered. Can you send it again?"),
        (("Subject: Fwd: report", "Content-Type: multipart/mixed; boundary=b"),
         "--b\r\n\r\nIs this yours?\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--"),
    ],
)  # fmt: skip
def test_a_person_who_writes_of_a_bounce_is_a_person(headers, body):
    assert verdict(*headers, body=body).kind is Kind.HUMAN


# --- auto-replies ------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: auto-replied",),
        ("Auto-Submitted: auto-replied (vacation)",),
        ("Auto-Submitted: auto-generated; owner=x",),
        ("X-Autoreply: yes",),
        ("X-Autorespond: Offer",),
        ("X-Auto-Reply: 1",),
        ("X-Mail-Autoreply: yes",),
        ("Precedence: auto_reply",),
        ("Preference: auto_reply",),
        ("X-POST-MessageClass: 9; Autoresponder",),
        ("X-FC-MachineGenerated: true",),
        (
            "Return-Path: <>",
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "Subject: Automatic reply: Offer",
        ),
        ("Return-Path: <postmaster@acme.example>", "Subject: Automatic reply: Offer"),
        ("Auto-Submitted: auto-replied", "Precedence: bulk", "Subject: Re: Offer"),
    ],
)
def test_erin_is_away_and_her_machine_answers(headers):
    assert (
        verdict(
            "From: Erin <erin@acme.example>", *headers, body="I am out of the office until Monday."
        ).kind
        is Kind.AUTOMATIC
    )


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Offer", "Out of Office: Offer", "Out of Office AutoReply: Offer", "Autoreply: Offer",
        "Automatische Antwort: Angebot", "Abwesenheitsnotiz: Angebot", "Réponse automatique : Offre", "Respuesta automática: Oferta",
        "Risposta automatica: Offerta", "Automatisch antwoord: Aanbod", "Resposta automática: Oferta", "自動応答: 見積", "自動返信：見積",
        "Autosvar: Tilbud", "Automatiskt svar: Offert", "Automaattinen vastaus: Tarjous", "Odpowiedź automatyczna: Oferta",
        "Automatická odpověď: Nabídka", "Автоматический ответ: Предложение", "自动回复: 报价", "자동 회신: 견적", "Otomatik yanıt: Teklif",
        "Out of office until 20/05/2026 (was: Offer)", "On leave till Monday (Re: Offer)",
    ],
)  # fmt: skip
def test_away_subjects_are_known_in_many_languages(subject):
    found = verdict("From: Erin <erin@acme.example>", f"Subject: {subject}")

    assert (found.kind, found.rule, found.evidence) == (
        Kind.AUTOMATIC,
        "away_subject",
        f"Subject: {subject}",
    )


def test_a_word_with_a_question_mark_is_no_question_of_a_person():
    note = "De rest van de week ben ik afwezig. Storing? Bel 077 555 0160."
    assert verdict("Subject: Afwezig: Aanbod", body=note).rule == "away_subject"


def test_a_sieve_says_auto_and_names_our_mail_and_people_write_of_cars():
    sieve = verdict("Subject: Auto: Offer", "In-Reply-To: <sent@own.example>", body="Until Monday.")
    away = verdict("Subject: Auto: Offer", body="I am out of the office.")
    car = verdict("Subject: Auto: Anfrage", body="Was kostet der Wagen?")

    assert [one.kind for one in (sieve, away, car)] == [Kind.AUTOMATIC, Kind.AUTOMATIC, Kind.HUMAN]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (
            ("Subject: Re: Offer",),
            "I am out of office next week, but yes, please send the contract.",
        ),
        (("Subject: Re: Automatic reply: Offer",), "Welcome back! Did you see my offer?"),
        (
            ("Subject: Automatic reply: Offer", "In-Reply-To: <sent@own.example>"),
            "This is me, not the robot. Send the summary, please.\r\n\r\n>>> Alice <alice@own.example> 22/08/2002 15:15 >>>\r\nHi",
        ),
        (("Subject: Out of office next week",), "So let us talk today."),
        (("Subject: Out of office until Monday (sorry)",), "Could we talk then?"),
        (("Subject: Out of Office drivers (Re: Offer)",), "They would need an app."),
        (
            ("Subject: Re: Offer", "In-Reply-To: <sent@own.example>"),
            "Yes, please.\r\n\r\nBob, Acme. This is an automatically generated footer.",
        ),
        (("Subject: Automatic doors",), "We need three of them."),
        (("Subject: Auto and vans",), "Do you rent them?"),
        (("Subject: Offer", "Auto-Submitted: no"), "Yes."),
        (("Subject: Offer", "Auto-Submitted: auto-forwarded"), "Yes."),
        (("Subject: Offer", "X-Auto-Response-Suppress: All"), "Yes."),
        (("Subject: Offer", "X-Autoreply: no"), "Yes."),
        (("Subject: Offer", "Precedence: normal"), "Yes."),
        (("Subject: Offer", "Return-Path: <bob@acme.example>"), "Yes."),
    ],
)
def test_a_person_who_looks_like_an_auto_reply_is_a_person(headers, body):
    assert verdict(*headers, body=body).kind is Kind.HUMAN


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Recall: Offer", 'Bob Stone would like to recall the message, "Offer".'),
        ("Rückruf: Angebot", 'Bob Stone möchte die Nachricht "Angebot" zurückrufen.'),
    ],
)
def test_outlook_takes_a_mail_back_and_people_write_of_it(subject, body):
    assert verdict(f"Subject: {subject}", body=body).rule == "recall"
    assert verdict(f"Subject: {subject}", body=f"{body} Why?").kind is Kind.HUMAN
    assert verdict("Subject: Re: Offer", body=body).kind is Kind.HUMAN


def test_certified_mail_of_italy_says_that_it_arrived():
    receipt = (
        "Ricevuta di avvenuta consegna\r\nIl giorno 28/05/2026 il messaggio è stato consegnato."
    )
    found = verdict(
        "From: Posta <posta-certificata@pec.example>", "Subject: CONSEGNA: Offer", body=receipt
    )
    assert found.rule == "delivery_receipt"
    assert (
        verdict("Subject: Re: Offer", body="La ricevuta di avvenuta consegna?").kind is Kind.HUMAN
    )


def test_a_read_receipt_is_known_by_its_field_where_the_type_is_lost():
    part = "--b\r\n\r\nread\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n--b--"
    found = verdict(
        "Return-Path: <>",
        "Content-Type: multipart/report; boundary=b",
        "Subject: Gelezen: Offer",
        body=part,
    )
    assert found.rule == "read_receipt"


def test_an_empty_sender_alone_is_a_machine_but_no_bounce():
    assert verdict("Return-Path: <>", "Subject: Hello").kind is Kind.AUTOMATIC
    assert (
        verdict("Return-Path: <>", "Subject: Re: Offer", body="Ich bin bis Montag abwesend.").rule
        == "away_words"
    )


def test_a_no_reply_sender_who_says_the_mailbox_is_gone_is_neither_reply_nor_bounce():
    found = verdict(
        "From: noreply@acme.example", "Subject: Re: Offer", body="This mailbox no longer exists."
    )

    assert (found.kind, found.rule) == (Kind.AUTOMATIC, "no_reply")


# --- bulk, calendar, no-reply --------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("List-Id: Talk <talk.lists.example>", "list"),
        ("List-Unsubscribe: <https://shop.example/u>", "list"),
        ("List-Post: <mailto:list@lists.example>", "list"),
        ("Mailing-List: contact list-help@lists.example", "list"),
        ("X-BeenThere: list@lists.example", "list"),
        ("Precedence: bulk", "precedence"),
        ("Precedence: list", "precedence"),
        ("Precedence: junk", "precedence"),
    ],
)
def test_lists_and_mailings_are_bulk(header, rule):
    found = verdict("From: news@shop.example", header)

    assert (found.kind, found.rule) == (Kind.BULK, rule)
    assert found.evidence.lower() == header.lower()


PAST = "From: Alice Berg <alice@own.example>\r\nSent: Monday, 4 May 2026 09:00\r\nTo: Bob\r\nSubject: Offer\r\n\r\nHi"
OWN_PAST = "From: Bob Stone <bob@acme.example>\r\nSent: Monday, 4 May 2026 09:00\r\nTo: alice@own.example\r\nSubject: Offer\r\n\r\nHi"


def test_a_way_out_of_a_signature_makes_no_mailing_of_an_answer_to_us():
    way_out = ("Subject: Re: Offer", "List-Unsubscribe: <https://sig.example/u>")
    answer = (*way_out, "In-Reply-To: <sent@own.example>")
    body = "Yes, please.\r\n\r\n________________________________\r\n"

    assert verdict(*answer, body=body + PAST).kind is Kind.HUMAN
    assert verdict(*way_out, body=body + PAST).kind is Kind.BULK
    assert verdict(*answer, body=body + OWN_PAST).kind is Kind.BULK
    assert verdict(*answer, "List-Id: <talk.lists.example>", body=body + PAST).kind is Kind.BULK
    assert verdict(*answer, "Precedence: bulk", body=body + PAST).kind is Kind.BULK
    assert verdict(*answer, body="Read our news.").kind is Kind.BULK


def test_what_the_people_of_a_help_desk_write_is_told_from_its_receipts():
    desk = (
        "Subject: Re: [Ticket#4711] Offer",
        "Precedence: bulk",
        "In-Reply-To: <sent@own.example>",
    )
    past = "\r\n\r\n________________________________\r\n" + PAST

    assert verdict(*desk, body="Please keep two places for us." + past).kind is Kind.HUMAN
    receipt = "Your request has been received. Ticket number: 4711."
    assert verdict(*desk, body=receipt + past).kind is Kind.BULK
    assert verdict(*desk, body="I am out of the office until Monday." + past).rule == "away_words"
    assert verdict(*desk, body="Please keep two places for us.").kind is Kind.BULK


@pytest.mark.parametrize(
    "header",
    [
        "Mail-Followup-To: list@lists.example",
        "X-Mailer: Listmaster 2000",
        "User-Agent: Gnus/5.13 (Gnus v5.13)",
        "Cc: list@lists.example",
        "Feedback-ID: 1.eu-west-1.x:AmazonSES",
    ],
)
def test_a_person_with_a_mailing_list_client_is_a_person(header):
    assert verdict(header).kind is Kind.HUMAN


INVITATION = "--b\r\n\r\nYou are invited\r\n--b\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n--b--"


@pytest.mark.parametrize(
    "extra",
    [(), ("Auto-Submitted: auto-generated", "Sender: calendar-notification@calendar.example")],
)
def test_an_invitation_is_calendar_even_if_the_calendar_sent_it_by_itself(extra):
    found = verdict(
        "Subject: Invitation: Demo",
        "Content-Type: multipart/alternative; boundary=b",
        *extra,
        body=INVITATION,
    )

    assert found.kind is Kind.CALENDAR


def test_a_person_who_talks_of_an_invitation_is_a_person():
    assert (
        verdict("Subject: Invitation: Demo", body="Shall I send you an invitation?").kind
        is Kind.HUMAN
    )


@pytest.mark.parametrize(
    "sender",
    [
        "noreply@shop.example",
        "Shop <no-reply@shop.example>",
        "notifications@tool.example",
        "receipts@pay.example",
        "wordpress@own.example",
        "Voicemail <voicemail@pbx.own.example>",
    ],
)
def test_what_nobody_reads_nobody_wrote(sender):
    assert verdict(f"From: {sender}", "Subject: Your receipt").rule == "no_reply"


def test_people_at_role_addresses_are_people():
    assert verdict("From: Sales <sales@acme.example>").kind is Kind.HUMAN


def test_a_person_is_a_person_and_the_evidence_says_who():
    found = verdict()

    assert (found.kind, found.rule, found.evidence) == (
        Kind.HUMAN,
        "person",
        "From: Bob Stone <bob@acme.example>",
    )
