"""What came back is heeded: stored mail stops enrollments, parks them, suppresses addresses, marks mails that failed.

A mail is looked at once, by its id, in the order in which it was stored; that order changes nothing. What one mail does
never takes back what another did: a stop stands and only its reason gives way to a weightier one (cadence/stops.py), a
parking is only ever put off, a suppression stays. So looking at everything again is harmless, and is done where the
memory of the last look is no longer sure.

What concerns an enrollment: mail by anybody from an address of the lead, mail in the thread or the conversation of a
mail of the cadence, what we wrote there by hand, and reports that name an address of the lead. Mail from before it
started concerns it not.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from inboxcrm.cadence import stops
from inboxcrm.cadence.gate import Effect, Reason
from inboxcrm.cadence.outbox import PROVED_BY_A_COPY, OutboxState
from inboxcrm.cadence.rules import rules_from_json
from inboxcrm.cadence.stops import Deed, Does, StopReason
from inboxcrm.cadence.unsubscribe import key_asked_by
from inboxcrm.cadence.windows import local_day
from inboxcrm.mail.failed_recipients import returned_message_id
from inboxcrm.services.advancing import plan_next
from inboxcrm.services.cadence_events import note_parked
from inboxcrm.services.complaining import heed_complaints
from inboxcrm.services.guardrails import pause_on_bounces
from inboxcrm.services.heard import fates_in, read_heard
from inboxcrm.services.lead_zones import zone_of
from inboxcrm.services.opting_out import opt_out, suppress_asked
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.stopping import stop_for
from inboxcrm.store import complaints, heard_mail, heeded, settings
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.heard_mail import Concerned, Heard
from inboxcrm.store.outbox import mail_by_key, move_mail
from inboxcrm.store.outbox_lines import add_lines
from inboxcrm.store.touched import Touched, touched_by, touching

AT_ONCE = 5_000
"""Ids a transaction goes through."""
_MARK = "heeded"
_FARED = {"address_gone": "gone", "delivery_gave_up": "late", "delivery_delayed": "late"}
_WORSE = ("", "late", "refused", "gone", complaints.COMPLAINED)


@dataclass(slots=True)
class HeedReport:
    """`upto` is the id of the last mail looked at; `has_more`: there are later ones."""

    upto: int = 0
    has_more: bool = False
    stopped: int = 0
    parked: int = 0
    suppressed: int = 0


@dataclass(slots=True)
class _Round:
    """One transaction's work."""

    tx: Tx
    desk: Desk
    mailbox_id: int | None
    now: int
    report: HeedReport = field(default_factory=HeedReport)


def is_all_heeded(tx: Tx) -> bool:
    """Whether there is nothing to look at: no mail since the last look, or nobody was ever in a cadence."""
    if not heard_mail.newest_enrollment(tx):
        return True
    return heard_mail.newest_message(tx)[0] <= _Mark.read(tx).message_id


def heed_mail(
    tx: Tx, desk: Desk, mailbox_id: int | None, *, since: int | None = None
) -> HeedReport:
    """Looks at mail with ids after `since`, at most AT_ONCE of them; None: after the last look, which is remembered.

    `mailbox_id` leaves out cadences that send from other mailboxes; the last look is remembered only without it. The
    caller's transaction runs one at a time with those that store mail (`upserts.one_at_a_time`).
    """
    enrolled, mark = heard_mail.newest_enrollment(tx), _Mark.read(tx)
    remembers = since is None and mailbox_id is None
    if since is None:
        since = mark.message_id
    next_one = heard_mail.message_after(tx, since, many=AT_ONCE) if enrolled else None
    upto, key = next_one or heard_mail.newest_message(tx)
    work = _Round(tx, desk, mailbox_id, to_ms(desk.clock.now()))
    work.report.upto, work.report.has_more = upto, next_one is not None
    if remembers and enrolled > mark.enrollment_id and since:
        # Who came in since: their mail may have been stored, by a clock ahead of ours, before they were enrolled.
        leads = heard_mail.leads_enrolled_after(tx, mark.enrollment_id)
        _heed(work, since=0, upto=since, leads=leads)
    if upto > since and enrolled:
        _note_copies(work, since=since, upto=upto)
        _heed(work, since=since, upto=upto)
        _heed_failures(work, since=since, upto=upto)
        _heed_buttons(work, heard_mail.asked_at(work.tx, since=since, upto=upto))
        _heed_complaints(work, complaints.reports_in(work.tx, since=since, upto=upto))
    if remembers:
        _Mark(upto, key, enrolled).write(tx, before=mark)
    return work.report


