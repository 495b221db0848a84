"""Runs the migrations on the connection it is handed, in the transaction begun by store/migrate.py.

Alembic runs this file; nothing imports it. It sets up no logging and opens no database.
"""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # One transaction around all: SQLite can do it, Alembic only does not believe it.
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
