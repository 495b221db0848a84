"""A person says that a mail was misread: what it did is undone, what it should have done happens, and both can be undone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import ForbiddenError, NotFoundError, RefusedError
from inboxcrm.mail.said import Said
from inboxcrm.services.cadences import cancel
from inboxcrm.services.lead_changes import WrongFieldsError
from inboxcrm.services.opting_out import opt_out_by_link
from inboxcrm.services.suppressions import release, suppress
from inboxcrm.services.verdicts import correct_verdict, take_back_word
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.overruled import words_on
from inboxcrm.store.tables import activity, address, enrollment, lead, mailbox, message, outbox
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


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    """Bob got the first of three mails, and its sent copy is back."""
    return first_mails_back(new_office, "bob", reminders=2)


def correct(office: Office, mail: int, said: Said, viewer: Viewer = ALICE, **how):
    sealed = office.desk.ids.seal("message", mail)
    return correct_verdict(office.desk, viewer, sealed, said, **how)


def take_back(office: Office, mail: int, **how):
    return take_back_word(office.desk, ALICE, office.desk.ids.seal("message", mail), **how)


def mails(office: Office) -> list[str]:
    return [row.state for row in office.rows()]


def pasts(office: Office) -> list[str]:
    with office.desk.database.read() as tx:
        wanted = select(activity.c.text).where(activity.c.kind == "cadence").order_by(activity.c.id)
        return list(tx.execute(wanted).scalars())


# --- a stop that was none ---------------------------------------------------------------------


@pytest.mark.parametrize("said", [Said.AUTOMATIC, Said.BOUNCE_SOFT])
def test_what_was_no_answer_lets_the_cadence_go_on(office: Office, said: Said) -> None:
    mail = come(office, letter(text="Ticket 4711 was opened."))
    heed(office)
    assert (standing(office)[BOB], mails(office)) == (("stopped", "reply"), ["sent", "cancelled"])
    done = correct(office, mail, said)
    assert (done.changed, done.goes_on, done.stopped) == (True, ("Autumn",), 0)
    assert (standing(office)[BOB], mails(office)) == (ACTIVE, ["sent", "planned"])
    assert pasts(office)[-1].startswith("Autumn goes on: ")
    office.to_the_end()
    assert office.post.deliveries() == {BOB: 3}
    assert office.wrong() == []


def test_heeding_it_again_does_not_stop_it_again(office: Office) -> None:
    mail = come(office, letter())
    heed(office)
    correct(office, mail, Said.AUTOMATIC)
    before = everything(office)
    heed(office, since=0)
    assert everything(office) == before


def test_a_mail_that_fell_due_meanwhile_does_not_go_at_once_with_others(
    new_office: NewOffice,
) -> None:
    office = new_office(people=("bob", "erin", "frank"), steps=(REMINDER,))
    office.send()
    office.bench.clock.wait(600)
    sent_copies(office)
    wrong = [come(office, letter(sender=f"{who}@{who}s-firm.example")) for who in office.people]
    heed(office)
    office.bench.clock.wait(20 * 86_400)
    now = office.bench.clock.at
    for one in wrong:
        correct(office, one, Said.AUTOMATIC)
    due = [from_ms(row.due_at) for row in office.rows() if row.state == "planned"]
    assert len(due) == 3
    assert all(one >= now - timedelta(seconds=1) for one in due)
    office.to_the_end()
    assert set(office.post.deliveries().values()) == {2}


def test_another_answer_keeps_the_cadence_stopped(office: Office) -> None:
    first = come(office, letter(text="Ticket 4711 was opened."))
    come(office, letter(text="Yes please."), later_seconds=900)
    heed(office)
    done = correct(office, first, Said.AUTOMATIC)
    assert (done.goes_on, standing(office)[BOB]) == ((), ("stopped", "reply"))
    with office.desk.database.read() as tx:
        assert tx.execute(select(enrollment.c.stop_message_id)).scalar_one() != first
    assert mails(office) == ["sent", "cancelled"]


def test_a_stop_by_hand_stays(office: Office) -> None:
    from inboxcrm.services.lead_stops import stop_lead

    with office.desk.database.read() as tx:
        bob = office.desk.ids.seal("lead", office.lead_id(tx, "Bob Tanaka"))
    stop_lead(office.desk, ALICE, bob)
    mail = come(office, letter())
    heed(office)
    correct(office, mail, Said.AUTOMATIC)
    assert standing(office)[BOB] == ("stopped", "person")


def test_a_cadence_that_is_over_stays_so(office: Office) -> None:
    mail = come(office, letter())
    heed(office)
    cancel(office.desk, ALICE, "Autumn")
    done = correct(office, mail, Said.AUTOMATIC)
    assert (done.goes_on, standing(office)[BOB]) == ((), ("stopped", "reply"))
    assert "is over, and stays so" in done.text


def test_a_mail_that_was_handed_over_is_never_planned_anew(office: Office) -> None:
    """Somebody said of it that it had not gone; the provider may still think otherwise."""
    mail = come(office, letter())
    heed(office)
    with office.desk.database.write() as tx:
        tx.execute(update(outbox).where(outbox.c.state == "cancelled").values(handed_over_at=1))
    correct(office, mail, Said.AUTOMATIC)
    assert mails(office) == ["sent", "cancelled", "planned"], "the step behind it goes"


def test_a_stop_before_the_next_mail_was_planned_plans_it(office: Office) -> None:
    with office.desk.database.write() as tx:
        tx.execute(outbox.delete().where(outbox.c.state == "planned"))
    mail = come(office, letter())
    heed(office)
    correct(office, mail, Said.AUTOMATIC)
    assert mails(office) == ["sent", "planned"]


# --- what it is instead --------------------------------------------------------------------------


def test_an_answer_that_was_a_wish_to_hear_no_more_suppresses(office: Office) -> None:
    mail = come(office, letter(text="My garden is my castle."))
    heed(office)
    assert suppressed(office) == {}
    correct(office, mail, Said.OPT_OUT)
    assert (standing(office)[BOB], suppressed(office)) == (("stopped", "opt_out"), {BOB: "opt_out"})


def test_a_wish_to_hear_no_more_that_was_an_answer_suppresses_nobody(office: Office) -> None:
    """They meant the trials they had spoken of; a person knows that."""
    mail = come(office, letter(text="Please take me off your list. We have decided."))
    heed(office)
    assert suppressed(office) == {BOB: "opt_out"}
    done = correct(office, mail, Said.HUMAN)
    assert (standing(office)[BOB], suppressed(office)) == (("stopped", "reply"), {})
    assert done.goes_on == ()


def test_a_note_of_absence_the_rules_missed_parks_until_the_day_it_names(office: Office) -> None:
    mail = come(office, letter(text="Gone fishing."))
    heed(office)
    done = correct(office, mail, Said.ABSENCE, back_on=date(2026, 5, 20))
    assert (done.goes_on, done.parked) == (("Autumn",), 1)
    assert (standing(office)[BOB], parked(office)) == (ACTIVE, datetime(2026, 5, 21, tzinfo=UTC))
    correct(office, mail, Said.ABSENCE, back_on=date(2026, 5, 18))
    assert parked(office) == datetime(2026, 5, 19, tzinfo=UTC)


def test_a_note_of_absence_that_was_none_parks_no_longer(office: Office) -> None:
    mail = come(office, away())
    heed(office)
    assert parked(office) is not None
    correct(office, mail, Said.AUTOMATIC)
    assert (standing(office)[BOB], parked(office)) == (ACTIVE, None)


def test_a_note_of_absence_that_was_an_answer_stops_now(office: Office) -> None:
    mail = come(office, away())
    heed(office)
    done = correct(office, mail, Said.HUMAN)
    assert (done.stopped, standing(office)[BOB], parked(office)) == (1, ("stopped", "reply"), None)
    assert mails(office) == ["sent", "cancelled"]


def test_another_absence_holds_when_one_proves_none(office: Office) -> None:
    first = come(office, away("I am out of the office until 28 May 2026."))
    come(office, away("I am out of the office until 20 May 2026."), later_seconds=120)
    heed(office)
    correct(office, first, Said.AUTOMATIC)
    assert parked(office) == datetime(2026, 5, 21, tzinfo=UTC)


def test_a_hard_bounce_that_was_a_soft_one_is_taken_back_whole(office: Office) -> None:
    mail = come(office, bounce())
    heed(office)
    assert (standing(office)[BOB], suppressed(office)) == (("stopped", "bounce"), {BOB: "bounce"})
    correct(office, mail, Said.BOUNCE_SOFT)
    assert (standing(office)[BOB], suppressed(office)) == (ACTIVE, {})
    assert [row.fared for row in office.rows()] == ["late", ""]
    correct(office, mail, Said.BOUNCE_HARD)
    assert (standing(office)[BOB], suppressed(office)) == (("stopped", "bounce"), {BOB: "bounce"})
    assert [row.fared for row in office.rows()] == ["gone", ""]


def test_a_mail_of_a_colleague_that_means_the_address_is_gone_suppresses_it(office: Office) -> None:
    ref = next(row.thread_ref for row in office.rows() if row.to_address == BOB)
    text = "Bob has left us. Write to erin@bobs-firm.example instead."
    mail = come(office, letter(sender="desk@bobs-firm.example", text=text), thread_ref=ref)
    heed(office)
    correct(office, mail, Said.BOUNCE_HARD)
    assert suppressed(office) == {BOB: "bounce"}
    assert standing(office)[BOB] == ("stopped", "bounce")


def test_a_list_in_our_own_thread_is_clear_to_whoever_looked(office: Office) -> None:
    ref = next(row.thread_ref for row in office.rows() if row.to_address == BOB)
    mail = come(office, letter("List-Id: <desk.bobs-firm.example>"), thread_ref=ref)
    heed(office)
    assert standing(office)[BOB] == ("stopped", "unclear")
    correct(office, mail, Said.BULK)
    assert standing(office)[BOB] == ACTIVE


def test_a_wish_somebody_confirms_holds_against_an_earlier_release(office: Office) -> None:
    mail = come(office, letter(text="unsubscribe"))
    heed(office)
    office.bench.clock.wait(3_600)
    release(office.desk, ALICE, BOB)
    office.bench.clock.wait(3_600)
    correct(office, mail, Said.OPT_OUT)
    assert suppressed(office) == {BOB: "opt_out"}


def test_before_anybody_heeded_it_the_word_counts_already(office: Office) -> None:
    mail = come(office, letter())
    correct(office, mail, Said.AUTOMATIC)
    heed(office)
    assert standing(office)[BOB] == ACTIVE


# --- what does not rest on the mail alone -----------------------------------------------------------


def test_a_suppression_somebody_else_asked_for_too_stays(office: Office) -> None:
    mail = come(office, letter(text="unsubscribe"))
    heed(office)
    suppress(office.desk, ALICE, BOB)
    correct(office, mail, Said.AUTOMATIC)
    assert set(suppressed(office)) == {BOB}


def test_who_pressed_the_link_stays_left_alone(office: Office) -> None:
    mail = come(office, letter(text="unsubscribe"))
    heed(office)
    opt_out_by_link(office.desk, office.rows()[0].key, secret=b"s")
    done = correct(office, mail, Said.AUTOMATIC)
    assert (done.goes_on, standing(office)[BOB]) == ((), ("stopped", "opt_out"))
    assert suppressed(office) == {BOB: "opt_out"}


def test_a_second_mail_that_says_the_same_suppresses_by_itself(office: Office) -> None:
    mail = come(office, letter(text="unsubscribe"))
    come(office, letter(text="Take me off your list."), later_seconds=600)
    heed(office)
    correct(office, mail, Said.HUMAN)
    assert suppressed(office) == {BOB: "opt_out"}
    assert standing(office)[BOB] == ("stopped", "opt_out")


# --- kept, and taken back ------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [letter(text="unsubscribe"), away(), bounce(), letter("List-Id: <a.b.example>")])  # fmt: skip
def test_taking_it_back_leaves_everything_as_the_rules_had_it(office: Office, raw: str) -> None:
    mail = come(office, raw)
    heed(office)
    before = everything(office)
    for said in Said:
        correct(office, mail, said)
        take_back(office, mail)
        assert everything(office) == before, said
    with office.desk.database.read() as tx:
        assert (
            tx.execute(select(message.c.kind_rule).where(message.c.id == mail)).scalar()
            != "overruled"
        )


def test_who_said_what_and_when_is_kept_with_what_the_rules_had_found(office: Office) -> None:
    mail = come(office, letter())
    heed(office)
    correct(office, mail, Said.AUTOMATIC)
    office.bench.clock.wait(3_600)
    correct(office, mail, Said.ABSENCE, back_on=date(2026, 5, 20))
    take_back(office, mail)
    with office.desk.database.read() as tx:
        last, first = words_on(tx, mail)
    assert (first.said, last.said, last.back_on) == ("automatic", "absence", "2026-05-20")
    assert {(one.rule_kind, one.rule) for one in (first, last)} == {("human", "person")}
    assert first.rule_evidence == "From: Bob Tanaka <bob@bobs-firm.example>"
    assert first.account == last.account
    assert first.made_at < last.made_at == first.replaced_at == last.replaced_at


def test_the_mail_shows_the_word_and_the_lead_its_consequence(office: Office) -> None:
    mail = come(office, letter())
    heed(office)
    with office.desk.database.read() as tx:
        assert tx.execute(select(lead.c.owes)).scalar_one() == "us"
    correct(office, mail, Said.AUTOMATIC)
    with office.desk.database.read() as tx:
        row = tx.execute(select(message).where(message.c.id == mail)).one()
        assert (row.kind, row.kind_rule) == ("automatic", "overruled")
        assert row.kind_evidence.endswith("said so on 11 May 2026.")
        assert tx.execute(select(lead.c.owes)).scalar_one() != "us"


def test_the_same_word_twice_changes_nothing(office: Office) -> None:
    mail = come(office, letter())
    heed(office)
    correct(office, mail, Said.AUTOMATIC)
    before = everything(office), pasts(office)
    assert not correct(office, mail, Said.AUTOMATIC).changed
    assert (everything(office), pasts(office)) == before
    take_back(office, mail)
    assert not take_back(office, mail).changed


# --- who may ------------------------------------------------------------------------------------


def test_without_a_yes_nothing_goes_on_and_nothing_is_written(office: Office) -> None:
    mail = come(office, letter())
    heed(office)
    before = everything(office)
    with pytest.raises(RefusedError, match="Mails to them would go again: Autumn"):
        correct(office, mail, Said.AUTOMATIC, may_reopen=False)
    assert everything(office) == before
    with office.desk.database.read() as tx:
        assert words_on(tx, mail) == []


def test_mail_of_others_and_of_our_own_cannot_be_corrected(office: Office) -> None:
    mail = come(office, letter())
    rep = Viewer(account_id=1, mailbox_ids=frozenset())
    with pytest.raises(NotFoundError):
        correct(office, mail, Said.AUTOMATIC, viewer=rep)
    with pytest.raises(NotFoundError):
        correct_verdict(office.desk, ALICE, "made-up", Said.AUTOMATIC)
    ours = come(office, letter(f"To: {BOB}", sender="alice@seller.example"), labels=("SENT",))
    with pytest.raises(RefusedError, match="mail of our own"):
        correct(office, ours, Said.AUTOMATIC)


def test_who_may_not_send_from_a_mailbox_cannot_make_it_send_again(office: Office) -> None:
    """The same mail lies in a mailbox of theirs; the cadence goes from Alice's."""
    from inboxcrm.services.mailboxes import Declared, declare_mailboxes

    both = ("alice", "alice@seller.example"), ("frank", "frank@seller.example")
    declare_mailboxes(office.desk, [Declared(name, "gmail", who) for name, who in both])
    raw = f"Message-ID: <one@mail.example>\r\nDate: Mon, 11 May 2026 10:00:00 +0000\r\n{letter()}"
    mail = come(office, raw)
    assert come(office, raw, box="frank", ref="copy") == mail
    heed(office)
    with office.desk.database.read() as tx:
        frank = tx.execute(select(mailbox.c.id).where(mailbox.c.name == "frank")).scalar_one()
    rep = Viewer(account_id=1, mailbox_ids=frozenset({frank}))
    with pytest.raises(ForbiddenError, match="a mailbox you may not send from"):
        correct(office, mail, Said.AUTOMATIC, viewer=rep)
    assert standing(office)[BOB] == ("stopped", "reply")


