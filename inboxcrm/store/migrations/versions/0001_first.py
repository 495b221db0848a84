"""The first schema: all tables and the full-text index of each database, and the local account.

The statements lie frozen in the .sql files beside this one, so that what an old database was made
with never changes when store/tables.py does.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    statements = Path(__file__).with_name(f"0001_first.{connection.dialect.name}.sql")
    for statement in statements.read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)
