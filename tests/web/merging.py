"""What tests of cadence pages stand on: a mailbox that may send, a template, and mails in whatever state is wanted."""

from __future__ import annotations

import re

from sqlalchemy import select, update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.windows import Windows
from inboxcrm.services.cadences import make_merge, start
from inboxcrm.services.templates import save_template
from inboxcrm.store import outbox as outbox_rows
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import lead, mailbox, outbox
from tests.web.house import YOU, House

COMPOSE = "https://www.googleapis.com/auth/gmail.compose"
EVERYBODY = "stage_kind is open"
RULES = CadenceRules(windows=Windows.always("UTC"), gap_seconds=0)


def may_send(house: House) -> None:
    """As a mailbox is whose owner allowed sending, and which was just read."""
    with house.database.write() as tx:
        at = to_ms(house.clock.now())
        tx.execute(update(mailbox).values(scopes=f'["{COMPOSE}"]', synced_at=at, auth="ok"))


def a_template(house: House, name: str = "hello", **more: str) -> None:
    words = {
        "subject": "A word, {{ first_name }}",
        "text": "Good day {{ first_name }},\n\nyours, Alice",
    }
    save_template(house.desk, YOU, name=name, **{**words, **more})


def a_merge(
    house: House, name: str = "Autumn", segment: str = EVERYBODY, template: str = "hello"
) -> str:
    """Its path."""
    made = make_merge(
        house.desk, YOU, name=name, template=template, segment=segment, mailbox="sales", rules=RULES
    )
    return f"/cadences/{house.desk.ids.seal('cadence', made.row.id)}"


def ready(house: House) -> House:
    """The house with a mailbox that may send and a template `hello`."""
    may_send(house)
    a_template(house)
    return house


def a_running_merge(house: House, **how: str) -> str:
    """Its path."""
    path = a_merge(house, **how)
    start(house.desk, YOU, "Autumn")
    return path


def put(house: House, name: str, state: OutboxState, *, line: str = "So it is.") -> str:
    """The mail to the lead of that name is in that state now; its path."""
    with house.database.write() as tx:
        lead_id = tx.execute(select(lead.c.id).where(lead.c.name == name)).scalar_one()
        mail = tx.execute(select(outbox).where(outbox.c.lead_id == lead_id)).one()
        tx.execute(update(outbox).where(outbox.c.id == mail.id).values(state=state.value, ref=""))
        outbox_rows.add_lines(tx, [mail.id], at=to_ms(house.clock.now()), state=state, text=line)
    seal = house.desk.ids.seal
    return f"/cadences/{seal('cadence', mail.cadence_id)}/mails/{seal('outbox', mail.id)}"


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def seen(answer) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(answer)).split())
