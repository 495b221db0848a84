"""Who or what wrote this mail: a person, an answering machine, a list, a mail system, a calendar.

First match wins, and every verdict names its rule and the header line or sentence it rests on:

 1. report             a delivery report says what became of a mail       bounce_hard | bounce_soft | automatic
 2. failed_recipients  X-Failed-Recipients, Exchange's own mark           bounce_hard | bounce_soft | automatic
 3. daemon             a mail system writes, in words, of a failure       bounce_hard | bounce_soft | automatic
 4. through_a_desk     a help desk passes on what one of its people wrote human
 5. auto_reply         Auto-Submitted, vendors' fields, subject prefixes, automatic; has_left where it says: for good
                       a mark at the top of the text
 6. receipt            a note in words that our mail was read, or theirs  automatic
                       taken back
 7. mail_system        a mail system or nobody sent it: what do its words say   bounce_* | automatic
 8. bulk               a list's or a mailing's fields, but for the way    bulk | automatic
                       out in the signature of an answer to us,
                       and for what the people of a help desk write
 9. calendar           an invitation or the answer to one                 calendar
10. no_reply           an address nobody reads                            automatic
11. says_automatic     its words alone say that a machine wrote it        automatic; unclear but for an absence
12. person             nothing says otherwise                             human

Why this order: Gmail's and Exim's own bounces call themselves auto-replied, so evidence of a failure must come before
rule 5; and Microsoft 365 sends out-of-office notes with an empty sender, so an empty sender must come after it.
No signs are `Auto-Submitted: auto-forwarded` and `no`, and `auto-generated` where a rule of Exchange passed on what a
person wrote, and `X-Auto-Response-Suppress` (a wish not to be answered by a machine).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from inboxcrm.mail import auto_replies, bounce_words, bounces
from inboxcrm.mail.addresses import is_no_reply
from inboxcrm.mail.bounces import Fate, Report
from inboxcrm.mail.broken_lines import made_whole
from inboxcrm.mail.headers import BULK_PRECEDENCE, LIST_FIELDS
from inboxcrm.mail.help_desks import whose_words
from inboxcrm.mail.left_for_good import says_for_good
from inboxcrm.mail.mail_systems import (
    answers_in_person,
    is_from_nobody,
    is_mail_system,
    is_postmaster_in_person,
    opens_as_report,
)
from inboxcrm.mail.message import Message, Participant, Role
from inboxcrm.mail.note_subjects import is_note
from inboxcrm.mail.receipts import is_receipt
from inboxcrm.mail.reply import answers_its_reader, own_text, split_quoted
from inboxcrm.mail.subjects import bears_mark


class Kind(StrEnum):
    HUMAN = "human"
    AUTOMATIC = "automatic"
    BULK = "bulk"
    BOUNCE_HARD = "bounce_hard"
    BOUNCE_SOFT = "bounce_soft"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    rule: str
    evidence: str


_AUTO_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "autoreply"})
_GENERATED_BY, _RULES_AGENT = "x-ms-exchange-generated-message-source", "mailbox rules agent"
_LONGEST_RECALL = 500
_EXCHANGE_NDR = "x-ms-exchange-message-is-ndr"
KIND_OF_FATE = {
    Fate.GONE: (Kind.BOUNCE_HARD, "address_gone"),
    Fate.FAILED: (Kind.BOUNCE_HARD, "delivery_failed"),
    Fate.REFUSED: (Kind.BOUNCE_SOFT, "delivery_refused"),
    Fate.PASSING: (Kind.BOUNCE_SOFT, "delivery_gave_up"),
    Fate.DELAYED: (Kind.AUTOMATIC, "delivery_delayed"),
    Fate.DELIVERED: (Kind.AUTOMATIC, "delivery_receipt"),
}


def classify(message: Message) -> Verdict:
    fields: dict[str, str] = {}
    for name, value in message.headers:
        fields.setdefault(name, value)
    author = message.author
    return (
        _report(message, fields, author)
        or (_failed_recipients(message, fields, author) if fields else None)
        or _daemon(message, fields, author)
        or _through_a_desk(message)
        or _for_good(message, _auto_reply(message, fields))
        or _receipt(message)
        or _mail_system(message, fields, author)
        or (_bulk(message, fields) if fields else None)
        or _calendar(message, fields)
        or _no_reply(message, fields, author)
        or _says_automatic(message)
        or _person(fields, author)
    )


def _report(
    message: Message, fields: Mapping[str, str], author: Participant | None
) -> Verdict | None:
    kind = message.report_type
    if not kind and message.report_text and is_from_nobody(fields, author):
        # The parameter was lost on the way; the part is there.
        kind = bounces.kind_of(message.report_text)
    if not kind:
        return None
    if kind == "disposition-notification":
        refused = (
            _failure_in_words(message)
            if bounce_words.REFUSES.search(message.text[:3_000])
            else None
        )
        return refused or Verdict(
            Kind.AUTOMATIC, "read_receipt", f"Content-Type: multipart/report; report-type={kind}"
        )
    if kind == "feedback-report":
        # RFC 5965 7.3: what the person who got it did with it. RFC 6591's auth-failure is about a signature.
        said = bounces.COMPLAINT.search(message.report_text)
        if said:
            return Verdict(Kind.AUTOMATIC, "complaint", said[0])
    if kind != "delivery-status":
        return Verdict(
            Kind.AUTOMATIC, "report", f"Content-Type: multipart/report; report-type={kind}"
        )
    found = bounces.read_report(message.report_text)
    if found is None:
        if auto_replies.SUBJECT.match(message.subject):
            return None  # an out-of-office note sent through the channel for failures
        found = _read_prose(message)
    elif found.fate is Fate.FAILED and len(bounces.read_recipients(message.report_text)) == 1:
        # Nothing but "5.0.0" in the fields: the words above them may know why.
        prose = _read_prose(message)
        found = prose if prose.fate in {Fate.GONE, Fate.REFUSED, Fate.PASSING} else found
    return _verdict_of(found)


def _failed_recipients(
    message: Message, fields: Mapping[str, str], author: Participant | None
) -> Verdict | None:
    failed = fields.get("x-failed-recipients")
    if failed:
        if bounce_words.DELAYED.search(message.subject):
            # Gmail's subject is English whatever the language below: "Delivery Status Notification (Delay)".
            return _verdict_of(Report(Fate.DELAYED, f"Subject: {message.subject[:200]}"))
        found = _read_prose(message)
        return _verdict_of(Report(found.fate, found.evidence or f"X-Failed-Recipients: {failed}"))
    if (
        _EXCHANGE_NDR in fields
        and author is not None
        and not auto_replies.SUBJECT.match(message.subject)
    ):
        found = _read_prose(message)
        return _verdict_of(Report(found.fate, found.evidence or "X-MS-Exchange-Message-Is-Ndr"))
    return None


def _daemon(
    message: Message, fields: Mapping[str, str], author: Participant | None
) -> Verdict | None:
    """A mail system speaks in its own name and says that something failed: no field takes that back. Under a name of
    its own (MDaemon writes as "MDaemon@") it is told by all three: the field, the subject and the text.
    """
    if auto_replies.SUBJECT.match(message.subject) or answers_in_person(message, fields, author):
        return None
    if not is_mail_system(author) and not opens_as_report(message.text):
        submitted = fields.get("auto-submitted", "").lower()
        is_machine = author is not None and is_no_reply(author.key)
        if not submitted.startswith(("auto-generated", "auto-replied")) and not is_machine:
            return None
        if not bounce_words.SUBJECT.match(message.subject) or not bounce_words.BODY.search(
            bounce_words.OUR_SUBJECT.sub("", f"\n{own_text(message)}")
        ):
            return None
    return _failure_in_words(message)


def _failure_in_words(message: Message) -> Verdict | None:
    head = made_whole(bounce_words.OUR_SUBJECT.sub("", f"\n{message.text[:3_000]}"))
    if not bounce_words.SUBJECT.match(message.subject) and not bounce_words.BODY.search(head):
        return None
    if bounce_words.DELAYED.search(_own_subject(message)) or bounce_words.DELAYED.search(
        head[:1_000]
    ):
        return _verdict_of(Report(Fate.DELAYED, f"Subject: {message.subject[:200]}"))
    found = _read_prose(message)
    return _verdict_of(Report(found.fate, found.evidence or f"Subject: {message.subject[:200]}"))


def _through_a_desk(message: Message) -> Verdict | None:
    whose = whose_words(message)
    return Verdict(Kind.HUMAN, "through_a_desk", whose) if whose else None


def _auto_reply(message: Message, fields: Mapping[str, str]) -> Verdict | None:
    if fields:
        submitted = fields.get("auto-submitted", "").partition(";")[0].strip().lower()
        # Calendars send their invitations as auto-generated; what they carry says more.
        is_others = submitted == "auto-generated" and (
            bool(message.calendar_method) or _is_passed_on_by_a_rule(message, fields)
        )
        if submitted.startswith("auto-") and submitted != "auto-forwarded" and not is_others:
            return _field_verdict(Kind.AUTOMATIC, "auto_submitted", "auto-submitted", fields)
        for name in ("precedence", "preference"):
            if fields.get(name, "").lower() in _AUTO_PRECEDENCE:
                return _field_verdict(Kind.AUTOMATIC, "auto_precedence", name, fields)
        for name in sorted(auto_replies.AUTO_FIELDS & fields.keys()):
            if fields[name].lower() not in {"no", "false", "0"}:
                return _field_verdict(Kind.AUTOMATIC, "auto_reply_field", name, fields)
        if _RULES_AGENT in fields.get(_GENERATED_BY, "").lower():
            # Exchange's rules answer and also pass on what people wrote: the words have to say which.
            away = _away_words(message)
            if away:
                return away
        for name, value in auto_replies.AUTO_VALUES.items():
            if value in fields.get(name, "").lower():
                return _field_verdict(Kind.AUTOMATIC, "auto_reply_field", name, fields)
    if is_note(message):
        return Verdict(Kind.AUTOMATIC, "away_subject", f"Subject: {message.subject[:200]}")
    marked = auto_replies.MARKED.match(message.text[:200])
    return Verdict(Kind.AUTOMATIC, "auto_reply_mark", marked[0].strip()) if marked else None


def _is_passed_on_by_a_rule(message: Message, fields: Mapping[str, str]) -> bool:
    """Exchange's rules call what they pass on generated, as they do what they write: that has no past below."""
    return _RULES_AGENT in fields.get(_GENERATED_BY, "").lower() and (
        "resent-from" in fields or bool(split_quoted(message.text)[1].strip())
    )


