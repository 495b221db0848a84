"""Since when leads waited for our answer at a past instant, by the mail up to then."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, BigInteger, Select, bindparam, func, or_, select

from inboxcrm.store.tables import conversation, lead_link, message


def waits_since(at: str, whose: Select[Any] | None = None) -> CTE:
    """(lead_id, since_at) of those who waited: the last human mail of a conversation was theirs, and nobody has said
    since that it needs no answer. `at` names the parameter of the instant, in ms; `whose` leaves out other leads.
    """
    place = func.row_number().over(
        partition_by=(lead_link.c.lead_id, message.c.conversation_id),
        order_by=(lead_link.c.at.desc(), lead_link.c.message_id.desc()),
    )
    wanted = [
        lead_link.c.at <= bindparam(at, type_=BigInteger()),
        lead_link.c.is_human.is_(True),
        lead_link.c.is_unlinked.is_(False),
    ]
    if whose is not None:
        wanted.insert(0, lead_link.c.lead_id.in_(whose))
    mail = (
        select(
            lead_link.c.lead_id,
            lead_link.c.message_id,
            lead_link.c.at,
            lead_link.c.direction,
            message.c.conversation_id,
            place.label("place"),
        )
        .join(message, message.c.id == lead_link.c.message_id)
        .where(*wanted)
        .cte("mail")
    )
    dismissed = conversation.c.dismissed_message_id
    return (
        select(mail.c.lead_id, func.min(mail.c.at).label("since_at"))
        .join(conversation, conversation.c.id == mail.c.conversation_id)
        .where(
            mail.c.place == 1,
            mail.c.direction == "in",
            or_(dismissed.is_(None), dismissed != mail.c.message_id),
        )
        .group_by(mail.c.lead_id)
        .cte("waits")
    )