@pytest.mark.parametrize(
    ("said", "day", "match"),
    [
        (Said.HUMAN, date(2026, 5, 20), "belongs to an absence"),
        (Said.ABSENCE, date(2999, 1, 1), "too far away"),
        (Said.ABSENCE, date(1, 1, 1), "too far away"),
    ],
)
def test_a_day_that_cannot_be_is_refused(office: Office, said: Said, day: date, match: str) -> None:
    mail = come(office, letter())
    with pytest.raises(WrongFieldsError, match=match):
        correct(office, mail, said, back_on=day)


def test_only_these_people_are_concerned(new_office: NewOffice) -> None:
    office = new_office(people=("bob", "erin"), steps=(REMINDER,))
    office.send()
    office.bench.clock.wait(600)
    sent_copies(office)
    mail = come(office, letter(text="unsubscribe"))
    come(office, letter(sender="erin@erins-firm.example", text="unsubscribe"))
    heed(office)
    correct(office, mail, Said.AUTOMATIC)
    assert standing(office) == {BOB: ACTIVE, "erin@erins-firm.example": ("stopped", "opt_out")}
    with office.desk.database.read() as tx:
        keys = set(tx.execute(select(address.c.key).join(enrollment, enrollment.c.address_id == address.c.id)).scalars())  # fmt: skip
    assert set(suppressed(office)) == keys - {BOB}
