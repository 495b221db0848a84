"""What of a mailbox is kept: everything but drafts and chats, narrowed by labels and a first day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.sync.letters import START, sent_at
from tests.sync.practice import Practice


def test_spam_and_trash_are_kept_as_labels_and_drafts_and_chats_are_not(practice: Practice) -> None:
    kept = {
        practice.deliver("bob@kitaura.example"),
        practice.deliver("ines@mares.example", labels=["SPAM"]),
        practice.deliver("oskar@nordvik.example", labels=["TRASH"]),
    }
    practice.deliver("alice@lumenworks.example", "bob@kitaura.example", labels=["DRAFT"])
    practice.deliver("maren@vogt.example", labels=["CHAT"])
    report = practice.sync()
    assert practice.mail().keys() == kept
    assert report.stored == 3
    assert practice.leads() == {"bob@kitaura.example"}


def test_a_draft_that_history_tells_of_is_not_kept_either(practice: Practice) -> None:
    practice.sync()
    draft = practice.deliver("alice@lumenworks.example", "bob@kitaura.example", labels=["DRAFT"])
    practice.box().modify(draft, add=["STARRED"])
    practice.sync()
    assert practice.mail() == {}
    assert practice.sandbox.usage().calls["messages.get"] == 0


def test_only_the_labels_asked_for_are_kept_by_name_or_ref(practice: Practice) -> None:
    customers = practice.box().add_label("Customers")
    practice.deliver("ines@mares.example")
    kept = practice.deliver("bob@kitaura.example", labels=["INBOX", customers])
    starred = practice.deliver("oskar@nordvik.example", labels=["STARRED"])
    practice.declare(labels=("customers", "STARRED"))
    practice.sync()
    assert practice.mail().keys() == {kept, starred}
    assert practice.sandbox.usage().calls["messages.get"] == 2
    practice.sync(audit=True)
    assert practice.mail().keys() == {kept, starred}


def test_an_excluded_mail_comes_in_at_its_next_label_event(practice: Practice) -> None:
    customers = practice.box().add_label("Customers")
    late = practice.deliver("ines@mares.example")
    practice.declare(labels=("Customers",))
    practice.sync()
    assert practice.mail() == {}
    practice.box().modify(late, add=["STARRED"])
    practice.sync()
    assert practice.mail() == {}
    practice.box().modify(late, add=[customers])
    practice.sync()
    assert practice.mail().keys() == {late}
    assert practice.leads() == {"ines@mares.example"}


@pytest.mark.parametrize("by_history", [True, False], ids=["by-history", "by-relisting"])
@pytest.mark.parametrize("rest", [["INBOX"], []], ids=["in-the-inbox", "without-any-label"])
def test_a_kept_mail_that_loses_the_label_stays_and_tells_the_truth_about_its_labels(
    practice: Practice, *, by_history: bool, rest: list[str]
) -> None:
    customers = practice.box().add_label("Customers")
    ref = practice.deliver("bob@kitaura.example", labels=[*rest, customers])
    practice.declare(labels=("Customers",))
    practice.sync()
    practice.box().modify(ref, remove=[customers])
    if not by_history:
        practice.box().expire_history()
    practice.sync()
    assert practice.mail()[ref][1] == frozenset(rest)
    assert practice.tombstones() == set()


def test_many_mails_that_lost_the_label_are_not_taken_for_vanished(practice: Practice) -> None:
    customers = practice.box().add_label("Customers")
    refs = [
        practice.deliver(f"bob{number}@kitaura.example", labels=["INBOX", customers])
        for number in range(30)
    ]
    practice.declare(labels=("Customers",))
    practice.sync()
    for ref in refs[:25]:
        practice.box().modify(ref, remove=[customers])
    practice.box().expire_history()
    report = practice.sync()
    assert report.state == "live"
    assert practice.mail().keys() == set(refs)


def test_mail_before_the_first_day_stays_out_however_it_is_met(practice: Practice) -> None:
    old = [practice.deliver(f"bob{number}@kitaura.example") for number in range(3)]
    first_day = sent_at(4) - timedelta(minutes=5)
    kept = practice.deliver("ines@mares.example")
    practice.declare(since=first_day)
    practice.sync()
    assert practice.mail().keys() == {kept}
    practice.box().modify(old[0], add=["STARRED"])
    practice.sync()
    practice.box().expire_history()
    practice.sync()
    assert practice.mail().keys() == {kept}
    assert practice.tombstones() == set()


def test_an_earlier_first_day_brings_older_mail_with_the_next_audit(practice: Practice) -> None:
    old = practice.deliver("bob@kitaura.example")
    new = practice.deliver("ines@mares.example")
    practice.declare(since=sent_at(2) - timedelta(minutes=5))
    practice.sync()
    assert practice.mail().keys() == {new}
    practice.declare(since=START)
    practice.sync(audit=True)
    assert practice.mail().keys() == {old, new}


def test_a_later_first_day_throws_nothing_away(practice: Practice) -> None:
    refs = {practice.deliver(f"bob{number}@kitaura.example") for number in range(30)}
    practice.sync()
    practice.declare(since=sent_at(29))
    report = practice.sync(audit=True)
    assert report.state == "live"
    assert practice.mail().keys() == refs
