"""Which columns of a lead leave the program, and whereto."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import InboxcrmError, UsageError
from inboxcrm.files.lead_export import write_csv, write_json
from inboxcrm.services.people import note_export
from inboxcrm.store.desk import Desk
from inboxcrm.views.as_json import as_json
from inboxcrm.views.leads import MOST_ROWS, LeadRow, lead_list

COLUMNS = (
    "id", "name", "address", "organization", "stage", "stage_label", "days_in_stage", "owes", "owner",
    "value", "currency", "next_due_on", "last_in_at", "last_out_at", "created_at",
)  # fmt: skip


def export_leads(desk: Desk, viewer: Viewer, *, form: str, output: Path | None) -> int:
    write = write_csv if form == "csv" else write_json
    with whole_file(output) as target:
        count = write(_rows(desk, viewer), COLUMNS, target)
    note_export(desk, viewer, "one lead" if count == 1 else f"{count} leads")
    return count


def _rows(desk: Desk, viewer: Viewer) -> Iterator[dict[str, Any]]:
    before: str | None = None
    while True:
        page = lead_list(desk, viewer, before=before, limit=MOST_ROWS)
        yield from map(_row, page.rows)
        before = page.next
        if before is None:
            return


def _row(row: LeadRow) -> dict[str, Any]:
    return {
        **{name: as_json(getattr(row, name, None)) for name in COLUMNS if _is_plain(row, name)},
        "stage": row.stage.key,
        "stage_label": row.stage.label,
        "days_in_stage": row.stage.days,
        "owes": row.owes.who,
        "value": row.value.amount if row.value else None,
        "currency": row.value.currency if row.value else None,
    }


def _is_plain(row: LeadRow, name: str) -> bool:
    return getattr(row, name, None) is not None and name not in ("stage", "owes", "value")


@contextmanager
def whole_file(output: Path | None) -> Iterator[TextIO]:
    """A file gets its name when it is whole: a killed export leaves the old one."""
    if output is None:
        yield sys.stdout
        return
    try:
        number, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}-")
    except OSError as error:
        raise UsageError(
            f"Cannot write to {output}: {error.strerror}.", remedy="Name another file."
        ) from None
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as target:
            yield target
        Path(name).replace(output)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise InboxcrmError(
            f"{output} could not be written: {error.strerror}.",
            remedy="Nothing was left there. Free some space or name another file, then export again.",
        ) from error
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
