"""Eight ways to build this sync wrong that look right. Each breaks one rule; the kill test must notice every one.

A kill test over a mailbox that stands still passes all eight: it is the moving world that gives it teeth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from inboxcrm.errors import CursorExpired
from inboxcrm.ports import ChangeKind, ListPage
from inboxcrm.services import reconciling, relabelling, settling, storing, syncing, walking
from inboxcrm.store import captures, mailboxes
from tests.sync.killing import (
    Bench,
    concluded,
    differences,
    lead_differences,
    run_to_the_end,
)
from tests.sync.world import World, WorldSource, story

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)

NewBench = Callable[[], Bench]
HOLDS = [lambda: story(deletes=False)]
EXPIRES = [lambda at=at: story(deletes=False, expires_at=at) for at in (15, 13)]


def first_difference(
    new_bench: NewBench, stories: list[Callable[[], World]], expected: list[dict[str, Any]]
) -> str | None:
    """Runs uninterrupted first, then with a kill at each position, until something differs."""
    for tell, wanted in zip(stories, expected, strict=True):
        positions: list[int | None] = [None]
        while positions:
            bench, world = new_bench(), tell()
            position = positions.pop(0)
            sparks = run_to_the_end(bench, world, blow_at=position)
            wrong = differences(bench, world) or lead_differences(wanted, concluded(bench))
            if wrong:
                return f"killed at {position}: {wrong[0]}"
            if position is None:
                positions = list(range(1, sparks + 1))
    return None


@pytest.fixture
def rightly(new_bench: NewBench) -> Callable[[list[Callable[[], World]]], list[dict[str, Any]]]:
    """What the unbroken sync concludes from each story."""

    def run(stories: list[Callable[[], World]]) -> list[dict[str, Any]]:
        found = []
        for tell in stories:
            bench = new_bench()
            run_to_the_end(bench, tell())
            found.append(concluded(bench))
        return found

    return run


def cursor_before_its_ids(patch: pytest.MonkeyPatch) -> None:
    def walk(run: Any) -> None:
        state = run.cursor()
        changes, token, first = [], None, ""
        while True:
            page = run.source.changes(cursor=state.cursor, token=token)
            changes += page.changes
            first = first or page.cursor
            token = page.next_token
            if token is None:
                break
        with run.desk.database.write() as tx:
            mailboxes.move_cursor(tx, run.mailbox.id, generation=state.generation, cursor=first)
        with run.desk.database.write() as tx:
            relabelling.apply_changes(tx, run.desk, run.mailbox.id, changes, scope=run.scope(tx))

    patch.setattr(walking, "walk_history", walk)


def anchor_after_the_listing(patch: pytest.MonkeyPatch) -> None:
    rightly_walked = walking.walk_history
    seen: set[int] = set()

    def walk(run: Any) -> None:
        if id(run.source.world) not in seen:
            seen.add(id(run.source.world))
            late = run.source.anchor().cursor
            with run.desk.database.write() as tx:
                state = mailboxes.cursor_of(tx, run.mailbox.id)
                mailboxes.move_cursor(tx, run.mailbox.id, generation=state.generation, cursor=late)
        rightly_walked(run)

    patch.setattr(walking, "walk_history", walk)


def unknown_labels_dropped(patch: pytest.MonkeyPatch) -> None:
    rightly_listed = WorldSource.list_page
    rightly_applied = walking.apply_changes

    def list_page(
        self: WorldSource, *, label: str | None, token: str | None, since: datetime | None = None
    ) -> ListPage:
        page = rightly_listed(self, label=label, token=token, since=since)
        shown = [
            item for item in page.items if not self.world.held[item.ref].labels & {"SPAM", "TRASH"}
        ]
        return ListPage(tuple(shown), page.next_token)

    def apply(tx: Any, desk: Any, mailbox_id: int, changes: Any, *, scope: Any) -> None:
        known = relabelling.messages.copies_of(tx, mailbox_id, [change.ref for change in changes])
        moves = (ChangeKind.LABELS_ON, ChangeKind.LABELS_OFF)
        kept = [one for one in changes if one.kind not in moves or one.ref in known]
        rightly_applied(tx, desk, mailbox_id, kept, scope=scope)

    patch.setattr(WorldSource, "list_page", list_page)
    patch.setattr(walking, "apply_changes", apply)


def start_moves_while_paging(patch: pytest.MonkeyPatch) -> None:
    rightly_moved = walking._move

    def move(run: Any, tx: Any, before: Any, **values: Any) -> None:
        if values.get("page_token") and values.get("walk_cursor"):
            values["cursor"] = values["walk_cursor"]
        rightly_moved(run, tx, before, **values)

    patch.setattr(walking, "_move", move)


def cursor_from_the_last_page(patch: pytest.MonkeyPatch) -> None:
    def walk(run: Any) -> None:
        while True:
            state = run.cursor()
            try:
                page = run.source.changes(cursor=state.cursor, token=state.page_token or None)
            except CursorExpired:
                if not state.page_token:
                    raise
                with run.desk.database.write() as tx:
                    walking._move(run, tx, state, page_token="")
                continue
            with run.desk.database.write() as tx:
                relabelling.apply_changes(
                    tx, run.desk, run.mailbox.id, page.changes, scope=run.scope(tx)
                )
                moved = {} if page.next_token else {"cursor": page.cursor}
                walking._move(run, tx, state, page_token=page.next_token or "", **moved)
            if page.next_token is None:
                return

    patch.setattr(walking, "walk_history", walk)


def expiry_means_now(patch: pytest.MonkeyPatch) -> None:
    def relist(run: Any, *, anchor: bool = True) -> None:
        now = run.source.anchor().cursor
        with run.desk.database.write() as tx:
            state = mailboxes.cursor_of(tx, run.mailbox.id)
            mailboxes.move_cursor(
                tx, run.mailbox.id, generation=state.generation, cursor=now, page_token=""
            )

    patch.setattr(syncing, "relist", relist)


def relisting_without_reconcile(patch: pytest.MonkeyPatch) -> None:
    def reconcile(run: Any, state: Any) -> None:
        with run.desk.database.write() as tx:
            mailboxes.move_cursor(tx, run.mailbox.id, generation=state.generation, state="live")

    patch.setattr(reconciling, "reconcile", reconcile)


def decided_at_first_sight(patch: pytest.MonkeyPatch) -> None:
    rightly_settled = settling.settle

    def settle(tx: Any, desk: Any, address_ids: Any, **rest: Any) -> Any:
        unseen = set(address_ids) - set(captures.current_of(tx, address_ids))
        return rightly_settled(tx, desk, unseen)

    patch.setattr(storing, "settle", settle)
    patch.setattr(relabelling, "settle", settle)


@pytest.mark.parametrize(
    ("broken", "stories"),
    [
        (cursor_before_its_ids, HOLDS),
        (anchor_after_the_listing, HOLDS),
        (unknown_labels_dropped, HOLDS),
        (start_moves_while_paging, HOLDS),
        (cursor_from_the_last_page, HOLDS),
        (expiry_means_now, EXPIRES),
        (relisting_without_reconcile, EXPIRES),
        (decided_at_first_sight, HOLDS),
    ],
)
def test_the_kill_test_notices(
    broken: Callable[[pytest.MonkeyPatch], None],
    stories: list[Callable[[], World]],
    new_bench: NewBench,
    rightly: Callable[[list[Callable[[], World]]], list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = rightly(stories)
    broken(monkeypatch)
    assert first_difference(new_bench, stories, expected) is not None


@pytest.fixture(autouse=True)
def _unpatched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
