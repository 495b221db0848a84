"""Whatever happens in whatever order: counted evidence is what a count from nothing gives, answers are what it says."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, select

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.leads.capture import Outcome
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.mail.mime import parse
from inboxcrm.mail.wanted import Scope
from inboxcrm.ports import Change, ChangeKind, Fetched
from inboxcrm.services.capturing import give_verdict, take_back_verdict
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.services.preparing import prepare
from inboxcrm.services.relabelling import apply_changes
from inboxcrm.services.settling import decide_all, own_set_of
from inboxcrm.services.storing import store_group
from inboxcrm.store.addresses import addresses_by_id
from inboxcrm.store.captures import Current, current_of, leads_of
from inboxcrm.store.database import Database, Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.evidence import rebuild_evidence
from inboxcrm.store.tables import address, evidence, lead, lead_decision, lead_link, metadata
from inboxcrm.store.tables import mailbox as mailbox_table
from tests.sync.killing import HandClock
from tests.sync.letters import letter, sent_at
from tests.sync.practice import VIEWER

ALICE, TOM = "alice@lumenworks.example", "tom@consult.example"
NOBODY = "somebody@else.example"
BOXES = ("alice", "tom")
OUTSIDE = ("Bob Tanaka <bob@kitaura.example>", "Bob Tanaka <bob@home.example>", "Erin <erin@haas.example>",
           "erin+crm@haas.example", "info@mares.example", "no-reply@list.example", TOM, f"Alice <{ALICE}>")  # fmt: skip

senders = st.sampled_from(OUTSIDE)
labels = st.sets(st.sampled_from(["INBOX", "SENT", "SPAM", "STARRED"]), max_size=2)
letters = st.tuples(
    st.just("store"),
    st.sampled_from(BOXES),
    st.integers(1, 6),
    senders,
    senders,
    labels,
    st.sampled_from(["human", "bulk"]),
)
moves = st.tuples(
    st.just("label"), st.sampled_from(BOXES), st.integers(1, 6),
    st.sampled_from(["SPAM", "TRASH", "STARRED"]), st.sampled_from(["on", "off"]),
)  # fmt: skip
deaths = st.tuples(st.just("delete"), st.sampled_from(BOXES), st.integers(1, 6))
words = st.tuples(
    st.just("word"), st.sampled_from(["lead", "candidate", "ignored"]),
    st.sampled_from(["bob@kitaura.example", "erin@haas.example", "@haas.example"]),
)  # fmt: skip
undos = st.tuples(st.just("undo"), st.integers(0, 3))
tells = st.tuples(
    st.just("declare"), st.sampled_from(["enquiry", "exchange", "ask", "none"]),
    st.sampled_from([(), ("bob@home.example",)]), st.sampled_from([TOM, NOBODY]),
)  # fmt: skip


class Case:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = HandClock()
        self.tokens: list[str] = []
        self.desk = Desk(
            database=database,
            clock=self.clock,
            pipelines=Pipelines(),
            ids=OpaqueIds(b"k" * 32),
            working_hours=WorkingHours(),
        )
        self.letters: dict[int, bytes] = {}
        self.declare("enquiry", (), NOBODY)

    def do(self, step: tuple[Any, ...]) -> None:
        self.clock.wait(1)
        getattr(self, step[0])(*step[1:])

    def box_id(self, tx: Tx, name: str) -> int:
        query = select(mailbox_table.c.id).where(mailbox_table.c.name == name)
        return int(tx.execute(query).scalar_one())

    def store(self, box: str, number: int, sender: str, to: str, held: set[str], kind: str) -> None:
        bulk = [("List-Id", "<l.example>"), ("Precedence", "bulk")] if kind == "bulk" else ()
        raw = self.letters.setdefault(number, letter(number, sender, to, headers=bulk))
        fetched = Fetched(
            f"{box}-{number}", f"t{number}", frozenset(held), sent_at(number), parse(raw)
        )
        with self.database.write() as tx:
            own = own_set_of(tx, self.desk)
            mail = prepare(fetched, own=own, policy=self.desk.capture, now=self.clock.now())
            store_group(tx, self.desk, self.box_id(tx, box), [mail])

    def label(self, box: str, number: int, moved: str, way: str) -> None:
        kind = ChangeKind.LABELS_ON if way == "on" else ChangeKind.LABELS_OFF
        self._happen(box, Change(kind, f"{box}-{number}", f"t{number}", frozenset({moved})))

    def delete(self, box: str, number: int) -> None:
        self._happen(box, Change(ChangeKind.REMOVED, f"{box}-{number}", f"t{number}"))

    def _happen(self, box: str, change: Change) -> None:
        with self.database.write() as tx:
            apply_changes(tx, self.desk, self.box_id(tx, box), [change], scope=Scope())

    def word(self, outcome: str, about: str) -> None:
        key = "domain" if about.startswith("@") else "address"
        self.tokens.append(give_verdict(self.desk, VIEWER, outcome=outcome, **{key: about}))

    def undo(self, place: int) -> None:
        if place < len(self.tokens):
            take_back_verdict(self.desk, VIEWER, self.tokens[place])

    def declare(self, mode: str, aliases: tuple[str, ...], tom: str) -> None:
        declare_mailboxes(
            self.desk,
            [
                Declared("alice", "gmail", ALICE, aliases=aliases, capture=mode),
                Declared("tom", "gmail", tom),
            ],
        )

    # --- what must be true ---

    def check(self) -> None:
        with self.database.write() as tx:
            counted = held(tx)
            ids = list(tx.execute(select(address.c.id)).scalars())
            own = own_set_of(tx, self.desk)
            rebuild_evidence(tx, ids, is_own=own.holds, max_recipients=10)
            assert counted == held(tx)
            people = addresses_by_id(tx, ids)
            outside = {which for which, person in people.items() if not own.holds(person.key)}
            current = current_of(tx, ids)
            assert current.keys() <= outside
            decisions, _ = decide_all(tx, {which: people[which] for which in current})
            answers = {
                which: Current(
                    one.outcome.value, one.rule.value, one.detail, one.mailbox_id,
                    one.rests_on.message_id if one.rests_on else None,
                )
                for which, one in decisions.items()
            }  # fmt: skip
            assert {which: said(one) for which, one in current.items()} == {
                which: said(one) for which, one in answers.items()
            }
            leads = leads_of(tx, ids)
            shown = {which for which, one in leads.items() if not one.is_withdrawn}
            wanted = {which for which, one in current.items() if one.outcome == Outcome.LEAD.value}
            assert wanted <= shown
            linked = rows(tx, select(lead_link.c.message_id, lead_link.c.address_id))
            decided = rows(
                tx,
                select(lead_decision.c.message_id, lead_decision.c.address_id).where(
                    lead_decision.c.outcome.in_(["create", "link"])
                ),
            )
            assert linked == decided
            met = set(tx.execute(select(evidence.c.address_id).distinct()).scalars())
            assert met <= set(current)
            assert None not in tx.execute(select(lead.c.stage_since_at)).scalars().all()


def said(one: Current) -> tuple[Any, ...]:
    return (one.outcome, one.rule, one.detail, one.rests_on)


def held(tx: Tx) -> set[Any]:
    return rows(tx, select(evidence))


def rows(tx: Tx, query: Select[Any]) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in tx.execute(query)}


@pytest.fixture(scope="module")
def new_case(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Case]]:
    path = tmp_path_factory.mktemp("evidence") / "case.db"
    shutil.copyfile(migrated_sqlite, path)
    with Database.open(f"sqlite:///{path}") as database:

        def make() -> Case:
            with database.write() as tx:
                for table in reversed(metadata.sorted_tables):
                    if table.name != "account":
                        tx.execute(table.delete())
            return Case(database)

        yield make


@settings(
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.one_of(letters, letters, letters, moves, deaths, words, undos, tells),
        min_size=3,
        max_size=14,
    )
)
def test_evidence_and_answers_are_what_a_fresh_count_gives(
    new_case: Callable[[], Case], steps: list[tuple[Any, ...]]
) -> None:
    case = new_case()
    for step in steps:
        case.do(step)
    case.check()
