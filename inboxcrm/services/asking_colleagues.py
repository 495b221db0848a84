"""Asks colleagues whether people they are talking to may be added to a cadence: a task for each, and a question."""

from __future__ import annotations

from collections.abc import Sequence

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.adding import talk_in_words
from inboxcrm.services.adding_rules import Adding
from inboxcrm.services.cadence_events import note_for_all
from inboxcrm.services.lead_changes import now_ms
from inboxcrm.store import adding_questions as questions
from inboxcrm.store import tasks
from inboxcrm.store.accounts import account_by_id
from inboxcrm.store.cadences import CadenceRow
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

_LONGEST_TITLE = 300


def ask_colleagues(
    tx: Tx, desk: Desk, viewer: Viewer, found: CadenceRow, adding: Adding, lead_ids: Sequence[int]
) -> int:
    """A task for each colleague, in the order given; who was asked already is not asked again. How many were asked."""
    asked = 0
    at = now_ms(desk)
    me = account_by_id(tx, viewer.account_id)
    today = desk.today().isoformat()
    facts = adding.facts(tx, lead_ids)
    for lead_id in lead_ids:
        talk = facts[lead_id].talk
        if talk is None or talk.asks is None or questions.question_about(tx, found.id, lead_id):
            continue
        text = (
            f'{me.name if me else "Somebody"} asks: may the cadence "{found.name}" write to them?'
        )
        task_id = tasks.insert_task(
            tx, lead_id, title=text[:_LONGEST_TITLE], due_on=today, account_id=talk.asks, at=at
        )
        questions.put_question(
            tx,
            cadence_id=found.id,
            lead_id=lead_id,
            asked_of=talk.asks,
            account_id=viewer.account_id,
            task_id=task_id,
            text=talk_in_words(talk, adding.now),
            asked_at=at,
        )
        words = f"{found.name} waits: a colleague is asked whether it may write to them"
        note_for_all(
            tx, found.id, [lead_id], words, event="asked", at=at, account_id=viewer.account_id
        )
        asked += 1
    return asked
