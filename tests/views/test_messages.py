from __future__ import annotations

import pytest

from inboxcrm.errors import NotFoundError
from inboxcrm.services.capturing import give_verdict
from inboxcrm.services.leads import unlink_message
from inboxcrm.views.as_json import as_json
from inboxcrm.views.inbox_shapes import ThreadView
from inboxcrm.views.messages import (
    decisions_in_words,
    message_detail,
    message_or_thread,
    newest_messages,
)
from tests.views.correspondence import ALICE, counted_queries

BOB = "Bob Baker <bob@bakery.example>"
CAROL = "Carol <carol@flowers.example>"
ERIN = "erin@ourfirm.example"


def lines(office, viewer=None, **more):
    return newest_messages(office.desk, viewer or office.viewer, **more).messages


def decided(line):
    return [(one.address, one.outcome, one.rule, one.by) for one in line.decisions]


# --- the list --------------------------------------------------------------------


def test_the_newest_message_stands_first_each_by_itself(office):
    first = office.mail(BOB, subject="Ovens", thread_ref="t", days_ago=3)
    second = office.mail(
        ALICE, "bob@bakery.example", subject="Re: Ovens", text="Big.", thread_ref="t", days_ago=2,
        labels=["SENT"], attachment=b"%PDF",
    )  # fmt: skip
    ours, theirs = lines(office)
    assert [ours.id, theirs.id] == [second, first]
    assert ours.thread == theirs.thread == office.thread_id("t")
    assert (ours.direction, ours.author_address, ours.to) == ("out", ALICE, "to bob@bakery.example")
    assert (ours.subject, ours.snippet, ours.mailbox) == ("Re: Ovens", "Big.", ALICE)
    assert (ours.attachment_count, theirs.attachment_count) == (1, 0)
    assert (theirs.author, theirs.author_address) == ("Bob Baker", "bob@bakery.example")
    assert (theirs.direction, theirs.kind, theirs.note) == ("in", "human", "")


def test_a_message_bears_one_decision_for_each_outsider_and_none_for_us(office):
    office.add_mailbox(ERIN)
    office.mail(
        BOB,
        [
            ALICE,
            ERIN,
            "Carol <carol@flowers.example>",
            "carol@flowers.example",
            "info@mill.example",
        ],
        headers=[("Cc", "Dave <dave@daves.example>, bob@bakery.example")],
    )
    (line,) = lines(office)
    assert sorted(one.address for one in line.decisions) == [
        "bob@bakery.example", "carol@flowers.example", "dave@daves.example", "info@mill.example",
    ]  # fmt: skip
    assert line.decisions[0].address == "bob@bakery.example", "nearest to being a lead"
    assert decisions_in_words(line.decisions).startswith("lead, ")


def test_the_first_mail_makes_the_lead_and_the_next_lies_on_it(office):
    office.mail(BOB, days_ago=3)
    office.mail(BOB, days_ago=2)
    second, first = lines(office)
    assert decided(first) == [("bob@bakery.example", "create", "they_wrote", "rule")]
    assert decided(second) == [("bob@bakery.example", "link", "known_lead", "rule")]
    assert first.decisions[0].reason == "Lead because they wrote to us."
    assert second.decisions[0].reason == "The address belongs to a lead because they wrote to us."
    assert first.decisions[0].lead_id == second.decisions[0].lead_id is not None
    assert [one.decisions[0].words for one in (first, second)] == ["lead", "lead"]


def test_candidates_and_the_ignored_are_told_with_their_reason(office):
    office.mail("Sales <info@flowers.example>", days_ago=1)
    office.mail(
        "News <news@shop.example>", headers=[("List-Id", "<news.shop.example>")], days_ago=2
    )
    office.mail(ALICE, ALICE, subject="Note to self", labels=["SENT"], days_ago=3)
    review, ignored, own = lines(office)
    assert decisions_in_words(review.decisions) == "in review: role address"
    assert decisions_in_words(ignored.decisions) == "ignored: newsletter"
    assert decisions_in_words(own.decisions) == "nobody outside"
    assert ignored.note == "newsletter or list"
    (decision,) = ignored.decisions
    assert (decision.outcome, decision.lead_id) == ("ignore", None)
    assert decision.reason == "Ignored because only newsletters and lists came from there."
    assert "lead_id" not in as_json(decision)


