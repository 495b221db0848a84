"""Who works in the demo's office: the visitor comes in as the rep and may look at it as the others do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inboxcrm.access.viewer import AccountRole
from inboxcrm.bootstrap.desk import LOCAL_ACCOUNT
from inboxcrm.services.people import play_account
from inboxcrm.web.room import DemoPerson

if TYPE_CHECKING:
    from inboxcrm.store.desk import Desk

COLLEAGUES = (
    ("manager", "Mira Holm", AccountRole.MANAGER),
    ("admin", "Jonas Ek", AccountRole.ADMIN),
)


def demo_people(desk: Desk, name: str) -> tuple[DemoPerson, ...]:
    """The owner of the mailbox, as their own mail calls them, as a rep; and two colleagues."""
    now = desk.clock.now()
    rep = play_account(desk, name=name, role=AccountRole.REP, now=now, account_id=LOCAL_ACCOUNT)
    found = [DemoPerson("rep", f"{name}, rep", rep)]
    for key, colleague, role in COLLEAGUES:
        made = play_account(desk, name=colleague, role=role, now=now)
        found.append(DemoPerson(key, f"{colleague}, {role}", made))
    return tuple(found)


def manager_of(people: tuple[DemoPerson, ...]) -> int:
    """The account of the one who leads the team."""
    return next(one.account_id for one in people if one.key == "manager")
