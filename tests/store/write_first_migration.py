"""Writes the statements of the first migration from store/tables.py anew. Only until the first release.

    python tests/store/write_first_migration.py

Afterwards tables change by a new file in store/migrations/versions, and this one is removed.
"""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from inboxcrm.store.migrate import MIGRATIONS
from inboxcrm.store.tables import metadata

LOCAL_ACCOUNT = "INSERT INTO account (name, role, created_at) VALUES ('You', 'admin', 0)"

FULL_TEXT = {
    "sqlite": [
        *(
            f"CREATE VIRTUAL TABLE {table} USING fts5(\n"
            f"\t{columns}, tokenize = 'ascii', detail = 'column'\n)"
            for table, columns in (
                ("message_terms", "subject, people, body"),
                ("lead_terms", "text"),
            )
        ),
        *(
            f"INSERT INTO {table} ({table}, rank) VALUES ('{option}', {value})"
            for table in ("message_terms", "lead_terms")
            for option, value in (("automerge", 0), ("crisismerge", 500))
        ),
    ],
    "postgresql": [
        f"CREATE TABLE {thing}_terms (\n"
        f"\t{thing}_id BIGINT CONSTRAINT pk_{thing}_terms PRIMARY KEY\n"
        f"\t\tCONSTRAINT fk_{thing}_terms_{thing}_id REFERENCES {thing} (id) ON DELETE CASCADE,\n"
        "\tterms TSVECTOR NOT NULL\n)"
        for thing in ("message", "lead")
    ]
    + [
        # Compressing takes longer than it saves: a tsvector hardly shrinks.
        f"ALTER TABLE {thing}_terms ALTER COLUMN terms SET STORAGE EXTERNAL"
        for thing in ("message", "lead")
    ]
    + [
        f"CREATE INDEX ix_{thing}_terms_terms ON {thing}_terms USING gin (terms)"
        " WITH (gin_pending_list_limit = 1024)"
        for thing in ("message", "lead")
    ],
}
DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


def statements(dialect_name: str) -> list[str]:
    dialect = DIALECTS[dialect_name]
    made = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made.extend(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes)
    tidy = ["\n".join(line.rstrip() for line in text.strip().splitlines()) for text in made]
    return [*tidy, *FULL_TEXT[dialect_name], LOCAL_ACCOUNT]


def write() -> None:
    for name in DIALECTS:
        text = "".join(f"{statement};\n\n" for statement in statements(name))
        path = MIGRATIONS / "versions" / f"0001_first.{name}.sql"
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
