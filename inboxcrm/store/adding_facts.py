"""What the rules on adding ask about leads, a page of them at once: the last touch, who talks to them, what was said.

Mail counts as the links of a lead have it: what a person wrote and nobody took off the lead. A copy in the bin counts.
Who stands on a mail as Bcc only is not told by it: such mail is a touch, and no talk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import (
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from inboxcrm.cadence.outbox import MAY_HAVE_GONE
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import (
    account,
    activity,
    adding_question,
    cadence,
    enrollment,
    lead,
    lead_link,
    mailbox,
    message_copy,
    outbox,
    participant,
)

_GONE = tuple(one.value for one in MAY_HAVE_GONE)
_TALKS = ("call", "meeting")
_MAIL = and_(lead_link.c.is_human.is_(True), lead_link.c.is_unlinked.is_(False))


class Own(NamedTuple):
    """Who sends, and is no colleague: a mailbox and an account. `is_house`: the mailbox belongs to nobody."""

    mailbox_id: int
    account_id: int
    is_house: bool


class TalkRow(NamedTuple):
    """The last talk of one lead (or of one organization) with one colleague. `mailbox_id` is None for what was logged;
    `account_id` is None where a mailbox belongs to nobody. `visibility` is the mailbox's, "shared" for what was logged.
    """

    whose: int
    at: int
    account_id: int | None
    mailbox_id: int | None
    name: str
    visibility: str


class StandingRow(NamedTuple):
    """How a lead stands to a cadence. `answer` is None where no colleague was asked, empty where none has answered yet;
    `is_inside`: it is or was in it.
    """

    organization_id: int | None
    owner_id: int | None
    answer: str | None
    is_inside: bool


class RulesRow(NamedTuple):
    """A cadence's rules as they are kept, its mailbox, and whose that is."""

    rules: str
    mailbox_id: int
    owner_id: int | None


_TOUCHED: Select[Any] = select(lead_link.c.lead_id, func.max(lead_link.c.at)).where(
    within(lead_link.c.lead_id, "leads"), _MAIL
)
_LEFT: Select[Any] = select(outbox.c.lead_id, func.max(outbox.c.handed_over_at)).where(
    within(outbox.c.lead_id, "leads"),
    outbox.c.state.in_(_GONE),
    outbox.c.handed_over_at.is_not(None),
)
_LOGGED: Select[Any] = select(activity.c.lead_id, func.max(activity.c.at)).where(
    within(activity.c.lead_id, "leads"),
    activity.c.kind.in_(_TALKS),
    activity.c.undone_at.is_(None),
)
_EVERY_TOUCH = union_all(
    _TOUCHED.group_by(lead_link.c.lead_id),
    _LEFT.group_by(outbox.c.lead_id),
    _LOGGED.group_by(activity.c.lead_id),
)


def _mail_of_others(whose: Any) -> Select[Any]:
    """For each of `whose` and each mailbox. Own are the mailbox of the cadence, and all of its owner's."""
    own_copy, own_box = message_copy.alias("own_copy"), mailbox.alias("own_box")
    is_own = or_(
        mailbox.c.id == bindparam("own_mailbox"), mailbox.c.owner_id == bindparam("own_account")
    )
    known_to_us = exists().where(
        own_copy.c.message_id == lead_link.c.message_id,
        own_box.c.id == own_copy.c.mailbox_id,
        or_(
            own_box.c.id == bindparam("own_mailbox"), own_box.c.owner_id == bindparam("own_account")
        ),
    )
    stands_openly = exists().where(
        participant.c.message_id == lead_link.c.message_id,
        participant.c.address_id == lead_link.c.address_id,
    )
    return (
        select(
            whose,
            func.max(lead_link.c.at),
            mailbox.c.owner_id,
            mailbox.c.id,
            func.coalesce(account.c.name, mailbox.c.name),
            mailbox.c.visibility,
        )
        .select_from(lead_link)
        .join(message_copy, message_copy.c.message_id == lead_link.c.message_id)
        .join(mailbox, mailbox.c.id == message_copy.c.mailbox_id)
        .outerjoin(account, account.c.id == mailbox.c.owner_id)
        .where(
            _MAIL,
            lead_link.c.at > bindparam("since"),
            # Where neither belongs to anybody, both are the house's own: nobody is a colleague.
            or_(mailbox.c.owner_id.is_not(None), bindparam("is_house", type_=Integer) == 0),
            ~func.coalesce(is_own, False),
            ~known_to_us,
            stands_openly,
        )
        .group_by(whose, mailbox.c.owner_id, mailbox.c.id, account.c.name, mailbox.c.name)
    )


