from __future__ import annotations

import pytest

from inboxcrm.errors import NotFoundError
from inboxcrm.services.leads import link_thread
from inboxcrm.views.inbox import inbox, message_body, thread
from inboxcrm.views.search import search_threads
from inboxcrm.views.sidebar import sidebar
from tests.views.correspondence import ALICE

BOB = "Bob Baker <bob@bakery.example>"
ERIN = "erin@ourfirm.example"


def rows(office, viewer=None, **more):
    return inbox(office.desk, viewer or office.viewer, **more).rows


# --- the list --------------------------------------------------------------------


def test_the_newest_thread_stands_first_with_its_lead(office):
    office.mail(BOB, subject="Ovens", text="How big are they?", days_ago=3)
    office.mail("Carol <carol@flowers.example>", subject="Roses", days_ago=1)
    first, second = rows(office)
    assert [first.who, second.who] == ["Carol", "Bob Baker"]
    assert (second.subject, second.snippet) == ("Ovens", "How big are they?")
    assert (second.lead.name, second.lead.stage.label) == ("Bob Baker", "New")
    assert second.owes.text == "Bob Baker has waited 2 working days for an answer"
    assert second.note == ""


def test_a_thread_is_one_row_with_its_newest_mail(office):
    office.mail(BOB, thread_ref="t", days_ago=2, message_id="first@bakery.example")
    office.mail(
        ALICE,
        "bob@bakery.example",
        thread_ref="t",
        text="They are big.",
        labels=["SENT"],
        reply_to_id="first@bakery.example",
    )
    (row,) = rows(office)
    assert (row.who, row.snippet, row.message_count) == ("To Bob Baker", "They are big.", 2)
    assert row.is_outbound
    assert row.owes.who == "them"


@pytest.mark.parametrize("note_days_ago", [1, 3])
def test_of_a_conversation_in_two_threads_only_the_one_with_the_mail_that_waits_does(
    office, note_days_ago
):
    office.mail(BOB, subject="Ovens", days_ago=2, message_id="first@bakery.example")
    away = [("Auto-Submitted", "auto-replied")]
    office.mail(
        BOB,
        subject="Automatic reply: Ovens",
        headers=away,
        days_ago=note_days_ago,
        reply_to_id="first@bakery.example",
    )
    owes = {row.subject: row.owes and row.owes.who for row in rows(office)}
    assert owes == {"Ovens": "us", "Automatic reply: Ovens": None}


def test_who_is_no_lead_bears_a_note(office):
    office.mail("Sales <info@flowers.example>", days_ago=1)
    office.mail(
        "News <news@shop.example>", headers=[("List-Id", "<news.shop.example>")], days_ago=2
    )
    assert [(row.note, row.lead) for row in rows(office)] == [
        ("in review: role address", None),
        ("newsletter", None),
    ]


def test_spam_and_trash_are_not_in_the_inbox(office):
    office.mail(BOB, labels=["SPAM"])
    office.mail("Carol <carol@flowers.example>", labels=["TRASH"])
    office.mail("Dave <dave@daves.example>", labels=["INBOX"])
    assert [row.who for row in rows(office)] == ["Dave"]


def test_the_same_mail_in_two_mailboxes_is_one_row(office):
    office.add_mailbox(ERIN)
    office.mail(BOB, [ALICE, ERIN], message_id="same@bakery.example")
    office.mail(BOB, [ALICE, ERIN], message_id="same@bakery.example", box=ERIN)
    assert len(rows(office)) == 1
    assert [row.mailbox for row in rows(office, office.reader_of(ERIN))] == [ERIN]


