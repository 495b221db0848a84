"""The list of cadences, and one of them: what it says, who gets it, by which rules, how far it is.

Everybody of the house sees who is being written to; what a mail says only who reads its mailbox. The list takes three
statements, a cadence's page six, whatever their number of mails.
"""

from __future__ import annotations

import json

from inboxcrm.access.viewer import Viewer, may_send_from
from inboxcrm.cadence.rules import rules_from_json
from inboxcrm.errors import NotFoundError
from inboxcrm.store import cadence_lists as lists
from inboxcrm.store import mailboxes
from inboxcrm.store.cadences import CadenceRow, StepRow, steps_of
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.senders import pause_of
from inboxcrm.views.cadence_shapes import (
    CadenceLine,
    CadenceList,
    CadencePage,
    FunnelLine,
    Numbers,
    Obstacle,
    StepLine,
)
from inboxcrm.views.cadence_words import CADENCE_STATES, GROUPS, group_of, rules_in_words
from inboxcrm.views.cursors import open_cursor, seal_cursor

ON_A_PAGE = 50
_ACTIONS = {
    "draft": ("start", "cancel"),
    "running": ("pause", "cancel"),
    "paused": ("resume", "cancel"),
}


def cadence_url(cadence_id: str) -> str:
    return f"/cadences/{cadence_id}"


def cadence_list(desk: Desk, viewer: Viewer, *, after: str | None = None) -> CadenceList:
    """Newest first; `after` is the cursor of the page before, a made-up one shows the first page."""
    del viewer
    cursor = open_cursor(desk, after)
    with desk.database.read() as tx:
        rows = lists.cadence_page(tx, before=cursor and cursor[1], limit=ON_A_PAGE + 1)
        counts = lists.counts_of_cadences(tx, [one.id for one in rows[:ON_A_PAGE]])
    last = rows[ON_A_PAGE - 1] if len(rows) > ON_A_PAGE else None
    return CadenceList(
        tuple(_line(desk, one, counts.get(one.id, {})) for one in rows[:ON_A_PAGE]),
        seal_cursor(desk, last.made_at, last.id) if last else None,
    )


def cadence_page(desk: Desk, viewer: Viewer, cadence_id: str) -> CadencePage:
    """Raises NotFoundError."""
    number = desk.ids.open("cadence", cadence_id)
    with desk.database.read() as tx:
        row = lists.cadence_by_id(tx, number) if number is not None else None
        if row is None:
            raise no_such_cadence()
        counts = lists.counts_of_cadences(tx, [row.id]).get(row.id, {})
        steps = steps_of(tx, row.id, row.version)
        box = mailboxes.mailbox_by_id(tx, row.mailbox_id)
        made_by = lists.name_of_account(tx, row.account_id) if row.account_id else ""
        pause = pause_of(tx, row.mailbox_id)
    assert box is not None, "a cadence's mailbox stays"
    now = desk.clock.now()
    until = from_ms(pause.until_at)
    paused_for = pause.reason if until is not None and until > now else ""
    rules = rules_from_json(row.rules)
    line = _line(desk, row, counts)
    may_change = may_send_from(viewer, row.mailbox_id)
    is_over = row.state in {"finished", "cancelled"}
    return CadencePage(
        line=line,
        mailbox_address=box.address,
        from_address=row.from_address or box.address,
        made_by="You" if row.account_id == viewer.account_id else made_by,
        started_at=from_ms(row.started_at),
        ended_at=from_ms(row.ended_at),
        steps=tuple(_step(desk, one) for one in steps),
        rules=rules_in_words(rules),
        funnel=tuple(
            FunnelLine(key, label, getattr(line.numbers, key)) for key, (label, _) in GROUPS.items()
        ),
        actions=_ACTIONS.get(row.state, ()) if may_change else (),
        may_change=may_change,
        obstacles=() if is_over else _obstacles(box, paused_for),
    )


def no_such_cadence() -> NotFoundError:
    return NotFoundError("There is no such cadence.", remedy="See the list of cadences.")


def _line(desk: Desk, row: CadenceRow, counts: dict[str, int]) -> CadenceLine:
    sealed = desk.ids.seal("cadence", row.id)
    return CadenceLine(
        id=sealed,
        name=row.name,
        url=cadence_url(sealed),
        state=row.state,
        state_words=CADENCE_STATES.get(row.state, row.state),
        mailbox=row.mailbox,
        segment=row.segment,
        made_at=from_ms(row.made_at),
        numbers=_numbers(counts),
    )


def _numbers(counts: dict[str, int]) -> Numbers:
    held = dict.fromkeys(GROUPS, 0)
    for state, many in counts.items():
        held[group_of(state)] += many
    return Numbers(**held)


def _step(desk: Desk, row: StepRow) -> StepLine:
    unit = {"days": "day", "business_days": "working day"}.get(row.delay_unit, row.delay_unit)
    wait = f"{row.delay} {unit}{'s' if row.delay != 1 else ''} later" if row.number > 1 else ""
    return StepLine(
        row.number,
        row.kind,
        wait,
        row.template or "",
        row.template_number or 0,
        desk.ids.seal("template_version", row.template_version_id)
        if row.template_version_id is not None
        else "",
        str(json.loads(row.data).get("title", "")),
    )


def _obstacles(box: MailboxRow, paused_for: str) -> tuple[Obstacle, ...]:
    """What the gate would say against every mail of the mailbox, said before anything is started."""
    found = []
    if box.auth != "ok":
        found.append(
            Obstacle(f"{box.address} has to be connected again.", "/mailboxes", "Connect it")
        )
    elif not box.may_send:
        text = f"{box.address} may be read, not sent from. Until sending is allowed its mails wait."
        found.append(Obstacle(text, "/mailboxes", "Allow sending"))
    if box.paused:
        text = f"{box.address} is paused: answers would not be seen, so nothing goes."
        found.append(Obstacle(text, "/mailboxes", "Resume it"))
    if paused_for:
        found.append(Obstacle(f"Sending from {box.address} is paused for a while: {paused_for}"))
    return tuple(found)
