"""The list narrowed: what each filter shows, whose mail it counts, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from inboxcrm.services.leads import delete_lead, dismiss_wait, link_thread, unlink_thread
from inboxcrm.services.undo import undo
from inboxcrm.store import inbox_filters
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.tables import account, lead, mailbox
from inboxcrm.views.inbox import Show, inbox, shown
from inboxcrm.views.leads import lead_list
from tests.views.correspondence import ALICE, counted_queries

BOB, CAROL, DAVE = (
    "Bob Baker <bob@bakery.example>",
    "Carol <carol@flowers.example>",
    "Dave <dave@daves.example>",
)
SALES = "Sales <info@flowers.example>"
NEWS = [("List-Id", "<news.shop.example>"), ("List-Unsubscribe", "<mailto:off@shop.example>")]
ERIN = "erin@ourfirm.example"
NARROW = [Show.LEADS, Show.UNKNOWN, Show.WAITING, Show.WAITING_THEM, Show.MINE]


def subjects(office, show, viewer=None, **more):
    view = inbox(office.desk, viewer or office.viewer, show=Show(show), **more)
    return [row.subject for row in view.rows]


def counts(office, viewer=None):
    view = inbox(office.desk, viewer or office.viewer)
    return {tab.key: tab.count for tab in view.tabs if tab.count}


def lead_of(office, name):
    return next(row for row in lead_list(office.desk, office.viewer).rows if row.name == name)


def set_lead(office, name, **values):
    with office.desk.database.write() as tx:
        tx.execute(update(lead).where(lead.c.name == name).values(**values))


@pytest.fixture
def correspondence(office):
    """Bob waits, we wait for Carol, a role address is in review, a newsletter came."""
    office.mail(BOB, subject="Ovens", days_ago=3)
    office.mail(CAROL, subject="Roses", thread_ref="roses", days_ago=5, message_id="r@flowers")
    office.mail(
        ALICE,
        "carol@flowers.example",
        subject="Re: Roses",
        thread_ref="roses",
        labels=["SENT"],
        days_ago=2,
        reply_to_id="r@flowers",
    )
    office.mail(SALES, subject="Tulips", days_ago=1)
    office.mail("News <news@shop.example>", subject="Issue 212", headers=NEWS, days_ago=0.5)
    return office


def test_each_filter_shows_its_own(correspondence):
    assert {show.value: subjects(correspondence, show) for show in Show} == {
        "all": ["Issue 212", "Tulips", "Roses", "Ovens"],
        "team": ["Issue 212", "Tulips", "Roses", "Ovens"],
        "leads": ["Roses", "Ovens"],
        "unknown": ["Tulips"],
        "waiting": ["Tulips", "Ovens"],
        "waiting-them": ["Roses"],
        "mine": [],
    }


def test_the_tabs_say_how_many_wait_and_which_is_open(correspondence):
    assert counts(correspondence) == {"waiting": "2", "unknown": "1"}
    for show in Show:
        view = inbox(correspondence.desk, correspondence.viewer, show=show)
        current = [tab.key for tab in view.tabs if tab.is_current]
        assert current == ["all" if show is Show.TEAM else show.value]


def test_a_filter_nobody_knows_shows_everything():
    assert [shown(key) for key in ("", "x", "waiting", "<b>")] == [
        Show.ALL,
        Show.ALL,
        Show.WAITING,
        Show.ALL,
    ]


def test_a_hundred_and_more_are_not_counted(office, monkeypatch):
    monkeypatch.setattr("inboxcrm.views.inbox._MOST_COUNTED", 3)
    for number in range(4):
        office.mail(f"Guest <guest{number}@hotel{number}.example>", days_ago=number + 1)
    assert counts(office) == {"waiting": "3+"}


def test_a_count_looks_at_the_newest_only_and_says_so(office, monkeypatch):
    for number in range(4):
        office.mail(f"Guest <guest{number}@hotel{number}.example>", days_ago=number + 1)
    assert counts(office) == {"waiting": "4"}
    monkeypatch.setattr(inbox_filters, "COUNT_REACH", 2)
    inbox_filters._counts.cache_clear()
    assert counts(office) == {"waiting": "2+"}
    inbox_filters._counts.cache_clear()


# --- waiting ----------------------------------------------------------------------


def test_no_answer_needed_takes_a_thread_off_the_list_and_undo_puts_it_back(correspondence):
    office = correspondence
    done = dismiss_wait(office.desk, office.viewer, lead_of(office, "Bob Baker").id)
    assert subjects(office, "waiting") == ["Tulips"]
    undo(office.desk, office.viewer, done.undo)
    assert subjects(office, "waiting") == ["Tulips", "Ovens"]


def test_the_next_mail_brings_it_back(correspondence):
    office = correspondence
    dismiss_wait(office.desk, office.viewer, lead_of(office, "Bob Baker").id)
    office.mail(BOB, subject="Ovens again", days_ago=0.1)
    assert subjects(office, "waiting") == ["Ovens again", "Tulips"]


def test_a_snoozed_lead_waits_again_when_its_day_has_come(correspondence):
    office = correspondence
    set_lead(office, "Bob Baker", snoozed_until_at=to_ms(office.clock.moment + timedelta(days=2)))
    assert subjects(office, "waiting") == ["Tulips"]
    assert counts(office)["waiting"] == "1"
    assert "Ovens" in subjects(office, "leads")
    office.pass_time(days=2, minutes=1)
    assert subjects(office, "waiting") == ["Tulips", "Ovens"]


def test_who_is_ignored_is_not_waited_for(correspondence):
    office = correspondence
    found = lead_of(office, "Bob Baker")
    delete_lead(office.desk, office.viewer, found.id, version=found.version)
    assert subjects(office, "waiting") == ["Tulips"]
    assert "Ovens" not in subjects(office, "leads")


def test_our_answer_moves_a_thread_to_the_other_list(office):
    office.mail(BOB, subject="Ovens", thread_ref="t", message_id="first@bakery", days_ago=2)
    assert (subjects(office, "waiting"), subjects(office, "waiting-them")) == (["Ovens"], [])
    office.mail(
        ALICE,
        "bob@bakery.example",
        subject="Re: Ovens",
        thread_ref="t",
        labels=["SENT"],
        reply_to_id="first@bakery",
    )
    assert (subjects(office, "waiting"), subjects(office, "waiting-them")) == ([], ["Ovens"])


def test_spam_and_trash_wait_for_nobody(office):
    for label in ("SPAM", "TRASH"):
        office.mail(BOB, subject=label, labels=[label])
    assert [subjects(office, show) for show in NARROW] == [[]] * len(NARROW)


# --- leads and unknown ------------------------------------------------------------


def test_a_thread_of_two_leads_is_one_row(office):
    office.mail(CAROL, subject="Hello", days_ago=9)
    office.mail(BOB, [ALICE, "carol@flowers.example"], subject="Both", thread_ref="t", days_ago=2)
    office.mail(BOB, [ALICE, "carol@flowers.example"], subject="Both", thread_ref="t", days_ago=1)
    assert subjects(office, "leads") == ["Both", "Hello"]


def test_a_thread_tied_by_hand_is_a_leads_and_untied_is_not(office):
    office.mail(BOB, subject="Ovens", days_ago=2)
    office.mail(SALES, subject="Tulips", thread_ref="t")
    bob = lead_of(office, "Bob Baker").id
    link_thread(office.desk, office.viewer, office.thread_id("t"), bob)
    assert subjects(office, "leads") == ["Tulips", "Ovens"]
    assert subjects(office, "unknown") == []
    unlink_thread(office.desk, office.viewer, office.thread_id("t"), bob)
    assert subjects(office, "leads") == ["Ovens"]
    assert subjects(office, "unknown") == ["Tulips"]


def test_the_same_mail_in_two_mailboxes_is_one_row_everywhere(office):
    office.add_mailbox(ERIN)
    for box in (ALICE, ERIN):
        office.mail(BOB, [ALICE, ERIN], subject="Same", message_id="same@bakery", box=box)
        office.mail(SALES, [ALICE, ERIN], subject="Shared", message_id="s@flowers", box=box)
    assert subjects(office, "leads") == ["Same"]
    assert subjects(office, "unknown") == ["Shared"]
    assert sorted(subjects(office, "waiting")) == ["Same", "Shared"]


# --- mine -------------------------------------------------------------------------


def own(office, address, account_id):
    with office.desk.database.write() as tx:
        tx.execute(update(mailbox).where(mailbox.c.address == address).values(owner_id=account_id))


def test_mine_are_my_mailboxes_and_my_leads(office):
    office.add_mailbox(ERIN)
    with office.desk.database.write() as tx:
        erins = tx.execute(
            insert(account).returning(account.c.id), {"name": "Erin", "created_at": 0}
        ).scalar_one()
    office.mail(BOB, subject="To Alice", days_ago=3)
    office.mail(CAROL, ERIN, box=ERIN, subject="To Erin", days_ago=2)
    office.mail(DAVE, ERIN, box=ERIN, subject="Mine in her mailbox", days_ago=1)
    own(office, ALICE, 1)
    own(office, ERIN, erins)
    set_lead(office, "Dave", owner_id=1)
    assert subjects(office, "mine") == ["Mine in her mailbox", "To Alice"]
    assert len(subjects(office, "team")) == 3


# --- whose mail -------------------------------------------------------------------


def test_who_may_not_read_the_mailbox_sees_nothing_and_counts_nothing(correspondence):
    office = correspondence
    office.add_mailbox(ERIN)
    set_lead(office, "Bob Baker", owner_id=1)
    assert subjects(office, "mine") == ["Ovens"]
    for viewer in (office.reader_of(), office.reader_of(ERIN)):
        assert [subjects(office, show, viewer) for show in Show] == [[]] * len(Show)
        assert counts(office, viewer) == {}
    alice = office.reader_of(ALICE)
    assert [subjects(office, show, alice) for show in Show] == [
        subjects(office, show) for show in Show
    ]
    assert counts(office, alice) == counts(office)


def test_a_blind_copy_is_no_reason_to_show_a_thread_to_a_colleague(office):
    office.add_mailbox(ERIN)
    office.mail(BOB, days_ago=9, subject="Ovens")
    # The one mail, in both mailboxes; only Alice's copy knows of Bob.
    for box, bcc in ((ALICE, "bob@bakery.example"), (ERIN, "")):
        office.mail(
            ALICE,
            ERIN,
            subject="Between us",
            message_id="in@ourfirm",
            labels=["SENT"] if box == ALICE else ["INBOX"],
            box=box,
            bcc=bcc,
        )
    assert "Between us" in subjects(office, "leads", office.reader_of(ALICE))
    for show in NARROW:
        assert subjects(office, show, office.reader_of(ERIN)) == []


# --- pages ------------------------------------------------------------------------


@pytest.mark.parametrize("show", NARROW)
def test_pages_of_a_filter_follow_each_other_without_gap_or_repeat(office, show):
    own(office, ALICE, 1)
    for number in range(7):
        name = "info" if show is Show.UNKNOWN else "guest"
        office.mail(
            f"{name}@hotel{number}.example" if show is not Show.WAITING_THEM else ALICE,
            f"guest@hotel{number}.example" if show is Show.WAITING_THEM else ALICE,
            subject=f"Mail {number}",
            days_ago=1 + number // 2,
            labels=["SENT"] if show is Show.WAITING_THEM else ["INBOX"],
        )
    seen, before = [], None
    while True:
        view = inbox(office.desk, office.viewer, show=show, before=before, limit=2)
        assert len(view.rows) <= 2
        seen += [row.subject for row in view.rows]
        before = view.next
        if before is None:
            break
    assert sorted(seen) == [f"Mail {number}" for number in range(7)]
    assert len(seen) == 7


def test_a_look_has_an_end_and_the_next_page_goes_on_from_there(office, monkeypatch):
    monkeypatch.setattr(inbox_filters, "REACH", 3)
    for made in (inbox_filters._window, inbox_filters._counts):
        made.cache_clear()
    try:
        own(office, ALICE, None)
        office.mail(BOB, subject="Ovens", days_ago=20)
        set_lead(office, "Bob Baker", owner_id=1)
        for number in range(7):
            office.mail(f"guest@hotel{number}.example", days_ago=1 + number)
        looks, before = [], None
        while True:
            view = inbox(office.desk, office.viewer, show=Show.MINE, before=before)
            looks.append(([row.subject for row in view.rows], view.is_cut))
            before = view.next
            if before is None:
                break
        assert looks == [([], True), ([], True), (["Ovens"], False)]
    finally:
        for made in (inbox_filters._window, inbox_filters._counts):
            made.cache_clear()


@pytest.mark.parametrize("few", [1, 2_000], ids=["walked", "gathered"])
def test_a_reader_of_some_mailboxes_gets_the_same_list_either_way(office, monkeypatch, few):
    from inboxcrm.store import inbox as threads

    smaller = threads._FEW_THREADS if few > 1 else 1
    monkeypatch.setattr(threads, "_FEW_THREADS", smaller)
    office.add_mailbox(ERIN)
    for number in range(6):
        office.mail(
            f"guest@hotel{number}.example",
            ALICE if number % 2 else ERIN,
            box=ALICE if number % 2 else ERIN,
            subject=f"Mail {number}",
            days_ago=number + 1,
        )
    assert subjects(office, "all", office.reader_of(ALICE)) == ["Mail 1", "Mail 3", "Mail 5"]
    assert subjects(office, "all", office.reader_of(ALICE, ERIN)) == [
        f"Mail {number}" for number in range(6)
    ]


@pytest.mark.parametrize("show", list(Show))
def test_a_filter_costs_the_same_however_much_there_is(office, show):
    own(office, ALICE, 1)

    def fill(first, many):
        for number in range(first, first + many):
            office.mail(f"guest@hotel{number}.example", days_ago=1 + number)
            office.mail(f"info@hotel{number}.example", days_ago=1 + number)
            office.mail(ALICE, f"dave@daves{number}.example", labels=["SENT"])

    def cost():
        with counted_queries(office) as seen:
            assert inbox(office.desk, office.viewer, show=show, limit=10).rows
            assert inbox(office.desk, office.reader_of(ALICE), show=show, limit=10).rows
        return len(seen)

    fill(0, 1)
    few = cost()
    fill(1, 12)
    assert cost() == few <= 10
