"""A lead's own page: who it is, where we stand, what comes next, and everything that was.

A fixed number of reads, whatever has happened to the lead: the card, its addresses, tasks, tags, people it may belong
to, the pinned entry, and one page of the past from the index of each kind.
"""

from __future__ import annotations

import json
import re
from datetime import date
from zoneinfo import ZoneInfo

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.consent import consent_in_words
from inboxcrm.store import leads as lead_rows
from inboxcrm.store.accounts import all_accounts
from inboxcrm.store.activities import pinned_activity
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_card import one_mail
from inboxcrm.store.lead_consents import consent_of
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.stop_causes import told_of_deeds
from inboxcrm.store.tags import known_tags, tags_of
from inboxcrm.store.tasks import open_tasks
from inboxcrm.views.answer_marks import marks_on
from inboxcrm.views.cards import card_of_lead
from inboxcrm.views.lead_page_shapes import (
    Entry,
    FieldValue,
    LeadPage,
    OpenTask,
    Phone,
    Show,
    Tag,
)
from inboxcrm.views.lead_past import deed_entry, entry_of, kinds_of, mail_entry
from inboxcrm.views.leads import Person
from inboxcrm.views.parts import next_task
from inboxcrm.views.places import organization_url
from inboxcrm.views.scores import score_of
from inboxcrm.views.timeline import past_lines

_ENTRIES = 50
_TAGS = 200
_MOST_PHONES = 20
_NOT_DIGITS = re.compile(r"[^0-9]")
_SHORTEST_NUMBER = 3


def lead_record(
    desk: Desk,
    viewer: Viewer,
    lead_id: str,
    *,
    show: Show = Show.ALL,
    before: str | None = None,
) -> LeadPage:
    """Raises NotFoundError. A lead that was merged answers with the one it went into."""
    with desk.database.read() as tx:
        found, card = card_of_lead(tx, desk, viewer, lead_id)
        addresses = lead_rows.addresses_of(tx, found.lead_id)
        tasks = open_tasks(tx, found.lead_id)
        tags = tags_of(tx, found.lead_id)
        suggested = known_tags(tx, limit=_TAGS)
        people = all_accounts(tx)
        pinned = _on_top(tx, desk, viewer, found, show)
        consent = consent_of(tx, found.lead_id)
        scored = score_of(tx, desk, viewer, found.lead_id)
        lines, cursor = past_lines(
            tx,
            desk,
            viewer,
            found.lead_id,
            before=before,
            limit=_ENTRIES,
            with_mail=show in (Show.ALL, Show.MAIL),
            kinds=kinds_of(show),
        )
        deeds = [one[3] for one in lines if one[3] is not None]
        told = told_of_deeds(tx, desk, viewer, deeds)
        # Of leads that no cadence wrote to nothing is asked: its deeds stand beside the answers.
        may_answer = (
            show is Show.MAIL
            or card.cadence is not None
            or any(one.kind == "cadence" for one in deeds)
        )
        wrote = [line[4] for line in lines if line[4] is not None and may_answer]
        marks = marks_on(tx, viewer, [one.message_id for one in wrote if one.direction == "in"])
    now = desk.clock.now()
    past = [
        entry_of(desk, viewer, line, now, pinned_id=found.pinned_message_id, told=told, marks=marks)
        for line in lines
    ]
    # What stands on top of the first page stands there once.
    on_top = pinned if before is None else None
    entries = [one for one in past if on_top is None or one.id != on_top.id]
    owners = {one.id: Person(desk.ids.seal("account", one.id), one.name) for one in people}
    held = {one.key for one in tags}
    return LeadPage(
        card=card,
        addresses=tuple(one.shown for one in addresses),
        phones=phones_in(found.phone),
        fields=_fields(desk, found),
        tags=tuple(Tag(desk.ids.seal("tag", one.tag_id), one.name) for one in tags),
        tasks=tuple(
            OpenTask(
                next_task(desk, one.task_id, one.title, one.due_on, now=now), one.unless_answered
            )
            for one in tasks
        ),
        entries=tuple(entries),
        facts=tuple(one for one in card.details if one.label in ("First contact", "Mail so far")),
        show=show,
        pinned=on_top,
        next=cursor,
        organization_url=(
            organization_url(desk.ids.seal("organization", found.organization_id))
            if found.organization_id is not None
            else None
        ),
        owner=owners.get(found.owner_id) if found.owner_id is not None else None,
        owners=tuple(
            owners[one.id] for one in people if not one.is_closed or one.id == found.owner_id
        ),
        known_tags=tuple(one.name for one in suggested if one.key not in held),
        snoozed_until=_sleeps_until(desk, found),
        consent=consent_in_words(consent),
        score=scored,
    )


def _on_top(tx: Tx, desk: Desk, viewer: Viewer, found: LeadRow, show: Show) -> Entry | None:
    """What is pinned, where it is of the kinds that are shown."""
    if found.pinned_message_id is not None:
        mail = one_mail(tx, viewer, found.lead_id, found.pinned_message_id)
        is_shown = mail is not None and show in (Show.ALL, Show.MAIL)
        return mail_entry(desk, mail, desk.clock.now(), pinned=True) if mail and is_shown else None
    deed = pinned_activity(tx, found.lead_id)
    if deed is None or (show is not Show.ALL and deed.kind not in (kinds_of(show) or ())):
        return None
    return deed_entry(desk, viewer, deed)


def phones_in(written: str) -> tuple[Phone, ...]:
    """Several numbers are written with commas, semicolons or slashes between them."""
    parts = [part.strip() for part in re.split(r"[,;/\n]", written)]
    return tuple(Phone(part, dialled(part)) for part in parts if part)[:_MOST_PHONES]


def dialled(shown: str) -> str:
    """Digits, with a plus in front where it is written; empty for words. Nothing else gets into a link."""
    before_extension = re.split(r"ext|x|#", shown, maxsplit=1, flags=re.IGNORECASE)[0]
    is_foreign = before_extension.lstrip(" (").startswith("+")
    # "+44 (0)20": the zero is only for calls within the country.
    said = before_extension.replace("(0)", "") if is_foreign else before_extension
    digits = _NOT_DIGITS.sub("", said)
    return ("+" if is_foreign else "") + digits if len(digits) >= _SHORTEST_NUMBER else ""


def _fields(desk: Desk, found: LeadRow) -> tuple[FieldValue, ...]:
    """Every declared field, also empty ones: a page says what could be known."""
    held: dict[str, str] = json.loads(found.custom)
    return tuple(
        FieldValue(
            one.key,
            one.label,
            one.kind.value,
            str(held.get(one.key, "")),
            one.shown(str(held.get(one.key, ""))),
            one.choices,
        )
        for one in desk.lead_fields
    )


def _sleeps_until(desk: Desk, found: LeadRow) -> date | None:
    until = from_ms(found.snoozed_until_at)
    if until is None or until <= desk.clock.now():
        return None
    return until.astimezone(ZoneInfo(desk.working_hours.zone)).date()
