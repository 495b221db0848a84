"""What keeps a mail from going, and that a stop which was committed first always wins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.windows import Windows
from inboxcrm.errors import BusyMailboxError, ConflictError, RefusedError
from inboxcrm.ports import Ambiguous, Handed, Prepared, Refused, RefusedFor
from inboxcrm.services import cadences
from inboxcrm.services.explaining import mail_story, outbox_list, resolve, why_lead
from inboxcrm.services.lead_changes import now_ms
from inboxcrm.services.leads import edit_lead, move_stage
from inboxcrm.services.suppressions import suppress
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.lead_past import keep_state
from inboxcrm.store.outbox import bytes_of
from inboxcrm.store.tables import (
    account,
    address,
    conversation,
    enrollment,
    fetch_item,
    lead,
    lead_address,
    mailbox,
    message,
    message_copy,
    sending,
    thread,
)
from tests.sending.office import ALICE, ALWAYS, QUICK, Office
from tests.sending.post import Habits, PostSender, edited

NewOffice = Callable[..., Office]


def answer_from(office: Office, name: str, *, labels: str = "\nINBOX\n", ago: float = -1) -> None:
    """A human mail of the lead as a sync would have stored it."""
    at = to_ms(office.bench.clock.at - timedelta(seconds=ago))
    with office.desk.database.write() as tx:
        box = tx.execute(select(mailbox.c.id)).scalar_one()
        author = tx.execute(
            select(lead_address.c.address_id)
            .join(address, address.c.id == lead_address.c.address_id)
            .where(address.c.key.like(f"{name}@%"))
        ).scalar_one()
        talk = tx.execute(conversation.insert().returning(conversation.c.id)).scalar_one()
        mail = tx.execute(
            message.insert()
            .values(
                key=f"k-{name}",
                conversation_id=talk,
                sent_at=at,
                direction="in",
                kind="human",
                author_id=author,
            )
            .returning(message.c.id)
        ).scalar_one()
        row = tx.execute(
            thread.insert().values(mailbox_id=box, ref=f"t-{name}").returning(thread.c.id)
        ).scalar_one()
        tx.execute(
            message_copy.insert().values(
                mailbox_id=box,
                ref=f"m-{name}",
                message_id=mail,
                thread_id=row,
                labels=labels,
                received_at=at,
            )
        )


def at_the_hand_over(office: Office, act: Callable[[], object]) -> PostSender:
    """A sender that does something just behind its draft, before it may cross."""
    sender = PostSender(office.post)
    real, done = sender.prepare, []

    def prepare(mime: bytes, *, thread_ref: str = "") -> Prepared:
        found = real(mime, thread_ref=thread_ref)
        if not done:
            done.append(act())
        return found

    sender.prepare = prepare  # type: ignore[method-assign]
    return sender


STOPS = {
    "an answer": lambda office: answer_from(office, "bob"),
    "an answer in the bin": lambda office: answer_from(office, "bob", labels="\nTRASH\n"),
    "suppressing the address": lambda office: suppress(office.desk, ALICE, "bob@bobs-firm.example"),
    "suppressing the domain": lambda office: suppress(office.desk, ALICE, "bobs-firm.example"),
    "cancelling": lambda office: cadences.cancel(office.desk, ALICE, "Autumn"),
    "winning": lambda office: close_lead(office, "won"),
    "a new owner": lambda office: hand_over_to(office, colleague(office)),
}


def colleague(office: Office, name: str = "Bea") -> int:
    with office.desk.database.write() as tx:
        row = account.insert().values(name=name, role="rep", created_at=1).returning(account.c.id)
        return int(tx.execute(row).scalar_one())


def hand_over_to(office: Office, account_id: int | None) -> None:
    """By the same change, whoever makes it: a form, a rule, many at once."""
    office.bench.clock.wait(1)
    at = to_ms(office.bench.clock.at)
    with office.desk.database.write() as tx:
        number = office.lead_id(tx, "Bob Tanaka")
        keep_state(tx, number, at=at)
        tx.execute(update(lead).where(lead.c.id == number).values(owner_id=account_id))


def close_lead(office: Office, stage: str) -> None:
    with office.desk.database.read() as tx:
        number = office.lead_id(tx, "Bob Tanaka")
    move_stage(office.desk, ALICE, office.desk.ids.seal("lead", number), stage, version=1)


@pytest.mark.parametrize("stop", STOPS)
def test_a_stop_committed_before_the_hand_over_wins(new_office: NewOffice, stop: str) -> None:
    office = new_office(people=("bob",))
    report = office.send(at_the_hand_over(office, lambda: STOPS[stop](office)))
    assert (report.sent, office.post.sent) == (0, [])
    assert office.states() == {"bob@bobs-firm.example": "cancelled"}
    assert office.post.drafts == {}, "its draft was taken back"


@pytest.mark.parametrize("stop", STOPS)
def test_a_stop_before_the_claim_leaves_no_trace_outside(new_office: NewOffice, stop: str) -> None:
    office = new_office(people=("bob",))
    STOPS[stop](office)
    office.send()
    assert office.post.made == 0
    assert office.states() == {"bob@bobs-firm.example": "cancelled"}


def test_who_added_a_lead_may_come_to_own_it_and_nobody_may(new_office: NewOffice) -> None:
    for owner in (ALICE.account_id, None):
        office = new_office(people=("bob",))
        office.bench.clock.wait(60)
        hand_over_to(office, owner)
        office.bench.clock.wait(60)
        assert office.send().sent == 1


def test_an_owner_from_before_stops_nothing(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    bea = colleague(office)
    with office.desk.database.write() as tx:
        tx.execute(update(lead).values(owner_id=bea))
    office.bench.clock.wait(60)
    with office.desk.database.write() as tx:  # something else of the lead changes
        number = office.lead_id(tx, "Bob Tanaka")
        keep_state(tx, number, at=to_ms(office.bench.clock.at))
        tx.execute(update(lead).where(lead.c.id == number).values(value_cents=100))
    office.bench.clock.wait(60)
    assert office.send().sent == 1


def test_a_change_of_owner_by_the_form_is_noticed(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    bea = Viewer(colleague(office), AccountRole.REP, frozenset())
    office.bench.clock.wait(60)
    with office.desk.database.read() as tx:
        sealed = office.desk.ids.seal("lead", office.lead_id(tx, "Bob Tanaka"))
    edit_lead(office.desk, bea, sealed, version=1, changes={"owner": "me"})
    office.bench.clock.wait(60)
    assert office.send().sent == 0
    (story,) = why_lead(office.desk, ALICE, sealed)
    assert story.reason == "The lead went over to somebody else after it was added."


def test_a_stop_is_sticky_and_told_with_its_reason(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    answer_from(office, "bob")
    office.send()
    with office.desk.database.write() as tx:
        tx.execute(message.update().values(kind="auto_reply"))
        lead_id = office.desk.ids.seal("lead", office.lead_id(tx, "Bob Tanaka"))
    office.send()
    story = why_lead(office.desk, ALICE, lead_id)[0]
    assert (story.state, story.mails[0].state) == ("stopped", "cancelled")
    assert story.reason.startswith("bob@bobs-firm.example wrote on 11 May 2026")


def test_mail_that_was_there_before_stops_nothing(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    answer_from(office, "bob", ago=3_600)
    assert office.send().sent == 1


def test_a_pause_between_draft_and_hand_over_holds_the_mail_back_and_it_goes_later(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob",))
    pause = lambda: cadences.pause(office.desk, ALICE, "Autumn")  # noqa: E731
    assert office.send(at_the_hand_over(office, pause)).sent == 0
    assert office.states() == {"bob@bobs-firm.example": "planned"}
    assert office.post.drafts == {}
    cadences.resume(office.desk, ALICE, "Autumn")
    office.to_the_end()
    assert office.post.deliveries() == {"bob@bobs-firm.example": 1}


def test_a_cancelled_draft_is_deleted(new_office: NewOffice) -> None:
    office = new_office(Habits(refused=1.0), people=("bob",))
    office.send()
    assert office.states() == {"bob@bobs-firm.example": "drafted"}
    cadences.cancel(office.desk, ALICE, "Autumn")
    office.send()
    assert office.states() == {"bob@bobs-firm.example": "cancelled"}
    assert office.post.drafts == {}


def test_a_cancelled_draft_that_is_gone_is_looked_into(new_office: NewOffice) -> None:
    office = new_office(Habits(refused=1.0), people=("bob",))
    office.send()
    office.post.send(office.rows()[0].draft_ref)  # by its owner, by hand
    cadences.cancel(office.desk, ALICE, "Autumn")
    office.send()
    assert office.states() == {"bob@bobs-firm.example": "sent"}


def test_a_draft_somebody_edited_is_theirs(new_office: NewOffice) -> None:
    office = new_office(Habits(refused=1.0), people=("bob",))
    office.send()
    edited(office.post, office.rows()[0].draft_ref)
    office.post.habits = Habits()
    office.bench.clock.wait(400)
    office.read_mail()
    office.send()
    assert office.states() == {"bob@bobs-firm.example": "cancelled"}
    assert office.post.sent == []
    assert len(office.post.drafts) == 1


def test_what_was_frozen_is_what_goes(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    office.send()
    row = office.rows()[0]
    with office.desk.database.read() as tx:
        assert bytes_of(tx, row.id) == next(iter(office.post.drafts.values())).mime


def test_thirty_seconds_behind_the_last_look_it_is_not_handed_over(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))

    class Held(PostSender):
        asked = 0

        def hand_over(self, prepared: Prepared) -> Handed:
            type(self).asked += 1
            return super().hand_over(prepared)

    runner = office.runner()
    slow = {"now": 0.0}

    def machine_now() -> float:
        slow["now"] += 31.0
        return slow["now"]

    from inboxcrm.services.sending import send_due
    from inboxcrm.services.sync_run import Runner

    held = Runner(runner.name, machine_now, runner.wait)
    send_due(office.desk, Held(office.post), "alice", runner=held)
    assert (Held.asked, office.post.sent) == (0, [])
    assert office.states() == {"bob@bobs-firm.example": "drafted"}
    office.to_the_end()
    assert office.post.deliveries() == {"bob@bobs-firm.example": 1}


def test_an_unconfirmed_mail_is_shown_and_never_repeated(new_office: NewOffice) -> None:
    office = new_office(Habits(strips_key=True, lost_done=1.0), people=("bob",))
    office.to_the_end()
    assert office.post.deliveries() == {"bob@bobs-firm.example": 1}
    shown = outbox_list(office.desk, ALICE)
    assert [one.state for one in shown] == ["unconfirmed"]
    assert "a person has to look" in shown[0].lines[-1].text
    resolve(office.desk, ALICE, shown[0].key, went=True)
    assert mail_story(office.desk, ALICE, shown[0].key).lines[-1].text == "It went, a person says."
    assert outbox_list(office.desk, ALICE) == []
    with pytest.raises(RefusedError, match="nothing to resolve"):
        resolve(office.desk, ALICE, shown[0].key, went=False)


class Refusing(PostSender):
    reason = RefusedFor.MAIL

    def hand_over(self, prepared: Prepared) -> Handed:
        del prepared
        return Refused(self.reason, "so it is", None)


def refusing(office: Office, reason: RefusedFor) -> PostSender:
    return type("Sender", (Refusing,), {"reason": reason})(office.post)


def test_a_mail_the_provider_will_never_take_fails_and_is_shown(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    office.send(refusing(office, RefusedFor.MAIL))
    assert office.states() == {"bob@bobs-firm.example": "failed"}
    assert office.post.drafts == {}
    assert outbox_list(office.desk, ALICE)[0].lines[-1].text.endswith("so it is")


def test_a_spent_quota_pauses_the_mailbox_and_the_same_draft_goes_later(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob", "erin"))
    office.send(refusing(office, RefusedFor.QUOTA))
    assert sorted(office.states().values()) == ["drafted", "planned"]
    office.bench.clock.wait(3_600)
    office.read_mail()
    assert office.send().waits, "six hours are not over"
    office.to_the_end()
    assert set(office.post.deliveries().values()) == {1}
    assert office.post.made == 4, "two drafts and two sent mails"


def test_a_lost_login_stops_all_until_somebody_connects_again(new_office: NewOffice) -> None:
    office = new_office(people=("bob", "erin"))
    office.send(refusing(office, RefusedFor.LOGIN))
    office.bench.clock.wait(4_000)
    with office.desk.database.write() as tx:
        tx.execute(update(mailbox).values(synced_at=now_ms(office.desk)))
    report = office.send()
    assert report.waits
    assert "connected again" in report.waits[0]
    assert office.post.sent == []


WAITS = {
    "mail was not read lately": lambda tx, now: tx.execute(
        update(mailbox).values(synced_at=now - 20 * 60_000)
    ),
    "mail waits to be stored": lambda tx, now: tx.execute(
        fetch_item.insert().values(mailbox_id=1, ref="new", state="todo")
    ),
    "the right is missing": lambda tx, _: tx.execute(update(mailbox).values(scopes="[]")),
    "the mailbox is paused": lambda tx, _: tx.execute(update(mailbox).values(paused=True)),
    "sending is paused": lambda tx, now: tx.execute(
        sending.insert().values(mailbox_id=1, paused_until_at=now + 60_000)
    ),
    "the lead is away": lambda tx, now: tx.execute(
        update(enrollment).values(parked_until_at=now + 86_400_000)
    ),
}


@pytest.mark.parametrize("case", WAITS)
def test_it_waits_while(new_office: NewOffice, case: str) -> None:
    office = new_office(people=("bob",))
    with office.desk.database.write() as tx:
        WAITS[case](tx, now_ms(office.desk))
    office.send()
    assert office.post.made == 0
    assert office.states() == {"bob@bobs-firm.example": "planned"}


def test_mail_of_the_lead_that_cannot_be_read_holds_the_next_one_back(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob", "erin"))
    with office.desk.database.write() as tx:
        tx.execute(
            fetch_item.insert().values(
                mailbox_id=1, ref="bad", state="poison", mentions="bob@bobs-firm.example"
            )
        )
    office.send()
    assert office.states() == {
        "bob@bobs-firm.example": "planned",
        "erin@erins-firm.example": "sent",
    }


def test_a_gap_lies_between_two_mails_and_a_cap_holds_for_a_day(new_office: NewOffice) -> None:
    rules = CadenceRules(windows=ALWAYS, day_cap=2, gap_seconds=90)
    office = new_office(rules=rules)
    office.to_the_end()
    left = sorted(one.at for one in office.post.sent)
    assert len(left) == 3
    assert left[1] - left[0] >= 90
    assert left[2] - left[0] >= 24 * 3_600


def test_after_a_pause_nothing_bursts(new_office: NewOffice) -> None:
    rules = CadenceRules(windows=ALWAYS, day_cap=100, gap_seconds=90)
    office = new_office(rules=rules)
    cadences.pause(office.desk, ALICE, "Autumn")
    office.bench.clock.wait(86_400)
    cadences.resume(office.desk, ALICE, "Autumn")
    office.read_mail()
    office.to_the_end()
    left = sorted(one.at for one in office.post.sent)
    assert len(left) == 3
    assert all(later - earlier >= 90 for earlier, later in pairwise(left))


def test_nothing_goes_at_night_or_on_a_weekend(new_office: NewOffice) -> None:
    office = new_office(rules=CadenceRules(windows=Windows("Asia/Tokyo"), gap_seconds=0))
    office.to_the_end()
    for one in office.post.sent:
        assert 0 <= one.at % 86_400 < 8 * 3_600, "nine to five in Tokyo is midnight to eight"


def test_what_is_days_late_waits_for_a_person(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    office.bench.clock.wait(5 * 86_400)
    office.read_mail()
    office.send()
    assert office.post.made == 0
    key = office.rows()[0].key
    assert [one.key for one in mail_story(office.desk, ALICE, key).against] == ["too_late"]


def test_who_was_away_is_not_late(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    with office.desk.database.write() as tx:
        back = now_ms(office.desk) + 9 * 86_400_000
        tx.execute(update(enrollment).values(parked_until_at=back))
    office.bench.clock.wait(8 * 86_400)
    office.read_mail()
    assert office.send().sent == 0
    office.bench.clock.wait(2 * 86_400)
    office.read_mail()
    assert office.send().sent == 1


def test_two_senders_at_once_are_one(new_office: NewOffice) -> None:
    office = new_office(people=("bob", "erin"))
    from inboxcrm.services.sending import send_due
    from inboxcrm.services.sync_run import Runner

    clock, refused = office.bench.clock, []

    def second() -> None:
        other = Runner("other", clock.seconds, clock.wait, is_dead=lambda _: False)
        try:
            send_due(office.desk, PostSender(office.post), "alice", runner=other)
        except BusyMailboxError as error:
            refused.append(error.message)

    office.send(PostSender(office.post, before_hand_over=second))
    assert len(refused) == 2
    assert set(office.post.deliveries().values()) == {1}


def test_a_sender_that_slept_through_its_claim_writes_nothing_but_the_truth(
    new_office: NewOffice,
) -> None:
    """It wakes with the provider's word in its hand, after another one took over and found nothing certain."""
    office = new_office(people=("bob",))

    def sleep_and_be_replaced() -> None:
        office.bench.clock.wait(600)
        office.read_mail()
        office.send()

    with pytest.raises(BusyMailboxError):
        office.send(PostSender(office.post, before_hand_over=sleep_and_be_replaced))
    assert office.post.deliveries() == {"bob@bobs-firm.example": 1}
    assert office.states() == {"bob@bobs-firm.example": "sent"}


