"""Links for people, from the command line."""

from __future__ import annotations

import re


def test_a_link_for_somebody_is_printed_and_nothing_else(terminal):
    done = terminal.type("invite", "bea@ourfirm.example", "--role", "manager")
    assert done.code == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:8025/welcome\?token=[\w-]{20,}\n", done.out)


def test_what_is_no_address_is_refused(terminal):
    done = terminal.type("invite", "bea")
    assert done.code == 2
    assert "no mail address" in done.err


def test_exports_and_deletions_are_written_down(terminal):
    from sqlalchemy import select

    from inboxcrm.store.database import Database
    from inboxcrm.store.tables import audit

    terminal.type("leads", "add", "bob@bakery.example", "--name", "Bob")
    terminal.type("leads", "export", "--output", "leads.csv")
    terminal.type("leads", "delete", "bob@bakery.example")
    with (
        Database.open(f"sqlite:///{terminal.folder / 'inboxcrm.db'}") as database,
        database.read() as tx,
    ):
        found = tx.execute(select(audit.c.kind, audit.c.about).order_by(audit.c.id)).all()
    assert [tuple(row) for row in found] == [("export", "one lead"), ("delete", "the lead Bob")]
