"""(h) What a cadence costs: the full path of a mail, and whether what is computed for everybody stays flat a lead.

The full path is the sending service with everything in it, on SQLite: the gate twice, rendering, freezing, the ledger,
each transaction on the disk before the next step; the one that notes a mail as sent claims the next. Only the provider
is left out: it takes every mail at once, for its time is not ours. What one fsync costs here is printed beside it.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from datetime import time as day_time
from pathlib import Path
from statistics import median

from sqlalchemy import update

from bench import reference
from bench.asking import StandingClock
from bench.databases import Databases
from bench.figures import Cost, Figure, cost_of, dearness_figure, rate_figure
from bench.mailing import AT, HTML, SUBJECT, TEXT, leads
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.bootstrap.desk import open_desk
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.windows import Windows
from inboxcrm.config import DatabaseSettings, Settings
from inboxcrm.ports import Accepted, Prepared, Spending
from inboxcrm.services.cadence_preview import previews
from inboxcrm.services.cadences import add_step, make_merge, start
from inboxcrm.services.explaining import why_lead
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.services.planning_ahead import plan_ahead
from inboxcrm.services.sending import send_due
from inboxcrm.services.sync_run import Runner
from inboxcrm.services.templates import save_template
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.tables import mailbox
from inboxcrm.worker.memory import collect_rarely

PATH_TARGET = 1.7
FLAT_TARGET = 1.3
OWNER = Viewer(account_id=1, role=AccountRole.ADMIN)
MONDAY = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ALWAYS = Windows.of_week("UTC", {day: [(day_time(0), day_time(0))] for day in _DAYS})
_COMPOSE = "https://www.googleapis.com/auth/gmail.compose"


def measure(databases: Databases, tell: Callable[[str], None], *, quick: bool) -> list[Figure]:
    mails, pairs, few, many = (60, 1, 50, 100) if quick else (500, 9, 1_000, 10_000)
    return [
        _full_path(databases, tell, mails=mails, pairs=pairs),
        *_flat(databases, tell, few=few, many=many, pairs=5 if not quick else 1),
    ]


class _TakesAll:
    """A provider that takes every mail at once."""

    def __init__(self) -> None:
        self.taken = 0

    def addresses(self) -> tuple[str, ...]:
        return ("alice@ourfirm.example",)

    def prepare(self, mime: bytes, *, thread_ref: str = "") -> Prepared:
        del mime, thread_ref
        return Prepared("d", "m", "1")

    def hand_over(self, prepared: Prepared) -> Accepted:
        del prepared
        self.taken += 1
        return Accepted(f"s{self.taken}", f"s{self.taken}")

    def sweep(self, keys: object) -> int:
        del keys
        return 0

    def spending(self) -> Spending:
        return Spending()


@contextmanager
def _cadence(databases: Databases, people: int, *, steps: int = 1) -> Iterator[Desk]:
    """A desk with so many leads, and a cadence of so many steps to all of them, not yet started."""
    with databases.passing("sqlite") as url:
        desk = open_desk(Settings(database=DatabaseSettings(url=url)), StandingClock(MONDAY))
        try:
            declare_mailboxes(desk, [Declared("alice", "gmail", "alice@ourfirm.example")])
            with desk.database.write() as tx:
                now = to_ms(MONDAY)
                tx.execute(
                    update(mailbox).values(scopes=f'["{_COMPOSE}"]', synced_at=now, auth="ok")
                )
            for values in leads(people):
                create_lead(desk, OWNER, values["address"], " ".join(values["name"].split())[:80])
            template = {"name": "hello", "subject": SUBJECT, "text": TEXT, "html": HTML}
            save_template(desk, OWNER, **template, fallbacks={"first_name": "there"})
            rules = CadenceRules(
                windows=_ALWAYS, day_cap=people, gap_seconds=0, ramp_percent=0, domain_cap=0
            )
            make_merge(
                desk,
                OWNER,
                name="Autumn",
                template="hello",
                segment="stage is new",
                mailbox="alice",
                rules=rules,
            )
            for _ in range(steps - 1):
                add_step(desk, OWNER, "Autumn", template="hello", after="5 days")
            yield desk
        finally:
            desk.database.close()


def _full_path(
    databases: Databases, tell: Callable[[str], None], *, mails: int, pairs: int
) -> Figure:
    tell(f"sending {mails:,} mails over the full path, {pairs} times each way")
    theirs = reference.library_mails(SUBJECT, TEXT, HTML, AT)
    few = leads(mails)[: max(mails // 4, 20)]

    def library() -> Cost:
        cost, scale = cost_of(lambda: list(theirs(few))), mails / len(few)
        return Cost(cost.wall * scale, cost.cpu * scale)

    def turn() -> tuple[Cost, Cost]:
        """A run takes a second, and what makes it ready ten: the library writes right before it and right behind it."""
        with _cadence(databases, mails) as desk:
            start(desk, OWNER, "Autumn", expected=mails)
            sender = _TakesAll()
            runner = Runner("measured", time.time, time.sleep)
            collect_rarely()  # as every process that sends
            before = library()
            mine = cost_of(lambda: send_due(desk, sender, "alice", runner=runner))
            after = library()
            assert sender.taken == mails, sender.taken
            return mine, Cost((before.wall + after.wall) / 2, (before.cpu + after.cpu) / 2)

    turns = [turn() for _ in range(pairs)]
    figure = rate_figure(
        "h",
        "mails: full path, against bare Jinja2 + EmailMessage",
        mails,
        ([one for one, _ in turns], [one for _, one in turns]),
        PATH_TARGET,
    )
    took = median(mine.wall for mine, _ in turns) / mails * 1000
    waited = median(mine.wall - mine.cpu for mine, _ in turns) / mails * 1000
    return figure.noted(
        f"{figure.note}; {waited:.2f} of {took:.2f} ms a mail waiting; one fsync {_fsync_ms(databases.folder):.2f} ms"
    )


def _fsync_ms(folder: Path) -> float:
    found = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(100):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            found.append((time.perf_counter() - began) * 1000)
    return median(found)


def _flat(
    databases: Databases, tell: Callable[[str], None], *, few: int, many: int, pairs: int
) -> list[Figure]:
    tell(f"preview, plan and why for {many:,} leads and for {few:,}")
    with _cadence(databases, few, steps=3) as small, _cadence(databases, many, steps=3) as big:
        figures = [
            _growth("preview of everybody", _preview, small, big, few=few, many=many, pairs=pairs),
            _growth(
                "plan of 3 steps over 60 days", _plan, small, big, few=few, many=many, pairs=pairs
            ),
        ]
        for desk, people in ((small, few), (big, many)):
            start(desk, OWNER, "Autumn", expected=people)
        figures.append(
            _growth("why, for everybody", _why, small, big, few=few, many=many, pairs=pairs)
        )
    return figures


def _preview(desk: Desk, people: int) -> None:
    assert len(previews(desk, OWNER, "Autumn", most=people)) == people


def _plan(desk: Desk, people: int) -> None:
    assert len(plan_ahead(desk, OWNER, "Autumn", days=60).mails) >= people


def _why(desk: Desk, people: int) -> None:
    for number in range(1, people + 1):
        assert why_lead(desk, OWNER, desk.ids.seal("lead", number))


def _growth(
    what: str,
    work: Callable[[Desk, int], None],
    small: Desk,
    big: Desk,
    *,
    few: int,
    many: int,
    pairs: int,
) -> Figure:
    """Milliseconds a lead, of many leads against few."""
    work(small, few)
    mine, theirs = [], []
    for _ in range(pairs):
        mine.append(cost_of(lambda: work(big, many)).wall / many * 1000)
        theirs.append(cost_of(lambda: work(small, few)).wall / few * 1000)
    name = f"{what}: {many:,} leads against {few:,}"
    return dearness_figure("h", name, "ms a lead", mine, theirs, FLAT_TARGET)