def test_an_answer_lost_by_a_sleeper_changes_nothing(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))

    class Sleeper(PostSender):
        def hand_over(self, prepared: Prepared) -> Handed:
            office.bench.clock.wait(600)
            office.read_mail()
            office.send()
            return Ambiguous("the answer came too late")

    with pytest.raises(BusyMailboxError):
        office.send(Sleeper(office.post))
    office.to_the_end()
    assert office.post.deliveries() == {"bob@bobs-firm.example": 1}


def test_starting_twice_is_starting_once_and_takes_in_who_came_since(new_office: NewOffice) -> None:
    office = new_office()
    office.to_the_end()
    again = cadences.start(office.desk, ALICE, "Autumn")
    assert again.count == 3
    assert len(office.rows()) == 3
    from inboxcrm.services.lead_making import create_lead

    create_lead(office.desk, ALICE, "dave@daves-firm.example", "Dave Tanaka")
    cadences.start(office.desk, ALICE, "Autumn")
    office.to_the_end()
    assert set(office.post.deliveries().values()) == {1}
    assert len(office.post.sent) == 4


def test_a_start_that_would_reach_another_number_is_refused(new_office: NewOffice) -> None:
    office = new_office()
    with pytest.raises(ConflictError, match="3 people would get mail, not 40"):
        cadences.start(office.desk, ALICE, "Autumn", expected=40)


def test_who_is_in_no_state_to_be_greeted_is_left_out_and_shown(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), rules=QUICK)
    from inboxcrm.services.lead_making import create_lead

    create_lead(office.desk, ALICE, "x9@firm.example", "")
    cadences.start(office.desk, ALICE, "Autumn")
    office.to_the_end()
    assert office.states()["x9@firm.example"] == "skipped"
    assert "first_name" in outbox_list(office.desk, ALICE)[0].lines[-1].text
