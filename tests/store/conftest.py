"""Mail as rows, for tests that need some and do not care how it came in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import insert

from inboxcrm.mail.terms import searchable
from inboxcrm.store.database import Database, Tx
from inboxcrm.store.search import index_leads, index_messages
from inboxcrm.store.tables import (
    conversation,
    lead,
    mailbox,
    message,
    message_body,
    message_copy,
)


@dataclass(slots=True)
class Filed:
    """Files mail and leads; later ones are newer."""

    database: Database
    count: int = 0

    def mailbox(self, tx: Tx, name: str) -> int:
        made = tx.execute(
            insert(mailbox).values(name=name, provider="mbox").returning(mailbox.c.id)
        )
        return made.scalar_one()

    def message(self, mailbox_ids, *, subject="", people="", body="", tombstoned=False) -> int:
        self.count += 1
        with self.database.write() as tx:
            of = tx.execute(
                insert(conversation).values(last_human_at=0).returning(conversation.c.id)
            )
            row = {
                "key": f"key-{self.count}",
                "conversation_id": of.scalar_one(),
                "sent_at": self.count * 1000,
                "subject": subject,
            }
            made = tx.execute(insert(message).values(**row).returning(message.c.id)).scalar_one()
            tx.execute(insert(message_body).values(message_id=made, text=body))
            for mailbox_id in mailbox_ids:
                tx.execute(
                    insert(message_copy).values(
                        mailbox_id=mailbox_id,
                        ref=f"ref-{self.count}",
                        message_id=made,
                        tombstoned_at=5 if tombstoned else None,
                    )
                )
            index_messages(tx, [(made, *map(searchable, (subject, people, body)))])
        return made

    def lead(self, text: str, **fields) -> int:
        self.count += 1
        row = {
            "name": text,
            "pipeline": "sales",
            "stage": "new",
            "stage_since_at": 0,
            "created_at": self.count * 1000,
            **fields,
        }
        with self.database.write() as tx:
            made = tx.execute(insert(lead).values(**row).returning(lead.c.id)).scalar_one()
            index_leads(tx, [(made, searchable(text))])
        return made


@pytest.fixture
def filed(database: Database) -> Filed:
    return Filed(database)