def _receipt(message: Message) -> Verdict | None:
    subject, text = message.subject, message.text
    if auto_replies.READ_SUBJECT.match(subject) and auto_replies.READ.match(
        split_quoted(text[:2_000])[0]
    ):
        return Verdict(Kind.AUTOMATIC, "read_receipt", f"Subject: {subject[:200]}")
    if auto_replies.CERTIFIED.match(text):
        return Verdict(Kind.AUTOMATIC, "delivery_receipt", " ".join(text[:200].split()))
    is_note = len(text) <= _LONGEST_RECALL and ":" in subject and not bears_mark(subject)
    if is_note and auto_replies.RECALL.fullmatch(text):
        return Verdict(Kind.AUTOMATIC, "recall", " ".join(text.split())[:300])
    return None


def _for_good(message: Message, found: Verdict | None) -> Verdict | None:
    """The note of somebody who left, or of an address given up, comes through the channel of absences."""
    said = says_for_good(own_text(message)) if found else ""
    return Verdict(Kind.AUTOMATIC, "has_left", said) if said else found


def _mail_system(
    message: Message, fields: Mapping[str, str], author: Participant | None
) -> Verdict | None:
    """Nobody, or a mail system, stands as the sender: weak evidence, which needs words to become a bounce."""
    if not is_from_nobody(fields, author) or answers_in_person(message, fields, author):
        return None
    failure = _failure_in_words(message)
    if failure is not None:
        return failure
    if message.calendar_method:
        return None
    away = _away_words(message)
    if away:
        return away
    if not is_mail_system(author):
        return Verdict(Kind.AUTOMATIC, "empty_sender", "Return-Path: <>")
    if is_postmaster_in_person(message, fields, author):
        return None
    found = _read_prose(message)
    if found.fate is Fate.GONE and "return-path" in fields:
        return _verdict_of(found)  # in a language whose way of opening such a report nobody told us
    return Verdict(Kind.AUTOMATIC, "mail_system", _from_line(author))


