"""What comes back stops, parks and suppresses; in any order, and however often it is looked at."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from sqlalchemy import delete, select, update

from inboxcrm.services.heeding_rounds import heed_stored_mail
from inboxcrm.services.suppressions import release
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.senders import pause_of
from inboxcrm.store.tables import (
    address,
    enrollment,
    lead_address,
    mailbox,
    message,
    message_copy,
    outbox,
    setting,
)
from tests.sending.incoming import (
    ACTIVE,
    BOB,
    REMINDER,
    NewOffice,
    away,
    bounce,
    come,
    everything,
    first_mails_back,
    heed,
    letter,
    parked,
    sent_copies,
    standing,
    suppressed,
)
from tests.sending.office import ALICE, Office
from tests.sending.post import Habits, PostSender
from tests.sync.world import Killed


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    """Bob and Erin got the first of three mails, and the sent copies are back."""
    return first_mails_back(new_office, "bob", "erin", reminders=2)


# --- people -------------------------------------------------------------------------


def test_our_own_mails_stop_nothing(office: Office) -> None:
    heed(office)
    assert set(standing(office).values()) == {ACTIVE}


@pytest.mark.parametrize("labels", [("INBOX",), ("TRASH",), ("SPAM",), ()])
def test_an_answer_stops_whatever_label_it_bears(office: Office, labels: tuple[str, ...]) -> None:
    mail = come(office, letter(), labels=labels)
    assert heed(office).stopped == 1
    assert standing(office) == {BOB: ("stopped", "reply"), "erin@erins-firm.example": ACTIVE}
    with office.desk.database.read() as tx:
        stopped = select(enrollment.c.stop_message_id).where(enrollment.c.state == "stopped")
        assert tx.execute(stopped).scalar_one() == mail
    assert [row.state for row in office.rows() if row.to_address == BOB] == ["sent", "cancelled"]


def test_a_colleague_who_answers_in_the_thread_stops(office: Office) -> None:
    ref = next(row.thread_ref for row in office.rows() if row.to_address == BOB)
    come(office, letter(sender="carol@elsewhere.example"), thread_ref=ref)
    heed(office)
    assert standing(office)[BOB] == ("stopped", "reply")


def test_one_who_answers_by_message_id_in_another_mailbox_thread_stops(office: Office) -> None:
    real = sent_copies(office)[BOB]
    come(office, letter(f"In-Reply-To: <{real}>", sender="carol@elsewhere.example"))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "reply")


def test_mail_of_a_stranger_or_from_before_stops_nothing(office: Office) -> None:
    come(office, letter(sender="carol@elsewhere.example"))
    come(office, letter(), later_seconds=-86_400)
    heed(office)
    assert set(standing(office).values()) == {ACTIVE}


def test_a_newsletter_of_theirs_stops_nothing_and_one_in_our_thread_is_looked_at(
    office: Office,
) -> None:
    come(office, letter("List-Id: News <news.bobs-firm.example>", text="Our autumn news"))
    heed(office)
    assert standing(office)[BOB] == ACTIVE
    real = sent_copies(office)[BOB]
    come(office, letter("List-Id: Desk <desk.bobs-firm.example>", f"In-Reply-To: <{real}>"))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "unclear")


def test_what_nobody_can_tell_is_taken_for_an_answer_and_shown(office: Office) -> None:
    mail = come(office, letter("Return-Path: <>", text="Alas. Perhaps later."))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "unclear")
    with office.desk.database.read() as tx:
        found = tx.execute(
            select(enrollment.c.stop_words, enrollment.c.stop_message_id).where(
                enrollment.c.state == "stopped"
            )
        ).one()
    assert "a person has to look" in found[0]
    assert found[1] == mail


def test_an_invitation_of_theirs_stops(office: Office) -> None:
    come(office, letter("Content-Type: text/calendar; method=REQUEST", text="BEGIN:VCALENDAR"))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "meeting")


# --- ourselves -------------------------------------------------------------------------


def by_hand(*headers: str) -> str:
    return letter(*headers, f"To: {BOB}", sender="alice@seller.example", text="One more thought")


def test_a_mail_we_write_by_hand_stops(office: Office) -> None:
    come(office, by_hand(), labels=("SENT",))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "answered_by_hand")


def test_an_answer_by_hand_in_the_thread_stops_whomever_it_goes_to(office: Office) -> None:
    ref = next(row.thread_ref for row in office.rows() if row.to_address == BOB)
    raw = letter("To: carol@elsewhere.example", sender="alice@seller.example")
    come(office, raw, labels=("SENT",), thread_ref=ref)
    heed(office)
    assert standing(office)[BOB] == ("stopped", "answered_by_hand")


def test_a_mail_of_ours_is_told_by_its_key_before_its_ref_is_known(office: Office) -> None:
    come(office, by_hand("X-Inboxcrm-Key: abcdefgh"), labels=("SENT",))
    heed(office)
    assert standing(office)[BOB] == ACTIVE


def test_the_copy_of_a_mail_whose_answer_was_lost_and_key_stripped_is_ours(office: Office) -> None:
    with office.desk.database.write() as tx:
        now = to_ms(office.bench.clock.at)
        tx.execute(
            update(outbox)
            .where(outbox.c.state == "planned", outbox.c.to_address == BOB)
            .values(state="unknown", subject="Re: A word, Bob", handed_over_at=now)
        )
    come(office, by_hand(), labels=("SENT",))
    heed(office)
    assert standing(office)[BOB] == ACTIVE


def test_our_own_note_of_absence_and_our_word_to_a_colleague_stop_nothing(office: Office) -> None:
    ref = next(row.thread_ref for row in office.rows() if row.to_address == BOB)
    come(office, by_hand("Auto-Submitted: auto-replied"), labels=("SENT",), thread_ref=ref)
    heed(office)
    assert standing(office)[BOB] == ACTIVE


# --- opting out ---------------------------------------------------------------------------


def test_carol_asks_not_to_be_written_to(office: Office) -> None:
    come(office, letter(text="Please take me off your list.\n\n> A word, Bob"))
    assert heed(office).suppressed == 1
    assert standing(office)[BOB] == ("stopped", "opt_out")
    assert suppressed(office) == {BOB: "opt_out"}


def test_opting_out_behind_the_last_mail_suppresses_all_the_same(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    office.send()
    assert standing(office)[BOB][0] == "finished"
    come(office, letter(text="unsubscribe"))
    heed(office)
    assert standing(office)[BOB][0] == "finished"
    assert suppressed(office) == {BOB: "opt_out"}


def test_opting_out_suppresses_every_address_of_theirs(office: Office) -> None:
    second = come(office, letter(sender="bob@home.example", text="Hello"))
    with office.desk.database.write() as tx:
        bobs = tx.execute(
            select(lead_address.c.lead_id)
            .join(address, address.c.id == lead_address.c.address_id)
            .where(address.c.key == BOB)
        ).scalar_one()
        author = tx.execute(select(message.c.author_id).where(message.c.id == second)).scalar_one()
        tx.execute(delete(lead_address).where(lead_address.c.address_id == author))
        tx.execute(lead_address.insert().values(lead_id=bobs, address_id=author))
    come(office, letter(sender="bob@home.example", text="Stop writing to me."))
    heed(office)
    assert suppressed(office) == {BOB: "opt_out", "bob@home.example": "opt_out"}
    assert standing(office)[BOB] == ("stopped", "opt_out")


def test_a_machine_and_a_quoted_footer_ask_for_nothing(office: Office) -> None:
    come(office, away("I am away until 20 May 2026. Unsubscribe me from all lists."))
    come(office, letter(sender="erin@erins-firm.example", text="Send it.\n\n> unsubscribe"))
    heed(office)
    assert suppressed(office) == {}
    assert standing(office) == {BOB: ACTIVE, "erin@erins-firm.example": ("stopped", "reply")}


def test_whoever_a_person_released_is_not_suppressed_by_the_same_mail_again(office: Office) -> None:
    come(office, letter(text="unsubscribe"))
    heed(office)
    office.bench.clock.wait(3_600)
    release(office.desk, ALICE, BOB)
    heed(office, since=0)
    assert suppressed(office) == {}
    come(office, letter(text="I said: unsubscribe me!"))
    heed(office)
    assert suppressed(office) == {BOB: "opt_out"}


# --- bounces --------------------------------------------------------------------------------


def test_dave_is_unknown_suppressed_and_stopped(office: Office) -> None:
    come(office, bounce())
    heed(office)
    assert standing(office) == {BOB: ("stopped", "bounce"), "erin@erins-firm.example": ACTIVE}
    assert suppressed(office) == {BOB: "bounce"}
    assert {row.to_address: row.fared for row in office.rows() if row.state == "sent"} == {
        BOB: "gone",
        "erin@erins-firm.example": "",
    }


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.7.1", "550 5.7.1 refused by policy"),
        ("5.2.2", "552 5.2.2 mailbox full"),
        ("5.0.0", "554 no"),
    ],
)
def test_another_lasting_failure_stops_and_suppresses_nobody(
    office: Office, status: str, said: str
) -> None:
    come(office, bounce(status=status, said=said))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "bounce")
    assert suppressed(office) == {}


def test_a_bounce_behind_the_last_mail_suppresses_all_the_same(new_office: NewOffice) -> None:
    office = new_office(people=("bob",))
    office.send()
    come(office, bounce())
    heed(office)
    assert (standing(office)[BOB][0], suppressed(office)) == ("finished", {BOB: "bounce"})


def test_a_bounce_that_names_nobody_is_found_by_its_conversation(office: Office) -> None:
    real = sent_copies(office)[BOB]
    text = "Hi. This is the qmail-send program. I'm afraid I wasn't able to deliver your message.\nSorry, no mailbox here by that name."
    come(office, letter(f"In-Reply-To: <{real}>", "Return-Path: <>", subject="failure notice",
                        sender="MAILER-DAEMON@mx.example", text=text))  # fmt: skip
    heed(office)
    assert standing(office)[BOB] == ("stopped", "bounce")
    assert suppressed(office) == {BOB: "bounce"}


def test_where_their_mail_is_passed_on_to_nobody_their_own_address_is_not_suppressed(
    office: Office,
) -> None:
    real = sent_copies(office)[BOB]
    come(office, bounce("old-bob@elsewhere.example", answers=real))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "bounce")
    assert suppressed(office) == {}


def test_a_person_who_passes_a_bounce_on_is_a_person(office: Office) -> None:
    come(office, letter(text=f"Look what I got: 550 5.1.1 <{BOB}> User unknown"))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "reply")
    assert suppressed(office) == {}


def test_delays_do_nothing_until_three_mails_in_a_row_fared_so(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER, REMINDER, REMINDER))
    for number in range(3):
        for _ in range(8):
            office.send()
            sent_copies(office)
            if len(office.post.sent) > number:
                break
            office.bench.clock.wait(86_400)
            office.read_mail()
        late = bounce(
            action="delayed" if number else "failed", status="4.4.7", said="451 try again"
        )
        come(office, late)
        come(office, late)  # a second notice about the same mail says nothing new
        heed(office)
        expected = ACTIVE if number < 2 else ("stopped", "bounce")
        assert standing(office)[BOB] == expected, number
    assert suppressed(office) == {}


# --- away -----------------------------------------------------------------------------------


def test_erin_is_away_and_waited_for_until_the_day_after_she_is_back(office: Office) -> None:
    come(office, away("I am out of the office until Wednesday, 20 May 2026."))
    assert heed(office).parked == 1
    assert parked(office) == datetime(2026, 5, 21, tzinfo=UTC)
    assert set(standing(office).values()) == {ACTIVE}
    assert suppressed(office) == {}


def test_a_return_on_a_friday_is_waited_for_until_monday(office: Office) -> None:
    come(office, away("Ich bin bis einschließlich Donnerstag, 21.05.2026 nicht im Büro."))
    heed(office)
    assert parked(office) == datetime(2026, 5, 25, tzinfo=UTC)


def test_an_absence_without_a_date_lasts_a_week(office: Office) -> None:
    come(office, away("I am out of the office with limited access to mail."))
    heed(office)
    found = parked(office)
    assert found is not None
    assert 6.9 < (found - office.bench.clock.at).total_seconds() / 86_400 < 7.1


def test_a_shorter_absence_takes_nothing_back(office: Office) -> None:
    come(office, away("I am out of the office until 28 May 2026."))
    come(office, away("I am out of the office until 20 May 2026."), later_seconds=120)
    heed(office)
    assert parked(office) == datetime(2026, 5, 29, tzinfo=UTC)


def test_a_ticket_number_parks_nobody(office: Office) -> None:
    raw = letter("Auto-Submitted: auto-replied", text="Thank you. Your request has the number 4711.")  # fmt: skip
    come(office, raw)
    heed(office)
    assert (parked(office), standing(office)[BOB]) == (None, ACTIVE)


def test_nothing_goes_to_somebody_away_and_it_goes_when_they_are_back(office: Office) -> None:
    come(office, away("I am out of the office until Wednesday, 20 May 2026."))
    office.to_the_end()
    to_bob = [one.at for one in office.post.sent if one.to == BOB]
    assert len(to_bob) == 3
    assert to_bob[1] >= datetime(2026, 5, 21, tzinfo=UTC).timestamp()


# --- order, repetition, memory -----------------------------------------------------------------

SCRIPT: dict[str, Callable[[str], str]] = {
    "away": lambda who: away("I am out of the office until 20 May 2026.", sender=who),
    "answer": lambda who: letter(sender=who),
    "opt-out": lambda who: letter(text="Please remove me from your list.", sender=who),
    "gone": bounce,
    "full": lambda who: bounce(who, status="5.2.2", said="552 5.2.2 mailbox full"),
    "by hand": lambda who: letter(f"To: {who}", sender="alice@seller.example", text="One more"),
}


@pytest.mark.parametrize("names", [("away", "answer", "opt-out"), ("gone", "answer", "by hand"), ("full", "gone", "away")])  # fmt: skip
def test_any_order_and_any_number_of_looks_lead_to_the_same_end(
    new_office: NewOffice, names: tuple[str, ...]
) -> None:
    """Six people get the same three mails, each in an order of their own."""
    orders = dict(zip(("ann", "bob", "cy", "dan", "eve", "fay"), itertools.permutations(range(3)), strict=True))  # fmt: skip
    office = new_office(people=tuple(orders), steps=(REMINDER,))
    office.send()
    sent_copies(office)
    for turn in range(3):
        for who, order in orders.items():
            name = names[order[turn]]
            ident = f"Message-ID: <{order[turn]}-{who}@mail.example>"
            raw = f"{ident}\r\n{SCRIPT[name](f'{who}@{who}s-firm.example')}"
            labels = ("SENT",) if name == "by hand" else ("INBOX",)
            come(office, raw, labels=labels, later_seconds=60 + order[turn])
        heed(office)
    before = everything(office)
    heed(office, since=0)
    heed(office)
    assert everything(office) == before
    people, mails, _ = before
    ends = {str(row[1:]).replace(row[0].partition("@")[0], "") for row in people}
    assert len(ends) == 1, ends
    assert len({(row.step_key, row.state, row.fared) for row in mails}) == 2


def test_what_was_looked_at_is_not_looked_at_again(office: Office) -> None:
    come(office, letter())
    assert heed(office).stopped == 1
    with office.desk.database.write() as tx:
        tx.execute(update(enrollment).values(state="active", stop_reason=""))
    assert heed(office).stopped == 0
    assert heed(office, since=0).stopped == 1


def test_when_the_last_mail_looked_at_is_gone_all_is_looked_at_again(office: Office) -> None:
    come(office, letter())
    last = come(office, letter(sender="x@elsewhere.example"))
    heed(office)
    with office.desk.database.write() as tx:
        tx.execute(update(enrollment).values(state="active", stop_reason=""))
        tx.execute(update(setting).where(setting.c.key == "heeded").values(
            value=f'{{"message": {last}, "key": "another", "enrollment": 9}}'))  # fmt: skip
    assert heed(office).stopped == 1


def test_a_long_backlog_is_gone_through_in_pieces(office: Office, monkeypatch) -> None:
    monkeypatch.setattr("inboxcrm.services.heeding.AT_ONCE", 2)
    for number in range(5):
        come(office, letter(sender=f"x{number}@elsewhere.example"))
    come(office, letter())
    rounds = 0
    while heed(office).has_more:
        rounds += 1
    assert rounds >= 3
    assert standing(office)[BOB] == ("stopped", "reply")


def test_somebody_enrolled_by_a_slow_clock_is_heeded_too(new_office: NewOffice) -> None:
    """Their opt-out bears a later hour than their enrollment, and was stored and looked at before it."""
    office = new_office(people=("bob",))
    office.send()
    come(office, letter(text="unsubscribe", sender="erin@erins-firm.example"), later_seconds=600)
    heed(office)
    from inboxcrm.services import cadences
    from inboxcrm.services.lead_making import create_lead

    with office.desk.database.write() as tx:
        there = tx.execute(
            select(lead_address.c.lead_id)
            .join(address, address.c.id == lead_address.c.address_id)
            .where(address.c.key == "erin@erins-firm.example")
        ).scalar()
    if there is None:
        create_lead(office.desk, ALICE, "erin@erins-firm.example", "Erin Tanaka")
    cadences.start(office.desk, ALICE, "Autumn")
    heed(office)
    assert suppressed(office) == {"erin@erins-firm.example": "opt_out"}


def test_an_answer_stops_though_no_mail_is_due(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=({"after": "3 days", "template": "hello"},))
    office.send()
    sent_copies(office)
    come(office, letter())
    heed_stored_mail(office.desk)
    assert standing(office)[BOB][0] == "stopped"
    before = everything(office)
    heed_stored_mail(office.desk)
    heed_stored_mail(office.desk, should_stop=lambda: True)
    assert everything(office) == before


def test_the_sender_heeds_before_it_claims(office: Office) -> None:
    come(office, bounce())
    office.bench.clock.wait(4 * 86_400)
    office.read_mail()
    office.send()
    assert office.post.deliveries()[BOB] == 1
    assert suppressed(office) == {BOB: "bounce"}


def test_only_cadences_of_the_mailbox_asked_about_are_touched(office: Office) -> None:
    come(office, letter())
    with office.desk.database.write() as tx:
        from inboxcrm.services.heeding import heed_mail

        assert heed_mail(tx, office.desk, 999, since=0).stopped == 0
        box = tx.execute(select(mailbox.c.id)).scalar_one()
        assert heed_mail(tx, office.desk, box, since=0).stopped == 1
        assert tx.execute(select(message_copy.c.id).limit(1)).first()


def test_where_many_of_the_last_mails_bounced_the_mailbox_sends_nothing_for_a_day(
    new_office: NewOffice,
) -> None:
    names = ("bob", "carol", "dave", "frank")
    office = new_office(people=names)
    office.send()
    office.bench.clock.wait(600)
    for name in names[:2]:
        come(office, bounce(f"{name}@{name}s-firm.example"))
    heed(office)
    with office.desk.database.read() as tx:
        assert pause_of(tx, 1).until_at is None, "two are not many"
    come(office, bounce("dave@daves-firm.example"), later_seconds=120)
    heed(office)
    with office.desk.database.read() as tx:
        held = pause_of(tx, 1)
    assert held.reason == "3 of the last 4 mails bounced: the addresses need a look."
    assert held.until_at is not None


def pressed(address: str) -> str:
    """What a mail program sends by itself, here from an address nobody has seen before."""
    return letter(f"To: {address}", sender="somebody@else.example", subject="unsubscribe", text="")


def test_the_button_of_a_mail_program_suppresses_from_whatever_address_it_is_pressed(
    office: Office,
) -> None:
    opener = message_from_bytes(office.post.sent[0].mime, policy=policy.default)
    field = opener["List-Unsubscribe"]
    assert field.startswith("<mailto:alice+unsub-")
    assert opener["List-Unsubscribe-Post"] is None
    address = field.removeprefix("<mailto:").partition("?")[0]
    come(office, pressed(address))
    heed(office)
    assert suppressed(office) == {BOB: "opt_out"}
    assert standing(office)[BOB] == ("stopped", "opt_out")
    come(office, pressed(address))
    heed(office)
    assert suppressed(office) == {BOB: "opt_out"}


def test_a_made_up_button_does_nothing(office: Office) -> None:
    to = f"alice+unsub-{'a' * 24}@seller.example"
    come(office, pressed(to))
    heed(office)
    assert suppressed(office) == {}
    assert standing(office)[BOB] == ACTIVE


def test_a_dead_senders_draft_that_its_owner_sent_by_hand_does_not_go_again(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob",))

    def die_once_a_draft_is_kept() -> None:
        if office.post.drafts:
            raise Killed

    with pytest.raises(Killed):
        office.send(PostSender(office.post, die_once_a_draft_is_kept))
    assert office.states() == {BOB: "claimed"}
    [draft] = office.post.drafts
    sent = office.post.send(draft)
    assert sent is not None
    come(office, sent.mime, labels=("SENT",), ref=sent.ref, thread_ref=sent.ref)
    office.send()
    assert office.states() == {BOB: "sent"}
    assert office.post.deliveries() == {BOB: 1}


def test_a_copy_that_turns_up_late_confirms_its_mail(new_office: NewOffice) -> None:
    office = new_office(Habits(strips_key=True, lost_done=1.0), people=("bob",))
    office.to_the_end()
    assert office.states() == {BOB: "unconfirmed"}
    sent = office.post.sent[0]
    come(office, sent.mime, labels=("SENT",), ref=sent.ref, thread_ref=sent.ref)
    heed(office)
    assert office.states() == {BOB: "sent"}