def _logged_by_others(whose: Any) -> Select[Any]:
    return (
        select(
            whose,
            func.max(activity.c.at),
            account.c.id,
            null().cast(Integer),
            account.c.name,
            literal_column("'shared'"),
        )
        .select_from(activity)
        .join(account, account.c.id == activity.c.account_id)
        .where(
            activity.c.kind.in_(_TALKS),
            activity.c.undone_at.is_(None),
            activity.c.at > bindparam("since"),
            account.c.id != bindparam("own_account"),
        )
        .group_by(whose, account.c.id, account.c.name)
    )


_TALKS_WITH_LEADS = union_all(
    _mail_of_others(lead_link.c.lead_id).where(within(lead_link.c.lead_id, "leads")),
    _logged_by_others(activity.c.lead_id).where(within(activity.c.lead_id, "leads")),
)
_MATES = select(lead.c.id, lead.c.organization_id).where(within(lead.c.organization_id, "some"))
_STANDING: Select[Any] = (
    select(
        lead.c.id,
        lead.c.organization_id,
        lead.c.owner_id,
        adding_question.c.answer,
        exists().where(
            enrollment.c.lead_id == lead.c.id, enrollment.c.cadence_id == bindparam("cadence_id")
        ),
    )
    .outerjoin(
        adding_question,
        and_(
            adding_question.c.lead_id == lead.c.id,
            adding_question.c.cadence_id == bindparam("cadence_id"),
        ),
    )
    .where(within(lead.c.id, "leads"))
)
_RULES = (
    select(cadence.c.rules, mailbox.c.id, mailbox.c.owner_id)
    .join(mailbox, mailbox.c.id == cadence.c.mailbox_id)
    .where(cadence.c.id == bindparam("cadence_id"))
)


def rules_of(tx: Tx, cadence_id: int) -> RulesRow | None:
    row = tx.execute(_RULES, {"cadence_id": cadence_id}).first()
    return RulesRow._make(row) if row else None


def touched_at(tx: Tx, lead_ids: Collection[int]) -> dict[int, int]:
    """Lead -> when it was last touched, in ms; those that never were are left out."""
    found: dict[int, int] = {}
    for lead_id, at in tx.execute(_EVERY_TOUCH, {"leads": list(lead_ids)}):
        found[lead_id] = max(at, found.get(lead_id, at))
    return found


def names_of(tx: Tx, lead_ids: Collection[int]) -> dict[int, str]:
    rows = tx.execute(
        select(lead.c.id, lead.c.name).where(within(lead.c.id, "leads")), {"leads": list(lead_ids)}
    )
    return {row[0]: row[1] for row in rows}


def standing_of(tx: Tx, cadence_id: int, lead_ids: Collection[int]) -> dict[int, StandingRow]:
    rows = tx.execute(_STANDING, {"cadence_id": cadence_id, "leads": list(lead_ids)})
    return {row[0]: StandingRow(row[1], row[2], row[3], bool(row[4])) for row in rows}


def talks_with_leads(
    tx: Tx, lead_ids: Collection[int], own: Own, *, since: int
) -> dict[int, list[TalkRow]]:
    """Lead -> the last talk of each colleague with it after `since` (ms)."""
    asked = {
        "leads": list(lead_ids),
        "since": since,
        "own_mailbox": own.mailbox_id,
        "own_account": own.account_id,
        "is_house": int(own.is_house),
    }
    return _by_whose(TalkRow._make(row) for row in tx.execute(_TALKS_WITH_LEADS, asked))


def leads_of_organizations(tx: Tx, organization_ids: Collection[int]) -> dict[int, int]:
    """Lead -> which of these organizations it belongs to."""
    if not organization_ids:
        return {}
    rows = tx.execute(_MATES, {"some": list(organization_ids)})
    return {row[0]: row[1] for row in rows}


def _by_whose(rows: Iterable[TalkRow]) -> dict[int, list[TalkRow]]:
    found: dict[int, list[TalkRow]] = defaultdict(list)
    for one in rows:
        found[one.whose].append(one)
    return dict(found)