def _away_words(message: Message) -> Verdict | None:
    # A footer of ours below may speak of leave as well.
    own = own_text(message).strip() or made_whole(message.text[:3_000])
    search = auto_replies.AWAY_WORDS.search
    found = search(message.subject) or search(own)
    return Verdict(Kind.AUTOMATIC, "away_words", found[0]) if found else None


def _bulk(message: Message, fields: Mapping[str, str]) -> Verdict | None:
    # In order, so that the evidence is the same every time.
    marks = [name for name in (*LIST_FIELDS, "x-campaign-id") if name in fields]
    is_bulk = fields.get("precedence", "").lower() in BULK_PRECEDENCE
    if marks and (is_bulk or marks != ["list-unsubscribe"] or not answers_its_reader(message)):
        return _field_verdict(Kind.BULK, "list", marks[0], fields)
    if is_bulk:
        # The vacation programs of Unix say nothing else of themselves.
        is_answer = fields["precedence"].lower() != "list" and (
            bool(message.in_reply_to)
            or auto_replies.SPEAKS_OF_ITSELF.search(message.text[:1_000]) is not None
        )
        away = _away_words(message) if is_answer else None
        if away or not is_answer or not _is_from_a_desk(message):
            return away or _field_verdict(Kind.BULK, "precedence", "precedence", fields)
    return None