def test_among_equals_the_author_is_named_first(office):
    office.mail(
        "News <news@shop.example>",
        [ALICE, "a@first.example", CAROL],
        headers=[("List-Id", "<news.shop.example>")],
    )
    (line,) = lines(office)
    assert line.decisions[0].address == "news@shop.example"
    assert decisions_in_words(line.decisions) == "ignored: newsletter, 2 more"


def test_a_namesake_is_told_with_the_other_address(office):
    office.mail(BOB, days_ago=2)
    office.mail("Bob Baker <bob@elsewhere.example>", days_ago=1)
    decision = lines(office)[0].decisions[0]
    assert decision.words == "in review: same name elsewhere"
    assert decision.reason == (
        "In review because somebody of the same name writes from bob@bakery.example."
    )


def test_a_persons_word_stands_on_every_message_of_the_address(office):
    office.mail(BOB, days_ago=2)
    office.mail(BOB, days_ago=1)
    give_verdict(office.desk, office.viewer, address="bob@bakery.example", outcome="ignored")
    for line in lines(office):
        assert decided(line) == [("bob@bakery.example", "ignore", "person", "person")]
        assert decisions_in_words(line.decisions) == "ignored by hand"
        assert line.decisions[0].lead_id is None


def test_mail_that_was_taken_off_its_lead_says_so(office):
    office.mail(BOB, days_ago=2)
    later = office.mail(BOB, days_ago=1)
    lead_id = lines(office)[0].decisions[0].lead_id
    unlink_message(office.desk, office.viewer, later, lead_id)
    off, on = (line.decisions[0] for line in lines(office))
    assert (off.lead_id, off.by) == (None, "person")
    assert off.reason == "Somebody of the team took this mail off the lead."
    assert (on.lead_id, on.by) == (lead_id, "rule")


def test_spam_and_trash_have_their_decision_too(office):
    office.mail(BOB, labels=["SPAM"])
    (line,) = lines(office)
    assert line.note == "in spam or trash"
    assert decided(line) == [("bob@bakery.example", "ignore", "nothing_left", "rule")]
    assert decisions_in_words(line.decisions) == "ignored: in spam, trash or gone"


def test_the_same_mail_in_two_mailboxes_is_one_line(office):
    office.add_mailbox(ERIN)
    office.mail(BOB, [ALICE, ERIN], message_id="same@bakery.example", labels=["TRASH"])
    office.mail(BOB, [ALICE, ERIN], message_id="same@bakery.example", box=ERIN)
    (line,) = lines(office)
    assert line.note == "", "it is in the trash of one mailbox only"
    (erins,) = lines(office, office.reader_of(ERIN))
    assert (erins.id, erins.mailbox, erins.note) == (line.id, ERIN, "")
    (alices,) = lines(office, office.reader_of(ALICE))
    assert (alices.mailbox, alices.note) == (ALICE, "in spam or trash")
    assert alices.thread != erins.thread


def test_a_viewer_sees_the_messages_of_their_mailboxes_only(office):
    office.add_mailbox(ERIN)
    private = office.mail(BOB, subject="Private")
    office.mail(BOB, ERIN, subject="For Erin", box=ERIN)
    erin = office.reader_of(ERIN)
    assert [line.subject for line in lines(office, erin)] == ["For Erin"]
    assert lines(office, office.reader_of()) == ()
    for look in (message_detail, message_or_thread):
        with pytest.raises(NotFoundError):
            look(office.desk, erin, private)
    with pytest.raises(NotFoundError):
        message_or_thread(office.desk, erin, office.thread_id("thread-1"))


def test_a_hidden_recipient_is_decided_about_only_before_who_may_know(office):
    office.add_mailbox(ERIN)
    mail = {"subject": "Offer", "message_id": "offer@ourfirm.example"}
    to = ["bob@bakery.example", ERIN]
    office.mail(ALICE, to, bcc="carol@flowers.example", labels=["SENT"], **mail)
    office.mail(ALICE, to, box=ERIN, **mail)

    def outside(viewer):
        (line,) = lines(office, viewer)
        detail = message_detail(office.desk, viewer, line.id)
        assert detail.decisions == line.decisions
        return {one.address for one in line.decisions}

    everybody = {"bob@bakery.example", "carol@flowers.example"}
    assert outside(office.viewer) == everybody
    assert outside(office.reader_of(ALICE)) == everybody
    assert outside(office.reader_of(ERIN)) == {"bob@bakery.example"}


