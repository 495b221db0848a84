"""Full text over messages and leads: written in batches, read for a viewer.

What is stored are the terms of mail/terms.py, so both databases find the same. SQLite: FTS5 with
the `ascii` tokenizer, which splits ASCII as `terms` does and leaves everything else whole, so that
ASCII text is handed over as it is. PostgreSQL: a tsvector written out here, which costs half of
what its own parser takes, and a GIN index.

A message counts as found when every term of the question is in it. Those that hold all of them in
subject or people come first, then the others, each newest first. The text of `people` must not hold
Bcc or Delivered-To: a message is indexed once for everybody, and those belong to one mailbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import TextClause, bindparam, text

from inboxcrm.access.viewer import Viewer
from inboxcrm.mail.terms import MAX_TERM, Asked, asked, searched
from inboxcrm.store.arrays import array_text
from inboxcrm.store.database import Tx

MessageText = tuple[int, str, str, str]
"""Message id, subject, people (names and addresses), body; all three as `searchable` gives them."""

LeadText = tuple[int, str]
"""Lead id, all its text as `searchable` gives it."""

# PostgreSQL refuses a tsvector of more than 1,048,575 bytes; a term takes its bytes and six more.
_MAX_VECTOR = 1_000_000
_SURELY_FITS = 100_000

_INDEX_SQLITE = (
    "INSERT OR REPLACE INTO message_terms (rowid, subject, people, body) VALUES (?, ?, ?, ?)"
)
_INDEX_LEADS_SQLITE = "INSERT OR REPLACE INTO lead_terms (rowid, text) VALUES (?, ?)"
_INDEX_POSTGRESQL = """
    INSERT INTO {thing}_terms ({thing}_id, terms)
    SELECT id, vector::tsvector FROM unnest(%s::bigint[], %s::text[]) AS made (id, vector)
    ON CONFLICT ({thing}_id) DO UPDATE SET terms = excluded.terms
