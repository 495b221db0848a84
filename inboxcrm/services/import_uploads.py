"""A table that somebody uploaded, kept between looking at it and importing it: a day, and for nobody else to see."""

from __future__ import annotations

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.files.table_reading import Table, table_from_bytes
from inboxcrm.leads.import_cells import line_of
from inboxcrm.services.import_shapes import ImportLine, ImportOrder
from inboxcrm.services.lead_changes import now_ms, refuse_strangers
from inboxcrm.services.lead_import import run_import
from inboxcrm.store import imports
from inboxcrm.store.desk import Desk

MOST_BYTES = 2_000_000
"""A page waits for its import, and nobody else writes meanwhile; the command line takes what is larger."""

_KEPT_MS = 24 * 60 * 60 * 1000
_SEALED = "import_file"


def keep_upload(desk: Desk, viewer: Viewer, name: str, content: bytes) -> str:
    """Its opaque id. Raises UsageError for what is too large or cannot be read as a table."""
    refuse_strangers(viewer)
    called = line_of(name, longest=10_000)[:200] or "table"
    if len(content) > MOST_BYTES:
        raise UsageError(
            f"{called} has more than {MOST_BYTES // 1_000_000} MB.",
            remedy="Import it on the command line: inboxcrm import table FILE.",
        )
    table_from_bytes(called, content)
    with desk.database.write() as tx:
        at = now_ms(desk)
        imports.drop_files(tx, before=at - _KEPT_MS)
        kept = imports.keep_file(
            tx, account_id=viewer.account_id, name=called, content=content, at=at
        )
    return desk.ids.seal(_SEALED, kept)


def uploaded_table(desk: Desk, viewer: Viewer, file_id: str) -> Table:
    """Raises NotFoundError where it was imported already, is somebody else's or was never there."""
    return table_from_bytes(*_kept(desk, viewer, file_id)[1:])


def import_upload(desk: Desk, viewer: Viewer, file_id: str, order: ImportOrder) -> ImportLine:
    """Imports it, and keeps it no longer."""
    refuse_strangers(viewer)
    number, name, content = _kept(desk, viewer, file_id)
    done = run_import(desk, viewer, table_from_bytes(name, content), order)
    with desk.database.write() as tx:
        imports.drop_files(tx, before=0, file_id=number)
    return done


def _kept(desk: Desk, viewer: Viewer, file_id: str) -> tuple[int, str, bytes]:
    number = desk.ids.open(_SEALED, file_id)
    with desk.database.read() as tx:
        kept = imports.kept_file(tx, number or 0, account_id=viewer.account_id)
    if kept is None or number is None:
        raise NotFoundError(
            "This table is not there any more: it was imported, or it is more than a day old.",
            remedy="Look under the imports below, or choose the file again.",
        )
    return number, *kept
