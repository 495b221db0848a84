"""What the database says of forecasts, slips and answers is what the plain rules say, for random pasts and any instant.

The past is played as in test_pipeline_numbers.py, through the services people use; mail is laid down beside it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from inboxcrm.leads import answers
from inboxcrm.leads.answers import Mail
from inboxcrm.leads.forecast import Ahead, forecast, leads_picked, pick_of
from inboxcrm.leads.history import spells_of
from inboxcrm.leads.number_shapes import DAY_MS, Asked
from inboxcrm.leads.slips import slips, slips_behind
from inboxcrm.leads.worked_time import HOUR_MS
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.first_answers import first_mails, owed_by_owner, owed_leads
from inboxcrm.store.opened_leads import NONE
from inboxcrm.store.pipeline_behind import leads_named
from inboxcrm.store.pipeline_forecast import forecast_leads, pipeline_forecast
from inboxcrm.store.pipeline_slips import dated_leads, pipeline_slips
from inboxcrm.store.tables import (
    cadence,
    conversation,
    enrollment,
    lead,
    lead_address,
    lead_link,
    lead_past,
    mailbox,
    message,
    message_copy,
    outbox,
)
from tests.store.test_pipeline_numbers import (
    NOW,
    SALES,
    SUPPORT,
    deeds,
    desk,  # noqa: F401
    play,
    standing_in,
    told,
    wipe,
    worth,
)

CLOSES = ("", "2026-03-20", "2026-04-01", "2026-04-30", "2026-05-01", "2026-05-13", "2026-05-14", "2026-06-01", "2024-01-01", "2027-01-01")  # fmt: skip
closing = st.tuples(st.just("close"), st.sampled_from(CLOSES), st.just(""))
pasts = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 3), st.one_of(closing, closing, deeds)),
    min_size=6,
    max_size=30,
)
# Whose it is, how many hours before now, and what it is; "cadence" is ours and no person's.
mails = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 60 * 24),
        st.sampled_from(["in", "in", "in", "out", "out", "cadence", "robot", "unlinked"]),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=16,
)
FIGURES = (
    "forecast:2026-05", "forecast:2026-04", "forecast:2027-01", "came:2026-05", "came:2026-Q2:EUR:1", "came:2026-04:USD:0",
    "due:any", "due:any:EUR:2", "due:none", "due:earlier", "due:later", "due:passed", "due:passed::1", "due:2026-Q2:EUR", "due:2026-06",
)  # fmt: skip
# A date put off twice with a value between, one put off and put right at once, one taken away, one of a lead won.
SLIPPED = [
    (0, 0, ("move", "new", "")), (0, 1, ("move", "new", "")), (0, 2, ("move", "new", "")), (0, 3, ("move", "new", "")),
    (80, 0, ("close", "2026-04-30", "")), (0, 1, ("close", "2026-05-01", "")), (0, 2, ("close", "2026-05-13", "")),
    (0, 3, ("close", "2026-05-01", "")), (0, 3, ("value", "99.50", "EUR")), (0, 0, ("value", "10", "USD")),
    (60, 0, ("close", "2026-05-14", "")), (0, 0, ("value", "20", "USD")), (0, 1, ("close", "2026-06-01", "")),
    (0, 1, ("close", "2026-05-01", "")), (30, 0, ("close", "2026-06-01", "")), (0, 2, ("close", "", "")),
    (0, 3, ("close", "2026-06-01", "")), (0, 3, ("move", "won", "")), (9, 0, ("owner", "2", "")),
]  # fmt: skip
_KEYS = count()


@pytest.fixture
def sender(desk):  # noqa: F811
    """A cadence that mails can be of."""
    with desk.database.write() as tx:
        box = tx.execute(insert(mailbox).values(name="sales", provider="gmail").returning(mailbox.c.id)).scalar_one()  # fmt: skip
        row = {"name": "Hello", "key": "hello", "mailbox_id": box, "made_at": 0}
        return box, tx.execute(insert(cadence).values(row).returning(cadence.c.id)).scalar_one()


def lay_down(tx, sender, some) -> tuple[list[Mail], set[int]]:
    """The mail as rows; as the rules know it, and which of it needs no answer."""
    box, own = sender
    leads = tx.execute(
        select(lead_address.c.lead_id, lead_address.c.address_id).order_by(lead_address.c.lead_id)
    ).all()
    known: list[Mail] = []
    dismissed: set[int] = set()
    talks: dict[tuple[int, int], int] = {}
    for which, hours, what, talk, is_dismissed in some:
        if which >= len(leads):
            continue
        lead_id, address_id = leads[which]
        if (which, talk) not in talks:
            talks[which, talk] = tx.execute(insert(conversation).returning(conversation.c.id), {}).scalar_one()  # fmt: skip
        at, key = to_ms(NOW) - hours * 3_600_000, f"outlook-{next(_KEYS)}"
        row = {"key": key, "conversation_id": talks[which, talk], "sent_at": at}
        made = tx.execute(insert(message).values(row).returning(message.c.id)).scalar_one()
        direction = "out" if what in {"out", "cadence"} else "in"
        tx.execute(insert(message_copy).values(mailbox_id=box, ref=key, message_id=made))
        tx.execute(
            insert(lead_link).values(
                message_id=made, address_id=address_id, lead_id=lead_id, at=at, direction=direction,
                is_human=what != "robot", is_unlinked=what == "unlinked",
            )
        )  # fmt: skip
        if what == "cadence":
            _by_cadence(tx, box, own, lead_id, address_id, key)
        if what not in {"robot", "unlinked"}:
            known.append(Mail(at, lead_id, direction, made, row["conversation_id"], what == "cadence"))  # fmt: skip
            if is_dismissed:
                tx.execute(conversation.update().where(conversation.c.id == row["conversation_id"]).values(dismissed_message_id=made))  # fmt: skip
    held = select(conversation.c.dismissed_message_id)
    dismissed = {one for one in tx.execute(held).scalars() if one is not None}
    return known, dismissed


def _by_cadence(tx, box, own, lead_id, address_id, key) -> None:
    row = {"cadence_id": own, "lead_id": lead_id, "address_id": address_id, "state": "finished", "version": 1, "enrolled_at": 0, "generation": next(_KEYS) + 2}  # fmt: skip
    made = tx.execute(insert(enrollment).values(row).returning(enrollment.c.id)).scalar_one()
    tx.execute(
        insert(outbox).values(
            enrollment_id=made, cadence_id=own, lead_id=lead_id, mailbox_id=box, step_key=key,
            key=key, state="sent", due_at=0, ref=key,
        )
    )  # fmt: skip


def clear(desk) -> None:  # noqa: F811
    with desk.database.write() as tx:
        for table in (outbox, enrollment, lead_link, message_copy, message, conversation):
            tx.execute(delete(table))
    wipe(desk)


def same(tx, spells, known, dismissed, asked: Asked, zone: str) -> None:
    day = from_ms(asked.at).date()
    ahead = Ahead(asked.pipeline, asked.at, day, zone)
    assert pipeline_forecast(tx, ahead) == forecast(spells, ahead)
    assert pipeline_slips(tx, asked) == slips(spells, asked)
    assert first_mails(tx, asked) == answers.first_mails(spells, known, asked, dismissed)
    waiting = answers.owed(spells, known, asked, dismissed)
    late_at = asked.at - 2 * DAY_MS
    found = owed_by_owner(tx, asked, late_at=late_at, is_past=True)
    owners = {one.owner_id for one in waiting}
    assert {one.owner_id: tuple(one)[1:] for one in found} == {
        owner: (
            sum(one.owner_id == owner for one in waiting),
            min(one.since_at for one in waiting if one.owner_id == owner),
            sum(one.owner_id == owner and one.since_at <= late_at for one in waiting),
        )
        for owner in owners
    }
    for owner in ("", "0", "1"):
        ids = [
            one.lead_id
            for one in waiting
            if one.since_at <= late_at and (not owner or str(one.owner_id or 0) == owner)
        ]
        told_of = owed_leads(tx, asked, late_at=late_at, owner=owner, is_past=True)
        assert told_of == (ids, worth(standing_in(spells, asked.at, asked.pipeline), ids))


def same_leads(tx, spells, asked: Asked, zone: str) -> None:
    ahead = Ahead(asked.pipeline, asked.at, from_ms(asked.at).date(), zone)
    for which in FIGURES:
        wanted = leads_picked(spells, ahead, pick_of(which))
        begins = pick_of(which).span.begins_at(zone) if which.startswith("forecast") else asked.at
        stood = standing_in(spells, begins, asked.pipeline)
        assert forecast_leads(tx, ahead, pick_of(which)) == (wanted, worth(stood, wanted)), which
    found = slips(spells, asked)
    dropped = slips_behind(found.some, "dropped")
    dated = {owner: dated_leads(tx, asked, dropped, owner).total for owner in ("0", "1", "2")}
    assert dated == {
        owner: found.dated.get(int(owner) or None, 0)
        + len(slips_behind(found.some, "dropped", owner))
        for owner in dated
    }
    put_off = slips_behind(found.some, "slipped")
    assert leads_named(tx, asked, put_off).ids == put_off


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    # A past of twenty deeds says enough; looking for the shortest takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@example(past=SLIPPED, days=90, some=[(0, 30, "in", 0, False), (0, 20, "cadence", 0, False), (0, 10, "out", 0, False), (1, 700, "in", 0, True)], zone="UTC", which=0)  # fmt: skip
@example(past=SLIPPED, days=20, some=[(0, 1400, "in", 0, False), (0, 30, "in", 0, False), (1, 60, "in", 1, False)], zone="Asia/Tokyo", which=1)  # fmt: skip
@given(
    past=pasts,
    days=st.sampled_from([3, 20, 90]),
    some=mails,
    zone=st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York"]),
    which=st.integers(0, 3),
)
def test_the_database_says_what_the_rules_say(desk, sender, past, days, some, zone, which):  # noqa: F811
    clear(desk)
    instants = play(desk, past)
    with desk.database.write() as tx:
        known, dismissed = lay_down(tx, sender, some)
    with desk.database.read() as tx:
        spells = spells_of(told(tx))
        written = {one.at for one in known}
        moments = sorted({*instants, *written, *(one - 1 for one in instants)})[which::4]
        for place, at in enumerate([*moments, to_ms(NOW)]):
            for pipeline in (SALES, SUPPORT) if place % 3 == 0 else (SALES,):
                asked = Asked(pipeline, at, at - days * DAY_MS)
                same(tx, spells, known, dismissed, asked, zone)
                if place in {1, len(moments)}:
                    same_leads(tx, spells, asked, zone)


def test_the_present_is_read_from_what_is_kept_of_each_lead(filed):
    at = to_ms(datetime(2026, 5, 14, tzinfo=UTC))
    bob = filed.lead("Bob", owes="us", owes_since_at=at - 5 * HOUR_MS)
    carol = filed.lead("Carol", owes="us", owes_since_at=at - 50 * HOUR_MS, owner_id=1)
    filed.lead("Dave", owes="us", owes_since_at=at - HOUR_MS, stage="lost")
    filed.lead("Erin", owes="them", owes_since_at=at - HOUR_MS)
    asked = Asked(SALES, at, 0)
    with filed.database.read() as tx:
        found = owed_by_owner(tx, asked, late_at=at - 50 * HOUR_MS, is_past=False)
        late = owed_leads(tx, asked, late_at=at - 50 * HOUR_MS, owner="", is_past=False)
        mine = owed_leads(tx, asked, late_at=None, owner="0", is_past=False)
    assert {tuple(one) for one in found} == {
        (None, 1, at - 5 * HOUR_MS, 0),
        (1, 1, at - 50 * HOUR_MS, 1),
    }
    assert (late.ids, late.total, mine.ids, mine.total) == ([carol], 1, [bob], 1)


def test_a_page_of_the_leads_behind_goes_on_where_the_one_before_ended(filed):
    leads = [filed.lead(f"Guest {one}", close_on="2026-06-01") for one in range(5)]
    ahead = Ahead(SALES, to_ms(NOW), NOW.date(), "UTC")
    with filed.database.read() as tx:
        pages = [
            forecast_leads(tx, ahead, pick_of("due:2026-06"), offset=at, limit=2)
            for at in (0, 2, 4)
        ]
        assert tx.execute(select(lead.c.id).order_by(lead.c.id)).scalars().all() == leads
    assert [one.ids for one in pages] == [leads[:2], leads[2:4], leads[4:]]
    assert {one.total for one in pages} == {5}


def stood(tx, lead_id: int, since: int, until: int, close_on: str | None) -> None:
    tx.execute(
        insert(lead_past).values(
            lead_id=lead_id, from_at=since, until_at=until, pipeline="sales", stage="new",
            stage_since_at=since, close_on=close_on,
        )
    )  # fmt: skip


MAY = to_ms(datetime(2026, 5, 1, tzinfo=UTC))


def test_a_month_begins_with_how_leads_stand_at_that_very_instant(filed):
    until_may = filed.lead("Bob", state_since_at=MAY, close_on="2026-06-01")
    from_may = filed.lead("Carol", state_since_at=MAY, close_on="2026-05-31")
    late = filed.lead("Dave", state_since_at=MAY + 1, close_on="2026-05-14")
    ahead = Ahead(SALES, to_ms(NOW), NOW.date(), "UTC")
    with filed.database.write() as tx:
        stood(tx, until_may, 5, MAY, "2026-05-20")
        stood(tx, from_may, 5, MAY, None)
        stood(tx, late, 5, MAY + 1, "2026-06-14")
    with filed.database.read() as tx:
        found = pipeline_forecast(tx, ahead)
        assert {key: one.leads for key, one in found.then.items()} == {("2026-05", "new"): 1}
        assert forecast_leads(tx, ahead, pick_of("forecast:2026-05")).ids == [from_may]
        assert [key.is_passed for key in found.due] == [False] * len(found.due), "it is due today"
        assert forecast_leads(tx, ahead, pick_of("due:passed")) == NONE


def test_a_period_begins_with_how_leads_stand_at_that_very_instant(filed):
    asked = Asked(SALES, to_ms(NOW), MAY)
    before = filed.lead("Bob", state_since_at=MAY, close_on="2026-06-01")
    within = filed.lead("Carol", state_since_at=MAY + 9, close_on="2026-06-10", owner_id=1)
    at_once = filed.lead("Dave", state_since_at=MAY + 9, close_on="2026-05-25")
    with filed.database.write() as tx:
        stood(tx, before, 5, MAY, "2026-05-20")
        stood(tx, within, 5, MAY + 1, "2026-05-20")
        stood(tx, within, MAY + 1, MAY + 9, "2026-05-25")
        stood(tx, at_once, MAY + 1, MAY + 1, "2026-04-30")
        stood(tx, at_once, MAY + 1, MAY + 9, "2026-05-20")
    with filed.database.read() as tx:
        found = pipeline_slips(tx, asked)
    assert [tuple(one) for one in found.some] == [(within, 1, "2026-05-20", "2026-06-10", 2)]
    assert found.dated == {1: 1, None: 2}