"""

# The full text goes first, whatever the planner believes: right after an import it knows nothing yet.
_HITS = {
    "sqlite": """
        SELECT {thing}.id FROM {thing}_terms CROSS JOIN {thing} ON {thing}.id = {thing}_terms.rowid
        WHERE {thing}_terms MATCH :question""",
    "postgresql": """
        WITH hit AS MATERIALIZED (
            SELECT {thing}_id AS id FROM {thing}_terms WHERE terms @@ CAST(:question AS tsquery)
        )
        SELECT {thing}.id FROM hit JOIN {thing} ON {thing}.id = hit.id
        WHERE true""",
}


def index_messages(tx: Tx, rows: Sequence[MessageText]) -> None:
    """Makes these messages findable; one that was indexed before is indexed anew."""
    if not rows:
        return
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql(_INDEX_SQLITE, list(rows))
        return
    vectors = {row[0]: _vector({"A": row[1], "B": row[2], "": row[3]}) for row in rows}
    _index_postgresql(tx, "message", vectors)


def index_leads(tx: Tx, rows: Sequence[LeadText]) -> None:
    """Makes these leads findable by all their text: name, addresses, organization, phone."""
    if not rows:
        return
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql(_INDEX_LEADS_SQLITE, list(rows))
        return
    _index_postgresql(tx, "lead", {lead_id: _vector({"": words}) for lead_id, words in rows})


def forget_messages(tx: Tx, message_ids: Iterable[int]) -> None:
    """Takes messages out of the full text.

    Needed on SQLite before a row is deleted: FTS5 knows no foreign keys.
    """
    _forget(tx, "message", message_ids)


def forget_leads(tx: Tx, lead_ids: Iterable[int]) -> None:
    _forget(tx, "lead", lead_ids)


def forget_everything(tx: Tx) -> None:
    for table in ("message_terms", "lead_terms"):
        tx.exec_driver_sql(f"DELETE FROM {table}")


def indexed_messages(tx: Tx) -> Iterator[MessageText]:
    """What is indexed, in words that make the same index elsewhere.

    For moving between databases.
    """
    if tx.dialect.name == "sqlite":
        columns = "rowid, subject, people, body"
    else:
        terms_of = "array_to_string(tsvector_to_array(ts_filter(terms, '{{{weight}}}')), ' ')"
        columns = ", ".join(["message_id", *(terms_of.format(weight=weight) for weight in "abd")])
    yield from _streamed(tx, f"SELECT {columns} FROM message_terms")


def indexed_leads(tx: Tx) -> Iterator[LeadText]:
    if tx.dialect.name == "sqlite":
        columns = "rowid, text"
    else:
        columns = "lead_id, array_to_string(tsvector_to_array(terms), ' ')"
    yield from _streamed(tx, f"SELECT {columns} FROM lead_terms")


def search_messages(tx: Tx, viewer: Viewer, words: str, limit: int) -> list[int]:
    """Ids of messages of which the viewer may read a copy that still exists, best first."""
    wanted = asked(words)
    if not wanted or limit <= 0 or viewer.mailbox_ids == frozenset():
        return []
    statement = _readable_messages(tx.dialect.name, viewer)
    found: dict[int, None] = {}
    for heading_only in (True, False):
        question = _question(tx, wanted, heading_only=heading_only)
        rows = tx.execute(statement, {"question": question, "limit": limit})
        found.update(dict.fromkeys(rows.scalars()))
        if len(found) >= limit:
            break
    return list(found)[:limit]


def search_leads(tx: Tx, viewer: Viewer, words: str, limit: int) -> list[int]:
    """Ids of leads, those we heard from last first.

    Every account works on every lead; nobody else sees any.
    """
    wanted = asked(words)
    if not wanted or limit <= 0 or viewer.account_id <= 0:
        return []
    statement = text(
        _HITS[tx.dialect.name].format(thing="lead")
        + " AND lead.merged_into IS NULL AND NOT lead.is_withdrawn"
        " ORDER BY COALESCE(lead.last_in_at, lead.created_at) DESC, lead.id DESC LIMIT :limit"
    )
    question = _question(tx, wanted, heading_only=False)
    return list(tx.execute(statement, {"question": question, "limit": limit}).scalars())


def merge_index(tx: Tx) -> None:
    """A bounded piece of tidying after new mail:

    SQLite merges no parts by itself here (it would slow each import).
    """
    if tx.dialect.name == "sqlite":
        for table in ("message_terms", "lead_terms"):
            tx.exec_driver_sql(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', 200)")


def _readable_messages(dialect: str, viewer: Viewer) -> TextClause:
    of_mailbox = "" if viewer.mailbox_ids is None else " AND copy.mailbox_id IN :mailbox_ids"
    statement = text(
        _HITS[dialect].format(thing="message")
        + " AND EXISTS (SELECT 1 FROM message_copy AS copy WHERE copy.message_id = message.id"
        f" AND copy.tombstoned_at IS NULL{of_mailbox})"
        " ORDER BY message.sent_at DESC, message.id DESC LIMIT :limit"
    )
    if viewer.mailbox_ids is None:
        return statement
    mailbox_ids = sorted(viewer.mailbox_ids)
    return statement.bindparams(bindparam("mailbox_ids", mailbox_ids, expanding=True))


def _question(tx: Tx, wanted: list[Asked], *, heading_only: bool) -> str:
    """Terms hold nothing but letters, digits and marks: no quoting can be broken out of."""
    if tx.dialect.name == "sqlite":
        every = " AND ".join(f'"{each.term}"{"*" if each.is_prefix else ""}' for each in wanted)
        return f"{{subject people}} : ({every})" if heading_only else every
    weights = "AB" if heading_only else ""
    marks = [f"'{each.term}':{'*' if each.is_prefix else ''}{weights}" for each in wanted]
    return " & ".join(mark.rstrip(":") for mark in marks)


def _vector(weighed: dict[str, str]) -> str:
    """A tsvector written out.

    Every term once, with a place, because PostgreSQL heeds no weight without one.
    """
    marks: dict[str, str] = {}
    for weight, words in weighed.items():
        mark = f":1{weight}"
        for term in dict.fromkeys(searched(words)):
            marks.setdefault(term[:MAX_TERM], mark)
    if sum(map(len, weighed.values())) > _SURELY_FITS:
        _cut(marks)
    return " ".join(map("".join, marks.items()))


def _cut(marks: dict[str, str]) -> None:
    left = _MAX_VECTOR
    for term in list(marks):
        left -= len(term.encode()) + 6
        if left < 0:
            del marks[term]


def _index_postgresql(tx: Tx, thing: str, vectors: dict[int, str]) -> None:
    statement = _INDEX_POSTGRESQL.format(thing=thing)
    tx.exec_driver_sql(statement, (array_text(list(vectors)), array_text(list(vectors.values()))))


def _forget(tx: Tx, thing: str, ids: Iterable[int]) -> None:
    key = "rowid" if tx.dialect.name == "sqlite" else f"{thing}_id"
    statement = text(f"DELETE FROM {thing}_terms WHERE {key} = :id")
    rows = [{"id": each} for each in ids]
    if rows:
        tx.execute(statement, rows)


def _streamed(tx: Tx, statement: str) -> Iterable[Any]:
    return map(tuple, tx.execute(text(statement).execution_options(yield_per=500)))