def heed_again(tx: Tx, desk: Desk, enrollment_ids: Collection[int]) -> HeedReport:
    """All mail that ever concerned these, looked at once more: after a person said that one of them was misread."""
    work = _Round(tx, desk, None, to_ms(desk.clock.now()))
    touched = touching(tx, enrollment_ids, upto=heard_mail.newest_message(tx)[0])
    _heed_touched(work, touched)
    found = heard_mail.concerned(tx, enrollment_ids, mailbox_id=None)
    earliest = min((one.enrolled_at for one in found.values()), default=0)
    failures = heard_mail.failures_from(tx, at=earliest)
    _heed_these_failures(work, failures, touched, frozenset(enrollment_ids))
    _heed_buttons(work, heard_mail.ever_asked_at(tx))
    _heed_complaints(work, complaints.reports_from(tx, at=earliest), frozenset(enrollment_ids))
    return work.report


@dataclass(frozen=True, slots=True)
class _Mark:
    """Up to where mail was looked at. `key` tells whether the id is still that mail's."""

    message_id: int = 0
    key: str = ""
    enrollment_id: int = 0

    @classmethod
    def read(cls, tx: Tx) -> _Mark:
        said = json.loads(settings.get_setting(tx, _MARK) or "{}")
        mark = cls(said.get("message", 0), said.get("key", ""), said.get("enrollment", 0))
        if mark.message_id and not heard_mail.is_message(tx, mark.message_id, mark.key):
            return cls(
                enrollment_id=mark.enrollment_id
            )  # that mail was removed: all is looked at again
        return mark

    def write(self, tx: Tx, *, before: _Mark) -> None:
        if self != before:
            value = {"message": self.message_id, "key": self.key, "enrollment": self.enrollment_id}
            settings.set_setting(tx, _MARK, json.dumps(value))


def _note_copies(work: _Round, *, since: int, upto: int) -> None:
    """A sent copy proves its mail sent, however it went: late behind a lost answer, or by the hand of whoever found the
    draft of a sender that died. What is being handed over just now is its sender's own affair.
    """
    secret = outbox_secret(work.desk)
    now = work.desk.clock.now()
    for key, ref, thread_ref in heeded.keyed_copies(work.tx, since=since, upto=upto):
        mail = mail_by_key(work.tx, key)
        if mail is None or not move_mail(
            work.tx,
            mail.id,
            OutboxState.SENT,
            come_from=PROVED_BY_A_COPY,
            ref=ref,
            thread_ref=thread_ref,
            ended_at=work.now,
            fault="",
        ):
            continue
        text = "Its copy lies among the sent mail."
        add_lines(work.tx, [mail.id], at=work.now, state=OutboxState.SENT, text=text)
        plan_next(work.tx, work.desk, mail, secret=secret, base=now, now=now)


# --- what people, machines and we wrote ---------------------------------------------------


def _heed(work: _Round, *, since: int, upto: int, leads: Collection[int] | None = None) -> None:
    touched = touched_by(work.tx, since=since, upto=upto, leads=leads)
    if touched:
        _heed_touched(work, touched)


