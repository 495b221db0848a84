"""Caps, ramp, domain cap and guardrails as the sender meets them, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from inboxcrm.cadence.rules import CadenceRules, rules_as_json
from inboxcrm.services.explaining import mail_story
from inboxcrm.services.gating import history
from inboxcrm.services.guardrails import pause_on_bounces
from inboxcrm.services.lead_changes import now_ms
from inboxcrm.store import senders
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import (
    cadence,
    conversation,
    message,
    message_copy,
    outbox,
    send_ledger,
    sending,
    thread,
)
from tests.sending.office import ALICE, ALWAYS, MONDAY, Office

NewOffice = Callable[..., Office]
DAY = timedelta(days=1)


def left(office: Office, many: int, *, ago: timedelta) -> None:
    """So many mails, a second apart, left the mailbox that long ago."""
    at = to_ms(office.bench.clock.at - ago)
    with office.desk.database.write() as tx:
        tx.execute(
            send_ledger.insert(),
            [
                {"mailbox_id": 1, "at": at + one * 1_000, "to_domain": "x.example"}
                for one in range(many)
            ],
        )


def with_rules(office: Office, **rules) -> None:
    with office.desk.database.write() as tx:
        made = CadenceRules(windows=ALWAYS, gap_seconds=0, **rules)
        tx.execute(update(cadence).values(rules=rules_as_json(made)))


def against(office: Office) -> list[str]:
    return [one.key for one in mail_story(office.desk, ALICE, office.rows()[0].key).against]


def test_the_ramp_holds_a_new_mailbox_to_twenty_and_lets_a_used_one_send_more(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob",))
    with_rules(office, day_cap=400)
    left(office, 19, ago=timedelta(hours=2))
    assert against(office) == []
    left(office, 1, ago=timedelta(hours=1))
    assert against(office) == ["cap"]
    left(office, 16, ago=3 * DAY)
    assert against(office) == ["cap"], "16 and a fifth are less than 20"
    left(office, 40, ago=5 * DAY)
    assert against(office) == []


def test_days_are_counted_apart_with_what_was_written_by_hand(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    left(office, 3, ago=DAY)
    left(office, 2, ago=14 * DAY)
    left(office, 5, ago=timedelta(hours=1))  # today, which is not over
    left(office, 9, ago=16 * DAY)
    with office.desk.database.write() as tx:
        at = to_ms(MONDAY - DAY)
        talk = tx.execute(conversation.insert().returning(conversation.c.id)).scalar_one()
        mail = message.insert().values(key="k", conversation_id=talk, sent_at=at, direction="out")
        number = tx.execute(mail.returning(message.c.id)).scalar_one()
        row = thread.insert().values(mailbox_id=1, ref="t", last_at=at).returning(thread.c.id)
        tx.execute(
            message_copy.insert().values(
                mailbox_id=1,
                ref="m",
                message_id=number,
                thread_id=tx.execute(row).scalar_one(),
                labels="\nSENT\n",
                received_at=at,
            )
        )
    with office.desk.database.read() as tx:
        found = history(tx, 1, CadenceRules(), MONDAY)
    today = MONDAY.date()
    assert found == {today - DAY: 4, today - 14 * DAY: 2}


def test_one_company_is_written_to_so_often_a_day_and_the_others_go_on(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob", "erin"))
    with_rules(office, domain_cap=2, ramp_percent=0)
    with office.desk.database.write() as tx:
        at = now_ms(office.desk) - 3_600_000
        row = {"mailbox_id": 1, "to_domain": "bobs-firm.example"}
        tx.execute(send_ledger.insert(), [row | {"at": at}, row | {"at": at + 1}])
    assert office.send().sent == 1
    assert office.states() == {
        "bob@bobs-firm.example": "planned",
        "erin@erins-firm.example": "sent",
    }
    assert against(office) == ["domain_cap"]
    office.bench.clock.wait(23 * 3_600)
    office.read_mail()
    assert office.send().sent == 1


def test_what_the_mailbox_itself_is_told_tightens_the_rules(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    with office.desk.database.write() as tx:
        senders.pause_sending(tx, 1, until_at=None, reason="")
        tx.execute(update(sending).values(day_cap=4, gap_seconds=7_000))
    left(office, 3, ago=timedelta(hours=1))
    assert against(office) == ["gap"]
    left(office, 1, ago=timedelta(hours=5))
    assert against(office) == ["cap", "gap"]


def test_three_bounces_pause_the_mailbox_for_a_day_and_the_same_ones_never_again(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob", "dave", "erin", "frank"))
    office.to_the_end()
    for bounced in range(1, 4):
        with office.desk.database.write() as tx:
            fared = ("gone", "refused", "gone")[bounced - 1]
            tx.execute(update(outbox).where(outbox.c.id == bounced).values(fared=fared))
            tx.execute(update(outbox).where(outbox.c.id == 4).values(fared="late"))
            said = pause_on_bounces(tx, 1, at=now_ms(office.desk))
            assert bool(said) == (bounced == 3)
            pause = senders.pause_of(tx, 1)
    assert said == "3 of the last 4 mails bounced: the addresses need a look."
    assert (pause.reason, pause.until_at) == (said, now_ms(office.desk) + 86_400_000)
