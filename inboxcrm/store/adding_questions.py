"""Questions to colleagues whether somebody may be added to a cadence: one for each lead and cadence, answered once."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import account, adding_question, cadence, lead
from inboxcrm.store.upserts import insert_or_ignore


class QuestionRow(NamedTuple):
    """`asked_of` is an account; `account_id` asks. `answer` is empty while it waits."""

    id: int
    cadence_id: int
    cadence: str
    mailbox_id: int
    lead_id: int
    lead: str
    asked_of: int
    account_id: int | None
    asker: str | None
    task_id: int
    text: str
    answer: str
    asked_at: int


_ALL: Select[Any] = (
    select(
        adding_question.c.id,
        adding_question.c.cadence_id,
        cadence.c.name,
        cadence.c.mailbox_id,
        adding_question.c.lead_id,
        lead.c.name,
        adding_question.c.asked_of,
        adding_question.c.account_id,
        account.c.name,
        adding_question.c.task_id,
        adding_question.c.text,
        adding_question.c.answer,
        adding_question.c.asked_at,
    )
    .join(cadence, cadence.c.id == adding_question.c.cadence_id)
    .join(lead, lead.c.id == adding_question.c.lead_id)
    .outerjoin(account, account.c.id == adding_question.c.account_id)
    .order_by(adding_question.c.id)
)
_WAITING = _ALL.where(adding_question.c.answer == "")


def put_question(tx: Tx, **values: Any) -> None:
    """One that stands already is left as it is."""
    insert_or_ignore(tx, adding_question, [values])


def question_about(tx: Tx, cadence_id: int, lead_id: int) -> QuestionRow | None:
    row = tx.execute(
        _ALL.where(
            adding_question.c.cadence_id == bindparam("cadence_id"),
            adding_question.c.lead_id == bindparam("lead_id"),
        ),
        {"cadence_id": cadence_id, "lead_id": lead_id},
    ).first()
    return QuestionRow._make(row) if row else None


def question_by_id(tx: Tx, question_id: int) -> QuestionRow | None:
    row = tx.execute(
        _ALL.where(adding_question.c.id == bindparam("id")), {"id": question_id}
    ).first()
    return QuestionRow._make(row) if row else None


def waiting_questions(tx: Tx, *, cadence_id: int | None = None) -> list[QuestionRow]:
    """Oldest first; of one cadence, or of all."""
    if cadence_id is None:
        rows = tx.execute(_WAITING)
    else:
        asked = _WAITING.where(adding_question.c.cadence_id == bindparam("cadence_id"))
        rows = tx.execute(asked, {"cadence_id": cadence_id})
    return [QuestionRow._make(row) for row in rows]


def set_answer(tx: Tx, question_id: int, answer: str, *, account_id: int, at: int) -> bool:
    """False where it was answered before."""
    done = tx.execute(
        update(adding_question)
        .where(adding_question.c.id == question_id, adding_question.c.answer == "")
        .values(answer=answer, answered_by=account_id, answered_at=at)
    )
    return done.rowcount == 1
