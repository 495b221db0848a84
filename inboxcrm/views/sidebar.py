"""Who is this, and where do we stand: the panel beside an open mail, for HTML, JSON, extension and
cards alike.

Which lead is meant, the best match first:
1. a lead somebody tied to the open thread by hand
2. the sender, if an open lead
3. any other outside person of the mail who is an open lead; the one the thread is linked to last
   comes first
4. a closed lead, the sender before the others
5. none: the sender is offered as a candidate, with leads of the same name or organization to choose
   from

Without people in the context they are taken from the thread. With several people all are choices;
`person` narrows the panel to one of them. A lead takes 7 queries, somebody unknown 5, whatever the
size of the database.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.capture import Outcome
from inboxcrm.leads.own import OwnSet, own_set
from inboxcrm.mail.addresses import domain_of, match_key, name_key, org_domain
from inboxcrm.store import lead_panel
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_panel import Person, Place
from inboxcrm.views.capture_words import candidate_reason
from inboxcrm.views.cards import read_card
from inboxcrm.views.shapes import (
    Candidate,
    Choice,
    Context,
    LeadCard,
    Match,
    SidebarState,
    SidebarView,
    ThreadLink,
)

LEAD_ACTIONS = ("move_stage", "add_note", "add_task", "edit", "delete")
UNKNOWN_ACTIONS = ("add_lead", "add_to_existing", "ignore_address", "ignore_domain")
_MOST_PEOPLE = 25
_LONGEST_NAME = 200
_WHY = {"name": "same name", "organization": "same organization"}


@dataclass(frozen=True, slots=True)
class _Shown:
    """Somebody on the open mail, known to us or not; the sender comes first."""

    key: str
    address: str
    name: str
    known: Person | None


def sidebar(desk: Desk, viewer: Viewer, context: Context, *, person: str = "") -> SidebarView:
    """The panel for what lies open. `person` is the address of one of several people, chosen by
    the viewer.
    """
    with desk.database.read() as tx:
        place = _place(tx, desk, viewer, context)
        people = _people(tx, viewer, context, place)
        chosen_key = match_key(person) if person else ""
        chosen = [one for one in people if one.key == chosen_key] or people
        lead_id = _best(desk, chosen, place if not chosen_key else None)
        card = read_card(tx, desk, viewer, lead_id) if lead_id is not None else None
        choices = _choices(desk, people) if len(people) > 1 else ()
        if card is not None and lead_id is not None:
            thread = _thread(desk, place, lead_id)
            return SidebarView(
                SidebarState.LEAD,
                lead=card,
                choices=choices,
                thread=thread,
                actions=_lead_actions(card, place, thread),
            )
        strangers = _outside(tx, desk, chosen)
        if not strangers:
            return SidebarView(SidebarState.IDLE, thread=_thread(desk, place, None))
        several = len(people) > 1 and not chosen_key
        return SidebarView(
            SidebarState.CHOICE if several and len(strangers) > 1 else SidebarState.UNKNOWN,
            choices=choices,
            candidate=_candidate(tx, desk, strangers[0]),
            thread=_thread(desk, place, None),
            actions=UNKNOWN_ACTIONS,
        )


# --- what lies open ----------------------------------------------------------


def _place(tx: Tx, desk: Desk, viewer: Viewer, context: Context) -> Place | None:
    """The stored thread: by our id, else by the provider's ref; by the message where no thread is
    named.
    """
    box = (context.mailbox_address or "").strip()
    for kind, told in (("thread", context.thread), ("message", context.message)):
        if not told:
            continue
        number = desk.ids.open(kind, told)
        if number is not None:
            return lead_panel.place_of(tx, viewer, by=f"{kind}_id", it=number)
        return lead_panel.place_of(tx, viewer, by=f"{kind}_ref", it=told, mailbox_address=box)
    return None


def _people(tx: Tx, viewer: Viewer, context: Context, place: Place | None) -> list[_Shown]:
    if not context.people:
        found = lead_panel.people_of_thread(tx, viewer, place.thread_id) if place else []
        return [_Shown(one.key, one.shown, one.name, one) for one in found]
    own = match_key(context.mailbox_address) if context.mailbox_address else ""
    told: dict[str, tuple[str, str]] = {}
    sender_first = sorted(context.people[:_MOST_PEOPLE], key=lambda one: one.role != "from")
    for one in sender_first:
        key = match_key(one.address)
        if key and key != own:
            told.setdefault(key, (one.address.strip(), one.name.strip()[:_LONGEST_NAME]))
    if not told:
        return []
    known = {one.key: one for one in lead_panel.people_by_key(tx, list(told))}
    shown: list[_Shown] = []
    for key, (address, name) in told.items():
        held = known.get(key)
        shown.append(_Shown(key, address, (held.name if held else "") or name, held))
    return shown


# --- which lead --------------------------------------------------------------


def _best(desk: Desk, people: Sequence[_Shown], place: Place | None) -> int | None:
    linked = place.linked if place else ()
    for one in linked:
        if one.by_person:
            return one.lead_id
    order = {one.lead_id: number for number, one in enumerate(linked)}
    ranked: list[tuple[tuple[bool, bool, int, int], int]] = []
    for number, shown in enumerate(people):
        held = shown.known
        if held is None or held.lead_id is None:
            continue
        is_open = desk.pipelines.is_open(held.pipeline or "", held.stage or "")
        # The sender before others; of the others the one whose mail lies here and is newest.
        rank = (not is_open, number > 0, order.get(held.lead_id, len(order)), number)
        ranked.append((rank, held.lead_id))
    return min(ranked)[1] if ranked else None


def _choices(desk: Desk, people: Sequence[_Shown]) -> tuple[Choice, ...]:
    """Everybody in the mail; those who are leads first."""
    leads = [one for one in people if one.known and one.known.lead_id is not None]
    rest = [one for one in people if one not in leads]
    return tuple(_choice(desk, one) for one in [*leads, *rest])


def _choice(desk: Desk, one: _Shown) -> Choice:
    held = one.known
    if held is None or held.lead_id is None:
        return Choice(one.address, one.name)
    label = desk.pipelines.place(held.pipeline or "", held.stage or "").stage.label
    return Choice(
        one.address, one.name or held.lead_name or "", desk.ids.seal("lead", held.lead_id), label
    )


def _thread(desk: Desk, place: Place | None, lead_id: int | None) -> ThreadLink | None:
    if place is None:
        return None
    for one in place.linked:
        if one.lead_id == lead_id:
            return ThreadLink(desk.ids.seal("lead", one.lead_id), from_ms(one.linked_at))
    return ThreadLink()


def _lead_actions(
    card: LeadCard, place: Place | None, thread: ThreadLink | None
) -> tuple[str, ...]:
    actions = list(LEAD_ACTIONS)
    if card.cadence is None or card.cadence.is_over:
        actions.append("add_to_cadence")
    elif card.cadence.may_stop:
        rests = card.cadence.state == "parked"
        actions += ["stop_cadence", "resume_cadence" if rests else "pause_cadence"]
    if card.owes.who == "us":
        actions.append("dismiss_wait")
    if place is not None:
        linked = thread is not None and thread.lead_id is not None
        actions.append("unlink_thread" if linked else "link_thread")
    return tuple(actions)


# --- nobody we know ----------------------------------------------------------


def _outside(tx: Tx, desk: Desk, people: Sequence[_Shown]) -> list[_Shown]:
    """Those who are not of our own: capture has seen them, or our own set does not hold them."""
    unsure = [one for one in people if one.known is None or one.known.outcome is None]
    if not unsure:
        return list(people)
    own = _own(tx, desk)
    return [one for one in people if one not in unsure or not own.holds(one.key)]


def _own(tx: Tx, desk: Desk) -> OwnSet:
    boxes = lead_panel.mailbox_addresses(tx)
    return own_set(
        mailboxes=[address for address, _ in boxes],
        aliases=[alias for _, aliases in boxes for alias in json.loads(aliases)],
        domains=desk.capture.own_domains,
    )


def _candidate(tx: Tx, desk: Desk, one: _Shown) -> Candidate:
    held = one.known
    company = org_domain(domain_of(one.key))
    found = lead_panel.matches(
        tx, key=one.key, name_key=name_key(one.name) if one.name else "", org_domain=company
    )
    outcome = held.outcome if held else None
    if outcome == Outcome.LEAD:
        # A verdict whose lead was merged or removed since.
        reason = "No lead stands for this address any more."
    else:
        reason = candidate_reason(
            outcome, held.rule if held else None, held.detail if held else None
        )
    return Candidate(
        one.address,
        one.name,
        reason,
        tuple(
            Match(desk.ids.seal("lead", match.lead_id), match.name, _WHY[match.why])
            for match in found
        ),
        company or None,
    )