def _heed_touched(work: _Round, touched: Collection[Touched]) -> None:
    found = heard_mail.concerned(
        work.tx, {one.enrollment_id for one in touched}, mailbox_id=work.mailbox_id
    )
    mails = heard_mail.mails_of(work.tx, {one.message_id for one in touched})
    outgoing = [one.id for one in mails.values() if one.direction == "out"]
    ours = heeded.ours_among(work.tx, outgoing) if outgoing else set()
    addresses = heard_mail.addresses_of_leads(work.tx, {one.lead_id for one in found.values()})
    for one in touched:
        enrollment, mail = found.get(one.enrollment_id), mails.get(one.message_id)
        if enrollment is None or mail is None or mail.at < enrollment.enrolled_at:
            continue
        if mail.id in ours or mail.direction not in {"in", "out"}:
            continue
        heard = read_heard(mail, in_thread=one.in_thread)
        if heard is None or stops.is_failure(heard):
            continue  # failures are heeded for whom they name
        deed = stops.deed_for_colleagues(heard) if one.by_colleague else stops.deed_of(heard)
        if deed.does is Does.PARK:
            rules = rules_from_json(enrollment.rules)
            zone = zone_of(work.tx, work.desk, rules, enrollment.lead_id, enrollment.address_key)
            windows = rules.windows.on_clock_of(zone)
            until = stops.parked_until(from_ms(mail.sent_at), heard.back_on, windows)
            if heeded.park(work.tx, enrollment.id, until_at=to_ms(until), message_id=mail.id):
                work.report.parked += 1
                day = local_day(windows, until)
                note_parked(work.tx, enrollment.id, day, at=work.now, message_id=mail.id)
        elif deed.does is Does.STOP:
            if deed.suppresses:
                own = addresses.get(enrollment.lead_id, set())
                keys = own if mail.author in own else {mail.author, enrollment.address_key}
                _suppress(work, keys - {""}, mail, reason=StopReason.OPT_OUT, source=heard.opt_out)
            _stop(work, enrollment, deed, mail, _words(deed, mail, heard.opt_out))


def _words(deed: Deed, mail: Heard, opt_out: str) -> str:
    at = from_ms(mail.at)
    day = f"{at.day} {at:%B %Y}"
    match deed.reason:
        case StopReason.OPT_OUT:
            return f"{mail.author} asked on {day} not to be written to: {opt_out}"
        case StopReason.ANSWERED_BY_HAND:
            return f"{mail.author or 'Somebody of us'} wrote by hand on {day}."
        case StopReason.ORGANIZATION:
            return stops.colleague_in_words(mail.author, at)
        case StopReason.MEETING:
            return f"{mail.author} dealt with an invitation on {day}."
        case StopReason.UNCLEAR:
            return (
                f"A mail of {day} may be an answer; a person has to look. {mail.evidence}".strip()
            )
        case _:
            return f"{mail.author} wrote on {day}."


def _heed_buttons(work: _Round, asked: Collection[tuple[int, str]]) -> None:
    """Mail to the address that List-Unsubscribe names: whoever wrote it, it speaks for the one the mail went to."""
    for message_id, address in asked:
        ours = mail_by_key(work.tx, key_asked_by(address))
        mail = heard_mail.mails_of(work.tx, {message_id}).get(message_id)
        if ours is None or mail is None or work.mailbox_id not in {None, ours.mailbox_id}:
            continue
        done = opt_out(
            work.tx,
            ours,
            said="by the unsubscribe button of their mail program",
            asked_at=mail.at,
            at=work.now,
            message=mail,
        )
        work.report.suppressed += done.suppressed
        work.report.stopped += done.stopped


def _heed_complaints(
    work: _Round, reports: Collection[int], only: Collection[int] | None = None
) -> None:
    done = heed_complaints(work.tx, reports, mailbox_id=work.mailbox_id, at=work.now, only=only)
    work.report.suppressed += done.suppressed
    work.report.stopped += done.stopped


# --- what did not arrive --------------------------------------------------------------------


def _heed_failures(work: _Round, *, since: int, upto: int) -> None:
    ids = heard_mail.failures_in(work.tx, since=since, upto=upto)
    if ids:
        touched = touched_by(work.tx, since=since, upto=upto)
        _heed_these_failures(work, ids, touched)


def _heed_these_failures(
    work: _Round,
    ids: Collection[int],
    touched: Collection[Touched],
    only: Collection[int] | None = None,
) -> None:
    """`only`: what they say of other enrollments is passed over."""
    mails = heard_mail.mails_of(work.tx, ids) if ids else {}
    threads: dict[int, set[int]] = {}
    for one in touched:
        said = mails[one.message_id].said if one.message_id in mails else ""
        # Whom a person's word is about, they saw.
        if not one.by_colleague and (one.in_thread or said):
            threads.setdefault(one.message_id, set()).add(one.enrollment_id)
    for mail in mails.values():
        _heed_failure(work, mail, threads.get(mail.id, set()), only)


