"""Mail that comes back, in the formats its senders document, and beside each the human mail that looks like it.

All of it is invented: people, hosts, numbers. A case says of what kind it is and by which rule, what it does to an
enrollment (cadence/stops.py), and what its words say of an opt-out or a return.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

BOB = "Bob Stone <bob@acme.example>"
DATE = "Date: Mon, 04 May 2026 09:00:00 +0000"
ORIGINAL = ("Message-ID: <sent-1@own.example>", "From: Alice <alice@own.example>", "To: bob@acme.example",
            "Subject: A word, Bob")  # fmt: skip


@dataclass(frozen=True)
class Case:
    name: str
    raw: str
    kind: str
    rule: str
    does: str
    opt_out: bool = False
    back_on: date | None = None


def mail(*headers: str, body: str, sender: str = BOB, subject: str = "Re: A word, Bob") -> str:
    named = {line.partition(":")[0].lower() for line in headers}
    plain = [("From", sender), ("To", "Alice <alice@own.example>"), ("Subject", subject)]
    lines = [*headers, *(f"{name}: {value}" for name, value in plain if name.lower() not in named)]
    return "\r\n".join([DATE, *lines, "", *body.split("\n"), ""])


def report(
    *fields: str, sender: str, subject: str, text: str, headers: tuple[str, ...] = (), mta: str = "dns; mx.acme.example"
) -> str:  # fmt: skip
    body = ["--=_b", "Content-Type: text/plain; charset=utf-8", "", text, "--=_b", "Content-Type: message/delivery-status", "",
            f"Reporting-MTA: {mta}", "", *fields, "", "--=_b", "Content-Type: message/rfc822", "", *ORIGINAL, "", "Good day",
            "--=_b--"]  # fmt: skip
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"'
    return mail("Return-Path: <>", "MIME-Version: 1.0", *headers, kind, sender=sender, subject=subject, body="\n".join(body))  # fmt: skip


def fields(status: str, diagnostic: str, action: str = "failed", to: str = "bob@acme.example") -> tuple[str, ...]:  # fmt: skip
    return (f"Final-Recipient: rfc822; {to}", f"Action: {action}", f"Status: {status}", f"Diagnostic-Code: {diagnostic}")  # fmt: skip


def person(name: str, body: str, *headers: str, opt_out: bool = False, **how: str) -> Case:
    does = "stop opt_out, suppresses" if opt_out else "stop reply"
    rule = "forwarded" if any("auto-forwarded" in line for line in headers) else "person"
    return Case(name, mail(*headers, body=body, **how), "human", rule, does, opt_out)


GMAIL = "Mail Delivery Subsystem <mailer-daemon@googlemail.example>"
GMAIL_HEADERS = ("Auto-Submitted: auto-replied", "X-Failed-Recipients: bob@acme.example")
M365 = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@own.example>"
M365_HEADERS = (
    "Auto-Submitted: auto-replied",
    "X-MS-Exchange-Message-Is-Ndr:",
    "Content-Language: en-US",
)
POSTFIX = "Mail Delivery System <MAILER-DAEMON@mx.acme.example>"
POSTFIX_TEXT = (
    "This is the mail system at host mx.acme.example.\r\n\r\nI'm sorry to have to inform you that your message could not\r\n"
    "be delivered to one or more recipients. It's attached below.\r\n\r\n<bob@acme.example>: "
)
GONE = ("bounce_hard", "address_gone", "stop bounce, suppresses")
FAILED = ("bounce_hard", "delivery_failed", "stop bounce")
REFUSED = ("bounce_soft", "delivery_refused", "stop bounce")
GAVE_UP = ("bounce_soft", "delivery_gave_up", "late")
DELAYED = ("automatic", "delivery_delayed", "late")

BOUNCES = (
    Case("gmail: address not found", report(*fields("5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist."),
         sender=GMAIL, subject="Delivery Status Notification (Failure)", headers=GMAIL_HEADERS,
         text="** Address not found **\n\nYour message wasn't delivered to bob@acme.example because the address couldn't be found."), *GONE),
    Case("gmail: plain text of old", mail("Return-Path: <>", *GMAIL_HEADERS, sender=GMAIL, subject="Delivery Status Notification (Failure)",
         body="Delivery to the following recipient failed permanently:\n\n     bob@acme.example\n\nTechnical details of permanent failure:\n"
              "Google tried to deliver your message, but it was rejected by the server for the recipient domain acme.example by mx.acme.example.\n\n"
              "The error that the other server returned was:\n550 5.1.1 <bob@acme.example>... User unknown\n\n----- Original message -----\n\nGood day"), *GONE),
    Case("gmail: message blocked", report(*fields("5.7.1", "smtp; 550-5.7.1 This message has been blocked because of its content"),
         sender=GMAIL, subject="Delivery Status Notification (Failure)", headers=GMAIL_HEADERS, text="** Message blocked **"), *REFUSED),
    Case("gmail: mailbox full", report(*fields("5.2.2", "smtp; 552-5.2.2 The recipient's inbox is out of storage space."),
         sender=GMAIL, subject="Delivery Status Notification (Failure)", headers=GMAIL_HEADERS, text="** Recipient inbox full **"), *REFUSED),
    Case("gmail: too much mail at once", report(*fields("5.2.1", "smtp; 550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages"),
         sender=GMAIL, subject="Delivery Status Notification (Failure)", headers=GMAIL_HEADERS, text="** Message not delivered **"), *GAVE_UP),
    Case("microsoft 365: no such recipient", report(*fields("5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient bob@acme.example not found by SMTP address lookup"),
         sender=M365, subject="Undeliverable: A word, Bob", headers=M365_HEADERS, text="Your message to bob@acme.example couldn't be delivered.\nbob wasn't found at acme.example."), *GONE),
    Case("microsoft 365: access denied is an unknown recipient", report(*fields("5.4.1", "smtp;550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
         sender=M365, subject="Undeliverable: A word, Bob", headers=M365_HEADERS, text="Your message to bob@acme.example couldn't be delivered."), *GONE),
    Case("microsoft 365: not permitted to send", report(*fields("5.7.133", "smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required"),
         sender=M365, subject="Undeliverable: A word, Bob", headers=M365_HEADERS, text="Your message to bob@acme.example couldn't be delivered."), *REFUSED),
    Case("microsoft 365: the message expired", report(*fields("5.4.300", "smtp;550 5.4.300 Message expired -> 421 4.4.2 Connection timed out"),
         sender=M365, subject="Undeliverable: A word, Bob", headers=M365_HEADERS, text="Delivery has failed to these recipients or groups."), *GAVE_UP),
    Case("outlook.com: mailbox unavailable", report(*fields("5.5.0", "smtp;550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)."),
         sender="postmaster@outlook.example", subject="Undeliverable: A word, Bob", text="Delivery has failed to these recipients or groups."), *GONE),
    Case("exchange in german, in words", mail("Return-Path: <>", sender="Postmaster <postmaster@acme.example>", subject="Unzustellbar: A word, Bob",
         body="Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nbob@acme.example\nDie eingegebene E-Mail-Adresse wurde nicht gefunden.\n\n"
              "Diagnoseinformationen für Administratoren:\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##"), *GONE),
    Case("exchange in french, without a code", mail("Return-Path: <>", "X-MS-Exchange-Message-Is-Ndr:", sender="postmaster@acme.example", subject="Non remis : A word, Bob",
         body="Échec de la remise à ces destinataires ou groupes :\n\nbob@acme.example\nL'adresse e-mail que vous avez entrée n'existe pas."), *GONE),
    Case("postfix: user unknown", report(*fields("5.1.1", "smtp; 550 5.1.1 <bob@acme.example>: Recipient address rejected: User unknown in virtual mailbox table"),
         sender=POSTFIX, subject="Undelivered Mail Returned to Sender", headers=("Auto-Submitted: auto-replied",), text=POSTFIX_TEXT + "host mx said: 550 5.1.1"), *GONE),
    Case("postfix: no such domain", report(*fields("5.4.4", "X-Postfix; Host or domain name not found. Name service error for name=acme.example type=A: Host not found"),
         sender=POSTFIX, subject="Undelivered Mail Returned to Sender", text=POSTFIX_TEXT), *GONE),
    Case("postfix: greylisted for five days", report(*fields("4.2.0", "smtp; 450 4.2.0 <bob@acme.example>: Recipient address rejected: Greylisted"),
         sender=POSTFIX, subject="Undelivered Mail Returned to Sender", text=POSTFIX_TEXT), *GAVE_UP),
    Case("postfix: spam", report(*fields("5.0.0", "smtp; 554 Message rejected as spam"), sender=POSTFIX, subject="Undelivered Mail Returned to Sender", text=POSTFIX_TEXT), *REFUSED),
    Case("postfix: no reason at all", report(*fields("5.0.0", "smtp; 554 Transaction failed"), sender=POSTFIX, subject="Undelivered Mail Returned to Sender", text=POSTFIX_TEXT), *FAILED),
    Case("a report whose type was lost", report(*fields("5.1.1", "smtp; 550 5.1.1 unknown"), sender=POSTFIX, subject="Undelivered Mail Returned to Sender",
         text=POSTFIX_TEXT).replace("report-type=delivery-status; ", ""), *GONE),
    Case("exim: unrouteable", mail("Return-Path: <>", "X-Failed-Recipients: bob@acme.example", "Auto-Submitted: auto-replied", sender="Mail Delivery System <Mailer-Daemon@mx.own.example>",
         subject="Mail delivery failed: returning message to sender",
         body="This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error.\n"
              "The following address(es) failed:\n\n  bob@acme.example\n    Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\n\nFrom: x"), *GONE),
    Case("exim: retry timeout", mail("Return-Path: <>", "X-Failed-Recipients: bob@acme.example", "Auto-Submitted: auto-replied", sender="Mail Delivery System <Mailer-Daemon@mx.own.example>",
         subject="Mail delivery failed: returning message to sender",
         body="This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered.\n\n  bob@acme.example\n"
              "    host mx.acme.example [192.0.2.1]: retry timeout exceeded\n"), *GAVE_UP),
    Case("exim without its header is a bounce though it calls itself auto-replied", mail("Return-Path: <>", "Auto-Submitted: auto-replied", sender="Mail Delivery System <Mailer-Daemon@mx.own.example>",
         subject="Mail delivery failed: returning message to sender",
         body="A message that you sent could not be delivered to one or more of its recipients.\n\n  bob@acme.example\n    550 No such user here\n"), *GONE),
    Case("qmail: no mailbox", mail("Return-Path: <>", sender="MAILER-DAEMON@mx.acme.example", subject="failure notice",
         body="Hi. This is the qmail-send program at mx.acme.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
              "<bob@acme.example>:\nSorry, no mailbox here by that name. vpopmail (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <alice@own.example>"), *GONE),
    Case("qmail: in the queue too long", mail("Return-Path: <>", sender="MAILER-DAEMON@mx.own.example", subject="failure notice",
         body="Hi. This is the qmail-send program at mx.own.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<bob@acme.example>:\n"
              "I'm not going to try again; this message has been in the queue too long. (#4.4.1)\n\n--- Below this line is a copy of the message.\n"), *GAVE_UP),
    Case("sendmail: reason below a rule", mail("Return-Path: <>", "Auto-Submitted: auto-generated (failure)", sender="Mail Delivery Subsystem <MAILER-DAEMON@mx.acme.example>", subject="Returned mail: see transcript for details",
         body="The original message was received at Mon, 4 May 2026 09:00:00 GMT\nfrom mx.own.example [192.0.2.9]\n\n----- The following addresses had permanent fatal errors -----\n<bob@acme.example>\n"
              "    (reason: 550 5.1.1 <bob@acme.example>... User unknown)\n\n----- Transcript of session follows -----\n... while talking to mx.acme.example.:\n>>> DATA\n<<< 550 5.1.1 User unknown"), *GONE),
    Case("notes: not in the directory", mail("Return-Path: <>", sender="Postmaster@acme.example", subject="DELIVERY FAILURE: User bob (bob@acme.example) not listed in Domino Directory",
         body="Your message\n\n  Subject: A word, Bob\n\nwas not delivered to:\n\n  bob@acme.example\n\nbecause:\n\n  User bob (bob@acme.example) not listed in Domino Directory"), *GONE),
    Case("opensmtpd", mail("Return-Path: <>", sender="Mailer Daemon <MAILER-DAEMON@mx.own.example>", subject="Delivery status notification: failed",
         body="Hi!\n\nThis is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\nAn error has occurred while attempting to deliver a message for\nthe following list of recipients:\n\n"
              "bob@acme.example: 550 Invalid recipient <bob@acme.example>\n"), *GONE),
    Case("sun: delivery notification", mail("Return-Path: <>", sender="Internet Mail Delivery <postmaster@acme.example>", subject="Delivery Notification: Delivery has failed",
         body="This report relates to a message you sent with the following header fields:\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: bob@acme.example\n  Reason: Mailbox full, quota exceeded"), *REFUSED),
    Case("mimecast: blocked sender", report(*fields("5.0.0", "smtp; 550 Rejected by header based manually Blocked Senders"), sender="MAILER-DAEMON@filter.example",
         subject="[Postmaster] Email Delivery Failure", text="This is a delivery failure notification message."), *REFUSED),
    Case("yahoo's daemon", mail("Return-Path: <>", sender="MAILER-DAEMON@yahoo.example", subject="Failure Notice",
         body="Sorry, we were unable to deliver your message to the following address.\n\n<bob@acme.example>:\n554: delivery error: dd This user doesn't have a yahoo account (bob@acme.example) [0] - mta.yahoo.example. User unknown"), *GONE),
    Case("spanish exchange", mail("Return-Path: <>", sender="postmaster@acme.example", subject="No se puede entregar: A word, Bob",
         body="No se pudo entregar el mensaje a estos destinatarios o grupos:\n\nbob@acme.example\nLa dirección de correo no existe."), *GONE),
)  # fmt: skip

OWN_WORDS = tuple(
    Case(f"in their own words: {name}", mail("Return-Path: <>", sender=sender, subject=subject, body=body), *fate)
    for name, sender, subject, body, fate in (
        ("gmail, french", GMAIL, "Delivery Status Notification (Failure)", "** Adresse introuvable **\n\nVotre message n'a pas été transmis à bob@acme.example, car l'adresse est introuvable.", GONE),
        ("gmail, italian", GMAIL, "Delivery Status Notification (Failure)", "** Indirizzo non trovato **\n\nIl tuo messaggio non è stato recapitato a bob@acme.example.", GONE),
        ("gmail, german, blocked", GMAIL, "Delivery Status Notification (Failure)", "** Nachricht blockiert **\n\nIhre Nachricht an bob@acme.example wurde blockiert.", FAILED),
        ("microsoft 365, dutch", M365, "Onbestelbaar: A word, Bob", "Uw bericht aan bob@acme.example kan niet worden bezorgd. bob is niet gevonden op acme.example.", GONE),
        ("exchange, portuguese", "postmaster@acme.example", "Não é possível entregar: A word, Bob", "Falha na entrega a estes destinatários:\n\nbob@acme.example\nNão foi possível encontrar o endereço.", GONE),
        ("exchange, german", M365, "Unzustellbar: A word, Bob", "Ihre Nachricht an bob@acme.example konnte nicht zugestellt werden. bob wurde bei acme.example nicht gefunden.", GONE),
        ("yahoo", "MAILER-DAEMON@yahoo.example", "Failure Notice", "Sorry, we were unable to deliver your message.\n\n<bob@acme.example>:\n554: delivery error: dd This user doesn't have a yahoo account", GONE),
        ("libero", "Mail Delivery Service <postmaster@libero.example>", "Mancata consegna del messaggio", "bob@acme.example\n    casella di posta piena", REFUSED),
        ("barracuda", "postmaster@acme.example", "**Message you sent blocked by our bulk email filter**", "Your message to: bob@acme.example\nwas blocked by our Spam Firewall.", REFUSED),
        ("mailenable waits", "postmaster@own.example", "Message Delivery Delay", "The following message is delayed and has not yet been delivered:\n\nRecipient: [SMTP:bob@acme.example]", ("automatic", "delivery_delayed", "late")),
        ("exchange, of a mail about a delay", "postmaster@acme.example", "Undeliverable: Delay of your order", "did not reach the following recipient(s):\n\nbob@acme.example\n    The e-mail account does not exist.\n  Subject: Delay of your order", GONE),
        ("exchange, of a mail about what does not exist", "postmaster@acme.example", "Undeliverable: An offer that does not exist", "did not reach the following recipient(s):\n\nbob@acme.example\n  Subject: An offer that does not exist", FAILED),
        ("nobody can read it", "postmaster@acme.example", "Notiz", "Zu bob@acme.example liegt etwas vor.", ("automatic", "mail_system", "stop unclear")),
    )
)  # fmt: skip

DIAGNOSES = tuple(
    Case(f"diagnosis: {name}", report(*fields(status, diagnostic), sender=POSTFIX, subject="Undelivered Mail Returned to Sender", text=POSTFIX_TEXT), *fate)
    for name, status, diagnostic, fate in (
        ("gmail: nobody has that domain", "4.0.0", "smtp; DNS Error: DNS type 'mx' lookup of acme.example responded with code NXDOMAIN", GONE),
        ("that server waits for its name server", "4.4.3", "smtp; DNS Error: DNS type 'mx' lookup of acme.example responded with code SERVFAIL", GAVE_UP),
        ("postfix does not know us, the sender", "5.0.0", "smtp; 550 Sender address rejected: User unknown in relay recipient table", REFUSED),
        ("exim calls us back in vain", "5.0.0", "smtp; 550-Verification failed for <alice@own.example> 550-No such user 550 Sender verify failed", REFUSED),
        ("postfix does not know the recipient", "5.0.0", "smtp; 550 Recipient address rejected: User unknown in relay recipient table", GONE),
        ("inactive", "5.0.0", "smtp; 550 Mailbox for bob@acme.example is inactive", GONE),
    )
)  # fmt: skip

GLOBAL = (
    Case("a report in utf-8, RFC 6533", report(*fields("5.1.1", "smtp; 550 5.1.1 unknown"), sender=POSTFIX, subject="Undelivered Mail Returned to Sender",
         text=POSTFIX_TEXT).replace("message/delivery-status", "message/global-delivery-status"), *GONE),
    Case("gmail waits, in german", mail("Return-Path: <>", *GMAIL_HEADERS, sender=GMAIL, subject="Delivery Status Notification (Delay)",
         body="** Zustellung unvollständig **\n\nGmail versucht es noch 47 Stunden lang."), "automatic", "delivery_delayed", "late"),
)  # fmt: skip

NEAR_BOUNCES = (
    person("speaks of a full mailbox by its german name", "Die Zustellung der Ware ist verzögert.", subject="Zustellung verzögert"),
    person("was blocked at the door", "The lorry was blocked by our gate. Your message to Erin was not found.", subject="Message blocked"),
    person("asks for an account", "Bob doesn't have an account with you yet, could you open one?", subject="Address not found"),
    person("forwards a bounce by hand", "Look what I got back. Do you know why?\n\n> 550 5.1.1 <dave@acme.example>: User unknown", subject="Fwd: Undelivered Mail Returned to Sender"),
    person("asks about the subject line", "Your last mail never reached me, it came back from our old address, which does not exist any more. Use this one.", subject="Undeliverable?"),
    person("has lost a parcel", "The parcel was not delivered. Can you send it again?", subject="Delivery failed"),
    person("sends the report along", "--=_m\n\nIs this yours?\n--=_m\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; dave@acme.example\n--=_m--",
           'Content-Type: multipart/mixed; boundary="=_m"', subject="Fwd: report"),
    person("has moved", "My mailbox at the old firm no longer exists, please write here from now on.", sender="Bob <bob@new.example>"),
    person("is the postmaster, in person", "I run our mail and am interested. Could you call me?", sender="Paul Post <paul.postmaster@acme.example>"),
    person("has a full mailbox", "Sorry for the delay, my mailbox is full all the time. Please send the offer again."),
    person("answers a failure notice of ours", "Thanks for telling me. The right address is dave@acme.example.", subject="Re: failure notice"),
    person("writes 550", "We need 550 chairs and 5.1.1 is the paragraph that matters."),
)  # fmt: skip

DELAYS = (
    Case("gmail: delay", report(*fields("4.4.1", "smtp; connection timed out", "delayed"), sender=GMAIL, subject="Delivery Status Notification (Delay)",
         headers=("Auto-Submitted: auto-replied",), text="** Delivery incomplete **\n\nThere was a temporary problem delivering your message. Gmail will retry for 46 more hours."), *DELAYED),
    Case("postfix: still being retried", report(*fields("4.4.1", "X-Postfix; connect to mx.acme.example: Connection timed out", "delayed"), sender=POSTFIX, subject="Delayed Mail (still being retried)",
         text="THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE."), *DELAYED),
    Case("exim: delayed 24 hours", mail("Return-Path: <>", "Auto-Submitted: auto-replied", sender="Mail Delivery System <Mailer-Daemon@mx.own.example>", subject="Warning: message 1abcDE-000123-4f delayed 24 hours",
         body="This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue.\n\n  bob@acme.example\n"), *DELAYED),
    Case("microsoft 365: delayed", report(*fields("4.4.7", "smtp;400 4.4.7 Message delayed", "delayed"), sender=M365, subject="Delivery delayed: A word, Bob", headers=M365_HEADERS,
         text="Delivery is delayed to these recipients or groups."), *DELAYED),
    Case("sendmail: four hours", mail("Return-Path: <>", "Auto-Submitted: auto-generated (warning-timeout)", sender="Mail Delivery Subsystem <MAILER-DAEMON@mx.own.example>",
         subject="Warning: could not send message for past 4 hours", body="**********************************************\n**      THIS IS A WARNING MESSAGE ONLY      **\n**  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n"
         "**********************************************\n\nThe original message was received at Mon, 4 May 2026"), *DELAYED),
    person("excuses a delay", "Sorry for the delayed answer. Yes, let us talk.", subject="Re: Delivery delayed"),
    person("asks about a delayed delivery", "Is the delivery delayed again? We are still waiting.", subject="Delivery delayed"),
    Case("a receipt of delivery", report(*fields("2.0.0", "smtp; 250 ok", "relayed"), sender=POSTFIX, subject="Successful Mail Delivery Report", text="Your message was successfully delivered."),
         "automatic", "delivery_receipt", "nothing"),
    Case("a receipt of reading", mail('Content-Type: multipart/report; report-type=disposition-notification; boundary="=_r"', subject="Read: A word, Bob",
         body="--=_r\n\nYour message was read on Monday, 11 May 2026.\n--=_r--"), "automatic", "read_receipt", "nothing"),
)  # fmt: skip


def away(
    name: str, body: str, *headers: str, rule: str = "auto_submitted", back_on: date | None = None, subject: str = "Automatic reply: A word, Bob", **how: str
) -> Case:  # fmt: skip
    raw = mail(*headers, body=body, subject=subject, **how)
    return Case(name, raw, "automatic", rule, "park", back_on=back_on)


AUTO = "Auto-Submitted: auto-replied"
TWELFTH = date(2026, 5, 12)
ABSENCES = (
    away("gmail's vacation responder", "I'm away till Tuesday, 12 May. Bob", AUTO, "Precedence: bulk", "X-Autoreply: yes", back_on=TWELFTH, subject="Re: A word, Bob"),
    away("microsoft 365", "I am out of the office until 12 May 2026 with limited access to mail.", "Return-Path: <>", "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", back_on=TWELFTH),
    away("exchange through its postmaster, no field kept", "I will be back in the office on May 12th.", "Return-Path: <postmaster@acme.example>", rule="away_subject", back_on=TWELFTH),
    away("exchange by an inbox rule", "I am on holiday and return on 12 May.", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", rule="away_words", back_on=TWELFTH, subject="Re: A word, Bob"),
    away("through the channel for failures", "--=_b\n\nI am on leave until 12 May.\n--=_b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nX-Nothing: here\n--=_b--",
         'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"', "Return-Path: <>", rule="away_subject", back_on=TWELFTH, subject="Out of Office: A word"),
    away("notes", "I will be out of the office starting 05/04/2026 and will not return until 05/12/2026.", "Auto-submitted: auto-generated", back_on=TWELFTH, subject="AUTO: Bob Stone is out of the office (returning 05/12/2026)"),
    away("notes without any field", "I will respond to your message when I return.", rule="away_subject", back_on=TWELFTH, subject="Bob Stone is out of the office (returning 12.05.2026)."),
    away("sieve, RFC 5230", "Back on 2026-05-12.", "Auto-Submitted: auto-replied (vacation)", back_on=TWELFTH, subject="Auto: A word, Bob"),
    away("unix vacation", "I am on vacation and will read your mail on 12 May.", "Precedence: bulk", "In-Reply-To: <sent-1@own.example>", rule="away_words", back_on=TWELFTH, subject="Re: A word, Bob"),
    away("unix vacation that names no mail", "I am on vacation until 12 May.", "Precedence: bulk", rule="away_words", back_on=TWELFTH, subject="away from my mail"),
    away("cpanel", "We are closed until Monday.", "X-Autorespond: A word, Bob", "Precedence: auto_reply", rule="auto_precedence", back_on=date(2026, 5, 11), subject="closed"),
    away("groupwise", "I am away from the office until 12 May.", "X-Autoreply-From: bob@acme.example", rule="auto_reply_field", back_on=TWELFTH, subject="Re: A word"),
    away("yahoo", "I'm out of town, returning on Tuesday.", rule="away_subject", back_on=date(2026, 5, 5), subject="Yahoo! Auto Response"),
    away("nothing but an empty sender", "I am currently away and back on 12 May.", "Return-Path: <>", rule="away_words", back_on=TWELFTH, subject="Re: A word, Bob"),
    away("no date", "I am out of the office and will answer when I can.", AUTO),
    away("german", "Vielen Dank. Ich bin bis einschließlich 11.05.2026 nicht im Büro.", AUTO, back_on=TWELFTH, subject="Automatische Antwort: Ein Wort"),
    away("german, span", "Ich bin vom 4. bis 11. Mai im Urlaub.", rule="away_subject", back_on=TWELFTH, subject="Abwesenheitsnotiz: Ein Wort"),
    away("french", "Je suis absent du bureau et serai de retour le mardi 12 mai.", rule="away_subject", back_on=TWELFTH, subject="Réponse automatique : Un mot"),
    away("french, inclusive", "Je suis en congés jusqu'au 11 mai inclus.", AUTO, back_on=TWELFTH, subject="Absence"),
    away("spanish", "Estoy fuera de la oficina hasta el 12 de mayo de 2026.", rule="away_subject", back_on=TWELFTH, subject="Respuesta automática: Una palabra"),
    away("italian", "Sono in ferie fino all'11 maggio compreso.", rule="away_subject", back_on=TWELFTH, subject="Risposta automatica: Una parola"),
    away("dutch", "Ik ben afwezig tot en met 11 mei.", rule="away_subject", back_on=TWELFTH, subject="Automatisch antwoord: Een woord"),
    away("portuguese", "Estou de férias e volto na terça-feira, 12 de maio.", rule="away_subject", back_on=TWELFTH, subject="Resposta automática: Uma palavra"),
    away("words that sound like an opt-out", "I am away until 12 May. Please remove me from urgent threads and stop sending attachments.", AUTO, back_on=TWELFTH),
)  # fmt: skip

DAY_WORDS = tuple(
    away(f"back on {day:%d %b}: {said[:40]}", said, AUTO, back_on=day)
    for said, day in (
        ("I am away 4-8 May.", date(2026, 5, 9)), ("Out of office: 04/05/26-15/05/26", date(2026, 5, 16)),
        ("I will be out of office 5/4/2026 - 5/8/2026.", date(2026, 5, 9)), ("I am on leave until the end of May.", date(2026, 6, 1)),
        ("On sabbatical until mid-June.", date(2026, 6, 15)), ("Ich bin Anfang Juni wieder da.", date(2026, 6, 1)),
        ("Je suis en congé parental jusqu'à fin août.", date(2026, 9, 1)), ("Estoy fuera hasta finales de mayo.", date(2026, 6, 1)),
        ("Ich bin ab Mittwoch nächster Woche wieder da.", date(2026, 5, 13)), ("I am back on Wednesday next week.", date(2026, 5, 13)),
        ("I am away May 4 and 5, and available again on the 6th.", date(2026, 5, 6)), ("Estaré de vuelta el lunes 18.", date(2026, 5, 18)),
        ("Je répondrai à votre message à partir du 12 mai.", TWELFTH), ("Responderei a partir de 12 de maio.", TWELFTH),
        ("Atenderé su correo a partir del 12 de mayo.", TWELFTH), ("Me incorporaré el lunes 11 de mayo.", date(2026, 5, 11)),
        ("Sono fuori ufficio dal 4 all'8 maggio.", date(2026, 5, 9)), ("Ausente do escritório entre 4 e 15 de maio.", date(2026, 5, 16)),
        ("Ich bin ab sofort bis einschl. 10. Mai abwesend.", date(2026, 5, 11)), ("Normal service resumes on Monday 25 May.", date(2026, 5, 25)),
        ("Our offices are closed on Monday 25 May. I am away 4-8 May.", date(2026, 5, 9)), ("Van 4 tot en met 8 mei ben ik niet bereikbaar.", date(2026, 5, 9)),
    )
)  # fmt: skip
"""The mails are of Monday, 4 May 2026."""

NO_DAYS = tuple(
    Case(f"no day of return: {said[:40]}", mail(AUTO, body=said), "automatic", "auto_submitted", does)
    for said, does in (
        ("We reply within 24 hours. Our opening hours: Mon-Fri 9-17.", "nothing"),
        ("I am out of the office. My working days are Tuesday to Thursday.", "park"),
        ("Ich bin bis auf Weiteres nicht im Büro.", "park"), ("I am out of the office until further notice.", "park"),
    )
)  # fmt: skip

LEFT = tuple(
    Case(f"for good: {said[:40]}", mail(AUTO, body=said, subject="Automatic reply: A word, Bob"), "automatic", "has_left", "stop unclear")
    for said in (
        "I no longer work here as of today and am out of office.", "Bob Stone no longer works at Acme. Please contact erin@acme.example.",
        "I have left Acme as of 1 April.", "This email address is no longer in use.", "Bob Stone has retired.", "My email address has changed.",
        "Herr Stone ist nicht mehr für unser Unternehmen tätig.", "Ich habe das Unternehmen zum 31.03.2026 verlassen.", "Diese Adresse wird nicht mehr verwendet.",
        "Je ne fais plus partie de la société Acme.", "J'ai quitté la société Acme.", "Ya no trabajo en Acme.", "Non lavoro più in Acme.",
        "Ik ben niet meer werkzaam bij Acme.", "Já não trabalho na Acme.", "Este endereço já não está ativo.",
    )
)  # fmt: skip

STILL_THERE = (
    away("left for the week", "I left the office for the week and return on 12 May.", AUTO, back_on=TWELFTH),
    away("no longer at the desk", "I am no longer at my desk today; back on 5 May.", AUTO, back_on=date(2026, 5, 5)),
    away("not in the house", "Ich bin heute nicht mehr im Hause und morgen zurück.", AUTO, back_on=date(2026, 5, 5)),
    Case("who left is not who is away", mail(AUTO, body="Erin has left Acme. I am out of the office until 12 May."), "automatic", "has_left", "park", back_on=TWELFTH),
    away("not there for anybody today", "Ich bin heute nicht mehr für Sie da, ab morgen wieder.", AUTO, back_on=date(2026, 5, 5)),
    away("has left the office, in dutch", "Ik heb vandaag het kantoor verlaten en ben morgen terug.", AUTO, back_on=date(2026, 5, 5)),
    away("what we wrote ourselves", "I am away until 12 May.\n\nOn Mon, 4 May 2026 Alice <alice@own.example> wrote:\n> Bob no longer works at Acme, I hear", AUTO, back_on=TWELFTH),
    Case("a link that no longer works", mail(AUTO, body="We got it. If the link no longer works for you, copy it.", subject="Ticket 12"), "automatic", "auto_submitted", "nothing"),
    person("left, and writes", "I have left Acme, but we are interested where I am now.", sender="Bob <bob@new.example>"),
)  # fmt: skip

NEAR_ABSENCES = (
    person("has a car", "Wir brauchen ein neues Auto.", subject="Auto: Anfrage"),
    person("stands in for Erin", "Erin war gestern krank, ich antworte für sie.", subject="Abwesend: Erin"),
    person("wants to book", "We would like to book.", subject="Vacation: Re: offer"),
    person("is away and answers all the same", "I am out of the office until 12 May, but yes, please send the contract."),
    person("answers an absence of ours", "Welcome back! Did you see my question?", subject="Re: Automatic reply: A word"),
    person("will be away", "So let us talk today.", subject="Out of office next week"),
    person("sells doors", "We need three automatic doors. I am back on Monday.", subject="Automatic doors"),
    person("asks about holidays", "Urlaub für zwei, vom 4. bis 11. Mai: haben Sie etwas frei?", subject="Urlaub: Anfrage"),
    person("wishes no machine's answer", "Yes.", "X-Auto-Response-Suppress: All"),
    person("passed on by a server", "Yes, call me.", "Auto-Submitted: auto-forwarded", "X-Forwarded-For: bob@old.example"),
    person("says so", "Yes, call me.", "Auto-Submitted: no"),
    person("passed on by an exchange rule", "Could you send me the figures?", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", "Resent-From: bob@acme.example"),
    person("redirected by an exchange rule, which calls it generated", "Yes, call me.", "Auto-Submitted: auto-generated", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", "Resent-From: sales@own.example"),
    person("forwarded by an exchange rule, which calls it generated", "From: Bob Stone <bob@acme.example>\nSent: Monday, 4 May 2026 09:00\nTo: Info <info@acme.example>\nSubject: RE: A word, Bob\n\nYes, call me.",
           "Auto-Submitted: auto-generated", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", subject="FW: A word, Bob"),
    person("redirected by such a rule, over a footer that speaks of leaving", "Sí, llámeme.\n\nDe: Alice <alice@own.example>\nEnviado: lunes, 4 de mayo de 2026\nPara: Bob\nAsunto: Hola\n\nHola Bob\n\nPuede darse de baja aquí.",
           "Auto-Submitted: auto-generated", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", subject="RE: Hola"),
    Case("an exchange rule's own answer", mail("Auto-Submitted: auto-generated", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", body="Thank you for your mail. We have received it."), "automatic", "auto_submitted", "nothing"),
    person("forwards an absence", "FYI, she is away.\n\n---------- Forwarded message ---------\nFrom: Erin <erin@acme.example>\nSubject: Automatic reply\n\nI am away until 12 May.", subject="Fwd: Automatic reply"),
    Case("a ticket number", mail(AUTO, body="Thank you, your request (4711) has been received. We will get back to you.", subject="[4711] We received your request"), "automatic", "auto_submitted", "nothing"),
    person("gives a real number", "Your ticket 4711 is on my desk. What do you need?", subject="[4711] your request"),
    Case("a robot whose mailbox is gone", mail(body="This mailbox no longer exists.", sender="noreply@acme.example"), "automatic", "no_reply", "nothing"),
    Case("nobody knows what", mail("Return-Path: <>", body="Hello"), "automatic", "empty_sender", "stop unclear"),
    Case("a newsletter", mail("List-Id: News <news.acme.example>", "List-Unsubscribe: <https://acme.example/u>", body="If you no longer wish to receive this, unsubscribe here."), "bulk", "list", "nothing"),
    Case("an invitation", mail("Content-Type: text/calendar; method=REQUEST", body="BEGIN:VCALENDAR", subject="Invitation: Demo"), "calendar", "calendar", "stop meeting"),
    person("speaks of an invitation", "Shall I send you an invitation?", subject="Invitation: Demo"),
)  # fmt: skip

OPT_OUTS = tuple(
    person(f"opt-out: {said[:40]}", said, opt_out=True, subject="Re: A word, Bob")
    for said in (
        "unsubscribe", "Hi Alice,\n\nPlease take me off your list.\n\nBob", "STOP", "Remove me.\n\nSent from my phone", "Please stop emailing me.",
        "Do not contact me again.", "Not interested. Please remove my email from your database.", "I no longer wish to receive your emails.",
        "If you don't stop writing to me I will report you.", "We'd like to opt out.", "No more mails please!",
        "Bitte nehmen Sie mich aus dem Verteiler.", "Bitte keine weiteren E-Mails mehr.", "Bitte schreiben Sie mir nicht mehr.", "abmelden",
        "Merci de me désinscrire.", "Ne m'envoyez plus de mails, merci.", "Por favor, dénme de baja.", "No me escriban más.",
        "Vi prego di cancellarmi dalla vostra lista.", "Non desidero più ricevere le vostre e-mail.", "Graag mij uit uw bestand verwijderen, ik wil geen mails meer ontvangen.",
        "Haal mij van de lijst.", "Por favor, remova-me da sua lista.", "Não quero receber mais e-mails.",
        "How do I unsubscribe from this?", "This is spam. Stop.", "Not interested, unsubscribe.", "I would ask you to refrain from further messages.", "pls unsub",
        "I request erasure of my personal data.", "Do not reach out to me again.", "Please don't follow up.", "No more follow-ups please.", "I'd like my email removed from your system.",
        "Would you mind removing my details?", "This address must be removed from your list.", "Can I be removed from this mailing list?", "Please respect my wish not to be contacted.",
        "Bitte um Löschung aus dem Verteiler", "bitte löschen", "Wir wünschen keine weitere Kontaktaufnahme.", "Lassen Sie mich in Ruhe", "Verschonen Sie mich mit Ihren Mails.",
        "Ich will nichts mehr von Ihnen hören.", "Bitte schicken Sie mir nichts mehr.", "Tragen Sie mich bitte aus.", "Kein Interesse, bitte Adresse löschen.",
        "Je me désabonne", "Laissez-moi tranquille", "Inutile de me recontacter.", "Merci de ne pas me relancer.", "Je ne souhaite pas être contacté.", "Merci de cesser tout envoi",
        "I don't want any emails from you.", "Please discontinue these emails.", "Kein Interesse, bitte melden Sie sich nicht mehr.", "Chiediamo di non essere più contattati.",
        "Ik wil niets meer van jullie ontvangen.", "Peço para não ser mais contactado.", "No nos envíen más publicidad.", "Solicito la baja", "No vuelvan a escribirme.", "No deseo que me contacten", "No quiero saber nada más de ustedes.", "No más correos por favor",
        "Basta email", "Non voglio essere contattato", "Chiedo la cancellazione dei miei dati", "Non mi mandi più email", "Vorrei non ricevere più le vostre comunicazioni",
        "Niet meer mailen aub", "Ik wil geen berichten meer van u.", "Graag verwijderen uit de mailinglijst.", "Ik wil niet meer gemaild worden", "Neem geen contact meer met mij op",
        "Não desejo ser contactado", "Não voltem a contactar-me.", "Sair da lista", "Solicito a remoção dos meus dados", "Deixe de me contactar",
    )
)  # fmt: skip

NEAR_OPT_OUTS = tuple(
    person(f"no opt-out: {said[:40]}", said)
    for said in (
        "Please don't stop, these are good.", "I can't unsubscribe from your offer that easily ;)", "Can people unsubscribe with one click in your product?",
        "STOP! I forgot the attachment. Here it is.", "Please remove me from the cc, Bob is the right one.", "Please stop by on Monday.", "Please don't call me, write to me instead.",
        "Not interested right now, write again in autumn.", "How many contacts may we remove from the list in your tool?", "I never received the other mails, please send them again.",
        "Why did you stop emailing me?", "Please remove Bob from your list, he has left; I am your partner now.", "We want to opt out of the second module.",
        "Please send it.\n\nOn Mon, 4 May 2026 at 09:00, Alice <alice@own.example> wrote:\n> If you do not want to hear from me again, reply with “unsubscribe”.\n> unsubscribe",
        "Bitte nehmen Sie mich in den Verteiler auf.", "Ich habe keine Mails mehr von Ihnen bekommen, bitte noch einmal.", "Bitte schreiben Sie mir nicht an diese Adresse, sondern an bob@neu.example.",
        "Ne me désinscrivez pas !", "Pourquoi ne m'écrivez-vous pas ?", "Estoy de baja hasta el lunes, hablamos después.", "No me den de baja todavía.",
        "Non cancellatemi, mi interessa.", "Ik krijg geen mails meer van jullie, klopt dat?", "Schrijf mij in.", "Não me retirem da lista, estou interessado.",
        "Take me off the waiting list only once I am on the real one", "Do reach out again in autumn.", "Please don't follow up before the board met on 12 May.", "No further questions from legal.",
        "I'd like the fee removed from the quote.", "Would you mind removing the watermark?", "This line must be removed from the contract.", "Can I be moved to the later slot?",
        "Nehmen Sie mich bitte mit in die Runde auf.", "Tragen Sie mich bitte für den 12. ein.", "Bitte löschen Sie den zweiten Termin.", "Schicken Sie mir bitte nichts per Post, PDF reicht.",
        "Ich will mehr von Ihnen hören.", "Bitte stellen Sie den Versand auf DHL um.", "Je ne veux pas attendre, appelez-moi.", "Merci de ne pas m'oublier !", "Merci d'arrêter la commande 4711.",
        "No vuelva a enviarlo por fax", "No me manden el paquete a casa", "No quiero perder más tiempo: ¿cuándo empezamos?", "Por favor, quiten el IVA del presupuesto.",
        "Mi cancelli per favore l'appuntamento di martedì.", "Non mi mandi più campioni, ma il contratto sì.", "Cancellate l'ordine 4711.",
        "Please don't contact us again until the budget is approved in July.", "They don't contact us anymore, that is the problem we want solved.", "There are no more messages.",
        "He prefers not to be contacted by phone.", "Please remove my name from the invoice.", "It would help if you removed me from the cc.", "Our users want off this list view.",
        "Warum haben Sie uns nicht mehr kontaktiert?", "No quiero que me contacten por teléfono sino por correo.",
        "No nos envíen más de dos propuestas.", "I don't want any delays from you.", "Bitte melden Sie sich erst nach dem 12. wieder.", "Please discontinue the old SKU.",
        "Mail me niet meer dan twee voorstellen", "Ik wil geen korting, ik wil een demo.", "Não me enviem mais amostras, só o contrato.", "Não quero esperar mais, ligue-me.",
        "Yes please.\n\n-- \nBob Stone\nTo unsubscribe from our newsletter, click here.",
    )
)  # fmt: skip

CASES = (
    *BOUNCES, *OWN_WORDS, *DIAGNOSES, *GLOBAL, *NEAR_BOUNCES, *DELAYS, *ABSENCES, *DAY_WORDS, *NO_DAYS, *LEFT, *STILL_THERE, *NEAR_ABSENCES,
    *OPT_OUTS, *NEAR_OPT_OUTS,
    Case("an opt-out in the subject", mail(body="", subject="Unsubscribe"), "human", "person", "stop opt_out, suppresses", opt_out=True),
    person("a subject that answers one", "How does your product handle it?", subject="Re: Unsubscribe"),
)  # fmt: skip
