"""Whom nothing is sent to, page by page in the order of the addresses; the list is everybody's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.suppression_lists import suppression_page
from inboxcrm.store.suppressions import all_suppressed
from inboxcrm.views.as_json import as_json
from inboxcrm.views.cursors import open_cursor, seal_cursor

ON_A_PAGE = 100
REASONS = {
    "opt_out": "asked to hear no more",
    "bounce": "mail came back for good",
    "complaint": "complained",
    "person": "entered by hand",
}


@dataclass(frozen=True, slots=True)
class SuppressionLine:
    """`subject` is an address or a whole domain; `by` who entered it, empty where nobody did."""

    scope: str
    subject: str
    reason: str
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class SuppressionList:
    rows: tuple[SuppressionLine, ...]
    next: str | None = None


COLUMNS = ("scope", "subject", "reason", "source", "since")
"""Of the list as a table; `reason` is the key here, which reading it again understands."""


def suppression_table(desk: Desk, viewer: Viewer) -> Iterator[dict[str, Any]]:
    """All of it, by address and domain."""
    del viewer  # the list is everybody's: nobody may write to whom it names
    with desk.database.read() as tx:
        rows = all_suppressed(tx)
    for one in rows:
        held = (one.scope, one.subject, one.reason, one.source, as_json(from_ms(one.first_at)))
        yield dict(zip(COLUMNS, held, strict=True))


def suppression_list(
    desk: Desk, viewer: Viewer, *, words: str = "", after: str | None = None
) -> SuppressionList:
    """The latest first; `words` are the beginning of an address or a domain. One statement."""
    cursor = open_cursor(desk, after)
    with desk.database.read() as tx:
        rows = suppression_page(
            tx,
            prefix=words.strip().lower().lstrip("@"),
            before=cursor and cursor[1],
            limit=ON_A_PAGE + 1,
        )
    last = rows[ON_A_PAGE - 1] if len(rows) > ON_A_PAGE else None
    return SuppressionList(
        tuple(
            SuppressionLine(
                one.scope,
                one.subject,
                REASONS.get(one.reason, one.reason),
                "You" if one.account_id == viewer.account_id else one.account or "",
                from_ms(one.first_at),
            )
            for one in rows[:ON_A_PAGE]
        ),
        seal_cursor(desk, last.first_at, last.id) if last else None,
    )
