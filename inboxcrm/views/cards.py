"""The card of a lead, as sidebar and lead page show it: one view of five small reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError
from inboxcrm.leads.capture import Rule
from inboxcrm.leads.fields import LeadField, known_fields
from inboxcrm.leads.temperature import MailFact, temperature
from inboxcrm.leads.wording import counted, day_in_words
from inboxcrm.store import lead_card
from inboxcrm.store.activities import ActivityRow, newest_activities
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_card import CardAddress, CardRow, MailLine
from inboxcrm.store.lead_scores import Points
from inboxcrm.store.leads import LeadRow, lead_by_id
from inboxcrm.store.stop_causes import told_of_deeds
from inboxcrm.views.capture_words import known_lead_reason, lead_reason
from inboxcrm.views.lead_cadence import lead_cadence
from inboxcrm.views.parts import money, next_task, owes_line, score_sum, stage_chip
from inboxcrm.views.places import lead_url
from inboxcrm.views.shapes import Detail, LeadCard, PipelineName, Reason, Temperature
from inboxcrm.views.stage_asks import stages_elsewhere
from inboxcrm.views.timeline import merged

_MAILS_READ = 14
_LONGEST_DETAIL = 500


def card_of_lead(tx: Tx, desk: Desk, viewer: Viewer, lead_id: str) -> tuple[LeadRow, LeadCard]:
    """The lead of that sealed id, or the one it was merged into, and its card without a past. Raises NotFoundError."""
    number = desk.ids.open("lead", lead_id)
    found = lead_by_id(tx, number) if number is not None else None
    card = read_card(tx, desk, viewer, found.lead_id, timeline=0) if found else None
    if found is None or card is None:
        raise NotFoundError(
            "There is no such lead.", remedy="It may have been removed; see the list of leads."
        )
    return found, card


def read_card(
    tx: Tx, desk: Desk, viewer: Viewer, lead_id: int, *, timeline: int = 10
) -> LeadCard | None:
    """The card with so many lines of its past; None for a lead that does not stand."""
    row = lead_card.card(tx, lead_id)
    if row is None or row.is_withdrawn or row.merged_into is not None:
        return None
    addresses = lead_card.card_addresses(tx, lead_id)
    mails = lead_card.mails(tx, viewer, lead_id, limit=_MAILS_READ)
    deeds = newest_activities(tx, lead_id, limit=max(timeline, 1))
    on_top = None
    if timeline and row.pinned_message_id is not None:
        on_top = lead_card.one_mail(tx, viewer, lead_id, row.pinned_message_id)
    now = desk.clock.now()
    zone = desk.working_hours.zone
    key, why = temperature(
        now,
        last_in_at=from_ms(row.last_in_at),
        last_out_at=from_ms(row.last_out_at),
        mails=_facts(mails),
        name=row.name,
        cold_after_days=desk.cold_after_days,
        zone=zone,
    )
    owner = None
    if row.owner_id is not None:
        owner = "You" if row.owner_id == viewer.account_id else row.owner
    pipeline = desk.pipelines.pipeline(row.pipeline)
    sealed = desk.ids.seal("lead", row.lead_id)
    return LeadCard(
        id=sealed,
        version=row.version,
        name=row.name,
        address=addresses[0].shown if addresses else "",
        url=lead_url(sealed),
        source=row.source,
        stage=stage_chip(desk, row.pipeline, row.stage, row.stage_since_at, to_ms(now)),
        temperature=Temperature(key, why),
        owes=owes_line(desk, row.owes, row.owes_since_at, name=row.name, now=now),
        reason=_reason(desk, row, addresses, deeds, now=now, zone=zone),
        organization=row.organization or None,
        phone=row.phone or None,
        owner=owner,
        value=money(row.value_cents, row.value_currency),
        next_task=(
            next_task(desk, row.task_id, row.task_title or "", row.task_due_on, now=now)
            if row.task_id is not None
            else None
        ),
        cadence=lead_cadence(tx, desk, viewer, lead_id, now) if row.was_in_cadence else None,
        score=score_sum(Points(row.fit, row.engagement or 0)) if row.fit is not None else None,
        timeline=merged(
            desk,
            viewer,
            mails,
            deeds,
            now=now,
            limit=timeline,
            pinned=on_top,
            told=told_of_deeds(tx, desk, viewer, deeds),
        ),
        details=_details(row, addresses, desk.lead_fields, now=now, zone=zone),
        stages=tuple((stage.key, stage.label) for stage in pipeline.stages) if pipeline else (),
        pipeline=PipelineName(row.pipeline, pipeline.label if pipeline else row.pipeline),
        elsewhere=stages_elsewhere(desk, row.pipeline),
    )


def _facts(mails: Sequence[MailLine]) -> list[MailFact]:
    """Mail the viewer may not read counts for how often, never for what was said."""
    return [
        MailFact(
            from_ms(mail.at),
            mail.direction == "in",
            mail.subject if mail.thread_id is not None else "",
            mail.snippet if mail.thread_id is not None else "",
        )
        for mail in mails
        if mail.is_human
    ]


def _reason(
    desk: Desk,
    row: CardRow,
    addresses: Sequence[CardAddress],
    deeds: Sequence[ActivityRow],
    *,
    now: datetime,
    zone: str,
) -> Reason:
    captured = next((deed for deed in deeds if deed.kind == "captured"), None)
    undo = desk.ids.seal("undo", captured.activity_id) if captured else None
    resting = next((one for one in addresses if one.rests_at is not None), None)
    if resting is None or resting.rule == Rule.KNOWN_LEAD:
        started = row.created_at if row.made_by == "person" else row.first_at
        text = known_lead_reason(
            made_by=row.made_by,
            source=row.source,
            name=row.name,
            at=from_ms(started),
            now=now,
            zone=zone,
        )
        return Reason(text, Rule.KNOWN_LEAD, row.made_by, undo)
    text = lead_reason(
        rule=resting.rule,
        detail=resting.detail,
        name=resting.name or row.name,
        author=resting.rests_author,
        mailbox=resting.rests_mailbox,
        at=from_ms(resting.rests_at),
        now=now,
        zone=zone,
    )
    return Reason(text, resting.rule or "", row.made_by, undo)


def _details(
    row: CardRow,
    addresses: Sequence[CardAddress],
    fields: tuple[LeadField, ...],
    *,
    now: datetime,
    zone: str,
) -> tuple[Detail, ...]:
    """What is known besides, without empty fields."""
    details: list[Detail] = []
    others = [one.shown for one in addresses[1:]]
    if others:
        details.append(Detail("Also writes from", ", ".join(others)[:_LONGEST_DETAIL]))
    if row.first_at is not None:
        first = from_ms(row.first_at)
        details.append(Detail("First contact", day_in_words(first, now=now, zone=zone)))
    if row.in_count or row.out_count:
        both = f"{counted(row.in_count, 'mail')} from them, {row.out_count} from us"
        details.append(Detail("Mail so far", both))
    if row.source:
        details.append(Detail("Source", row.source))
    if row.custom != "{}":
        details += [
            Detail(field.label, field.shown(value)[:_LONGEST_DETAIL])
            for field, value in known_fields(fields, json.loads(row.custom))
            if field.show_in_panel
        ]
    return tuple(details)