def test_pages_follow_each_other_without_gap_or_repeat(office):
    for number in range(7):
        # Two and two of the same moment: the cursor must not lose one.
        office.mail(BOB, subject=f"Mail {number}", days_ago=1 + number // 2)
    whole = [line.id for line in lines(office)]
    for viewer in (office.viewer, office.reader_of(ALICE)):
        for limit in (1, 2, 7):
            seen, before = [], None
            while True:
                view = newest_messages(office.desk, viewer, before=before, limit=limit)
                seen += [line.id for line in view.messages]
                before = view.next
                if before is None:
                    break
            assert seen == whole
    assert len(set(whole)) == 7


def test_a_made_up_cursor_shows_the_first_page(office):
    office.mail(BOB)
    for cursor in ("", "x", "zz-aaaaaaaaaaaaa", "1-" + office.thread_id("thread-1")):
        assert len(lines(office, before=cursor)) == 1


def test_the_number_of_queries_does_not_grow_with_the_messages(office):
    office.mail(BOB)
    with counted_queries(office) as few:
        assert len(lines(office)) == 1
    for number in range(20):
        office.mail(f"Person {number} <p{number}@firm{number}.example>", [ALICE, CAROL])
    for viewer in (office.viewer, office.reader_of(ALICE)):
        with counted_queries(office) as many:
            assert len(lines(office, viewer)) == 21
        assert len(many) == len(few) == 3


# --- one message -----------------------------------------------------------------


def test_a_message_opens_with_all_it_holds(office):
    which = office.mail(
        BOB,
        subject="Ovens",
        text="Second\n\nOn Mon, 18 May 2026 at 12:00, Alice <alice@ourfirm.example> wrote:\n> First\n",
        labels=["INBOX", "Customers"],
        attachment=b"%PDF",
    )
    with counted_queries(office) as seen:
        detail = message_or_thread(office.desk, office.viewer, which)
    assert len(seen) == 8
    (line,) = lines(office)
    assert {name: getattr(detail, name) for name in line.__dataclass_fields__} == {
        name: getattr(line, name) for name in line.__dataclass_fields__
    }
    assert detail.text == "Second"
    assert "> First" in detail.quoted
    assert [one.filename for one in detail.attachments] == ["offer.pdf"]
    assert [(one.mailbox, set(one.labels)) for one in detail.copies] == [
        (ALICE, {"INBOX", "Customers"})
    ]
    assert (detail.defects, detail.kind_rule) == ((), "person")


def test_a_message_names_the_header_its_kind_rests_on(office):
    which = office.mail("News <news@shop.example>", headers=[("List-Id", "<news.shop.example>")])
    detail = message_detail(office.desk, office.viewer, which)
    assert (detail.kind, detail.kind_rule) == ("bulk", "list")
    assert "news.shop.example" in detail.kind_evidence


def test_only_labels_of_readable_copies_are_told(office):
    office.add_mailbox(ERIN)
    which = office.mail(BOB, [ALICE, ERIN], message_id="a@bakery.example", labels=["Difficult"])
    office.mail(BOB, [ALICE, ERIN], message_id="a@bakery.example", labels=["INBOX"], box=ERIN)
    erins = message_detail(office.desk, office.reader_of(ERIN), which)
    assert [(one.mailbox, one.labels) for one in erins.copies] == [(ERIN, ("INBOX",))]
    assert len(message_detail(office.desk, office.viewer, which).copies) == 2


def test_the_id_of_a_thread_opens_the_thread(office):
    office.mail(BOB, thread_ref="t", days_ago=2)
    office.mail(BOB, thread_ref="t", days_ago=1)
    view = message_or_thread(office.desk, office.viewer, office.thread_id("t"))
    assert isinstance(view, ThreadView)
    assert [one.id for one in view.messages] == [line.id for line in lines(office)][::-1]


def test_what_is_no_id_is_no_message(office):
    office.mail(BOB)
    for made_up in ("", "x", "aaaaaaaaaaaaa"):
        with pytest.raises(NotFoundError):
            message_or_thread(office.desk, office.viewer, made_up)
