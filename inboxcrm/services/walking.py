"""The two walks of a sync, through the listing and through history. Each page is one T1: ids, effects, page token."""

from __future__ import annotations

from typing import Any

from inboxcrm.errors import CursorExpired
from inboxcrm.mail.wanted import is_wanted
from inboxcrm.services.relabelling import apply_changes
from inboxcrm.services.sync_run import Run
from inboxcrm.store import mailboxes, queue
from inboxcrm.store.database import Tx
from inboxcrm.store.mailboxes import CursorRow

SENT = "SENT"


def list_some(run: Run, state: CursorRow) -> None:
    """One page of the listing under way: its ids become queue rows in the commit that stores the next page's token."""
    with run.desk.database.read() as tx:
        scope = run.scope(tx)
    places = _places(run, scope.labels)
    place = state.scope or places[0]
    try:
        page = run.source.list_page(
            label=place or None, token=state.page_token or None, since=scope.since
        )
    except CursorExpired:
        if not state.page_token:
            raise
        # The provider refused the token: page again from the start, what is queued or stored is skipped.
        with run.desk.database.write() as tx:
            _move(run, tx, state, page_token="")
        return
    wanted = [item for item in page.items if is_wanted(scope, item.labels)]
    refs = [item.ref for item in page.items]
    with run.desk.database.write() as tx:
        run.lease.keep(tx)
        known = queue.known_refs(tx, run.mailbox.id, refs)
        if place != SENT or SENT in scope.labels:
            queue.enqueue(
                tx,
                run.mailbox.id,
                [(item.ref, item.thread_ref) for item in wanted if item.ref not in known],
                priority=queue.REST,
                rank=queue.next_rank(tx, run.mailbox.id),
            )
        if place == SENT:
            queue.raise_threads(
                tx, run.mailbox.id, sorted({item.thread_ref for item in wanted if item.thread_ref})
            )
        if state.generation > 1 and run.source.capabilities.has_changes:
            queue.note_seen(tx, run.mailbox.id, state.generation, "", refs)
        values: dict[str, Any] = {"page_token": page.next_token or "", "scope": place}
        if page.next_token is None:
            values = _after_place(run, state, places, place)
        _move(run, tx, state, **values)
    run.audited = run.audited or values.get("state") == "live"
    run.listed += len(refs)
    run.tell()


def walk_history(run: Run) -> None:
    """From the cursor to the head, page by page. Raises CursorExpired when the start itself is forgotten."""
    while not run.should_stop():
        state = run.cursor()
        try:
            page = run.source.changes(cursor=state.cursor, token=state.page_token or None)
        except CursorExpired:
            if not state.page_token:
                raise
            with run.desk.database.write() as tx:
                _move(run, tx, state, page_token="", walk_cursor="")
            continue
        first = page.cursor if not state.page_token else state.walk_cursor
        if not page.changes and page.next_token is None and first == state.cursor:
            return
        with run.desk.database.write() as tx:
            run.lease.keep(tx)
            apply_changes(tx, run.desk, run.mailbox.id, page.changes, scope=run.scope(tx))
            if page.next_token is None:
                _move(
                    run,
                    tx,
                    state,
                    cursor=_later(state.cursor, first),
                    page_token="",
                    walk_cursor="",
                )
            else:
                _move(run, tx, state, page_token=page.next_token, walk_cursor=first)
        if page.next_token is None:
            return


def _places(run: Run, labels: frozenset[str]) -> list[str]:
    """What is listed, in order: the wanted labels or the whole mailbox, then sent mail, whose threads go first."""
    places = sorted(labels) or [""]
    capabilities = run.source.capabilities
    if capabilities.has_labels and capabilities.has_changes and SENT not in labels:
        places.append(SENT)
    return places


def _after_place(run: Run, state: CursorRow, places: list[str], place: str) -> dict[str, Any]:
    rest = places[places.index(place) + 1 :] if place in places else []
    one_page = (
        not state.page_token and len(places) <= 2
    )  # all is fetched at once: an order would save nothing
    if rest and not (rest == [SENT] and one_page):
        return {"page_token": "", "scope": rest[0]}
    if state.generation > 1 and run.source.capabilities.has_changes:
        return {"page_token": "", "scope": "", "state": "reconcile"}
    return {"page_token": "", "scope": "", "state": "live"}


def _move(run: Run, tx: Tx, before: CursorRow, **values: Any) -> None:
    if not mailboxes.move_cursor(tx, run.mailbox.id, generation=before.generation, **values):
        raise run.lease.lost()


def _later(one: str, other: str) -> str:
    """A cursor never goes back. Numbers compare as numbers; opaque cursors are trusted."""
    if one.isdigit() and other.isdigit():
        return max(one, other, key=int)
    return other