def _heed_failure(
    work: _Round, mail: Heard, in_thread: Collection[int], only: Collection[int] | None
) -> None:
    """For everybody whose address it names; where it names nobody we know, for the thread it came in."""
    fates = fates_in(mail)
    named = heard_mail.enrollments_at(work.tx, fates)
    fate_of = {enrollment_id: (key, fates[key]) for key, enrollment_id in named}
    if not fate_of:
        # Named is somebody else: the lead's mail is passed on, and nobody is there. The lead's own address may be good.
        rule = _milder(mail.rule) if fates else mail.rule
        fate_of = dict.fromkeys(in_thread, ("", rule))
    found = heard_mail.concerned(work.tx, fate_of, mailbox_id=work.mailbox_id)
    if only is not None:
        found = {one: found[one] for one in found if one in only}
    written_to = {
        one.id: one for one in found.values() if fate_of[one.id][0] in {"", one.address_key}
    }
    _mark_mails(work, mail, written_to, fate_of)
    for enrollment in found.values():
        key, rule = fate_of[enrollment.id]
        if mail.at < enrollment.enrolled_at:
            continue
        deed = stops.deed_of(stops.Heard(_kind_of(rule, mail.kind), rule))
        if deed.suppresses:
            keys = {key or enrollment.address_key}
            _suppress(work, keys, mail, reason=StopReason.BOUNCE, source=mail.evidence)
        if enrollment.id not in written_to:
            continue  # another address of theirs, to which this one does not write
        late = deed.does is Does.LATE and _is_late_again(work, enrollment.lead_id)
        if deed.does is Does.STOP or late:
            why = Deed(Does.STOP, StopReason.BOUNCE)
            day = from_ms(mail.at)
            said = (
                f"Three mails in a row did not arrive in time; {mail.evidence}"
                if late
                else mail.evidence
            )
            _stop(work, enrollment, why, mail, f"It came back on {day.day} {day:%B %Y}: {said}")


def _milder(rule: str) -> str:
    return "delivery_refused" if rule == "address_gone" else rule


def _kind_of(rule: str, kind: str) -> str:
    known = {
        "address_gone": "bounce_hard",
        "delivery_failed": "bounce_hard",
        "delivery_refused": "bounce_soft",
        "delivery_gave_up": "bounce_soft",
        "delivery_delayed": "automatic",
    }
    return known.get(rule, kind)


def _mark_mails(
    work: _Round,
    mail: Heard,
    found: Mapping[int, Concerned],
    fate_of: Mapping[int, tuple[str, str]],
) -> None:
    """The mail that did not arrive: the one whose id the report returns, else the last that left before it."""
    left = heeded.left_to_leads(work.tx, {one.lead_id for one in found.values()})
    returned = heeded.mail_with_id(work.tx, returned_message_id(mail.report))
    for lead_id in {one.lead_id for one in found.values()}:
        mine = [one for one in left if one.lead_id == lead_id and one.handed_over_at <= mail.at]
        exact = [one for one in left if one.lead_id == lead_id and one.id == returned]
        about = exact or mine[-1:]
        rule = next(fate_of[one.id][1] for one in found.values() if one.lead_id == lead_id)
        fared = _FARED.get(rule, "refused")
        for one in about:
            if _WORSE.index(fared) > _WORSE.index(one.fared):
                heeded.note_fared(work.tx, one.id, fared=fared, message_id=mail.id)
                if fared != "late":
                    pause_on_bounces(work.tx, one.mailbox_id, at=work.now)


def _is_late_again(work: _Round, lead_id: int) -> bool:
    left = heeded.left_to_leads(work.tx, {lead_id})
    was_late = (one.fared not in {"", complaints.COMPLAINED} for one in left)
    return stops.late_in_a_row(was_late) >= stops.LATE_IN_A_ROW


# --- what is done ----------------------------------------------------------------------------


def _suppress(
    work: _Round, keys: Collection[str], mail: Heard, *, reason: StopReason, source: str
) -> None:
    work.report.suppressed += suppress_asked(
        work.tx,
        keys,
        reason=reason,
        source=source,
        asked_at=max(mail.at, mail.said_at),
        at=work.now,
        message=mail,
    )


def _stop(work: _Round, enrollment: Concerned, deed: Deed, mail: Heard, words: str) -> None:
    assert deed.reason is not None
    reason = Reason(deed.reason.value, Effect.STOP, words, message_id=mail.id)
    written = (mail.sent_at, mail.key)
    work.report.stopped += stop_for(work.tx, enrollment.id, reason, written=written, at=work.now)
