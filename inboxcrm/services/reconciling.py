"""After a relisting: what is stored is held against what the mailbox says it has now.

1. each label of the mailbox is listed; T1 notes who bears it, page by page. Where the settings narrow the mailbox, all
   of it is listed too: what is no longer wanted is not therefore gone
2. copies are compared, a piece at a time: labels that differ are mended, without a call
3. copies no listing met are queued: only when asked for by id and not found are they tombstones
The anchor lies before the listing, so the walk through history that follows brings what moved in the meantime.
"""

from __future__ import annotations

from inboxcrm.errors import CursorExpired, Denied
from inboxcrm.mail.wanted import NEVER
from inboxcrm.services.relabelling import set_copy_labels
from inboxcrm.services.sync_run import Run
from inboxcrm.store import mailboxes, queue, relisting
from inboxcrm.store.mailboxes import CursorRow

EVERYTHING = "\nall"
COMPARE = "\ncompare"
"""The scopes that stand for the whole mailbox and for step 2; no label can bear such a name."""

FEW = 20
SHARE = 0.2


def reconcile(run: Run, state: CursorRow) -> None:
    """One page of step 1, or all of steps 2 and 3 when the labels are through."""
    with run.desk.database.read() as tx:
        labels = sorted(set(mailboxes.known_labels(tx, run.mailbox.id)) - NEVER)
        scope = run.scope(tx)
    places = [EVERYTHING, *labels] if scope.labels or scope.since else labels
    if state.scope == COMPARE or not places:
        _compare(run, state, frozenset(labels))
        return
    place = state.scope if state.scope in places else places[0]
    try:
        page = run.source.list_page(
            label=None if place == EVERYTHING else place, token=state.page_token or None
        )
    except CursorExpired:
        if not state.page_token:
            raise
        with run.desk.database.write() as tx:
            mailboxes.move_cursor(
                tx, run.mailbox.id, generation=state.generation, scope=place, page_token=""
            )
        return
    later = [*places[places.index(place) + 1 :], COMPARE]
    with run.desk.database.write() as tx:
        run.lease.keep(tx)
        queue.note_seen(
            tx, run.mailbox.id, state.generation, place, [item.ref for item in page.items]
        )
        mailboxes.move_cursor(
            tx,
            run.mailbox.id,
            generation=state.generation,
            scope=place if page.next_token else later[0],
            page_token=page.next_token or "",
        )


def _compare(run: Run, state: CursorRow, labels: frozenset[str]) -> None:
    box = run.mailbox.id
    with run.desk.database.read() as tx:
        live, absent = relisting.count_absent(tx, box, state.generation)
    if absent > max(FEW, live * SHARE) and not run.accept_removals:
        raise Denied(
            f"{absent} of {live} stored messages are no longer in the mailbox; nothing was removed here.",
            remedy=(
                "If they were really deleted there, run inboxcrm sync --mailbox "
                f"{run.mailbox.name} --accept-removals."
            ),
        )
    after = 0
    while True:
        with run.desk.database.write() as tx:
            run.lease.keep(tx)
            copies = relisting.live_copies(tx, box, after=after)
            if not copies:
                break
            seen = relisting.seen_scopes(tx, box, state.generation, [copy.ref for copy in copies])
            present = {copy: seen[copy.ref] for copy in copies if copy.ref in seen}
            set_copy_labels(
                tx,
                run.desk,
                box,
                {copy: frozenset(scopes & labels) for copy, scopes in present.items()},
            )
            queue.enqueue(
                tx,
                box,
                [(copy.ref, "") for copy in copies if copy.ref not in seen],
                priority=queue.CHANGED,
            )
            after = copies[-1].id
    with run.desk.database.write() as tx:
        run.lease.keep(tx)
        queue.forget_seen(tx, box)
        mailboxes.move_cursor(
            tx, box, generation=state.generation, state="live", scope="", page_token=""
        )
    run.audited = True
