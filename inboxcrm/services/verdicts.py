"""What a mail was taken for is corrected by a person: their word holds over every rule, until it is taken back.

The rules' own verdict is kept beside it, with who overruled it and when. Everything that rests on what a mail is
follows in the same transaction: capture of its sender, who owes whom, the cadences it stopped, parked or should have.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.reports import Mark
from inboxcrm.cadence.stops import MOST_PARKED
from inboxcrm.errors import NotFoundError, RefusedError
from inboxcrm.mail.said import KIND_OF, WORDS, Said
from inboxcrm.services.lead_changes import now_ms, refuse_strangers, wrong
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.relabelling import reconsider
from inboxcrm.services.reopening import Replayed, concern_of, replay
from inboxcrm.store import answer_marks, overruled
from inboxcrm.store.accounts import account_by_id
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.open_mail import may_read_message
from inboxcrm.store.overruled import RuledRow
from inboxcrm.store.upserts import one_at_a_time


@dataclass(frozen=True, slots=True)
class Corrected:
    """`said` is empty where the rules' verdict holds again; `changed` False: it stood so. `text` is for people."""

    message_id: str
    said: str
    kind: str
    changed: bool
    text: str
    goes_on: tuple[str, ...] = ()
    stopped: int = 0
    parked: int = 0
    suppressed: int = 0


def correct_verdict(
    desk: Desk,
    viewer: Viewer,
    message_id: str,
    said: Said,
    *,
    back_on: date | None = None,
    may_reopen: bool = True,
) -> Corrected:
    """`back_on`: the day of return, of an absence only. Raises NotFoundError for mail the viewer may not read,
    RefusedError for mail of our own and, without `may_reopen`, where mails would go again; ForbiddenError where they
    would from a mailbox the viewer may not send from; WrongFieldsError for a day that cannot be.
    """
    secret = outbox_secret(desk)
    with desk.database.write(durable=True) as tx:
        one_at_a_time(tx)
        number = _to_correct(tx, desk, viewer, message_id)
        found = overruled.verdict_on_mail(tx, number)
        _refuse_unfit(desk, found, said, back_on)
        held = overruled.word_that_holds(tx, number)
        day = back_on.isoformat() if back_on else ""
        if held is not None and (held.said, held.back_on) == (said.value, day):
            return Corrected(message_id, said.value, found.kind, False, "It stood so already.")
        ruled = RuledRow("in", held.rule_kind, held.rule, held.rule_evidence) if held else found
        before = concern_of(tx, number)
        at = now_ms(desk)
        overruled.replace_word(tx, number, at=at)
        overruled.add_word(
            tx,
            number,
            said=said.value,
            back_on=day,
            found=ruled,
            account_id=viewer.account_id,
            at=at,
        )
        kind, rule = KIND_OF[said]
        name = _name_of(tx, viewer)
        evidence = f"{name} said so on {_day(at)}."
        overruled.set_verdict(tx, number, kind=kind.value, rule=rule, evidence=evidence)
        text = f"Taken for {WORDS[said]}."
        if said is Said.OPT_OUT:  # other words only set a mark aside (services/answer_marks.py)
            positive = Mark.POSITIVE.value
            if answer_marks.replace_mark(tx, number, at=at, only=positive):
                text += f" It is no longer marked as {positive}."
        reconsider(tx, desk, {number}, None)
        done = replay(
            tx,
            desk,
            viewer,
            number,
            before,
            secret=secret,
            said=f"{name} read a mail as {WORDS[said]}.",
            may_reopen=may_reopen,
        )
    return _told(message_id, said.value, kind.value, text, done)


def take_back_word(
    desk: Desk, viewer: Viewer, message_id: str, *, may_reopen: bool = True
) -> Corrected:
    """The rules' verdict holds again, and what rests on it. Raises as `correct_verdict`."""
    secret = outbox_secret(desk)
    with desk.database.write(durable=True) as tx:
        one_at_a_time(tx)
        number = _to_correct(tx, desk, viewer, message_id)
        held = overruled.word_that_holds(tx, number)
        if held is None:
            kind = overruled.verdict_on_mail(tx, number).kind
            return Corrected(message_id, "", kind, False, "Nobody had overruled it.")
        before = concern_of(tx, number)
        overruled.replace_word(tx, number, at=now_ms(desk))
        overruled.set_verdict(
            tx, number, kind=held.rule_kind, rule=held.rule, evidence=held.rule_evidence
        )
        reconsider(tx, desk, {number}, None)
        name = _name_of(tx, viewer)
        done = replay(
            tx,
            desk,
            viewer,
            number,
            before,
            secret=secret,
            said=f"{name} took back what was said of a mail.",
            may_reopen=may_reopen,
        )
    return _told(message_id, "", held.rule_kind, "Taken as the rules found it.", done)


def _to_correct(tx: Tx, desk: Desk, viewer: Viewer, message_id: str) -> int:
    refuse_strangers(viewer)
    number = desk.ids.open("message", message_id)
    if number is None or not may_read_message(tx, viewer, number):
        raise NotFoundError("There is no such mail.", remedy="It may have been deleted.")
    return number


def _refuse_unfit(desk: Desk, found: RuledRow, said: Said, back_on: date | None) -> None:
    if found.direction != "in":
        raise RefusedError(
            "This is mail of our own.", remedy="Only mail that came in is taken for something."
        )
    if back_on is None:
        return
    today = desk.clock.now().date()
    if said is not Said.ABSENCE:
        raise wrong("back_on", "A day of return belongs to an absence.", "Leave it out.")
    if abs(back_on - today) > MOST_PARKED:
        raise wrong("back_on", "That day is too far away.", "Give one within a year.")


def _name_of(tx: Tx, viewer: Viewer) -> str:
    account = account_by_id(tx, viewer.account_id)
    return account.name if account else "Somebody"


def _day(at: int) -> str:
    day = from_ms(at)
    return f"{day.day} {day:%B %Y}"


def _told(message_id: str, said: str, kind: str, text: str, done: Replayed) -> Corrected:
    parts = [text]
    if done.goes_on:
        parts.append(f"{', '.join(done.goes_on)} goes on for them.")
    if done.over:
        parts.append(f"{', '.join(done.over)} is over, and stays so.")
    if done.report.stopped and not done.goes_on:
        parts.append("Nothing more goes to them by a cadence.")
    elif done.report.parked:
        parts.append("They are left alone until they are back.")
    return Corrected(
        message_id,
        said,
        kind,
        True,
        " ".join(parts),
        done.goes_on,
        done.report.stopped,
        done.report.parked,
        done.report.suppressed,
    )
