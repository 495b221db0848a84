"""Reports count what the ledger says: the SQL against a plain recomputation, and each figure against the list behind it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from inboxcrm.cadence.reports import By, Counts, Figure, week_from, zone_offsets
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.suppressions import suppress
from inboxcrm.store import cadence_reports as rows
from inboxcrm.store.cadence_reports import Group, Of
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.tables import (
    address,
    answer_mark,
    cadence,
    conversation,
    enrollment,
    lead,
    lead_link,
    mailbox,
    message,
    outbox,
    suppression,
    template,
    template_version,
)
from inboxcrm.views.cadence_reports import report_of
from tests.sending.incoming import bounce, come, heed, letter, sent_copies
from tests.sending.office import ALICE, Office

START = datetime(2026, 3, 20, 12, tzinfo=UTC)  # New Zealand and Europe put their clocks soon after
HALF_DAY = 43_200_000
ZONE = "Europe/Lisbon"
SENT = ("sent", "unconfirmed")


# --- histories ---------------------------------------------------------------------


@dataclass(frozen=True)
class Mail:
    """`at` in half days since START. One that was `found` among the sent mail was never handed over by us."""

    state: str
    fared: str
    at: int
    version: int
    found: bool


@dataclass(frozen=True)
class Run:
    """One enrollment; `steps` leaves out what was not planned."""

    cadence: int
    stop: str
    ended: int
    mails: tuple[Mail, ...]


@dataclass(frozen=True)
class Wrote:
    at: int
    direction: str
    human: bool
    unlinked: bool
    by_them: bool
    mark: str


@dataclass(frozen=True)
class Person:
    runs: tuple[Run, ...]
    wrote: tuple[Wrote, ...]
    suppressed: tuple[int, str, bool] | None
    """When, why, and whether it was taken off."""


STATES = ("sent", "sent", "sent", "unconfirmed", "cancelled", "planned", "unknown", "failed")
FARED = ("", "", "", "late", "refused", "gone", "complained")
MARKS = ("", "", "positive", "positive", "negative")
STOPS = ("", "", "reply", "opt_out", "bounce", "unclear")


def some_people(dice: Random, many: int = 40) -> list[Person]:
    """So many that whatever may come together does: the same moment, two cadences, a word before and one after."""

    def at() -> int:
        return dice.randrange(40)

    def mails() -> tuple[Mail, ...]:
        first = at()
        return tuple(
            Mail(
                dice.choice(STATES),
                dice.choice(FARED),
                first + place * dice.randrange(6),
                dice.randrange(2),
                dice.random() < 0.2,
            )
            for place in range(dice.randrange(4))
        )

    def wrote() -> Wrote:
        return Wrote(
            at(),
            dice.choice(("in", "in", "in", "out")),
            dice.random() < 0.8,
            dice.random() < 0.2,
            dice.random() < 0.8,
            dice.choice(MARKS),
        )

    return [
        Person(
            tuple(
                Run(number, dice.choice(STOPS), at(), mails())
                for number in dice.sample((0, 1), dice.randrange(3))
            ),
            tuple(wrote() for _ in range(dice.randrange(3))),
            (at(), dice.choice(("opt_out", "opt_out", "bounce")), dice.random() < 0.3)
            if dice.random() < 0.4
            else None,
        )
        for _ in range(many)
    ]


def ms(at: int) -> int:
    return to_ms(START) + at * HALF_DAY


@contextmanager
def thrown_away(database):
    with database._writer.connect() as tx:
        tx.begin()
        try:
            yield tx
        finally:
            tx.rollback()


def made(tx, table, **values) -> int:
    return tx.execute(table.insert().values(**values).returning(table.c.id)).scalar_one()


@dataclass
class Ledger:
    """What was put into the tables, in the words of the tables."""

    mails: list[dict] = field(default_factory=list)
    enrollments: dict[int, dict] = field(default_factory=dict)
    wrote: list[dict] = field(default_factory=list)
    suppressed: list[dict] = field(default_factory=list)


def put(tx, drawn: list[Person]) -> Ledger:
    held = Ledger()
    boxes = [made(tx, mailbox, name=f"box{n}", provider="gmail") for n in range(2)]
    cadences = [made(tx, cadence, name=f"C{n}", key=f"c{n}", mailbox_id=boxes[n], made_at=0) for n in range(2)]  # fmt: skip
    text = made(tx, template, name="hello", key="hello", made_at=0)
    versions = [made(tx, template_version, template_id=text, number=n, made_at=0) for n in (1, 2)]
    talk = made(tx, conversation)
    somebody = made(tx, address, key="other@x.example", shown="other@x.example", domain="x.example")
    for number, person in enumerate(drawn):
        name = f"p{number}@x.example"
        own = made(tx, address, key=name, shown=name, domain="x.example")
        lead_id = made(tx, lead, pipeline="sales", stage="new", stage_since_at=0, created_at=0)
        for run in person.runs:
            entry = {
                "cadence_id": cadences[run.cadence],
                "lead_id": lead_id,
                "address_id": own,
                "state": "stopped" if run.stop else "active",
                "stop_reason": run.stop,
                "version": 1,
                "enrolled_at": 0,
                "ended_at": ms(run.ended) if run.stop else None,
            }
            run_id = made(tx, enrollment, **entry)
            held.enrollments[run_id] = entry | {"key": name}
            for place, mail in enumerate(run.mails):
                row = {
                    "enrollment_id": run_id,
                    "cadence_id": cadences[run.cadence],
                    "lead_id": lead_id,
                    "mailbox_id": boxes[run.cadence],
                    "step_key": f"s{place + 1}",
                    "key": f"{run_id}-{place}",
                    "state": mail.state,
                    "fared": mail.fared,
                    "due_at": 0,
                    "template_version_id": versions[mail.version],
                    "handed_over_at": None if mail.found else ms(mail.at),
                    "ended_at": ms(mail.at),
                }
                held.mails.append(row | {"id": made(tx, outbox, **row)})
        for place, one in enumerate(person.wrote):
            author = own if one.by_them else somebody
            mail_id = made(tx, message, key=f"m{number}-{place}", conversation_id=talk, sent_at=ms(one.at),
                           direction=one.direction, kind="human", author_id=author)  # fmt: skip
            link = {
                "message_id": mail_id, "address_id": own, "lead_id": lead_id, "at": ms(one.at),
                "direction": one.direction, "is_human": one.human, "is_unlinked": one.unlinked,
            }  # fmt: skip
            tx.execute(lead_link.insert().values(**link))
            if one.mark:
                taken_back = {
                    "message_id": mail_id,
                    "mark": "positive",
                    "made_at": 0,
                    "replaced_at": 1,
                }
                tx.execute(
                    answer_mark.insert(),
                    [taken_back, taken_back | {"mark": one.mark, "replaced_at": None}],
                )
            held.wrote.append(link | {"author_id": author, "mark": one.mark})
        if person.suppressed:
            at, why, is_off = person.suppressed
            row = {"scope": "address", "subject": name, "reason": why, "first_at": ms(at),
                   "removed_at": ms(at) if is_off else None}  # fmt: skip
            tx.execute(suppression.insert().values(**row))
            held.suppressed.append(row)
    return held


# --- the plain recomputation ----------------------------------------------------------


def left_at(mail: dict) -> int:
    return mail["ended_at"] if mail["handed_over_at"] is None else mail["handed_over_at"]


def plain(held: Ledger) -> list[dict]:
    """Every mail that left, with what came of it."""
    left = [one for one in held.mails if one["state"] in SENT]
    found = []
    for run_id, run in held.enrollments.items():
        own = sorted((one for one in left if one["enrollment_id"] == run_id), key=lambda one: (left_at(one), one["id"]))  # fmt: skip
        if not own:
            continue
        opener = left_at(own[0])
        later = [left_at(one) for one in left if one["lead_id"] == run["lead_id"] and one["enrollment_id"] > run_id]  # fmt: skip
        until = min(later, default=1 << 62)
        wrote = [
            one["at"] for one in held.wrote
            if one["lead_id"] == run["lead_id"] and one["direction"] == "in" and one["is_human"]
            and not one["is_unlinked"] and one["author_id"] == one["address_id"] and opener <= one["at"] < until
        ]  # fmt: skip
        answered = min(wrote, default=run["ended_at"] if run["stop_reason"] == "reply" else None)
        marked = [
            (one["at"], one["message_id"], one["mark"]) for one in held.wrote
            if one["mark"] and one["lead_id"] == run["lead_id"] and one["direction"] == "in" and one["is_human"]
            and not one["is_unlinked"] and one["author_id"] == one["address_id"] and opener <= one["at"] < until
        ]  # fmt: skip
        is_positive = bool(marked) and max(marked)[2] == "positive"
        asked = [
            one["first_at"] for one in held.suppressed
            if one["subject"] == run["key"] and one["reason"] == "opt_out" and one["removed_at"] is None
            and opener <= one["first_at"] < until
        ]  # fmt: skip
        opted = run["ended_at"] if run["stop_reason"] == "opt_out" else min(asked, default=None)
        day = from_ms(opener).astimezone(ZoneInfo(ZONE)).date()
        for mail in own:
            found.append(  # noqa: PERF401 - a list of this would not be read by anybody
                mail
                | {
                    "address_id": run["address_id"],
                    "version_id": mail["template_version_id"],
                    "week": week_from(day),
                    "bounced": mail["fared"] in {"refused", "gone"},
                    "answered": mail is last_before(own, answered),
                    "positive": is_positive and mail is last_before(own, answered),
                    "complained": mail["fared"] == "complained",
                    "opted_out": mail is last_before(own, opted),
                }
            )
    return found


def last_before(own: list[dict], at: int | None) -> dict | None:
    if at is None:
        return None
    before = [one for one in own if left_at(one) <= at]
    if before:
        return before[-1]
    return [one for one in own if left_at(one) == left_at(own[0])][-1]


def counted(some: list[dict]) -> Counts:
    def distinct(name: str, only: Callable[[dict], bool] = lambda _: True) -> int:
        return len({one[name] for one in some if only(one)})

    return Counts(
        sent=len(some),
        unconfirmed=sum(one["state"] == "unconfirmed" for one in some),
        recipients=distinct("address_id"),
        enrollments=distinct("enrollment_id"),
        bounced=distinct("address_id", lambda one: one["bounced"]),
        replied=distinct("enrollment_id", lambda one: one["answered"]),
        positive=distinct("enrollment_id", lambda one: one["positive"]),
        opted_out=distinct("address_id", lambda one: one["opted_out"]),
        complained=distinct("address_id", lambda one: one["complained"]),
    )


TOLD_BY = {
    None: (),
    By.CADENCE: ("cadence_id",),
    By.STEP: ("cadence_id", "step_key"),
    By.VERSION: ("version_id",),
    By.MAILBOX: ("mailbox_id",),
    By.WEEK: ("week",),
}


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 1 << 32))
def test_sql_counts_what_plain_python_counts_and_each_list_is_as_long_as_its_number(database, seed):
    offsets = zone_offsets(ZONE, since=ms(0), until=ms(41))
    with thrown_away(database) as tx:
        held = put(tx, some_people(Random(seed)))
        every = plain(held)
        one_cadence = held.mails[0]["cadence_id"] if held.mails else 1
        for of in (Of(), Of(cadence_id=one_cadence)):
            mine = [one for one in every if of.cadence_id in {None, one["cadence_id"]}]
            for by, names in TOLD_BY.items():
                wanted: dict[tuple, list[dict]] = {} if by else {(): mine}
                for one in mine if by else ():
                    wanted.setdefault(tuple(one[name] for name in names), []).append(one)
                found = {
                    tuple(getattr(group, name) for name in names): (group, counts)
                    for group, counts in rows.tally(tx, of, by, offsets)
                }
                assert {key: counts for key, (_, counts) in found.items()} == {
                    key: counted(some) for key, some in wanted.items()
                }
                if by in {None, By.STEP, By.WEEK} and of == Of():
                    for group, counts in found.values():
                        lists_hold(tx, of, group, counts, offsets)


def lists_hold(tx, of: Of, group: Group, counts: Counts, offsets) -> None:
    asked = Of(*(mine if mine is not None else theirs for mine, theirs in zip(group, of, strict=True)))  # fmt: skip
    for figure in Figure:
        ids = rows.behind(tx, asked, figure, offsets, before=None, limit=100)
        assert len(ids) == getattr(counts, figure.value), (figure, asked)
        if len(ids) > 1:
            later = rows.behind(tx, asked, figure, offsets, before=ids[0], limit=1)
            assert later == ids[1:2]


# --- from real mail --------------------------------------------------------------------


def figures(report) -> dict[str, int]:
    return {cell.key: cell.count for cell in report.total.figures}


def test_an_answer_a_bounce_and_an_opt_out_are_counted_where_they_belong(
    new_office: Callable[..., Office],
) -> None:
    office = new_office(
        people=("bob", "carol", "dave", "erin"), steps=({"after": "3 days", "template": "hello"},)
    )
    office.send()
    sent_copies(office)
    office.bench.clock.wait(3_600)
    come(office, letter(sender="Carol Tanaka <carol@carols-firm.example>", text="Please do not write to me again."))  # fmt: skip
    come(office, bounce("dave@daves-firm.example"))
    heed(office)
    office.bench.clock.wait(4 * 86_400)
    office.read_mail()
    office.send()
    come(office, letter())
    heed(office)
    assert figures(report_of(office.desk, ALICE, "autumn", By.STEP)) == {
        "sent": 6, "unconfirmed": 0, "bounced": 1, "not_bounced": 3, "replied": 2, "positive": 0, "opted_out": 1,
        "complained": 0,
    }  # fmt: skip
    first, second = report_of(office.desk, ALICE, "autumn", By.STEP).lines
    assert [cell.count for cell in first.figures] == [4, 0, 1, 3, 1, 0, 1, 0]
    assert [cell.count for cell in second.figures] == [2, 0, 0, 2, 1, 0, 0, 0]
    assert (first.label, second.label) == ("Step 1: hello", "Step 2: hello")


def test_an_opt_out_behind_the_end_is_counted_and_one_that_was_there_before_is_not(
    new_office: Callable[..., Office],
) -> None:
    office = new_office(people=("bob", "erin"))
    office.send()
    office.bench.clock.wait(60)
    suppress(office.desk, ALICE, "bob@bobs-firm.example", reason="opt_out")
    suppress(office.desk, ALICE, "erin@erins-firm.example", reason="person")
    assert figures(report_of(office.desk, ALICE, "", By.CADENCE))["opted_out"] == 1


def test_names_that_are_gone_or_hostile_do_no_harm(new_office: Callable[..., Office]) -> None:
    office = new_office(people=("bob",))
    office.send()
    create_lead(office.desk, ALICE, "x@x.example", "<b>x</b>")
    with office.desk.database.write() as tx:
        tx.execute(cadence.update().values(name="<b>A\u202eutumn\n" + "x" * 10_000))
        tx.execute(outbox.update().values(step_key="s9"))
    for by in By:
        [line] = report_of(office.desk, ALICE, "", by).lines
        assert line.figures[0].count == 1
    with office.desk.database.read() as tx:
        assert tx.execute(select(outbox.c.step_key)).scalar_one() == "s9"


def test_weeks_are_those_of_the_house(new_office: Callable[..., Office]) -> None:
    office = new_office(people=("bob",))
    office.send()
    [line] = report_of(office.desk, ALICE, "", By.WEEK).lines
    assert line.label == "Week of 11 May 2026"
    assert office.bench.clock.at < datetime(2026, 5, 12, tzinfo=UTC) + timedelta(days=1)


@pytest.mark.parametrize("by", list(By))
def test_a_house_without_mail_has_a_report_of_nothing(
    new_office: Callable[..., Office], by
) -> None:
    office = new_office(people=("bob",))
    found = report_of(office.desk, ALICE, "autumn", by)
    assert found.lines == ()
    assert set(figures(found).values()) == {0}