def test_pages_follow_each_other_without_gap_or_repeat(office):
    for number in range(7):
        # Two and two of the same moment: the cursor must not lose one.
        office.mail(BOB, subject=f"Mail {number}", days_ago=1 + number // 2)
    seen, before = [], None
    while True:
        view = inbox(office.desk, office.viewer, before=before, limit=2)
        seen += [row.subject for row in view.rows]
        before = view.next
        if before is None:
            break
    assert sorted(seen) == [f"Mail {number}" for number in range(7)]
    assert len(seen) == 7


def test_a_made_up_cursor_shows_the_first_page(office):
    office.mail(BOB)
    for cursor in ("", "x", "zz-aaaaaaaaaaaaa", "1-" + office.thread_id("thread-1")):
        assert len(rows(office, before=cursor)) == 1


def test_a_viewer_sees_the_threads_of_their_mailboxes_only(office):
    office.add_mailbox(ERIN)
    office.mail(BOB)
    assert rows(office, office.reader_of(ERIN)) == ()
    assert rows(office, office.reader_of()) == ()
    assert len(rows(office, office.reader_of(ALICE))) == 1


# --- one thread ------------------------------------------------------------------


def open_thread(office, ref="t", viewer=None):
    return thread(office.desk, viewer or office.viewer, office.thread_id(ref))


def test_a_thread_reads_from_its_beginning(office):
    office.mail(BOB, thread_ref="t", days_ago=2, text="First", subject="Ovens")
    office.mail(
        ALICE,
        "Bob <bob@bakery.example>",
        thread_ref="t",
        labels=["SENT"],
        subject="Re: Ovens",
        text="Second\n\nOn Mon, 18 May 2026 at 12:00, Bob Baker <bob@bakery.example> wrote:\n> First\n",
    )
    view = open_thread(office)
    assert view.subject == "Ovens"
    assert [mail.text.strip() for mail in view.messages] == ["First", "Second"]
    assert [mail.is_own for mail in view.messages] == [False, True]
    assert "> First" in view.messages[1].quoted
    assert view.messages[0].who == "Bob Baker"
    assert view.messages[0].to == f"to {ALICE}"
    assert view.messages[1].to == "to Bob"


def test_the_thread_opens_in_gmail(office):
    office.mail(BOB, thread_ref="18f3ab")
    view = open_thread(office, "18f3ab")
    assert view.open_url == f"https://mail.google.com/mail/u/{ALICE}/#all/18f3ab"
    assert view.open_label == "Open in Gmail"


def test_a_mailbox_from_a_file_has_no_page_elsewhere(office):
    office.add_mailbox(ERIN, provider="mbox")
    office.mail(BOB, ERIN, box=ERIN, thread_ref="t")
    assert open_thread(office).open_url is None


def test_the_context_of_a_thread_leads_the_sidebar_to_its_lead(office):
    office.mail(BOB, [ALICE, "carol@flowers.example"], thread_ref="t")
    context = open_thread(office).context
    assert (context.people[0].address, context.people[0].role) == ("bob@bakery.example", "from")
    assert ALICE not in [one.address for one in context.people]
    assert sidebar(office.desk, office.viewer, context).lead.name == "Bob Baker"


def test_attachments_stand_by_their_mail(office):
    office.mail(BOB, thread_ref="t", attachment=b"%PDF")
    (found,) = open_thread(office).messages[0].attachments
    assert (found.filename, found.size_bytes) == ("offer.pdf", 4)


def test_html_is_given_as_it_came(office):
    office.mail(BOB, thread_ref="t", html="<p>Hello <b>Alice</b></p>")
    mail = open_thread(office).messages[0]
    assert mail.has_html
    assert "<b>Alice</b>" in message_body(office.desk, office.viewer, mail.id).html


def test_automatic_mail_is_marked(office):
    office.mail(
        "Erin Away <erin@away.example>",
        thread_ref="t",
        subject="Automatic reply: Ovens",
        headers=[("Auto-Submitted", "auto-replied")],
    )
    assert open_thread(office).messages[0].note == "automatic mail"


def test_a_mailbox_we_may_not_read_looks_like_nothing(office):
    office.add_mailbox(ERIN)
    message_id = office.mail(BOB, thread_ref="t", attachment=b"%PDF")
    erin = office.reader_of(ERIN)
    for read, what in (
        (thread, office.thread_id("t")),
        (message_body, message_id),
    ):
        with pytest.raises(NotFoundError):
            read(office.desk, erin, what)
        with pytest.raises(NotFoundError):
            read(office.desk, office.viewer, "aaaaaaaaaaaaa")


def test_a_thread_tied_to_a_lead_by_hand_shows_it_in_the_list(office):
    office.mail(BOB, days_ago=2)
    office.mail("Sales <info@flowers.example>", thread_ref="t")
    bob = rows(office)[1].lead.id
    link_thread(office.desk, office.viewer, office.thread_id("t"), bob)
    assert rows(office)[0].lead.name == "Bob Baker"


# --- found by words --------------------------------------------------------------


def test_mail_is_found_by_its_words_once_a_thread(office):
    office.mail(BOB, thread_ref="t", text="Our sourdough ovens", days_ago=2)
    office.mail(BOB, thread_ref="t", text="Sourdough again")
    office.mail("Carol <carol@flowers.example>", text="Roses")
    assert [row.who for row in search_threads(office.desk, office.viewer, "sourd")] == ["Bob Baker"]
    assert search_threads(office.desk, office.viewer, "tulips") == ()


def test_mail_of_other_mailboxes_is_not_found(office):
    office.add_mailbox(ERIN)
    office.mail(BOB, text="Our sourdough ovens")
    assert search_threads(office.desk, office.reader_of(ERIN), "sourdough") == ()
    assert len(search_threads(office.desk, office.reader_of(ALICE), "sourdough")) == 1