def _is_from_a_desk(message: Message) -> bool:
    """OTRS and Request Tracker give what their people write the precedence of their receipts."""
    return answers_its_reader(message) and not is_receipt(message.subject, own_text(message))


def _calendar(message: Message, fields: Mapping[str, str]) -> Verdict | None:
    if message.calendar_method:
        return Verdict(
            Kind.CALENDAR,
            "calendar",
            f"Content-Type: text/calendar; method={message.calendar_method}",
        )
    if "calendarmessage" in fields.get("content-class", "").lower():
        return _field_verdict(Kind.CALENDAR, "calendar", "content-class", fields)
    return None


def _no_reply(
    message: Message, fields: Mapping[str, str], author: Participant | None
) -> Verdict | None:
    if is_postmaster_in_person(message, fields, author):
        return None
    if author is not None and is_no_reply(author.key):
        return Verdict(Kind.AUTOMATIC, "no_reply", _from_line(author))
    for sender in message.in_role(Role.SENDER):
        # A notice in a person's name: the real sender is the machine beside it.
        if author is not None and is_no_reply(sender.key) and sender.key != author.key:
            return Verdict(Kind.AUTOMATIC, "no_reply", f"Sender: {sender.shown}")
    return None


def _says_automatic(message: Message) -> Verdict | None:
    """No field says so. A form on a website says it too, and brings a person's words: only an answer counts, to a mail
    of ours or by its own words and subject.
    """
    if not message.in_reply_to and not auto_replies.ACKNOWLEDGES.search(message.subject):
        return None
    text = own_text(message)
    said = auto_replies.says_automatic(text)
    if said is None or text[said.end() : said.end() + 60].lstrip()[:1] == "?":
        return None
    return Verdict(Kind.AUTOMATIC, "says_automatic", " ".join(said[0].split())[:300])


def _person(fields: Mapping[str, str], author: Participant | None) -> Verdict:
    if fields.get("auto-submitted", "").lower().startswith("auto-forwarded"):
        return _field_verdict(Kind.HUMAN, "forwarded", "auto-submitted", fields)
    return Verdict(Kind.HUMAN, "person", _from_line(author))


def _read_prose(message: Message) -> Report:
    text = bounce_words.OUR_SUBJECT.sub("", f"\n{message.text[:7_000]}")
    return bounces.read_prose(f"{_own_subject(message)}{text}")


def _own_subject(message: Message) -> str:
    """Of a report: "" where it is the subject of the mail that came back, behind a word."""
    return "" if bounce_words.OUR_SUBJECT.match(message.subject) else message.subject


def _verdict_of(found: Report) -> Verdict:
    kind, rule = KIND_OF_FATE[found.fate]
    return Verdict(kind, rule, found.evidence[:300])


def _field_verdict(kind: Kind, rule: str, name: str, fields: Mapping[str, str]) -> Verdict:
    shown = "-".join(word.capitalize() for word in name.split("-"))
    return Verdict(kind, rule, f"{shown}: {fields[name][:300]}")


def _from_line(author: Participant | None) -> str:
    if author is None:
        return ""
    label = "Sender" if author.role is Role.SENDER else "From"
    return f"{label}: {author.name} <{author.shown}>" if author.name else f"{label}: {author.shown}"
